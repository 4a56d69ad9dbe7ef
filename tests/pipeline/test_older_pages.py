"""Where more was published than the feed lists, its older pages are read up to a known entry."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.sandbox.values import Answer

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def busy(newsrooms):
    """An installation on X alone where fifty new stories are no flood."""
    return newsrooms.Newsroom(newsrooms.a_target("x", flood=50)).begun()


class Pages:
    """The site, with what it is asked for; `wrong[page]` answers instead of it."""

    def __init__(self, room):
        self.handle, self.asked, self.wrong, self.slow = room.site.handle, [], {}, timedelta(0)
        self.time = room.time
        room.hosts["www.example.org"] = self

    def __call__(self, request, now):
        page = int(dict(request.query).get("paged", "1"))
        self.asked.append(page)
        self.time.now += self.slow
        return self.wrong.get(page) or self.handle(request, now)


def codes(report):
    return {alert.reason.code for alert in report.alerts}


def test_older_pages_are_read_until_a_known_entry_and_nothing_is_missed(busy):
    pages = Pages(busy)
    busy.publish(23, age=2 * H)
    report = busy.run()
    assert pages.asked == [1, 2, 3]
    assert len(busy.states()) == 23
    assert (report.feeds[0].entries, report.feeds[0].new, report.feeds[0].notes) == (25, 23, ())
    assert "entries-missed" not in codes(report)


def test_one_known_entry_among_the_newest_and_no_older_page_is_asked_for(busy):
    pages = Pages(busy)
    busy.publish(9)
    busy.run()
    assert pages.asked == [1]
    assert len(busy.states()) == 9


def test_a_new_feed_reads_no_older_pages(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x"))
    room.publish(30)
    pages = Pages(room)
    room.run(mode=room.Mode(baseline=True), send=False)
    assert pages.asked == [1]


def test_the_flood_is_counted_over_all_pages(busy):
    busy.set("x", flood=11)
    busy.publish(12)
    busy.run()
    assert set(busy.states().values()) == {"held"}
    assert busy.head(14).reason.named["count"] == 12
    assert busy.out() == []


def test_pages_beyond_the_setting_are_not_read_and_a_person_is_told(busy):
    pages = Pages(busy)
    busy.settings = replace(busy.settings, max_pages=2)
    busy.publish(35, age=2 * H)
    report = busy.run()
    assert pages.asked == [1, 2, 3]
    assert len(busy.states()) == 30
    assert report.exit_code == 1 and "entries-missed" in codes(report)


def test_past_the_end_nothing_was_missed(busy):
    """A site that was emptied and begun anew: all that it has was read."""
    for number in busy.site.posts:
        busy.site.show(number, busy.time.now, listed=False)
    pages = Pages(busy)
    busy.publish(12)
    report = busy.run()
    assert pages.asked == [1, 2, 3]
    assert len(busy.states()) == 12
    assert "entries-missed" not in codes(report)


HTML = (("Content-Type", "text/html"),)


@pytest.mark.parametrize(
    "wrong",
    [Answer(503, HTML, b"<html>Busy"), Answer(200, HTML, b"<!doctype html><p>Maintenance"), Answer(200, (), b"")],
    ids=["an error", "a web page", "nothing"],
)
def test_a_page_that_cannot_be_read_leaves_it_told_that_entries_may_be_missing(busy, wrong):
    pages = Pages(busy)
    pages.wrong[3] = wrong
    busy.publish(23, age=2 * H)
    report = busy.run()
    assert len(busy.states()) == 20
    assert (report.feeds[0].status, [note.code for note in report.feeds[0].notes]) == ("ok", ["entries-missed"])
    assert report.exit_code == 1 and "entries-missed" in codes(report)


def test_a_site_that_knows_no_pages_is_asked_once(busy):
    pages = Pages(busy)
    busy.publish(12)
    pages.wrong[2] = Answer(200, (("Content-Type", "application/rss+xml"),), busy.site.body())
    report = busy.run()
    assert pages.asked == [1, 2]
    assert len(busy.states()) == 10
    assert "entries-missed" in codes(report)


def test_a_site_that_answers_slowly_does_not_hold_the_run_for_all_its_pages(busy):
    pages = Pages(busy)
    pages.slow = timedelta(seconds=25)
    busy.settings = replace(busy.settings, max_pages=50)
    busy.publish(100, age=3 * H)
    report = busy.run()
    assert 2 <= len(pages.asked) <= 8
    assert "entries-missed" in codes(report)


def test_what_stands_below_the_last_known_entry_is_no_news(newsrooms):
    """A new feed's second ten were never seen; some of the first are gone, so that they stand on a page that is read."""
    room = newsrooms.Newsroom(newsrooms.a_target("x", flood=50))
    old = room.publish(20, age=3 * D)
    room.run(mode=room.Mode(baseline=True), send=False)
    for post in old[14:]:
        room.site.show(post.number, room.time.now, listed=False)
    room.wait()
    room.publish(10, age=1 * H)
    room.run()
    assert room.site.listed(2)[-1].number < old[10].number
    assert len(room.states()) == 10 and set(room.states()) == set(range(11, 21))


def test_an_entry_that_moves_to_the_next_page_meanwhile_is_one_story(busy):
    pages = Pages(busy)
    busy.publish(15, age=2 * H)
    listing = busy.site.handle

    def handle(request, now):
        if dict(request.query).get("paged") == "2" and len(busy.site.posts) == 17:
            busy.publish(age=1 * H)
        return listing(request, now)

    pages.handle = handle
    busy.run()
    assert len(busy.states()) == 15
    busy.wait()
    busy.run()
    assert len(busy.states()) == 16


def test_a_preview_reads_the_older_pages_too_and_shows_what_a_run_does(busy):
    pages = Pages(busy)
    busy.publish(15, age=2 * H)
    before = busy.dump()
    shown = busy.preview()
    assert pages.asked == [1, 2]
    assert len(shown.prospects) == 15 and shown.feeds[0].entries == 17
    assert busy.dump() == before


def test_a_calendar_that_dates_its_entries_ahead_is_no_page_of_news(busy):
    busy.publish(14, age=-3 * D)
    busy.run()
    pages = Pages(busy)
    busy.wait()
    busy.publish()
    report = busy.run()
    assert pages.asked == [1]
    assert "entries-missed" not in codes(report)
