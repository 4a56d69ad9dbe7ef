"""Send what may go out, one claim a request, and append what became of it (lifecycle, section 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosspost.compose import over
from crosspost.core.delivery import MAX_ATTEMPTS, Event, Fixed, Key, Revision, State, step
from crosspost.core.post import Claim, Lost, NotSent, Outcome, Pause, PauseKind, Post, Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import TargetStanding
from crosspost.core.story import Batch, Record
from crosspost.decide.choose import Situation, Verdict, choose, let_go, month_of, pause_end, stopped_until
from crosspost.decide.evidence import Wanted, match
from crosspost.decide.identity import host_of
from crosspost.net.addresses import allows, is_public_host
from crosspost.net.reading import ReadTrouble, read
from crosspost.pipeline.outcomes import revisions_after, standing_after
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.reconcile import found_astray, stray_of
from crosspost.pipeline.standings import EVERYWHERE, Standings, append_on_target
from crosspost.pipeline.texts import draft_of, text_of

RECORD_TRIES = 20  # to append an answer that has arrived; an acceptance is never dropped


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
        chosen = [verdict for verdict in verdicts if verdict.send]
        if not chosen:
            return
        if sending.outlet.target.policy.look and not sending.looked:
            look_first(sending, records)
            continue
        if not _out(sending, chosen, texts, situation):
            lost_races += 1


def _out(sending: Sending, chosen: list[Verdict], texts: dict[str, Post | Reason], situation: Situation) -> bool:
    """Send the first of them, and what one append may begin with it; False when another run was first.

    What stands there already, found when a gap was read while its story was off the site, isn't sent.
    """
    record = chosen[0].record
    stray = stray_of(record, sending.outlet, situation.standing, situation.now)
    if stray is not None:
        sending.touched.add(record.delivery.key)
        return found_astray(sending.office, sending.outlet, record, stray)
    if record.delivery.attempts.count >= MAX_ATTEMPTS:
        return _give_up(sending, record.delivery)
    batch: list[_Planned] = []
    for verdict in chosen[: sending.office.ledger.batch]:
        record, text = verdict.record, texts[verdict.record.story.id]
        is_tired = record.delivery.attempts.count >= MAX_ATTEMPTS
        is_astray = stray_of(record, sending.outlet, situation.standing, situation.now) is not None
        if not isinstance(text, Post) or is_tired or is_astray:
            break
        batch.append(_Planned(record.delivery, text, situation.drafts[record.story.id].cost))
    return bool(batch) and _send_batch(sending, batch, situation)


@dataclass(frozen=True, slots=True)
class _Planned:
    """One delivery of a batch: as it stood, what is sent, what that costs."""

    before: Revision
    post: Post
    cost: int


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


def _give_up(sending: Sending, delivery: Revision) -> bool:
    sending.touched.add(delivery.key)
    now, writer = sending.office.world.clock.now(), sending.office.writer
    reason = Reason.of(Code.TOO_MANY, attempts=delivery.attempts.count)
    failed = step(delivery, Event.TOO_MANY, State.FAILED, at=now, reason=reason, writer=writer)
    return append_on_target(sending.office.ledger, sending.name, lambda standing: standing, (failed,)) is not None


def _send_batch(sending: Sending, batch: list[_Planned], situation: Situation) -> bool:
    """Begin all of them in one append, then send and record one after another; False when another run was first."""
    ledger, writer = sending.office.ledger, sending.office.writer
    now = sending.office.world.clock.now()
    sending.touched |= {planned.before.key for planned in batch}
    begun = tuple(_begin(planned.before, planned.post, planned.cost, now, writer) for planned in batch)

    standings = Standings.read(ledger)
    others = siblings_of(sending.office, sending.outlet)
    now_stand = standings.target(sending.name), standings.target(EVERYWHERE), tuple(map(standings.target, others))
    if now_stand != (situation.standing, situation.stop_all, situation.siblings):
        return False  # a pause, a stop or another run's post came in between: choose again
    charged = situation.standing.charge(month_of(now), sum(planned.cost for planned in batch))
    put = standings.put_target(sending.name, replace(charged, sent_at=now))
    # Put as they are, so that what changes at this very moment wins the race: a stop of everything, or the budget's.
    guards = [standings.put_target(EVERYWHERE, situation.stop_all)]
    guards += [standings.put_target(name, standings.target(name)) for name in others]
    receipt = ledger.append(Batch(revisions=begun, values=(put, *guards)))
    if receipt is None:
        return False
    # Before anything leaves: should this run die and an older copy of the ledger be put back, it is noticed.
    sending.office.world.memory.remember(ledger.id, receipt.sequence)
    standing = situation.standing
    for planned, revision in zip(batch, begun, strict=True):
        outcome = _publish(sending, receipt.claims[revision.key], is_first=revision is begun[0])
        if not isinstance(outcome, NotSent):
            standing = replace(standing, sent_at=now)
        _settle(sending, planned.before, revision, outcome, standing)
    return True


def _publish(sending: Sending, claim: Claim, *, is_first: bool) -> Outcome:
    """Send one of a batch, unless something has ended the batch since it was begun."""
    adapter = sending.outlet.adapter
    if adapter is None:  # choosing lets nothing through without keys
        msg = "an account without keys was chosen"
        raise AssertionError(msg)
    if not is_first and (sending.ended is not None or sending.stopping() or _is_stopped(sending)):
        return NotSent(Reason.of(Code.NOT_REACHED))
    outcome = adapter.publish(claim, None)
    sending.sent += 1
    _end_pass(sending, outcome)
    return outcome


def _is_stopped(sending: Sending) -> bool:
    """Whether a person has stopped the account, or everything, since the batch was begun."""
    standings, now = Standings.read(sending.office.ledger), sending.office.world.clock.now()
    return any(stopped_until(standings.target(name), now) for name in (sending.name, EVERYWHERE))


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
    for _ in range(RECORD_TRIES):
        head = next(record.delivery for record in ledger.current([begun.key.story]) if record.delivery.key == begun.key)
        revisions = revisions_after(head, before, begun, outcome, clock.now(), sending.office.writer)
        if not revisions:
            return

        def change(now_standing: TargetStanding) -> TargetStanding:
            return standing_after(now_standing, standing, begun, outcome, clock.now(), sending.outlet.credential)

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
