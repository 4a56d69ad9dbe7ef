"""Which sentences of an article may stand in a post at all: cleaned of datelines, furniture and half ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from crosspost.compose.clean import fold
from crosspost.compose.facts import has_date
from crosspost.compose.sentences import balanced, ends_whole, sentences
from crosspost.compose.words import Words, words
from crosspost.core.entry import Article, Block, BlockKind

MAX_PIECES = 60  # sentences that are looked at; news stands at the beginning
_DATELINE = re.compile(r"^\W{0,2}([^\W\d].{1,79}?)[.)]{0,2}\s*(?:[–—]|\s-|\.-|:)\s+(?=[“„«\"'‘]?[^\W\d_])")
_ADDRESS = re.compile(r"://|\bwww\.|\w@[\w-]+\.\w")
_CAPITAL_INSIDE = re.compile(r"(?<=[^\W\dA-Z_]) ([^\W\d_a-z]\w*)(?= \w)")
_START = re.compile(r"^[\W_]*")
_QUOTED = re.compile(r"^[“„«\"].*[”“»\"]\W*$", re.DOTALL)
_MIN_LETTERS = 12
_FEW = 10  # items or lines that are looked at, where there are no sentences
_RUN = 8  # that many words in a row twice, and a reader takes it for a mistake


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole sentence (or, of a list, an item): `at` counts all sentences of the article, used or not.

    `leaning`: it can't stand without the sentence before it (`at - 1`). `inner`: it isn't its paragraph's
    first, and reads best after that sentence. `leads`: no sentence of the
    news before it was passed over. `glued`: perhaps two lines without a full stop between them.
    """

    text: str
    block: int
    at: int
    leaning: bool
    inner: bool = False
    leads: bool = True
    glued: bool = False


def pool(article: Article, language: str, harmless: Callable[[str], str]) -> tuple[Piece, ...]:
    """The usable sentences in their order. `harmless` defuses each."""
    known = words(language)
    found: list[Piece] = []
    at, leads = 0, True
    for number, block in enumerate(news_blocks(article, language)):
        if block.kind is not BlockKind.ITEM and not is_furniture(block.text, known):
            for place, sentence in enumerate(sentences(without_dateline(block.text, known), language)):
                at += 1
                if _is_usable(sentence, known):
                    text = harmless(known.stale.sub("", sentence))
                    leaning, glued = _leans(sentence, known), _is_glued(sentence, known)
                    found.append(Piece(text, number, at, leaning, place > 0, leads, glued))
                    leads = False
                elif ends_whole(sentence) and not _is_noise(sentence, known):
                    leads = False
        at += 1  # whatever stands between two blocks parts their sentences
        if len(found) >= MAX_PIECES:
            break
    return tuple(found[:MAX_PIECES])


def items(article: Article, language: str, harmless: Callable[[str], str]) -> tuple[str, ...]:
    """The items of the article's lists, for an article that has no sentences."""
    known = words(language)
    texts = (block.text for block in news_blocks(article, language) if block.kind is BlockKind.ITEM)
    return tuple(map(harmless, islice((text for text in texts if not _is_noise(text, known)), _FEW)))


def lines(article: Article, language: str, harmless: Callable[[str], str]) -> tuple[str, ...]:
    """Whatever else a reader could read, whole blocks alone: for an article without sentences, list or title."""
    known = words(language)
    texts = (block.text for block in article.blocks if not _is_noise(block.text, known))
    return tuple(map(harmless, islice(texts, _FEW)))


def news_blocks(article: Article, language: str) -> Iterator[Block]:
    """The blocks as far as the news goes: no headings and quotations, nothing after "###" or "About us".

    An interview (two questions alone on their lines) ends at its first question: the answers are
    somebody else's words.
    """
    own, english = words(language), words("en")
    is_interview = sum(map(_asks, article.blocks)) > 1
    for number, block in enumerate(article.blocks):
        if is_interview and _asks(block):
            return
        ended = own.rest.search(block.text) or english.rest.search(block.text) or block.text.startswith("##")
        if ended and number:
            return
        if block.kind not in (BlockKind.HEADING, BlockKind.QUOTE):
            yield block


def _asks(block: Block) -> bool:
    """Whether the block is one question."""
    return block.text[-1] in "?؟？" and block.kind is not BlockKind.ITEM and not re.search("[.!?؟？]", block.text[:-1])


def is_furniture(text: str, known: Words) -> bool:
    """Whether it is no news: a label, a byline, a contact, a credit. English ones stand on any site."""
    return bool(known.boilerplate.search(text) or words("en").boilerplate.search(text))


def without_dateline(text: str, known: Words) -> str:
    """The paragraph without "BELMORE, 9 October 2026 –" before it."""
    found = _DATELINE.match(text)
    if not found:
        return text
    head = found[1]
    shouted = head.upper() == head and sum(char.isupper() for char in head) > 2
    dated = has_date(head, known.code) and ("," in head or "(" in head) and not head[0].islower()
    return text[found.end() :] if (shouted or dated) and len(head.split()) <= 9 else text


def _is_noise(text: str, known: Words) -> bool:
    return is_furniture(text, known) or bool(_ADDRESS.search(text)) or not balanced(text) or text.startswith("##")


def _is_usable(sentence: str, known: Words) -> bool:
    first = _START.sub("", sentence)[:1]
    letters = sum(char.isalpha() for char in sentence)
    wide = any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in sentence[:20])
    return (
        ends_whole(sentence)
        and not first.islower()
        and letters >= (_MIN_LETTERS // 2 if wide else _MIN_LETTERS)
        and not _is_noise(sentence, known)
        and not sentence.rstrip("”»“\"') \u00a0").endswith((":", "…", "..."))
        and sentence[0] not in ",;:.)]}»”–—-•*"
    )


def _is_glued(sentence: str, known: Words) -> bool:
    """A small word with a capital after a word without a full stop: "… nationale Le colloque …"."""
    return any(found[1][0].isupper() and fold(found[1]) in known.ends for found in _CAPITAL_INSIDE.finditer(sentence))


def _leans(sentence: str, known: Words) -> bool:
    start = _START.sub("", sentence)
    return bool(known.leaning.match(start)) or bool(_QUOTED.match(sentence))


def says_again(new: str, old: str) -> bool:
    """Whether `new` brings nothing beside `old`: nearly the same words, all of them, or a long run of them."""
    mine, theirs = _words(new), _words(old)
    if not mine or not theirs:
        return False
    one, other = set(mine), set(theirs)
    return len(one & other) >= 0.75 * len(one | other) or one <= other or bool(_runs(mine) & _runs(theirs))


def is_title_again(sentence: str, title: str) -> bool:
    """Whether the sentence is the title in other words: it brings hardly a word of its own."""
    one, other = set(_words(sentence)), set(_words(title))
    return bool(one) and bool(other) and (len(one & other) >= 0.75 * len(one | other) or one <= other)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _runs(found: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(found[start:] for start in range(_RUN)), strict=False))
