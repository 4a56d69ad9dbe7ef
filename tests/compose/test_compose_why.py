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
    assert reasons["Share this: X, Facebook"].startswith("no news:")
    assert reasons["The old mill."] == "stands only where there is room for paragraphs"


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


def test_the_parts_and_what_stands_between_them_make_the_whole(account, x, facebook):
    for profile in (x, facebook):
        told, post = account(profile=profile)
        assert sum(part.weight for part in told.parts) == told.weight == post.weight


def test_the_title_is_one_of_the_pieces(account):
    told, post = account()
    title = told.pieces[0]
    assert (title.text, title.taken) == ("Rowing lessons", post.text.startswith("Rowing lessons"))
    again, _ = account(
        "<p>On 9 May 2026 at 7 pm the club opens a workshop: know your oars.</p>", "Workshop: know your oars"
    )
    short, _ = account("<p>Thank you to all 340 volunteers who rowed with us on Saturday.</p>", "Thank you")
    assert short.pieces[0].taken == ("title" in {part.name for part in short.parts})
    assert (again.pieces[0].taken, again.pieces[0].reason) == (False, "the title: a sentence says it too")


def test_a_sentence_in_several_forms_is_told_once(account):
    told, _ = account("<p>The club, which is old, opens its house to beginners, who need no boat.</p>")
    texts = [piece.text for piece in told.pieces]
    assert sum(text.startswith("The club") for text in texts) == 1


def test_what_no_sentence_is_taken_from_is_told_too(account):
    told, _ = account(
        f"<h3>Practical</h3>{BODY}<blockquote><p>It was a good year.</p></blockquote><h3>About us</h3><p>We row.</p>"
    )
    reasons = {piece.text: piece.reason for piece in told.pieces}
    assert reasons["Practical"] == "a heading"
    assert reasons["It was a good year."] == "a quotation apart"
    assert reasons["We row."] == "after the end of the news"


def test_an_item_of_a_list_that_was_taken_is_not_left_as_well(account):
    items = "".join(f"<li>{name}</li>" for name in ("Rowing for beginners", "Rowing for masters", "Rowing at night"))
    told, _ = account(f"<ul>{items}<li>Skating</li></ul>", "Our courses")
    taken = "\n".join(piece.text for piece in told.pieces if piece.taken)
    assert "Rowing for beginners" in taken
    assert not [piece.text for piece in told.pieces if not piece.taken and not piece.rank and piece.text in taken]


def test_a_sentence_tells_in_plain_words_what_it_was_taken_for(account):
    told, _ = account()
    reasons = {piece.text: piece.reason for piece in told.pieces if piece.taken}
    assert reasons["Lessons begin on 9 May 2026 at 7 pm."] == "tells the day, the hour, what the title is about"


def test_a_sentence_without_a_fact_says_why_it_is_there_all_the_same(article, target, facebook):
    story = article("<p>Some days are like a grey sky. It went by as it came.</p><p>Spring did the rest.</p>", "Rowing")
    reasons = {piece.text: piece.reason for piece in why(story, target(facebook), facebook).pieces if piece.taken}
    assert reasons["Some days are like a grey sky."] == "begins the article"
    assert reasons["It went by as it came."] == "goes on from the sentence before it"
    assert reasons["Spring did the rest."] == "adds something of its own"


def test_a_kind_told_by_words_names_them_and_one_told_by_shape_its_shape(article, target, x):
    rest = "<p>The river club opens its boathouse to beginners of every age.</p>" * 8
    told = why(article(f"<p>Join us on 9 May.</p>{rest}", "Webinar on rowing"), target(x), x)
    assert (told.kind, told.kind_reason) == ("event", "“Webinar” in the title, “Join us” at the beginning")
    assert why(article(rest, "Ada Lind, 1931–2026"), target(x), x).kind_reason == "the years of a life in the title"


def test_each_category_that_became_no_tag_has_its_reason(article, target, x):
    story = article(BODY, "Rowing", terms=("Rowing", "River club", "Boathouse", "News", "Cooking", "Secret", "Spring"))
    told = why(story, target(x, max=3, ignore=("secret",), map={"Spring": "#SpringTide"}), x)
    assert [tag.tag for tag in told.tags] == ["#LastGirlFirst", "#SpringTide", "#Rowing"]
    assert {one.word: one.reason for one in told.unused} == {
        "#RiverClub": "one more than max = 3 allows",
        "#Boathouse": "one more than max = 3 allows",
        "News": "too general a word",
        "Cooking": "the text doesn't speak of it",
        "Secret": "your settings ignore it",
    }


def test_a_tag_that_had_to_go_for_better_words_is_named(article, target, x):
    words = "word " * 44
    story = article(f"<p>The river {words}ends.</p>", "", terms=("River", "Ends"))
    told = why(story, target(x, max=3), x)
    gone = [one.word for one in told.unused if one.reason == "left out: without it the words are better"]
    assert gone and not {tag.tag for tag in told.tags} & set(gone)


def test_a_language_without_a_word_list_says_so(article, target, x):
    told = why(article("<p>בית המשפט קבע כי העירייה אינה רשאית לדחות.</p>", "בית המשפט"), target(x), x)
    assert not told.listed
