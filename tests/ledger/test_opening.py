"""Which ledger an address names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.core.story import Put
from crosspost.errors import LedgerMissing, RequestError, SettingsError
from crosspost.ledger.opening import create_url, open_url, sqlite_path

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def make(url, base):
    return create_url(url, base, token=lambda: "e" * 32, now=NOW, writer="w")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///crosspost.db", "/base/crosspost.db"),
        ("sqlite:///data/my ledger%20.db", "/base/data/my ledger%20.db"),
        ("SQLite:////var/lib/c.db", "/var/lib/c.db"),
        ("sqlite:///../c.db", "/base/../c.db"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_an_address_names_a_file(url, path):
    assert str(sqlite_path(url, Path("/base"))) == path


@pytest.mark.parametrize(
    "url",
    ["", "crosspost.db", "sqlite:", "sqlite:c.db", "sqlite://c.db", "sqlite:///", "sqlite:///  ", "sqlite:///dir/",
     "sqlite:///a\0b", "mysql://root:hunter2@h/db", "C:\\x.db", "git:origin#crosspost", "postgresql://me:hunter2@h/db"],
)  # fmt: skip
def test_any_other_address_is_a_mistake_in_the_settings_that_is_not_repeated(url, tmp_path):
    with pytest.raises(SettingsError) as caught:
        open_url(url, tmp_path)
    with pytest.raises(SettingsError):
        make(url, tmp_path)
    assert "hunter2" not in caught.value.message + caught.value.hint
    assert "sqlite:///" in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_relative_address_is_made_and_found_again_beside_its_base(tmp_path):
    made = make("sqlite:///data/c.db", tmp_path)
    made.put(Put("n", "v", 0))
    made.close()
    opened = open_url("sqlite:///data/c.db", tmp_path)
    assert (opened.id, opened.get("n")["n"].text) == ("e" * 32, "v")
    opened.close()
    assert (tmp_path / "data" / "c.db").exists()


def test_a_ledger_is_never_made_over_another(tmp_path):
    make("sqlite:///c.db", tmp_path).close()
    with pytest.raises(RequestError, match="already"):
        make("sqlite:///c.db", tmp_path)
    opened = open_url("sqlite:///c.db", tmp_path)
    assert opened.id == "e" * 32
    opened.close()


def test_memory_can_be_made_but_never_found_again(tmp_path):
    make("sqlite:///:memory:", tmp_path).close()
    with pytest.raises(LedgerMissing):
        open_url("sqlite:///:memory:", tmp_path)
    assert list(tmp_path.iterdir()) == []
