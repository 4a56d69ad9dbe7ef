"""What a body is, by its bytes: a whole feed, or what else came instead. Nothing is expanded."""

from __future__ import annotations

import codecs
import re
from html import unescape

from crosspost.errors import FeedError
from crosspost.feed.trouble import feed_error, plain

_FEEDS = {"rss": "rss", "rdf": "RDF", "feed": "feed"}
_PAGES = frozenset({"html", "head", "body", "div"})
# Bounded wherever a hostile document could make a pattern look far ahead again and again.
_SKIP = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"""<!DOCTYPE(?:[^\[>"']|"[^"]*"|'[^']*'){0,1000}([\[>])""", re.IGNORECASE)
_PAGE_TYPE = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title>", re.IGNORECASE | re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def encoding_of(body: bytes) -> str:
    """The encoding that the first bytes give away, "" where they don't."""
    return next((encoding for mark, encoding in _MARKS if body.startswith(mark)), "")


def is_feed(body: bytes) -> bool:
    """Whether it means to be a feed, by its root element; it need not be a good one."""
    return _root(_view(body)) in (*_FEEDS, "!entity")


def title_of(body: bytes) -> str:
    """The first title of a document, plain and short, for a person to know it by; "" without one."""
    text = body[:200_000].decode(encoding_of(body) or "utf-8", "replace")
    found = _TITLE.search(text)
    # Escaped once as XML, and once more as HTML by many themes.
    return plain(unescape(found.group(1).replace("<![CDATA[", "").replace("]]>", ""))) if found else ""


def check(body: bytes, name: str, url: str, content_type: str = "") -> None:
    """Raise FeedError unless the body is a whole RSS, RDF or Atom document without entities of its own.

    `name` and `url` are the feed's, for the message; the content type alone never decides.
    """
    text = _view(body)
    if not text.strip("\0 \t\r\n\ufeff\xef\xbb\xbf"):
        raise feed_error("feed-empty", name, url, "sent nothing")
    root = _root(text)
    if root == "!entity":
        raise feed_error("feed-garbage", name, url, "declares entities of its own, which aren't expanded")
    if root not in _FEEDS:
        raise _no_feed(body, root, name, url, content_type)
    if not _is_whole(text, root):
        raise feed_error("feed-cut", name, url, "broke off in the middle: its last lines are missing")


def _no_feed(body: bytes, root: str, name: str, url: str, content_type: str) -> FeedError:
    if root in _PAGES or ("html" in content_type.lower() and root):
        title = title_of(body)
        return feed_error(
            "feed-html", name, url, f"answered with a web page{f' (“{title}”)' if title else ''} instead of a feed"
        )
    what = f"a <{plain(root, 30)}> document" if root else "something"
    return feed_error("feed-garbage", name, url, f"sent {what} that is no feed")


def _view(body: bytes) -> str:
    """The body as text that is right for its ASCII characters, which is all that is looked at."""
    encoding = encoding_of(body)
    return body.decode(encoding, "replace") if encoding else body.decode("latin-1")


def _root(text: str) -> str:
    """The root element's local name in lower case, "" where there is none, "!entity" for a DTD that declares some."""
    at = 0
    while True:
        if skipped := _SKIP.match(text, at):
            at = skipped.end()
        elif doctype := _DOCTYPE.match(text, at):
            at = doctype.end()
            if _PAGE_TYPE.match(doctype.group()):
                return "html"
            if doctype.group(1) == "[":
                end = _SUBSET_END.search(text, at)
                if "<!entity" in text[at : end.start() if end else None].lower():
                    return "!entity"
                at = end.end() if end else len(text)
        else:
            found = _ROOT.match(text, at)
            return found.group(1).lower() if found else ""


def _is_whole(text: str, root: str) -> bool:
    """Whether the root is closed: feedparser's `bozo` is set on many good feeds and unset on some cut ones."""
    closing = rf"</(?:[A-Za-z_][\w.-]*:)?{_FEEDS[root]}\s*>"
    if re.search(closing, text[-20_000:], re.IGNORECASE):  # a cache's comment may follow it
        return True
    last = text[max(text.rfind("<"), 0) :]  # <rss version="2.0"/> has nothing to close
    return bool(re.fullmatch(rf"<(?:[A-Za-z_][\w.-]*:)?{root}\b[^>]*/>\s*", last, re.IGNORECASE))
