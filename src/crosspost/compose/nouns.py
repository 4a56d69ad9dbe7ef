"""The nouns that an article is about, by what a language's grammar tells of them without a dictionary.

"The" before a word and a small word after it, a capital in German, a run of Chinese signs; elsewhere a word's
ending, and that title and text share it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from crosspost.compose.clean import fold
from crosspost.compose.tagwords import TagWords, is_hollow
from crosspost.compose.tokens import WORD
from crosspost.compose.words import Words

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d+|[^\w\s]|\n")
_ELISION = re.compile(r"\b([^\W\d_]{1,4})[’'](?=\w)")
_GERMAN = re.compile(r"(?<![\w-])[A-ZÄÖÜ][a-zäöüß]{5,}(?![\w-])")
_INNER_GERMAN = re.compile(r"(?<=[\w,] )[A-ZÄÖÜ][a-zäöüß]{5,}(?![\w-])")
_SIGNS = re.compile(r"[\u4e00-\u9fff々]{2,8}|[\u30a1-\u30fa\u30fc]{3,12}")
_COUNTED = re.compile(
    r"^[一二三四五六七八九十百千万第何数約毎各同全\d]|[年月日時分円人名回件個冊枚台度歳目中前後内外間上下等]$"
)
_VOWELS = re.compile("[\u064b-\u0652]")
_LETTERS, _TELLING = 4, 7  # of a noun, and of one that is said once
_AGAIN, _OFTEN = 2, 3
_STEM = 2  # letters that an ending has
_COUNTING = re.compile(rf"{WORD.pattern}|\d+")
_ADVERBS = "аоеу"  # what Russian adverbs end in
_LEAD = 400  # characters

Namer = Callable[[str, str, Words, TagWords], Iterator[str]]


def about(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Single nouns that title and text share."""
    yield from _namer(known, own)(title, body, known, own)


def repeated(body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Nouns that the text repeats, or the longest of its beginning: for an article with nothing better."""
    yield from _namer(known, own)("", body, known, own)


def _namer(known: Words, own: TagWords) -> Namer:
    if known.code in ("ja", "zh"):
        return _wide
    if own.articles:
        return _after_articles
    return _german if known.code == "de" else _by_shape


def pairs_of(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Two words that belong together: of a noun's group after an article, or that title and text share."""
    if own.articles:
        yield from _groups(title, body, known, own)
    elif own.shapes and known.code != "ru":  # where each word may stand in another case
        yield from _shared(title, body, known, own)


def _parts(text: str, known: Words, own: TagWords) -> list[str]:
    """Words, figures and stops; "l’eau" is two words, "isn’t" is one."""
    small = known.stop | known.ends | own.articles | own.linking
    split = _ELISION.sub(lambda found: f"{found[1]} " if fold(found[1]) in small else found[0], text)
    return _WORD.findall(split)


def _tells(known: Words, own: TagWords) -> Callable[[str], bool]:
    small = known.stop | known.ends | known.negations | known.nots | own.articles

    def telling(word: str) -> bool:
        plain = word[:1].isalpha() and "'" not in word and "’" not in word and len(word) >= _LETTERS - 1
        return plain and fold(word) not in small and not is_hollow(word, own)

    return telling


def _groups(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Pairs like "the soup lunch": an article before them, no noun after them, and the text has them again."""
    parts, telling = _parts(f"{title}.\n{body}".lower(), known, own), _tells(known, own)
    counted, written = Counter[str](), dict[str, str]()
    for before, one, other, after in zip(["", *parts], parts, [*parts[1:], ""], [*parts[2:], "", ""], strict=False):
        if telling(one) and telling(other) and not telling(after):
            written.setdefault(fold(f"{one} {other}"), f"{one} {other}")
            counted[fold(f"{one} {other}")] += 2 if fold(before) in own.articles else 1
    yield from (written[pair] for pair, count in counted.most_common(_OFTEN) if count >= _OFTEN)


def _after_articles(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Nouns: what "the" or "a" stands before and a small word or a stop after."""
    parts, telling = _parts(f"{title}.\n{body}".lower(), known, own), _tells(known, own)
    below = Counter(fold(part) for part in _parts(body, known, own))
    counted, written = Counter[str](), dict[str, str]()
    for before, word, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        headed = fold(before) in own.articles and not telling(after)
        if headed and telling(word) and (len(word) >= _LETTERS or below[fold(word)] >= _OFTEN):
            written.setdefault(fold(word), word)
            counted[fold(word)] += 1
    shared = [word for word in dict.fromkeys(map(fold, _parts(title, known, own))) if counted[word] and below[word]]
    often = [word for word, count in counted.items() if count >= _AGAIN and below[word] >= _AGAIN]
    rest = sorted((word for word in counted if not title and len(word) >= _TELLING), key=lambda word: -len(word))
    for word in dict.fromkeys((*sorted(shared if title else often, key=lambda word: -below[word]), *rest)):
        yield written[word]


def _german(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Nouns, which have a capital inside a sentence; those that come again first, then the longest."""
    inner = Counter(_INNER_GERMAN.findall(body))
    shouted = title.upper() == title
    titled = [word for word in inner if (word.lower() in title.lower() if shouted else word in _GERMAN.findall(title))]
    often = [word for word, count in inner.most_common() if count > 1]
    rest = sorted(_INNER_GERMAN.findall(body[:_LEAD]), key=lambda word: -len(word))
    some = sorted(titled, key=lambda word: (-min(inner[word], _OFTEN), -len(word))) if title else [*often, *rest]
    yield from (word for word in some if not is_hollow(word, own) and fold(word) not in known.stop)


def _wide(title: str, body: str, _: Words, own: TagWords) -> Iterator[str]:
    """Of Japanese and Chinese: runs of Chinese signs or katakana that title and text share, or the text repeats."""
    hollow = sorted(own.hollow | own.days, key=len, reverse=True)

    def told(run: str) -> str:
        for word in hollow:
            run = "" if run == word else run.removeprefix(word).removesuffix(word)
        return run if len(run) >= _AGAIN and not _COUNTED.search(run) else ""

    inner = Counter(told(run) for run in _SIGNS.findall(body))
    titled = [run for run in map(told, _SIGNS.findall(title)) if run and run in body]
    often = [run for run, count in inner.most_common() if run and (count > 1 or not title)]
    yield from sorted(titled, key=lambda run: (-min(body.count(run), _OFTEN), -len(run))) if title else often


def _shared(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Two or three words in a row that title and text share, as many as they are."""
    noun, text = _noun_shaped(known, own), _VOWELS.sub("", body)
    titled = WORD.findall(_VOWELS.sub("", title))
    at = 0
    while at < len(titled) - 1:
        size = next((size for size in (3, 2) if _stands(titled, at, size, title, text, noun)), 0)
        if size:
            yield " ".join(titled[at : at + size])
        at += max(1, size)


def _stands(titled: list[str], at: int, size: int, title: str, text: str, noun: Callable[[str], bool]) -> bool:
    run = titled[at : at + size]
    said = " ".join(run)
    return len(run) == size and all(map(noun, run)) and said in _VOWELS.sub("", title) and said in text


def _noun_shaped(known: Words, own: TagWords) -> Callable[[str], bool]:
    telling = _tells(known, own)

    def noun(word: str) -> bool:
        plain = _VOWELS.sub("", word.lower())
        return telling(word) and not (own.shapes and (own.shapes.search(plain) or own.shapes.search(word)))

    return noun


def _by_shape(title: str, body: str, known: Words, own: TagWords) -> Iterator[str]:
    """Words in a dictionary's form, which stand neither after a preposition nor, in Russian, after another noun."""
    if not own.shapes:
        return
    noun, before, found = _noun_shaped(known, own), "", list[str]()
    for word in _COUNTING.findall(title or body[:_LEAD]):
        follows = known.code == "ru" and (fold(before) in known.ends or noun(before))
        follows = follows or _counts(before, known)
        if noun(word) and len(word) >= _LETTERS and not follows:
            found.append(word)
        before = word
    said = Counter(map(_plain, WORD.findall(f"{title}\n{body}")))
    counted = {word: _forms(_plain(word), said, known) for word in dict.fromkeys(found)}
    yield from sorted((word for word in counted if counted[word] > 1), key=lambda word: -min(counted[word], _OFTEN))


def _counts(word: str, known: Words) -> bool:
    """Whether a word is a number: what stands after it is counted, and has another form."""
    return word.isdigit() or bool(known.numbers.search(word) or known.counts.search(word))


def _plain(word: str) -> str:
    return _VOWELS.sub("", word.casefold())


def _forms(word: str, said: Counter[str], known: Words) -> int:
    """How often a word comes in any form; in Russian 0 if always in the same, on a vowel, as adverbs do."""
    root = word[: max(_LETTERS - 1, len(word) - _STEM)]
    forms = {one: count for one, count in said.items() if one.startswith(root) or (root in one and known.code == "ar")}
    adverb = known.code == "ru" and len(forms) < _AGAIN and word[-1] in _ADVERBS
    return 0 if adverb else sum(forms.values())
