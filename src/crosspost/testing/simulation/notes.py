"""What is noted for the judges: what people asked for, as they remember it, and what the site has done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing on that target ("" everywhere) from then until then, by the machine's clock."""

    target: str
    since: datetime
    until: datetime


@dataclass(slots=True)
class People:
    """What they asked for. `down`: (target, id) of posts that must not stand there at the end."""

    stops: list[Stop] = field(default_factory=list)
    down: set[tuple[str, str]] = field(default_factory=set)

    def stop(self, target: str, since: datetime, until: datetime) -> None:
        """A stop takes the place of one before."""
        self.resume(target, alone=True)
        self.stops.append(Stop(target, since, until))

    def resume(self, target: str, *, alone: bool = False) -> None:
        """It ends: there, or everywhere where none is named."""
        self.stops = [one for one in self.stops if one.target != target and (target or alone)]

    def forget(self) -> None:
        """An older ledger was put back, which may not know of any of it."""
        self.stops.clear()
        self.down.clear()


@dataclass(slots=True)
class Lore:
    """What the site has done. `old`: by account, posts that were listed before it came; `alike`: pairs of posts.

    `burst`: posts that came all at once, more than a page; `between`: one that came with them, dated between two old
    ones, which is read where it stands on page two. `moved_at`: when addresses or guids last changed.
    """

    old: dict[str, frozenset[int]] = field(default_factory=dict)
    alike: dict[int, int] = field(default_factory=dict)
    burst: frozenset[int] = frozenset()
    between: int = 0
    moved_at: datetime | None = None
