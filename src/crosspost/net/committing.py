"""The law for a request that can't be taken back: one fresh claim, one first byte, and only the flag judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from crosspost.core.delivery import HALF_LEASE
from crosspost.core.post import Claim, ClaimError, Fault, Lost, NotSent, Outcome
from crosspost.core.reason import Code, Reason
from crosspost.core.world import Clock, WireTrouble

DEADLINE = 60.0  # seconds for a whole publish, uploads included: a tenth of the lease
CLOCK_SLACK = timedelta(minutes=1)  # a wall clock that stands further before the begin was set back


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer as it came: status, headers in order, unpacked body. It may be anything.

    Not shown in its repr: headers and body, which may hold cookies and what strangers wrote.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class StaleClaimError(Exception):
    """The claim was too old, or the clock went back, when the first byte was due."""


class Committing:
    """One committing request. `flag`: whether its first byte may have left.

    Raises ClaimError for a claim that is missing or spent: with a spent one the post may be out
    already, so that no outcome could be told truly.
    """

    def __init__(self, clock: Clock, claim: Claim | None, deadline: float = DEADLINE) -> None:
        if not isinstance(claim, Claim):
            raise ClaimError("a committing request without a claim")
        if claim.spent:
            raise ClaimError("this claim was used already")
        self._clock = clock
        self._claim = claim
        self._ends = clock.monotonic() + deadline
        self.flag = False
        self.slept = False

    def remaining(self) -> float:
        """Seconds that are left for all of it; none left is a WireTrouble."""
        left = self._ends - self._clock.monotonic()
        if left <= 0:
            raise WireTrouble(WireTrouble.DEADLINE)
        return left

    def before_first_byte(self) -> None:
        """For Call.before_first_byte. A layer that sends a second time meets a spent claim here."""
        if self._is_stale():
            self.slept = True
            raise StaleClaimError
        self._claim.spend()
        self.flag = True

    def _is_stale(self) -> bool:
        age = self._clock.now() - self._claim.begun
        return age > HALF_LEASE or age < -CLOCK_SLACK


def commit(law: Committing, request: Callable[[Committing], Answer], classify: Callable[[Answer], Outcome]) -> Outcome:
    """Make the request and say what is known of it.

    `request` hands `law.before_first_byte` to the wire and returns the answer, or raises. Exceptions
    are told apart by the flag alone: a silent handshake and a silent answer raise the same type.
    A kill (BaseException) passes through.
    """
    try:
        answer = request(law)
    except Exception as trouble:
        return _without_answer(law, trouble)
    try:
        return classify(answer)
    except Exception as trouble:  # a bug in a table must not make a post that stands look unsent
        return Lost(Reason.of(Code.LOST, kind=type(trouble).__name__, status=answer.status))


def _without_answer(law: Committing, trouble: Exception) -> Outcome:
    if law.flag:
        return Lost(Reason.of(Code.LOST, kind=_kind(trouble)))
    if isinstance(trouble, ClaimError):
        raise trouble  # another request spent it between: what became of that one isn't ours to tell
    if law.slept:
        return NotSent(Reason.of(Code.LEASE_SLEPT))
    if _is_transport(trouble):
        return NotSent(Reason.of(Code.NOT_CONNECTED, kind=_kind(trouble)))
    return Fault(Reason.of(Code.OWN_FAULT, kind=_kind(trouble)))


def _is_transport(trouble: Exception) -> bool:
    # INVALID is a request that can never be made: as NotSent it would be tried for ever
    if isinstance(trouble, WireTrouble):
        return trouble.kind != WireTrouble.INVALID
    return isinstance(trouble, (ConnectionError, TimeoutError))


def _kind(trouble: Exception) -> str:
    """A word for it that holds no foreign text."""
    return trouble.kind if isinstance(trouble, WireTrouble) else type(trouble).__name__
