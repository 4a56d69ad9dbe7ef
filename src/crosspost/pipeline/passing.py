"""One pass over everything, and the preview of it: the same steps without the last ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosspost.core.delivery import Key, State
from crosspost.core.outlook import FeedOutlook, Preview, Prospect, RunReport, TargetOutlook
from crosspost.core.post import PauseKind
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import TargetStanding
from crosspost.core.story import Record
from crosspost.decide.attention import Attention, Trouble, attend
from crosspost.decide.choose import Verdict, choose, stopped_until
from crosspost.decide.evidence import SECOND_ABSENT
from crosspost.decide.identity import feeds_of
from crosspost.pipeline.amend import finish_intents
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.poll import Poll, poll_all
from crosspost.pipeline.reconcile import Reconciled, notice_gap, reconcile
from crosspost.pipeline.record import Mode, expire_leases, make_plan, outlooks, record_polls
from crosspost.pipeline.send import Sending, Wish, probe_suspended, send_all, situation_of
from crosspost.pipeline.standings import EVERYWHERE, Standings
from crosspost.pipeline.texts import prospect


@dataclass(frozen=True, slots=True)
class Options:
    """What this run was asked for. `send` false: everything but sending (run --baseline).

    `stopping()` is looked at before each post: once it is true, no further one is begun.
    """

    wish: Wish = field(default_factory=Wish)
    mode: Mode = field(default_factory=Mode)
    send: bool = True
    strict: bool = False
    stopping: Callable[[], bool] = lambda: False


def run_pass(office: Office, options: Options) -> RunReport:
    """Poll, plan, record; reconcile what is unknown; send what is due; say what needs a person."""
    notice_gap(office)
    before = office.ledger.open()
    expired = expire_leases(office, before)
    polls = poll_all(office, Standings.read(office.ledger), feeds_with_something_due(office, before))
    planned = record_polls(office, polls, options.mode)
    touched = {revision.key for revision in (*expired, *planned.plan.batch.revisions)}
    doubts: dict[str, Reconciled] = {}
    if options.send:
        touched |= {revision.key for revision in finish_intents(office)}
        for name, outlet in office.outlets.items():
            doubts[name] = reconcile(office, outlet)
            touched |= {revision.key for revision in doubts[name].moved}
            touched |= _send(office, name, options)
    feeds = outlooks(polls, planned)
    attention = _attend(office, polls, feeds, doubts)
    office.world.memory.remember(office.ledger.id, office.ledger.sequence())
    return _report(office, touched, feeds, attention, options)


def feeds_with_something_due(office: Office, records: Iterable[Record]) -> frozenset[str]:
    """Feeds of which something is due: they are read without validators, so that nothing stale goes out."""
    now = office.world.clock.now()
    return frozenset(
        feed
        for record in records
        if record.delivery.state is State.PENDING and (record.delivery.due is None or record.delivery.due <= now)
        for feed in feeds_of(record.story)
    )


def _send(office: Office, name: str, options: Options) -> set[Key]:
    sending = Sending(office, office.outlets[name], options.wish, options.stopping)
    if Standings.read(office.ledger).target(name).gap is not None:
        sending.ended = Reason.of(Code.GAP_UNREAD, target=name)
    else:
        probe_suspended(sending)
    send_all(sending)
    return sending.touched


# --- preview ------------------------------------------------------------------------------------------------------


def preview(office: Office, wish: Wish | None = None) -> Preview:
    """What a run would do now. Reads the feeds without validators, writes nothing anywhere."""
    standings = Standings.read(office.ledger)
    polls = poll_all(office, standings, frozenset(feed.name for feed in office.settings.feeds))
    return preview_polls(office, standings, polls, wish or Wish())


def preview_polls(office: Office, standings: Standings, polls: tuple[Poll, ...], wish: Wish) -> Preview:
    """The preview over polls that were made already."""
    planned = make_plan(office, polls, Mode())
    records = planned.records()
    unrecorded = {story.id for story in planned.plan.batch.stories}
    verdicts = {verdict.record.delivery.key: verdict for verdict in verdicts_of(office, standings, records, wish)}
    shown = tuple(
        _foreseen(office, record, verdicts.get(record.delivery.key), recorded=record.story.id not in unrecorded)
        for record in records
    )
    return Preview(shown, outlooks(polls, planned))


def verdicts_of(office: Office, standings: Standings, records: tuple[Record, ...], wish: Wish) -> Iterable[Verdict]:
    """What choosing says of each pending one: that it goes, or why it waits."""
    now = office.world.clock.now()
    for outlet in office.outlets.values():
        situation, _ = situation_of(office, outlet, standings, records, wish)
        gap = situation.standing.gap
        if gap is not None and gap.needs > 1 and now < gap.seen_at + SECOND_ABSENT:
            situation = replace(situation, ended=Reason.of(Code.GAP_UNREAD, target=outlet.target.name))
        yield from choose(records, situation)


def _foreseen(office: Office, record: Record, verdict: Verdict | None, *, recorded: bool) -> Prospect:
    outlet = office.outlets.get(record.delivery.key.target)
    if verdict is None:
        return prospect(record, outlet, recorded=recorded)
    shown = prospect(record, outlet, verdict.reason, recorded=recorded)
    state = State.HELD if verdict.hold else shown.state
    return replace(shown, state=state, due=verdict.due, goes=verdict.send)


# --- what needs a person ----------------------------------------------------------------------------------------------


def _attend(
    office: Office, polls: tuple[Poll, ...], feeds: tuple[FeedOutlook, ...], doubts: dict[str, Reconciled]
) -> Attention:
    """Gather every trouble, tell what is new or due to be told again, and remember what was told."""
    now, attention = office.world.clock.now(), None
    for _ in range(8):
        standings = Standings.read(office.ledger)
        troubles = [
            *_feed_troubles(office, polls, feeds, now),
            *_target_troubles(office, standings, doubts, now),
            *_story_troubles(office, standings, now),
        ]
        attention = attend(troubles, standings.told(), office.settings.alerts, now)
        put = standings.put_told(attention.told)
        if put is None or office.ledger.put(put):
            return attention
    return attention if attention is not None else Attention((), {}, 0, ())


def _feed_troubles(
    office: Office, polls: tuple[Poll, ...], feeds: tuple[FeedOutlook, ...], now: datetime
) -> Iterable[Trouble]:
    stale = office.settings.alerts.stale_feed
    for poll, outlook in zip(polls, feeds, strict=True):
        name = poll.feed.name
        if poll.outlook.status == "failed":
            reason = Reason.of(Code.FEED_DOWN, feed=name, error=outlook.error)
            yield Trouble(name, reason, poll.standing.failing_since or now, passing=True)
        elif poll.standing.newest is not None and now - poll.standing.newest > stale:
            reason = Reason.of(Code.FEED_STALE, feed=name, date=poll.standing.newest.isoformat())
            yield Trouble(name, reason, poll.standing.newest + stale)
        for note in outlook.notes:
            yield Trouble(name, note, now)


def _target_troubles(
    office: Office, standings: Standings, doubts: dict[str, Reconciled], now: datetime
) -> Iterable[Trouble]:
    for name, outlet in office.outlets.items():
        standing = standings.target(name)
        if outlet.missing:
            yield Trouble(name, Reason.of(Code.NO_KEYS, target=name, names=", ".join(outlet.missing)), now)
        pause = standing.pause
        if pause is not None:
            reason = Reason.of(Code.PAUSED, target=name, cause=pause.reason.code, until=pause.until.isoformat())
            yield Trouble(name, reason, pause.since, passing=pause.kind is PauseKind.RATE_LIMIT)
        if standing.gap is not None:
            yield Trouble(name, Reason.of(Code.GAP, target=name), standing.gap.seen_at, passing=True)
        for doubt in doubts.get(name, Reconciled()).cant_tell:
            yield Trouble(name, Reason.of(Code.CANT_TELL, target=name, detail=_detail(doubt)), now)


def _detail(doubt: Reason) -> str:
    return str(doubt.named.get("detail", doubt.code))


def _story_troubles(office: Office, standings: Standings, now: datetime) -> Iterable[Trouble]:
    records = office.ledger.open()
    for record in records:
        delivery = record.delivery
        subject = f"#{record.story.number} {delivery.key.target}"
        match delivery.state:
            case State.HELD if delivery.reason.code != Code.APPROVAL:
                yield Trouble(subject, delivery.reason, delivery.at)
            case State.FAILED:
                yield Trouble(subject, delivery.reason, delivery.at)
            case State.UNKNOWN:
                yield Trouble(subject, delivery.reason, delivery.attempts.last or delivery.at, passing=True)
            case State.PUBLISHED if delivery.todo is not None:
                yield Trouble(subject, delivery.reason, delivery.at, passing=True)
            case _:
                pass
    for verdict in verdicts_of(office, standings, records, Wish()):
        if verdict.reason.code in {Code.BUDGET, Code.NO_TEXT}:
            record = verdict.record
            yield Trouble(f"#{record.story.number} {record.delivery.key.target}", verdict.reason, now)


# --- the report -------------------------------------------------------------------------------------------------------


def _report(
    office: Office,
    touched: set[Key],
    feeds: tuple[FeedOutlook, ...],
    attention: Attention,
    options: Options,
) -> RunReport:
    standings = Standings.read(office.ledger)
    records = office.ledger.current({key.story for key in touched})
    waiting = {verdict.record.delivery.key: verdict for verdict in verdicts_of(office, standings, records, Wish())}
    shown = []
    for record in records:
        if record.delivery.key not in touched or record.delivery.reason.code == Code.BASELINE:
            continue
        verdict = waiting.get(record.delivery.key)
        outlet = office.outlets.get(record.delivery.key.target)
        item = prospect(record, outlet, verdict.reason if verdict else None)
        shown.append(replace(item, due=verdict.due if verdict else item.due, goes=item.state is State.PUBLISHED))
    code = attention.exit_code
    if options.strict and any(item.state in {State.HELD, State.FAILED, State.UNKNOWN} for item in shown):
        code = 1
    return RunReport(
        prospects=tuple(shown),
        feeds=feeds,
        alerts=attention.alerts,
        targets=target_outlooks(office, standings),
        exit_code=code,
        passing=attention.quiet,
    )


def target_outlooks(office: Office, standings: Standings) -> tuple[TargetOutlook, ...]:
    """Where each target stands: a person's stop goes before the machine's own pause."""
    now, everywhere = office.world.clock.now(), standings.target(EVERYWHERE)
    shown = []
    for name, outlet in office.outlets.items():
        standing = standings.target(name)
        shown.append(_target_outlook(name, outlet.platform.name, standing, everywhere, now))
    return tuple(shown)


def _target_outlook(
    name: str, platform: str, standing: TargetStanding, everywhere: TargetStanding, now: datetime
) -> TargetOutlook:
    for holder in (everywhere, standing):
        stop = holder.stop
        if stop is not None and stopped_until(holder, now):
            return TargetOutlook(name, platform, stop.until, Reason.of(Code.STOPPED, by=stop.by, why=stop.why))
    pause = standing.pause
    if pause is not None and now < pause.until:
        reason = Reason.of(Code.TARGET_PAUSED, target=name, cause=pause.reason.code)
        return TargetOutlook(name, platform, pause.until, reason)
    return TargetOutlook(name, platform)
