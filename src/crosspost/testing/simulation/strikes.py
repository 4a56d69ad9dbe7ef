"""What may happen to a simulated installation: faults of platforms and feed, and what people, sites and machines do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspost.core.delivery import State
from crosspost.core.post import Post
from crosspost.desk import amend, verbs
from crosspost.errors import CrosspostError
from crosspost.pipeline.texts import text_of
from crosspost.sandbox.facebook import READ_SCOPES, WRITE_SCOPES
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.testing.crossings import Process
from crosspost.testing.simulation.plan import Evil

if TYPE_CHECKING:
    from crosspost.core.story import Record
    from crosspost.pipeline.outlet import Office
    from crosspost.testing.simulation.life import Simulation

# --- faults -------------------------------------------------------------------------------------------------------

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


def strike(life: Simulation) -> None:
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


def _struck(life: Simulation, name: str) -> list[str]:
    """The accounts that a fault strikes: those with something to lose."""
    if name in READINGS:
        return [
            target
            for target in life.accounts
            if name != "timeline empty" or life.ledger.history(target=target, states=[State.PUBLISHED], limit=1)
        ]
    return [ONE_PLATFORM.get(name) or life.chance.choice(list(life.accounts))]


def _outage(life: Simulation) -> None:
    if life.chance.random() < 0.4:
        life.site.broken = life.chance.choice(FEED_FAULTS)
        life.tally.add("feed down")
    else:
        life.down.add(life.chance.choice(life.hostnames()))
        life.tally.add("not connected")


# --- events: what happens at a moment of its own ------------------------------------------------------------------


def edit(life: Simulation) -> None:
    """The site changes a text, one of the newest."""
    listed = life.site.listed()
    life.site.edit(life.chance.choice(listed[: life.chance.choice((1, 4))]).number, life.time.now)
    life.tally.add("edited on the site")


def redate(life: Simulation) -> None:
    """A story gets another date."""
    earlier = timedelta(minutes=life.chance.randrange(5, 300))
    life.site.redate(life.chance.choice(life.site.listed()[:4]).number, life.time.now, life.time.now - earlier)
    life.tally.add("site: redate")


def unpublish(life: Simulation) -> None:
    """The site takes a story off, and brings it back some time later, or never."""
    post = life.chance.choice(life.site.listed()[:3])
    life.site.show(post.number, life.time.now, listed=False)
    life.tally.add("site: unpublish")
    if life.chance.random() < 0.7:

        def restore(life: Simulation) -> None:
            life.site.show(post.number, life.time.now, listed=True)
            life.tally.add("site: restore")

        life.agenda.add(life.later(1, 100), restore)


def move(life: Simulation) -> None:
    """The site goes to https, or back."""
    life.site.secure = not life.site.secure
    life.site.changed = life.time.now
    life.tally.add("site: https")


def relist(life: Simulation) -> None:
    """Everything under new guids."""
    life.site.relist(life.time.now)
    life.tally.add("site: relist")


def same_title(life: Simulation) -> None:
    """A new post with an old one's title and date."""
    old = life.chance.choice(life.site.listed()[:4])
    again = life.site.publish(life.time.now, old.published)
    life.site.posts[again.number] = replace(again, title=old.title)
    life.tally.add("site: same title")


def many(life: Simulation) -> None:
    """An import of many."""
    for minutes in range(7):
        life.site.publish(life.time.now, life.time.now - timedelta(minutes=minutes))
    life.tally.add("site: import")


def poison(life: Simulation) -> None:
    """The next story is one that X always answers with a pause."""
    life.poison_next = True


def clock_jumps(life: Simulation) -> None:
    """The machine's clock is off for some hours."""
    life.offset = timedelta(seconds=life.chance.choice((-10_000, -4_000, -700, 700, 4_000, 10_000)))
    life.tally.add("clock jumped")
    life.agenda.add(life.later(1, 50), clock_is_right)


def clock_is_right(life: Simulation) -> None:
    """Somebody sets it."""
    life.offset = timedelta(0)


def put_back(life: Simulation) -> None:
    """An older ledger is put back: of any age where the machine remembers the newer one, else over 95 minutes old.

    No machine that forgets is put back within a quarter of an hour of its last post: the protocol assumes that.
    """
    newest = max((post.at for model in life.accounts.values() for post in model.timeline()), default=None)
    fresh = newest is not None and life.time.now - newest < timedelta(minutes=16)
    forgot = not fresh and life.chance.random() < 0.4
    least = timedelta(minutes=95 if forgot else 1)
    copies = [one for one in life.copies if life.time.now - one[0] >= least]
    if not copies:
        return
    _, copy = life.chance.choice(copies)
    if forgot:
        life.memory.heads.clear()
    life.put_back(copy)
    life.tally.add("ledger put back, machine forgot" if forgot else "ledger put back, machine remembers")


def nobody_runs(life: Simulation) -> None:
    """The machine is off for two hours or ten days."""
    hours = life.chance.choice((2, 3, 6, 20, 20, 60, 120, 240))
    life.away_until = life.time.now + timedelta(hours=hours)
    life.tally.add("nobody ran")


def retract(life: Simulation) -> None:
    """A person takes something down, and sometimes lets it go out again later."""
    lives = life.ledger.history(states=[State.PUBLISHED], limit=5)
    out = [one.record for one in lives if one.record.delivery.remote_id]
    if not out:
        return
    record = life.chance.choice(out)
    key, remote_id = record.delivery.key, record.delivery.remote_id
    if life.chance.random() < 0.4:
        life.accounts[key.target].faults.add(life.chance.choice(_UNCONFIRMED))
    link = life.judge.link_on(key.target, remote_id)
    with _desk(life) as office:
        amend.retract(office, record.story, _ANA, target=key.target)
        life.judge.taken_down.add((key.target, remote_id))
        life.judge.asked[(key.target, link)] += 1
        life.tally.add("person: retract")
        if life.chance.random() < 0.3:
            verbs.retry(office, record.story, _ANA, target=key.target)
            life.tally.add("person: publish anew")


_UNCONFIRMED = (Fault(FaultKind.CLOSE_AFTER, "DELETE"), Fault(FaultKind.ERROR_BEFORE, "DELETE", status=503))


def take_down_again(life: Simulation) -> None:
    """What a person took down and an older ledger calls published: no reading shows it, so none proves anything."""
    for lived in life.ledger.history(states=[State.PUBLISHED]):
        key = lived.record.delivery.key
        if (key.target, lived.record.delivery.remote_id) in life.judge.taken_down:
            with _desk(life) as office:
                amend.retract(office, lived.record.story, _ANA, target=key.target)
                life.tally.add("person: retract again")


def stop(life: Simulation) -> None:
    """A person pauses an account or everything for a while; sometimes ends it earlier."""
    target = life.chance.choice(("", "x", "facebook"))
    with _desk(life) as office:
        verbs.pause(office, _ANA, target=target, until=life.later(1, 30))
        life.tally.add("person: pause")
    if life.chance.random() < 0.4:

        def resume(life: Simulation) -> None:
            with _desk(life) as office:
                verbs.resume(office, target=target)
                life.tally.add("person: resume")

        life.agenda.add(life.later(1, 20), resume)


def by_hand(life: Simulation) -> None:
    """The next time that something waits for X, a person posts it there, word for word."""
    life.by_hand_next = True


# Event → how often it happens to a site of 66 stories.
EVENTS: dict[Evil, dict[Callable[[Simulation], None], float]] = {
    Evil.EDITS: {edit: 10},
    Evil.GOINGS: {unpublish: 6},
    Evil.MOVES: {redate: 3, move: 2, relist: 1.5},
    Evil.IMPORTS: {same_title: 2, many: 1},
    Evil.POISON: {poison: 1},
    Evil.CLOCKS: {clock_jumps: 4},
    Evil.COPIES: {put_back: 4},
    Evil.ABSENCES: {nobody_runs: 4},
    Evil.RETRACTIONS: {retract: 4},
    Evil.STOPS: {stop: 5},
    Evil.BY_HAND: {by_hand: 4},
}


def drawn(life: Simulation) -> Iterator[Callable[[Simulation], None]]:
    """The events of a life, each as often as it comes."""
    for evil in Evil:  # a set has no order that a seed decides
        if evil not in life.plan.evils:
            continue
        for event, rate in EVENTS.get(evil, {}).items():
            for _ in range(int(rate * life.plan.stories / 66 + life.chance.random())):
                yield event


# --- people -------------------------------------------------------------------------------------------------------


class _desk:  # noqa: N801 - reads like a function
    """A person's office, in which a refusal is no accident."""

    def __init__(self, life: Simulation) -> None:
        self._life, self._office = life, life.office(Process())

    def __enter__(self) -> Office:
        return self._office

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        self._office.ledger.close()
        if isinstance(error, CrosspostError):
            self._life.tally.add("person: refused")
            return True
        return False


_ANA = verbs.Person("Ana")


def decide(life: Simulation) -> None:
    """A person looks at what waits for one, and decides something."""
    life.expected = None
    waiting = [record for record in life.ledger.open() if record.delivery.state in _VERBS]
    if not waiting:
        return
    record = life.chance.choice(waiting)
    verb = life.chance.choice(_VERBS[record.delivery.state])
    with _desk(life) as office:
        verb(life, office, record)
        life.tally.add(f"person: {verb.__name__.removeprefix('_')}")
        if life.chance.random() < 0.12 and Evil.EDITS in life.plan.evils:  # whoever decides also corrects
            life.agenda.add(life.later(0.02, 0.4), _edit_of(record))


def _edit_of(record: Record) -> Callable[[Simulation], None]:
    def correct(life: Simulation) -> None:
        link = (record.article.link if record.article else record.story.link).partition("://")[2]
        numbers = [post.number for post in life.site.listed() if post.link.endswith(link)]
        for number in numbers:
            life.site.edit(number, life.time.now)
            life.tally.add("edited on the site")

    return correct


def _approve(_: Simulation, office: Office, record: Record) -> None:
    verbs.approve(office, record.story, _ANA, target=record.delivery.key.target)


def _skip(_: Simulation, office: Office, record: Record) -> None:
    verbs.skip(office, record.story, _ANA, target=record.delivery.key.target)


def _edit(life: Simulation, office: Office, record: Record) -> None:
    link = record.article.link if record.article else record.story.link
    text = f"Words of a person, version {life.chance.randrange(1000)}. {link}"
    amend.edit_text(office, record.story, text, _ANA, target=record.delivery.key.target)


def _retry(_: Simulation, office: Office, record: Record) -> None:
    verbs.retry(office, record.story, _ANA, target=record.delivery.key.target)


def _resolve(life: Simulation, office: Office, record: Record) -> None:
    """A person looks at the account, lag or no lag, and says what is there."""
    target = record.delivery.key.target
    model = life.accounts[target]
    link = (record.article.link if record.article else record.story.link).partition("://")[2]
    there = [post for post in model.timeline() if link in (post.link or post.text)]
    if there:
        verbs.resolve_published(office, record.story, there[0].url, _ANA, target=target)
    else:
        verbs.resolve_absent(office, record.story, _ANA, target=target)


_Verb = Callable[..., None]
_VERBS: dict[State, tuple[_Verb, ...]] = {
    State.PENDING: (_skip, _edit),
    State.HELD: (_approve, _approve, _approve, _edit, _skip),
    State.UNKNOWN: (_resolve, _resolve, _skip),
    State.FAILED: (_retry, _retry, _edit, _skip),
    State.PUBLISHED: (_approve,),
}


def post_by_hand(life: Simulation) -> None:
    """A person posts on X by hand what the pipeline is about to post, word for word."""
    waiting = [one for one in life.records if one.delivery.state is State.PENDING and one.delivery.key.target == "x"]
    if not waiting:
        return
    with _desk(life) as office:
        text = text_of(life.chance.choice(waiting), office.outlets["x"])
        if isinstance(text, Post):
            life.by_hand_next = False
            life.judge.by_hand.add(life.x.put(text.text, life.time.now))
            life.tally.add("person: by hand")


# --- a month of empty answers -------------------------------------------------------------------------------------


def permission_lost(life: Simulation) -> None:
    """For a month Facebook answers every reading with 200 and nothing."""
    life.facebook.options = replace(life.facebook.options, scopes=WRITE_SCOPES)
    life.tally.add("a month of empty answers")
    life.agenda.add(life.time.now + timedelta(days=30), permission_again)


def permission_again(life: Simulation) -> None:
    """Somebody gave the permission back."""
    life.facebook.options = replace(life.facebook.options, scopes=WRITE_SCOPES | READ_SCOPES)


Event = Callable[["Simulation"], None]


class Agenda:
    """What will happen, by its time; of two at one time, the one that was added first."""

    def __init__(self) -> None:
        self._events: list[tuple[datetime, int, Event]] = []
        self._added = 0

    def add(self, at: datetime, event: Event) -> None:
        """It will happen then."""
        self._added += 1
        self._events.append((at, self._added, event))
        self._events.sort(key=lambda one: one[:2], reverse=True)

    def first(self) -> datetime | None:
        """When the next one comes."""
        return self._events[-1][0] if self._events else None

    def due(self, now: datetime) -> tuple[datetime, Event] | None:
        """The next one that comes until then, taken off."""
        if self._events and self._events[-1][0] <= now:
            at, _, event = self._events.pop()
            return at, event
        return None
