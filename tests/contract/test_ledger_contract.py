"""Every ledger passes the same suite."""

from __future__ import annotations

from datetime import UTC, datetime

from crosspost.ledger import sqlite
from crosspost.testing.ledger_contract import LedgerContract

NOW = datetime(2025, 3, 30, tzinfo=UTC)


class TestSqliteInMemory(LedgerContract):
    def make(self, tmp_path):
        return sqlite.create(":memory:", token=lambda: "a" * 32, now=NOW, writer="first")

    def reopen(self, ledger, writer):
        return ledger.reopen(writer=writer)


class TestSqliteFile(LedgerContract):
    def make(self, tmp_path):
        return sqlite.create(tmp_path / "ledger.db", token=lambda: "b" * 32, now=NOW, writer="first")

    def reopen(self, ledger, writer):
        return ledger.reopen(writer=writer)


class TestSqliteSiteBesideOthers(TestSqliteFile):
    def make(self, tmp_path):
        path = tmp_path / "ledger.db"
        for site in ("", "fr's", "\ud800"):
            sqlite.create(path, site=site, token=lambda: "c" * 32, now=NOW).close()
        return sqlite.create(path, site="en", token=lambda: "d" * 32, now=NOW, writer="first")
