"""The ledger of the model: an append is refused where another writer was first, and illegal where the table says so."""

from __future__ import annotations

from dataclasses import dataclass

from crosspost.core.delivery import Event, State
from crosspost.testing.protocol.rules import IllegalInTable, Rules
from crosspost.testing.protocol.search import By, Move
from crosspost.testing.protocol.state import Head, Moment, Runner, with_runner

NAMES = "AB"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Appends under one set of rules."""

    rules: Rules

    def appends(
        self, moment: Moment, number: int, event: Event, head: Head, then: Runner | None = None
    ) -> Move[Moment]:
        """A runner's append of a revision: compare and swap. `then`: where its writer goes on, else at its pass."""
        runner = moment.runners[number]
        if not runner.fresh and (self.rules.protocol.compares or event is not Event.BEGIN):
            return beaten(moment, number)
        after = with_runner(self.write(moment, event, head), number, then or Runner("ready"))
        return Move(By.OWN, f"{NAMES[number]} appends {event.value}: {head.state.value}", after)

    def write(self, moment: Moment, event: Event, head: Head) -> Moment:
        """After a revision was appended by anybody: no runner's reading is the newest any more."""
        before = moment.head.state
        if head.state not in self.rules.protocol.table.get((before, event), frozenset()):
            raise IllegalInTable(f"{before} --{event}--> {head.state}")
        written = stale(self.write_value(moment._replace(head=head)))
        return remember(written) if self.rules.protocol.remembers_begin and event is Event.BEGIN else written

    def write_value(self, moment: Moment, **changes: object) -> Moment:
        """Every append moves the sequence number on: away from a copy, and towards what the machine remembers."""
        shelf = moment.shelf
        if shelf is None:
            return moment
        copy = shelf.copy and shelf.copy._replace(appended=min(3, shelf.copy.appended + 1))
        ahead = shelf.ahead if self.rules.protocol.looks_first else max(0, shelf.ahead - 1)
        return moment._replace(shelf=shelf._replace(**{"copy": copy, "ahead": ahead, **changes}))  # type: ignore[arg-type]  # fields by name

    def age(self, head: Head, number: int) -> int:
        """Minutes since the newest begin by that runner's clock; the begin's stamp is of its writer's."""
        return head.begun + self.rules.world.skew * (number - head.by)


def beaten(moment: Moment, number: int) -> Move[Moment]:
    """Another writer was first: the pass goes on with a new reading."""
    words = f"{NAMES[number]} finds that another runner was first"
    return Move(By.OWN, words, with_runner(moment, number, Runner("ready")))


def unknown(head: Head) -> Head:
    """The same attempt, of which nobody knows what became."""
    return head._replace(state=State.UNKNOWN)


def stale(moment: Moment) -> Moment:
    """Nobody's reading is the newest; a writer who goes on from its own append says so itself."""
    if not any(runner.fresh for runner in moment.runners):
        return moment
    return moment._replace(runners=tuple(runner._replace(fresh=False) for runner in moment.runners))


def remember(moment: Moment) -> Moment:
    """The machine notes the ledger's sequence number: an older copy is noticed from now on."""
    shelf = moment.shelf
    if shelf is None:
        return moment
    copy = shelf.copy and shelf.copy._replace(noted=shelf.copy.appended)
    return moment._replace(shelf=shelf._replace(ahead=0, copy=copy))
