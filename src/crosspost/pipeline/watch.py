"""A pass on a schedule, in one process: a thin loop around the `schedule` library, which reads the clock itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

TICK = 30.0  # seconds; a laptop that slept sees at the next tick that a pass is due


def watch(
    every: timedelta, one_pass: Callable[[], None], sleep: Callable[[float], object], stopping: Callable[[], bool]
) -> None:
    """Run `one_pass` now and then each `every`, until `stopping()`.

    `sleep(seconds)` may return early. What `one_pass` raises ends the loop. Whoever sets the flag that
    `stopping` reads also hands it to the pass (Options.stopping), so that no further post is begun.
    """
    import schedule  # only this loop needs it

    plan = schedule.Scheduler()
    plan.every(max(1, int(every.total_seconds()))).seconds.do(one_pass)
    if not stopping():
        one_pass()
    while not stopping():
        plan.run_pending()
        if not stopping():
            # Its times are naive local ones, so the one pass at a clock change may come early or late.
            sleep(max(0.1, min(TICK, plan.idle_seconds or 0.0)))
