"""What a post is made of: a sentence, line or list of an article, and what may not stand in one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What a piece is."""

    SENTENCE = "sentence"
    LINE = "line"  # "Where: Town Hall", a day with its hour
    LIST = "list"  # a head with its items


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole sentence, line or list: `at` counts all of the article's, used or not.

    `leaning`: it can't stand without the sentence before it (`at - 1`). `inner`: it isn't its paragraph's
    first, and reads best after that sentence. `leads`: no sentence of the
    news before it was passed over. `glued`: perhaps two lines without a full stop between them. `key`: it
    stands first under a heading such as "What we found". `whom`: whom it calls by one name alone, in full.
    `short`: a part that only explains is left out.
    """

    text: str
    block: int
    at: int
    leaning: bool
    inner: bool = False
    leads: bool = True
    glued: bool = False
    form: Form = Form.SENTENCE
    key: bool = False
    whom: str = ""
    short: bool = False
    wide: bool | None = None  # only where paragraphs stand apart; False: only where they don't


@dataclass(frozen=True, slots=True)
class Left:
    """What may not stand in a post, and why."""

    text: str
    reason: str
