"""The judge of what may go out: the machine sends by its settings, and is judged by others that forbid just that."""

from __future__ import annotations

from dataclasses import replace
from datetime import time as clock_time
from datetime import timedelta

import pytest

from crosspost.core.delivery import State
from crosspost.core.outlook import Alert
from crosspost.core.policy import Quiet
from crosspost.core.reason import Code, Reason
from crosspost.testing.simulation import Plan, Simulation
from crosspost.testing.simulation import books as trail
from crosspost.testing.simulation.told import Told

HOURS = timedelta(hours=1)


@pytest.fixture
def life():
    """One story is out on both accounts; nobody has judged it yet."""
    life = Simulation(4, Plan())
    life.begin()
    life.site.publish(life.time.now)
    for _ in range(2):
        life.time.advance(3600)
        life.process()
    assert len(life.x.timeline()) == len(life.facebook.timeline()) == 1
    yield life
    life.close()


def said(life, **policy):
    """What the judge says where the accounts' policy is another; "" where all is well."""
    assert life.judge.complaint(life.ledger) == ""
    scene = life._scene()
    targets = {name: replace(one, policy=replace(one.policy, **policy)) for name, one in scene.targets.items()}
    return life.allowed.complaint(life.witness.taken(), life.judge.moved, replace(scene, targets=targets))


def test_what_was_allowed_is_nothing_to_speak_of(life):
    assert said(life) == ""


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"approval": True}, "went out without approval"),
        ({"quiet": Quiet(clock_time(0), clock_time(23, 59))}, "in quiet hours"),
        ({"max_per_run": 0}, "one more than a pass may send"),
        ({"settle": 5 * HOURS}, "before it had settled"),
        ({"max_age": -7 * HOURS}, "was too old when it was seen"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_a_policy_forbids_is_seen(life, policy, words):
    assert words in said(life, **policy)


def test_a_flood_is_seen(life):
    assert "came with 0 others, and nobody let it go" in said(life, flood=0)


def test_a_post_too_soon_after_another_is_seen(life):
    life.site.publish(life.time.now)
    for _ in range(2):
        life.time.advance(3600)
        life.process()
    assert "too soon after the post before it" in said(life, spacing=24 * HOURS)


def test_a_post_that_was_begun_before_another_and_comes_late_is_not_too_soon(life):
    now, offset = life.time.now, life._scene().offset
    life.allowed._out = {name: (now + HOURS, offset) for name in life.accounts}
    assert said(life, spacing=24 * HOURS) == ""


def test_a_post_while_a_person_had_stopped_everything_is_seen(life):
    life.people.stop("", life.time.now - 5 * HOURS, life.time.now)
    assert "a person had stopped everything" in said(life)


def test_a_post_from_behind_a_password_is_seen(life):
    life.site.lock(104, life.time.now, locked=True)
    assert "went out from behind a password" in said(life)


def test_a_post_that_leads_elsewhere_is_seen(life):
    life.site.posts[104] = replace(life.site.posts[104], host="www.example.net")
    assert "leads to www.example.net" in said(life)


def test_a_post_that_was_there_before_its_account_is_seen(life):
    life.lore.old = dict.fromkeys(life.accounts, frozenset(life.site.posts))
    assert "is older than its account" in said(life)


def test_a_post_before_the_account_was_read_is_seen(life):
    life.allowed.forget(life.time.now - 5 * HOURS, 2, life.accounts)
    assert "after a restore, with the account read 0 times" in said(life)


def test_an_attempt_that_never_left_and_counts_all_the_same_is_seen(life):
    (one,) = [one for one in life.ledger.history(target="x") if one.record.delivery.attempts.count]
    wrong = replace(one.revisions[-1], attempts=replace(one.revisions[-1].attempts, count=2))
    assert trail.complaint([one], life.site) == ""
    said = trail.complaint([replace(one, revisions=(*one.revisions[:-1], wrong))], life.site)
    assert said.endswith("on x has 2 attempts on record, and 1 count")


def test_money_that_is_not_on_record_is_seen(life):
    life.judge.complaint(life.ledger)
    now = life.time.now
    assert life.money.complaint(life.judge.lives, {"x": 200_000}, None, now) == ""
    assert "x has cost 200000" in life.money.complaint(life.judge.lives, {"x": 0}, None, now)
    assert "and 100000 was the most" in life.money.complaint(life.judge.lives, {"x": 200_000}, 100_000, now)


def test_a_story_that_is_held_and_told_to_nobody_is_seen(life):
    record = next(one.record for one in life.ledger.history(target="x") if one.record.story.number == 5)
    head = replace(record.delivery, state=State.HELD, reason=Reason.of(Code.FLOOD))
    told = Told()
    assert told.complaint([], {}, [], whole=True) == ""
    assert told.complaint([replace(record, delivery=head)], {}, [], whole=True) == "nobody was told of #5 x: flood"
    assert told.complaint([replace(record, delivery=head)], {}, [], whole=True) == ""  # it began long ago


def test_what_was_told_is_nothing_to_speak_of(life):
    record = next(one.record for one in life.ledger.history(target="x") if one.record.story.number == 5)
    head = replace(record.delivery, state=State.HELD, reason=Reason.of(Code.FLOOD))
    alert = Alert("#5 x", Reason.of(Code.FLOOD), life.time.now)
    report = type("Report", (), {"alerts": (alert,)})
    assert Told().complaint([replace(record, delivery=head)], {}, [report], whole=True) == ""
