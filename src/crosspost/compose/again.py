"""Whether one text says again what another says."""

from __future__ import annotations

import re
from functools import lru_cache

from crosspost.compose.clean import fold

_RUN = 8  # that many words in a row twice, and a reader takes it for a mistake


def says_again(new: str, old: str) -> bool:
    """Whether `new` brings nothing beside `old`: nearly the same words, all of them, or a long run of them."""
    mine, theirs = words_in(new), words_in(old)
    if not mine or not theirs:
        return False
    one, other = set(mine), set(theirs)
    return len(one & other) >= 0.75 * len(one | other) or one <= other or bool(_runs(mine) & _runs(theirs))


def is_title_again(sentence: str, title: str) -> bool:
    """Whether the sentence is the title in other words: it brings hardly a word of its own."""
    one, other = set(words_in(sentence)), set(words_in(title))
    return bool(one) and bool(other) and (len(one & other) >= 0.75 * len(one | other) or one <= other)


@lru_cache(maxsize=1024)
def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, folded."""
    return tuple(re.findall(r"\w+", fold(text)))


@lru_cache(maxsize=1024)
def _runs(found: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(found[start:] for start in range(_RUN)), strict=False))
