"""Why a text came out as it did: by the same steps as the text itself."""

from __future__ import annotations

import pytest

from crosspost.compose import compose, why
from crosspost.compose.kind import Kind, spoke_for

BODY = (
    "<p>Share this: X, Facebook</p>"
    "<p>The river club opens its boathouse to beginners of every age this spring.</p>"
    "<p>Lessons begin on 9 May 2026 at 7 pm.</p>"
    "<p>However, nobody has to come.</p>"
    "<p>The old mill.</p>"
)


@pytest.fixture(name="account")
def _account(article, target, x, facebook):
    def make(content=BODY, title="Rowing lessons", *, profile=x, **more):
        story = article(content, title, terms=("Rowing",), **more)
        return why(story, target(profile, max=3), profile), compose(story, target(profile, max=3), profile)

    return make


def test_what_was_taken_is_what_stands_in_the_text(account):
    told, post = account()
    for piece in told.pieces:
        assert piece.taken == (piece.text in post.text)


def test_each_left_piece_has_its_reason(account):
    told, _ = account()
    reasons = {piece.text: piece.reason for piece in told.pieces if not piece.taken}
    assert reasons["Share this: X, Facebook"] == "furniture"
    assert reasons["The old mill."] == "too short to stand alone"


def test_ranks_are_given_once_and_begin_at_one(account):
    told, _ = account()
    ranks = sorted(piece.rank for piece in told.pieces if piece.rank)
    assert ranks == list(range(1, len(ranks) + 1))


def test_kind_language_and_tags_are_the_posts(account):
    told, post = account()
    assert (told.kind, told.language, told.tags) == (post.kind, post.language, post.hashtags)
    assert told.kind_reason


def test_the_parts_weigh_no_more_than_the_whole(account, x):
    told, post = account()
    assert {part.name for part in told.parts} >= {"words", "link", "hashtags"}
    assert sum(part.weight for part in told.parts) <= post.weight <= told.room


def test_an_excerpt_is_named_as_the_source(account):
    told, _ = account(excerpt="Come and row with us on the river this spring.", title="A title")
    assert told.source == "excerpt"
    assert all(not piece.taken for piece in told.pieces)


def test_an_article_without_words_tells_of_nothing(account):
    told, _ = account("", "")
    assert (told.source, told.pieces) == ("nothing", ())


def test_the_words_that_speak_for_a_kind_are_named_with_their_place(article):
    story = article("<p>Join us on 9 May.</p><p>One.</p><p>Two.</p><p>A film is shown.</p>", "Webinar on rowing")
    assert spoke_for(story, "en", Kind.EVENT) == ("“Webinar” in the title", "“Join us” at the beginning")
    assert spoke_for(story, "en", Kind.VIDEO) == ("“film” further down",)
    assert spoke_for(story, "en", Kind.NEWS) == spoke_for(story, "hi", Kind.EVENT) == ()
