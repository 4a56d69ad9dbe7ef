"""Interviews: who speaks, and on Facebook one question with its answer."""

from __future__ import annotations

from crosspost.compose import compose

TALK = (
    "<p>Runa Vestergaard has kept the lamp of Skagholm since 1998. We met her on the gallery.</p>"
    "<p>What does a keeper do all day long?</p><p>Paint, mostly. I have painted this tower eleven times by hand.</p>"
    "<p>Was the island ever really quiet?</p><p>The island is never quiet. It is the fog that makes you listen.</p>"
    "<p>And then?</p><p>Then the fog lifts, and everybody wants to talk at once about the fog.</p>"
)


def test_on_facebook_one_question_comes_with_the_answer_that_the_title_is_from(article, target, facebook):
    story = article(TALK, "“The island is never quiet”: the keeper of Skagholm")
    text = compose(story, target(facebook), facebook).text
    assert "Was the island ever really quiet?\nThe island is never quiet. It is the fog that makes you listen." in text
    assert text.index("Runa Vestergaard") < text.index("Was the island")


def test_no_second_question_comes_and_none_on_x(article, target, facebook, x):
    story = article(TALK, "“The island is never quiet”: the keeper of Skagholm")
    assert compose(story, target(facebook), facebook).text.count("?") == 1
    assert "?" not in compose(story, target(x), x).text
