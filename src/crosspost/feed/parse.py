"""From a feed's bytes to its entries: RSS 2.0, RSS 1.0 and Atom, as WordPress and others write them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from crosspost.compose.article import build_article
from crosspost.core.entry import Entry, Media
from crosspost.feed.sniff import check, encoding_of
from crosspost.feed.trouble import feed_error, plain
from crosspost.net.addresses import parse_address

MAX_ENTRIES = 1_000  # WordPress lists ten; a document with more has taken its whole archive along
MAX_COMPLAINTS = 20
MAX_ATTRIBUTES = 500  # of one element
MAX_CATEGORIES = 20_000  # of one document
MAX_NAME = 2_000  # characters of a guid or an address
_YEARS = range(1990, 2101)  # WordPress writes year -1 or 1970 for a post without a date

# WordPress' prefix ("Protected: %s") in the languages whose words are known here, with a plain or a
# no-break space before the colon. In all others the password form tells, which is the same everywhere.
_PROTECTED_TITLE = re.compile(
    r"(?:Protected|Protégé|Geschützt|Protegido|Protegida|Protegit|Protetto|Beveiligd)\s?:\s", re.IGNORECASE
)
_PASSWORD_FORM = re.compile(r"""post-password-form|wp-login\.php\?action=postpass|name=["']?post_password\b""")
_CUT_EXCERPT = re.compile(r"\[\s*(?:…|\.{3})\s*\]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_ISO_DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")  # \w has the underscore too, which some hosts have in fact
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
# feedparser looks each attribute up among all others of its element, and each category (or keyword, of which one
# element holds any number) among all others of its item: some 100,000 take minutes, and there is room for more.
_CATEGORY = re.compile(rb"<(?:[\w.-]+:)?(?:category|subject)\b", re.IGNORECASE)
_KEYWORDS = re.compile(rb"(</?(?:[\w.-]+:)?)keywords\b", re.IGNORECASE)
_CROWDED = re.compile(
    rb"""<[A-Za-z_:][^\s<>/=]*+(?:\s++[^\s=<>"']++\s*+=\s*+(?:"[^"]*+"|'[^']*+')){%d}""" % (MAX_ATTRIBUTES + 1)
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]+|[0-9]+);")
_IMPOSSIBLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")

Dict = dict[str, Any]  # feedparser's own kind is a dict


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed's entries in its order, what the channel says of itself, and what could not be read as meant.

    `title` is plain text; `site_link` is absolute http(s), or "". `complaints` are sentences without any
    text of the feed's.
    """

    entries: tuple[Entry, ...]
    title: str
    site_link: str
    language: str
    complaints: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """One document while it is read."""

    feed: str
    base: str
    version: str
    language: str
    complaints: list[str] = field(default_factory=list)

    def complain(self, sentence: str) -> None:
        if len(self.complaints) < MAX_COMPLAINTS:
            self.complaints.append(sentence)
        elif len(self.complaints) == MAX_COMPLAINTS:
            self.complaints.append("There are more such faults, which are not listed.")

    @property
    def is_atom(self) -> bool:
        return self.version.startswith("atom")


def parse(body: bytes, feed: str, base_url: str, content_type: str = "") -> Parsed:
    """The entries of a whole feed. `feed` is its name, `base_url` where it was read ("" for a file).

    Raises FeedError for anything that is no whole feed.
    """
    check(body, feed, base_url, content_type)
    body, charset, complaint = _as_declared(body, content_type)
    body = _without_impossible(body)
    if crowd := _crowd(body):
        raise feed_error("feed-garbage", feed, base_url, f"has {crowd}")
    found = _feedparser(_KEYWORDS.sub(rb"\1kept-out", body), charset, feed, base_url)
    channel = found["feed"]
    reader = _Reader(feed, base_url, found["version"], _text(channel, "language"))
    if complaint:
        reader.complain(complaint)
    if _is_malformed(found):
        reader.complain("The feed is not well-formed XML; what could be read was taken.")
    items = found["entries"]
    if len(items) > MAX_ENTRIES:
        reader.complain(f"The feed lists {len(items):,} entries; the first {MAX_ENTRIES:,} were taken.")
    entries = tuple(_entry(reader, item, number) for number, item in enumerate(items[:MAX_ENTRIES], 1))
    site_link = _link(reader, channel, "the channel")
    title = plain(_text(channel, "title"), 200)
    return Parsed(entries, title, site_link, reader.language, tuple(reader.complaints))


def _feedparser(body: bytes, charset: str, feed: str, url: str) -> Dict:
    import feedparser  # heavy: loaded where the room is entered

    try:
        found: Dict = feedparser.parse(
            io.BytesIO(body),  # bytes would be taken for a file's name first
            response_headers={"content-type": f"application/xml{f'; charset={charset}' if charset else ''}"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception:  # whatever a hostile document makes it raise
        found = {}
    if not found.get("version"):
        raise feed_error("feed-garbage", feed, url, "sent something that can't be read as a feed") from None
    return found


def _is_malformed(found: Dict) -> bool:
    """Whether the strict parser gave up; `bozo` alone is set for a mere content type or encoding."""
    from xml.sax import SAXException  # feedparser has loaded it

    return bool(found.get("bozo")) and isinstance(found.get("bozo_exception"), SAXException)


def _as_declared(body: bytes, content_type: str) -> tuple[bytes, str, str]:
    """The body, the charset to read it by ("" : as it declares), and a complaint.

    What is valid UTF-8 beyond ASCII is UTF-8, whatever a server's default says. What claims to be UTF-8
    and has a few stray bytes keeps its other letters: feedparser would read all of it as Windows-1252.
    """
    if (wide := encoding_of(body)).startswith(("utf-16", "utf-32")):
        return body.decode(wide, "replace").encode("utf-8", "replace"), "utf-8", ""
    header = _CHARSET.search(content_type)
    declared = _DECLARED.match(body.removeprefix(b"\xef\xbb\xbf")[:200])
    claim = header.group(1) if header else declared.group(1).decode() if declared else "utf-8"
    if body.isascii():
        return body, claim, ""
    try:
        body.decode()
    except UnicodeDecodeError:
        if claim.lower() not in ("utf-8", "utf8"):
            return body, claim, ""
    else:
        return body, "utf-8", ""
    text = body.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    if stray > sum(character > "\x7f" for character in text) - stray:
        return body, "", ""
    return text.encode(), "utf-8", f"The feed holds {stray:,} characters that are no UTF-8."


def _without_impossible(body: bytes) -> bytes:
    """The body without characters that XML can't hold, raw or by number: one of them fails a whole parser.

    Escape stays: Japanese encodings use it.
    """
    return _IMPOSSIBLE.sub(b"", _REFERENCE.sub(_possible, body))


def _crowd(body: bytes) -> str:
    """What there is too much of for feedparser's time, "" where there isn't."""
    if _CROWDED.search(body):
        return f"an element with more than {MAX_ATTRIBUTES} attributes"
    if sum(1 for _ in _CATEGORY.finditer(body)) > MAX_CATEGORIES:
        return f"more than {MAX_CATEGORIES:,} categories"
    return ""


def _possible(reference: re.Match[bytes]) -> bytes:
    digits = reference.group(1).lower()
    point = int(digits[1:], 16) if digits.startswith(b"x") else int(digits) if len(digits) < 20 else -1
    good = point in (9, 10, 13) or 0x20 <= point < 0xD800 or 0xE000 <= point <= 0x10FFFF
    return reference.group() if good else b""


def _entry(reader: _Reader, item: Dict, number: int) -> Entry:
    which = f"entry {number}"
    link = _link(reader, item, which)
    published, updated = _dates(reader, item, which)
    title = _html(reader, item, "title")
    content, excerpt = _content(reader, item)
    guid = _name(_text(item, "id"))
    article = build_article(
        title_html=title,
        content_html=content,
        excerpt_html=excerpt,
        link=link,
        published=published,
        updated=updated,
        terms=_terms(item),
        language=_language(reader, item),
        media=_media(reader, item, link),
    )
    return Entry(
        feed=reader.feed,
        guid=guid,
        article=article,
        post_id=_post_id(item, guid, link),
        protected=_is_protected(title, content, excerpt),
    )


def _text(item: Dict, key: str) -> str:
    """A plain field. By `dict.get`: feedparser's own lookup puts other fields in a missing one's place."""
    value = dict.get(item, key)
    return value if isinstance(value, str) else ""


def _parts(item: Dict, key: str) -> list[Dict]:
    """A field's parts. A hostile element named like one of feedparser's own lists makes it a text."""
    value = dict.get(item, key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _detail(item: Dict, key: str) -> Dict:
    value = dict.get(item, f"{key}_detail")
    return value if isinstance(value, dict) else {}


def _name(text: str) -> str:
    """A guid, address or title on one line, without what can't be seen."""
    return " ".join(_UNSEEN.sub("", text.replace("\n", " ")).split())[:MAX_NAME]


def _html(reader: _Reader, item: Dict, key: str) -> str:
    """A text field as HTML. Only Atom says which texts are plain; RSS can't, and WordPress means HTML."""
    kind = _text(_detail(item, key), "type")
    value = _text(item, key)
    return escape(value, quote=False) if reader.is_atom and kind == "text/plain" else value


def _content(reader: _Reader, item: Dict) -> tuple[str, str]:
    """The content, and the excerpt where both are there (feedparser puts a copy of a lone content there)."""
    summary = _html(reader, item, "summary")
    whole = next(iter(_parts(item, "content")), None)
    if whole is not None and _text(whole, "value").strip():
        value = _text(whole, "value")
        is_text = reader.is_atom and whole.get("type") == "text/plain"
        return (escape(value, quote=False) if is_text else value), ("" if value == _text(item, "summary") else summary)
    if _CUT_EXCERPT.search(unescape(summary)):  # a feed of excerpts: the article's step knows cut ones
        return "", summary
    return summary, ""


def _dates(reader: _Reader, item: Dict, which: str) -> tuple[datetime | None, datetime | None]:
    """Published and updated. RSS 1.0 and `dc:date` have one date alone, which feedparser calls updated."""
    published, updated = (_date(reader, item, key, which) for key in ("published", "updated"))
    if published is None and not reader.is_atom:
        published, updated = updated, None
    return published, updated


def _date(reader: _Reader, item: Dict, key: str, which: str) -> datetime | None:
    """An aware date in UTC; None where it can't be one (a day that doesn't exist, RSS without a zone)."""
    parts = dict.get(item, f"{key}_parsed")
    found = None
    if parts is not None and parts.tm_year in _YEARS and _is_day(_text(item, key)):
        try:
            year, month, day, hour, minute, second = parts[:6]
            found = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            found = None
    if found is None and _text(item, key):
        reader.complain(f"The date of {which} can't be read.")
    return found


def _is_day(text: str) -> bool:
    """Whether an ISO date names a day that exists: feedparser makes 3 March of 31 February."""
    found = _ISO_DAY.match(text)
    if found is None:
        return True
    year, month, day = map(int, found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _link(reader: _Reader, item: Dict, which: str) -> str:
    """The item's own address, absolute; "" with a complaint for one that must not be posted."""
    raw = _name(_text(item, "feedburner_origlink") or _text(item, "link"))
    if not raw:
        return ""
    link = absolute(raw, _text(_detail(item, "title"), "base") or reader.base)
    if not link:
        reader.complain(f"The link of {which} is no usable web address, and was left out.")
    return link


def absolute(link: str, base: str) -> str:
    """The link against its base, if that is http(s) with a host and without a login; else ""."""
    try:
        full = urljoin(base, link.strip())
        parts = urlsplit(full)
        usable = parts.scheme in ("http", "https") and "@" not in parts.netloc and _is_host(parts.hostname or "")
        _ = parts.port  # raises on a port that is none
    except ValueError:
        return ""
    return full if usable and not re.search(r"[\s<>\"\\^`{|}]", full) else ""


def _is_host(host: str) -> bool:
    """Whether it can be a host: an address, or labels of letters (of any script), digits and hyphens."""
    labels = host.removesuffix(".").split(".")
    return parse_address(host) is not None or all(_LABEL.fullmatch(label) for label in labels)


def _terms(item: Dict) -> tuple[str, ...]:
    found = (_text(tag, "label") or _text(tag, "term") for tag in _parts(item, "tags"))
    return tuple(dict.fromkeys(term.strip() for term in found if term.strip()))


def _language(reader: _Reader, item: Dict) -> str:
    own = _text(_detail(item, "title"), "language")
    return _name(_text(item, "language") or own or reader.language)


def _media(reader: _Reader, item: Dict, link: str) -> tuple[Media, ...]:
    """Pictures beside the HTML. Authors' portraits (WordPress.com adds them) are none of the article's."""
    enclosures = [found for found in _parts(item, "links") if found.get("rel") == "enclosure"]
    media = _parts(item, "media_content")
    found = [(_text(one, "url"), _text(one, "medium") or _text(one, "type")) for one in media]
    found += [(_text(one, "href"), _text(one, "type")) for one in enclosures]
    found += [(_text(one, "url"), "image") for one in _parts(item, "media_thumbnail")]
    urls = (absolute(url, link or reader.base) for url, kind in found if url and kind.startswith("image"))
    return tuple(Media(url) for url in dict.fromkeys(urls) if url and "gravatar.com/" not in url)


def _post_id(item: Dict, guid: str, link: str) -> str:
    """WordPress' number of the post: its own element, else `?p=` in guid or link."""
    for text in (_text(item, "post-id").strip(), _query_id(guid), _query_id(link)):
        if text.isascii() and text.isdigit() and len(text) <= 20:
            return text
    return ""


def _query_id(address: str) -> str:
    try:
        return parse_qs(urlsplit(address).query, max_num_fields=50).get("p", [""])[0]
    except ValueError:
        return ""


def _is_protected(title: str, content: str, excerpt: str) -> bool:
    """Whether WordPress keeps the post behind a password: by its form, or by its prefix in the title."""
    text = " ".join(unescape(unescape(title)).split()) + " "
    return bool(_PROTECTED_TITLE.match(text)) or any(_PASSWORD_FORM.search(part) for part in (content, excerpt))
