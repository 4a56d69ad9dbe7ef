"""Contrasts over two sentences: "We don't ask for money. We ask for time." The first half says the opposite alone."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.compose.again import words_in
from crosspost.compose.tokens import is_wide
from crosspost.compose.words import Words

_HALF = 14  # words of a half that another sentence may have to complete
_ANSWER = 4  # fewer words than that complete the sentence before them


def units(sentences: tuple[str, ...], known: Words) -> Iterator[str]:
    """A paragraph's sentences; one that the next completes comes with it, and the next by itself too if it can."""
    skip = False
    for number, sentence in enumerate(sentences):
        after = sentences[number + 1] if number + 1 < len(sentences) else ""
        if skip:
            skip = False
        elif after and _is_half(sentence, after, known):
            yield f"{sentence}{'' if is_wide(sentence[0]) else ' '}{after}"
            skip = _is_answer(after)
        else:
            yield sentence


def _is_half(sentence: str, after: str, known: Words) -> bool:
    """Whether the next sentence begins like it and says what it denies, or is no more than an answer to it."""
    if sentence[-1] not in ".!।。" or after[-1] in "?؟？":
        return False
    mine, its = words_in(sentence), words_in(after)
    denied = _denies(mine, known)
    told = bool(known.leaning.match(after))  # "She was told that women didn't row. She came back" goes on
    if _is_answer(after):
        return denied or told
    same = bool({*mine[:2]} & {*its[:1]} - known.nots)
    return denied and same and not told and len(mine) <= _HALF and not _denies(its[:_ANSWER], known)


def _is_answer(sentence: str) -> bool:
    return not is_wide(sentence[0]) and len(sentence.split()) < _ANSWER


def _denies(told: tuple[str, ...], known: Words) -> bool:
    return not known.nots.isdisjoint(told) or any(
        one == "t" and told[at - 1].endswith("n") for at, one in enumerate(told)
    )
