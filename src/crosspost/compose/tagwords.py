"""The words that make hashtags or don't, in each language: read once from compose/data/tags.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from crosspost.compose.clean import fold
from crosspost.compose.patterns import Caseless, any_of
from crosspost.compose.words import LANGUAGES, entry, listed, set_of, words

_SETS = ("house", "news", "days", "hollow", "articles", "where", "linking", "titles", "heads")


@dataclass(frozen=True, slots=True)
class TagWords:
    """Folded words of one language, or of all of them together; `data/tags.toml` says what each set is."""

    house: frozenset[str] = frozenset()
    news: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    hollow: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    where: frozenset[str] = frozenset()
    linking: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    shapes: Caseless | None = None
    proper: Caseless | None = None


@cache
def tag_words(code: str) -> TagWords:
    """A language's; `days` has its months too, and `hollow` the acronyms that are about nothing anywhere."""
    data, everywhere = entry("tags", code), entry("tags", "xx")
    sets = {name: set_of(data.get(name, "")) for name in _SETS}
    sets["days"] |= words(code).months
    sets["hollow"] |= set_of(everywhere["hollow"])
    return TagWords(**sets, shapes=_pattern(data.get("shapes", "")), proper=_pattern(data.get("proper", "")))


def _pattern(text: str) -> Caseless | None:
    lines = [line for line in text.splitlines() if line]
    return any_of(lines) if lines else None


@cache
def all_tag_words() -> TagWords:
    """Those of all languages together: a site's categories may be in another language than the article."""
    every = [tag_words(code) for code in dict.fromkeys((*LANGUAGES, *listed()))]
    union = frozenset[str]().union
    return TagWords(
        house=union(*(one.house for one in every)),
        news=union(*(one.news for one in every)),
        days=union(*(one.days for one in every)),
    )


def is_hollow(word: str, known: TagWords) -> bool:
    """Whether one word says nothing as a tag: "date", "Tuesday", "PDF"."""
    return fold(word) in known.hollow | known.days
