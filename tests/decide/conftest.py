"""What the tests of decisions are written with: entries, settings, and a small ledger in memory."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.delivery import Event, Key, Revision, State, check_move
from crosspost.core.entry import Article, Block, BlockKind, Entry
from crosspost.core.policy import Copy, Feed, Policy, TagRules, Target
from crosspost.core.reason import Reason
from crosspost.core.story import Known, Record, Story
from crosspost.decide.identity import shared_guids
from crosspost.decide.plan import identities_of, plan
from crosspost.decide.rules import Circumstances, Read

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _words(article):
    return article.language


@dataclass
class Bench:
    """A ledger of dictionaries, a feed and two targets; `plan` plans reads onto it and writes what comes out."""

    now: datetime = NOW
    targets: tuple[Target, ...] = ()
    exclusive: frozenset[str] = frozenset()
    stories: dict[str, Story] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    heads: dict[Key, Revision] = field(default_factory=dict)
    lives: dict[Key, list[Revision]] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    shared: dict[str, frozenset[str]] = field(default_factory=dict)

    NOW, HOUR, DAY = NOW, HOUR, DAY

    def __post_init__(self):
        self.targets = self.targets or (self.target("x"),)

    # --- what goes in ---

    @staticmethod
    def target(name, *, platform="", languages=(), categories=(), budget=None, **policy):
        return Target(
            name=name,
            platform=platform or name,
            credentials=name.upper(),
            api_url="https://api.example.com",
            limit=280,
            policy=Policy(**policy),
            tags=TagRules(),
            copy=Copy(),
            languages=languages,
            categories=categories,
            budget=budget,
        )

    @staticmethod
    def entry(number=1, **given):
        """Story `number` of the site; `age` before now, or any field of its article or of the entry."""
        given = dict(given)
        age = given.pop("age", HOUR)
        feed = given.pop("feed", "site")
        names = {name: given.pop(name) for name in ("guid", "post_id", "protected") if name in given}
        text = given.pop("text", f"Members discussed proposal {number}.")
        article = Article(
            **{
                "title": f"Story {number}",
                "link": f"https://example.org/story-{number}/",
                "blocks": (Block(BlockKind.PARAGRAPH, text),),
                "published": NOW - age if age is not None else None,
                **given,
            }
        )
        return Entry(feed, names.pop("guid", f"https://example.org/?p={number}"), article, **names)

    def read(self, *entries, feed="site", polled=None, last_good=NOW - HOUR, hosts=("example.org",), **rules):
        """A read of a feed that every target has polled before, unless told otherwise."""
        mine = tuple(replace(entry, feed=feed) for entry in entries)
        known = self.shared.get(feed, frozenset()) | shared_guids(mine)
        self.shared[feed] = known
        targets = {target.name for target in self.targets} if polled is None else polled
        url = f"https://example.org/{feed}/"
        return Read(Feed(name=feed, url=url, **rules), mine, frozenset(hosts), last_good, frozenset(targets), known)

    # --- planning ---

    def planned(self, *reads, **around):
        """The plan, written nowhere."""
        circumstances = Circumstances(self.targets, self.now, _words, exclusive=self.exclusive, **around)
        return plan(reads, self.known(reads), self.open(), circumstances)

    def plan(self, *reads, **around):
        """Plan and write; gives what was written."""
        batch = self.planned(*reads, **around).batch
        self.apply(batch)
        return batch

    def poll(self, *entries, **given):
        """Plan one feed's read."""
        return self.plan(self.read(*entries, **given))

    def known(self, reads):
        asked = {name: self.owners[name] for name in identities_of(reads) if name in self.owners}
        owners = {name: self.stories[story] for name, story in asked.items()}
        deliveries = {key: head for key, head in self.heads.items() if key.story in asked.values()}
        return Known(owners, deliveries, 1 + max((story.number for story in self.stories.values()), default=0))

    def open(self):
        return tuple(self.record(key) for key, head in self.heads.items() if head.is_open)

    def apply(self, batch):
        for story in batch.stories:
            assert story.id not in self.stories, "a story is recorded once"
            assert story.number not in {other.number for other in self.stories.values()}, "a number is given once"
            self.stories[story.id] = story
            self._own(dict.fromkeys(story.identities, story.id))
        self._own(batch.identities)
        self.articles |= {article.fingerprint: article for article in batch.articles}
        for revision in batch.revisions:
            check_move(self.heads.get(revision.key), revision)
            assert not revision.article or revision.article in self.articles, "its article is stored"
            self.heads[revision.key] = revision
            self.lives.setdefault(revision.key, []).append(revision)

    def _own(self, identities):
        for name, story in identities.items():
            assert self.owners.setdefault(name, story) == story, f"{name} is another story's"
            self.stories[story] = replace(self.stories[story], identities=self.stories[story].identities | {name})

    # --- what came out ---

    def record(self, key):
        head = self.heads[key]
        return Record(self.stories[key.story], head, self.articles.get(head.article))

    def head(self, number=1, target="x"):
        story = next(story for story in self.stories.values() if story.number == number)
        return self.heads[Key(story.id, target)]

    def at(self, number=1, target="x"):
        """Where a story stands, and the code of why: ("held", "flood")."""
        head = self.head(number, target)
        return str(head.state), str(head.reason.code)

    def move(self, number, state, event, target="x", **changes):
        """Put a delivery where a test needs it, by a legal event."""
        head = self.head(number, target)
        reason = changes.pop("reason", Reason.of("test"))
        after = replace(head, rev=head.rev + 1, state=State(state), event=Event(event), reason=reason, **changes)
        check_move(head, after)
        self.heads[head.key] = after
        return after


@pytest.fixture(scope="session")
def benches():
    """Makes a bench; a test with many examples takes a new one for each."""
    return Bench


@pytest.fixture
def bench():
    """A bench with one target, "x"."""
    return Bench()
