"""Why a text came out as it did: a value for `preview --why`, made by compose, worded by report."""

from __future__ import annotations

from dataclasses import dataclass

from crosspost.core.post import Tag


@dataclass(frozen=True, slots=True)
class Weighed:
    """The title, or a sentence, line or list of the article: `rank` by what it tells (1 is the most, 0: never weighed).

    `reason`: why it was taken or left, as an English phrase.
    """

    text: str
    taken: bool
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text and what it weighs in the platform's units.

    Names: "title", "words", "facts", "link", "hashtags", and "rest": blanks, line breaks, the template's own words.
    """

    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Unused:
    """A hashtag, or a category or tag that became none, and why, as an English phrase."""

    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """How one text came about: its parts weigh `weight` together, of the `room` that there is.

    `source`: what its words are: "excerpt", "article", "title" or "nothing". `listed`: whether there is
    a word list for its language.
    """

    kind: str
    kind_reason: str
    language: str
    source: str
    pieces: tuple[Weighed, ...]
    tags: tuple[Tag, ...]
    parts: tuple[Part, ...]
    room: int
    weight: int = 0
    unused: tuple[Unused, ...] = ()
    listed: bool = True
