"""A campaign of lives: what a seed decides, what a broken life leaves, and what an interrupted campaign does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from crosspost.testing.crossings import Process
from crosspost.testing.simulation import Evil, Plan, __main__, campaign
from crosspost.testing.simulation.campaign import Lived
from crosspost.testing.simulation.life import Simulation


def run(monkeypatch, capsys, *words):
    """The command's exit code and what it printed."""
    monkeypatch.setattr(sys, "argv", ["simulation", *words])
    code = __main__.main()
    return code, capsys.readouterr()


def lived(seed, broken=""):
    return Lived(seed, 10, Counter({"killed": 2, "event: lost": 1}), f"digest of {seed}", broken)


@pytest.fixture
def made_up(monkeypatch):
    """Lives that aren't lived: `broken` seeds break. Gives the seeds in their order."""
    seen, broken = [], set()

    def live(seed, plan):
        seen.append(seed)
        return lived(seed, f"seed {seed}, 01 Mar: all wrong\nagain: …\nlast steps:\n…" if seed in broken else "")

    monkeypatch.setattr(campaign, "live", live)
    return seen, broken


def test_a_broken_life_is_told_with_its_command_and_its_last_twenty_steps():
    life = Simulation(7, Plan.drawn(7, 20, stories=9))
    life.begin()
    with pytest.raises(AssertionError) as told:
        life.broken("something is wrong")
    head, again, last, *steps = str(told.value).splitlines()
    assert head.startswith("seed 7, 01 Mar ")
    assert head.endswith(": something is wrong")
    assert again == "again: python -m crosspost.testing.simulation --seed 7 --days 20 --stories 9 --year"
    assert last == "last steps:"
    assert steps == life.steps[-20:]
    assert len(steps) == 20
    life.close()


def test_an_accident_breaks_a_life_as_well(monkeypatch):
    def trip(self):
        raise KeyError("a fault of ours")

    monkeypatch.setattr(Simulation, "begin", trip)
    found = campaign.live(3, Plan())
    assert "KeyError: 'a fault of ours'" in found.broken
    assert "--seed 3 --days 30 --stories 20" in found.broken


def test_a_broken_seed_does_not_end_a_campaign(monkeypatch, capsys, made_up, tmp_path):
    seen, broken = made_up
    broken |= {2, 4}
    code, printed = run(monkeypatch, capsys, "--count", "5", "--json", str(tmp_path / "told.json"))
    assert code == 1
    assert seen == [1, 2, 3, 4, 5]
    assert "2 BROKEN" in printed.out
    assert printed.err.count("all wrong") == 4  # at once, and at the end with its story
    assert printed.err.count("last steps:") == 2
    told = json.loads((tmp_path / "told.json").read_text())
    assert list(told["broken"]) == ["2", "4"]
    assert (told["lives"], told["passes"], told["kills"], told["lost answers"]) == (5, 50, 10, 5)


def test_an_interrupted_campaign_has_left_its_figures_and_goes_on_from_them(monkeypatch, capsys, made_up, tmp_path):
    seen, _ = made_up
    file = tmp_path / "told.json"
    monkeypatch.setattr(
        __main__, "_tell", lambda _, one: (_ for _ in ()).throw(KeyboardInterrupt) if one.seed == 24 else None
    )
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, capsys, "--count", "30", "--json", str(file))
    assert json.loads(file.read_text())["lives"] == 20
    monkeypatch.setattr(__main__, "_tell", lambda *_: None)
    seen.clear()
    code, printed = run(monkeypatch, capsys, "--count", "30", "--json", str(file), "--from-json", str(file))
    assert code == 0
    assert seen == list(range(21, 31))
    assert json.loads(file.read_text())["passes"] == 300
    assert "30 lives of 30 days, 300 passes" in printed.out


def test_minutes_are_filled_with_lives_but_three_are_lived_at_least(monkeypatch, capsys, made_up):
    seen, _ = made_up
    run(monkeypatch, capsys, "--minutes", "0.0001", "--seed", "8")
    assert seen == [8, 9, 10]


def test_what_is_rare_and_never_happened_is_a_failure(monkeypatch, capsys, made_up):
    code, printed = run(monkeypatch, capsys, "--rare")
    assert code == 1
    assert "These never happened: found after a lost answer" in printed.err


def test_several_processes_tell_the_same_in_the_same_order():
    plan = Plan(2, 2)
    alone = list(campaign.lives(range(1, 5), lambda _: plan))
    assert list(campaign.lives(range(1, 5), lambda _: plan, jobs=2)) == alone


def test_every_tenth_seed_lives_on_disk():
    counts = [campaign.live(seed, Plan(2, 2)).counts["ledger on disk"] for seed in (9, 10, 11)]
    assert counts == [0, 1, 0]


def test_a_seed_decides_which_evils_and_some_have_few_and_some_nearly_all():
    plans = [Plan.drawn(seed) for seed in range(60)]
    assert plans == [Plan.drawn(seed) for seed in range(60)]
    sizes = sorted(len(plan.evils) for plan in plans)
    assert sizes[0] <= 7
    assert sizes[-1] >= len(Evil) - 3
    assert all(plan.evils & {Evil.KILLS, Evil.LOSSES} for plan in plans)
    assert {evil for plan in plans for evil in plan.evils} == set(Evil)
    assert all(plan.stories >= 60 for plan in plans)


def test_a_life_is_the_same_byte_for_byte_whatever_the_hash_seed():
    command = [sys.executable, "-m", "crosspost.testing.simulation", "--all", "--digest"]
    command += ["--days", "10", "--stories", "10", "--seed", "5"]
    told = [
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "4711")
    ]
    assert told[0].startswith("seed 5: ")
    assert told[0] == told[1]


def test_in_a_life_on_disk_where_runs_overlap_no_answer_is_lost_by_the_simulation_itself(tmp_path):
    life = Simulation(3, Plan(days=20, stories=12, struck=1.0, evils=frozenset({Evil.OVERLAPS}), disk=str(tmp_path)))
    life.live()
    assert life.tally.counts["overlaps"]
    assert life.tally.counts["event: accepted"] and not life.tally.counts["event: lost"]


def test_nobody_sleeps_for_hours_while_another_run_has_the_first_byte_on_its_lips():
    life = Simulation(1, Plan())
    life.begin()
    for _ in range(8):
        life.runs = [Process(stands_at="first byte POST /2/tweets")]
        life._nap("clock")
    assert life.tally.counts["slept through a lease"] == 8
    life.runs.clear()
    for _ in range(8):
        life._nap("clock")
    assert life.tally.counts["slept for hours"]
    life.close()
