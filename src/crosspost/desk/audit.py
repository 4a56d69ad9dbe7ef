"""`audit`: what reading an account costs, and the reading itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crosspost.core.post import Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Record
from crosspost.decide.audit import Audited, audit, posts_expected, since_of
from crosspost.decide.choose import month_of
from crosspost.decide.evidence import CONTROL
from crosspost.desk.verbs import AGAIN, must_be_target
from crosspost.ledger.anew import anew
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.reconcile import MARGIN, notice_gap
from crosspost.pipeline.standings import append_on_target


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit of an account will read: so many posts at least, for so many US micro-dollars."""

    target: str
    posts: int
    cost: int


def asked(office: Office, target: str = "") -> tuple[Asked, ...]:
    """What each audit would cost; reads no account. Raises RequestError for a target that isn't there."""
    return tuple(
        Asked(outlet.target.name, posts, posts * outlet.read_price)
        for outlet in _outlets(office, target)
        for posts in [posts_expected(_records(office, outlet))]
    )


def audit_all(office: Office, target: str = "") -> Iterator[Audited]:
    """Read each account and compare; what the reading cost is charged to the month."""
    notice_gap(office)
    for outlet in _outlets(office, target):
        yield _audit(office, outlet)


def _outlets(office: Office, target: str) -> list[Outlet]:
    must_be_target(office, target)
    return [outlet for name, outlet in office.outlets.items() if not target or name == target]


def _records(office: Office, outlet: Outlet) -> tuple[Record, ...]:
    return tuple(life.record for life in office.ledger.history(target=outlet.target.name))


def _audit(office: Office, outlet: Outlet) -> Audited:
    name, now = outlet.target.name, office.world.clock.now()
    if outlet.adapter is None:
        reason = Reason.of(Code.NO_KEYS, names=", ".join(outlet.missing), target=name)
        return Audited(name, trouble=reason)
    records = _records(office, outlet)
    ids = [record.delivery.remote_id for record in records if record.delivery.remote_id]
    timeline = outlet.adapter.find(since_of(records, now) - MARGIN, frozenset(ids[:CONTROL]))
    if not isinstance(timeline, Unread):
        _charge(office, outlet, timeline.read * outlet.read_price)
    return audit(name, records, timeline, now)


def _charge(office: Office, outlet: Outlet, cost: int) -> None:
    month = month_of(office.world.clock.now())
    if cost:
        anew(lambda: append_on_target(office.ledger, outlet.target.name, lambda one: one.charge(month, cost)), AGAIN)
