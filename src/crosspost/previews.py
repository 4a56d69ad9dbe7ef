"""What would go out: previews of an installation, of one without a ledger, and of a source that a person named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crosspost import app
from crosspost.config import Loaded
from crosspost.core.delivery import State
from crosspost.core.outlook import FeedOutlook, Preview, Prospect
from crosspost.core.policy import Target
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import FeedStanding
from crosspost.core.world import World
from crosspost.desk.find import find_story
from crosspost.desk.why import accounted
from crosspost.errors import FeedError, LedgerMissing, RequestError
from crosspost.feed.parse import parse
from crosspost.feed.source import Source
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import preview_polls
from crosspost.pipeline.poll import Poll, poll, poll_all, read_of
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.pipeline.texts import prospect


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview, and the stories (by id) whose texts are shown although they don't go out."""

    preview: Preview
    also: frozenset[str] = frozenset()

    def on(self, target: str) -> Shown:
        """Of one target alone."""
        kept = tuple(one for one in self.preview.prospects if one.record.delivery.key.target == target)
        return replace(self, preview=replace(self.preview, prospects=kept))


def with_why(project: app.Project, shown: Shown, name: str) -> Shown:
    """The story that a person named alone, each text with why it came out so. Raises RequestError, FeedError."""
    outlets = {one.name: (one, project.platforms[one.platform].profile) for one in project.settings.targets}
    failed = next((feed for feed in shown.preview.feeds if feed.status == "failed"), None)
    try:
        kept = accounted(shown.preview.prospects, outlets, name)
    except RequestError as error:
        if failed is None or error.code != "story-unknown":
            raise
        raise FeedError("feed-unreachable", failed.error, failed.hint) from None  # it may be in there
    return Shown(replace(shown.preview, prospects=kept), frozenset(one.record.story.id for one in kept))


def preview_project(
    world: World, project: app.Project, wish: str = "", *, at_once: bool = False, everything: bool = False
) -> Shown:
    """What a run would do now. Where there is no ledger yet each entry counts as new, and a note says so.

    `wish` names the one story that may go. `everything`: also what is decided already, with its text.
    """
    try:
        office = app.open_office(world, project, read_only=True)
    except LedgerMissing:
        if wish:
            raise
        return _preview_without_ledger(world, project)
    try:
        only = find_story(office.ledger, wish).id if wish else ""
        standings = Standings.read(office.ledger)
        polls = poll_all(office, standings, frozenset(feed.name for feed in office.settings.feeds))
        made = preview_polls(office, standings, polls, Wish(only, at_once))
        known = tuple(_decided(office, project, polls, made)) if everything else ()
        return _with_keyless(replace(made, prospects=made.prospects + known))
    finally:
        office.ledger.close()


def _decided(office: Office, project: app.Project, polls: tuple[Poll, ...], made: Preview) -> Iterator[Prospect]:
    """What the feeds list and the ledger has closed: with the text that was sent, else with today's."""
    told = {one.record.delivery.key for one in made.prospects}
    blank = _office_for_nothing(office.world, project)
    reads = tuple(
        replace(poll, read=replace(poll.read, polled=frozenset(blank.outlets))) for poll in polls if poll.read
    )
    fresh = preview_polls(blank, Standings({}), reads, Wish())
    blank.ledger.close()
    for one in fresh.prospects:
        owners = office.ledger.find(one.record.story.identities).owners
        for record in office.ledger.current({owner.id for owner in owners.values()}):
            key = record.delivery.key
            if key.target == one.record.delivery.key.target and key not in told:
                told.add(key)
                shown = prospect(record, office.outlets.get(key.target))
                whole = replace(shown.record, article=shown.record.article or one.record.article)
                yield replace(shown, record=whole, post=shown.post or one.post)


def _with_keyless(made: Preview) -> Shown:
    """Before the keys are there people want to see the texts all the same."""
    keyless = [one for one in made.prospects if one.reason.code == Code.NO_KEYS]
    return Shown(made, frozenset(one.record.story.id for one in keyless))


def _preview_without_ledger(world: World, project: app.Project) -> Shown:
    office = _office_for_nothing(world, project)
    standing = FeedStanding(polled=frozenset(office.outlets))
    shown = _preview_new(office, tuple(poll(office, feed, standing, whole=True) for feed in office.settings.feeds))
    notes = (Reason.of(Code.NO_LEDGER_YET), *shown.preview.notes)
    return replace(shown, preview=replace(shown.preview, notes=notes))


def preview_source(world: World, project: app.Project, source: Source) -> Shown:
    """What would go out if each entry of that source were new; settings count, keys and ledger don't."""
    fetched = source.fetched
    feed = next((feed for feed in project.settings.feeds if feed.url == source.feed.url), source.feed)
    office = _office_for_nothing(world, app.with_feeds(project, (feed,)))
    parsed = parse(fetched.body, feed.name, fetched.url, fetched.content_type)
    standing = FeedStanding(polled=frozenset(office.outlets))
    http = fetched.status if feed.url else None
    outlook = FeedOutlook(feed.name, feed.url, "ok", http=http, entries=len(parsed.entries))
    read = read_of(feed, parsed.entries, parsed.site_link, standing, project.settings.allow_private)
    return _preview_new(office, (Poll(feed, outlook, standing, read),))


def _office_for_nothing(world: World, project: app.Project) -> Office:
    """An office that remembers nothing and can send nothing: an empty ledger in memory, no accounts.

    The flood brake is off: it guards against a feed that changes under a ledger, and here a stranger
    looks at a whole feed for the first time.
    """
    settings = project.settings
    targets = tuple(_unbraked(target) for target in settings.targets)
    calm = replace(settings, targets=targets, ledger_url="sqlite:///:memory:")
    bare = replace(project, loaded=Loaded(calm, {}, {}))
    outlets = {target.name: Outlet(target, project.platforms[target.platform], None) for target in targets}
    return Office(world, calm, app.make_ledger(world, bare, ""), outlets)


def _unbraked(target: Target) -> Target:
    return replace(target, policy=replace(target.policy, flood=1_000_000))


def _preview_new(office: Office, polls: tuple[Poll, ...]) -> Shown:
    made = preview_polls(office, Standings({}), polls, Wish())
    office.ledger.close()
    # Nothing is known, so nothing can have been missed either.
    feeds = tuple(replace(feed, notes=()) for feed in made.feeds)
    made = replace(made, prospects=_newest_first(made.prospects), feeds=feeds)
    newest = _newest_if_all_is_old(made.prospects)
    if newest is None:
        return Shown(made)
    return Shown(replace(made, notes=(Reason.of(Code.NOTHING_YOUNG),)), frozenset({newest.record.story.id}))


def _newest_first(prospects: tuple[Prospect, ...]) -> tuple[Prospect, ...]:
    """For a first look: the newest stories on top, and of those that could go the newest are the ones that go.

    A run takes the oldest first, so that none waits for ever; but nobody runs a ledger that isn't there.
    """
    sorted_ones = sorted(prospects, key=_date_of, reverse=True)
    for target in {one.record.delivery.key.target for one in prospects}:
        here = [place for place, one in enumerate(sorted_ones) if _could_go(one, target)]
        # Each story gets another's turn: as many go as before
        turns = sorted((sorted_ones[place] for place in here), key=lambda one: not one.goes)
        for place, turn in zip(here, turns, strict=True):
            sorted_ones[place] = replace(sorted_ones[place], goes=turn.goes, reason=turn.reason, due=turn.due)
    return tuple(sorted_ones)


def _could_go(one: Prospect, target: str) -> bool:
    return one.record.delivery.key.target == target and (one.goes or one.reason.code == Code.CAP)


def _date_of(one: Prospect) -> datetime:
    return one.record.story.published or datetime.min.replace(tzinfo=UTC)


def _newest_if_all_is_old(prospects: tuple[Prospect, ...]) -> Prospect | None:
    if any(one.goes or one.state is not State.SKIPPED for one in prospects):
        return None
    old = [one for one in prospects if one.reason.code == Code.TOO_OLD and one.post]
    return max(old, key=_date_of, default=None)
