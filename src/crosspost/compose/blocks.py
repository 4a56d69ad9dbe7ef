"""The blocks of an article that are its news, less what is glued to them: datelines, update labels, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from crosspost.compose.asides import inside
from crosspost.compose.clean import VOWELS, fold
from crosspost.compose.facts import has_date, hours
from crosspost.compose.kind import LABEL_WORDS, asks, is_interview, prompts
from crosspost.compose.sentences import balanced, ends_whole, sentences
from crosspost.compose.tokens import is_wide
from crosspost.compose.words import Words, words
from crosspost.core.entry import Article, Block, BlockKind

_DATELINE = re.compile(r"^\W{0,2}([^\W\d].{1,79}?)[.)]{0,2}\s*(?:[–—]|\s-|\.-|:)\s+(?=[“„«\"'‘]?[^\W\d_])")
_REPORTED = re.compile(
    r"^[^\W\d_][^\W\d]+(?:[ -][^\W\d]+){0,2} \([a-zß-ÿ]{2,4}(?:/[a-zß-ÿ]{2,4})?\)[.:] (?=\w)"
)  # "BELMORE (ab). "
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ADDRESS = re.compile(r"://|\bwww\.|\w@[\w-]+\.\w")
_PHONE = re.compile(r"(?:\+|\b0)\d[\d ()./-]{6,}\d")
_CHAPTER = re.compile(r"^\W*\d{1,2}:\d{2}(?::\d{2})?\b(?!\s*[–—-]\s*\d)")
LABELLED = re.compile(r"^[^\W\d_][^:.!?]{1,38}?[ \u00a0]?: ?\S")
_BULLET = re.compile(r"^(?:[•◦▪■►▶➤→✓✔☑✅❖*·]|[–-](?=\s))\ufe0f?\s*(?=\w)")
_FOOTNOTE = re.compile(r"^(?:\[\d{1,3}\]|\(\d{1,2}\)(?= [^\W\d_])|[¹²³⁴-⁹†‡^*]{1,2}\s?(?=\w))")
_TYPED_NUMBER = re.compile(r"\d{1,2}[.)] ([^\W\d_]\w*)")
_HERE = frozenset(["here", "ici", "aqui", "hier", "qui", "link", "lien", "enlace", "هنا", "здесь", "тут", "こちら"])
_THIS = 3  # words of "this short form"
_CAPITAL = "[A-ZÀ-ÞА-ЯЁ]"
_BESIDE_NAMES = "and|et|y|e|und|i|и|en|&|de|da|do|van|von"
_CREDIT = re.compile(
    rf"(?:^|(?<=[.;|·/] )){_CAPITAL}[\wß-ÿ’' -]{{1,24}}[ \u00a0]?: "
    rf"{_CAPITAL}[\w’'-]+(?:,? (?:{_BESIDE_NAMES}|{_CAPITAL}[\w’'.-]*)){{1,7}}(?=[.;|·/]|$)"
)
_CREDITS = 2
# Forms that nobody's name or title has: "Madame Moss, mayor of Lyon, …" isn't one.
_DEAR = (
    "dear|liebe|chers|chères|querid[oa]s|estimad[oa]s|prezad[oa]s|car[oa]s|cari|care|beste|lieve|kära|дорогие|уважаемые"
)
_GREETING = re.compile(rf"\W*((?:{_DEAR}) [^,:;!.?\d]{{2,60}})[,!:،] (?=\w)", re.IGNORECASE)
_MANY_WORDS = 8  # of a greeting
_SIGN_OFF = 14  # words
_PARTICLE = 2  # letters of a small word inside a name
_MAX_HEAD = 90
_TELLING = re.compile(r"\d|[“«„「『].{4,}[”»“」』]")
_LONG, _LONG_WIDE = 60, 30  # characters of a sentence that is more than a pointer
_DATE_HEAD = 80  # characters that a dateline takes
_PLACE, _SHORT = 4, 3  # words of a place, letters of "den"
_BEFORE_SALUTATION = 6
_MIN_WORDS = 4
_SAID = 140  # characters


@lru_cache(maxsize=4)  # the pool, its lists and the hashtags ask for it by turns
def news_blocks(article: Article, language: str) -> tuple[Block, ...]:
    """The blocks as far as the news goes: no quotations, nothing beside the article or after "###".

    An interview ends at its first question: the answers are somebody else's words. Questions and
    answers further down go, and so do a recording's chapters, what stands above a letter, and the
    paragraph under "Correction".
    """
    return tuple(_news(article, language))


def _news(article: Article, language: str) -> Iterator[Block]:
    own, english = words(language), words("en")
    interview = is_interview(article.blocks, language)
    faq = not interview and sum(asks(block) and block.kind is not BlockKind.HEADING for block in article.blocks) > 1
    chapters = sum(bool(_CHAPTER.match(block.text)) for block in article.blocks) > 1
    answering = wrong = False
    blocks = inside(article.blocks, article.title, language)
    blocks = tuple(_with_answers(blocks, language)) if faq else blocks
    for number, block in enumerate(_after_salutation(blocks, own)):
        question = asks(block) and block.kind is not BlockKind.HEADING
        if interview and (prompts(block) or _speaks_to(block, own)) and block.kind is not BlockKind.HEADING:
            return
        ended = own.rest.search(block.text) or english.rest.search(block.text) or block.text.startswith("##")
        if ended and number:
            return
        if wrong or own.errata.match(block.text):  # the figure that was wrong stands under it
            wrong = not wrong
            continue
        answering = (answering and block.kind is not BlockKind.HEADING) or (faq and question)
        if not answering and block.kind is not BlockKind.QUOTE and not (chapters and _CHAPTER.match(block.text)):
            yield block


def _speaks_to(block: Block, known: Words) -> bool:
    """Whether an interviewer says it to whom the interview is with: "You have said no."."""
    return len(block.text) < _SAID and bool(known.addressed.search(block.text))


def _with_answers(blocks: tuple[Block, ...], language: str) -> Iterator[Block]:
    """Questions as short as a label as lines with their answer: "By when? Friday 19 February"."""
    question = ""
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH and asks(block) and len(block.text.split()) <= LABEL_WORDS:
            question = block.text
        elif question and block.kind is BlockKind.PARAGRAPH and not asks(block):
            answer, *rest = sentences(block.text, language)
            yield Block(BlockKind.LINE, f"{question} {answer.rstrip('.')}", block.links)
            question = ""
            if rest:
                yield replace(block, text=" ".join(rest))
        else:
            question = ""
            yield block


def _after_salutation(blocks: tuple[Block, ...], known: Words) -> Iterator[Block]:
    """A letter begins after its salutation; of what stands above, only what the letter can't know itself is news."""
    begin = 0
    for number, block in enumerate(blocks[:_BEFORE_SALUTATION]):
        if len(block.text) < _MAX_HEAD and block.text[-1] in ",:!،" and known.salutation.search(block.text):
            begin = number + 1
    for number, block in enumerate(blocks):
        if begin and number == begin and block.text[0].islower():  # as German goes on after "Liebe Eltern,"
            yield replace(block, text=block.text[0].upper() + block.text[1:])
        elif number >= begin:
            yield block
        else:
            yield from _beyond_the_letter(block, known)


def _beyond_the_letter(block: Block, known: Words) -> Iterator[Block]:
    """The sentences above a letter that tell of a change of plan, who signed, or by when one may."""
    told = [
        sentence
        for sentence in sentences(block.text, known.code)
        if known.status.search(sentence)
        or (known.signed.search(sentence) and re.search(r"\d", sentence))
        or (known.ask.search(sentence) and has_date(sentence, known.code))
    ]
    if told:
        yield replace(block, text=" ".join(told))


def signs_off(text: str, known: Words) -> bool:
    """Whether a last block is who wrote it and where they sit: a few words, a comma, a house's number, no sentence."""
    found = text.split()
    small = sum(word[0].islower() for word in found if len(word) > _PARTICLE)
    named = text.upper() != text.lower() and small * 3 <= len(found)
    return (
        len(found) <= _SIGN_OFF
        and any(comma in text for comma in ",،、")
        and bool(re.search(r"\d", text))
        and (named or not ends_whole(text))
        and not (ends_whole(text) and (known.ask.search(text) or known.condition.search(text)))
        and not has_date(text, known.code)
        and not LABELLED.match(text)
    )


def is_credits(text: str, known: Words) -> bool:
    """Whether it says who did what: "Voice: Ada Moss. Sound: Ben Moss" and so on."""
    return len(_CREDIT.findall(text)) >= _CREDITS and not known.place.search(text) and not re.search(r"\d", text)


def as_item(block: Block) -> Block:
    """A line with a bullet that somebody typed is an item."""
    found = _BULLET.match(block.text)
    plain = block.kind in (BlockKind.LINE, BlockKind.PARAGRAPH)
    return Block(BlockKind.ITEM, block.text[found.end() :], block.links) if found and plain else block


def is_link(block: Block) -> bool:
    """Whether the block is nothing but a link, as in a list of further reading."""
    return any(link.text == block.text for link in block.links)


def points(text: str, known: Words) -> bool:
    """Whether a link's text says nothing without its link: "here", "this form"."""
    return fold(text).strip(" .:!>»→") in _HERE or bool(known.demonstrative.match(text) and len(text.split()) <= _THIS)


def without_button(block: Block) -> Block:
    """The block without a link's text after a colon at its end: "12 euros fill a bag: donate."."""
    for link in block.links:
        found = re.search(rf"[ \u00a0]?: ?{re.escape(link.text)}\.?$", block.text)
        if found and len(link.text.split()) <= _MIN_WORDS and len(block.text[: found.start()].split()) >= _MIN_WORDS:
            return replace(block, text=f"{block.text[: found.start()]}.")
    return block


def without_update(block: Block, known: Words) -> Block:
    """The block without "UPDATE, Tuesday evening:" or "Press release:" before it."""
    return replace(block, text=without_label(block.text, known))


def without_label(text: str, known: Words) -> str:
    """A title or a text without "Press release:" or a stale "Update:" before it."""
    found = known.update.match(text) or words("en").update.match(text)
    rest = text[found.end() :] if found else ""
    return rest[0].upper() + rest[1:] if rest else text


def without_greeting(block: Block, known: Words) -> Block:
    """A paragraph without the "Dear friends of the choir," that it begins with."""
    found = _GREETING.match(block.text)
    if not found or not known.salutation.search(found[1]) or len(found[1].split()) > _MANY_WORDS:
        return block
    rest = block.text[found.end() :]
    return replace(block, text=rest[0].upper() + rest[1:]) if len(rest.split()) >= _MIN_WORDS else block


def without_number(block: Block, known: Words) -> Block:
    """A paragraph without the "1." that somebody typed before it; "8. März" keeps it."""
    found = _TYPED_NUMBER.match(block.text)
    if not found or fold(found[1]) in known.months or len(block.text.split()) < _SIGN_OFF:
        return block
    return replace(block, text=block.text[found.start(1) :])


def is_furniture(text: str, known: Words, *, whole: bool = True, leading: bool = False) -> bool:
    """Whether it is no news: a label, a byline, a contact, a credit. English ones stand on any site.

    Without `whole` only by how it begins: a block of several sentences may have one that is none.
    A long `leading` sentence that names a day, a figure or a title is the news, whatever it says at its end.
    """
    long = len(text) >= (_LONG_WIDE if is_wide(text[0]) else _LONG)
    whole = whole and not (leading and long and _TELLING.search(text))
    return _is_furniture(text, known.code, whole=whole)


@lru_cache(maxsize=1024)  # a block, its line and its only sentence are often one text, and X and Facebook share it
def _is_furniture(text: str, language: str, *, whole: bool) -> bool:
    text = VOWELS.sub("", text)
    patterns = (words(language).boilerplate, words("en").boilerplate)
    return any(bool(one.search(text) if whole else one.anchored.match(text)) for one in patterns)


def without_dateline(text: str, known: Words) -> str:
    """The paragraph without "BELMORE, 9 October 2026 –" before it."""
    first = sentences(text, known.code)[0] if "," in text[:_DATE_HEAD] or "،" in text[:_DATE_HEAD] else ""
    if first and first != text and is_dateline(first, known):
        return text[len(first) :].lstrip()
    found = _REPORTED.match(text)
    if found:
        return text[found.end() :]
    found = _DATELINE.match(text)
    if not found:
        return text
    head = found[1]
    place = head.split(",")[0] if _YEAR.search(head) else head  # "WARSZAWA, 3 marca 2026"
    shouted = place.upper() == place and sum(char.isupper() for char in place) > 2
    dated = has_date(head, known.code) and ("," in head or "(" in head) and not head[0].islower()
    return text[found.end() :] if (shouted or dated) and len(head.split()) <= 9 else text


def is_dateline(text: str, known: Words) -> bool:
    """Whether it is a place and a day and nothing else: "Belmore, 9 October 2026.", "BELMORE, Ireland."."""
    place, comma, day = re.sub("[،、]", ",", text).partition(",")
    if comma and sum(map(str.isupper, place)) > _SHORT and place.upper() == place and len(text.split()) <= _MANY_WORDS:
        return all(word[0].isupper() for word in re.findall(r"[^\W\d_]{3,}", day))
    words_of_day = re.findall(r"[^\W\d_]+", day)
    more = [word for word in words_of_day if fold(word) not in known.months and len(word) > _SHORT]
    return (
        bool(comma)
        and bool(_YEAR.search(day))
        and has_date(day, known.code)
        and len(more) <= 1  # a weekday, "года"
        and len(place.split()) <= _PLACE
        and ":" not in place
        and not place[0].islower()
    )


def _says_when_to_call(text: str, known: Words) -> bool:
    """Whether a sentence with a phone number is more than "Contact: …": it says what for, and from when to when."""
    told = bool(hours(text)) or has_date(text, known.code)
    return told and ends_whole(text) and len(_PHONE.sub("", text).split()) >= _SIGN_OFF // 2


def is_noise(text: str, known: Words, *, leading: bool = False) -> bool:
    """Whether no reader wants it: furniture, an address, a mere phone number, half a quotation."""
    return (
        is_furniture(text, known, leading=leading)
        or is_dateline(text, known)
        or bool(_ADDRESS.search(text) or (_PHONE.search(text) and not _says_when_to_call(text, known)))
        or not balanced(text)
        or text.startswith("##")
        or bool(_FOOTNOTE.match(text))
    )
