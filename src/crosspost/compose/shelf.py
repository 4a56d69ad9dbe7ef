"""Shelf life: whether what a story tells of is over, its last day gone by or its "tomorrow" become yesterday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import cache

from crosspost.compose.clean import fold
from crosspost.compose.kind import Kind, kind_of
from crosspost.compose.language import language_of
from crosspost.compose.sentences import sentences
from crosspost.compose.words import END, Words, words
from crosspost.core.entry import Article, BlockKind

_PLANNED = frozenset((Kind.EVENT, Kind.NOTE))
_DUE = frozenset((Kind.REGISTER, Kind.CALL, Kind.LETTER, Kind.CAMPAIGN))  # over when their last day is
_LEAD = 2  # blocks that say what it is about
_MAX_LINE = 160
_BACK = timedelta(days=60)  # a day without a year is at most that long before the article
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_SIGNS = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def over(article: Article, now: datetime, zone: tzinfo) -> bool:
    """Whether the event or the last day has gone by since the article came out, or its "tomorrow" has.

    False in any doubt: for a story that never had a day ahead of it, and where there is no date to
    count from. `now` is aware; days are the zone's.
    """
    moment = article.published or article.updated
    if moment is None:
        return False
    begun, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if today <= begun:
        return False
    text = "\n".join((article.title, *(block.text for block in article.blocks)))
    language = language_of(text, article.language)
    known = words(language)
    kind = kind_of(article, language).kind
    if _said_soon(article, known, planned=kind in _PLANNED | _DUE, gone=(today - begun).days):
        return True
    if kind in _DUE:
        passages = _last_days(article, known)
    elif kind in _PLANNED:
        passages = _passages(article, known)
    else:
        return False
    ahead = [day for passage in passages for day in days(passage, known, begun) if day >= begun]
    return bool(ahead) and max(ahead) < today


def _said_soon(article: Article, known: Words, *, planned: bool, gone: int) -> bool:
    """Whether the beginning says "tomorrow" of what is yesterday by now, or "tonight" of an event."""
    updated = article.updated and article.published and article.updated - article.published > timedelta(hours=12)
    if updated:
        return False  # nobody knows which day its "tomorrow" was written
    beginning = "\n".join((article.title, *(block.text for block in article.blocks[:1])))
    return (gone > 1 and bool(known.tomorrow.search(beginning))) or (
        planned and gone > 0 and bool(known.today.search(beginning))
    )


def _passages(article: Article, known: Words) -> Iterator[str]:
    """Where a story says when it is: its title, its beginning, its lines, and whatever names a last day."""
    yield article.title
    for number, block in enumerate(article.blocks):
        line = block.kind is not BlockKind.QUOTE and len(block.text) <= _MAX_LINE
        if number < _LEAD or line or known.deadline.search(block.text) or known.status.search(block.text):
            yield block.text


def _last_days(article: Article, known: Words) -> Iterator[str]:
    """The sentences that name a last day, and those that move it."""
    for block in (article.title, *(block.text for block in article.blocks)):
        for sentence in sentences(block, known.code):
            if known.deadline.search(sentence) or known.status.search(sentence):
                yield sentence


def days(text: str, known: Words, near: date) -> Iterator[date]:
    """The days that a text names; those without a year in the year that brings them closest after `near`."""
    folded = fold(text)
    for found in _patterns(known.code).finditer(folded):
        day, month, year = found["d1"] or found["d2"], found["m1"] or found["m2"], found["y1"] or found["y2"]
        yield from _day(int(year) if year else 0, known.calendar[month], int(day), near)
    for found in _DAY_FIRST.finditer(folded):
        yield from _day(int(found[3]), int(found[2]), int(found[1]), near)
    for found in _SIGNS.finditer(folded):
        yield from _day(int(found[1] or 0), int(found[2]), int(found[3]), near)
    for found in _ISO.finditer(folded):
        yield from _day(int(found[1]), int(found[2]), int(found[3]), near)


@cache
def _patterns(language: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, words(language).calendar), key=len, reverse=True)) or "(?!)"
    year = r"(?:,? (?:de |del )?(?P<y{0}>(?:19|20)\d\d))?"
    return re.compile(
        rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)? (?:de |of )?(?P<m1>{names}){END}\.?{year.format(1)}"
        rf"|\b(?P<m2>{names})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d){year.format(2)}"
    )


def _day(year: int, month: int, day: int, near: date) -> Iterator[date]:
    for guess in (year,) if year else (near.year - 1, near.year, near.year + 1):
        try:
            made = date(guess, month, day)
        except ValueError:
            continue
        if year or near - _BACK <= made < near - _BACK + timedelta(days=366):
            yield made
            return
