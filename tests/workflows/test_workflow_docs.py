"""The page for people without a terminal, and the files for machines, say what the workflows and settings are."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import yaml

from crosspost import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "github-actions.md").read_text("utf-8")
DESK = yaml.safe_load((ROOT / ".github" / "workflows" / "desk.yml").read_text("utf-8"))


def test_the_settings_to_paste_are_read_without_a_mistake():
    (text,) = re.findall(r"(?s)```toml\n(.*?)```", PAGE)
    project = app.read_project(app.system_world({}), text, Path("config/crosspost.toml"))
    assert [target.platform for target in project.settings.targets] == ["x", "facebook"]
    assert all(target.policy.approval for target in project.settings.targets)


def test_the_page_explains_each_choice_of_the_form():
    choices = DESK[True]["workflow_dispatch"]["inputs"]["what"]["options"]  # YAML 1.1 reads "on" as true
    table = re.findall(r"(?m)^\| ([a-z: ]+?) \| ", PAGE)
    assert set(choices) - {"begin"} <= set(table)
    assert "**begin**" in PAGE


def test_the_page_names_each_secret_that_the_workflows_read():
    for name in re.findall(r"secrets\.(\w+)", (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")):
        assert f"`{name}`" in PAGE
    (variables,) = re.findall(r"(?m)^.*\*Variables\* tab.*$", PAGE)
    assert re.findall(r"`([A-Z_]+)`", variables) == ["FACEBOOK_PAGE_ID"]


def test_the_unit_gives_each_key_as_a_file():
    unit = (ROOT / "packaging" / "crosspost.service").read_text("utf-8")
    keys = re.findall(r"(?m)^LoadCredential=(\w+):/etc/crosspost/\1$", unit)
    assert re.findall(r"(?m)^Environment=(\w+)_FILE=%d/\1$", unit) == keys
    known = (ROOT / "docs" / "first-post.md").read_text("utf-8")
    assert len(keys) == 6 and all(f"`{key}`" in known for key in keys)
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(unit)
    assert parser["Service"]["Type"] == "oneshot"
