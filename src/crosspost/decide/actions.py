"""What GitHub's own records say of the schedule: the last good run, how late this one came, when a person committed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# A public repository's schedule is switched off after 60 days without activity (GitHub's page on disabling
# workflows, read on 24 November 2026). What counts is said nowhere; bots' commits were reported not to.
WARN_AFTER = timedelta(days=45)
LOOKED_AT = 50  # commits: as many as the workflow fetches


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run in Actions' own list: its id, the event that started it, when it came to be, whether it ended well."""

    id: int
    event: str
    at: datetime
    good: bool


@dataclass(frozen=True, slots=True)
class Punctuality:
    """When the last run that ended well came to be, and how late this one came; None where the list doesn't say."""

    good: datetime | None
    late: timedelta | None


@dataclass(frozen=True, slots=True)
class Commit:
    """Who committed, and when."""

    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """How long no person has committed. `exact` false: at least so long, older commits weren't looked at."""

    time: timedelta
    exact: bool

    @property
    def is_long(self) -> bool:
        """Whether somebody should do something about it."""
        return self.time >= WARN_AFTER


def punctuality(runs: Iterable[PastRun], this: int, cron: str) -> Punctuality:
    """How this run compares with the ones before it.

    Late is counted from the first time of the schedule after the scheduled run before this one: a run that
    GitHub leaves out has no record. `cron` is "" for a run that no schedule started.
    """
    listed = {run.id: run for run in runs}
    own = listed.get(this)
    before = [run for run in listed.values() if own is None or run.at < own.at]
    good = max((run.at for run in before if run.good and run.id != this), default=None)
    last = max((run.at for run in before if run.event == "schedule" and run.id != this), default=None)
    slot = next_slot(last, cron) if last is not None else None
    if own is None or own.event != "schedule" or slot is None:
        return Punctuality(good, None)
    return Punctuality(good, max(own.at - slot, timedelta(0)))


def next_slot(after: datetime, cron: str) -> datetime | None:
    """The first minute of an hourly schedule ("13,43 * * * *") after that time; None for any other schedule."""
    found = re.fullmatch(r"(\d{1,2}(?:,\d{1,2})*)(?: \*){4}", cron.strip())
    minutes = sorted({int(minute) for minute in found[1].split(",")}) if found else []
    if not minutes or minutes[-1] > 59:
        return None
    hour = after.replace(minute=0, second=0, microsecond=0)
    slots = [hour + timedelta(hours=later, minutes=minute) for later in (0, 1) for minute in minutes]
    return next(slot for slot in slots if slot > after)


def rest(commits: Iterable[Commit], now: datetime) -> Rest | None:
    """How long no person has committed; None where nobody can tell: bots alone, and none of them long ago."""
    listed = list(commits)
    people = [commit.at for commit in listed if not commit.author.endswith("[bot]")]
    if people:
        return Rest(now - max(people), exact=True)
    least = Rest(now - min((commit.at for commit in listed), default=now), exact=False)
    return least if least.is_long else None
