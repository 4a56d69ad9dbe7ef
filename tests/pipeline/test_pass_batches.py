"""Where an append is dear, as on a git branch, a pass begins up to three posts of a target in one (lifecycle, section 4)."""

from datetime import timedelta

import pytest

from crosspost.desk import verbs
from crosspost.ledger.sqlite import SqliteLedger

M, H = timedelta(minutes=1), timedelta(hours=1)
ANA = verbs.Person("Ana")
FIRST_IS_RECORDED = "ledger appended published"


@pytest.fixture
def solo(newsrooms, monkeypatch):
    """An installation on X alone, over a ledger that takes three begins at once."""
    monkeypatch.setattr(SqliteLedger, "batch", 3)
    return newsrooms.Newsroom(newsrooms.a_target("x")).begun()


def appended(process, states):
    return [step for step in process.steps if step == f"ledger append {states}"]


def test_three_posts_are_begun_in_one_append_and_each_is_recorded_at_once(solo, newsrooms):
    solo.publish(3)
    process = newsrooms.Watched()
    solo.run(process)
    assert solo.out() == [104, 103, 102]
    assert len(appended(process, "sending,sending,sending")) == 1
    assert len(appended(process, "published")) == 3


def test_the_cap_and_the_budget_count_what_a_batch_begins(solo, newsrooms):
    solo.set("x", max_per_run=5, budget=450_000)
    solo.publish(4)
    process = newsrooms.Watched()
    solo.run(process)
    assert solo.out() == [103, 102]
    assert len(appended(process, "sending,sending")) == 1
    assert solo.standing().spent == 400_000 == solo.x.spent


def test_after_a_lost_answer_the_rest_of_the_batch_is_not_sent_and_costs_nothing(solo, newsrooms):
    solo.publish(3)
    process = newsrooms.Watched()
    process.at[FIRST_IS_RECORDED] = lambda: solo.fault(solo.x, "close_after")
    solo.run(process)
    assert solo.out() == [103, 102]
    assert (solo.at(3)[0], solo.at(4)[0], solo.at(5)) == ("published", "unknown", ("pending", "not-reached"))
    assert solo.head(5).attempts.count == 0 and not solo.head(5).attempts.open
    assert solo.standing().spent == 400_000
    assert solo.standing().sent_at is not None  # the spacing counts from the one that went out
    for _ in range(3):
        solo.wait()
        solo.run()
    assert solo.out() == [104, 103, 102]


def test_a_pause_ends_the_batch_and_blames_one_story_alone(solo):
    solo.publish(3)
    solo.fault(solo.x, "expired_token")
    solo.run()
    assert solo.out() == []
    assert [solo.head(number).attempts.pauses for number in (3, 4, 5)] == [1, 0, 0]
    assert solo.standing().spent == 0 and solo.standing().sent_at is None


def test_a_person_who_stops_the_account_within_a_batch_stops_the_rest(solo, newsrooms):
    solo.publish(3)
    process = newsrooms.Watched()
    process.at[FIRST_IS_RECORDED] = lambda: verbs.pause(solo.office(), ANA, target="x")
    solo.run(process)
    assert solo.out() == [102]
    assert solo.at(4) == solo.at(5) == ("pending", "not-reached")


def test_a_run_that_is_asked_to_end_leaves_the_rest_of_its_batch(solo):
    solo.publish(3)
    solo.run(stopping=lambda: bool(solo.out()))
    assert solo.out() == [102]
    assert solo.at(4) == solo.at(5) == ("pending", "not-reached")


@pytest.mark.parametrize("step", ["ledger appended sending", "answered POST /2/tweets", "ledger append published"])
def test_a_run_that_dies_within_a_batch_doubles_nothing_and_loses_nothing(solo, step):
    solo.publish(3)
    solo.run_dying_at(step)
    for _ in range(6):
        solo.wait()
        solo.run()
    assert sorted(solo.out()) == [102, 103, 104]
    assert set(solo.states().values()) == {"published"}


def test_a_batch_that_slept_after_its_first_post_sends_the_rest_later(solo, newsrooms):
    """The lease counts from the batch's begin: a claim that is too old sends nothing."""
    solo.publish(3)
    process = newsrooms.Watched()
    process.at[FIRST_IS_RECORDED] = lambda: solo.wait(6 * M)
    solo.run(process)
    assert solo.out() == [102]
    assert solo.at(4) == ("pending", "lease-slept") and solo.at(5) == ("pending", "not-reached")
    solo.wait()
    solo.run()
    assert sorted(solo.out()) == [102, 103, 104]
