"""What is left to do on a published delivery: take it down, or change its text. Both can be repeated safely."""

from __future__ import annotations

from dataclasses import replace

from crosspost.core.delivery import Event, Key, Revision, State, Todo, step
from crosspost.core.post import Refused, Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Batch, Record
from crosspost.pipeline.outlet import Office
from crosspost.platforms.base import Amended, Removed


def finish_intents(office: Office, only: Key | None = None) -> tuple[Revision, ...]:
    """Carry out every intent that stands (or one delivery's) and append what became of it.

    A lost answer leaves the delivery PUBLISHED and "unconfirmed", and the next run tries again.
    """
    moved = []
    for record in office.ledger.open():
        if record.delivery.todo is None or (only is not None and record.delivery.key != only):
            continue
        revision = _carry_out(office, record)
        if revision is not None and office.ledger.append(Batch(revisions=(revision,))) is not None:
            moved.append(revision)
    return tuple(moved)


def _carry_out(office: Office, record: Record) -> Revision | None:
    delivery = record.delivery
    outlet = office.outlets.get(delivery.key.target)
    if outlet is None or outlet.adapter is None:
        return None
    match delivery.todo:
        case Todo.RETRACT:
            return _after(office, delivery, outlet.adapter.remove(delivery.remote_id))
        case Todo.EDIT if delivery.post is not None:
            return _after(office, delivery, outlet.adapter.amend(delivery.remote_id, delivery.post.text))
        case _:
            return None


def _after(office: Office, delivery: Revision, answer: Removed | Amended | Refused | Unread) -> Revision | None:
    """The revision that an answer makes; None where nothing is new since the last try."""
    now, writer = office.world.clock.now(), office.writer
    match answer:
        case Removed():
            reason = Reason.of(Code.RETRACTED)
            return step(delivery, Event.RETRACT_DONE, State.RETRACTED, at=now, reason=reason, todo=None, writer=writer)
        case Amended():
            reason = Reason.of(Code.EDIT_DONE)
            return step(delivery, Event.EDIT_DONE, State.PUBLISHED, at=now, reason=reason, todo=None, writer=writer)
        case Refused(reason):
            return _unconfirmed(_as_it_stands(office, delivery), delivery.todo, reason, office)
        case Unread(reason):
            return _unconfirmed(delivery, delivery.todo, _told(delivery, reason), office)


def _as_it_stands(office: Office, delivery: Revision) -> Revision:
    """With nothing left to do, and the text that still stands there where a new one was refused."""
    standing = delivery
    if delivery.todo is Todo.EDIT:
        (life,) = office.ledger.history(delivery.key.story, target=delivery.key.target)
        before = [one for one in life.revisions if one.todo is not Todo.EDIT and one.rev < delivery.rev]
        standing = replace(delivery, post=before[-1].post, fixed=before[-1].fixed)
    return replace(standing, todo=None)


def _told(delivery: Revision, why: Reason) -> Reason:
    code = Code.RETRACT_UNCONFIRMED if delivery.todo is Todo.RETRACT else Code.EDIT_UNCONFIRMED
    return Reason.of(code, cause=why.code)


def _unconfirmed(delivery: Revision, intent: Todo | None, reason: Reason, office: Office) -> Revision | None:
    if delivery.reason == reason:
        return None
    event = Event.RETRACT_UNCONFIRMED if intent is Todo.RETRACT else Event.EDIT_UNCONFIRMED
    now, writer = office.world.clock.now(), office.writer
    return step(delivery, event, State.PUBLISHED, at=now, reason=reason, writer=writer)
