"""The workflows as files: what GitHub, its schema and a security linter say, and who is given which keys."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from crosspost.decide.actions import LOOKED_AT

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
OURS = [path for path in FILES if path.name not in {"ci.yml", "release.yml"}]
SENDING = [path for path in OURS if path.name != "settings.yml"]


def tool(name: str, *words: object) -> str:
    """What a linter says; skips where it isn't installed."""
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if program is None:
        pytest.skip(f"{name} isn't here; requirements-dev.txt names it")
    done = subprocess.run([program, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def job_of(path: Path) -> dict:
    (job,) = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    return job


def test_a_security_linter_finds_nothing():
    assert tool("zizmor", "--offline", "--no-progress", ".github/workflows", "action.yml") == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_schema_and_the_linter_of_workflows_find_nothing(path):
    assert tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path) == ""
    assert tool("actionlint", path) == ""


def test_the_schema_of_actions_finds_nothing():
    assert tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml") == ""


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_keys_are_in_one_step_and_a_persons_words_in_no_script(path):
    steps = job_of(path)["steps"]
    keyed = [step for step in steps if re.search(r"secrets\.|github\.token", str(step))]
    assert len(keyed) == 1, keyed
    assert all("${{" not in step.get("run", "") for step in steps)
    if path.name == "settings.yml":
        assert "secrets." not in str(steps)


@pytest.mark.parametrize("path", SENDING, ids=lambda path: path.name)
def test_the_pages_number_may_be_a_variable_since_github_hides_secrets_in_addresses(path):
    (env,) = [step["env"] for step in job_of(path)["steps"] if "FACEBOOK_PAGE_ID" in step.get("env", {})]
    assert env["FACEBOOK_PAGE_ID"] == "${{ vars.FACEBOOK_PAGE_ID || secrets.FACEBOOK_PAGE_ID }}"


@pytest.mark.parametrize("path", SENDING, ids=lambda path: path.name)
def test_what_sends_waits_its_turn_on_the_default_branchs_tip(path):
    flow, job = yaml.safe_load(path.read_text("utf-8")), job_of(path)
    assert flow["concurrency"] == {"group": "crosspost", "cancel-in-progress": False, "queue": "max"}
    reading = {"actions": "read"} if path.name == "publish.yml" else {}
    assert job["permissions"] == {"contents": "write", **reading}
    assert "github.ref_name == github.event.repository.default_branch" in job["if"]
    (checkout,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"]["ref"] == "${{ github.ref_name }}"


def test_issues_are_written_only_where_somebody_takes_a_sign_off():
    text = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    assert "\n      # issues: write\n" in text
    job = yaml.safe_load(text.replace("      # issues: write", "      issues: write"))["jobs"]["publish"]
    assert job["permissions"] == {"contents": "write", "actions": "read", "issues": "write"}


def test_enough_commits_are_fetched_to_see_a_persons():
    (step, *_) = job_of(ROOT / ".github" / "workflows" / "publish.yml")["steps"]
    assert step["with"]["fetch-depth"] == LOOKED_AT


def test_a_repository_without_settings_is_told_so_on_the_runs_page():
    script = next(
        step["run"] for step in job_of(ROOT / ".github" / "workflows" / "publish.yml")["steps"] if "run" in step
    )
    assert 'echo "::notice title=crosspost::$told"' in script


def test_the_schedule_keeps_away_from_the_full_hour_and_within_the_free_minutes():
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
    (line,) = flow[True]["schedule"]  # YAML 1.1 reads "on" as true
    minutes = [int(minute) for minute in line["cron"].split()[0].split(",")]
    assert all(5 <= minute <= 55 for minute in minutes)
    assert len(minutes) * 24 * 31 < 2000


def test_a_change_of_the_settings_starts_no_test_of_the_program():
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    for event in ("push", "pull_request"):
        assert flow[True][event]["paths-ignore"] == ["config/crosspost.toml"]


def test_the_form_has_no_schedule_that_could_be_switched_off_with_it():
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "desk.yml").read_text("utf-8"))
    assert set(flow[True]) == {"workflow_dispatch"}
    assert len(flow[True]["workflow_dispatch"]["inputs"]) <= 25


def test_each_choice_of_the_form_is_one_that_its_script_knows():
    path = ROOT / ".github" / "workflows" / "desk.yml"
    choices = yaml.safe_load(path.read_text("utf-8"))[True]["workflow_dispatch"]["inputs"]["what"]["options"]
    script = job_of(path)["steps"][-1]["run"]
    known = re.findall(r'(?m)^  (?:"([^"]+)"|([a-z]+))\)', script)
    assert sorted(one or other for one, other in known) == sorted(choices)


def test_all_that_is_installed_is_checked_by_a_hash():
    (step,) = [
        step for step in yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"] if "run" in step
    ]
    installs = re.findall(r"uv pip (?:sync|install) .*", step["run"])
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    # uv checks what builds the checkout against the hashes in this file
    assert "--no-deps" in installs[1] and "--build-constraints" in installs[1]
