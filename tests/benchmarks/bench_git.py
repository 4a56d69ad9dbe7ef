"""What a pass costs on the ledger of a git branch, as ratios to the same pass on SQLite, and git's commands in it.

The quickest of a few runs each. A bare repository on this machine's RAM disk: what a remote adds is one round for each `ls-remote`, `fetch` and `push`.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "simulation"))

from bench_pass import installation, nothing, ten, touched
from git_life import RAM, GitLife


RUNS = 7


class Quick(GitLife):
    """One whose machine is never a fresh one."""

    def process(self, **how):
        super(GitLife, self).process(**how)
        self.clock.looks += 1


def on_git(prepare, seed):
    with tempfile.TemporaryDirectory(dir=RAM) as folder:
        life = installation(seed, lambda seed, plan: Quick(seed, Path(folder), plan))
        taken = timed(prepare, life)
        life.close()
        return taken


def timed(prepare, life):
    prepare(life)
    before, began = Counter(getattr(life, "gits", {})), perf_counter()
    life.process()
    return perf_counter() - began, Counter(getattr(life, "gits", {})) - before


def main():
    installation(0).process()  # everything is loaded once
    for name, prepare in (("finds nothing", nothing), ("reads the feed", touched), ("sends twenty posts", ten)):
        plain = min(timed(prepare, installation(seed))[0] for seed in range(RUNS))
        found = [on_git(prepare, seed) for seed in range(RUNS)]
        git, told = min(taken for taken, _ in found), found[0][1]
        commands = ", ".join(f"{count} {verb}" for verb, count in sorted(told.items()))
        print(f"a pass that {name:20} {git / plain:6.1f} times SQLite ({git * 1000:.0f} ms here)")
        print(f"    {commands}")


if __name__ == "__main__":
    main()
