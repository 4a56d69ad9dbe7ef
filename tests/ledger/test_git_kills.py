"""The installed command on a branch, killed for real, and four of them at once; the long form is tests/benchmarks."""

from __future__ import annotations

import random
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
SHORT = 15


def load(name):
    if name not in sys.modules:
        spec = spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="module")
def git_kills():
    """The module, after those that it builds on."""
    load("git_host"), load("kills")
    return load("git_kills")


@pytest.fixture(scope="module")
def bench(git_kills):
    with git_kills.bench() as made:
        yield made


def test_killed_at_any_moment_and_gone_on_by_fresh_machines_it_never_posts_twice_and_loses_nothing(bench, git_kills):
    marks = {name: bench.marks(name) for name in ("first file", "doubt https", "init file")}
    verdicts = [bench.play(moment) for moment in git_kills.moments(marks, SHORT, random.Random(20261124))]
    wrong = [f"{verdict.moment}: {fault}" for verdict in verdicts for fault in verdict.faults]
    assert not wrong, "\n".join(wrong)
    assert sum(verdict.struck for verdict in verdicts) >= SHORT * 3 // 4, "the moments were not reached"


def test_a_lock_that_the_dead_machine_left_is_told_and_goes_no_further(bench, git_kills):
    marks = bench.marks("first file")
    number = marks.index("begin push") + 1
    moment = git_kills.GitMoment("first file", "begin push", number)
    bench.begin("first file")
    bench.remote_lock.touch()
    assert bench._told_of_lock() == ""
    assert bench.stage.x.timeline() == ()
    bench.remote_lock.unlink()
    verdict = bench.judge(moment, subprocess.CompletedProcess([], 1, "", ""), struck=False)
    assert not verdict.faults


def clone_of(bench, place):
    """A project's clone, which knows the remote as origin; and a machine of its own for it."""
    address = bench.url.removeprefix("git:").removesuffix("#crosspost")
    for command in (["init", "--quiet", str(place)], ["-C", str(place), "remote", "add", "origin", address]):
        subprocess.run(["git", *command], check=True)
    (place / "config").mkdir()
    text = (bench.folder / "config" / "crosspost.toml").read_text()
    assert bench.url in text
    (place / "config" / "crosspost.toml").write_text(text.replace(bench.url, "git:origin#crosspost"))
    bench.fresh_machine()
    return place, bench.env()


@pytest.mark.parametrize("where", ["file", "https"])
def test_of_four_commands_on_two_clones_one_wins_each_story(bench, git_kills, where):
    """Two machines, each with a clone of its own, start two runs each at the same time."""
    bench.begin(f"first {where}")
    clones = [clone_of(bench, bench.root / f"clone-{where}-{number}") for number in (1, 2)]
    runs = [
        subprocess.Popen([git_kills.CROSSPOST, "run"], cwd=place, env=env, stdout=subprocess.PIPE, stderr=-1)
        for place, env in clones * 2
    ]
    told = [(run.communicate(timeout=200)[1], run.returncode) for run in runs]
    assert [code for _, code in told] == [0, 0, 0, 0], told
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert not verdict.faults
    assert len(bench.stage.asked["x"]) == len(bench.stage.asked["facebook"]) == 3


def test_the_checker_is_told_of_a_second_post_and_of_a_request_that_no_claim_covers(bench):
    bench.begin("first file")
    bench.a_pass()
    bench.stage.x.put(bench.stage.x.timeline()[0].text, bench.stage.now())
    bench.stage.asked["facebook"].append({"text": "Nobody planned this", "link": "", "held": False})
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert any("stands 2 times on x" in fault for fault in verdict.faults)
    assert any("did not hold as sending" in fault for fault in verdict.faults)
