"""What a later read changes on stories that stand: refreshed, protected, gone, planned anew, target left."""

from datetime import timedelta

import pytest

from crosspost.core.delivery import Attempts, Fixed
from crosspost.core.post import Post
from crosspost.core.reason import Reason

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEXT = Post("A text that a person saw.", "", "https://example.org/story-1/", 25, 280)


@pytest.fixture
def known(bench):
    """A bench whose story 1 is pending, with an older one behind it."""
    bench.poll(bench.entry(9, age=2 * D), polled=())
    bench.poll(bench.entry(1), bench.entry(9, age=2 * D))
    assert bench.at(2) == ("pending", "planned")
    return bench


def poll_again(bench, **changes):
    return bench.poll(bench.entry(1, **changes), bench.entry(9, age=2 * D))


# --- a changed text ---------------------------------------------------------------------------------------------------


def test_a_changed_text_refreshes_what_waits_and_nothing_else_appends_a_revision(known):
    assert not poll_again(known).revisions
    poll_again(known, text="Corrected.")
    assert known.at(2) == ("pending", "changed")
    assert known.record(known.head(2).key).article.blocks[0].text == "Corrected."
    assert not poll_again(known, text="Corrected.").revisions


def test_a_held_story_is_refreshed_and_keeps_the_reason_that_it_is_held_for(known):
    known.move(2, "held", "hold", reason=Reason.of("hold-word", word="embargo"))
    poll_again(known, text="Corrected.")
    assert known.at(2) == ("held", "hold-word")
    assert known.head(2).event == "refresh"


def test_with_a_changed_text_settle_starts_again_from_its_update(known):
    poll_again(known, text="Corrected.", updated=known.NOW - M)
    assert known.head(2).due == known.NOW + 9 * M


def test_where_the_change_has_no_date_settle_starts_when_it_was_seen(known):
    known.now = known.NOW + 30 * M
    poll_again(known, text="Corrected.")
    assert known.head(2).due == known.NOW + 40 * M


def test_after_the_first_day_a_changed_text_goes_out_without_settling_again(known):
    due = known.head(2).due
    known.now = known.NOW + D + M
    poll_again(known, text="Corrected late.")
    assert known.head(2).due == due
    assert known.at(2) == ("pending", "changed")


def test_a_changed_text_never_shortens_a_wait(known):
    known.move(2, "pending", "edit", due=known.NOW + 5 * H)
    poll_again(known, text="Corrected.", updated=known.NOW)
    assert known.head(2).due == known.NOW + 5 * H


def test_a_change_that_moves_the_date_into_the_future_waits_for_it(known):
    poll_again(known, published=known.NOW + 3 * H)
    assert known.head(2).due == known.NOW + 3 * H + 10 * M


def test_an_approved_text_gives_way_to_the_new_and_the_story_is_held(known):
    known.move(2, "pending", "edit", post=TEXT, fixed=Fixed.APPROVED)
    poll_again(known, text="Corrected.")
    assert known.at(2) == ("held", "changed-since")
    assert (known.head(2).post, known.head(2).fixed) == (None, None)


def test_an_edited_text_is_kept_and_the_story_is_held(known):
    known.move(2, "pending", "edit", post=TEXT, fixed=Fixed.EDITED)
    poll_again(known, text="Corrected.")
    assert known.at(2) == ("held", "changed-since")
    assert (known.head(2).post, known.head(2).fixed) == (TEXT, Fixed.EDITED)


def test_a_link_that_changes_to_another_site_is_held_and_an_approved_text_gives_way(known):
    known.move(2, "pending", "edit", post=TEXT, fixed=Fixed.APPROVED)
    poll_again(known, link="https://casino.example.com/")
    assert known.at(2) == ("held", "other-site")
    assert known.head(2).post is None


def test_a_story_that_always_led_to_another_site_is_not_held_for_ever(bench):
    bench.poll(bench.entry(1, link="https://partner.example.net/a"))
    assert bench.at() == ("held", "other-site")
    bench.move(1, "pending", "approve")
    bench.poll(bench.entry(1, link="https://partner.example.net/a", text="Corrected."))
    assert bench.at() == ("pending", "changed")


def test_a_change_after_publication_is_noted_once_and_not_published_anew(known):
    known.move(2, "sending", "begin")
    known.move(2, "published", "accepted")
    poll_again(known, text="Corrected.")
    assert known.at(2) == ("published", "changed-after")
    assert not poll_again(known, text="Corrected.").revisions


def test_what_is_being_sent_unknown_or_failed_is_left_alone(known):
    known.move(2, "sending", "begin")
    assert not poll_again(known, text="Corrected.").revisions
    known.move(2, "unknown", "lost")
    assert not poll_again(known, text="Corrected.", protected=True).revisions


def test_the_text_of_the_feed_that_recorded_the_story_counts_so_that_two_do_not_take_turns(bench):
    first, second = bench.entry(1, text="Whole."), bench.entry(1, text="Cut off …")
    bench.plan(bench.read(first, feed="news"), bench.read(second, feed="blog"))
    assert not bench.plan(bench.read(second, feed="blog"), bench.read(first, feed="news")).revisions
    assert not bench.plan(bench.read(second, feed="blog")).revisions
    bench.plan(bench.read(second, feed="blog"), bench.read(bench.entry(1, text="Corrected."), feed="news"))
    assert bench.record(bench.head().key).article.blocks[0].text == "Corrected."


# --- protected, gone, planned anew ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["pending", "held"])
def test_a_password_that_comes_later_skips_what_waits(known, state):
    if state == "held":
        known.move(2, "held", "hold")
    poll_again(known, protected=True, text="Enter your password.")
    assert known.at(2) == ("skipped", "protected")
    assert known.head(2).due is None


def test_a_story_is_planned_anew_once_its_password_is_gone(known):
    poll_again(known, protected=True)
    poll_again(known)
    assert known.at(2) == ("pending", "planned")


def test_a_password_from_the_beginning_and_gone_later_is_news(bench):
    bench.poll(bench.entry(1, protected=True))
    assert not bench.poll(bench.entry(1, protected=True)).revisions
    bench.poll(bench.entry(1))
    assert bench.at() == ("pending", "planned")
    assert bench.head().rev == 2


@pytest.mark.parametrize("state", ["pending", "held"])
def test_missing_although_an_older_entry_is_listed_is_gone(known, state):
    if state == "held":
        known.move(2, "held", "hold")
    known.poll(known.entry(9, age=2 * D))
    assert known.at(2) == ("skipped", "gone")


def test_falling_off_the_old_end_is_not_gone(known):
    known.poll(known.entry(10, age=0 * H), known.entry(11, age=H / 2))
    assert known.at(2) == ("pending", "planned")


def test_an_undated_story_is_never_called_gone(bench):
    bench.poll(bench.entry(1, age=None), bench.entry(2))
    bench.poll(bench.entry(2))
    numbers = {story.title: story.number for story in bench.stories.values()}
    assert bench.at(numbers["Story 1"]) == ("pending", "planned")


def test_without_a_read_nothing_is_gone(known):
    assert not known.plan().revisions  # a 304, or a feed that is down


def test_gone_means_missing_from_every_feed_that_brought_it(bench):
    older = bench.entry(9, age=2 * D)
    bench.plan(bench.read(bench.entry(1), older, feed="news"), bench.read(bench.entry(1), older, feed="blog"))
    bench.plan(bench.read(older, feed="news"))
    assert bench.at(2)[0] == "pending"  # the blog was not read
    bench.plan(bench.read(older, feed="news"), bench.read(bench.entry(1), older, feed="blog"))
    assert bench.at(2)[0] == "pending"
    bench.plan(bench.read(older, feed="news"), bench.read(older, feed="blog"))
    assert bench.at(2) == ("skipped", "gone")


def test_what_was_published_or_decided_is_never_called_gone(known):
    known.move(2, "sending", "begin")
    known.move(2, "unknown", "lost")
    known.poll(known.entry(9, age=2 * D))
    assert known.at(2)[0] == "unknown"


def test_a_story_that_went_and_comes_back_is_planned_anew_with_the_text_of_now(known):
    known.poll(known.entry(9, age=2 * D))
    poll_again(known, text="Restored.")
    assert known.at(2) == ("pending", "planned")
    assert known.record(known.head(2).key).article.blocks[0].text == "Restored."


def test_one_that_comes_back_with_a_hold_word_is_held(known):
    known.poll(known.entry(9, age=2 * D))
    known.targets = (known.target("x", hold=("embargo",)),)
    poll_again(known, text="Under embargo.")
    assert known.at(2) == ("held", "hold-word")


def test_one_that_was_begun_and_never_proved_absent_is_not_planned_anew(known):
    known.move(2, "skipped", "gone", attempts=Attempts(1, open=True), reason=Reason.of("gone"))
    assert not poll_again(known).revisions


def test_what_a_person_skipped_stays_skipped(known):
    known.move(2, "skipped", "skip", reason=Reason.of("gone"))
    assert not poll_again(known, text="Another text.").revisions


@pytest.mark.parametrize("rules", [{"exclude_categories": ("jobs",)}, {"exclude": ("Story",)}])
def test_what_one_feeds_filter_skipped_goes_out_when_another_feed_brings_it(bench, rules):
    filtered = bench.entry(1, terms=("Jobs",))
    bench.plan(bench.read(filtered, feed="news", **rules))
    assert bench.at()[0] == "skipped"
    assert not bench.plan(bench.read(filtered, feed="news", **rules)).revisions
    bench.plan(bench.read(filtered, feed="blog"))
    assert bench.at() == ("pending", "planned")


def test_one_that_is_planned_anew_has_the_text_of_the_feed_that_recorded_it(bench):
    whole, cut = bench.entry(1, terms=("Jobs",), text="Whole."), bench.entry(1, text="Cut off …")
    bench.plan(bench.read(whole, feed="news", exclude_categories=("jobs",)))
    reads = (bench.read(cut, feed="blog"), bench.read(whole, feed="news", exclude_categories=("jobs",)))
    bench.plan(*reads)
    assert bench.at() == ("pending", "planned")
    assert bench.record(bench.head().key).article.blocks[0].text == "Whole."
    assert not bench.plan(*reads).revisions


def test_a_filter_that_changes_later_brings_nothing_back(bench):
    """What a feed's filter skipped stays decided until another feed brings it: a loosened filter floods nobody."""
    bench.plan(bench.read(bench.entry(1, terms=("Jobs",)), exclude_categories=("jobs",)))
    assert not bench.plan(bench.read(bench.entry(1, terms=("Jobs",)))).revisions


def test_two_feeds_that_both_filter_a_story_do_not_take_turns(bench):
    filtered = bench.entry(1, terms=("no-crosspost",))
    for feed in ("news", "blog"):
        bench.plan(bench.read(filtered, feed=feed))
    for _ in range(3):
        for feed in ("news", "blog"):
            assert not bench.plan(bench.read(filtered, feed=feed)).revisions


@pytest.mark.parametrize("code", ["baseline", "too-old", "language", "route"])
def test_what_was_skipped_for_another_reason_stays_skipped(bench, code):
    given = {
        "baseline": ({}, {}, {"polled": ()}),
        "too-old": ({"age": 20 * D}, {}, {}),
        "language": ({"language": "de"}, {"languages": ("en",)}, {}),
        "route": ({}, {"categories": ("Press",)}, {}),
    }
    entry, target, read = given[code]
    bench.targets = (bench.target("x", **target),)
    bench.poll(bench.entry(1, **entry), **read)
    assert bench.at() == ("skipped", code)
    bench.targets = (bench.target("x"),)
    assert not bench.poll(bench.entry(1, **{**entry, "text": "Changed."})).revisions


# --- a target that left -------------------------------------------------------------------------------------------------------


def test_what_waits_on_a_target_that_left_the_settings_is_held(bench):
    bench.targets = (bench.target("x"), bench.target("facebook"))
    bench.poll(bench.entry(1))
    bench.targets = (bench.target("x"),)
    bench.plan()
    assert bench.at(1, "facebook") == ("held", "target-left")
    assert bench.head(1, "facebook").reason.named["target"] == "facebook"
    assert bench.at(1, "x") == ("pending", "planned")
    assert not bench.poll(bench.entry(1)).revisions


def test_a_story_that_is_gone_and_whose_target_left_is_gone(bench):
    bench.poll(bench.entry(1), bench.entry(9, age=2 * D))
    bench.targets = (bench.target("facebook"),)
    bench.poll(bench.entry(9, age=2 * D), polled={"facebook"})
    assert bench.at(2, "x") == ("skipped", "gone")
