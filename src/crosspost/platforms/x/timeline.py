"""A page of X's timeline as comparable values: text unescaped, t.co links put back, note_tweet read."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime

from crosspost.core.post import Seen
from crosspost.net.committing import Answer
from crosspost.platforms.table import as_list, as_object, as_text, is_success, json_object
from crosspost.platforms.x.answers import post_id, url_of

# The documentation of August 2026 is half way from "tweet" to "post": ask by the old names, read both.
FIELDS = ("created_at", "entities", "note_tweet")
_SHORT = re.compile(r"https?://t\.co/[0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; `next` is the token of the one after, "" at the end."""

    posts: tuple[Seen, ...]
    next: str


def page_of(answer: Answer) -> Page | None:
    """The page that an answer holds; None where any of it can't be read, for then it proves nothing."""
    body = json_object(answer.body)
    if body is None or not is_success(answer) or body.get("errors"):
        return None
    meta = as_object(body.get("meta"))
    if meta is None or not isinstance(body.get("data", []), list):
        return None
    posts = [_seen(as_object(item)) for item in as_list(body.get("data"))]
    whole = tuple(post for post in posts if post is not None)
    if len(whole) != len(posts) or (not posts and meta.get("result_count") != 0):
        return None
    return Page(whole, as_text(meta.get("next_token")))


def _seen(post: dict[str, object] | None) -> Seen | None:
    remote_id = post_id(post)
    if post is None or not remote_id:
        return None
    long = as_object(post.get("note_tweet")) or as_object(post.get("note_post")) or {}
    holder = long if as_text(long.get("text")) else post
    links = _links(holder) or _links(post)
    text = _SHORT.sub(
        lambda short: links.get(short[0], ("",))[0] or short[0], html.unescape(as_text(holder.get("text")))
    )
    every = tuple(dict.fromkeys(address for pair in links.values() for address in pair if address))
    return Seen(remote_id, url_of(remote_id), _date(as_text(post.get("created_at"))), text, every)


def _links(holder: dict[str, object]) -> dict[str, tuple[str, str]]:
    """t.co address → (as it was sent, where it leads in the end)."""
    entities = as_object(holder.get("entities")) or {}
    urls = [as_object(url) for url in as_list(entities.get("urls"))]
    return {
        as_text(url.get("url")): (as_text(url.get("expanded_url")), as_text(url.get("unwound_url")))
        for url in urls
        if url
    }


def _date(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
