"""What the ledger's verbs cost at 1,000 and at 100,000 deliveries, of which ten are open: python bench_ledger.py

Prints times and their ratio within one run; asserts nothing about time (machines differ).
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.ledger import sqlite
from crosspost.testing.ledger_contract import a_plan, a_step, a_story, an_article

SMALL, LARGE, OPEN, ROUNDS = 1_000, 100_000, 10, 50
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def fill(path: Path, count: int) -> None:
    ledger = sqlite.create(path, token=lambda: "a" * 32, now=NOW, writer="w")
    for start in range(1, count + 1, 1_000):
        stories, revisions, articles = [], [], []
        for number in range(start, start + 1_000):
            article = an_article(f"article {number} " + "word " * 100)
            plan = a_plan(number, article=article.fingerprint)
            revisions.append(plan)
            if number > OPEN:
                begun = a_step(plan, Event.BEGIN, State.SENDING)
                revisions += [begun, a_step(begun, Event.ACCEPTED, State.PUBLISHED)]
            stories.append(a_story(number, f"guid:{number}", f"link:{number}"))
            articles.append(article)
        ledger.append(Batch(tuple(stories), {}, tuple(articles), tuple(revisions)))
    ledger.close()


def measure(path: Path, count: int) -> dict[str, float]:
    """Milliseconds for each verb, the best of several rounds."""
    opened = []
    for _ in range(3):
        start = time.perf_counter()
        ledger = sqlite.open_ledger(path, writer="b")
        opened.append(time.perf_counter() - start)
        ledger.close()
    ledger = sqlite.open_ledger(path, writer="w2")
    assert len(ledger.open()) == OPEN
    versions = iter(range(10_000))
    verbs = {
        "open()": ledger.open,
        "find(10 of them)": lambda: ledger.find([f"guid:{number}" for number in range(count - 10, count)]),
        "current(1)": lambda: ledger.current([f"story{count // 2:04}"]),
        "history(limit=20)": lambda: ledger.history(limit=20),
        "history(one story)": lambda: ledger.history(f"story{count // 2:04}"),
        "append (a keyed value, synced)": lambda: ledger.append(Batch(values=(Put("n", "v", next(versions)),))),
    }
    times = {"opening the file, checked": min(opened) * 1e3}
    for name, verb in verbs.items():
        rounds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            verb()
            rounds.append(time.perf_counter() - start)
        times[name] = sorted(rounds)[ROUNDS // 4] * 1e3
    ledger.close()
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for count in (SMALL, LARGE):
            path = Path(folder) / f"{count}.db"
            fill(path, count)
            results.append(measure(path, count))
            print(f"{count:>7,} deliveries: {path.stat().st_size / 1e6:6.1f} MB", file=sys.stderr)
    small, large = results
    print(f"{'':32}{SMALL:>12,}{LARGE:>12,}   ratio")
    for name in small:
        print(f"{name:32}{small[name]:9.2f} ms{large[name]:9.2f} ms{large[name] / small[name]:8.2f}")


if __name__ == "__main__":
    main()
