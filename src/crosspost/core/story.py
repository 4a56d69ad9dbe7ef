"""What a ledger holds, as values: Story, Record, Known, and the Batch that an append writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosspost.core.delivery import Key, Revision
from crosspost.core.entry import Article


@dataclass(frozen=True, slots=True)
class Story:
    """A piece of news, whatever its feeds call it.

    `id`: a hash of the identity that it was first recorded by. `number`: given once, from 1, never
    reused. `identities`: every one it is known by. `feed` and `guid`: where it was first seen.
    title, link, language, published: as first recorded (a baseline entry has no article).
    """

    id: str
    number: int
    identities: frozenset[str]
    feed: str
    guid: str
    title: str
    link: str
    language: str
    published: datetime | None
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """A delivery with its story, and its article where one is stored."""

    story: Story
    delivery: Revision
    article: Article | None


@dataclass(frozen=True, slots=True)
class Life:
    """A record with all its revisions, oldest first."""

    record: Record
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger has on some identities: their stories, those stories' deliveries, the next number."""

    owners: Mapping[str, Story]
    deliveries: Mapping[Key, Revision]
    next_number: int


@dataclass(frozen=True, slots=True)
class Value:
    """A keyed value: any text, and the version that a writer must name (0: not there yet)."""

    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Put:
    """Write a keyed value, if it still has that version."""

    name: str
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one append writes, all or none.

    `stories` are new ones. `identities` maps further identities of stories that are known (or in this
    batch) to the story's id. `revisions`: several of one delivery are allowed, in order.
    `articles` by fingerprint; one that is stored already is no error.
    """

    stories: tuple[Story, ...] = ()
    identities: Mapping[str, str] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()
    revisions: tuple[Revision, ...] = ()
    values: tuple[Put, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.stories or self.identities or self.articles or self.revisions or self.values)
