"""Which words of an article go out: whole sentences, the lead first, no furniture, nothing that lost its antecedent."""

from __future__ import annotations

import pytest

from crosspost.compose import compose
from crosspost.compose.blocks import without_dateline
from crosspost.compose.pool import pool
from crosspost.compose.words import words
from crosspost.core.policy import Copy


@pytest.fixture(name="words_of")
def _words_of(article, target, x):
    """The words that X would show, without link and tags."""

    def make(content, title="A title", *, profile=x, limit=None, **more):
        made = compose(article(content, title, **more), target(profile, limit=limit), profile)
        lines = made.text.split("\n")
        return "\n".join(line for line in lines if not line.startswith(("https://", "#"))).strip()

    return make


LONG = "It went on for a very long time, " * 10 + "and then it ended."
TWO = "<p>The court ruled that the city may not wait any longer. The judges did not accept its argument.</p>"


def test_the_lead_goes_out_in_whole_sentences(words_of):
    assert (
        words_of(TWO)
        == "The court ruled that the city may not wait any longer. The judges did not accept its argument."
    )


def test_a_sentence_that_does_not_fit_is_left_out_and_not_cut(words_of):
    assert words_of(TWO, limit=130) == "The court ruled that the city may not wait any longer."


def test_the_title_goes_out_whole_where_the_lead_does_not_fit(words_of):
    assert words_of(f"<p>The city said: {LONG}</p>", "Court stops the city’s delay") == "Court stops the city’s delay"


def test_what_fits_goes_with_the_title_but_not_what_leans_on_the_lost_lead(words_of):
    text = words_of(
        f"<p>The city said: {LONG} However, nobody came.</p><p>The zone starts in January.</p>", "Court stops delay"
    )
    assert text == "Court stops delay\nThe zone starts in January."


def test_the_title_is_cut_only_where_nothing_whole_fits(words_of):
    text = words_of(
        "", "Court rules that the city of Belmore may never again postpone its low-emission zone", limit=100
    )
    assert text == "Court rules that the city of Belmore may never again…"


def test_a_lead_that_is_the_title_again_comes_without_the_title(words_of):
    text = words_of(
        "<p>Court stops the delay of the zone.</p><p>The zone starts in January.</p>", "Court stops delay of the zone"
    )
    assert text == "Court stops the delay of the zone. The zone starts in January."


@pytest.mark.parametrize(
    "furniture",
    [
        "FOR IMMEDIATE RELEASE",
        "Reading time: 3 min",
        "Share this: X, Facebook",
        "By Ruth Okell",
        "Photo: Theo Brandt.",
        "Published on 9 October 2026 by the team.",
        "Media contact: Theo Brandt, press@example.org.",
        "Pour diffusion immédiate",
        "Zur sofortigen Veröffentlichung",
        "You can find the statement here.",
        "Register by clicking on this link.",
        "See https://example.net/x for more.",
        "© 2026 Clean Air Now. All rights reserved.",
    ],
)
def test_labelled_furniture_is_no_news(words_of, furniture):
    assert words_of(f"<p>{furniture}</p>{TWO}", limit=130) == "The court ruled that the city may not wait any longer."


@pytest.mark.parametrize(
    "end", ["###", "ENDS", "Notes to editors", "About Clean Air Now", "Über uns", "À propos de l’association"]
)
def test_nothing_is_taken_from_behind_the_end_of_a_release(words_of, facebook, end):
    language = {"Über uns": "<p>Das Gericht hat der Stadt und dem Land nicht recht gegeben.</p>"}.get(
        end, "<p>Le tribunal a jugé que la ville ne peut pas reporter.</p>" if end.startswith("À") else TWO
    )
    text = words_of(f"{language}<p>{end}</p><p>Clean Air Now was founded in 2009.</p>", profile=facebook)
    assert "founded" not in text


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("en", "BELMORE, 9 October 2026 – The court ruled.", "The court ruled."),
        ("en", "BELMORE – The court ruled.", "The court ruled."),
        ("fr", "Genève, le 8 mars 2026 – Le tribunal a jugé.", "Le tribunal a jugé."),
        ("de", "Berlin, 8. März 2026 – Das Gericht entschied.", "Das Gericht entschied."),
        ("es", "Madrid, 3 de marzo de 2026. – El tribunal decidió.", "El tribunal decidió."),
        ("en", "The court – and the city – agreed.", "The court – and the city – agreed."),
        ("en", "On 9 October – a Friday – the court met.", "On 9 October – a Friday – the court met."),
    ],
)
def test_a_dateline_goes_and_a_dash_stays(language, text, left):
    assert without_dateline(text, words(language)) == left


def test_an_editors_excerpt_is_the_text(article, target, x):
    story = article(TWO, excerpt="A win for clean air. The city must act.")
    assert compose(story, target(x), x).text.startswith("A win for clean air. The city must act.\n")
    assert compose(story, target(x, copy=Copy(excerpt=False)), x).text.startswith("The court ruled")


def test_of_an_excerpt_that_does_not_fit_the_whole_sentences_go_out(article, target, x):
    story = article(TWO, excerpt="A win for clean air. The city must act at once, says the court in its long ruling.")
    assert compose(story, target(x, limit=80), x).text.startswith("A win for clean air.\n")


def test_an_event_begins_with_its_title_and_its_day(words_of):
    text = words_of("<p>Tuesday 22 June 2026 – 12 pm CEST</p><p>REGISTER NOW!</p>" + TWO, "A walk for clean air")
    assert text.startswith("A walk for clean air\nTuesday 22 June 2026 – 12 pm CEST")


def test_an_article_that_is_only_a_list_gives_title_and_items(words_of):
    text = words_of("<ul><li>Bring boots</li><li>Bring a friend</li></ul>", "The walk on Sunday")
    assert text == "The walk on Sunday\n• Bring boots\n• Bring a friend"


def test_without_a_title_a_list_speaks_for_itself(words_of):
    assert words_of("<ul><li>Bring boots</li><li>Bring a friend</li></ul>", "") == "• Bring boots\n• Bring a friend"


def test_facebook_gets_a_few_short_paragraphs(words_of, facebook):
    told = ("The court met in June.", "Rain fell on the harbour.", "Children cheered outside.", "A bell rang twice.",
            "Nobody left before noon.", "Lawyers praised the ruling.")  # fmt: skip
    body = "".join(f"<p>{one}</p>" for one in told)
    assert len(words_of(body, profile=facebook).split("\n\n")) == 4


def test_a_quotation_is_never_halved(words_of):
    text = words_of(
        "<p>She said: “It is over. " + LONG + " We won.” The zone starts in January.</p>", "Court stops delay"
    )
    assert text.count("“") == text.count("”")
    assert text.startswith("Court stops delay")


def test_an_interview_ends_at_its_first_question(words_of, facebook):
    body = (
        "<p>Dr. Yusuf has run the clinic for 12 years.</p><p><b>Why does malaria come back?</b></p><p>Nets alone are not enough.</p>"
        "<p><b>What do you ask of donors?</b></p><p>Do not leave after one year.</p>"
    )
    assert words_of(body, "An interview", profile=facebook) == "Dr. Yusuf has run the clinic for 12 years."


def test_a_single_question_among_paragraphs_is_no_interview(words_of, facebook):
    text = words_of(f"{TWO}<h3>What happens next?</h3><p>The zone starts in January.</p>", profile=facebook)
    assert text.endswith("The zone starts in January.")


def test_a_sentence_from_inside_a_paragraph_does_not_come_without_the_one_before_it(words_of, facebook):
    text = words_of(
        f"{TWO}<p>Send your plan to plans@example.org. Applications sent later do not count.</p>", profile=facebook
    )
    assert "Applications" not in text


def test_an_appointment_comes_even_from_inside_a_later_paragraph(words_of, facebook):
    filler = "".join(
        f"<p>{word} said a great deal about {word.lower()} matters. {LONG}</p>" for word in ("Rain", "Wind", "Snow")
    )
    text = words_of(f"{TWO}{filler}<p>{LONG} The walk begins on 9 May 2026 at 7 pm at Mill Gate.</p>", profile=facebook)
    assert text.endswith("The walk begins on 9 May 2026 at 7 pm at Mill Gate.")


def test_day_hour_and_place_on_lines_of_their_own_stay_lines(words_of):
    lines = "<p>Date: Saturday 9 May 2026<br>Time: 2 pm – 4 pm<br>Venue: Town Hall</p><p>All members are welcome.</p>"
    assert words_of(lines, "General meeting") == (
        "General meeting\nDate: Saturday 9 May 2026\nTime: 2 pm – 4 pm\nVenue: Town Hall\nAll members are welcome."
    )


def test_where_the_lines_around_the_day_do_not_fit_the_day_comes_alone(words_of):
    lines = f"<p>Co-sponsored by {'many ' * 15}friends</p><p>Tuesday 22 June 2026 – 12 pm</p>"
    assert words_of(lines, "A walk for air", limit=110) == "A walk for air\nTuesday 22 June 2026 – 12 pm"


def test_a_long_run_of_the_same_words_does_not_come_twice(words_of, facebook):
    same = "trafficking in human beings and the exploitation of prostitution"
    text = words_of(
        f"<p>States met to eliminate {same} in Geneva.</p><p>Experts say that {same} harms many.</p>", profile=facebook
    )
    assert text.count(same) == 1


def test_two_lines_glued_in_the_source_are_not_added(words_of, facebook):
    glued = "Salle Colbert, Assemblée nationale Le colloque est complet et la ville attend."
    text = words_of(
        f"<p>Le tribunal a jugé que la ville ne peut pas reporter la zone.</p><p>{glued}</p>", profile=facebook
    )
    assert "Salle Colbert" not in text


def test_a_word_that_is_wrong_tomorrow_goes(words_of):
    assert (
        words_of("<p>The court ruled today that the city may not wait.</p>")
        == "The court ruled that the city may not wait."
    )


def test_the_rest_of_another_line_is_no_sentence(words_of):
    text = words_of(
        "<p>Championing the rights of all</p><p>and the end of violence in every city.</p><p>The zone starts in May.</p>"
    )
    assert text == "A title\nThe zone starts in May."  # a sentence was passed over, so the title leads


@pytest.mark.parametrize(
    ("language", "credit"),
    [
        ("en", "This text is a shortened translation of an article by our friends."),
        ("fr", "Ce texte est la traduction, un peu abrégée, d’un article de nos amis."),
        ("de", "Dieser Text erschien zuerst in der Zeitung unserer Freunde."),
        ("es", "Este artículo es una traducción de un texto de nuestras amigas."),
        ("ar", "نُشرت هذه القصة أول مرة بالفرنسية على موقع شركائنا."),
        ("ja", "撮影:青波高校放送部"),
        ("en", "Comments"),
        ("en", "This website uses cookies to make it better."),
    ],
)
def test_where_a_text_comes_from_is_no_news(article, credit, language):
    assert pool(article(f"<p>{credit}</p>"), language, str)[0] == ()


def test_short_paragraphs_of_sentences_may_share_one_and_lists_stay_alone(words_of, facebook):
    told = ("The court met in June of 2026.", "Rain fell on 40 boats.", "Some 300 children cheered.", "A bell rang 12 times.",
            "Nobody left before 9 pm.", "Lawyers praised the ruling of 5 May.")  # fmt: skip
    text = words_of("".join(f"<p>{one}</p>" for one in told), "Court stops the delay of the zone", profile=facebook)
    assert len(text.split("\n\n")) <= 5
    assert all(one in text for one in told)
