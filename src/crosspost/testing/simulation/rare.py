"""What must have happened: each rare situation has a name, and a campaign in which one stayed at zero proves nothing.

Counted from the revisions as they come (`witness`); the rest the life counts as it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from crosspost.core.delivery import Event, Revision, State
from crosspost.core.reason import Code

if TYPE_CHECKING:
    from crosspost.core.outlook import RunReport
    from crosspost.core.standing import TargetStanding
    from crosspost.core.story import Life
    from crosspost.decide.choose import Verdict

# In every few lives: a short campaign demands them too.
COMMON: tuple[str, ...] = (
    "killed",
    "found after a lost answer",
    "absent once",
    "absent twice, sent again",
    "a lease over",
    "a gap found",
    "a gap closed",
    "a person's stop waited for",
    "changed since approved: held",
    "a race lost, planned anew",
)
RARE: tuple[str, ...] = (
    *COMMON,
    "found after the first absent reading",
    "a lease over, found",
    "a lease over, absent, sent again",
    "a duplicate answer, found",
    "a duplicate answer, never found: failed",
    "an acceptance after others had settled it",
    "a claim refused: its holder had slept",
    "a gap after an older copy: closed after two looks",
    "found after a gap",
    "a pause waited for",
    "a probe passed over the cause",
    "held after pausing twice",
    "too many attempts",
    "a restore noticed by memory",
    "flood held",
    "looks like another: held",
    "gone from the site",
    "gone and planned anew",
    "a retraction unconfirmed, then done",
    "posted by hand: held",
    "approval held",
    "quiet waited for",
    "spacing waited for",
    "budget waited for",
    "the cap waited for",
    "a reading that proved nothing",
    "a race for a begin lost",
    "too old: skipped",
    "away: held",
    "behind a password: skipped",
    "the password gone: planned anew",
    "another site: held",
    "another account of X: held",
    "dated later: waited for",
    "a person's time waited for",
    "skipped, and sent after all",
    "may be out, skipped, and looked for",
    "approved by the code that was shown",
    "a code that was stale: refused",
    "an account came later",
    "a paused account got new keys",
    "ledger and site put back",
    "more than a page at once",
    "copied in the middle of a pass",
)
WAITS: Mapping[str, str] = {
    Code.STOPPED: "a person's stop waited for",
    Code.TARGET_PAUSED: "a pause waited for",
    Code.QUIET: "quiet waited for",
    Code.SPACING: "spacing waited for",
    Code.BUDGET: "budget waited for",
    Code.CAP: "the cap waited for",
    Code.FUTURE: "dated later: waited for",
    Code.NOT_BEFORE: "a person's time waited for",
}
HELD: Mapping[str, str] = {
    Code.PAUSED_TWICE: "held after pausing twice",
    Code.FLOOD: "flood held",
    Code.LOOKS_LIKE: "looks like another: held",
    Code.POSTED_BY_HAND: "posted by hand: held",
    Code.APPROVAL: "approval held",
    Code.CHANGED_SINCE: "changed since approved: held",
    Code.AWAY: "away: held",
    Code.OTHER_SITE: "another site: held",
    Code.OTHER_ACCOUNT: "another account of X: held",
}
SKIPPED: Mapping[str, str] = {
    Code.TOO_OLD: "too old: skipped",
    Code.PROTECTED: "behind a password: skipped",
}
EVENTS: Mapping[Event, str] = {
    Event.ABSENT_ONCE: "absent once",
    Event.ABSENT_TWICE: "absent twice, sent again",
    Event.LEASE_OVER: "a lease over",
    Event.DUPLICATE_ABSENT: "a duplicate answer, never found: failed",
    Event.FOUND_AFTER_GAP: "found after a gap",
    Event.TOO_MANY: "too many attempts",
    Event.GONE: "gone from the site",
}
PAIRS: Mapping[tuple[Event, Event], str] = {
    (Event.LOST, Event.FOUND): "found after a lost answer",
    (Event.ABSENT_ONCE, Event.FOUND): "found after the first absent reading",
    (Event.LEASE_OVER, Event.FOUND): "a lease over, found",
    (Event.GONE, Event.PLAN): "gone and planned anew",
    (Event.RETRACT_UNCONFIRMED, Event.RETRACT_DONE): "a retraction unconfirmed, then done",
}


def missing(counts: Mapping[str, int], wanted: Iterable[str] = RARE) -> list[str]:
    """The rare situations that never came about."""
    return [name for name in wanted if not counts.get(name)]


def of_report(report: RunReport) -> Counter[str]:
    """What a pass told: readings that proved nothing."""
    codes = [alert.reason.code for alert in (*report.alerts, *report.passing, *report.told_before)]
    return Counter("a reading that proved nothing" for code in codes if code == Code.CANT_TELL)


def of_waits(verdicts: Iterable[Verdict]) -> Counter[str]:
    """Why deliveries wait."""
    return Counter(WAITS[one.reason.code] for one in verdicts if one.reason.code in WAITS)


def of_steps(steps: list[str]) -> Counter[str]:
    """Races that a process lost, by what it wanted to write."""
    counts: Counter[str] = Counter()
    for before, after in pairwise(steps):
        if after != "ledger race lost":
            continue
        if before.endswith("append sending"):
            counts["a race for a begin lost"] += 1
        elif "pending" in before or before == "ledger append":
            counts["a race lost, planned anew"] += 1
    return counts


def of_standings(before: TargetStanding, after: TargetStanding, cause: Revision | None) -> Counter[str]:
    """What became of a gap or a pause. `cause`: the open delivery that began the pause, where it is one still."""
    counts: Counter[str] = Counter()
    if before.gap is None and after.gap is not None:
        counts["a gap found"] += 1
        counts["a restore noticed by memory"] += after.gap.needs > 1
    if before.gap is not None and after.gap is None:
        counts["a gap closed"] += 1
        counts["a gap after an older copy: closed after two looks"] += before.gap.absent_at is not None
    ended = before.pause is not None and (after.pause is None or after.pause.cause != before.pause.cause)
    if ended and cause is not None and cause.state is State.PENDING and after.stop == before.stop:
        counts["a probe passed over the cause"] += 1
    return +counts


def witness(lives: Iterable[Life], seen: set[tuple[str, str, int, str]]) -> Counter[str]:
    """What the revisions tell that `seen` doesn't hold yet; it is added there.

    A ledger that is put back forgets, and what it then does again has other times.
    """
    counts: Counter[str] = Counter()
    for life in lives:
        for before, after in _steps(life.revisions):
            mark = (after.key.story, after.key.target, after.rev, after.at.isoformat())
            if mark in seen:
                continue
            seen.add(mark)
            counts.update(_names(before, after, life.revisions))
    return counts


def _steps(revisions: tuple[Revision, ...]) -> Iterable[tuple[Revision | None, Revision]]:
    return ((None, revisions[0]), *pairwise(revisions)) if revisions else ()


def _names(before: Revision | None, after: Revision, life: tuple[Revision, ...]) -> Iterable[str]:
    yield f"event: {after.event}"
    if after.event in EVENTS:
        yield EVENTS[after.event]
    if after.state is State.HELD and after.reason.code in HELD and after.event is not Event.REFRESH:
        yield HELD[after.reason.code]
    if after.state is State.SKIPPED and after.reason.code in SKIPPED:
        yield SKIPPED[after.reason.code]
    if after.event is Event.LATE:
        yield "an acceptance after others had settled it"
    if after.reason.code == Code.LEASE_SLEPT:
        yield "a claim refused: its holder had slept"
    if before is not None:
        yield from _turns(before, after, life)


def _turns(before: Revision, after: Revision, life: tuple[Revision, ...]) -> Iterable[str]:
    if (before.event, after.event) in PAIRS:
        yield PAIRS[before.event, after.event]
    if before.attempts.duplicate and after.event is Event.FOUND:
        yield "a duplicate answer, found"
    if after.event is Event.ABSENT_TWICE and _began_with(life, after, Event.LEASE_OVER):
        yield "a lease over, absent, sent again"
    if before.reason.code == Code.PROTECTED and after.event is Event.PLAN:
        yield "the password gone: planned anew"
    if before.state is State.SKIPPED and after.event is Event.RETRY:
        yield "may be out, skipped, and looked for" if after.state is State.UNKNOWN else "skipped, and sent after all"


def _began_with(life: tuple[Revision, ...], after: Revision, event: Event) -> bool:
    """Whether what made it unknown was that event."""
    doubts = [one for one in life if one.rev < after.rev and one.event in {Event.LOST, Event.LEASE_OVER}]
    return bool(doubts) and doubts[-1].event is event
