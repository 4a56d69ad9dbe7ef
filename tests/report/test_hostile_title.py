"""One title that tries everything, through each way out at once."""

from __future__ import annotations

import io
import json
import re
from types import SimpleNamespace

import pytest
from markdown_it import MarkdownIt

from crosspost.core.outlook import Alert, Preview, RunReport
from crosspost.core.reason import Code, Reason
from crosspost.report import document, markdown, terminal
from crosspost.report.sheet import Sheet, open_console

HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def all_ways(made: SimpleNamespace) -> dict[str, str]:
    alert = Alert(made.hostile_text, Reason.of(Code.HOLD_WORD, word=made.hostile_text), made.now)
    report = RunReport(
        made.hostile(), (made.feed(name=made.hostile_text, status="failed", error=made.hostile_text),), (alert,), (), 1
    )
    stream = io.StringIO()
    sheet = Sheet(open_console(stream, {}, 80), made.zone, made.now)
    terminal.show_run(report, sheet)
    terminal.show_preview(Preview(made.hostile(), report.feeds), sheet, everything=True)
    terminal.show_history(made.hostile(), sheet)
    return {
        "terminal": stream.getvalue(),
        "json": document.render(document.run_document(report, made.zone)),
        "markdown": markdown.run_markdown(report, made.zone),
        "public": markdown.run_markdown(report, made.zone, public=True),
    }


@pytest.fixture
def ways(made: SimpleNamespace) -> dict[str, str]:
    return all_ways(made)


@pytest.mark.parametrize("way", ["terminal", "json", "markdown", "public"])
def test_nothing_hidden_and_no_command_comes_out(ways: dict[str, str], way: str) -> None:
    text = ways[way]
    assert "red here" in text or way == "json"
    assert not HIDDEN.search(text)
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]


def test_programs_get_the_title_whole(ways: dict[str, str], made: SimpleNamespace) -> None:
    assert json.loads(ways["json"])["published"][0]["entry"]["title"] == made.hostile_text


@pytest.mark.parametrize("way", ["markdown", "public"])
def test_markdown_makes_no_markup_of_it(ways: dict[str, str], way: str) -> None:
    text = ways[way]
    for active in ("<script", "<!--", "](javascript", "](https://evil", "`code", "&amp;", "**bold"):
        assert not re.search(r"(?<![\\\w%])" + re.escape(active), text.replace("(<https", "")), active
    assert not re.search(r"@everyone(?!%20)", text), "only inside an address"
    for line in text.splitlines():
        made = r"$|#{1,2} [A-Zc]|- |  > |  Look at it |  Link beside: |  Tags: |  \d+ of \d+ characters|\*\*Something needs"
        assert re.match(made, line), "each line is one that the report made"


@pytest.mark.parametrize("way", ["markdown", "public"])
def test_rendered_markdown_has_the_reports_elements_and_links_only(ways: dict[str, str], way: str) -> None:
    html = MarkdownIt("commonmark").render(ways[way])
    assert set(re.findall(r"<(\w+)", html)) <= {"h1", "h2", "ul", "li", "strong", "a", "code", "p", "blockquote", "br"}
    hrefs = re.findall(r'<a href="([^"]*)"', html)
    assert hrefs and all(re.fullmatch(r"https://example\.org/[^\s<>()]+", href) for href in hrefs)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html, "the title is there to be read"
