"""Which language a text is in: by its script, then by its most frequent words. The feed's claim comes last."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from crosspost.compose.clean import fold
from crosspost.compose.words import LANGUAGES, listed, words

_SAMPLE = 6_000  # characters that are looked at
_CLEAR = 0.12  # share of stop words below which a longer text is in none of the languages that we know
_ENOUGH = 7  # words below which a paragraph's language can't be told
_FOREIGN = 2.5  # times as many small words of another language
_AGAINST = 2  # a neighbour's word weighs more than one that both have
_RANGES = (
    ("ar", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("hi", "\u0900-\u097f"),
    ("ru", "\u0400-\u04ff"),
    ("kana", "\u3040-\u30ff\u31f0-\u31ff"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff\ufb1d-\ufb4f"),
    ("latin", "A-Za-zÀ-ɏḀ-ỿ"),
)
_SCRIPTS = tuple((name, re.compile(f"[{chars}]+")) for name, chars in _RANGES)
_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|[#@]\w+")
RIGHT_TO_LEFT = frozenset(("ar", "he", "fa", "ur"))


def language_of(text: str, hint: str = "") -> str:
    """The two-letter code of the text's language; the hint's ("en-GB") where the text says nothing; else ""."""
    sample = _NOISE.sub(" ", text[:_SAMPLE])
    claimed = _code(hint)
    counts = Counter({name: sum(map(len, pattern.findall(sample))) for name, pattern in _SCRIPTS})
    counts["cjk"] = 2 * (counts["kana"] + counts["han"])  # a sign says as much as two letters
    script, letters = max(
        ((name, counts[name]) for name in ("latin", "ar", "hi", "ru", "cjk", "ko", "el", "he")),
        key=lambda pair: pair[1],
    )
    if not letters:
        return claimed
    match script:
        case "latin":
            return _by_words(sample, claimed)
        case "cjk":
            return "ja" if 10 * counts["kana"] >= counts["han"] else "zh"
        case "ar":
            return _sister(sample, claimed, "ar", {"fa": "پچژگ", "ur": "ٹڈڑےں"})
        case "ru":
            return _sister(sample, claimed, "ru", {"uk": "іїєґ", "bg": "", "sr": "јљњћђ"})
        case _:
            return script


def is_foreign(text: str, language: str) -> bool:
    """Whether a paragraph of an article in `language` is clearly in another one: by script, or by its small words."""
    found = [fold(word) for word in _WORD.findall(text)]
    if len(found) < _ENOUGH or language not in LANGUAGES:
        return False
    counts = Counter(code for word in found for code in _whose().get(word, ()))
    own = counts.pop(language, 0)
    best = max(counts.values(), default=0)
    return best >= 3 and best > _FOREIGN * own and best > _CLEAR * len(found)


@cache
def _whose() -> dict[str, tuple[str, ...]]:
    """The languages that each small word is one of."""
    every = {word for code in LANGUAGES for word in words(code).stop}
    return {word: tuple(code for code in LANGUAGES if word in words(code).stop) for word in every}


def _hits(counted: Counter[str], code: str) -> int:
    """How many of the words are this language's small ones; a neighbour's own count against it."""
    known = words(code)
    ours, others = known.stop & counted.keys(), known.others & counted.keys()
    return sum(counted[word] for word in ours) - _AGAINST * sum(counted[word] for word in others)


def _code(hint: str) -> str:
    head = re.split("[-_]", hint.strip().lower())[0]
    return head if len(head) == 2 and head.isalpha() and head.isascii() else ""


def _sister(sample: str, claimed: str, usual: str, letters: dict[str, str]) -> str:
    """The script's usual language, or a neighbour that the feed claims or whose own letters show."""
    if claimed in letters:
        return claimed
    own = {code: sum(sample.count(char) for char in chars) for code, chars in letters.items() if chars}
    code = max(own, key=lambda name: own[name])
    return code if own[code] >= 2 and 50 * own[code] >= len(sample) else usual


def _by_words(sample: str, claimed: str) -> str:
    found = _WORD.findall(fold(sample))
    if not found:
        return claimed
    codes, counted = listed(), Counter(found)
    hits = {code: _hits(counted, code) for code in codes}
    best = max(codes, key=lambda code: (hits[code], code == claimed))
    rivals = [code for code in codes if hits[code] == hits[best]]
    if hits[best] < _CLEAR * len(found) or (len(rivals) > 1 and claimed not in rivals) or not hits[best]:
        return claimed
    return best
