"""How long composing takes, on the sets of articles beside the judge: milliseconds and ratios, no verdict.

Each article is built five times, and composed in five rounds over all articles, for X and then for Facebook,
as a pass does: X pays for reading the article, which Facebook shares. The fastest counts, which is what an
unloaded machine would take.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = Path(__file__).resolve().parents[1] / "words"
ROUNDS = 5
sys.path.insert(0, str(WORDS))

from crosspost.compose import compose  # noqa: E402 - after the path that the judge stands on
from judge import FACEBOOK, X, article_of, target_of  # noqa: E402 - it stands beside the articles


def fastest(work: Callable[[], Any], times: int = ROUNDS) -> float:
    """Milliseconds of processor time of the fastest round."""
    took = []
    for _ in range(times):
        begun = time.process_time()
        work()
        took.append(1000 * (time.process_time() - begun))
    return min(took)


def show(name: str, took: list[float], unit: float) -> None:
    """One line: median, ninth tenth and slowest, and how many times a built article the median is."""
    ordered = sorted(took)
    ninth = ordered[int(0.9 * len(ordered))]
    middle = statistics.median(took)
    print(
        f"{name:10} median {middle:5.1f} ms  p90 {ninth:5.1f}  slowest {ordered[-1]:5.1f}  ratio {middle / unit:4.1f}"
    )


def main() -> None:
    posts = [
        post for name in ("first", "second") for post in json.loads((WORDS / name / "posts.json").read_text("utf-8"))
    ]
    built = [(post, article_of(post)) for post in posts]
    build = [fastest(lambda post=post: article_of(post)) for post in posts]
    unit = statistics.median(build)
    show("build", build, unit)
    took: dict[str, list[float]] = {profile.name: [float("inf")] * len(built) for profile in (X, FACEBOOK)}
    for _ in range(1 + ROUNDS):  # in the first, patterns are compiled and word lists read
        for number, (post, article) in enumerate(built):
            for profile in (X, FACEBOOK):
                target = target_of(post, profile, excerpt=False)
                begun = time.process_time()
                compose(article, target, profile)
                spent = 1000 * (time.process_time() - begun)
                took[profile.name][number] = min(took[profile.name][number], spent)
    for name, some in took.items():
        show(name, some, unit)


if __name__ == "__main__":
    main()
