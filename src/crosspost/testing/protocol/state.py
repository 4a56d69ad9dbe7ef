"""One moment of the model: the delivery in the ledger, the runners, the requests under way, a copy of the ledger."""

from __future__ import annotations

from typing import NamedTuple

from crosspost.core.delivery import State


class Head(NamedTuple):
    """The delivery as the ledger holds it. `begun`: minutes since its newest begin, `by` whose clock.

    What nothing reads any more is set back, so that states that behave alike are one.
    """

    state: State
    tries: int = 0
    begun: int = 0
    by: int = 0
    absents: int = 0  # absent readings that count
    duplicate: bool = False


class Runner(NamedTuple):
    """A process. `at`: what it does next; `knows`: what it has read or been answered; `age`: minutes of its claim.

    `fresh`: the ledger's newest revision is still the one that it read or wrote. After the look at the clock
    `age` counts from the look.
    """

    at: str
    knows: str = ""
    fresh: bool = False
    age: int = 0


class Request(NamedTuple):
    """A committing request whose first byte has left. `age`: minutes since then, or since it stands.

    `owner`: the runner that waits for its answer, -1 for none.
    """

    stands: bool
    age: int
    owner: int


class Gap(NamedTuple):
    """Records may be missing: noticed `seen` minutes ago, `needs` absent readings, `absents` of them made."""

    seen: int
    needs: int
    absents: int = 0


class Copy(NamedTuple):
    """An older copy of the ledger. `appended`: appends since; `noted`: those that the machine has noted (to 3)."""

    head: Head
    run: int
    gap: Gap | None
    appended: int = 0
    noted: int = 0


class Shelf(NamedTuple):
    """All that has to do with copies.

    `run`: minutes since the last recorded pass. `ahead`: what the machine remembers beyond the ledger (to 3).
    `copy` None: none was taken, or it was put back; `restored`: how often that happened.
    """

    run: int = 0
    ahead: int = 0
    gap: Gap | None = None
    copy: Copy | None = None
    restored: int = 0


class Moment(NamedTuple):
    """Everything. `beat`: which of the clock's steps is next; `asked`: a person said "it isn't there".

    `persons`: decisions that people may still make; `slips`: readings that may still be wrong.
    """

    head: Head
    runners: tuple[Runner, ...]
    requests: tuple[Request, ...] = ()
    beat: int = 0
    persons: int = 0
    asked: bool = False
    slips: int = 0
    shelf: Shelf | None = None


def with_runner(moment: Moment, number: int, runner: Runner) -> Moment:
    """With that runner in another place."""
    runners = moment.runners
    return moment._replace(runners=(*runners[:number], runner, *runners[number + 1 :]))


def broken(moment: Moment) -> str:
    """The promise that this moment breaks, as a sentence; "" if it keeps them all."""
    if moment.asked:
        return ""
    standing = sum(request.stands for request in moment.requests)
    state = moment.head.state
    if standing > 1:
        return "Two posts stand."
    restored = moment.shelf is not None and moment.shelf.restored > 0
    if standing and state in {State.PENDING, State.FAILED, State.HELD} and not restored:
        return f"A post stands, and the ledger holds it as {state.value}."
    if state is State.PUBLISHED and not standing:
        return "The ledger holds it as published, and nothing stands."
    return ""


def settled(moment: Moment) -> bool:
    """Whether it has ended, or waits for a person who is told: published, failed or skipped."""
    return moment.head.state in {State.PUBLISHED, State.FAILED, State.SKIPPED}
