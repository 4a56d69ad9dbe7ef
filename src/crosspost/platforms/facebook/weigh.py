"""How Facebook counts a message, and the addresses in it that it makes clickable."""

from __future__ import annotations

import re

LIMIT = 63_206  # code points; not in Meta's own pages, what Facebook's composer and posting services enforce

_ADDRESS = re.compile(r"https?://[^\W_][^\s<>\"“”«»]+", re.IGNORECASE)
_CANT_END = ".,;:!?'’…*_"


def weigh(text: str) -> int:
    """The message's length in code points, of which 63,206 may be used."""
    return len(text)


def links(text: str) -> tuple[str, ...]:
    """The http(s) addresses that stand in the text, in order, without the punctuation that follows them."""
    return tuple(_trim(match[0]) for match in _ADDRESS.finditer(text))


def _trim(address: str) -> str:
    """Without closing punctuation; a closing parenthesis belongs to it where one was opened inside."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while address[end - 1] in _CANT_END or (address[end - 1] == ")" and surplus > 0):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]
