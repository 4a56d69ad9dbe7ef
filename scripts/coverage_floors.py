"""Hold the coverage floors of pyproject.toml: lines and branches together, by room. Silent when all is well."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def shares(report: Mapping[str, Any]) -> dict[str, float]:
    """Per cent covered by room ("core"), from coverage's JSON report."""
    totals: dict[str, list[int]] = {}
    for name, file in report["files"].items():
        parts = Path(name).parts
        after = parts[parts.index("crosspost") + 1 :] if "crosspost" in parts else ()
        room = totals.setdefault(after[0] if len(after) > 1 else ".", [0, 0])
        summary = file["summary"]
        room[0] += summary["covered_lines"] + summary.get("covered_branches", 0)
        room[1] += summary["num_statements"] + summary.get("num_branches", 0)
    return {room: 100 * covered / whole for room, (covered, whole) in totals.items() if whole}


def short(found: Mapping[str, float], floors: Mapping[str, float]) -> Iterator[str]:
    """A line for each room below its floor, or without a single covered file."""
    for room, floor in floors.items():
        share = found.get(room, 0.0)
        if share < floor:
            yield f"coverage of {room}/ is {share:.1f} %, its floor is {floor} %"


def main() -> int:
    """Exit code 1 when a room is below its floor; `--show` prints every room."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["crosspost"][
        "coverage-floors"
    ]
    found = shares(report)
    if "--show" in sys.argv:
        for room, share in sorted(found.items()):
            print(f"{room:12}{share:6.1f} %  floor {floors.get(room, '-')}")
    lines = list(short(found, floors))
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
