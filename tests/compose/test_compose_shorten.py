"""A long sentence in shorter forms: what may go goes, what turns or limits the sense stays."""

from __future__ import annotations

import pytest

from crosspost.compose.shorten import variants, without_pointer
from crosspost.compose.words import LANGUAGES, words

FILL = "lends its green rowing boats to every family of the old town and of the villages"


@pytest.mark.parametrize(
    ("language", "sentence", "shorter"),
    [
        ("en", f"The club {FILL}; the oars come from a joiner upstream.", f"The club {FILL}."),
        ("en", f"The club {FILL}, so that everybody can learn to row.", f"The club {FILL}."),
        ("en", f"The club {FILL}, and the mill gives the paint.", f"The club {FILL}."),
        ("en", f"The club – the oldest on the river – {FILL}.", f"The club {FILL}."),
        ("en", f"After a long and wet winter, the club {FILL}.", f"The club {FILL}."),
        (
            "fr",
            "Le club prête ses barques vertes à toutes les familles de la vieille ville, afin que chacun apprenne.",
            "Le club prête ses barques vertes à toutes les familles de la vieille ville.",
        ),
        (
            "es",
            "Gracias a la ayuda de los vecinos, el club presta sus barcas verdes a todas las familias del pueblo viejo.",
            "El club presta sus barcas verdes a todas las familias del pueblo viejo.",
        ),
        (
            "de",
            "Der Verein verleiht seine grünen Boote an alle Familien der Altstadt, damit jedes Kind rudern lernen kann.",
            "Der Verein verleiht seine grünen Boote an alle Familien der Altstadt.",
        ),
    ],
)
def test_a_long_sentence_can_do_without_what_only_adds(language, sentence, shorter):
    assert shorter in variants(sentence, words(language))


@pytest.mark.parametrize(
    "sentence",
    [
        f"The club {FILL}; it does not lend the oars.",
        f"The club {FILL}, and the mill gives 400 euros.",
        f"The club {FILL}, and with them to the school.",
        f"The club asks for two things: that it {FILL}, and the paint.",
        f"Without a long winter, the club {FILL}.",
        f"After 12 wet winters, the club {FILL}.",
    ],
)
def test_figures_limits_and_what_is_counted_after_a_colon_stay(sentence):
    assert variants(sentence, words("en")) == ()


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"ja"}))  # Japanese puts such clauses first
def test_every_language_knows_what_a_sentence_can_do_without(language):
    assert words(language).tail.pattern != "(?!)"


def test_a_negation_in_a_script_with_vowel_signs_stays():
    said = "समिति रविवार को तालाब के पास बैठक कर रही है, क्योंकि नगर पालिका ने अब तक कोई जवाब नहीं दिया है।"
    assert variants(said, words("hi")) == ()
    assert variants(said.replace("नहीं ", ""), words("hi"))


def test_what_is_less_than_half_of_a_sentence_does_not_stand_for_it():
    long = "The paint on the doors is wet, and the boats that we had ordered for the festival stand in the rain at the lock since May."
    assert variants(long, words("en")) == ()


@pytest.mark.parametrize(
    ("language", "sentence", "shorter"),
    [
        ("en", "We are very sorry to tell our members that the old boathouse of the village burned down.", "The old boathouse of the village burned down."),
        ("en", "It is with great joy that we announce that Ada Moss will row for us in May.", "Ada Moss will row for us in May."),
        ("fr", "Nous avons le plaisir de vous annoncer que le club ouvre ses portes en mai.", "Le club ouvre ses portes en mai."),
        ("es", "Tenemos el placer de anunciar que el club abre sus puertas en mayo.", "El club abre sus puertas en mayo."),
        ("es", "Por eso, del 1 al 9 de mayo abrimos las puertas.", "Del 1 al 9 de mayo abrimos las puertas."),
        ("pt", "Temos o prazer de anunciar que o clube abre as portas em maio.", "O clube abre as portas em maio."),
    ],
)  # fmt: skip
def test_what_only_announces_may_go(language, sentence, shorter):
    assert shorter in variants(sentence, words(language))


def test_what_only_points_to_a_link_goes_from_a_sentences_end():
    said = "You need no boat of your own, but you do need to register: by 18 May, using this form."
    assert without_pointer(said, "this form", words("en")) == said.replace(", using this form", "")
    for kept in (
        "Those who row, unless this form says no.",
        "Write by May, at the latest, and send us back this form.",
    ):
        assert without_pointer(kept, "this form", words("en")) == kept


def test_the_first_of_several_things_is_no_opening_that_may_go():
    told = (
        "After fuel, insurance and the share that the agency takes from each crew, rowers kept hardly anything of what"
        " the passengers had paid."
    )
    assert not any(one.startswith("Insurance") for one in variants(told, words("en")))
