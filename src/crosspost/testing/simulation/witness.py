"""What a life notes of each request for a post when it comes in, and what strangers' code says of it all at the end."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from crosspost.ledger.sqlite import MEMORY, SqliteLedger
from crosspost.sandbox.values import Request
from crosspost.testing import checker
from crosspost.testing.crossings import Process

if TYPE_CHECKING:
    from crosspost.ledger.base import Ledger
    from crosspost.sandbox.front import Front
    from crosspost.testing.simulation.judge import Judge
    from crosspost.testing.site import SimulatedSite


@dataclass(slots=True)
class Asked:
    """One request for a post. `at`: the true time; `clock`: the machine's. `writer`: the run that made it.

    `late`: its machine slept with the first byte on its lips. `crowded`: others ran, and one
    may have slept. `passed_over`: its story
    has stopped the account, and another was due. `fault`: what struck it; `made`: the post's id.
    """

    target: str
    text: str
    link: str
    at: datetime
    clock: datetime
    writer: str
    process: Process
    late: bool = False
    crowded: bool = False
    passed_over: bool = False
    fault: str = ""
    made: str = ""


class Witness:
    """Notes each request for a post when it comes in, and whether the ledger held its text as sending then.

    `fresh`: the requests since somebody took them. `slept`: machines may sleep with the first byte on their lips.
    """

    def __init__(self, accounts: Mapping[str, Front], *, slept: bool) -> None:
        self._accounts, self._slept = accounts, slept
        self._requests: dict[str, list[dict[str, object]]] = {name: [] for name in accounts}
        self._earlier: list[sqlite3.Connection] = []
        self.fresh: list[Asked] = []

    def sees(
        self, target: str, request: Request, ledger: Ledger, when: tuple[datetime, datetime], by: tuple[Process, str]
    ) -> Asked | None:
        """A request comes in; None where it asks for no post. `when`: the true time, the machine's; `by`: which run."""
        (at, clock), (process, writer) = when, by
        creates, _ = self._accounts[target].concerns(request)
        if not creates:
            return None
        text, link = _words(request)
        held = None
        if isinstance(ledger, SqliteLedger):
            book = ledger.database
            # A file's connection is its thread's own, and another run may be asking.
            place = book.connection if book.name == MEMORY else Path(book.name)
            held = text in checker.claims(place, target, slept=self._slept)
        self._requests[target].append({"text": text, "link": link, "held": held})
        late = process.napped and process.counted == process.nap_at
        asked = Asked(target, text, link, at, clock, writer, process, late)
        self.fresh.append(asked)
        return asked

    def taken(self) -> list[Asked]:
        """The requests since the last time."""
        fresh, self.fresh = self.fresh, []
        return fresh

    def keep(self, ledger: sqlite3.Connection) -> None:
        """A copy of a ledger that is about to be replaced by an older one."""
        self._earlier.append(ledger)

    def close(self) -> None:
        """Let go of the copies."""
        for ledger in self._earlier:
            ledger.close()

    def faults(self, ledger: Ledger, site: SimulatedSite, judge: Judge) -> list[str]:
        """What the checker says of it all."""
        if not isinstance(ledger, SqliteLedger):
            return []
        accounts: dict[str, checker.Account] = {
            target: {
                "posts": [{"id": one.id, "text": one.text, "link": one.link} for one in model.timeline()],
                "requests": self._requests[target],
            }
            for target, model in self._accounts.items()
        }
        allowed = checker.Allowed(
            again=Counter(judge.asked), by_hand=frozenset(judge.by_hand), taken_down=frozenset(judge.taken_down)
        )
        feed = [post.first_link for post in site.listed()]
        hidden = [link for post in site.posts.values() for link in (post.first_link, post.link) if link not in feed]
        with closing(sqlite3.connect(":memory:", check_same_thread=False)) as book:
            ledger.copy_to(book)
            return checker.faults(book, accounts, feed, hidden=hidden, earlier=self._earlier, allowed=allowed)


def _words(request: Request) -> tuple[str, str]:
    """Text and link of a request for a post, in either platform's form."""
    body = request.body.decode()
    if body.startswith("{"):
        told = json.loads(body)
        return told.get("text") or told.get("message", ""), told.get("link", "")
    fields = parse_qs(body)
    return fields.get("message", [""])[0], fields.get("link", [""])[0]
