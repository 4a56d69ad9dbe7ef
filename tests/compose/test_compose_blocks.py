"""What is glued to an article's blocks goes: update labels, buttons, what stands above a letter."""

from __future__ import annotations

import pytest

from crosspost.compose.blocks import is_credits, is_furniture, news_blocks, points, without_label, without_update
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


@pytest.mark.parametrize(
    ("language", "title", "left"),
    [
        ("en", "Press release: End violence now", "End violence now"),
        ("fr", "Communiqué de presse : la ligne reste ouverte", "La ligne reste ouverte"),
        ("de", "Pressemitteilung – Bahnhof bleibt offen", "Bahnhof bleibt offen"),
        ("en", "Press releases of the year", "Press releases of the year"),
    ],
)
def test_a_title_does_not_say_what_sort_of_post_it_is(language, title, left):
    assert without_label(title, words(language)) == left


def test_a_typed_number_before_a_paragraph_goes_and_a_date_keeps_its_own(article):
    long = "The club calls on the whole city to keep the old mill by the river open for everybody"
    kept, _ = pool(article(f"<p>1. {long}.</p>"), "en", str)
    assert kept[0].text == f"{long}."
    date = "1. März ist der Tag, an dem der Verein alle Kinder und Eltern der Stadt zu sich an den Fluss lädt."
    assert pool(article(f"<p>{date}</p>"), "de", str)[0][0].text == date


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Also listen in your podcast app."),
        ("en", "Available wherever you get your podcasts."),
        ("en", "The camp was organised with the support of the Mill Fund."),
        ("fr", "Cette histoire a d’abord été publiée en anglais par Fernsby Mill."),
        ("fr", "Traduction de l’anglais : L. Marin"),
        ("es", "Esta crónica se publicó primero en otra revista."),
        ("pt", "Ouça também no seu aplicativo de podcasts."),
        ("pt", "Curso realizado com apoio do Fundo Moinho."),
        ("de", "Diese Geschichte erschien zuerst in einer Zeitung."),
        ("de", "Deutsche Übersetzung: L. Marin"),
        ("it", "Questa storia è apparsa su un altro sito."),
        ("nl", "Dit verhaal verscheen eerder in de krant."),
        ("ru", "Эта история впервые вышла в газете."),
        ("sv", "Översättning från engelskan: L. Marin"),
        ("ar", "ترجمة عن الفرنسية: ليلى مارين."),
        ("ar", "نُشر النص الأصلي على موقع آخر."),
    ],
)
def test_where_a_text_comes_from_and_who_paid_is_no_news(language, text):
    assert is_furniture(text, words(language))


@pytest.mark.parametrize("text", [
    "The letter was written by 40 doctors.",
    "The fair was organised by the school with forty parents.",
    "Listen to the river before you swim.",
])  # fmt: skip
def test_who_wrote_and_who_helped_is_news_where_it_is_told(text):
    assert not is_furniture(text, words("en"))


@pytest.mark.parametrize(
    ("language", "head"),
    [("en", "Correction"), ("fr", "Rectificatif"), ("es", "Fe de erratas"), ("pt", "Erramos"), ("de", "Berichtigung")],
)
def test_the_paragraph_under_a_correction_stays_out(article, language, head):
    made = article(f"<p>One.</p><h3>{head}</h3><p>We said 800. It was 80.</p><p>Two.</p>")
    assert [block.text for block in news_blocks(made, language)] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Voice: Ada Moss. Sound: Ben Moss and Cleo Fernsby. More on our site.", True),
        ("Apresentação: Ada do Moinho. Som: Bento Lima.", True),
        ("Where: Town Hall. Entrance: Mill Gate.", False),
        ("The score: Moss beat Fernsby. The prize: a new wheel.", False),
    ],
)
def test_who_did_what_is_no_news(text, is_one):
    assert is_credits(text, words("en")) is is_one


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("de", "Liebe Freunde des Chors, der Frost war schneller als wir.", "Der Frost war schneller als wir."),
        ("en", "Dear neighbours, the bridge is closed until May.", "The bridge is closed until May."),
        ("es", "Queridos vecinos: el puente está cerrado hasta mayo.", "El puente está cerrado hasta mayo."),
        ("fr", "Madame Moss, maire de Lyon, ferme le pont.", "Madame Moss, maire de Lyon, ferme le pont."),
        ("en", "A dear friend, Ada Moss, has died in her sleep.", "A dear friend, Ada Moss, has died in her sleep."),
    ],
)
def test_a_greeting_before_the_news_goes(article, language, text, left):
    assert [piece.text for piece in pool(article(f"<p>{text}</p>"), language, str)[0]] == [left]
