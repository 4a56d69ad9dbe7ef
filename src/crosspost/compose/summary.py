"""The words between link and tags: whole sentences from the article's lead, else its title.

A draft is made for a number of hashtags; `fit` asks for drafts with fewer until the words are good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

from crosspost.compose.cut import cut
from crosspost.compose.facts import is_appointment
from crosspost.compose.pool import Piece, is_title_again, says_again
from crosspost.compose.sentences import ends_whole, sentences
from crosspost.compose.words import Words

_NEAR = 6  # on a platform with one paragraph, sentences further down are about something else
_MAX_SENTENCES = 3  # of one paragraph


class Rank(IntEnum):
    """How good a draft is; smaller is better."""

    WHOLE = 0  # the editor's excerpt whole, or the article's lead
    PART = 1  # part of the excerpt, or the whole title
    BARE = 2  # sentences from further down, without the title
    CUT = 3  # a cut title
    NONE = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """A text for {summary}, and how it came about."""

    text: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class Source:
    """What a summary is made of, defused. `title` is "" where the template has it already.

    `shown`: the title that the template shows. `facts`: the lines of day and hour, with their
    neighbours and without; none where the template has them. `paragraphs`: how many there may be;
    `ideal`: what reads well, in characters.
    """

    pieces: tuple[Piece, ...]
    title: str
    shown: str
    facts: tuple[str, ...]
    items: tuple[str, ...]
    lines: tuple[str, ...]
    excerpt: str
    paragraphs: int
    ideal: int
    known: Words


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A summary in the making: a head line, sentences, and the line of day and hour."""

    source: Source
    head: str = ""
    pieces: tuple[Piece, ...] = ()
    facts: str = ""

    @property
    def text(self) -> str:
        blocks: dict[int, list[str]] = {}
        for piece in self.pieces:
            blocks.setdefault(piece.block if self.source.paragraphs > 1 else 0, []).append(piece.text)
        body = [_joined(block) for block in blocks.values()]
        gap = "\n\n" if self.source.paragraphs > 1 else "\n"
        return gap.join(part for part in (self.head, self.facts, *body) if part)

    @property
    def paragraphs(self) -> int:
        return len(self.text.split("\n\n"))


def draft(source: Source, fits: Callable[[str], bool]) -> Draft:
    """The best text that `fits`, by these steps: the editor's excerpt, the lead, the title, a cut title."""
    for step in (_from_excerpt, _from_lead, _from_title, _from_below, _from_lines, _from_cut):
        made = step(source, fits)
        if made:
            return made
    return Draft("", Rank.WHOLE if source.shown and fits("") else Rank.NONE)


def _from_excerpt(source: Source, fits: Callable[[str], bool]) -> Draft | None:
    if not source.excerpt:
        return None
    if fits(source.excerpt):
        return Draft(source.excerpt, Rank.WHOLE)
    kept = ""
    for line in source.excerpt.split("\n"):
        for sentence in sentences(line, source.known.code):
            longer = f"{kept} {sentence}".strip()
            if not ends_whole(sentence) or not fits(longer):
                return Draft(kept, Rank.PART) if kept else None
            kept = longer
    return Draft(kept, Rank.PART) if kept else None


def _candidates(source: Source) -> tuple[Piece, ...]:
    """The sentences that don't say the title again; without a title in the text, those at the beginning that do too."""
    title = source.title or source.shown
    fresh = tuple(piece for piece in source.pieces if not is_title_again(piece.text, title))
    if fresh and len(fresh) < len(source.pieces) and source.pieces[0] not in fresh:
        fresh = (replace(fresh[0], leads=True), *fresh[1:])  # what stood before it was the title
    return fresh if fresh or source.shown else source.pieces


def _from_lead(source: Source, fits: Callable[[str], bool]) -> Draft | None:
    pieces = _candidates(source)
    if not pieces or not fits(pieces[0].text):
        return None
    lead = pieces[0]
    stands = lead.leads and not lead.leaning and not source.facts  # an event begins with its title and its day
    if source.title and not stands:
        return None
    return Draft(_extended(_Chosen(source, pieces=(lead,)), pieces[1:], fits).text, Rank.WHOLE)


def _from_title(source: Source, fits: Callable[[str], bool]) -> Draft | None:
    """The title whole, then when it is, then what fits. The first sentence may lean on the title."""
    if not source.title or not fits(source.title):
        return None
    pieces = tuple(piece for piece in source.pieces if not is_title_again(piece.text, source.title))
    if pieces and pieces[0].leaning:
        pieces = (replace(pieces[0], leaning=False), *pieces[1:])
    chosen = _extended(_with_facts(_Chosen(source, head=source.title), fits), pieces, fits)
    if not pieces and source.items:
        return Draft(_listed(chosen.text, source.items, fits), Rank.PART)
    return Draft(chosen.text, Rank.WHOLE if chosen.facts and pieces else Rank.PART)


def _from_below(source: Source, fits: Callable[[str], bool]) -> Draft | None:
    """The first sentence further down that stands alone."""
    for piece in _candidates(source):
        if not piece.leaning and fits(piece.text):
            return Draft(piece.text, Rank.BARE)
    return None


def _from_lines(source: Source, fits: Callable[[str], bool]) -> Draft | None:
    """Without title and sentences: the list, else the lines."""
    if source.title or source.shown:
        return None
    if source.items:
        text = _listed("", source.items, fits)
        if text:
            return Draft(text, Rank.BARE)
    text = ""
    for line in source.lines:
        longer = f"{text}\n{line}".strip("\n")
        if not fits(longer) or len(longer) > source.ideal:
            break
        text = longer
    return Draft(text, Rank.BARE) if text else None


def _from_cut(source: Source, fits: Callable[[str], bool]) -> Draft | None:
    whole = source.title or (source.lines[0] if source.lines and not source.shown else "")
    text = cut(whole, fits, source.known)
    return Draft(text, Rank.CUT) if text else None


def _listed(head: str, items: tuple[str, ...], fits: Callable[[str], bool]) -> str:
    text = head
    for item in items:
        longer = f"{text}\n• {item}".strip("\n")
        if not fits(longer):
            break
        text = longer
    return text


def _with_facts(chosen: _Chosen, fits: Callable[[str], bool]) -> _Chosen:
    tries = (replace(chosen, facts=one) for one in chosen.source.facts)
    return next((more for more in tries if fits(more.text)), chosen)


def _extended(chosen: _Chosen, pieces: tuple[Piece, ...], fits: Callable[[str], bool]) -> _Chosen:
    """More sentences, in their order, as far as they fit and read well; an appointment before the rest."""
    roomy = chosen.source.paragraphs > 1
    if roomy and not chosen.facts:
        dated = [
            piece for piece in pieces if not piece.leaning and is_appointment(piece.text, chosen.source.known.code)
        ]
        chosen = next(
            (more for piece in dated if _good(more := _plus(chosen, piece, alone=True), fits, chosen.source.ideal)),
            chosen,
        )
    first = not chosen.pieces
    for piece in pieces if roomy else pieces[:_NEAR]:
        more = _plus(chosen, piece)
        whole = not roomy or (first and piece is pieces[0])  # a reader sees some 400 characters before "more"
        if more is not chosen and _good(more, fits, chosen.source.ideal // (1 if whole else 2)):
            chosen = more
    return chosen


def _plus(chosen: _Chosen, piece: Piece, *, alone: bool = False) -> _Chosen:
    """With this sentence in its place; unchanged where it lacks what it leans on, or says the same again.

    `alone`: a sentence from inside a paragraph may come without the one before it.
    """
    if piece.glued or any(one.at == piece.at or says_again(piece.text, one.text) for one in chosen.pieces):
        return chosen
    needs = piece.leaning or (piece.inner and not alone)
    if needs and all(one.at != piece.at - 1 for one in chosen.pieces):
        return chosen
    return replace(chosen, pieces=tuple(sorted((*chosen.pieces, piece), key=lambda one: one.at)))


def _good(chosen: _Chosen, fits: Callable[[str], bool], ideal: int) -> bool:
    text = chosen.text
    blocks = [piece.block for piece in chosen.pieces]
    longest = max(map(blocks.count, blocks), default=0) if chosen.source.paragraphs > 1 else len(blocks)
    return (
        longest <= _MAX_SENTENCES
        and len(text) <= ideal
        and chosen.paragraphs <= chosen.source.paragraphs
        and fits(text)
    )


def _joined(texts: list[str]) -> str:
    """Sentences in a row; Chinese and Japanese stand without blanks."""
    text = texts[0]
    for more in texts[1:]:
        text += more if text[-1] in "。！？｡」』" else f" {more}"
    return text
