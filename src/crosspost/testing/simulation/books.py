"""What must be written down: attempts that count, texts that stay, what is gone or over, and what it all has cost.

Said anew from the documents, of the ledger's own trail; shares no code with what writes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosspost.core.delivery import LEASE, Event, Fixed, Key, Revision, State
from crosspost.core.reason import Code
from crosspost.core.story import Life
from crosspost.testing.simulation.allowed import MACHINE, post_of
from crosspost.testing.site import SimulatedSite

LINK_POST = 200_000  # micro-dollars: what X takes for a post with a link, as every story has one
_NOTHING_OUT = frozenset({Event.NOT_SENT, Event.REFUSED, Event.FAULT})
_PROVED = frozenset({Event.ABSENT_TWICE, Event.RESOLVE_ABSENT, Event.DUPLICATE_ABSENT})
_AFRESH = frozenset({Event.EDIT, Event.RETRY, Event.RESOLVE_ABSENT, Event.PLAN})


def complaint(moved: Iterable[Life], site: SimulatedSite) -> str:
    """What stands wrongly in a delivery's trail, in one sentence; "" where all is well."""
    return next((said for life in moved for said in _about(life, site)), "")


def _about(life: Life, site: SimulatedSite) -> Iterable[str]:
    name = f"#{life.record.story.number} on {life.record.delivery.key.target}"
    count, before = 0, None
    for one in life.revisions:
        count = _counted(count, before, one)
        if one.attempts.count != count and one.event is not Event.LATE:
            yield f"{name} has {one.attempts.count} attempts on record, and {count} count"
        if before is not None:
            yield from (f"{name} {said}" for said in _step(before, one))
        yield from (f"{name} {said}" for said in _gone(life, one, site))
        before = one


def _counted(count: int, before: Revision | None, one: Revision) -> int:
    """The attempts that count: all but those that never left, since a person's last decision."""
    if one.event is Event.BEGIN:
        return count + 1
    if one.event is Event.NOT_SENT and before is not None and before.event is Event.BEGIN:
        return count - 1
    return 0 if one.event in _AFRESH else count


def _step(before: Revision, one: Revision) -> Iterable[str]:
    if before.fixed is Fixed.EDITED and one.by == MACHINE and one.event is not Event.PLAN and one.post != before.post:
        yield "has lost the words that a person wrote"
    if before.attempts.duplicate and one.event is Event.ABSENT_TWICE:
        yield "is sent again after a duplicate answer"
    if before.state is State.UNKNOWN and one.event is Event.SKIP and one.reason.code != Code.MAY_BE_OUT:
        yield "may be out, and is skipped as if it were not"


def _gone(life: Life, one: Revision, site: SimulatedSite) -> Iterable[str]:
    says = one.event is Event.GONE or (one.event is Event.NOTE and one.reason.code == Code.GONE_AFTER)
    post = post_of(life.record.story.link, site) if says else None
    if post is not None and post.number not in site.hidden:
        yield "is called gone, and the site never took it off"


def overdue(lives: Iterable[Life], clock: datetime) -> str:
    """A begin whose lease is over, or that lies in the future, is no longer SENDING after a whole pass."""
    for life in lives:
        one = life.record.delivery
        if one.state is State.SENDING and abs(clock - one.at) > LEASE + timedelta(minutes=1):
            return f"#{life.record.story.number} on {one.key.target} is still being sent, begun at {one.at:%d %b %H:%M}"
    return ""


@dataclass(slots=True)
class Money:
    """What an account on X has cost in a month, reckoned from its trail and its answers.

    `reads`: micro-dollars for readings, by account and month. `unsure`: months in which a ledger was put back, or
    the clock was off: what counts in them isn't known.
    """

    reads: Counter[tuple[str, str]] = field(default_factory=Counter)
    unsure: set[str] = field(default_factory=set)

    def complaint(self, lives: Mapping[Key, Life], spent: Mapping[str, int], budget: int | None, now: datetime) -> str:
        """What is wrong with the month's cost. `spent`: what the ledger says, by account; `budget`: of all."""
        month = f"{now:%Y-%m}"
        if month in self.unsure:
            return ""
        whole = 0
        for name, said in spent.items():
            posts = sum(_cost(life, month) for key, life in lives.items() if key.target == name)
            whole += posts
            if not posts <= said <= posts + self.reads[name, month]:
                return f"{name} has cost {posts} for posts and up to {self.reads[name, month]} more: {said} on record"
        return f"X has cost {whole} in {month}, and {budget} was the most" if budget and whole > budget else ""


def _cost(life: Life, month: str) -> int:
    """What its posts of that month have cost, or may have."""
    cost = 0
    for place, one in enumerate(life.revisions):
        if one.event is not Event.BEGIN or f"{one.at:%Y-%m}" != month:
            continue
        later = life.revisions[place + 1 :]
        end = next((n for n, other in enumerate(later) if other.event is Event.BEGIN), len(later))
        until = later[:end]
        free = bool(until) and until[0].event in _NOTHING_OUT
        proved = any(other.event in _PROVED for other in until)
        late = any(other.event is Event.LATE and other.writer == one.writer for other in later)
        cost += 0 if (free or proved) and not late else LINK_POST
    return cost
