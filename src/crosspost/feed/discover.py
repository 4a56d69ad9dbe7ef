"""From a site's address to its feed: the address itself, what its page names, or /feed/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crosspost.core.policy import Feed
from crosspost.core.world import Clock, Wire
from crosspost.errors import FeedError
from crosspost.feed.fetch import ACCEPT, Fetched, fetch, fetched_from, unreadable
from crosspost.feed.parse import absolute
from crosspost.feed.sniff import check, is_feed, title_of
from crosspost.feed.trouble import feed_error, status_error
from crosspost.net.reading import Page, ReadTrouble, read

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
# WordPress names the feed of all comments and, on a post's page, that of the post's.
_COMMENTS = re.compile(r"comment|kommentar|coment|reacties|/comments/|withcomments", re.IGNORECASE)
_PAGE_BYTES = 1_000_000  # the <head> stands at the beginning
_NAMED = 3  # of the page's own feeds: a hostile page may name thousands


@dataclass(frozen=True, slots=True)
class Discovered:
    """The feed's address (after redirects), its title in plain text ("" without one), and its first read."""

    feed_url: str
    title: str
    fetched: Fetched


def discover(
    wire: Wire, clock: Clock, site: str, allow_private: tuple[str, ...] = (), *, typed: bool = True
) -> Discovered:
    """The feed of a site. `site` as a person typed it: with or without https://, the feed's own address too.

    Raises FeedError, which names every address that was tried.
    """
    site = site.strip()
    if _SCHEME.match(site):
        return _at(wire, clock, site, allow_private, typed=typed)
    tried: list[FeedError] = []
    for url in (f"https://{site}", f"http://{site}"):
        try:
            return _at(wire, clock, url, allow_private, typed=typed)
        except FeedError as error:
            tried.append(error)
            if error.code not in ("feed-unreachable", "feed-slow", "feed-cut"):
                break  # the site is there: its answer counts, and plain http would only hide it
    first = tried[0]
    if len(tried) == 1:
        raise first
    raise FeedError(first.code, " ".join(error.message for error in tried), first.hint)


def _at(wire: Wire, clock: Clock, url: str, allow_private: tuple[str, ...], *, typed: bool) -> Discovered:
    name = _host(url)
    try:
        page = read(wire, clock, url, accept=ACCEPT, allow_private=allow_private, typed=typed)
    except ReadTrouble as trouble:
        raise unreadable(name, url, trouble) from None
    if page.status == 200 and is_feed(page.body):
        return _discovered(fetched_from(page, Feed(name, url)))
    tried: list[str] = []
    for candidate in _candidates(page):
        # What stands on a page is no typed address, but on the typed one's own server it reaches nothing new.
        same = typed and _host(candidate) == name and _port(candidate) == _port(url)
        try:
            return _discovered(fetch(wire, clock, Feed(name, candidate), None, allow_private, typed=same))
        except FeedError as error:
            tried.append(error.message.rstrip("."))
    raise _nothing(name, url, page, tried)


def _discovered(fetched: Fetched) -> Discovered:
    return Discovered(fetched.url, title_of(fetched.body), fetched)


def _nothing(name: str, url: str, page: Page, tried: list[str]) -> FeedError:
    """Why: what the address itself answered, where it was no web page."""
    if page.status != 200:
        return status_error(name, url, page.status)
    try:
        check(page.body, name, url, page.header("Content-Type"))
    except FeedError as error:
        if error.code != "feed-html":
            return error
    return feed_error("feed-none", name, url, f"leads to no feed. {'; '.join(tried)}")


def _candidates(page: Page) -> list[str]:
    """Addresses to try in turn: the feeds that the page names, then WordPress' usual places."""
    usual = urljoin(page.url if page.url.endswith("/") else f"{page.url}/", "feed/")
    named = _alternates(page) if page.status == 200 else []
    found = [*named[:_NAMED], "" if urlsplit(page.url).query else usual, urljoin(page.url, "/feed/")]
    # A WordPress behind a proxy often writes its own links with http: first as safe as the page itself.
    safe = urlsplit(page.url).scheme == "https"
    both = [choice for link in found for choice in ((_secure(link), link) if safe else (link,))]
    return list(dict.fromkeys(filter(None, both)))


def _secure(link: str) -> str:
    return "https://" + link.removeprefix("http://") if link.startswith("http://") else link


def _alternates(page: Page) -> list[str]:
    """The feeds of posts that a page names. `rel="self"` isn't read anywhere: WordPress drops the port there."""
    from selectolax.lexbor import LexborHTMLParser  # only for a page that is no feed

    tree = LexborHTMLParser(page.body[:_PAGE_BYTES].decode("utf-8", "replace"))
    anchor = tree.css_first("base[href]")
    base = absolute((anchor.attributes.get("href") if anchor else "") or "", page.url) or page.url
    found: list[str] = []
    for node in tree.css("link[rel][href]"):
        given = {name: value or "" for name, value in node.attributes.items()}
        kind = given.get("type", "").partition(";")[0].strip().lower()
        href = absolute(given["href"], base)
        if "alternate" not in given["rel"].lower().split() or kind not in _TYPES or not href:
            continue
        if not _COMMENTS.search(f"{urlsplit(href).path} {given.get('title', '')}"):
            found.append(href)
    return found


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return "?"


def _port(url: str) -> int | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return port or (443 if parts.scheme == "https" else 80)
