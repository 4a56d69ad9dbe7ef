"""Which hashtags a post gets: the campaign's always, then the map's, then the article's own terms, else its names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from crosspost.compose.clean import fold
from crosspost.compose.names import names
from crosspost.compose.tagwords import is_hollow, tag_words
from crosspost.compose.terms import View, inside, is_again, is_drawer, is_section, points, says_less, stands_in
from crosspost.compose.words import words
from crosspost.core.entry import Article
from crosspost.core.policy import TagRules
from crosspost.core.post import Tag

MAX_LETTERS = 32  # a longer tag is a sentence that nobody can read
MAX_WORDS = 5
_FEWEST_LETTERS = 3  # "#UN" is one, "#Lã" could be anything
_ACRONYM_LETTERS = 7  # "UNESCO", "MINUSCA"; a longer word in capitals is shouting


def choose_tags(article: Article, rules: TagRules, language: str) -> tuple[Tag, ...]:
    """The campaign's tags, then topical ones up to `rules.max` in all; none twice by case or accents."""
    own = rules.for_language(language)
    chosen: dict[str, Tag] = {}
    for fixed in own.campaign:
        chosen.setdefault(_key(fixed), Tag(_signed(fixed), "campaign"))
    for tag in _topical(article, own, language, tuple(chosen)):
        if len(chosen) >= max(own.max, len(own.campaign)):
            break
        if not _is_taken(tag.tag, tuple(chosen)):
            chosen[_key(tag.tag)] = tag
    return tuple(chosen.values())


def hashtag(term: str) -> str:
    """A term as a hashtag: CamelCase, "_" between words of scripts without capitals; "" if it can't be one."""
    term = re.sub(r"(?<=[a-z])['’]s\b", "s", term)
    parts = [part for part in re.split(_BETWEEN, term.replace("\u200c", "_").replace("\u200d", "")) if part]
    parts = [part for part in (_letters(part) for part in parts) if part]
    if not parts or len(parts) > MAX_WORDS:
        return ""
    cased = any(char.isupper() or char.islower() for char in term)
    body = "".join(_capital(part) for part in parts) if cased else "_".join(parts)
    body = unicodedata.normalize("NFC", body).strip("_")
    valid = any(unicodedata.category(char)[0] == "L" for char in body) and 1 < len(body) <= MAX_LETTERS
    if cased and len(body) < _FEWEST_LETTERS and not (body.isupper() and body.isascii()):
        return ""
    return f"#{body}" if valid and unicodedata.category(body[0])[0] != "M" else ""


_BETWEEN = re.compile(r"[\s\-‐‑–—/'’ʼ.,:;·&+|()«»“”\"]+")


def _letters(part: str) -> str:
    return "".join(char for char in part if unicodedata.category(char)[0] in "LM" or char.isdecimal() or char == "_")


def _capital(part: str) -> str:
    if part.isupper() and len(part) > _ACRONYM_LETTERS:
        part = part.lower()
    head = part[:1].upper()
    return (head if len(head) == 1 else part[:1]) + part[1:]  # "ß" has no capital of one letter


def _signed(tag: str) -> str:
    return unicodedata.normalize("NFC", tag if tag.startswith("#") else f"#{tag}")


def _key(tag: str) -> str:
    return re.sub("[#_\u064b-\u0652]", "", fold(tag))


def _is_taken(tag: str, keys: tuple[str, ...]) -> bool:
    return any(is_again(_key(tag), key) for key in keys)


def _topical(article: Article, rules: TagRules, language: str, taken: tuple[str, ...]) -> Iterator[Tag]:
    """The map's tags, the article's own terms, its names where it has none, and at last the terms of a section."""
    view = View.of(article)
    terms = {fold(term): term for term in article.terms}
    for phrase, tag in rules.map.items():
        known = fold(phrase)
        if known in terms or stands_in(known, view.title) or stands_in(known, view.body):
            yield Tag(_signed(tag), f"map:{phrase}")
    ignored = {fold(term) for term in rules.ignore}
    mapped = {fold(phrase) for phrase in rules.map}
    usable = [term for folded, term in terms.items() if folded not in ignored | mapped and not is_drawer(term)]
    tags = {term: tag for term in usable if (tag := hashtag(term)) and not _is_taken(tag, taken)}
    section = {term for term in tags if is_section(term, view)}
    wasted = {term for term in tags if any(says_less(term, one) for one in rules.campaign)}
    spoken = [term for term in tags if term not in section | wasted and view.speaks_of(fold(term))]
    silent = [term for term in tags if term not in section | wasted and term not in spoken]
    yield from _ranked(spoken, tags, view)
    yield from _ranked(silent, tags, view)
    if not spoken and not silent:
        yield from _ranked([term for term in tags if term in wasted - section], tags, view)
    if not spoken and wasted <= section:
        yield from _names(article, rules, language, taken)
    if len(section) == len(tags):
        yield from _ranked(list(tags), tags, view)


def _ranked(some: list[str], tags: dict[str, str], view: View) -> Iterator[Tag]:
    """Terms as tags, the most telling first; one that another says with more words comes after all others."""
    others = tuple(some)
    for term in sorted(some, key=lambda term: (inside(term, others), -points(term, tags[term], view))):
        yield Tag(tags[term], f"term:{term}")


def _names(article: Article, rules: TagRules, language: str, taken: tuple[str, ...]) -> Iterator[Tag]:
    """The names and nouns of an article that has no term for what it speaks of."""
    known, own = words(language), tag_words(language)
    refused = (
        known.stop | {fold(term) for term in rules.ignore} | {fold(term) for term in article.terms if is_drawer(term)}
    )

    def usable(name: str) -> bool:
        tag = hashtag(name)
        hollow = fold(name) in refused or is_drawer(name) or is_hollow(name, own)
        return bool(tag) and not hollow and not _is_taken(tag, taken)

    given: list[str] = []
    for name in names(article, language, usable):
        if name not in given and not inside(name, tuple(given)):
            given.append(name)
            yield Tag(hashtag(name), f"name:{name}")
