"""The body of POST /2/tweets, field by field, after X's OpenAPI 2.167 (read 2026-11-24), and a small judge of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

_ID = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Text:
    """A string; with `ids` a number in it, of `shortest` to `longest` characters, one of `words` if there are any."""

    ids: bool = False
    shortest: int = 0
    longest: int = 1_000_000
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Many:
    """A list of `low` to `high` things."""

    of: Shape
    low: int = 0
    high: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Thing:
    """An object with these fields and no others (`closed`), the `needed` ones among them."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    closed: bool = True


Shape = Text | Flag | Whole | Many | Thing

_WHO = Text(words=frozenset({"following", "mentionedUsers", "subscribers", "verified"}))
_LONG_ID = Text(ids=True)
CREATE_POST = Thing(
    {
        "text": Text(),
        "card_uri": Text(),
        "community_id": _LONG_ID,
        "direct_message_deep_link": Text(),
        "edit_options": Thing({"previous_post_id": _LONG_ID}, ("previous_post_id",)),
        "for_super_followers_only": Flag(),
        "geo": Thing({"place_id": Text()}, ("place_id",)),
        "made_with_ai": Flag(),
        "media": Thing(
            {
                "media_ids": Many(_LONG_ID, 1, 4),
                "tagged_user_ids": Many(_LONG_ID, 0, 10),
                "call_to_actions": Thing(closed=False),
                "description": Text(),
                "embeddable": Flag(),
                "preview_media_id": _LONG_ID,
                "title": Text(),
            },
            ("media_ids",),
        ),
        "nullcast": Flag(),
        "paid_partnership": Flag(),
        "poll": Thing(
            {
                "options": Many(Text(shortest=1, longest=25), 2, 4),
                "duration_minutes": Whole(5, 10_080),
                "reply_settings": _WHO,
            },
            ("options", "duration_minutes"),
        ),
        "quote_tweet_id": _LONG_ID,
        "reply": Thing(
            {
                "in_reply_to_tweet_id": _LONG_ID,
                "exclude_reply_user_ids": Many(Text()),
                "auto_populate_reply_metadata": Flag(),
            },
            ("in_reply_to_tweet_id",),
        ),
        "reply_settings": _WHO,
        "share_with_followers": Flag(),
    }
)


def complaint(value: object, shape: Shape, where: str = "$") -> str:
    """What is wrong with it first, with its place; "" if nothing is."""
    match shape:
        case Text():
            return "" if isinstance(value, str) and _fits(value, shape) else f"{where}: not a fitting string"
        case Flag():
            return "" if isinstance(value, bool) else f"{where}: not a boolean"
        case Whole(low, high):
            good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
            return "" if good else f"{where}: not a whole number between {low} and {high}"
        case Many(of, low, high):
            if not isinstance(value, list) or not low <= len(value) <= high:
                return f"{where}: not a list of {low} to {high}"
            return _first(lambda item: complaint(item[1], of, f"{where}[{item[0]}]"), list(enumerate(value)))
        case Thing():
            return _thing(value, shape, where)


def _fits(value: str, shape: Text) -> bool:
    if shape.ids and not _ID.fullmatch(value):
        return False
    return shape.shortest <= len(value) <= shape.longest and (not shape.words or value in shape.words)


def _thing(value: object, shape: Thing, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where}: not an object"
    for name in shape.needed:
        if name not in value:
            return f"{where}.{name}: missing"
    unknown = [name for name in value if name not in shape.fields]
    if shape.closed and unknown:
        return f"{where}.{unknown[0]}: unknown"
    known = [(name, item) for name, item in value.items() if name in shape.fields]
    return _first(lambda pair: complaint(pair[1], shape.fields[pair[0]], f"{where}.{pair[0]}"), known)


_Item = TypeVar("_Item")


def _first(judge: Callable[[_Item], str], items: list[_Item]) -> str:
    return next((told for item in items if (told := judge(item))), "")
