"""Read an account's timeline where something is unknown, or records may be missing, and append what it proves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosspost.core.delivery import Attempts, Event, Revision, State, step, unsent
from crosspost.core.post import Absent, CantTell, Evidence, Found, Post, Seen, Timeline, Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import GapStanding, TargetStanding
from crosspost.core.story import Batch, Record
from crosspost.decide.choose import backoff, month_of
from crosspost.decide.evidence import (
    CONTROL,
    FIRST_ABSENT,
    SECOND_ABSENT,
    SILENCE,
    Wanted,
    counts_as,
    judge,
    match,
    next_read,
)
from crosspost.ledger.anew import anew
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.standings import Standings, append_on_target
from crosspost.pipeline.texts import text_of

TAKEN = 100  # so many of the newest published posts are known to be other stories'
MARGIN = timedelta(minutes=1)
STRAYS = 100  # so many posts of a gap that belong to no delivery are kept with the target, the newest


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reading brought: the moved deliveries, and why it proved nothing where it didn't."""

    moved: tuple[Revision, ...] = ()
    cant_tell: tuple[Reason, ...] = ()


def find_gap(office: Office, standings: Standings) -> GapStanding | None:
    """Whether records may be missing: an older ledger was put back, or nobody ran for long."""
    now, last = office.world.clock.now(), standings.run().at
    if last is None:
        return None
    remembered = office.world.memory.recall(office.ledger.id)
    put_back = remembered is not None and remembered > office.ledger.sequence()
    silent = office.ledger.keeps_time and abs(now - last) > SILENCE
    if not put_back and not silent:
        return None
    return GapStanding(last, now, needs=2 if put_back else 1)


def notice_gap(office: Office) -> None:
    """Mark every target whose records may be missing; nothing is sent there until its timeline was read.

    Raises LedgerBusy: a run that could not mark them must not go on.
    """

    def step() -> bool | None:
        standings = Standings.read(office.ledger)
        gap = find_gap(office, standings)
        if gap is None:
            return False
        # All targets in one append: a run that dies in between must not leave one of them unmarked.
        names = [target.name for target in office.targets]
        puts = tuple(standings.put_target(name, _with_gap(standings.target(name), gap)) for name in names)
        return True if office.ledger.append(Batch(values=puts)) else None

    anew(step)


def _with_gap(standing: TargetStanding, gap: GapStanding) -> TargetStanding:
    """The gap that reaches further back and needs more proof. What an older copy holds of a proof is no proof."""
    before = standing.gap
    if before is None:
        return replace(standing, gap=gap)
    further = min(before.back_to, gap.back_to)
    if gap.needs > 1 or before.needs < gap.needs:
        return replace(standing, gap=replace(gap, back_to=further))
    return replace(standing, gap=replace(before, back_to=further))


def settle_unknown(office: Office, outlet: Outlet) -> Reconciled:
    """Read the target's timeline if something there is unknown and a reading could settle it; a reading costs."""
    now = office.world.clock.now()
    unknown = [record for record in _on(office, outlet) if _asks(record, now)]
    if outlet.adapter is None or not unknown:
        return Reconciled()
    look = _look(office, outlet, min(record.delivery.attempts.first or now for record in unknown))
    return _append(look, unknown, [], None)


def close_gap(office: Office, outlet: Outlet) -> Reconciled:
    """Read the timeline back to where records may be missing, once something wants to go out there."""
    now = office.world.clock.now()
    waiting = [record for record in _on(office, outlet) if record.delivery.state in {State.PENDING, State.HELD}]
    gap = Standings.read(office.ledger).target(outlet.target.name).gap
    if outlet.adapter is None or gap is None or not _gap_asks(gap, waiting, now):
        return Reconciled()
    return _append(_look(office, outlet, gap.back_to), [], waiting, gap)


def _on(office: Office, outlet: Outlet) -> list[Record]:
    return [record for record in office.ledger.open() if record.delivery.key.target == outlet.target.name]


def _asks(record: Record, now: datetime) -> bool:
    attempts = record.delivery.attempts
    due = next_read(attempts)
    if record.delivery.state is not State.UNKNOWN or due is None:
        return False
    ahead = attempts.absent_at is not None and now < attempts.absent_at
    return now >= due or ahead


def _gap_asks(gap: GapStanding, waiting: list[Record], now: datetime) -> bool:
    """A gap is read for once something wants to go out; a second reading has to be later."""
    if not any(record.delivery.state is State.PENDING for record in waiting):
        return False
    return gap.needs == 1 or now >= gap.seen_at + (SECOND_ABSENT if gap.absent_at else FIRST_ABSENT)


def _published(office: Office, target: str) -> tuple[frozenset[str], frozenset[str], list[datetime]]:
    """The control posts' ids, the ids that belong to stories, and how far back the newest control post lies."""
    lives = office.ledger.history(target=target, states=[State.PUBLISHED], limit=TAKEN)
    ids = [life.record.delivery.remote_id for life in lives if life.record.delivery.remote_id]
    dates = [life.record.delivery.out_at for life in lives[:CONTROL] if life.record.delivery.out_at]
    return frozenset(ids[:CONTROL]), frozenset(ids), [max(dates)] if dates else []


@dataclass(frozen=True, slots=True)
class _Look:
    """One reading, and what it is judged with."""

    office: Office
    outlet: Outlet
    timeline: Timeline | Unread
    control: frozenset[str]
    taken: frozenset[str]
    now: datetime

    def judge(self, wanted: Wanted) -> Evidence:
        return judge(wanted, self.timeline, self.control, self.taken)


def _look(office: Office, outlet: Outlet, since: datetime) -> _Look:
    """Read the timeline back to then, and to the newest post that the ledger knows to stand there."""
    assert outlet.adapter is not None, "the callers have looked"
    control, taken, reach = _published(office, outlet.target.name)
    timeline = outlet.adapter.find(min([since, *reach]) - MARGIN, control)
    return _Look(office, outlet, timeline, control, taken, office.world.clock.now())


def _append(look: _Look, unknown: list[Record], waiting: list[Record], gap: GapStanding | None) -> Reconciled:
    moved: list[Revision] = []
    doubts: list[Reason] = []
    released: list[tuple[str, int]] = []  # by the month in which it was reserved
    for record in unknown:
        evidence = look.judge(wanted(record, look.outlet, record.delivery.attempts.first or look.now))
        revision = _of_unknown(record.delivery, evidence, look)
        if isinstance(evidence, CantTell):
            doubts.append(evidence.reason)
        if revision is not None:
            moved.append(revision)
            released.append((_month_reserved(record.delivery), record.delivery.cost - revision.cost))
    after = gap
    if gap is not None:
        after = _over_gap(look, waiting, gap, moved, doubts)
    strays = _strays(look, gap, moved) if gap is not None and after is None else ()
    month, cost = month_of(look.now), _read_cost(look)

    def change(standing: TargetStanding) -> TargetStanding:
        charged = standing.charge(month, cost) if cost else standing
        for past, amount in released:
            charged = charged.charge(past, -amount) if amount else charged
        if gap is None or standing.gap != gap:
            return charged
        return replace(charged, gap=after, strays=(strays + standing.strays)[:STRAYS])

    if append_on_target(look.office.ledger, look.outlet.target.name, change, tuple(moved)) is None:
        return Reconciled(cant_tell=tuple(doubts))  # another run was first: the next one looks again
    return Reconciled(tuple(moved), tuple(doubts))


def _month_reserved(delivery: Revision) -> str:
    return month_of(delivery.attempts.last or delivery.at)


def _read_cost(look: _Look) -> int:
    if isinstance(look.timeline, Unread):
        return 0
    return look.timeline.read * look.outlet.read_price


def wanted(record: Record, outlet: Outlet, since: datetime) -> Wanted:
    """What a delivery looks like on its account: its text, and its story's addresses of all times."""
    text = text_of(record, outlet)
    older = frozenset(name.removeprefix("link:") for name in record.story.identities if name.startswith("link:"))
    if isinstance(text, Post):
        return replace(Wanted.of(text, since), older=older)
    return Wanted("", record.article.link if record.article else record.story.link, since, older)


def _of_unknown(delivery: Revision, evidence: Evidence, look: _Look) -> Revision | None:
    """What a reading makes of an unknown delivery; None where it changes nothing."""
    match evidence:
        case Found():
            return _found(delivery, Event.FOUND, evidence, look)
        case CantTell():
            return None
        case Absent():
            return _absent(delivery, look)


def _found(delivery: Revision, event: Event, found: Found, look: _Look) -> Revision:
    code = Code.FOUND if event is Event.FOUND else Code.FOUND_AFTER_GAP
    return step(
        delivery,
        event,
        State.PUBLISHED,
        at=look.now,
        reason=Reason.of(code, id=found.remote_id),
        remote_id=found.remote_id,
        url=found.url or (look.outlet.adapter.url_of(found.remote_id) if look.outlet.adapter else ""),
        out_at=found.at or delivery.attempts.last or look.now,
        due=None,
        attempts=replace(delivery.attempts, open=False, absent_at=None),
        writer=look.office.writer,
    )


def _absent(delivery: Revision, look: _Look) -> Revision | None:
    """The first absent reading is kept; the second proves it, unless the platform said "duplicate"."""
    attempts, now = delivery.attempts, look.now
    counts = counts_as(attempts, now)
    if counts == "early":
        return None
    if counts == "first":
        return step(
            delivery,
            Event.ABSENT_ONCE,
            State.UNKNOWN,
            at=now,
            reason=Reason.of(Code.ABSENT_ONCE),
            attempts=replace(attempts, absent_at=now),
            writer=look.office.writer,
        )
    proved = replace(attempts, open=False, absent_at=None, proved_absent=attempts.proved_absent + 1)
    if attempts.duplicate:
        reason = Reason.of(Code.DUPLICATE_ABSENT)
        return step(
            delivery,
            Event.DUPLICATE_ABSENT,
            State.FAILED,
            at=now,
            reason=reason,
            attempts=proved,
            cost=0,
            writer=look.office.writer,
        )
    return _again(delivery, proved, look)


def _again(delivery: Revision, attempts: Attempts, look: _Look) -> Revision:
    """Proved absent: it goes out again, after its backoff, with the text of then unless a person fixed it."""
    return step(
        unsent(delivery),
        Event.ABSENT_TWICE,
        State.PENDING,
        at=look.now,
        reason=Reason.of(Code.ABSENT_TWICE),
        attempts=attempts,
        due=(attempts.last or look.now) + backoff(attempts.proved_absent),
        cost=0,
        writer=look.office.writer,
    )


def _over_gap(
    look: _Look, waiting: Iterable[Record], gap: GapStanding, moved: list[Revision], doubts: list[Reason]
) -> GapStanding | None:
    """Look for what waits and may be out already; the gap is closed once enough readings show that it isn't."""
    if isinstance(look.timeline, Unread):
        doubts.append(look.timeline.reason)
        return gap
    for record in waiting:
        evidence = look.judge(wanted(record, look.outlet, gap.back_to))
        if isinstance(evidence, Found):
            moved.append(_found(record.delivery, Event.FOUND_AFTER_GAP, evidence, look))
        elif isinstance(evidence, CantTell):
            doubts.append(evidence.reason)
            return gap
    whole = look.judge(Wanted("", "", gap.back_to))
    if isinstance(whole, CantTell):
        doubts.append(whole.reason)  # what waits was found, but the reading doesn't reach back to the gap's begin
        return gap
    if gap.needs == 1 or gap.absent_at is not None:
        return None
    return replace(gap, absent_at=look.now)


def _strays(look: _Look, gap: GapStanding, moved: list[Revision]) -> tuple[Seen, ...]:
    """The posts since the gap's begin that belong to no delivery, and were found for none either."""
    if isinstance(look.timeline, Unread):
        return ()
    known = look.taken | {revision.remote_id for revision in moved}
    return tuple(
        seen
        for seen in look.timeline.posts
        if seen.remote_id not in known and (seen.at is None or seen.at >= gap.back_to - MARGIN)
    )


def stray_of(record: Record, outlet: Outlet, standing: TargetStanding, now: datetime) -> Seen | None:
    """The post that a gap left over and that is this delivery's, if there is one."""
    return match(wanted(record, outlet, now), standing.strays, frozenset()) if standing.strays else None


def found_astray(office: Office, outlet: Outlet, record: Record, stray: Seen) -> bool:
    """Note that a delivery is out already, as a post that a gap left over; False when another run was first."""
    look = _Look(office, outlet, Timeline((stray,), to_end=True), frozenset(), frozenset(), office.world.clock.now())
    revision = _found(record.delivery, Event.FOUND_AFTER_GAP, Found(stray.remote_id, stray.url, stray.at), look)

    def change(standing: TargetStanding) -> TargetStanding:
        return replace(standing, strays=tuple(one for one in standing.strays if one.remote_id != stray.remote_id))

    return append_on_target(office.ledger, outlet.target.name, change, (revision,)) is not None
