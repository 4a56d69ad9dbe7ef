"""What will happen to an installation, by its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

Life = TypeVar("Life")


class Agenda(Generic[Life]):
    """What will happen, by its time; of two at one time, the one that was added first."""

    def __init__(self) -> None:
        self._events: list[tuple[datetime, int, Callable[[Life], None]]] = []
        self._added = 0

    def add(self, at: datetime, event: Callable[[Life], None]) -> None:
        """It will happen then."""
        self._added += 1
        self._events.append((at, self._added, event))
        self._events.sort(key=lambda one: one[:2], reverse=True)

    def first(self) -> datetime | None:
        """When the next one comes."""
        return self._events[-1][0] if self._events else None

    def due(self, now: datetime) -> tuple[datetime, Callable[[Life], None]] | None:
        """The next one that comes until then, taken off."""
        if self._events and self._events[-1][0] <= now:
            at, _, event = self._events.pop()
            return at, event
        return None
