"""What holds for any article in any Unicode."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crosspost.compose import compose
from crosspost.compose.clean import clean
from crosspost.compose.cut import ELLIPSIS, cut, is_boundary
from crosspost.compose.words import words
from crosspost.core.entry import ARTICLE_BYTES, dump_article, load_article
from crosspost.core.policy import Copy
from crosspost.core.post import Post
from crosspost.core.reason import Reason
from crosspost.platforms.facebook import PROFILE as FACEBOOK
from crosspost.platforms.x import PROFILE as X

ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINK = "https://example.org/2026/news/"

AWKWARD = (
    "The court ruled on 9 October. ",
    "It did not accept the argument. ",
    "Le colloque est complet ! ",
    "Am 8. März z.B.im Haus. ",
    "ngo.org ",
    "https://example.org/2026/news/ ",
    "http://zoom.us/j/1?pwd=2 ",
    "@name ",
    "@[123456] ",
    "é@name ",
    "$TSLA ",
    "#Foreign ",
    "＃全角 ",
    "##x ",
    "#1st ",
    "{link} {hashtags} {title} ",
    "👩‍👩‍👧‍👧",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🇫🇷🇩🇪",
    "#️⃣",
    "e\u0301a\u0323\u0302",
    "क्षत्रिय सम्मेलन आज हुआ। ",
    "صدر الحكم اليوم في المدينة. ",
    "می‌خواهم ",
    "裁判所は市の主張を認めなかった。",
    "각각 한국어 문장입니다. ",
    "\u202e evil \u2066 x \u2069 ",
    "\u200b\ufeff\u00ad",
    "\x00\x1b[31m\x07",
    "&amp;amp; &amp;lt;b&amp;gt; &#x202e; ",
    "« Quoi ? » dit-elle. ",
    "“An open quote. ",
    "A" * 400,
    "11 400 ",
    "–",
    "\u0301",
    "\u2028",
    "\r\n\r\n",
)
foreign = st.lists(st.sampled_from(AWKWARD) | st.text(max_size=40), max_size=12).map("".join)
paragraphs = st.lists(foreign, max_size=6)


@st.composite
def articles(draw, article):
    tag = st.sampled_from(("p", "li", "h2", "blockquote", "div", "td", "figcaption", "span"))
    content = "".join(f"<{name}>{text}</{name}>" for text in draw(paragraphs) for name in [draw(tag)])
    terms = draw(st.lists(foreign, max_size=4))
    return article(
        content, draw(foreign), excerpt=draw(foreign), terms=terms, language=draw(st.sampled_from(("", "fr", "ar")))
    )


@pytest.fixture(scope="session", params=[X, FACEBOOK], ids=["x", "facebook"])
def profile(request):
    return request.param


@ANY
@given(data=st.data())
def test_any_article_gives_a_text_that_keeps_every_promise_or_a_reason(data, article, target, profile):
    story = data.draw(articles(article))
    copy = Copy(
        template=data.draw(
            st.sampled_from(("", "{title}\n{summary} {link} {hashtags}", "{hashtags} {summary}\n\n{link}"))
        )
    )
    made = compose(story, target(profile, copy=copy, max=3), profile)
    assert made == compose(story, target(profile, copy=copy, max=3), profile)
    if isinstance(made, Reason):
        assert made.code == "no-text"
        return
    _check(made, story, profile)


def _check(made: Post, story, profile) -> None:
    text = made.text
    assert made.weight == profile.weigh(text) <= made.limit
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\u00ad\ud800-\udfff]", text)
    assert "\n\n\n" not in text
    assert made.story_link == LINK
    if profile.link_in_text:
        assert text.count(LINK) == 1
        assert profile.finds_links(text) == (LINK,)
        assert re.search(rf"(?:^|\s){re.escape(LINK)}(?:\s|$)", text)
    else:
        assert made.link == LINK
        assert profile.finds_links(text) == ()
    words_only = text.replace(LINK, " ")
    assert "#LastGirlFirst" in text
    tags = [tag.tag for tag in made.hashtags]
    for tag in tags:
        assert re.search(rf"(?:^|\s){re.escape(tag)}(?:\s|$)", words_only)
        words_only = re.sub(rf"(?<!\S){re.escape(tag)}(?!\S)", " ", words_only, count=1)
    assert not re.search(r"(?<![0-9A-Za-z])[#＃]\w*[^\W\d_]", words_only)
    assert not re.search(r"(?<![a-zA-Z0-9_])[@＠][a-zA-Z0-9_\[]", words_only)
    assert not re.search(r"(?:^|\s)[$＄][a-zA-Z]{1,6}(?:\s|$)", words_only)
    known = "\n".join((story.title, story.excerpt, *(block.text for block in story.blocks)))
    numbers = set(re.findall(r"\d+", known))
    assert set(re.findall(r"\d+", words_only)) <= numbers
    # Nothing is invented, and no word of a story composed before this one is left over: each stands in this one.
    assert _invented(words_only, known) == []


def _invented(text: str, known: str) -> list[str]:
    """Words that don't stand in what is known, whatever their case. What made a link of them may have gone."""
    defused = re.sub(r"https?://|[#@$＃＠＄]", "", known)
    letters = [re.sub(r"[^\w]|_", "", unicodedata.normalize("NFC", one).casefold()) for one in (known, defused)]
    runs = re.findall(r"[^\W\d_]{2,}", unicodedata.normalize("NFC", text))
    return [run for run in runs if not any(run.casefold() in one for one in letters)]


@ANY
@given(data=st.data())
def test_an_article_is_bounded_and_survives_being_stored(data, article):
    story = data.draw(articles(article))
    line = dump_article(story)
    assert len(line) <= ARTICLE_BYTES
    assert load_article(line) == story


@ANY
@given(texts=paragraphs, title=foreign)
def test_paragraphs_wrapped_in_divs_give_the_same_text(texts, title, article, target, profile):
    flat = article("".join(f"<p>{text}</p>" for text in texts), title)
    wrapped = article("".join(f"<div class='wp-x'><div><p>{text}</p></div></div>" for text in texts), title)
    assert compose(flat, target(profile), profile) == compose(wrapped, target(profile), profile)


@ANY
@given(
    text=st.lists(st.sampled_from(AWKWARD) | st.text(max_size=30), max_size=8).map("".join), room=st.integers(0, 120)
)
@example(text="👩‍👩‍👧‍👧" * 20, room=30)
@example(text="각" * 3 + "각" * 50, room=30)
def test_a_cut_leaves_every_grapheme_cluster_whole(text, room):
    text = clean(text)
    made = cut(text, lambda one: len(one) <= room, words("en"))
    if not made:
        return
    assert made.endswith(ELLIPSIS)
    assert len(made) <= room
    head = made.removesuffix(ELLIPSIS)
    assert text.startswith(head)
    clusters = regex.findall(r"\X", text)
    ends = {0}
    for cluster in clusters:
        ends.add(max(ends) + len(cluster))
    assert len(head) in ends


@ANY
@given(text=st.text(max_size=30) | foreign)
def test_a_boundary_is_one_by_unicodes_rules_too(text):
    ends = {0}
    for cluster in regex.findall(r"\X", text):
        ends.add(max(ends) + len(cluster))
    assert {at for at in range(len(text) + 1) if is_boundary(text, at)} <= ends


@ANY
@given(text=foreign)
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text.replace("&", ""))
    assert clean(once) == once


@ANY
@given(data=st.data(), limit=st.integers(60, 280))
def test_a_smaller_limit_is_kept_as_well(data, limit, article, target):
    story = data.draw(articles(article))
    made = compose(story, target(X, limit=limit), X)
    if isinstance(made, Post):
        assert made.weight <= limit
        _check(made, replace(story), X)
