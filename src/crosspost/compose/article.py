"""From a feed item's HTML to the clean Article that is stored and composed from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crosspost.compose.clean import clean, plain, shorten, squash
from crosspost.compose.language import language_of
from crosspost.compose.markup import Page, absolute, read
from crosspost.compose.sentences import ends_whole, sentences
from crosspost.compose.words import in_any_language
from crosspost.core.entry import ARTICLE_BYTES, Article, Block, BlockKind, Media, dump_article

MAX_TITLE = 300
MAX_BLOCK = 8_000  # characters of one block; it is cut after its last whole sentence
MAX_EXCERPT = 2_000
MAX_TERMS, MAX_TERM = 40, 100
MAX_MEDIA = 10

_AUTOMATIC = re.compile(r"(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3})\s*$|\[\s*(?:…|\.{3})\s*\]")
_URL_ALONE = re.compile(r"^\S*://\S+$")


def build_article(  # noqa: PLR0913 - a feed item has that many parts, and each is named
    *,
    title_html: str,
    content_html: str,
    excerpt_html: str,
    link: str,
    published: datetime | None,
    updated: datetime | None,
    terms: Iterable[str],
    language: str,
    media: Iterable[Media] = (),
) -> Article:
    """A feed item → Article, at most ARTICLE_BYTES as `dump_article` writes it. Never raises on any text.

    `media`: what the feed names beside the HTML (thumbnails); they go first.
    """
    link = absolute(link, link)
    page = read(content_html, link)
    title = shorten(plain(title_html[:20_000]), MAX_TITLE)
    blocks = tuple(block for block in page.blocks if not _is_leftover(block))
    excerpt, automatic = _excerpt(excerpt_html, link, page, title)
    if not blocks and automatic:
        blocks = _beginning(automatic)
    article = Article(
        title=title,
        link=link,
        media=_media([*media, *page.media]),
        excerpt=excerpt,
        published=published,
        updated=updated,
        terms=_terms(terms),
        language=clean(language)[:20],
    )
    return _bounded(article, blocks)


def _is_leftover(block: Block) -> bool:
    """A bare address, or what a theme appends: "Continue reading", "The post … appeared first on …"."""
    if _URL_ALONE.match(block.text):
        return True
    found = in_any_language("more").match(block.text)
    return bool(found) and (len(block.text) <= 60 or len(found[0]) > 30)  # type: ignore[index]  # `found` is true


def _excerpt(markup: str, link: str, page: Page, title: str) -> tuple[str, str]:
    """The excerpt that an editor wrote, else ""; and the automatic one, where that is all the feed gives."""
    own = read(markup[:50_000], link)
    text = "\n".join(block.text for block in own.blocks if not _is_leftover(block))
    head = squash(_AUTOMATIC.sub("", text))
    if not head or head == squash(title):
        return "", ""
    if _AUTOMATIC.search(text):
        return "", _AUTOMATIC.split(text)[0]
    body = squash(" ".join(block.text for block in page.blocks)[:10_000])
    if body.startswith(head) or squash(page.raw).startswith(head):
        return "", ""
    return shorten(text, MAX_EXCERPT), ""


def _beginning(text: str) -> tuple[Block, ...]:
    """The whole sentences of an automatic excerpt: all that a feed of summaries shows of the body."""
    code = language_of(text)
    return tuple(
        Block(BlockKind.PARAGRAPH, sentence)
        for line in text.split("\n")
        for sentence in sentences(line, code)
        if ends_whole(sentence)
    )


def _media(given: Iterable[Media]) -> tuple[Media, ...]:
    kept: dict[str, Media] = {}
    for one in given:
        url = absolute(one.url, one.url)
        if url.startswith("https://") and (url not in kept or not kept[url].alt):
            kept[url] = Media(url, clean(one.alt)[:1_000])
    return tuple(kept.values())[:MAX_MEDIA]


def _terms(given: Iterable[str]) -> tuple[str, ...]:
    cleaned = (plain(term[: 5 * MAX_TERM]) for term in given)
    return tuple(dict.fromkeys(term for term in cleaned if term and len(term) <= MAX_TERM))[:MAX_TERMS]


def _fitting(block: Block) -> Block | None:
    """A block of at most MAX_BLOCK characters, cut after a whole sentence; None if there is none."""
    if len(block.text) <= MAX_BLOCK:
        return block
    whole = sentences(block.text[:MAX_BLOCK], "")[:-1]
    text = block.text[: block.text.rfind(whole[-1], 0, MAX_BLOCK) + len(whole[-1])] if whole else ""
    links = tuple(one for one in block.links if one.text in text)
    return Block(block.kind, text, links) if text else None


def _size(block: Block) -> int:
    return len(dump_article(Article("", "", blocks=(block,)))) - len(dump_article(Article("", ""))) + 1


def _bounded(article: Article, blocks: Iterable[Block]) -> Article:
    """The article with as many blocks, from the first, as ARTICLE_BYTES has room for."""
    if len(dump_article(article)) > ARTICLE_BYTES // 2:  # huge alt texts and terms: the words matter more
        article = replace(article, media=(), terms=article.terms[:10])
    room = ARTICLE_BYTES - len(dump_article(article))
    kept: list[Block] = []
    for block in blocks:
        fitting = _fitting(block)
        if fitting is None:
            continue
        room -= _size(fitting)
        if room < 0:
            break
        kept.append(fitting)
    return replace(article, blocks=tuple(kept))
