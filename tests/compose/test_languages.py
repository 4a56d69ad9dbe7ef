"""Each language's own samples, from tests/compose/languages: a language is added with two data files and no code."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crosspost.compose.blocks import is_furniture
from crosspost.compose.facts import is_appointment
from crosspost.compose.hashtags import choose_tags
from crosspost.compose.kind import kind_of
from crosspost.compose.language import language_of
from crosspost.compose.sentences import sentences
from crosspost.compose.shelf import days
from crosspost.compose.words import LANGUAGES, words
from crosspost.core.policy import TagRules

SAMPLES = {
    file.stem: tomllib.loads(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "languages").glob("*.toml"))
}


def of(name: str) -> list[Any]:
    """Every language's samples of that name, each with its language."""
    return [
        pytest.param(code, sample, id=f"{code}-{index}")
        for code, samples in SAMPLES.items()
        for index, sample in enumerate(samples[name])
    ]


@pytest.mark.parametrize("code", SAMPLES)
def test_a_language_with_samples_has_its_words(code):
    assert code in LANGUAGES


@pytest.mark.parametrize(("code", "text"), of("is"))
def test_a_text_is_in_its_language_whatever_the_feed_claims(code, text):
    assert language_of(text) == language_of(text, "en") == code


@pytest.mark.parametrize(("code", "text"), of("is_not"))
def test_a_neighbours_text_is_not(code, text):
    assert language_of(text) != code
    assert language_of(text, "xx") == "xx"


@pytest.mark.parametrize(("code", "text"), of("whole"))
def test_a_stop_inside_a_sentence_does_not_end_it(code, text):
    assert sentences(text, code) == (text,)


@pytest.mark.parametrize(("code", "pair"), of("parted"))
def test_a_stop_at_its_end_does(code, pair):
    assert sentences(" ".join(pair), code) == tuple(pair)


@pytest.mark.parametrize(("code", "text"), of("leaning"))
def test_a_sentence_that_needs_the_one_before_it_leans(code, text):
    assert words(code).leaning.match(text)


@pytest.mark.parametrize(("code", "text"), of("standing"))
def test_one_that_does_not_stands(code, text):
    assert not words(code).leaning.match(text)


@pytest.mark.parametrize(("code", "text"), of("furniture"))
def test_labels_and_buttons_are_no_news(code, text):
    assert is_furniture(text, words(code))


@pytest.mark.parametrize(("code", "text"), of("news"))
def test_a_sentence_of_news_is(code, text):
    assert not is_furniture(text, words(code))


@pytest.mark.parametrize(("code", "term"), of("generic"))
def test_a_general_term_is_no_hashtag(article, code, term):
    assert choose_tags(article(f"<p>{term}</p>", term, terms=(term,)), TagRules(), code) == ()


@pytest.mark.parametrize(("code", "text"), of("appointment"))
def test_a_line_with_day_and_hour_is_an_appointment(code, text):
    assert is_appointment(text, code)


@pytest.mark.parametrize(("code", "sample"), of("dates"))
def test_a_day_is_found(code, sample):
    text, month, day = sample
    assert date(2027, month, day) in set(days(text, words(code), date(2027, 1, 1)))


@pytest.mark.parametrize(("code", "sample"), of("kinds"))
def test_a_story_has_its_kind(article, code, sample):
    title, body, kind = sample
    filler = " ".join(SAMPLES[code]["news"]) * 8  # a story of a few words is a short note
    assert kind_of(article(f"{body}<p>{filler}</p>", title), code).kind == kind


@pytest.mark.parametrize("name", ["ask", "status", "deadline"])
@pytest.mark.parametrize("code", SAMPLES)
def test_what_a_sentence_tells_is_seen(code, name):
    pattern = getattr(words(code), name)
    assert all(pattern.search(text) for text in SAMPLES[code][name])
