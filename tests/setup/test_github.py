"""The repository's own side, over real sockets: the standing issue, the list of runs, the log of commits."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from crosspost import app
from crosspost.core.world import World
from crosspost.decide.actions import Punctuality
from crosspost.report.standing_issue import Wanted, is_ours
from crosspost.sandbox.serve import serve
from crosspost.setup.github import GitHub, keep_issue, look
from crosspost.testing.github import GitHubDouble

STANDS, NOTHING = Wanted("Something is held.", True), Wanted("", False)


@pytest.fixture
def double():
    return GitHubDouble()


@pytest.fixture
def world(double):
    """A runner's world, whose GitHub is the double."""
    with serve(double, lambda: datetime.now(UTC)) as server:
        real = app.system_world({})
        env = {
            "PATH": "/usr/bin:/bin",
            "GITHUB_API_URL": server.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": double.repository,
            "GITHUB_TOKEN": double.token,
            "GITHUB_RUN_ID": "7",
            "GITHUB_WORKFLOW_REF": "acme/news/.github/workflows/publish.yml@refs/heads/main",
            "CROSSPOST_CRON": "13,43 * * * *",
        }
        yield World(real.clock, real.token, env, real.wire, real.memory, real.processes)


def without(world, *names):
    env = {name: value for name, value in world.env.items() if name not in names}
    return World(world.clock, world.token, env, world.wire, world.memory, world.processes)


def test_one_issue_is_opened_changed_and_closed(world, double):
    assert keep_issue(world, STANDS) == "An issue was opened."
    assert keep_issue(world, STANDS) == ""
    (issue,) = double.open_issues
    assert is_ours(issue["body"]) and issue["title"] == "crosspost needs a person"
    assert "https://github.com/acme/news/actions/runs/7" in issue["body"]
    assert keep_issue(world, Wanted("Something else is held.", False)) == "Issue 1 was brought up to date."
    assert "Something else" in issue["body"]
    assert keep_issue(world, NOTHING) == "Issue 1 was closed: nothing needs a person any more."
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    assert keep_issue(world, NOTHING) == ""
    assert keep_issue(world, STANDS) == "An issue was opened."
    assert [one["number"] for one in double.open_issues] == [2]


def test_it_is_found_among_many_and_never_taken_for_a_strangers_or_a_pull_request(world, double):
    keep_issue(world, STANDS)
    mine = double.issues.pop()
    stranger = {**mine, "user": {"login": "eve", "type": "User"}, "author_association": "NONE"}
    pull = {**mine, "pull_request": {}}
    others = [{**mine, "number": 100 + n, "body": None} for n in range(130)]
    for number, issue in ((41, stranger), (42, pull)):
        double.issues.append({**issue, "number": number})
    double.issues += [{**mine, "number": 43}, *others]
    assert keep_issue(world, NOTHING).startswith("Issue 43 was closed")
    assert keep_issue(world, NOTHING) == ""
    assert len(double.open_issues) == 132


def test_a_colleagues_token_may_have_written_it(world, double):
    keep_issue(world, STANDS)
    double.issues[0].update(user={"login": "awa", "type": "User"}, author_association="MEMBER")
    assert keep_issue(world, NOTHING).startswith("Issue 1 was closed")


@pytest.mark.parametrize("rights", [{"actions"}, {"issues:read"}])
def test_without_the_right_nothing_fails_and_nothing_is_written(world, double, rights):
    double.rights = frozenset(rights)
    assert keep_issue(world, STANDS) == "No issue was opened: the workflow has no right to."
    assert keep_issue(world, NOTHING) == ""
    assert double.issues == []


@pytest.mark.parametrize("status", [500, 502, 429, 302])
def test_another_failure_is_told_in_a_sentence(world, double, status):
    double.fault = status
    assert keep_issue(world, STANDS) == f"The standing issue is as it was: GitHub's interface answered {status}."


def test_a_github_that_is_away_is_told_in_a_sentence(world):
    away = without(world)
    away.env["GITHUB_API_URL"] = "http://127.0.0.1:1"
    assert keep_issue(away, STANDS) == "The standing issue is as it was: GitHub's interface didn't answer."


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY"])
def test_off_actions_and_without_a_token_nobody_is_asked(world, double, name):
    assert keep_issue(without(world, name), STANDS) == ""
    assert double.calls == []


@pytest.mark.parametrize("api", ["http://api.example.org", "http://localhost:1", "ftp://127.0.0.1", "api.github.com"])
def test_the_token_goes_to_no_address_that_can_be_read_on_the_way(world, api):
    world.env["GITHUB_API_URL"] = api
    assert GitHub.of(world) is None


def record(number, at, event="schedule", conclusion="success"):
    path = ".github/workflows/publish.yml"
    return {"id": number, "path": path, "event": event, "created_at": at, "conclusion": conclusion}


def test_the_list_of_runs_tells_the_last_good_one_and_how_late_this_is(world, double):
    double.runs = [
        record(7, "2026-11-24T11:05:00Z", conclusion=None),
        record(6, "2026-11-24T08:45:10Z", conclusion="failure"),
        record(5, "2026-11-24T08:15:00Z"),
        {"id": "odd"},
        record(4, "yesterday"),
    ]
    good = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
    assert look(world, public=False).punctuality == Punctuality(good, timedelta(hours=1, minutes=52))


def test_where_the_list_may_not_be_read_nothing_is_said_of_it(world, double):
    double.rights = frozenset()
    assert look(world, public=False).punctuality is None
    assert look(without(world, "GITHUB_WORKFLOW_REF"), public=False).punctuality is None
    assert len(double.calls) == 1


def test_the_newest_commit_by_a_person_is_found_in_the_checkout(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert look(world, public=True).rest is None  # no checkout at all

    def commit(author, days):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at}
        words = ["-c", f"user.name={author}", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-mx"]
        subprocess.run(["git", *words], env=env, check=True)

    subprocess.run(["git", "init", "-q", "--template=", "."], check=True)
    commit("Awa Ké", 60)
    commit("dependabot[bot]", 1)
    told = look(world, public=True)
    assert (told.rest.time.days, told.rest.exact, told.looked) == (60, True, True)
    commit("Awa Ké", 0)
    assert not look(world, public=True).rest.is_long
    private = look(world, public=False)
    assert (private.rest, private.looked) == (None, False)


def test_the_form_is_found_by_the_repositorys_own_address(world):
    assert look(world, public=False).form == "https://github.com/acme/news/actions/workflows/desk.yml"
    assert look(without(world, "GITHUB_SERVER_URL"), public=False).form == ""
    world.env["GITHUB_REPOSITORY"] = "a/b>) <script>"
    assert look(world, public=False).form == ""
