"""Single values of the settings file: each check says what it expected, or None when all is well."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from datetime import time, timedelta
from difflib import get_close_matches
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crosspost.core.policy import Quiet

DURATION = r"^[0-9]{1,6}[smhd]$"
NAME = r"^[a-z0-9][a-z0-9_.-]{0,39}$"
PREFIX = r"^[A-Z][A-Z0-9_]{0,39}$"
LANGUAGE = r"^[a-z]{2}$"
QUIET = r"^(|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$"
UTM = r"^(?!utm_)[a-z][a-z0-9_]{0,39}$"
MOST_DOLLARS = 1_000_000  # more is a slip of the keyboard
VARIABLE = r"^env:[A-Za-z_][A-Za-z0-9_]*$"

_HOST = re.compile(r"^(?=.{1,253}$)([^\W_]|[^\W_][\w-]*[^\W_])(\.([^\W_]|[^\W_][\w-]*[^\W_]))*$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_JOINERS = "_\u00b7\u200c\u200d"  # what both platforms allow in a hashtag beside letters, marks and digits
# A run this long of key characters is no word of any language's settings; names of zones have no digits.
_KEY_LIKE = re.compile(r"[A-Za-z0-9]{20,}|(?=[A-Za-z_+/=-]*[0-9])[A-Za-z0-9_+/=-]{16,}")


def looks_secret(text: str) -> bool:
    """Whether it could be a key, a token or an address with a password: then no message repeats it."""
    return "@" in text or _KEY_LIKE.search(text) is not None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that a mistyped one probably meant."""
    names = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), names, n=1, cutoff=0.7)
    return names[close[0]] if close else None


def duration(text: str) -> str | None:
    """A whole number and a unit."""
    return None if re.match(DURATION, text) else 'a duration such as "90s", "10m", "6h" or "7d"'


def as_timedelta(text: str) -> timedelta:
    """A checked duration as a value."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def as_micro(dollars: float) -> int:
    """A checked amount in micro-dollars, which is how money is counted."""
    return round(dollars * 1_000_000)


def quiet(text: str) -> str | None:
    """Two times of day, or nothing."""
    if re.match(QUIET, text) and (not text or text[:5] != text[6:]):
        return None
    return 'two different times of day such as "22:00-07:00", or "" for none'


def as_quiet(text: str) -> Quiet | None:
    """Checked quiet hours as a value."""
    return Quiet(time.fromisoformat(text[:5]), time.fromisoformat(text[6:])) if text else None


def zone(text: str) -> str | None:
    """A time zone that this system knows."""
    expected = 'the name of a time zone such as "Europe/Paris"'
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "Europe" is a folder: an OSError
        zones = available_timezones()
        cities = {name.rpartition("/")[2]: name for name in sorted(zones)}
        city = nearest(text.replace(" ", "_").rpartition("/")[2], cities)
        near = nearest(text, zones) or (cities[city] if city else None)
        return f'{expected}; did you mean "{near}"?' if near else expected
    return None


def hashtag(text: str) -> str | None:
    """One "#" and a word of letters, digits and "_", with at least one letter."""
    body = text.removeprefix("#")
    if text.startswith("#") and _is_tag(body):
        return None
    words = "".join(letter if _in_tag(letter) else " " for letter in body).split()
    right = "".join(word[:1].upper() + word[1:] for word in words) if len(words) > 1 else "".join(words)
    expected = 'a hashtag: "#" and one word'
    return f'{expected}, here "#{right}"' if _is_tag(right) and not looks_secret(text) else expected


def _in_tag(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter)[0] in "LM" or unicodedata.category(letter) == "Nd"


def _is_tag(body: str) -> bool:
    return all(map(_in_tag, body)) and any(unicodedata.category(letter)[0] == "L" for letter in body)


def pattern(text: str) -> str | None:
    """A word, or a regular expression that compiles."""
    if not text.strip():
        return "a word or a pattern, not an empty text"
    try:
        re.compile(text)
    except re.error as error:
        return f"a word or a regular expression; this one is broken at character {(error.pos or 0) + 1}"
    except (OverflowError, RecursionError):
        return "a word or a simpler regular expression"
    return None


def name(text: str) -> str | None:
    """A short name that stands in ledgers and commands."""
    if re.match(NAME, text) and not looks_secret(text):
        return None
    return 'a short name of a-z, 0-9, "_", "." and "-", such as "site"'


def prefix(text: str) -> str | None:
    """The first part of environment variables."""
    if re.match(PREFIX, text) and not text.endswith("_") and not looks_secret(text):
        return None
    return 'the first part of variable names, A-Z, 0-9 and "_", such as "FACEBOOK"'


def language(text: str) -> str | None:
    """Two letters."""
    return None if re.match(LANGUAGE, text) else 'a language as two small letters, such as "fr"'


def category(text: str) -> str | None:
    """Anything but nothing."""
    return None if text.strip() else "a category's name, not an empty text"


def utm_name(text: str) -> str | None:
    """A parameter's name without its "utm_"."""
    return None if re.match(UTM, text) else 'names without "utm_", such as source, medium or campaign'


def host(text: str) -> str | None:
    """A host's bare name or address."""
    if is_host(text):
        return None
    bare = _split(text if "://" in text else f"//{text}").hostname or ""
    right = f', here "{bare}"' if is_host(bare) and not looks_secret(text) else ""
    return f"a host alone, without https:// and path{right}"


def private(text: str) -> str | None:
    """A host, an address or a network."""
    try:
        ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        wrong = "/" in text or ":" in text or not is_host(text)
        return 'a host, an address or a network, such as "127.0.0.1" or "10.0.0.0/8"' if wrong else None
    return None


def is_host(text: str) -> bool:
    """Whether it is a host name or an address, and nothing more."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return _HOST.match(text) is not None
    return True


def is_loopback(text: str) -> bool:
    """Whether that host is this machine."""
    try:
        return ipaddress.ip_address(text.strip("[]")).is_loopback
    except ValueError:
        return text.lower() == "localhost"


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname  # both are parsed only when asked, and may raise
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def web_address(text: str) -> str | None:
    """An http(s) address without a password and without a key in its query."""
    parts = _split(text)
    if "@" in parts.netloc or (parts.hostname is None and "@" in text):
        return 'an address without a password in it; where one is needed, write "env:NAME" and set that variable'
    if parts.scheme not in {"http", "https"} or not is_host(parts.hostname or "") or re.search(r"\s", text):
        return 'an address such as "https://example.org/feed/", or "env:NAME"'
    return None


def bears_key(text: str) -> bool:
    """Whether a value of the address's query looks like a key."""
    return any(_KEY_LIKE.search(value) for value in re.split("[&=;]", _split(text).query))


def origin(text: str) -> str | None:
    """Scheme, host and port alone."""
    parts = _split(text)
    extra = parts.path.strip("/") or parts.query or parts.fragment
    if web_address(text) or extra:
        return 'an address without path or password, such as "https://api.x.com", or "env:NAME"'
    return None


def host_of(text: str) -> str:
    """The host of a checked address, in small letters."""
    return _split(text).hostname or ""


def scheme_of(text: str) -> str:
    """The scheme of a checked address."""
    return _split(text).scheme


def authority_of(text: str) -> str:
    """Host and port of a checked address."""
    return _split(text).netloc.lower()


def ledger(text: str) -> str | None:
    """A file, a branch of a git remote, or a database."""
    if re.match(r"sqlite:///.+", text) or re.match(r"git:[^#]+#[^#\s]+$", text):
        return None
    if re.match(r"postgres(ql)?://\S+$", text):
        return None
    return '"sqlite:///FILE", "git:REMOTE#BRANCH", "postgresql://…" or "env:NAME"'


def has_password(text: str) -> bool:
    """Whether an address carries a user's password or token before its host."""
    if text.startswith("sqlite:"):
        return False
    userinfo, at, _ = text.partition("://")[2].rpartition("@")
    user_alone = text.startswith(("git:ssh:", "postgres")) and ":" not in userinfo
    return (bool(at) and not user_alone) or re.search(r"[?&]password=", text) is not None
