"""Letters to somebody else: where they begin and end, and how a sentence that says "you" to that somebody may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosspost.compose.clean import squash
from crosspost.compose.words import Words
from crosspost.core.entry import Article, Block, BlockKind

_BEFORE = 6  # blocks that a salutation may stand in
_MOST = 120  # characters of it
_BEGINNING = 3  # blocks
_MARKS = re.compile('[“”„«»"「」『』]')


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to somebody: its own paragraphs, squashed, and the line that says whom it goes to.

    `named`: the title calls it a letter or a petition, so that a quotation needs no label.
    """

    body: frozenset[str]
    to: str
    named: bool

    def holds(self, text: str) -> bool:
        """Whether a paragraph is the letter's own."""
        return squash(text) in self.body


def letter(article: Article, known: Words) -> Letter | None:
    """The letter that an article shows, if it goes to somebody else than the reader.

    A salutation and words such as "open letter" or how many signed; or a line "To the Board" and a formula at
    the end. "Dear members" alone is written to the reader.
    """
    blocks = article.blocks
    begin = next((at for at, block in enumerate(blocks[:_BEFORE]) if _salutes(block, known)), None)
    ended = [at for at, block in enumerate(blocks) if known.farewell.search(block.text)]
    directed = begin is None
    if begin is None:
        begin = next((at for at, block in enumerate(blocks[:_BEFORE]) if _directs(block, known)), None)
    if begin is None or not (ended if directed else _is_open(article, known)):
        return None
    end = next((at for at in ended if at > begin), None) or _end(blocks, begin)
    body = frozenset(squash(block.text) for block in blocks[begin + 1 : end])
    return Letter(body, _label(blocks[begin].text, known), _names_it(article.title, known))


def _salutes(block: Block, known: Words) -> bool:
    """Whether it is a line such as "Dear councillors,"."""
    return len(block.text) < _MOST and block.text[-1] in ",:!،、" and bool(known.salutation.search(block.text))


def _directs(block: Block, known: Words) -> bool:
    """Whether it is a heading such as "To the Board of the Harbour Trust"."""
    alone = block.kind in (BlockKind.HEADING, BlockKind.LINE) or block.text[-1] in ",:،"
    return alone and len(block.text) < _MOST and bool(known.directed.search(block.text))


def _is_open(article: Article, known: Words) -> bool:
    beginning = "\n".join((article.title, *article.terms, *(block.text for block in article.blocks[:_BEGINNING])))
    signed = any(known.signed.search(block.text) and re.search(r"\d", block.text) for block in article.blocks)
    return _names_it(beginning, known) or signed


def _names_it(text: str, known: Words) -> bool:
    named = known.kinds.get("letter")
    return bool(named and named.search(text))


def _end(blocks: tuple[Block, ...], begin: int) -> int:
    """Without a formula: up to the first line of small print or heading, or what tells who signed."""
    for at in range(begin + 2, len(blocks)):
        if blocks[at].kind in (BlockKind.ASIDE, BlockKind.HEADING):
            return at
    return len(blocks)


def _label(text: str, known: Words) -> str:
    bare = text.rstrip(" ,:!،、\u00a0")
    return f"{bare}\u00a0:" if known.code == "fr" else f"{bare}:"


def addresses(sentence: str, known: Words) -> bool:
    """Whether it says "you"."""
    return bool(known.addressed.search(sentence))


def quoted(text: str, known: Words) -> str:
    """The text as a quotation; "" where it has marks itself."""
    return "" if _MARKS.search(text) else f"{known.quotes[0]}{text}{known.quotes[1]}"


def joined(one: str, other: str, known: Words) -> str:
    """Two quotations in a row as one; "" where they are none."""
    opening, closing = known.quotes
    if not (one.endswith(closing) and other.startswith(opening)):
        return ""
    return f"{one[: -len(closing)]} {other[len(opening) :]}"
