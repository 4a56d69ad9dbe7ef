from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from crosspost.core.delivery import State
from crosspost.core.outlook import Alert, Preview, RunReport
from crosspost.core.reason import Code, Reason
from crosspost.decide.actions import Punctuality, Rest
from crosspost.errors import SettingsError
from crosspost.report.markdown import OnActions, error_markdown, escape, preview_markdown, run_markdown


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
        ("#12", "\\#\u200b12"),
        ("https://evil.example", "https\\://evil\\.example"),
    ],
)
def test_foreign_text_is_shown_as_it_is(foreign: str, shown: str) -> None:
    assert escape(foreign) == shown


def test_what_is_held_or_due_stands_there_with_its_text_its_code_and_what_to_do(made: SimpleNamespace) -> None:
    held = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    told = run_markdown(RunReport((held,), (), (), (), 0), made.zone)
    assert "  > Three shelters for girls who left prostitution" in told
    assert "on call\\.  \n  > https" in told  # each line ends as it is sent: two spaces are a line's end
    assert "187 of 280 characters, $0.20, `16@a3f09c`" in told
    assert "`crosspost approve 16`" in told


def test_what_is_open_stands_there_once_although_the_pass_did_not_touch_it(made: SimpleNamespace) -> None:
    touched = made.prospect(of=made.story(15), due=made.now)
    report = replace(RunReport((touched,), (), (), (), 0), status=made.status())
    told = run_markdown(report, made.zone)
    assert told.count("- 15: ") == 2  # once on each account
    assert "- 16: " in told and "- 17: " in told
    assert "- x: $1.20 of $10.00 in Nov 2026, $0.20 more set aside" in told


def test_the_time_since_the_run_before_is_told_and_a_long_one_is_asked_about(made: SimpleNamespace) -> None:
    at = made.now
    late = replace(RunReport((), (), (), (), 0), at=at, before=at - timedelta(hours=3, minutes=5))
    told = run_markdown(late, made.zone)
    assert "Begun Tue 24 Nov 2026 09:00." in told
    assert "Tue 24 Nov 2026 05:55, 3 hours 5 minutes before." in told
    assert "is the schedule still running" not in told
    assert "is the schedule still running" in run_markdown(replace(late, before=at - timedelta(days=2)), made.zone)
    assert "Begun" not in run_markdown(late, made.zone, public=True)


def test_accounts_that_wait_troubles_that_stand_and_those_that_pass_are_told(made: SimpleNamespace) -> None:
    report = made.run()
    before = Alert("blog", Reason.of(Code.FEED_DOWN, feed="blog"), made.now)
    told = run_markdown(replace(report, stands=(*report.alerts, before)), made.zone)
    assert told.count("goes out on the account x") == 1
    for heading in ("Accounts", "Told before, and still so", "The next run tries again"):
        assert f"## {heading}\n\n- " in told


def test_a_report_keeps_within_what_a_job_may_show(made: SimpleNamespace) -> None:
    long = made.post(text="é" * 20_000)
    many = tuple(made.prospect(of=made.story(n), due=made.now, post=long) for n in range(1, 100))
    told = run_markdown(RunReport(many, (), (), (), 0), made.zone)
    assert len(told.encode()) < 1024 * 1024
    assert "There is more than fits here: `crosspost status`" in told


def test_an_error_is_told_with_what_to_do() -> None:
    told = error_markdown(SettingsError("x", "There is <no> [way](x).", "Say `crosspost init`."))
    assert "**There is \\<no\\> \\[way\\]\\(x\\)\\.**\n\nSay `crosspost init`." in told


def test_a_trouble_names_its_story_and_since_when_it_stands(made: SimpleNamespace) -> None:
    held = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    alerts = (
        Alert("#16 x", held.reason, made.now),
        Alert("#99 x", Reason.of(Code.LOST), made.now, reminder=True),
        Alert("blog", Reason.of(Code.FEED_DOWN, feed="blog"), made.now),
        Alert("x", Reason.of(Code.PAUSED, target="x"), made.now),
    )
    told = run_markdown(RunReport((held,), (), alerts, (), 1), made.zone)
    assert "\n- 16: **Three shelters for girls open in Lyon, Marseille and Lille** on x: It has" in told
    assert re.search(r"\n- 99 on x: .*Since Tue 24 Nov 2026 09:00\.", told)
    assert "\n- blog: A feed could not" in told and "\n- Nothing goes out on the account x" in told


def test_a_run_on_actions_tells_the_last_good_one_and_how_late_it_is(made: SimpleNamespace) -> None:
    at = made.now
    run = replace(RunReport((), (), (), (), 0), at=at, before=at - timedelta(days=1))
    good = at - timedelta(hours=3)
    late = OnActions(Punctuality(good, timedelta(hours=2, minutes=22)))
    told = run_markdown(run, made.zone, host=late)
    assert "The last run that ended well: Tue 24 Nov 2026 06:00, 3 hours before." in told
    assert "**GitHub began this one 2 hours 22 minutes late.**" in told
    assert " On time." in run_markdown(run, made.zone, host=OnActions(Punctuality(good, timedelta(minutes=3))))
    by_hand = run_markdown(run, made.zone, host=OnActions(Punctuality(good, None)))
    assert "late" not in by_hand and "On time" not in by_hand
    for nothing in (OnActions(), OnActions(Punctuality(None, None)), None):
        assert "left a note in the ledger" in run_markdown(run, made.zone, host=nothing)


def test_a_public_repository_at_rest_is_told_with_what_to_click(made: SimpleNamespace) -> None:
    nothing = RunReport((), (), (), (), 0)

    def told(rest: Rest | None, *, looked: bool = True) -> str:
        return run_markdown(nothing, made.zone, public=True, host=OnActions(rest=rest, looked=looked))

    assert "**No person has committed to this repository for 47 days.** After 60" in told(
        Rest(timedelta(days=47), True)
    )
    assert "*Commit changes…*" in told(Rest(timedelta(days=47), True)) and "*Enable workflow*" in told(
        Rest(timedelta(days=47), True)
    )
    assert "for at least 50 days" in told(Rest(timedelta(days=50), False))
    assert "committed" not in told(Rest(timedelta(days=3), True))
    assert "Nobody can tell" in told(None)
    assert "Nobody can tell" not in told(None, looked=False)


def test_commands_are_translated_for_whoever_has_the_form_alone(made: SimpleNamespace) -> None:
    held = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    report = RunReport((held,), (), (), (), 0)
    assert "*Actions*, then *Desk*" in run_markdown(report, made.zone, host=OnActions())
    assert "*Desk*" not in run_markdown(report, made.zone)
    assert "*Desk*" not in run_markdown(RunReport((), (), (), (), 0), made.zone, host=OnActions())


def test_a_text_tells_where_each_of_its_hashtags_comes_from(made: SimpleNamespace) -> None:
    told = preview_markdown(Preview((made.prospect(goes=True),), ()), made.zone)
    assert "Tags: \\#LastGirlFirst (your campaign), \\#UN (your list\\: United Nations)" in told


def test_the_form_is_a_click_away_where_its_address_is_known(made: SimpleNamespace) -> None:
    held = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    address = "https://github.com/acme/news/actions/workflows/desk.yml"
    told = run_markdown(RunReport((held,), (), (), (), 0), made.zone, host=OnActions(form=address))
    assert f"[the form](<{address}>)" in told and "`12@a3f09c`" in told


def test_many_that_were_left_out_are_folded_away_and_few_are_not(made: SimpleNamespace) -> None:
    old = Reason.of(Code.BASELINE)

    def told(number: int) -> str:
        left = [made.prospect(of=made.story(n), state=State.SKIPPED, reason=old, post=None) for n in range(1, number)]
        return run_markdown(RunReport(tuple(left), (), (), (), 0), made.zone)

    assert "<details><summary>6 stories</summary>\n\n- 1: " in told(7)
    assert "</details>\n" in told(7)
    assert "<details>" not in told(6)


def test_a_preview_tells_first_what_waits_and_then_what_is_known(made: SimpleNamespace) -> None:
    told = preview_markdown(made.preview(), made.zone)
    rest, known = told.index("## The rest"), told.index("## Known, or left out")
    assert rest < told.index("- 16: ") < known < told.index("- 1: ")


def test_a_title_from_right_to_left_moves_nothing_beside_it(made: SimpleNamespace) -> None:
    arabic = "افتتاح ثلاثة ملاجئ"
    one = made.prospect(of=made.story(13, title=arabic), post=made.post(text=f"{arabic}.\nLatin"))
    told = run_markdown(RunReport((one,), (), (), (), 0), made.zone)
    assert f"**\u2068{arabic}\u2069** on x" in told
    assert f"> \u2068{arabic}\\.\u2069  \n" in told and "> Latin  " in told


def test_strangers_are_told_first_that_there_is_something(made: SimpleNamespace) -> None:
    told = run_markdown(made.run(), made.zone, public=True)
    assert told.index("**Something needs a person.") < told.index("## Published")


def test_a_preview_on_github_says_how_its_commands_are_said_in_the_form(made: SimpleNamespace) -> None:
    held = made.prospect(of=made.story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    shown = Preview((held,), ())
    address = "https://github.com/acme/news/actions/workflows/desk.yml"
    assert f"is a choice of [the form](<{address}>)" in preview_markdown(shown, made.zone, form=address)
    assert "*Actions*, then *Desk*" in preview_markdown(shown, made.zone, form="")
    assert "choice of" not in preview_markdown(shown, made.zone)
    assert "choice of" not in preview_markdown(Preview((), ()), made.zone, form=address)


def test_a_story_without_a_number_is_said_to_get_one_and_named_in_no_command(made: SimpleNamespace) -> None:
    new = made.story(0)
    held = made.prospect(of=new, state=State.HELD, reason=Reason.of(Code.APPROVAL))
    goes = made.prospect("facebook", of=new, goes=True)
    told = preview_markdown(Preview((held, goes), (), (Reason.of(Code.NO_LEDGER_YET),)), made.zone)
    assert "STORY" not in told
    assert told.count("New: the first run gives it a number, and a code to approve it by.") == 2
    assert "**There is no ledger yet, so every story here counts as new\\.** `crosspost run --baseline` makes" in told
    known = preview_markdown(Preview((made.prospect(goes=True),), ()), made.zone)
    assert "New: the first run" not in known


def test_a_baseline_says_how_many_stories_it_counted(made: SimpleNamespace) -> None:
    told = run_markdown(RunReport((), (), (), (), 0, counted=10), made.zone)
    assert "10 stories are counted as known, and not published." in told
    assert "nothing to do" not in told
