"""An installation in a simulated world: the real pipeline over the sandbox's models, a clock set by hand, SQLite in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from crosspost.core.delivery import State
from crosspost.core.policy import Alerts, Copy, Feed, Policy, Settings, TagRules, Target
from crosspost.ledger.sqlite import create
from crosspost.net.adapter import quiet_libraries
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import Options, preview, run_pass
from crosspost.pipeline.record import Mode
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.platforms.loading import load_platforms
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing.crossings import Killed, Process
from crosspost.testing.ledger import CrossingLedger
from crosspost.testing.site import HOST, SimulatedSite
from crosspost.testing.world import SimulatedMemory, Time, simulated_world

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECRETS = {
    "x": {
        "API_KEY": "key",
        "API_KEY_SECRET": "key-secret",
        "ACCESS_TOKEN": "1800000000000000001-token",
        "ACCESS_TOKEN_SECRET": "token-secret",
    },
    "facebook": {"PAGE_ID": "100200300400500", "PAGE_ACCESS_TOKEN": "page-token"},
}
LINK_POST = 200_000  # what X asks for a post with a link, micro-dollars


@cache
def platforms():
    quiet_libraries()
    return load_platforms()


def a_target(name, platform="", budget=None, **policy):
    """A target with the defaults of the documents, but for what a test names."""
    kind = platforms()[platform or name]
    return Target(
        name=name,
        platform=kind.name,
        credentials=name.upper(),
        api_url=kind.api_url,
        limit=kind.profile.limit,
        policy=Policy(**policy),
        tags=TagRules(campaign=("#LastGirlFirst",)),
        copy=Copy(template=kind.profile.template),
        options={option.name: option.default for option in kind.options},
        budget=budget,
    )


@dataclass(slots=True)
class Watched(Process):
    """A process in which something happens at the first crossing whose name begins so."""

    at: dict[str, Callable[[], None]] = field(default_factory=dict)

    def cross(self, step):
        Process.cross(self, step)
        for name in [name for name in self.at if step.startswith(name)]:
            self.at.pop(name)()

    def die(self):
        self.dead = True
        raise Killed


class Newsroom:
    """One installation. `run` is one pass of `crosspost run`; `wait` lets time go by."""

    M, H, D = M, H, D
    State, Wish, Mode, Options, Killed = State, Wish, Mode, Options, Killed
    Fault, FaultKind = Fault, FaultKind

    def __init__(self, *targets, alerts=None, feeds=None):
        self.time, self.site, self.memory = Time(), SimulatedSite(), SimulatedMemory()
        self.chance = Random(7)
        self.x = XModel(*SECRETS["x"].values(), "1800000000000000001", "Example", XOptions())
        self.facebook = FacebookModel(*SECRETS["facebook"].values(), options=FacebookOptions())
        self.ledger = create(":memory:", token=lambda: f"{self.chance.getrandbits(128):032x}", now=self.time.now)
        self.settings = Settings(
            zone=ZoneInfo("Europe/Paris"),
            feeds=feeds or (Feed(name="site", url=f"https://{HOST}/feed/"),),
            targets=targets or (a_target("x"), a_target("facebook")),
            ledger_url="",
            alerts=alerts or Alerts(),
        )
        self.missing, self.credentials, self.down = {}, {}, set()
        self.adapters = {}  # a test's own, by target
        self.hosts = {HOST: self.site.handle, "api.x.com": self.x.handle, "graph.facebook.com": self.facebook.handle}

    # --- settings ---

    def set(self, name, budget=..., **policy):
        """Change one target's settings."""
        changed = []
        for target in self.settings.targets:
            if target.name == name:
                target = replace(target, policy=replace(target.policy, **policy))
                target = target if budget is ... else replace(target, budget=budget)
            changed.append(target)
        self.settings = replace(self.settings, targets=tuple(changed))

    def office(self, process=None):
        """What one process works with."""
        process = process or Process()
        world = simulated_world(self.time, process, self.hosts, self.chance, memory=self.memory, down=self.down)
        writer = f"{self.chance.getrandbits(64):016x}"
        outlets = {}
        for target in self.settings.targets:
            platform, missing = platforms()[target.platform], self.missing.get(target.name, ())
            adapter = None if missing else platform.open(world, target, SECRETS[target.platform])
            adapter = self.adapters.get(target.name, adapter)
            credential = self.credentials.get(target.name, "the keys")
            outlets[target.name] = Outlet(target, platform, adapter, missing, credential)
        return Office(world, self.settings, CrossingLedger(self.ledger.reopen(writer=writer), process), outlets, writer)

    # --- what happens ---

    def wait(self, by=H):
        self.time.now += by

    def publish(self, count=1, *, age=20 * M, every=M):
        """New posts on the site, the oldest first; by default old enough to have settled."""
        posts = [self.site.publish(self.time.now, self.time.now - age + place * every) for place in range(count)]
        return posts if count > 1 else posts[0]

    def begun(self):
        """The ledger is made over a site that has two old posts, as `init` does; an hour goes by."""
        for age in (30 * D, 20 * D):
            self.site.publish(self.time.now, self.time.now - age)
        self.run(mode=Mode(baseline=True), send=False)
        self.wait()
        return self

    def run(self, process=None, **options):
        """One pass; gives its report."""
        office = self.office(process)
        try:
            return run_pass(office, Options(**options))
        finally:
            office.ledger.close()

    def run_dying_at(self, step):
        """A pass whose process is killed at that crossing."""
        process = Watched()
        process.at[step] = process.die
        try:
            self.run(process)
        except Killed:
            return
        raise AssertionError(f"no crossing was named {step}")

    def preview(self, wish=None):
        office = self.office()
        try:
            return preview(office, wish)
        finally:
            office.ledger.close()

    def fault(self, model, kind, method="POST", **given):
        """The next request that fits meets that fault."""
        model.faults.add(Fault(FaultKind(kind), method, **given))

    # --- what came of it ---

    def life(self, number, target="x"):
        return next(
            life
            for life in self.ledger.history()
            if life.record.story.number == number and life.record.delivery.key.target == target
        )

    def head(self, number, target="x"):
        return self.life(number, target).record.delivery

    def at(self, number, target="x"):
        """Where a story stands and why: ("held", "flood")."""
        head = self.head(number, target)
        return str(head.state), str(head.reason.code)

    def story(self, number):
        return self.life(number, self.settings.targets[0].name).record.story

    def states(self, target="x"):
        """Every story's state on a target, by number, but baseline."""
        lives = {life.record.story.number: life.record.delivery for life in self.ledger.history(target=target)}
        return {n: str(head.state) for n, head in sorted(lives.items()) if head.reason.code != "baseline"}

    def standing(self, target="x"):
        return Standings.read(self.ledger).target(target)

    def feed(self, name="site"):
        return Standings.read(self.ledger).feed(name)

    def out(self, target="x"):
        """The titles' numbers of what stands on an account, newest first."""
        model = self.x if target == "x" else self.facebook
        return [int(post.link.rstrip("/").rpartition("-")[2]) for post in model.timeline()]

    def dump(self):
        """Everything in the ledger."""
        return self.ledger.history(), dict(self.ledger.get("")), self.ledger.sequence()
