"""What kind of story an article is: by its title, its terms, its beginning and its shape; "news" if unsure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crosspost.compose.asides import inside
from crosspost.compose.clean import fold
from crosspost.compose.facts import has_date, is_appointment
from crosspost.compose.letters import letter
from crosspost.compose.lists import is_numbered, listing
from crosspost.compose.patterns import NEVER
from crosspost.compose.sentences import sentences
from crosspost.compose.tokens import is_wide
from crosspost.compose.words import Words, generic_terms, words
from crosspost.core.entry import Article, Block, BlockKind


class Kind(StrEnum):
    """The kinds of story; a Post carries the value."""

    NEWS = "news"
    EVENT = "event"
    REGISTER = "register-by"
    LETTER = "open-letter"
    STATEMENT = "statement"
    REPORT = "report"
    CAMPAIGN = "campaign"
    CALL = "call"
    RECAP = "recap"
    OBITUARY = "obituary"
    THANKS = "thanks"
    NOTE = "short-note"
    LIST = "list"
    INTERVIEW = "interview"
    VIDEO = "video"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, and what spoke for it."""

    kind: Kind
    why: str


# The name of each kind's words in the language files.
_BY_WORDS = {
    "obituary": Kind.OBITUARY,
    "interview": Kind.INTERVIEW,
    "letter": Kind.LETTER,
    "thanks": Kind.THANKS,
    "translation": Kind.TRANSLATION,
    "call": Kind.CALL,
    "register": Kind.REGISTER,
    "video": Kind.VIDEO,
    "recap": Kind.RECAP,
    "campaign": Kind.CAMPAIGN,
    "report": Kind.REPORT,
    "event": Kind.EVENT,
    "statement": Kind.STATEMENT,
}
NAMES = {kind: name for name, kind in _BY_WORDS.items()}
_IN_TITLE, _IN_TERMS, _IN_LEAD, _IN_BODY = 3.0, 2.0, 1.5, 0.5
_FILED, _TERMS = 2.5, 4.0  # a category such as "Reports"
_ENOUGH, _CLEAR = 3.0, 4.5
_SHORT, _FEW = 400, 5  # characters and blocks of a note
_DENSE = 2
_BEGINNING = 3  # blocks that are an article's beginning
_YEARS_OF_A_LIFE = re.compile(r"\b1[89]\d\d\s*[–—-]\s*(?:19|20)\d\d\b")
_MANY = 4
_LINE = 120  # characters
_QUESTIONS = 3
_MOSTLY = "most of it is a list"
_SPEAKER = re.compile(r"^[^\W\d_]{1,12}(?: [^\W\d_]{1,12})?[.:：] (?=\W{0,2}\w)")  # "P. ¿Y ahora?", "Moss: And now?"
_FIRST = 2  # sentences that tell of a death
_PROMPT = 200  # characters
_ANSWER = 60  # characters that an answer begins with
LABEL_WORDS = 4  # of a question that is no more than a label


@lru_cache(maxsize=4)  # X and Facebook ask for the same article
def kind_of(article: Article, language: str) -> Verdict:
    """The kind of story, and why."""
    by_shape = _by_shape(article, language)
    best, points = _by_words(article, language)
    # A programme or a row of speakers makes no list of what its title or category calls by its name.
    if by_shape and (by_shape.why != _MOSTLY or points < _CLEAR):
        return by_shape
    short = len(article.blocks) <= _FEW and _length(article) < _SHORT
    if short and points < _CLEAR:
        return Verdict(Kind.NOTE, "hardly any text")
    if points >= _ENOUGH:
        return Verdict(_BY_WORDS[best], f"{best}: {points:g} points by its words")
    beginning = [*article.blocks[:6], *(block for block in article.blocks if block.kind is BlockKind.LINE)]
    if any(_is_appointed(block.text, language) for block in beginning):
        return Verdict(Kind.EVENT, "a line with day and hour")
    return Verdict(Kind.NEWS, "nothing speaks for another kind")


def _length(article: Article) -> int:
    """The characters of the text; a Chinese sign says as much as two or three letters."""
    return sum(len(block.text) * (_DENSE if is_wide(block.text[:1]) else 1) for block in article.blocks)


def _is_appointed(text: str, language: str) -> bool:
    """Whether it is a short line with day and hour, and no embargo's."""
    furniture = (words(language).boilerplate, words("en").boilerplate)
    return len(text) < _LINE and is_appointment(text, language) and not any(one.search(text) for one in furniture)


def _by_shape(article: Article, language: str) -> Verdict | None:
    if _YEARS_OF_A_LIFE.search(article.title):
        return Verdict(Kind.OBITUARY, "the years of a life in the title")
    if is_interview(article.blocks, language):
        return Verdict(Kind.INTERVIEW, "questions and answers")
    if letter(article, words(language)):
        return Verdict(Kind.LETTER, "a letter to somebody else")
    blocks = article.blocks
    found = listing(blocks, article.title, words(language))
    if found and found.promised and listing(inside(blocks, article.title, language), article.title, words(language)):
        return Verdict(Kind.LIST, "as many items as the title says")
    items = sum(block.kind is BlockKind.ITEM for block in blocks)
    heads = sum(map(is_numbered, blocks))
    if heads >= _MANY or (items >= _MANY and items * 2 >= len(blocks)):
        return Verdict(Kind.LIST, _MOSTLY)
    return None


def is_interview(blocks: tuple[Block, ...], language: str) -> bool:
    """Whether questions alone on their lines part the text, from its first third on; short ones alone are labels."""
    places = [number for number, block in enumerate(blocks) if asks(block) and block.kind is not BlockKind.HEADING]
    first = next((number for number, block in enumerate(blocks) if prompts(block)), len(blocks))
    early = first <= max(4, len(blocks) // 3)
    short = sum(len(blocks[place].text.split()) <= LABEL_WORDS for place in places)
    told = any(re.search(r"\d", blocks[place + 1].text[:_ANSWER]) for place in places if place + 1 < len(blocks))
    if told and short * 2 > len(places) and not any(words(language).own.search(block.text) for block in blocks):
        return False  # "Who can apply?" and "By when?" with a day, and nobody who says "I"
    if len(places) >= _QUESTIONS and early:
        return True
    return len(places) == _QUESTIONS - 1 and early and len(blocks) <= 4 * len(places)


def asks(block: Block) -> bool:
    """Whether the block is one question."""
    said = _SPEAKER.sub("", block.text)
    return said[-1] in "?؟？" and block.kind is not BlockKind.ITEM and not re.search("[.!?؟？]", said[:-1])


def prompts(block: Block) -> bool:
    """Whether the block is what an interviewer says: a question, or two sentences that lead to one."""
    return asks(block) or (block.text[-1] in "?؟？" and len(block.text) <= _PROMPT and block.kind is not BlockKind.ITEM)


def spoke_for(article: Article, language: str, kind: Kind) -> tuple[str, ...]:
    """The words that speak for a kind, each with where: "“webinar” in the title"; none where its shape does."""
    pattern = words(language).kinds.get(next((name for name, one in _BY_WORDS.items() if one is kind), ""))
    places = {
        "in the title": article.title,
        "in its categories": "\n".join(article.terms),
        "at the beginning": "\n".join(block.text for block in article.blocks[:_BEGINNING]),
        "further down": "\n".join(block.text for block in article.blocks[_BEGINNING:]),
    }
    found = {place: pattern.search(text) for place, text in places.items()} if pattern else {}
    return tuple(f"“{hit[0].strip()}” {place}" for place, hit in found.items() if hit)


def _is_letter(article: Article, known: Words) -> bool:
    """Whether somebody is addressed at its beginning, and people sign: a letter, whatever else is in it."""
    beginning = article.blocks[:_BEGINNING]
    lines = [block.text for block in beginning if len(block.text) < _LINE]
    addressed = any(one.search(line) for line in lines for one in (known.salutation, known.addressee))
    texts = (article.title, *article.terms, *(block.text for block in article.blocks))
    signs = (known.kinds.get("letter", known.signed), known.signed)
    return addressed and any(one.search(text) for text in texts for one in signs)


def _looks_back(texts: Iterable[str], known: Words) -> bool:
    """Whether a sentence tells of a day that something took place on."""
    pattern = known.kinds.get("recap", NEVER)
    told = (one for text in texts for one in sentences(text, known.code))
    return any(pattern.search(one) and has_date(one, known.code) for one in told)


def _by_words(article: Article, language: str) -> tuple[str, float]:
    known = words(language)
    terms = "\n".join(term for term in article.terms if fold(term) not in generic_terms())
    filed = "\n".join(f"{term}\n{term.removesuffix('s')}" for term in article.terms if fold(term) in generic_terms())
    lead = "\n".join(block.text for block in article.blocks[:_BEGINNING])
    body = "\n".join(block.text for block in article.blocks[_BEGINNING:])
    points: dict[str, float] = dict.fromkeys(_BY_WORDS, 0.0)
    for name, pattern in known.kinds.items():
        points[name] = (
            _IN_TITLE * bool(pattern.search(article.title))
            + min(_TERMS, _IN_TERMS * bool(pattern.search(terms)) + _FILED * bool(pattern.search(filed)))
            + _IN_LEAD * bool(pattern.search(lead))
            + _IN_BODY * bool(pattern.search(body))
        )
    death = known.kinds.get("obituary", NEVER)
    if death.search(lead) and not death.search(" ".join(sentences(lead, language)[:_FIRST])):
        points["obituary"] -= _IN_LEAD  # of somebody else, in passing
    points["obituary"] *= 1 + (points["obituary"] < _ENOUGH)
    dated = any(has_date(text, language) for text in (article.title, lead))
    due = bool(known.deadline.search(f"{article.title}\n{lead}"))
    points["register"] += dated and due and bool(points["register"])
    points["event"] += dated and bool(points["event"])
    points["thanks"] += points["thanks"] >= _IN_TITLE  # whoever begins so has nothing else to say
    points["letter"] += _CLEAR * _is_letter(article, known)
    if _looks_back((article.title, *lead.split("\n")), known) and not due:
        points["event"] /= 2
        points["recap"] += _ENOUGH
    best = max(points, key=lambda name: points[name])  # of equals, the first: the more telling kind
    return best, points[best]
