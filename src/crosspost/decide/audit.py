"""The ledger against an account's live timeline: what is in both, only there, only here, and what nobody can say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.core.delivery import State, Todo
from crosspost.core.post import Post, Seen, Timeline, Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Record
from crosspost.decide.evidence import SECOND_ABSENT, Wanted, match
from crosspost.decide.identity import canonical_link

# Younger than that a post may be missing only because the timeline lags.
YOUNG = SECOND_ABSENT


@dataclass(frozen=True, slots=True)
class Pair:
    """A story of the ledger and the post that stands for it."""

    record: Record
    seen: Seen


@dataclass(frozen=True, slots=True)
class Audited:
    """What one account's audit found.

    `both`: published, and stands there. `only_there`: a post with a story's link that the ledger doesn't
    call published as that. `only_here`: published, and doesn't stand there. `unknown`: what nobody can
    say (a reading that doesn't reach back, a fate that is open, a post too young). `others`: so many
    further posts, none of crosspost's business. `trouble`: why the timeline could not be read.
    """

    target: str
    read: int = 0
    both: tuple[Pair, ...] = ()
    only_there: tuple[Pair, ...] = ()
    only_here: tuple[Record, ...] = ()
    unknown: tuple[Record, ...] = ()
    others: int = 0
    trouble: Reason | None = None

    @property
    def fine(self) -> bool:
        """Whether ledger and account agree, as far as can be told."""
        return self.trouble is None and not self.only_there and not self.only_here


def since_of(records: Iterable[Record], now: datetime) -> datetime:
    """How far back to read: to the oldest post that the ledger holds as out, or as perhaps out."""
    dates = [moment for record in records if (moment := _began(record)) is not None]
    return min(dates, default=now)


def posts_expected(records: Iterable[Record]) -> int:
    """How many posts a reading will show, as far as the ledger knows."""
    return sum(1 for record in records if _began(record) is not None)


def audit(target: str, records: tuple[Record, ...], timeline: Timeline | Unread, now: datetime) -> Audited:
    """Compare all that the ledger has of a target with a reading of its timeline; pure."""
    if isinstance(timeline, Unread):
        return Audited(target, trouble=timeline.reason)
    if not timeline.posts and not timeline.trusted:
        return Audited(target, trouble=Reason.of(Code.CANT_TELL, target=target, detail="permission"))
    posts = {seen.remote_id: seen for seen in timeline.posts}
    out = [record for record in records if record.delivery.state is State.PUBLISHED]
    both = tuple(pair for record in out if (pair := _paired(record, timeline.posts, posts)) is not None)
    told = {pair.seen.remote_id for pair in both}
    missing = [record for record in out if record.delivery.key not in {pair.record.delivery.key for pair in both}]
    here = tuple(record for record in missing if _would_show(record, timeline, now))
    open_ones = [record for record in records if record.delivery.state in {State.UNKNOWN, State.SENDING}]
    there = tuple(_only_there(records, [seen for seen in timeline.posts if seen.remote_id not in told]))
    return Audited(
        target,
        read=timeline.read,
        both=both,
        only_there=there,
        only_here=here,
        unknown=(*open_ones, *(record for record in missing if record not in here)),
        others=len(timeline.posts) - len(told) - len(there),
    )


def _began(record: Record) -> datetime | None:
    delivery = record.delivery
    if delivery.state is State.PUBLISHED:
        return delivery.out_at
    return delivery.attempts.first if delivery.attempts.open else None


def _paired(record: Record, posts: tuple[Seen, ...], by_id: dict[str, Seen]) -> Pair | None:
    """A published delivery's post: by its id; by link and text only where nobody knew the id."""
    seen = by_id.get(record.delivery.remote_id)
    if seen is None and not record.delivery.remote_id:
        seen = match(_wanted(record), posts, frozenset())
    return Pair(record, seen) if seen is not None else None


def _wanted(record: Record) -> Wanted:
    post, since = record.delivery.post, record.delivery.at
    if isinstance(post, Post):
        return Wanted.of(post, since)
    return Wanted("", record.story.link, since)


def _would_show(record: Record, timeline: Timeline, now: datetime) -> bool:
    """Whether the reading would have shown it, had it stood there."""
    out_at = record.delivery.out_at
    if out_at is None or now - out_at < YOUNG or record.delivery.todo is Todo.RETRACT:
        return False  # a take-down that wasn't confirmed may have been done
    return timeline.to_end or any(
        seen.at is not None and seen.at < out_at - timedelta(minutes=1) for seen in timeline.posts
    )


def _only_there(records: tuple[Record, ...], posts: list[Seen]) -> Iterable[Pair]:
    """Posts that carry the link of a story which the ledger knows otherwise: unpublished, or as another post.

    A baseline story's is a person's own, from before; one whose fate is open is told as unknown.
    """
    by_link: dict[str, Record] = {}
    for record in records:
        if record.delivery.reason.code == Code.BASELINE or record.delivery.state in {State.UNKNOWN, State.SENDING}:
            continue
        links = (record.story.link, record.article.link if record.article else "", _link_sent(record))
        by_link.update({link: record for url in links if (link := canonical_link(url))})
    for seen in posts:
        found = next((by_link[name] for url in seen.links if (name := canonical_link(url)) in by_link), None)
        if found is not None:
            yield Pair(found, seen)


def _link_sent(record: Record) -> str:
    return record.delivery.post.story_link if record.delivery.post else ""
