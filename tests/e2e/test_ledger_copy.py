"""`ledger copy` on the command line: between a file and a branch, and what it refuses."""

from __future__ import annotations

import json
import subprocess

import pytest

SETTINGS = "config/crosspost.toml"


@pytest.fixture
def started(crosspost, server, keys, folder):
    """A project with a ledger in a file and one published story."""
    made = crosspost(
        *("init", server.site_url, "--yes", "--campaign", "#LastGirlFirst", "--timezone", "Europe/Paris"),
        *("--publish-latest", "1"),
    )
    assert made.code == 0, made.err
    done = crosspost("run")
    assert done.code == 0, done.err
    return folder


def moved(folder, url):
    place = folder / SETTINGS
    lines = place.read_text().splitlines()
    kept = [f'url = "{url}"' if line.startswith('url = "sqlite') else line for line in lines]
    assert kept != lines
    place.write_text("\n".join(kept) + "\n")


def test_a_ledger_moves_from_a_file_to_a_branch_and_goes_on_there(crosspost, started, accounts):
    remote = started.parent / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(remote)], check=True)
    before = json.loads(crosspost("history", "--all", "--json").out)
    copied = crosspost("ledger", "copy", "sqlite:///crosspost.db", f"git:{remote}#crosspost")
    assert copied.code == 0, copied.err
    assert "Copied and compared" in copied.out
    moved(started, f"git:{remote}#crosspost")
    assert json.loads(crosspost("history", "--all", "--json").out) == before
    assert crosspost("run").code == 0
    assert len(accounts.x[0].timeline()) == 1
    back = crosspost("ledger", "copy", f"git:{remote}#crosspost", "sqlite:///back.db")
    assert back.code == 0, back.err
    assert (started / "back.db").exists()


def test_a_copy_never_goes_over_an_old_ledger(crosspost, started):
    first = (started / "crosspost.db").read_bytes()
    assert crosspost("ledger", "copy", "sqlite:///crosspost.db", "sqlite:///copy.db").code == 0
    again = crosspost("ledger", "copy", "sqlite:///crosspost.db", "sqlite:///copy.db")
    assert again.code == 1
    assert "already" in again.err
    itself = crosspost("ledger", "copy", "sqlite:///crosspost.db", "sqlite:///crosspost.db")
    assert itself.code == 1
    assert (started / "crosspost.db").read_bytes() == first


def test_a_ledger_that_is_not_there_is_not_copied_and_nothing_is_made(crosspost, started):
    done = crosspost("ledger", "copy", "sqlite:///nothing.db", "sqlite:///copy.db")
    assert done.code == 2
    assert not (started / "copy.db").exists()


def test_an_address_that_is_none_is_said_to_be_none(crosspost, started):
    done = crosspost("ledger", "copy", "crosspost.db", "sqlite:///copy.db")
    assert done.code == 2
    assert "no address of a ledger" in done.err
