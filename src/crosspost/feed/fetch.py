"""Reading a feed with a conditional GET: what came is a whole feed, unchanged, or an error that names it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crosspost.core.policy import Feed
from crosspost.core.world import Clock, Wire
from crosspost.errors import FeedError
from crosspost.feed.sniff import check
from crosspost.feed.trouble import FeedStatus, feed_error, status_error
from crosspost.net.reading import Page, ReadTrouble, read

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
)
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,500}"')
_PACKED = re.compile(r'(?:-|;)(?:gzip|br|deflate|zstd)"$')
_DATE = re.compile(r"[A-Za-z0-9:, +-]{1,60}")

_TROUBLES = {
    "private": ("feed-private", "can't be read"),
    "slow": ("feed-slow", "took too long"),
    "cut": ("feed-cut", "broke off"),
    "too-large": ("feed-too-large", "is too large"),
}
_DOWNGRADE = "Use an address that stays on https: on plain http anyone on the way could write the news."


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with. A cache, never the truth.

    `url` is the feed's address in the settings: WordPress makes the ETag from the date of the newest
    change, so two feeds of one site share it.
    """

    etag: str = ""
    last_modified: str = ""
    url: str = ""

    def dump(self) -> str:
        """One line of text, for a keyed value."""
        return json.dumps({"etag": self.etag, "last_modified": self.last_modified, "url": self.url})

    @classmethod
    def load(cls, text: str) -> Validators | None:
        """What `dump` wrote; None for anything else, so that the feed is read whole."""
        try:
            data = json.loads(text)
            etag, last_modified, url = data["etag"], data["last_modified"], data["url"]
        except (ValueError, KeyError, TypeError):
            return None
        if not all(isinstance(part, str) for part in (etag, last_modified, url)):
            return None
        return cls(etag, last_modified, url)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A good answer. `unchanged`: 304, and `body` is empty. `url` is the one after redirects.

    `validators` are None where the server gave none (and on 304 those that were sent).
    """

    status: int
    url: str
    body: bytes
    content_type: str
    validators: Validators | None
    unchanged: bool = False


def fetch(
    wire: Wire,
    clock: Clock,
    feed: Feed,
    validators: Validators | None,
    allow_private: tuple[str, ...] = (),
    *,
    typed: bool = False,
) -> Fetched:
    """The feed as it stands, or that it is unchanged. Raises FeedError; nothing is to be kept then."""
    if validators is not None and validators.url not in ("", feed.url):
        validators = None
    asked = _conditions(validators)
    try:
        page = read(wire, clock, feed.url, headers=asked, accept=ACCEPT, allow_private=allow_private, typed=typed)
    except ReadTrouble as trouble:
        raise unreadable(feed.name, feed.url, trouble) from None
    if page.status == 304 and asked:
        return Fetched(304, page.url, b"", "", validators, unchanged=True)
    return fetched_from(page, feed)


def fetched_from(page: Page, feed: Feed) -> Fetched:
    """What a page is as a read of that feed. Raises FeedError for anything but a whole feed."""
    if page.status != 200:
        raise status_error(feed.name, feed.url, page.status)
    content_type = page.header("Content-Type")
    check(page.body, feed.name, feed.url, content_type)
    return Fetched(200, page.url, page.body, content_type, _validators(page, feed.url))


def older(wire: Wire, clock: Clock, feed: Feed, number: int, allow_private: tuple[str, ...] = ()) -> Fetched | None:
    """Page `number` (from 2) of a WordPress feed; None past its end. Raises FeedError."""
    parts = urlsplit(feed.url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "paged"]
    url = urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(number))])))
    try:
        return fetch(wire, clock, Feed(name=feed.name, url=url), None, allow_private)
    except FeedStatus as trouble:
        if trouble.status == 404:
            return None
        raise


def unreadable(name: str, url: str, trouble: ReadTrouble) -> FeedError:
    """The feed's error for a trouble of reading."""
    code, verb = _TROUBLES.get(trouble.code, ("feed-unreachable", "can't be read"))
    hint = _DOWNGRADE if trouble.code == "downgrade" else ""
    return feed_error(code, name, url, f"{verb}, {trouble.host}: {trouble.what}", hint)


def _conditions(validators: Validators | None) -> tuple[tuple[str, str], ...]:
    """Both conditions: WordPress answers 304 only where both match.

    Apache's mod_deflate adds "-gzip" to the ETag of what it packs and doesn't know it again.
    """
    if validators is None:
        return ()
    headers: list[tuple[str, str]] = []
    if _ETAG.fullmatch(validators.etag):
        headers.append(("If-None-Match", _PACKED.sub('"', validators.etag)))
    if _DATE.fullmatch(validators.last_modified):
        headers.append(("If-Modified-Since", validators.last_modified))
    return tuple(headers)


def _validators(page: Page, url: str) -> Validators | None:
    etag, date = page.header("ETag").strip(), page.header("Last-Modified").strip()
    kept = Validators(etag if _ETAG.fullmatch(etag) else "", date if _DATE.fullmatch(date) else "", url)
    return kept if kept.etag or kept.last_modified else None
