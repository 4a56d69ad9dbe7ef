"""An article's categories and tags: which name a drawer of the site, and which of the others says most."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crosspost.compose.clean import fold
from crosspost.compose.tagwords import all_tag_words
from crosspost.compose.words import generic_terms
from crosspost.core.entry import Article

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_PARTS = re.compile(r"[^\W_]+")
_CASES = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")  # Greek and Cyrillic words change their endings with the case
_CASE_STEM = 4  # letters that stay
_LEAD = 2  # blocks that say what it is about
_IN_TITLE, _IN_LEAD, _AGAIN, _MOST = 3.0, 1.5, 0.5, 4
_NAME, _PHRASE, _PLAIN, _COMMON = 2.5, 2.0, -2.0, -8.0
_WORDS, _LONG, _TOO_LONG = 3, 20, 1.5  # a tag of more words or letters is hard to read
_BY_NUMBER = frozenset(
    ("s", "es", "n", "en", "e", "x", "er", "r", "ar", "or")
)  # how nouns of languages with capitals end in the plural


@dataclass(frozen=True, slots=True)
class View:
    """An article as its terms are looked for in it: folded, and as it is written."""

    title: str
    lead: str
    body: str
    written: str

    @classmethod
    def of(cls, article: Article) -> View:
        """The view of an article."""
        texts = [block.text for block in article.blocks]
        body = "\n".join(texts)
        return cls(fold(article.title), fold("\n".join(texts[:_LEAD])), fold(body), f"{article.title}\n{body}")

    def speaks_of(self, folded: str) -> bool:
        """Whether title or text has it."""
        return any(stands_in(folded, text, plural=True) for text in (self.title, self.body))


def is_drawer(term: str) -> bool:
    """Whether it names a drawer of a site in any language: "News", "Vie du club", "Projects 2026", "Jobs & grants"."""
    folded = fold(term)
    generic, small = generic_terms(), all_tag_words()
    if folded in generic:
        return True
    parts = [word.removesuffix("'s") for word in _WORD.findall(folded)]
    parts = [
        piece
        for part in parts
        for piece in ([part] if part in generic or part in small.house else _PARTS.findall(part))
    ]
    said = [part for part in parts if part not in small.house and not part.isdigit()]
    if not small.news.isdisjoint(said):
        return True
    if said and all(part in small.days for part in said):
        return True
    if not said:
        return any(part.isdigit() for part in parts)
    return len(parts) > 1 and all(part in generic for part in said)


def is_section(term: str, view: View) -> bool:
    """Whether it is likely to name a drawer of this site's: "Outings" where the text has one outing, "Our Corner".

    One word has a capital and a plural that the text doesn't give it, or a term isn't spoken of and no tag
    that somebody typed in small letters.
    """
    folded = fold(term)
    if not view.speaks_of(folded):
        foreign = term.isascii() and not re.search(r"[a-z]{3}", view.title)  # the text says it in another script
        phrase = " " in term and term.upper() == term.lower()  # where no capital tells a category from a tag
        return not (term.islower() or term.isupper() or foreign or phrase)
    itself = any(stands_in(folded, text) for text in (view.title, view.body))
    return not itself and _has_lost_its_capital(term, view)


def _has_lost_its_capital(term: str, view: View) -> bool:
    """Whether the text has one word with a small letter mostly."""
    if len(term.split()) > 1 or not term[:1].isupper() or term.isupper():
        return False
    root = term[1:].removesuffix("s")
    small, big = (_whole(first + root, "s?") for first in (term[0].lower(), term[0]))
    return len(small.findall(view.written)) > len(big.findall(view.written))


def points(term: str, tag: str, view: View) -> float:
    """How much a term says of the article."""
    folded = fold(term)
    in_title = stands_in(folded, view.title, plural=True)
    count = view.body.count(folded.removesuffix("s"))
    found = _IN_TITLE * in_title + _IN_LEAD * stands_in(folded, view.lead, plural=True)
    found += _AGAIN * min(count, _MOST)
    words = len([part for part in re.split(r"[\s\-‐‑–—/'’]+", term) if len(part) > 1])
    named = term[:1].isupper() and term in view.written
    found += _NAME * named + _PHRASE * (words > 1 and not named) + _PLAIN * (words == 1 and term.islower())
    found -= _TOO_LONG * (max(0, words - _WORDS) + (len(tag) > _LONG))
    return found + _COMMON * _has_lost_its_capital(term, view)


def inside(one: str, others: Iterable[str]) -> bool:
    """Whether another term says all that this one does and more: "repair" beside "repair café"."""
    mine = stems(one)
    return any(mine < stems(other) for other in others)


def stems(term: str) -> frozenset[str]:
    """Its words, less the endings of number and case."""
    return frozenset(
        _stem(word) if _CASES.search(word) else word.removesuffix("s") for word in _PARTS.findall(fold(term))
    )


def says_less(term: str, tag: str) -> bool:
    """Whether a tag has all of a term's words among its own: "repair" beside "#RepairTheTown"."""
    folded = re.sub(r"[\W_]+", "", fold(term))
    if folded.upper() == folded:  # scripts without capitals
        return len(folded) > 1 and folded in fold(tag)
    pieces = stems(" ".join(re.findall(r"[^\W\d_A-ZÀ-ÞА-ЯЁ]+|[A-ZÀ-ÞА-ЯЁ]+(?:[^\W\d_A-ZÀ-ÞА-ЯЁ]+)?|\d+", tag)))
    return bool(folded) and stems(term) <= pieces


def is_again(one: str, other: str) -> bool:
    """Whether two folded tags are one word, in the singular and the plural."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > _CASE_STEM - 1 and long.startswith(short) and long[len(short) :] in _BY_NUMBER)


def _stem(word: str) -> str:
    """A word less the ending that its case may change."""
    return word[: -min(2, max(0, len(word) - _CASE_STEM))] if len(word) > _CASE_STEM else word


def stands_in(phrase: str, text: str, *, plural: bool = False) -> bool:
    """Whether the folded phrase stands in the folded text as whole words; with `plural` a final "s" is no matter.

    In scripts without capitals words grow prefixes ("والأمم") or have no blanks: there any place counts.
    """
    if not phrase:
        return False
    if (
        phrase in text
        and not any(char.islower() for char in phrase)
        and any(unicodedata.category(char) == "Lo" for char in phrase)
    ):
        return True
    if plural and _CASES.search(phrase):
        return bool(_any_case(phrase).search(text))
    stem = phrase.removesuffix("s") if plural and len(phrase) > _CASE_STEM else phrase
    return stem in text and bool(_whole(stem, "s?" if stem != phrase or plural else "").search(text))


@lru_cache(maxsize=1024)  # X and Facebook ask for the same words, and title and text too
def _whole(stem: str, ending: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(stem)}{ending}(?!\w)")


@lru_cache(maxsize=1024)
def _any_case(phrase: str) -> re.Pattern[str]:
    forms = r"[\s-]+".join(f"{re.escape(_stem(word))}\\w{{0,3}}" for word in re.split(r"[\s-]+", phrase) if word)
    return re.compile(rf"(?<!\w){forms}(?!\w)")
