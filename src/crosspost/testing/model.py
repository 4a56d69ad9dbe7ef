"""Search the protocol of one delivery completely: every order of its steps, with kills, lost answers and late posts.

    python -m crosspost.testing.model [--wide] [--traces]

Prints for each experiment its states and transitions and "complete", or the shortest way to a broken promise.
What is modelled and what bounds it: crosspost.testing.protocol (rules.py first, then moves.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from crosspost.testing.protocol.experiments import (
    ASSUMPTIONS,
    MUTANTS,
    PRODUCT,
    PROPOSALS,
    WIDE,
    Experiment,
    examine,
    safe_by_lag,
)
from crosspost.testing.protocol.rules import Protocol

LAGS = range(21)


def main(words: list[str] | None = None) -> int:
    """Run it; 1 if an experiment went otherwise than it should."""
    parser = argparse.ArgumentParser(prog="python -m crosspost.testing.model")
    parser.add_argument("--wide", action="store_true", help="with the larger bounds: some minutes")
    parser.add_argument("--traces", action="store_true", help="the shortest trace of each broken promise")
    given = parser.parse_args(words)
    good = _show("The product", PRODUCT + (WIDE if given.wide else ()), traces=True)
    _table()
    good &= _show("Proposals", PROPOSALS, traces=True)
    good &= _show("Mutants: a rule is taken away", MUTANTS, traces=given.traces)
    good &= _show("Assumptions: the world is otherwise", ASSUMPTIONS, traces=given.traces)
    return 0 if good else 1


def _show(title: str, experiments: Iterable[Experiment], *, traces: bool) -> bool:
    _say(f"\n{title}")
    good = True
    for experiment in experiments:
        found = examine(experiment.rules)
        good &= found.broken == experiment.breaks
        _say(f"  {found.states:8} states {found.transitions:8} moves  {experiment.name}: {found.broken or 'complete'}")
        if found.broken and (traces or found.broken != experiment.breaks):
            _say("\n".join(f"      {line}" for line in found.sentences))
    return good


def _table() -> None:
    table, second = safe_by_lag(LAGS), Protocol().second
    _say("\nHow late the second absent reading must be, by the timeline's lag (minutes)")
    _say("  lag   " + " ".join(f"{lag:3}" for lag in table))
    _say("  safe  " + " ".join(f"{safe:3}" for safe in table.values()))
    safe = max(lag for lag, least in table.items() if least <= second)
    _say(f"  The product's {second} min are safe up to a lag of {safe} min; {safe + 1} min break a promise.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
