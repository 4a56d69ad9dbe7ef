"""The planning rules: one function a rule, in the order of RULES (lifecycle, section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosspost.core.delivery import Revision, State
from crosspost.core.entry import Article, Entry
from crosspost.core.policy import Feed, Policy, Target
from crosspost.core.reason import Code, Reason
from crosspost.decide.identity import Group, fold, host_of


@dataclass(frozen=True, slots=True)
class Read:
    """One feed's entries of this pass.

    `hosts`: hosts that its stories may point to. `last_good`: its last good read before this one.
    `polled`: targets for which the ledger has polled it before. `shared`: guids that prove nothing.
    """

    feed: Feed
    entries: tuple[Entry, ...]
    hosts: frozenset[str]
    last_good: datetime | None = None
    polled: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    newest: datetime | None = None  # the newest date that it ever listed before
    floors: Mapping[str, datetime] = field(default_factory=dict)  # by target: the oldest date that its baseline listed


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What planning knows beside the reads.

    `language(article)`: two letters, "" if unsure. `exclusive`: platforms that forbid the same words on
    two accounts. `baseline`: mark all that is unknown as seen. `latest`: so many of the newest unknown
    entries go out all the same (init --publish-latest). `writer`: this run's id in what it appends.
    """

    targets: tuple[Target, ...]
    now: datetime
    language: Callable[[Article], str]
    exclusive: frozenset[str] = frozenset()
    baseline: bool = False
    latest: int = 0
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule decides: a first state and why."""

    state: State
    reason: Reason


@dataclass(frozen=True, slots=True)
class Case:
    """One story, as one feed brings it, for one target."""

    group: Group
    entry: Entry
    read: Read
    target: Target
    around: Circumstances
    flooded: frozenset[tuple[str, str, str]] = frozenset()  # (feed, story, target)
    chosen: frozenset[str] = frozenset()  # stories that --publish-latest names
    siblings: tuple[Revision, ...] = ()  # the story's deliveries on other targets, this plan's included
    like: int = 0  # the number of the story that it looks like


Rule = Callable[[Case], Ruling | None]


def _skip(code: Code, **params: str | int) -> Ruling:
    return Ruling(State.SKIPPED, Reason.of(code, **params))


def _hold(code: Code, **params: str | int) -> Ruling:
    return Ruling(State.HELD, Reason.of(code, **params))


# --- the rules ---------------------------------------------------------------------------------------------


def protected(case: Case) -> Ruling | None:
    """A post behind a password is never published."""
    return _skip(Code.PROTECTED) if case.entry.protected else None


def filtered(case: Case) -> Ruling | None:
    """The feed's own filter: categories, then patterns on title and text."""
    feed, article = case.read.feed, case.entry.article
    terms = {fold(term): term for term in article.terms}
    for wanted in feed.exclude_categories:
        if fold(wanted) in terms:
            return _skip(Code.CATEGORY, feed=feed.name, term=wanted)
    if feed.include_categories and not any(fold(wanted) in terms for wanted in feed.include_categories):
        return _skip(Code.CATEGORY, feed=feed.name, term="")
    text = whole_text(article)
    for pattern in feed.exclude:
        if matches(pattern, text):
            return _skip(Code.PATTERN, feed=feed.name, pattern=pattern)
    if feed.include and not any(matches(pattern, text) for pattern in feed.include):
        return _skip(Code.PATTERN, feed=feed.name, pattern="")
    return None


def spoken(case: Case) -> Ruling | None:
    """The target's languages."""
    if not case.target.languages:
        return None
    language = case.around.language(case.entry.article)
    return None if language in case.target.languages else _skip(Code.LANGUAGE, language=language)


def routed(case: Case) -> Ruling | None:
    """The target's categories."""
    wanted = {fold(category) for category in case.target.categories}
    if not wanted or wanted & {fold(term) for term in case.entry.article.terms}:
        return None
    return _skip(Code.ROUTE)


def baseline(case: Case) -> Ruling | None:
    """What stood in a feed before this target knew it is no news; --publish-latest names exceptions."""
    if case.group.id in case.chosen:
        return Ruling(State.PENDING, Reason.of(Code.LATEST))
    if case.around.baseline or case.target.name not in case.read.polled:
        return _skip(Code.BASELINE)
    return None


def surfaced(case: Case) -> Ruling | None:
    """It stood below what the target's baseline listed, and comes up now that a newer post was taken down."""
    date = case.entry.article.published or case.entry.article.updated
    floor = case.read.floors.get(case.target.name)
    if date is None or floor is None or date >= floor:
        return None
    return _skip(Code.SURFACED, date=date.isoformat(), floor=floor.isoformat())


def flood(case: Case) -> Ruling | None:
    """Too many unknown entries at once: somebody imported, or moved, a site."""
    name = case.read.feed.name
    if (name, case.group.id, case.target.name) not in case.flooded:
        return None
    count = len({story for feed, story, _ in case.flooded if feed == name})
    return _hold(Code.FLOOD, feed=name, count=count, limit=case.target.policy.flood)


def too_old(case: Case) -> Ruling | None:
    """Older than max_age when first seen; held instead if the feed wasn't read meanwhile."""
    article, policy = case.entry.article, case.target.policy
    date = article.published or article.updated
    if date is None or case.around.now - date <= policy.max_age:
        return None
    if case.read.last_good is not None and date > case.read.last_good:
        return _hold(Code.AWAY, date=date.isoformat(), last_read=case.read.last_good.isoformat())
    return _skip(Code.TOO_OLD, date=date.isoformat(), max_age_days=policy.max_age.days)


def looks_like(case: Case) -> Ruling | None:
    """Only a weak identity matches another story: a person says."""
    return _hold(Code.LOOKS_LIKE, number=case.like) if case.group.like else None


def hold_word(case: Case) -> Ruling | None:
    """A word for which a story waits for a person."""
    text = whole_text(case.entry.article)
    word = next((word for word in case.target.policy.hold if matches(word, text)), None)
    return _hold(Code.HOLD_WORD, word=word) if word else None


def other_site(case: Case) -> Ruling | None:
    """The link leads to a site that isn't the feed's: a hacked site posts at once otherwise."""
    host = host_of(case.entry.article.link)
    if host and host in case.read.hosts:
        return None
    return _hold(Code.OTHER_SITE, host=host)


def other_account(case: Case) -> Ruling | None:
    """X forbids the same words on two accounts."""
    if case.target.platform not in case.around.exclusive:
        return None
    same = {target.name for target in case.around.targets if target.platform == case.target.platform}
    for sibling in case.siblings:
        if sibling.key.target in same and sibling.state is not State.SKIPPED:
            return _hold(Code.OTHER_ACCOUNT, target=sibling.key.target)
    return None


def approval(case: Case) -> Ruling | None:
    """Nothing goes out until a person approves it."""
    return _hold(Code.APPROVAL) if case.target.policy.approval else None


BEFORE_FLOOD: tuple[Rule, ...] = (protected, filtered, spoken, routed, baseline, surfaced)
RULES: tuple[Rule, ...] = (
    *BEFORE_FLOOD,
    flood,
    too_old,
    looks_like,
    hold_word,
    other_site,
    other_account,
    approval,
)


# --- helpers that rules share --------------------------------------------------------------------------------


def whole_text(article: Article) -> str:
    """Title, excerpt and blocks, a line each."""
    return "\n".join([article.title, article.excerpt, *(block.text for block in article.blocks)])


def matches(pattern: str, text: str) -> bool:
    """Whether a word or pattern of the settings stands in the text, whatever the case."""
    return re.search(pattern, text, re.IGNORECASE) is not None


def due_of(article: Article, policy: Policy, seen: datetime) -> datetime:
    """When a story may go out: settle after its latest date (else after it was seen), never before a future date."""
    due = (article.latest or seen) + policy.settle
    return max(due, article.published) if article.published else due


def first_ruling(rules: Iterable[Rule], case: Case) -> Ruling | None:
    """The first rule that fits decides."""
    for rule in rules:
        ruling = rule(case)
        if ruling is not None:
            return ruling
    return None


def best(rulings: list[Ruling]) -> Ruling:
    """Of what several feeds make of one story: a password or a flood stops it, else any feed lets it through."""
    for code in (Code.PROTECTED, Code.FLOOD):
        for ruling in rulings:
            if ruling.reason.code == code:
                return ruling
    order = (State.PENDING, State.HELD, State.SKIPPED)
    return min(rulings, key=lambda ruling: order.index(ruling.state))
