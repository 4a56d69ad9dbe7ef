"""What this pass's reads make of the stories: new deliveries, refreshed articles, what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crosspost.core.delivery import Event, Fixed, Key, Revision, State, check_move, step
from crosspost.core.entry import Article, Entry
from crosspost.core.policy import Target
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Batch, Known, Record, Story
from crosspost.decide.identity import Group, feeds_of, group_entries, host_of, names_of
from crosspost.decide.rules import (
    BEFORE_FLOOD,
    RULES,
    Case,
    Circumstances,
    Read,
    Ruling,
    best,
    due_of,
    first_ruling,
    too_old,
)

FRESH = timedelta(hours=24)  # a text that changes in a story's first day starts settle again


@dataclass(frozen=True, slots=True)
class Plan:
    """What to append, and how many stories of each feed are new."""

    batch: Batch
    new: Mapping[str, int]


# --- planning ----------------------------------------------------------------------------------------------------

FILTERED = frozenset({Code.CATEGORY, Code.PATTERN})
REPLANNED = frozenset({Code.GONE, Code.PROTECTED, *FILTERED})


@dataclass(slots=True)
class _Draft:
    """The plan while it is made; nothing outside sees it."""

    known: Known
    around: Circumstances
    reads: Mapping[str, Read]
    stories: list[Story] = field(default_factory=list)
    identities: dict[str, str] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    heads: dict[Key, Revision] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)

    def head(self, key: Key) -> Revision | None:
        return self.heads.get(key) or self.known.deliveries.get(key)

    def add(self, revision: Revision, article: Article | None = None) -> None:
        revision = replace(revision, writer=self.around.writer)
        check_move(self.head(revision.key), revision)
        self.revisions.append(revision)
        self.heads[revision.key] = revision
        if article is not None:
            self.articles[article.fingerprint] = article

    def head_of(self, record: Record) -> Revision:
        """An open delivery's head, also of a story that no feed lists, which `known` doesn't hold."""
        return self.heads.setdefault(record.delivery.key, self.head(record.delivery.key) or record.delivery)

    def deliveries_of(self, story: str) -> dict[str, Revision]:
        found = {key.target: rev for key, rev in self.known.deliveries.items() if key.story == story}
        found.update({key.target: rev for key, rev in self.heads.items() if key.story == story})
        return found


def plan(
    reads: tuple[Read, ...],
    known: Known,
    open_records: tuple[Record, ...],
    around: Circumstances,
    published: tuple[Record, ...] = (),
) -> Plan:
    """Everything that this pass's reads, and the settings, make of the stories; pure.

    `known`: what the ledger has on the entries' identities (`identities_of`). `published`: the newest
    ones, of which it is noted that they are gone from the site. Planning the same reads
    again onto its own result changes nothing.
    """
    draft = _Draft(known, around, {read.feed.name: read for read in reads})
    entries = [entry for read in reads for entry in read.entries]
    groups = group_entries(entries, known.owners, {read.feed.name: read.shared for read in reads})
    _number(groups, draft)
    flooded, chosen = _flooded(groups, draft), _latest(groups, draft)
    for group in groups:
        _plan_group(group, draft, flooded, chosen)
    _note_gone(groups, (*open_records, *published), draft)
    _hold_orphans(open_records, draft)
    batch = Batch(
        stories=tuple(draft.stories),
        identities=draft.identities,
        articles=tuple(draft.articles.values()),
        revisions=tuple(draft.revisions),
    )
    return Plan(batch, draft.new)


def identities_of(reads: Iterable[Read]) -> frozenset[str]:
    """All that the ledger must be asked about before planning."""
    return frozenset(name for read in reads for entry in read.entries for name in names_of(entry, read.shared).all)


def _dated(group: Group) -> tuple[bool, datetime | None]:
    date = group.entries[0].article.published or group.entries[0].article.updated
    return (date is None, date)


def _number(groups: list[Group], draft: _Draft) -> None:
    """Give new stories their numbers, the oldest first, and record what every group is known by."""
    fresh = [group for group in groups if group.story is None]
    dated = sorted((group for group in fresh if _dated(group)[1]), key=lambda group: str(_dated(group)[1]))
    for offset, group in enumerate(dated + [group for group in fresh if not _dated(group)[1]]):
        draft.numbers[group.id] = draft.known.next_number + offset
    for group in groups:
        if group.story is not None:
            draft.numbers[group.id] = group.story.number
            draft.identities.update(dict.fromkeys(sorted(group.claims), group.id))
        else:
            draft.stories.append(_story(group, draft))
            for feed in {entry.feed for entry in group.entries}:
                draft.new[feed] = draft.new.get(feed, 0) + 1


def _story(group: Group, draft: _Draft) -> Story:
    entry = group.entries[0]
    article = entry.article
    return Story(
        id=group.id,
        number=draft.numbers[group.id],
        identities=frozenset(group.claims),
        feed=entry.feed,
        guid=entry.guid,
        title=article.title,
        link=article.link,
        language=article.language,
        published=article.published,
        first_seen=draft.around.now,
    )


def _cases(group: Group, target: Target, draft: _Draft) -> list[Case]:
    siblings = tuple(rev for name, rev in draft.deliveries_of(group.id).items() if name != target.name)
    return [
        Case(
            group,
            entry,
            draft.reads[entry.feed],
            target,
            draft.around,
            siblings=siblings,
            like=_number_of(group.like, draft),
        )
        for entry in group.entries
    ]


def _number_of(story: str, draft: _Draft) -> int:
    if story in draft.numbers:
        return draft.numbers[story]
    return next((owner.number for owner in draft.known.owners.values() if owner.id == story), 0)


def _flooded(groups: list[Group], draft: _Draft) -> frozenset[tuple[str, str, str]]:
    """(feed, story, target) of every unknown entry of a poll that brings more young ones than `flood` allows."""
    young: dict[str, set[tuple[str, str]]] = {}
    for group in groups:
        for target in draft.around.targets:
            head = draft.head(Key(group.id, target.name))
            if head is not None and not _may_replan(head, group):
                continue
            for case in _cases(group, target, draft):
                old = too_old(case)
                if first_ruling(BEFORE_FLOOD, case) is None and (old is None or old.state is not State.SKIPPED):
                    young.setdefault(case.read.feed.name, set()).add((group.id, target.name))
    limits = {target.name: target.policy.flood for target in draft.around.targets}
    return frozenset(
        (feed, story, target)
        for feed, found in young.items()
        for story, target in found
        if len({story for story, _ in found}) > limits[target]
    )


def _latest(groups: list[Group], draft: _Draft) -> frozenset[str]:
    fresh = [group for group in groups if group.story is None and not any(e.protected for e in group.entries)]
    newest = sorted(fresh, key=lambda group: str(_dated(group)[1] or ""), reverse=True)
    return frozenset(group.id for group in newest[: draft.around.latest])


def _plan_group(group: Group, draft: _Draft, flooded: frozenset[tuple[str, str, str]], chosen: frozenset[str]) -> None:
    for target in draft.around.targets:
        head = draft.head(Key(group.id, target.name))
        if head is None or _may_replan(head, group):
            _rule(group, target, head, draft, flooded, chosen)
        else:
            _refresh(group, target, head, draft)


def _may_replan(head: Revision, group: Group) -> bool:
    if head.state is not State.SKIPPED or head.attempts.open or head.reason.code not in REPLANNED:
        return False
    if head.event not in {Event.PLAN, Event.GONE, Event.PROTECT}:
        return False
    return head.reason.code not in FILTERED or any(entry.feed != head.reason.named["feed"] for entry in group.entries)


def _rule(
    group: Group,
    target: Target,
    head: Revision | None,
    draft: _Draft,
    flooded: frozenset[tuple[str, str, str]],
    chosen: frozenset[str],
) -> None:
    now, policy = draft.around.now, target.policy
    cases = [replace(case, flooded=flooded, chosen=chosen) for case in _cases(group, target, draft)]
    ruling = best([first_ruling(RULES, case) or Ruling(State.PENDING, Reason.of(Code.PLANNED)) for case in cases])
    if head is not None and _says_the_same(head, ruling):
        return
    article = (_source(group) or group.entries[0]).article
    stored = ruling.reason.code != Code.BASELINE
    seen = group.story.first_seen if group.story else now
    due = None
    if ruling.state is not State.SKIPPED:
        due = now if ruling.reason.code == Code.LATEST else due_of(article, policy, seen)
    revision = Revision(
        key=Key(group.id, target.name),
        rev=head.rev + 1 if head else 1,
        state=ruling.state,
        event=Event.PLAN,
        at=now,
        by="crosspost",
        reason=ruling.reason,
        article=article.fingerprint if stored else "",
        due=due,
    )
    draft.add(revision, article if stored else None)


def _says_the_same(head: Revision, ruling: Ruling) -> bool:
    """Whether planning anew decides what stands already; two feeds that both filter a story don't take turns."""
    both_filter = {head.reason.code, ruling.reason.code} <= FILTERED
    return head.state is ruling.state and (both_filter or head.reason == ruling.reason)


# --- what an entry changes on a delivery that stands ----------------------------------------------------------------


def _source(group: Group) -> Entry | None:
    """The entry whose text counts: the first recording feed's, so that two feeds don't take turns."""
    feed = group.story.feed if group.story else group.entries[0].feed
    return next((entry for entry in group.entries if entry.feed == feed), None)


def _refresh(group: Group, target: Target, head: Revision, draft: _Draft) -> None:
    now = draft.around.now
    if head.state in {State.PENDING, State.HELD} and any(entry.protected for entry in group.entries):
        draft.add(step(head, Event.PROTECT, State.SKIPPED, at=now, reason=Reason.of(Code.PROTECTED), due=None))
        return
    entry = _source(group)
    if entry is None or entry.protected or entry.article.fingerprint == head.article:
        return
    match head.state:
        case State.PENDING | State.HELD:
            draft.add(_refreshed(group, target, head, entry, draft), entry.article)
        case State.PUBLISHED if head.article:
            reason = Reason.of(Code.CHANGED_AFTER)
            changed = step(head, Event.NOTE, State.PUBLISHED, at=now, reason=reason, article=entry.article.fingerprint)
            draft.add(changed, entry.article)
        case _:
            pass


def _refreshed(group: Group, target: Target, head: Revision, entry: Entry, draft: _Draft) -> Revision:
    now, article = draft.around.now, entry.article
    hosts = draft.reads[entry.feed].hosts
    seen = group.story.first_seen if group.story else now
    due = head.due
    if now - seen <= FRESH:
        latest = article.updated or now
        fresh = max(latest, article.published or latest) + target.policy.settle
        due = max(due, fresh) if due else fresh
    newer = replace(head, article=article.fingerprint, due=due)
    if head.fixed is not Fixed.EDITED:  # an approved text gives way to the new, an edited one is kept
        newer = replace(newer, post=None, fixed=None)
    if host_of(article.link) not in hosts and _link_changed(head, article, draft):
        reason = Reason.of(Code.OTHER_SITE, host=host_of(article.link))
        return step(newer, Event.HOLD, State.HELD, at=now, reason=reason)
    if head.fixed in {Fixed.APPROVED, Fixed.EDITED}:
        reason = Reason.of(Code.CHANGED_SINCE, what=str(head.fixed))
        return step(newer, Event.HOLD, State.HELD, at=now, reason=reason)
    reason = head.reason if head.state is State.HELD else Reason.of(Code.CHANGED)
    return step(newer, Event.REFRESH, head.state, at=now, reason=reason)


def _link_changed(head: Revision, article: Article, draft: _Draft) -> bool:
    """Whether the link's host is another than the story was recorded with (so an approved one isn't held for ever)."""
    story = next((owner for owner in draft.known.owners.values() if owner.id == head.key.story), None)
    return story is None or host_of(story.link) != host_of(article.link)


def _note_gone(groups: list[Group], open_records: tuple[Record, ...], draft: _Draft) -> None:
    """Gone: missing from a read of each feed that brought it, although an older entry is still listed."""
    listed = {group.id for group in groups}
    for record in open_records:
        head = draft.head_of(record)
        if record.story.id in listed or head.state not in {State.PENDING, State.HELD, State.PUBLISHED}:
            continue
        if not all(_is_gone(record.story, draft.reads.get(feed)) for feed in feeds_of(record.story)):
            continue
        now = draft.around.now
        if head.state is not State.PUBLISHED:
            draft.add(step(head, Event.GONE, State.SKIPPED, at=now, reason=Reason.of(Code.GONE), due=None))
        elif head.reason.code != Code.GONE_AFTER and head.todo is None:
            draft.add(step(head, Event.NOTE, State.PUBLISHED, at=now, reason=Reason.of(Code.GONE_AFTER)))


def _is_gone(story: Story, read: Read | None) -> bool:
    if read is None or story.published is None:
        return False
    dates = [entry.article.published for entry in read.entries if entry.article.published]
    return any(date < story.published for date in dates)


def _hold_orphans(open_records: tuple[Record, ...], draft: _Draft) -> None:
    """A target that left the settings sends nothing: what waits there is held."""
    names = {target.name for target in draft.around.targets}
    for record in open_records:
        head = draft.head_of(record)
        if head.key.target not in names and head.state is State.PENDING:
            reason = Reason.of(Code.TARGET_LEFT, target=head.key.target)
            draft.add(step(head, Event.HOLD, State.HELD, at=draft.around.now, reason=reason))
