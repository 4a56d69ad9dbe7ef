"""Why a text came out as it did: a value for `preview --why`, made by compose, worded by report."""

from __future__ import annotations

from dataclasses import dataclass

from crosspost.core.post import Tag


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence, line or list of the article: `rank` by what it tells (1 is the most, 0: never weighed).

    `reason`: why it was taken or left, as an English phrase.
    """

    text: str
    taken: bool
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text ("title", "words", "link", "hashtags") and what it weighs in the platform's units."""

    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Why:
    """How one text came about. `source`: "excerpt", "article", "title" or "nothing"."""

    kind: str
    kind_reason: str
    language: str
    source: str
    pieces: tuple[Weighed, ...]
    tags: tuple[Tag, ...]
    parts: tuple[Part, ...]
    room: int
