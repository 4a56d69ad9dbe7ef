"""Alerts that say the same of several stories are one thing to do, in each form of report."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from rich.console import Console

from crosspost.core.outlook import Alert, RunReport
from crosspost.core.reason import Code, Reason
from crosspost.report.annotations import run_annotations
from crosspost.report.gathered import gathered
from crosspost.report.markdown import run_markdown
from crosspost.report.sheet import Sheet
from crosspost.report.terminal import show_alerts

FLOOD = Reason.of(Code.FLOOD, feed="site", count=9, limit=5)


@pytest.fixture
def flood(made: SimpleNamespace) -> list[Alert]:
    """Nine stories on two targets, held at once."""
    return [Alert(f"#{number} {target}", FLOOD, made.now) for number in range(3, 12) for target in ("facebook", "x")]


def shown(made: SimpleNamespace, alerts: list[Alert]) -> str:
    sheet = Sheet(Console(file=io.StringIO(), width=200), made.zone, made.now)
    show_alerts(RunReport((), (), tuple(alerts), (), 1, stands=tuple(alerts)), sheet)
    return sheet.console.file.getvalue()


def test_a_flood_of_stories_is_one_thing_to_do(flood: list[Alert]) -> None:
    (one,) = gathered(flood)
    assert one.about == "#3, #4, #5 and 6 more on facebook and x"
    assert one.alert.subject == "", "so that the advice speaks of any story"
    assert list(one.stories) == [f"#{number}" for number in range(3, 12)]
    assert set(one.stories.values()) == {("facebook", "x")}


def test_one_story_on_two_targets_keeps_its_number(flood: list[Alert]) -> None:
    (one,) = gathered(flood[:2])
    assert (one.about, one.alert.subject) == ("#3 on facebook and x", "#3 facebook")


def test_other_reasons_other_targets_and_other_days_stay_apart(made: SimpleNamespace) -> None:
    held = Alert("#3 x", FLOOD, made.now)
    others = (
        replace(held, reason=Reason.of(Code.LOST)),
        replace(held, subject="x"),
        replace(held, subject="y"),
        replace(held, reminder=True),
        replace(held, reminder=True, since=made.now - timedelta(days=1)),
    )
    assert len(gathered((held, *others))) == 1 + len(others)


def test_the_oldest_tells_since_when(made: SimpleNamespace) -> None:
    alerts = [Alert(f"#{n} x", FLOOD, made.now - timedelta(minutes=n), reminder=True) for n in (1, 2)]
    (one,) = gathered(alerts)
    assert one.alert.since == made.now - timedelta(minutes=2)


def test_each_form_tells_a_flood_once_and_names_no_story_in_its_advice(
    made: SimpleNamespace, flood: list[Alert]
) -> None:
    report = RunReport((), (), tuple(flood), (), 1, stands=tuple(flood))
    terminal = shown(made, flood)
    (annotation,) = run_annotations(report, made.zone)
    markdown = run_markdown(report, made.zone)
    for text in (terminal, annotation, markdown):
        assert text.count("9 new stories came from the feed site") == 1
        assert "crosspost skip STORY" in text
    assert "#3, #4, #5 and 6 more on facebook and x: " in terminal
    assert [line for line in markdown.splitlines() if line.startswith("  - ")] == [
        f"  - {number} on facebook and x" for number in range(3, 12)
    ]


def test_the_summary_names_ten_of_a_longer_list(made: SimpleNamespace) -> None:
    alerts = tuple(Alert(f"#{number} x", FLOOD, made.now) for number in range(1, 41))
    markdown = run_markdown(RunReport((), (), alerts, (), 1, stands=alerts), made.zone)
    assert "  - 10 on x\n  - and 30 more\n" in markdown
