"""[copy] templates: what an empty placeholder takes with it, the facts' lines, what settings refuse."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.compose import check_template, compose, why
from crosspost.compose.template import fact_lines, render
from crosspost.core.policy import Copy
from crosspost.core.post import Post

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


def test_fact_lines_keep_their_order_and_those_that_tell_less_go_first():
    lines = [("Where: Town Hall", 1.0), ("When: 9 May, 7 pm", 5.0), ("Bring: a towel", 0.5)]
    assert fact_lines(lines, lambda _: True) == "Where: Town Hall\nWhen: 9 May, 7 pm\nBring: a towel"
    assert fact_lines(lines, lambda text: len(text) < 40) == "Where: Town Hall\nWhen: 9 May, 7 pm"
    assert fact_lines(lines, lambda text: len(text) < 20) == "When: 9 May, 7 pm"
    assert fact_lines(lines, lambda _: False) == fact_lines([], lambda _: True) == ""


EVENT = (
    "<p>The river club opens its boathouse to beginners of every age.</p>"
    "<p>When: Sunday 9 May 2027, 7 pm</p><p>Where: the boathouse, 3 Mill Lane</p><p>Sign up by: 1 May</p>"
    "<p>The club was founded in 1908 and has 214 members.</p>"
)
FACTS = "When: Sunday 9 May 2027, 7 pm\nWhere: the boathouse, 3 Mill Lane\nSign up by: 1 May"


@pytest.fixture(name="made")
def _made(article, target):
    def make(profile, template, content=EVENT, title="Rowing lessons", **more):
        return compose(article(content, title), target(profile, copy=Copy(template=template), **more), profile)

    return make


def test_facts_are_the_articles_own_lines_and_the_words_do_not_repeat_them(made, x, facebook):
    for profile in (x, facebook):
        post = made(profile, "{title}\n{summary}\n{facts}\n{link}\n{hashtags}")
        assert f"\n{FACTS}\n" in post.text
        assert post.text.count("9 May") == 1
        assert "The river club opens" in post.text


def test_facts_leave_room_for_the_words(made, x):
    many = "".join(f"<p>Boat {name}: built for two, kept at the mill</p>" for name in "ABCDEFG")
    post = made(x, "{summary}\n{facts}\n{link}\n{hashtags}", EVENT + many)
    assert isinstance(post, Post)
    assert "The river club opens its boathouse" in post.text
    assert "When: Sunday 9 May 2027, 7 pm\n" in post.text
    assert "Boat G" not in post.text


def test_a_title_that_leaves_no_room_for_facts_leaves_no_trace_of_them(made, x):
    title = "Rowing lessons " + "for everybody who ever wanted to row a boat " * 5
    post = made(x, "{title}\nWhen: {facts}\n{link}\n{hashtags}", EVENT, title)
    assert isinstance(post, Post)
    assert "When" not in post.text


def test_an_article_without_lines_of_facts_leaves_no_trace(made, facebook):
    post = made(facebook, "{summary}\n\nPractical:\n{facts}\n\n{hashtags}", "<p>The court ruled it yesterday.</p>")
    assert post.text == "Rowing lessons\n\nThe court ruled it yesterday.\n\n#LastGirlFirst"


def test_a_fact_cannot_mention_anybody(made, x):
    post = made(x, "{title}\n{facts}\n{link}\n{hashtags}", "<p>Where: at @somebody's house</p>")
    assert "@somebody" not in post.text


def test_the_facts_weight_is_told(article, target, x):
    told = why(article(EVENT, "Rowing"), target(x, copy=Copy(template="{title}\n{facts}\n{link}\n{hashtags}")), x)
    assert x.weigh(FACTS) in [part.weight for part in told.parts if part.name == "facts"]


def test_a_frame_that_is_too_heavy_is_refused_with_its_weight(x):
    told = check_template("x" * 250 + "{summary}\n{link}\n{hashtags}", x, ("#LastGirlFirst",))
    assert told == "its own words, the campaign's tags and the link take 290 of 280: no room for the story"


def test_an_unknown_name_is_refused_with_the_list_of_names(x):
    told = check_template("{titel}\n{link}", x, ())
    assert told == "unknown placeholder {titel}; there are {title}, {summary}, {facts}, {link}, {hashtags}"


def test_the_templates_in_the_docs_work(x, facebook):
    page = (Path(__file__).parents[2] / "docs" / "words.md").read_text("utf-8")
    found = re.findall(r'\[copy\.(x|facebook)\]\ntemplate = ("[^\n]+")', page)
    assert len(found) == 2
    for name, text in found:
        template = tomllib.loads(f"template = {text}")["template"]
        assert check_template(template, x if name == "x" else facebook, ("#LastGirlFirst",)) is None


def test_a_title_that_the_template_wants_and_that_is_too_long_is_cut_and_a_note_says_so(made, x):
    title = "Rowing lessons " + "for everybody who ever wanted to row a boat " * 7
    for template in ("{title}\n{link}\n{hashtags}", "{title}\n{summary}\n{facts}\n{link}\n{hashtags}"):
        post = made(x, template, EVENT, title)
        assert isinstance(post, Post)
        assert post.text.startswith("Rowing lessons for everybody")
        assert "…\nhttps://" in post.text
        assert post.notes == ("the title was cut: nothing whole fits",)


def test_without_a_summary_in_the_template_no_sentence_counts_as_taken(article, target, x):
    copy = Copy(template="{title}\n{facts}\n{link}\n{hashtags}")
    told = why(article(EVENT, "Rowing"), target(x, copy=copy), x)
    assert [piece.text for piece in told.pieces if piece.taken] == ["Rowing", *FACTS.split("\n")]
    assert {piece.reason for piece in told.pieces if piece.rank} == {"the template has no {summary}"}
    assert told.source == "title"
    assert sum(part.weight for part in told.parts) == told.weight


@given(data=st.data())
def test_whatever_is_empty_no_sign_is_left_alone(data):
    names = data.draw(st.permutations(["title", "summary", "facts", "link"]))
    gaps = data.draw(
        st.lists(st.sampled_from([" – ", ": ", " | ", "\n", "\n\n", " ", ", ", " 📍 ", "\n• "]), min_size=3, max_size=3)
    )
    frame = "{" + names[0] + "}" + "".join(f"{gap}{{{name}}}" for gap, name in zip(gaps, names[1:], strict=True))
    values = {name: name.upper() for name in names if data.draw(st.booleans())}
    lines = render(frame, values).split("\n")
    assert [word for line in lines for word in re.findall(r"\w+", line)] == [
        values[name] for name in names if name in values
    ]
    assert "\n\n\n" not in "\n".join(lines)
    for line in lines:
        assert not line or re.fullmatch(r"(?:• )?\w.*\w", line)
        assert "  " not in line


def test_signs_around_a_value_stay():
    assert render("({title}) – [{facts}] – {link}", GIVEN) == "(Rowing) – https://example.org/a"
    assert render("📍 {title}, {summary}", GIVEN) == "📍 Rowing, It begins."


def test_title_and_facts_of_the_template_stand_beside_an_excerpt(article, target, x):
    story = article(EVENT, "Rowing", excerpt="Come and row with us.")
    post = compose(story, target(x, copy=Copy(template="{title}\n{summary}\n{facts}\n{link}\n{hashtags}")), x)
    assert post.text.startswith(f"Rowing\nCome and row with us.\n{FACTS}\n")
