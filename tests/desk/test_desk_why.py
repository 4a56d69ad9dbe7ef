"""Whose texts are accounted for: the story that a person named, recorded or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosspost.compose import compose
from crosspost.core.delivery import Event, Key, Revision, State
from crosspost.core.entry import Article, Block, BlockKind
from crosspost.core.outlook import Prospect
from crosspost.core.policy import Copy, Policy, TagRules, Target
from crosspost.core.post import Post
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Record, Story
from crosspost.desk.why import accounted
from crosspost.errors import RequestError
from crosspost.platforms.x import PROFILE

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TARGET = Target("x", "x", "X", "", 280, Policy(), TagRules(), Copy())
OUTLETS = {"x": (TARGET, PROFILE)}


def prospect(title: str, number: int = 0, *, fixed: str = "", article: bool = True) -> Prospect:
    """A story that waits, with the text of its article, or with a text of its own."""
    link = f"https://example.org/{len(title)}/"
    body = Block(BlockKind.PARAGRAPH, "The river club opens its boathouse to beginners this spring.")
    told = Article(title, link, (body,))
    story = Story(title, number, frozenset({f"link:example.org/old-{number}"}), "site", "", title, link, "en", NOW, NOW)
    reason = Reason.of(Code.DUE)
    delivery = Revision(Key(title, "x"), 1, State.PENDING, Event.PLAN, NOW, "crosspost", reason)
    made = compose(told, TARGET, PROFILE)
    assert isinstance(made, Post)
    post = replace(made, text=fixed) if fixed else made
    return Prospect(Record(story, delivery, told if article else None), "x", State.PENDING, reason, post)


FOUND = (prospect("Rowing for all", 12), prospect("L’été à Lyon"), prospect("Rowing again, at night", 112))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("12", "Rowing for all"),
        ("#12", "Rowing for all"),
        ("12@a3f09c", "Rowing for all"),
        ("for ALL", "Rowing for all"),
        (" l'été", "L’été à Lyon"),
        ("http://www.example.org/12?utm_source=x", "L’été à Lyon"),
        ("https://example.org/old-112/", "Rowing again, at night"),
    ],
)
def test_a_story_is_named_by_number_code_link_or_a_piece_of_its_title(name: str, title: str) -> None:
    (one,) = accounted(FOUND, OUTLETS, name)
    assert one.record.story.title == title
    assert one.why is not None
    assert one.why.weight == one.post.weight


@pytest.mark.parametrize("name", ["0", "13", "https://example.org/", "", "Skating"])
def test_a_name_that_fits_nothing_says_where_to_look(name: str) -> None:
    with pytest.raises(RequestError) as caught:
        accounted(FOUND, OUTLETS, name)
    assert caught.value.code == "story-unknown"
    assert "preview --all" in caught.value.hint


def test_a_name_that_fits_several_lists_them_by_number_or_link() -> None:
    with pytest.raises(RequestError) as caught:
        accounted((*FOUND, prospect("Rowing unnumbered")), OUTLETS, "rowing")
    assert "  12  Rowing for all\n" in caught.value.message
    assert "  https://example.org/17/  Rowing unnumbered" in caught.value.message


def test_a_text_that_a_person_fixed_is_not_explained_by_what_would_be_composed() -> None:
    (one,) = accounted([prospect("Rowing", fixed="Come and row!")], OUTLETS, "rowing")
    assert one.why is None


def test_an_article_that_is_not_there_and_a_target_that_left_have_no_account() -> None:
    assert accounted([prospect("Rowing", article=False)], OUTLETS, "rowing")[0].why is None
    assert accounted([prospect("Rowing")], {}, "rowing")[0].why is None
