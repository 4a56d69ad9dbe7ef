"""Which language a text is in."""

from __future__ import annotations

import pytest

from crosspost.compose.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The court ruled that the city may not postpone its plan.", "en"),
        ("Le tribunal a jugé que la ville ne peut pas reporter son projet.", "fr"),
        ("El tribunal dictaminó que la ciudad no puede aplazar su plan.", "es"),
        ("Das Gericht hat entschieden, dass die Stadt den Plan nicht verschieben darf.", "de"),
        ("O tribunal decidiu que a cidade não pode adiar o seu plano para o ano.", "pt"),
        ("Il tribunale ha stabilito che la città non può rinviare il suo piano.", "it"),
        ("De rechtbank oordeelde dat de stad het plan niet mag uitstellen.", "nl"),
        ("قضت المحكمة بأن المدينة لا يجوز لها تأجيل خطتها.", "ar"),
        ("अदालत ने फैसला सुनाया कि शहर योजना को टाल नहीं सकता।", "hi"),
        ("Суд постановил, что город не может отложить план.", "ru"),
        ("裁判所は市が計画を延期できないと判断した。", "ja"),
        ("法院裁定该市不得推迟其计划。", "zh"),
        ("법원은 시가 계획을 연기할 수 없다고 판결했다.", "ko"),
        ("Το δικαστήριο αποφάσισε ότι η πόλη δεν μπορεί.", "el"),
        ("בית המשפט קבע כי העירייה אינה רשאית לדחות.", "he"),
        ("دادگاه حکم داد که شهر نمی‌تواند برنامه را به تعویق بیندازد و چاپ کند.", "fa"),
    ],
)
def test_the_text_tells_its_language(text, language):
    assert language_of(text) == language


def test_a_wrong_claim_of_the_feed_does_not_count():
    assert language_of("Le tribunal a jugé que la ville ne peut pas reporter son projet.", "en-US") == "fr"


@pytest.mark.parametrize(
    ("text", "hint", "language"), [("CEDAW 2026", "fr-CA", "fr"), ("", "de", "de"), ("123", "", "")]
)
def test_the_claim_counts_where_the_text_says_nothing(text, hint, language):
    assert language_of(text, hint) == language


def test_a_text_in_an_unknown_latin_language_is_not_taken_for_a_known_one():
    finnish = "Tuomioistuin päätti että kaupunki ei saa lykätä puhtaan ilman vyöhykettä enää tammikuun jälkeen"
    assert language_of(finnish, "fi") == "fi"
    assert language_of(finnish) == ""


def test_a_language_with_a_few_words_alone_is_told_too():
    polish = "Sąd orzekł, że miasto nie może już opóźniać strefy czystego transportu, która jest ważna dla miasta"
    assert language_of(polish, "en") == "pl"
    assert language_of("Klubben har bestämt att den inte ska flytta till en annan plats, men det är sent", "") == "sv"


def test_a_hint_that_is_no_code_is_no_language():
    assert language_of("", "english") == ""
