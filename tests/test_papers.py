"""The commands that people copy from the papers are commands that crosspost has, with options that they have."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from crosspost.cli import app

ROOT = Path(__file__).parents[1]
# docs/reference.md is made from the sources, and has a test of its own
PAPERS = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/first-post.md",
    "docs/how-a-story-travels.md",
    "docs/github-actions.md",
    "docs/cron.md",
]
CALL = re.compile(r"(?:^|[`/ (=])crosspost((?: +--?[a-z][\w-]*)* +[a-z]\w*(?:[ ][^`\n]*)?)", re.MULTILINE)


def code_of(text):
    """Each line of a code block, and each piece of code inside a sentence."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def calls(text):
    """The words after "crosspost", of each call."""
    for code in code_of(text):
        for found in CALL.findall(code):
            words = shlex.split(re.split(r" 2>|[)|;&>]", found)[0], comments=True)
            yield words


def unknown(words, group):
    """What crosspost doesn't have of such a call."""
    options = {flag for param in group.params for flag in param.opts}
    at = next(i for i, word in enumerate(words) if not word.startswith("-"))
    command = group.commands.get(words[at])
    if command is None:
        return [words[at]]
    own = {flag for param in command.params for flag in (*param.opts, *param.secondary_opts)}
    before = [word for word in words[:at] if word not in options]
    return before + [word for word in words[at + 1 :] if word.startswith("-") and word.split("=")[0] not in own]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_command_in_a_paper_is_one_that_crosspost_has(paper):
    group = typer.main.get_command(app)
    text = (ROOT / paper).read_text(encoding="utf-8")
    wrong = {" ".join(words): missing for words in calls(text) if (missing := unknown(words, group))}
    assert not wrong


def test_the_papers_show_the_whole_way_to_the_first_post():
    named = {words[0] for paper in PAPERS for words in calls((ROOT / paper).read_text(encoding="utf-8"))}
    assert {"preview", "init", "check", "run", "history", "status", "approve", "skip", "resolve", "pause"} <= named


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        ("`crosspost fly 12`", ["fly"]),
        ("`crosspost run --soon`", ["--soon"]),
        ("`crosspost --wrong run`", ["--wrong"]),
        ("```\n17 * * * * cd x && out=$(.venv/bin/crosspost rum 2>&1) || echo\n```", ["rum"]),
        ("`crosspost --quiet run --only 10 --now`", []),
    ],
)
def test_a_wrong_command_is_noticed(call, missing):
    (words,) = calls(call)
    assert unknown(words, typer.main.get_command(app)) == missing
