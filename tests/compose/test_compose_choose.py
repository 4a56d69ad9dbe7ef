"""Which pieces go together: what tells the most, whole, in order, with what each leans on."""

from __future__ import annotations

from itertools import permutations

import pytest

from crosspost.compose import compose
from crosspost.compose.choose import Choice, Room
from crosspost.compose.kind import Kind
from crosspost.compose.layout import listed
from crosspost.compose.pieces import Form
from crosspost.compose.pool import pool
from crosspost.compose.reading import read
from crosspost.compose.shorten import first_part, variants
from crosspost.compose.words import LANGUAGES, words
from crosspost.compose.worth import WEIGHTS, scale

LEAD = "<p>The river club opens its boathouse to beginners of every age this spring.</p>"
MORE = "".join(f"<p>The {thing} stands beside the {other} and is painted green.</p>" for thing, other in (
    ("boathouse", "mill"), ("mill", "bridge"), ("bridge", "lock")))  # fmt: skip


@pytest.fixture(name="words_of")
def _words_of(article, target, x):
    def make(content, title="The river club opens its boathouse", *, profile=x, limit=None, **more):
        made = compose(article(content, title, **more), target(profile, limit=limit), profile)
        lines = made.text.split("\n")
        return "\n".join(line for line in lines if not line.startswith(("https://", "#"))).strip()

    return make


@pytest.fixture(name="pieces_of")
def _pieces_of(article):
    return lambda content, language="en": pool(article(content), language, str)[0]


def test_the_last_day_comes_before_what_only_fills_the_room(words_of):
    text = words_of(f"{LEAD}{MORE}<p>Sign up by Friday 12 March at the bar.</p>", "Learn to row")
    assert "12 March" in text


def test_a_postponement_comes_before_everything_else(words_of):
    text = words_of(f"{LEAD}{MORE}<p>The regatta has been postponed to 9 May.</p>", "The regatta on the river in April")
    assert "postponed to 9 May" in text


def test_what_would_be_off_if_it_rains_is_not_off(words_of):
    body = f"{LEAD}{MORE}<p>If it rains the regatta will be cancelled.</p><p>Where: Mill Gate<br>When: 9 May, 2 pm</p>"
    assert "cancelled" not in words_of(body, "The regatta on the river", limit=160)


def test_a_programme_comes_whole_or_not_at_all(words_of, facebook):
    rows = "".join(
        f"<tr><td>{name}</td><td>{day} May, 10:00</td><td>Ada</td></tr>" for name, day in (("A", 9), ("B", 10))
    )
    body = f"{LEAD}<table>{rows}</table>"
    assert "A: 9 May, 10:00\nB: 10 May, 10:00" in words_of(body, "Rowing lessons", profile=facebook)
    short = words_of(body, "Rowing lessons", limit=110)
    assert ("9 May" in short) == ("10 May" in short)


def test_a_question_comes_with_its_answer_or_not_at_all(words_of, pieces_of):
    text = words_of("<p>Can beginners row here? Yes, they can.</p>" + LEAD, "Rowing for beginners on the river")
    assert "?" not in text or "? Yes, they can." in text
    assert not any(piece.text.startswith("Yes") for piece in pieces_of("<p>Can beginners row here? Yes, they can.</p>"))
    assert not pieces_of("<p>Can beginners row on the river?</p>")


def test_a_short_word_goes_on_into_its_sentence_and_a_label_does_not(pieces_of):
    texts = [piece.text for piece in pieces_of("<p>Thank you. The club has met its goal this year.</p>")]
    assert texts[0] == "Thank you. The club has met its goal this year."
    labelled = pieces_of("<p>Mill Gate (site 8). Failed the test for the fourth year.</p>")
    assert [(piece.text, piece.inner) for piece in labelled if not piece.wide] == [
        ("Failed the test for the fourth year.", True)
    ]


def test_a_pronoun_does_not_come_without_what_it_stands_for(words_of):
    body = (
        f"<p>{'The old green boats lie in the shed behind the mill, ' * 5}as ever. Bring them to us by 9 May.</p>{LEAD}"
    )
    assert "Bring them" not in words_of(body, limit=200)


def test_what_nobody_has_to_do_does_not_come_without_what_it_is_about(words_of):
    body = f"{LEAD}<p>{'The evening in the hall is long and warm, ' * 7}as ever. You do not need to sign up.</p>"
    assert "sign up" not in words_of(body)


def test_a_list_that_goes_on_from_its_head_is_a_sentence():
    assert listed("We ask for:", ["a second tank", "warning lights"]) == "We ask for: a second tank; warning lights."
    assert listed("Nous demandons :", ["un train", "un bus"]) == "Nous demandons : un train ; un bus."
    assert listed("We ask for:", ["A tank", "Lights"]) == "We ask for:\n• A tank\n• Lights"
    assert not listed("", ["a second tank", "warning lights"])


def test_items_under_a_heading_with_a_not_are_no_items_of_the_article(words_of, facebook):
    good = "<h3>We mend</h3><ul>" + "".join(f"<li>Lamp number {n}</li>" for n in range(5)) + "</ul>"
    bad = "<h3>We do not mend</h3><ul><li>Ovens</li><li>Heaters</li></ul>"
    assert "Ovens" not in words_of(good + bad, "Things that we mend at the river", profile=facebook)


def test_a_numbered_list_gives_its_headings_with_what_stands_below(words_of, facebook):
    body = LEAD + "".join(
        f"<h3>{n}. The game called {name}</h3><p>Run and hide.</p>" for n, name in enumerate("ABCDE", 1)
    )
    text = words_of(body, "Five games by the river", profile=facebook)
    assert "• The game called A: Run and hide.\n• The game called B: Run and hide." in text


def test_another_languages_paragraph_stays_out(words_of, facebook):
    french = "<p>In French: le club ouvre son hangar à tous les débutants et la ville est invitée avec ses enfants.</p>"
    assert "hangar" not in words_of(LEAD + french, profile=facebook)


def test_what_stands_above_a_letter_is_no_news_but_a_change_of_plan_is(words_of, facebook):
    letter = "<p>Dear councillors,</p><p>We ask you not to close the boathouse on the river.</p>"
    above = "<p>Adopted by the members in their own hall last week.</p><p>The vote has been postponed to 19 May.</p>"
    text = words_of(above + letter, "Open letter on the boathouse", profile=facebook)
    assert "Adopted" not in text
    assert "postponed" in text


def test_a_letter_that_goes_on_in_lower_case_begins_with_a_capital(words_of):
    letter = "<p>Liebe Eltern,</p><p>wegen des Schnees bleibt die Schule am Montag und am Dienstag geschlossen.</p>"
    text = words_of(letter, "Schnee", language="de")
    assert text.endswith("Wegen des Schnees bleibt die Schule am Montag und am Dienstag geschlossen.")


def test_a_dateline_goes_in_a_language_without_words_too(pieces_of):
    pieces = pieces_of("<p>WARSZAWA, 3 marca 2026 – Nowa szkoła zostanie otwarta w sobotę.</p>", "pl")
    assert [piece.text for piece in pieces] == ["Nowa szkoła zostanie otwarta w sobotę."]


def test_a_correction_does_not_bring_back_the_wrong_figure(words_of, facebook):
    wrong = "<p>Correction: an earlier version of this text spoke of 400 boats.</p>"
    assert "400" not in words_of(LEAD + wrong, profile=facebook)


@pytest.mark.parametrize(
    ("language", "sentence", "shorter"),
    [
        ("en", "The club (with its old green boats) opens its doors to everybody.", "The club opens its doors to everybody."),
        ("en", "The club opens its doors to everybody, which pleases the neighbours.", "The club opens its doors to everybody."),
        ("fr", "Déposez un cartable dans nos points de collecte : écoles, pharmacies, mairie.", "Déposez un cartable dans nos points de collecte."),
    ],
)  # fmt: skip
def test_a_part_that_only_explains_may_go(language, sentence, shorter):
    assert variants(sentence, words(language)) == (shorter,)


@pytest.mark.parametrize(
    "sentence",
    [
        "The club opens its doors to everybody (but not to dogs).",
        "The club opens its old doors to everybody (from 9 May).",
        "The club opens its doors to everybody, who must not bring dogs.",
        "The club opens its doors to all: nobody is asked, everybody comes and stays until the very end.",
        "The woman who leads the club opens its doors.",
    ],
)
def test_a_figure_a_negation_and_a_condition_never_go(sentence):
    assert variants(sentence, words("en")) == ()


def test_a_titles_first_part_stands_for_it_only_where_it_says_something():
    assert first_part("Open letter to the council: do not close the line", words("en")) == "Open letter to the council"
    assert first_part("News: do not close the line", words("en")) == ""
    assert first_part("Do not close the line", words("en")) == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_knows_what_every_language_has_to_know(code):
    known = words(code)
    assert known.stop
    assert known.nots
    assert known.months
    assert len(known.kinds) == len(words("en").kinds)
    for pattern in (known.status, known.ask, known.deadline, known.condition, known.pointing, known.salutation):
        assert pattern.pattern != "(?!)"


@pytest.mark.parametrize(
    ("language", "leans", "stands"),
    [
        ("en", "He came.", "Health workers came."),
        ("en", "So they came.", "Some people came."),
        ("en", "What it does not do is pay.", "What the club does is pay."),
        ("de", "Er kam gestern.", "Erste Gäste kamen gestern."),
        ("es", "Y así fue.", "El viernes fue así."),
    ],
)
def test_a_word_that_only_begins_like_a_leaning_one_does_not_lean(language, leans, stands):
    assert words(language).leaning.match(leans)
    assert not words(language).leaning.match(stands)


def test_every_mark_has_a_weight_and_every_form_a_name():
    assert all(weight > 0 for weight in WEIGHTS.values())
    assert {form.value for form in Form} == {"sentence", "line", "list"}


def test_an_excerpt_that_an_editor_wrote_is_the_whole_text_with_nothing_added(words_of):
    assert words_of(LEAD, "Rowing lessons for beginners", excerpt="Six weeks, at your own pace.") == (
        "Six weeks, at your own pace."
    )


def test_a_list_stands_below_its_heading_and_a_list_of_links_does_not(pieces_of):
    offer = "<h3>What we offer</h3><ul><li>A room of 20 m²</li><li>A stipend of 900 euros</li></ul>"
    assert [piece.text for piece in pieces_of(offer)] == ["What we offer:\n• A room of 20 m²\n• A stipend of 900 euros"]
    links = "<h3>More</h3><ul><li><a href='/a'>A room of 20 m²</a></li><li><a href='/b'>A stipend</a></li></ul>"
    assert not pieces_of(links)


def test_lines_with_bullets_that_somebody_typed_are_a_list(pieces_of):
    typed = "<p>With your gifts we could:</p><p>✔ open on Saturdays<br>✔ feed 40 families</p>"
    assert [piece.text for piece in pieces_of(typed)] == [
        "With your gifts we could: open on Saturdays; feed 40 families."
    ]


def test_a_list_of_what_there_is_not_comes_where_there_is_room_alone(pieces_of):
    found = pieces_of("<h3>What we do not take</h3><ul><li>Old shoes of 2020</li><li>Torn coats</li></ul>")
    assert [piece.wide for piece in found] == [True]


def test_the_sentence_that_tells_the_news_comes_before_the_one_that_sets_a_scene(words_of):
    scene = "It is eight below zero at night in the hills. From today the club collects warm coats for the shelter."
    text = words_of(f"<p>{scene}</p>{MORE}", "Warm coats for the shelter until 12 December", limit=190)
    assert "From today the club collects" in text


def test_nobody_is_called_by_one_name_before_being_introduced(words_of):
    body = f"<p>{'The bus is late, ' * 16}says Hattie Lomond.</p><p>Hattie has counted 38 buses.</p>{LEAD}"
    assert "Hattie" not in words_of(body, "Timetables", limit=165)
    assert "We have counted" in words_of(body.replace("Hattie has", "We have"), "Timetables", limit=165)


def test_what_is_called_this_has_to_be_named_in_the_text(words_of):
    hidden = f"{LEAD}<p>{'The ferry is slow, ' * 16}and wet. Sign this petition before 9 May.</p>"
    assert "this petition" not in words_of(hidden, limit=200)
    named = f"<p>A petition goes to the mayor. He is slow. Sign this petition before 9 May.</p>{MORE}"
    assert "this petition" in words_of(named, "The petition of the club", limit=140)


@pytest.mark.parametrize(
    ("language", "sentence", "shorter"),
    [
        ("en", "Therefore our summer fair moves by one week.", "Our summer fair moves by one week."),
        ("fr", "De plus, la fête du quartier change de place.", "La fête du quartier change de place."),
        ("es", "Por eso este año salimos a la calle.", "Este año salimos a la calle."),
        ("de", "Und wir suchen noch zwanzig neue Mitglieder.", "Wir suchen noch zwanzig neue Mitglieder."),
    ],
)
def test_a_word_that_only_joins_may_go(language, sentence, shorter):
    assert shorter in variants(sentence, words(language))


@pytest.mark.parametrize(
    "sentence", ["But our summer fair does not move by a week.", "So far our fair has moved by a week."]
)
def test_a_word_that_turns_the_sense_stays(sentence):
    assert variants(sentence, words("en")) == ()


def test_what_a_report_found_comes_before_how(words_of):
    how = "<h3>How we measured</h3><p>Each place was sampled in 24 places by 40 people.</p>"
    found = "<h3>What we found</h3><p>Phosphate was too high in 38% of the samples.</p>"
    text = words_of(f"<p>The club publishes its study.</p>{how}{found}", "A report on the river", limit=160)
    assert "38%" in text
    assert "24 places" not in text


def test_on_x_a_tag_goes_for_a_sentence_that_says_much(article, target, x):
    body = "<p>The club asks you to sign the letter by 9 May.</p><p>The walk of 12 May has been cancelled for all.</p>"
    story = article(body, "A letter on the mill", terms=("walk", "river protection", "letter"))
    whole = compose(story, target(x, limit=155), x).text
    assert "9 May" in whole
    assert "cancelled" in whole
    assert "#RiverProtection" not in whole


def test_more_items_than_there_is_room_for_are_no_list_of_what_is_asked_for(pieces_of):
    items = "".join(f"<li>boat number {number} of the club</li>" for number in range(8))
    assert not pieces_of(f"<p>We ask for:</p><ul>{items}</ul>")


def test_a_line_of_figures_is_told_less_than_a_sentence(words_of):
    figures = "<p>Boats: 34<br>Oars: 112<br>Members: 308</p>"
    text = words_of(f"{LEAD}{figures}<p>The club asks the city for a second boathouse.</p>", "A report", limit=200)
    assert "second boathouse" in text


def test_the_long_name_of_what_was_named_may_go():
    long = "Le 24 mai, le club a organisé un colloque sur la rivière, intitulé : “La rivière et ses moulins en été”."
    assert "Le 24 mai, le club a organisé un colloque sur la rivière." in variants(long, words("fr"))


def test_in_german_what_joins_goes_and_the_rest_turns_around():
    turned = variants("Dafür suchen wir noch 25 Ehrenamtliche aus dem Ort.", words("de"))
    assert turned == ("Wir suchen noch 25 Ehrenamtliche aus dem Ort.",)


def test_this_event_is_no_riddle_in_the_events_own_article(pieces_of, article):
    made = pool(
        article("<p>This event will be held online.</p><p>This bridge is old and grey.</p>"), "en", str, Kind.EVENT
    )
    assert [piece.leaning for piece in made[0]] == [False, True]


def test_a_sentence_that_is_no_news_takes_no_other_with_it(pieces_of):
    block = "<p>The talk will be held online. Please register by clicking on this link.</p>"
    assert [piece.text for piece in pieces_of(block)] == ["The talk will be held online."]


def test_no_text_begins_with_somebodys_words(words_of):
    body = f"<p>{'The city said so again and again, ' * 10}on Monday.</p><p>“We won and the boats stay on the river,” said Ada Brook of the club.</p>"
    text = words_of(body, "The court says that the club may keep its boathouse by the old mill", limit=230)
    assert text.startswith("The court says")


def test_a_page_does_not_say_i(words_of):
    mine = "<p>The mill is old. I know that the boats of my club are from 1950.</p>"
    text = words_of(f"{mine}<p>The boats of the club are from 1950.</p>", "The old mill", limit=110)
    assert "I know" not in text
    assert "boats of the club" in text


def test_where_there_is_room_a_sentence_stays_whole(words_of, facebook):
    text = words_of(
        "<p>The club (with its 3 old boats and one oar) opens its doors. The National Boat Club (NBC) opens its old doors to all.</p>",
        profile=facebook,
    )
    assert "(NBC)" in text


def test_a_french_label_has_its_blank(pieces_of):
    assert pieces_of("<dl><dt>Lieu</dt><dd>salle des fêtes</dd></dl>", "fr")[0].text == "Lieu\u00a0: salle des fêtes"
    assert pieces_of("<dl><dt>Where</dt><dd>Town Hall</dd></dl>")[0].text == "Where: Town Hall"


def test_a_list_gives_its_items_before_its_introduction(words_of):
    items = "".join(f"<li>A rule about number {name}</li>" for name in ("one", "two", "three", "four", "five"))
    text = words_of(
        f"<p>We have swum in this cold river for a very long time.</p><ul>{items}</ul>", "Five rules", limit=200
    )
    assert text.count("•") >= 4


def test_what_a_letter_asks_for_comes_whole(words_of, facebook):
    asked = "<p>We ask you:</p><ul><li>to keep all three boats</li><li>to publish the figures</li></ul>"
    reasons = "".join(
        f"<p>The boats of the club carried {n} people last year and {n + 3} this year.</p>" for n in range(40, 50)
    )
    text = words_of(reasons + asked, "An open letter to the city on the boats", profile=facebook)
    assert "We ask you: to keep all three boats; to publish the figures." in text


def test_one_line_of_a_table_does_not_stand_on_top(words_of, facebook):
    lines = "<p>Members: 60 euros<br>Families: 90 euros</p>"
    body = f"<p>A woman got on the bus. She was our guest number 300 this month.</p><p>Thank you to the 38 drivers of the club.</p>{lines}"
    assert (
        not words_of(body, "A year of the bus", profile=facebook).split("\n\n")[1].startswith(("Members", "Families"))
    )


def test_a_bare_quotation_does_not_follow_the_title(words_of, facebook):
    body = f"<p>“Do you mend lamps and old oars?”</p>{LEAD}{MORE}"
    assert "Do you mend" not in words_of(body, "Things that we mend", profile=facebook)


@pytest.mark.parametrize(("when", "where"), [("When: ", "Where: "), ("When? ", "Where? ")])
def test_a_list_of_labelled_facts_is_lines(pieces_of, when, where):
    items = f"<ul><li>{when}9 May, 2 pm</li><li>{where}Mill Gate</li><li>How much? Nothing</li></ul>"
    pieces = pieces_of(f"<h3>For beginners</h3>{items}")
    assert [piece.form for piece in pieces] == [Form.LINE] * 3
    assert pieces[0].text == f"{when}9 May, 2 pm"


def test_a_list_of_speakers_with_what_they_do_stays_a_list(pieces_of):
    pieces = pieces_of("<h3>Speakers</h3><ul><li>Ada Moss: miller</li><li>Ben Moss: baker</li></ul>")
    assert [piece.form for piece in pieces] == [Form.LIST]


def test_a_figure_brings_the_sentences_along_that_it_needs(words_of, facebook):
    dull = "<p>The bridge is green, the boathouse is old, and the lock beside the mill was built of oak by hand.</p>"
    way = "By day or by dim of eve, in dry or in wet, it is up to us all to go and see how it is in the bay."
    body = f"<p>{way} They lifted 940 nets and 312 crabs last year.</p>"
    text = words_of(f"{LEAD}{dull}{MORE}{body}", profile=facebook)
    assert f"{way} They lifted 940 nets" in text


def test_a_paragraph_that_leans_comes_only_right_after_the_one_before_it(words_of, facebook):
    after = "<p>This is not a loan: the boat passes to the town on 1 June 2027 for 400 euros.</p>"
    boat = "<p>The old club gives its boat to 30 beginners.</p>"
    told = words_of(f"{LEAD}{boat}{after}", profile=facebook)
    assert told.endswith(
        "30 beginners.\n\nThis is not a loan: the boat passes to the town on 1 June 2027 for 400 euros."
    )
    assert "not a loan" not in words_of(f"{LEAD}{boat}<h3>Later</h3>{after}", profile=facebook)


def test_a_question_that_the_title_asks_is_not_asked_again(article):
    made = article("<p>Why do we row? The river has been clean since 2019.</p>", "Why do we row?")
    assert [piece.text for piece in pool(made, "en", str)[0]] == ["The river has been clean since 2019."]


@pytest.mark.parametrize(
    ("text", "counts"), [("It costs 9 euros.", True), ("It costs £5.", True), ("We are 9.", False)]
)
def test_a_price_of_one_figure_counts_as_a_figure(text, counts):
    assert ("figures" in set(scale("Row", (), (), words("en"), Kind.NEWS).marks(text))) is counts


def test_a_first_sentence_that_says_next_to_nothing_gains_nothing_by_its_place(words_of):
    news = "The flood went into 23 houses of Mill Lane in the night, and 412 blankets came in ten days from all sides."
    said = words_of(f"<p>What a day it was for us all.</p><p>{news}</p>", "The flooded lane", limit=200)
    assert said == f"The flooded lane\n{news}"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tickets that were bought stay valid."),
        ("de", "Bereits gekaufte Karten behalten ihre Gültigkeit."),
        ("fr", "Les billets restent valables."),
        ("es", "Las entradas siguen siendo válidas."),
        ("ru", "Купленные билеты действительны до мая."),
    ],
)
def test_what_becomes_of_the_tickets_is_for_the_reader(language, text):
    assert words(language).ask.search(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Now hands are needed."),
        ("es", "Lo que hace falta ahora son manos."),
        ("fr", "Il manque encore des bras."),
        ("de", "Jetzt werden helfende Hände gebraucht."),
        ("it", "Ora servono mani."),
    ],
)
def test_what_is_needed_is_a_plea(language, text):
    assert words(language).plea.search(text)


def test_what_was_put_off_is_named_where_the_story_has_many_subjects(words_of):
    put_off = (
        "<p>The bridge stays closed to carts, to horses and to everybody on foot. The choice was put off to 9 May.</p>"
    )
    body = f"{LEAD}{put_off}{MORE}{MORE.replace('green', 'red')}"
    assert "put off" not in words_of(body, "Three things that the council of the river said", limit=160)


def test_a_full_name_is_known_in_cyrillic_too(article, target, x):
    questions = "".join(
        f"<p>Что было {word}?</p><p>Мы долго ждали и не знали.</p>" for word in ("дальше", "потом", "зимой")
    )
    body = f"<p>Музею исполнилось десять лет.</p><p>Директор Анна Лебедева рассказала, почему вход стал бесплатным.</p>{questions}"
    assert "Анна Лебедева" in compose(article(body, "«Музей — это не склад»", language="ru"), target(x), x).text


def test_what_a_sentence_points_to_may_stand_in_itself(words_of, facebook):
    inside = "Tom Gale painted the hull. The oars themselves are done: from 1 May they hang in the mill, 24 of them."
    assert "24 of them" in words_of(f"{LEAD}<p>{inside}</p>", "The boats of the river club", limit=230)


def test_what_goes_on_while_the_rest_is_off_is_told_too(words_of):
    body = (
        "<p>The lake is frozen, so rowing on Sunday 8 March is cancelled.</p>"
        "<p>Juniors: the rowing course in the hall is NOT cancelled!</p>"
        "<p>The boathouse has a new green door that Ada painted with the money of the summer fair.</p>"
    )
    assert "NOT cancelled" in words_of(body, "No rowing on Sunday", limit=200)


def test_a_text_without_title_begins_with_news_and_not_with_a_later_figure(words_of):
    news = "On 14 February we held the fifth Great Launch of boats on the Turba, in the rain."
    scene = "<p>At nine it snowed hard.</p>"
    more = (
        "<p>Forty-six children came and gave 312 biscuits to the crews, who had rowed since 9:30 and were hungry.</p>"
    )
    assert words_of(f"{scene}<p>{news}</p>{more}", "The Great Launch of boats", limit=250).startswith(news)
    later = "<p>So far 18,200 have signed and 25,000 are needed by 6 December.</p>"
    assert words_of(f"{scene}{later}", "Keep boats on the Turba").startswith("Keep boats")


def test_who_is_named_in_full_may_come_without_the_sentence_before_where_there_is_little_room(words_of):
    scene = "It has been snowing since nine in the morning and the canal lies still under the old stone bridge."
    text = words_of(f"<p>{scene} Ada Brook, 71, is one of nine keepers.</p>", "Behind the lock", limit=120)
    assert text == "Behind the lock\nAda Brook, 71, is one of nine keepers."


def test_an_obituary_begins_with_who_has_died(words_of):
    body = (
        "<p>Many of you have called the boathouse since Friday morning, so here are a few words.</p>"
        "<p>The café of the club is open for everybody tonight from 18:00, and Ada makes tea.</p>"
        "<p>Marcel Brook, who kept the boats for 41 years, has died at the age of 78.</p>"
    )
    assert words_of(body, "Marcel, 1948–2026").startswith("Marcel Brook, who kept the boats")


def test_a_figure_among_findings_comes_alone_where_there_is_no_room_for_all(words_of, facebook):
    told = (
        "66% of the boathouses had no working pump in spring",
        "Rowers had walked 11 kilometres on average to a course that did not take place",
        "The repair of one single pump took 74 days, and in the hills of the north it took more than 100",
    )
    body = f"{LEAD}<h3>Main findings</h3><ul>{''.join(f'<li>{one}</li>' for one in told)}</ul>"
    text = words_of(body, "Report: what 41 boathouses told us", limit=230)
    assert f"• {told[0]}" in text
    assert "Main findings" not in text
    assert "Main findings:\n• 66%" in words_of(body, "Report: what 41 boathouses told us", profile=facebook)


def test_a_set_is_worth_the_same_in_whatever_order_its_pieces_came(article):
    body = (
        "<p>On a wet morning the old gate was shut. The river club opens a boathouse for beginners on 9 May. Please "
        "sign up at the bar by Friday 2 May.</p><p>The builder is Ada Brook, who has won 12 races.</p><p>Brook has "
        "rowed for 40 years. Admission is free for all on Saturday 10 May.</p>"
    )
    chooser = read(article(body, "Beginners on the river club's boathouse")).chooser
    room, title = Room(most=900, pieces=9, paragraphs=4, per_character=0.01, free=100), chooser.title
    values: dict[tuple[str, ...], set[float]] = {}
    for order in (some for size in (2, 3, 4) for some in permutations(chooser.pieces, size)):
        made: Choice | None = Choice(under=title)
        for piece in order:
            made = chooser._plus(made, piece, room, forced=True) if made else None
        if made:
            values.setdefault(made.key, set()).add(round(made.value, 6))
    assert len(values) > 3
    assert all(len(some) == 1 for some in values.values())


@pytest.mark.parametrize(
    ("language", "half", "whole"),
    [
        ("en", "We do not ask for new boats.", "We ask that somebody mends the old ones."),
        ("fr", "Nous ne réclamons pas de bateaux neufs.", "Nous demandons de réparer les anciens."),
        ("es", "No hablamos de averías.", "Hablamos de cortes."),
        ("en", "Many have asked whether the boats will sail.", "They will."),
    ],
)
def test_what_is_denied_comes_with_what_is_said_instead(pieces_of, language, half, whole):
    texts = [piece.text for piece in pieces_of(f"<p>{half} {whole} {'Ada 12, ' * 3}Ada et Brook.</p>", language)]
    assert f"{half} {whole}" in texts
    assert half not in texts


def test_a_last_day_comes_though_it_points_to_a_form(pieces_of):
    content = '<p>Register by Friday 18 September, using <a href="https://example.org/f">this form</a>.</p>'
    assert [piece.text for piece in pieces_of(content)] == ["Register by Friday 18 September, using this form."]


def test_half_of_what_is_asked_is_no_finding(pieces_of):
    items = "<ul><li>200 logements vides rouverts dès cet hiver dans la ville</li><li>un registre public</li></ul>"
    texts = [piece.text for piece in pieces_of(f"{LEAD}<p>Ce que nous demandons :</p>{items}", "fr")]
    assert not any(text.startswith("• 200") for text in texts)
