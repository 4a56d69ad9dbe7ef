"""Lateness from Actions' list of runs, and rest from a log of commits."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.decide.actions import Commit, PastRun, Punctuality, next_slot, punctuality, rest

CRON = "13,43 * * * *"


def at(hour, minute, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def run(number, hour, minute, event="schedule", good=True):
    return PastRun(number, event, at(hour, minute), good)


def test_a_run_is_late_by_the_time_since_the_first_slot_that_nobody_served():
    told = punctuality([run(1, 8, 15), run(2, 11, 5)], 2, CRON)
    assert told == Punctuality(at(8, 15), timedelta(hours=2, minutes=22))


def test_a_run_in_its_slot_is_late_by_minutes():
    assert punctuality([run(1, 8, 15), run(2, 8, 45)], 2, CRON).late == timedelta(minutes=2)


def test_a_run_that_a_person_started_serves_no_slot_and_isnt_late():
    runs = [run(1, 8, 15), run(2, 9, 0, "workflow_dispatch"), run(3, 10, 0)]
    assert punctuality(runs, 3, CRON) == Punctuality(at(9, 0), timedelta(hours=1, minutes=17))
    assert punctuality(runs, 2, "") == Punctuality(at(8, 15), None)


def test_the_last_good_run_passes_over_those_that_failed_and_those_that_came_later():
    runs = [run(1, 8, 15), run(2, 8, 45, good=False), run(3, 9, 15), run(4, 9, 45)]
    assert punctuality(runs, 3, CRON).good == at(8, 15)


def test_a_list_without_this_run_tells_the_last_good_one_alone():
    assert punctuality([run(1, 8, 15)], 9, CRON) == Punctuality(at(8, 15), None)
    assert punctuality([], 9, CRON) == Punctuality(None, None)


@pytest.mark.parametrize("cron", ["", "0 9 * * *", "*/15 * * * *", "13,73 * * * *", "@hourly", "13 * * *"])
def test_another_schedule_than_an_hourly_one_makes_nobody_late(cron):
    assert next_slot(at(8, 15), cron) is None
    assert punctuality([run(1, 8, 15), run(2, 11, 5)], 2, cron).late is None


def test_the_next_slot_may_be_in_the_next_hour():
    assert next_slot(at(8, 43), CRON) == at(9, 13)
    assert next_slot(at(23, 50), CRON) == at(0, 13, day=25)


def test_the_newest_commit_by_a_person_counts_and_no_bots():
    log = [Commit("github-actions[bot]", at(8, 0)), Commit("Awa", at(8, 0, day=4)), Commit("Awa", at(8, 0, day=1))]
    told = rest(log, at(8, 0))
    assert (told.time, told.exact, told.is_long) == (timedelta(days=20), True, False)


def test_45_days_are_long():
    assert rest([Commit("Awa", at(8, 0) - timedelta(days=45))], at(8, 0)).is_long
    assert not rest([Commit("Awa", at(8, 1) - timedelta(days=45))], at(8, 0)).is_long


def test_bots_alone_prove_a_rest_only_by_their_age():
    old = [Commit("dependabot[bot]", at(8, 0) - timedelta(days=days)) for days in (1, 50)]
    assert (rest(old, at(8, 0)).time, rest(old, at(8, 0)).exact) == (timedelta(days=50), False)
    assert rest(old[:1], at(8, 0)) is None
    assert rest([], at(8, 0)) is None
