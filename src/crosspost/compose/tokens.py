"""The words of a text in any script: with vowel signs in Indic ones, two signs at a time where there are no blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Letters, and the marks that belong to them, which \w leaves out: Latin, Hebrew, Arabic, then the Indic blocks.
MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e"
_LETTER = rf"(?:[^\W\d_]|[{MARKS}])"
WORD = re.compile(rf"[^\W\d_]{_LETTER}*(?:['’][^\W\d_]{_LETTER}*)*")
_CAPITALS = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x530))))  # Latin, Greek, Cyrillic
NAME = rf"[{_CAPITALS}][\w’'-]+"  # one word of it
_SMALL = r"(?:d[aeiou]s?|della?|v[ao]n|bin|al|el)(?: (?:der?|den|la))?|[A-Z]\."  # what may stand between two
# "Ada Brook", "Ana dos Santos", "Ludwig van der Berg", "Ruth J. Okell"
FULL_NAME = re.compile(rf"(?<![\w’']){NAME}(?: (?:(?:{_SMALL}) )?{NAME}){{1,3}}")
_WIDE = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff]")
_SIGNS = re.compile("[\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")  # hiragana are endings and small words


def tokens(text: str) -> Iterator[str]:
    """The words in their order; of Chinese and Japanese the pairs of signs."""
    for found in WORD.finditer(text):
        if _WIDE.search(found[0]):
            for run in _SIGNS.findall(found[0]):
                yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
        else:
            yield found[0]


def is_wide(word: str) -> bool:
    """Whether a word is of Chinese or Japanese signs, two of which say as much as a word elsewhere."""
    return bool(_WIDE.match(word))
