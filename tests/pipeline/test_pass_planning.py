"""Passes that read, plan and record: what a person sees happen to the stories of the site."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.errors import LedgerBusy

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_first_run_marks_what_is_there_and_publishes_nothing(newsrooms):
    room = newsrooms.Newsroom()
    room.publish(3, age=D)
    report = room.run()
    assert room.out("x") == room.out("facebook") == []
    assert {room.at(number, name) for number in (1, 2, 3) for name in ("x", "facebook")} == {("skipped", "baseline")}
    assert (report.exit_code, report.prospects) == (0, ())


def test_the_newest_may_go_out_at_the_beginning_if_a_person_asks(newsrooms):
    room = newsrooms.Newsroom()
    room.publish(4, age=30 * D, every=D)
    room.run(mode=room.Mode(baseline=True, latest=1), send=False)
    assert room.out() == []
    room.run()
    assert room.out("x") == room.out("facebook") == [103]


def test_an_ordinary_story_goes_out_once_on_every_account_and_the_report_says_where(room):
    room.publish()
    report = room.run()
    assert room.out("x") == room.out("facebook") == [102]
    assert room.at(3, "x") == ("published", "sent")
    assert report.exit_code == 0
    shown = {item.record.delivery.key.target: item for item in report.prospects}
    assert shown["x"].goes and shown["x"].record.delivery.url == f"https://x.com/i/status/{room.x.timeline()[0].id}"
    for _ in range(5):
        room.wait()
        assert room.run().prospects == ()
    assert room.out("x") == room.out("facebook") == [102]


def test_a_story_waits_until_it_has_settled_although_the_feed_says_304_meanwhile(room):
    room.publish(age=2 * M)
    report = room.run()
    assert room.at(3) == ("pending", "planned")
    assert [item.reason.code for item in report.prospects] == ["settling", "settling"]
    room.wait(20 * M)
    report = room.run()
    assert room.out("x") == room.out("facebook") == [102]


def test_a_304_starves_nothing_that_waits(room):
    """Twelve stories, three a run: the feed never changes again, and all of them go out."""
    room.set("x", flood=50)
    room.set("facebook", flood=50)
    room.publish(5)
    for _ in range(2):
        room.run()
        room.wait()
    assert len(room.out("x")) == len(room.out("facebook")) == 5
    report = room.run()
    assert [feed.status for feed in report.feeds] == ["unchanged"]


def test_a_304_costs_the_site_no_body_when_nothing_is_due(room):
    report = room.run()
    assert [(feed.status, feed.http, feed.entries) for feed in report.feeds] == [("unchanged", 304, 0)]


def test_an_edit_before_settling_goes_out_as_the_new_text(room):
    post = room.publish(age=2 * M)
    room.run()
    room.site.edit(post.number, room.time.now)
    room.wait(20 * M)
    room.run()  # due by now, so the feed is read without validators, and the edit is seen: it settles anew
    room.wait(20 * M)
    room.run()
    assert "version 2" in room.x.timeline()[0].text
    assert room.out("x") == [102]


def test_an_edit_after_publication_is_noted_and_not_published_anew(room):
    post = room.publish()
    room.run()
    room.site.edit(post.number, room.time.now)
    room.wait()
    room.run()
    assert room.at(3) == ("published", "changed-after")
    assert room.out("x") == [102]


def test_a_story_that_is_taken_down_before_it_went_out_is_skipped_and_comes_back_when_it_is_restored(room):
    post = room.publish(age=2 * M)
    room.run()
    room.site.show(post.number, room.time.now, listed=False)
    room.wait()
    report = room.run()
    assert room.at(3) == ("skipped", "gone")
    assert report.exit_code == 0
    room.site.show(post.number, room.time.now, listed=True)
    room.wait()
    room.run()
    assert room.out("x") == room.out("facebook") == [102]


def test_a_story_that_is_restored_after_it_went_out_is_not_news(room):
    post = room.publish()
    room.run()
    for listed in (False, True):
        room.wait()
        room.site.show(post.number, room.time.now, listed=listed)
        room.run()
    assert room.out("x") == [102]


def test_a_story_that_is_taken_down_after_it_went_out_is_noted(room):
    post = room.publish()
    room.run()
    room.site.show(post.number, room.time.now, listed=False)
    room.wait()
    report = room.run()
    assert room.at(3) == ("published", "gone-after")
    assert {(str(one.state), one.goes) for one in report.prospects} == {("published", False)}  # nothing went out now


@pytest.mark.parametrize("trouble", ["html", "cut", "error"])
def test_a_feed_that_is_down_leaves_validators_and_stories_as_they_were(room, trouble):
    room.publish(age=2 * M)
    room.run()
    before, states = room.feed(), room.states()
    room.site.broken = trouble
    room.wait(5 * M)
    report = room.run()
    after = room.feed()
    assert (after.validators, after.last_good, after.polled) == (before.validators, before.last_good, before.polled)
    assert after.failing_since is not None and room.states() == states
    assert [feed.status for feed in report.feeds] == ["failed"]
    assert report.exit_code == 0  # a passing trouble


def test_what_is_due_goes_out_although_the_feed_is_down(room):
    room.publish(age=2 * M)
    room.run()
    room.site.broken = "error"
    room.wait()
    room.run()
    assert room.out("x") == room.out("facebook") == [102]


def test_a_feed_that_stays_down_is_told_after_six_hours_and_again_a_day_later(room):
    room.site.broken = "error"
    codes = []
    for _ in range(40):
        codes.append(room.run().exit_code)
        room.wait()
    assert [hour for hour, code in enumerate(codes) if code] == [6, 30]  # a little more than six hours, by then
    room.site.broken = ""
    assert room.run().exit_code == 0
    assert room.feed().failing_since is None


def test_a_story_from_the_time_in_which_nobody_ran_is_held(room):
    room.wait(20 * D)
    room.publish(age=10 * D)
    report = room.run()
    assert room.at(3) == ("held", "away")
    assert report.exit_code == 1


def test_a_hold_word_holds_until_a_person_lets_it_go(room):
    room.set("x", hold=("part 102",))
    room.publish()
    report = room.run()
    assert room.at(3, "x") == ("held", "hold-word")
    assert room.out("x") == [] and room.out("facebook") == [102]
    assert [(alert.subject, alert.reason.code) for alert in report.alerts] == [("#3 x", "hold-word")]
    assert report.exit_code == 1


def test_with_approval_nothing_goes_out_and_the_exit_code_stays_0(room):
    room.set("x", approval=True)
    room.publish()
    report = room.run()
    assert room.at(3, "x") == ("held", "approval")
    assert (report.exit_code, report.alerts) == (0, ())


def test_strict_counts_what_is_held_for_approval(room):
    room.set("x", approval=True)
    room.publish()
    assert room.run(strict=True).exit_code == 1


def test_a_flood_is_held_and_told_and_leaves_the_next_story_alone(room):
    room.publish(8)
    report = room.run()
    assert set(room.states("x").values()) == {"held"}
    assert room.out("x") == room.out("facebook") == []
    assert report.exit_code == 1
    room.wait()
    room.publish()
    room.run()
    assert room.out("x") == room.out("facebook") == [110]


def test_a_target_that_is_turned_on_later_begins_with_a_baseline(newsrooms):
    x, facebook = newsrooms.a_target("x"), newsrooms.a_target("facebook")
    room = newsrooms.Newsroom(x).begun()
    room.publish()
    room.run()
    room.wait()
    room.settings = replace(room.settings, targets=(x, facebook))
    room.run()
    assert room.at(3, "facebook") == ("skipped", "baseline")
    room.wait()
    room.publish()
    room.run()
    assert room.out("facebook") == [103]


def test_what_waits_on_a_target_that_left_the_settings_is_held_and_told(room):
    room.publish(age=2 * M)
    room.run()
    room.settings = replace(room.settings, targets=room.settings.targets[:1])
    room.wait()
    report = room.run()
    assert room.at(3, "facebook") == ("held", "target-left")
    assert report.exit_code == 1
    assert room.out("x") == [102]


def test_only_the_newest_ten_are_listed_and_falling_off_is_not_gone(room):
    room.set("x", hold=("part 102",), flood=50)
    room.publish()
    room.run()
    for _ in range(12):
        room.wait()
        room.publish()
        room.run()
    assert room.at(3, "x") == ("held", "hold-word")
    assert len(room.out("x")) == 12


def test_when_none_of_the_listed_is_known_a_person_is_told_that_entries_may_be_missing(room):
    room.set("x", flood=50)
    room.settings = replace(room.settings, max_pages=0)
    room.publish(10)
    report = room.run()
    assert "entries-missed" in {alert.reason.code for alert in report.alerts}


@pytest.mark.parametrize("place", [0.5, 1, 9, 10, 15, 19, 20, 30])
def test_a_known_story_that_was_dated_anew_does_not_hide_the_ones_below_it(room, place):
    """Wherever it stands: among the ten that are listed, as the last of them, on an older page."""
    room.set("x", flood=50)
    room.publish()
    room.run()
    room.wait()
    room.publish(25, age=50 * M)  # 26 minutes ago the newest
    room.site.redate(102, room.time.now, room.time.now - (25.5 + place) * M)
    room.run()
    assert sorted(room.states("x")) == list(range(3, 29))


@pytest.mark.parametrize("pages", [0, 10])
def test_that_entries_were_missed_is_told_by_the_next_run_where_the_first_died(room, pages):
    room.set("x", flood=50)
    room.settings = replace(room.settings, max_pages=pages)
    room.site.page_two = False
    room.publish(10)
    room.run_dying_at("ledger appended")
    assert len(room.states("x")) == 10, "the stories of page one are recorded"
    told = []
    for hours in (1, 1, 25, 1, 25):
        told += [[alert.reason.code for alert in room.run().alerts].count("entries-missed")]
        room.wait(hours * H)
    assert told == [1, 0, 0, 1, 0], "once, and once more a day later"


def test_the_first_story_of_a_site_that_had_none_is_no_missed_entry(newsrooms):
    room = newsrooms.Newsroom()
    room.run(mode=room.Mode(baseline=True), send=False)
    room.wait()
    room.publish()
    report = room.run()
    assert room.out("x") == [100]
    assert (report.exit_code, report.alerts) == (0, ())


def test_a_feed_without_news_for_a_month_is_told_once(room):
    room.wait(29 * D)
    report = room.run()
    assert "feed-stale" in {alert.reason.code for alert in report.alerts}
    room.wait()
    assert "feed-stale" not in {alert.reason.code for alert in room.run().alerts}


def test_two_runs_at_once_record_a_story_once_and_send_it_once(room, newsrooms):
    """The second run goes through whole while the first one is between reading and recording."""
    room.publish()
    process = newsrooms.Watched()
    process.at["ledger append pending"] = lambda: room.run()
    room.run(process)
    assert room.out("x") == room.out("facebook") == [102]
    assert room.states("x") == {3: "published"}


def test_a_run_gives_way_when_others_keep_writing(room, newsrooms):
    room.publish()
    process = newsrooms.Watched()

    def interfere():
        ledger = room.ledger.reopen(writer="another")
        standings = newsrooms.Standings.read(ledger)
        ledger.put(standings.put_run(standings.run()))
        process.at["ledger append"] = interfere

    process.at["ledger append"] = interfere
    with pytest.raises(LedgerBusy):
        room.run(process)
    room.run()
    assert room.out("x") == [102]
