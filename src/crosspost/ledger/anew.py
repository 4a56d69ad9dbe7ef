"""A change made anew while other writers are first, and its end: giving way to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from crosspost.errors import LedgerBusy

TRIES = 8

_Made = TypeVar("_Made")


def anew(step: Callable[[], _Made | None], hint: str = "The next run goes on from there.") -> _Made:
    """What `step` gives; it reads, decides and appends, and gives None when another writer was first.

    Raises LedgerBusy with `hint` after TRIES lost races.
    """
    for _ in range(TRIES):
        made = step()
        if made is not None:
            return made
    raise LedgerBusy("ledger-busy", "Other runs keep writing to the ledger; this one gave way.", hint)
