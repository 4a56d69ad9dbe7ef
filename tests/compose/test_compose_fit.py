"""The exact text for one target: templates, links, limits, languages."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from crosspost.compose import check_template, compose
from crosspost.compose.fit import sent_link
from crosspost.core.policy import Copy
from crosspost.core.post import Tag
from crosspost.core.reason import Reason

LINK = "https://example.org/2026/news/"
BODY = "<p>The court ruled that the city may not wait any longer.</p>"


def text(article, target, profile, content=BODY, title="A title", *, template="", campaign=("#LastGirlFirst",), **more):
    made = compose(
        article(content, title, **more), target(profile, campaign=campaign, copy=Copy(template=template)), profile
    )
    return made.text if not isinstance(made, Reason) else made


def test_on_x_the_link_stands_inside_and_on_facebook_beside(article, target, x, facebook):
    on_x = compose(article(BODY), target(x), x)
    assert on_x.text == f"The court ruled that the city may not wait any longer.\n{LINK}\n#LastGirlFirst"
    assert (on_x.link, on_x.story_link, on_x.weight) == ("", LINK, 54 + 1 + 23 + 1 + 14)
    on_facebook = compose(article(BODY), target(facebook), facebook)
    assert on_facebook.text == "The court ruled that the city may not wait any longer.\n\n#LastGirlFirst"
    assert (on_facebook.link, on_facebook.story_link) == (LINK, LINK)
    assert on_x.hashtags == on_facebook.hashtags == (Tag("#LastGirlFirst", "campaign"),)
    assert on_x.language == "en"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{title}: {summary} {facts} {link}\n\n{hashtags}", f"T: The court ruled it. {LINK}\n\n#C"),
        ("{facts}\n\n{title}\n{facts}\n\n{link} {hashtags}", f"T\n\n{LINK} #C"),
        ("{summary}{link}{hashtags}", f"The court ruled it. {LINK} #C"),
        ("{summary}", f"The court ruled it.\n{LINK}\n#C"),
        ("{link}\n{summary}\n{link}\n{hashtags}", f"{LINK}\nThe court ruled it.\n#C"),
        ("News: {summary}\n{link}\n{hashtags}", f"News: The court ruled it.\n{LINK}\n#C"),
    ],
)
def test_an_empty_placeholder_leaves_no_trace(article, target, x, template, expected):
    made = text(article, target, x, "<p>The court ruled it.</p>", "T", template=template, campaign=("#C",))
    assert made == expected


def test_no_campaign_leaves_no_empty_line(article, target, x):
    assert text(article, target, x, campaign=()).endswith(LINK)


def test_a_placeholder_in_foreign_text_is_text(article, target, x):
    assert text(article, target, x, "", "The {link} and {hashtags} story").startswith(
        "The {link} and {hashtags} story\n"
    )


def test_the_title_is_not_said_twice_where_the_template_has_it(article, target, x):
    made = text(
        article,
        target,
        x,
        "<p>The court stops the delay.</p>",
        "The court stops delay",
        template="{title}\n{summary}\n{link}\n{hashtags}",
    )
    assert made.startswith(f"The court stops delay\n{LINK}")


def test_topical_tags_make_room_for_the_lead_and_the_campaigns_do_not(article, target, x):
    lead = "The " + "very " * 38 + "long ruling came."
    story = article(f"<p>{lead}</p>", "T", terms=["ruling of the court", "ruling"])
    made = compose(story, target(x, limit=255), x)
    assert made.text == f"{lead}\n{LINK}\n#LastGirlFirst"


@pytest.mark.parametrize(
    ("link", "utm", "sent"),
    [
        (LINK, {"source": "x", "medium": "social"}, LINK + "?utm_source=x&utm_medium=social"),
        (LINK + "?p=1#top", {"source": "x"}, LINK + "?p=1&utm_source=x#top"),
        (LINK + "?utm_source=mail", {"source": "x", "campaign": "a b"}, LINK + "?utm_source=mail&utm_campaign=a+b"),
        (
            "https://example.org/новости/?q=й",
            {},
            "https://example.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/?q=%D0%B9",
        ),
        ("https://example.org/%D0%BD/", {}, "https://example.org/%D0%BD/"),
        ("https://bücher.example.org/", {}, "https://xn--bcher-kva.example.org/"),
        ("javascript:alert(1)", {}, ""),
        ("http://[", {}, ""),
        ("", {"source": "x"}, ""),
    ],
)
def test_the_link_sent_is_ascii_and_carries_the_utm_parameters(link, utm, sent):
    assert sent_link(link, utm) == sent


def test_nothing_to_say_is_a_reason(article, target, x):
    made = compose(article("", ""), target(x), x)
    assert made == Reason.of("no-text", detail="the article has no words")


def test_no_room_is_a_reason(article, target, x):
    made = compose(article(BODY), target(x, limit=30), x)
    assert made == Reason.of("no-text", detail="link, campaign tags and the template's own words leave no room")


def test_the_smaller_limit_counts(article, target, x, facebook):
    assert compose(article(BODY), target(x, limit=150), x).limit == 150
    assert compose(article(BODY), target(x, limit=30_000), x).limit == 25_000
    assert compose(article(BODY), target(facebook, limit=100_000), facebook).limit == 63_206


def test_an_account_with_a_longer_limit_says_what_would_not_fit_otherwise(article, target, x):
    excerpt = "The court ruled that the city may not wait any longer, " + "and longer, " * 25 + "and never again."
    short = compose(article(BODY, excerpt=f"<p>{excerpt}</p>"), target(x), x)
    long = compose(article(BODY, excerpt=f"<p>{excerpt}</p>"), target(x, limit=25_000), x)
    assert excerpt not in short.text
    assert excerpt in long.text
    assert (long.limit, long.weight > 280) == (25_000, True)


def test_an_arabic_text_does_not_begin_with_a_latin_tag(article, target, x):
    made = text(
        article, target, x, "<p>صدر الحكم اليوم في المدينة.</p>", "عنوان", template="{hashtags} {summary}\n{link}"
    )
    assert made == f"صدر الحكم اليوم في المدينة.\n{LINK}\n#LastGirlFirst"


@pytest.mark.parametrize(
    ("content", "title", "beginning"),
    [
        ("<p>अदालत ने आज फैसला सुनाया।</p>", "शीर्षक", "अदालत ने आज फैसला सुनाया।\n"),
        ("<p>The 👩‍👩‍👧‍👧 family won its case in court.</p>", "T", "The 👩‍👩‍👧‍👧 family won its case in court.\n"),
        (
            "<p>Le cafe\u0301 est complet\u202f! Merci a\u0300 toutes\u00a0!</p>",
            "T",
            "Le café est complet\u00a0! Merci à toutes\u00a0!\n",
        ),
        ("<p>Tom &amp;amp; Jerry went to the court.</p>", "T", "Tom & Jerry went to the court.\n"),
        ("", "A title alone", "A title alone\n"),
        (BODY, "", "The court ruled"),
        ("", "word " * 59 + "title", "word word"),
    ],
)
def test_awkward_articles_come_out_well(article, target, x, content, title, beginning):
    made = compose(article(content, title), target(x), x)
    assert made.text.startswith(beginning)
    assert made.weight <= 280


def test_an_address_that_x_makes_no_link_of_is_noted(article, target, x):
    made = compose(article(BODY, link="https://example.example/a"), target(x), x)
    assert made.notes == ("X makes no link of this address",)


def test_a_story_without_a_link_says_so(article, target, x):
    made = compose(article(BODY, link=""), target(x), x)
    assert (made.text, made.notes) == (
        "The court ruled that the city may not wait any longer.\n#LastGirlFirst",
        ("the story has no link",),
    )


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{summary} {link} {hashtag}", "unknown placeholder {hashtag}"),
        ("{summary {link} {hashtags}", "brace"),
        ("{link} {hashtags}", "neither {title} nor {summary}"),
        ("{summary} {hashtags}", "{link} is missing"),
        ("{summary} {link}", "{hashtags} is missing"),
        ("{summary} {summary} {link} {hashtags}", "more than once"),
        ("x" * 250 + " {summary} {link} {hashtags}", "no room"),
    ],
)
def test_a_template_that_can_not_fit_says_why(x, template, says):
    assert says in (check_template(template, x, ("#C",)) or "")


def test_a_good_template_has_nothing_to_say(x, facebook):
    assert check_template("", x, ("#LastGirlFirst",)) is None
    assert check_template("{title}\n\n{summary}\n\n{hashtags}", facebook, ("#LastGirlFirst",)) is None
    assert check_template("📣 {title}\n{summary} {facts}\n{link}\n{hashtags}", x, ()) is None


def test_more_campaign_tags_than_fit_are_found_beforehand(x):
    assert "no room" in (check_template("", x, tuple(f"#Campaign{number:020}" for number in range(12))) or "")


def test_importing_the_composer_loads_no_html_parser():
    code = "import crosspost.compose, sys; sys.exit('selectolax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "piece", ["1.", "a.b.c.org ", "@#", "“A b. ", "a@b.c ", "you can find ", "BELMORE, 9 October "]
)
def test_a_hostile_paragraph_takes_no_more_than_a_moment(article, target, x, piece):
    story = article("<p>" + piece * (7_900 // len(piece)) + "x.</p>", "T")
    begin = time.process_time()
    compose(story, target(x), x)
    assert time.process_time() - begin < 8  # half a second; a busy machine and tracing are granted more
