"""What a piece tells: days, hours, figures, names, pleas, as marks with a weight each, told once however often said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from crosspost.compose.clean import fold
from crosspost.compose.facts import dates, hours
from crosspost.compose.kind import NAMES, Kind
from crosspost.compose.patterns import NEVER
from crosspost.compose.pieces import Form, Piece
from crosspost.compose.stems import root_of, stem, stems
from crosspost.compose.tokens import FULL_NAME, tokens
from crosspost.compose.words import Words

_NUMBER = re.compile(r"\d+(?:[.,  \u00a0\u202f]\d{3})*(?:[.,]\d+)?")
_MONEY = re.compile(
    r"[€$£₹]\s?\d|\d[ \u00a0]?(?:[€$£%₽]|(?:euro|pound|dollar|franc|peso|real|reais|krona|kronor|руб)s?\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d[ \u00a0\u202f]?[%٪％]")
_OF = re.compile(r"\b(\w+)(?= ((?:[^\W\d]{1,5} ){1,3})\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME = re.compile(r"(?:(?<=[^\W\d] )|(?<=[,;] )|(?<=['’]))([^\W\d_]\w+)")
_ZONE = re.compile(r"\b(?:UTC|GMT|CET|CEST|EST|EDT|PST|PDT|BST|EAT|IST|NZDT|JST)\b")
_NAMES = 4  # of one piece that count: a long list of them isn't what a reader wants first
_BREATH = 320  # characters of a sentence that a reader follows
_BEGINNING = 3  # blocks
_SHARED = 2
_OFTEN = 3  # blocks that a word is in, and it is what the article is about
_QUOTES = re.compile(r"[“„«\"]")
_QUOTATION = re.compile(r"[“„«\"][^”“»\"]*[”“»\"]")
_DAYS_BEFORE = re.compile(r"(?:\b\d{1,2}\w{0,2}\.?\s?(?:[–—/,-]|&|\w{1,3})?\s?)+(?=\0)")  # "16 and" of "16 and 17 May"
_PHONE = re.compile(r"(?:\+|\b0)\d[\d ()./-]{6,}\d")
_NEAR = 2  # words
_A_NAME = 6  # words of a name or title in quotation marks

# What one mark is worth. A story's kind makes some of them weightier.
WEIGHTS = {
    "status": 5.0,
    "change": 0.9,
    "moved": 1.0,  # and when it takes place instead
    "deadline": 2.4,
    "ask": 1.6,
    "plea": 1.2,
    "place": 0.2,
    "fee": 0.4,  # what it costs, and who may come
    "when": 1.4,  # that it names a day at all
    "date": 1.0,
    "hour": 0.7,
    "zone": 0.4,
    "figures": 0.8,  # that it has a figure at all
    "number": 0.4,
    "share": 1.0,  # "eleven of the 64", "38 %"
    "few": 0.2,  # two to twelve, as a word
    "name": 0.35,
    "title": 0.9,
    "topic": 0.35,
    "not": 0.7,
    "signed": 0.9,
    "core": 0.3,  # that it says in the kind's own words what the story is: "thank you", "has died"
    "person": 0.2,  # whom an interview or an obituary is about
    "word": 0.08,
}
_MORE: dict[Kind, dict[str, float]] = {
    Kind.EVENT: {
        "deadline": 1.3,
        "when": 3.0,
        "date": 1.5,
        "hour": 1.5,
        "place": 8.0,
        "ask": 1.2,
        "change": 2.5,
        "fee": 2.0,
    },
    Kind.REGISTER: {"place": 4.0, "deadline": 1.8, "when": 1.8, "ask": 1.5, "change": 2.5, "fee": 2.0},
    Kind.CALL: {"place": 4.0, "deadline": 1.8, "ask": 1.4, "plea": 1.4, "when": 1.3, "figures": 1.3, "fee": 2.0},
    Kind.NOTE: {"place": 4.0, "when": 1.5, "date": 1.5, "fee": 2.0},
    Kind.LETTER: {"core": 5.0, "ask": 2.0, "plea": 2.5, "not": 1.5, "deadline": 1.3, "signed": 2.0},
    Kind.CAMPAIGN: {"place": 4.0, "ask": 1.6, "deadline": 1.5, "when": 1.9, "date": 1.3},
    Kind.REPORT: {"share": 2.0, "core": 5.0, "figures": 1.6, "number": 1.3, "not": 1.2},
    Kind.RECAP: {"figures": 1.4, "number": 1.2},
    Kind.THANKS: {"figures": 1.5, "number": 1.2, "ask": 1.3, "core": 10.0},
    Kind.OBITUARY: {"name": 1.2, "core": 10.0, "person": 5.0, "ask": 0.5, "plea": 0.5},
    Kind.INTERVIEW: {"person": 18.0},
    Kind.LIST: {"deadline": 1.8, "when": 1.5},
    Kind.VIDEO: {"core": 4.0},
}


LINED = frozenset((Kind.EVENT, Kind.REGISTER, Kind.NOTE, Kind.CALL, Kind.CAMPAIGN, Kind.LIST))
_TELLING = ("when", "hour", "place", "deadline", "status", "ask")  # what makes a line of any story worth its place
_LEAD = 2.6  # what the first sentence of the news gains
# A letter's beginning asks nothing yet, a list is its items, an obituary is who died.
_LEADS = {Kind.LETTER: 1.6, Kind.LIST: 1.6, Kind.OBITUARY: 4.0}
_FINDING = frozenset((Kind.REPORT, Kind.NEWS, Kind.RECAP))
_SUMS = 3.4  # what "in short" gains
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
    people: frozenset[str] = frozenset()  # whom it is about, by their full names
    lead: int = 0  # the block that the news begins in
    news: int = -1  # the sentence of that block that tells the news, where the first only sets a scene
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
        return Worth(marks, self._bonus(piece, place, telling=not names.isdisjoint(_TELLING)), names)

    def _bonus(self, piece: Piece, place: float, *, telling: bool) -> float:
        bonus = 0.4 - 1.3 * place
        if piece.form is Form.LINE:
            return 0.6 if self.kind in LINED or telling else -1.6  # one line of a table tells nothing
        if piece.form is Form.LIST:
            demand = 4.0 if self.kind is Kind.LETTER else 1.5  # what is asked for, whole
            bonus += 3.0 * (self.kind is Kind.INTERVIEW)  # one question with its answer
            bonus += demand * bool(self.known.plea.search(piece.text))
            return bonus + (5.0 + 1.2 * piece.text.count("•") if self.kind is Kind.LIST else 0.0)
        bonus += self._place_bonus(piece)
        if piece.text.rstrip()[-1:] in "?؟？":
            bonus -= 1.6
        if len(piece.text) > _BREATH:
            bonus -= (len(piece.text) - _BREATH) / 80
        if self.known.own.search(_QUOTATION.sub(" ", piece.text)):
            bonus -= 3.0  # an organisation's page doesn't say "I"
        if _speaks(piece.text) and not (self.kind is Kind.LETTER and piece.wide):  # there it is the letter that speaks
            bonus -= 0.6 if self.known.voice.search(piece.text) else 1.4
        return bonus

    def _place_bonus(self, piece: Piece) -> float:
        """What a sentence gains by standing where news stands."""
        if piece.at == self.news:
            return 3.6
        if not piece.leads and self.known.summing.search(piece.text):
            return _SUMS
        if piece.leads and len(stems(piece.text, self.known)) <= _SHARED and not _NUMBER.search(piece.text):
            return 0.0  # "Thank you, and thank you again."
        if piece.leads:
            return -0.5 if self.news >= 0 else _LEADS.get(self.kind, _LEAD)  # it may only set a scene
        if piece.key and self.kind in _FINDING:
            return 2.4
        return (1.5 if self.kind is Kind.OBITUARY else 0.6) * (piece.block == self.lead)

    def marks(self, text: str, *, first: bool = False) -> Iterator[str]:
        """Everything that a text tells, as names with a key ("date:9 may")."""
        known = self.known
        found_dates = dates(text, known.code)
        if found_dates:
            yield "when"
        yield from (f"date:{date}" for date in found_dates)
        yield from (f"hour:{hour}" for hour in hours(text))
        yield from (f"zone:{zone}" for zone in _ZONE.findall(text))
        if (found_dates or hours(text)) and _is_due(text, known):
            yield "deadline"
        off = known.status.search(text)
        if off and not known.condition.search(text):
            name = self._change(text, first=first)
            goes_on = name == "status" and _is_denied(text, off, known)
            yield "status:not" if goes_on else name  # what isn't off while the rest is
            if found_dates and not any(fold(word) in known.nots for word in tokens(text)):
                yield "moved"
        core = known.kinds.get(NAMES[self.kind], NEVER) if "core" in _MORE.get(self.kind, {}) else NEVER
        ask = known.refund if known.refund.search(text) else known.ask
        asked = (("ask", ask), ("place", known.place), ("core", core))
        yield from (name for name, pattern in asked if pattern.search(text))
        yield from (f"fee:{found[0].casefold()}" for found in known.fee.finditer(text))
        plea = known.plea.search(text)
        if plea and (self.kind is Kind.LETTER or not _is_denied(text, plea, known)):
            yield "plea"
        if known.signed.search(text) and re.search(r"\d", text):
            yield "signed"
        yield from (f"person:{name}" for name in self.people if name in text)
        yield from self._figures(text, found_dates)
        yield from self._words(text)

    def _change(self, text: str, *, first: bool) -> str:
        """A status where this very story's event is off, moved or full, else a change: something of it is."""
        own = self.kind in _PLANNED and not self.title.isdisjoint(stems(text, self.known))
        return "status" if self.off or own or first else "change"

    def _figures(self, text: str, found_dates: tuple[str, ...]) -> Iterator[str]:
        beside = _beside(text, found_dates)
        numbers = [found for found in _NUMBER.findall(beside) if not _YEAR.fullmatch(found)]
        counts = [found[0] for found in self.known.counts.finditer(text)]
        if counts or any(len(number) > 1 for number in numbers) or _MONEY.search(text):
            yield "figures"
        if self.kind in _FINDING and self._is_share(beside):
            yield "share"
        yield from (f"number:{number.casefold()}" for number in (*numbers, *counts))
        yield from (f"few:{found[0].casefold()}" for found in self.known.numbers.finditer(text))

    def _is_share(self, text: str) -> bool:
        """Whether it tells a part of a whole: "eleven of the 64", "38 %"."""
        known, small = self.known, self.known.stop
        parts = ((found[1], found[2].split()) for found in _OF.finditer(text))
        return bool(_PERCENT.search(text)) or any(
            (part[0].isdigit() or known.numbers.fullmatch(part) or known.counts.fullmatch(part))
            and small.issuperset(of)
            for part, of in parts
        )

    def _words(self, text: str) -> Iterator[str]:
        if self.known.code != "de":  # where every noun has a capital, none tells a name
            names = (found[1] for found in _NAME.finditer(text) if found[1][0].isupper())
            telling = (name for name in names if fold(name) not in self.known.stop | self.known.months)
            yield from (f"name:{stem(name)}" for name in islice(telling, _NAMES))
        denied = counted = False
        for word in tokens(text):
            folded = fold(word)
            if folded in self.known.nots or folded.endswith("n't"):
                denied = True
                continue
            root = root_of(word, self.known.code)
            if not root:
                continue
            if denied and not counted:
                yield f"not:{root}"  # once a piece: a sentence with two of them says no more than another
                counted = True
            yield f"title:{root}" if root in self.title else f"topic:{root}" if root in self.topics else f"word:{root}"


def _is_due(text: str, known: Words) -> bool:
    """Whether it names a last day that isn't a condition's: "we refund the fee if you cancel by 9 May"."""
    if known.refund.search(text):
        return False
    for due in known.deadline.finditer(text):
        conditions = list(known.condition.finditer(text, 0, due.start()))
        if not conditions or re.search(r"[,;:–—]", text[conditions[-1].end() : due.start()]):
            return True
    return False


def _is_denied(text: str, found: re.Match[str], known: Words) -> bool:
    """Whether a "no longer" or the like stands right before what was found, or in it."""
    return any(fold(word) in known.nots for word in (*list(tokens(text[: found.start()]))[-_NEAR:], *tokens(found[0])))


def _beside(text: str, found_dates: tuple[str, ...]) -> str:
    """The text without its days, hours and phone numbers: what is left of "16 and 17 May, 19h30" counts nothing."""
    left = fold(text)
    for said in (*found_dates, *hours(text)):
        left = left.replace(said, "\0")
    return _PHONE.sub(" ", _DAYS_BEFORE.sub(" ", left))


def _speaks(text: str) -> bool:
    """Whether it quotes what somebody said, not a name or a title alone: "the campaign «A book for every shelf»"."""
    if _QUOTES.match(text):
        return True
    left = _QUOTATION.sub(lambda found: "" if len(found[0].split()) <= _A_NAME else found[0], text)
    return bool(_QUOTES.search(left))


def scale(title: str, texts: tuple[str, ...], terms: tuple[str, ...], known: Words, kind: Kind) -> Scale:
    """The scale of an article: `texts` are its blocks."""
    counted = Counter(root for text in texts for root in stems(text, known))
    often = frozenset(root for root, count in counted.items() if count >= _OFTEN)
    topics = often | stems(" ".join(terms), known)
    people = frozenset(_people(title, texts, terms)) if kind in (Kind.INTERVIEW, Kind.OBITUARY) else frozenset()
    return Scale(known, kind, stems(title, known), topics, people, off=bool(known.status.search(title)))


def _people(title: str, texts: tuple[str, ...], terms: tuple[str, ...]) -> Iterator[str]:
    """Whom an article is about: full names among its terms, else in its title, else the first in its text."""
    beginning = " ".join((title, *texts[:_BEGINNING]))
    tagged = [term for term in terms if FULL_NAME.fullmatch(term) and term in beginning]
    titled = [name for name in FULL_NAME.findall(title) if name in " ".join(texts)]
    first = [name for text in texts[:_BEGINNING] for name in FULL_NAME.findall(text)[:_NAMES]]
    told = set(title.split())
    yield from [name for name in tagged if told & set(name.split())] or titled or tagged or first[:1]


def news_of(pieces: tuple[Piece, ...], measure: Scale) -> int:
    """Which sentence of the beginning tells the news: by `at`; -1 where the first does.

    One that shares hardly a word with the title sets a scene, where another soon after it shares two more. An
    obituary's is the one that says who has died.
    """
    known, lead = measure.known, measure.lead
    told = [piece for piece in pieces if piece.form is Form.SENTENCE and piece.block >= lead]
    if measure.kind is Kind.OBITUARY:
        died = known.kinds.get(NAMES[measure.kind], NEVER)
        at = next((piece.at for piece in told if died.search(piece.text)), -1)
        return at if told and at > told[0].at else -1
    shared = {
        piece.at: len(stems(piece.text, known) & measure.title) for piece in told if piece.block < lead + _BEGINNING
    }
    if not shared:
        return -1
    shared |= {piece.at: 0 for piece in pieces if piece.leaning and piece.at in shared}
    best = max(shared, key=lambda at: (shared[at], -at))
    return best if shared[best] >= shared[min(shared)] + _SHARED and shared[min(shared)] <= 1 else -1
