"""What is glued to an article's blocks goes: update labels, buttons, what stands above a letter."""

from __future__ import annotations

import pytest

from crosspost.compose.blocks import news_blocks, without_update
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
