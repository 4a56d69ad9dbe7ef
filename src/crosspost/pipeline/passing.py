"""One pass over everything, and the preview of it: the same steps without the last ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosspost.core.delivery import Event, Key, State
from crosspost.core.outlook import Preview, Prospect, RunReport, TargetOutlook
from crosspost.core.post import Seen
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import TargetStanding
from crosspost.core.story import Record
from crosspost.decide.choose import Verdict, choose, stopped_until
from crosspost.decide.evidence import SECOND_ABSENT
from crosspost.decide.identity import feeds_of
from crosspost.pipeline.amend import finish_intents
from crosspost.pipeline.keys import ask_about_keys
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.poll import Poll, poll_all
from crosspost.pipeline.reconcile import (
    Reconciled,
    close_gap,
    find_gap,
    notice_gap,
    settle_unknown,
    stray_of,
)
from crosspost.pipeline.record import Mode, expire_leases, make_plan, outlooks, record_polls
from crosspost.pipeline.send import Sending, Wish, probe_suspended, send_all, situation_of
from crosspost.pipeline.standings import EVERYWHERE, Standings
from crosspost.pipeline.texts import prospect
from crosspost.pipeline.troubles import Happenings, attend_to


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


@dataclass(slots=True)
class _Pass:
    """A pass while it runs: which deliveries it has touched, and how sending ended on each target."""

    office: Office
    options: Options
    touched: set[Key] = field(default_factory=set)
    doubts: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    sendings: dict[str, Sending] = field(default_factory=dict)

    def note(self, name: str, reconciled: Reconciled) -> None:
        """Remember what a reading brought."""
        self.touched |= {revision.key for revision in reconciled.moved}
        self.doubts[name] = self.doubts.get(name, ()) + reconciled.cant_tell


def run_pass(office: Office, options: Options) -> RunReport:
    """Reconcile what is unknown, poll, plan, record, send what is due; say what needs a person."""
    run = _Pass(office, options)
    notice_gap(office)
    run.touched |= {revision.key for revision in expire_leases(office, office.ledger.open())}
    if options.send:
        # Before the polls: what is proved absent then goes out with the article that the polls bring.
        for name, outlet in office.outlets.items():
            run.note(name, settle_unknown(office, outlet))
    polls = poll_all(office, Standings.read(office.ledger), feeds_with_something_due(office, office.ledger.open()))
    planned = record_polls(office, polls, options.mode)
    run.touched |= {revision.key for revision in planned.plan.batch.revisions}
    if options.send:
        run.touched |= {revision.key for revision in finish_intents(office)}
        for name, outlet in office.outlets.items():
            _send(run, name)
            ask_about_keys(office, outlet)
    waiting = _waiting(run)
    # What this pass would have sent, had it not ended early on that target, is its business too.
    ends = [sending.ended for sending in run.sendings.values() if sending.ended is not None]
    run.touched |= {
        verdict.record.delivery.key for verdict in waiting if verdict.reason in ends or _asked(run, verdict)
    }
    happenings = Happenings(polls, outlooks(polls, planned), run.doubts, waiting)
    report = _report(run, happenings)
    office.world.memory.remember(office.ledger.id, office.ledger.sequence())
    return report


def feeds_with_something_due(office: Office, records: Iterable[Record]) -> frozenset[str]:
    """Feeds of which something is due: they are read without validators, so that nothing stale goes out."""
    now = office.world.clock.now()
    return frozenset(
        feed
        for record in records
        if record.delivery.state is State.PENDING and (record.delivery.due is None or record.delivery.due <= now)
        for feed in feeds_of(record.story)
    )


def _send(run: _Pass, name: str) -> None:
    office, outlet = run.office, run.office.outlets[name]
    run.note(name, close_gap(office, outlet))
    sending = Sending(office, outlet, run.options.wish, run.options.stopping)
    if Standings.read(office.ledger).target(name).gap is not None:
        sending.ended = Reason.of(Code.GAP_UNREAD, target=name)
    else:
        probe_suspended(sending)
    send_all(sending)
    run.sendings[name] = sending
    run.touched |= sending.touched


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
    found = find_gap(office, standings)
    for outlet in office.outlets.values():
        situation, _ = situation_of(office, outlet, standings, records, wish)
        gap = situation.standing.gap or found
        if gap is not None and gap.needs > 1 and now < gap.seen_at + SECOND_ABSENT:
            situation = replace(situation, ended=Reason.of(Code.GAP_UNREAD, target=outlet.target.name))
        for verdict in choose(records, situation):
            stray = stray_of(verdict.record, outlet, situation.standing, now) if verdict.send else None
            yield verdict if stray is None else _out_already(verdict, stray)


def _out_already(verdict: Verdict, stray: Seen) -> Verdict:
    return replace(verdict, send=False, reason=Reason.of(Code.FOUND_AFTER_GAP, id=stray.remote_id))


def _foreseen(office: Office, record: Record, verdict: Verdict | None, *, recorded: bool) -> Prospect:
    outlet = office.outlets.get(record.delivery.key.target)
    if verdict is None:
        return prospect(record, outlet, recorded=recorded)
    shown = prospect(record, outlet, verdict.reason, recorded=recorded)
    state = State.HELD if verdict.hold else shown.state
    return replace(shown, state=state, due=verdict.due, goes=verdict.send)


# --- the report -------------------------------------------------------------------------------------------------------


def _waiting(run: _Pass) -> tuple[Verdict, ...]:
    """What is pending after this pass, each with why it waits: chosen again, with what was sent counted."""
    office, wish = run.office, run.options.wish
    standings, records = Standings.read(office.ledger), office.ledger.open()
    waiting: list[Verdict] = []
    for name, outlet in office.outlets.items():
        sending = run.sendings.get(name)
        situation, _ = situation_of(office, outlet, standings, records, wish, sending.links if sending else None)
        if sending is not None:
            situation = replace(situation, sent=sending.sent, ended=sending.ended)
        waiting += choose(records, situation)
    return tuple(waiting)


def _report(run: _Pass, happenings: Happenings) -> RunReport:
    office, options = run.office, run.options
    attention = attend_to(office, happenings)
    shown = _touched(run, happenings)
    code = attention.exit_code
    if options.strict and _unfinished(office, happenings.waiting):
        code = 1
    if _left_waiting(run, happenings.waiting):
        code = 1
    return RunReport(
        prospects=shown,
        feeds=happenings.feeds,
        alerts=attention.alerts,
        targets=target_outlooks(office, Standings.read(office.ledger)),
        exit_code=code,
        passing=attention.quiet,
        stands=attention.stands,
    )


def _touched(run: _Pass, happenings: Happenings) -> tuple[Prospect, ...]:
    """The deliveries that this pass has touched, as they are now; baseline isn't worth a word."""
    waiting = {verdict.record.delivery.key: verdict for verdict in happenings.waiting}
    shown = []
    for record in run.office.ledger.current({key.story for key in run.touched}):
        key = record.delivery.key
        if key not in run.touched or record.delivery.reason.code == Code.BASELINE:
            continue
        verdict = waiting.get(key)
        item = prospect(record, run.office.outlets.get(key.target), verdict.reason if verdict else None)
        shown.append(replace(item, due=verdict.due if verdict else item.due, goes=record.delivery.event in _WENT_OUT))
    return tuple(shown)


def _asked(run: _Pass, verdict: Verdict) -> bool:
    """Whether it is of the story that a person named: they are told why it waits, however long it has."""
    return bool(run.options.wish.only) and verdict.record.story.id == run.options.wish.only


def _left_waiting(run: _Pass, waiting: tuple[Verdict, ...]) -> bool:
    """Whether nothing went out of the story that a person named: what they asked for was not done."""
    sent = any(sending.sent for sending in run.sendings.values())
    return not sent and any(_asked(run, verdict) for verdict in waiting)


# A note, or an edit, on what is out is no news of its going out (and cost nothing in this pass).
_WENT_OUT = frozenset({Event.ACCEPTED, Event.FOUND, Event.FOUND_AFTER_GAP, Event.LATE})


def _unfinished(office: Office, waiting: tuple[Verdict, ...]) -> bool:
    """For --strict: anything held, failed, unknown or overdue, whichever pass did it."""
    late = office.world.clock.now() - office.settings.alerts.after
    if any(verdict.record.delivery.due and verdict.record.delivery.due < late for verdict in waiting):
        return True
    return any(r.delivery.state in {State.HELD, State.FAILED, State.UNKNOWN} for r in office.ledger.open())


def target_outlooks(office: Office, standings: Standings) -> tuple[TargetOutlook, ...]:
    """Where each target stands: a person's stop goes before the machine's own pause."""
    now, everywhere = office.world.clock.now(), standings.target(EVERYWHERE)
    return tuple(
        _target_outlook(name, outlet.platform.name, standings.target(name), everywhere, now)
        for name, outlet in office.outlets.items()
    )


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
