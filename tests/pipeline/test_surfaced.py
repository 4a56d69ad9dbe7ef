"""A feed lists its newest posts only: when one is taken down an older one comes up, which is no news."""

from dataclasses import replace
from datetime import timedelta

import pytest

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def busy(newsrooms):
    """A site with twelve posts of the last days, of which the baseline saw the newest ten."""
    room = newsrooms.Newsroom(newsrooms.a_target("x"))
    room.old = room.publish(12, age=3 * D)
    room.run(mode=room.Mode(baseline=True), send=False)
    room.wait()
    return room


def test_what_comes_up_from_below_the_baseline_is_skipped_with_its_reason(busy):
    busy.site.show(busy.old[-1].number, busy.time.now, listed=False)
    report = busy.run()
    assert (busy.at(11), busy.out()) == (("skipped", "surfaced"), [])
    assert [item.reason.code for item in report.prospects] == ["surfaced"]
    assert report.exit_code == 0


def test_what_is_published_afterwards_goes_out_all_the_same(busy):
    busy.site.show(busy.old[-1].number, busy.time.now, listed=False)
    late = busy.site.publish(busy.time.now, busy.old[5].published + M / 2)  # dated among those that were known
    new = busy.publish()
    busy.run()
    assert set(busy.out()) == {late.number, new.number}


def test_it_does_not_count_as_a_flood(busy):
    busy.set("x", flood=1)
    for post in busy.old[-2:]:
        busy.site.show(post.number, busy.time.now, listed=False)
    busy.run()
    new = busy.publish()
    busy.run()
    assert busy.out() == [new.number]


def test_a_target_that_is_added_later_has_a_floor_of_its_own(busy, newsrooms):
    for _ in range(12):
        busy.publish()
        busy.run()
        busy.wait()
    busy.settings = replace(busy.settings, targets=(*busy.settings.targets, newsrooms.a_target("facebook")))
    busy.run()
    busy.wait()
    busy.site.show(max(busy.site.posts), busy.time.now, listed=False)
    busy.run()
    assert set(busy.states("facebook").values()) <= {"skipped"}
    assert busy.out("facebook") == []


def test_a_site_that_had_no_post_has_no_floor(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x"))
    room.run(mode=room.Mode(baseline=True), send=False)
    room.wait()
    post = room.publish(age=2 * D)
    room.run()
    assert room.out() == [post.number]


def test_a_person_may_publish_it_all_the_same(busy):
    """Its article is kept, unlike a baseline entry's."""
    busy.site.show(busy.old[-1].number, busy.time.now, listed=False)
    busy.run()
    assert busy.head(11).article
