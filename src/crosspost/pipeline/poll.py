"""Poll the feeds: conditional GET, parse, and what each feed's standing becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from crosspost.core.entry import Entry
from crosspost.core.outlook import FeedOutlook
from crosspost.core.policy import Feed
from crosspost.core.standing import FeedStanding
from crosspost.decide.identity import host_of, shared_guids
from crosspost.decide.rules import Read
from crosspost.errors import FeedError
from crosspost.feed.fetch import Validators, fetch
from crosspost.feed.parse import parse
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.standings import Standings


@dataclass(frozen=True, slots=True)
class Poll:
    """One feed's poll: what to show, the read where there was a body, and its standing afterwards."""

    feed: Feed
    outlook: FeedOutlook
    standing: FeedStanding
    read: Read | None = None


def poll_all(office: Office, standings: Standings, whole: frozenset[str]) -> tuple[Poll, ...]:
    """Poll every feed; those in `whole` without validators. A feed that is down holds no other up."""
    return tuple(
        poll(office, feed, standings.feed(feed.name), whole=feed.name in whole) for feed in office.settings.feeds
    )


def poll(office: Office, feed: Feed, standing: FeedStanding, *, whole: bool) -> Poll:
    """Poll one feed. An error leaves its standing as it was, but for since when it fails."""
    now = office.world.clock.now()
    # A target that this feed was never polled for needs a body: a 304 would put its baseline off, and
    # the next new story would become baseline.
    fresh = not whole and all(target.name in standing.polled for target in office.targets)
    validators = Validators.load(standing.validators) if fresh and standing.validators else None
    try:
        fetched = fetch(office.world.wire, office.world.clock, feed, validators, office.settings.allow_private)
        if fetched.unchanged:
            outlook = FeedOutlook(feed.name, feed.url, "unchanged", http=fetched.status)
            return Poll(feed, outlook, replace(standing, last_good=now, failing_since=None))
        parsed = parse(fetched.body, feed.name, fetched.url, fetched.content_type)
    except FeedError as error:
        return _failed(feed, standing, error, now)
    outlook = FeedOutlook(feed.name, feed.url, "ok", http=fetched.status, entries=len(parsed.entries))
    read = read_of(feed, parsed.entries, parsed.site_link, standing)
    after = replace(
        standing,
        last_good=now,
        failing_since=None,
        validators=fetched.validators.dump() if fetched.validators else "",
        polled=standing.polled | {target.name for target in office.targets},
        host=standing.host or host_of(parsed.site_link),
        shared=read.shared,
        newest=_newest(parsed.entries, standing.newest),
    )
    return Poll(feed, outlook, after, read)


def read_of(feed: Feed, entries: tuple[Entry, ...], site_link: str, standing: FeedStanding) -> Read:
    """Entries as planning reads them: with the hosts they may point to and the guids that prove nothing."""
    hosts = {host_of(feed.url), standing.host or host_of(site_link), *(host_of(f"https://{h}") for h in feed.hosts)}
    return Read(
        feed=feed,
        entries=entries,
        hosts=frozenset(hosts - {""}),
        last_good=standing.last_good,
        polled=standing.polled,
        shared=standing.shared | shared_guids(entries),
    )


def _newest(entries: tuple[Entry, ...], before: datetime | None) -> datetime | None:
    dates = [entry.article.published for entry in entries if entry.article.published]
    return max([*dates, *([before] if before else [])], default=None)


def _failed(feed: Feed, standing: FeedStanding, error: FeedError, now: datetime) -> Poll:
    outlook = FeedOutlook(feed.name, feed.url, "failed", error=error.message, hint=error.hint)
    return Poll(feed, outlook, replace(standing, failing_since=standing.failing_since or now))
