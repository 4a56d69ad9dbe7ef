"""Stories and revisions, with their posts, as JSON text, one line each, and back. Every backend stores these lines.

Any text survives, a lone surrogate included (a high and a low one side by side are one character, as
in JSON). A key that is unknown is passed over and a missing one has its default, so that a later
crosspost may add some. Broken text raises ValueError, KeyError, TypeError or AttributeError (BROKEN).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crosspost.core.delivery import Attempts, Event, Fixed, Key, Revision, State, Todo
from crosspost.core.post import Image, Post, Tag
from crosspost.core.reason import Reason
from crosspost.core.story import Story

BROKEN = (ValueError, KeyError, TypeError, AttributeError)

Data = dict[str, Any]

_NOT_PLAIN = re.compile("[\\\\\x00\ud800-\udfff]")  # what a text column can't hold, and the escape itself
_ESCAPED = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")


def to_column(text: str) -> str:
    """The text as every database can hold it: a NUL or a lone surrogate is escaped. Reversible."""
    return _NOT_PLAIN.sub(lambda hit: "\\\\" if hit[0] == "\\" else f"\\u{ord(hit[0]):04x}", text)


def from_column(text: str) -> str:
    """The text that `to_column` wrote."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)) if hit[1] else "\\", text)


def fold(text: str) -> str:
    """A title as it is searched: without case, typographic spaces and apostrophes count as plain ones."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).replace("’", "'")
    return _NOT_PLAIN.sub("\ufffd", " ".join(plain.split()))


def to_time(moment: datetime) -> str:
    """An aware time as text of one width, in UTC, so that texts sort like times. Naive: ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_time(text: str) -> datetime:
    """The time that `to_time` wrote."""
    return datetime.fromisoformat(text)


def dump_story(story: Story) -> str:
    """A story with all its identities."""
    return _line(
        {
            "id": story.id,
            "number": story.number,
            "identities": sorted(story.identities),
            "feed": story.feed,
            "guid": story.guid,
            "title": story.title,
            "link": story.link,
            "language": story.language,
            "published": story.published and to_time(story.published),
            "first_seen": to_time(story.first_seen),
        }
    )


def load_story(line: str) -> Story:
    """The story that `dump_story` wrote."""
    data: Data = json.loads(line)
    return Story(
        id=data["id"],
        number=data["number"],
        identities=frozenset(data["identities"]),
        feed=data["feed"],
        guid=data["guid"],
        title=data["title"],
        link=data["link"],
        language=data["language"],
        published=_time_at(data, "published"),
        first_seen=from_time(data["first_seen"]),
    )


def dump_revision(revision: Revision) -> str:
    """A revision; what has its default value is left out."""
    data: Data = {
        "story": revision.key.story,
        "target": revision.key.target,
        "rev": revision.rev,
        "state": revision.state.value,
        "event": revision.event.value,
        "at": to_time(revision.at),
        "by": revision.by,
        "reason": _reason(revision.reason),
        "article": revision.article,
        "post": revision.post and _post(revision.post),
        "fixed": revision.fixed and revision.fixed.value,
        "due": revision.due and to_time(revision.due),
        "not_before": revision.not_before and to_time(revision.not_before),
        "attempts": _attempts(revision.attempts),
        "cost": revision.cost,
        "writer": revision.writer,
        "remote_id": revision.remote_id,
        "url": revision.url,
        "out_at": revision.out_at and to_time(revision.out_at),
        "todo": revision.todo and revision.todo.value,
    }
    return _line({name: value for name, value in data.items() if value or name in _ALWAYS})


_ALWAYS = frozenset({"story", "target", "rev", "state", "event", "at", "by", "reason"})


def load_revision(line: str) -> Revision:
    """The revision that `dump_revision` wrote."""
    data: Data = json.loads(line)
    get = data.get
    return Revision(
        key=Key(data["story"], data["target"]),
        rev=data["rev"],
        state=State(data["state"]),
        event=Event(data["event"]),
        at=from_time(data["at"]),
        by=data["by"],
        reason=_to_reason(data["reason"]),
        article=get("article", ""),
        post=_to_post(data["post"]) if get("post") else None,
        fixed=Fixed(data["fixed"]) if get("fixed") else None,
        due=_time_at(data, "due"),
        not_before=_time_at(data, "not_before"),
        attempts=_to_attempts(get("attempts", {})),
        cost=get("cost", 0),
        writer=get("writer", ""),
        remote_id=get("remote_id", ""),
        url=get("url", ""),
        out_at=_time_at(data, "out_at"),
        todo=Todo(data["todo"]) if get("todo") else None,
    )


def _line(data: Data) -> str:
    return json.dumps(data, separators=(",", ":"))


def _time_at(data: Mapping[str, Any], name: str) -> datetime | None:
    text = data.get(name)
    return from_time(text) if text else None


def _reason(reason: Reason) -> list[Any]:
    return [reason.code, [list(param) for param in reason.params]]


def _to_reason(data: list[Any]) -> Reason:
    return Reason(data[0], tuple((name, value) for name, value in data[1]))


def _attempts(attempts: Attempts) -> Data:
    data: Data = {
        "count": attempts.count,
        "first": attempts.first and to_time(attempts.first),
        "last": attempts.last and to_time(attempts.last),
        "absent_at": attempts.absent_at and to_time(attempts.absent_at),
        "open": attempts.open,
        "duplicate": attempts.duplicate,
        "pauses": attempts.pauses,
        "proved_absent": attempts.proved_absent,
    }
    return {name: value for name, value in data.items() if value}


def _to_attempts(data: Data) -> Attempts:
    return Attempts(
        count=data.get("count", 0),
        first=_time_at(data, "first"),
        last=_time_at(data, "last"),
        absent_at=_time_at(data, "absent_at"),
        open=data.get("open", False),
        duplicate=data.get("duplicate", False),
        pauses=data.get("pauses", 0),
        proved_absent=data.get("proved_absent", 0),
    )


def _post(post: Post) -> Data:
    return {
        "text": post.text,
        "link": post.link,
        "story_link": post.story_link,
        "weight": post.weight,
        "limit": post.limit,
        "hashtags": [[tag.tag, tag.source] for tag in post.hashtags],
        "image": post.image and [post.image.url, post.image.alt],
        "kind": post.kind,
        "language": post.language,
        "notes": list(post.notes),
    }


def _to_post(data: Data) -> Post:
    image = data.get("image")
    return Post(
        text=data["text"],
        link=data["link"],
        story_link=data["story_link"],
        weight=data["weight"],
        limit=data["limit"],
        hashtags=tuple(Tag(tag, source) for tag, source in data.get("hashtags", ())),
        image=Image(image[0], image[1]) if image else None,
        kind=data.get("kind", "news"),
        language=data.get("language", ""),
        notes=tuple(data.get("notes", ())),
    )
