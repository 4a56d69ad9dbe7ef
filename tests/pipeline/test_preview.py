"""What you preview is what goes out: preview and run are one code path, and preview writes nothing anywhere."""

from datetime import timedelta

import pytest

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def solo(newsrooms):
    """An installation on X alone."""
    return newsrooms.Newsroom(newsrooms.a_target("x")).begun()


def goes(preview):
    """What a preview says would be sent: {(link, target): text}."""
    return {
        (item.record.story.link, item.record.delivery.key.target): item.post.text
        for item in preview.prospects
        if item.goes
    }


def reasons(preview, target="x"):
    return {
        item.record.story.link[-4:-1]: (str(item.state), str(item.reason.code))
        for item in preview.prospects
        if item.record.delivery.key.target == target
    }


def test_a_preview_shows_what_the_run_then_does_word_for_word(room):
    room.set("x", flood=20, hold=("part 104",))
    room.set("facebook", flood=20, max_per_run=1)
    room.publish(6)
    shown = goes(room.preview())
    room.run()
    sent = {(post.link, name): post.text for name, model in (("x", room.x), ("facebook", room.facebook))
            for post in model.timeline()}  # fmt: skip
    assert shown == sent
    assert len(shown) == 4


def test_a_preview_changes_nothing_and_claims_nothing(room):
    room.publish(2)
    room.run(send=False)
    room.publish()
    before, calls, memory = room.dump(), len(room.x.log) + len(room.facebook.log), dict(room.memory.heads)
    for _ in range(2):
        room.preview()
    assert room.dump() == before
    assert len(room.x.log) + len(room.facebook.log) == calls
    assert room.memory.heads == memory


def test_a_preview_reads_the_feeds_without_validators(room):
    assert [(feed.status, feed.http) for feed in room.preview().feeds] == [("ok", 200)]


def test_before_a_run_has_recorded_the_story_number_and_code_are_empty(solo):
    solo.publish()
    (item,) = solo.preview().prospects
    assert (item.record.story.number, item.code) == (0, "")
    solo.run(send=False)
    (item,) = solo.preview().prospects
    assert item.record.story.number == 3 and item.code.startswith("3@")


def test_a_code_changes_with_the_text_and_with_nothing_else(solo):
    solo.set("x", approval=True)
    post = solo.publish()
    solo.run()
    (first,) = solo.preview().prospects
    solo.wait(M)
    (again,) = solo.preview().prospects
    assert again.code == first.code
    solo.site.edit(post.number, solo.time.now)
    solo.wait(M)
    (edited,) = solo.preview().prospects
    assert edited.code != first.code and edited.post.text != first.post.text


def test_a_preview_says_of_each_why_it_would_not_go_out(solo):
    solo.set("x", hold=("part 103",), max_per_run=1)
    solo.publish(3, age=40 * M)
    solo.publish(age=M)
    assert reasons(solo.preview()) == {
        "102": ("pending", "due"),
        "103": ("held", "hold-word"),
        "104": ("pending", "cap"),
        "105": ("pending", "settling"),
    }


def test_a_preview_shows_a_pause_and_until_when(solo):
    solo.publish()
    solo.fault(solo.x, "expired_token")
    solo.run()
    (item,) = solo.preview().prospects
    assert item.reason.code == "target-paused" and not item.goes
    assert item.due == solo.standing().pause.until


def test_a_preview_shows_an_account_without_keys_with_its_text(solo):
    solo.publish()
    solo.missing = {"x": ("X_API_KEY",)}
    (item,) = solo.preview().prospects
    assert item.reason.code == "no-keys" and item.post.text and not item.goes


def test_a_preview_of_a_wish_is_what_run_only_does(solo):
    solo.publish(2)
    solo.run(send=False)
    wish = solo.Wish(only=solo.story(4).id)
    assert list(goes(solo.preview(wish))) == [("https://www.example.org/story-103/", "x")]


def test_a_preview_of_a_feed_that_is_down_says_so_and_shows_what_waits(solo):
    solo.publish(age=2 * M)
    solo.run()
    solo.site.broken = "html"
    solo.wait()
    preview = solo.preview()
    assert [feed.status for feed in preview.feeds] == ["failed"]
    assert len(goes(preview)) == 1


def test_a_preview_after_a_silence_shows_what_the_run_sends(solo):
    solo.wait(3 * H)
    solo.publish()
    shown = goes(solo.preview())
    solo.run()
    assert [text for text in shown.values()] == [post.text for post in solo.x.timeline()]


def test_a_preview_of_an_older_copy_sends_nothing_either(solo):
    solo.publish()
    solo.memory.heads[solo.ledger.id] = solo.ledger.sequence() + 5
    shown = goes(solo.preview())
    solo.run()
    assert solo.out() == []
    assert shown == {}


def test_a_preview_shows_what_would_be_noted_of_a_story_that_is_out_and_gone_from_the_site(room):
    post = room.publish()
    room.run()
    room.publish()
    room.site.show(post.number, room.time.now, listed=False)
    noted = [shown for shown in room.preview().prospects if shown.record.story.number == 3]
    assert {(str(shown.state), shown.reason.code, shown.goes) for shown in noted} == {
        ("published", "gone-after", False)
    }
