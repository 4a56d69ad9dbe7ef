"""Patterns that ignore case, many as one, and fast: they are looked for some thousand times in each article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_SIGNS = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\(\?(?:P<|-i:|<?!)|.", re.DOTALL)
_NOT = ("(?!", "(?<!")
_TELLS_CASE = "(?-i:"


@dataclass(frozen=True, eq=False)
class Caseless:
    """A pattern that ignores case: `exact` says what is found, and is asked only where `quick` finds something.

    `quick` looks in small letters, where case needn't be ignored, which is three times as fast, and
    takes small letters for capitals where those are asked for. Signs whose small letter is another
    sign's too ("ſ", the Kelvin sign) aren't found. Both are made when they are first asked: of a dozen
    languages' patterns an article needs one's.
    """

    pattern: str

    @cached_property
    def exact(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.pattern, re.IGNORECASE)

    @cached_property
    def quick(self) -> re.Pattern[str] | None:
        """The pattern in small letters; None where it could find less than the exact one."""
        small = _in_small_letters(self.pattern.replace(_TELLS_CASE, "(?:"))
        return None if _denies_capitals(self.pattern) else re.compile(small)

    def search(self, text: str, begin: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first place; of a part of the text only with `begin` and `end`."""
        if end is not None or begin:
            return self.exact.search(text, begin, len(text) if end is None else end)
        return self.exact.search(text) if self.quick is None or self.quick.search(text.lower()) else None

    def match(self, text: str) -> re.Match[str] | None:
        """At the beginning."""
        return self.exact.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The whole text."""
        return self.exact.fullmatch(text)

    def finditer(self, text: str, begin: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """All places."""
        if end is None and not begin and self.quick is not None and not self.quick.search(text.lower()):
            return iter(())
        return self.exact.finditer(text, begin, len(text) if end is None else end)

    def sub(self, new: str, text: str) -> str:
        """The text with something else in all places."""
        return self.exact.sub(new, text)


NEVER = Caseless("(?!)")


@dataclass(frozen=True, slots=True)
class Lines:
    """Many patterns as one: those of a text's beginning are tried there alone, which is ten times faster."""

    anchored: Caseless
    free: Caseless

    def search(self, text: str) -> re.Match[str] | None:
        """The first that is found."""
        return self.anchored.match(text) or self.free.search(text)


NO_LINES = Lines(NEVER, NEVER)


def _denies_capitals(pattern: str) -> bool:
    """Whether a part that tells capitals stands in a "not before": in small letters it would find less."""
    within = [False]
    for sign in _SIGNS.findall(pattern):
        if sign[0] == "(":
            within.append(within[-1] or sign in _NOT)
        elif sign == ")":
            within.pop()
        if sign == _TELLS_CASE and within[-1]:
            return True
    return False


def _in_small_letters(pattern: str) -> str:
    """The pattern without capitals; that of an escaped W and of (?P< is no letter."""
    return _SIGNS.sub(lambda found: _small(found[0]), pattern)


def _small(sign: str) -> str:
    if sign[0] == "[" and len(sign) > 1:
        return re.sub(r"\\.|[^\\]", lambda found: _small(found[0]), sign)
    return sign if sign[0] == "\\" or sign == "(?P<" else sign.lower()


def any_of(alternatives: Iterable[str]) -> Caseless:
    """Many patterns as one that ignores case; one that is never found for none."""
    whole = "|".join(f"(?:{one})" for one in alternatives)
    return Caseless(whole) if whole else NEVER


def parted(lines: list[str]) -> Lines:
    """Those that are bound to the beginning apart from the others."""
    every = [one for line in lines for one in _alternatives(line)]
    return Lines(
        any_of(one for one in every if one[0] == "^"), any_of(_bounded([one for one in every if one[0] != "^"]))
    )


def _bounded(alternatives: list[str]) -> list[str]:
    """Those that begin a word as one alternative, so that they are tried where words begin alone: five times faster."""
    begin = [one.removeprefix(r"\b") for one in alternatives if one.startswith(r"\b")]
    rest = [one for one in alternatives if not one.startswith(r"\b")]
    return [*rest, rf"\b(?:{'|'.join(f'(?:{one})' for one in begin)})"] if begin else rest


def _alternatives(pattern: str) -> list[str]:
    """The parts of "^a|b(?:c|d)", "^a" and "b(?:c|d)": parted where a bar stands outside of brackets."""
    parts, depth = [""], 0
    for sign in re.findall(r"\\.|\[(?:\\.|[^\]])*\]|.", pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part for part in parts if part]
