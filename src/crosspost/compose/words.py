"""What the composer knows of a language: word lists and patterns, read once from compose/data."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from crosspost.compose.clean import fold
from crosspost.compose.patterns import NEVER, NO_LINES, Caseless, Lines, any_of, parted
from crosspost.compose.tokens import MARKS

_FOLDER = files("crosspost.compose").joinpath("data")
# A language is a file there, named by its two-letter code; those in light.toml are known less well.
LANGUAGES = tuple(sorted(file.name[:2] for file in _FOLDER.iterdir() if re.fullmatch(r"[a-z]{2}\.toml", file.name)))
_SETS = ("stop", "ends", "negations", "abbreviations", "closing", "numeric", "months", "generic", "nots", "others")
END = rf"(?![\w{MARKS}])"  # of a word: "\b" takes a vowel sign for one
_PATTERNS = (
    "condition", "status", "pointing", "tomorrow", "today", "deadline", "place", "voice", "salutation", "update",
    "signed", "findings",
    "joining",
    "addressed",
    "directed",
    "farewell",
    "demonstrative",
    "own",
    "errata",
    "about",
    "besides",
    "self",
    "late",
    "credit",
    "is_a",
    "addressee",
    "numbers",
    "counts",
    "fee",
    "summing",
    "courtesy",
    "refund",
    "they",
    "preamble",
    "tail",
    "opening",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Sets hold folded words; patterns are compiled, ignoring case.

    `stop`: frequent words that tell the language. `ends`: words no text may end on. `negations`: and limiters
    ("unless"); no cut stands before them. `abbreviations`: without their full stop; `closing` ones may end a
    sentence; `numeric` ones count before a number only. `ordinal_dot`: "8. März". `months`: full and short
    names. `leaning`: how a sentence begins that needs the one before it. `boilerplate`: blocks that are no
    news. `rest`: after such a block there is no news any more. `more`: "Continue reading". `stale`: words that
    are wrong tomorrow and may go. `generic`: terms that are no hashtags. `nots`: negations proper. `condition`:
    if and unless. `status`: cancelled, postponed, full. `calendar`: a month's number by each of its names.
    `tally`: one to twelve by their words.
    `pointing`: words that point to what was said before; `demonstrative`: so does "this", with its noun as the
    group. `ask`: what a reader is to do (the data's first line); `plea`: that somebody asks (the others).
    `deadline`, `place`: by when and where. `refund`: money comes back. `they`: "she", "they". `own`: says "I".
    `errata`: heads what was
    wrong before.
    `about`: heads what says who the organisation is; `besides`: a section that is no part of an article. `self`:
    how an organisation says what it is; `late`: what is no news in an article's second half, such as opening hours
    and thanks to sponsors; `credit`: what stands before a picture's author; `is_a`: after a writer's name.
    `voice`: says who speaks.
    `salutation`: a letter's; `addressee`: the line that says to whom it goes.
    `update`: the label of an update, with its colon. `signed`: that people signed. `findings`: headings of what
    a report found. `joining`: a word at a sentence's beginning that only joins it to the one before, and may go
    with no change to the rest; `preamble`: "We are sorry to tell you that". `others`: words of
    neighbouring languages that this one hasn't: they speak against it. `numbers`: two to twelve as words;
    `counts`: larger ones, halves, "twice". `fee`: what it costs and who may come. `summing`: how a sentence
    begins that says it all. `courtesy`: "we apologise", "see you there". `tail`: what a clause begins with, after
    a comma, that a sentence can do without; `opening`: what an adjunct does before a sentence's subject.
    `hours`: how an hour is written, beside 19:00. `kinds`: for each kind of story the words that speak for it.
    """

    code: str
    stop: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    numeric: frozenset[str] = frozenset()
    ordinal_dot: bool = False
    months: frozenset[str] = frozenset()
    leaning: Caseless = NEVER
    boilerplate: Lines = NO_LINES
    rest: Lines = NO_LINES
    more: Caseless = NEVER
    stale: Caseless = NEVER
    generic: frozenset[str] = frozenset()
    nots: frozenset[str] = frozenset()
    condition: Caseless = NEVER
    status: Caseless = NEVER
    calendar: Mapping[str, int] = field(default_factory=dict)
    tally: Mapping[str, int] = field(default_factory=dict)
    tomorrow: Caseless = NEVER
    today: Caseless = NEVER
    pointing: Caseless = NEVER
    ask: Caseless = NEVER
    plea: Caseless = NEVER
    deadline: Caseless = NEVER
    place: Caseless = NEVER
    voice: Caseless = NEVER
    salutation: Caseless = NEVER
    addressed: Caseless = NEVER
    directed: Caseless = NEVER
    farewell: Caseless = NEVER
    quotes: tuple[str, str] = ("“", "”")
    update: Caseless = NEVER
    signed: Caseless = NEVER
    findings: Caseless = NEVER
    joining: Caseless = NEVER
    demonstrative: Caseless = NEVER
    own: Caseless = NEVER
    errata: Caseless = NEVER
    about: Caseless = NEVER
    besides: Caseless = NEVER
    self: Caseless = NEVER
    late: Caseless = NEVER
    credit: Caseless = NEVER
    is_a: Caseless = NEVER
    addressee: Caseless = NEVER
    numbers: Caseless = NEVER
    counts: Caseless = NEVER
    fee: Caseless = NEVER
    summing: Caseless = NEVER
    courtesy: Caseless = NEVER
    refund: Caseless = NEVER
    they: Caseless = NEVER
    preamble: Caseless = NEVER
    tail: Caseless = NEVER
    opening: Caseless = NEVER
    others: frozenset[str] = frozenset()
    kinds: Mapping[str, Caseless] = field(default_factory=dict)


def set_of(text: str) -> frozenset[str]:
    """The folded words of a data file's line; "_" is a blank inside one."""
    return frozenset(fold(word.replace("_", " ")) for word in text.split())


def _calendar(text: str) -> dict[str, int]:
    return {
        fold(name.replace("_", " ")): number
        for number, names in enumerate(text.split(), 1)
        for name in names.split("|")
    }


def _quotes(text: str) -> tuple[str, str]:
    opening, closing = (mark.replace("_", "\u00a0") for mark in text.split())
    return opening, closing


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@cache
def _data(code: str) -> dict[str, Any]:
    return tomllib.loads(unicodedata.normalize("NFC", _FOLDER.joinpath(f"{code}.toml").read_text(encoding="utf-8")))


def entry(file: str, code: str) -> dict[str, Any]:
    """What a data file that is parted by languages has for one of them."""
    return dict(_data(file).get(code, {}))


@cache
def words(code: str) -> Words:
    """The words of a language; empty ones for a language without a file, so that rules just don't apply."""
    data = _data(code) if code in LANGUAGES else _data("light").get(code)
    if not data:
        return Words(code)
    made: dict[str, Any] = {name: set_of(data.get(name, "")) for name in _SETS}
    made |= {name: any_of(_lines(data.get(name, ""))) for name in (*_PATTERNS, "more", "stale")}
    made |= {name: parted(_lines(data.get(name, ""))) for name in ("boilerplate", "rest")}
    ask = _lines(data.get("ask", ""))
    return Words(
        code=code,
        ordinal_dot=data.get("ordinal_dot", False),
        calendar=_calendar(data.get("calendar", "")),
        quotes=_quotes(data.get("quotes", "“ ”")),
        tally=_calendar(data.get("tally", "")),
        leaning=any_of([rf"(?:{line}){END}" for line in _lines(data.get("leaning", ""))]),
        ask=any_of(ask[:1]),
        plea=any_of(ask[1:]),
        kinds={kind: any_of([pattern]) for kind, pattern in data.get("kinds", {}).items()},
        **made,
    )


@cache
def listed() -> tuple[str, ...]:
    """Every language that there are words for."""
    return tuple(dict.fromkeys((*LANGUAGES, *_data("light"))))


@cache
def in_any_language(name: str) -> Caseless:
    """The `boilerplate`, `rest`, `more` or `hours` patterns of all languages together: a site mixes them."""
    every = (*(_data(code) for code in LANGUAGES), *_data("light").values())
    return any_of([line for data in every for line in _lines(data.get(name, ""))])


@cache
def generic_terms() -> frozenset[str]:
    """The terms of all languages that are no hashtags."""
    others = (set_of(terms) for terms in _data("terms").values())
    return frozenset[str]().union(*(words(code).generic for code in LANGUAGES), *others)
