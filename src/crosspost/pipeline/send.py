"""Send what may go out, one claim a request, and append what became of it (lifecycle, section 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crosspost.compose import over
from crosspost.core.delivery import MAX_ATTEMPTS, Attempts, Event, Fixed, Key, Revision, State, step, unsent
from crosspost.core.post import Accepted, Fault, Lost, NotSent, Outcome, Pause, PauseKind, Post, Refused, Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import PauseStanding, TargetStanding
from crosspost.core.story import Batch, Record
from crosspost.decide.choose import Situation, Verdict, choose, let_go, month_of, pause_end
from crosspost.decide.evidence import Wanted, match
from crosspost.decide.identity import host_of
from crosspost.net.addresses import allows, is_public_host
from crosspost.net.reading import ReadTrouble, read
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.reconcile import found_astray, stray_of
from crosspost.pipeline.standings import EVERYWHERE, Standings, append_on_target
from crosspost.pipeline.texts import draft_of, text_of

RECORD_TRIES = 20  # to append an answer that has arrived; an acceptance is never dropped
LATER = timedelta(minutes=5)  # a delivery that never reached its platform is due again then


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked of this run: send one story alone (its id), `at_once` or in its time."""

    only: str = ""
    at_once: bool = False


@dataclass(slots=True)
class Sending:
    """One target's part of a pass: how many were sent, why it is over there, and what was touched."""

    office: Office
    outlet: Outlet
    wish: Wish
    stopping: Callable[[], bool] = lambda: False
    sent: int = 0
    looked: bool = False
    ended: Reason | None = None
    touched: set[Key] = field(default_factory=set)
    links: dict[str, bool] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The target's name."""
        return self.outlet.target.name


def situation_of(
    office: Office,
    outlet: Outlet,
    standings: Standings,
    records: tuple[Record, ...],
    wish: Wish,
    links: dict[str, bool] | None = None,
) -> tuple[Situation, dict[str, Post | Reason]]:
    """What choosing on a target needs, and the text of each pending delivery by story; shared with preview.

    `links`: what links have answered in this pass, by address; filled where policy.check_link asks.
    """
    name = outlet.target.name
    pending = [r for r in records if r.delivery.state is State.PENDING and r.delivery.key.target == name]
    texts = {record.story.id: text_of(record, outlet) for record in pending}
    texts |= _links_private(office, pending)
    if outlet.target.policy.check_link:
        texts |= _links_down(office, pending, links if links is not None else {})
    now = office.world.clock.now()
    ended = {r.story.id for r in pending if r.article is not None and over(r.article, now, office.settings.zone)}
    situation = Situation(
        target=outlet.target,
        standing=standings.target(name),
        now=now,
        zone=office.settings.zone,
        drafts={story: replace(draft_of(text, outlet), over=story in ended) for story, text in texts.items()},
        stop_all=standings.target(EVERYWHERE),
        missing=outlet.missing,
        only=wish.only,
        at_once=wish.at_once,
        credential=outlet.credential,
        siblings=tuple(standings.target(other) for other in siblings_of(office, outlet)),
    )
    return situation, texts


def siblings_of(office: Office, outlet: Outlet) -> tuple[str, ...]:
    """The other targets whose cost the same budget counts: those of the same platform."""
    if outlet.target.budget is None:
        return ()
    same = (target.name for target in office.targets if target.platform == outlet.target.platform)
    return tuple(name for name in same if name != outlet.target.name)


def send_all(sending: Sending) -> None:
    """Send on one target until nothing may go out any more. Each choice is made anew, with the clock of then."""
    lost_races = 0
    while lost_races < RECORD_TRIES and not sending.stopping():
        standings = Standings.read(sending.office.ledger)
        records = sending.office.ledger.open()
        situation, texts = situation_of(sending.office, sending.outlet, standings, records, sending.wish, sending.links)
        verdicts = choose(records, replace(situation, sent=sending.sent, ended=sending.ended))
        if _hold_all(sending, verdicts):
            continue
        verdict = next((verdict for verdict in verdicts if verdict.send), None)
        if verdict is None:
            return
        if sending.outlet.target.policy.look and not sending.looked:
            look_first(sending, records)
            continue
        text = texts[verdict.record.story.id]
        if not isinstance(text, Post) or not _out(sending, verdict, text, situation):
            lost_races += 1


def _out(sending: Sending, verdict: Verdict, post: Post, situation: Situation) -> bool:
    """Send it, unless it stands there already: found when a gap was read, while its story was off the site."""
    stray = stray_of(verdict.record, sending.outlet, situation.standing, situation.now)
    if stray is None:
        return _send_one(sending, verdict, post, situation)
    sending.touched.add(verdict.record.delivery.key)
    return found_astray(sending.office, sending.outlet, verdict.record, stray)


def _links_private(office: Office, pending: list[Record]) -> dict[str, Post | Reason]:
    """The stories whose link nobody outside could open: they aren't sent, whoever approved them."""
    links = {record.story.id: record.article.link if record.article else record.story.link for record in pending}
    allowed = office.settings.allow_private
    return {
        story: Reason.of(Code.PRIVATE_LINK, link=link)
        for story, link in links.items()
        if link and not is_public_host(host := host_of(link)) and not allows(allowed, host, host)
    }


def _links_down(office: Office, pending: list[Record], links: dict[str, bool]) -> dict[str, Post | Reason]:
    """The stories that are due while their link doesn't answer 200: they wait."""
    now, down = office.world.clock.now(), dict[str, Post | Reason]()
    for record in pending:
        link = record.article.link if record.article else record.story.link
        if record.delivery.due is not None and record.delivery.due > now:
            continue
        if link not in links:
            links[link] = link_answers(office, link)
        if not links[link]:
            down[record.story.id] = Reason.of(Code.LINK_DOWN, link=link)
    return down


def link_answers(office: Office, link: str) -> bool:
    """Whether a story's page answers 200."""
    try:
        page = read(office.world.wire, office.world.clock, link, allow_private=office.settings.allow_private)
    except ReadTrouble:
        return False
    return page.status == 200


def look_first(sending: Sending, records: tuple[Record, ...]) -> None:
    """Read the account's newest posts before anything is sent; what stands there already is held."""
    sending.looked = True
    adapter, now = sending.outlet.adapter, sending.office.world.clock.now()
    if adapter is None:
        return
    timeline = adapter.find(now, frozenset())
    if isinstance(timeline, Unread):
        sending.ended = Reason.of(Code.CANT_TELL, target=sending.name, detail=timeline.reason.code)
        return
    for record in records:
        delivery = record.delivery
        text = text_of(record, sending.outlet)
        if delivery.state is not State.PENDING or delivery.key.target != sending.name or isinstance(text, Reason):
            continue
        if let_go(record, Code.POSTED_BY_HAND):
            continue
        seen = match(Wanted.of(text, now), timeline.posts, frozenset())
        if seen is not None:
            reason = Reason.of(Code.POSTED_BY_HAND, target=sending.name, address=seen.url)
            _hold(sending, Verdict(record, reason, hold=True))


def probe_suspended(sending: Sending) -> None:
    """A suspended account is asked by a read whether it may post again, never with a post."""
    standings = Standings.read(sending.office.ledger)
    pause, now = standings.target(sending.name).pause, sending.office.world.clock.now()
    if pause is None or pause.kind is not PauseKind.SUSPENDED or now < pause.until or sending.outlet.adapter is None:
        return
    alive = sending.outlet.adapter.alive() is True
    longer = replace(pause, count=pause.count + 1, until=pause_end(pause.kind, None, pause.count + 1, now))

    def change(standing: TargetStanding) -> TargetStanding:
        return replace(standing, pause=None if alive else longer) if standing.pause == pause else standing

    append_on_target(sending.office.ledger, sending.name, change)
    if not alive:
        sending.ended = Reason.of(Code.TARGET_PAUSED, cause=pause.reason.code, target=sending.name)


def _hold_all(sending: Sending, verdicts: tuple[Verdict, ...]) -> bool:
    held = [_hold(sending, verdict) for verdict in verdicts if verdict.hold]
    return any(held)


def _hold(sending: Sending, verdict: Verdict) -> bool:
    """Hold what choosing says a person must decide."""
    delivery = verdict.record.delivery
    held = step(
        delivery,
        Event.HOLD,
        State.HELD,
        at=sending.office.world.clock.now(),
        reason=verdict.reason,
        writer=sending.office.writer,
    )
    sending.touched.add(delivery.key)
    return append_on_target(sending.office.ledger, sending.name, lambda standing: standing, (held,)) is not None


def _send_one(sending: Sending, verdict: Verdict, post: Post, situation: Situation) -> bool:
    """Begin, send and record one delivery; False when another run was first."""
    delivery, ledger = verdict.record.delivery, sending.office.ledger
    now = sending.office.world.clock.now()
    sending.touched.add(delivery.key)
    if delivery.attempts.count >= MAX_ATTEMPTS:
        reason = Reason.of(Code.TOO_MANY, attempts=delivery.attempts.count)
        failed = step(delivery, Event.TOO_MANY, State.FAILED, at=now, reason=reason, writer=sending.office.writer)
        return append_on_target(ledger, sending.name, lambda standing: standing, (failed,)) is not None
    cost = situation.drafts[delivery.key.story].cost
    begun = _begin(delivery, post, cost, now, sending.office.writer)

    standings = Standings.read(ledger)
    others = siblings_of(sending.office, sending.outlet)
    now_stand = standings.target(sending.name), standings.target(EVERYWHERE), tuple(map(standings.target, others))
    if now_stand != (situation.standing, situation.stop_all, situation.siblings):
        return False  # a pause, a stop or another run's post came in between: choose again
    put = standings.put_target(sending.name, replace(situation.standing.charge(month_of(now), cost), sent_at=now))
    # Put as they are, so that what changes at this very moment wins the race: a stop of everything, or the budget's.
    guards = [standings.put_target(EVERYWHERE, situation.stop_all)]
    guards += [standings.put_target(name, standings.target(name)) for name in others]
    receipt = ledger.append(Batch(revisions=(begun,), values=(put, *guards)))
    if receipt is None:
        return False
    # Before anything leaves: should this run die and an older copy of the ledger be put back, it is noticed.
    sending.office.world.memory.remember(ledger.id, receipt.sequence)
    adapter = sending.outlet.adapter
    if adapter is None:  # choosing lets nothing through without keys
        msg = "an account without keys was chosen"
        raise AssertionError(msg)
    outcome = adapter.publish(receipt.claims[delivery.key], None)
    sending.sent += 1
    _settle(sending, delivery, begun, outcome, situation.standing)
    return True


def _begin(delivery: Revision, post: Post, cost: int, now: datetime, writer: str) -> Revision:
    """SENDING, with the exact text."""
    attempts = delivery.attempts
    return step(
        delivery,
        Event.BEGIN,
        State.SENDING,
        at=now,
        reason=Reason.of(Code.SENDING),
        post=post,
        fixed=delivery.fixed or Fixed.SENT,
        cost=cost,
        writer=writer,
        attempts=replace(
            attempts,
            count=attempts.count + 1,
            first=attempts.first or now,
            last=now,
            absent_at=None,
            open=True,
            duplicate=False,
        ),
    )


def _settle(sending: Sending, before: Revision, begun: Revision, outcome: Outcome, standing: TargetStanding) -> None:
    """Append what an outcome makes of the delivery, however often another writer is first."""
    ledger, clock = sending.office.ledger, sending.office.world.clock
    _end_pass(sending, outcome)
    for _ in range(RECORD_TRIES):
        head = next(record.delivery for record in ledger.current([begun.key.story]) if record.delivery.key == begun.key)
        revisions = _after(head, before, begun, outcome, clock.now(), sending.office.writer)
        if not revisions:
            return

        def change(now_standing: TargetStanding) -> TargetStanding:
            return _standing_after(now_standing, standing, sending, begun, outcome, clock.now())

        def late(now_standing: TargetStanding, back: int = max(0, begun.cost - head.cost)) -> TargetStanding:
            """What was given back when it counted as absent has been spent after all."""
            return now_standing.charge(month_of(begun.at), back) if back else now_standing

        moved = change if head.rev == begun.rev else late
        if append_on_target(ledger, sending.name, moved, revisions) is not None:
            return


def _end_pass(sending: Sending, outcome: Outcome) -> None:
    match outcome:
        case Lost():
            sending.ended = Reason.of(Code.AFTER_LOST, target=sending.name)
        case NotSent(reason=reason, pause=Pause()):
            sending.ended = Reason.of(Code.TARGET_PAUSED, cause=reason.code, target=sending.name)
        case NotSent(reason=reason):
            sending.ended = reason
        case _:
            pass


def _after(
    head: Revision, before: Revision, begun: Revision, outcome: Outcome, now: datetime, writer: str
) -> tuple[Revision, ...]:
    """The revisions that an outcome makes: of our own SENDING, or of what the delivery has become meanwhile."""
    if head.rev != begun.rev or head.state is not State.SENDING:
        return _late(head, begun, outcome, now, writer)
    match outcome:
        case Accepted():
            return (_published(head, Event.ACCEPTED, outcome, now, writer),)
        case Refused(reason):
            over = replace(begun.attempts, open=before.attempts.open)
            return (
                step(head, Event.REFUSED, State.FAILED, at=now, reason=reason, attempts=over, cost=0, writer=writer),
            )
        case Fault(reason):
            over = replace(begun.attempts, open=before.attempts.open)
            return (step(head, Event.FAULT, State.FAILED, at=now, reason=reason, attempts=over, cost=0, writer=writer),)
        case Lost(reason, duplicate):
            unknown = replace(begun.attempts, duplicate=duplicate)
            return (step(head, Event.LOST, State.UNKNOWN, at=now, reason=reason, attempts=unknown, writer=writer),)
        case NotSent():
            return _not_sent(unsent(head), before.attempts, outcome, now, writer)


def _published(head: Revision, event: Event, accepted: Accepted, now: datetime, writer: str) -> Revision:
    return step(
        head,
        event,
        State.PUBLISHED,
        at=now,
        reason=accepted.reason,
        remote_id=accepted.remote_id,
        url=accepted.url,
        out_at=now,
        due=None,
        attempts=replace(head.attempts, open=False, absent_at=None),
        writer=writer,
    )


def _late(head: Revision, begun: Revision, outcome: Outcome, now: datetime, writer: str) -> tuple[Revision, ...]:
    """An acceptance that lost the race is never dropped, whatever the state is by now."""
    if not isinstance(outcome, Accepted):
        return ()
    if head.state is State.PUBLISHED and head.remote_id == outcome.remote_id:
        return ()
    late = replace(outcome, reason=Reason.of(Code.LATE, id=outcome.remote_id))
    return (replace(_published(head, Event.LATE, late, now, writer), cost=max(head.cost, begun.cost)),)


def _not_sent(head: Revision, before: Attempts, outcome: NotSent, now: datetime, writer: str) -> tuple[Revision, ...]:
    """Nothing left: the attempt doesn't count; a delivery that has paused its target twice is held."""
    blames = outcome.pause is not None and outcome.pause.kind is not PauseKind.RATE_LIMIT
    attempts = replace(before, pauses=before.pauses + (1 if blames else 0))
    due = outcome.retry_at or (None if outcome.pause else now + LATER)
    pending = step(
        head,
        Event.NOT_SENT,
        State.PENDING,
        at=now,
        reason=outcome.reason,
        attempts=attempts,
        due=due,
        cost=0,
        writer=writer,
    )
    if attempts.pauses < 2 or not blames:
        return (pending,)
    reason = Reason.of(Code.PAUSED_TWICE, cause=outcome.reason.code)
    return (pending, step(pending, Event.HOLD, State.HELD, at=now, reason=reason, writer=writer))


def _standing_after(
    standing: TargetStanding,
    before: TargetStanding,
    sending: Sending,
    begun: Revision,
    outcome: Outcome,
    now: datetime,
) -> TargetStanding:
    """What an outcome makes of the target: money released where nothing went out, a pause begun or ended."""
    match outcome:
        case Accepted():
            return replace(standing, pause=None)
        case Lost():
            return standing
        case Refused() | Fault():
            return standing.charge(month_of(begun.at), -begun.cost)
        case NotSent(reason, pause, _):
            back = replace(standing.charge(month_of(begun.at), -begun.cost), sent_at=before.sent_at)
            return (
                back if pause is None else replace(back, pause=_paused(back.pause, pause, reason, sending, begun, now))
            )


def _paused(
    before: PauseStanding | None, pause: Pause, reason: Reason, sending: Sending, begun: Revision, now: datetime
) -> PauseStanding:
    again = before is not None and before.kind is pause.kind
    count = before.count + 1 if before is not None and again else 1
    return PauseStanding(
        kind=pause.kind,
        until=pause_end(pause.kind, pause.until, count, now),
        since=before.since if before is not None and again else now,
        reason=reason,
        cause=begun.key.story,
        count=count,
        credential=sending.outlet.credential,
    )
