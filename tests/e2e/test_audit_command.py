"""`audit` on the command line."""

from __future__ import annotations

import json
import re

import pytest


@pytest.fixture
def started(crosspost, server, keys, folder):
    """A project with one published story."""
    made = crosspost(
        *("init", server.site_url, "--yes", "--campaign", "#LastGirlFirst", "--timezone", "Europe/Paris"),
        *("--publish-latest", "1"),
    )
    assert made.code == 0, made.err
    done = crosspost("run")
    assert done.code == 0, done.err
    return folder


def test_an_audit_says_its_price_first_and_that_all_is_well(crosspost, started):
    done = crosspost("audit")
    assert done.code == 0, done.err
    assert re.search(r"x: reading back over 1 known post, about \$", " ".join(done.err.split()))
    assert "facebook: reading back over 1 known post, costs nothing" in " ".join(done.err.split())
    assert "Ledger and accounts agree." in done.out


def test_a_second_post_is_told_with_the_way_out_and_exit_1(crosspost, started, accounts):
    link = next(word for word in accounts.x[0].timeline()[0].text.split() if word.startswith("http"))
    accounts.x[0].put(f"Once more {link}", accounts.x[0].timeline()[0].at)
    done = crosspost("audit", "x")
    assert done.code == 1
    assert "1 in both, 1 only there, 0 only here" in done.out
    assert "crosspost resolve" in done.out
    listed = json.loads(crosspost("audit", "x", "--json").out)
    assert listed["schema"] == 1
    assert [target["target"] for target in listed["targets"]] == ["x"]
    assert set(listed["targets"][0]) == {
        *("target", "read", "both", "only_there", "only_here", "unknown", "others", "trouble", "trouble_code"),
    }
    assert set(listed["targets"][0]["only_there"][0]) == {"number", "title", "state", "remote_id", "url", "at"}


def test_an_account_that_is_not_there_can_t_be_audited(crosspost, started):
    done = crosspost("audit", "mastodon")
    assert done.code == 1
    assert "no target named" in done.err
