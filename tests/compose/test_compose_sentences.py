"""Where sentences end."""

from __future__ import annotations

import pytest

from crosspost.compose.sentences import balanced, ends_whole, sentences

WHOLE = [  # each is one sentence
    ("en", "Dr. Ruth Okell met Mr. J. F. Brandt on Friday."),
    ("en", "The U.S. Senate voted 88.5 to 11.5 on the bill."),
    ("en", "Under General recommendation No. 38 on trafficking, states must act."),
    ("en", "It costs approx. 40 euros, e.g. for a child."),
    ("en", "“Stop!” said the mayor."),
    ("fr", "M. Dupont et Mme. Durand ont signé l'art. 5 de la loi."),
    ("fr", "Elle demande : « Pourquoi ? » à la ministre."),
    ("es", "El Sr. Pérez y la Sra. Gómez viajaron a EE. UU. el lunes."),
    ("de", "Das Fest findet am 8. März statt."),
    ("de", "Zeit an einem festen Tag, z. B. dienstags oder sonntags, ist nötig."),
    ("de", "Ein Infoabend findet am 18. November im Gemeindehaus St. Anna statt."),
    ("de", "Wir, d.h. das Tafelwerk e.V., haben 11.400 Mahlzeiten verteilt."),
    ("de", "Die Verordnung Nr. 5 gilt ab dem 1. Dezember."),
    ("de", "Die Beratungsstelle liegt in der Hauptstr. 5 in Köln."),
    ("de", "Sie war unser 1.000. Fahrgast in diesem Monat."),
    ("pt", "O Sr. Silva e a Dra. Costa assinaram o art. 5 da lei."),
]


@pytest.mark.parametrize(("language", "text"), WHOLE)
def test_a_stop_that_belongs_to_a_word_or_number_ends_nothing(language, text):
    assert sentences(text, language) == (text,)


PARTED = [
    ("en", "The zone starts in 2027.", "The city may appeal."),
    ("en", "He said no. ", "She agreed."),
    ("en", "“The court has told the city to stop.”", "The ruling is final."),
    ("en", "It opens at 7 p.m.", "Entry is free."),
    ("fr", "« Pourquoi ? »", "Personne n’a répondu."),
    ("fr", "Le colloque est complet !", "Merci à toutes."),
    ("es", "¿Quién paga?", "¡Nadie!"),
    ("de", "Das kostet 1.000.", "Die Stadt zahlt es."),
    ("de", "Sie sagte: „Wir warten.“", "Dann ging sie."),
    ("de", "Das war 2026.", "Danach kam der Winter."),
    ("pt", "A decisão é final.", "O município tem 30 dias."),
    ("ar", "هل صدر الحكم؟", "نعم صدر اليوم."),
    ("hi", "अदालत ने फैसला सुनाया।", "शहर अपील कर सकता है।"),
    ("", "Rzecz jasna.", "Sąd orzekł."),
]


@pytest.mark.parametrize(("language", "first", "second"), PARTED)
def test_two_sentences_are_two(language, first, second):
    assert sentences(f"{first} {second}", language) == (first.strip(), second)


def test_chinese_and_japanese_need_no_blank():
    assert sentences("裁判所は認めた。市は控訴する。", "ja") == ("裁判所は認めた。", "市は控訴する。")


def test_a_quotation_of_several_sentences_stays_together():
    text = "She said: “It is over. The city lost. We won.”"
    assert sentences(text, "en") == (text,)


def test_nothing_is_lost_between_the_sentences():
    text = "One is here.  Two is there! Three"
    assert "".join(sentences(text, "en")).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "whole"), [("It is.", True), ("It is (so).", True), ("« Oui. »", True), ("Room X", False)]
)
def test_a_line_without_a_stop_is_no_sentence(text, whole):
    assert ends_whole(text) is whole


@pytest.mark.parametrize(
    ("text", "paired"),
    [
        ("“a”", True),
        ("“a", False),
        ("„a“", True),
        ("»a«", True),
        ("« a »", True),
        ("(a", False),
        ('say "a', False),
        ("a)", False),
    ],
)
def test_an_unpaired_mark_is_seen(text, paired):
    assert balanced(text) is paired


def test_an_address_ends_a_sentence():
    text = "Fragen an fest@example.at. Das Treffen ist am Montag."
    assert sentences(text, "de") == ("Fragen an fest@example.at.", "Das Treffen ist am Montag.")


def test_a_japanese_quotation_of_two_sentences_stays_together():
    text = "館長は「本は返さなくていい。読めばいい」と話す。図書館は来週も開く。"
    assert sentences(text, "ja") == ("館長は「本は返さなくていい。読めばいい」と話す。", "図書館は来週も開く。")
