"""Simulated lives on the ledger of a git branch: a shorter form of the simulated years, with real git."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from crosspost.core.delivery import State
from crosspost.core.reason import Code
from crosspost.ledger.git.branch import LineBranch
from crosspost.pipeline.passing import Options, run_pass
from crosspost.pipeline.record import Mode
from crosspost.testing.crossings import Process
from crosspost.testing.simulation import Broken, Evil, Plan
from crosspost.testing.simulation.judge import unsettled
from crosspost.testing.world import SimulatedMemory

pytestmark = pytest.mark.slow

# Why a story may still wait for a person when the faults are over.
WAITING = {Code.PAUSED_TWICE, Code.DUPLICATE_ABSENT, Code.TOO_MANY}


def git_life():
    """The module beside this one."""
    if "git_life" not in sys.modules:
        spec = spec_from_file_location("git_life", Path(__file__).with_name("git_life.py"))
        sys.modules["git_life"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["git_life"])
    return sys.modules["git_life"]


@pytest.fixture
def live():
    made = []

    def start(seed, plan=None):
        folder = tempfile.TemporaryDirectory(prefix="git-life-", dir=git_life().RAM)
        life = git_life().GitLife(seed, Path(folder.name), plan)
        made.append((life, folder))
        return life

    yield start
    for life, folder in made:
        life.close()
        folder.cleanup()


def test_a_life_on_a_branch_publishes_each_story_once_and_loses_none(live):
    life = live(3, Plan(days=12, stories=10))
    tally = life.live()
    assert tally.counts["published on the site"] == 10
    for name, model in life.accounts.items():
        born = [one.record for one in life.ledger.history(target=name) if one.record.delivery.reason.code != "baseline"]
        out = [record for record in born if record.delivery.state is State.PUBLISHED]
        waiting = [record for record in born if record.delivery.state in {State.HELD, State.FAILED}]
        assert len(born) == 10 == len(out) + len(waiting)
        assert len(out) == len(model.timeline())
        assert all(record.delivery.reason.code in WAITING for record in waiting)
    assert tally.counts["a fresh machine"]
    assert tally.counts["killed"] + life.told
    assert list((life.folder / "tmp").iterdir()) == [Path(life.ledger._repository._folder.name)]  # the looker's own


def test_a_life_with_people_and_a_rough_site_on_a_branch_too(live):
    life = live(11, Plan(days=5, stories=4, evils=frozenset(Evil) - {Evil.COPIES, Evil.CLOCKS}))
    assert life.live().counts["published on the site"] == 4


def with_one_story(live, seed):
    life = live(seed, Plan(days=1))
    life.process(options=Options(mode=Mode(baseline=True), send=False))
    life.time.advance(1800)
    life.site.publish(life.time.now - timedelta(minutes=20))
    return life


def pushes_of(steps):
    return [number for number, step in enumerate(steps, 1) if step in {"git push", "git push done"}]


def test_killed_before_or_after_any_push_a_fresh_machine_mends_it(live):
    life = with_one_story(live, 0)
    process = Process()
    run_to_end(life, process)
    places = pushes_of(process.steps)
    assert len(places) >= 10
    assert len(life.x.timeline()) == len(life.facebook.timeline()) == 1
    for kill_at in places:
        life = with_one_story(live, 0)  # the same seed: the same crossings
        life.process(kill_at=kill_at)
        assert life.tally.counts["killed"] == 1
        for _ in range(5):
            life.check()
            life.time.advance(3600)
            life.memory = SimulatedMemory()
            life.process()
        assert len(life.x.timeline()) == len(life.facebook.timeline()) == 1, kill_at
        assert unsettled(life.ledger) == []


def run_to_end(life, process):
    office = life.office(process)
    run_pass(office, Options())
    office.ledger.close()
    life.clock.looks += 1


def test_a_push_that_is_only_believed_to_arrive_is_found_out(live, monkeypatch):
    life = with_one_story(live, 0)
    monkeypatch.setattr(LineBranch, "_arrives", lambda self, commit, after: True)
    life.process()
    with pytest.raises(Broken, match="stands on"):
        life.check()
