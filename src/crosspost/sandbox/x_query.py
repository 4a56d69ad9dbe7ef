"""The parameters of X's GET /2/users/:id/tweets: which are good, and which posts they ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from crosspost.sandbox.values import Answer
from crosspost.sandbox.x_answers import invalid

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
# Fields that a post can be asked for; the old names and those of OpenAPI 2.167 are both taken.
_FIELDS = frozenset(
    {
        *("attachments", "author_id", "context_annotations", "conversation_id", "created_at", "display_text_range"),
        *("edit_controls", "edit_history_tweet_ids", "edit_history_post_ids", "entities", "geo", "id", "text"),
        *("in_reply_to_user_id", "lang", "note_tweet", "note_post", "possibly_sensitive", "public_metrics"),
        *("referenced_tweets", "referenced_posts", "reply_settings", "scopes", "source"),
    }
)


def _number(value: str) -> bool:
    return value.isdecimal()


def _stamp(value: str) -> bool:
    return _STAMP.fullmatch(value) is not None


def _fields_are_known(value: str) -> bool:
    return set(value.split(",")) <= _FIELDS


def _anything(value: str) -> bool:
    del value
    return True


_PARAMETERS: dict[str, Callable[[str], bool]] = {
    "max_results": _number,
    "start_time": _stamp,
    "end_time": _stamp,
    "since_id": _number,
    "until_id": _number,
    "pagination_token": lambda value: re.fullmatch(r"p\d{1,5}", value) is not None,
    "exclude": lambda value: set(value.split(",")) <= {"replies", "retweets"},
    "tweet.fields": _fields_are_known,
    "post.fields": _fields_are_known,
    **dict.fromkeys(("expansions", "media.fields", "user.fields", "poll.fields", "place.fields"), _anything),
}


def query_trouble(query: Mapping[str, str]) -> Answer | None:
    """The refusal of the first parameter that is unknown or wrong."""
    for name, value in query.items():
        if name not in _PARAMETERS:
            return invalid(f"The query parameter [{name}] is not one of {sorted(_PARAMETERS)}", **{name: value})
        if not _PARAMETERS[name](value):
            return invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})
    size = query.get("max_results", "10")
    if not 5 <= int(size) <= 100:
        message = f"The `max_results` query parameter value [{size}] is not between 5 and 100"
        return invalid(message, max_results=size)
    return None


def wanted_fields(query: Mapping[str, str]) -> frozenset[str]:
    """The fields asked for, with those that always come."""
    asked = query.get("tweet.fields", query.get("post.fields", ""))
    history = "edit_history_post_ids" if "post.fields" in query else "edit_history_tweet_ids"
    return frozenset({"id", "text", history, *asked.split(",")})


def asked_for(post_id: str, at: datetime, query: Mapping[str, str]) -> bool:
    """Whether a post lies within the times and ids asked for."""
    start, end = query.get("start_time"), query.get("end_time")
    if start and at < datetime.fromisoformat(start):
        return False
    if end and at >= datetime.fromisoformat(end):
        return False
    return int(query.get("since_id", 0)) < int(post_id) < int(query.get("until_id", 10**19))
