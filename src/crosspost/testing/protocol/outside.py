"""What happens around the runners: the platform's answers, the clock, people's decisions, a copy that is put back."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.core.delivery import Event, State
from crosspost.testing.protocol.ledger import NAMES, Ledger, stale
from crosspost.testing.protocol.program import holding
from crosspost.testing.protocol.rules import Rules, World
from crosspost.testing.protocol.search import By, Move
from crosspost.testing.protocol.state import Copy, Gap, Head, Moment, Request, Runner, Shelf

Steps = Iterator[Move[Moment]]


def answers(rules: Rules, moment: Moment) -> Steps:
    """What becomes of the requests that are under way; those that nothing becomes of end with the clock."""
    for request in moment.requests:
        if not request.stands:
            yield from _answer(rules, moment, request)


def _answer(rules: Rules, moment: Moment, request: Request) -> Steps:
    others = list(moment.requests)
    others.remove(request)
    owner = request.owner
    without = moment._replace(requests=tuple(others))
    stands = moment._replace(requests=tuple(sorted((*others, Request(stands=True, age=0, owner=-1)))))
    if owner < 0 or moment.runners[owner].at != "waiting":
        yield Move(By.OWN, f"The request is accepted, {request.age} min after its first byte", stands)
        return
    name = NAMES[owner]
    yield Move(By.OWN, f"{name}'s post is accepted, and the answer arrives", holding(stands, owner, "accepted"))
    yield Move(By.FAULT, f"{name}'s post is accepted, and the answer is lost", holding(stands, owner, "lost"))
    for answer in ("refused", "not sent", "duplicate"):
        yield Move(By.OWN, f"{name} is answered: {answer}", holding(without, owner, answer))
    if not rules.world.refusals_true:
        yield Move(By.FAULT, f"{name} is answered: refused, and it was posted", holding(stands, owner, "refused"))


def clock(rules: Rules, moment: Moment) -> Steps:
    """Minutes pass for everything alike. No runner sleeps longer between look and first byte than is assumed."""
    passed, world = rules.bounds.steps[moment.beat], rules.world
    if not any(runner.at == "looked" and runner.age + passed > world.sleep for runner in moment.runners):
        older = moment._replace(
            beat=(moment.beat + 1) % len(rules.bounds.steps),
            head=_aged(rules, moment.head, passed),
            runners=tuple(_older(rules, runner, passed) for runner in moment.runners),
            requests=tuple(sorted(later for request in moment.requests for later in _waited(world, request, passed))),
            shelf=moment.shelf and _shelved(rules, moment.shelf, passed),
        )
        yield Move(By.TIME, passed, older)
    if world.jump:  # of the wall clock alone: what truly passed is the same
        ahead = moment._replace(
            head=_aged(rules, moment.head, world.jump),
            runners=tuple(_older(rules, r, world.jump) if r.at == "begun" else r for r in moment.runners),
        )
        yield Move(By.FAULT, f"The wall clock jumps {world.jump} min ahead", ahead)


def _aged(rules: Rules, head: Head, passed: int) -> Head:
    """Only an attempt that isn't settled has an age that anything reads, and only to the last threshold."""
    if head.state in {State.SENDING, State.UNKNOWN} or (head.state is State.SKIPPED and head.tries):
        last = max(rules.protocol.first, rules.protocol.second, rules.protocol.lease + 1) + rules.world.skew
        return head._replace(begun=min(head.begun + passed, last))
    return head


def _older(rules: Rules, runner: Runner, passed: int) -> Runner:
    if runner.at not in {"begun", "looked"}:
        return runner
    last = max(rules.protocol.half_lease, rules.world.sleep) + 1
    return runner._replace(age=min(runner.age + passed, last))


def _waited(world: World, request: Request, passed: int) -> tuple[Request, ...]:
    age = request.age + passed
    if request.stands:
        return (request._replace(age=min(age, world.lag)),)
    return (request._replace(age=age),) if age <= world.late else ()


def _shelved(rules: Rules, shelf: Shelf, passed: int) -> Shelf:
    # where the file alone is put back, the memory is what is tried: that nobody ran for long isn't noticed there
    machine = rules.world.copies == "machine"
    last = max(rules.protocol.silence + 1, rules.world.copy_age) if machine else 0
    copy = shelf.copy and shelf.copy._replace(
        head=_aged(rules, shelf.copy.head, passed),
        run=min(shelf.copy.run + passed, last),
        gap=_gap_aged(rules, shelf.copy.gap, passed),
    )
    return shelf._replace(run=min(shelf.run + passed, last), gap=_gap_aged(rules, shelf.gap, passed), copy=copy)


def _gap_aged(rules: Rules, gap: Gap | None, passed: int) -> Gap | None:
    return gap and gap._replace(seen=min(gap.seen + passed, max(rules.protocol.first, rules.protocol.second)))


def people(ledger: Ledger, moment: Moment) -> Steps:
    """What a person may decide. That it isn't there is theirs to answer for: from then on nothing is promised."""
    if not moment.persons:
        return
    head, less = moment.head, moment._replace(persons=moment.persons - 1)
    if head.state is State.UNKNOWN:
        absent = ledger.write(less._replace(asked=True), Event.RESOLVE_ABSENT, Head(State.PENDING))
        yield Move(By.PERSON, "A person says that it isn't there", absent)
    for words, event, after in _decisions(head):
        yield Move(By.PERSON, f"A person {words}", ledger.write(less, event, after))


def _decisions(head: Head) -> list[tuple[str, Event, Head]]:
    match head.state:
        case State.PENDING:
            return [("skips it", Event.SKIP, Head(State.SKIPPED)), ("edits it", Event.EDIT, Head(State.PENDING))]
        case State.UNKNOWN:
            return [("skips it", Event.SKIP, head._replace(state=State.SKIPPED))]
        case State.FAILED:
            return [("retries it", Event.RETRY, Head(State.PENDING))]
        case State.SKIPPED if head.tries:  # begun, and nothing proved it absent
            return [("retries it: it may be out", Event.RETRY, head._replace(state=State.UNKNOWN, tries=1))]
        case State.SKIPPED:
            return [("retries it", Event.RETRY, Head(State.PENDING))]
        case _:
            return []


def copies(rules: Rules, moment: Moment) -> Steps:
    """A copy is taken at any moment, and put back later: the ledger's file, or the machine with its memory."""
    shelf = moment.shelf
    if shelf is None:
        return
    if shelf.copy is not None:
        yield from _put_back(rules.world, moment, shelf.copy, shelf.restored + 1)
    elif shelf.restored < rules.world.put_backs:
        taken = shelf._replace(copy=Copy(moment.head, shelf.run, shelf.gap))
        yield Move(By.FAULT, "A copy of the ledger is taken", moment._replace(shelf=taken))


def _put_back(world: World, moment: Moment, copy: Copy, times: int) -> Steps:
    if not copy.appended:
        return
    back = moment._replace(head=copy.head, shelf=Shelf(copy.run, copy.noted, copy.gap, restored=times))
    if world.copies == "ledger":
        if not world.stopped or all(runner.at == "idle" for runner in moment.runners):
            yield Move(By.FAULT, "The copy of the ledger is put back", stale(back))
    elif copy.run >= world.copy_age and all(r.stands and r.age >= world.calm for r in moment.requests):
        forgot = Shelf(copy.run, 0, copy.gap, restored=times)
        idle = (Runner("idle"),) * len(moment.runners)  # whatever ran there has ended
        yield Move(By.FAULT, "The whole machine is put back", back._replace(shelf=forgot, runners=idle))
