"""A ledger whose verbs are crossings: killed before a verb nothing is written, killed after it all of it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crosspost.core.delivery import State
from crosspost.core.story import Batch, Known, Life, Put, Record, Value
from crosspost.ledger.base import Ledger, Receipt
from crosspost.testing.crossings import Process


class CrossingLedger:
    """A real ledger inside, the simulated process's border around it."""

    def __init__(self, inner: Ledger, process: Process, batch: int = 0) -> None:
        self.inner, self._process, self._batch = inner, process, batch or inner.batch

    @property
    def id(self) -> str:
        """The inner ledger's id."""
        return self.inner.id

    @property
    def keeps_time(self) -> bool:
        """See Ledger.keeps_time."""
        return self.inner.keeps_time

    @property
    def batch(self) -> int:
        """See Ledger.batch; any ledger can be told to begin more at once, as those do where an append is dear."""
        return self._batch

    def sequence(self) -> int:
        """See Ledger.sequence."""
        self._process.cross("ledger sequence")
        return self.inner.sequence()

    def find(self, identities: Iterable[str], *, numbers: Iterable[int] = (), title: str = "") -> Known:
        """See Ledger.find."""
        self._process.cross("ledger find")
        return self.inner.find(identities, numbers=numbers, title=title)

    def current(self, stories: Iterable[str]) -> tuple[Record, ...]:
        """See Ledger.current."""
        self._process.cross("ledger current")
        return self.inner.current(stories)

    def open(self) -> tuple[Record, ...]:
        """See Ledger.open."""
        self._process.cross("ledger open")
        return self.inner.open()

    def append(self, batch: Batch) -> Receipt | None:
        """See Ledger.append."""
        states = ",".join(revision.state for revision in batch.revisions)
        self._process.cross(f"ledger append {states}".rstrip())
        receipt = self.inner.append(batch)
        self._process.cross(f"ledger appended {states}" if receipt else "ledger race lost")
        return receipt

    def history(
        self,
        story: str | None = None,
        *,
        target: str | None = None,
        states: Iterable[State] = (),
        limit: int | None = None,
    ) -> tuple[Life, ...]:
        """See Ledger.history."""
        self._process.cross("ledger history")
        return self.inner.history(story, target=target, states=states, limit=limit)

    def get(self, prefix: str) -> Mapping[str, Value]:
        """See Ledger.get."""
        self._process.cross("ledger get")
        return self.inner.get(prefix)

    def put(self, put: Put) -> bool:
        """See Ledger.put."""
        self._process.cross("ledger put")
        won = self.inner.put(put)
        self._process.cross("ledger put done")
        return won

    def close(self) -> None:
        """See Ledger.close."""
        self.inner.close()
