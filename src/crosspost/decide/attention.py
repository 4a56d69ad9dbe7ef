"""What needs a person: which troubles are told now, which again, and what the exit code is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosspost.core.outlook import Alert
from crosspost.core.policy import Alerts
from crosspost.core.reason import Reason
from crosspost.core.standing import Told


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that isn't as it should be.

    `subject`: the story, target or feed it is about. `passing`: the next run tries again by itself,
    so a person is told only when it has lasted longer than alerts.after. `always`: told each time.
    `kind`: another kind of the same trouble is another one, of which a person must hear.
    """

    subject: str
    reason: Reason
    since: datetime
    passing: bool = False
    always: bool = False
    kind: str = ""

    @property
    def name(self) -> str:
        """What it is remembered by: a standing trouble keeps its name."""
        return f"{self.reason.code} {self.subject} {self.kind}".rstrip()


@dataclass(frozen=True, slots=True)
class Attention:
    """Alerts to give now, what to remember of the told ones, and the exit code.

    `quiet`: what is passing, and too young to be told. `stands`: the alerts, and what a person was told of before.
    """

    alerts: tuple[Alert, ...]
    told: Mapping[str, Told]
    exit_code: int
    quiet: tuple[Alert, ...]
    stands: tuple[Alert, ...] = ()


def attend(troubles: Iterable[Trouble], told: Mapping[str, Told], rules: Alerts, now: datetime) -> Attention:
    """Tell what is new, remind of what stands, forget what is over.

    Exit 1 when something is told or reminded of, else 0: mail goes out when a person is needed, and
    not on every tick.
    """
    alerts: list[Alert] = []
    kept: dict[str, Told] = {}
    quiet: list[Alert] = []
    stands: list[Alert] = []
    for trouble in {trouble.name: trouble for trouble in troubles}.values():
        before = told.get(trouble.name)
        since = min(before.since, trouble.since) if before else trouble.since
        last = before.last if before else None
        alert = Alert(trouble.subject, trouble.reason, since, reminder=last is not None)
        if _tell(trouble, since, last, rules, now):
            alerts.append(alert)
            last = now
        elif last is None:
            quiet.append(alert)
        if last is not None:
            stands.append(alert)
        if not trouble.always:
            kept[trouble.name] = Told(since, last)
    return Attention(tuple(alerts), kept, 1 if alerts else 0, tuple(quiet), tuple(stands))


def _tell(trouble: Trouble, since: datetime, last: datetime | None, rules: Alerts, now: datetime) -> bool:
    if trouble.always:
        return True
    if last is not None:
        return now - last >= rules.remind or now < last
    return not trouble.passing or now - since > rules.after
