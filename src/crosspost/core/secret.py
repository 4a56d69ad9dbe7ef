"""A secret: a text that shows itself to nobody unless it is asked by name."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A key or token. Its text comes out of `reveal()` alone; str, repr and format give "***"."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself, for the request that needs it."""
        return self.__text

    def __repr__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__text

    def __hash__(self) -> int:
        return hash((Secret, self.__text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")
