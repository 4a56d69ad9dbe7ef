"""The words between link and tags: the editor's excerpt, else the pieces of the article that tell the most.

A draft is made for a number of hashtags; `fit` asks for drafts with fewer until the words are good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from crosspost.compose.choose import Choice, Chooser, Room
from crosspost.compose.cut import cut
from crosspost.compose.facts import has_date
from crosspost.compose.letters import joined
from crosspost.compose.pieces import Form, Piece
from crosspost.compose.sentences import balanced, ends_whole
from crosspost.compose.words import Words
from crosspost.compose.worth import LINED

_PIECES, _ROOMY_PIECES = 4.0, 12.0  # the title is one of them
_MAX_SENTENCES = 3  # of one paragraph
_FIRST_SIGHT = 400  # characters that a reader sees before "more"
_COST, _ROOMY_COST = 0.002, 0.007  # of a character
_BESIDE = 60  # units for something beside the title, or its first part has to do
_LONG_TITLE = 70  # characters of a title that says it all where there is no room for more
_NEVER = 10**6
_ONE_PARAGRAPH = 450  # characters
_THIN = 600  # characters up to which a text is thin where there is room for more
_WHOLE = 1_200  # characters of an article that goes whole
_WALL = 640  # characters of a paragraph that nobody reads
_READ_TO = 1_100  # characters that are read where there is room for many


class Rank(IntEnum):
    """How good a draft is; smaller is better."""

    WHOLE = 0  # the editor's excerpt whole, or pieces of the article
    PART = 1  # part of the excerpt, or the title alone
    BARE = 2  # lines and items, of an article without sentences
    CUT = 3  # a cut title
    NONE = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """A text for {summary}, how good it is, and what it was made of."""

    text: str
    rank: Rank
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a summary is made of, defused. `title` is "" where the template has it already.

    `shown`: the title that the template shows. `short`: the title's first part. `paragraphs`: how
    many there may be; `ideal`: what reads well, in characters.
    """

    chooser: Chooser
    title: str
    short: str
    shown: str
    items: tuple[str, ...]
    lines: tuple[str, ...]
    excerpt: str
    excerpt_parts: tuple[str, ...]
    paragraphs: int
    ideal: int
    known: Words

    @property
    def gap(self) -> str:
        """What parts title and words."""
        return "\n\n" if self.roomy else "\n"

    @property
    def roomy(self) -> bool:
        """Whether paragraphs stand apart."""
        return self.paragraphs > 1


def draft(source: Source, fits: Callable[[str], bool], most: int) -> Draft:
    """The best text that `fits`: the editor's excerpt, the best set of pieces, the list, a cut title.

    `most`: the platform's units that there are for it.
    """
    for step in (_from_excerpt, _from_all, _from_pieces, _from_title, _from_lines, _from_cut):
        made = step(source, fits, most)
        if made:
            return made
    return Draft("", Rank.WHOLE if source.shown and fits("") else Rank.NONE)


def _from_excerpt(source: Source, fits: Callable[[str], bool], _: int) -> Draft | None:
    """The excerpt that an editor wrote is the text: whole where it fits, and with nothing added to it."""
    if not source.excerpt:
        return None
    if fits(source.excerpt):
        return Draft(source.excerpt, Rank.WHOLE)
    kept = ""
    for sentence in source.excerpt_parts:
        longer = f"{kept} {sentence}".strip()
        if not ends_whole(sentence) or not fits(longer):
            break
        kept = longer
    return Draft(kept, Rank.PART) if kept else None


def _from_all(source: Source, fits: Callable[[str], bool], most: int) -> Draft | None:
    """All of a short article, in its order."""
    room = replace(_room(source, most), most=min(most, _WHOLE, source.ideal))
    choice = source.chooser.all_of(room, title=source.title, shown=bool(source.shown)) if source.roomy else None
    text = text_of(choice, source) if choice and choice.pieces else ""
    apart = text.split("\n\n")
    if not (choice and text and balanced(text) and fits(text)) or any(len(one) > _WALL for one in apart):
        return None
    return Draft(text, Rank.WHOLE, choice) if len(apart) <= source.paragraphs + bool(choice.head) else None


def _from_pieces(source: Source, fits: Callable[[str], bool], most: int) -> Draft | None:
    """The set of pieces that tells the most."""
    room = _room(source, most)
    crowded = source.chooser.weigh(source.title) + _BESIDE > room.most
    title = source.short if source.short and crowded else source.title
    for best in source.chooser.best(room, title=title, shown=bool(source.shown)):
        choice = source.chooser.rounded(best, room) if source.roomy else best
        text = text_of(choice, source)
        if (choice.pieces or len(text) > _LONG_TITLE) and _good(choice, text, source) and fits(text):
            return Draft(text, Rank.WHOLE, choice)
    return None


def _room(source: Source, most: int) -> Room:
    return Room(
        most=min(most, _READ_TO, source.ideal) if source.roomy else most,
        pieces=_ROOMY_PIECES if source.roomy else _PIECES,
        paragraphs=source.paragraphs,
        per_character=_ROOMY_COST if source.roomy else _COST,
        free=_THIN if source.roomy else 0,
    )


def _from_title(source: Source, fits: Callable[[str], bool], _: int) -> Draft | None:
    """The title whole, with the items of an article that has nothing else."""
    if not source.title or not fits(source.title):
        return None
    return Draft(_listed(source.title, source.items, fits), Rank.PART)


def _from_lines(source: Source, fits: Callable[[str], bool], _: int) -> Draft | None:
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


def _from_cut(source: Source, fits: Callable[[str], bool], _: int) -> Draft | None:
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


def text_of(choice: Choice, source: Source) -> str:
    """The pieces as a text, in the article's order; on a platform with paragraphs, day and hour at first sight."""
    paragraphs = [choice.head] if choice.head else []
    groups = list(_groups(choice.pieces, by_block=source.roomy))
    bodies = [_joined(group, source.known) for group in groups]
    if source.roomy:
        plain = frozenset(body for body, group in zip(bodies, groups, strict=True) if _is_plain(group[0]))
        planned = source.chooser.scale.kind in LINED  # in a report of a race the lines are its results
        bodies = _at_first_sight(bodies, choice, source.known) if planned else bodies
        bodies = _merged(bodies, source.paragraphs, plain)
    return source.gap.join([*paragraphs, *bodies])


def _is_plain(piece: Piece) -> bool:
    """Whether it may stand in a paragraph with others: sentences, a question with its answer."""
    return piece.form is Form.SENTENCE or (piece.form is Form.LIST and "•" not in piece.text)


def _merged(bodies: list[str], most: int, plain: frozenset[str]) -> list[str]:
    """At most that many paragraphs, where short neighbours of sentences alone can stand in one, each on its line."""
    bodies, whole = list(bodies), set(plain)
    while len(bodies) > most > 0:
        sizes = [len(one) + len(other) if {one, other} <= whole else _NEVER for one, other in pairwise(bodies)]
        at = sizes.index(min(sizes))
        if sizes[at] > _ONE_PARAGRAPH:
            break
        bodies[at : at + 2] = [f"{bodies[at]}\n{bodies[at + 1]}"]
        whole.add(bodies[at])
    return bodies


def _groups(pieces: tuple[Piece, ...], *, by_block: bool) -> Iterator[list[Piece]]:
    """Sentences of one paragraph, lines one after the other, a list alone."""
    group: list[Piece] = []
    for piece in pieces:
        if group and (piece.form is not group[-1].form or (by_block and not _together(group[-1], piece))):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _together(one: Piece, other: Piece) -> bool:
    return one.block == other.block or (one.form is Form.LINE and other.form is Form.LINE)


def _at_first_sight(bodies: list[str], choice: Choice, known: Words) -> list[str]:
    """The lines of day and hour after the first paragraph, where they would be out of sight otherwise."""
    lines = "\n".join(piece.text for piece in choice.pieces if piece.form is Form.LINE)
    dated = has_date(lines, known.code) or known.place.search(lines)
    if not dated or lines not in bodies or bodies.index(lines) < 2:
        return bodies
    before = len(choice.head) + sum(len(body) + 2 for body in bodies[: bodies.index(lines)])
    if before + len(lines) <= _FIRST_SIGHT:
        return bodies
    others = [body for body in bodies if body != lines]
    return [others[0], lines, *others[1:]] if not choice.head else [lines, *others]


def _good(choice: Choice, text: str, source: Source) -> bool:
    longest = max((len(group) for group in _groups(choice.pieces, by_block=source.roomy)), default=0)
    return (
        balanced(text)
        and longest <= _MAX_SENTENCES * (1 + source.roomy)
        and (not source.roomy or len(text.split("\n\n")) <= source.paragraphs + bool(choice.head))
    )


def _joined(pieces: list[Piece], known: Words) -> str:
    """Sentences in a row; Chinese and Japanese stand without blanks. Lines stand below each other."""
    text = pieces[0].text
    for piece in pieces[1:]:
        if piece.form is not Form.SENTENCE:
            text += f"\n{piece.text}"
        elif one := joined(text, piece.text, known):
            text = one
        else:
            text += piece.text if text[-1] in "。！？｡」』" else f" {piece.text}"
    return text
