from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspost.report import describe

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 24, 8, 10, tzinfo=UTC), "today 09:10"),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "tomorrow 00:30"),
        (datetime(2026, 11, 23, 8, 10, tzinfo=UTC), "yesterday 09:10"),
        (datetime(2026, 11, 27, 8, 10, tzinfo=UTC), "Fri 27 Nov 09:10"),
        (datetime(2026, 7, 1, 8, 10, tzinfo=UTC), "Wed 1 Jul 10:10"),
        (datetime(2027, 1, 2, 8, 10, tzinfo=UTC), "Sat 2 Jan 09:10"),
        (datetime(2025, 3, 2, 8, 10, tzinfo=UTC), "Sun 2 Mar 2025 09:10"),
    ],
)
def test_a_time_is_told_in_the_settings_zone_and_in_plain_words(moment: datetime, words: str) -> None:
    assert describe.when(moment, PARIS, NOW) == words


def test_a_time_without_a_now_has_its_year() -> None:
    assert describe.when(NOW, PARIS) == "Tue 24 Nov 2026 09:00"


def test_a_time_for_programs_has_its_offset_and_whole_seconds() -> None:
    assert describe.rfc3339(NOW.replace(microsecond=5), PARIS) == "2026-11-24T09:00:00+01:00"


@pytest.mark.parametrize(
    ("micro", "words"), [(200_000, "$0.20"), (15_000, "$0.015"), (0, "$0.00"), (10_000_000, "$10.00")]
)
def test_money_has_the_digits_that_it_needs(micro: int, words: str) -> None:
    assert describe.money(micro) == words


def test_numbers_and_lists_read_like_a_sentence() -> None:
    assert [describe.count(n, "story", "stories") for n in (0, 1, 2)] == ["0 stories", "1 story", "2 stories"]
    assert describe.and_list(["a", "b", "c"]) == "a, b and c"
    assert describe.and_list(["a"]) == "a"
    assert describe.and_list([]) == ""
    assert describe.month_name("2026-11") == "Nov 2026"
    assert describe.month_name("later") == "later"


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x07here\x1b]8;;\x07", "here"),
        ("\x1b]0;a title that never ends", ""),
        ("a\x9b31mb", "ab"),
        ("bell\x07 and back\x08", "bell and back"),
        ("\u202egnihsup\u202c", "gnihsup"),
        ("first\rsecond", "first second"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("::error::no", ": :error: :no"),
        (":::::", ": : : : :"),
        ("##[error]no", "## [error]no"),
        ("a lone \ud800 half", "a lone half"),
        ("नई दिल्ली", "नई दिल्ली"),
        ("می‌خواهم", "می‌خواهم"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_foreign_text_on_one_line_is_words_and_nothing_else(foreign: str, shown: str) -> None:
    assert describe.clean_line(foreign) == shown


def test_an_escape_cut_by_another_leaves_no_escape() -> None:
    assert "\x1b" not in describe.clean_lines("\x1b\x1b[31m[31mx\x1b")


def test_lines_stay_lines_where_they_may() -> None:
    assert describe.clean_lines("one\n\ntwo\tthree") == "one\n\ntwo three"


def test_a_long_line_ends_in_an_ellipsis() -> None:
    assert describe.clean_line("word " * 50, most=12) == "word word w…"
