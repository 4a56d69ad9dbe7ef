"""What is glued to an article's blocks goes: update labels, buttons, what stands above a letter."""

from __future__ import annotations

import pytest

from crosspost.compose.blocks import news_blocks, points, without_update
from crosspost.compose.pool import pool
from crosspost.compose.words import words
from crosspost.core.entry import Block, BlockKind


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("en", "UPDATE, Monday noon: the fair is off.", "The fair is off."),
        ("en", "Update (3 May) – The fair is off.", "The fair is off."),
        ("fr", "Mise à jour du 3 mai : la fête est reportée.", "La fête est reportée."),
        ("de", "Update: das Fest fällt aus.", "Das Fest fällt aus."),
        ("es", "Actualización (3 de mayo): la fiesta se aplaza.", "La fiesta se aplaza."),
        ("en", "Updates reach us daily. One of them: the fair is off.", "Updates reach us daily. One of them: the fair is off."),
    ],
)  # fmt: skip
def test_the_label_of_an_update_goes_and_its_news_stays(language, text, left):
    assert without_update(Block(BlockKind.PARAGRAPH, text), words(language)).text == left


def test_of_what_stands_above_a_letter_the_signatures_and_the_last_day_stay(article):
    above = "<p>This letter was read out in the hall. It is signed by 23 teachers. Sign it until 9 May.</p>"
    made = article(f"{above}<p>Dear minister,</p><p>We ask you to keep the hall.</p>")
    assert [block.text for block in news_blocks(made, "en")] == [
        "It is signed by 23 teachers. Sign it until 9 May.",
        "We ask you to keep the hall.",
    ]


def test_a_sentence_that_points_to_a_link_stays_out(article):
    body = "<p>To sign up, fill in <a href='/f'>this form</a> now. The course is free for everybody.</p>"
    kept, left = pool(article(body), "en", str)
    assert [piece.text for piece in kept] == ["The course is free for everybody."]
    assert left[0].reason == "it points to a link"
    assert points("Here", words("en"))
    assert not points("the form on our site", words("en"))


@pytest.mark.parametrize("note", ["[1] The city gave the figures of 2026.", "¹ The city gave the figures of 2026."])
def test_a_footnote_is_no_news(article, note):
    assert pool(article(f"<p>{note}</p>"), "en", str)[0] == ()
