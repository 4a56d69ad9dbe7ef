"""What a sentence leans on: it comes with what it needs of what the article said before it, or not at all."""

from __future__ import annotations

import pytest

from crosspost.compose import compose
from crosspost.compose.kind import Kind
from crosspost.compose.leans import Leans
from crosspost.compose.pool import pool
from crosspost.compose.sentences import balanced
from crosspost.compose.words import words

LEAD = "<p>The river club opens its boathouse to beginners of every age this spring.</p>"


@pytest.fixture(name="lacks")
def _lacks(article):
    """Whether the article's last sentence lacks something, beside those that are named by their beginnings."""

    def make(content, *beginnings, language="en", under=""):
        pieces, _ = pool(article(content), language, str)
        leans = Leans(words(language), Kind.NEWS, under, pieces)
        beside = [piece for piece in pieces if piece.text.startswith(beginnings)] if beginnings else []
        return leans.lacks(pieces[-1], beside, under)

    return make


@pytest.mark.parametrize(
    ("language", "before", "sentence"),
    [
        ("en", "The librarian Amos Reed brings books.", "Since 2019 he has come to nine villages."),
        ("en", "The burial is for the family only.", "All members are welcome afterwards in the hall."),
        ("fr", "La bibliothécaire Anne Roc apporte des livres.", "Depuis 2019, elle passe dans neuf villages."),
        ("fr", "Le conseil a voté le budget du port.", "Le lendemain, les habitants ont voté aussi."),
        ("es", "El marinero Juan Roca salió de casa.", "Había subido a bordo en enero con su hermano."),
        ("es", "La campaña empieza en la plaza mayor.", "Durará hasta el 18 de diciembre en todo el barrio."),
        ("pt", "A professora Ana Reis ensinava piano.", "Nasceu em Braga, filha de um ferroviário."),
        ("pt", "O museu abre uma exposição na praça.", "Durará até 18 de dezembro em todo o bairro."),
        ("de", "Die Leiterin Anna Rot führt das Haus.", "Im Herbst hätte sie das Amt ganz abgegeben."),
        ("de", "Die Trauerfeier findet in der Kirche statt.", "Anschließend gibt es Suppe für alle im Hof."),
        ("ru", "Директор Анна Рот ведёт музей города.", "С 2019 года она приезжает в девять сёл."),
        ("ar", "أعلنت المدرسة عن حفل في الساحة الكبيرة.", "بعد ذلك يتناول الجميع العشاء في القاعة."),
        ("hi", "पुस्तकालय में शनिवार को बड़ा मेला लगेगा.", "उसके बाद सभी लोग मिलकर खाना खाएँगे."),
        ("ja", "図書館は新しい本の展示を始めました。", "見学はその後に二階の部屋で行います。"),
    ],
)  # fmt: skip
def test_a_paragraph_that_goes_on_from_the_one_before_needs_it(lacks, language, before, sentence):
    body = f"<p>{before}</p><p>{sentence}</p>"
    assert lacks(body, language=language)
    assert not lacks(body, before[:12], language=language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Since 2019 the librarian has come to nine villages."),
        ("en", "Since 2019 it has been possible to swim here."),
        ("fr", "Depuis 2019, il est possible de nager ici."),
        ("es", "Ha fallecido Juan Roca, vecino de la plaza."),
        ("es", "Será el sábado la fiesta de la calle mayor."),
        ("pt", "Morreu Ana Reis, professora de piano no bairro."),
        ("de", "Sie haben bis zum Freitag im Rathaus Zeit."),
        ("ru", "С 2019 года музей открыт в девять утра."),
    ],
)
def test_a_sentence_with_a_subject_of_its_own_needs_nothing(lacks, language, sentence):
    assert not lacks(f"<p>{sentence}</p>{LEAD}<p>{sentence}</p>", language=language)


@pytest.mark.parametrize(
    ("language", "month", "sentence"),
    [
        ("en", "The film is shown on 3 May.", "If the 5th is too early, come to the second evening."),
        ("fr", "Le film passe le 3 mai.", "Si vous ne pouvez pas venir le 5, écrivez au club."),
        ("es", "La película se ve el 3 de mayo.", "Quien no pueda venir el 25, que escriba al club."),
        ("de", "Der Film läuft am 3. Mai.", "Wer am 5. nicht kommen kann, schreibt dem Verein."),
        ("pt", "O filme passa a 3 de maio.", "Quem não puder vir no dia 25, escreva ao clube."),
    ],
)
def test_a_day_without_a_month_needs_the_month(lacks, language, month, sentence):
    body = f"<p>{month}</p><p>{sentence}</p>"
    assert lacks(body, language=language)
    assert not lacks(body, month[:8], language=language)


def test_a_number_to_call_is_no_day(lacks):
    assert not lacks("<p>Le film passe le 3 mai.</p><p>En cas de danger, appelez le 17 ou le 114.</p>", language="fr")


def test_what_is_called_this_needs_its_name_at_a_paragraphs_beginning_too(lacks):
    body = "<p>A petition goes to the mayor.</p><p>Whoever lives here may sign this petition before 9 May.</p>"
    assert lacks(body)
    assert not lacks(body, "A petition")
    assert not lacks(body, under="The petition of the club")
    assert not lacks(body.replace("this petition", "on this page"))


def test_the_decision_needs_what_was_decided(lacks):
    body = "<p>The skate park was not turned down at all.</p><p>The decision was put off until 15 December.</p>"
    assert lacks(body)
    assert not lacks(body, "The skate")
    assert not lacks(body.replace("The decision was", "The decision on the pool was"))


def test_what_the_sentence_before_brought_in_is_known_only_with_it(lacks):
    body = "<p>Saint-Rémy lent us a lorry for the day.</p><p>Children painted the doors and the lorry in June.</p>"
    assert lacks(body)
    assert not lacks(body, "Saint")
    assert not lacks(body, under="The lorry")


def test_after_a_gap_what_is_known_already_needs_what_it_is_known_from(lacks):
    body = "<p>A tower stands on the hill. It is cold there. The tower has no roof at all.</p>"
    assert lacks(body)
    assert not lacks(body, "A tower")


def test_a_word_that_turns_against_the_sentence_before_needs_it_in_its_paragraph(lacks):
    body = "<p>The club has seven boats. Swimmers, however, have no room at all.</p>"
    assert lacks(body)
    assert not lacks(body, "The club")


def test_an_arabic_article_does_not_hide_the_noun(lacks):
    body = "<p>أطلقت المكتبة حملة كبيرة في المدينة.</p><p>لا نجمع المال في هذه الحملة أبداً يا أصدقاء.</p>"
    assert not lacks(body, under="حملة الكتب", language="ar")
    assert lacks(body, language="ar")


def test_a_sentence_brings_along_the_one_that_it_needs(article, target, facebook):
    body = (
        f"{LEAD}<p>The burial will be for the family only. All members are welcome afterwards in the pavilion, on "
        "Friday 27 November from 3 pm.</p>"
    )
    text = compose(article(body, "Derek Pell"), target(facebook), facebook).text
    assert ("afterwards" in text) == ("family only" in text)
    assert "afterwards" in text


@pytest.mark.parametrize(
    "lost",
    [
        "代表は「理由は聞きません。2027年も同じです。",
        "The chair said that “nobody pays in 2027 at all.",
        "Le club (qui a 40 ans ouvre ses portes le 9 mai.",
        "El club dijo que «nadie paga nada en 2027.",
        "Der Verein sagt: „Im Jahr 2027 zahlt niemand.",
    ],
)
def test_a_mark_that_is_never_closed_keeps_its_sentence_out(article, target, facebook, lost):
    text = compose(article(f"{LEAD}<p>{lost}</p>", "The river club"), target(facebook), facebook).text
    assert "2027" not in text
    assert "9 mai" not in text


@pytest.mark.parametrize(
    "text",
    [
        "Bring: a) shoes, b) a lamp",
        "See you there :-)",
        "Hon sade ”kom hit” till alla.",
        "»Ja« und „nein“ (oder beides)",
    ],
)
def test_marks_that_need_no_counterpart_are_not_unclosed(text):
    assert balanced(text)


def test_those_two_are_two_that_were_named(lacks):
    body = "<p>Nine countries have sent their answer. Two of the nine said nothing.</p><p>In those two countries nobody counts.</p>"
    assert lacks(body, "Nine countries")
    assert not lacks(body, "Two of")


def test_a_figure_of_what_nothing_explains_does_not_come(article, target, x):
    body = "<p>The meeting ended on 14 May.</p><p>Most of them wait for a trial. The average wait was 16 months.</p>"
    text = compose(article(body, "What the meeting on prisons agreed"), target(x), x).text
    assert ("16 months" in text) == ("wait for a trial" in text)


def test_the_first_sentence_does_not_speak_of_these_three(lacks):
    assert lacks("<p>For these three words we made a short film.</p>", under="How a court order works")
    assert not lacks("<p>She conducted this band for 34 years.</p>", under="Ada Stone")


def test_a_short_sentence_stays_before_the_one_that_speaks_of_it(article):
    pieces, _ = pool(article("<p>Nine answered. In those nine countries 300 people wait for a trial.</p>"), "en", str)
    assert all(piece.text.startswith("Nine answered.") for piece in pieces)
