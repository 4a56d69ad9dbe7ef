"""Run simulated lives from the command line and print what happened."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from crosspost.testing.simulation.campaign import Lived, PlanOf, Total, lives
from crosspost.testing.simulation.plan import Plan
from crosspost.testing.simulation.rare import RARE, missing

# Counted together for the last line: what struck, and what mended it.
SUMS = {
    "kills": ("killed",),
    "lost answers": ("event: lost", "event: lease-over"),
    "reconciliations": ("event: found", "event: absent-twice", "event: duplicate-absent", "event: found-after-gap"),
}
SAVED = 10  # the figures are written after so many lives, so that an interrupted campaign leaves some
LEAST = 3  # so many lives, however few minutes were given
ROOMS = ("decide", "pipeline")  # whose branches are counted
COVERED = 6  # lives, whose branches


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crosspost.testing.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many seeds")
    parser.add_argument("--minutes", type=float, help="as many seeds as fit into so much processor time, 3 at least")
    parser.add_argument("--days", type=int, help="the length of a life (365 with --year and --all, else 30)")
    parser.add_argument("--stories", type=int, default=0, help="how many stories the site publishes in all")
    wild = parser.add_mutually_exclusive_group()
    wild.add_argument("--year", action="store_true", help="people, machines, a rough site: some of it, by the seed")
    wild.add_argument("--all", action="store_true", help="all of it")
    parser.add_argument("--until-broken", action="store_true", help="end with the first broken life")
    parser.add_argument("--rare", action="store_true", help="print what is rare; one that never happened is a failure")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures there, as they grow")
    parser.add_argument("--from-json", metavar="FILE", type=Path, help="go on from the figures of an interrupted one")
    parser.add_argument("--digest", action="store_true", help="print a hash of each life's steps")
    parser.add_argument("--coverage", action="store_true", help="count the branches that a few of the lives take")
    return parser.parse_args()


def _plan_of(given: argparse.Namespace) -> PlanOf:
    """The plan of each seed: a method of Plan, so that another process can be told."""
    days = given.days or (365 if given.year or given.all else 30)
    stories = given.stories

    def plan(seed: int) -> Plan:
        if given.year:
            return Plan.drawn(seed, days, stories=stories)
        return Plan.year(days, stories=stories) if given.all else Plan(days, stories or max(1, days * 2 // 3))

    return plan


def main() -> int:
    """The exit code: 1 where an invariant failed, or something rare never happened."""
    given = _options()
    total, seeds = _begun(given)
    for lived in _limited(given, lives(seeds, _plan_of(given), given.jobs)):
        total.add(lived)
        _tell(given, lived)
        if given.json and total.lives % SAVED == 0:
            _write(given, total, {})
    covered = _coverage(given, min(COVERED, total.lives)) if given.coverage else {}
    if given.json:
        _write(given, total, covered)
    never = missing(total.counts) if given.rare else []
    _print(given, total, covered)
    if never:
        sys.stderr.write(f"These never happened: {', '.join(never)}\n")
    for said in total.broken.values():
        sys.stderr.write(f"{said}\n")
    return 1 if never or total.broken else 0


def _begun(given: argparse.Namespace) -> tuple[Total, Iterator[int]]:
    """The total so far, and the seeds that are left."""
    total = Total()
    if given.from_json:
        told = json.loads(given.from_json.read_text(encoding="utf-8"))
        if told["seeds"][0] != given.seed:
            sys.exit(f"{given.from_json} begins with seed {told['seeds'][0]}, not {given.seed}")
        counts, broken = Counter(told["counts"]), {int(seed): said for seed, said in told["broken"].items()}
        total = Total(told["lives"], told["passes"], counts, broken)
    first = given.seed + total.lives
    return total, count(first) if given.minutes else iter(range(first, given.seed + given.count))


def _limited(given: argparse.Namespace, each: Iterator[Lived]) -> Iterator[Lived]:
    for number, lived in enumerate(each, 1):
        yield lived
        if given.until_broken and lived.broken:
            return
        if given.minutes and number >= LEAST and time.process_time() > given.minutes * 60:
            return


def _tell(given: argparse.Namespace, lived: Lived) -> None:
    if given.digest:
        sys.stdout.write(f"seed {lived.seed}: {lived.digest}\n")
    if lived.broken:
        sys.stderr.write(f"{lived.broken.splitlines()[0]}\n")


def _print(given: argparse.Namespace, total: Total, covered: dict[str, float]) -> None:
    names = RARE if given.rare else sorted(total.counts)
    days = _plan_of(given)(given.seed).days
    sys.stdout.write(f"{total.lives} lives of {days} days, {total.passes} passes\n")
    for name in names:
        sys.stdout.write(f"  {total.counts[name]:6}  {name}\n")
    for room, percent in covered.items():
        sys.stdout.write(f"  {percent:5.1f} %  of the branches of {room}/\n")
    sums = ", ".join(f"{times} {name}" for name, times in _sums(total).items())
    good = "nothing twice, nothing lost" if not total.broken else f"{len(total.broken)} BROKEN"
    sys.stdout.write(f"{total.lives * days / 365:.1f} years, {total.passes} passes, {sums}: {good}\n")


def _sums(total: Total) -> dict[str, int]:
    return {name: sum(total.counts[part] for part in parts) for name, parts in SUMS.items()}


def _write(given: argparse.Namespace, total: Total, covered: dict[str, float]) -> None:
    git = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    days = _plan_of(given)(given.seed).days
    told = {
        "command": " ".join(["python -m crosspost.testing.simulation", *sys.argv[1:]]),
        "commit": git.stdout.strip(),
        "seeds": [given.seed, given.seed + total.lives - 1],
        "lives": total.lives,
        "days": days,
        "years": total.lives * days / 365,
        "passes": total.passes,
        **_sums(total),
        "broken": {str(seed): said for seed, said in sorted(total.broken.items())},
        "branches": covered,
        "counts": dict(sorted(total.counts.items())),
    }
    given.json.parent.mkdir(parents=True, exist_ok=True)
    whole = given.json.with_suffix(".part")
    whole.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    whole.replace(given.json)  # never half a file, whenever it is interrupted


def _coverage(given: argparse.Namespace, many: int) -> dict[str, float]:
    """The percentage of branches that the first lives take, by room: lived again under coverage.py."""
    same = [word for word in ("--year", "--all") if getattr(given, word.removeprefix("--"))]
    lived = ["--seed", str(given.seed), "--count", str(many), *same]
    lived += ["--days", str(_plan_of(given)(given.seed).days), "--stories", str(given.stories)]
    source = ",".join(f"crosspost.{room}" for room in ROOMS)
    with tempfile.TemporaryDirectory(prefix="coverage-") as folder:
        env = {**os.environ, "COVERAGE_FILE": f"{folder}/data"}
        coverage = [sys.executable, "-m", "coverage"]
        run = [*coverage, "run", "--rcfile=/dev/null", "--branch", f"--source={source}"]
        subprocess.run(
            [*run, "--concurrency=thread", "-m", "crosspost.testing.simulation", *lived],
            env=env,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        subprocess.run([*coverage, "json", "--rcfile=/dev/null", "-q", "-o", f"{folder}/told"], env=env, check=True)
        told = json.loads(Path(folder, "told").read_text(encoding="utf-8"))
    return {room: _taken(told["files"], f"crosspost/{room}/") for room in ROOMS}


def _taken(files: dict[str, dict[str, dict[str, int]]], room: str) -> float:
    sums = [found["summary"] for name, found in files.items() if room in name.replace(os.sep, "/")]
    there = sum(one["num_branches"] for one in sums)
    return round(100 * sum(one["covered_branches"] for one in sums) / there, 1) if there else 0.0


if __name__ == "__main__":
    sys.exit(main())
