"""Judges what came of it all, and shares no code with what it judges: SQLite's file, plain dicts, the standard library.

An account is a dict: {"posts": [{"id", "text", "link"}], "requests": [{"text", "link", "held"}]}. `posts` is what
stands there now; `requests` are those that asked for a new post, in their order, whatever became of them; `held`
says whether `claims` held the text when the request came in (None where nobody looked). A feed is the list of its
stories' links. A ledger is the path of SQLite's file, or a connection that nobody writes to meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit

STATES = frozenset({"pending", "held", "sending", "unknown", "published", "failed", "skipped", "retracted"})
OPEN = frozenset({"pending", "sending", "unknown"})  # nobody but time or another pass ends these
# A post that was met on the account: it has the words of then, and the ledger may have forgotten them.
_MET = frozenset({"found-after-gap", "resolve-published"})

Row = dict[str, Any]
Ledger = Path | sqlite3.Connection


class Account(TypedDict):
    """What a platform knows of one account."""

    posts: Sequence[Mapping[str, str]]
    requests: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What people did.

    `again`: so many more posts of a link that they asked for, by (target, link). `by_hand`: ids of their own posts.
    `taken_down`: (target, id) of posts that they took down.
    """

    again: Mapping[tuple[str, str], int] = field(default_factory=dict)
    by_hand: frozenset[str] = frozenset()
    taken_down: frozenset[tuple[str, str]] = frozenset()


def faults(
    ledger: Ledger,
    accounts: Mapping[str, Account],
    feed: Sequence[str],
    *,
    hidden: Sequence[str] = (),
    earlier: Sequence[Ledger] = (),
    allowed: Allowed | None = None,
) -> list[str]:
    """Everything that must not be, a sentence each; `accounts` by the target's name.

    `hidden`: links of stories that the feed lists no more. `earlier`: ledgers that an older copy replaced, as they
    were then: what they claimed was claimed.
    """
    book, people = _read(ledger), allowed or Allowed()
    claimed = _claimed([book, *map(_read, earlier)])
    found = [*_broken_book(book), *_silent(book, accounts, feed)]
    for target, account in accounts.items():
        found += [
            *_twice(target, account, [*feed, *hidden], people),
            *_not_there(book, target, account, people, claimed if earlier else Counter()),
            *_unclaimed(claimed, target, account),
            *_too_often(claimed, target, account),
        ]
    return found


def unsettled(ledger: Ledger) -> list[str]:
    """What still waits for time or another pass."""
    return [
        f"#{head['number']} on {head['target']} is {head['state']}"
        for head in _read(ledger)["heads"]
        if head["state"] in OPEN
    ]


def doubtful(ledger: Ledger) -> list[str]:
    """What waits for a person, with its reason's code."""
    return [
        f"#{head['number']} on {head['target']} is {head['state']} ({head['reason']})"
        for head in _read(ledger)["heads"]
        if head["state"] in {"held", "failed"}
    ]


def claims(ledger: Ledger, target: str, *, slept: bool = False) -> list[str]:
    """The texts that the ledger holds as SENDING on that target at this moment; what a request may carry.

    `slept`: also UNKNOWN ones, as where a machine slept through its lease with the first byte on its lips.
    """
    with _open(ledger) as file:
        rows = file.execute(_CLAIMED, (target, "unknown" if slept else "sending")).fetchall()
    return [json.loads(body)["post"]["text"] for (body,) in rows]


# --- the book ---------------------------------------------------------------------------------------------------------

_CLAIMED = (
    "SELECT r.body FROM heads h JOIN revisions r ON r.story = h.story AND r.target = h.target AND r.rev = h.rev"
    " WHERE h.target = ? AND h.state IN ('sending', ?)"
)


@contextmanager
def _open(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    if isinstance(ledger, sqlite3.Connection):
        yield ledger
        return
    with closing(sqlite3.connect(f"file:{ledger}?mode=rw", uri=True, timeout=20)) as file:
        file.execute("PRAGMA query_only = ON")
        file.execute("BEGIN")
        yield file


def _read(ledger: Ledger) -> dict[str, list[Row]]:
    with _open(ledger) as file:
        integrity = [{"said": said} for (said,) in file.execute("PRAGMA integrity_check")]
        stray = [{"table": row[0]} for row in file.execute("PRAGMA foreign_key_check")]
        stories = [
            {**json.loads(body), "number": number}
            for number, body in file.execute("SELECT number, body FROM stories ORDER BY number")
        ]
        revisions = [_revision(*row) for row in file.execute("SELECT story, target, rev, body FROM revisions")]
        last = {(row["story"], row["target"], row["rev"]): row for row in revisions}
        heads = [
            {**last.get((story, target, rev), {}), "number": number, "target": target, "head": state, "rev": rev}
            for story, target, number, rev, state in file.execute("SELECT story, target, number, rev, state FROM heads")
        ]
    return {"integrity": integrity, "stray": stray, "stories": stories, "revisions": revisions, "heads": heads}


def _revision(story: str, target: str, rev: int, body: str) -> Row:
    told = json.loads(body)
    post = told.get("post") or {}
    return {
        "story": story,
        "target": target,
        "rev": rev,
        "state": told["state"],
        "reason": told["reason"][0],
        "text": post.get("text", ""),
        "link": post.get("link") or "",
        "remote_id": told.get("remote_id", ""),
        "todo": told.get("todo"),
        "event": told["event"],
        "body": body,
    }


def _claimed(books: Sequence[dict[str, list[Row]]]) -> Counter[tuple[str, str]]:
    """How often each text was claimed on each target. What stands in a book and in its older copy is one claim."""
    rows = {
        (row["story"], row["target"], row["body"]): row
        for book in books
        for row in book["revisions"]
        if row["state"] == "sending"
    }
    return Counter((row["target"], row["text"]) for row in rows.values())


def _broken_book(book: dict[str, list[Row]]) -> list[str]:
    found = [f"the file is damaged: {row['said']}" for row in book["integrity"] if row["said"] != "ok"]
    found += [f"a row of {row['table']} refers to nothing" for row in book["stray"]]
    chains: dict[tuple[str, str], list[int]] = {}
    for row in book["revisions"]:
        chains.setdefault((row["story"], row["target"]), []).append(row["rev"])
    heads = {(row.get("story"), row["target"]): row for row in book["heads"]}
    for key, revs in chains.items():
        if sorted(revs) != list(range(1, len(revs) + 1)):
            found.append(f"the revisions of {key} have a hole")
        head = heads.get(key)
        if head is None or head["rev"] != len(revs) or head["head"] != head["state"]:
            found.append(f"the head of {key} is not its last revision")
    return found


# --- the promises -----------------------------------------------------------------------------------------------------


def _silent(book: dict[str, list[Row]], accounts: Mapping[str, Account], feed: Sequence[str]) -> list[str]:
    """Stories of the feed that nobody decided about, or without a reason that a person could read."""
    by_link = {_bare(story["link"]): story for story in book["stories"]}
    heads = {(row.get("story"), row["target"]): row for row in book["heads"]}
    found = []
    for link in feed:
        story = by_link.get(_bare(link))
        if story is None:
            found.append(f"{link} is in the feed and not in the ledger")
            continue
        for target in accounts:
            head = heads.get((story["id"], target))
            if head is None:
                found.append(f"#{story['number']} has no state on {target}")
            elif head["state"] not in STATES or not head["reason"]:
                found.append(f"#{story['number']} on {target} is {head['state']!r} for no reason")
    return found


def _twice(target: str, account: Account, stories: Sequence[str], people: Allowed) -> list[str]:
    posts = [post for post in account["posts"] if post["id"] not in people.by_hand]
    again = Counter(
        {_bare(f"//{link.partition('//')[2] or link}"): n for (on, link), n in people.again.items() if on == target}
    )
    standing = Counter(_story_of(post, stories) for post in posts)
    found = [f"a post on {target} is of no story: {post['text']!r}" for post in posts if not _of(post, stories)]
    return found + [
        f"{link} stands {times} times on {target}" for link, times in standing.items() if times > 1 + again[_bare(link)]
    ]


def _not_there(
    book: dict[str, list[Row]], target: str, account: Account, people: Allowed, forgotten: Counter[tuple[str, str]]
) -> list[str]:
    """What is called published and doesn't stand there, or stands there with words that nobody knows of.

    `forgotten`: texts that a ledger may have sent which an older copy replaced.
    """
    texts = {post["id"]: post["text"] for post in account["posts"]}
    out = [head for head in book["heads"] if head["target"] == target and head.get("state") == "published"]
    met = {row["story"] for row in book["revisions"] if row["target"] == target and row["event"] in _MET}
    found = []
    for head in out:
        name = head["remote_id"]
        if name not in texts:
            if (target, name) not in people.taken_down:
                found.append(f"#{head['number']} is called published on {target} as {name!r}: not there")
            continue
        excused = head["todo"] or head["story"] in met or name in people.by_hand or forgotten[target, texts[name]]
        if texts[name] != head["text"] and not excused:
            found.append(f"#{head['number']} on {target} stands there with another text")
    told = Counter(head["remote_id"] for head in out)
    return found + [f"{two} stories claim the post {one} on {target}" for one, two in told.items() if two > 1]


def _unclaimed(claimed: Counter[tuple[str, str]], target: str, account: Account) -> list[str]:
    """Requests whose text the ledger did not hold as SENDING when they came in."""
    return [
        f"{target} was asked to post what the ledger did not hold as sending: {asked['text']!r}"
        for asked in account["requests"]
        if asked.get("held") is False or not claimed[target, asked["text"]]
    ]


def _too_often(claimed: Counter[tuple[str, str]], target: str, account: Account) -> list[str]:
    """One claim, one request."""
    asked = Counter(request["text"] for request in account["requests"])
    return [
        f"{target} was asked {times} times to post a text that was claimed {claimed[target, text]} times: {text!r}"
        for text, times in asked.items()
        if times > claimed[target, text]
    ]


def _of(post: Mapping[str, str], feed: Sequence[str]) -> str:
    """The link of the feed that a post carries, the longest; "" where it carries none."""
    shown = f"{post['text']} {post.get('link') or ''}"
    return max((link for link in feed if _bare(link) in shown), key=len, default="")


def _story_of(post: Mapping[str, str], feed: Sequence[str]) -> str:
    return _of(post, feed) or post["text"]


def _bare(link: str) -> str:
    """Host and path, without the end's slash: how any form of an address shows them."""
    parts = urlsplit(link)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
