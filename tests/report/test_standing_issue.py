"""The standing issue's words, and when it is opened, changed and closed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from crosspost.core.delivery import State
from crosspost.core.outlook import Alert, RunReport, Status
from crosspost.core.reason import Code, Reason
from crosspost.errors import LedgerMissing
from crosspost.report.standing_issue import (
    Close,
    Issue,
    Leave,
    Open,
    Update,
    Wanted,
    error_issue,
    is_ours,
    issue_of,
    settle,
)

RUN = "https://github.com/acme/news/actions/runs/7"


@pytest.fixture
def held(made: SimpleNamespace) -> RunReport:
    """A run that has just held a story."""
    one = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    alert = Alert("#16 x", one.reason, made.now)
    return RunReport((one,), (), (alert,), (), 1, stands=(alert,))


def quiet(report: RunReport) -> RunReport:
    """The run after that: the same stands, and nothing is told."""
    return replace(report, alerts=(), prospects=())


def test_what_is_told_opens_an_issue_that_names_story_reason_and_what_to_do(
    held: RunReport, made: SimpleNamespace
) -> None:
    step = settle(issue_of(held, made.zone), None, RUN)
    assert isinstance(step, Open)
    assert "- 16: **Three shelters for girls open in Lyon, Marseille and Lille** on x: " in step.body
    assert "`crosspost approve 16`" in step.body and "*Desk*" in step.body
    assert f"As of [this run](<{RUN}>)" in step.body
    assert is_ours(step.body) and not is_ours("crosspost: what needs a person")


def test_the_same_troubles_leave_the_issue_as_it_is_although_the_run_is_another(
    held: RunReport, made: SimpleNamespace
) -> None:
    opened = settle(issue_of(held, made.zone), None, RUN)
    assert isinstance(opened, Open)
    reminded = tuple(replace(alert, reminder=True) for alert in held.stands)
    same = issue_of(replace(held, alerts=(), stands=reminded), made.zone)
    assert settle(same, Issue(3, opened.body), RUN + "8") == Leave()


def test_another_trouble_changes_the_body(held: RunReport, made: SimpleNamespace) -> None:
    opened = settle(issue_of(held, made.zone), None, RUN)
    assert isinstance(opened, Open)
    more = replace(held, stands=(*held.stands, Alert("x", Reason.of(Code.PAUSED, target="x"), made.now)))
    step = settle(issue_of(more, made.zone), Issue(3, opened.body), RUN)
    assert isinstance(step, Update)
    assert step.number == 3 and "- Nothing goes out on the account x. Since Tue 24 Nov" in step.body.replace("\\", "")


def test_when_nothing_stands_it_is_closed_with_a_sentence_and_only_then(held: RunReport, made: SimpleNamespace) -> None:
    calm = issue_of(replace(held, alerts=(), stands=()), made.zone)
    step = settle(calm, Issue(3, "old"), RUN)
    assert isinstance(step, Close)
    assert step.number == 3 and step.body.startswith("Nothing needs a person any more")
    assert settle(calm, None, RUN) == Leave()
    assert not isinstance(settle(issue_of(quiet(held), made.zone), Issue(3, "old"), RUN), Close)


def test_one_that_a_person_closed_comes_again_with_the_next_reminder_and_not_before(
    held: RunReport, made: SimpleNamespace
) -> None:
    assert settle(issue_of(quiet(held), made.zone), None, RUN) == Leave()
    assert isinstance(settle(issue_of(held, made.zone), None, RUN), Open)


def test_in_a_public_repository_it_says_that_there_is_something_and_not_what(
    held: RunReport, made: SimpleNamespace
) -> None:
    step = settle(issue_of(held, made.zone, public=True), None, RUN)
    assert isinstance(step, Open)
    assert "shelters" not in step.body and "16" not in step.body.split("<!--")[0] and "embargo" not in step.body
    assert "needs a person" in step.body
    failed = error_issue(LedgerMissing("ledger-missing", "No ledger at survivors.db.", "Make it."), public=True)
    assert "survivors" not in failed.text and "ended with an error" in failed.text


def test_an_error_that_ends_a_run_is_told_with_what_to_do() -> None:
    wanted = error_issue(LedgerMissing("ledger-missing", "There is <no> ledger.", "`crosspost run --baseline`"))
    assert wanted.news
    assert "**There is \\<no\\> ledger\\.** `crosspost run --baseline`" in wanted.text


def test_a_strangers_title_mentions_nobody_and_no_issue(held: RunReport, made: SimpleNamespace) -> None:
    bad = made.prospect(of=made.story(16, title="@everyone see #7 " + made.hostile_text), state=State.HELD)
    text = issue_of(replace(held, prospects=(bad,)), made.zone).text
    assert "@everyone" not in text and "#7" not in text and "<script>" not in text and "<!--" not in text


def test_a_hundred_troubles_still_fit(held: RunReport, made: SimpleNamespace) -> None:
    long = [Reason.of(Code.HOLD_WORD, word="e" * 200 + str(n)) for n in range(1, 1000)]
    many = tuple(Alert(f"#{n} x", reason, made.now) for n, reason in enumerate(long))
    text = issue_of(replace(held, stands=many), made.zone).text
    assert len(text) < 65_000
    assert "There is more" in text


def test_without_a_runs_address_nothing_is_linked() -> None:
    step = settle(Wanted("Something.", True), None, "")
    assert isinstance(step, Open) and "](" not in step.body


@pytest.fixture
def waits(made: SimpleNamespace) -> RunReport:
    """A run that has just held a story for approval: nothing to alert anybody, and exit code 0."""
    one = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.APPROVAL))
    return RunReport((one,), (), (), (), 0, status=Status((one,), (), (), ()))


def test_a_story_that_waits_for_approval_opens_the_issue_with_its_text_its_code_and_how_to_approve(
    waits: RunReport, made: SimpleNamespace
) -> None:
    step = settle(issue_of(waits, made.zone, form="https://github.com/acme/news/actions/workflows/desk.yml"), None, RUN)
    assert isinstance(step, Open)
    assert "- 16: **Three shelters for girls open in Lyon, Marseille and Lille** on x: " in step.body
    assert "> Three shelters for girls who left prostitution" in step.body
    assert "`16@a3f09c`" in step.body and "To *approve*, the story is the code" in step.body
    assert "actions/workflows/desk.yml" in step.body


def test_while_it_waits_the_issue_stays_as_it_is_and_nobody_opens_it_again(
    waits: RunReport, made: SimpleNamespace
) -> None:
    opened = settle(issue_of(waits, made.zone), None, RUN)
    assert isinstance(opened, Open)
    later = issue_of(replace(waits, prospects=()), made.zone)
    assert settle(later, Issue(3, opened.body), RUN + "8") == Leave()
    assert settle(later, None, RUN) == Leave()  # a person closed it


def test_when_the_last_one_is_approved_the_issue_is_closed(waits: RunReport, made: SimpleNamespace) -> None:
    done = replace(waits, prospects=(), status=Status((made.prospect(),), (), (), ()))
    assert isinstance(settle(issue_of(done, made.zone), Issue(3, "old"), RUN), Close)


def test_in_public_what_waits_for_approval_is_not_named(waits: RunReport, made: SimpleNamespace) -> None:
    step = settle(issue_of(waits, made.zone, public=True), None, RUN)
    assert isinstance(step, Open)
    assert "shelters" not in step.body and "@a3f09c" not in step.body and "needs a person" in step.body
