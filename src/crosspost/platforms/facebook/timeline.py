"""A page of a Facebook Page's posts as comparable values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crosspost.core.post import Seen
from crosspost.net.committing import Answer
from crosspost.platforms.facebook.answers import post_id, url_of
from crosspost.platforms.table import as_list, as_object, as_text, is_success, json_object

FIELDS = "id,message,created_time,permalink_url,attachments{url,unshimmed_url}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; `after` is the cursor of the one after, "" at the end."""

    posts: tuple[Seen, ...]
    after: str


def page_of(answer: Answer) -> Page | None:
    """The page that an answer holds; None where any of it can't be read, for then it proves nothing."""
    body = json_object(answer.body)
    if body is None or not is_success(answer) or "error" in body or not isinstance(body.get("data"), list):
        return None
    posts = [_seen(as_object(item)) for item in as_list(body.get("data"))]
    whole = tuple(post for post in posts if post is not None)
    if len(whole) != len(posts):
        return None
    return Page(whole, _after(as_object(body.get("paging")) or {}))


def _after(paging: dict[str, object]) -> str:
    # `next` is a whole address with the token in it: it only tells that there is more, and is never called
    cursors = as_object(paging.get("cursors")) or {}
    return as_text(cursors.get("after")) if paging.get("next") else ""


def _seen(post: dict[str, object] | None) -> Seen | None:
    remote_id = post_id(post.get("id")) if post else ""
    if post is None or not remote_id:
        return None
    url = as_text(post.get("permalink_url")) or url_of(remote_id)
    return Seen(remote_id, url, _date(as_text(post.get("created_time"))), as_text(post.get("message")), _links(post))


def _links(post: dict[str, object]) -> tuple[str, ...]:
    attachments = as_object(post.get("attachments")) or {}
    nodes = [node for node in map(as_object, as_list(attachments.get("data"))) if node]
    found = [as_text(node.get(name)) for name in ("unshimmed_url", "url") for node in nodes]
    return tuple(dict.fromkeys(filter(None, found)))


def _date(text: str) -> datetime | None:
    """Facebook writes the offset without a colon: 2019-01-02T18:31:28+0000."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
