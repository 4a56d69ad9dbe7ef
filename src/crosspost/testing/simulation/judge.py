"""What must hold after every pass, and once the faults have stopped. Shares no code with what it judges but the values.

It reads the platforms' timelines and request logs, and the ledger's revisions, and compares. After a pass it reads
what has moved since the last look; `recount` reads everything and says whether the short way missed something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosspost.core.delivery import Key, State
from crosspost.core.story import Life
from crosspost.ledger.sqlite import SqliteLedger
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import Standing

if TYPE_CHECKING:
    from crosspost.ledger.base import Ledger

HEADS = "SELECT story, target, rev, at FROM heads"
_CLAIMED = frozenset({State.SENDING, State.PUBLISHED})
_IN_DOUBT = frozenset({State.SENDING, State.UNKNOWN})


class Broken(AssertionError):
    """An invariant that doesn't hold, with the seed and the last steps."""


@dataclass(slots=True)
class _Account:
    """What stood on an account at the last look. `seen`: how much of its log was read; `by_hand`: of its posts."""

    posts: tuple[Standing, ...] = ()
    seen: int = -1
    by_hand: int = 0


@dataclass(slots=True)
class Judge:
    """Compares the ledger with what stands in public. `asked`: further posts of a link that a person asked for."""

    accounts: Mapping[str, Front]
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_hand: set[str] = field(default_factory=set)  # ids of posts that nobody sent through the pipeline
    taken_down: set[tuple[str, str]] = field(default_factory=set)  # (target, id) that a person took down
    strict: bool = False  # nobody posts by hand, nothing is put back: what stands there, the ledger knows of
    claims: set[tuple[str, str]] = field(default_factory=set)  # every (target, text) that was ever claimed
    lives: dict[Key, Life] = field(default_factory=dict)  # as they were at the last look
    known: set[str] = field(default_factory=set)  # the paths of all stories' first addresses
    moved: tuple[Life, ...] = ()  # what the last look found changed
    _heads: dict[Key, tuple[int, str]] = field(default_factory=dict)
    _stood: dict[str, _Account] = field(default_factory=dict)

    def complaint(self, ledger: Ledger) -> str:
        """What is wrong now, in one sentence; "" where all is well."""
        self.moved = self._moved(ledger)
        for life in self.moved:
            self.lives[life.record.delivery.key] = life
            self.known.update(re.findall(r"/story-\d+", life.record.story.link))
            self._remember_claims(life)
        changed = [name for name in self.accounts if self._look_at(name)]
        concerned = {life.record.delivery.key.target for life in self.moved}.union(changed)
        return next((text for name in self.accounts if name in concerned for text in self._about(name)), "")

    def forget(self) -> None:
        """Another ledger took this one's place: all of it is read anew."""
        self.lives.clear()
        self.known.clear()
        self._heads.clear()

    def recount(self, ledger: Ledger) -> str:
        """What reading everything anew shows otherwise than the short way did; "" where nothing."""
        whole = {life.record.delivery.key: life.revisions for life in ledger.history()}
        known = {key: life.revisions for key, life in self.lives.items()}
        differing = sorted(
            f"{key.story[:8]} on {key.target}"
            for key in whole.keys() | known.keys()
            if whole.get(key) != known.get(key)
        )
        if differing:
            return f"the judge has an old view of {', '.join(differing[:3])}"
        for name, model in self.accounts.items():
            if model.timeline() != self._stood[name].posts:
                return f"the judge has an old view of the timeline of {name}"
        return ""

    def link_on(self, name: str, remote_id: str) -> str:
        """The story's address in a post that stands there, "" where it doesn't."""
        return next((link_of(post) for post in self.accounts[name].timeline() if post.id == remote_id), "")

    # --- what has moved -----------------------------------------------------------------------------------------

    def _moved(self, ledger: Ledger) -> tuple[Life, ...]:
        if not isinstance(ledger, SqliteLedger):
            lives = ledger.history()
            return tuple(life for life in lives if self.lives.get(life.record.delivery.key) != life)
        rows = ledger.database.rows(HEADS)
        heads = {Key(story, target): (rev, at) for story, target, rev, at in rows}
        fresh = [key for key, head in heads.items() if self._heads.get(key) != head]
        self._heads = heads
        return tuple(life for key in fresh for life in ledger.history(key.story, target=key.target))

    def _look_at(self, name: str) -> bool:
        """Read the timeline, if anything was written there since the last look; whether it was."""
        model, account = self.accounts[name], self._stood.setdefault(name, _Account())
        written = account.seen < 0 or any(entry.method != "GET" for entry in model.log[account.seen :])
        changed = written or account.by_hand != len(self.by_hand)
        account.seen, account.by_hand = len(model.log), len(self.by_hand)
        if changed:
            account.posts = model.timeline()
        return changed

    def _remember_claims(self, life: Life) -> None:
        for revision in life.revisions:
            if revision.state in _CLAIMED and revision.post is not None:
                self.claims.add((revision.key.target, revision.post.text))

    # --- what must hold -----------------------------------------------------------------------------------------

    def _about(self, name: str) -> list[str]:
        posts = self._stood[name].posts
        standing = [post for post in posts if post.id not in self.by_hand]
        lives = [life for key, life in self.lives.items() if key.target == name]
        return [
            *self._twice(name, standing),
            *self._not_there(name, {post.id for post in posts}, lives),
            *self._shared(name, lives),
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

    def _not_there(self, name: str, ids: set[str], lives: Iterable[Life]) -> list[str]:
        published = [life.record for life in lives if life.record.delivery.state is State.PUBLISHED]
        return [
            f"#{record.story.number} is called published on {name} as {record.delivery.remote_id}, "
            f"and that does not stand there"
            for record in published
            if record.delivery.remote_id
            and record.delivery.todo is None
            and record.delivery.remote_id not in ids
            and (name, record.delivery.remote_id) not in self.taken_down
        ]

    def _shared(self, name: str, lives: Iterable[Life]) -> list[str]:
        """One post, one story."""
        out = [life.record.delivery for life in lives if life.record.delivery.state is State.PUBLISHED]
        ids = Counter(delivery.remote_id for delivery in out if delivery.remote_id)
        return [f"{times} stories are called published on {name} as {one}" for one, times in ids.items() if times > 1]

    def _forgotten(self, name: str, standing: list[Standing], lives: Iterable[Life]) -> list[str]:
        """What stands there is published in the ledger by its id, or may still turn out to be."""
        deliveries = [life.record.delivery for life in lives]
        out = {delivery.remote_id for delivery in deliveries if delivery.state is State.PUBLISHED}
        open_texts = {
            delivery.post.text for delivery in deliveries if delivery.state in _IN_DOUBT and delivery.post is not None
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
    """The story's first address in a post, without a query."""
    found = re.search(r"https?://([^\s?]+)", post.link or post.text)
    return re.sub(r"(-renamed)+/?$", "/", found[1]) if found else post.text
