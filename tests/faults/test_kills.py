"""The installed command, killed for real at its system calls; the long form is tests/benchmarks/kills.py."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ENTRY = Path(__file__).resolve().with_name("crossing_entry.py")
SHORT = 25


def test_killed_at_its_system_calls_it_never_posts_twice_and_loses_nothing(kills):
    if not kills.strace_works():
        told = "strace is missing or may not trace: kills at crossings alone are played (apt-get install strace)"
        if "strace" in os.environ.get("CROSSPOST_REQUIRE", "").split(","):
            pytest.fail(told)
        pytest.skip(told)
    with kills.bench() as scout:
        counts = {name: scout.calls(name) for name in ("first", "doubt")}
    chosen = kills.moments(counts, SHORT, random.Random(20261124))
    verdicts = kills.play_all(chosen, 2)
    wrong = [f"{verdict.moment}: {fault}" for verdict in verdicts for fault in verdict.faults]
    assert not wrong, "\n".join(wrong)
    assert len(verdicts) == SHORT
    assert sum(verdict.struck for verdict in verdicts) >= SHORT * 3 // 4, "the moments were not reached"


@pytest.mark.parametrize("scenario", ["first", "doubt"])
def test_killed_at_any_border_it_never_posts_twice_and_loses_nothing(bench, scenario):
    def run(number: int) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, str(ENTRY), str(number)], cwd=bench.folder, env=bench.env(), capture_output=True, text=True
        )

    bench.begin(scenario)
    whole = run(0)
    assert whole.returncode == 0, whole.stderr
    crossings = int(whole.stdout)
    assert crossings > 30
    for number in random.Random(scenario).sample(range(1, crossings + 1), 3):
        bench.begin(scenario)
        dead = run(number)
        bench.quiet()
        assert dead.returncode == -9, (number, dead.stderr)
        verdict = bench.judge(None, dead, struck=True)
        assert not verdict.faults, (number, verdict.faults)


def test_the_checker_is_told_of_a_second_post_that_somebody_else_makes(bench):
    bench.begin("first")
    bench.a_pass()
    text = bench.stage.x.timeline()[0].text
    bench.stage.x.put(text, bench.stage.now())
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert any("stands 2 times on x" in fault for fault in verdict.faults)


def test_the_checker_is_told_of_a_post_that_went_away(bench):
    bench.begin("first")
    bench.a_pass()
    bench.stage.x._posts.pop()
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert any("called published on x" in fault and "not there" in fault for fault in verdict.faults)


def test_the_checker_is_told_of_a_request_that_no_claim_covers(bench, kills):
    bench.begin("first")
    bench.a_pass()
    bench.stage.asked["x"].append({"text": "Nobody planned this", "link": "", "held": False})
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert any("did not hold as sending" in fault for fault in verdict.faults)
