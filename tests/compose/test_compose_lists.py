"""Articles that are a list: all items with what they say or none, each once, below the line that announces them."""

from __future__ import annotations

import pytest

from crosspost.compose import compose
from crosspost.compose.kind import Kind, kind_of
from crosspost.compose.lists import labels, listing, promised
from crosspost.compose.words import words

STEPS = [
    ("Is the kettle cold?", "Wait an hour. Hot scale does not come off."),
    ("Which acid?", "Lemon, not vinegar."),
    ("How much of it?", "Two spoons to a litre."),
    ("How long?", "Until it stops fizzing, which takes half an hour."),
    ("And then?", "Rinse it three times."),
]


def heads(items, *, number=True):
    return "".join(
        f"<h3>{f'{at}. ' if number else ''}{label}</h3><p>{answer}</p>" for at, (label, answer) in enumerate(items, 1)
    )


@pytest.fixture(name="words_of")
def _words_of(article, target, facebook):
    def make(content, title, profile=facebook):
        made = compose(article(content, title), target(profile), profile)
        return "\n".join(one for one in made.text.split("\n") if not one.startswith(("https://", "#"))).strip()

    return make


@pytest.mark.parametrize(
    ("title", "language", "number"),
    [
        ("7 things to do with an old sail", "en", 7),
        ("Neuf gestes pour un hiver au sec", "fr", 9),
        ("Siete maneras de doblar un mapa", "es", 7),
        ("Fünf Fragen vor dem ersten Chor", "de", 5),
        ("Quatro árvores para um quintal pequeno", "pt", 4),
        ("Шесть вопросов о сырости", "ru", 6),
        ("ثلاث نصائح قبل السفر", "ar", 3),
        ("गाँव के पाँच रास्ते", "hi", 5),
        ("雨の日の8つの持ち物", "ja", 8),
    ],
)
def test_a_title_promises_a_number_of_things_in_any_language(title, language, number):
    assert number in promised(title, words(language))


def test_a_year_a_share_and_an_hour_promise_nothing():
    assert not promised("2026: 5% more came – 7:30, some 4,200 people", words("en"))


def test_a_number_inside_a_title_promises_nothing():
    assert not promised("What we learned in our four harbours: a report", words("en"))
    assert promised("Our harbours: four lessons", words("en")) == {4}


def test_numbered_headings_come_all_with_their_answers(words_of):
    text = words_of(f"<p>Hard water ruins kettles in this town.</p>{heads(STEPS)}", "Five questions to a kettle")
    assert text.endswith(
        "• Is the kettle cold? Wait an hour. Hot scale does not come off.\n• Which acid? Lemon, not vinegar.\n"
        "• How much of it? Two spoons to a litre.\n"
        "• How long? Until it stops fizzing, which takes half an hour.\n• And then? Rinse it three times."
    )


def test_questions_without_their_answers_are_no_list_on_x(words_of, x):
    text = words_of(f"<p>Hard water ruins kettles in this town.</p>{heads(STEPS)}", "Five questions to a kettle", x)
    assert text == "Five questions to a kettle\nHard water ruins kettles in this town."


def test_where_there_is_little_room_the_labels_come_all_or_none(words_of, x):
    short = [(name, "It grows in any soil and needs hardly any water at all.") for name in ("Ash", "Elm", "Oak", "Yew")]
    intro = "<p>Our nursery gives away saplings in November.</p>"
    text = words_of(intro + heads(short), "Four trees for a windy corner", x)
    assert text.endswith("• Ash\n• Elm\n• Oak\n• Yew")
    long = [(f"{name}, which used to stand at every corner of the old harbour road", answer) for name, answer in short]
    assert "•" not in words_of(intro + heads(long), "Four trees for a windy corner", x)


def test_headings_without_numbers_are_a_list_where_the_title_says_how_many(words_of):
    text = words_of(heads(STEPS, number=False), "Five questions to a kettle")
    assert text.count("•") == 5


def test_numbered_paragraphs_are_a_list_and_keep_their_labels(words_of):
    content = (
        "<p>La humedad vuelve cada otoño a los bajos del barrio.</p>"
        "<p>1. Abre las ventanas. Diez minutos bastan, también cuando llueve.</p>"
        "<p>2. Separa los muebles de la pared. El aire tiene que pasar por detrás.</p>"
        "<p>3. Mide. Un higrómetro cuesta nueve euros.</p>"
    )
    assert words_of(content, "Tres pasos contra la humedad").endswith(
        "• Abre las ventanas. Diez minutos bastan, también cuando llueve.\n"
        "• Separa los muebles de la pared. El aire tiene que pasar por detrás.\n"
        "• Mide. Un higrómetro cuesta nueve euros."
    )


def test_no_item_comes_both_as_a_bullet_and_as_prose(words_of):
    told = [(label, f"{answer} It costs 4 euros until 9 May.") for label, answer in STEPS]
    text = words_of(f"<p>Hard water ruins kettles in this town.</p>{heads(told)}", "Five questions to a kettle")
    assert text.count("Two spoons to a litre.") == 1
    assert [line for line in text.split("\n") if "•" not in line and "9 May" in line] == []


def test_what_follows_the_last_item_is_not_part_of_it(words_of):
    end = "<p>We show it on Saturday 9 May at 11 am in the old laundry.</p>"
    text = words_of(f"<p>Hard water ruins kettles.</p>{heads(STEPS)}{end}", "Five questions to a kettle")
    assert text.endswith("Rinse it three times.\n\nWe show it on Saturday 9 May at 11 am in the old laundry.")


def test_the_line_that_announces_the_items_stays_above_them_and_goes_without_them(words_of, x):
    content = (
        "<p>Le port dort, pas nous. Voici quatre soirées gratuites autour du phare en janvier.</p><ul>"
        "<li>Lundi 4, 18 h – Lecture à deux voix</li><li>Mardi 12, 18 h – Soupe et accordéon</li>"
        "<li>Jeudi 21, 19 h – Le ciel d’hiver. COMPLET.</li><li>Samedi 30, 17 h – Bal des gardiens</li></ul>"
    )
    title = "Janvier au phare : quatre soirées"
    text = words_of(content, title)
    assert "Voici quatre soirées gratuites autour du phare en janvier.\n\n• Lundi 4" in text
    assert "COMPLET" in text
    short = words_of(content, title, x)
    assert "Voici" not in short


def test_a_promised_list_is_one_whatever_words_it_uses(article):
    content = (
        "<p>Kommt zum Fest im Hof.</p><ul><li>Kuchen</li><li>Gläser</li><li>Stühle</li><li>Lampions</li></ul>"
        "<p>Das Konzert beginnt am 9. Mai um 19 Uhr. Der Workshop ist voll. Die Lesung fällt aus.</p>"
        "<p>Anmeldung bis 2. Mai.</p><p>Danach gibt es Musik.</p><p>Es wird hell bleiben.</p>"
    )
    assert kind_of(article(content, "Sommerfest mit Konzert: vier Dinge, die noch fehlen"), "de").kind is Kind.LIST


def test_a_letter_that_asks_for_three_things_is_no_list(article):
    content = (
        "<p>Dear members of the Harbour Board,</p><p>We ask three things of you in this open letter:</p>"
        "<ul><li>to light the pier;</li><li>to mend the steps;</li><li>to answer.</li></ul><p>Yours faithfully,</p>"
    )
    assert kind_of(article(content, "Three things for the pier: an open letter"), "en").kind is Kind.LETTER


def test_labels_that_only_ask_are_none(article):
    content = heads(STEPS)
    found = listing(article(content, "Five questions to a kettle").blocks, "Five questions to a kettle", words("en"))
    assert found is not None
    assert found.promised
    assert labels(found.entries) == ""
