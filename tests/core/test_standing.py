"""What the ledger's keyed values hold, and a month's money."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.core.post import PauseKind, Seen
from crosspost.core.reason import Reason
from crosspost.core.standing import (
    FeedStanding,
    GapStanding,
    KeysStanding,
    PauseStanding,
    RunStanding,
    StopStanding,
    TargetStanding,
    Told,
    dump_feed,
    dump_run,
    dump_target,
    dump_told,
    load_feed,
    load_run,
    load_target,
    load_told,
)

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
MAYBE = st.none() | TIMES
WORDS = st.text(max_size=20)
REASONS = st.builds(
    lambda code, params: Reason.of(code, **params),
    WORDS,
    st.dictionaries(st.from_regex("[a-b]{1,3}", fullmatch=True), WORDS | st.integers()),
)
FEEDS = st.builds(FeedStanding, MAYBE, WORDS, st.frozensets(WORDS), WORDS, st.frozensets(WORDS), MAYBE, MAYBE)
TARGETS = st.builds(
    TargetStanding,
    MAYBE,
    st.none()
    | st.builds(PauseStanding, st.sampled_from(PauseKind), TIMES, TIMES, REASONS, WORDS, st.integers(1, 99), WORDS),
    st.none() | st.builds(StopStanding, WORDS, WORDS, TIMES, MAYBE),
    st.none() | st.builds(GapStanding, TIMES, TIMES, st.integers(1, 2), MAYBE),
    st.lists(st.builds(Seen, WORDS, WORDS, MAYBE, WORDS, st.tuples(WORDS)), max_size=2).map(tuple),
    st.none() | st.builds(KeysStanding, TIMES, WORDS, MAYBE),
    st.just("2026-11"),
    st.integers(0, 10**9),
)


@given(FEEDS, TARGETS, MAYBE, st.dictionaries(WORDS, st.builds(Told, TIMES, MAYBE)))
def test_what_is_written_is_read_again_whatever_its_text(feed, target, at, told):
    assert load_feed(dump_feed(feed)) == feed
    assert load_target(dump_target(target)) == target
    assert load_run(dump_run(RunStanding(at))) == RunStanding(at)
    assert load_told(dump_told(told)) == told


def test_nothing_written_yet_is_a_feed_never_polled_and_a_target_never_used():
    assert load_feed("") == FeedStanding()
    assert load_target("") == TargetStanding()
    assert load_run("") == RunStanding()
    assert load_told("") == {}


def test_a_month_adds_up_and_another_begins_at_nothing():
    standing = TargetStanding().charge("2026-11", 15_000).charge("2026-11", 200_000)
    assert standing.spent_in("2026-11") == 215_000
    assert standing.spent_in("2026-12") == 0
    december = standing.charge("2026-12", 15_000)
    assert (december.month, december.spent) == ("2026-12", 15_000)


def test_what_is_released_is_taken_off_and_never_below_nothing():
    standing = TargetStanding().charge("2026-11", 15_000)
    assert standing.charge("2026-11", -15_000).spent == 0
    assert standing.charge("2026-11", -99_000).spent == 0


@pytest.mark.parametrize("cost", [-200_000, 15_000])
def test_what_happened_to_a_month_that_is_over_leaves_the_month_of_today_alone(cost):
    """A post of November that is found absent in December gives December no money and takes none of it."""
    december = TargetStanding().charge("2026-12", 400_000)
    assert december.charge("2026-11", cost) == december
    january = TargetStanding().charge("2027-01", 7)
    assert january.charge("2026-12", cost) == january
