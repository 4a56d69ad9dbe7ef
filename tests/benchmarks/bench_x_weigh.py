"""X's weight and links on 100,000 made-up texts, against another implementation: `make bench` runs it.

Prints each mismatch (exit 1 if there is one), what was left out and why, and how many times faster ours is,
on those texts (which are mostly links and emoji) and on an ordinary one.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from timeit import repeat
from types import ModuleType

ORDINARY = (
    "Die Frauen in Köln helfen, wo Hilfe fehlt: seit 2019 lernen 1.200 Mädchen lesen. Der Film läuft am 24.12. "
    "in drei Städten, der Eintritt ist frei. „Niemand soll die Letzte sein“, sagt sie.\n"
    "https://example.org/aktuelles/film #LastGirlFirst #Bildung"
)
TESTS = Path(__file__).resolve().parents[1] / "platforms" / "test_x_weigh.py"


def suite() -> ModuleType:
    """The test file, which makes the texts and knows the differences."""
    spec = spec_from_file_location("test_x_weigh", TESTS)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seconds(weigh: Callable[[str], int], text: str, times: int) -> float:
    """Of the fastest of five rounds, for one call."""
    return min(repeat(lambda: weigh(text), number=times, repeat=5)) / times


def main() -> int:
    options = ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    tests = suite()
    met: Counter[str] = Counter()
    wrong = 0
    ours = theirs = 0.0
    for text in tests.texts(given.seed, given.count):
        why = tests.known_difference(text)
        met[why] += 1
        if why:
            continue
        begin = time.perf_counter()
        mine = (tests.weigh(text), list(tests.links(text)))
        middle = time.perf_counter()
        its = (tests.oracle().weigh(text), tests.oracle().links(text))
        theirs += time.perf_counter() - middle
        ours += middle - begin
        if mine != its:
            wrong += 1
            print(tests.mismatch(text))
    compared = met.pop("")
    left_out = ", ".join(f"{why} {n}" for why, n in sorted(met.items()))
    print(f"{compared} texts compared, {wrong} mismatches; left out: {left_out}")
    print(f"{1e6 * ours / compared:.0f} µs a text, {theirs / ours:.1f} times faster than twitter-text-parser")
    ours, theirs = seconds(tests.weigh, ORDINARY, 500), seconds(tests.oracle().weigh, ORDINARY, 20)
    print(f"an ordinary text: {1e6 * ours:.0f} µs, {theirs / ours:.1f} times faster")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
