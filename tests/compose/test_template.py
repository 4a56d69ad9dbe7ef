"""[copy] templates: what an empty placeholder takes with it, what settings refuse."""

from __future__ import annotations

import pytest

from crosspost.compose import check_template
from crosspost.compose.template import render

GIVEN = {"title": "Rowing", "summary": "It begins.", "link": "https://example.org/a"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{title} – {facts}", "Rowing"),
        ("{title} – {facts} – {link}", "Rowing – https://example.org/a"),
        ("{title} | {facts}\n{link}", "Rowing\nhttps://example.org/a"),
        ("{summary} ({facts})", "It begins."),
        ("{summary} (When: {facts}) {link}", "It begins. https://example.org/a"),
        ("{summary} 📍 {facts}", "It begins."),
        ("{title}. When: {facts}", "Rowing."),
        ("{title}! {facts}!", "Rowing!"),
        ("{facts}: {summary}", "It begins."),
        ("{facts} – {summary} – {hashtags}", "It begins."),
        ("News. {facts} {summary}", "News. It begins."),
        ("When: {facts}\n{summary}", "It begins."),
        ("{summary}\n\nWhen and where:\n{facts}\n\n{link}", "It begins.\n\nhttps://example.org/a"),
        ("Read this:\n{link}\n{facts}", "Read this:\nhttps://example.org/a"),
        ("{hashtags}\n{title}", "Rowing"),
    ],
)
def test_an_empty_placeholder_goes_with_what_leads_over_to_it(template, expected):
    assert render(template, GIVEN) == expected


def test_what_is_filled_in_keeps_its_own_signs():
    assert render("{title} {facts}", {"title": "Who, what –", "facts": ""}) == "Who, what –"
    assert render("{title} {facts}", {"title": "{facts}: {link}", "link": "no"}) == "{facts}: {link}"


def test_a_frame_that_is_too_heavy_is_refused_with_its_weight(x):
    told = check_template("x" * 250 + "{summary}\n{link}\n{hashtags}", x, ("#LastGirlFirst",))
    assert told == "its own words, the campaign's tags and the link take 290 of 280: no room for the story"


def test_an_unknown_name_is_refused_with_the_list_of_names(x):
    told = check_template("{titel}\n{link}", x, ())
    assert told == "unknown placeholder {titel}; there are {title}, {summary}, {facts}, {link}, {hashtags}"
