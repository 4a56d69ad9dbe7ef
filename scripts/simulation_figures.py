"""Make docs/figures/simulation.json of what `make simulate` wrote: DATE, then its files if not build/simulation.json.

Several files are campaigns with other seeds; their figures are added up.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
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
    given = [Path(name) for name in sys.argv[2:]] or [ROOT / "build" / "simulation.json"]
    told = [json.loads(file.read_text(encoding="utf-8")) for file in given]
    rare = sum((Counter(one["counts"]) for one in told), Counter())
    seeds = [one["seeds"] for one in told]
    rows: list[tuple[str, int | str]] = [
        ("years, each with a seed of its own", f"{sum(one['years'] for one in told):,.0f}")
    ]
    rows += [(words, sum(one[name] for one in told)) for name, words in SUMS.items()]
    rows.append(("stories twice on an account, or lost in silence", sum(len(one["broken"]) for one in told)))
    branches: dict[str, str] = next((one["branches"] for one in reversed(told) if one["branches"]), {})
    rows += [(f"branches of {room}/ that a few of the lives take", share) for room, share in branches.items()]
    rows.append(("the state of the sources", ", ".join(one["commit"][:7] for one in told)))
    # What got its name after that state isn't counted there; a campaign in which one stays at zero fails by itself.
    rows += [(f"rare: {name}", rare[name]) for name in RARE if name in rare]
    document = {
        "title": "Simulated years",
        "command": "; ".join(f"make simulate YEARS={last - first + 1} SEED={first}" for first, last in seeds),
        "date": sys.argv[1],
        "rows": rows,
    }
    place = ROOT / "docs" / "figures" / "simulation.json"
    place.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
