"""The ledger in one SQLite file, or in memory: making it, opening it, and what its errors mean."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from crosspost.errors import (
    LedgerBusy,
    LedgerDamaged,
    LedgerForeign,
    LedgerMissing,
    LedgerNewer,
    LedgerUnwritable,
    RequestError,
)
from crosspost.ledger.codec import to_column, to_time
from crosspost.ledger.sql import Row, SqlLedger

APPLICATION_ID = 0x43725073  # "CrPs": whose file it is
SCHEMA = 1  # user_version; the newest of migrations/
BUSY_SECONDS = 5.0  # a writer holds the lock for milliseconds
MEMORY = ":memory:"

_COPY = "Restore it from a copy made with `crosspost ledger copy`."
_MAKE = "`crosspost init` makes one, or `crosspost run --baseline`; if there was one, restore it from a copy."
_SITES = "SELECT site, ledger FROM sites ORDER BY site"
_ADD_SITE = "INSERT INTO sites (site, ledger, made_at, sequence) VALUES (?, ?, ?, 0)"


class SqliteDatabase:
    """A connection to the file (or to memory), with SQLite's errors turned into the ledger's."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.connection = connection
        self.name = name
        self.users = 1  # ledgers that share a database in memory

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows that a statement brings."""
        try:
            return self.connection.execute(_translated(sql), values).fetchall()
        except sqlite3.Error as error:
            raise meaning(error, self.name) from error

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row."""
        try:
            for row in rows:
                self.connection.execute(sql, row)
        except sqlite3.Error as error:
            raise meaning(error, self.name) from error

    def listed(self, values: Iterable[object]) -> object:
        """The value that stands for a list."""
        return json.dumps(list(values))

    def begin(self, *, write: bool) -> None:
        """Begin a transaction; one that writes waits for the lock, for BUSY_SECONDS at most."""
        self.rows("BEGIN IMMEDIATE" if write else "BEGIN")

    def commit(self) -> None:
        """End the transaction; synced to the disk when it returns."""
        self.rows("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction, if there is one still (SQLite ends it itself after some errors)."""
        if self.connection.in_transaction:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection with its last user."""
        self.users -= 1
        if self.users <= 0:
            self.connection.close()


class SqliteLedger(SqlLedger):
    """A SqlLedger that knows its place."""

    def __init__(self, database: SqliteDatabase, *, ledger_id: str, site: str, writer: str) -> None:
        super().__init__(database, ledger_id=ledger_id, site=site, writer=writer)
        self._database = database
        self._plain_site = site

    @property
    def database(self) -> SqliteDatabase:
        """Its connection."""
        return self._database

    def reopen(self, *, writer: str = "") -> SqliteLedger:
        """Another ledger on the same place: a connection of its own to a file, the same one in memory."""
        if self._database.name != MEMORY:
            return open_ledger(self._database.name, site=self._plain_site, writer=writer)
        self._database.users += 1
        other = SqliteLedger(self._database, ledger_id=self.id, site=self._plain_site, writer=writer)
        # Decoding is pure, and an article is known by its hash: what one has read the other needn't read again.
        other._revision, other._story, other._articles = self._revision, self._story, self._articles
        return other

    def copy_to(self, other: sqlite3.Connection) -> None:
        """The whole database, as it stands, into another connection's."""
        self._database.connection.backup(other)

    def put_back(self, other: sqlite3.Connection) -> None:
        """Let a copy take this database's place, as when an old file is put back; for simulations."""
        other.backup(self._database.connection)

    def verify(self) -> None:
        """Read the whole file and raise LedgerDamaged where a page, an index or a reference is broken."""
        faults = self._database.rows("PRAGMA integrity_check(1)") != [("ok",)]
        if faults or self._database.rows("PRAGMA foreign_key_check"):
            raise _damaged(self._database.name)


def create(
    path: Path | str, *, site: str = "", token: Callable[[], str], now: datetime, writer: str = ""
) -> SqliteLedger:
    """Make a ledger (in a new file, or for a new site in an old one) and open it; never over an old one.

    A new file is its owner's alone, whatever the umask: it holds texts that aren't out yet.
    `token` gives its id, 32 hex digits. ":memory:" makes one that lives as long as it is open.
    Raises RequestError where there is one already, and whatever `open_ledger` raises but LedgerMissing.
    """
    name = str(path)
    if name != MEMORY:
        name = str(Path(path).absolute())
        _make_folder(Path(name))
        _make_file(name)
    database = SqliteDatabase(_connect(name, create=True), name)
    with _closing_on_error(database):
        if _looked_at(database) == 0:
            database.rows("PRAGMA journal_mode = WAL")
        _configure(database)
        ledger_id = token()
        _found(database, site, ledger_id, now)
        return SqliteLedger(database, ledger_id=ledger_id, site=site, writer=writer)


def in_memory(ledger_id: str, now: datetime) -> SqliteDatabase:
    """Empty tables in memory for the ledger of that id: what another backend answers from."""
    return create(MEMORY, token=lambda: ledger_id, now=now).database


def open_ledger(path: Path | str, *, site: str = "", writer: str = "", read_only: bool = False) -> SqliteLedger:
    """Open a ledger that is there, or say why not: LedgerMissing, -Foreign, -Newer, -Damaged, -Busy, -Unwritable.

    `read_only` (a preview) changes no record, works in a folder that can't be written, and leaves no
    file behind; SQLite may tidy its own -wal and -shm.
    """
    name = MEMORY if str(path) == MEMORY else str(Path(path).absolute())  # cron's folder is seldom the reader's
    if name == MEMORY or not _is_there(name):
        raise LedgerMissing("ledger-missing", f"there is no ledger at {name}", _MAKE)
    database = _open_to_read(name) if read_only else SqliteDatabase(_connect(name), name)
    with _closing_on_error(database):
        if _looked_at(database) == 0:
            raise LedgerMissing("ledger-missing", f"{name} is empty: there is no ledger in it", _MAKE)
        if not read_only:
            _prepare_to_write(database)
        return SqliteLedger(database, ledger_id=_id_of(database, site), site=site, writer=writer)


def meaning(error: sqlite3.Error, name: str) -> Exception:
    """What an error of SQLite means to a person; one that means nothing to them comes back as it is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            hint = "Wait until it is done; the next run goes on."
            return LedgerBusy("ledger-busy", f"another program is writing to {name}", hint)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _damaged(name)
        case sqlite3.SQLITE_FULL:
            return _unwritable(name, "the disk is full", "Free some space.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            return _unwritable(name, "no permission", "Let this user write the file and its folder.")
        case sqlite3.SQLITE_IOERR:
            return _unwritable(name, "the disk reports an error", "Look at the disk and the space left on it.")
        case _:
            return error


def _is_there(name: str) -> bool:
    try:
        os.stat(name)  # noqa: PTH116 - Path.exists takes "no permission" for "not there"
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unwritable(name, "no permission", "Let this user enter its folder.") from error
    return True


def _unwritable(name: str, why: str, hint: str) -> LedgerUnwritable:
    return LedgerUnwritable("ledger-unwritable", f"the ledger {name} can't be written: {why}", hint)


def _damaged(name: str) -> LedgerDamaged:
    hint = f"{_COPY} If the file is another program's, name another one in [ledger] url."
    return LedgerDamaged("ledger-damaged", f"{name} is damaged, or no SQLite file at all", hint)


@cache
def _translated(sql: str) -> str:
    return sql.replace("(?..)", "(SELECT value FROM json_each(?))")


@contextmanager
def _closing_on_error(database: SqliteDatabase) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.connection.close()
        raise


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(str(path), "its folder can't be made", "Name another place in [ledger] url.") from error


def _make_file(name: str) -> None:
    """An empty file for the owner alone, where there is none: -wal and -shm get the same mode from SQLite."""
    # O_EXCL: closing a file that another connection of this process has open would end that one's locks
    with suppress(OSError):  # there already, or impossible: SQLite says which
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _connect(name: str, *, create: bool = False, options: str = "") -> sqlite3.Connection:
    if name != MEMORY and Path(name).is_dir():
        raise LedgerForeign("ledger-foreign", f"{name} is a folder", "Name a file in [ledger] url.")
    mode = "rwc" if create else "rw"
    uri = MEMORY if name == MEMORY else f"file:{quote(os.fsencode(name))}?mode={mode}{options}"
    try:
        return sqlite3.connect(
            uri,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            uri=True,
            cached_statements=256,
            check_same_thread=name != MEMORY,  # one in memory is shared by whoever takes turns
        )
    except sqlite3.Error as error:
        raise meaning(error, name) from error


def _open_to_read(name: str) -> SqliteDatabase:
    """Read-write with query_only, because mode=ro leaves -shm and -wal behind and needs a writable folder."""
    database = SqliteDatabase(_connect(name), name)
    with _closing_on_error(database):
        try:
            database.rows("PRAGMA query_only = ON")
            database.rows("PRAGMA schema_version")  # the first that touches the file
        except LedgerUnwritable:
            if _unmerged(name):
                raise  # immutable would pass over the newest records in the -wal
        else:
            return database
    database.connection.close()
    return SqliteDatabase(_connect(name, options="&immutable=1"), name)


def _unmerged(name: str) -> bool:
    wal = Path(f"{name}-wal")
    return wal.exists() and wal.stat().st_size > 0


def _looked_at(database: SqliteDatabase) -> int:
    """The schema's version; 0 for an empty file. Raises where the file is a stranger's, newer or damaged."""
    name = database.name
    owner = database.rows("PRAGMA application_id")[0][0]
    version = int(database.rows("PRAGMA user_version")[0][0])
    if owner == APPLICATION_ID:
        if version > SCHEMA:
            hint = "Update crosspost, or name another file in [ledger] url."
            raise LedgerNewer("ledger-newer", f"a newer crosspost wrote {name} (version {version})", hint)
        return version
    if owner or version or database.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
        hint = "Name another file in [ledger] url."
        raise LedgerForeign("ledger-foreign", f"{name} is another program's database", hint)
    return 0


def _configure(database: SqliteDatabase) -> None:
    for pragma in ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON", "cell_size_check = ON"):
        database.rows(f"PRAGMA {pragma}")


def _prepare_to_write(database: SqliteDatabase) -> None:
    if not os.access(database.name, os.W_OK) or not os.access(Path(database.name).parent, os.W_OK):
        raise _unwritable(database.name, "no permission", "Let this user write the file and its folder.")
    _configure(database)
    with suppress(LedgerBusy):  # a copy made by VACUUM INTO has lost it; it is safe without, only slower
        database.rows("PRAGMA journal_mode = WAL")
    if database.rows("PRAGMA quick_check(1)") != [("ok",)]:
        raise _damaged(database.name)


def _found(database: SqliteDatabase, site: str, ledger_id: str, now: datetime) -> None:
    """The tables where there are none, and the site's row, in one transaction."""
    database.begin(write=True)
    try:
        for version in range(_looked_at(database) + 1, SCHEMA + 1):
            for statement in _statements(version):
                database.rows(statement)
        _must_be_new(database, site)
        database.rows(_ADD_SITE, (to_column(site), ledger_id, to_time(now)))
        database.rows(f"PRAGMA application_id = {APPLICATION_ID}")
        database.rows(f"PRAGMA user_version = {SCHEMA}")
        database.commit()
    except BaseException:
        database.rollback()
        raise


def _must_be_new(database: SqliteDatabase, site: str) -> None:
    if any(known == to_column(site) for known, _ in database.rows(_SITES)):
        hint = "Move it away first if you really want a new one: it is what prevents double posts."
        raise RequestError("ledger-exists", f"there is a ledger at {database.name} already", hint)


@cache
def _statements(version: int) -> tuple[str, ...]:
    folder = resources.files("crosspost.ledger") / "migrations"
    statements, pending = [], ""
    for name in (f"{version:04}.sql", f"{version:04}.sqlite.sql"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines(keepends=True):
            pending += line
            if sqlite3.complete_statement(pending):
                statements.append(pending)
                pending = ""
    return tuple(statements)


def _id_of(database: SqliteDatabase, site: str) -> str:
    try:
        sites: dict[str, str] = dict(database.rows(_SITES))
    except sqlite3.Error as error:  # no such table, although the file says that it is ours
        raise _damaged(database.name) from error
    if to_column(site) not in sites:
        known = ", ".join(f'"{name}"' for name in sites)
        message = f'{database.name} has no ledger for the site "{site}", only for: {known}'
        raise LedgerMissing("ledger-missing", message, f"Look at [ledger] site. {_MAKE}")
    return sites[to_column(site)]
