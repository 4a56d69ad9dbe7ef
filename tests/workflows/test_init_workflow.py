"""`init --workflow`: the files that GitHub Actions runs, written for a site and over nobody's work."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from crosspost import app
from crosspost.cli import main
from crosspost.sandbox.model import demo
from crosspost.sandbox.serve import serve
from crosspost.setup.files import BRANCH_LEDGER, stock_files, workflow_files

ROOT = Path(__file__).parents[2]


def test_the_repositorys_own_workflows_are_those_that_init_writes():
    for name, text in stock_files().items():
        assert (ROOT / name).read_text("utf-8") == text, name


@pytest.mark.parametrize("site", ["https://example.org/feed/", "https://example.com/feed/", "https://example.net/"])
def test_a_site_gets_two_minutes_of_its_own_away_from_the_full_hour(site):
    flow = yaml.safe_load(workflow_files(site)[".github/workflows/publish.yml"])
    (cron,) = [one["cron"] for one in flow[True]["schedule"]]  # YAML 1.1 reads "on" as true
    first, second = map(int, cron.split()[0].split(","))
    assert cron.endswith(" * * * *")
    assert 8 <= first <= 22 and second == first + 30
    assert workflow_files(site) == workflow_files(site)


def test_another_ledger_stands_in_both_files():
    for text in workflow_files("https://example.org/feed/", 'git:origin#other "one"').values():
        steps = next(iter(yaml.safe_load(text)["jobs"].values()))["steps"]
        named = [step["env"]["CROSSPOST_LEDGER_URL"] for step in steps if "CROSSPOST_LEDGER_URL" in step.get("env", {})]
        assert named == ['git:origin#other "one"']
        assert BRANCH_LEDGER not in text


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A checkout with a remote, a sandbox's site, and a way to call init."""
    remote, work = tmp_path / "remote.git", tmp_path / "work"
    subprocess.run(["git", "init", "-q", "--bare", "--template=", remote], check=True)
    subprocess.run(["git", "init", "-q", "--template=", work], check=True)
    subprocess.run(["git", "-C", work, "remote", "add", "origin", remote], check=True)
    monkeypatch.chdir(work)
    monkeypatch.delenv("CROSSPOST_CONFIG", raising=False)
    monkeypatch.setenv("CROSSPOST_STATE_DIR", str(tmp_path / "state"))
    with serve(demo(app.SystemClock().now()), app.SystemClock().now) as server:
        yield work, remote, lambda *more: main(["init", server.site_url, "--yes", "--workflow", *more])


def test_init_writes_both_files_and_makes_the_branch(begun, capsys):
    work, remote, init = begun
    assert init() == 0
    told = " ".join(capsys.readouterr().out.split())
    assert {path.name for path in (work / ".github" / "workflows").iterdir()} == {"publish.yml", "desk.yml"}
    branches = subprocess.run(["git", "-C", remote, "branch", "--list"], capture_output=True, text=True, check=True)
    assert branches.stdout.split() == ["crosspost-ledger"]
    assert f'url = "{BRANCH_LEDGER}"' in (work / "config" / "crosspost.toml").read_text("utf-8")
    assert "X_API_KEY" in told
    secrets = told.partition("as secrets of the repository: ")[2].partition("`gh secret set NAME`")[0]
    assert "FACEBOOK_PAGE_ACCESS_TOKEN" in secrets and "FACEBOOK_PAGE_ID" not in secrets
    assert "`gh variable set FACEBOOK_PAGE_ID`" in told
    assert "this folder doesn't hold it" in told


def test_files_as_crosspost_brings_them_may_be_replaced(begun):
    work, _, init = begun
    for name, text in stock_files().items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, "utf-8")
    (work / "action.yml").touch()
    assert init() == 0


def test_somebodys_own_workflow_is_kept_unless_force_is_given(begun, capsys):
    work, _, init = begun
    own = work / ".github" / "workflows" / "desk.yml"
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n", "utf-8")
    assert init() == 1
    assert "desk.yml is there already; nothing was changed" in " ".join(capsys.readouterr().err.split())
    assert own.read_text("utf-8") == "# mine\n"
    assert not (work / "config").exists()
    assert init("--force") == 0
    assert own.read_text("utf-8") != "# mine\n"


def test_a_file_is_no_ledger_for_a_runner(begun, capsys):
    work, _, init = begun
    assert init("--ledger", "sqlite:///crosspost.db") == 2
    assert "keeps no files" in capsys.readouterr().err
    assert not (work / "config").exists()
