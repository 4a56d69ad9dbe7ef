"""Interviews: the one question whose answer tells most of what the title says, with the beginning of that answer."""

from __future__ import annotations

import re

from crosspost.compose.again import words_in
from crosspost.compose.kind import asks
from crosspost.compose.sentences import balanced, ends_whole, sentences
from crosspost.compose.standing import TOO_SHORT, why_not
from crosspost.compose.words import Words
from crosspost.core.entry import Article, Block, BlockKind

_MOST = 340  # characters of an answer
_LEAST = 50
_QUESTION = 5  # words: "And then?" needs the answer before it
_ASKED, _COUNTED = 1.5, 0.5  # what a plea and a figure add to the words that an answer shares with the title


def exchange(article: Article, known: Words) -> str:
    """A question and the first sentences of its answer, on a line each; "" where none stands by itself."""
    blocks = article.blocks
    pairs = [
        (block.text, beginning(blocks[at + 1], known))
        for at, block in enumerate(blocks[:-1])
        if asks(block) and block.kind is not BlockKind.HEADING and _stands(block.text, known)
    ]
    told = [(question, answer) for question, answer in pairs if len(answer) >= _LEAST]
    title = set(words_in(article.title)) - known.stop
    best = max(told, key=lambda pair: _weight(pair[1], title, known), default=None)
    return "\n".join(best) if best else ""


def _stands(question: str, known: Words) -> bool:
    return len(question.split()) >= _QUESTION and not known.leaning.match(question) and balanced(question)


def beginning(block: Block, known: Words) -> str:
    """The answer's first sentences, as many as there is room for."""
    kept = ""
    for sentence in sentences(block.text, known.code) if not asks(block) else ():
        longer = f"{kept} {sentence}".strip()
        if len(longer) > _MOST or not ends_whole(sentence) or why_not(sentence, known) not in ("", TOO_SHORT):
            break
        kept = longer
    return kept if balanced(kept) else ""


def _weight(answer: str, title: set[str], known: Words) -> float:
    shared = len(title & set(words_in(answer)))
    return shared + _ASKED * bool(known.plea.search(answer)) + _COUNTED * bool(re.search(r"\d", answer))
