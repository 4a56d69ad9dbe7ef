"""A simulated life of an installation: hourly passes of the real pipeline over the sandbox's models, on one seed.

    python -m crosspost.testing.simulation --seed 7 --days 30

Everything is drawn from the seed: stories, faults, kills, overlaps. After each pass the invariants are
checked; the first that fails raises Broken with the steps that led there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from random import Random

from crosspost.config import assume
from crosspost.core.delivery import Key, State
from crosspost.core.policy import Feed, Settings
from crosspost.core.standing import RunStanding
from crosspost.core.story import Record
from crosspost.ledger.base import Ledger
from crosspost.ledger.sqlite import SqliteLedger, create
from crosspost.net.adapter import quiet_libraries
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import Options, run_pass
from crosspost.pipeline.record import Mode
from crosspost.pipeline.standings import Standings
from crosspost.platforms.base import Platform
from crosspost.platforms.loading import load_platforms
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.front import Front
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing.crossings import Baton, Killed, Process
from crosspost.testing.ledger import CrossingLedger
from crosspost.testing.site import HOST, SimulatedSite
from crosspost.testing.world import SimulatedMemory, Time, simulated_world

HOUR = timedelta(hours=1)
SECRETS = {
    "x": {
        "API_KEY": "key",
        "API_KEY_SECRET": "key-secret",
        "ACCESS_TOKEN": "1800000000000000001-token",
        "ACCESS_TOKEN_SECRET": "token-secret",
    },
    "facebook": {"PAGE_ID": "100200300400500", "PAGE_ACCESS_TOKEN": "page-token"},
}
# What may happen to a pass: name → (model, fault). "before" and "after" are meant of the acceptance.
FAULTS: dict[str, Fault] = {
    "lost before acceptance": Fault(FaultKind.CLOSE_BEFORE, "POST"),
    "lost after acceptance": Fault(FaultKind.CLOSE_AFTER, "POST"),
    "silent after acceptance": Fault(FaultKind.SILENCE_AFTER, "POST"),
    "5xx before acceptance": Fault(FaultKind.ERROR_BEFORE, "POST", status=503),
    "5xx after acceptance": Fault(FaultKind.ERROR_AFTER, "POST", status=502),
    "half an answer": Fault(FaultKind.HALF, "POST"),
    "timeline lags": Fault(FaultKind.LAG, "GET", times=3, seconds=840),
    "timeline unread": Fault(FaultKind.ERROR_BEFORE, "GET", status=503),
    "timeline empty": Fault(FaultKind.EMPTY_TIMELINE, "GET", times=4),
    "rate limit": Fault(FaultKind.RATE_LIMIT, "POST", seconds=900),
    "expired token": Fault(FaultKind.EXPIRED_TOKEN, "POST"),
}
FEED_FAULTS = ("html", "cut", "error")


class Broken(AssertionError):
    """An invariant that doesn't hold, with the seed and the last steps."""


@cache
def _platforms() -> dict[str, Platform]:
    quiet_libraries()
    return load_platforms()


@dataclass(frozen=True, slots=True)
class Plan:
    """How wild a life is. `struck`: the share of passes with something open that a fault strikes.

    `kills`, `overlaps`: the share of the struck ones that die, and that overlap with others.
    """

    days: int = 30
    stories: int = 20
    struck: float = 0.5
    kills: float = 0.4
    overlaps: float = 0.2


@dataclass(slots=True)
class Tally:
    """What happened, by name."""

    counts: Counter[str] = field(default_factory=Counter)
    passes: int = 0

    def add(self, name: str, times: int = 1) -> None:
        """It happened."""
        self.counts[name] += times


def settings() -> Settings:
    """An ordinary installation: one feed, both platforms, the defaults of the documents."""
    feed = Feed(name="site", url=f"https://{HOST}/feed/")
    return assume((feed,), _platforms(), campaign=("#LastGirlFirst",), zone="Europe/Paris").settings


class Simulation:
    """One installation's life under one seed."""

    def __init__(self, seed: int, plan: Plan | None = None, *, ledger: SqliteLedger | None = None) -> None:
        self.seed, self.plan = seed, plan or Plan()
        self.chance = Random(seed)  # noqa: S311 - the seed must decide everything
        self.time, self.site, self.memory = Time(), SimulatedSite(), SimulatedMemory()
        repeats = self.chance.random() < 0.3  # the platforms' duplicate checks hide a fault of ours in few lives only
        self.x = XModel(*_x_keys(), "1800000000000000001", "Example", XOptions(refuse_repeats=repeats))
        page = SECRETS["facebook"]
        self.facebook = FacebookModel(
            page["PAGE_ID"], page["PAGE_ACCESS_TOKEN"], options=FacebookOptions(refuse_repeats=repeats)
        )
        self.settings = settings()
        self.ledger = ledger or create(
            ":memory:", token=lambda: f"{self.chance.getrandbits(128):032x}", now=self.time.now
        )
        self.tally = Tally()
        self.steps: list[str] = []
        self.allowed: Counter[tuple[str, str]] = Counter()  # (platform, link) → posts that a person asked for
        self.down: set[str] = set()

    # --- one process -------------------------------------------------------------------------------------------

    def office(self, process: Process) -> Office:
        """A process's office over the shared outside."""
        hosts = {HOST: self.site.handle, "api.x.com": self.x.handle, "graph.facebook.com": self.facebook.handle}
        world = simulated_world(self.time, process, hosts, self.chance, memory=self.memory, down=self.down)
        writer = f"{self.chance.getrandbits(64):016x}"
        book: Ledger = CrossingLedger(self.ledger.reopen(writer=writer), process)
        outlets = {}
        for target in self.settings.targets:
            platform = _platforms()[target.platform]
            adapter = platform.open(world, target, SECRETS[target.platform])
            outlets[target.name] = Outlet(target, platform, adapter, credential="same")
        return Office(world, self.settings, book, outlets, writer)

    def process(
        self, *, kill_at: int = 0, options: Options | None = None, hand_over: Callable[[], None] = lambda: None
    ) -> None:
        """One pass as one process, which may be killed."""
        process = Process(kill_at=kill_at, hand_over=hand_over)
        self.tally.passes += 1
        office = self.office(process)
        try:
            report = run_pass(office, options or Options())
            self.tally.add(f"exit {report.exit_code}")
        except Killed:
            self.tally.add("killed")
        finally:
            self.steps += [f"{self.time.now:%d %H:%M:%S} {step}" for step in process.steps]
            self.steps = self.steps[-200:]
            office.ledger.close()

    def overlapping(self, count: int, kill_at: int = 0) -> None:
        """Several passes at once, which take turns at crossings."""
        self.tally.add("overlaps")

        def job(place: int) -> Callable[[Callable[[], None]], None]:
            return lambda hand_over: self.process(kill_at=0 if place else kill_at, hand_over=hand_over)

        Baton(self.chance).run([job(place) for place in range(count)])

    # --- a life --------------------------------------------------------------------------------------------------

    def live(self) -> Tally:
        """The whole life, then calm; raises Broken at the first invariant that fails."""
        for age in (30, 20, 9, 4):
            self.site.publish(self.time.now, self.time.now - timedelta(days=age))
        self.process(options=Options(mode=Mode(baseline=True), send=False))
        self.check()
        births = self._births()
        end = self.time.now + timedelta(days=self.plan.days)
        while self.time.now < end:
            self.time.advance(self._until_next_pass())
            happened = self._site_life(births)
            # Faults come where something is at stake; elsewhere they would strike nothing.
            at_stake = bool(self.ledger.open())
            if self.chance.random() < (self.plan.struck if at_stake else 0.02):
                self._struck_pass()
            elif happened or at_stake or self._lately_changed():
                self.process()
            else:
                self._skip()
                continue
            self._clear()
            self.check()
        self.calm()
        return self.tally

    def _births(self) -> list[datetime]:
        """When the site publishes, the last first."""
        span = self.plan.days * 86_400 - 7200
        return sorted(
            (self.time.now + timedelta(seconds=self.chance.randrange(span)) for _ in range(self.plan.stories)),
            reverse=True,
        )

    def _until_next_pass(self) -> float:
        """An hour, as cron has it; where something is open also sooner: a second cron line, a person, a late runner."""
        if self.ledger.open() and self.chance.random() < 0.6:
            return self.chance.uniform(60, 1500)
        return self.chance.uniform(3300, 3900)

    def _lately_changed(self) -> bool:
        return self.site.changed is not None and self.time.now - self.site.changed < 2 * HOUR

    def _skip(self) -> None:
        """An hour in which nothing can happen: the pass that found nothing leaves its time."""
        self.tally.add("skipped hours")
        self.ledger.put(Standings.read(self.ledger).put_run(RunStanding(self.time.now)))
        self.memory.remember(self.ledger.id, self.ledger.sequence())

    def _site_life(self, births: list[datetime]) -> bool:
        born = False
        while births and births[-1] <= self.time.now:
            self.site.publish(births.pop())
            self.tally.add("published on the site")
            born = True
        if born:
            return True
        if self.site.listed() and self.chance.random() < 0.02:
            self.site.edit(self.site.listed()[0].number, self.time.now)
            self.tally.add("edited on the site")
            return True
        return False

    def _struck_pass(self) -> None:
        chance = self.chance
        kind = chance.random()
        kill_at = chance.randrange(1, 120) if kind < self.plan.kills else 0
        if kind >= self.plan.kills:
            self._strike()
        if chance.random() < self.plan.overlaps:
            self.overlapping(chance.choice((2, 2, 3)), kill_at)
        else:
            self.process(kill_at=kill_at)

    def _strike(self) -> None:
        unknown = any(record.delivery.state is State.UNKNOWN for record in self.ledger.open())
        reads = [name for name in FAULTS if name.startswith("timeline")]
        # Where something is unknown, the reading that is to settle it is what a fault must strike.
        name = self.chance.choice(reads if unknown else [*FAULTS, "feed down", "not connected"])
        self.tally.add(name)
        match name:
            case "feed down":
                self.site.broken = self.chance.choice(FEED_FAULTS)
            case "not connected":
                self.down.add(self.chance.choice(("api.x.com", "graph.facebook.com", HOST)))
            case _ if unknown:
                self.x.faults.add(FAULTS[name])
                self.facebook.faults.add(FAULTS[name])
            case _:
                self._model().faults.add(FAULTS[name])

    def _model(self) -> Front:
        return self.chance.choice((self.x, self.facebook))

    def _clear(self) -> None:
        self.site.broken = ""
        self.down.clear()

    def calm(self) -> None:
        """Faults stop: within four passes all that may go out is out, and nothing is left unknown."""
        self._clear()
        self.x.faults.clear()
        self.facebook.faults.clear()
        for _ in range(30):  # long enough for every backoff of a day
            self.time.advance(3600)
            self.process()
            self.check()
        for record in self.ledger.open():
            if record.delivery.state in {State.PENDING, State.SENDING, State.UNKNOWN}:
                self._broken(f"{_named(record)} is {record.delivery.state} long after the faults")
        self._check_complete()

    # --- what must hold ---------------------------------------------------------------------------------------------

    def check(self) -> None:
        """The invariants that hold after every pass, whatever happened."""
        lives = self.ledger.history()
        by_remote = {(life.record.delivery.key.target, life.record.delivery.remote_id): life for life in lives}
        for name, model in (("x", self.x), ("facebook", self.facebook)):
            seen: Counter[str] = Counter()
            for post in model.timeline():
                link = _link_in(post.link or post.text)
                seen[link] += 1
                if seen[link] > 1 + self.allowed[(name, link)]:
                    self._broken(f"{link} stands twice on {name}")
            standing = {post.id for post in model.timeline()}
            for life in lives:
                delivery = life.record.delivery
                if delivery.key.target != name or delivery.state is not State.PUBLISHED:
                    continue
                if delivery.remote_id not in standing:
                    self._broken(f"{_named(life.record)} is called published and does not stand there")
        self._check_claims(by_remote)

    def _check_claims(self, _: object) -> None:
        """Every post that was accepted had been claimed with that very text."""
        claimed: dict[str, set[str]] = {"x": set(), "facebook": set()}
        for life in self.ledger.history():
            for revision in life.revisions:
                if revision.state is State.SENDING and revision.post is not None:
                    claimed[revision.key.target].add(revision.post.text)
        for name, model in (("x", self.x), ("facebook", self.facebook)):
            for post in model.timeline():
                if post.text not in claimed[name]:
                    self._broken(f"a text stands on {name} that was never claimed: {post.text!r}")

    def _check_complete(self) -> None:
        """Every story that the site brought in time is published, or has a reason why it isn't."""
        known = {life.record.story.link: life for life in self.ledger.history()}
        for post in self.site.posts.values():
            if post.link not in known:
                self._broken(f"{post.link} was lost without a word")

    def _broken(self, what: str) -> None:
        last = "\n".join(self.steps[-20:])
        command = f"python -m crosspost.testing.simulation --seed {self.seed} --days {self.plan.days}"
        raise Broken(f"seed {self.seed}: {what}\nagain: {command}\nlast steps:\n{last}")


def _x_keys() -> tuple[str, str, str, str]:
    keys = SECRETS["x"]
    return keys["API_KEY"], keys["API_KEY_SECRET"], keys["ACCESS_TOKEN"], keys["ACCESS_TOKEN_SECRET"]


def _named(record: Record) -> str:
    return f"#{record.story.number} on {record.delivery.key.target}"


def _link_in(text: str) -> str:
    found = re.search(r"https://[^\s?]+", text)
    return found[0] if found else text


def states_of(ledger: Ledger) -> dict[Key, State]:
    """Where every delivery stands."""
    return {life.record.delivery.key: life.record.delivery.state for life in ledger.history()}


def campaign(seeds: Iterator[int], plan: Plan) -> Tally:
    """Many lives; their tallies together."""
    total = Tally()
    for seed in seeds:
        tally = Simulation(seed, plan).live()
        total.passes += tally.passes
        total.counts.update(tally.counts)
    return total


def main() -> int:
    """Run lives from the command line and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=1, help="how many seeds")
    parser.add_argument("--days", type=int, default=30)
    given = parser.parse_args()
    plan = replace(Plan(), days=given.days, stories=given.days * 2 // 3)
    try:
        total = campaign(iter(range(given.seed, given.seed + given.count)), plan)
    except Broken as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    sys.stdout.write(f"{given.count} lives of {given.days} days, {total.passes} passes\n")
    for name, times in sorted(total.counts.items()):
        sys.stdout.write(f"  {times:6}  {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
