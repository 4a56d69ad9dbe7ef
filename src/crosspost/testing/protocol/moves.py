"""Every move that can be made in a moment: by a runner, the platform, the clock, a person, a copy put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crosspost.core.delivery import State
from crosspost.testing.protocol.ledger import Ledger
from crosspost.testing.protocol.outside import answers, clock, copies, people
from crosspost.testing.protocol.program import steps
from crosspost.testing.protocol.rules import Rules
from crosspost.testing.protocol.search import Move
from crosspost.testing.protocol.state import Head, Moment, Runner, Shelf


def start(rules: Rules) -> Moment:
    """A delivery is pending, and every runner is about to look at it."""
    shelf = Shelf() if rules.world.copies else None
    runners = (Runner("idle" if shelf else "ready"),) * rules.bounds.runners
    return Moment(Head(State.PENDING), runners, persons=rules.bounds.persons, slips=rules.world.slips, shelf=shelf)


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves under one set of rules; an instance is what `search` calls."""

    rules: Rules

    def __call__(self, moment: Moment) -> Iterator[Move[Moment]]:
        """All of them."""
        ledger = Ledger(self.rules)
        for number in range(len(moment.runners)):
            yield from steps(ledger, moment, number)
        yield from answers(self.rules, moment)
        yield from clock(self.rules, moment)
        yield from people(ledger, moment)
        yield from copies(self.rules, moment)
