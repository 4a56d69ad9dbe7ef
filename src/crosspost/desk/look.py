"""What a person looks at before deciding: all that is open, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crosspost.core.delivery import Key
from crosspost.core.outlook import FeedOutlook, Money, Prospect, Status
from crosspost.core.reason import Code
from crosspost.core.story import Life, Record, Story
from crosspost.decide.choose import Verdict, month_of
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.passing import target_outlooks, verdicts_of
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.pipeline.texts import prospect


def status(office: Office, *, everything: bool = False) -> Status:
    """All that is open and why, and where accounts, feeds and money stand; reads no feed and no account.

    `everything`: all that was ever decided, newest first.
    """
    standings = Standings.read(office.ledger)
    records = tuple(life.record for life in office.ledger.history()) if everything else office.ledger.open()
    return Status(
        prospects=_prospects(office, standings, records),
        targets=target_outlooks(office, standings),
        feeds=tuple(_feeds(office, standings)),
        money=tuple(_money(office, standings)),
    )


def history(office: Office, story: Story | None = None, *, everything: bool = False) -> tuple[Prospect, ...]:
    """What was decided, newest first, with all revisions: of one story, or of all but baseline.

    `everything`: baseline too.
    """
    lives = office.ledger.history(story.id if story else None)
    shown = [life for life in lives if story or everything or not _is_baseline(life)]
    standings = Standings.read(office.ledger)
    found = _prospects(office, standings, [life.record for life in shown])
    return tuple(replace(one, revisions=life.revisions) for one, life in zip(found, shown, strict=True))


def texts_now(office: Office, story: Story, *, target: str = "") -> tuple[Prospect, ...]:
    """A story's deliveries as they stand, each with the text that would be sent now."""
    records = [one for one in office.ledger.current([story.id]) if not target or one.delivery.key.target == target]
    return _prospects(office, Standings.read(office.ledger), records)


def _is_baseline(life: Life) -> bool:
    return life.record.delivery.reason.code == Code.BASELINE


def _prospects(office: Office, standings: Standings, records: Iterable[Record]) -> tuple[Prospect, ...]:
    listed = tuple(records)
    waiting: dict[Key, Verdict] = {
        verdict.record.delivery.key: verdict for verdict in verdicts_of(office, standings, listed, Wish())
    }
    return tuple(_prospect(office, record, waiting.get(record.delivery.key)) for record in listed)


def _prospect(office: Office, record: Record, verdict: Verdict | None) -> Prospect:
    shown = prospect(record, office.outlets.get(record.delivery.key.target), verdict.reason if verdict else None)
    return replace(shown, due=verdict.due) if verdict else shown


def _feeds(office: Office, standings: Standings) -> Iterable[FeedOutlook]:
    for feed in office.settings.feeds:
        standing = standings.feed(feed.name)
        yield FeedOutlook(feed.name, feed.url, "failed" if standing.failing_since else "ok")


def _money(office: Office, standings: Standings) -> Iterable[Money]:
    month = month_of(office.world.clock.now())
    reserved = _reserved(office)
    for name, outlet in office.outlets.items():
        spent = standings.target(name).spent_in(month)
        if outlet.platform.budgeted and (spent or outlet.target.budget is not None):
            kept = min(spent, reserved.get(name, 0))
            yield Money(name, month, spent - kept, kept, outlet.target.budget)


def _reserved(office: Office) -> dict[str, int]:
    """What is set aside for posts of which nobody knows whether they are out."""
    sums: dict[str, int] = {}
    for record in office.ledger.open():
        delivery = record.delivery
        if delivery.attempts.open and not delivery.remote_id:
            sums[delivery.key.target] = sums.get(delivery.key.target, 0) + delivery.cost
    return sums
