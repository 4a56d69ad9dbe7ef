"""The command line over a ledger on a git branch: made, used by a runner that forgets everything, and looked at."""

from __future__ import annotations

import json
import subprocess

import pytest


@pytest.fixture
def remote(folder):
    place = folder.parent / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(place)], check=True)
    return place


def commits(remote):
    told = subprocess.run(
        ["git", "-C", str(remote), "rev-list", "--count", "crosspost"], capture_output=True, check=True
    )
    return int(told.stdout)


@pytest.fixture
def started(crosspost, server, keys, remote, folder):
    """A project that keeps its ledger on a branch."""
    made = crosspost(
        *("init", server.site_url, "--yes", "--campaign", "#LastGirlFirst", "--timezone", "Europe/Paris"),
        *("--ledger", f"git:{remote}#crosspost", "--publish-latest", "1"),
    )
    assert made.code == 0, made.err
    return remote


def test_from_an_empty_branch_to_a_published_post(crosspost, started, accounts):
    assert crosspost("check").code == 0
    before = commits(started)
    seen = crosspost("preview", "--json")
    assert seen.code == 0, seen.err
    assert len(json.loads(seen.out)["posts"]) == 2
    assert crosspost("status").code == 0
    assert commits(started) == before
    done = crosspost("run", "--json")
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["published"]) == 2
    assert len(accounts.x[0].timeline()) == len(accounts.facebook[0].timeline()) == 1
    after = commits(started)
    assert crosspost("run").code == 0
    assert commits(started) == after
    assert len(accounts.x[0].timeline()) == 1
    told = crosspost("history", "--json")
    assert told.code == 0, told.err


def test_a_branch_that_is_gone_is_no_first_run(crosspost, started, accounts):
    subprocess.run(["git", "-C", str(started), "update-ref", "-d", "refs/heads/crosspost"], check=True)
    done = crosspost("run")
    assert done.code == 2
    assert "no such branch" in done.err
    assert accounts.x[0].timeline() == ()


def test_a_branch_that_was_put_back_is_refused_by_the_machine_that_saw_more(crosspost, started, accounts):
    assert crosspost("run").code == 0
    subprocess.run(["git", "-C", str(started), "update-ref", "refs/heads/crosspost", "crosspost~2"], check=True)
    done = crosspost("run")
    assert done.code == 2
    assert "rewritten" in done.err
    assert len(accounts.x[0].timeline()) == 1


def test_a_branch_that_cannot_be_written_sends_nothing(crosspost, started, accounts):
    hook = started / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    done = crosspost("run")
    assert done.code == 1
    assert "refuses" in done.err
    assert accounts.x[0].timeline() == ()
