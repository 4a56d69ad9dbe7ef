"""Poll the feeds: conditional GET, parse, older pages where needed, and what each feed's standing becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosspost.core.entry import Entry
from crosspost.core.outlook import FeedOutlook
from crosspost.core.policy import Feed
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import FeedStanding
from crosspost.decide.identity import host_of, names_of, shared_guids
from crosspost.decide.rules import Read
from crosspost.errors import FeedError
from crosspost.feed.fetch import Fetched, Validators, fetch, older
from crosspost.feed.parse import Parsed, parse
from crosspost.net.addresses import allows, is_public_host
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.standings import Standings

PAGES_SECONDS = 120.0  # for all older pages of one feed: a site that answers slowly holds no run for ten times 30 s
CLOCKS_DIFFER = timedelta(hours=1)  # the site's and ours


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
    standing = replace(standing, missed=None)  # what an earlier poll missed is for the recording to keep
    # A target that this feed was never polled for needs a body: a 304 would put its baseline off, and
    # the next new story would become baseline.
    fresh = not whole and all(target.name in standing.polled for target in office.targets)
    validators = Validators.load(standing.validators) if fresh and standing.validators else None
    try:
        fetched = fetch(office.world.wire, office.world.clock, feed, validators, office.settings.allow_private)
        if fetched.unchanged:
            outlook = FeedOutlook(feed.name, feed.url, "unchanged", http=fetched.status)
            return Poll(feed, outlook, replace(standing, last_good=now, failing_since=None))
        parsed = _parsed(feed, fetched)
    except FeedError as error:
        return _failed(feed, standing, error, now)
    listing = _listing(office, feed, standing, parsed.entries, now)
    notes = (Reason.of(Code.ENTRIES_MISSED, feed=feed.name),) if listing.missed else ()
    outlook = FeedOutlook(feed.name, feed.url, "ok", http=fetched.status, entries=len(listing.entries), notes=notes)
    allowed = office.settings.allow_private
    read = read_of(feed, listing.entries, parsed.site_link, standing, allowed)
    after = replace(
        standing,
        last_good=now,
        failing_since=None,
        validators=fetched.validators.dump() if fetched.validators else "",
        polled=standing.polled | {target.name for target in office.targets},
        host=standing.host or _own_host(host_of(parsed.site_link), allowed),
        shared=read.shared,
        newest=_newest(listing.entries, standing.newest),
        floors=_floors(office, standing, listing.entries),
        missed=now if listing.missed else None,
    )
    return Poll(feed, outlook, after, read)


def _parsed(feed: Feed, fetched: Fetched) -> Parsed:
    return parse(fetched.body, feed.name, fetched.url, fetched.content_type)


def read_of(
    feed: Feed,
    entries: tuple[Entry, ...],
    site_link: str,
    standing: FeedStanding,
    allow_private: tuple[str, ...] = (),
) -> Read:
    """Entries as planning reads them: with the hosts they may point to and the guids that prove nothing."""
    own = _own_host(standing.host or host_of(site_link), allow_private)
    hosts = {host_of(feed.url), own, *(host_of(f"https://{h}") for h in feed.hosts)}
    return Read(
        feed=feed,
        entries=entries,
        hosts=frozenset(hosts - {""}),
        last_good=standing.last_good,
        polled=standing.polled,
        shared=standing.shared | shared_guids(entries),
        newest=standing.newest,
        floors=standing.floors,
    )


def _own_host(host: str, allow_private: tuple[str, ...]) -> str:
    """The host that the channel names as the site's, where the public can reach it or `allow_private` names it.

    A site that was copied from somebody's desk still calls itself localhost, and all its links too.
    """
    return host if is_public_host(host) or allows(allow_private, host, host) else ""


# --- older pages --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listing:
    """All entries of one poll, newest first; `missed`: more may have passed than could be read."""

    entries: tuple[Entry, ...]
    missed: bool = False


def _listing(office: Office, feed: Feed, standing: FeedStanding, entries: tuple[Entry, ...], now: datetime) -> _Listing:
    """The newest entries and, where more may stand below them and the feed isn't new, older pages up to a known one.

    Past the end nothing was missed. A page that brings nothing new is a site that knows no pages.
    """
    if standing.last_good is None or not entries or _news_ends(office, standing, entries, now):
        return _Listing(entries)
    clock = office.world.clock
    end = clock.monotonic() + PAGES_SECONDS
    for number in range(2, office.settings.max_pages + 2):
        if clock.monotonic() > end:
            break
        try:
            fetched = older(office.world.wire, clock, feed, number, office.settings.allow_private)
            page = _parsed(feed, fetched).entries if fetched else ()
        except FeedError:
            break
        if not page:
            return _Listing(entries)
        more = tuple(entry for entry in page if entry not in entries)
        if not more:
            break
        if known := _news_ends(office, standing, more, now):
            return _Listing(entries + more[:known])
        entries += more
    return _Listing(entries, missed=True)


def _news_ends(office: Office, standing: FeedStanding, entries: tuple[Entry, ...], now: datetime) -> int:
    """The place after which nothing on this page or below it is news, counted from 1; 0 where news may go on.

    It is the last known entry's: what follows it is older than the ledger's memory. But where the page's last is
    newer than the last poll, a known one proves nothing: it was dated anew. A date to come, as calendars give, says
    nothing of when it came.
    """
    last, polled = entries[-1].article.published, standing.last_good
    if last is not None and polled is not None and polled - CLOCKS_DIFFER < last <= now + CLOCKS_DIFFER:
        return 0
    return _last_known(office, standing, entries)


def _last_known(office: Office, standing: FeedStanding, entries: tuple[Entry, ...]) -> int:
    """The place of the last entry that the ledger knows, counted from 1; 0 where it knows none."""
    shared = standing.shared | shared_guids(entries)
    names = [names_of(entry, shared).all for entry in entries]
    owners = office.ledger.find(frozenset(name for found in names for name in found)).owners
    places = [place for place, found in enumerate(names, 1) if any(name in owners for name in found)]
    return max(places, default=0)


# --- standings ----------------------------------------------------------------------------------------------------


def _newest(entries: tuple[Entry, ...], before: datetime | None) -> datetime | None:
    dates = [entry.article.published for entry in entries if entry.article.published]
    return max([*dates, *([before] if before else [])], default=None)


def _floors(office: Office, standing: FeedStanding, entries: tuple[Entry, ...]) -> Mapping[str, datetime]:
    """For each target that has its baseline now, the oldest date listed: what comes up from below it is no news."""
    oldest = min((entry.article.published for entry in entries if entry.article.published), default=None)
    new = {target.name for target in office.targets} - standing.polled
    return {**dict.fromkeys(sorted(new), oldest), **standing.floors} if oldest else standing.floors


def _failed(feed: Feed, standing: FeedStanding, error: FeedError, now: datetime) -> Poll:
    outlook = FeedOutlook(feed.name, feed.url, "failed", error=error.message, hint=error.hint)
    return Poll(feed, outlook, replace(standing, failing_since=standing.failing_since or now))
