"""What an article says, read once for all platforms: its kind, its pieces, and what each of them is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from crosspost.compose.blocks import without_label
from crosspost.compose.choose import Chooser
from crosspost.compose.clean import clean
from crosspost.compose.kind import Verdict, kind_of
from crosspost.compose.language import language_of
from crosspost.compose.pool import pool
from crosspost.compose.words import words
from crosspost.compose.worth import news_of, scale
from crosspost.core.entry import Article


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's language and kind, its clean title, and its pieces with what is known of them."""

    language: str
    verdict: Verdict
    title: str
    chooser: Chooser

    def chooser_for(self, harmless: Callable[[str], str], weigh: Callable[[str], int]) -> Chooser:
        """The chooser of a platform; one of its own where something had to be made harmless there."""
        title = harmless(self.title)
        pieces = tuple(replace(piece, text=harmless(piece.text)) for piece in self.chooser.pieces)
        if title == self.title and pieces == self.chooser.pieces:
            return self.chooser.weighing(weigh)
        return Chooser(self.chooser.scale, title, pieces, weigh)


@lru_cache(maxsize=2)  # X and Facebook ask for the same article, one after the other
def read(article: Article) -> Reading:
    """The reading of an article."""
    texts = tuple(block.text for block in article.blocks)
    language = language_of("\n".join((article.title, article.excerpt, *texts)), article.language)
    known = words(language)
    verdict = kind_of(article, language)
    title = clean(without_label(article.title, known))
    pieces, _ = pool(article, language, _clean, verdict.kind)
    lead = next((piece.block for piece in pieces if piece.leads), 0)
    measure = scale(title, texts, article.terms, known, verdict.kind)
    measure = replace(measure, lead=lead)
    measure = replace(measure, news=news_of(pieces, measure))
    return Reading(language, verdict, title, Chooser(measure, title, pieces, len))


def _clean(text: str) -> str:
    return "\n".join(map(clean, text.split("\n"))).strip()
