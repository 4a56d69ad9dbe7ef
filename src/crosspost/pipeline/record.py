"""Plan what the polls brought and record it, together with the feeds' standings; again where another run was first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crosspost.compose.language import language_of
from crosspost.core.delivery import LEASE, Event, Key, Revision, State, step
from crosspost.core.entry import Article
from crosspost.core.outlook import FeedOutlook
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import FeedStanding, RunStanding
from crosspost.core.story import Batch, Known, Record
from crosspost.decide.plan import Plan, identities_of, plan
from crosspost.decide.rules import Circumstances, whole_text
from crosspost.ledger.anew import anew
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.poll import Poll
from crosspost.pipeline.standings import Standings
from crosspost.pipeline.troubles import entries_missed

RECENT = 20  # so many of the newest published posts are looked at: are they still on the site?


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it was made from; `out`: the newest published ones, of which a plan may note something."""

    plan: Plan
    known: Known
    open: tuple[Record, ...]
    out: tuple[Record, ...] = ()

    def records(self) -> tuple[Record, ...]:
        """What would be open, or was just decided, once this plan is recorded."""
        stories = {story.id: story for story in self.plan.batch.stories}
        stories.update({owner.id: owner for owner in self.known.owners.values()})
        stories.update({record.story.id: record.story for record in (*self.out, *self.open)})
        articles = {article.fingerprint: article for article in self.plan.batch.articles}
        articles.update({r.delivery.article: r.article for r in (*self.out, *self.open) if r.article is not None})
        heads: dict[Key, Revision] = {record.delivery.key: record.delivery for record in self.open}
        heads.update({revision.key: revision for revision in self.plan.batch.revisions})
        return tuple(
            sorted(
                (Record(stories[key.story], head, articles.get(head.article)) for key, head in heads.items()),
                key=lambda record: (record.story.number, record.delivery.key.target),
            )
        )


@dataclass(frozen=True, slots=True)
class Mode:
    """How to plan: see decide.rules.Circumstances."""

    baseline: bool = False
    latest: int = 0


def make_plan(office: Office, polls: tuple[Poll, ...], mode: Mode) -> Planned:
    """Read what the ledger knows and plan; nothing is written."""
    reads = tuple(poll.read for poll in polls if poll.read is not None)
    known = office.ledger.find(identities_of(reads))
    open_records = office.ledger.open()
    around = Circumstances(
        targets=office.targets,
        now=office.world.clock.now(),
        language=_language,
        exclusive=office.exclusive,
        baseline=mode.baseline,
        latest=mode.latest,
        writer=office.writer,
    )
    out = office.ledger.history(states=[State.PUBLISHED], limit=RECENT) if reads else ()
    published = tuple(life.record for life in out)
    made = plan(reads, known, open_records, around, published)
    return Planned(made, known, open_records, published)


def _language(article: Article) -> str:
    return language_of(whole_text(article), article.language)


def record_polls(office: Office, polls: tuple[Poll, ...], mode: Mode) -> Planned:
    """Plan and append, stories and validators in one; a lost race plans again. Raises LedgerBusy at last."""

    def step() -> Planned | None:
        standings = Standings.read(office.ledger)
        planned = make_plan(office, _on(standings, polls), mode)
        values = [standings.put_run(RunStanding(office.world.clock.now()))]
        values += [standings.put_feed(poll.feed.name, _standing(office, standings, poll)) for poll in polls]
        written = office.ledger.append(replace(planned.plan.batch, values=tuple(values)))
        return planned if written else None

    return anew(step)


def _on(standings: Standings, polls: tuple[Poll, ...]) -> tuple[Poll, ...]:
    """The polls' reads over the standings of this moment: another run may have polled in between."""
    return tuple(_over(standings, poll) for poll in polls)


def _over(standings: Standings, poll: Poll) -> Poll:
    if poll.read is None:
        return poll
    now = standings.feed(poll.feed.name)
    read = replace(
        poll.read,
        polled=poll.read.polled | now.polled,
        shared=poll.read.shared | now.shared,
        floors={**poll.read.floors, **now.floors},
    )
    return replace(poll, read=read)


def _standing(office: Office, standings: Standings, poll: Poll) -> FeedStanding:
    """The poll's standing, with what another run has learned since it began."""
    now, mine = standings.feed(poll.feed.name), poll.standing
    dates = [date for date in (now.newest, mine.newest) if date]
    return replace(
        mine,
        polled=mine.polled | now.polled,
        shared=mine.shared | now.shared,
        host=now.host or mine.host,
        newest=max(dates, default=None),
        floors={**mine.floors, **now.floors},
        missed=mine.missed or (None if _was_told(office, standings, poll.feed.name) else now.missed),
    )


def _was_told(office: Office, standings: Standings, feed: str) -> bool:
    """Whether a person was told that entries were missed, and reminded: a run may have died on its first word."""
    told = standings.told().get(entries_missed(feed).name)
    return told is not None and told.last is not None and told.last - told.since >= office.settings.alerts.remind


def outlooks(polls: tuple[Poll, ...], planned: Planned) -> tuple[FeedOutlook, ...]:
    """The feeds with the number of their new stories."""
    return tuple(replace(poll.outlook, new=planned.plan.new.get(poll.feed.name, 0)) for poll in polls)


def expire_leases(office: Office, records: tuple[Record, ...]) -> tuple[Revision, ...]:
    """SENDING whose runner died: nobody knows whether it is out."""
    now = office.world.clock.now()
    expired = []
    for record in records:
        delivery = record.delivery
        if delivery.state is State.SENDING and not delivery.at - LEASE <= now <= delivery.at + LEASE:
            reason = Reason.of(Code.LEASE_OVER)
            revision = step(delivery, Event.LEASE_OVER, State.UNKNOWN, at=now, reason=reason, writer=office.writer)
            if office.ledger.append(Batch(revisions=(revision,))) is not None:
                expired.append(revision)
    return tuple(expired)
