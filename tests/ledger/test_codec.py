"""What is written comes back as it was, whatever the text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from crosspost.core.delivery import Attempts, Event, Fixed, Key, Revision, State, Todo
from crosspost.core.post import Image, Post, Tag
from crosspost.core.reason import Reason
from crosspost.core.story import Story
from crosspost.ledger import codec

PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
text = st.text(st.characters() | st.characters(categories=["Cs"])).filter(lambda t: not PAIR.search(t))
times = st.datetimes(
    timezones=st.just(UTC) | st.just(timezone(timedelta(hours=5, minutes=45))), min_value=datetime(2, 1, 1)
)
maybe_time = st.none() | times
counts = st.integers(0, 2**63)
reasons = st.builds(Reason, text, st.lists(st.tuples(text, text | st.integers())).map(tuple))
posts = st.builds(
    Post,
    text=text,
    link=text,
    story_link=text,
    weight=counts,
    limit=counts,
    hashtags=st.lists(st.builds(Tag, text, text), max_size=3).map(tuple),
    image=st.none() | st.builds(Image, text, text),
    kind=text,
    language=text,
    notes=st.lists(text, max_size=3).map(tuple),
)
attempts = st.builds(Attempts, counts, maybe_time, maybe_time, maybe_time, st.booleans(), st.booleans(), counts, counts)
revisions = st.builds(
    Revision,
    key=st.builds(Key, text, text),
    rev=counts,
    state=st.sampled_from(State),
    event=st.sampled_from(Event),
    at=times,
    by=text,
    reason=reasons,
    article=text,
    post=st.none() | posts,
    fixed=st.none() | st.sampled_from(Fixed),
    due=maybe_time,
    not_before=maybe_time,
    attempts=attempts,
    cost=counts,
    writer=text,
    remote_id=text,
    url=text,
    out_at=maybe_time,
    todo=st.none() | st.sampled_from(Todo),
)
stories = st.builds(
    Story,
    id=text,
    number=counts,
    identities=st.frozensets(text, max_size=4),
    feed=text,
    guid=text,
    title=text,
    link=text,
    language=text,
    published=maybe_time,
    first_seen=times,
)


@given(revisions)
def test_a_revision_comes_back_as_it_was(revision):
    line = codec.dump_revision(revision)
    assert codec.load_revision(line) == revision
    assert line.isascii() and "\n" not in line


@given(stories)
def test_a_story_comes_back_as_it_was(story):
    assert codec.load_story(codec.dump_story(story)) == story


@given(revisions)
def test_equal_revisions_give_equal_lines(revision):
    assert codec.dump_revision(codec.load_revision(codec.dump_revision(revision))) == codec.dump_revision(revision)


@given(text)
def test_a_column_holds_any_text(value):
    column = codec.to_column(value)
    column.encode()  # no lone surrogate
    assert "\0" not in column
    assert codec.from_column(column) == value


@given(text, text)
def test_a_column_keeps_prefixes_and_differences(one, two):
    assert codec.to_column(one + two).startswith(codec.to_column(one))
    assert (codec.to_column(one) == codec.to_column(two)) == (one == two)


@given(times, times)
def test_times_sort_as_text(one, two):
    assert (codec.to_time(one) < codec.to_time(two)) == (one < two)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        codec.to_time(datetime(2025, 1, 1))


MINIMAL = {
    "story": "s", "target": "x", "rev": 1, "state": "held", "event": "plan",
    "at": "2025-01-01T00:00:00.000000+00:00", "by": "crosspost", "reason": ["flood", [["count", 6]]],
}  # fmt: skip


def test_a_later_crossposts_keys_are_passed_over_and_missing_ones_have_their_defaults():
    later = {**MINIMAL, "colour": "red", "attempts": {"count": 1, "mood": 3}}
    assert codec.load_revision(json.dumps(later)) == Revision(
        Key("s", "x"), 1, State.HELD, Event.PLAN, datetime(2025, 1, 1, tzinfo=UTC), "crosspost",
        Reason.of("flood", count=6), attempts=Attempts(count=1),
    )  # fmt: skip


def test_a_story_and_a_post_with_further_keys_are_read():
    story = Story("s", 1, frozenset({"i"}), "f", "g", "t", "l", "fr", None, datetime(2025, 1, 1, tzinfo=UTC))
    assert codec.load_story(json.dumps({**json.loads(codec.dump_story(story)), "new": [1]})) == story
    post = {"text": "t", "link": "", "story_link": "l", "weight": 1, "limit": 2, "new": [1]}
    assert codec.load_revision(json.dumps({**MINIMAL, "post": post})).post == Post("t", "", "l", 1, 2)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "null", "3", "{}", json.dumps({**MINIMAL, "state": "odd"}), json.dumps({**MINIMAL, "at": "x"}),
             json.dumps({**MINIMAL, "reason": 3}), json.dumps({**MINIMAL, "attempts": []})]
)  # fmt: skip
def test_a_broken_line_raises_one_of_the_known_errors(line):
    with pytest.raises(codec.BROKEN):
        codec.load_revision(line)


def test_folding_makes_typographic_and_plain_spellings_one():
    assert codec.fold("  L’ÉTÉ\u00a0!  \n") == codec.fold("l'e\u0301te\u0301 !") == "l'été !"
    assert codec.fold("\ud800\0").encode()


def test_every_field_of_a_revision_is_written():
    from dataclasses import fields

    at = datetime(2026, 11, 24, tzinfo=UTC)
    given = {"due": at, "not_before": at, "out_at": at}
    made = Revision(Key("s", "x"), 1, State.PENDING, Event.PLAN, at, "me", Reason.of("due"), **given)
    back = codec.load_revision(codec.dump_revision(made))
    assert {field.name: getattr(back, field.name) for field in fields(Revision)} == {
        field.name: getattr(made, field.name) for field in fields(Revision)
    }
