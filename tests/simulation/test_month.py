"""Simulated months: the real pipeline on one seed, struck at its crossings."""

import pytest

from crosspost.core.delivery import State
from crosspost.core.reason import Code
from crosspost.testing.simulation import Plan, Simulation

# Why a story may still wait for a person when the faults are over.
WAITING = {Code.PAUSED_TWICE, Code.DUPLICATE_ABSENT, Code.TOO_MANY}


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_simulated_month_publishes_each_story_once_and_loses_none(seed):
    life = Simulation(seed, Plan(days=30, stories=20))
    tally = life.live()
    assert tally.counts["published on the site"] == 20
    # Faults stopped (live() has checked after each pass that none stands twice): each of the twenty is out,
    # or waits for a person with a reason, on both accounts.
    for name, model in life.accounts.items():
        born = [one.record for one in life.ledger.history(target=name) if one.record.delivery.reason.code != "baseline"]
        assert len(born) == 20
        out = [record for record in born if record.delivery.state is State.PUBLISHED]
        waiting = [record for record in born if record.delivery.state in {State.HELD, State.FAILED}]
        assert len(out) == len(model.timeline()) == 20 - len(waiting)
        assert len(out) >= 10
        assert all(record.delivery.reason.code in WAITING for record in waiting)


def test_the_same_seed_gives_the_same_life():
    lives = [Simulation(5, Plan(days=10, stories=8)) for _ in range(2)]
    for life in lives:
        life.live()
    assert lives[0].steps == lives[1].steps
    assert lives[0].tally == lives[1].tally
    assert [post.text for post in lives[0].x.timeline()] == [post.text for post in lives[1].x.timeline()]


def test_a_killed_run_leaves_nothing_that_the_next_ones_do_not_mend():
    """One story, killed at every crossing of its pass in turn."""
    crossings = _crossings_of_a_sending_pass()
    assert crossings > 30
    for kill_at in range(1, crossings + 1):
        life = _with_one_story(seed=kill_at)
        life.process(kill_at=kill_at)
        life.check()
        life.calm()
        assert len(life.x.timeline()) == 1, f"killed at crossing {kill_at}"
        assert len(life.facebook.timeline()) == 1, f"killed at crossing {kill_at}"
        assert {
            life.record.delivery.state for life in life.ledger.history(states=[State.PENDING, State.UNKNOWN])
        } == set()


def _with_one_story(seed):
    from datetime import timedelta

    from crosspost.pipeline.passing import Options
    from crosspost.pipeline.record import Mode

    life = Simulation(seed, Plan(days=1))
    life.process(options=Options(mode=Mode(baseline=True), send=False))
    life.time.advance(1800)
    life.site.publish(life.time.now - timedelta(minutes=20))
    return life


def _crossings_of_a_sending_pass():
    life = _with_one_story(seed=0)
    before = len(life.steps)
    life.process()
    assert len(life.x.timeline()) == 1
    return len(life.steps) - before
