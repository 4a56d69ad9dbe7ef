"""What a sentence leans on: it stands in a text only with what it needs of what the article said before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from crosspost.compose.clean import fold
from crosspost.compose.facts import dates
from crosspost.compose.kind import NAMES, Kind
from crosspost.compose.patterns import NEVER, Caseless, any_of
from crosspost.compose.pieces import Form, Piece
from crosspost.compose.stems import is_little, stem, stems
from crosspost.compose.tokens import WORD, tokens
from crosspost.compose.words import Words, entry

_MONTH = "\0month"  # what a text has said that names a day with its month
_APART = 3  # places between a paragraph's first sentence and the last before it, with a caption between them
_SUBJECT = 36  # characters that a sentence's subject is likely to be in
_NOUN_PHRASE = 3  # words after an "a" that may be its noun


@dataclass(frozen=True, slots=True)
class Need:
    """One of these sentences (by `Piece.at`) before it, or a text before it that has said one of these stems."""

    ats: frozenset[int] = frozenset()
    roots: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Back:
    """The patterns of data/leans.toml for one language; it says there what each is."""

    subject: Caseless
    thereafter: Caseless
    turns: Caseless
    shell: Caseless
    day: Caseless
    definite: Caseless
    indefinite: Caseless
    page: Caseless
    joined: Caseless


@cache
def _back(code: str) -> _Back:
    data = entry("leans", code)
    return _Back(
        *(any_of(str(data.get(name, "")).strip().split("\n") if name in data else []) for name in _Back.__slots__)
    )


@dataclass(slots=True)
class Leans:
    """What the pieces of one article lean on, by their texts; made once for each article."""

    known: Words
    kind: Kind
    title: str
    pieces: tuple[Piece, ...]
    needs: dict[str, tuple[Need, ...]] = field(default_factory=dict)  # wherever it stands
    alone: dict[str, tuple[Need, ...]] = field(default_factory=dict)  # besides, where the one before it is missing
    bridging: set[str] = field(default_factory=set)  # texts about "the …" that nothing before speaks of
    _said: dict[str, frozenset[str]] = field(default_factory=dict)
    _first: dict[str, int] = field(default_factory=dict)  # in which sentence a stem is said first
    _new: dict[str, int] = field(default_factory=dict)  # and first with an "a"
    _sentences: tuple[Piece, ...] = ()
    _back: _Back = field(init=False)
    _dated: bool = False  # whether a sentence names a day without its month

    def __post_init__(self) -> None:
        self._back = _back(self.known.code)
        self._dated = any(self._back.day.search(piece.text) for piece in self.pieces)
        whole = {piece.at: piece for piece in reversed(self.pieces) if piece.form is not Form.LINE}
        self._sentences = tuple(whole[at] for at in sorted(whole))
        for piece in self._sentences:
            for root in self.said(piece.text):
                self._first.setdefault(root, piece.at)
        for piece in self._sentences:
            new = (root for root in self._indefinite(piece.text) if self._first.get(root) == piece.at)
            self._new |= dict.fromkeys(new, piece.at)
        for piece in self.pieces:
            if piece.form is Form.SENTENCE:
                first = piece.at == self.pieces[0].at and not piece.inner
                self.needs[piece.text] = tuple(self._first_needs(piece) if first else self._needs(piece))
                self.alone[piece.text] = tuple(self._given(piece)) if piece.inner else ()
        self.bridging = {piece.text for piece in self.pieces if self._is_bridging(piece)}

    def lacks(self, piece: Piece, before: Iterable[Piece], under: str) -> bool:
        """Whether the text doesn't have what the piece needs; `under` is the title that stands in it."""
        needs, alone = self.needs.get(piece.text, ()), self.alone.get(piece.text, ())
        if not needs and not alone:
            return False
        earlier = [one for one in before if one.at < piece.at]
        ats = {one.at for one in earlier}
        needs += () if piece.at - 1 in ats else alone
        said = self.said(under).union(*(self.said(one.text) for one in earlier))
        return not all(need.ats & ats or need.roots & said for need in needs)

    def source(self, piece: Piece) -> int:
        """The nearest sentence that it needs, by `Piece.at`; -1 where there is none."""
        ats = [at for need in self.needs.get(piece.text, ()) for at in need.ats]
        return max(ats, default=-1)

    def said(self, text: str) -> frozenset[str]:
        """The stems of a text, and whether it names a month."""
        if text not in self._said:
            month = (_MONTH,) if self._dated and (dates(text, self.known.code) or self._names_month(text)) else ()
            bare = (self._root(word) for word in tokens(text)) if self._back.joined is not NEVER else ()
            self._said[text] = stems(text, self.known).union(month, bare)
        return self._said[text]

    def _root(self, word: str) -> str:
        return stem(self._back.joined.sub("", word))

    def _names_month(self, text: str) -> bool:
        months, small = self.known.months, self.known.stop  # "we may" is no month
        return any(fold(word) in months and (word[0].isupper() or fold(word) not in small) for word in tokens(text))

    def _needs(self, piece: Piece) -> Iterator[Need]:
        text, known, back = piece.text, self.known, self._back
        window = tuple(self._window(piece))
        if back.subject.match(text):
            yield Need(frozenset(window))
        if back.thereafter.search(text):
            yield Need(frozenset(self._paragraph(piece, window)))
        yield from self._called(piece, window[:1])
        shell = back.shell.match(text)
        if shell:
            yield Need(frozenset(window[:1]), stems(shell[0], known))
        if back.day.search(text) and _MONTH not in self.said(text):
            yield Need(
                frozenset(one.at for one in self._before(piece) if _MONTH in self.said(one.text)), frozenset((_MONTH,))
            )
        near = frozenset(window)
        for found in self._back.definite.finditer(text):
            for root in self._roots(found):
                if self._new.get(root) in near and root not in stems(text[: found.start()], known):
                    yield Need(frozenset((self._new[root],)), frozenset((root,)))

    def _first_needs(self, piece: Piece) -> Iterator[Need]:
        """The title is before the first, and "this band" is the writer's; "these three words" are nobody's."""
        yield from (need for need in self._called(piece, ()) if not need.roots)

    def _called(self, piece: Piece, before: tuple[int, ...]) -> Iterator[Need]:
        if not piece.leaning:
            yield from (Need(frozenset(before), roots) for roots in self._this(piece.text))

    def _given(self, piece: Piece) -> Iterator[Need]:
        """Where the sentence before it is missing, whatever it begins with as known has to be known."""
        if self._back.turns.search(piece.text):
            yield Need()
        for found in self._back.definite.finditer(piece.text):
            for root in self._roots(found) if found.start() < _SUBJECT else ():
                if self._first.get(root, piece.at) < piece.at:
                    yield Need(frozenset((self._first[root],)), frozenset((root,)))

    def _is_bridging(self, piece: Piece) -> bool:
        """Whether it begins with a "the …" that only the sentence before it explains: "The average wait was …"."""
        found = self._back.definite.match(piece.text)
        roots = frozenset(self._roots(found)) if found and piece.inner else frozenset()
        return bool(roots) and all(self._first.get(root) == piece.at for root in roots - self.said(self.title))

    def _this(self, text: str) -> Iterator[frozenset[str]]:
        """The stems of what it calls "this …", but for the story itself ("this film") and what it has named itself."""
        own = self.known.kinds.get(NAMES.get(self.kind, ""), self.known.update)
        for found in self.known.demonstrative.finditer(text):
            noun = found[1] or ""
            counted = noun and (noun[0].isdigit() or self.known.numbers.fullmatch(noun))
            if counted:
                after = WORD.search(text, found.end())
                noun = after[0] if after else noun
            if own.search(noun) or self._back.page.match(noun):
                continue
            if stem(noun) not in stems(text[: found.start()], self.known):
                yield frozenset() if counted else frozenset(map(self._root, tokens(noun)))

    def _roots(self, found: re.Match[str]) -> Iterator[str]:
        words = (fold(word) for word in found.groups() if word)
        yield from (stem(word) for word in words if word not in self.known.stop and not is_little(word))

    def _indefinite(self, text: str) -> Iterator[str]:
        """The stems of the words after an "a", up to the next small word."""
        for found in self._back.indefinite.finditer(text):
            for word in text[found.end() :].split()[:_NOUN_PHRASE]:
                plain = fold(word.strip(",;:.!?»”\"')"))
                if plain in self.known.stop:
                    break
                yield stem(plain)
                if word[-1] in ",;:.!?":
                    break

    def _before(self, piece: Piece) -> list[Piece]:
        """The sentences before it, the nearest first."""
        return [one for one in reversed(self._sentences) if one.at < piece.at]

    def _window(self, piece: Piece) -> Iterator[int]:
        """The sentences that may have named what it leaves unnamed: back to the last one that leans on none."""
        at, near = piece.at, 1 if piece.inner else _APART
        for one in self._before(piece):
            if at - one.at > near:
                break
            yield one.at
            if piece.inner or not self._is_open(one):
                break
            at, near = one.at, 1 if one.inner else _APART

    def _paragraph(self, piece: Piece, window: tuple[int, ...]) -> Iterator[int]:
        """The sentence right before it; where it begins a paragraph, all of the one before."""
        block = next((one.block for one in self._before(piece) if one.at in window[:1]), -1)
        yield from (one.at for one in self._before(piece) if one.block == block and not piece.inner)
        yield from window[:1]

    def _is_open(self, piece: Piece) -> bool:
        """Whether it leaves its own subject unnamed."""
        return piece.leaning or bool(self._back.subject.match(piece.text))
