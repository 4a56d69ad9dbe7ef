"""Found, absent, or no telling: what a reading of an account's timeline proves (lifecycle, section 5)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.core.delivery import Attempts
from crosspost.core.post import Absent, CantTell, Evidence, Found, Post, Seen, Timeline, Unread
from crosspost.core.reason import Code, Reason
from crosspost.decide.identity import canonical_link

# Timelines lag up to about 14 minutes; a claim may be used until half its lease, and its request may
# take a minute. 30 minutes after the begin is later than all of them together.
FIRST_ABSENT = timedelta(minutes=2)
SECOND_ABSENT = timedelta(minutes=30)
# The two are that far apart on the clock too: if it jumps between attempt and reading, the time since the
# attempt is not what it seems, but the time between the readings is.
APART = SECOND_ABSENT - FIRST_ABSENT
SILENCE = timedelta(minutes=90)  # nobody ran for that long, or the whole machine was put back
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
CONTROL = 5  # so many of the newest published posts, one of which a reading must show


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a post's text and its link, and since when it may stand there.

    `older`: the story's other addresses, canonical; it may have been sent before the site moved it.
    """

    text: str
    link: str
    since: datetime
    older: frozenset[str] = frozenset()

    @classmethod
    def of(cls, post: Post, since: datetime) -> Wanted:
        """That of a post which may have been sent since then."""
        return cls(post.text, post.story_link, since)


def plain(text: str) -> str:
    """A text for comparison: NFC, white space folded, links without a scheme (X adds one where there is none)."""
    return " ".join(_SCHEME.sub("", unicodedata.normalize("NFC", text)).split())


def match(wanted: Wanted, posts: tuple[Seen, ...], taken: frozenset[str]) -> Seen | None:
    """The post that is the wanted one: the link first, then the text. `taken`: ids that belong to other stories."""
    free = [seen for seen in posts if seen.remote_id not in taken]
    links = {canonical_link(wanted.link), *wanted.older} - {""}
    for seen in free:
        if any(canonical_link(other) in links for other in seen.links):
            return seen
    text = plain(wanted.text)
    return next((seen for seen in free if text and plain(seen.text) == text), None)


def judge(
    wanted: Wanted, timeline: Timeline | Unread, control: frozenset[str], taken: frozenset[str] = frozenset()
) -> Evidence:
    """What a reading says of one post.

    `control`: the newest ids that the ledger holds as published there, at most CONTROL; a reading
    that shows none of them proves nothing (a missing permission looks like an empty account).
    """
    if isinstance(timeline, Unread):
        return CantTell(timeline.reason)
    seen = match(wanted, timeline.posts, taken)
    if seen is not None:
        return Found(seen.remote_id, seen.url, seen.at)
    if control and not control & {post.remote_id for post in timeline.posts}:
        return CantTell(Reason.of(Code.CANT_TELL, detail="control"))
    if not control and not timeline.trusted:
        return CantTell(Reason.of(Code.CANT_TELL, detail="permission"))
    if not timeline.to_end and not any(post.at and post.at < wanted.since for post in timeline.posts):
        return CantTell(Reason.of(Code.CANT_TELL, detail="reach"))
    return Absent()


def next_read(attempts: Attempts) -> datetime | None:
    """When an unknown delivery's timeline may be read with effect; None where no attempt is on record."""
    if attempts.last is None:
        return None
    if attempts.absent_at is None:
        return attempts.last + FIRST_ABSENT
    return max(attempts.last + SECOND_ABSENT, attempts.absent_at + APART)


def counts_as(attempts: Attempts, now: datetime) -> str:
    """What an absent reading made now is: "early", "first" or "second"."""
    due = next_read(attempts)
    if attempts.absent_at is not None and now < attempts.absent_at:
        return "first"  # the first was made by a clock that was ahead: it is made again
    if due is None or now < due:
        return "early"
    return "first" if attempts.absent_at is None else "second"
