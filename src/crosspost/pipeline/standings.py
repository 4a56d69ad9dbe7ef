"""Keyed values as one pass reads and writes them: how feeds, targets and the last run stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crosspost.core.delivery import Revision
from crosspost.core.standing import (
    FEED,
    RUN,
    TARGET,
    TOLD,
    FeedStanding,
    RunStanding,
    TargetStanding,
    Told,
    dump_feed,
    dump_run,
    dump_target,
    dump_told,
    load_feed,
    load_run,
    load_target,
    load_told,
)
from crosspost.core.story import Batch, Put, Value
from crosspost.ledger.base import Ledger, Receipt

EVERYWHERE = "*"  # the target name under which a stop of everything stands
_NOTHING = Value("", 0)


@dataclass(frozen=True, slots=True)
class Standings:
    """All keyed values as they were read, with their versions."""

    values: Mapping[str, Value]

    @classmethod
    def read(cls, ledger: Ledger) -> Standings:
        """Read them all: they are few (one for each feed and target, and two)."""
        return cls(dict(ledger.get("")))

    def _value(self, name: str) -> Value:
        return self.values.get(name, _NOTHING)

    def feed(self, name: str) -> FeedStanding:
        """How a feed stands."""
        return load_feed(self._value(FEED + name).text)

    def target(self, name: str) -> TargetStanding:
        """How a target stands."""
        return load_target(self._value(TARGET + name).text)

    def run(self) -> RunStanding:
        """The last pass."""
        return load_run(self._value(RUN).text)

    def told(self) -> dict[str, Told]:
        """The troubles that stand."""
        return load_told(self._value(TOLD).text)

    def put_feed(self, name: str, feed: FeedStanding) -> Put:
        """Write a feed's."""
        return Put(FEED + name, dump_feed(feed), self._value(FEED + name).version)

    def put_target(self, name: str, target: TargetStanding) -> Put:
        """Write a target's."""
        return Put(TARGET + name, dump_target(target), self._value(TARGET + name).version)

    def put_run(self, run: RunStanding) -> Put:
        """Write the last pass."""
        return Put(RUN, dump_run(run), self._value(RUN).version)

    def put_told(self, told: Mapping[str, Told]) -> Put | None:
        """Write the standing troubles; None where nothing changed."""
        text = dump_told(dict(told))
        return None if text == (self._value(TOLD).text or "{}") else Put(TOLD, text, self._value(TOLD).version)


def append_on_target(
    ledger: Ledger,
    target: str,
    change: Callable[[TargetStanding], TargetStanding],
    revisions: tuple[Revision, ...] = (),
) -> Receipt | None:
    """Append revisions together with a change of the target's standing; None when another writer was first."""
    standings = Standings.read(ledger)
    before = standings.target(target)
    after = change(before)
    values = () if after == before else (standings.put_target(target, after),)
    return ledger.append(Batch(revisions=revisions, values=values))
