"""Which of the pending deliveries go out now, and why the others wait: one function a rule (lifecycle, section 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspost.core.delivery import Event, Revision, State
from crosspost.core.policy import Quiet, Target
from crosspost.core.post import PauseKind
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import TargetStanding
from crosspost.core.story import Record


@dataclass(frozen=True, slots=True)
class Draft:
    """What composing brought for one delivery: what sending it costs (micro-dollars), or why there is no text."""

    cost: int = 0
    trouble: Reason | None = None
    over: bool = False  # its event or deadline has passed


@dataclass(frozen=True, slots=True)
class Situation:
    """All that choosing on one target knows.

    `stop_all`: a person's stop of everything. `missing`: variables that the account lacks. `sent`:
    how many this pass has sent there. `ended`: why this pass is over there. `only`: the story that
    alone may go; `at_once`: it passes over settle, quiet hours, spacing and cap. `credential`: a hash
    of today's keys. `siblings`: the other targets that the same budget counts.
    """

    target: Target
    standing: TargetStanding
    now: datetime
    zone: ZoneInfo
    drafts: dict[str, Draft] = field(default_factory=dict)  # by story id
    stop_all: TargetStanding = field(default_factory=TargetStanding)
    missing: tuple[str, ...] = ()
    sent: int = 0
    ended: Reason | None = None
    only: str = ""
    at_once: bool = False
    credential: str = ""
    siblings: tuple[TargetStanding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One delivery: `send` it now, `hold` it, or let it wait for `reason`, until `due` where that is known."""

    record: Record
    reason: Reason
    due: datetime | None = None
    send: bool = False
    hold: bool = False
    probe: bool = False  # it tries whether a pause has ended


@dataclass(slots=True)
class _Tally:
    """What earlier deliveries of this choice take up."""

    sent: int = 0
    cost: int = 0


Rule = Callable[[Record, Situation, _Tally], Verdict | None]


def month_of(now: datetime) -> str:
    """The month that a cost counts in: UTC, as X bills."""
    return f"{now:%Y-%m}"


def paused(situation: Situation) -> bool:
    """Whether the machine's own pause holds: not over yet, and for the same keys."""
    pause = situation.standing.pause
    if pause is None or _new_keys(situation):
        return False
    return situation.now < pause.until


def probing(situation: Situation) -> bool:
    """Whether a pause has run out and nothing was accepted since: one delivery may try."""
    pause = situation.standing.pause
    return pause is not None and not paused(situation) and not _new_keys(situation)


def _new_keys(situation: Situation) -> bool:
    pause = situation.standing.pause
    return pause is not None and bool(situation.credential) and pause.credential not in {"", situation.credential}


def stopped_until(standing: TargetStanding, now: datetime) -> bool:
    """Whether a person's stop holds."""
    stop = standing.stop
    return stop is not None and (stop.until is None or now < stop.until)


# --- the rules -------------------------------------------------------------------------------------------------


def _wait(record: Record, code: Code, due: datetime | None = None, **params: str | int) -> Verdict:
    return Verdict(record, Reason.of(code, **params), due)


def not_asked(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """`run --only` sends nothing else."""
    if situation.only and record.story.id != situation.only:
        return _wait(record, Code.NOT_ASKED)
    return None


def due(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """A person's not-before, a future date, backoff, settle."""
    delivery, now = record.delivery, situation.now
    if delivery.not_before and now < delivery.not_before:
        return _wait(record, Code.NOT_BEFORE, delivery.not_before)
    published = record.article.published if record.article else None
    if published and now < published:
        return _wait(record, Code.FUTURE, max(published, delivery.due or published))
    if delivery.due is None or now >= delivery.due:
        return None
    if _backs_off(delivery, now):
        return _wait(record, Code.BACKOFF, delivery.due)
    return None if situation.at_once else _wait(record, Code.SETTLING, delivery.due)


def _backs_off(delivery: Revision, now: datetime) -> bool:
    """Whether it waits after an attempt; a change of its text on the site in between ends no backoff."""
    attempts = delivery.attempts
    if delivery.event in _BACKING_OFF:
        return True
    return bool(attempts.proved_absent and attempts.last and now < attempts.last + backoff(attempts.proved_absent))


_BACKING_OFF = frozenset({Event.NOT_SENT, Event.ABSENT_TWICE})


def over(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """Its event or deadline has passed: a person decides."""
    draft = situation.drafts.get(record.story.id)
    if draft is None or not draft.over or let_go(record, Code.OVER):
        return None
    return Verdict(record, Reason.of(Code.OVER), hold=True)


def let_go(record: Record, code: Code) -> bool:
    """Whether a person has approved it although it was held for that: it isn't held for it again."""
    reason = record.delivery.reason
    return reason.code == Code.APPROVED and reason.named.get("was") == code


def no_text(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """Nothing could be composed that may go out."""
    draft = situation.drafts.get(record.story.id)
    return Verdict(record, draft.trouble) if draft and draft.trouble else None


def stopped(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """A person's pause, everywhere or there."""
    for standing in (situation.stop_all, situation.standing):
        stop = standing.stop
        if stop is not None and stopped_until(standing, situation.now):
            return _wait(record, Code.STOPPED, stop.until, by=stop.by, why=stop.why)
    return None


def keyless(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """An account without keys waits; the others go on."""
    if situation.missing:
        return _wait(record, Code.NO_KEYS, names=", ".join(situation.missing), target=situation.target.name)
    return None


def target_paused(record: Record, situation: Situation, tally: _Tally) -> Verdict | None:
    """The machine's own pause; when it has run out, one delivery tries."""
    pause = situation.standing.pause
    if pause is None:
        return None
    if paused(situation):
        return _wait(record, Code.TARGET_PAUSED, pause.until, cause=pause.reason.code, target=situation.target.name)
    if probing(situation) and (tally.sent or situation.sent):
        return _wait(record, Code.TARGET_PAUSED, None, cause=pause.reason.code, target=situation.target.name)
    return None


def ended(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """The pass is over on that target (a lost answer, a pause that has just begun, a gap)."""
    return Verdict(record, situation.ended) if situation.ended else None


def quiet(record: Record, situation: Situation, _: _Tally) -> Verdict | None:
    """Quiet hours, in the settings' zone."""
    hours = situation.target.policy.quiet
    if hours is None or situation.at_once:
        return None
    end = quiet_until(hours, situation.now, situation.zone)
    return _wait(record, Code.QUIET, end) if end else None


def budget(record: Record, situation: Situation, tally: _Tally) -> Verdict | None:
    """Nothing is sent that would pass the month's budget; what is unknown stays reserved."""
    limit = situation.target.budget
    draft = situation.drafts.get(record.story.id)
    if limit is None or draft is None or not draft.cost:
        return None
    month = month_of(situation.now)
    spent = sum(standing.spent_in(month) for standing in (situation.standing, *situation.siblings)) + tally.cost
    if spent + draft.cost <= limit:
        return None
    return _wait(record, Code.BUDGET, spent=spent, budget=limit, cost=draft.cost, target=situation.target.name)


def spacing(record: Record, situation: Situation, tally: _Tally) -> Verdict | None:
    """The time between two posts of one account; a run never waits for it."""
    gap, last = situation.target.policy.spacing, situation.standing.sent_at
    if not gap or situation.at_once:
        return None
    if tally.sent:
        return _wait(record, Code.SPACING, situation.now + gap)
    return _wait(record, Code.SPACING, last + gap) if last and last <= situation.now < last + gap else None


def cap(record: Record, situation: Situation, tally: _Tally) -> Verdict | None:
    """So many a run; the rest waits, nothing is dropped."""
    limit = situation.target.policy.max_per_run
    if situation.at_once or situation.sent + tally.sent < limit:
        return None
    return _wait(record, Code.CAP, limit=limit)


RULES: tuple[Rule, ...] = (
    not_asked,
    due,
    over,
    no_text,
    stopped,
    keyless,
    target_paused,
    ended,
    quiet,
    budget,
    spacing,
    cap,
)


def choose(records: tuple[Record, ...], situation: Situation) -> tuple[Verdict, ...]:
    """A verdict for each pending delivery of the target, in the order in which they would go out."""
    waiting = [
        record
        for record in records
        if record.delivery.state is State.PENDING and record.delivery.key.target == situation.target.name
    ]
    tally, verdicts = _Tally(), []
    for record in _ordered(waiting, situation):
        verdict = _first(record, situation, tally)
        if verdict.send:
            tally.sent += 1
            tally.cost += situation.drafts.get(record.story.id, Draft()).cost
        verdicts.append(verdict)
    return tuple(verdicts)


def _first(record: Record, situation: Situation, tally: _Tally) -> Verdict:
    for rule in RULES:
        verdict = rule(record, situation, tally)
        if verdict is not None:
            return verdict
    return Verdict(record, Reason.of(Code.DUE), situation.now, send=True, probe=probing(situation))


def _ordered(records: list[Record], situation: Situation) -> list[Record]:
    """Oldest first, by the entry's own date, else first seen; a probe begins with another than the pause's cause."""
    cause = situation.standing.pause.cause if situation.standing.pause and probing(situation) else ""

    def key(record: Record) -> tuple[bool, datetime, int]:
        date = record.article.published if record.article and record.article.published else record.story.first_seen
        return (bool(cause) and record.story.id == cause, date, record.story.number)

    return sorted(records, key=key)


# --- time ---------------------------------------------------------------------------------------------------------


def quiet_until(hours: Quiet, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that `now` lies in end (aware, UTC), else None. Right on the days the clocks change.

    Wall times are resolved in the zone. One that a change skips, or that comes twice, means two moments:
    quiet begins at the earlier and ends at the later, so that it is never too short.
    """
    local = now.astimezone(zone)
    for days in (-1, 0):
        day = local.date() + timedelta(days=days)
        last = day + timedelta(days=1) if hours.end <= hours.start else day
        begin = min(_moments(datetime.combine(day, hours.start, zone)))
        finish = max(_moments(datetime.combine(last, hours.end, zone)))
        if begin <= now < finish:
            return finish
    return None


def _moments(wall: datetime) -> tuple[datetime, datetime]:
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


PAUSES: dict[PauseKind, tuple[timedelta, timedelta]] = {  # first length, longest; doubling between
    PauseKind.UNAUTHORIZED: (timedelta(hours=1), timedelta(hours=24)),
    PauseKind.PERMISSION: (timedelta(hours=1), timedelta(hours=24)),
    PauseKind.SUSPENDED: (timedelta(hours=1), timedelta(hours=24)),
    PauseKind.NO_CREDIT: (timedelta(hours=6), timedelta(hours=6)),
    PauseKind.SPEND_CAP: (timedelta(hours=24), timedelta(hours=24)),
    PauseKind.RATE_LIMIT: (timedelta(minutes=15), timedelta(hours=1)),
    PauseKind.BLOCKED: (timedelta(hours=24), timedelta(hours=72)),
}
LONGEST = timedelta(days=32)  # no platform's own date may stop a target for longer than a billing cycle


def pause_end(kind: PauseKind, until: datetime | None, count: int, now: datetime) -> datetime:
    """When the `count`-th pause in a row ends: the platform's own date where it gave a sensible one."""
    if until is not None and now < until <= now + LONGEST:
        return until
    first, longest = PAUSES[kind]
    return now + min(first * (1 << (min(count, 16) - 1)), longest)


def backoff(times: int) -> timedelta:
    """How long after an attempt, proved absent for the `times`-th time, the next is due: 1 h, 2 h, 4 h … 24 h."""
    return min(timedelta(hours=2 ** min(max(times, 1) - 1, 5)), timedelta(hours=24))
