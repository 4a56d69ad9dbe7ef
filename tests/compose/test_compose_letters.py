"""Letters to somebody else: their "you" is never the reader, and what they ask for comes whole."""

from __future__ import annotations

import pytest

from crosspost.compose import compose
from crosspost.compose.kind import Kind, kind_of
from crosspost.compose.letters import addresses, letter
from crosspost.compose.words import words

PIER = (
    "<p>Dear members of the Harbour Board,</p>"
    "<p>On 3 May you will vote on the old pier of Sandling. It is 212 metres long and 140 years old.</p>"
    "<p>We therefore ask the Board, at its meeting in May:</p>"
    "<ul><li>to keep the pier open on Sundays;</li><li>to light its steps;</li></ul>"
    "<p>Yours faithfully,</p><p>The anglers of Sandling</p>"
    "<p>You can sign until 1 May at the bait shop in Mole Street.</p>"
)


@pytest.fixture(name="words_of")
def _words_of(article, target, facebook):
    def make(content, title, profile=facebook):
        made = compose(article(content, title), target(profile), profile)
        return "\n".join(one for one in made.text.split("\n") if not one.startswith(("https://", "#"))).strip()

    return make


def test_a_sentence_that_says_you_to_the_board_stands_as_a_quotation(words_of):
    text = words_of(PIER, "Open letter: keep the pier of Sandling open")
    assert "“On 3 May you will vote on the old pier of Sandling.”" in text
    assert "You can sign until 1 May at the bait shop in Mole Street." in text


def test_it_stands_on_facebook_alone(words_of, x):
    assert "you will vote" not in words_of(PIER, "Open letter: keep the pier of Sandling open", x)


def test_the_demand_comes_as_one_piece_with_its_list(words_of):
    text = words_of(PIER, "Open letter: keep the pier of Sandling open")
    assert "to keep the pier open on Sundays; to light its steps." in text


def test_where_no_title_calls_it_a_letter_the_address_stands_before_the_quotation(words_of):
    content = "<h4>To the Board of the Sandling Harbour Trust</h4>" + PIER.split("</p>", 1)[1]
    text = words_of(content, "The pier of Sandling must stay open")
    assert "To the Board of the Sandling Harbour Trust: “On 3 May you will vote on the old pier of Sandling.”" in text


def test_a_letter_to_the_reader_is_none(article):
    content = "<p>Dear members,</p><p>You made this year what it was.</p><p>Yours sincerely,</p><p>The board</p>"
    assert letter(article(content, "A word at the end of the year"), words("en")) is None


def test_a_letter_is_one_whatever_lines_of_day_and_hour_it_has(article):
    content = (
        "<h4>An den Vorstand der Hafengesellschaft</h4><p>Wir schreiben wegen der alten Mole.</p>"
        "<p>Mit freundlichen Grüßen</p><p>Die Angler</p><p>Offen bis Freitag, 9. Mai, 18 Uhr</p>"
    )
    assert kind_of(article(content, "Die Mole muss offen bleiben"), "de").kind is Kind.LETTER


def test_lines_numbered_by_hand_under_a_colon_are_what_is_asked(words_of):
    content = (
        "<p>Señor consejero:</p><p>El muelle de Arenal tiene ciento cuarenta años y 212 metros.</p>"
        "<p>Por eso pedimos:</p><p>1º Que el muelle abra los domingos.</p><p>2º Que se iluminen sus escaleras.</p>"
        "<p>Atentamente,</p><p>Los pescadores de Arenal</p>"
    )
    text = words_of(content, "Carta abierta por el muelle de Arenal")
    assert "Pedimos:\n• Que el muelle abra los domingos\n• Que se iluminen sus escaleras" in text


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("By your own figures it costs less.", "en"),
        ("Le 3 mai, vous voterez sur la jetée.", "fr"),
        ("Le pedimos que abra el muelle.", "es"),
        ("Am 3. Mai stimmen Sie über die Mole ab.", "de"),
        ("Pedimos a Vossa Excelência que abra o cais.", "pt"),
        ("Мы просим вас открыть причал.", "ru"),
        ("نطلب منكم فتح الرصيف.", "ar"),
        ("हम आपसे घाट खोलने की माँग करते हैं।", "hi"),
        ("貴市に桟橋の開放を求めます。", "ja"),
    ],
)
def test_a_second_person_is_seen_in_any_language(sentence, language):
    assert addresses(sentence, words(language))


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("The pier is 212 metres long.", "en"),
        ("La jetée mesure 212 mètres, on y pêche chez nous.", "fr"),
        ("El muelle mide 212 metros y su faro no luce.", "es"),
        ("Sie ist 212 Meter lang.", "de"),
        ("O cais mede 212 metros.", "pt"),
        ("Причал длиной 212 метров закрыт.", "ru"),
    ],
)
def test_a_fact_addresses_nobody(sentence, language):
    assert not addresses(sentence, words(language))
