"""How long composing takes, on the sets of articles beside the judge: milliseconds and ratios, no verdict.

Each article is built and composed five times for each platform; the fastest counts, which is what an
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
sys.path.insert(0, str(WORDS))

from crosspost.compose import compose  # noqa: E402 - after the path that the judge stands on
from judge import FACEBOOK, X, article_of, target_of  # noqa: E402 - it stands beside the articles


def fastest(work: Callable[[], Any], times: int = 5) -> float:
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
    for profile in (X, FACEBOOK):
        took = []
        for post, article in built:
            target = target_of(post, profile, excerpt=False)
            compose(article, target, profile)  # patterns are compiled and word lists read once
            took.append(fastest(lambda article=article, target=target: compose(article, target, profile)))  # noqa: B023 - called at once
        show(profile.name, took, unit)


if __name__ == "__main__":
    main()
