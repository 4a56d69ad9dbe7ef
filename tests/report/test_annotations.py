"""What a runner of GitHub Actions is told: commands of ours, and none of a stranger's."""

from __future__ import annotations

import re
from types import SimpleNamespace

from crosspost.core.outlook import Alert, RunReport
from crosspost.core.reason import Code, Reason
from crosspost.errors import LedgerBusy, SettingsError
from crosspost.report.annotations import error_annotation, run_annotations


def report_of(*alerts: Alert, stands: tuple[Alert, ...] = ()) -> RunReport:
    return RunReport((), (), alerts, (), 1, stands=(*alerts, *stands))


def test_what_is_new_is_an_error_and_a_reminder_a_warning(made: SimpleNamespace) -> None:
    pause = Reason.of(Code.PAUSED, target="x", cause="no-credit")
    alerts = (Alert("x", pause, made.now), Alert("x", pause, made.now, reminder=True))
    before = (Alert("#12 x", Reason.of(Code.LOST), made.now),)
    new, again, old = run_annotations(report_of(*alerts, stands=before), made.zone)
    assert new.startswith("::error title=crosspost::x: ")
    assert again.startswith("::warning title=crosspost::x: ")
    assert old.startswith("::notice title=crosspost::Told before, and still so: #12 on x: ")


def test_foreign_text_begins_no_command_and_ends_no_line(made: SimpleNamespace) -> None:
    alert = Alert(made.hostile_text + "%0A::error::x", Reason.of(Code.HOLD_WORD, word=made.hostile_text), made.now)
    (line,) = run_annotations(report_of(alert), made.zone)
    assert line.count("::") == 2 and "##[" not in line
    assert not re.search(r"[\r\n\x00-\x1f]", line)
    assert "%0A" not in line.replace("%250A", "")


def test_more_than_a_step_may_show_are_counted(made: SimpleNamespace) -> None:
    alerts = [Alert(f"x{n}", Reason.of(Code.NO_KEYS, target=f"x{n}", names="A"), made.now) for n in range(1, 15)]
    lines = run_annotations(report_of(*alerts), made.zone)
    assert len(lines) == 10
    assert lines[-1] == "::warning title=crosspost::And 5 more: see the summary."
    assert len(run_annotations(report_of(*alerts[:10]), made.zone)) == 10


def test_strangers_are_told_that_there_is_something(made: SimpleNamespace) -> None:
    (line,) = run_annotations(report_of(Alert("#12 x", Reason.of(Code.LOST), made.now)), made.zone, public=True)
    assert "12" not in line
    assert run_annotations(report_of(), made.zone, public=True) == ()


def test_a_ledger_that_another_run_holds_is_no_error() -> None:
    assert error_annotation(LedgerBusy("ledger-busy", "Held.", "")).startswith("::notice ")
    assert error_annotation(SettingsError("x", "100 %\nwrong", "")) == "::error title=crosspost::100 %25 wrong."
    there = error_annotation(SettingsError("x", "There is none.", "Make it."))
    assert there == "::error title=crosspost::There is none. Make it."
