"""What a piece tells: days, hours, figures, names, pleas, as marks with a weight each, told once however often said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crosspost.compose.clean import fold
from crosspost.compose.facts import dates, hours
from crosspost.compose.kind import Kind
from crosspost.compose.pool import Form, Piece
from crosspost.compose.words import Words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,  \u00a0\u202f]\d{3})*(?:[.,]\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME = re.compile(r"(?:(?<=[^\W\d] )|(?<=[,;] )|(?<=['’]))([^\W\d_]\w+)")
_ZONE = re.compile(r"\b(?:UTC|GMT|CET|CEST|EST|EDT|PST|PDT|BST|EAT|IST|NZDT|JST)\b")
_STEM = 6  # letters of a word that count
_LONG = 4  # letters of a word that tells something
_NAMES = 4  # of one piece that count: a long list of them isn't what a reader wants first
_BREATH = 320  # characters of a sentence that a reader follows
_OFTEN = 3  # blocks that a word is in, and it is what the article is about
_QUOTES = re.compile(r"[“„«\"]")

# What one mark is worth. A story's kind makes some of them weightier.
WEIGHTS = {
    "status": 5.0,
    "change": 1.2,
    "deadline": 2.4,
    "ask": 1.6,
    "plea": 1.2,
    "place": 0.8,
    "when": 1.4,  # that it names a day at all
    "date": 1.0,
    "hour": 0.7,
    "zone": 0.4,
    "figures": 0.8,  # that it has a figure at all
    "number": 0.5,
    "name": 0.35,
    "title": 0.9,
    "topic": 0.35,
    "not": 0.9,
    "word": 0.08,
}
_MORE: dict[Kind, dict[str, float]] = {
    Kind.EVENT: {"when": 2.5, "date": 1.5, "hour": 1.5, "place": 2.0, "ask": 1.2},
    Kind.REGISTER: {"deadline": 1.8, "when": 1.8, "ask": 1.5},
    Kind.CALL: {"deadline": 1.8, "ask": 1.4, "when": 1.3},
    Kind.NOTE: {"when": 1.5, "date": 1.5},
    Kind.LETTER: {"ask": 2.0, "plea": 2.5, "not": 1.5, "deadline": 1.3},
    Kind.CAMPAIGN: {"ask": 1.6, "deadline": 1.5, "when": 1.3},
    Kind.REPORT: {"figures": 1.6, "number": 1.3, "not": 1.2},
    Kind.RECAP: {"figures": 1.4, "number": 1.2},
    Kind.THANKS: {"figures": 1.5, "number": 1.2, "ask": 1.3},
    Kind.OBITUARY: {"when": 1.3, "name": 1.2},
}


_PLANNED = frozenset((Kind.EVENT, Kind.REGISTER, Kind.NOTE, Kind.CALL))


@dataclass(frozen=True, slots=True)
class Worth:
    """The marks of a piece, and what its place and form add or take."""

    marks: tuple[tuple[str, float], ...]
    bonus: float
    names: frozenset[str]

    def has(self, *names: str) -> bool:
        """Whether one of these kinds of mark is among them."""
        return not self.names.isdisjoint(names)


@dataclass(frozen=True, slots=True)
class Scale:
    """What marks weigh in one article."""

    known: Words
    kind: Kind
    title: frozenset[str]
    topics: frozenset[str]
    lead: int = 0  # the block that the news begins in
    off: bool = False  # the title says that it is off, moved or full

    def weight(self, mark: str) -> float:
        """The weight of one mark."""
        name = mark.split(":", 1)[0]
        return WEIGHTS[name] * _MORE.get(self.kind, {}).get(name, 1.0)

    def worth(self, piece: Piece, place: float) -> Worth:
        """The worth of a piece; `place` is 0 for the article's first and 1 for its last."""
        told = self.marks(piece.text, first=piece.block == self.lead)
        marks = tuple((mark, self.weight(mark)) for mark in dict.fromkeys(told))
        names = frozenset(mark.split(":", 1)[0] for mark, _ in marks)
        return Worth(marks, self._bonus(piece, place), names)

    def _bonus(self, piece: Piece, place: float) -> float:
        bonus = 0.4 - 1.3 * place
        if piece.form is Form.LINE:
            return 0.6
        if piece.form is Form.LIST:
            return bonus + (5.0 if self.kind is Kind.LIST else 0.0)
        if piece.leads:
            bonus += 2.6
        elif piece.block == self.lead:
            bonus += 0.6
        if piece.text.rstrip()[-1:] in "?؟？":
            bonus -= 1.6
        if len(piece.text) > _BREATH:
            bonus -= (len(piece.text) - _BREATH) / 80
        if _QUOTES.search(piece.text):
            bonus -= 0.6 if self.known.voice.search(piece.text) else 1.4
        return bonus

    def marks(self, text: str, *, first: bool = False) -> Iterator[str]:
        """Everything that a text tells, as names with a key ("date:9 may")."""
        known = self.known
        found_dates = dates(text, known.code)
        if found_dates:
            yield "when"
        yield from (f"date:{date}" for date in found_dates)
        yield from (f"hour:{hour}" for hour in hours(text))
        yield from (f"zone:{zone}" for zone in _ZONE.findall(text))
        if known.deadline.search(text) and (found_dates or hours(text)):
            yield "deadline"
        if known.status.search(text) and not known.condition.search(text):
            yield self._change(text, first=first)
        for name, pattern in (("ask", known.ask), ("plea", known.plea), ("place", known.place)):
            if pattern.search(text):
                yield name
        yield from self._figures(text, found_dates)
        yield from self._words(text)

    def _change(self, text: str, *, first: bool) -> str:
        """A status where this very story's event is off, moved or full, else a change: something of it is."""
        own = self.kind in _PLANNED and not self.title.isdisjoint(stems(text, self.known))
        return "status" if self.off or own or first else "change"

    def _figures(self, text: str, found_dates: tuple[str, ...]) -> Iterator[str]:
        said = " ".join((*found_dates, *hours(text)))
        numbers = [
            found
            for found in _NUMBER.findall(text)
            if not _YEAR.fullmatch(found) and not re.search(rf"\b{re.escape(found)}\b", said)
        ]
        if any(len(number) > 1 for number in numbers):
            yield "figures"
        yield from (f"number:{number}" for number in numbers)

    def _words(self, text: str) -> Iterator[str]:
        if self.known.code != "de":  # where every noun has a capital, none tells a name
            names = (found[1] for found in _NAME.finditer(text) if found[1][0].isupper())
            telling = (name for name in names if fold(name) not in self.known.stop | self.known.months)
            yield from (f"name:{stem(name)}" for name in islice(telling, _NAMES))
        denied = counted = False
        for word in _WORD.findall(text):
            folded = fold(word)
            if folded in self.known.nots or folded.endswith("n't"):
                denied = True
                continue
            if folded in self.known.stop or folded in self.known.months or len(folded) < _LONG:
                continue
            root = stem(folded)
            if denied and not counted:
                yield f"not:{root}"  # once a piece: a sentence with two of them says no more than another
                counted = True
            yield f"title:{root}" if root in self.title else f"topic:{root}" if root in self.topics else f"word:{root}"


def stem(word: str) -> str:
    """The beginning of a word, which its forms share."""
    folded = fold(word)
    return folded.removesuffix("s")[:_STEM]


def stems(text: str, known: Words) -> frozenset[str]:
    """The stems of the words that tell something."""
    found = (fold(word) for word in _WORD.findall(text))
    return frozenset(stem(word) for word in found if len(word) >= _LONG and word not in known.stop | known.months)


def scale(title: str, texts: tuple[str, ...], terms: tuple[str, ...], known: Words, kind: Kind) -> Scale:
    """The scale of an article: `texts` are its blocks."""
    counted = Counter(root for text in texts for root in stems(text, known))
    often = frozenset(root for root, count in counted.items() if count >= _OFTEN)
    topics = often | stems(" ".join(terms), known)
    return Scale(known, kind, stems(title, known), topics, off=bool(known.status.search(title)))
