"""X's pictures: uploaded first, described, then named by a post."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.sandbox import x_answers as answers
from crosspost.sandbox.multipart import parts, picture_kind
from crosspost.sandbox.values import Answer, Request, json_answer

_LIFE = timedelta(seconds=86_400)
_MOST = 5_000_000  # bytes of a still picture
_ALT = 1_000  # characters of its description


def json_object(request: Request) -> dict[str, object] | None:
    """The body, if it is a JSON object and says so."""
    if request.media_type != "application/json":
        return None
    try:
        document = json.loads(request.body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


@dataclass(slots=True)
class _Picture:
    at: datetime
    alt: str = ""


class Shelf:
    """The pictures of one account, by id."""

    def __init__(self) -> None:
        self._pictures: dict[str, _Picture] = {}

    def usable(self, ids: tuple[str, ...], now: datetime) -> bool:
        """Whether all of them are there, and not too old."""
        return all(one in self._pictures and now - self._pictures[one].at <= _LIFE for one in ids)

    def alt(self, ids: tuple[str, ...]) -> str:
        """The first description among them."""
        return next((self._pictures[one].alt for one in ids if one in self._pictures), "")

    def upload(self, request: Request, now: datetime, new_id: str) -> Answer:
        """POST /2/media/upload, JSON or multipart."""
        data, category = _read(request)
        if category != "tweet_image" or not picture_kind(data):
            return answers.invalid("The media or media_category field is invalid.")
        if len(data) > _MOST:
            return answers.problem(413, "Payload Too Large", "The media is too large.")
        self._pictures[new_id] = _Picture(now)
        told = {"id": new_id, "media_key": f"3_{new_id}", "expires_after_secs": 86_400, "size": len(data)}
        return json_answer(200, {"data": told})

    def describe(self, request: Request) -> Answer:
        """POST /2/media/metadata: the alt text."""
        body = json_object(request) or {}
        media_id, metadata = str(body.get("id", "")), body.get("metadata")
        alt = metadata.get("alt_text") if isinstance(metadata, dict) else None
        text = alt.get("text") if isinstance(alt, dict) else None
        if media_id not in self._pictures or not isinstance(text, str) or not 0 < len(text) <= _ALT:
            return answers.invalid("The id or metadata field is invalid.")
        self._pictures[media_id].alt = text
        return json_answer(200, {"data": {"id": media_id, "associated_metadata": {"alt_text": {"text": text}}}})


def _read(request: Request) -> tuple[bytes, str]:
    fields = parts(request)
    if fields:
        return fields.get("media", b""), fields.get("media_category", b"").decode("utf-8", "replace")
    body = json_object(request) or {}
    try:
        data = base64.b64decode(str(body.get("media", "")), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return data, str(body.get("media_category", ""))
