"""On GitHub Actions an error says what helps there: a choice of the form, or a file on the website."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def actions(monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")


def plain(text):
    return " ".join(text.split())


def without_ledger(folder):
    for path in folder.glob("crosspost.db*"):
        path.unlink()


@pytest.mark.parametrize("words", [("run",), ("status",), ("check",), ("run", "--report", "report.md")])
def test_a_missing_ledger_leads_to_begin_in_the_form(crosspost, installed, folder, actions, words):
    without_ledger(folder)
    ran = crosspost(*words)
    report = folder / "report.md"
    told = plain(ran.out + ran.err + (report.read_text("utf-8") if report.exists() else ""))
    assert ran.code
    assert "“begin” in the form (Actions, Desk)" in told
    assert "crosspost init" not in told and "--baseline" not in told and "crosspost explain" not in told


def test_missing_settings_lead_to_a_file_on_the_website(crosspost, folder, actions):
    ran = crosspost("check")
    assert ran.code == 2
    assert "“Create new file”" in plain(ran.err) and "crosspost init" not in ran.err
    assert "“Create new file”" in plain(crosspost("preview").err)


def test_to_begin_twice_is_refused_in_the_forms_words(crosspost, installed, actions):
    ran = crosspost("run", "--baseline")
    assert ran.code == 1
    assert "There is a ledger already; nothing was changed." in plain(ran.err)
    assert "--yes" not in ran.err


def test_a_preview_before_there_is_a_ledger_leads_to_begin(crosspost, installed, folder, actions):
    without_ledger(folder)
    assert crosspost("preview", "--markdown", "preview.md").code == 0
    told = (folder / "preview.md").read_text("utf-8")
    assert "“begin” in the form" in told and "STORY" not in re.sub("`.*`", "", told)


def test_a_mistake_in_the_settings_leads_to_the_pencil(crosspost, installed, folder, actions):
    place = folder / "config" / "crosspost.toml"
    place.write_text(place.read_text("utf-8").replace("settle", "setle"), "utf-8")
    for words in (("run",), ("check",)):
        ran = crosspost(*words)
        assert ran.code and "the pencil" in plain(ran.out + ran.err)


def test_elsewhere_the_same_errors_speak_to_a_terminal(crosspost, installed, folder):
    without_ledger(folder)
    ran = crosspost("run")
    assert "`crosspost init`" in plain(ran.err) and "crosspost explain ledger-missing" in ran.err
