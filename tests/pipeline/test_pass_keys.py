"""Keys that end: a run asks once a day until when they are good, and tells a person in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

H, D = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def page(newsrooms):
    """An installation on a Page, whose key ends in thirty days."""
    room = newsrooms.Newsroom(newsrooms.a_target("facebook")).begun()
    let_end(room, room.time.now + 30 * D)
    return room


def let_end(room, at):
    stamp = int(at.timestamp()) if at else 0
    room.facebook.options = replace(room.facebook.options, expires_at=stamp)


def asked(room):
    return sum("debug_token" in call.path for call in room.facebook.log)


def told(report):
    return {(alert.subject, str(alert.reason.code)) for alert in report.alerts}


def days(room, count):
    """What hourly runs of so many days told, by day."""
    found = []
    for _ in range(count):
        day = set()
        for _ in range(24):
            day |= told(room.run())
            room.wait()
        found.append(day)
    return found


def test_a_key_that_ends_is_told_a_week_before_and_then_every_day(page):
    found = days(page, 27)
    expires = ("facebook", "token-expires")
    assert [number for number, day in enumerate(found) if expires in day] == [23, 24, 25, 26]


def test_it_is_asked_once_a_day_and_costs_no_post(page):
    days(page, 3)
    assert asked(page) == 2  # the first day is check's
    assert page.out("facebook") == []


def test_a_new_key_is_asked_about_at_once_and_ends_the_warning(page):
    days(page, 24)
    let_end(page, None)
    page.credentials["facebook"] = "other keys"
    before = asked(page)
    page.run()
    assert asked(page) == before + 1
    assert page.standing("facebook").keys.ends is None
    assert not any(("facebook", "token-expires") in day for day in days(page, 3))


def test_an_account_that_does_not_answer_keeps_the_end_that_is_known(page):
    days(page, 2)
    ends = page.standing("facebook").keys.ends
    assert ends is not None
    page.down.add("graph.facebook.com")
    days(page, 2)
    assert page.standing("facebook").keys.ends == ends


def test_x_whose_keys_have_no_end_is_never_asked(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    days(room, 3)
    assert room.x.log == []
