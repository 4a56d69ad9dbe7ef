"""From [ledger] url to a ledger: which backend, and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crosspost.core.world import World
from crosspost.errors import SettingsError
from crosspost.ledger.base import Ledger

_FORM = (
    'Write "sqlite:///crosspost.db" (beside the settings\' project), "sqlite:////absolute/path.db", or '
    '"git:origin#crosspost" (a branch of a git remote).'
)
_LATER = ("postgresql", "postgres")


def open_url(
    url: str, base: Path, *, site: str = "", writer: str = "", read_only: bool = False, world: World | None = None
) -> Ledger:
    """Open the ledger at `url`; a relative path is relative to `base`. `writer`: this run's id, new each time.

    `world`: what a ledger on a branch needs. Raises SettingsError for an address that can't be one, and
    the ledger errors of its backend.
    """
    if world is not None and is_git(url):
        from crosspost.ledger.git import ledger  # the room is entered here

        return ledger.open_ledger(url, base, world, ledger.Options(site, writer, read_only))
    from crosspost.ledger import sqlite  # the room is entered here

    return sqlite.open_ledger(sqlite_path(url, base), site=site, writer=writer, read_only=read_only)


def create_url(
    url: str,
    base: Path,
    *,
    site: str = "",
    token: Callable[[], str],
    now: datetime,
    writer: str = "",
    world: World | None = None,
) -> Ledger:
    """Make a ledger at `url` and open it. Raises RequestError where there is one already."""
    if world is not None and is_git(url):
        from crosspost.ledger.git import ledger  # the room is entered here

        return ledger.create(url, base, world, ledger.Options(site, writer))
    from crosspost.ledger import sqlite  # the room is entered here

    return sqlite.create(sqlite_path(url, base), site=site, token=token, now=now, writer=writer)


def is_git(url: str) -> bool:
    """Whether the address names a branch of a git repository."""
    return url[:4].lower() == "git:"


def sqlite_path(url: str, base: Path) -> Path | str:
    """The file that a sqlite address names (":memory:" stays itself), or SettingsError.

    The address itself is never repeated: it may hold a password.
    """
    scheme, colon, rest = url.partition(":")
    if colon and scheme.lower() in _LATER:
        raise SettingsError("ledger-url", f"a ledger at {scheme.lower()}: is not built yet", _FORM)
    if scheme.lower() != "sqlite" or not rest.startswith("///"):
        raise SettingsError("ledger-url", "[ledger] url is no address of a ledger", _FORM)
    path = rest.removeprefix("///")
    if path == ":memory:":
        return path
    if not path.strip() or "\0" in path or path.endswith("/"):
        raise SettingsError("ledger-url", "[ledger] url names no file", _FORM)
    return base / path
