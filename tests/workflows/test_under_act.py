"""The committed workflows, run: the schedule, the form and the preview, on a ledger that is a branch."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosspost.sandbox.values import Fault, FaultKind

pytestmark = pytest.mark.slow


def out(accounts):
    return len(accounts.x[0].timeline()), len(accounts.facebook[0].timeline())


def codes_in(told):
    """The codes under texts, without the one that the form's words have as an example."""
    return [code for code in re.findall(r"`(\d+@\w+)`", told) if code != "12@a3f09c"]


def ledger_of(checkout):
    return subprocess.run(
        ["git", "-C", checkout, "ls-remote", "origin", "crosspost-ledger"], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def begun(act, settings):
    """A repository with settings whose ledger was begun by the form; `policy` goes into the settings."""

    def begin(policy=""):
        settings(policy)
        done = act("desk", {"what": "begin", "really": "true"})
        assert done.ok, done.log
        assert "stories are counted as known, and not published." in done.summary

    return begin


def test_a_repository_without_settings_publishes_nothing_and_ends_well(act, accounts):
    done = act("publish")
    assert done.ok
    assert "There is no config/crosspost.toml yet" in done.summary
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
    assert f"](<https://www.facebook.com/{act.variables['FACEBOOK_PAGE_ID']}_" in done.summary
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
    shown = codes_in(act("desk", {"what": "preview"}).summary)
    codes = [code for code in shown if code.startswith(f"{numbers['Two']}@")]
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
    ({"what": "begin", "really": "true"}, "There is a ledger already; nothing was changed."),
    ({"what": "skip", "story": "--help"}, "known by '--help'"),
    ({"what": "skip", "story": "$(touch injected)"}, "$(touch injected)"),
    ({"what": "skip", "story": "999999"}, "999999"),
    ({"what": "skip", "story": "-1"}, "'-1'"),
    ({"what": "skip", "story": "\u202e💥" * 300}, "known by"),
    ({"what": "publish now", "story": "; rm -rf ~"}, "rm -rf"),
    ({"what": "approve", "story": "1@nonsense"}, "#1"),
    ({"what": "approve", "story": "Two shelters@ffffff"}, "ffffff"),
    ({"what": "resolve: it is out", "story": "1", "text": ""}, "--published"),
    ({"what": "resolve: it is out", "story": "Two shelters", "text": "javascript:alert(1)"}, "javascript:alert(1)"),
    ({"what": "edit", "story": "Two shelters", "account": "x", "text": ""}, "--text"),
    ({"what": "edit", "story": "Two shelters", "account": "x", "time": "the day after"}, "the day after"),
    ({"what": "edit", "story": "Two shelters", "account": "x", "text": "word " * 200}, "280"),
    ({"what": "pause", "account": "myspace"}, "myspace"),
    ({"what": "pause", "time": "yesterday"}, "yesterday"),
    ({"what": "resume", "account": "--help"}, "--help"),
)


def test_the_form_refuses_nonsense_in_a_sentence_and_nothing_is_sent_or_lost(act, begun, news, accounts, checkout):
    begun("approval = true")
    news("Two shelters open in Lyon")
    assert act("publish").ok
    before = ledger_of(checkout)
    for fields, told in REFUSED:
        done = act("desk", fields)
        assert not done.ok, fields
        assert told in " ".join(done.summary.replace("\\", "").split()), fields
        assert "::error" not in done.summary and "--yes" not in done.summary, fields
        assert "Usage:" not in done.summary and "Traceback" not in done.log and "bug" not in done.summary, fields
    assert not (checkout / "injected").exists()
    assert ledger_of(checkout) == before
    assert out(accounts) == (0, 0)


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
    life = act("desk", {"what": "history", "story": "Two shelters"})
    assert life.ok and "awa" in life.summary and "Two shelters" in life.summary
    all_of_it = act("desk", {"what": "history"})
    assert all_of_it.ok and "Two shelters" in all_of_it.summary


def test_a_run_that_needs_a_person_fails_after_its_summary_is_written(act, settings, accounts):
    settings()
    done = act("publish")  # nobody has begun a ledger
    assert not done.ok
    assert "no such branch" in done.summary and "“begin” in the form" in done.summary
    assert "crosspost init" not in done.summary
    assert "Failure - Main Does it need a person?" in done.log  # act loses the words of so short a step
    assert "::error title=crosspost::" in done.log
    assert out(accounts) == (0, 0)


def test_a_public_repository_is_told_of_published_stories_only(act, begun, news):
    begun("approval = true")
    news("Two shelters open in Lyon")
    done = act("publish", private=False)
    assert done.ok, done.log
    assert "shelters" not in done.log + done.summary


def test_in_a_public_repository_the_form_shows_no_words_of_what_isnt_out_and_says_where_they_are(act, begun, news):
    begun('hold = ["embargo"]\napproval = true')
    news("Two shelters open in Lyon", "Embargo until Monday: three lawyers")
    assert not act("publish", private=False).ok
    for what in ("preview", "status", "history"):
        done = act("desk", {"what": what}, private=False)
        assert done.ok, done.log
        told = " ".join(done.log.split())
        assert "Two shelters" not in told and "mbargo" not in told and "example.org/story" not in told, what
        assert "Everybody can read this page" in " ".join(done.summary.split())
    assert len(codes_in(act("desk", {"what": "preview"}, private=False).summary)) == 4
    assert "Two shelters" in act("desk", {"what": "preview"}).summary


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


def test_a_lost_answer_is_looked_for_by_the_next_runner_and_nothing_goes_out_twice(
    act, begun, accounts, news, pass_after
):
    begun()
    news("Two shelters open in Lyon")
    accounts.x[0].faults.add(Fault(FaultKind.CLOSE_AFTER, method="POST", path="/2/tweets"))
    done = act("publish")
    assert done.ok, done.log  # no case for a person yet
    assert "## Not known whether it is out" in done.summary
    assert out(accounts) == (1, 1)
    assert "## Not known whether it is out" in act("publish").summary  # too early to look
    (found,) = pass_after(timedelta(minutes=3)).prospects
    assert found.state == "published"
    assert found.record.delivery.url.endswith(accounts.x[0].timeline()[0].id)
    done = act("publish")
    assert done.ok and "Not known" not in done.summary
    assert out(accounts) == (1, 1)


def test_staff_give_a_story_another_text_by_the_form_and_that_text_goes_out(act, begun, accounts, news):
    begun("approval = true")
    news("Two shelters open in Lyon")
    assert act("publish").ok
    text = "Lyon: two shelters, “each” with $HOME & `id`\\n#LastGirlFirst"
    done = act("desk", {"what": "edit", "story": "Two shelters", "account": "x", "text": text})
    assert done.ok, done.log
    shown = act("desk", {"what": "preview", "account": "x"}).summary
    (code,) = codes_in(shown)
    assert act("desk", {"what": "approve", "story": code}).ok
    assert act("publish").ok
    assert out(accounts) == (1, 0)
    told = accounts.x[0].timeline()[0].text
    assert told.startswith("Lyon: two shelters, “each” with $HOME & `id`\n#LastGirlFirst")


def children(number):
    """All processes below that one."""
    below = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = place.read_text().rpartition(")")[2].split()
            below.setdefault(int(words[1]), []).append(int(place.parent.name))
    found, left = [], [number]
    while left:
        found += (more := below.get(left.pop(), []))
        left += more
    return found


def test_a_runner_that_dies_while_it_sends_leaves_nothing_twice_and_nothing_lost(
    act, begun, accounts, news, pass_after
):
    begun()
    news("Two shelters open in Lyon")
    accounts.x[0].faults.add(Fault(FaultKind.SILENCE_AFTER, method="POST", path="/2/tweets"))
    runner = act.start("publish")
    end = time.monotonic() + 60
    while not accounts.x[0].timeline() and time.monotonic() < end:
        time.sleep(0.05)
    for number in [*children(runner.pid), runner.pid]:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    runner.communicate()
    assert out(accounts) == (1, 0)
    after = act("publish")
    assert after.ok, after.log
    assert "## Being sent" in after.summary
    assert out(accounts) == (1, 1)
    report = pass_after(timedelta(minutes=11))  # the dead one's claim is over, and the account is read
    assert [one.state for one in report.prospects] == ["published"]
    assert report.exit_code == 0 and not report.status.prospects
    assert out(accounts) == (1, 1)


def test_two_people_who_press_at_once_publish_it_once(act, begun, accounts, news):
    begun('quiet = "00:00-23:59"')
    news("Two shelters open in Lyon")
    assert act("publish").ok
    with ThreadPoolExecutor() as people:  # GitHub would let one wait; act doesn't
        asked = [
            people.submit(act, "desk", {"what": "publish now", "story": "Two shelters"}, actor=name)
            for name in ("awa", "lea")
        ]
        done = [one.result() for one in asked]
    assert any(one.ok for one in done), done
    for one in done:
        assert "Traceback" not in one.log and "This is a bug" not in one.log
    assert act("publish").ok
    assert out(accounts) == (1, 1)


def test_two_people_who_decide_otherwise_at_once_are_both_answered_and_one_decision_counts(
    act, begun, accounts, news, crosspost
):
    begun("approval = true")
    news("Two shelters open in Lyon")
    assert act("publish").ok
    (code, other) = codes_in(act("desk", {"what": "preview"}).summary)
    with ThreadPoolExecutor() as people:
        yes = people.submit(act, "desk", {"what": "approve", "story": code}, actor="awa")
        no = people.submit(act, "desk", {"what": "skip", "story": "Two shelters", "text": "No"}, actor="lea")
        done = [yes.result(), no.result()]
    assert done[1].ok, done[1].log  # skipping is legal before and after
    for one in done:
        assert one.summary.strip() and "Traceback" not in one.log
    told = json.loads(crosspost("history", "Two shelters", "--json"))
    states = {one["target"]: one["state"] for one in told["deliveries"]}
    assert set(states.values()) <= {"skipped", "pending"} and "skipped" in states.values()
    people_named = {revision["by"] for one in told["deliveries"] for revision in one["revisions"]}
    assert "lea" in people_named and ("awa" in people_named) == done[0].ok
    assert act("publish").ok
    assert sum(out(accounts)) == list(states.values()).count("pending")
    assert other


def test_one_issue_stands_as_long_as_something_needs_a_person(act, begun, accounts, news, github):
    begun('hold = ["embargo"]')
    assert act("publish", github=github).ok
    assert github.issues == []
    news("Embargo until Monday: two shelters")
    done = act("publish", github=github)
    assert not done.ok
    (issue,) = github.open_issues
    assert "Embargo until Monday" in issue["body"] and "/acme/news/actions/runs/7" in issue["body"]
    assert "An issue was opened." in done.log
    before = dict(issue)
    assert act("publish", github=github).ok  # it was told, and still stands
    assert github.issues == [before]
    news("Embargo until Tuesday: three lawyers")
    assert not act("publish", github=github).ok
    assert "until Monday" in issue["body"] and "until Tuesday" in issue["body"]
    for story in ("until Monday", "until Tuesday"):
        assert act("desk", {"what": "skip", "story": story}).ok
    done = act("publish", github=github)
    assert done.ok, done.log
    assert issue["state"] == "closed" and issue["body"].startswith("Nothing needs a person any more")
    assert len(github.issues) == 1


def test_stories_that_wait_for_approval_stand_in_the_issue_until_none_waits(act, begun, accounts, news, github):
    begun("approval = true")
    assert act("publish", github=github).ok
    assert github.issues == []
    news("Two shelters open in Lyon")
    done = act("publish", github=github)
    assert done.ok, done.log  # no failed run, and so no mail
    (issue,) = github.open_issues
    codes = codes_in(issue["body"])
    assert len(codes) == 2 and "Two shelters open in Lyon" in issue["body"]
    for code in codes:
        assert act("desk", {"what": "approve", "story": code}).ok
    assert act("publish", github=github).ok
    assert out(accounts) == (1, 1)
    assert issue["state"] == "closed"


def test_without_the_right_to_write_issues_a_run_is_what_it_was(act, begun, news, github):
    begun('hold = ["embargo"]')
    github.rights = frozenset()
    news("Embargo until Monday: two shelters", "Three lawyers join the helpline")
    done = act("publish", github=github)
    assert not done.ok and github.issues == []
    assert "the workflow has no right to" in done.log
    assert "Embargo until Monday" in done.summary
    assert "left a note in the ledger" in done.summary


def grow_old(checkout, age):
    """As if nobody had committed for so long: the newest commit once more, without those before it."""
    who = ["-c", "user.name=Staff", "-c", "user.email=staff@example.org"]
    env = {**os.environ, "GIT_COMMITTER_DATE": (datetime.now(UTC) - age).isoformat()}
    words = ["git", "-C", checkout, *who, "commit-tree", "-m", "A change", "HEAD^{tree}"]
    made = subprocess.run(words, env=env, capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run(["git", "-C", checkout, "update-ref", "refs/heads/main", made], check=True)


def test_a_public_repositorys_issue_names_no_story_and_its_long_rest_is_told(act, begun, checkout, news, github):
    begun('hold = ["embargo"]')
    news("Embargo until Monday: two shelters")
    grow_old(checkout, timedelta(days=50))
    done = act("publish", private=False, github=github)
    assert not done.ok
    (issue,) = github.open_issues
    assert "Something needs a person" in issue["body"]
    assert "Embargo" not in issue["body"] + done.log + done.summary
    assert "**No person has committed to this repository for 50 days.**" in done.summary
    assert "::warning title=crosspost::No person has committed" in done.log


def test_the_summary_says_how_late_a_run_came(act, begun, github):
    begun()
    now = datetime.now(UTC).replace(minute=50, second=0, microsecond=0)
    path = ".github/workflows/publish.yml"
    ran = {"path": path, "event": "schedule", "conclusion": "success"}
    github.runs = [
        {**ran, "id": 7, "created_at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "conclusion": None},
        {**ran, "id": 6, "created_at": f"{now - timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}"},
    ]
    done = act("publish", github=github)
    assert done.ok, done.log
    assert "The last run that ended well:" in done.summary
    assert "**GitHub began this one 2 hours 37 minutes late.**" in done.summary
