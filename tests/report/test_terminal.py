from __future__ import annotations

import io
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from rich.cells import cell_len
from rich.console import Console

from crosspost.core.delivery import State
from crosspost.core.outlook import Alert, Preview, RunReport, Status
from crosspost.core.post import Finding
from crosspost.core.reason import Code, Reason
from crosspost.errors import SettingsError
from crosspost.report import terminal
from crosspost.report.sentences import explain
from crosspost.report.sheet import Sheet, open_console, progress

# What colours and weights look like to a terminal; nothing else that escapes may be written.
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def paper(made: SimpleNamespace, *, tty: bool = False, width: int = 80, **more: object) -> Sheet:
    console = Console(file=io.StringIO(), width=width, force_terminal=tty, color_system="standard" if tty else None)
    return Sheet(console, made.zone, made.now, **more)


def written(sheet: Sheet) -> str:
    return sheet.console.file.getvalue()


def everything(made: SimpleNamespace, sheet: Sheet) -> None:
    """Every report there is, over the whole variety and the hostile title."""
    for prospects in (made.variety(), made.hostile(), ()):
        for whole in (False, True):
            terminal.show_preview(replace(made.preview(), prospects=prospects), sheet, everything=whole)
        terminal.show_run(replace(made.run(), prospects=prospects), sheet)
        terminal.show_status(replace(made.status(), prospects=prospects), sheet)
        terminal.show_history(prospects, sheet)
    terminal.show_history(made.history(), sheet)
    terminal.show_error(SettingsError("settings", made.hostile_text + "\n" + "x" * 200, made.hostile_text), sheet)
    terminal.show_findings([Finding(False, made.hostile_text, Reason.of(Code.NO_KEYS, names=made.hostile_text))], sheet)
    terminal.show_sandbox({made.hostile_text: made.hostile_text}, sheet)
    for code in Code:
        terminal.show_words(code, explain(code), sheet)


@pytest.mark.parametrize("width", [80, 40, 200])
def test_no_line_is_wider_than_the_terminal(made: SimpleNamespace, width: int) -> None:
    sheet = paper(made, width=width)
    everything(made, sheet)
    too_wide = [line for line in written(sheet).splitlines() if cell_len(line) > min(width, 96)]
    assert not too_wide


def test_a_pipe_gets_plain_text(made: SimpleNamespace) -> None:
    stream = io.StringIO()
    sheet = Sheet(open_console(stream, {"COLUMNS": "80"}), made.zone, made.now)
    everything(made, sheet)
    assert stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_gets_colours_and_no_other_escape(made: SimpleNamespace) -> None:
    sheet = paper(made, tty=True)
    everything(made, sheet)
    assert STYLE.search(written(sheet))
    rest = STYLE.sub("", written(sheet))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", rest)


@pytest.mark.parametrize("tty", [True, False])
def test_no_line_is_a_command_to_the_log_that_it_stands_in(made: SimpleNamespace, tty: bool) -> None:
    sheet = paper(made, tty=tty)
    everything(made, sheet)
    lines = [STYLE.sub("", line).lstrip() for line in written(sheet).splitlines()]
    assert not [line for line in lines if line.startswith("::") or "##[" in line]


def test_a_wrapped_word_can_not_bring_a_command_to_a_lines_beginning(made: SimpleNamespace) -> None:
    for length in range(60, 80):
        sheet = paper(made)
        story = made.story(title="a" * length + "::error::no " + "b" * length + " ::warning::no")
        terminal.show_preview(Preview((made.prospect(of=story, goes=True),), ()), sheet)
        assert not [line for line in written(sheet).splitlines() if line.lstrip().startswith("::")]


def test_markup_from_a_feed_is_letters(made: SimpleNamespace) -> None:
    sheet = paper(made, tty=True)
    story = made.story(title="[bold red]no[/] :smile: [link=https://evil.example]x[/link]")
    terminal.show_status(Status((made.prospect(of=story),), (), (), ()), sheet)
    assert "[bold red]no[/] :smile: [link=https://evil.example]x[/link]" in STYLE.sub("", written(sheet)).replace(
        "\n        ", " "
    )


def test_a_preview_shows_the_exact_text_its_weight_its_price_and_its_code(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_preview(Preview((made.prospect(goes=True), made.prospect("facebook", goes=True)), ()), sheet)
    told = written(sheet)
    assert told.startswith("1 story would go out now, on X and Facebook.\n")
    assert "╭─ X · now · 187 of 280 characters · $0.20 · 12@a3f09c\n" in told
    assert "╭─ Facebook · now · 270 of 63,206 characters · 12@a3f09c\n" in told
    assert "├─ Link beside: https://example.org/2026/11/shelters-open-in-three-cities/\n" in told
    assert "╰─ Tags: #LastGirlFirst (your campaign), #UN (your list: United Nations)\n" in told
    framed = [line.removeprefix("   │").strip() for line in told.split("╭─ Facebook")[1].splitlines() if "   │" in line]
    assert " ".join(framed).split() == made.post("facebook").text.split()


def test_a_line_break_in_a_text_is_one_in_its_frame(made: SimpleNamespace) -> None:
    sheet = paper(made)
    sent = made.post(text="One\n\nTwo\n#Tag", hashtags=())
    terminal.show_preview(Preview((made.prospect(goes=True, post=sent),), ()), sheet)
    assert "   │ One\n   │\n   │ Two\n   │ #Tag\n   ╰─\n" in written(sheet)


def test_a_no_break_space_is_never_broken_at(made: SimpleNamespace) -> None:
    sheet = paper(made)
    sent = made.post(text="mot " * 18 + "\u00ab\u00a0\u00e7a\u00a0\u00bb\u202f!")
    terminal.show_preview(Preview((made.prospect(goes=True, post=sent),), ()), sheet)
    assert "\u00ab\u00a0\u00e7a\u00a0\u00bb\u202f!" in written(sheet)


def test_the_rest_is_grouped_by_its_reason_and_long_groups_are_cut(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_preview(made.preview(), sheet)
    told = written(sheet)
    assert told.count("It was on the site before crosspost began") == 1
    assert "     3  News of the year before, number 3 (X)\n        and 5 more\n" in told
    assert "Marseille and Lille (X and\n        Facebook, today 09:20)\n" in told


def test_a_held_story_shows_its_text_and_the_commands_with_its_number(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_preview(made.preview(), sheet)
    held = written(sheet).split("Held for a person (1)")[1].split("Not known")[0]
    assert "`crosspost approve 16`" in held
    assert "╭─ X · held for a person · " in held
    assert "   │ Marseille and Lille." in held


def test_everything_shows_the_texts_of_what_waits_too(made: SimpleNamespace) -> None:
    brief, whole = paper(made), paper(made)
    terminal.show_preview(made.preview(), brief)
    terminal.show_preview(made.preview(), whole, everything=True)
    assert "╭─ X · today 09:20 · " not in written(brief)
    assert "╭─ X · today 09:20 · " in written(whole)


def test_a_preview_of_nothing_says_so(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_preview(Preview((), ()), sheet)
    assert written(sheet).startswith("Nothing would go out now.\n")


def test_a_story_that_is_not_recorded_says_that_it_has_no_code_yet(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_preview(Preview((made.prospect(of=made.story(0), goes=True),), ()), sheet)
    assert " new  Three shelters" in written(sheet)
    assert "the first run gives it a number" in written(sheet)


def test_a_run_tells_what_it_did_and_what_is_left_for_a_person(made: SimpleNamespace) -> None:
    sheet = paper(made)
    after = made.run()
    went = tuple(replace(one, goes=one.goes or one.state is State.PUBLISHED) for one in after.prospects)
    terminal.show_run(replace(after, prospects=went), sheet)
    told = written(sheet)
    assert told.startswith("Done: 1 published, 1 held, 1 unclear, 1 failed, 1 taken down, 6 waiting and 8\nleft out.\n")
    assert "https://x.com/i/status/1990000000000000001\n" in told
    assert "For you to do\n" in told and "it has no credit left. (since Sun 22 Nov\n" in told
    assert "The next run tries again:\n" in told


def test_what_was_out_before_and_has_only_a_note_is_not_counted_as_published(made: SimpleNamespace) -> None:
    sheet = paper(made)
    noted = replace(next(one for one in made.run().prospects if one.state is State.PUBLISHED), goes=False)
    terminal.show_run(replace(made.run(), prospects=(noted,)), sheet)
    assert written(sheet).startswith("Done: 1 out already, with a note.\n")


def test_a_run_with_nothing_to_do_is_one_line(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_run(RunReport((), (made.feed(),), (), (), 0), sheet)
    assert written(sheet) == "Done: there was nothing to do.\n"


def test_a_status_names_every_open_story_and_where_accounts_and_money_stand(made: SimpleNamespace) -> None:
    sheet = paper(made)
    many = tuple(made.prospect(of=made.story(n), state=State.HELD, reason=Reason.of(Code.FLOOD)) for n in range(1, 20))
    terminal.show_status(replace(made.status(), prospects=many), sheet)
    told = written(sheet)
    assert told.startswith("19 stories are open.\n")
    assert len(re.findall(r"^ +\d+  Three shelters", told, re.MULTILINE)) == 19
    assert "Until today 15:00." in told and "  facebook: open\n" in told
    assert "$1.20 of $10.00 spent in Nov 2026, $0.20 more set aside\n" in told
    assert "site: read, 10 entries, 1 new\n" in told


def test_what_is_published_or_left_out_is_listed_but_not_open(made: SimpleNamespace) -> None:
    sheet = paper(made)
    states = (State.PUBLISHED, State.SKIPPED, State.HELD)
    listed = tuple(made.prospect(of=made.story(n), state=state) for n, state in enumerate(states, 1))
    terminal.show_status(replace(made.status(), prospects=listed), sheet)
    assert written(sheet).startswith("1 story is open.\n")
    assert "Left out (1)\n" in written(sheet)


def test_a_feed_that_was_not_read_anew_is_not_said_to_be_empty(made: SimpleNamespace) -> None:
    sheet = paper(made)
    feeds = (
        made.feed(name="a", status="unchanged", http=304, entries=0),
        made.feed(name="b", http=None, entries=0, new=0),
    )
    terminal.show_status(Status((), (), feeds, ()), sheet)
    assert "  a: unchanged since it was last read\n  b: well read the last time\n" in written(sheet)
    assert written(sheet).startswith("Nothing is open: all that was found is published or left out.\n")


def test_a_history_tells_a_storys_life_in_its_order(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_history(made.history(), sheet)
    states = re.findall(r"^ {8}\w+ [\d:]+ +(\w+)", written(sheet), re.MULTILINE)
    assert states == ["pending", "unknown", "published"]


def test_findings_name_each_fault_and_what_to_do(made: SimpleNamespace) -> None:
    own = {"x.fine": "The keys work.", "x.bad": "The keys don't work."}
    sheet = paper(made, sentences=own, hints={"x.bad": "Make new ones."})
    terminal.show_findings(
        [Finding(True, "x", Reason.of("x.fine"), made.now), Finding(False, "y", Reason.of("x.bad"))], sheet
    )
    assert written(sheet) == (
        "ok     x: The keys work. It ends today 09:00.\n"
        "FAULT  y: The keys don't work.\n"
        "       Make new ones.\n"
        "\n"
        "1 fault found.\n"
    )


def test_an_error_says_what_happened_and_what_to_do(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_error(SettingsError("settings", "a.toml has a mistake:\nkey: wrong", "Mend it."), sheet)
    assert written(sheet) == (
        "Error: a.toml has a mistake:\n       key: wrong\nWhat to do: Mend it.\nMore about it: crosspost explain settings\n"
    )


def test_an_error_without_a_hint_leaves_the_line_out(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_error(SettingsError("settings", "no"), sheet)
    assert "What to do" not in written(sheet)


def test_a_console_that_carries_ascii_only_gets_frames_that_it_can_show(made: SimpleNamespace) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    sheet = Sheet(open_console(stream, {}, 80), made.zone, made.now)
    assert sheet.frame == ("+-", "|", "|-", "+-")


def test_progress_is_told_to_a_terminal_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    watched, piped = Terminal(), io.StringIO()
    for stream in (watched, piped):
        progress("Reading the feed\x1b[31m", stream)
    assert watched.getvalue() == "Reading the feed …\n"
    assert piped.getvalue() == ""


def test_rich_is_loaded_only_when_something_is_shown() -> None:
    import subprocess
    import sys

    code = "import sys, crosspost.report.terminal, crosspost.report.sheet, crosspost.report.document, crosspost.report.markdown; print('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_what_is_sent_is_in_the_terminals_own_colour_and_the_frame_is_faint(made: SimpleNamespace) -> None:
    sheet = paper(made, tty=True)
    terminal.show_preview(Preview((made.prospect(goes=True, post=made.post(text="Words")),), ()), sheet)
    assert "\x1b[2m   │ \x1b[0mWords\n" in written(sheet)


def test_a_sandbox_is_said_in_capitals(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_sandbox({"x": "http://127.0.0.1:8080"}, sheet)
    assert written(sheet) == "SANDBOX: x is http://127.0.0.1:8080. Nothing goes out in public there.\n"


def test_a_public_host_that_was_allowed_by_name_is_no_sandbox(made: SimpleNamespace) -> None:
    sheet = paper(made)
    terminal.show_sandbox({"x": "https://social.example.org", "y": "http://localhost:8080"}, sheet)
    told = " ".join(written(sheet).split())
    assert "NOT THE PLATFORM'S OWN HOST: x is at https://social.example.org." in told
    assert "What goes out there may be public. SANDBOX: y is http://localhost:8080." in told


def test_a_preview_with_texts_says_how_to_ask_why(made: SimpleNamespace) -> None:
    for prospects, says in (((made.prospect(goes=True),), True), ((), False)):
        sheet = paper(made)
        terminal.show_preview(Preview(prospects, ()), sheet)
        assert ("add `--why` and" in written(sheet)) is says


def test_what_was_told_before_names_its_story_and_is_told_once(made: SimpleNamespace) -> None:
    sheet, since = paper(made), made.now
    new = Alert("#12 x", Reason.of(Code.FLOOD, feed="site", count=9, limit=5), since)
    old = Alert("#7 facebook", Reason.of(Code.LOOKS_LIKE, number=3), since)
    terminal.show_alerts(RunReport((), (), (new,), (), 1, stands=(new, old)), sheet)
    told = written(sheet)
    assert told.count("#12 on x: ") == told.count("#7 on facebook: ") == 1
    assert told.index("#12 on x: ") < told.index("Told before, and still so:") < told.index("#7 on facebook: ")
