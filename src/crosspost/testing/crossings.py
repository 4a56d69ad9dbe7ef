"""Where the simulated world may strike: every effect is a crossing, at which a process can die or hand over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random


class Killed(BaseException):
    """The process is dead. A BaseException, so that no `except Exception` outlives it."""


@dataclass(slots=True)
class Process:
    """One simulated process. Each effect calls `cross`; once dead, each effect raises again.

    `kill_at`: the number of the crossing that it doesn't survive; 0 lets it live. `nap_at`: the one at
    which the machine sleeps for a while (`nap`). Both count from the first crossing whose name begins
    with `aim`. `hand_over` is called at each crossing, for processes that take turns; `seen` with each
    crossing's name. `stands_at` is the last one that it came to, `steps` names those so far; a `silent` one
    notes none. `done`: it came to its end.
    """

    kill_at: int = 0
    nap_at: int = 0
    nap: Callable[[], None] = lambda: None
    hand_over: Callable[[], None] = lambda: None
    seen: Callable[[str], None] = lambda _: None
    aim: str = ""
    silent: bool = False
    dead: bool = False
    done: bool = False
    napped: bool = False
    counted: int = 0
    stands_at: str = ""
    steps: list[str] = field(default_factory=list)

    def cross(self, step: str) -> None:
        """Pass one effect's border, or die there."""
        if self.dead:
            raise Killed
        if self.silent:
            return
        self.stands_at = step
        self.hand_over()
        self.steps.append(step)
        self.seen(step)
        self.counted += bool(self.counted) or step.startswith(self.aim)
        if self.counted and self.counted == self.nap_at:
            self.napped = True
            self.nap()
        if self.counted and self.counted == self.kill_at:
            self.dead = True
            raise Killed


class Baton:
    """Threads of which one runs at a time; the running one hands over at crossings, by chance of the seed."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._gates: list[threading.Semaphore] = []
        self._alive: list[int] = []

    def run(self, jobs: list[Callable[[Callable[[], None]], None]]) -> None:
        """Run the jobs to their ends, each with its own hand-over. An exception of one is raised at the end."""
        self._gates = [threading.Semaphore(0) for _ in jobs]
        self._alive = list(range(len(jobs)))
        failures: list[BaseException] = []
        done = threading.Semaphore(0)

        def body(place: int) -> None:
            self._gates[place].acquire()
            try:
                jobs[place](lambda: self._hand_over(place))
            except BaseException as failure:
                failures.append(failure)
            self._alive.remove(place)
            if self._alive:
                self._gates[self._chance.choice(self._alive)].release()
            else:
                done.release()

        threads = [threading.Thread(target=body, args=(place,), daemon=True) for place in range(len(jobs))]
        for thread in threads:
            thread.start()
        self._gates[self._chance.choice(self._alive)].release()
        done.acquire()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _hand_over(self, place: int) -> None:
        chosen = self._chance.choice(self._alive)
        if chosen != place:
            self._gates[chosen].release()
            self._gates[place].acquire()
