"""X's weight and links on 100,000 made-up texts, against another implementation: `make bench` runs it.

Prints each mismatch (exit 1 if there is one), what was left out and why, and how many times faster ours is.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parents[1] / "platforms" / "test_x_weigh.py"


def suite() -> ModuleType:
    """The test file, which makes the texts and knows the differences."""
    spec = spec_from_file_location("test_x_weigh", TESTS)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
