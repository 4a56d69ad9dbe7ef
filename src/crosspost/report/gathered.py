"""Alerts that say the same of several stories and targets, told once: a flood of forty is one thing to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crosspost.core.outlook import Alert
from crosspost.report.describe import and_list

_STORY = re.compile(r"(#\d+) (.+)")
_NAMED = 3  # of more stories so many are named


@dataclass(frozen=True, slots=True)
class Gathered:
    """Some alerts with one reason. `alert`: the oldest; its subject is "" where it stands for several stories.

    `about`: whom, in words. `stories`: the targets of each by its number, as "#12"; none where it isn't about stories.
    """

    alert: Alert
    about: str
    stories: Mapping[str, tuple[str, ...]]


def gathered(alerts: Iterable[Alert]) -> tuple[Gathered, ...]:
    """The alerts in their order; those of stories with one reason, and one day where they are reminders, together."""
    groups: dict[object, list[Alert]] = {}
    for alert in alerts:
        alone = alert.subject if not _STORY.fullmatch(alert.subject) else ""
        day = alert.since.date() if alert.reminder else None
        groups.setdefault((alone, alert.reason, day), []).append(alert)
    return tuple(map(_as_one, groups.values()))


def _as_one(alerts: list[Alert]) -> Gathered:
    oldest = min(alerts, key=lambda alert: alert.since)
    stories: dict[str, tuple[str, ...]] = {}
    for found in (_STORY.fullmatch(alert.subject) for alert in alerts):
        if found:
            stories[found[1]] = (*stories.get(found[1], ()), found[2])
    if not stories:
        return Gathered(oldest, oldest.subject, {})
    more = len(stories) - _NAMED
    named = [*list(stories)[:_NAMED], f"{more} more"] if more > 1 else stories
    places = dict.fromkeys(target for targets in stories.values() for target in targets)
    about = f"{and_list(named)} on {and_list(places)}"
    return Gathered(oldest if len(stories) == 1 else replace(oldest, subject=""), about, stories)
