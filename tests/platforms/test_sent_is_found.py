"""Whatever was sent is recognised when the timeline is read back, or a lost post would go out twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.core.post import Accepted, Found, Lost, Post, mint_claim
from crosspost.decide.evidence import Wanted, judge
from crosspost.platforms.loading import load_platforms
from crosspost.platforms.x.weigh import weigh
from crosspost.sandbox.facebook import FacebookModel
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.sandbox.x import XModel
from crosspost.testing.doubles import HandClock, ModelWire, a_world
from crosspost.testing.platform_contract import open_bench

KEYS = {
    "x": {"API_KEY": "k", "API_KEY_SECRET": "ks", "ACCESS_TOKEN": "4242-t", "ACCESS_TOKEN_SECRET": "ts"},
    "facebook": {"PAGE_ID": "100200", "PAGE_ACCESS_TOKEN": "t"},
}
PLATFORMS = load_platforms()
WORDS = st.sampled_from(
    [
        "News",
        "&",
        "&amp;",
        "&lt;b&gt;",
        "<b>",
        "a&b",
        "“été”",
        "e\u0301te\u0301",
        "👩‍👩‍👧",
        "حقوق",
        "हक़",
        "日本",
        "100%",
        "+1",
        "#LastGirlFirst",
        "a\u00a0b",
        "\u2028",
        "line\nbreak",
        "%26",
        "\\u0026",
        "'\"",
        "=",
        "🇫🇷",
    ]
)
LINKS = st.sampled_from(
    [
        "https://example.org/a",
        "https://example.org/?a=1&b=2#c",
        "https://example.org/%C3%A9t%C3%A9/",
        "http://example.com/é",
        "https://www.example.org/a?utm_source=x&copy=1",
        "https://example.org/a_(b)",
    ]
)


def account(name):
    clock = HandClock()
    model = XModel("k", "ks", "4242-t", "ts", "4242", "ngo") if name == "x" else FacebookModel("100200", "t")
    sandbox = Sandbox(x=(model,)) if name == "x" else Sandbox(facebook=(model,))
    return (
        clock,
        model,
        open_bench(PLATFORMS[name], a_world(ModelWire(sandbox, clock), clock), "http://127.0.0.1", KEYS[name]),
    )


@pytest.mark.parametrize("name", ["x", "facebook"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(words=st.lists(WORDS, min_size=1, max_size=12), link=st.none() | LINKS, lost=st.booleans())
def test_what_was_sent_is_found_by_its_text_or_link(name, words, link, lost):
    clock, model, adapter = account(name)
    inside = f" {link}" if link and name == "x" else ""
    text = " ".join(["News", *words]) + inside
    if name == "x" and weigh(text) > 280:
        text = f"News {words[0]}{inside}"
    post = Post(text, link or "" if name == "facebook" else "", link or "", 1, 280)
    since = clock.now()
    if lost:
        model.faults.add(Fault(FaultKind.CLOSE_AFTER, "POST"))
    outcome = adapter.publish(mint_claim("s", name, 2, post, since), None)
    assert isinstance(outcome, Lost if lost else Accepted), outcome
    clock.advance(timedelta(minutes=40))
    evidence = judge(Wanted.of(post, since), adapter.find(since, frozenset()), frozenset())
    assert isinstance(evidence, Found), (text, adapter.find(since, frozenset()))
    assert evidence.remote_id == model.timeline()[0].id
    without_link = Wanted(post.text, "", since)
    assert isinstance(judge(without_link, adapter.find(since, frozenset()), frozenset()), Found), "by its text alone"


@pytest.mark.parametrize("text", ["Wir sind z.B.im Haus", "See example.org for more"])
def test_a_link_without_a_scheme_is_found_by_the_text_too(text):
    clock, _, adapter = account("x")
    adapter.publish(mint_claim("s", "x", 2, Post(text, "", "", 1, 280), clock.now()), None)
    evidence = judge(Wanted(text, "", clock.now()), adapter.find(clock.now(), frozenset()), frozenset())
    assert isinstance(evidence, Found)
