"""Reads a multipart/form-data body, as uploads send it, and knows a picture by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crosspost.sandbox.values import Request

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:[^\r\n]*?[; ]name="?([^";\r\n]+)"?', re.IGNORECASE)


def parts(request: Request) -> Mapping[str, bytes]:
    """The fields of a multipart body by name; empty for any other kind of body."""
    boundary = _BOUNDARY.search(request.header("content-type"))
    if request.media_type != "multipart/form-data" or not boundary:
        return {}
    found = {}
    for piece in request.body.split(b"--" + boundary[1].encode()):
        head, blank, data = piece.partition(b"\r\n\r\n")
        if blank and (name := _NAME.search(head)):
            found[name[1].decode("utf-8", "replace")] = data.removesuffix(b"\r\n")
    return found


def picture_kind(data: bytes) -> str:
    """The media type that the first bytes speak for; "" if they are no picture's."""
    marks = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in marks.items() if data.startswith(mark)), "")
