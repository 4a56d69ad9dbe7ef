"""What a reading of a timeline proves (lifecycle, section 5): found, absent, or nothing."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.delivery import Attempts
from crosspost.core.post import Absent, CantTell, Found, Post, Seen, Timeline, Unread
from crosspost.core.reason import Code, Reason
from crosspost.decide.evidence import Wanted, counts_as, judge, match, next_read

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
M = timedelta(minutes=1)
LINK = "https://example.org/story-1/"
WANTED = Wanted(f"The court rules.\n{LINK}\n#LastGirlFirst", LINK, NOW - 30 * M)


def seen(remote_id="7", text="Something else.", links=(), at=NOW - 20 * M):
    return Seen(remote_id, f"https://x.com/i/status/{remote_id}", at, text, links)


OLD = seen("1", at=NOW - 90 * M)  # older than the first attempt: the reading reached back far enough


def read(*posts, to_end=False, trusted=True):
    return Timeline((*posts, OLD), to_end, trusted)


def detail(evidence):
    assert isinstance(evidence, CantTell)
    return evidence.reason.named["detail"]


# --- found --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [LINK, "http://www.example.org/story-1", f"{LINK}?utm_source=x&utm_medium=social", f"{LINK}#top"],
)
def test_found_by_its_link_whatever_does_not_count_in_one(link):
    evidence = judge(WANTED, read(seen("7", links=("https://example.org/other/", link))), frozenset())
    assert evidence == Found("7", "https://x.com/i/status/7", NOW - 20 * M)


def test_found_by_its_text_where_the_link_is_not_told():
    text = unicodedata.normalize("NFD", WANTED.text).replace("\n", "  ")
    assert isinstance(judge(WANTED, read(seen(text=text)), frozenset()), Found)


def test_the_link_goes_before_the_text():
    by_text, by_link = seen("8", text=WANTED.text), seen("7", links=(LINK,))
    assert match(WANTED, (by_text, by_link), frozenset()) == by_link


def test_a_post_that_belongs_to_another_story_is_not_this_one():
    evidence = judge(WANTED, read(seen("7", links=(LINK,))), frozenset(), frozenset({"7"}))
    assert evidence == Absent()


def test_found_counts_however_short_the_reading_was():
    timeline = Timeline((seen("7", links=(LINK,)),), to_end=False, trusted=False)
    assert isinstance(judge(WANTED, timeline, frozenset({"55"})), Found)


def test_a_story_without_link_and_text_is_found_nowhere():
    nothing = Wanted("", "https://example.org/", NOW)
    assert match(nothing, (seen(text=""), seen(text="", links=("https://example.org/",))), frozenset()) is None


def test_what_is_looked_for_is_the_posts_text_and_the_storys_link():
    post = Post("Words.", "https://example.org/a?utm_source=x", "https://example.org/a", 6, 280)
    assert Wanted.of(post, NOW) == Wanted("Words.", "https://example.org/a", NOW)


# --- absent ----------------------------------------------------------------------------------------------------------------


def test_absent_where_the_reading_reached_back_and_showed_a_control_post():
    assert judge(WANTED, read(seen("7")), frozenset({"7", "99"})) == Absent()


def test_absent_where_the_reading_reached_the_end_of_the_timeline():
    assert judge(WANTED, Timeline((seen("7"),), to_end=True), frozenset({"7"})) == Absent()
    assert judge(WANTED, Timeline((), to_end=True), frozenset()) == Absent()


# --- nothing proved ----------------------------------------------------------------------------------------------------------


def test_a_reading_that_failed_proves_nothing_and_says_why():
    reason = Reason.of("x.unauthorized", status=401)
    assert judge(WANTED, Unread(reason), frozenset()) == CantTell(reason)


def test_a_reading_that_shows_none_of_the_control_posts_proves_nothing():
    """Facebook answers 200 and an empty list when a permission is missing."""
    assert detail(judge(WANTED, read(seen("7")), frozenset({"98", "99"}))) == "control"
    assert detail(judge(WANTED, Timeline((), to_end=True), frozenset({"98"}))) == "control"


def test_with_no_control_post_an_untrusted_reading_proves_nothing():
    assert detail(judge(WANTED, Timeline((), to_end=True, trusted=False), frozenset())) == "permission"


def test_a_control_post_that_shows_makes_up_for_trust():
    assert judge(WANTED, read(seen("7"), trusted=False), frozenset({"7"})) == Absent()


@pytest.mark.parametrize("at", [NOW - 20 * M, NOW - 30 * M, None])
def test_a_reading_that_does_not_reach_back_before_the_attempt_proves_nothing(at):
    timeline = Timeline((seen("7", at=at),), to_end=False)
    assert detail(judge(WANTED, timeline, frozenset({"7"}))) == "reach"


def test_reasons_are_those_that_a_person_can_look_up():
    evidence = judge(WANTED, Timeline((), to_end=False), frozenset())
    assert evidence.reason.code == Code.CANT_TELL


# --- when a reading counts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "absent_at", "counts"),
    [
        (1.99, None, "early"),
        (2, None, "first"),
        (500, None, "first"),
        (2.01, 2, "early"),
        (29.99, 2, "early"),
        (30, 2, "second"),
        (47.99, 20, "early"),  # the two lie as far apart as 2 and 30 minutes after the attempt do
        (48, 20, "second"),
        (15, 600, "first"),  # the first was made by a clock that was ahead
    ],
)
def test_the_first_absent_counts_after_2_minutes_and_the_second_after_30(minutes, absent_at, counts):
    attempts = Attempts(1, last=NOW, absent_at=NOW + absent_at * M if absent_at else None)
    assert counts_as(attempts, NOW + minutes * M) == counts


def test_without_an_attempt_on_record_no_reading_counts():
    assert counts_as(Attempts(), NOW) == "early"
    assert next_read(Attempts()) is None


def test_a_timeline_is_read_when_it_can_count():
    assert next_read(Attempts(1, last=NOW)) == NOW + 2 * M
    assert next_read(Attempts(1, last=NOW, absent_at=NOW + 2 * M)) == NOW + 30 * M
    assert next_read(Attempts(1, last=NOW, absent_at=NOW + 5 * M)) == NOW + 33 * M


def test_a_post_that_was_sent_under_the_storys_older_address_is_found():
    posts = (Seen("1", "u", NOW, "Other words.", ("https://example.org/old-address/?utm_source=x",)),)
    moved = Wanted(
        "New words.", "https://example.org/new-address/", NOW - 60 * M, frozenset({"example.org/old-address"})
    )
    found = judge(moved, Timeline(posts, to_end=True), frozenset())
    assert isinstance(found, Found) and found.remote_id == "1"
    assert not isinstance(judge(replace(moved, older=frozenset()), Timeline(posts, to_end=True), frozenset()), Found)
