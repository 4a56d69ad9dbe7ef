"""What a feed brings: an Entry, and the Article that the composer reads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

ARTICLE_FORMAT = 1
ARTICLE_BYTES = 64_000  # an article is stored whole up to here; later blocks are dropped beyond it


class BlockKind(StrEnum):
    """What a piece of an article is, as its HTML said."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    LINE = "line"
    QUOTE = "quote"
    ASIDE = "aside"  # a paragraph all in italics or small print, set to the right, or below the last rule


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside a block: its visible text and its absolute http(s) address."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, line or quote: clean text without markup, and its links."""

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A picture of the article: absolute address, and the alt text that its author gave."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """All that the composer reads. Stored once, by its fingerprint.

    `excerpt` is the one that an editor wrote by hand, else "". Dates are aware, UTC.
    `terms` are categories and tags, which feeds can't tell apart. `language` is what the feed
    claims ("" if nothing); it is wrong often enough that the text decides.
    """

    title: str
    link: str
    blocks: tuple[Block, ...] = ()
    media: tuple[Media, ...] = ()
    excerpt: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    terms: tuple[str, ...] = ()
    language: str = ""
    format: int = ARTICLE_FORMAT

    @property
    def fingerprint(self) -> str:
        """A hash of the whole content, 32 hex digits."""
        return _fingerprint(self)

    @property
    def latest(self) -> datetime | None:
        """The article's own latest date: updated, else published."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of one feed, parsed and cleaned.

    `guid` is "" where the feed gives none. `post_id` is WordPress's number (`?p=`), "" if unknown.
    `protected` is true for a post behind a password.
    """

    feed: str
    guid: str
    article: Article
    post_id: str = ""
    protected: bool = False


@lru_cache(64)  # a pass asks for those of one feed's page again and again
def _fingerprint(article: Article) -> str:
    return hashlib.sha256(dump_article(article).encode()).hexdigest()[:32]


def _time(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def dump_article(article: Article) -> str:
    """The article as one line of JSON; equal articles give equal lines. Any text survives."""
    return json.dumps(
        {
            "format": article.format,
            "title": article.title,
            "link": article.link,
            "blocks": [
                [block.kind.value, block.text, [[link.text, link.href] for link in block.links]]
                for block in article.blocks
            ],
            "media": [[media.url, media.alt] for media in article.media],
            "excerpt": article.excerpt,
            "published": _time(article.published),
            "updated": _time(article.updated),
            "terms": list(article.terms),
            "language": article.language,
        },
        separators=(",", ":"),
    )


def load_article(line: str) -> Article:
    """The article that `dump_article` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    data = json.loads(line)
    return Article(
        title=data["title"],
        link=data["link"],
        blocks=tuple(
            Block(BlockKind(kind), text, tuple(Link(*link) for link in links)) for kind, text, links in data["blocks"]
        ),
        media=tuple(Media(*media) for media in data["media"]),
        excerpt=data["excerpt"],
        published=_moment(data["published"]),
        updated=_moment(data["updated"]),
        terms=tuple(data["terms"]),
        language=data["language"],
        format=data["format"],
    )
