"""Many lives, in one process or in several: their tallies together, and each broken one with its story."""

from __future__ import annotations

import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice

from crosspost.testing.simulation.installation import STRUCK
from crosspost.testing.simulation.judge import Broken
from crosspost.testing.simulation.life import Simulation
from crosspost.testing.simulation.plan import Plan

YEAR, STORIES, FAULTS = 365, 60, 50  # at least, in each
ON_DISK = 10  # every tenth seed has its ledger in a file
PlanOf = Callable[[int], Plan]


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of one life. `broken`: what its judge said, "" where nothing; `digest` is of all its steps."""

    seed: int
    passes: int
    counts: Counter[str]
    digest: str
    broken: str = ""


@dataclass(slots=True)
class Total:
    """Lives so far."""

    lives: int = 0
    passes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    broken: dict[int, str] = field(default_factory=dict)  # by seed

    def add(self, lived: Lived) -> None:
        """One more."""
        self.lives += 1
        self.passes += lived.passes
        self.counts.update(lived.counts)
        if lived.broken:
            self.broken[lived.seed] = lived.broken


def live(seed: int, plan: Plan) -> Lived:
    """One life, whatever becomes of it; every tenth on disk."""
    if seed % ON_DISK == 0 and not plan.disk:
        with tempfile.TemporaryDirectory(prefix="life-") as folder:
            return _lived(Simulation(seed, replace(plan, disk=folder)), "ledger on disk")
    return _lived(Simulation(seed, plan), "")


def _lived(life: Simulation, kind: str) -> Lived:
    broken = ""
    try:
        life.live()
        _must_be_full(life)
    except Broken as told:
        broken = str(told)
    except Exception as error:  # an accident of the product's, which is as bad
        try:
            life.broken(f"{type(error).__name__}: {error}")
        except Broken as told:
            broken = str(told)
    finally:
        life.close()
    life.tally.counts.update([kind] if kind else [])
    life.tally.counts.update(f"evil: {evil}" for evil in life.plan.evils)
    return Lived(life.seed, life.tally.passes, life.tally.counts, life.digest.hexdigest(), broken)


def _must_be_full(life: Simulation) -> None:
    """A year in which little happened proves little."""
    for name, least in (("published on the site", STORIES), (STRUCK, FAULTS)):
        if life.plan.days >= YEAR and life.tally.counts[name] < least:
            life.broken(f"only {life.tally.counts[name]} in this year, of {least} at least: {name}")


def lives(seeds: Iterable[int], plan_of: PlanOf, jobs: int = 1) -> Iterator[Lived]:
    """Each life, in the seeds' order; with several processes a few are begun ahead."""
    if jobs <= 1:
        yield from (live(seed, plan_of(seed)) for seed in seeds)
        return
    left = iter(seeds)
    with ProcessPoolExecutor(jobs, max_tasks_per_child=50) as pool:
        running: deque[Future[Lived]] = deque()
        try:
            while True:
                running.extend(pool.submit(live, seed, plan_of(seed)) for seed in islice(left, 3 * jobs - len(running)))
                if not running:
                    return
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()
