"""How X counts a text, and what it makes a link of: the rules of twitter-text 3 (config v3), read 2026-11-24.

Text is counted in NFC. A link weighs 23, an emoji 2 however many code points it has, a code point of
the light ranges 1, every other 2. A link needs no scheme where its host ends in a known top-level
domain. tlds.txt and emoji.txt beside this file hold the facts and say where they come from.

twitter-text finds links by one regular expression with 1,500 alternatives for the domain's end. Here
the ends are found first, by looking them up, and only around them is a host looked for: a text
without one costs next to nothing. The leftmost, longest link wins, as it does there.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

LIMIT = 280  # an account without Premium
LINK_WEIGHT = 23  # t.co's length, whatever the link's
EMOJI_WEIGHT = 2

_LONGEST_URL = 4096
_LONGEST_TCO_SLUG = 40
_NO_SCHEME = "https://"  # what a link without a scheme is measured with

# --- character classes, as the insides of [...] -------------------------------------------------

_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTION = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = r"\ufffe\ufeff\uffff"
# A host's label may hold anything but these; hyphen and underscore inside only, the dot between.
_NO_HOST = r"!#$%&'()*+,/:;<=>?@\[\\\]^{|}~" + _SPACES + _DIRECTION + _INVALID
# Latin letters with marks, which count as ASCII in a host without a scheme.
_LATIN = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    r"\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_PATH = r"a-z0-9\u0400-\u04ff=+/#\-_" + _LATIN
_PATH_CANT_END = r"!*';:,.$%\[\]\u2013~@|&"
_QUERY = r"a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|"
_QUERY_CANT_END = "!?*'@();:+$%[].,~|"

_HEAVY = re.compile(r"[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
_DOT = re.compile(r"\.(?=[^\W\d_])")  # a top-level domain begins with a letter
_WORD = re.compile(r"[0-9A-Za-z]+")
_PUNYCODE = re.compile(r"[xX][nN]--[-0-9A-Za-z]+")
_RUN = re.compile(f"[^{_NO_HOST}]+")
_START = re.compile(f"(?<![A-Za-z0-9@＠$#＃{_INVALID}])[^-_.]")
_SCHEME = re.compile(f"(?<![A-Za-z0-9@＠$#＃{_INVALID}])https?://", re.IGNORECASE | re.ASCII)
_PORT = re.compile(":[0-9]+")
_ASCII_HOST = re.compile(rf"(?:[-a-z0-9{_LATIN}]+\.)+", re.IGNORECASE)
_TCO = re.compile(rf"https?://t\.co/([A-Za-z0-9]+)(\?[{_QUERY}]*)?", re.IGNORECASE | re.ASCII)


@cache
def _path() -> re.Pattern[str]:
    # Parentheses belong to a path in pairs, one pair inside another at most. The last pairs count only
    # where they follow a character that a path may end with. (One character at a time: "+" inside the
    # "*" would take for ever where none may.)
    some, end = f"[{_PATH}{_PATH_CANT_END}]", f"[{_PATH}]"
    pair = rf"\((?:{some}++|{some}*+\({some}++\){some}*+)\)"
    return re.compile(f"/(?:(?:{some}|{pair})*{end})?(?:{pair})*", re.IGNORECASE)


@cache
def _query() -> re.Pattern[str]:
    return re.compile(rf"\?[{_QUERY}]*")


# --- top-level domains --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Domains:
    """Known top-level domains: all, and the lengths of those beyond ASCII, longest first."""

    names: frozenset[str]
    wide: tuple[int, ...]


def _facts(name: str) -> list[str]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


@cache
def _domains() -> _Domains:
    names = frozenset(_facts("tlds.txt"))
    lengths = {len(name) for name in names if not name.isascii()}
    return _Domains(names, tuple(sorted(lengths, reverse=True)))


def _ends_domain(text: str, at: int, stop: int) -> bool:
    """Whether a known domain may end before `at`: no letter or digit that goes on, no @, + or -."""
    return at >= stop or not (text[at] in "@+-" or (text[at].isascii() and text[at].isalnum()))


def _domain_end(text: str, at: int, stop: int) -> int:
    """Where the top-level domain that begins at `at` ends; 0 if there is none."""
    domains = _domains()
    if word := _WORD.match(text, at, stop):
        if word[0].lower() in domains.names and _ends_domain(text, word.end(), stop):
            return word.end()
        if word.end() == stop or (text[word.end()].isascii() and text[word.end()] != "-"):
            return 0
    for length in domains.wide:
        end = at + length
        if end <= stop and text[at:end].lower() in domains.names and _ends_domain(text, end, stop):
            return end
    code = _PUNYCODE.match(text, at, stop)
    return code.end() if code else 0


# --- links --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    """A link: where it begins, its text, whether a scheme stands before it."""

    start: int
    text: str
    scheme: bool


@dataclass(frozen=True, slots=True)
class _Host:
    """A host in the text, where its link begins (before the scheme, if it has one), and where it ends."""

    link: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of characters that hosts may have: where it begins, and its dots.

    `reach`: for each dot, the last one that ends a domain and is reached over well-formed labels.
    """

    begin: int
    dots: list[int]
    reach: list[int | None]


def _run(text: str, begin: int, end: int, ends: Mapping[int, int]) -> _Run:
    dots = [i for i in range(begin, end) if text[i] == "."]
    reach: list[int | None] = [None] * len(dots)
    for number in range(len(dots) - 2, -1, -1):
        dot = dots[number + 1]
        label = text[dots[number] + 1 : dot]
        if label and label[0] not in "-_" and label[-1] not in "-_":
            own = dot if dot in ends and "_" not in label else None
            beyond = reach[number + 1]
            reach[number] = own if beyond is None else beyond
    return _Run(begin, dots, reach)


def _first_host(text: str, run: _Run, pos: int, ends: Mapping[int, int]) -> _Host | None:
    """The first host in the run; nothing before `pos` may be used.

    `ends` maps each dot that a top-level domain follows to that domain's end.
    """
    for number in range(bisect_left(run.dots, pos), len(run.dots)):
        dot, last = run.dots[number], run.reach[number]
        low = run.dots[number - 1] + 1 if number else run.begin
        if dot == low or text[dot - 1] in "-_":
            continue
        if last is None and dot in ends:  # the domain's own label: no underscore in it
            low, last = max(low, text.rfind("_", low, dot) + 1), dot
        if last is None:
            continue
        host = _start_of_host(text, run.begin, low, dot, pos)
        if host is not None:
            return _Host(*host, ends[last])
    return None


def _start_of_host(text: str, begin: int, low: int, dot: int, pos: int) -> tuple[int, int] | None:
    """Where link and host begin, the first place in [low, dot) where one may: what stands before it decides."""
    if low == begin and text[begin] not in "-_.":
        scheme = _scheme_before(text, begin)
        if scheme is not None and (scheme > pos or scheme == pos == 0):
            return scheme, begin
    # The character before is used up too, so one that the last link ends with can't be it. At the very
    # beginning none is needed, but one that may stand there is preferred: of "élan.fr" only "lan.fr" is a link.
    start = _START.match(text, 1, dot) if low == pos == 0 else None
    start = start or _START.search(text, low if pos == 0 else max(low, pos + 1), dot)
    return (start.start(), start.start()) if start else None


def _scheme_before(text: str, at: int) -> int | None:
    for length in (8, 7):
        if at >= length:
            scheme = _SCHEME.match(text, at - length, at)
            if scheme and scheme.end() == at:
                return at - length
    return None


def _tail(text: str, at: int) -> tuple[int, int, bool]:
    """What follows a host: where port and path end, where the query ends, and whether there is a path."""
    if port := _PORT.match(text, at):
        at = port.end()
    has_path = text.startswith("/", at)
    if has_path and (path := _path().match(text, at)):
        at = path.end()
    end = at
    if query := _query().match(text, at):
        kept = query[0].rstrip(_QUERY_CANT_END)
        end = at + len(kept) if kept else at
    return at, end, has_path


def _as_dns(host: str) -> str | None:
    """The host in punycode; None if it can't be one (a label over 63 characters, mixed directions).

    By IDNA 2003, as twitter-text's Java does it (Extractor.java, read 2026-11-24).
    """
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _links_at(text: str, host: _Host) -> tuple[list[_Link], int]:
    """The links that X makes of a host and what follows it (none, one, several), and where they end."""
    name = text[host.start : host.end]
    _, end, has_path = _tail(text, host.end)
    url = text[host.link : end]
    scheme = host.link != host.start
    code = _as_dns(name)
    bare = "" if scheme else _NO_SCHEME
    if code is None or len(bare) + (host.start - host.link) + len(url) + len(code) - len(name) > _LONGEST_URL:
        return [], end
    if scheme:
        kept = _with_scheme(url)
        return ([_Link(host.link, kept, scheme=True)] if kept else []), end
    if host.start and text[host.start - 1] in "-_./":
        return [], end
    return _without_scheme(name, url, host.start, has_path), end


def _with_scheme(url: str) -> str:
    """The part of it that is a link: t.co's own links end after their slug; "" for an impossible one."""
    tco = _TCO.match(url)
    if tco is None:
        return url
    if len(tco[1]) > _LONGEST_TCO_SLUG:
        return ""
    return url[: tco.end(1)] + (tco[2] or "").rstrip(_QUERY_CANT_END)


def _without_scheme(name: str, url: str, at: int, has_path: bool) -> list[_Link]:
    """Only the ASCII and Latin hosts inside are links; what follows the host belongs to the last of them."""
    found: list[_Link] = []
    pos = 0
    while chain := _ASCII_HOST.search(name, pos):
        dots = [i for i in range(chain.end() - 1, chain.start() - 1, -1) if name[i] == "."]
        end = next((end for dot in dots if (end := _domain_end(name, dot + 1, len(name)))), 0)
        if end:
            found.append(_Link(at + chain.start(), name[chain.start() : end], scheme=False))
        pos = end or chain.end()
    if found and has_path:
        last = found[-1]
        found[-1] = _Link(last.start, url.replace(name, last.text), scheme=False)
    return found


def _find(text: str) -> list[_Link]:
    """Every link, in order."""
    ends = {dot.start(): end for dot in _DOT.finditer(text) if (end := _domain_end(text, dot.end(), len(text)))}
    if not ends:
        return []
    found: list[_Link] = []
    pos = 0
    for match in _RUN.finditer(text):
        if match.end() <= pos or "." not in match[0]:
            continue
        run = _run(text, match.start(), match.end(), ends)
        while host := _first_host(text, run, pos, ends):
            more, pos = _links_at(text, host)
            found += more
    return found


def links(text: str) -> tuple[str, ...]:
    """What X makes a link of, in order: addresses, and words that only look like one."""
    return tuple(link.text for link in _find(text))


def accidental(text: str) -> tuple[str, ...]:
    """The links without a scheme ("z.B.im", "ngo.org"): each weighs 23 and makes the post cost as one with a link."""
    return tuple(link.text for link in _find(text) if not link.scheme)


# --- emoji --------------------------------------------------------------------------------------

_VARIATION, _JOINER, _KEYCAP, _FLAG = "\ufe0f", "\u200d", "\u20e3", "\U0001f3f4"
_TAG_END = "\U000e007f"
_TONES = tuple(chr(code) for code in range(0x1F3FB, 0x1F400))
# The first character of what may be more than one: something joins on to it.
_JOINED = re.compile(
    "[^\0-\x22\x24-\x29\x2b-\x2f\x3a-\xa8](?=[\ufe0f\u200d\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0062-\U000e007f])"
)


def _characters(ranges: str) -> Iterator[str]:
    for item in ranges.split():
        first, _, last = item.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def _toned(kind: str, parts: list[str], tone: frozenset[str]) -> Iterator[list[str]]:
    """The joined sequence with the skin tones that it may have."""
    places = [i for i, part in enumerate(parts) if part in tone]
    if kind != "joinD":
        yield parts
    if kind == "join0":
        return
    ends = places[:1] if kind == "join1" else [places[0], places[-1]]
    for tones in product(_TONES, repeat=len(ends)):
        if kind != "joinD" or tones[0] != tones[1]:
            given = dict(zip(ends, tones, strict=True))
            yield [part + given.get(i, "") for i, part in enumerate(parts)]


@dataclass(frozen=True, slots=True)
class _Emoji:
    """Every emoji of more than one code point, and the length of the longest.

    A joined sequence that lacks one of its FE0F is none: every version of twitter-text counts its parts.
    """

    sequences: frozenset[str]
    longest: int


@cache
def _emoji() -> _Emoji:
    facts = [line.partition(" ")[::2] for line in _facts("emoji.txt")]
    variation = frozenset(c for kind, rest in facts if kind == "variation" for c in _characters(rest))
    tone = frozenset(c for kind, rest in facts if kind == "tone" for c in _characters(rest))
    found = {c + v + _KEYCAP for c in "0123456789#*" for v in ("", _VARIATION)}
    found |= {c + _VARIATION for c in variation}
    found |= {c + t for c in tone for t in _TONES}
    found |= {c + _VARIATION + t for c in tone & variation for t in _TONES}
    for kind, rest in facts:
        match kind:
            case "needless":
                found.update(c + _VARIATION for c in _characters(rest))
            case "flag":
                found.update("".join(chr(0x1F1E6 - ord("A") + ord(c)) for c in code) for code in rest.split())
            case "tag":
                found.update(_FLAG + "".join(chr(0xE0000 + ord(c)) for c in code) + _TAG_END for code in rest.split())
            case "join0" | "join1" | "join2" | "joinD":
                for parts in _toned(kind, list(_characters(rest)), tone):
                    found.add(_JOINER.join(p + _VARIATION if p in variation else p for p in parts))
            case _:
                pass
    return _Emoji(frozenset(found), max(map(len, found)))


def _long_emoji(text: str) -> list[tuple[int, int]]:
    """Start and length of each emoji of more than one code point; the longest that is known wins."""
    found: list[tuple[int, int]] = []
    pos = 0
    while first := _JOINED.search(text, pos):
        known, at = _emoji(), first.start()
        lengths = range(min(known.longest, len(text) - at), 1, -1)
        length = next((n for n in lengths if text[at : at + n] in known.sequences), 0)
        if length:
            found.append((at, length))
        pos = at + (length or 1)
    return found


# --- weight -------------------------------------------------------------------------------------


def _plain(text: str) -> int:
    """The weight of code points that are neither in a link nor in a long emoji."""
    return len(text) + sum(map(len, _HEAVY.findall(text)))


def weigh(text: str) -> int:
    """The text's weight on X, of which an account without Premium may use 280."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    whole = {at: (length, EMOJI_WEIGHT) for at, length in _long_emoji(text)}
    whole |= {link.start: (len(link.text), LINK_WEIGHT) for link in _find(text)}
    total = pos = 0
    for start in sorted(whole):
        if start >= pos:  # an emoji inside a link is the link's
            length, weight = whole[start]
            total += _plain(text[pos:start]) + weight
            pos = start + length
    return total + _plain(text[pos:])
