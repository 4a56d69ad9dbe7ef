"""Run simulated lives from the command line and print what happened."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from crosspost.testing.simulation import Broken, Plan, Simulation, Tally
from crosspost.testing.simulation.rare import RARE, missing

# Counted together for the last line: what struck, and what mended it.
SUMS = {
    "kills": ("killed",),
    "lost answers": ("event: lost", "event: lease-over"),
    "reconciliations": ("event: found", "event: absent-twice", "event: duplicate-absent", "event: found-after-gap"),
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crosspost.testing.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many seeds")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--stories", type=int, default=0, help="how many stories the site publishes in all")
    parser.add_argument("--year", action="store_true", help="everything: people, machines, a rough site")
    parser.add_argument("--rare", action="store_true", help="print what is rare; one that never happened is a failure")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    return parser.parse_args()


def _plan(given: argparse.Namespace) -> Plan:
    if given.year:
        return Plan.year(given.days, stories=given.stories)
    return Plan(given.days, given.stories or max(1, given.days * 2 // 3))


def _life(seed: int, plan: Plan) -> Tally | str:
    try:
        return Simulation(seed, plan).live()
    except Broken as broken:
        return str(broken)


def _campaign(given: argparse.Namespace, plan: Plan) -> Tally | str:
    """All lives' tallies together, or what the first broken one said."""
    seeds, total = range(given.seed, given.seed + given.count), Tally()
    if given.jobs == 1:
        lives = (_life(seed, plan) for seed in seeds)
        return _sum(lives, total)
    with ProcessPoolExecutor(given.jobs) as pool:
        futures = [pool.submit(_life, seed, plan) for seed in seeds]
        told = _sum((future.result() for future in futures), total)
        pool.shutdown(cancel_futures=True)
    return told


def _sum(lives: object, total: Tally) -> Tally | str:
    for life in lives:  # type: ignore[attr-defined]  # an iterator of Tally | str
        if isinstance(life, str):
            return life
        total.passes += life.passes
        total.counts.update(life.counts)
    return total


def main() -> int:
    """The exit code: 1 at the first invariant that fails, and where something rare never happened."""
    given = _options()
    found = _campaign(given, _plan(given))
    if isinstance(found, str):
        sys.stderr.write(f"{found}\n")
        return 1
    _print(given, found)
    if given.json:
        _write(given, found)
    never = missing(found.counts) if given.rare else []
    if never:
        sys.stderr.write(f"These never happened: {', '.join(never)}\n")
    return 1 if never else 0


def _print(given: argparse.Namespace, found: Tally) -> None:
    names = RARE if given.rare else sorted(found.counts)
    sys.stdout.write(f"{given.count} lives of {given.days} days, {found.passes} passes\n")
    for name in names:
        sys.stdout.write(f"  {found.counts[name]:6}  {name}\n")
    sums = ", ".join(f"{times} {name}" for name, times in _sums(found).items())
    years = given.count * given.days / 365
    sys.stdout.write(f"{years:.1f} years, {found.passes} passes, {sums}: nothing twice, nothing lost\n")


def _sums(found: Tally) -> dict[str, int]:
    return {name: sum(found.counts[part] for part in parts) for name, parts in SUMS.items()}


def _write(given: argparse.Namespace, found: Tally) -> None:
    git = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    told = {
        "command": " ".join(["python -m crosspost.testing.simulation", *sys.argv[1:]]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": git.stdout.strip(),
        "seeds": [given.seed, given.seed + given.count - 1],
        "days": given.days,
        "years": given.count * given.days / 365,
        "passes": found.passes,
        **_sums(found),
        "counts": dict(sorted(found.counts.items())),
    }
    place = Path(given.json)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
