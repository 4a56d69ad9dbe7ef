"""The sheet that terminal reports are written on: lines and verses of plain words, wrapped to the window.

Every line is a rich Text made of cleaned words, never markup, so nothing that a feed brings can colour,
link or command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TextIO

from crosspost.core.reason import Reason
from crosspost.report.describe import clean_line, clean_lines, when
from crosspost.report.sentences import hint, say

if TYPE_CHECKING:
    from rich.console import Console

_COMMAND = re.compile(r"`[^`]{1,50}`")
_GLUE = "\ue000"  # stands for a blank where no line may end; a private letter that no text has
_WIDEST = 96  # longer lines are hard to read, however wide the window


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where and how to write: the console, the zone and time for dates, and the platforms' own words."""

    console: Console
    zone: tzinfo
    now: datetime
    sentences: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many cells a line may have."""
        return max(20, min(self.console.width, _WIDEST))

    def say(self, reason: Reason) -> str:
        """A reason's sentence."""
        return say(reason, self.sentences, self.zone)

    def advise(self, reason: Reason, indent: int, story: str = "") -> None:
        """Write what to do about a reason, its commands unbroken and with the story's number where it is one."""
        self.advice(hint(reason, self.hints).replace("STORY", story or "STORY"), indent)

    def advice(self, text: str, indent: int) -> None:
        """Write what to do; a command in it is copied more easily from one line."""
        self.line(_COMMAND.sub(lambda command: command[0].replace(" ", _GLUE), text), "dim", indent=indent)

    def when(self, moment: datetime) -> str:
        """A time in words."""
        return when(moment, self.zone, self.now)

    @property
    def frame(self) -> tuple[str, str, str, str]:
        """Top, side, knot and bottom of a frame, in letters that the stream can carry."""
        return ("╭─", "│", "├─", "╰─") if self.console.encoding.startswith("utf") else ("+-", "|", "|-", "+-")

    def line(
        self, text: str, style: str = "", *, indent: int = 0, first: str = "", first_style: str = "", then: str = ""
    ) -> None:
        """Write one paragraph; `first` stands before its first line, `then` (else blanks) before the others.

        Nothing where text and `first` are empty.
        """
        from rich.cells import cell_len  # rich is loaded when something is shown, not at start

        if not (text or first):
            return
        first = " " * indent + first
        if text and cell_len(first) > self.width // 2:  # a narrow window: no room beside it
            self._write(first, first_style, "", "")
            first = then = " " * (indent + 8)
        then = then.ljust(cell_len(first))
        for index, row in enumerate(_wrap(clean_line(text), max(self.width - cell_len(first), 10))):
            self._write(then if index else first, first_style, row.replace(_GLUE, " "), style)

    def gap(self) -> None:
        """Write an empty line."""
        self.console.print()

    def verse(self, text: str, bar: str) -> None:
        """Write text with line breaks of its own, each line after `bar`."""
        for row in clean_lines(text).split("\n"):
            for part in _wrap(row.rstrip(), self.width - len(bar)):
                self._write(bar, "dim", part, "")

    def _write(self, before: str, before_style: str, text: str, style: str) -> None:
        from rich.text import Text  # rich is loaded when something is shown, not at start

        line = Text().append(before, before_style).append(text, style)  # a Text's own style would colour all of it
        line.rstrip()
        self.console.print(line, soft_wrap=True, highlight=False)


def open_console(stream: TextIO, env: Mapping[str, str], width: int | None = None) -> Console:
    """A console that writes plain text where the stream is no terminal; `env` may have NO_COLOR and COLUMNS."""
    from rich.console import Console  # rich is loaded when something is shown, not at start

    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False, _environ=env)


def progress(message: str, stream: TextIO) -> None:
    """Say that something slow is under way; nothing where nobody watches."""
    if stream.isatty():
        stream.write(f"{clean_line(message)} …\n")
        stream.flush()


def _wrap(text: str, width: int) -> Iterator[str]:
    """Lines of at most so many cells, broken at spaces (not at no-break ones), else inside a word."""
    from rich.cells import cell_len, chop_cells  # rich is loaded when something is shown, not at start

    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        *full, line = chop_cells(word, width) or [""]
        yield from full
    yield line
