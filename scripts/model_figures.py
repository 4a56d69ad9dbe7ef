"""Search the protocol's model, wide, and write its figures to docs/figures/model.json; DATE comes as the argument."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crosspost.testing.protocol.experiments import ASSUMPTIONS, MUTANTS, PRODUCT, WIDE, examine, safe_by_lag

Row = tuple[str, int | str]


def main() -> None:
    """Write the file."""
    rows: list[Row] = []
    for experiment in (*PRODUCT, *WIDE):
        found = examine(experiment.rules)
        told = f"{found.states:,} states, {found.transitions:,} moves: {found.broken or 'complete, no promise broken'}"
        rows.append((experiment.name, told))
    killed = sum(examine(mutant.rules).broken == mutant.breaks for mutant in MUTANTS)
    broken = sum(examine(assumed.rules).broken == assumed.breaks for assumed in ASSUMPTIONS)
    rows += [
        ("rules taken away that break a promise", f"{killed} of {len(MUTANTS)}"),
        ("assumptions that break a promise where they don't hold", f"{broken} of {len(ASSUMPTIONS)}"),
        ("the second absent reading is safe from (minutes), at a lag of 15", safe_by_lag(range(15, 16))[15]),
    ]
    document = {
        "title": "The protocol of one delivery, searched completely",
        "command": "python scripts/model_figures.py DATE",
        "date": sys.argv[1],
        "rows": rows,
    }
    place = Path(__file__).parent.parent / "docs" / "figures" / "model.json"
    place.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
