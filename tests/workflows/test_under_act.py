"""The committed workflows, run: the schedule, the form and the preview, on a ledger that is a branch."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow


def out(accounts):
    return len(accounts.x[0].timeline()), len(accounts.facebook[0].timeline())


@pytest.fixture
def begun(act, settings):
    """A repository with settings whose ledger was begun by the form; `policy` goes into the settings."""

    def begin(policy=""):
        settings(policy)
        done = act("desk", {"what": "begin", "really": "true"})
        assert done.ok, done.log

    return begin


def test_a_repository_without_settings_publishes_nothing_and_ends_well(act, accounts):
    done = act("publish")
    assert done.ok
    assert "::notice title=crosspost::There is no config/crosspost.toml yet" in done.log
    assert "docs/github-actions.md" in done.summary
    assert "Install crosspost" not in done.log
    assert out(accounts) == (0, 0)


def test_two_stories_go_out_once_although_each_runner_remembers_nothing(act, begun, accounts, news):
    begun()
    assert act("publish").ok
    assert out(accounts) == (0, 0)
    news("Two shelters open in Lyon", "Three lawyers join the helpline")
    done = act("publish")
    assert done.ok, done.log
    assert out(accounts) == (2, 2)
    assert done.summary.count("](<http") == 4
    assert act("publish").ok
    assert out(accounts) == (2, 2)


def test_staff_approve_one_story_and_skip_another_by_the_form(act, begun, accounts, news, crosspost):
    begun("approval = true")
    news("Two shelters open in Lyon", "Three lawyers join the helpline")
    assert act("publish").ok
    assert out(accounts) == (0, 0)
    shown = act("publish").summary
    told = dict.fromkeys(re.findall(r"^- (\d+): \*\*(Two|Three) ", shown, re.MULTILINE))
    numbers = {word: number for number, word in told}
    blind = act("desk", {"what": "approve", "story": numbers["Two"]})
    assert not blind.ok
    assert "by its code" in blind.summary
    codes = re.findall(rf"`({numbers['Two']}@\w+)`", act("desk", {"what": "preview"}).summary)
    assert len(codes) == 2
    for code in codes:
        done = act("desk", {"what": "approve", "story": code})
        assert done.ok, done.log
    assert act("desk", {"what": "skip", "story": numbers["Three"], "text": "We told it last week"}).ok
    assert act("publish").ok
    assert out(accounts) == (1, 1)
    told = crosspost("history", numbers["Three"], "--json")
    assert '"by": "awa"' in told and "We told it last week" in told


def test_a_pause_by_the_form_holds_until_it_is_ended(act, begun, accounts, news):
    begun()
    done = act("desk", {"what": "pause", "text": "--yes $(id) `id` a day of mourning", "account": "x"})
    assert done.ok, done.log
    news("Two shelters open in Lyon")
    assert act("publish").ok
    assert out(accounts) == (0, 1)
    assert act("desk", {"what": "resume", "account": "x"}).ok
    assert act("publish").ok
    assert out(accounts) == (1, 1)


REFUSED = (
    ({"what": "skip"}, "Say which story"),
    ({"what": "publish now", "story": ""}, "Say which story"),
    ({"what": "retract", "story": "12"}, "can't be taken back"),
    ({"what": "retry", "story": "12", "really": "false"}, "can't be taken back"),
    ({"what": "resolve: it is not out", "story": "12"}, "can't be taken back"),
    ({"what": "begin"}, "can't be taken back"),
    ({"what": "begin", "really": "true"}, "no terminal to ask on"),
    ({"what": "skip", "story": "--help"}, "known by '--help'"),
    ({"what": "skip", "story": "$(touch injected)"}, "$(touch injected)"),
    ({"what": "resolve: it is out", "story": "1", "text": ""}, "--published"),
)


def test_the_form_refuses_what_is_incomplete_or_no_story(act, begun, checkout):
    begun()
    for fields, told in REFUSED:
        done = act("desk", fields)
        assert not done.ok, fields
        assert told in " ".join(done.summary.split()), fields
        assert "Usage:" not in done.summary
    assert not (checkout / "injected").exists()


def test_the_form_publishes_one_story_now_and_takes_it_down(act, begun, accounts, news):
    begun('quiet = "00:00-23:59"')
    news("Two shelters open in Lyon", "Three lawyers join the helpline")
    assert act("publish").ok
    assert out(accounts) == (0, 0)
    done = act("desk", {"what": "publish now", "story": "Two shelters"})
    assert done.ok, done.log
    assert out(accounts) == (1, 1)
    gone = act("desk", {"what": "retract", "story": "Two shelters", "account": "x", "really": "true"})
    assert gone.ok, gone.log
    assert out(accounts) == (0, 1)


def test_a_run_that_needs_a_person_fails_after_its_summary_is_written(act, settings, accounts):
    settings()
    done = act("publish")  # nobody has begun a ledger
    assert not done.ok
    assert "no such branch" in done.summary
    assert "Something needs a person" in done.log
    assert "::error title=crosspost::" in done.log
    assert out(accounts) == (0, 0)


def test_a_public_repository_is_told_of_published_stories_only(act, begun, news):
    begun("approval = true")
    news("Two shelters open in Lyon")
    done = act("publish", private=False)
    assert done.ok, done.log
    assert "shelters" not in done.log + done.summary


def test_a_change_of_the_settings_is_previewed_without_keys(act, begun, settings, accounts, news):
    begun()
    news("Two shelters open in Lyon")
    settings("approval = true")
    done = act("settings", event="pull_request", secret=False)
    assert done.ok, done.log
    assert "What changes" in done.summary
    assert "Two shelters open in Lyon" in done.summary
    settings("aproval = true")
    wrong = act("settings", event="pull_request", secret=False)
    assert not wrong.ok
    assert "need mending" in wrong.summary and "approval" in wrong.summary
    assert out(accounts) == (0, 0)


def test_an_old_story_is_previewed_before_there_is_a_ledger_and_goes_out_when_a_person_says_so(
    act, settings, accounts, server
):
    settings("approval = true")
    seen = act("desk", {"what": "preview"})
    assert seen.ok, seen.log
    title = re.search(r"(?m)^- \*\*(\w+ \w+)", seen.summary)[1]
    assert act("desk", {"what": "begin", "really": "true"}).ok
    done = act("desk", {"what": "retry", "story": title, "really": "true"})
    assert done.ok, done.log
    done = act("desk", {"what": "publish now", "story": title})
    assert done.ok, done.log
    assert out(accounts) == (1, 1)
