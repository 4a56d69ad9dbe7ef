"""What a pass writes although nothing happened waits for the next line, a day at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crosspost.core.standing import FEED, RUN, FeedStanding, RunStanding, dump_feed, dump_run, says_only_that_it_ran
from crosspost.core.story import Batch, Put, Value
from crosspost.testing.ledger_contract import a_story


def a_pass(ledger, clock, **changes):
    """What every pass writes: when it ran, and how its feed stands."""
    stored, now = ledger.get(""), clock.now()
    feed = FeedStanding(last_good=now, polled=frozenset({"x"}), host="example.org", **changes)
    texts = {RUN: dump_run(RunStanding(now)), f"{FEED}site": dump_feed(feed)}
    return Batch(values=tuple(Put(n, text, stored.get(n, Value("", 0)).version) for n, text in texts.items()))


@pytest.fixture
def ledger(bench):
    made = bench.create()
    assert made.append(a_pass(made, bench.clock))
    assert made.sequence() == 1
    yield made
    made.close()


def test_a_pass_in_which_nothing_happened_is_kept_back(bench, ledger):
    tip = bench.tip()
    for _ in range(5):
        bench.clock.advance(timedelta(hours=1))
        assert ledger.append(a_pass(ledger, bench.clock, validators=f"etag {bench.clock.now()}"))
        assert ledger.get(RUN)[RUN].text == dump_run(RunStanding(bench.clock.now()))
    assert bench.tip() == tip
    assert ledger.sequence() == 1  # what isn't durable isn't counted


def test_it_goes_with_the_next_line(bench, ledger):
    bench.clock.advance(timedelta(hours=1))
    ledger.append(a_pass(ledger, bench.clock))
    ran = ledger.get(RUN)[RUN]
    assert ledger.append(Batch(stories=(a_story(1),)))
    opened = bench.open()
    assert opened.get(RUN)[RUN] == Value(ran.text, 2)
    assert ledger.get(RUN) == opened.get(RUN)
    opened.close()


def test_after_a_day_without_a_line_it_goes_alone(bench, ledger):
    for hours in range(1, 49):
        bench.clock.advance(timedelta(hours=1))
        assert ledger.append(a_pass(ledger, bench.clock))
        assert ledger.sequence() == 1 + hours // 24


def test_a_clock_that_was_set_back_keeps_nothing_back_for_ever(bench, ledger):
    bench.clock.advance(timedelta(days=-3))
    assert ledger.append(a_pass(ledger, bench.clock))
    assert ledger.sequence() == 2


@pytest.mark.parametrize(
    "changes", [{"shared": frozenset({"g"})}, {"host": "other.org"}, {"polled": frozenset({"x", "facebook"})}]
)
def test_a_pass_that_learned_something_is_written(bench, ledger, changes):
    changes = {"polled": frozenset({"x"}), "host": "example.org"} | changes
    version = ledger.get(FEED)[f"{FEED}site"].version
    text = dump_feed(FeedStanding(last_good=bench.clock.now(), **changes))
    assert ledger.put(Put(f"{FEED}site", text, version))
    assert ledger.sequence() == 2


def test_a_stale_version_is_refused_even_if_it_could_wait(bench, ledger):
    stale = a_pass(ledger, bench.clock)
    other = bench.other_machine().open("other")
    bench.clock.advance(timedelta(days=2))
    assert other.append(a_pass(other, bench.clock))
    assert ledger.sequence() == 2
    assert ledger.append(stale) is None
    other.close()


def test_what_waits_gives_way_to_what_another_runner_wrote(bench, ledger):
    bench.clock.advance(timedelta(hours=1))
    ledger.append(a_pass(ledger, bench.clock))
    other = bench.other_machine().open("other")
    bench.clock.advance(timedelta(days=2))
    assert other.append(a_pass(other, bench.clock))
    assert ledger.get(RUN) == other.get(RUN)
    assert ledger.append(Batch(stories=(a_story(1),)))
    assert ledger.get(RUN)[RUN].version == 2
    other.close()


def test_what_waits_is_forgotten_with_the_opening(bench, ledger):
    bench.clock.advance(timedelta(hours=1))
    ledger.append(a_pass(ledger, bench.clock))
    opened = bench.open()
    assert opened.get(RUN)[RUN].version == 1
    opened.close()


def test_a_git_ledgers_last_pass_proves_nothing_about_silence(ledger):
    assert ledger.keeps_time is False


def test_only_the_time_of_a_pass_may_wait():
    feed = FeedStanding(host="example.org")
    assert says_only_that_it_ran(RUN, dump_run(RunStanding()), dump_run(RunStanding()))
    assert says_only_that_it_ran(f"{FEED}a", dump_feed(feed), dump_feed(feed))
    assert not says_only_that_it_ran(RUN, "", dump_run(RunStanding()))
    assert not says_only_that_it_ran(f"{FEED}a", dump_feed(feed), dump_feed(FeedStanding()))
    assert not says_only_that_it_ran("target:x", "{}", "{}")
    assert not says_only_that_it_ran("told", "{}", "{}")
