"""What may go wrong outside: the platforms' faults, a feed that is down, a host that nobody reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosspost.core.delivery import State
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.testing.simulation.plan import Evil

if TYPE_CHECKING:
    from crosspost.testing.simulation.installation import Installation

# A platform's faults: name → fault. "before" and "after" are meant of the acceptance.
LOSSES: dict[str, Fault] = {
    "lost before acceptance": Fault(FaultKind.CLOSE_BEFORE, "POST"),
    "lost after acceptance": Fault(FaultKind.CLOSE_AFTER, "POST"),
    "reset after acceptance": Fault(FaultKind.RESET_AFTER, "POST"),
    "lost six times": Fault(FaultKind.CLOSE_BEFORE, "POST", times=6),
    "silent before acceptance": Fault(FaultKind.SILENCE, "POST"),
    "silent after acceptance": Fault(FaultKind.SILENCE_AFTER, "POST"),
    "drip": Fault(FaultKind.DRIP, "POST"),
    "5xx before acceptance": Fault(FaultKind.ERROR_BEFORE, "POST", status=503),
    "5xx after acceptance": Fault(FaultKind.ERROR_AFTER, "POST", status=502),
    "html": Fault(FaultKind.HTML, "POST"),
    "html after acceptance": Fault(FaultKind.HTML_AFTER, "POST"),
    "half an answer": Fault(FaultKind.HALF, "POST"),
    "redirect": Fault(FaultKind.REDIRECT, "POST"),
    "code 1": Fault(FaultKind.CODE1, "POST"),
    "code 1 after acceptance": Fault(FaultKind.CODE1_AFTER, "POST"),
    "code 2 after acceptance": Fault(FaultKind.CODE2_AFTER, "POST"),
}
PAUSES: dict[str, Fault] = {
    "rate limit": Fault(FaultKind.RATE_LIMIT, "POST", seconds=900),
    "expired token": Fault(FaultKind.EXPIRED_TOKEN, "POST"),
    "permission": Fault(FaultKind.PERMISSION, "POST"),
    "suspended": Fault(FaultKind.SUSPENDED, "POST"),
    "no credit": Fault(FaultKind.NO_CREDIT, "POST"),
    "spend cap": Fault(FaultKind.SPEND_CAP, "POST", seconds=86_400),
    "day limit": Fault(FaultKind.DAY_LIMIT, "POST", seconds=7_200),
    "page blocked": Fault(FaultKind.RATE_LIMIT, "POST", code=368, subcode=1390008),
}
DUPLICATES: dict[str, Fault] = {"duplicate answer": Fault(FaultKind.DUPLICATE, "POST")}
READINGS: dict[str, Fault] = {
    "timeline lags": Fault(FaultKind.LAG, "GET", times=3, seconds=840),
    "timeline unread": Fault(FaultKind.ERROR_BEFORE, "GET", status=503),
    "timeline cut off": Fault(FaultKind.HALF, "GET"),
    # An empty answer proves nothing where the ledger knows of a post that should be there. Where it knows
    # of none, only a missing permission can explain it, and that is what the empty month plays.
    "timeline empty": Fault(FaultKind.EMPTY_TIMELINE, "GET"),
}
FAULTS: dict[Evil, dict[str, Fault]] = {
    Evil.LOSSES: LOSSES,
    Evil.PAUSES: PAUSES,
    Evil.DUPLICATES: DUPLICATES,
    Evil.READINGS: READINGS,
}
ONE_PLATFORM = {
    "no credit": "x",
    "spend cap": "x",
    "day limit": "x",
    "code 1": "facebook",
    "code 1 after acceptance": "facebook",
    "code 2 after acceptance": "facebook",
    "page blocked": "facebook",
}
FEED_FAULTS = ("html", "cut", "error")


def strike(life: Installation) -> None:
    """Let one fault come over the next pass. Where something is unknown, it strikes what is to settle it."""
    unknown = any(record.delivery.state is State.UNKNOWN for record in life.records)
    kinds = [Evil.READINGS] if unknown and life.chance.random() < 0.6 else [*FAULTS, Evil.OUTAGES]
    kinds = [kind for kind in kinds if kind in life.plan.evils]
    if not kinds:
        return
    kind = life.chance.choice(kinds)
    if kind is Evil.OUTAGES:
        _outage(life)
        return
    name = life.chance.choice(list(FAULTS[kind]))
    life.tally.add(name)
    for target in _struck(life, name):
        life.accounts[target].faults.add(FAULTS[kind][name])
        if name == "suspended" and life.chance.random() < 0.5:  # and whoever asks gets no answer
            life.accounts[target].faults.add(Fault(FaultKind.ERROR_BEFORE, "GET", "/me", times=2, status=503))


def _struck(life: Installation, name: str) -> list[str]:
    """The accounts that a fault strikes: those with something to lose."""
    if name in READINGS:
        return [
            target
            for target in life.accounts
            if name != "timeline empty" or life.ledger.history(target=target, states=[State.PUBLISHED], limit=1)
        ]
    return [ONE_PLATFORM.get(name) or life.chance.choice(list(life.accounts))]


def _outage(life: Installation) -> None:
    if life.chance.random() < 0.4:
        life.site.broken = life.chance.choice(FEED_FAULTS)
        life.tally.add("feed down")
    else:
        life.down.add(life.chance.choice(life.hostnames()))
        life.tally.add("not connected")
