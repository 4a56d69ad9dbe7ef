"""What platforms share: reading a body that may be anything, making a verdict an outcome, meeting a known post."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from crosspost.core.post import Lost, NotSent, Outcome, Pause, PauseKind, Refused, Seen, Unread
from crosspost.core.reason import Code, Param, Reason
from crosspost.net.committing import Answer


class Then(StrEnum):
    """What an answer proves."""

    REFUSED = "refused"  # nothing was posted, and this content never will be
    NOT_SENT = "not-sent"  # nothing was posted, and it may be tried again
    DUPLICATE = "duplicate"  # this request posted nothing, but an earlier one may have: ours, perhaps
    LOST = "lost"  # named here so that a broader row doesn't catch it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row of a table says: the reason's code, what is proved, and why the target pauses, if it does."""

    code: str
    then: Then
    pause: PauseKind | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A code's sentence, and the hint that says what to do; both may name {params}."""

    sentence: str
    hint: str


def sentences(words: Mapping[str, Words]) -> dict[str, str]:
    """The sentences by code, for Platform.sentences."""
    return {code: entry.sentence for code, entry in words.items()}


def hints(words: Mapping[str, Words]) -> dict[str, str]:
    """The hints by code, for Platform.hints."""
    return {code: entry.hint for code, entry in words.items()}


def json_object(body: bytes) -> dict[str, object] | None:
    """The body as a JSON object; None for anything else (HTML, a list, half of one, nothing)."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return as_object(value)


def as_object(value: object) -> dict[str, object] | None:
    """The value where it is a JSON object, else None."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def as_list(value: object) -> list[object]:
    """The value where it is a JSON list, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_text(value: object) -> str:
    """The value where it is a string, else ""."""
    return value if isinstance(value, str) else ""


def as_number(value: object) -> int | None:
    """The value where it is a whole number or a short string of digits, else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    return None


def is_success(answer: Answer) -> bool:
    """Whether the status is a 2xx."""
    return 200 <= answer.status < 300


def is_refusal(answer: Answer) -> bool:
    """Whether the status is a 4xx: only these can prove that nothing was posted."""
    return 400 <= answer.status < 500


def outcome(verdict: Verdict, params: Mapping[str, Param], until: datetime | None = None) -> Outcome:
    """The outcome of a request that a row matched."""
    reason = Reason.of(verdict.code, **params)
    match verdict.then:
        case Then.REFUSED:
            return Refused(reason)
        case Then.NOT_SENT:
            return NotSent(reason, Pause(verdict.pause, until) if verdict.pause else None)
        case Then.DUPLICATE | Then.LOST:
            return Lost(reason, duplicate=verdict.then is Then.DUPLICATE)


def unlisted(answer: Answer) -> Lost:
    """The shared law: an answer that the table doesn't list proves nothing."""
    return Lost(Reason.of(Code.LOST, kind="answer", status=answer.status))


def shows(posts: Iterable[Seen], ids: frozenset[str]) -> bool:
    """Whether one of the posts has one of these ids."""
    return any(post.remote_id in ids for post in posts)


def as_unread(result: Outcome) -> Unread:
    """A failed read, told by the reason that the table gave."""
    pause = result.pause if isinstance(result, NotSent) else None
    return Unread(result.reason, pause)


def as_undone(result: Outcome) -> Refused | Unread:
    """A failed retraction or edit: refused for good, or to be tried again."""
    return result if isinstance(result, Refused) else as_unread(result)


def no_answer(trouble: Exception) -> Unread:
    """A read that brought no whole answer; a word for it that holds no foreign text."""
    kind = getattr(trouble, "kind", "") or type(trouble).__name__
    return Unread(Reason.of(Code.UNREAD, detail=str(kind)))
