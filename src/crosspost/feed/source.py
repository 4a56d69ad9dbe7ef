"""What `preview [SITE|FEED|FILE|-]` was given: standard input, a file, or an address to find a feed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crosspost.core.policy import Feed
from crosspost.core.world import Clock, Wire
from crosspost.errors import FeedError
from crosspost.feed.discover import discover
from crosspost.feed.fetch import Fetched
from crosspost.feed.sniff import check
from crosspost.feed.trouble import HINTS, feed_error, plain
from crosspost.net.reading import DEFAULT


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that was read once, ready to be parsed. `feed.url` is "" for a file and for standard input."""

    feed: Feed
    fetched: Fetched


def load(
    argument: str,
    stdin: Callable[[], bytes],
    read_file: Callable[[str], bytes | None],
    *,
    wire: Wire,
    clock: Clock,
    allow_private: tuple[str, ...] = (),
) -> Source:
    """Read what the argument names. Raises FeedError.

    "-" is standard input, what `read_file` knows is a file (None: there is none; OSError: it can't be
    read), and anything else an address, which counts as typed.
    """
    if argument == "-":
        return _bytes("standard input", stdin())
    if "://" not in argument:
        try:
            body = read_file(argument)
        except OSError as error:
            what = f"can't be read: {plain(error.strerror or 'the system refuses')}"
            raise feed_error("feed-file", argument, "", what) from None
        if body is not None:
            return _bytes(argument, body)
        if _is_path(argument):
            raise feed_error("feed-file", argument, "", "is a file that isn't there")
    found = discover(wire, clock, argument, allow_private)
    host = found.feed_url.split("/")[2]
    return Source(Feed(name=host, url=found.feed_url), found.fetched)


def _is_path(argument: str) -> bool:
    """Whether a person can only have meant a file: no host begins or ends like this."""
    name = argument.lower()
    local = name.startswith(("/", "./", "../", "~")) or "\\" in name
    return not name or local or ("/" not in name and name.endswith((".xml", ".rss", ".atom", ".rdf")))


def _bytes(name: str, body: bytes) -> Source:
    if len(body) > DEFAULT.bytes:
        raise FeedError(
            "feed-too-large", f'Feed "{plain(name)}" is larger than {DEFAULT.bytes:,} bytes.', HINTS["feed-too-large"]
        )
    check(body, name, "")
    return Source(Feed(name=name, url=""), Fetched(200, "", body, "", None))
