"""When it takes place: the line that says so, and the sentences that do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from crosspost.compose.clean import fold, squash
from crosspost.compose.sentences import balanced, ends_whole
from crosspost.compose.words import END, in_any_language, words
from crosspost.core.entry import Article, Block, BlockKind

_AMONG = 12  # blocks from the beginning; later date lines are a programme's
_MAX_LINE = 100
_TIME = (
    r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2} ?(?:h|uhr|am|pm|a\.m|p\.m|horas|heures|ore|uur)\b"
    r"|\b(?:noon|midnight|midi|minuit|mediodia|medianoche|mitternacht|mezzogiorno)\b"
    r"|\b(?:a las|as|alle|ore|om|um) \d{1,2}(?:[:.]\d{2})?(?= (?:uhr|uur|horas|h)\b|[.,;)]|$)|الساعة \d{1,2}"
    r"|(?:午前|午後)?\d{1,2}時(?:\d{1,2}分|半)?|(?:오전|오후) ?\d{1,2}시"
)
_NUMERIC = r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\d{1,2}月\d{1,2}日|\d{1,2}월 ?\d{1,2}일"

_BEGIN = "(?:\\b|(?<=[\u0600-\u06ff]))"  # Arabic writes "and" and "in" in one with the number


@cache
def _time() -> re.Pattern[str]:
    return re.compile(f"{_TIME}|{in_any_language('hours').pattern}")


@cache
def _dates(language: str) -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, words(language).months | words("en").months), key=len, reverse=True))
    return re.compile(
        rf"{_BEGIN}\d{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)? (?:de |of )?(?:{months}){END}"
        rf"|\b(?:{months}) \d{{1,2}}\b(?!\d)|{_NUMERIC}"
    )


def has_date(text: str, language: str) -> bool:
    """Whether it names a day: "9 October", "8. März", "24 de mayo", "08.03.2026"."""
    return bool(_dates(language).search(fold(text)))


@lru_cache(maxsize=2048)  # one sentence is asked for its days and hours again and again
def dates(text: str, language: str) -> tuple[str, ...]:
    """The days that it names, as written but folded."""
    return tuple(dict.fromkeys(found[0] for found in _dates(language).finditer(fold(text))))


@lru_cache(maxsize=2048)
def hours(text: str) -> tuple[str, ...]:
    """The hours that it names, as written but folded."""
    return tuple(dict.fromkeys(found[0] for found in _time().finditer(fold(text))))


def is_appointment(text: str, language: str) -> bool:
    """Whether it names a day and an hour."""
    return has_date(text, language) and _has_time(text)


def facts(article: Article, language: str) -> tuple[str, ...]:
    """The article's own lines of day and hour, each as a text of one or more lines, the fullest first.

    "Tuesday 22 June 2021 – 12 pm CEST" alone, or "Date: …" with "Time: …" after it; the fullest has
    one line before and after it too, which tend to say where and who. Empty where there are none.
    """
    blocks = article.blocks[:_AMONG]
    for number, block in enumerate(blocks):
        if _is_line(block, language) and has_date(block.text, language):
            end = number + 1
            if not is_appointment(block.text, language):
                end += 1
                if end > len(blocks) or not (_is_line(blocks[end - 1], language) and _has_time(blocks[end - 1].text)):
                    continue
            may = _is_beside(article, language)
            full = [
                *filter(may, blocks[max(0, number - 1) : number]),
                *blocks[number:end],
                *filter(may, blocks[end : end + 1]),
            ]
            return tuple(dict.fromkeys((_as_lines(full), _as_lines(blocks[number:end]))))
    return ()


def _as_lines(blocks: Iterable[Block]) -> str:
    return "\n".join(block.text for block in blocks)


def _has_time(text: str) -> bool:
    return bool(_time().search(fold(text)))


def _is_beside(article: Article, language: str) -> Callable[[Block], bool]:
    """Whether a line may stand beside the date: not shouted, not the title again, not the rest of another line."""
    title = squash(article.title)

    def may(block: Block) -> bool:
        text = block.text
        head = next((char for char in text if char.isalnum()), "")
        return (
            _is_line(block, language)
            and not block.links
            and len(text.split()) > 2
            and not head.islower()
            and text.upper() != text
            and squash(text) not in title
        )

    return may


def _is_line(block: Block, language: str) -> bool:
    text = block.text
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.LINE, BlockKind.ASIDE)
        and len(text) <= _MAX_LINE
        and not ends_whole(text)
        and balanced(text)
        and "://" not in text
        and text[-1] not in ",;:–—-"
        and not words(language).boilerplate.search(text)
        and not words("en").boilerplate.search(text)
    )
