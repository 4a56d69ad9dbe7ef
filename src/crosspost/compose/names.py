"""What an article itself offers for a hashtag: names, places and acronyms, then the nouns that it is about.

Capitals tell a name where a script has them, and a name counts only where the text gives it its capital
inside a sentence. What stands in the title goes first, and single words of the text come last.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from crosspost.compose.blocks import is_noise
from crosspost.compose.clean import fold
from crosspost.compose.nouns import about, pairs_of, repeated
from crosspost.compose.tagwords import TagWords, is_hollow, tag_words
from crosspost.compose.terms import inside
from crosspost.compose.words import Words, words
from crosspost.core.entry import Article

_ACRONYM = re.compile(r"(?<![\w-])[A-ZА-ЯЁ]{3,7}(?:\d{1,4})?(?![\w-])")
_SHOUTING = re.compile(r"(?<![\w-])[^\W\d_a-zß-ÿа-яё]{2,}(?![\w-])")
_TOKEN = re.compile(r"[^\W_]+(?:[-‑–][^\W_]+)*\.?(?=[\s\W]|$)")
_BEGINS = re.compile(r"(?:^|[.!?…:;•]\s|[\n“„«\"‘»)]\s?)\W*$")
_QUOTED = re.compile(r"[«“„\"「『‹]([^«»“”„\"「」『』‹›]{3,40})[»”“\"」』›]")
_WIDE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_HEAD = re.compile(r"^([^:–—]{4,40}?)(?:[ \u00a0]?:|\s[–—])\s")
_MOST_WORDS, _FEW = 3, 2
_LEAD = 2  # blocks
_BEGINNING, _NEAR = 60, 24  # characters
_STOP = re.compile(r"[.!?]\s|\n")
_ROLE = re.compile(r"^, (?:[a-zß-ÿ]|\d)")
_SHORT = 28  # characters of a name that may have one word more
_READ = 10_000  # characters: what an article is about, it says at its beginning
_LABEL = 120  # characters; a longer block is no button
_LONGEST_CAPITALS = 7
_WIDE_QUOTE = 10  # signs


@dataclass(frozen=True, slots=True)
class Found:
    """A name as written, whether a sentence begins with it, the word before it and the text around it."""

    text: str
    begins: bool
    before: str
    around: tuple[str, str]


@dataclass(frozen=True)
class Text:
    """An article's title and news, with its language's words."""

    title: str
    lead: str
    body: str
    known: Words
    own: TagWords

    @classmethod
    def of(cls, article: Article, language: str) -> Text:
        """The text, less addresses, buttons and the like."""
        known = words(language)
        texts = [block.text for block in article.blocks if len(block.text) > _LABEL or not is_noise(block.text, known)]
        body = "\n".join(texts)[:_READ]
        return cls(article.title, "\n".join(texts[:_LEAD])[:_READ], body, known, tag_words(language))

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """The runs of words with capitals in the text."""
        return tuple(_capitalized(self.body, self))

    @cached_property
    def shouts(self) -> bool:
        """Whether the title is in capitals."""
        return self.title.upper() == self.title != self.title.lower()

    def titled(self, name: str) -> bool:
        """Whether the title has it."""
        return bool(re.search(rf"(?<!\w){re.escape(fold(name))}", fold(self.title)))

    def leads(self, name: str) -> bool:
        """Whether the text begins with it, as one that is about somebody does."""
        return name in _STOP.split(self.body[:_BEGINNING], maxsplit=1)[0]


def names(article: Article, language: str, usable: Callable[[str], bool]) -> Iterator[str]:
    """The article's own names and nouns that are usable, the most telling first.

    Where the title has a name or a pair of words, no single noun comes; of the others one.
    """
    text = Text.of(article, language)
    proper = list(filter(usable, (*_by_pattern(text), *_proper(text))))
    acronyms = list(filter(usable, _acronyms(text)))
    pairs = (pair for pair in pairs_of(text.title, text.body, text.known, text.own) if text.titled(pair))
    titled = [*filter(text.titled, acronyms), *_head(text), *filter(text.titled, proper), *_quotes(text), *pairs]
    titled = list(filter(usable, titled))
    yield from (*titled, *acronyms)
    if titled:
        return
    people = _people(text)
    things = [name for name in proper if name not in people or text.leads(name)]
    below = [name for name in things if text.body.count(name) > 1 or text.leads(name)]
    below = below or [*islice(filter(usable, about(text.title, text.body, text.known, text.own)), 1)]
    yield from below
    if not below:
        yield from filter(usable, pairs_of("", text.body, text.known, text.own))
        near = [name for name in things if fold(name) in fold(text.lead)]  # what is named once, further down, is it not
        nouns = list(filter(usable, repeated(text.body, text.known, text.own)))
        again = [noun for noun in nouns if fold(text.body).count(fold(noun)) > 1]
        whole = [next((name for name in near if inside(noun, (name,))), noun) for noun in again[:1]]
        yield from (*whole, *near) or nouns[:1] or things


def _acronyms(text: Text) -> Iterator[str]:
    """Acronyms of the title, and those that come again in the text; no word of a line that shouts."""
    found = Counter[str]()
    for line in ("" if text.shouts else text.title, *text.body.split("\n")):
        shouted = len(_SHOUTING.findall(line)) > _FEW * len(_ACRONYM.findall(line)) or line.upper() == line
        beside = re.compile(r"[A-ZÀ-ÞА-ЯЁ]{2,} [A-ZÀ-ÞА-ЯЁ]{2,}")
        if not shouted:
            found.update(name for name in _ACRONYM.findall(beside.sub(" ", line)))
    for name, count in found.most_common():
        if (count > 1 or (name in text.title and not text.shouts)) and not is_hollow(name, text.own):
            yield name


def _head(text: Text) -> Iterator[str]:
    """What stands before the title's colon, where it is a name of two or three words: "Legal line: no calls today"."""
    found = _HEAD.match(text.title)
    parts = found[1].split() if found and any(char.islower() for char in found[1]) else []
    small = text.known.stop | text.known.ends | text.known.negations
    plain = [part for part in parts if fold(part) not in small]
    if not (_FEW <= len(parts) <= _MOST_WORDS and len(plain) > 1 and parts[0] in plain):
        return
    told = all(len(part) > _FEW and part.isalpha() and fold(part) not in text.own.days for part in plain)
    known = any(re.search(rf"(?<!\w){re.escape(fold(part))}(?!\w)", fold(text.body)) for part in plain)
    if told and known and not all(is_hollow(part, text.own) for part in plain):
        yield " ".join(parts)


def _quotes(text: Text) -> Iterator[str]:
    """The title of a work: a few words in quotation marks that stand in title and text."""
    for found in _QUOTED.findall(text.title):
        told = found.strip(" .,!?\u00a0")
        wide = bool(_WIDE.search(told)) and len(told) <= _WIDE_QUOTE
        whole = 1 < len(told.split()) <= _MOST_WORDS and not set(fold(told).split()) & text.known.nots
        if (wide or whole) and fold(told) in fold(text.body):
            yield told


def _by_pattern(text: Text) -> Iterator[str]:
    """Names that a script without capitals tells by the word beside them: "…町", "وادي …"."""
    if text.own.proper:
        found = Counter(one[0].strip() for one in text.own.proper.finditer(f"{text.title}\n{text.body}"))
        yield from sorted(found, key=lambda name: (not text.titled(name), -found[name]))


def _proper(text: Text) -> Iterator[str]:
    """Names of several words, and places, that have their capital inside a sentence."""
    every = text.found
    often = Counter(one.text for one in every if " " in one.text)
    found = [one for one in every if not one.begins or often[one.text] > 1]
    if _is_told_by_capitals(text):
        found += [one for one in _capitalized(text.title, text) if not one.begins and _capitals(one.text) > 1]
    counted = Counter(one.text for one in found)
    people = {part for name in counted if " " in name for part in name.split()}
    weights: dict[str, float] = {}
    for one in found:
        name, capitals = one.text, _capitals(one.text)
        place = fold(one.before) in text.own.where and name not in people
        told = text.titled(name) or counted[name] > 1
        if (
            capitals > _MOST_WORDS + (len(name) <= _SHORT)
            or (capitals == 1 and not (place and told))
            or name.upper() == name
        ):
            continue
        if text.known.code == "de" and " " in name and _is_plain_german(name):
            continue
        weight = 4.0 * text.titled(name) + min(counted[name], 3) + 2.0 * (fold(name) in fold(text.lead)) + place
        weights[name] = max(weights.get(name, 0.0), weight)
    yield from sorted(weights, key=lambda name: -weights[name])


def _is_told_by_capitals(text: Text) -> bool:
    """Whether a capital inside the title means a name: it doesn't shout, nor gives every word one."""
    capitals = [word[0].isupper() for word in re.findall(r"[^\W\d_]{2,}", text.title)]
    return text.known.code != "de" and bool(capitals) and sum(capitals) * _FEW <= len(capitals)


def _people(text: Text) -> frozenset[str]:
    """Names of somebody who speaks or has a role, and that no article or place's preposition stands before."""
    heads = text.own.heads or text.own.articles | text.own.where
    found = [one for one in text.found if " " in one.text]
    headed = {one.text for one in found if fold(one.before) in heads}
    voice = text.known.voice
    somebody = {
        one.text
        for one in found
        if one.begins or _ROLE.match(one.around[1]) or any(voice.search(part) for part in one.around)
    }
    return frozenset(somebody - headed)


def _capitals(name: str) -> int:
    return len([part for part in re.split(r"[\s’'‑–-]+", name) if part[:1].isupper()])


def _is_plain_german(name: str) -> bool:
    """In German, where every noun has a capital, small words join nouns as well as names."""
    return any(part.islower() for part in name.split())


def _capitalized(body: str, text: Text) -> Iterator[Found]:
    """Runs of words with capitals, with the small words that join them: "Museo del Barro", "Council of Europe"."""
    tokens = list(_TOKEN.finditer(body))
    at = 0
    while at < len(tokens):
        if not _is_capital(tokens[at][0], text):
            at += 1
            continue
        end = _run(tokens, at, body, text)
        start = tokens[at].start()
        begins = start == 0 or bool(_BEGINS.search(body[max(0, start - 6) : start]))
        name = re.sub(r"\s+", " ", body[start : tokens[end].end()].rstrip("."))
        if not (text.known.code == "de" and "-" in name):
            around = (body[max(0, start - _NEAR) : start], body[tokens[end].end() : tokens[end].end() + _NEAR])
            yield Found(name, begins, tokens[at - 1][0] if at else "", around)
        at = end + 1


def _run(tokens: list[re.Match[str]], at: int, body: str, text: Text) -> int:
    """The last token of the name that begins at a token."""
    end = at
    while True:
        ahead = end + 1
        while ahead < len(tokens) and ahead - end <= _FEW and fold(tokens[ahead][0]) in text.own.linking:
            if not _joins(body, tokens[ahead - 1], tokens[ahead]):
                return end
            ahead += 1
        if ahead >= len(tokens) or not _joins(body, tokens[ahead - 1], tokens[ahead]):
            return end
        if not _is_capital(tokens[ahead][0], text, inside=True):
            return end
        end = ahead


def _joins(body: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether nothing but a blank or an apostrophe parts two words."""
    between = body[one.end() : other.start()]
    if between in (" ", "\u00a0"):
        return not one[0].endswith(".")
    return between in ("’", "'") and len(other[0]) > 1


def _is_capital(token: str, text: Text, *, inside: bool = False) -> bool:
    """Whether a word may begin a name, or go on with it."""
    word = token.rstrip(".")
    small = text.known.stop | text.own.titles | (frozenset() if inside else text.own.days)
    if text.known.code == "de" and is_hollow(word, text.own):
        return False
    if len(word) < _FEW or not word[0].isupper() or fold(word) in small:
        return False
    return not (word.isupper() and len(word) > _LONGEST_CAPITALS)
