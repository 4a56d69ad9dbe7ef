"""A time as a person types it: a date, a date with a time, or how long from now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from crosspost.errors import SettingsError

_LONG = re.compile(r"([1-9]\d{0,3})\s*(m|h|d|w)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_when(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment meant, in that zone where it names none. Raises SettingsError for what is none, or is over."""
    wanted = text.strip()
    length = _LONG.fullmatch(wanted)
    if length:
        return now + int(length[1]) * _UNITS[length[2]]
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError:
        raise _wrong(text, "is no time") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if aware <= now:
        raise _wrong(text, "is over already")
    return aware


def _wrong(text: str, what: str) -> SettingsError:
    hint = "Write 2026-12-01, 2026-12-01T09:00, or how long: 90m, 3h, 2d."
    return SettingsError("usage", f"{text!r} {what}.", hint)
