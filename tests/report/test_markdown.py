from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from crosspost.core.delivery import State
from crosspost.core.outlook import RunReport
from crosspost.core.reason import Code, Reason
from crosspost.report.markdown import escape, run_markdown


def test_a_run_is_told_by_where_each_story_stands(made: SimpleNamespace) -> None:
    told = run_markdown(made.run(), made.zone)
    assert "## Published\n\n- 20: **Three shelters for girls open in Lyon, Marseille and Lille** on x, " in told
    assert "[Tue 24 Nov 2026 09:00](<https://x.com/i/status/1990000000000000001>)" in told
    for heading in ("Held for a person", "Failed", "Waiting", "Left out", "Taken down", "For you to do", "Feeds"):
        assert f"## {heading}\n" in told
    assert "(Tue 24 Nov 2026 09:20)" in told
    assert "`crosspost check` says what is wrong." in told


def test_the_public_form_names_published_stories_and_nothing_else(made: SimpleNamespace) -> None:
    secret = made.story(99, title="Name of a survivor")
    report = made.run()
    held = made.prospect(of=secret, state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="survivor"))
    report = replace(report, prospects=(*report.prospects, held))
    assert "survivor" in run_markdown(report, made.zone)
    told = run_markdown(report, made.zone, public=True)
    assert re.findall("^#+ .*", told, re.MULTILINE) == ["# crosspost: this run", "## Published"]
    assert told.count("\n- ") == 1 and "Three shelters" in told
    assert "survivor" not in told and "example.net" not in told and "99" not in told.replace("1990", "")


def test_a_run_without_anything_says_so(made: SimpleNamespace) -> None:
    empty = RunReport((), (), (), (), 0)
    assert "There was nothing to do." in run_markdown(empty, made.zone)
    assert "Nothing was published in this run." in run_markdown(empty, made.zone, public=True)


def test_a_published_story_without_an_address_is_listed_without_a_link(made: SimpleNamespace) -> None:
    odd = made.prospect(state=State.PUBLISHED, reason=Reason.of(Code.SENT), revision={"url": "javascript:alert(1)"})
    told = run_markdown(RunReport((odd,), (), (), (), 0), made.zone)
    assert "on x, Tue 24 Nov 2026 09:00" in told
    assert "javascript" not in told


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("<script>", "\\<script\\>"),
        ("a | b", "a \\| b"),
        ("`code`", "\\`code\\`"),
        ("@everyone", "@\u200beveryone"),
        ("[x](javascript:alert(1))", "\\[x\\]\\(javascript\\:alert\\(1\\)\\)"),
        ("&amp;", "\\&amp;"),
        ("# head\n- item", "\\# head \\- item"),
        ("https://evil.example", "https\\://evil\\.example"),
    ],
)
def test_foreign_text_is_shown_as_it_is(foreign: str, shown: str) -> None:
    assert escape(foreign) == shown
