"""Make docs/figures/simulation.json of what `make simulate` wrote: DATE, then its file if not build/simulation.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crosspost.testing.simulation.rare import RARE

ROOT = Path(__file__).parent.parent
SUMS = {
    "passes": "passes",
    "kills": "passes that were killed",
    "lost answers": "posts whose answer was lost, or whose run died",
    "reconciliations": "posts found, or proved absent, by reading the account",
}


def main() -> None:
    """Write the file: the sums, what was broken, the branches covered, then each rare thing and how often it was."""
    given = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "build" / "simulation.json"
    told = json.loads(given.read_text(encoding="utf-8"))
    first, last = told["seeds"]
    rows: list[tuple[str, int | str]] = [("years, each with a seed of its own", f"{told['years']:,.0f}")]
    rows += [(words, told[name]) for name, words in SUMS.items()]
    rows.append(("stories twice on an account, or lost in silence", len(told["broken"])))
    rows += [(f"branches of {room}/ that a few of the lives take", share) for room, share in told["branches"].items()]
    rows += [(f"rare: {name}", told["counts"].get(name, 0)) for name in RARE]
    document = {
        "title": "Simulated years",
        "command": f"make simulate YEARS={last - first + 1} SEED={first}",
        "date": sys.argv[1],
        "rows": rows,
    }
    place = ROOT / "docs" / "figures" / "simulation.json"
    place.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
