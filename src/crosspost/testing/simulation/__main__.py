"""Run simulated lives from the command line and print what happened."""

from __future__ import annotations

import argparse
import sys

from crosspost.testing.simulation import Broken, Plan, Simulation, Tally


def main() -> int:
    """The exit code: 1 at the first invariant that fails."""
    parser = argparse.ArgumentParser(prog="python -m crosspost.testing.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many seeds")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--year", action="store_true", help="everything: people, machines, a rough site")
    given = parser.parse_args()
    plan = Plan.year(given.days) if given.year else Plan(given.days, max(1, given.days * 2 // 3))
    total = Tally()
    for seed in range(given.seed, given.seed + given.count):
        try:
            tally = Simulation(seed, plan).live()
        except Broken as broken:
            sys.stderr.write(f"{broken}\n")
            return 1
        total.passes += tally.passes
        total.counts.update(tally.counts)
    sys.stdout.write(f"{given.count} lives of {given.days} days, {total.passes} passes\n")
    for name, times in sorted(total.counts.items()):
        sys.stdout.write(f"  {times:6}  {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
