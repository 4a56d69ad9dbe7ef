"""Make docs/figures/simulation.json of what `make simulate` wrote: DATE, then its files if not build/simulation.json.

Several files are campaigns with other seeds; their figures are added up. One whose seeds were lived before is that
year lived again, after the judge (or the machine) that had complained was mended: it counts for the complaints alone.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from crosspost.testing.simulation.rare import RARE

Campaign = dict[str, Any]  # what a campaign writes
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
    told, again = _parted([json.loads(file.read_text(encoding="utf-8")) for file in given])
    broken = {seed for one in told for seed in one["broken"]}
    still = broken - {str(one["seeds"][0]) for one in again if not one["broken"]}
    rare: Counter[str] = sum((Counter(one["counts"]) for one in told), Counter())
    rows: list[tuple[str, int | str]] = [
        ("years, each with a seed of its own", f"{sum(one['years'] for one in told):,.0f}")
    ]
    rows += [(words, sum(one[name] for one in told)) for name, words in SUMS.items()]
    if broken - still:
        rows.append(
            ("complaints that were the judge's own errors; mended, and these years lived again", len(broken - still))
        )
    rows.append(("stories twice on an account, or lost in silence", len(still)))
    branches: dict[str, float] = next((one["branches"] for one in reversed([*told, *again]) if one["branches"]), {})
    rows += [(f"branches of {room}/ that a few of the lives take", f"{share} %") for room, share in branches.items()]
    rows.append(("the state of the sources", ", ".join(dict.fromkeys(one["commit"][:7] for one in [*told, *again]))))
    # What got its name after that state isn't counted there; a campaign in which one stays at zero fails by itself.
    rows += [(f"rare: {name}", rare[name]) for name in RARE if name in rare]
    document = {
        "title": "Simulated years",
        "command": "; ".join(
            f"make simulate YEARS={last - first + 1} SEED={first}"
            for first, last in (one["seeds"] for one in [*told, *again])
        ),
        "date": sys.argv[1],
        "rows": rows,
    }
    place = ROOT / "docs" / "figures" / "simulation.json"
    place.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _parted(files: list[Campaign]) -> tuple[list[Campaign], list[Campaign]]:
    """Campaigns of new seeds, and years that were lived again."""
    new, again = list[Campaign](), list[Campaign]()
    for one in files:
        first, last = one["seeds"]
        before = any(seeds[0] <= first and last <= seeds[1] for seeds in (other["seeds"] for other in new))
        (again if before else new).append(one)
    return new, again


if __name__ == "__main__":
    main()
