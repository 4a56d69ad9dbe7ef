"""One installation's life under one seed: hours pass, the site publishes, passes run, things go wrong."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from crosspost.core.delivery import State
from crosspost.core.policy import Target
from crosspost.core.reason import Code
from crosspost.core.standing import RunStanding, TargetStanding
from crosspost.core.story import Record
from crosspost.decide.choose import Verdict
from crosspost.desk.verbs import resume
from crosspost.ledger.base import Ledger
from crosspost.ledger.sqlite import SqliteLedger, create
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import Options, run_pass, verdicts_of
from crosspost.pipeline.record import Mode
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import Answer, Request
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing.crossings import Baton, Killed, Process
from crosspost.testing.ledger import CrossingLedger
from crosspost.testing.simulation import rare, strikes
from crosspost.testing.simulation.judge import Broken, Judge, unsettled
from crosspost.testing.simulation.memo import remembering
from crosspost.testing.simulation.plan import Evil, Plan, platforms, settings, varied
from crosspost.testing.simulation.witness import Witness
from crosspost.testing.site import HOST, SimulatedSite
from crosspost.testing.world import SimulatedMemory, Time, simulated_world

HOUR = timedelta(hours=1)
NAP = timedelta(minutes=14)  # a laptop that sleeps through a lease
LONG_NAP = timedelta(hours=3)  # or one that was shut
CALM = timedelta(hours=40)  # longer than every backoff and every pause that people set
SENDING, ANSWERED = "ledger append sending", "answered POST"  # where a kill or a nap may be aimed
AIMED = {"": 120, SENDING: 16, ANSWERED: 4}  # so many crossings from there
STRUCK = "faults that struck"
STEPS = 400  # so many of the last steps are kept, to be shown
RECOUNT = 500  # passes after which the judge reads everything anew
SECRETS = {
    "x": {
        "API_KEY": "key",
        "API_KEY_SECRET": "key-secret",
        "ACCESS_TOKEN": "1800000000000000001-token",
        "ACCESS_TOKEN_SECRET": "token-secret",
    },
    "facebook": {"PAGE_ID": "100200300400500", "PAGE_ACCESS_TOKEN": "page-token"},
}
_BUSY = frozenset({State.PENDING, State.SENDING, State.UNKNOWN})  # a pass may move these


@dataclass(slots=True)
class Tally:
    """What happened, by name."""

    counts: Counter[str] = field(default_factory=Counter)
    passes: int = 0

    def add(self, name: str, times: int = 1) -> None:
        """It happened."""
        self.counts[name] += times


class Simulation:
    """One installation's life under one seed. `site`, `x` and `facebook` are what lies outside."""

    def __init__(self, seed: int, plan: Plan | None = None, *, ledger: SqliteLedger | None = None) -> None:
        self.seed, self.plan = seed, plan or Plan()
        self.chance = Random(seed)  # noqa: S311 - the seed must decide everything
        self.time, self.site, self.memory = Time(), SimulatedSite(), SimulatedMemory()
        self._open_accounts()
        self.settings = varied(settings(), self.chance) if Evil.SETTINGS in self.plan.evils else settings()
        self.ledger = ledger or self._new_ledger()
        self.judge = Judge(self.accounts, strict=self.plan.strict)
        self.witness = Witness(self)
        self.tally, self.agenda = Tally(), strikes.Agenda()
        self.steps: list[str] = []
        self.digest = hashlib.sha256()  # of every step
        self.down: set[str] = set()
        self.copies: list[tuple[datetime, sqlite3.Connection]] = []
        self.records: tuple[Record, ...] = ()  # what is open, and what choosing says of it, since the last check
        self.verdicts: tuple[Verdict, ...] = ()
        self.stood: dict[str, TargetStanding] = {}
        self.witnessed: set[tuple[str, str, int, str]] = set()
        self.away_until = self.time.now
        self.expected: datetime | None = None  # when a person looks next
        self.dirty = True  # something happened that no undisturbed pass has seen
        self.idle = 0  # so many passes in a row moved nothing
        self.poison = ""  # the address of a story that X always answers with a pause
        self.poison_next = self.by_hand_next = False
        self.born = False  # a story that no pass has seen
        self._looking: Office | None = None
        self._read: Counter[str] = Counter()  # so much of each account's log was read for faults

    def _open_accounts(self) -> None:
        repeats = self.chance.random() < 0.3  # the platforms' duplicate checks would hide a fault of ours
        lag = timedelta(seconds=self.chance.choice((0, 5, 60, 400, 840, 840)))
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

    @property
    def offset(self) -> timedelta:
        """How far the machine's clock is off."""
        return self.time.offset

    @offset.setter
    def offset(self, value: timedelta) -> None:
        self.time.offset = value

    def later(self, least: float, most: float) -> datetime:
        """A moment between so many hours from now."""
        return self.time.now + timedelta(hours=self.chance.uniform(least, most))

    def _new_ledger(self) -> SqliteLedger:
        place = f"{self.plan.disk}/ledger-{self.seed}.db" if self.plan.disk else ":memory:"
        return create(place, token=lambda: f"{self.chance.getrandbits(128):032x}", now=self.time.now)

    def opened(self, process: Process, writer: str) -> Ledger:  # noqa: ARG002 - other backends cross in here
        """The ledger as a process opens it."""
        return self.ledger.reopen(writer=writer)

    def hostnames(self) -> tuple[str, ...]:
        """The hosts that a fault can make unreachable."""
        return HOST, "api.x.com", "graph.facebook.com"

    # --- one process ----------------------------------------------------------------------------------------------

    def office(self, process: Process) -> Office:
        """A process's office over the shared outside."""
        hosts = dict(zip(self.hostnames(), (self.site.handle, self._x, self._facebook), strict=True))
        world = simulated_world(self.time, process, hosts, self.chance, memory=self.memory, down=self.down)
        writer = f"{self.chance.getrandbits(64):016x}"
        book: Ledger = CrossingLedger(self.opened(process, writer), process)
        outlets = {}
        for target in self.settings.targets:
            platform = platforms()[target.platform]
            adapter = platform.open(world, target, SECRETS[target.platform])
            outlets[target.name] = Outlet(target, platform, adapter, credential="same")
        return Office(world, self.settings, book, outlets, writer)

    def _x(self, request: Request, now: datetime) -> Answer:
        if self.poison and request.method == "POST" and self.poison.encode() in request.body:
            self.tally.add("the poisonous story was tried")
            return Answer(401, (("Content-Type", "application/json"),), b'{"title":"Unauthorized","status":401}')
        self.witness.sees("x", request)
        return self.x.handle(request, now)

    def _facebook(self, request: Request, now: datetime) -> Answer:
        self.witness.sees("facebook", request)
        return self.facebook.handle(request, now)

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
        process = Process(kill_at=kill_at, hand_over=hand_over, nap_at=nap_at, aim=aim)
        process.nap = lambda: self._nap(process.steps[-1])
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
            self.tally.add(STRUCK, self._strikes(process))
            self.tally.counts.update(rare.of_steps(process.steps))
            self._keep(process.steps)
            office.ledger.close()

    def _strikes(self, process: Process) -> int:
        """How many faults struck since the last look: answers, a death, a sleep, a feed or a host that was down."""
        struck = 0
        for name, model in self.accounts.items():
            struck += sum(bool(entry.fault) for entry in model.log[self._read[name] :])
            self._read[name] = len(model.log)
        broken = {HOST} if self.site.broken else set()
        down = sum(f"connect {host}" in process.steps for host in sorted(broken | self.down))
        return struck + down + process.dead + process.napped

    def _keep(self, steps: list[str]) -> None:
        kept = [f"{self.time.now:%d %b %H:%M:%S} {step}" for step in steps]
        self.digest.update("\n".join(kept).encode())
        self.steps = (self.steps + kept)[-STEPS:]

    def _nap(self, step: str) -> None:
        """The machine sleeps; often others run meanwhile, once the lease is over.

        With the first byte on its lips it doesn't sleep for long: that none does is what the protocol assumes.
        """
        long = not step.startswith("first byte") and self.chance.random() < 0.4
        self.tally.add("slept for hours" if long else "slept through a lease")
        fell = self.time.now
        for minutes in (11, 70, 140) if long else (11,):
            if self.chance.random() < 0.7:
                self.time.now = max(self.time.now, fell + timedelta(minutes=minutes))
                self.process()
        self.time.now = max(self.time.now, fell + (LONG_NAP if long else NAP))

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
        with remembering():
            return self._live()

    def _live(self) -> Tally:
        self.begin()
        end = self.time.now + timedelta(days=self.plan.days)
        self._draw(end)
        while self.time.now < end:
            self._wait(end)
            self._pass()
        self.calm()
        self.judge_all()
        return self.tally

    def begin(self) -> None:
        """A site that has published before, and the first run: all of it is baseline."""
        for age in (30, 20, 9, 4):
            self.site.publish(self.time.now, self.time.now - timedelta(days=age))
        self.process(options=Options(mode=Mode(baseline=True), send=False))
        self.check()

    def _draw(self, end: datetime) -> None:
        """Everything that has a moment of its own."""
        span = (end - self.time.now).total_seconds()

        def moment(of: float) -> datetime:
            return self.time.now + timedelta(seconds=self.chance.uniform(0, of))

        for _ in range(self.plan.stories):
            self.agenda.add(moment(span - 7200), _birth)
        for event in strikes.drawn(self):
            self.agenda.add(moment(span), event)
        if Evil.EMPTY_MONTH in self.plan.evils:
            self.agenda.add(moment(max(0, span - 30 * 86_400)), strikes.permission_lost)

    def _wait(self, end: datetime) -> None:
        """Let time pass until the next pass, with what happens meanwhile; hours in which nothing can are skipped."""
        before, wakes, comes = self.time.now, self._wakes(), self.agenda.first() or end
        moment = before + self._tick(busy=wakes is not None and wakes <= before)
        soonest = min(end, comes, wakes or end)
        if soonest > moment:
            moment = soonest + timedelta(seconds=self.chance.uniform(0, 3600))
            self._skip_to(moment - timedelta(seconds=self.chance.uniform(3300, 3900)))
        self._happen(moment)
        if self.away_until > moment:
            moment = self.away_until + timedelta(seconds=self.chance.uniform(0, 3600))
            self._happen(moment)
        self.time.now = max(self.time.now, moment)

    def _tick(self, *, busy: bool) -> timedelta:
        """An hour, as cron has it; where there is work also sooner: a second cron line, a person, a late runner."""
        doubt = any(record.delivery.state is State.UNKNOWN for record in self.records)
        if busy and self.chance.random() < (0.7 if doubt else 0.4):
            return timedelta(seconds=self.chance.uniform(60, 900 if doubt else 1500))
        return timedelta(seconds=self.chance.uniform(3300, 3900))

    def _wakes(self) -> datetime | None:
        """When a pass could next move something; None: only when something happens."""
        now = self.time.now
        if self.dirty:
            return now
        busy = [one for one in self.records if one.delivery.state in _BUSY or one.delivery.todo is not None]
        if not busy:
            return None
        waits = {one.record.delivery.key: _until(one, now) for one in self.verdicts if not one.send and not one.hold}
        dues = [waits.get(record.delivery.key) for record in busy]
        soonest = min((due - self.offset if due else now for due in dues), default=now)
        # What one pass after the other leaves as it is, and the calendar doesn't end: looked at ever more seldom.
        return max(soonest, now + timedelta(hours=min(2**self.idle, 16))) if self.idle else soonest

    def _skip_to(self, moment: datetime) -> None:
        """Hours in which nothing can happen."""
        if moment > self.time.now:
            self.tally.add("skipped hours", round((moment - self.time.now) / HOUR))
            self.time.now = moment
            self._skip()

    def _skip(self) -> None:
        """The last of the passes that found nothing leaves its time."""
        run = RunStanding(self.time.now + self.time.offset)
        self.ledger.put(Standings.read(self.ledger).put_run(run))
        self.memory.remember(self.ledger.id, self.ledger.sequence())

    def _happen(self, until: datetime) -> None:
        while found := self.agenda.due(until):
            at, event = found
            self.time.now = max(self.time.now, at)
            event(self)
            self.dirty = True

    def _pass(self) -> None:
        if self.by_hand_next:
            strikes.post_by_hand(self)
        wakes = self._wakes()
        due = wakes is not None and wakes <= self.time.now and any(r.delivery.state in _BUSY for r in self.records)
        # Faults come where something is at stake (elsewhere they would strike nothing), and more where they lag behind.
        share = self.plan.struck if self.tally.counts[STRUCK] > self._pace() else 0.85
        struck = self.chance.random() < (share if due or self.born else 0.05)
        self.born, deaths = False, self.tally.counts["killed"]
        if struck:
            self._struck_pass()
        else:
            self.process()
        self._clear()
        self.check()
        self.dirty = struck
        if Evil.COPIES in self.plan.evils:
            self._care_for_copies(died=self.tally.counts["killed"] > deaths)
        if Evil.DECISIONS in self.plan.evils and self.expected is None and self.records:
            self.expected = self.later(0.3, 24)
            self.agenda.add(self.expected, strikes.decide)

    def _pace(self) -> float:
        """So many faults should have struck by now."""
        births = self.tally.counts["published on the site"]
        return births * self.plan.faults / self.plan.stories

    def _struck_pass(self) -> None:
        chance, evils = self.chance, self.plan.evils
        ways = [evil for evil in (Evil.KILLS, Evil.NAPS) if evil in evils]
        way = chance.choice([*ways, None, None])
        # Most of them where it matters most: from the begin of a post to the note of what became of it.
        aim = chance.choice(list(AIMED)) if way else ""
        place = chance.randrange(1, AIMED[aim])
        kill_at, nap_at = (place if way is Evil.KILLS else 0), (place if way is Evil.NAPS else 0)
        if way is None:
            strikes.strike(self)
        if Evil.OVERLAPS in evils and chance.random() < 0.25:
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
        self.poison, self.offset, self.idle = "", timedelta(0), 0
        self.settings = replace(self.settings, targets=tuple(map(_unhurried, self.settings.targets)))
        office = self.office(Process())
        resume(office)
        office.ledger.close()
        strikes.take_down_again(self)
        end = self.time.now + CALM
        while self.time.now < end and not (self.idle and not unsettled(self.ledger)):
            self.time.advance(3600)
            self.process()
            self.check()
        for complaint in unsettled(self.ledger):
            self.broken(complaint)
        self._check_complete()

    # --- a ledger that is put back ------------------------------------------------------------------------------------

    def _care_for_copies(self, *, died: bool) -> None:
        if died and self.chance.random() < 0.15:  # somebody thinks that the dead run broke it
            self.agenda.add(self.later(0, 1), strikes.put_back)
        elif self.chance.random() < 0.15:
            self._copy()

    def _copy(self) -> None:
        kept = [copy for copy in self.copies if self.time.now - copy[0] < timedelta(days=10)][-12:]
        for old in self.copies:
            if old not in kept:
                old[1].close()
        self.copies = [*kept, (self.time.now, self.copied())]

    def copied(self) -> sqlite3.Connection:
        """The whole ledger as it stands, in memory."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self.ledger.copy_to(copy)
        return copy

    def put_back(self, copy: sqlite3.Connection) -> None:
        """An older copy takes the ledger's place."""
        self.witness.keep(self.copied())
        self.ledger.put_back(copy)
        self.judge.forget()
        for model in self.accounts.values():
            model.faults.clear()  # an empty answer was meant for a ledger that knew of posts

    def close(self) -> None:
        """Let go of every ledger."""
        self._let_go()
        for _, copy in self.copies:
            copy.close()
        self.witness.close()
        self.ledger.close()

    # --- what must hold -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """The invariants that hold after every pass, whatever happened."""
        complaint = self.judge.complaint(self.ledger)
        if not complaint and self.tally.passes % RECOUNT == 0:
            complaint = self.judge.recount(self.ledger)
        if complaint:
            self.broken(complaint)
        self.tally.counts.update(rare.witness(self.judge.moved, self.witnessed))
        self.idle = 0 if self.judge.moved else self.idle + 1
        self._watch()

    def judge_all(self) -> None:
        """At a life's end: everything is read anew, and strangers' code reads the ledger's tables."""
        complaint = self.judge.recount(self.ledger)
        for said in [complaint] if complaint else self.witness.faults():
            self.broken(said)

    def _watch(self) -> None:
        """Count what waits, and what has become of gaps and pauses since the last look."""
        standings, self.records = Standings.read(self.ledger), self.ledger.open()
        heads = {(one.story.id, one.delivery.key.target): one.delivery for one in self.records}
        for target in self.settings.targets:
            before, after = self.stood.get(target.name, TargetStanding()), standings.target(target.name)
            cause = before.pause.cause if before.pause else ""
            self.tally.counts.update(rare.of_standings(before, after, heads.get((cause, target.name))))
            self.stood[target.name] = after
        self.verdicts = ()
        if any(head.state is State.PENDING for head in heads.values()):
            self.verdicts = tuple(verdicts_of(self._watcher(), standings, self.records, Wish()))
            self._let_go(unless=isinstance(self.ledger, SqliteLedger))
            self.tally.counts.update(rare.of_waits(self.verdicts))

    def _watcher(self) -> Office:
        """An office for looking only, kept while the settings stay."""
        if self._looking is None or self._looking.settings is not self.settings:
            self._let_go()
            self._looking = self.office(Process(silent=True))
        return self._looking

    def _let_go(self, *, unless: bool = False) -> None:
        if self._looking is not None and not unless:
            self._looking.ledger.close()
            self._looking = None

    def _check_complete(self) -> None:
        """Every story that the feed still lists is known, with a delivery for each target."""
        known = Counter(_bare(life.record.story.link) for life in self.ledger.history())
        for post in self.site.listed():
            if not known[_bare(post.link)]:
                self.broken(f"{post.link} was lost without a word")

    def broken(self, what: str) -> None:
        """Raise Broken with the command that plays this life again."""
        last = "\n".join(self.steps[-20:])
        plan = self.plan
        command = (
            f"python -m crosspost.testing.simulation --seed {self.seed} --days {plan.days} --stories {plan.stories}"
        )
        again = f"{command} {plan.words}".rstrip()
        raise Broken(f"seed {self.seed}, {self.time.now:%d %b %H:%M}: {what}\nagain: {again}\nlast steps:\n{last}")


def _unhurried(target: Target) -> Target:
    """Without what merely lets a queue wait: hours of calm are counted."""
    return replace(target, budget=None, policy=replace(target.policy, spacing=timedelta(0), max_per_run=50))


def _until(verdict: Verdict, now: datetime) -> datetime | None:
    """Until when it waits, where the calendar ends that."""
    if verdict.reason.code == Code.BUDGET:
        return (now.replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)
    return verdict.due


def _birth(life: Simulation) -> None:
    post = life.site.publish(life.time.now)
    life.tally.add("published on the site")
    life.born = True
    if life.poison_next:
        life.poison, life.poison_next = post.link, False


def _bare(link: str) -> str:
    """An address without its scheme."""
    return link.partition("://")[2]
