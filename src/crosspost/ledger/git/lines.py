"""What stands on the branch, as bytes: a heading, then a line for each append, chained by hash. Nothing is run here.

records/000001.jsonl, 000002 … hold the lines; articles/FI/FINGERPRINT.json an article each.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crosspost.core.entry import dump_article
from crosspost.core.story import Batch, Put
from crosspost.errors import LedgerDamaged, LedgerForeign, LedgerNewer
from crosspost.ledger.codec import BROKEN, dump_revision, dump_story, from_time, load_revision, load_story, to_time

FORMAT = 1
ROTATE = 512_000  # bytes: hosts advise against objects of more than 1 MB, and every append writes its file anew
README = "README.md"
_RECORDS = re.compile(r"records/(\d{6})\.jsonl")
_README = """# The ledger of crosspost

This branch is what crosspost remembers: which stories it has seen, and what became of each of them.
crosspost alone writes here, and only ever adds to it. Please change and delete nothing: what is
missing here could be published a second time.

To see what it holds: `crosspost status` and `crosspost history`.
"""

REWRITTEN = (
    "Somebody has changed its past. Put the branch back to the last commit that crosspost made, and forbid "
    "force pushes and deletion for it."
)
_COPY = "Put the branch back to an earlier commit, or restore the ledger from a copy made with `crosspost ledger copy`."


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line: whose ledger this is."""

    id: str
    site: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One append: its number, who wrote it, when, and what. The articles stand in files of their own."""

    number: int
    before: str  # the hash of the line before
    writer: str
    at: datetime
    batch: Batch


@dataclass(frozen=True, slots=True)
class Tail:
    """How far the lines were read: number and hash of the last one, its time, and each file's content as a hash.

    `text`: the whole of the last file, onto which the next line goes.
    """

    number: int = 0
    last: str = ""
    at: datetime | None = None
    files: Mapping[str, str] | None = None
    name: str = ""
    text: bytes = b""


def digest(line: bytes) -> str:
    """The hash that the next line carries."""
    return hashlib.sha256(line).hexdigest()


def blob_id(data: bytes) -> str:
    """The name that git gives a file with that content."""
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()


def record_files(names: Iterable[str]) -> list[str]:
    """The files that hold lines, in their order."""
    return sorted(name for name in names if _RECORDS.fullmatch(name))


def article_file(fingerprint: str) -> str:
    """Where an article stands."""
    return f"articles/{fingerprint[:2]}/{fingerprint}.json"


# --- writing --------------------------------------------------------------------------------------------------------


def founded(heading: Heading) -> dict[str, bytes]:
    """The files of a new ledger."""
    first = {"crosspost": "ledger", "format": FORMAT, "id": heading.id, "site": heading.site}
    line = json.dumps(first | {"made_at": to_time(heading.made_at)}, separators=(",", ":"))
    return {README: _README.encode(), "records/000001.jsonl": line.encode() + b"\n"}


def appended(tail: Tail, line: Line) -> tuple[Tail, dict[str, bytes]]:
    """The files that an append changes, and the tail afterwards."""
    data = _dump(line)
    name, text = tail.name, tail.text
    if text and len(text) + len(data) >= ROTATE:
        name, text = f"records/{int(name[8:14]) + 1:06}.jsonl", b""
    text = text + data + b"\n"
    files = {**(tail.files or {}), name: blob_id(text)}
    after = Tail(line.number, digest(data), line.at, files, name, text)
    return after, {
        name: text,
        **{article_file(one.fingerprint): _article(dump_article(one)) for one in line.batch.articles},
    }


def _article(body: str) -> bytes:
    return body.encode() + b"\n"


def _dump(line: Line) -> bytes:
    batch = line.batch
    parts = {
        "stories": [dump_story(story) for story in batch.stories],
        "revisions": [dump_revision(revision) for revision in batch.revisions],
        "articles": [json.dumps(article.fingerprint) for article in batch.articles],
        "values": [json.dumps([put.name, put.text, put.version], separators=(",", ":")) for put in batch.values],
    }
    head: dict[str, Any] = {"n": line.number, "before": line.before, "writer": line.writer, "at": to_time(line.at)}
    if batch.identities:
        head["identities"] = dict(batch.identities)
    text = json.dumps(head, separators=(",", ":"))[:-1]
    text += "".join(f',"{name}":[{",".join(items)}]' for name, items in parts.items() if items)
    return (text + "}").encode("ascii")


# --- reading --------------------------------------------------------------------------------------------------------


def read_heading(text: bytes | None, where: str) -> Heading:
    """Whose ledger the first file begins with. Raises LedgerForeign, LedgerNewer or LedgerDamaged."""
    try:
        data = json.loads((text or b"").split(b"\n", 1)[0])
        ours = data["crosspost"] == "ledger"
    except (*BROKEN, RecursionError):
        ours = False
    if not ours:
        hint = "Name another branch in [ledger] url: crosspost writes only into what it has made itself."
        raise LedgerForeign("ledger-foreign", f"{where} holds something else than a ledger", hint)
    if not isinstance(data.get("format"), int) or data["format"] > FORMAT:
        hint = "Update crosspost, or name another branch in [ledger] url."
        raise LedgerNewer("ledger-newer", f"a newer crosspost wrote {where}", hint)
    try:
        return Heading(str(data["id"]), str(data.get("site", "")), from_time(data["made_at"]))
    except BROKEN as error:
        raise damaged(where, "its heading can't be read") from error


def read_on(tail: Tail, files: Mapping[str, str], texts: Mapping[str, bytes], where: str) -> tuple[Tail, list[Line]]:
    """The lines that came after `tail`, and the tail after them.

    `files`: every file of lines with its content's hash; `texts`: the content of those that differ from
    the tail's. Raises LedgerDamaged where what was read before has changed, or a line is no line.
    """
    names = record_files(files)
    if names != [f"records/{number:06}.jsonl" for number in range(1, len(names) + 1)]:
        raise damaged(where, "a file is missing")
    lines: list[Line] = []
    for name in names:
        known = (tail.files or {}).get(name)
        if files[name] != known:
            tail, more = _read_file(tail, name, texts[name], where)
            lines += more
    if len(names) < len(tail.files or {}):
        raise rewritten(where)
    return tail, lines


def _read_file(tail: Tail, name: str, text: bytes, where: str) -> tuple[Tail, list[Line]]:
    known = name in (tail.files or {})
    if known and (name != tail.name or not text.startswith(tail.text)):
        raise rewritten(where)
    fresh = text[len(tail.text) :] if known else text
    if not text.endswith(b"\n"):
        raise damaged(where, "its last line is cut off")
    chunks = fresh.split(b"\n")[:-1]  # on "\n" alone: titles hold other ends of lines
    lines, last, number, at = [], tail.last, tail.number, tail.at
    if not tail.name:  # the very first line is the heading
        last, chunks = digest(chunks[0]), chunks[1:]
    for chunk in chunks:
        line = _load(chunk, where)
        if line.before != last or line.number != number + 1:
            raise rewritten(where)
        last, number, at = digest(chunk), line.number, line.at
        lines.append(line)
    after = replace(tail, number=number, last=last, at=at, name=name, text=text)
    return replace(after, files={**(tail.files or {}), name: blob_id(text)}), lines


def _load(chunk: bytes, where: str) -> Line:
    try:
        data = json.loads(chunk)
        batch = Batch(
            stories=tuple(load_story(json.dumps(story)) for story in data.get("stories", ())),
            identities=data.get("identities", {}),
            revisions=tuple(load_revision(json.dumps(revision)) for revision in data.get("revisions", ())),
            values=tuple(Put(name, text, version) for name, text, version in data.get("values", ())),
        )
        return Line(data["n"], data["before"], data["writer"], from_time(data["at"]), batch)
    except (*BROKEN, RecursionError) as error:
        raise damaged(where, "it holds a line that can't be read") from error


def damaged(where: str, why: str) -> LedgerDamaged:
    """The error for a branch that can't be read as it was written."""
    return LedgerDamaged("ledger-damaged", f"the ledger on {where} is damaged: {why}", _COPY)


def rewritten(where: str) -> LedgerDamaged:
    """The error for a branch whose past isn't what it was."""
    return LedgerDamaged("ledger-rewritten", f"the ledger on {where} has been rewritten", REWRITTEN)
