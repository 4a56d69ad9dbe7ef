"""One installation's life under one seed: hours pass, the site publishes, passes run, things go wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.core.delivery import State
from crosspost.core.policy import Target
from crosspost.core.post import PauseKind
from crosspost.core.reason import Code
from crosspost.core.standing import RunStanding, TargetStanding
from crosspost.decide.choose import Verdict
from crosspost.desk.verbs import resume
from crosspost.ledger.sqlite import SqliteLedger
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.passing import Options, verdicts_of
from crosspost.pipeline.record import Mode
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.testing.crossings import Process
from crosspost.testing.simulation import books, changes, events, faults, people, rare
from crosspost.testing.simulation.allowed import Scene
from crosspost.testing.simulation.installation import SENDING, STRUCK, Installation, Tally
from crosspost.testing.simulation.judge import unsettled
from crosspost.testing.simulation.memo import remembering
from crosspost.testing.simulation.plan import Evil, Plan
from crosspost.testing.site import HOST

HOUR = timedelta(hours=1)
CALM = timedelta(hours=40)  # longer than every backoff and every pause that people set
READ, ANSWERED = "answered GET /feed/", "answered POST"
# Where a kill or a nap may be aimed, and so many crossings from there.
AIMED = {"": 120, READ: 14, SENDING: 16, ANSWERED: 4}
RECOUNT = 500  # passes after which the judge reads everything anew
_BUSY = frozenset({State.PENDING, State.SENDING, State.UNKNOWN})  # a pass may move these


class Simulation(Installation):
    """One installation's life under one seed."""

    def __init__(self, seed: int, plan: Plan | None = None, *, ledger: SqliteLedger | None = None) -> None:
        super().__init__(seed, plan, ledger=ledger)
        self.verdicts: tuple[Verdict, ...] = ()  # what choosing says of the records
        self.stood: dict[str, TargetStanding] = {}
        self.witnessed: set[tuple[str, str, int, str]] = set()
        self.readable = True  # the feed, in the last pass
        self.dirty = True  # something happened that no undisturbed pass has seen
        self.idle = 0  # so many passes in a row moved nothing

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
        self.lore.old = dict.fromkeys(self.accounts, frozenset(self.site.posts))
        if Evil.SETTINGS in self.plan.evils and self.chance.random() < 0.5:
            late = self.chance.choice(self.wanted.targets)
            self.settings = replace(self.wanted, targets=tuple(one for one in self.wanted.targets if one != late))
            self.agenda.add(self.later(24, 12 * self.plan.days), events.joins(late.name))
        self.process(options=Options(mode=Mode(baseline=True), send=False))
        self.check()

    def _draw(self, end: datetime) -> None:
        """Everything that has a moment of its own."""
        span = (end - self.time.now).total_seconds()

        def moment(of: float) -> datetime:
            return self.time.now + timedelta(seconds=self.chance.uniform(0, of))

        for _ in range(self.plan.stories):
            self.agenda.add(moment(span - 7200), changes.birth)
        for event in events.drawn(self):
            self.agenda.add(moment(span), event)
        if Evil.EMPTY_MONTH in self.plan.evils:
            self.agenda.add(moment(max(0, span - 30 * 86_400)), events.permission_lost)

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
            people.post_by_hand(self)
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
        self.readable = not self.site.broken and HOST not in self.down
        self._clear()
        self.check()
        if any(alert.reason.code == Code.ENTRIES_MISSED for _, report in self.reports for alert in report.alerts):
            self.lore.burst = frozenset()  # somebody was told that more came than could be read
        if not struck:
            self._check_complete()
            if said := books.overdue(self.judge.lives.values(), self.time.now + self.offset):
                self.broken(said)
        self.reports.clear()
        self.dirty = struck
        if Evil.COPIES in self.plan.evils:
            self._care_for_copies(died=self.tally.counts["killed"] > deaths)
        if Evil.DECISIONS in self.plan.evils and self.expected is None and self.records:
            asks = any(record.delivery.state not in _BUSY for record in self.records)
            self.expected = self.later(1, 40) if asks else self.later(12, 120)  # what merely waits is nobody's hurry
            self.agenda.add(self.expected, people.decide)

    def _pace(self) -> float:
        """So many faults should have struck by now."""
        births = self.tally.counts["published on the site"]
        return births * self.plan.faults / self.plan.stories

    def _struck_pass(self) -> None:
        chance, evils = self.chance, self.plan.evils
        ways = [evil for evil in (Evil.KILLS, Evil.NAPS) if evil in evils]
        outside = evils & {*faults.FAULTS, Evil.OUTAGES}
        way = chance.choice([*ways, None, None] if outside or not ways else ways)
        # Most of them where it matters most: from the begin of a post to the note of what became of it.
        aim = chance.choice(list(AIMED)) if way else ""
        place = chance.randrange(1, AIMED[aim])
        kill_at, nap_at = (place if way is Evil.KILLS else 0), (place if way is Evil.NAPS else 0)
        if way is None:
            faults.strike(self)
        if Evil.OVERLAPS in evils and chance.random() < 0.25:
            self.overlapping(chance.choice((2, 2, 3, 4)), kill_at, nap_at, aim)
        else:
            self.process(kill_at=kill_at, nap_at=nap_at, aim=aim)

    def _clear(self) -> None:
        self.site.broken, self.site.page_two = "", True
        self.down.clear()

    def calm(self) -> None:
        """Faults stop: what may go out goes out, and nothing is left pending or unknown."""
        self._clear()
        self.x.faults.clear()
        self.facebook.faults.clear()
        events.permission_again(self)
        self.poison, self.offset, self.idle = "", timedelta(0), 0
        self.settings = replace(self.wanted, targets=tuple(map(_unhurried, self.settings.targets)))
        office = self.office(Process())
        resume(office)
        self.people.resume("")
        self.allowed.resumed("")
        office.ledger.close()
        people.take_down_again(self)
        end = self.time.now + CALM
        while self.time.now < end and not (self.idle and not unsettled(self.ledger)):
            self.time.advance(3600)
            self.process()
            self.check()
        for complaint in unsettled(self.ledger):
            self.broken(complaint)
        for name, model in self.accounts.items():
            if standing := {(name, post.id) for post in model.timeline()} & self.people.down:
                self.broken(f"a person took {standing} down, and it stands there still")
        self._check_complete()

    def _care_for_copies(self, *, died: bool) -> None:
        if died and self.chance.random() < 0.25:  # somebody thinks that the dead run broke it
            self.agenda.add(self.later(0, 1), events.put_back_newest)
        elif self.chance.random() < 0.15:
            self.copy()

    # --- what must hold -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """The invariants that hold after every pass, whatever happened."""
        complaint = self.judge.complaint(self.ledger)
        if not complaint and self.tally.passes % RECOUNT == 0:
            complaint = self.judge.recount(self.ledger)
        complaint = complaint or self.allowed.complaint(self.witness.taken(), self.judge.moved, self._scene())
        complaint = complaint or books.complaint(self.judge.moved, self.site)
        if complaint:
            self.broken(complaint)
        self.tally.counts.update(rare.witness(self.judge.moved, self.witnessed))
        self.idle = 0 if self.judge.moved else self.idle + 1
        self._watch()
        self._check_books()

    def _check_books(self) -> None:
        """What it has cost, and what was told."""
        whole = all(process.done for process in self.runs)
        reports = [report for _, report in self.reports]
        said = self.heard.complaint(self.records, self.stood, reports, whole=whole)
        if whole and not self.offset and self.judge.moved:
            on_x = {target.name: target.budget for target in self.settings.targets if target.platform == "x"}
            month = f"{self.time.now:%Y-%m}"
            spent = {name: self.stood[name].spent_in(month) for name in on_x}
            budget = max((budget or 0 for budget in on_x.values()), default=0)
            said = said or self.money.complaint(self.judge.lives, spent, budget or None, self.time.now)
        self.runs.clear()
        if said:
            self.broken(said)

    def _scene(self) -> Scene:
        return Scene(
            targets={target.name: target for target in self.settings.targets},
            zone=self.settings.zone,
            site=self.site,
            people=self.people,
            lives=self.judge.lives,
            old=self.lore.old,
            alike=self.lore.alike,
            readable=self.readable,
            offset=self.offset,
        )

    def judge_all(self) -> None:
        """At a life's end: everything is read anew, and strangers' code reads the ledger's tables."""
        complaint = self.judge.recount(self.ledger)
        for said in [complaint] if complaint else self.witness.faults(self.ledger, self.site, self.judge):
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
            paused = before.pause is None and after.pause is not None and after.pause.kind is not PauseKind.RATE_LIMIT
            if paused and self.chance.random() < 0.3:
                self.agenda.add(self.later(0.1, 5), events.new_keys(target.name))
        self.verdicts = ()
        if any(head.state is State.PENDING for head in heads.values()):
            self.verdicts = tuple(verdicts_of(self._watcher(), standings, self.records, Wish()))
            self.let_go(unless=isinstance(self.ledger, SqliteLedger))
            self.tally.counts.update(rare.of_waits(self.verdicts))

    def _watcher(self) -> Office:
        """An office for looking only, kept while the settings stay."""
        if self._looking is None or self._looking.settings is not self.settings:
            self.let_go()
            self._looking = self.office(Process(silent=True))
        return self._looking

    def _check_complete(self) -> None:
        """Every story that the feed lists is known, and of more than came than a page holds also the others.

        Unless somebody was told that entries were missed, in this pass or in one before it that was struck.
        """
        if not self.readable:
            return
        read = [*self.site.listed(), *(self.site.posts[number] for number in sorted(self.lore.burst))]
        read += [post for post in self.site.listed(2) if self.lore.burst and post.number == self.lore.between]
        for post in read:
            if post.listed and f"/story-{post.number}" not in self.judge.known:
                self.broken(f"{post.link} was lost without a word")
        self.lore.burst = frozenset()


def _unhurried(target: Target) -> Target:
    """Without what merely lets a queue wait: hours of calm are counted."""
    return replace(target, budget=None, policy=replace(target.policy, spacing=timedelta(0), max_per_run=50))


def _until(verdict: Verdict, now: datetime) -> datetime | None:
    """Until when it waits, where the calendar ends that."""
    if verdict.reason.code == Code.BUDGET:
        return (now.replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)
    return verdict.due
