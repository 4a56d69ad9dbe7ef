"""What the outcome of a send makes of its delivery and of its target (lifecycle, section 4). Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.core.delivery import Attempts, Event, Revision, State, step, unsent
from crosspost.core.post import Accepted, Fault, Lost, NotSent, Outcome, Pause, PauseKind, Refused
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import PauseStanding, TargetStanding
from crosspost.decide.choose import month_of, pause_end

LATER = timedelta(minutes=5)  # a delivery that never reached its platform is due again then


def revisions_after(
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


def standing_after(
    standing: TargetStanding,
    before: TargetStanding,
    begun: Revision,
    outcome: Outcome,
    now: datetime,
    credential: str,
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
            if pause is None:
                return back
            return replace(back, pause=_paused(back.pause, pause, reason, begun, now, credential))


def _paused(
    before: PauseStanding | None, pause: Pause, reason: Reason, begun: Revision, now: datetime, credential: str
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
        credential=credential,
    )
