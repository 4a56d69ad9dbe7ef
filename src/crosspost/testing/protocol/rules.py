"""What the model is made of: the product's own constants and table, what is assumed of the world, and the bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from crosspost.core.delivery import HALF_LEASE, LEASE, TABLE, Event, State
from crosspost.decide.evidence import FIRST_ABSENT, SECOND_ABSENT, SILENCE

Table = Mapping[tuple[State | None, Event], frozenset[State]]


def minutes(span: timedelta) -> int:
    """Whole minutes: the model's unit. An error where a constant has none."""
    whole, rest = divmod(span, timedelta(minutes=1))
    if rest:
        raise ValueError(f"{span} isn't whole minutes: the model needs a finer unit")
    return whole


# What an answer makes of a delivery that is still the sender's own SENDING
SETTLES: Mapping[str, tuple[Event, State]] = {
    "accepted": (Event.ACCEPTED, State.PUBLISHED),
    "refused": (Event.REFUSED, State.FAILED),
    "not sent": (Event.NOT_SENT, State.PENDING),
    "fault": (Event.FAULT, State.FAILED),
    "lost": (Event.LOST, State.UNKNOWN),
    "duplicate": (Event.LOST, State.UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """The rules of the product (minutes); each mutant changes one of them."""

    table: Table = field(default_factory=lambda: TABLE)
    half_lease: int = minutes(HALF_LEASE)
    lease: int = minutes(LEASE)
    first: int = minutes(FIRST_ABSENT)
    second: int = minutes(SECOND_ABSENT)
    silence: int = minutes(SILENCE)
    settles: Mapping[str, tuple[Event, State]] = field(default_factory=lambda: SETTLES)
    lease_over: State = State.UNKNOWN
    absents: int = 2  # readings that prove it
    claims_first: bool = True  # SENDING is durable before the request leaves
    compares: bool = True  # begin fails where another writer was first
    looks: bool = True  # at the clock, before the first byte
    flags: bool = True  # the first byte is noted before it leaves
    controls: bool = True  # an empty reading counts only if it shows a post that is known to stand
    reconciles: bool = True
    notices: bool = True  # records that may be missing
    reads_after_copy: int = 2  # absent readings after an older copy was put back
    remembers_begin: bool = True  # the machine notes the ledger's head when it begins a delivery, too
    renews_gap: bool = True  # a gap that is open when an older copy is noticed begins anew
    looks_first: bool = True  # whoever appends looks first whether an older copy was put back, people too


@dataclass(frozen=True, slots=True)
class World:
    """What is assumed of all that lies outside (minutes), and what may go wrong at all.

    `lag`: a post that stands may be missing from readings for so long. `late`: a request may be accepted so
    long after its first byte. `sleep`: between the look at the clock and the first byte. `skew`: B's clock is
    ahead of A's. `jump`: the wall clock may jump ahead by that. `refusals_true`: a listed refusal posted nothing.
    `copies`: "" none, "ledger" an older copy is put back, "machine" the whole machine with its memory;
    `put_backs`: how often.
    `calm`: the machine stands still for so long before it is put back. `copy_age`: how old its copy's last pass is.
    `stopped`: nothing runs while a copy is put back. `slips`: so many readings miss a post that is past its lag.
    """

    lag: int = 15
    late: int = 5
    sleep: int = 5
    skew: int = 0
    jump: int = 0
    refusals_true: bool = True
    copies: str = ""
    put_backs: int = 1
    calm: int = 15
    copy_age: int = minutes(SILENCE) + 1
    stopped: bool = True
    slips: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds the search. `steps`: the minutes by which the clock moves, in turn; `persons`: decisions of people.

    Steps of 2 and 3 in turn still tell 2, 5, 10, 15 and 30 minutes apart.
    """

    steps: tuple[int, ...] = (2, 3)
    runners: int = 2
    tries: int = 2  # begun attempts until "too many" (the product's five make no new kind of state)
    persons: int = 0
    kills: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """A model to search: protocol, world, bounds."""

    protocol: Protocol = field(default_factory=Protocol)
    world: World = field(default_factory=World)
    bounds: Bounds = field(default_factory=Bounds)


class IllegalInTable(Exception):
    """The model made a move that the product's table doesn't hold."""
