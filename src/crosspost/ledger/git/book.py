"""The branch's lines as tables in memory: SQLite's statements and guards answer, so that no second set can drift."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Protocol

from crosspost.core.delivery import IllegalMove
from crosspost.core.entry import Article, load_article
from crosspost.core.story import Batch
from crosspost.errors import LedgerDamaged
from crosspost.ledger.codec import BROKEN
from crosspost.ledger.sql import CACHED, SqlLedger
from crosspost.ledger.sqlite import SqliteDatabase


class Branch(Protocol):
    """Where a Book's appends go, and where its articles are."""

    def publish(self, sequence: int, batch: Batch) -> None:
        """Make an append durable, or raise; only then does the book keep it."""
        ...

    def articles(self, fingerprints: Iterable[str]) -> dict[str, bytes]:
        """The articles with these fingerprints, as far as they are there."""
        ...

    def damage(self, why: str) -> LedgerDamaged:
        """The error for a branch that can't be read as it was written."""
        ...


class Book(SqlLedger):
    """A ledger in memory whose appends are published on a branch before they count."""

    def __init__(self, database: SqliteDatabase, branch: Branch, *, ledger_id: str, writer: str) -> None:
        super().__init__(database, ledger_id=ledger_id, writer=writer)
        self._branch = branch

    def replay(self, batches: Iterable[Batch]) -> None:
        """Take in what others have published; all of it, or nothing where one is against the rules."""
        self._db.begin(write=True)
        try:
            for batch in batches:
                if super()._write(batch) is None:
                    raise self._branch.damage("it holds an append that can't follow the one before")
            self._db.commit()
        except (*BROKEN, IllegalMove, sqlite3.Error) as error:
            raise self._branch.damage("it holds an append that breaks its rules") from error
        finally:
            self._db.rollback()

    def _write(self, batch: Batch) -> int | None:
        sequence = super()._write(batch)
        if sequence is not None:
            self._branch.publish(sequence, batch)
        return sequence

    def _load_articles(self, fingerprints: set[str]) -> dict[str, Article]:
        found = {name: self._articles[name] for name in fingerprints if name in self._articles}
        fresh = {}
        for name, body in self._branch.articles(fingerprints - found.keys()).items():
            fresh[name] = self._article(name, body)
        if len(self._articles) + len(fresh) > CACHED:
            self._articles.clear()
        self._articles.update(list(fresh.items())[:CACHED])
        return found | fresh

    def _article(self, fingerprint: str, body: bytes) -> Article:
        text = body.removesuffix(b"\n")
        if hashlib.sha256(text).hexdigest()[:32] != fingerprint:
            raise self._branch.damage("an article was changed")
        try:
            return load_article(text.decode())
        except BROKEN as error:
            raise self._branch.damage("an article can't be read") from error
