"""What must hold after every pass, and once the faults have stopped. Shares no code with what it judges but the values.

It reads the platforms' timelines and request logs, and the ledger's revisions, and compares.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosspost.core.delivery import Key, State
from crosspost.core.story import Life
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import Standing

if TYPE_CHECKING:
    from crosspost.ledger.base import Ledger


class Broken(AssertionError):
    """An invariant that doesn't hold, with the seed and the last steps."""


@dataclass(slots=True)
class Judge:
    """Compares the ledger with what stands in public. `asked`: further posts of a link that a person asked for."""

    accounts: Mapping[str, Front]
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_hand: set[str] = field(default_factory=set)  # ids of posts that nobody sent through the pipeline
    taken_down: set[tuple[str, str]] = field(default_factory=set)  # (target, id) that a person took down
    strict: bool = False  # nobody posts by hand, nothing is put back: what stands there, the ledger knows of
    claims: set[tuple[str, str]] = field(default_factory=set)  # every (target, text) that was ever claimed

    def complaint(self, ledger: Ledger) -> str:
        """What is wrong now, in one sentence; "" where all is well."""
        lives = ledger.history()
        for life in lives:
            self._remember_claims(life)
        return next((text for name in self.accounts for text in self._about(name, lives) if text), "")

    def _remember_claims(self, life: Life) -> None:
        for revision in life.revisions:
            if revision.state in {State.SENDING, State.PUBLISHED} and revision.post is not None:
                self.claims.add((revision.key.target, revision.post.text))

    def link_on(self, name: str, remote_id: str) -> str:
        """The story's address in a post that stands there, "" where it doesn't."""
        return next((link_of(post) for post in self.accounts[name].timeline() if post.id == remote_id), "")

    def _about(self, name: str, lives: tuple[Life, ...]) -> list[str]:
        standing = [post for post in self.accounts[name].timeline() if post.id not in self.by_hand]
        return [
            *self._twice(name, standing),
            *self._not_there(name, lives),
            *self._unclaimed(name, standing),
            *(self._forgotten(name, standing, lives) if self.strict else []),
        ]

    def _twice(self, name: str, standing: list[Standing]) -> list[str]:
        seen = Counter(link_of(post) for post in standing)
        return [
            f"{link} stands {times} times on {name}"
            for link, times in seen.items()
            if times > 1 + self.asked[(name, link)]
        ]

    def _not_there(self, name: str, lives: tuple[Life, ...]) -> list[str]:
        ids = {post.id for post in self.accounts[name].timeline()}
        return [
            f"#{life.record.story.number} is called published on {name} as {life.record.delivery.remote_id}, "
            f"and that does not stand there"
            for life in lives
            if life.record.delivery.key.target == name
            and life.record.delivery.state is State.PUBLISHED
            and life.record.delivery.remote_id
            and life.record.delivery.todo is None
            and life.record.delivery.remote_id not in ids
            and (name, life.record.delivery.remote_id) not in self.taken_down
        ]

    def _forgotten(self, name: str, standing: list[Standing], lives: tuple[Life, ...]) -> list[str]:
        """What stands there is published in the ledger by its id, or may still turn out to be."""
        deliveries = [life.record.delivery for life in lives if life.record.delivery.key.target == name]
        out = {delivery.remote_id for delivery in deliveries if delivery.state is State.PUBLISHED}
        open_texts = {
            delivery.post.text
            for delivery in deliveries
            if delivery.state in {State.SENDING, State.UNKNOWN} and delivery.post is not None
        }
        return [
            f"{link_of(post)} stands on {name}, and the ledger holds it neither as published nor as unknown"
            for post in standing
            if post.id not in out and post.text not in open_texts
        ]

    def _unclaimed(self, name: str, standing: list[Standing]) -> list[str]:
        return [
            f"a text stands on {name} that was never claimed: {post.text!r}"
            for post in standing
            if (name, post.text) not in self.claims
        ]


def unsettled(ledger: Ledger) -> list[str]:
    """What is still pending, sending or unknown without a reason that a person or the calendar gives."""
    return [
        f"#{record.story.number} on {record.delivery.key.target} is {record.delivery.state}, "
        f"long after the faults ({record.delivery.reason.code})"
        for record in ledger.open()
        if record.delivery.state in {State.PENDING, State.SENDING, State.UNKNOWN}
    ]


def link_of(post: Standing) -> str:
    """The story's own address in a post, without a query."""
    found = re.search(r"https?://([^\s?]+)", post.link or post.text)
    return found[1] if found else post.text


def states_of(ledger: Ledger) -> dict[Key, State]:
    """Where every delivery stands."""
    return {life.record.delivery.key: life.record.delivery.state for life in ledger.history()}
