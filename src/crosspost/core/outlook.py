"""What people and programs are shown: values that the pipeline fills and report/ turns into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crosspost.core.delivery import Revision, State
from crosspost.core.post import Pause, Post
from crosspost.core.reason import Reason
from crosspost.core.story import Record
from crosspost.core.why import Why


@dataclass(frozen=True, slots=True)
class Prospect:
    """A delivery as preview, run and status show it.

    `record.story.number` is 0 before a run has recorded the story. `state` is where it would stand:
    for a preview, after this pass's planning. `reason` is why it is so, or why it waits; `due` when
    it would go out, None where it isn't waiting or nobody knows. `post` is None where no text was
    composed. `code` ("12@a3f09c") is "" for a story that isn't recorded. `goes` is true where this
    pass would send (preview) or has sent (run) it. `cost`: US micro-dollars. `revisions` are filled
    for history alone, `why` for `preview --why`.
    """

    record: Record
    platform: str
    state: State
    reason: Reason
    post: Post | None = None
    due: datetime | None = None
    code: str = ""
    cost: int = 0
    goes: bool = False
    revisions: tuple[Revision, ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class FeedOutlook:
    """What a poll of one feed brought. `status`: "ok", "unchanged" or "failed"; `reason` says why it failed.

    `entries` were listed, `new` of them unknown before. `notes`: further reasons (entries missed …).
    """

    name: str
    url: str
    status: str
    http: int | None = None
    entries: int = 0
    new: int = 0
    error: str = ""
    hint: str = ""
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """Where a target stands: paused until when and why, by a person or by the machine."""

    name: str
    platform: str
    paused_until: datetime | None = None
    reason: Reason | None = None
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person must know: a reason, what it is about, since when, and whether it is a reminder."""

    subject: str
    reason: Reason
    since: datetime
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """The month's cost on one budgeted target, US micro-dollars."""

    target: str
    month: str
    spent: int
    reserved: int
    budget: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go out now, and why the rest would not."""

    prospects: tuple[Prospect, ...]
    feeds: tuple[FeedOutlook, ...]
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one pass did: the deliveries that it touched, by where they stand now.

    Filled where a report is to be written: `at`, when the pass began; `before`, the newest earlier pass that the
    ledger has a note of; `status`, all that is open after it.
    `stands`: every trouble that a person was told of, now or before, with what it is about.
    `counted`: by a baseline, how many stories of the feeds it counted as known; None for any other pass.
    """

    prospects: tuple[Prospect, ...]
    feeds: tuple[FeedOutlook, ...]
    alerts: tuple[Alert, ...]
    targets: tuple[TargetOutlook, ...]
    exit_code: int
    passing: tuple[Alert, ...] = ()  # troubles that the next run will try again
    at: datetime | None = None
    before: datetime | None = None
    status: Status | None = None
    stands: tuple[Alert, ...] = ()
    counted: int | None = None

    @property
    def told_before(self) -> tuple[Alert, ...]:
        """What still stands, and this pass tells nobody of."""
        now = {(alert.subject, alert.reason) for alert in self.alerts}
        return tuple(alert for alert in self.stands if (alert.subject, alert.reason) not in now)


@dataclass(frozen=True, slots=True)
class Status:
    """All that is open, and where everything stands."""

    prospects: tuple[Prospect, ...]
    targets: tuple[TargetOutlook, ...]
    feeds: tuple[FeedOutlook, ...]
    money: tuple[Money, ...]
