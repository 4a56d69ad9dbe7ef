"""What people mistype and what machines refuse: a sentence, the right exit code, never a traceback."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from crosspost.sandbox.values import Fault, FaultKind


def plain(text: str) -> str:
    """On one line, whatever the width."""
    return " ".join(text.split())


NONSENSE = [
    (["pubish"], 2, "No such command 'pubish'"),
    (["aprove", "1"], 2, "Did you mean 'approve'"),
    (["run", "--dryrun"], 2, "--dry-run?"),
    (["run", "--now"], 2, "--now goes with --only"),
    (["run", "--public"], 2, "--report FILE"),
    (["run", "--dry-run", "--baseline"], 2, "don't go together"),
    (["run", "extra"], 2, "unexpected extra argument"),
    (["approve"], 2, "Name the stories"),
    (["approve", "1", "--all"], 2, "Name the stories"),
    (["resolve", "1"], 2, "--published URL or --absent"),
    (["pause"], 2, "--reason"),
    (["watch", "--every", "soon"], 2, "'soon' is no time"),
    (["explain", "flod"], 1, "The nearest is flood"),
    (["explain"], 2, "Missing argument"),
    (["init"], 2, "Which site?"),
    (["sandbox", "--fault", "gremlin"], 2, "KIND one of: "),
    (["preview", "./nowhere.xml"], 1, "isn't there"),
    (["preview", "feed.xml"], 1, "isn't there"),
    (["run"], 2, "There is no settings file"),
    (["check"], 2, "There is no settings file"),
    (["--config", "other.toml", "status"], 2, "other.toml"),
    (["preview", "", "--json"], 2, "There is no settings file"),
]


@pytest.mark.parametrize(("args", "code", "said"), NONSENSE, ids=[" ".join(args) for args, _, _ in NONSENSE])
def test_nonsense_is_answered_with_a_sentence(crosspost, args, code, said):
    ran = crosspost(*args)
    assert ran.code == code
    assert said in plain(ran.err)
    assert "Traceback" not in ran.err + ran.out


def test_a_bare_call_prints_a_short_help(crosspost):
    ran = crosspost()
    assert ran.code == 0 and "crosspost demo" in ran.out and len(ran.out.splitlines()) < 15


@pytest.mark.parametrize("command", ["preview", "init", "check", "run", "watch", "status", "history", "approve", "skip", "retry", "resolve", "edit", "retract", "pause", "resume", "explain", "demo", "sandbox"])  # fmt: skip
def test_every_commands_help_has_an_example(crosspost, command):
    ran = crosspost(command, "--help")
    assert ran.code == 0 and "Example: crosspost " in ran.out
    assert not [line for line in ran.out.splitlines() if len(line) > 80]


def test_a_settings_file_that_is_a_folder(crosspost, folder):
    (folder / "config" / "crosspost.toml").mkdir(parents=True)
    ran = crosspost("run")
    assert ran.code == 2 and "can't be read" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_settings_without_permission(crosspost, installed):
    installed.chmod(0)
    assert crosspost("run").code == 2


def test_a_mistake_in_the_settings_is_exit_2_and_for_check_a_fault(crosspost, installed):
    text = installed.read_text("utf-8")
    installed.write_text(text.replace("settle =", "setle =").replace("max = 3", "max = -3"), "utf-8")
    ran = crosspost("run")
    assert ran.code == 2 and 'did you mean "settle"' in plain(ran.err) and "max" in ran.err
    checked = crosspost("check", "--json")
    findings = json.loads(checked.out)["findings"]
    assert checked.code == 1
    assert [finding["reason_code"] for finding in findings] == ["settings", "settings"]
    assert any("setle" in finding["reason"] for finding in findings)


def test_a_missing_ledger_is_not_a_first_run(crosspost, installed, folder):
    for path in folder.glob("crosspost.db*"):
        path.unlink()
    ran = crosspost("run")
    assert ran.code == 2 and "--baseline" in ran.err and not (folder / "crosspost.db").exists()
    assert crosspost("status").code == 2
    checked = crosspost("check")
    assert checked.code == 1 and "no ledger" in checked.out
    made = crosspost("run", "--baseline")
    assert "stories are counted as known, and not published" in made.out and "nothing to do" not in made.out
    assert made.code == 0 and (folder / "crosspost.db").exists()
    asked = crosspost("run", "--baseline")
    assert asked.code == 1 and "--yes" in asked.err
    again = crosspost("run", "--baseline", "--yes")
    assert again.code == 0 and "No story was newly counted as known." in again.out


def test_a_strangers_ledger_is_exit_2_and_stays(crosspost, installed, folder):
    for path in folder.glob("crosspost.db*"):
        path.unlink()
    Path("crosspost.db").write_bytes(b"somebody's notes, by no means a database\n" * 30)
    before = Path("crosspost.db").read_bytes()
    assert crosspost("run").code == 2
    assert Path("crosspost.db").read_bytes() == before


def test_a_locked_ledger_lets_a_run_give_way_and_a_person_know(crosspost, installed, monkeypatch):
    monkeypatch.setattr("crosspost.ledger.sqlite.BUSY_SECONDS", 0.05)
    with sqlite3.connect("crosspost.db", isolation_level=None) as book:
        book.execute("BEGIN EXCLUSIVE")
        ran = crosspost("run")
        assert ran.code == 0 and ran.err.count("Error:") == 1
        assert crosspost("skip", "1").code == 1
        book.execute("ROLLBACK")
    book.close()


def test_a_feed_that_is_html_is_a_passing_trouble_for_run_and_a_fault_for_a_person(crosspost, installed, accounts):
    accounts.site.body = b"<!doctype html><html><head><title>Just a moment</title></head><body>Checking</body></html>"
    ran = crosspost("run", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["feeds"][0]["status"] == "failed"
    assert "web page" in ran.err or "HTML" in ran.err
    assert crosspost("preview").code == 1
    checked = crosspost("check", "--json")
    assert checked.code == 1
    assert [one["reason_code"] for one in json.loads(checked.out)["findings"] if not one["ok"]] == ["feed-html"]


def test_an_error_under_json_is_a_document_once_the_arguments_were_understood(crosspost, installed):
    ran = crosspost("history", "zebra crossing", "--json")
    made = json.loads(ran.out)
    assert ran.code == 1
    assert made["schema"] == 1 and set(made["error"]) == {"code", "message", "hint"}
    assert made["error"]["code"] == "story-unknown"
    wrong = crosspost("history", "--jsn")
    assert wrong.code == 2 and wrong.out == ""


def test_an_ambiguous_name_lists_the_choices(crosspost, installed):
    ran = crosspost("skip", "e")
    assert ran.code == 1 and "fits 10 stories" in ran.err and "Name one by its number" in ran.err


def test_a_refused_post_needs_a_person(crosspost, installed, accounts, news, story):
    accounts.x[0].faults.add(Fault(FaultKind.ANSWER, "POST", status=400, body=b'{"title":"Invalid Request"}'))
    news(story)
    ran = crosspost("run")
    assert ran.code == 1 and "For you to do" in ran.err
    assert crosspost("status").out.count("Failed") == 1


def test_a_lost_answer_is_no_case_for_a_person_yet(crosspost, installed, accounts, news, story):
    accounts.x[0].faults.add(Fault(FaultKind.CLOSE_AFTER, "POST"))
    news(story)
    ran = crosspost("run", "--json")
    assert ran.code == 0
    assert [post["target"] for post in json.loads(ran.out)["unknown"]] == ["x"]
    assert crosspost("run").code == 0
    assert crosspost("run", "--strict").code == 1  # it is unknown still, whichever pass did it
    assert len(accounts.x[0].timeline()) == 1


def test_strict_is_exit_1_for_what_is_held_for_approval(crosspost, installed, news, story):
    text = installed.read_text("utf-8")
    installed.write_text(text.replace("approval = false", "approval = true"), "utf-8")
    news(story)
    assert crosspost("run", "--strict").code == 1


def test_a_bug_is_one_sentence_with_its_place_and_never_its_words(crosspost, monkeypatch, installed):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret-of-a-library")

    monkeypatch.setattr("crosspost.desk.look.status", broken)
    ran = crosspost("status")
    assert ran.code == 1
    assert "This is a bug in crosspost: ZeroDivisionError in crosspost.cli.look:" in plain(ran.err)
    assert "secret-of-a-library" not in ran.err and "Traceback" not in ran.err
    shown = crosspost("--debug", "status")
    assert "look.py:" in shown.err and "secret-of-a-library" not in shown.err


def test_ctrl_c_is_130(crosspost, monkeypatch, installed):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crosspost.desk.look.status", interrupted)
    assert crosspost("status").code == 130


def test_a_report_that_cant_be_written_is_known_before_anything_is_sent(crosspost, installed, accounts, news, story):
    news(story)
    ran = crosspost("run", "--report", "nowhere/at/all.md")
    assert ran.code == 1 and "can't be written" in ran.err
    assert not accounts.x[0].timeline()


def test_what_goes_to_stderr_can_be_json(crosspost, installed, monkeypatch):
    monkeypatch.delenv("X_API_KEY")
    ran = crosspost("--log-json", "run")
    lines = [json.loads(line) for line in ran.err.splitlines()]
    assert {line["level"] for line in lines} >= {"alert", "warning"}
    assert any("X_API_KEY" in line["message"] for line in lines)


def test_a_stream_that_cant_carry_a_letter_gets_a_question_mark(crosspost, monkeypatch, installed):
    import io
    import sys

    bytes_out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding="ascii"))
    ran = crosspost("preview", "--all")
    sys.stdout.flush()
    assert ran.code == 0, ran.err
    assert b"?" in bytes_out.getvalue() and b"Nothing would go out" in bytes_out.getvalue()
