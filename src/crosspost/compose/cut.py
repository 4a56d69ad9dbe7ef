"""Where a text may be cut, as the very last resort: between words, never inside what belongs together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from crosspost.compose.clean import fold
from crosspost.compose.sentences import balanced
from crosspost.compose.words import Words

ELLIPSIS = "…"
_BLANK = re.compile(r"\s+")
_TRAILING = " \t\u00a0\u202f,;:–—-/&+«“„(["
_VIRAMA = 9  # the combining class of the sign that joins two consonants in Indic scripts
_PREPENDED = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e]|[\U000110bd\U000110cd\U000111c2\U000111c3]"
)
_WITH_NEXT = "\u200d"


def cut(text: str, fits: Callable[[str], bool], known: Words) -> str:
    """The longest beginning of `text` that fits with an ellipsis after it; "" if none does.

    It ends on a whole word, not on a function word, a number, an open bracket, nor before a negation.
    Only a text without blanks (Chinese, Thai) is cut inside, between two grapheme clusters.
    """
    heads = list(_heads(text, known))
    for head in heads:
        if fits(head + ELLIPSIS):
            return head + ELLIPSIS
    if heads:
        return ""
    first = _BLANK.split(text.strip(), maxsplit=1)[0] if text.strip() else ""
    return _inside(first, fits)


def _heads(text: str, known: Words) -> Iterator[str]:
    for blank in reversed(list(_BLANK.finditer(text))):
        head = text[: blank.start()].rstrip(_TRAILING)
        if head and not _hangs(head, text[blank.end() :], known):
            yield head


def _hangs(head: str, rest: str, known: Words) -> bool:
    """Whether the cut would leave something hanging in the air."""
    last = fold(re.split(r"[\s'’]+", head)[-1]).strip(".,;:!?")
    following = fold(re.split(r"[\s'’]+", rest)[0]).strip(".,;:!?")
    return (
        last in known.ends
        or last in known.negations
        or following in known.negations
        or any(char.isdigit() for char in last)
        or not balanced(head)
    )


def _inside(word: str, fits: Callable[[str], bool]) -> str:
    low, high = 0, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(word[:middle] + ELLIPSIS) else (low, middle - 1)
    while low and not (is_boundary(word, low) and not word[low - 1 : low + 1].isdigit()):
        low -= 1
    return word[:low] + ELLIPSIS if low and fits(word[:low] + ELLIPSIS) else ""


def is_boundary(text: str, at: int) -> bool:
    """Whether a cut at this place leaves every grapheme cluster whole. In doubt it says no.

    Fewer places than Unicode's rules allow: none between two regional indicators or two jamo, none
    beside a joiner, after a virama, before any mark, or beside what this Python's Unicode doesn't know.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    kinds = (unicodedata.category(before), unicodedata.category(after))
    if "Cn" in kinds or kinds[1][0] == "M" or after in "\u200c\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if "\U000e0020" <= after <= "\U000e007f" or before == _WITH_NEXT or _PREPENDED.match(before):
        return False
    if unicodedata.combining(before) == _VIRAMA or after in "\u0e33\u0eb3" or (before, after) == ("\r", "\n"):
        return False
    return not (_both(before, after, "\U0001f1e6", "\U0001f1ff") or (_hangul(before) and _hangul(after)))


def _both(one: str, two: str, low: str, high: str) -> bool:
    return low <= one <= high and low <= two <= high


def _hangul(char: str) -> bool:
    """Jamo, and syllables that a jamo may still join."""
    return "\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ua97c" or "\ud7b0" <= char <= "\ud7fb"
