"""What a life hands to the checker, which shares no code with the product: requests, timelines, the ledger's tables."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from crosspost.ledger.sqlite import SqliteLedger
from crosspost.sandbox.values import Request
from crosspost.testing import checker
from crosspost.testing.simulation.plan import Evil

if TYPE_CHECKING:
    from crosspost.testing.simulation.life import Simulation


class Witness:
    """Notes each request for a post when it comes in, and whether the ledger held its text as sending then."""

    def __init__(self, life: Simulation) -> None:
        self._life = life
        self._requests: dict[str, list[dict[str, object]]] = {name: [] for name in life.accounts}
        self._earlier: list[sqlite3.Connection] = []

    def sees(self, target: str, request: Request) -> None:
        """A request comes in."""
        creates, _ = self._life.accounts[target].concerns(request)
        if creates:
            text, link = _words(request)
            self._requests[target].append({"text": text, "link": link, "held": self._held(target, text)})

    def keep(self, ledger: sqlite3.Connection) -> None:
        """A copy of a ledger that is about to be replaced by an older one."""
        self._earlier.append(ledger)

    def close(self) -> None:
        """Let go of the copies."""
        for ledger in self._earlier:
            ledger.close()

    def _held(self, target: str, text: str) -> bool | None:
        ledger = self._life.ledger
        if not isinstance(ledger, SqliteLedger):
            return None
        return text in checker.claims(ledger.database.connection, target, slept=Evil.NAPS in self._life.plan.evils)

    def faults(self) -> list[str]:
        """What the checker says of it all."""
        life, judge = self._life, self._life.judge
        if not isinstance(life.ledger, SqliteLedger):
            return []
        accounts: dict[str, checker.Account] = {
            target: {
                "posts": [{"id": one.id, "text": one.text, "link": one.link} for one in model.timeline()],
                "requests": self._requests[target],
            }
            for target, model in life.accounts.items()
        }
        allowed = checker.Allowed(
            again=Counter(judge.asked), by_hand=frozenset(judge.by_hand), taken_down=frozenset(judge.taken_down)
        )
        feed = [post.link for post in life.site.listed()]
        hidden = [post.link for post in life.site.posts.values() if post.link not in feed]
        with closing(life.copied()) as book:
            return checker.faults(book, accounts, feed, hidden=hidden, earlier=self._earlier, allowed=allowed)


def _words(request: Request) -> tuple[str, str]:
    """Text and link of a request for a post, in either platform's form."""
    body = request.body.decode()
    if body.startswith("{"):
        told = json.loads(body)
        return told.get("text") or told.get("message", ""), told.get("link", "")
    fields = parse_qs(body)
    return fields.get("message", [""])[0], fields.get("link", [""])[0]
