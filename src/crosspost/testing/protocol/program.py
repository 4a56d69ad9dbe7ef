"""A runner's pass, a step a function: notice a gap, record, read, begin, look, first byte, wait, append; reconcile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crosspost.core.delivery import Event, State
from crosspost.testing.protocol.ledger import NAMES, Ledger, beaten, remember, stale, unknown
from crosspost.testing.protocol.rules import Protocol
from crosspost.testing.protocol.search import By, Move
from crosspost.testing.protocol.state import Gap, Head, Moment, Request, Runner, with_runner

Steps = Iterator[Move[Moment]]


def steps(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """What that runner can do next; it can be killed anywhere in its pass, and its request goes its own way."""
    at = moment.runners[number].at
    yield from _STEPS[at](ledger, moment, number)
    if ledger.rules.bounds.kills and at not in {"idle", "ready"}:
        yield Move(By.FAULT, f"{NAMES[number]} is killed", _rest(_orphan(moment, number), number))


# --- a pass begins and ends -------------------------------------------------------------------------------------------


def _idle(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """Records may be missing if the machine remembers more than the ledger holds, or nobody ran for long."""
    protocol, shelf, name = ledger.rules.protocol, moment.shelf, NAMES[number]
    assert shelf is not None
    if not protocol.notices or not (shelf.ahead or shelf.run > protocol.silence):
        yield Move(By.OWN, f"{name} starts a pass", with_runner(moment, number, Runner("noticed")))
        return
    needs = protocol.reads_after_copy if shelf.ahead else 1
    renews = shelf.gap is None or shelf.gap.needs < needs or (protocol.renews_gap and shelf.ahead > 0)
    gap = Gap(0, needs) if renews else shelf.gap
    marked = stale(ledger.write_value(moment, gap=gap, ahead=0))
    why = "the machine remembers more than the ledger holds" if shelf.ahead else "nobody ran for long"
    yield Move(By.OWN, f"{name} starts a pass: {why}", with_runner(marked, number, Runner("noticed")))


def _noticed(ledger: Ledger, moment: Moment, number: int) -> Steps:
    recorded = ledger.write_value(moment, run=0)
    yield Move(By.OWN, f"{NAMES[number]} records the pass", with_runner(recorded, number, Runner("ready")))


def _ready(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """Read the delivery, where there is something to do; or end the pass, and remember the ledger's head."""
    sees = _sees(ledger, moment, number)
    if sees:
        reading = with_runner(moment, number, Runner("read", sees, fresh=True))
        yield Move(By.OWN, f"{NAMES[number]} reads the ledger: {_WORDS[sees]}", reading)
    if moment.shelf is not None:
        yield Move(By.OWN, f"{NAMES[number]} ends its pass", _rest(remember(moment), number))


def _sees(ledger: Ledger, moment: Moment, number: int) -> str:
    protocol, head = ledger.rules.protocol, moment.head
    gap = moment.shelf.gap if moment.shelf else None
    match head.state:
        case State.PENDING if gap is None:
            return "pending"
        case State.PENDING if gap and _gap_asks(protocol, gap):
            return "gap"
        case State.SENDING if ledger.age(head, number) > protocol.lease:
            return "lease over"
        case State.UNKNOWN if protocol.reconciles and counts(protocol, head, ledger.age(head, number)):
            return "unknown"
        case _:
            return ""


def _read(ledger: Ledger, moment: Moment, number: int) -> Steps:
    match moment.runners[number].knows:
        case "pending":
            yield from _begin(ledger, moment, number)
        case "lease over":
            frees = ledger.rules.protocol.lease_over is State.PENDING
            head = Head(State.PENDING, moment.head.tries) if frees else unknown(moment.head)
            yield ledger.appends(moment, number, Event.LEASE_OVER, head)
        case _:
            yield from _timeline(ledger, moment, number)


# --- sending ----------------------------------------------------------------------------------------------------------


def _begin(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """The claim is durable before anything leaves; beyond the last attempt it fails instead."""
    head, runner = moment.head, moment.runners[number]
    if not ledger.rules.protocol.claims_first and runner.fresh:
        sent = _send(with_runner(moment, number, Runner("unclaimed", fresh=True)), number)
        yield Move(By.OWN, f"{NAMES[number]}'s first byte leaves, before anything is written", sent)
    elif head.tries >= ledger.rules.bounds.tries and runner.fresh:
        yield ledger.appends(moment, number, Event.TOO_MANY, Head(State.FAILED))
    else:
        begun = Head(State.SENDING, head.tries + 1, by=number if ledger.rules.world.skew else 0)
        yield ledger.appends(moment, number, Event.BEGIN, begun, Runner("begun", fresh=True))


def _unclaimed(ledger: Ledger, moment: Moment, number: int) -> Steps:
    begun = Head(State.SENDING, moment.head.tries + 1)
    yield ledger.appends(moment, number, Event.BEGIN, begun, Runner("waiting", fresh=True))


def _begun(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """Connect, then look at the clock; a connection that fails, or a fault of ours, has sent nothing."""
    name, protocol, runner = NAMES[number], ledger.rules.protocol, moment.runners[number]
    if protocol.looks and runner.age > protocol.half_lease:
        yield Move(By.OWN, f"{name} looks at the clock: too late", holding(moment, number, "not sent"))
        return
    looked = with_runner(moment, number, runner._replace(at="looked", age=0))
    yield Move(By.OWN, f"{name} looks at the clock: in time", looked)
    yield Move(By.FAULT, f"{name} gets no connection", holding(moment, number, "not sent"))
    yield Move(By.FAULT, f"{name} meets a fault of its own", holding(moment, number, "fault"))


def _looked(_: Ledger, moment: Moment, number: int) -> Steps:
    waiting = Runner("waiting", fresh=moment.runners[number].fresh)
    yield Move(By.OWN, f"{NAMES[number]}'s first byte leaves", _send(with_runner(moment, number, waiting), number))


def _waiting(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """No answer comes: what the first-byte flag says of that is all that the runner knows. See outside.answers."""
    what = "lost" if ledger.rules.protocol.flags else "not sent"
    yield Move(By.OWN, f"{NAMES[number]} hears nothing: {what}", holding(_orphan(moment, number), number, what))


def _holding(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """Append what the answer makes of the delivery. Where another writer was first, only an acceptance counts."""
    runner, head = moment.runners[number], moment.head
    event, state = ledger.rules.protocol.settles[runner.knows]
    if runner.fresh:
        yield ledger.appends(moment, number, event, _after(head, state, runner.knows))
    elif runner.knows == "accepted" and head.state is not State.PUBLISHED:
        newest = with_runner(moment, number, runner._replace(fresh=True))  # read again, and append
        yield ledger.appends(newest, number, Event.LATE, Head(State.PUBLISHED))
    else:
        yield beaten(moment, number)


def _after(head: Head, state: State, knows: str) -> Head:
    match state:
        case State.PENDING:  # proved unsent: that attempt doesn't count
            return Head(State.PENDING, head.tries - (knows == "not sent"))
        case State.UNKNOWN:
            return unknown(head)._replace(duplicate=knows == "duplicate")
        case _:
            return Head(state)


# --- reading the timeline ---------------------------------------------------------------------------------------------


def _timeline(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """A post that stands for less than the lag may be missing, and may flicker; one that stands longer is shown."""
    name, rules = NAMES[number], ledger.rules
    standing = [request for request in moment.requests if request.stands]
    blind = _saw(moment, number, _absent(ledger, moment, number))
    if standing:
        yield Move(By.OWN, f"{name} reads the timeline: it is there", _saw(moment, number, "there"))
    if all(request.age < rules.world.lag for request in standing):
        lags = ", though it stands (the timeline lags)" if standing else ""
        yield Move(By.OWN, f"{name} reads the timeline: not there{lags}", blind)
        return
    if moment.slips:
        slipped = blind._replace(slips=moment.slips - 1)
        yield Move(By.FAULT, f"{name} reads the timeline: not there, though it has stood for long", slipped)
    if not rules.protocol.controls:
        yield Move(By.FAULT, f"{name} reads the timeline: empty, for want of a permission", blind)


def _saw(moment: Moment, number: int, what: str) -> Moment:
    runner = moment.runners[number]
    return with_runner(moment, number, runner._replace(at="saw", knows=f"{runner.knows}: {what}"))


def _absent(ledger: Ledger, moment: Moment, number: int) -> str:
    if moment.runners[number].knows == "gap":
        return "absent"
    return counts(ledger.rules.protocol, moment.head, ledger.age(moment.head, number)) or "first"


def counts(protocol: Protocol, head: Head, age: int) -> str:
    """What an absent reading counts as at that age of the attempt; "" for one that changes nothing."""
    if age < protocol.first:
        return ""
    if not head.absents:
        return "first" if protocol.absents > 1 else "second"
    return "second" if age >= protocol.second else ""


def _gap_asks(protocol: Protocol, gap: Gap) -> bool:
    return gap.needs == 1 or gap.seen >= (protocol.second if gap.absents else protocol.first)


def _evidence(ledger: Ledger, moment: Moment, number: int) -> Steps:
    """Append what the reading proves."""
    head = moment.head
    match moment.runners[number].knows:
        case "unknown: there":
            yield ledger.appends(moment, number, Event.FOUND, Head(State.PUBLISHED))
        case "unknown: first":
            yield ledger.appends(moment, number, Event.ABSENT_ONCE, head._replace(absents=1))
        case "unknown: second" if head.duplicate:
            yield ledger.appends(moment, number, Event.DUPLICATE_ABSENT, Head(State.FAILED))
        case "unknown: second":
            yield ledger.appends(moment, number, Event.ABSENT_TWICE, Head(State.PENDING, head.tries))
        case "gap: there":
            yield ledger.appends(moment, number, Event.FOUND_AFTER_GAP, Head(State.PUBLISHED))
        case _:
            yield _over_gap(ledger, moment, number)


def _over_gap(ledger: Ledger, moment: Moment, number: int) -> Move[Moment]:
    gap = moment.shelf.gap if moment.shelf else None
    if gap is None or not moment.runners[number].fresh:
        return beaten(moment, number)
    enough = gap.absents + 1 >= gap.needs
    after = None if enough else gap._replace(absents=gap.absents + 1)
    told = "closes the gap" if enough else "notes a first absent reading"
    written = stale(ledger.write_value(moment, gap=after))
    return Move(By.OWN, f"{NAMES[number]} {told}", with_runner(written, number, Runner("ready")))


# --- where a runner and its request are -------------------------------------------------------------------------------


def holding(moment: Moment, number: int, what: str) -> Moment:
    """With that runner holding an outcome, about to append it."""
    return with_runner(moment, number, Runner("holding", what, moment.runners[number].fresh))


def _rest(moment: Moment, number: int) -> Moment:
    """Out of its pass. Without copies of the ledger it doesn't matter where one begins: the runner is ready."""
    return with_runner(moment, number, Runner("ready" if moment.shelf is None else "idle"))


def _send(moment: Moment, number: int) -> Moment:
    return moment._replace(requests=tuple(sorted((*moment.requests, Request(stands=False, age=0, owner=number)))))


def _orphan(moment: Moment, number: int) -> Moment:
    """Nobody waits for that runner's request any more."""
    if not any(request.owner == number for request in moment.requests):
        return moment
    requests = (r._replace(owner=-1) if r.owner == number else r for r in moment.requests)
    return moment._replace(requests=tuple(sorted(requests)))


_WORDS = {
    "pending": "pending",
    "gap": "pending, after a gap",
    "lease over": "sending, and the lease is over",
    "unknown": "unknown",
}
_STEPS: dict[str, Callable[[Ledger, Moment, int], Steps]] = {
    "idle": _idle,
    "noticed": _noticed,
    "ready": _ready,
    "read": _read,
    "saw": _evidence,
    "unclaimed": _unclaimed,
    "begun": _begun,
    "looked": _looked,
    "waiting": _waiting,
    "holding": _holding,
}
