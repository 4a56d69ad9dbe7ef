"""Interviews: questions, each with the beginning of its answer."""

from __future__ import annotations

from crosspost.compose.kind import Kind, prompts
from crosspost.compose.sentences import balanced, ends_whole, sentences
from crosspost.compose.standing import TOO_SHORT, leans_back, why_not
from crosspost.compose.tokens import is_wide
from crosspost.compose.words import Words
from crosspost.core.entry import Article, Block, BlockKind

_MOST = 340  # characters of an answer
_LEAST = 50
ANSWER_WORDS, _WIDE_ANSWER = 14, 30  # an answer of fewer words needs its question; of fewer Japanese signs
_QUESTION = 5  # words: "And then?" needs the answer before it


def exchanges(article: Article, known: Words) -> tuple[str, ...]:
    """Questions that stand by themselves, each with the first sentences of its answer on a line below."""
    blocks = article.blocks
    pairs = (
        (block.text, beginning(blocks[at + 1], known))
        for at, block in enumerate(blocks[:-1])
        if prompts(block) and block.kind is not BlockKind.HEADING and _stands(block.text, known)
    )
    return tuple(f"{question}\n{answer}" for question, answer in pairs if len(answer) >= _LEAST)


def _stands(question: str, known: Words) -> bool:
    return len(question.split()) >= _QUESTION and not known.leaning.match(question) and balanced(question)


def needs_question(answer: str, known: Words, kind: Kind) -> bool:
    """Whether an answer can't stand without what was asked: a few words, "Yes, but …"."""
    first = sentences(answer, known.code)[0]
    short = len(first) < _WIDE_ANSWER if is_wide(first[0]) else len(first.split()) < ANSWER_WORDS
    return short or leans_back(first, known, kind)


def beginning(block: Block, known: Words) -> str:
    """The answer's first sentences, as many as there is room for."""
    kept = ""
    for sentence in sentences(block.text, known.code) if not prompts(block) else ():
        longer = f"{kept} {sentence}".strip()
        if len(longer) > _MOST or not ends_whole(sentence) or why_not(sentence, known) not in ("", TOO_SHORT):
            break
        kept = longer
    return kept if balanced(kept) else ""
