"""What `init` finds out about a site before it writes anything."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from crosspost.core.entry import Entry
from crosspost.core.policy import Feed
from crosspost.core.world import World
from crosspost.decide.identity import host_of
from crosspost.errors import FeedError
from crosspost.feed.discover import discover
from crosspost.feed.fetch import fetch
from crosspost.feed.parse import parse


@dataclass(frozen=True, slots=True)
class Site:
    """A site as its feed shows it.

    `hosts`: the channel link's host, where it isn't the feed's; `foreign`: other hosts that stories point to;
    `private`: the feed's host, where it is a private address.
    """

    feed_url: str
    title: str
    entries: tuple[Entry, ...]
    hosts: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


def find_site(world: World, typed: str) -> Site:
    """Find the feed of a site as a person typed it, and look into it. Raises FeedError."""
    found = discover(world.wire, world.clock, typed)
    parsed = parse(found.fetched.body, "site", found.fetched.url, found.fetched.content_type)
    own, site = host_of(found.feed_url), host_of(parsed.site_link)
    hosts = {own, site}
    links = [host_of(entry.article.link) for entry in parsed.entries]
    return Site(
        feed_url=found.feed_url,
        title=parsed.title or found.title,
        entries=parsed.entries,
        hosts=(site,) if site and site != own else (),
        foreign=tuple(dict.fromkeys(host for host in links if host and host not in hosts)),
        private=(urlsplit(found.feed_url).hostname or own,) if _is_private(world, found.feed_url) else (),
    )


def _is_private(world: World, url: str) -> bool:
    """Whether a run, for which nobody types the address, would be refused."""
    try:
        fetch(world.wire, world.clock, Feed("site", url), None)
    except FeedError as error:
        return error.code == "feed-private"
    return False
