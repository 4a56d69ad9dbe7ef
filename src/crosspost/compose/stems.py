"""The stem of a word, which its forms share, and those of a text's words that tell something."""

from __future__ import annotations

from functools import lru_cache

from crosspost.compose.clean import fold
from crosspost.compose.tokens import is_wide, tokens
from crosspost.compose.words import Words, words

_STEM = 6  # letters of a word that count
_LONG = 4  # letters of a word that tells something


def stem(word: str) -> str:
    """The beginning of a word, which its forms share."""
    return fold(word).removesuffix("s")[:_STEM]


def stems(text: str, known: Words) -> frozenset[str]:
    """The stems of the words that tell something."""
    return frozenset(root for word in tokens(text) if (root := root_of(word, known.code)))


@lru_cache(maxsize=8192)  # the same words are asked for again and again
def root_of(word: str, language: str) -> str:
    """The stem of a word that tells something, else ""."""
    known, folded = words(language), fold(word)
    little = is_little(folded) or folded in known.stop or folded in known.months
    return "" if little else stem(folded)


def is_little(word: str) -> bool:
    """Whether a word is too short to tell anything."""
    return len(word) < _LONG and not is_wide(word)
