"""One installation and all that surrounds it: a site, accounts, a ledger, copies of it, and the runs that are made."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crosspost.core.delivery import State
from crosspost.core.outlook import RunReport
from crosspost.core.story import Record
from crosspost.ledger.base import Ledger
from crosspost.ledger.sqlite import SqliteLedger, create
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import Options, run_pass
from crosspost.pipeline.standings import Standings
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import Answer, Request
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing.crossings import Baton, Killed, Process
from crosspost.testing.ledger import CrossingLedger
from crosspost.testing.simulation import rare
from crosspost.testing.simulation.agenda import Agenda
from crosspost.testing.simulation.allowed import POISONED, Allowed
from crosspost.testing.simulation.books import Money
from crosspost.testing.simulation.judge import Broken, Judge
from crosspost.testing.simulation.notes import Lore, People
from crosspost.testing.simulation.plan import SECOND, Evil, Plan, platforms, settings, varied
from crosspost.testing.simulation.told import Told
from crosspost.testing.simulation.witness import Witness
from crosspost.testing.site import HOST, SimulatedSite
from crosspost.testing.world import SimulatedMemory, Time, simulated_world

NAP = timedelta(minutes=14)  # a laptop that sleeps through a lease
LONG_NAP = timedelta(hours=3)  # or one that was shut
STRUCK = "faults that struck"
STEPS = 400  # so many of the last steps are kept, to be shown
READ = 5_000  # micro-dollars for a post that is read on X, at most
SENDING = "ledger append sending"  # the crossing right before a post's begin is durable
SECRETS = {
    "x": {
        "API_KEY": "key",
        "API_KEY_SECRET": "key-secret",
        "ACCESS_TOKEN": "1800000000000000001-token",
        "ACCESS_TOKEN_SECRET": "token-secret",
    },
    SECOND: {
        "API_KEY": "key",
        "API_KEY_SECRET": "key-secret",
        "ACCESS_TOKEN": "1800000000000000002-token",
        "ACCESS_TOKEN_SECRET": "second-token-secret",
    },
    "facebook": {"PAGE_ID": "100200300400500", "PAGE_ACCESS_TOKEN": "page-token"},
}


@dataclass(slots=True)
class Tally:
    """What happened, by name."""

    counts: Counter[str] = field(default_factory=Counter)
    passes: int = 0

    def add(self, name: str, times: int = 1) -> None:
        """It happened."""
        self.counts[name] += times


def _is_due(record: Record, now: datetime) -> bool:
    dates = [record.delivery.due, record.delivery.not_before, record.article.published if record.article else None]
    return all(date is None or date <= now for date in dates)


def _x_account(name: str, *, repeats: bool, lag: timedelta) -> XModel:
    keys = tuple(SECRETS[name].values())
    return XModel(
        keys[0],
        keys[1],
        keys[2],
        keys[3],
        user_id=keys[2].partition("-")[0],
        username=f"Example_{name.replace('-', '_')}",
        options=XOptions(refuse_repeats=repeats, lag=lag),
    )


class Installation:
    """One installation under one seed. `site` and `accounts` are what lies outside."""

    def __init__(self, seed: int, plan: Plan | None = None, *, ledger: SqliteLedger | None = None) -> None:
        self.seed, self.plan = seed, plan or Plan()
        self.chance = Random(seed)  # noqa: S311 - the seed must decide everything
        self.time, self.site, self.memory = Time(), SimulatedSite(), SimulatedMemory()
        varies = Evil.SETTINGS in self.plan.evils
        approver = Evil.DECISIONS in self.plan.evils
        self.wanted = varied(settings(), self.chance, approver=approver) if varies else settings()
        self.settings = self.wanted  # of today: an account may come later
        self.batch = 3 if varies and self.chance.random() < 0.3 else 0  # 0: as the ledger has it
        self._open_accounts()
        self.ledger = ledger or self._new_ledger()
        self.judge = Judge(self.accounts, strict=self.plan.strict)
        self.witness = Witness(self.accounts, slept=Evil.NAPS in self.plan.evils)
        self.tally, self.agenda = Tally(), Agenda[Any]()
        self.people, self.allowed = People(), Allowed(self.accounts)
        self.lore, self.money, self.heard = Lore(), Money(), Told()
        self._running = 0
        self.steps: list[str] = []
        self.digest = hashlib.sha256()  # of every step
        self.down: set[str] = set()
        self.copies: list[tuple[datetime, sqlite3.Connection]] = []
        self.records: tuple[Record, ...] = ()  # what is open, since the last check
        self.runs: list[Process] = []  # and what they reported, since the last check
        self.reports: list[tuple[Process, RunReport]] = []
        self.keys = dict.fromkeys(self.accounts, "the first")  # what stands for each account's keys
        self.away_until = self.time.now
        self.expected: datetime | None = None  # when a person looks next
        self.poison = ""  # the address of a story that X always answers with a pause
        self.poison_next = self.by_hand_next = self.born = False  # born: a story that no pass has seen
        self._looking: Office | None = None
        self._read: Counter[str] = Counter()  # so much of each account's log was read for faults

    def _open_accounts(self) -> None:
        repeats = self.chance.random() < 0.3  # the platforms' duplicate checks would hide a fault of ours
        lag = timedelta(seconds=self.chance.choice((0, 5, 60, 400, 840, 840)))
        page = SECRETS["facebook"]
        self.x = _x_account("x", repeats=repeats, lag=lag)
        self.facebook = FacebookModel(
            page["PAGE_ID"], page["PAGE_ACCESS_TOKEN"], options=FacebookOptions(refuse_repeats=repeats, lag=lag)
        )
        self.accounts: dict[str, Front] = {"x": self.x, "facebook": self.facebook}
        if any(target.name == SECOND for target in self.wanted.targets):
            self.accounts[SECOND] = _x_account(SECOND, repeats=repeats, lag=lag)

    @property
    def offset(self) -> timedelta:
        """How far the machine's clock is off."""
        return self.time.offset

    @offset.setter
    def offset(self, value: timedelta) -> None:
        for moment in (self.time.now, self.time.now + self.time.offset, self.time.now + value):
            self.money.unsure.add(f"{moment:%Y-%m}")
        self.time.offset = value
        self.allowed.clock_moved()

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
        writer = f"{self.chance.getrandbits(64):016x}"

        def meets(platform: str) -> Callable[[Request, datetime], Answer]:
            return lambda request, now: self._meets(self._account(platform, request), request, now, process, writer)

        hosts = dict(zip(self.hostnames(), (self.site.handle, meets("x"), meets("facebook")), strict=True))
        world = simulated_world(self.time, process, hosts, self.chance, memory=self.memory, down=self.down)
        book: Ledger = CrossingLedger(self.opened(process, writer), process, self.batch)
        outlets = {}
        for target in self.settings.targets:
            platform = platforms()[target.platform]
            adapter = platform.open(world, target, SECRETS[target.name])
            outlets[target.name] = Outlet(target, platform, adapter, credential=self.keys[target.name])
        return Office(world, self.settings, book, outlets, writer)

    def _account(self, platform: str, request: Request) -> str:
        """Whose request it is, of the accounts on that platform."""
        second = self.accounts.get(SECOND)
        return SECOND if platform == "x" and second is not None and second.owns(request) else platform

    def _meets(self, name: str, request: Request, now: datetime, process: Process, writer: str) -> Answer:
        """A request comes in at an account."""
        asked = self.witness.sees(name, request, self.ledger, (now, now + self.offset), (process, writer))
        if asked:
            asked.crowded = self._running > 1
            asked.passed_over = self._running == 1 and not process.napped and self._passed_over(name, asked.text)
        if asked and name != "facebook" and self.poison and self.poison.encode() in request.body:
            self.tally.add("the poisonous story was tried")
            asked.fault = POISONED
            return Answer(401, (("Content-Type", "application/json"),), b'{"title":"Unauthorized","status":401}')
        answer = self.accounts[name].handle(request, now)
        if name != "facebook" and self.accounts[name].concerns(request)[1]:
            self.money.reads[name, f"{now:%Y-%m}"] += READ * answer.body.count(b'"created_at"')
        if asked:
            asked.fault, asked.made = self.accounts[name].log[-1].fault, self.accounts[name].log[-1].accepted
        return answer

    def _passed_over(self, name: str, text: str) -> bool:
        """Whether the story that is tried has stopped the account, and another one is due."""
        if not isinstance(self.ledger, SqliteLedger):  # one that can't be looked into at such a moment
            return False
        pause, now = Standings.read(self.ledger).target(name).pause, self.time.now + self.offset
        if pause is None or pause.credential != self.keys[name]:  # other keys have ended it
            return False
        there = [record for record in self.ledger.open() if record.delivery.key.target == name]
        tried = [one for one in there if one.delivery.state is State.SENDING and one.story.id == pause.cause]
        if not any(one.delivery.post and one.delivery.post.text == text for one in tried):
            return False
        return any(_is_due(one, now) for one in there if one.delivery.state is State.PENDING)

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
        if Evil.COPIES in self.plan.evils and not self.plan.disk and self.chance.random() < 0.05:
            process.seen = self._backed_up  # by a job that asks nobody when it comes
        self.tally.passes += 1
        office = self.office(process)
        self._running += 1
        self.runs.append(process)
        try:
            report = run_pass(office, options or Options())
            process.done = True
            self.reports.append((process, report))
            self.tally.add(f"exit {report.exit_code}")
            self.tally.counts.update(f"told: {alert.reason.code}" for alert in report.alerts)
            self.tally.counts.update(rare.of_report(report))
        except Killed:
            self.tally.add("killed")
        finally:
            self._running -= 1
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

        With the first byte on its lips, or another run's on it, it doesn't sleep for long: that none does is what the
        protocol assumes.
        """
        going = [process.stands_at for process in self.runs if not process.done and not process.dead]
        lips = any(at.startswith("first byte") for at in (step, *going))
        long = not lips and self.chance.random() < 0.4
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

    # --- a ledger that is put back ------------------------------------------------------------------------------------

    def _backed_up(self, step: str) -> None:
        if step == SENDING:
            self.tally.add("copied in the middle of a pass")
            self.copy()

    def copy(self) -> None:
        """Keep the ledger as it stands, beside a few older copies."""
        kept = [copy for copy in self.copies if self.time.now - copy[0] < timedelta(days=10)][-12:]
        for old in self.copies:
            if old not in kept:
                old[1].close()
        self.copies = [*kept, (self.time.now, self.copied())]

    def drop_copies(self) -> None:
        """Let go of all that was kept."""
        for _, copy in self.copies:
            copy.close()
        self.copies = []

    def copied(self) -> sqlite3.Connection:
        """The whole ledger as it stands, in memory."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self.ledger.copy_to(copy)
        return copy

    def put_back(self, copy: sqlite3.Connection, needs: int = 0) -> None:
        """An older copy takes the ledger's place; `needs`: readings before the next post, where nobody remembers."""
        self.witness.keep(self.copied())
        self.ledger.put_back(copy)
        self.judge.forget()
        self.people.forget()
        self.heard.unsure = True
        self.money.unsure.add(f"{self.time.now:%Y-%m}")
        remembered = self.memory.recall(self.ledger.id)
        noticed = remembered is not None and remembered > self.ledger.sequence()
        names = [target.name for target in self.settings.targets]
        self.allowed.forget(self.time.now, 2 if noticed else needs, names)
        for model in self.accounts.values():
            model.faults.clear()  # an empty answer was meant for a ledger that knew of posts

    def close(self) -> None:
        """Let go of every ledger."""
        self.let_go()
        self.drop_copies()
        self.witness.close()
        self.ledger.close()

    def let_go(self, *, unless: bool = False) -> None:
        """Close the office of whoever only looks."""
        if self._looking is not None and not unless:
            self._looking.ledger.close()
            self._looking = None

    # --- what is wrong --------------------------------------------------------------------------------------------

    def broken(self, what: str) -> None:
        """Raise Broken with the command that plays this life again."""
        last = "\n".join(self.steps[-20:])
        plan = self.plan
        command = (
            f"python -m crosspost.testing.simulation --seed {self.seed} --days {plan.days} --stories {plan.stories}"
        )
        again = f"{command} {plan.words}".rstrip()
        raise Broken(f"seed {self.seed}, {self.time.now:%d %b %H:%M}: {what}\nagain: {again}\nlast steps:\n{last}")
