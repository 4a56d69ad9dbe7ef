"""The words of what goes wrong with a feed: one sentence that names the feed and what came, and a hint."""

from __future__ import annotations

from html import unescape
from urllib.parse import urlsplit, urlunsplit

from crosspost.errors import FeedError

_LOOK = "Open the address in a browser: it must show the feed's XML. WordPress has it at /feed/."
_LATER = "Nothing is lost: the next run reads it again. If it lasts, tell whoever runs the site."
HINTS = {
    "feed-html": f"{_LOOK} A firewall's or a maintenance page may stand in front of it.",
    "feed-empty": f"{_LATER} An error in a WordPress plugin often leaves an empty page.",
    "feed-status": _LATER,
    "feed-garbage": f"{_LOOK} A WordPress plugin that prints warnings can spoil it.",
    "feed-cut": _LATER,
    "feed-unreachable": f"Check the address in the settings. {_LATER}",
    "feed-private": "If this is meant, name the host or network in [fetch] allow_private.",
    "feed-too-large": "Let WordPress list fewer posts in its feed (Settings → Reading).",
    "feed-slow": _LATER,
    "feed-file": "Check the name. A site's address needs its https:// where it looks like a file.",
    "feed-none": "Give the feed's own address, or look in the page's source for application/rss+xml.",
}


class FeedStatus(FeedError):
    """The server answered with a status that brings no feed."""

    def __init__(self, code: str, message: str, hint: str, status: int) -> None:
        super().__init__(code, message, hint)
        self.status = status


def feed_error(code: str, name: str, url: str, what: str, hint: str = "") -> FeedError:
    """The error as a sentence: Feed "site" (https://example.org/feed/) `what`."""
    return FeedError(code, sentence(name, url, what), hint or HINTS[code])


def status_error(name: str, url: str, status: int) -> FeedStatus:
    """The error for an answer of that status."""
    meaning = _STATUS.get(status) or ("the server failed" if status >= 500 else "")
    what = f"answered with status {status}" + (f" ({meaning})" if meaning else "")
    hint = _STATUS_HINTS.get(status, HINTS["feed-status"])
    return FeedStatus("feed-status", sentence(name, url, what), hint, status)


_STATUS = {
    401: "a password is wanted",
    403: "the site refuses",
    404: "there is nothing at this address",
    410: "it is gone for good",
    429: "too many requests",
    503: "the site is busy or being maintained",
}
_STATUS_HINTS = {
    401: "Let the feed be read without a password.",
    403: "A firewall may take crosspost for a bad robot: let its user agent, crosspost, pass.",
    404: f"Check the address in the settings. {_LOOK}",
    410: f"Check the address in the settings. {_LOOK}",
}


def sentence(name: str, url: str, what: str) -> str:
    """Feed "site" (address) `what`."""
    where = f" ({shown(url)})" if url else ""
    return f'Feed "{plain(name)}"{where} {what}.'


def shown(url: str) -> str:
    """An address fit to be printed: without login, query and fragment, which may hold a secret."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that can't be read"
    host = f"[{host}]" if ":" in host else host
    return plain(urlunsplit((parts.scheme, host + port, parts.path, "…" if parts.query else "", "")), 200)


def plain(text: str, limit: int = 60) -> str:
    """Foreign text inside a message: one line, printable characters alone, at most `limit` of them."""
    words = " ".join(unescape(text).split())
    clean = "".join(character for character in words if character.isprintable())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
