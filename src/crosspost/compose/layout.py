"""An article's blocks as a post lays them out: facts as lines, numbered lines as items, a list with its head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, islice

from crosspost.compose.again import words_in
from crosspost.compose.blocks import as_item, is_noise, news_blocks
from crosspost.compose.facts import has_date
from crosspost.compose.kind import Kind
from crosspost.compose.lists import as_items, bulleted, listing
from crosspost.compose.sentences import ends_whole, sentences
from crosspost.compose.standing import ANSWERED
from crosspost.compose.words import words
from crosspost.core.entry import Article, Block, BlockKind

COMMAS = (",", "،", "、")
_FACTS = 2
_SAID = 14  # words of a heading that is a sentence
_MAX_LABEL = 60
_MAX_HEAD = 90
_FEW = 10  # items or lines that are looked at, where there are no sentences


def _as_paragraph(block: Block) -> Block:
    """A heading that is a whole sentence is news, set large."""
    said = block.kind is BlockKind.HEADING and block.text[-1] in ".!" and len(block.text.split()) >= _SAID
    return replace(block, kind=BlockKind.PARAGRAPH) if said else block


def begun(text: str, before: str) -> str:
    """A paragraph that goes on from a greeting's comma, or was typed in haste, with a capital at its beginning.

    What goes on from a line without a full stop is the rest of it.
    """
    hasty = text[0].islower() and text[1:2].islower() and ends_whole(text)
    return text[0].upper() + text[1:] if hasty and (before.endswith(COMMAS) or ends_whole(before)) else text


def lined(blocks: tuple[Block, ...], language: str, kind: Kind) -> tuple[Block, ...]:
    """The blocks, with lists of facts as lines, and lines that somebody numbered under a colon as items."""
    made = tuple(_with_lines(tuple(_as_paragraph(as_item(block)) for block in blocks), language))
    return made if kind is Kind.LIST else as_items(made)


def _with_lines(blocks: tuple[Block, ...], language: str) -> Iterator[Block]:
    """Lists of "When: …", "Where? …" that name a day as lines: such items are facts, each by itself."""
    for _, some in groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
        run = tuple(some)
        told = [bool(ANSWERED.match(block.text)) for block in run]
        labelled = run[0].kind is BlockKind.ITEM and sum(told) >= _FACTS and sum(told) * 2 > len(told)
        lines = labelled and any(has_date(block.text, language) for block in run)
        yield from (replace(block, kind=BlockKind.LINE) if lines else block for block in run)


def head_of(block: Block, language: str) -> str:
    """What the block says of a list after it: a heading, a short line, a last sentence that ends on a colon."""
    text = block.text
    if block.kind is BlockKind.HEADING or (len(text) <= _MAX_LABEL and not ends_whole(text) and text[0].isupper()):
        return text if text[-1] in ":：?؟" else f"{text}\u00a0:" if language == "fr" else f"{text}:"
    return sentences(text, language)[-1] if text.endswith((":", "：")) else ""


def listed(head: str, texts: list[str]) -> str:
    """The items as a sentence, where they go on from a head with a colon; else below it, each on its line; or ""."""
    if not head or len(head) > _MAX_HEAD:
        return ""
    if not head.endswith((":", "：")) or any(not text[:1].islower() for text in texts):
        return f"{head}\n{bulleted(texts)}"
    gap = " ; " if head[-2:-1] in (" ", "\u00a0") else "; "
    return f"{head} {gap.join(texts)}."


def items(article: Article, language: str, harmless: Callable[[str], str]) -> tuple[str, ...]:
    """The items of the article's lists that no heading with a "not" stands over, for what has no sentences."""
    known = words(language)
    found = listing(tuple(map(as_item, news_blocks(article, language))), article.title, known)
    if found:
        return tuple(harmless(one.whole) for one in found.entries if not is_noise(one.label, known))[:_FEW]
    texts, denied = list[str](), False
    for block in news_blocks(article, language):
        if block.kind is BlockKind.HEADING:
            denied = bool(texts) or bool(set(words_in(block.text)) & known.nots)
        elif block.kind is BlockKind.ITEM and not denied and not is_noise(block.text, known):
            texts.append(harmless(block.text.rstrip(" ;,\u00a0")))
    return tuple(texts[:_FEW])


def lines(article: Article, language: str, harmless: Callable[[str], str]) -> tuple[str, ...]:
    """Whatever else a reader could read, whole blocks alone: for an article without sentences, list or title."""
    known = words(language)
    texts = (block.text for block in article.blocks if not is_noise(block.text, known))
    return tuple(map(harmless, islice(texts, _FEW)))
