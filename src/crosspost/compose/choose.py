"""Which pieces go together: the set that tells the most within the room there is, found with a beam."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace

from crosspost.compose.again import is_title_again, says_again
from crosspost.compose.kind import Kind
from crosspost.compose.leans import Leans
from crosspost.compose.pieces import Form, Piece
from crosspost.compose.sentences import balanced
from crosspost.compose.stems import stems
from crosspost.compose.tokens import FULL_NAME, is_wide
from crosspost.compose.worth import Scale, Worth

_BEAM = 8  # sets that are kept from step to step
_LOOKED_AT = 22  # pieces that are tried, the best by themselves
_OPENINGS = 3  # sentences at the article's beginning that a text may begin with
_TITLE_BONUS, _TITLE_STEM, _TITLE_MUST = 1.8, 0.6, 1.6  # a title of one or two words tells nothing
_TITLE_ROOMY, _TELLS = 1.0, 3  # where there is room for more than a title of that many stems
_NAMES_LIST = 3.0  # a list's title says what it is a list of
_LATER_OPENING = 2.5  # what it costs to begin with a later sentence
_BROKEN = 0.8  # what a sentence from inside a paragraph costs without the one before it
_JOINED = 0.4  # what it adds that the sentence before it stands there too: such a text reads well
_SCENE = 0.9  # what a first sentence that only sets a scene adds where the news comes too
_QUOTES = '“„«"‘'  # nothing begins with somebody's words, before it's said what they are about
_SHORTENED = 0.6  # what a shortened sentence costs where there is room for the whole one
_UNKNOWN = 3.5  # what it costs to speak of "Hattie" before she was introduced
_TELLING = ("status", "change", "deadline", "ask", "plea", "when")  # what lets it come all the same
_ASKING = ("ask", "plea", "deadline", "person")
_ONE_SUBJECT = frozenset((Kind.LIST, Kind.NEWS, Kind.REPORT, Kind.RECAP, Kind.STATEMENT))  # less sure than an event's
_COUNTING = frozenset((Kind.REPORT, Kind.RECAP))  # kinds where a figure does too
_WORTH_A_WAY = ("status", "deadline", "ask", "plea", "when", "figures")  # what brings the sentences before it along
_WAY = 3  # that many of them
_CLAUSE = 4  # words
_ALL = 99.0  # places
_TEASER = 60  # characters of a sentence that may only lead to the next
_LEAD = 2  # sentences that may say what the title says
_HALF = 0.5  # a line takes that much of a place


def _first_half(text: str) -> str:
    """What stands before a colon or semicolon, where that is a clause: what follows may point to it."""
    head = re.split(r"[:;؛：；](?=\s)", text, maxsplit=1)[0]
    return head if len(head.split()) >= _CLAUSE else text


@dataclass(frozen=True, slots=True)
class Room:
    """What there is room for.

    `most`: of the platform's units. `pieces`: that many of them (a line counts half). `paragraphs`:
    how many; where there is one, sentences follow each other.
    `per_character`: what a character costs, so that nothing comes that tells next to nothing.
    """

    most: int
    pieces: float
    paragraphs: int
    per_character: float
    free: int = 0  # units before characters cost anything


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of pieces in the making, with what it tells."""

    head: str = ""
    under: str = ""  # the title that stands in the text, here or by the template
    pieces: tuple[Piece, ...] = ()
    told: frozenset[str] = frozenset()
    value: float = 0.0
    length: int = 0
    ats: frozenset[int] = frozenset()  # the pieces' places

    @property
    def key(self) -> tuple[str, ...]:
        """Tells two sets apart."""
        return (self.head, *(piece.text for piece in self.pieces))

    @property
    def places(self) -> float:
        """How much of `Room.pieces` it takes."""
        return bool(self.head) + sum(_HALF if piece.form is Form.LINE else 1.0 for piece in self.pieces)


@dataclass(slots=True)
class Chooser:
    """The candidates of one article, and what is known of them."""

    scale: Scale
    title: str
    pieces: tuple[Piece, ...]
    weigh: Callable[[str], int]
    sizes: dict[str, int] = field(default_factory=dict)  # by a piece's text: two may share a place
    worths: dict[str, Worth] = field(default_factory=dict)
    again: dict[tuple[str, str], bool] = field(default_factory=dict)
    titled: dict[tuple[str, str], bool] = field(default_factory=dict)
    broken: dict[str, float | None] = field(default_factory=dict)  # what an inner piece costs alone, by its text
    pointing: set[str] = field(default_factory=set)  # the texts with a pronoun that stands for something before
    named: set[str] = field(default_factory=set)  # the texts that begin with a full name
    ways: dict[str, tuple[Piece, ...]] = field(default_factory=dict)  # by a piece's text, what it needs before it
    leans: Leans = field(init=False)
    first: int = -1  # the first sentence
    unpaired: set[str] = field(default_factory=set)  # texts with a quotation mark or bracket that isn't closed

    def __post_init__(self) -> None:
        last = max((piece.at for piece in self.pieces), default=1)
        known = self.scale.known
        inner = [piece.text for piece in self.pieces if piece.inner]
        self.pointing = {text for text in inner if known.pointing.search(_first_half(text))}
        self.unpaired = {piece.text for piece in self.pieces if not balanced(piece.text)}
        self.leans = Leans(known, self.scale.kind, self.title, self.pieces)
        self.named = {text for text in inner if FULL_NAME.match(text)} - self.pointing - self.leans.bridging
        self.sizes = {piece.text: self.weigh(piece.text) for piece in self.pieces}
        firsts = {piece.at: piece for piece in reversed(self.pieces) if piece.form is Form.SENTENCE}
        self.first = min(firsts, default=-1)
        self.worths = {piece.text: self.scale.worth(piece, piece.at / max(last, 30)) for piece in self.pieces}
        far = (piece for piece in self.pieces if self.worths[piece.text].has(*_WORTH_A_WAY))
        self.ways = {piece.text: way for piece in far if (way := self._way(piece, firsts))}

    def weighing(self, weigh: Callable[[str], int]) -> Chooser:
        """The same candidates for a platform that counts in this way; what is known of them is shared."""
        made = copy(self)
        made.weigh, made.sizes = weigh, {text: weigh(text) for text in self.sizes}
        return made

    def best(self, room: Room, *, title: str, shown: bool) -> Iterator[Choice]:
        """The sets, the best first. `title`: it may lead ("" if not); `shown`: it stands in the text already."""
        candidates = tuple(piece for piece in self._candidates() if self._may_come(piece, room))
        beam = list(self._openings(room, title, shown=shown))
        kept = list(beam)
        while beam:
            grown = {
                more.key: more
                for one in beam
                for piece in candidates
                if piece.at not in one.ats and (more := self._grown(one, piece, room))
            }
            beam = sorted(grown.values(), key=lambda one: -one.value)[:_BEAM]
            kept += beam
        yield from sorted((one for one in kept if one.pieces or one.head), key=lambda one: -one.value)

    def all_of(self, room: Room, *, title: str, shown: bool) -> Choice | None:
        """Everything that may stand in a text with paragraphs; None where there is too much of it."""
        told = [piece for piece in self.pieces if self._may_come(piece, room)]
        whole = tuple({piece.at: piece for piece in reversed(told)}.values())[::-1]
        empty = self._title_value(frozenset(self.scale.marks(title)), room) <= 0
        head = "" if empty or any(self._same(title, piece.text) for piece in whole[:_LEAD]) else title
        under = head or (self.title if shown else "")
        made = Choice(head, under)
        if self.weigh(head) + sum(self.sizes[piece.text] + 1 for piece in whole) > room.most:
            return None
        for piece in whole:
            made = self._plus(made, piece, replace(room, pieces=_ALL), forced=True) or made
        return made

    def rounded(self, choice: Choice, room: Room) -> Choice:
        """With the next sentence after one that only leads to it ("One boat almost stayed at home."), or without both.

        A "not" stays in any case.
        """
        room = replace(room, pieces=_ALL)
        for piece in choice.pieces:
            after = [one for one in self.pieces if one.at == piece.at + 1 and one.inner and one.wide is not False]
            teaser = not piece.inner and len(piece.text) <= _TEASER and not is_wide(piece.text[0])
            if not (teaser and after) or piece.at + 1 in choice.ats or self.worths[piece.text].has(*_WORTH_A_WAY):
                continue
            more = self._plus(choice, after[0], room, forced=True) if self._may_come(after[0], room) else None
            left = tuple(one for one in choice.pieces if one is not piece)
            spare = left and not self.worths[piece.text].has("not")
            choice = more or (replace(choice, pieces=left, ats=choice.ats - {piece.at}) if spare else choice)
        return choice

    def _may_come(self, piece: Piece, room: Room) -> bool:
        """Whether it can stand in such a text at all."""
        if piece.glued or piece.text in self.unpaired or piece.wide is (room.paragraphs == 1):
            return False
        if self.scale.kind is Kind.OBITUARY and room.paragraphs == 1 and piece.at < self.scale.news:
            return False  # nothing comes before it's said who has died
        return self.sizes[piece.text] < room.most

    def _candidates(self) -> tuple[Piece, ...]:
        """The pieces with the most to tell, in their order, with what they lean on."""
        ranked = sorted(self.pieces, key=lambda piece: -self.alone(piece))
        wanted = {piece.at for piece in ranked[:_LOOKED_AT]}
        wanted |= {piece.at - 1 for piece in ranked[:_LOOKED_AT] if piece.leaning or piece.inner}
        return tuple(piece for piece in self.pieces if piece.at in wanted)

    def alone(self, piece: Piece) -> float:
        """What a piece tells by itself."""
        worth = self.worths[piece.text]
        return worth.bonus + sum(weight for _, weight in worth.marks)

    def _openings(self, room: Room, title: str, *, shown: bool) -> Iterator[Choice]:
        told = frozenset(self.scale.marks(title or self.title))
        base = Choice(under=self.title, told=told) if shown else Choice()
        if shown:
            yield base
        size = self.weigh(title)
        if title and size <= room.most:
            value = self._title_value(told, room)
            yield Choice(head=title, under=title, told=told, value=value, length=size)
        beginnings = [
            piece
            for piece in self.pieces
            if piece.form is Form.SENTENCE and not piece.leaning and piece.text[0] not in _QUOTES
        ]
        openings = [piece for piece in beginnings if not piece.inner or self.worths[piece.text].has("status")]
        order = list(dict.fromkeys(piece.at for piece in openings))  # a sentence comes in several forms
        for piece in openings[:_OPENINGS]:
            number = order.index(piece.at)
            if (piece.leads or number or not title) and (not number or self._stands_for_title(piece)):
                cost = 0.0 if piece.at == self.scale.news else _LATER_OPENING * number
                more = self._plus(replace(base, value=-cost), piece, room)
                if more:
                    yield more

    def _title_value(self, told: frozenset[str], room: Room) -> float:
        """What the title tells."""
        bonus = min(_TITLE_BONUS, _TITLE_STEM * len(self.scale.title) - _TITLE_MUST)
        bonus += _NAMES_LIST * (self.scale.kind is Kind.LIST) + _TITLE_ROOMY * (
            room.paragraphs > 1 and len(self.scale.title) >= _TELLS
        )
        return bonus + sum(map(self.scale.weight, told))

    def _stands_for_title(self, piece: Piece) -> bool:
        """Whether it says half of the title's words: what is later and says less doesn't begin a text without it."""
        title = self.scale.title
        return 2 * len(title & stems(piece.text, self.scale.known)) >= len(title)

    def _grown(self, choice: Choice, piece: Piece, room: Room) -> Choice | None:
        """With this piece, or with it and those that it needs before it where they are worth that together."""
        way = self.ways.get(piece.text, ()) if room.paragraphs > 1 and piece.at not in choice.ats else ()
        made: Choice | None = choice if way else None
        for step in (*(one for one in way if one.at not in choice.ats), piece):
            made = self._plus(made, step, room, forced=True) if made else None
        return made if made and made.value > choice.value else self._plus(choice, piece, room)

    def _way(self, piece: Piece, firsts: dict[int, Piece]) -> tuple[Piece, ...]:
        """The sentences before it that it can't do without, where it tells enough to bring them along."""
        way = [piece]
        while len(way) <= _WAY:
            last = way[-1]
            before = firsts.get(last.at - 1) or firsts.get(last.at - 2)
            near = before and (before.at == last.at - 1 or self._follows(last, before))
            if not (near and (last.inner or last.leaning)):
                before = firsts.get(self.leans.source(last))
            if before is None:
                break
            way.append(before)
        return tuple(way[:0:-1])

    def _plus(self, choice: Choice, piece: Piece, room: Room, *, forced: bool = False) -> Choice | None:
        """With this piece; None where it can't come. Nothing comes before what the text begins with."""
        length = choice.length + self.sizes[piece.text] + 1
        if length > room.most or (not choice.under and choice.pieces and piece.at < choice.pieces[0].at):
            return None
        if piece.at in choice.ats or not self._may_come(piece, room):
            return None
        broken = self._broken(choice, piece, room)
        if broken is None or self._again(choice, piece):
            return None
        broken += _UNKNOWN * self._is_unknown(choice, piece) + _SHORTENED * (piece.short and room.paragraphs > 1)
        worth = self.worths[piece.text]
        new = [mark for mark in worth.marks if mark[0] not in choice.told]
        cost = room.per_character * (max(0, length - room.free) - max(0, choice.length - room.free))
        gain = sum(weight for _, weight in new) + worth.bonus - broken - cost + self._eased(choice, piece, room)
        if gain <= 0 and choice.pieces and not forced:
            return None
        pieces = tuple(sorted((*choice.pieces, piece), key=lambda one: one.at))
        told = choice.told.union(name for name, _ in new)
        value = choice.value + gain
        ats = choice.ats | {piece.at}
        made = Choice(choice.head, choice.under, pieces, told, value, length, ats)
        return made if made.places <= room.pieces else None

    def _eased(self, choice: Choice, piece: Piece, room: Room) -> float:
        """What the others cost less with it beside them, so that a set is worth the same in whatever order it came."""
        eased = 0.0
        for one in choice.pieces:
            joined = one.at - 1 == piece.at
            if joined or (one.leads and piece.at == self.scale.news and one.at - 1 not in choice.ats):
                new = -_JOINED if joined else -_SCENE * (room.paragraphs > 1)
                eased += (self._broken(choice, one, room) or 0.0) - new
            if one.whom and one.whom in piece.text and self._is_unknown(choice, one):
                eased += _UNKNOWN
        return eased

    def _broken(self, choice: Choice, piece: Piece, room: Room) -> float | None:
        """What it costs that the sentence before it is missing; None where it can't be missing."""
        if piece.at - 1 in choice.ats:
            return -_JOINED
        if piece.leads and self.scale.news in choice.ats:
            return -_SCENE * (room.paragraphs > 1)
        if self.leans.lacks(piece, choice.pieces, choice.under):
            return None
        if piece.leaning:
            if any(self._follows(piece, one) for one in choice.pieces):
                return _BROKEN
            first = bool(choice.under) and piece.at == self.first and piece.leads and piece.text[0] not in _QUOTES
            return 0.0 if first else None
        if piece.inner:
            if piece.text not in self.broken:
                self.broken[piece.text] = self._broken_alone(piece)
            alone = self.broken[piece.text]
            named = alone is None and room.paragraphs == 1 and piece.text in self.named
            return _BROKEN if named else alone
        return 0.0

    def _broken_alone(self, piece: Piece) -> float | None:
        """What it costs to come from inside a paragraph, whatever else stands there."""
        if piece.text in self.pointing:
            return None
        if piece.at == self.scale.news:
            return 0.0
        news = self.scale.kind is Kind.NEWS and piece.block == self.scale.lead
        counts = (news or self.scale.kind in _COUNTING) and self.worths[piece.text].has("figures")
        counts = counts and piece.text not in self.leans.bridging
        cost = _BROKEN / (1 + (piece.block == self.scale.lead))
        return cost if counts or self._speaks_alone(piece) else None

    @staticmethod
    def _follows(piece: Piece, other: Piece) -> bool:
        """Whether it begins the paragraph right after the one that the other ends."""
        last = other.form is Form.SENTENCE and other.block == piece.block - 1
        return last and not piece.inner and other.at == piece.at - 2

    def _is_unknown(self, choice: Choice, piece: Piece) -> bool:
        """Whether it calls somebody by one name whom the text doesn't introduce."""
        return bool(piece.whom) and not any(piece.whom in text for text in choice.key)

    def _speaks_alone(self, piece: Piece) -> bool:
        """Whether it tells enough to come without the one before it, and what it speaks of: not "It was put off"."""
        worth, telling = self.worths[piece.text], self._telling(piece)
        if worth.has(*(name for name in telling if name in _ASKING)):
            return True
        return worth.has(*telling) and (worth.has("title", "topic", "name") or self.scale.kind not in _ONE_SUBJECT)

    def _telling(self, piece: Piece) -> tuple[str, ...]:
        """What lets it come without the one before it; "You need not register" doesn't say for what."""
        denied = self.worths[piece.text].has("not") and self.scale.kind is not Kind.LETTER
        telling = (*_TELLING, "person") if self.scale.kind is Kind.INTERVIEW else _TELLING
        return tuple(name for name in telling if not (denied and name in ("ask", "plea")))

    def _again(self, choice: Choice, piece: Piece) -> bool:
        """Whether it says again what the text says already."""
        if choice.under and (self._same(choice.under, piece.text) or self._is_title(piece.text, choice.under)):
            return True
        return any(self._same(one.text, piece.text) for one in choice.pieces)

    def _same(self, one: str, other: str) -> bool:
        known = self.again.get((one, other))
        if known is None:
            known = self.again[one, other] = says_again(one, other) or says_again(other, one)
        return known

    def _is_title(self, text: str, title: str) -> bool:
        known = self.titled.get((text, title))
        if known is None:
            known = self.titled[text, title] = is_title_again(text, title)
        return known
