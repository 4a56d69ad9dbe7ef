"""What may go out, and when: said anew from the documents, of each request for a post that an account has met.

Shares no code with what decides. It reads the requests, the ledger's revisions, the site, the settings, and what
people asked for. One function a rule; each gives a sentence where the rule was broken, else "".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspost.core.delivery import Event, Fixed, Key, Revision, State
from crosspost.core.policy import Target
from crosspost.core.story import Life
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import FaultKind
from crosspost.testing.site import HOST, SimulatedSite, SitePost

if TYPE_CHECKING:
    from crosspost.testing.simulation.notes import People
    from crosspost.testing.simulation.witness import Asked

HALF_LEASE = timedelta(minutes=5)  # a request that leaves later than that after its begin was overtaken
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(minutes=30)  # after a restore the second reading that proves something comes no sooner
REDATED = timedelta(hours=6)  # the site gives an earlier date, by less than that
MACHINE = "crosspost"
POISONED = "poisoned"  # a story that an account always answers with a pause
# So long an account is left alone at least after such an answer.
REST: Mapping[str, timedelta] = {
    FaultKind.EXPIRED_TOKEN: HOUR,
    FaultKind.PERMISSION: HOUR,
    FaultKind.SUSPENDED: HOUR,
    FaultKind.NO_CREDIT: 6 * HOUR,
    POISONED: HOUR,
}
_LETS_GO = frozenset({Event.APPROVE, Event.RETRY})
_OUT = frozenset({State.SENDING, State.UNKNOWN, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Scene:
    """What lay around the requests. `readable`: the passes could read the feed. `old`: posts that were there first."""

    targets: Mapping[str, Target]
    zone: ZoneInfo
    site: SimulatedSite
    people: People
    lives: Mapping[Key, Life]
    old: Mapping[str, frozenset[int]]
    alike: Mapping[int, int]
    readable: bool
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Case:
    """One request: the delivery's revisions since it was planned last, its begin, and what became of it."""

    asked: Asked
    life: Life
    since: tuple[Revision, ...]
    begin: Revision
    after: Revision | None
    post: SitePost
    target: Target

    @property
    def let_go(self) -> bool:
        """Whether a person said that it may go."""
        return _let_go(self.since)

    @property
    def name(self) -> str:
        """The story and its account, for sentences."""
        return f"#{self.life.record.story.number} on {self.target.name}"


def _let_go(revisions: Iterable[Revision]) -> bool:
    return any(one.event in _LETS_GO and one.by != MACHINE for one in revisions)


Rule = Callable[[Case, Scene], str]


# --- what nobody may send, and what only a person may let go --------------------------------------------------------


def protected(case: Case, scene: Scene) -> str:
    """Words behind a password stay there."""
    seen = scene.readable and case.post in scene.site.listed()
    return f"{case.name} went out from behind a password" if case.post.locked and seen else ""


def foreign(case: Case, _: Scene) -> str:
    """A link to another site waits for a person."""
    return f"{case.name} leads to {case.post.host}, and nobody let it go" if case.post.host != HOST else ""


def approval(case: Case, _: Scene) -> str:
    """Where approval is wanted, nothing goes without it."""
    return f"{case.name} went out without approval" if case.target.policy.approval else ""


def baseline(case: Case, scene: Scene) -> str:
    """What was there before the account was."""
    return f"{case.name} is older than its account" if case.post.number in scene.old.get(case.target.name, ()) else ""


def too_old(case: Case, _: Scene) -> str:
    """What was old when it was first seen."""
    first, planned = case.life.record.story.published, case.since[0].at
    date = max(first, case.post.published) if first else case.post.published  # the site may have given a newer one
    old = planned - date > case.target.policy.max_age + REDATED
    return f"{case.name} was too old when it was seen" if old else ""


def other_account(case: Case, scene: Scene) -> str:
    """The same words on two accounts of X."""
    for other in scene.targets.values():
        twin = scene.lives.get(Key(case.life.record.story.id, other.name))
        same = other.platform == case.target.platform == "x" and other.name != case.target.name
        if not same or twin is None or _let_go(twin.revisions):
            continue
        if twin.record.delivery.state in _OUT:
            return f"{case.name} went out, and stands on {other.name} too"
    return ""


UNLESS_LET_GO: tuple[Rule, ...] = (foreign, approval, baseline, too_old, other_account)


# --- when, and with which words -------------------------------------------------------------------------------------


def in_time(case: Case, _: Scene) -> str:
    """Settled, not before its own date, not before a person's."""
    first, begun = case.life.record.story.published, case.begin.at + timedelta(seconds=2)  # a feed has no fractions
    date = min(first, case.post.published) if first else case.post.published
    if begun < date + case.target.policy.settle:
        return f"{case.name} went out at {case.begin.at:%d %b %H:%M}, before it had settled"
    if case.begin.not_before is not None and case.begin.at < case.begin.not_before:
        return f"{case.name} went out before the time that a person gave"
    return ""


def awake(case: Case, scene: Scene) -> str:
    """Not in quiet hours. What was begun right before them may come a little late."""
    quiet = case.target.policy.quiet
    if quiet is None:
        return ""
    local = (case.begin.at - HALF_LEASE - MINUTE).astimezone(scene.zone).time()
    now = case.begin.at.astimezone(scene.zone).time()
    inside = all(one >= quiet.start or one < quiet.end for one in (local, now))
    return f"{case.name} went out at {now:%H:%M}, in quiet hours" if inside else ""


def not_stopped(case: Case, scene: Scene) -> str:
    """Not while a person's stop holds."""
    for stop in scene.people.stops:
        if stop.target in {"", case.target.name} and stop.since <= case.begin.at < stop.until:
            return f"{case.name} went out although a person had stopped {stop.target or 'everything'}"
    return ""


def in_its_lease(case: Case, _: Scene) -> str:
    """Not later than half the lease, unless the machine fell asleep with the first byte on its lips."""
    late = case.asked.clock - case.begin.at > HALF_LEASE + timedelta(seconds=1)
    return f"{case.name} left long after its begin" if late and not (case.asked.late or case.asked.crowded) else ""


def agreed_words(case: Case, _: Scene) -> str:
    """What a person approved or wrote goes out as it is, and for the article that they saw."""
    decided = [one for one in case.since if one.by != MACHINE]
    last = decided[-1] if decided else None
    if last is None or last.post is None or last.fixed not in _PERSONS:
        return ""
    if (last.post.text, last.post.link) != (case.asked.text, case.asked.link):
        return f"{case.name} went out with other words than a person agreed to"
    if last.article != case.begin.article:
        return f"{case.name} went out with a person's words, and its article had changed since"
    return ""


_PERSONS = frozenset({Fixed.APPROVED, Fixed.EDITED})
ALWAYS: tuple[Rule, ...] = (protected, in_time, awake, not_stopped, in_its_lease, agreed_words)


# --- what the answer means ------------------------------------------------------------------------------------------


def recorded(case: Case, _: Scene) -> str:
    """An acceptance that came to a living run is in the ledger, whatever the delivery had become by then."""
    asked = case.asked
    if not asked.made or asked.fault or asked.late or not asked.process.done:
        return ""
    known = any(one.remote_id == asked.made for one in case.life.revisions)
    return "" if known else f"{case.name} was accepted as {asked.made}, and the ledger doesn't know it"


def in_doubt(case: Case, _: Scene) -> str:
    """A duplicate answer may be our own echo: it is no refusal."""
    refused = case.asked.fault == FaultKind.DUPLICATE and case.after is not None and case.after.event is Event.REFUSED
    return f"{case.name} failed at once for a duplicate answer" if refused else ""


AFTERWARDS: tuple[Rule, ...] = (recorded, in_doubt)


# --- what one request means for the next ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rest:
    """An account that is left alone from then until then; `probe`: and then until it was asked by a read."""

    since: datetime
    until: datetime
    at: datetime
    offset: timedelta
    probe: bool = False


@dataclass(frozen=True, slots=True)
class _Restore:
    """An older ledger was put back at `at`, and its machine knew it, or was off for long."""

    at: datetime
    needs: int
    targets: frozenset[str]  # the accounts of that day


@dataclass(slots=True)
class Allowed:
    """Judges requests in their order. `accounts`: what they were sent to, with its log."""

    accounts: Mapping[str, Front]
    restore: _Restore | None = None
    _out: dict[str, tuple[datetime, timedelta]] = field(default_factory=dict)
    _sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lost: set[tuple[str, str]] = field(default_factory=set)
    _rests: dict[str, _Rest] = field(default_factory=dict)
    _blamed: set[tuple[str, str]] = field(default_factory=set)
    _freely: set[tuple[str, int]] = field(default_factory=set)
    _planned: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def complaint(self, asked: Iterable[Asked], moved: Iterable[Life], scene: Scene) -> str:
        """What should not have gone out, in one sentence; "" where all was well."""
        moved = tuple(moved)
        self._count_planned(moved, scene)
        for one in asked:
            case = _case(one, moved, scene)
            if case is not None and (said := self._about(case, scene)):
                return said
        return ""

    def forget(self, at: datetime, needs: int, targets: Iterable[str]) -> None:
        """An older ledger was put back: `needs` readings must come before the next post."""
        self.restore = _Restore(at, needs, frozenset(targets)) if needs else None
        self._out.clear()
        self._rests.clear()
        self._freely.clear()

    def resumed(self, target: str) -> None:
        """A person ended what held an account back, or gave it other keys ("": all of them)."""
        for name in [target] if target else list(self._rests):
            self._rests.pop(name, None)

    def clock_moved(self) -> None:
        """What was measured by the machine's clock is off by now."""
        self.restore = None

    def _about(self, case: Case, scene: Scene) -> str:
        rules = ALWAYS if case.let_go else (*ALWAYS, *UNLESS_LET_GO)
        said = next((text for rule in (*rules, *AFTERWARDS) if (text := rule(case, scene))), "")
        said = said or self._beside(case, scene) or self._among(case, scene) or self._rested(case) or self._read(case)
        self._note(case, scene)
        return said

    def _among(self, case: Case, scene: Scene) -> str:
        """In its pass: no more than the cap, none after a lost answer; spaced from the one before it."""
        run, policy = (case.asked.writer, case.target.name), case.target.policy
        if self._sent[run] >= policy.max_per_run:
            return f"{case.name} is one more than a pass may send"
        if run in self._lost:
            return f"{case.name} went out although the answer before it was lost"
        before = self._out.get(case.target.name)
        # One that was begun before it and comes late is no sooner.
        since = case.begin.at - before[0] if before and before[1] == scene.offset else policy.spacing
        if timedelta(0) <= since < policy.spacing - MINUTE:
            return f"{case.name} went out too soon after the post before it"
        return ""

    def _beside(self, case: Case, scene: Scene) -> str:
        """Among what came with it: no flood, and of two that look alike not both."""
        if case.let_go:
            return ""
        together = len(self._planned[case.life.revisions[0].writer, case.target.name])
        if case.since[0] is case.life.revisions[0] and together > case.target.policy.flood:
            return f"{case.name} came with {together - 1} others, and nobody let it go"
        if (case.target.name, scene.alike.get(case.post.number, 0)) in self._freely:
            return f"{case.name} looks like one that is out, and nobody let it go"
        return ""

    def _rested(self, case: Case) -> str:
        """Not on an account that is paused, and not on a suspended one before it was asked."""
        if case.asked.passed_over:
            return f"{case.name} stopped its account, and is tried again although another is due"
        if self._stops(case) > 1:
            return f"{case.name} has stopped its account twice, and is tried again"
        rest = self._rests.get(case.target.name)
        if rest is None or rest.offset != case.asked.clock - case.asked.at:
            return ""
        if rest.since + MINUTE < case.begin.at < rest.until:
            return f"{case.name} went out although the account is paused"
        if rest.probe and case.begin.at > rest.since + MINUTE and not self._alive(case, rest.at):
            return f"{case.name} was sent to a suspended account that nobody had asked"
        return ""

    def _stops(self, case: Case) -> int:
        """How often it has stopped its account since a person decided about it."""
        count, before = 0, case.since[0]
        for one in case.since:
            count = 0 if one.by != MACHINE else count
            if before.event is Event.BEGIN and one.event is Event.NOT_SENT:
                count += (before.writer, case.target.name + case.life.record.story.id) in self._blamed
            before = one
        return count

    def _alive(self, case: Case, since: datetime) -> bool:
        """Whether the account was read by name since then, and answered."""
        log = self.accounts[case.target.name].log
        return any(one.path.endswith("/me") and one.status == 200 and one.at >= since for one in log if not one.fault)

    def _read(self, case: Case) -> str:
        """After a restore the account is read first."""
        restore = self.restore
        if restore is None or case.target.name not in restore.targets:
            return ""
        account = self.accounts[case.target.name]
        reads = [
            one.at
            for one in account.log
            if one.at >= restore.at and one.at <= case.asked.at and one.status == 200
            if one.fault in {"", FaultKind.LAG} and account.concerns(one.request)[1]
        ]
        enough = bool(reads) and (restore.needs < 2 or (len(reads) > 1 and reads[-1] >= restore.at + SECOND))
        return "" if enough else f"{case.name} went out after a restore, with the account read {len(reads)} times"

    # --- what is kept -----------------------------------------------------------------------------------------------

    def _note(self, case: Case, scene: Scene) -> None:
        asked, name = case.asked, case.target.name
        self._sent[asked.writer, name] += 1
        if case.after is not None and case.after.event is Event.LOST and case.after.writer == asked.writer:
            self._lost.add((asked.writer, name))
        if asked.made:
            self._out[name] = (case.begin.at, scene.offset)
            self._rests.pop(name, None)
        if not case.let_go:
            self._freely.add((name, case.post.number))
        if case.after is not None and case.after.event is Event.NOT_SENT and asked.fault in REST:
            self._blamed.add((asked.writer, name + case.life.record.story.id))
            since, length = case.after.at, REST[asked.fault]
            probe = asked.fault == FaultKind.SUSPENDED and case.target.platform == "x"
            self._rests[name] = _Rest(since, since + length, asked.at, asked.clock - asked.at, probe)

    def _count_planned(self, moved: Iterable[Life], scene: Scene) -> None:
        """How many young ones each pass has planned for the first time."""
        for life in moved:
            first, story = life.revisions[0], life.record.story
            target, post = scene.targets.get(first.key.target), post_of(story.link, scene.site)
            if target is None or post is None or post.locked or post.number in scene.old.get(target.name, ()):
                continue
            if story.published is not None and first.at - story.published <= target.policy.max_age:
                self._planned[first.writer, target.name].add(story.id)


def _case(asked: Asked, moved: Iterable[Life], scene: Scene) -> Case | None:
    """The delivery that the request was for."""
    for life in moved:
        if life.record.delivery.key.target != asked.target:
            continue
        for place in reversed(range(len(life.revisions))):
            one = life.revisions[place]
            begun = one.event is Event.BEGIN and one.writer == asked.writer and one.at <= asked.clock
            if begun and one.post is not None and one.post.text == asked.text:
                return _made(asked, life, place, scene)
    return None


def _made(asked: Asked, life: Life, place: int, scene: Scene) -> Case | None:
    post = post_of(asked.link or asked.text, scene.site) or post_of(life.record.story.link, scene.site)
    if post is None:
        return None
    planned = max(n for n in range(place) if life.revisions[n].event is Event.PLAN)
    after = life.revisions[place + 1] if place + 1 < len(life.revisions) else None
    target = scene.targets[asked.target]
    return Case(asked, life, life.revisions[planned:place], life.revisions[place], after, post, target)


def post_of(text: str, site: SimulatedSite) -> SitePost | None:
    """The site's post whose address stands in a text."""
    found = re.search(r"/story-(\d+)", text)
    return site.posts.get(int(found[1])) if found else None
