"""Which words of an article go out: whole sentences, the lead first, no furniture, nothing that lost its antecedent."""

from __future__ import annotations

import pytest

from crosspost.compose import compose
from crosspost.compose.pool import without_dateline
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


def test_a_lead_that_is_the_title_again_is_passed_over(words_of):
    text = words_of(
        "<p>Court stops the delay of the zone.</p><p>The zone starts in January.</p>", "Court stops delay of the zone"
    )
    assert text == "The zone starts in January."


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
