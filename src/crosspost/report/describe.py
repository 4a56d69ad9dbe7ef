"""Small words that every form of report shares: foreign text made harmless, times, money, counts, lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ESCAPE = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?|\x9b[0-?]*[@-~]?")
# Marks that turn the direction of what follows them. ZWJ and ZWNJ stay: emoji, Hindi and Persian need them.
_TURNERS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


UNNUMBERED = "New: the first run gives it a number, and a code to approve it by."


def clean_lines(text: str) -> str:
    """Foreign text that a terminal may be given: line breaks stay, escape sequences, controls and bidi marks go.

    "##[" is a command to GitHub Actions wherever it stands in a line, so it is broken up.
    """
    text = _ESCAPE.sub("", text.replace("\r\n", "\n"))
    text = text.replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", " ")
    kept = "".join(char for char in text if char == "\n" or not _is_hidden(char))
    return kept.replace("##[", "## [")


def clean_line(text: str, most: int = 0) -> str:
    """The same on one line, without "::" (a line that wraps could begin with it: a command to GitHub Actions).

    `most`: longer text is cut there, with an ellipsis; 0 cuts nothing.
    """
    line = " ".join(part for part in clean_lines(text).split() if part)
    while "::" in line:
        line = line.replace("::", ": :")
    return line if not most or len(line) <= most else line[: most - 1].rstrip() + "…"


def _is_hidden(char: str) -> bool:
    return char in _TURNERS or unicodedata.category(char) in {"Cc", "Cs"}


def when(moment: datetime, zone: tzinfo, now: datetime | None = None) -> str:
    """A time in words: "today 09:10", "tomorrow 09:10", "Tue 24 Nov 09:10"; with its year unless `now` is near."""
    local = moment.astimezone(zone)
    clock = f"{local:%H:%M}"
    if now is None:
        return f"{_day(local)} {local.year} {clock}"
    today = now.astimezone(zone)
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((local.date() - today.date()).days)
    if near:
        return f"{near} {clock}"
    close = local.year == today.year or abs(local - today) < timedelta(days=60)
    return f"{_day(local)} {clock}" if close else f"{_day(local)} {local.year} {clock}"


def _day(local: datetime) -> str:
    # Not strftime: its names follow the machine's locale, and these sentences are English.
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def month_name(month: str) -> str:
    """The month "2026-11" as "Nov 2026"; anything else as it is."""
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}" if number.isdecimal() and 1 <= int(number) <= 12 else month


def rfc3339(moment: datetime, zone: tzinfo) -> str:
    """The time with its offset in that zone, whole seconds: "2026-11-24T09:10:00+01:00"."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def began(counted: int) -> str:
    """What a baseline did: so many stories of the feeds are known now."""
    if not counted:
        return "No story was newly counted as known."
    are = count(counted, "story is", "stories are")
    return f"{are} counted as known, and not published. Only what comes later goes out."


def money(micro: int) -> str:
    """US micro-dollars as people write them: "$0.20", "$0.015" where cents don't suffice."""
    dollars = f"{micro / 1_000_000:.3f}"
    return f"${dollars.removesuffix('0')}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 story", "3 stories"; the plural is `one` with an s unless given."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def and_list(words: Iterable[str]) -> str:
    """Words in a row: "a", "a and b", "a, b and c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def source_words(source: str) -> str:
    """Where a hashtag comes from."""
    kind, _, word = source.partition(":")
    named = {
        "campaign": "your campaign",
        "map": "your list",
        "term": "category or tag",
        "name": "a name in the text",
    }.get(kind, kind)
    return f"{named}: {word}" if word else named
