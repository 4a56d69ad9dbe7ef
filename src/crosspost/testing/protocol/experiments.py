"""What is searched: the product as it is, each rule taken away (mutants), each assumption broken, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from crosspost.core.delivery import Event, State
from crosspost.testing.protocol.moves import Moves, start
from crosspost.testing.protocol.rules import SETTLES, Bounds, Protocol, Rules, Table, World
from crosspost.testing.protocol.search import Searched, search
from crosspost.testing.protocol.state import broken, settled


class Kind(StrEnum):
    """What an experiment shows."""

    HOLDS = "holds"  # every promise, in every state
    MUTANT = "mutant"  # a rule of the product is needed
    ASSUMPTION = "assumption"  # what the product takes for granted of the world


@dataclass(frozen=True, slots=True)
class Experiment:
    """A set of rules to search, and the promise that breaks ("" none)."""

    kind: Kind
    name: str
    rules: Rules
    breaks: str = ""


Amendment: TypeAlias = tuple[State | None, Event, State]

TWICE = "Two posts stand."
FORGOTTEN = "A post stands, and the ledger holds it as "
STUCK = "From here nothing leads on without a person."
# One runner (started anew after each kill) and one attempt, in single minutes: enough for whatever is about numbers
MINUTES = Bounds(steps=(1,), runners=1, tries=1)
PAIR = Bounds()
COPY = Bounds(steps=(5,), runners=1)
TWO_CLOCKS = replace(MINUTES, runners=2, kills=False)
MACHINE = Bounds(steps=(15, 45), runners=1, tries=1, kills=False)
AS_ASSUMED = World()
LEDGER_BACK = World(copies="ledger", sleep=0)
MACHINE_BACK = World(copies="machine", sleep=0)
TWO_COPIES = replace(COPY, tries=1, kills=False)


def examine(rules: Rules) -> Searched:
    """Search all that can happen under these rules."""
    return search(start(rules), Moves(rules), broken, settled)


def amended(*moves: Amendment) -> Table:
    """The product's table with moves that it doesn't hold: a mutant mustn't die of the table alone."""
    table = dict(Protocol().table)
    for before, event, after in moves:
        table[before, event] = table.get((before, event), frozenset()) | {after}
    return table


PRODUCT = (
    Experiment(Kind.HOLDS, "one runner, minute by minute", Rules(bounds=MINUTES)),
    Experiment(Kind.HOLDS, "two runners, two attempts", Rules(bounds=PAIR)),
    Experiment(
        Kind.HOLDS, "one runner, two attempts, a decision of a person", Rules(bounds=Bounds(runners=1, persons=1))
    ),
    Experiment(
        Kind.HOLDS,
        "an older copy of the ledger is put back, and noticed",
        Rules(Protocol(), LEDGER_BACK, replace(COPY, tries=1)),
    ),
    Experiment(Kind.HOLDS, "the whole machine is put back", Rules(world=MACHINE_BACK, bounds=MACHINE)),
)
PROPOSALS = (
    Experiment(
        Kind.HOLDS,
        "absent readings that count from 30 and from 55 min: one that is wrong does no harm",
        Rules(Protocol(first=30, second=55), World(slips=1), MINUTES),
    ),
    Experiment(
        Kind.HOLDS,
        "absent readings that count from 30 and from 55 min: a lag of 40 min",
        Rules(Protocol(first=30, second=55), World(lag=40), MINUTES),
    ),
)
_LOST = {**SETTLES, "lost": (Event.LOST, State.PENDING)}


def _mutant(
    name: str, protocol: Protocol, breaks: str, bounds: Bounds = MINUTES, world: World | None = None
) -> Experiment:
    return Experiment(Kind.MUTANT, name, Rules(protocol, world or World(), bounds), breaks)


COPY_MUTANTS = (
    _mutant(
        "the head is noted at a pass's end alone",
        Protocol(remembers_begin=False),
        TWICE,
        COPY,
        LEDGER_BACK,
    ),
    _mutant(
        "a person's verb appends to an older copy without looking first",
        Protocol(looks_first=False),
        TWICE,
        replace(COPY, persons=1),
        LEDGER_BACK,
    ),
    _mutant(
        "what an older copy holds of a gap's proof counts",
        Protocol(renews_gap=False),
        TWICE,
        TWO_COPIES,
        replace(LEDGER_BACK, put_backs=2),
    ),
)
MUTANTS = (
    _mutant(
        "a lost answer makes it pending",
        Protocol(settles=_LOST, table=amended((State.SENDING, Event.LOST, State.PENDING))),
        FORGOTTEN + "pending.",
    ),
    _mutant(
        "a lease that is over makes it pending",
        Protocol(
            lease_over=State.PENDING,
            table=amended((State.SENDING, Event.LEASE_OVER, State.PENDING)),
        ),
        FORGOTTEN + "pending.",
    ),
    _mutant("the request leaves before its claim is durable", Protocol(claims_first=False), FORGOTTEN + "pending."),
    _mutant("one absent reading proves it", Protocol(absents=1), FORGOTTEN + "pending."),
    _mutant("the second absent reading counts at once", Protocol(second=2), FORGOTTEN + "pending."),
    _mutant("an empty reading counts without a control post", Protocol(controls=False), FORGOTTEN + "pending."),
    _mutant(
        "begin without its revision check",
        Protocol(compares=False, table=amended(*((state, Event.BEGIN, State.SENDING) for state in State))),
        FORGOTTEN + "pending.",
        PAIR,
    ),
    _mutant("the first-byte flag is set too late", Protocol(flags=False), FORGOTTEN + "pending."),
    _mutant("nobody looks at the clock before the first byte", Protocol(looks=False), FORGOTTEN + "pending."),
    _mutant("what is unknown is never looked for", Protocol(reconciles=False), STUCK),
    _mutant("a silence of six hours is no gap", Protocol(silence=360), TWICE, MACHINE, MACHINE_BACK),
    _mutant("nobody notices a gap", Protocol(notices=False), TWICE, COPY, LEDGER_BACK),
    _mutant("one absent reading closes the gap of a copy", Protocol(reads_after_copy=1), TWICE, COPY, LEDGER_BACK),
    *COPY_MUTANTS,
)


def _assumed(name: str, world: World, breaks: str = FORGOTTEN + "pending.", bounds: Bounds = MINUTES) -> Experiment:
    return Experiment(Kind.ASSUMPTION, name, Rules(world=world, bounds=bounds), breaks)


ASSUMPTIONS = (
    _assumed("a timeline lags by 16 min", World(lag=16)),
    _assumed("a timeline lags by 20 min", World(lag=20)),
    _assumed("a request is accepted 6 min after its first byte", World(late=6)),
    _assumed("a runner sleeps 6 min between the look and the first byte", World(sleep=6)),
    _assumed("two machines' clocks are a minute apart, at a lag of 15 min", World(skew=1), bounds=TWO_CLOCKS),
    _assumed("the wall clock jumps half an hour ahead", World(jump=30)),
    _assumed("one reading misses a post that is past its lag", World(slips=1)),
    _assumed("a listed refusal posted after all", World(refusals_true=False), FORGOTTEN + "failed."),
    _assumed("a machine is put back within 15 min of its last post", replace(MACHINE_BACK, calm=0), TWICE, MACHINE),
    _assumed(
        "a machine is put back whose last pass is less than 90 min old",
        replace(MACHINE_BACK, copy_age=0),
        TWICE,
        MACHINE,
    ),
    _assumed("a ledger is put back while a run goes on", replace(LEDGER_BACK, stopped=False), TWICE, COPY),
)


def _wide(name: str, rules: Rules) -> Experiment:
    return Experiment(Kind.HOLDS, name, rules)


WIDE = (
    _wide("two copies of the ledger are put back", Rules(Protocol(), replace(LEDGER_BACK, put_backs=2), TWO_COPIES)),
    _wide("two runners, two attempts, minute by minute", Rules(bounds=Bounds(steps=(1,)))),
    _wide("two runners, three attempts", Rules(bounds=Bounds(tries=3))),
    _wide("two runners, one attempt, a decision of a person", Rules(bounds=Bounds(tries=1, persons=1))),
    _wide("one runner, two attempts, two decisions of people", Rules(bounds=Bounds(runners=1, persons=2))),
    _wide(
        "two clocks a minute apart, a lag of 14 min",
        Rules(world=World(lag=14, skew=1), bounds=replace(MINUTES, runners=2)),
    ),
    _wide("an older ledger is put back, two attempts", Rules(Protocol(), LEDGER_BACK, COPY)),
    _wide(
        "an older ledger is put back, a decision of a person",
        Rules(Protocol(), LEDGER_BACK, replace(COPY, tries=1, persons=1)),
    ),
    _wide(
        "an older ledger is put back, two runners", Rules(Protocol(), LEDGER_BACK, replace(COPY, runners=2, tries=1))
    ),
    _wide("the whole machine is put back, with kills", Rules(world=MACHINE_BACK, bounds=replace(MACHINE, kills=True))),
)


def smallest_safe(lag: int, least: int = 0) -> int:
    """The smallest number of minutes after the begin at which a second absent reading may count, for a lag.

    From `least` on; found by halves (waiting longer never proves less), so that this one was searched
    completely and the one below it broke a promise.
    """
    low, high = least - 1, least
    while not _is_safe(high, lag):
        low, high = high, high + max(1, 2 * (high - low))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_safe(middle, lag) else (middle, high)
    return high


def _is_safe(second: int, lag: int) -> bool:
    return not examine(Rules(Protocol(second=second), World(lag=lag), MINUTES)).broken


def safe_by_lag(lags: range) -> dict[int, int]:
    """`smallest_safe` of each lag, in rising order (a longer lag never allows less)."""
    table: dict[int, int] = {}
    for lag in lags:
        table[lag] = smallest_safe(lag, max(table.values(), default=0))
    return table
