"""The state machine as a table: every row of the lifecycle, and nothing beside it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.core.delivery import TABLE, Event, IllegalMove, Key, Revision, State, check_move, legal, step
from crosspost.core.reason import Reason

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
P, H, S, U = State.PENDING, State.HELD, State.SENDING, State.UNKNOWN
OUT, F, SK, R = State.PUBLISHED, State.FAILED, State.SKIPPED, State.RETRACTED

# Written from the lifecycle's table by hand, a row a line; compared with the code's own below.
ROWS = {
    None: {"plan": {P, H, SK}},
    P: {
        "begin": {S},
        "skip": {SK},
        "gone": {SK},
        "protect": {SK},
        "hold": {H},
        "too-many": {F},
        "edit": {P},
        "refresh": {P},
        "resolve-published": {OUT},
        "found-after-gap": {OUT},
    },
    H: {
        "approve": {P},
        "edit": {H},
        "refresh": {H},
        "hold": {H},
        "skip": {SK},
        "gone": {SK},
        "protect": {SK},
        "resolve-published": {OUT},
        "found-after-gap": {OUT},
    },
    S: {"accepted": {OUT}, "refused": {F}, "not-sent": {P}, "fault": {F}, "lost": {U}, "lease-over": {U}},
    U: {
        "found": {OUT},
        "resolve-published": {OUT},
        "absent-once": {U},
        "absent-twice": {P},
        "resolve-absent": {P},
        "duplicate-absent": {F},
        "skip": {SK},
    },
    OUT: {
        "retract-intent": {OUT},
        "retract-done": {R},
        "retract-unconfirmed": {OUT},
        "edit-intent": {OUT},
        "edit-done": {OUT},
        "edit-unconfirmed": {OUT},
        "note": {OUT},
    },
    F: {"edit": {P}, "retry": {P}, "skip": {SK}, "resolve-published": {OUT}},
    SK: {"retry": {P, U}, "plan": {P, H, SK}},
    R: {"retry": {P}},
}


def revision(state, rev=1):
    return Revision(Key("s", "x"), rev, state, Event.PLAN, NOW, "crosspost", Reason.of("planned"))


def test_the_table_holds_every_row_of_the_lifecycle_and_nothing_else():
    expected = {(state, Event(event)): frozenset(to) for state, row in ROWS.items() for event, to in row.items()}
    expected |= {(state, Event.LATE): frozenset({OUT}) for state in State}
    assert expected == TABLE


def test_every_event_is_used_and_every_state_but_none_can_be_left():
    assert {event for _, event in TABLE} == set(Event)
    assert {state for state, _ in TABLE} == {None, *State}


@given(st.sampled_from(State), st.sampled_from(Event), st.sampled_from(State))
def test_no_event_leads_out_of_the_table(before, event, after):
    moved = replace(revision(before), rev=2, event=event, state=after)
    if after in TABLE.get((before, event), frozenset()):
        check_move(revision(before), moved)
    else:
        with pytest.raises(IllegalMove):
            check_move(revision(before), moved)


@given(st.integers(1, 50), st.integers(-2, 60))
def test_each_revision_is_one_more_than_the_last(rev, other):
    before = revision(P, rev)
    after = step(before, Event.BEGIN, S, at=NOW, reason=Reason.of("sending"))
    assert after.rev == rev + 1
    wrong = replace(after, rev=other)
    if other != rev + 1:
        with pytest.raises(IllegalMove):
            check_move(before, wrong)


def test_the_first_revision_is_number_one():
    with pytest.raises(IllegalMove):
        check_move(None, revision(P, 2))
    check_move(None, revision(P, 1))


def test_a_revision_of_another_delivery_never_follows():
    with pytest.raises(IllegalMove):
        check_move(revision(P), replace(revision(S, 2), event=Event.BEGIN, key=Key("s", "facebook")))


def test_an_acceptance_that_comes_late_is_legal_from_every_state():
    assert all(legal(state, Event.LATE) for state in State)


@given(st.lists(st.sampled_from(Event), max_size=30), st.randoms())
def test_whatever_happens_a_delivery_stays_in_the_table(events, chance):
    head = revision(P)
    for event in events:
        targets = TABLE.get((head.state, event))
        if targets:
            head = step(head, event, chance.choice(sorted(targets)), at=NOW, reason=Reason.of("x"))
    assert head.state in State
