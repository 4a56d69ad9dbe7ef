"""One installation's life under one seed: hours pass, the site publishes, passes run, things go wrong."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import cache
from random import Random

from crosspost.config import assume
from crosspost.core.delivery import State
from crosspost.core.policy import Feed, Quiet, Settings, Target
from crosspost.core.standing import RunStanding, TargetStanding
from crosspost.desk.verbs import resume
from crosspost.ledger.base import Ledger
from crosspost.ledger.sqlite import SqliteLedger, create
from crosspost.net.adapter import quiet_libraries
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import Options, run_pass, verdicts_of
from crosspost.pipeline.record import Mode
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.platforms.base import Platform
from crosspost.platforms.loading import load_platforms
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import Answer, Request
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing.crossings import Baton, Killed, Process
from crosspost.testing.ledger import CrossingLedger
from crosspost.testing.simulation import rare, strikes
from crosspost.testing.simulation.judge import Broken, Judge, link_of, unsettled
from crosspost.testing.site import HOST, SimulatedSite
from crosspost.testing.world import SimulatedMemory, Time, simulated_world

HOUR = timedelta(hours=1)
NAP = timedelta(minutes=14)  # a laptop that sleeps through a lease
SENDING, AIMED = "ledger append sending", 16  # a post's begin, and the crossings up to its note
SMALL_BUDGET = 700_000  # micro-dollars a month: three posts with a link, and some reading
STEPS = 400  # so many of the last steps are kept, to be shown
SECRETS = {
    "x": {
        "API_KEY": "key",
        "API_KEY_SECRET": "key-secret",
        "ACCESS_TOKEN": "1800000000000000001-token",
        "ACCESS_TOKEN_SECRET": "token-secret",
    },
    "facebook": {"PAGE_ID": "100200300400500", "PAGE_ACCESS_TOKEN": "page-token"},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how wild a life is.

    `struck`: the share of passes with something open that are struck; of those, `kills` die, `naps`
    sleep, `overlaps` run with others, and the rest meet a fault. `people`, `machines`: whether
    people decide things, and clocks jump and ledgers are put back. `rough`: the site edits, moves, re-lists.
    """

    days: int = 30
    stories: int = 20
    struck: float = 0.5
    kills: float = 0.35
    naps: float = 0.1
    overlaps: float = 0.25
    people: bool = False
    machines: bool = False
    rough: bool = False
    disk: str = ""  # a ledger in that folder instead of memory

    @classmethod
    def year(cls, days: int = 365, disk: str = "", stories: int = 0) -> Plan:
        """Everything that may happen, for a year (or less) of a small organisation: 66 stories, unless said."""
        return cls(days, stories or max(1, days * 66 // 365), people=True, machines=True, rough=True, disk=disk)


@dataclass(slots=True)
class Tally:
    """What happened, by name."""

    counts: Counter[str] = field(default_factory=Counter)
    passes: int = 0

    def add(self, name: str, times: int = 1) -> None:
        """It happened."""
        self.counts[name] += times


@cache
def platforms() -> dict[str, Platform]:
    """The installed platforms."""
    quiet_libraries()
    return load_platforms()


@cache
def settings() -> Settings:
    """An ordinary installation: one feed, both platforms, the defaults of the documents."""
    feed = Feed(name="site", url=f"https://{HOST}/feed/")
    return assume((feed,), platforms(), campaign=("#LastGirlFirst",), zone="Europe/Paris").settings


def varied(plain: Settings, chance: Random) -> Settings:
    """The settings of another organisation: approval, quiet hours, spacing or a cap."""

    def change(target: Target) -> Target:
        draw = chance.random()
        policy = target.policy
        if draw < 0.15:
            policy = replace(policy, approval=True)
        elif draw < 0.35:
            policy = replace(policy, quiet=Quiet(clock_time(22), clock_time(7)))
        elif draw < 0.5:
            policy = replace(policy, spacing=timedelta(hours=2))
        elif draw < 0.6:
            policy = replace(policy, max_per_run=1)
        elif draw < 0.7:
            policy = replace(policy, look=True)
        tight = target.name == "x" and 0.7 <= draw < 0.8
        return replace(target, policy=policy, budget=SMALL_BUDGET if tight else target.budget)

    return replace(plain, targets=tuple(change(target) for target in plain.targets))


class Simulation:
    """One installation's life under one seed. `site`, `x` and `facebook` are what lies outside."""

    def __init__(self, seed: int, plan: Plan | None = None, *, ledger: SqliteLedger | None = None) -> None:
        self.seed, self.plan = seed, plan or Plan()
        self.chance = Random(seed)  # noqa: S311 - the seed must decide everything
        self.time, self.site, self.memory = Time(), SimulatedSite(), SimulatedMemory()
        repeats = self.chance.random() < 0.3  # the platforms' duplicate checks would hide a fault of ours
        lag = timedelta(seconds=self.chance.choice((0, 0, 5, 60, 400, 840)))
        keys, page = tuple(SECRETS["x"].values()), SECRETS["facebook"]
        self.x = XModel(
            keys[0],
            keys[1],
            keys[2],
            keys[3],
            user_id="1800000000000000001",
            username="Example",
            options=XOptions(refuse_repeats=repeats, lag=lag),
        )
        self.facebook = FacebookModel(
            page["PAGE_ID"], page["PAGE_ACCESS_TOKEN"], options=FacebookOptions(refuse_repeats=repeats, lag=lag)
        )
        self.accounts: dict[str, Front] = {"x": self.x, "facebook": self.facebook}
        self.settings = varied(settings(), self.chance) if self.plan.rough else settings()
        self.ledger = ledger or self._new_ledger()
        self.judge = Judge(self.accounts, strict=not (self.plan.rough or self.plan.people or self.plan.machines))
        self.tally = Tally()
        self.steps: list[str] = []
        self.down: set[str] = set()
        self.copies: list[tuple[datetime, sqlite3.Connection]] = []
        self.restored = False  # a ledger was put back, and no pass has seen it yet
        self.witnessed: set[tuple[str, str, int, str]] = set()
        self.stood: dict[str, TargetStanding] = {}
        self.poison = ""  # the address of a story that X always answers with a pause

    @property
    def offset(self) -> timedelta:
        """How far the machine's clock is off."""
        return self.time.offset

    @offset.setter
    def offset(self, value: timedelta) -> None:
        self.time.offset = value

    def _new_ledger(self) -> SqliteLedger:
        place = f"{self.plan.disk}/ledger-{self.seed}.db" if self.plan.disk else ":memory:"
        return create(place, token=lambda: f"{self.chance.getrandbits(128):032x}", now=self.time.now)

    def hostnames(self) -> tuple[str, ...]:
        """The hosts that a fault can make unreachable."""
        return HOST, "api.x.com", "graph.facebook.com"

    # --- one process ----------------------------------------------------------------------------------------------

    def office(self, process: Process) -> Office:
        """A process's office over the shared outside."""
        answers = (self.site.handle, self._x, self.facebook.handle)
        hosts = dict(zip(self.hostnames(), answers, strict=True))
        world = simulated_world(self.time, process, hosts, self.chance, memory=self.memory, down=self.down)
        writer = f"{self.chance.getrandbits(64):016x}"
        book = CrossingLedger(self.opened(process, writer), process)
        outlets = {}
        for target in self.settings.targets:
            platform = platforms()[target.platform]
            adapter = platform.open(world, target, SECRETS[target.platform])
            outlets[target.name] = Outlet(target, platform, adapter, credential="same")
        return Office(world, self.settings, book, outlets, writer)

    def opened(self, process: Process, writer: str) -> Ledger:  # noqa: ARG002 - a life on another backend needs it
        """The ledger, as that process opens it."""
        return self.ledger.reopen(writer=writer)

    def _x(self, request: Request, now: datetime) -> Answer:
        if self.poison and request.method == "POST" and self.poison.encode() in request.body:
            self.tally.add("the poisonous story was tried")
            return Answer(401, (("Content-Type", "application/json"),), b'{"title":"Unauthorized","status":401}')
        return self.x.handle(request, now)

    def process(
        self,
        *,
        kill_at: int = 0,
        nap_at: int = 0,
        aim: str = "",
        options: Options | None = None,
        hand_over: Callable[[], None] = lambda: None,
    ) -> None:
        """One pass as one process, which may be killed, or sleep."""
        process = Process(kill_at=kill_at, hand_over=hand_over, nap_at=nap_at, nap=self._nap, aim=aim)
        self.tally.passes += 1
        office = self.office(process)
        try:
            report = run_pass(office, options or Options())
            self.tally.add(f"exit {report.exit_code}")
            self.tally.counts.update(f"told: {alert.reason.code}" for alert in report.alerts)
            self.tally.counts.update(rare.of_report(report))
        except Killed:
            self.tally.add("killed")
        finally:
            self.tally.counts.update(rare.of_steps(process.steps))
            self.steps += [f"{self.time.now:%d %b %H:%M:%S} {step}" for step in process.steps]
            self.steps = self.steps[-STEPS:]
            office.ledger.close()

    def _nap(self) -> None:
        self.tally.add("slept through a lease")
        self.time.now += NAP

    def overlapping(self, count: int, kill_at: int = 0, nap_at: int = 0, aim: str = "") -> None:
        """Several passes at once, which take turns at crossings; the first may be killed, or sleep."""
        self.tally.add("overlaps")

        def job(place: int) -> Callable[[Callable[[], None]], None]:
            kill, nap = (0, 0) if place else (kill_at, nap_at)
            return lambda hand_over: self.process(kill_at=kill, nap_at=nap, aim=aim, hand_over=hand_over)

        Baton(self.chance).run([job(place) for place in range(count)])

    # --- a life -----------------------------------------------------------------------------------------------------

    def live(self) -> Tally:
        """The whole life, then calm; raises Broken at the first invariant that fails."""
        self.begin()
        births, end = self._births(), self.time.now + timedelta(days=self.plan.days)
        if self.plan.rough:
            strikes.month_without_permission(self)
        month = self.time.now + timedelta(days=30)
        while self.time.now < end:
            self.time.advance(self._until_next_pass())
            if self.time.now > month:
                strikes.permission_again(self)
            self._hour(births)
        self.calm()
        self._witness()
        return self.tally

    def _witness(self) -> None:
        self.tally.counts.update(rare.witness(self.ledger, self.witnessed))

    def begin(self) -> None:
        """A site that has published before, and the first run: all of it is baseline."""
        for age in (30, 20, 9, 4):
            self.site.publish(self.time.now, self.time.now - timedelta(days=age))
        self.process(options=Options(mode=Mode(baseline=True), send=False))
        self.check()

    def _hour(self, births: list[datetime]) -> None:
        happened = self._site_life(births)
        if self.plan.machines:
            strikes.machine_event(self)
        if self.plan.people:
            strikes.person_event(self)
            strikes.retract_event(self)
            strikes.pause_event(self)
            strikes.by_hand_event(self)
        # Faults come where something is at stake; elsewhere they would strike nothing.
        at_stake = bool(self.ledger.open())
        if self.chance.random() < (self.plan.struck if at_stake else 0.02):
            self._struck_pass()
        elif happened or at_stake or self.restored or self._lately_changed():
            self.process()
        else:
            self._skip()
            return
        self.restored = False
        self._clear()
        self.check()
        if self.plan.machines and self.chance.random() < 0.1:
            self._copy()

    def _births(self) -> list[datetime]:
        """When the site publishes, the last first."""
        span = self.plan.days * 86_400 - 7200
        return sorted(
            (self.time.now + timedelta(seconds=self.chance.randrange(span)) for _ in range(self.plan.stories)),
            reverse=True,
        )

    def _until_next_pass(self) -> float:
        """An hour, as cron has it; where something is open also sooner: a second cron line, a person, a late runner."""
        if self.ledger.open() and self.chance.random() < 0.4:
            return self.chance.uniform(60, 1500)
        return self.chance.uniform(3300, 3900)

    def _lately_changed(self) -> bool:
        return self.site.changed is not None and self.time.now - self.site.changed < 2 * HOUR

    def _skip(self) -> None:
        """An hour in which nothing can happen: the pass that found nothing leaves its time."""
        self.tally.add("skipped hours")
        run = RunStanding(self.time.now + self.time.offset)
        self.ledger.put(Standings.read(self.ledger).put_run(run))
        self.memory.remember(self.ledger.id, self.ledger.sequence())

    def _site_life(self, births: list[datetime]) -> bool:
        born = False
        while births and births[-1] <= self.time.now:
            post = self.site.publish(births.pop())
            self.tally.add("published on the site")
            born = True
            if self.plan.rough and not self.poison and self.chance.random() < 0.02:
                self.poison = post.link
        if born:
            return True
        if self.plan.rough:
            return strikes.site_event(self)
        if self.site.listed() and self.chance.random() < 0.02:
            self.site.edit(self.site.listed()[0].number, self.time.now)
            self.tally.add("edited on the site")
            return True
        return False

    def _struck_pass(self) -> None:
        chance, plan, draw = self.chance, self.plan, self.chance.random()
        # Half of them where it matters most: from the begin of a post to the note of what became of it.
        aim = chance.choice(("", SENDING))
        place = chance.randrange(1, AIMED if aim else 120)
        kill_at = place if draw < plan.kills else 0
        nap_at = place if plan.kills <= draw < plan.kills + plan.naps else 0
        if not kill_at and not nap_at:
            strikes.strike(self)
        if chance.random() < (0.7 if nap_at else plan.overlaps):
            self.overlapping(chance.choice((2, 2, 3, 4)), kill_at, nap_at, aim)
        else:
            self.process(kill_at=kill_at, nap_at=nap_at, aim=aim)

    def _clear(self) -> None:
        self.site.broken = ""
        self.down.clear()

    def calm(self) -> None:
        """Faults stop: what may go out goes out, and nothing is left pending or unknown."""
        self._clear()
        self.x.faults.clear()
        self.facebook.faults.clear()
        strikes.permission_again(self)
        self.poison, self.offset = "", timedelta(0)
        self.settings = replace(self.settings, targets=tuple(replace(t, budget=None) for t in self.settings.targets))
        office = self.office(Process())
        resume(office)
        office.ledger.close()
        for _ in range(40):  # longer than every backoff and every pause that people set
            self.time.advance(3600)
            self.process()
            self.check()
        for complaint in unsettled(self.ledger):
            self._broken(complaint)
        self._check_complete()

    # --- a ledger that is put back ------------------------------------------------------------------------------------

    def _copy(self) -> None:
        if self.plan.disk:
            return
        kept = [copy for copy in self.copies if self.time.now - copy[0] < timedelta(days=10)][-12:]
        for old in self.copies:
            if old not in kept:
                old[1].close()
        self.copies = kept
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self.ledger.copy_to(copy)
        self.copies.append((self.time.now, copy))

    def put_back(self, copy: sqlite3.Connection) -> None:
        """An older copy takes the ledger's place."""
        self._witness()
        self.ledger.put_back(copy)
        self.restored = True
        for model in self.accounts.values():
            model.faults.clear()  # an empty answer was meant for a ledger that knew of posts

    # --- what must hold -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """The invariants that hold after every pass, whatever happened."""
        complaint = self.judge.complaint(self.ledger)
        if complaint:
            self._broken(complaint)
        self._watch()

    def _watch(self) -> None:
        """Count what waits, and what has become of gaps and pauses since the last look."""
        standings, records = Standings.read(self.ledger), self.ledger.open()
        heads = {(one.story.id, one.delivery.key.target): one.delivery for one in records}
        for target in self.settings.targets:
            before, after = self.stood.get(target.name, TargetStanding()), standings.target(target.name)
            cause = before.pause.cause if before.pause else ""
            self.tally.counts.update(rare.of_standings(before, after, heads.get((cause, target.name))))
            self.stood[target.name] = after
        if any(head.state is State.PENDING for head in heads.values()):
            office = self.office(Process())
            self.tally.counts.update(rare.of_waits(verdicts_of(office, standings, records, Wish())))
            office.ledger.close()

    def _check_complete(self) -> None:
        """Every story that the feed still lists is known, with a delivery for each target."""
        known = Counter(link_of_story(life.record.story.link) for life in self.ledger.history())
        for post in self.site.listed():
            if not known[link_of_story(post.link)]:
                self._broken(f"{post.link} was lost without a word")

    def _broken(self, what: str) -> None:
        last = "\n".join(self.steps[-20:])
        kind = " --year" if self.plan.rough else ""
        command = f"python -m crosspost.testing.simulation --seed {self.seed} --days {self.plan.days}{kind}"
        raise Broken(f"seed {self.seed}, {self.time.now:%d %b %H:%M}: {what}\nagain: {command}\nlast steps:\n{last}")


def link_of_story(link: str) -> str:
    """An address without its scheme."""
    return link.partition("://")[2]


def campaign(seeds: Iterable[int], plan: Plan) -> Tally:
    """Many lives; their tallies together."""
    total = Tally()
    for seed in seeds:
        tally = Simulation(seed, plan).live()
        total.passes += tally.passes
        total.counts.update(tally.counts)
    return total


__all__ = ["Broken", "Plan", "Simulation", "State", "Tally", "campaign", "link_of"]
