"""The ledger's verbs; the values that go in and come out stand in core/story. Every backend passes LedgerContract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from crosspost.core.delivery import Key, State
from crosspost.core.post import Claim
from crosspost.core.story import Batch, Known, Life, Put, Record, Value


@dataclass(frozen=True, slots=True)
class Receipt:
    """An append that is durable: the ledger's new sequence number, and a claim for each SENDING revision."""

    sequence: int
    claims: Mapping[Key, Claim]


class Ledger(Protocol):
    """Five verbs and two for keyed values. Making a ledger is apart (`create`), opening it too.

    Every verb may raise LedgerBusy, LedgerUnwritable (append, put) or LedgerDamaged. `id` is random,
    given when it was made; `sequence` grows by one with each append.
    """

    @property
    def id(self) -> str:
        """The ledger's own id, given when it was made."""
        ...

    @property
    def keeps_time(self) -> bool:
        """Whether each pass writes when it ran; where not, its time says nothing of a silence."""
        ...

    @property
    def batch(self) -> int:
        """How many posts of a target may be begun in one append: more than one where an append is dear."""
        ...

    def sequence(self) -> int:
        """The sequence number of the last append; 0 for a new ledger."""
        ...

    def find(self, identities: Iterable[str], *, numbers: Iterable[int] = (), title: str = "") -> Known:
        """Stories by identity, by number or by a piece of the title (any case), with their deliveries.

        `owners` maps each known identity *of those asked for* to its story; a story found by number
        or title is mapped by all its identities.
        """
        ...

    def current(self, stories: Iterable[str]) -> tuple[Record, ...]:
        """Every delivery of these stories (by id), in the order of story number and target."""
        ...

    def open(self) -> tuple[Record, ...]:
        """Every delivery with something left to do (Revision.is_open), in the same order."""
        ...

    def append(self, batch: Batch) -> Receipt | None:
        """Write all of it durably, or nothing.

        None when another writer was first: a revision exists already (rev n+1 only onto rev n), an
        identity or a story's number is taken, or a keyed value has moved on. The caller reads again
        and plans again. Moves are checked against the table (IllegalMove is a bug).
        """
        ...

    def history(
        self,
        story: str | None = None,
        *,
        target: str | None = None,
        states: Iterable[State] = (),
        limit: int | None = None,
    ) -> tuple[Life, ...]:
        """Deliveries with all their revisions, newest last revision first; narrowed by what is given."""
        ...

    def get(self, prefix: str) -> Mapping[str, Value]:
        """The keyed values whose names begin with `prefix`."""
        ...

    def put(self, put: Put) -> bool:
        """Write one keyed value; False when it has moved on."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
