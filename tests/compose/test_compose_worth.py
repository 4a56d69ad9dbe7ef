"""What a sentence is worth: which facts are seen in it, in any of the languages, and which only look like facts."""

from __future__ import annotations

import pytest

from crosspost.compose.kind import Kind
from crosspost.compose.pieces import Form
from crosspost.compose.pool import pool
from crosspost.compose.words import LANGUAGES, words
from crosspost.compose.worth import scale


def told(text, language="en", kind=Kind.NEWS):
    """The names of the marks of a text."""
    return {mark.split(":")[0] for mark in scale("", (), (), words(language), kind).marks(text)}


@pytest.fixture(name="texts_of")
def _texts_of(article):
    return lambda content, language="en": [piece.text for piece in pool(article(content), language, str)[0]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_numbers_fees_and_courtesy(language):
    known = words(language)
    assert all(pattern.pattern != "(?!)" for pattern in (known.numbers, known.counts, known.fee, known.summing))
    assert known.courtesy.pattern != "(?!)"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Forty-three gardens took part."),
        ("fr", "Nous en attendions quinze mille."),
        ("es", "Vinieron doscientas familias."),
        ("de", "Dreiundzwanzig Gärten haben mitgemacht."),
        ("pt", "Vieram quatrocentas famílias."),
        ("it", "Sono arrivate trecento famiglie."),
        ("nl", "Er kwamen vijfentwintig gezinnen."),
        ("sv", "Det kom tvåhundra familjer."),
        ("ru", "Пришли двадцать семей."),
        ("ar", "شارك مئات الطلاب."),
    ],
)
def test_a_number_in_words_is_a_figure(language, text):
    assert "figures" in told(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The hall is open on 16 and 17 May."),
        ("en", "The hall opens on 3 May at 10:30."),
        ("fr", "La salle ouvre les 3, 4 et 5 mai à 19h30."),
        ("de", "Die Halle öffnet am 28. und 29. Mai."),
    ],
)
def test_the_numbers_of_days_and_hours_are_no_figures(language, text):
    assert not told(text, language) & {"figures", "number"}


def test_a_phone_number_is_no_figure():
    assert not told("Ring the mill on 01632 960 123 for a place.") & {"figures", "number"}


def test_a_last_day_inside_a_condition_is_no_deadline():
    assert "deadline" not in told("We give the money back if you cancel by 9 May.")
    assert "deadline" in told("If you want to row, register by 9 May.")


def test_what_is_no_longer_asked_for_is_no_plea():
    assert "plea" in told("Necesitamos remos.", "es")
    assert "plea" not in told("Ya no necesitamos remos.", "es")


def test_a_name_in_quotation_marks_costs_nothing(article):
    measure = scale("", (), (), words("fr"), Kind.NEWS)
    pieces, _ = pool(article("<p>La barque « Une rame pour tous » part en mai.</p>", "Elle part"), "fr", str)
    said, _ = pool(article("<p>« Je veux que toutes les barques du village partent en mai », dit Ada.</p>"), "fr", str)
    assert measure.worth(pieces[0], 0).bonus > measure.worth(said[0], 0).bonus + 0.5


def test_a_sentence_that_sums_up_counts_more_than_its_neighbours(article):
    body = "<p>We counted boats all year.</p><p>The short version: the river is cleaner.</p><p>The mill is a ruin.</p>"
    pieces, _ = pool(article(body), "en", str)
    measure = scale("", (), (), words("en"), Kind.NEWS)
    assert measure.worth(pieces[1], 0.1).bonus > measure.worth(pieces[2], 0.1).bonus + 2


def test_what_an_event_costs_and_who_may_come_counts():
    assert "fee" in told("The course is free of charge for members.", kind=Kind.EVENT)
    assert "fee" in told("Der Eintritt beträgt acht Euro.", "de", Kind.EVENT)


def test_a_courtesy_is_no_news(texts_of):
    body = (
        "<p>The mill stays closed this week. We apologise for the inconvenience.</p><p>It opens on 9 May at noon.</p>"
    )
    assert not any("apologise" in text for text in texts_of(body))
    assert not texts_of("<p>After registering you will receive a confirmation email with the link.</p>")
    assert any("9 May" in text for text in texts_of(f"{body}<p>We look forward to seeing you on 9 May.</p>"))


def test_a_list_under_a_heading_needs_nothing_before_it(article):
    body = "<p>Rowing goes on.</p><h3>This changes</h3><ul><li>Mill Gate stays open</li><li>The lock is shut</li></ul>"
    pieces, _ = pool(article(body), "en", str)
    assert [piece.leaning for piece in pieces if piece.form is Form.LIST] == [False]


def test_a_name_that_begins_with_an_article_or_is_a_letter_glues_nothing(article):
    pieces, _ = pool(article("<p>Le film passe au cinéma Le Moulin de Sorville.</p>"), "fr", str)
    assert not pieces[0].glued
    pieces, _ = pool(article("<p>The boats in groups A and B are free for everybody.</p>"), "en", str)
    assert not pieces[0].glued


def test_a_phone_number_that_comes_with_what_for_and_when_is_news(texts_of):
    assert texts_of("<p>You can book a boat for the summer by phone on 01632 960123, from 9:00 to 12:00.</p>")
    assert not texts_of("<p>Questions about the boats go to Ada on 01632 960123 please.</p>")


def test_money_back_has_no_last_day():
    back = told("Die Karten werden bis zum 9. Mai erstattet.", "de", Kind.EVENT)
    assert "deadline" not in back
    assert "deadline" in told("Die Karten gibt es bis zum 9. Mai.", "de", Kind.EVENT)


def test_the_new_day_of_what_is_put_off_counts_more_than_the_old_one():
    assert "moved" in told("The regatta has been postponed to 9 May.", kind=Kind.EVENT)
    assert "moved" not in told("The regatta of 2 May will not take place.", kind=Kind.EVENT)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Send us your form by noon on Friday 19 June."),
        ("fr", "Les dossiers sont attendus avant lundi 3 mai."),
        ("es", "Se puede entregar hasta las 12 horas del 3 de mayo."),
        ("de", "Die Meldefrist endet am 3. Mai."),
        ("pt", "As candidaturas vão até sexta-feira, 3 de maio."),
        ("it", "Le domande vanno inviate entro venerdì 3 maggio."),
        ("nl", "Aanmelden kan tot vrijdag 3 mei."),
        ("sv", "Anmäl dig senast den 3 maj."),
        ("ru", "Заявки принимаются до 3 мая."),
        ("ar", "يستمر التسجيل لغاية 3 مايو."),
    ],
)
def test_a_last_day_is_seen_in_every_language(language, text):
    assert "deadline" in told(text, language)


def test_in_portuguese_a_reflexive_is_no_condition():
    assert not words("pt").condition.search("O passeio que lá se fazia foi adiado.")
    assert words("pt").condition.search("Se chover, o passeio é adiado.")


def test_every_price_and_every_limit_on_who_may_come_counts_by_itself():
    text = "Entry is free. Group B is open to members."
    assert sum(mark.startswith("fee:") for mark in scale("", (), (), words("en"), Kind.EVENT).marks(text)) == 2


@pytest.mark.parametrize(
    ("language", "text", "leans"),
    [
        ("en", "Since 2019 she has rowed to nine villages on the river.", True),
        ("en", "Since 2019 Ada Moss has said that she rows to nine villages.", False),
        ("en", "The club and the mill say that they row on Sundays.", False),
        ("fr", "Depuis mai elle rame sur la rivière tous les dimanches.", True),
        ("es", "Lo pintó en dos veranos el club de remo del pueblo.", True),
        ("es", "Lo que falta son remos y un bote verde.", False),
    ],
)
def test_a_paragraph_that_speaks_of_somebody_unnamed_leans_on_the_one_before(article, language, text, leans):
    pieces, _ = pool(article(f"<p>{text}</p>"), language, str)
    assert pieces[0].leaning is leans


def test_mere_days_keep_the_heading_that_says_what_of_them(article):
    days = "<li>9 May</li><li>10 May</li>"
    pieces, _ = pool(article(f"<p>Rowing goes on.</p><h3>The lock is shut</h3><ul>{days}</ul>"), "en", str)
    assert [piece.text.split("\n")[0] for piece in pieces if piece.form is Form.LIST] == ["The lock is shut:"]


def test_a_list_of_days_stands_without_the_heading_above_it(article):
    days = "<li>Mill Gate on 9 May, with oars</li><li>The lock on 10 May, without</li>"
    pieces, _ = pool(article(f"<p>Rowing goes on.</p><h3>What changes</h3><ul>{days}</ul>"), "en", str)
    assert [piece.text.split("\n")[0] for piece in pieces if piece.form is Form.LIST] == [
        "• Mill Gate on 9 May, with oars"
    ]


def test_lines_whose_label_comes_twice_belong_to_the_line_before(article):
    lines = "Session A: 9 May, 10:00<br>Topic: oars<br>Session B: 16 May, 10:00<br>Topic: sails"
    pieces, _ = pool(article(f"<p>Rowing goes on at the lock.</p><p>{lines}</p>"), "en", str)
    told = [piece.text for piece in pieces if piece.form is Form.LINE]
    assert told == ["Session A: 9 May, 10:00\nTopic: oars", "Session B: 16 May, 10:00\nTopic: sails"]


def test_a_word_that_is_shouted_glues_nothing(article):
    pieces, _ = pool(article("<p>Juniors: rowing on the lake is NOT cancelled!</p>"), "en", str)
    assert [piece.glued for piece in pieces] == [False]


def test_a_paragraph_that_goes_on_from_a_greeting_begins_with_a_capital_and_leads(article):
    rest = "the boathouse opens on 9 May for all.</p><p>Bring boots and a bottle of water.</p>"
    pieces, _ = pool(article(f"<p>Dear all,</p><p>{rest}"), "en", str)
    assert [(piece.text[:13], piece.leads) for piece in pieces] == [("The boathouse", True), ("Bring boots a", False)]
    pieces, _ = pool(article(f"<p>what a week.</p><p>{rest}"), "en", str)
    assert not any(piece.leads for piece in pieces)
    assert not pool(article("<p>iPads may be borrowed</p>"), "en", str)[0]


def test_only_what_goes_on_sums_up():
    sums = words("en").summing
    assert sums.search("The answer: most of them rest.")
    assert not sums.search("The answer surprised us.")


@pytest.mark.parametrize(
    ("language", "text", "share"),
    [
        ("en", "Only 81 of the 212 boathouses have a ramp.", True),
        ("de", "Nur elf der 64 Bäche sind sauber.", True),
        ("fr", "Sur la rive, 38 % des bateaux fuient.", True),
        ("en", "The boathouse lends 81 boats and 12 oars.", False),
    ],
)
def test_a_part_of_a_whole_is_a_finding(language, text, share):
    assert ("share" in told(text, language, Kind.REPORT)) == share
    assert "share" not in told(text, language, Kind.EVENT)
