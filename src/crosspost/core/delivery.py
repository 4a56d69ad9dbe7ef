"""One story on one target: its states, the events that move it, and the table of legal moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from crosspost.core.post import Post
from crosspost.core.reason import Reason

LEASE = timedelta(minutes=10)  # a constant: a setting could break "never twice"
HALF_LEASE = LEASE / 2  # later than this after the begin, its holder no longer sends
MAX_ATTEMPTS = 5


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PUBLISHED = "published"
    FAILED = "failed"
    SKIPPED = "skipped"
    RETRACTED = "retracted"


class Event(StrEnum):
    """What moves a delivery."""

    PLAN = "plan"
    BEGIN = "begin"
    SKIP = "skip"
    GONE = "gone"
    PROTECT = "protect"
    HOLD = "hold"
    TOO_MANY = "too-many"
    EDIT = "edit"
    REFRESH = "refresh"
    APPROVE = "approve"
    RESOLVE_PUBLISHED = "resolve-published"
    RESOLVE_ABSENT = "resolve-absent"
    FOUND_AFTER_GAP = "found-after-gap"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not-sent"
    FAULT = "fault"
    LOST = "lost"
    LEASE_OVER = "lease-over"
    FOUND = "found"
    ABSENT_ONCE = "absent-once"
    ABSENT_TWICE = "absent-twice"
    DUPLICATE_ABSENT = "duplicate-absent"
    RETRACT_INTENT = "retract-intent"
    RETRACT_DONE = "retract-done"
    RETRACT_UNCONFIRMED = "retract-unconfirmed"
    EDIT_INTENT = "edit-intent"
    EDIT_DONE = "edit-done"
    EDIT_UNCONFIRMED = "edit-unconfirmed"
    NOTE = "note"
    RETRY = "retry"
    LATE = "late"


_P, _H, _S, _U = State.PENDING, State.HELD, State.SENDING, State.UNKNOWN
_OUT, _F, _SK, _R = State.PUBLISHED, State.FAILED, State.SKIPPED, State.RETRACTED

# (state, event) → the states it may lead to; None is a delivery that doesn't exist yet.
# What isn't listed is illegal. LATE is legal from every state: an acceptance is never dropped.
TABLE: dict[tuple[State | None, Event], frozenset[State]] = {
    (None, Event.PLAN): frozenset({_P, _H, _SK}),
    (_P, Event.BEGIN): frozenset({_S}),
    (_P, Event.SKIP): frozenset({_SK}),
    (_P, Event.GONE): frozenset({_SK}),
    (_P, Event.PROTECT): frozenset({_SK}),
    (_P, Event.HOLD): frozenset({_H}),
    (_P, Event.TOO_MANY): frozenset({_F}),
    (_P, Event.EDIT): frozenset({_P}),
    (_P, Event.REFRESH): frozenset({_P}),
    (_P, Event.RESOLVE_PUBLISHED): frozenset({_OUT}),
    (_P, Event.FOUND_AFTER_GAP): frozenset({_OUT}),
    (_H, Event.APPROVE): frozenset({_P}),
    (_H, Event.EDIT): frozenset({_H}),
    (_H, Event.REFRESH): frozenset({_H}),
    (_H, Event.HOLD): frozenset({_H}),
    (_H, Event.SKIP): frozenset({_SK}),
    (_H, Event.GONE): frozenset({_SK}),
    (_H, Event.PROTECT): frozenset({_SK}),
    (_H, Event.RESOLVE_PUBLISHED): frozenset({_OUT}),
    (_H, Event.FOUND_AFTER_GAP): frozenset({_OUT}),
    (_S, Event.ACCEPTED): frozenset({_OUT}),
    (_S, Event.REFUSED): frozenset({_F}),
    (_S, Event.NOT_SENT): frozenset({_P}),
    (_S, Event.FAULT): frozenset({_F}),
    (_S, Event.LOST): frozenset({_U}),
    (_S, Event.LEASE_OVER): frozenset({_U}),
    (_U, Event.FOUND): frozenset({_OUT}),
    (_U, Event.RESOLVE_PUBLISHED): frozenset({_OUT}),
    (_U, Event.ABSENT_ONCE): frozenset({_U}),
    (_U, Event.ABSENT_TWICE): frozenset({_P}),
    (_U, Event.RESOLVE_ABSENT): frozenset({_P}),
    (_U, Event.DUPLICATE_ABSENT): frozenset({_F}),
    (_U, Event.SKIP): frozenset({_SK}),
    (_OUT, Event.RETRACT_INTENT): frozenset({_OUT}),
    (_OUT, Event.RETRACT_DONE): frozenset({_R}),
    (_OUT, Event.RETRACT_UNCONFIRMED): frozenset({_OUT}),
    (_OUT, Event.EDIT_INTENT): frozenset({_OUT}),
    (_OUT, Event.EDIT_DONE): frozenset({_OUT}),
    (_OUT, Event.EDIT_UNCONFIRMED): frozenset({_OUT}),
    (_OUT, Event.NOTE): frozenset({_OUT}),
    (_F, Event.EDIT): frozenset({_P}),
    (_F, Event.RETRY): frozenset({_P}),
    (_F, Event.SKIP): frozenset({_SK}),
    (_F, Event.RESOLVE_PUBLISHED): frozenset({_OUT}),
    (_SK, Event.RETRY): frozenset({_P, _U}),
    (_SK, Event.PLAN): frozenset({_P, _H, _SK}),
    (_R, Event.RETRY): frozenset({_P}),
    **{(state, Event.LATE): frozenset({_OUT}) for state in State},
}


class IllegalMove(Exception):
    """A move that the table doesn't hold: a bug, never a person's mistake."""


class Fixed(StrEnum):
    """Why a text is a fact and no longer made from article and settings."""

    APPROVED = "approved"
    EDITED = "edited"
    SENT = "sent"


class Todo(StrEnum):
    """What is left to do on a published delivery."""

    RETRACT = "retract"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Key:
    """A delivery's name: a story's id and a target's name."""

    story: str
    target: str


@dataclass(frozen=True, slots=True)
class Attempts:
    """What is known of the attempts to send: how many count, and what became of them.

    `count`: begun attempts that count against MAX_ATTEMPTS; a person's decision sets it to 0.
    `first`, `last`: when the first attempt that nothing has ever ruled out, and the newest, began.
    `absent_at`: when the first absent read of the newest attempt was made.
    `open`: begun, and nothing proves that it isn't out.
    `duplicate`: the newest answer was the platform's "duplicate".
    `pauses`: how often this delivery's answer paused its target.
    `proved_absent`: how many attempts were proved absent since a person's last decision (backoff).
    """

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    absent_at: datetime | None = None
    open: bool = False
    duplicate: bool = False
    pauses: int = 0
    proved_absent: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """A delivery as one event left it: the newest revision of a delivery *is* the delivery.

    `rev` counts from 1 without gaps. `article` is a fingerprint, "" for a baseline entry.
    `post` is stored once `fixed` says why it is a fact. `due`: settle, future date or backoff;
    `not_before`: a person's. `cost`: US micro-dollars reserved or spent. `writer`: the run that
    appended it. `remote_id`, `url`, `out_at`: where and since when it is out. `by`: "crosspost", or
    the person who decided.
    """

    key: Key
    rev: int
    state: State
    event: Event
    at: datetime
    by: str
    reason: Reason
    article: str = ""
    post: Post | None = None
    fixed: Fixed | None = None
    due: datetime | None = None
    not_before: datetime | None = None
    attempts: Attempts = field(default_factory=Attempts)
    cost: int = 0
    writer: str = ""
    remote_id: str = ""
    url: str = ""
    out_at: datetime | None = None
    todo: Todo | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.state in OPEN_STATES or self.todo is not None


OPEN_STATES = frozenset({_P, _H, _S, _U, _F})


def legal(state: State | None, event: Event) -> bool:
    """Whether the event may happen in that state."""
    return (state, event) in TABLE


def check_move(before: Revision | None, after: Revision) -> None:
    """Raise IllegalMove unless `after` follows `before` by the table, one revision later."""
    state = before.state if before else None
    expected = before.rev + 1 if before else 1
    if after.rev != expected:
        raise IllegalMove(f"revision {after.rev} can't follow {expected - 1}")
    if before and before.key != after.key:
        raise IllegalMove("a revision of another delivery")
    if after.state not in TABLE.get((state, after.event), frozenset()):
        raise IllegalMove(f"{state or 'new'} --{after.event}--> {after.state}")


def unsent(delivery: Revision) -> Revision:
    """The delivery with a text that was merely sent let go of: it is made anew, unless a person fixed it."""
    return replace(delivery, post=None, fixed=None) if delivery.fixed is Fixed.SENT else delivery


def step(
    before: Revision,
    event: Event,
    state: State,
    *,
    at: datetime,
    reason: Reason,
    by: str = "crosspost",
    **changes: object,
) -> Revision:
    """The next revision: `before` with the event's changes, checked against the table."""
    after = replace(
        before,
        rev=before.rev + 1,
        event=event,
        state=state,
        at=at,
        by=by,
        reason=reason,
        **changes,  # type: ignore[arg-type]
    )
    check_move(before, after)
    return after
