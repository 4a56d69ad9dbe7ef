"""A person's decisions, as typed."""

from __future__ import annotations

import io
import json

import pytest

from crosspost.sandbox.values import Fault, FaultKind


@pytest.fixture
def held(crosspost, installed, news, story):
    """One story that waits for approval; its posts by target."""
    text = installed.read_text("utf-8")
    installed.write_text(text.replace("approval = false", "approval = true"), "utf-8")
    news(story)
    assert crosspost("run").code == 0
    posts = json.loads(crosspost("preview", "--json").out)["posts"]
    return {post["target"]: post for post in posts}


def test_approve_with_the_code_of_a_preview_lets_that_text_go(crosspost, held, accounts):
    ran = crosspost("approve", held["x"]["code"], "--by", "Amina", "--reason", "read twice")
    assert ran.code == 0 and "read twice" in ran.out
    assert "By Amina" in crosspost("history", str(held["x"]["number"])).out
    assert crosspost("run").code == 0
    assert [post.text for post in accounts.x[0].timeline()] == [held["x"]["text"]]
    assert not accounts.facebook[0].timeline()


def test_approve_refuses_a_text_that_is_another_by_now(crosspost, held, accounts):
    number = held["x"]["number"]
    ran = crosspost("approve", f"{number}@000000")
    assert ran.code == 1 and "crosspost explain code-stale" in ran.err


def test_approve_all_lets_go_what_waits_for_approval(crosspost, held, accounts):
    assert crosspost("approve", "--all", "--yes").code == 0
    assert crosspost("run").code == 0
    assert len(accounts.x[0].timeline()) == len(accounts.facebook[0].timeline()) == 1
    nothing = crosspost("approve", "--all")
    assert nothing.code == 0 and "Nothing is held" in nothing.err


@pytest.fixture
def terminal(monkeypatch):
    """A person sits there, and types these answers."""

    def typed(answers: str) -> None:
        monkeypatch.setattr("crosspost.cli.call.Call.can_ask", True)
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))

    return typed


@pytest.mark.parametrize(("answer", "posts"), [("y", 1), ("n", 0)])
def test_approve_on_a_terminal_shows_the_text_and_asks(crosspost, held, accounts, terminal, answer, posts):
    terminal(f"{answer}\n")
    ran = crosspost("approve", str(held["x"]["number"]))
    assert "a lawyer on call" in ran.out and "Let it go with this text?" in ran.err
    crosspost("run")
    assert len(accounts.x[0].timeline()) == posts


def test_a_no_changes_nothing_and_says_so(crosspost, held, terminal, accounts):
    terminal("n\n")
    ran = crosspost("approve", "--all")
    assert ran.code == 1 and "Nothing was changed" in ran.err and "a lawyer on call" in ran.out
    crosspost("run")
    assert not accounts.x[0].timeline()


def test_retry_asks_where_it_may_stand_in_public(crosspost, installed, accounts, news, story, terminal):
    accounts.x[0].faults.add(Fault(FaultKind.CLOSE_AFTER, "POST"))
    news(story)
    crosspost("run")
    assert crosspost("skip", "11", "--target", "x").code == 0
    refused = crosspost("retry", "11", "--target", "x")
    assert refused.code == 1 and "--yes" in refused.err
    terminal("y\n")
    asked = crosspost("retry", "11", "--target", "x")
    assert asked.code == 0 and "in public on x" in asked.err


def test_init_asks_for_what_it_needs(crosspost, server, folder, keys, terminal):
    terminal(f"{server.site_url}\nAsia/Manila\n#LastGirlFirst Women\n1\n")
    ran = crosspost("init")
    assert ran.code == 0, ran.err
    text = (folder / "config" / "crosspost.toml").read_text("utf-8")
    assert 'timezone = "Asia/Manila"' in text and 'campaign = ["#LastGirlFirst", "#Women"]' in text
    assert "but for the newest story" in ran.out


def test_skip_and_retry_are_told_in_the_history_with_who_and_why(crosspost, held, accounts, monkeypatch):
    number = str(held["x"]["number"])
    monkeypatch.setenv("GITHUB_ACTOR", "octo-amina")
    assert crosspost("skip", number, "--target", "x", "--reason", "posted by hand").code == 0
    told = json.loads(crosspost("history", number, "--json").out)["deliveries"]
    on_x = next(one for one in told if one["target"] == "x")
    assert [revision["by"] for revision in on_x["revisions"]] == ["crosspost", "octo-amina"]
    assert "posted by hand" in on_x["reason"]
    assert crosspost("retry", number, "--target", "x").code == 0
    assert crosspost("run").code == 0
    assert len(accounts.x[0].timeline()) == 1


def test_resolve_wants_an_address(crosspost, held):
    number = str(held["x"]["number"])
    assert crosspost("resolve", number, "--target", "x", "--published", "yesterday").code == 1
    ran = crosspost("resolve", number, "--target", "x", "--published", "https://x.com/you/status/1990000000000000001")
    assert ran.code == 0 and "published" in ran.out


def test_a_pause_stops_one_account_until_resume(crosspost, installed, accounts, news, story):
    assert crosspost("pause", "x", "--reason", "mourning", "--until", "3h", "--by", "Amina").code == 0
    news(story)
    ran = crosspost("run")
    assert not accounts.x[0].timeline() and len(accounts.facebook[0].timeline()) == 1
    assert "mourning" in crosspost("status").out and ran.code == 0
    assert crosspost("resume", "x").code == 0
    assert crosspost("run").code == 0
    assert len(accounts.x[0].timeline()) == 1


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01", "soon"])
def test_a_pause_until_no_time_or_a_time_that_is_over_is_refused(crosspost, installed, until):
    assert crosspost("pause", "--reason", "x", "--until", until).code == 2


def test_a_pause_of_an_account_that_isnt_there_names_those_that_are(crosspost, installed):
    ran = crosspost("pause", "mastodon", "--reason", "x")
    assert ran.code == 1 and "facebook" in ran.err


def test_run_only_sends_one_story_at_once_past_settle(crosspost, installed, accounts, news, story):
    text = installed.read_text("utf-8")
    installed.write_text(text.replace('settle = "0s"', 'settle = "5h"'), "utf-8")
    news(story, ("Another story altogether", "<p>Something else happened on Monday, and it was good.</p>", ""))
    assert crosspost("run").code == 0
    assert not accounts.x[0].timeline()
    assert crosspost("run", "--only", "Three shelters", "--now").code == 0
    assert len(accounts.x[0].timeline()) == 1 and "lawyer" in accounts.x[0].timeline()[0].text


def test_run_only_of_a_story_that_has_nothing_to_send_says_so(crosspost, installed):
    ran = crosspost("run", "--only", "1", "--now")
    assert ran.code == 1 and "Nothing of #1 waits" in ran.err and "crosspost retry 1" in ran.err


def test_an_edited_text_is_what_goes_out(crosspost, held, accounts):
    number = str(held["x"]["number"])
    assert crosspost("edit", number, "--text", "x").code == 1  # which account?
    text = "Our own words.\\nhttps://www.example.org/story-5001/"
    assert crosspost("edit", number, "--target", "x", "--text", text).code == 0
    assert crosspost("approve", number, "--target", "x", "--yes").code == 0
    assert crosspost("run").code == 0
    assert [post.text for post in accounts.x[0].timeline()] == ["Our own words.\nhttps://www.example.org/story-5001/"]


def test_another_time_is_kept(crosspost, installed, accounts, news, story):
    text = installed.read_text("utf-8")
    installed.write_text(text.replace('settle = "0s"', 'settle = "5h"'), "utf-8")
    news(story)
    assert crosspost("run").code == 0
    assert crosspost("edit", "11", "--not-before", "3d").code == 0
    posts = json.loads(crosspost("status", "--json").out)["deliveries"]
    assert {post["reason_code"] for post in posts} == {"not-before"}


def test_retract_takes_down_what_is_out(crosspost, installed, accounts, news, story):
    news(story)
    assert crosspost("run").code == 0
    refused = crosspost("retract", "11", "--target", "x")
    assert refused.code == 1 and len(accounts.x[0].timeline()) == 1
    assert crosspost("retract", "11", "--target", "x", "--yes").code == 0
    assert not accounts.x[0].timeline() and len(accounts.facebook[0].timeline()) == 1


def test_run_only_says_why_the_story_waits_and_ends_with_1(crosspost, installed, accounts, news, story):
    news(story)
    assert crosspost("pause", "--reason", "the storm").code == 0
    assert crosspost("run").code == 0
    ran = crosspost("run", "--only", "Three shelters", "--now")
    assert ran.code == 1 and "stopped" in ran.out and "the storm" in ran.out
    assert crosspost("run").code == 0
    assert not accounts.x[0].timeline()


def test_resume_of_one_account_doesnt_promise_what_a_stop_of_everything_keeps_back(crosspost, installed):
    assert crosspost("pause", "--reason", "the storm").code == 0
    assert "Nothing goes out on x yet: everything is stopped" in crosspost("resume", "x").out
    assert "Stories go out again, from the next run on." in crosspost("resume").out


def test_a_preview_of_an_account_that_isnt_there_is_no_empty_preview(crosspost, installed):
    ran = crosspost("preview", "--target", "mastodon")
    assert ran.code == 1 and "There is no target named 'mastodon'" in ran.err and "facebook" in ran.err
