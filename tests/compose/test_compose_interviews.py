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


def test_each_question_has_its_answer_and_none_comes_on_x(article, target, facebook, x):
    story = article(TALK, "“The island is never quiet”: the keeper of Skagholm")
    text = compose(story, target(facebook), facebook).text
    assert "What does a keeper do all day long?\nPaint, mostly." in text
    assert "And then?" not in text  # it asks on from an answer
    assert "?" not in compose(story, target(x), x).text


def test_what_the_interviewer_says_is_no_news_and_leads_to_its_question(article, target, facebook, x):
    said = "<p>You have kept bees on this roof for nine years. Why here?</p><p>Because nobody sprays the lindens here, and nobody ever will.</p>"
    began = TALK.replace(
        "<p>What does", f"{said}<p>You once said that you would leave.</p><p>I did say so.</p><p>What does"
    )
    story = article(began, "The keeper of Skagholm")
    text = compose(story, target(facebook), facebook).text
    assert ("Why here?\nBecause nobody" in text) and "would leave" not in text
    assert "nine years" not in compose(story, target(x), x).text
