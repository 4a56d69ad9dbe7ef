"""The demo's feed and the page with both timelines."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import feedparser
import pytest

from crosspost.sandbox.model import demo
from crosspost.sandbox.page import render
from crosspost.sandbox.site import demo_feed

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def feed():
    return feedparser.parse(io.BytesIO(demo_feed(NOW)))


def test_the_demo_feed_is_good_rss_with_ten_stories(feed):
    assert not feed.bozo
    assert feed.version == "rss20"
    assert len(feed.entries) == 10
    assert len({entry.id for entry in feed.entries}) == 10
    assert all(re.fullmatch(r"https://www\.example\.org/\?p=\d+", entry.id) for entry in feed.entries)


def test_each_story_is_old_enough_to_have_settled_and_young_enough_to_go_out(feed):
    dates = [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in feed.entries]
    assert dates == sorted(dates, reverse=True)
    assert all(timedelta(minutes=10) < NOW - date < timedelta(days=7) for date in dates)


def test_the_stories_are_whole_and_in_three_scripts(feed):
    text = "".join(entry.content[0].value for entry in feed.entries)
    assert re.search(r"[\u0600-\u06ff]", text)
    assert re.search(r"[\u0900-\u097f]", text)
    assert any("l’accompagnement" in entry.title for entry in feed.entries)
    assert all("appeared first on" in entry.summary for entry in feed.entries)
    assert all(len(entry.tags) >= 2 for entry in feed.entries)
    assert "{" not in text


def test_events_and_deadlines_lie_ahead(feed):
    days = re.findall(
        r"(\d{1,2} (?:November|December|January) \d{4})", "".join(e.content[0].value for e in feed.entries)
    )
    assert days
    assert all(datetime.strptime(day, "%d %B %Y").replace(tzinfo=UTC) > NOW for day in days)


def test_all_links_stay_on_example_hosts():
    hosts = set(re.findall(r'href="https?://([^/"]+)', demo_feed(NOW).decode()))
    assert hosts == {"www.example.org"}


def test_the_feed_depends_on_the_time_alone():
    assert demo_feed(NOW) == demo_feed(NOW)
    assert demo_feed(NOW) != demo_feed(NOW + timedelta(hours=1))


class _Reader(HTMLParser):
    """Which elements there are, with their attributes, and the text in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


HOSTILE = (
    "<script>alert(1)</script> \"><img src=x onerror=1> https://www.example.org/?a=1&b=<2> #Tag's javascript:alert(1)"
)


@pytest.fixture
def sandbox():
    return demo(NOW)


def page_of(sandbox):
    return _Reader(render(sandbox.x, sandbox.facebook, NOW))


def test_an_empty_page_says_sandbox_and_that_nothing_stands_there(sandbox):
    page = page_of(sandbox)
    assert "SANDBOX" in page.words
    assert page.words.count("Nothing stands here yet.") == 2
    assert ("html", {"lang": "en"}) in page.elements


def test_no_text_becomes_markup(sandbox):
    sandbox.x[0].put(HOSTILE, NOW)
    sandbox.facebook[0].put(HOSTILE * 9, NOW, "https://www.example.org/'\"><b>")
    page = page_of(sandbox)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "form", "input"}
    assert HOSTILE.replace("https://www.", "") in page.words
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "https://").startswith(("https://", "http://"))


def test_a_picture_of_right_to_left_and_unknown_languages(sandbox):
    sandbox.x[0].put("«لكلّ فتاةٍ الحقُّ» https://www.example.org/a/", NOW)
    sandbox.facebook[0].put("हर कॉल की शुरुआत", NOW)
    sandbox.facebook[0].put("Une nouvelle", NOW)
    texts = [attributes for _, attributes in page_of(sandbox).elements if attributes.get("class") == "text"]
    assert [attributes["lang"] for attributes in texts] == ["ar", "", "hi"]
    assert all(attributes["dir"] == "auto" for attributes in texts)


def test_a_long_message_is_folded_and_whole(sandbox):
    message = "A word. " * 100
    sandbox.facebook[0].put(message, NOW)
    page = page_of(sandbox)
    assert ("details", {}) in page.elements
    assert message.strip() in page.words.replace(" … See more", "")
    assert page.words.index("See more") - page.words.index("A word.") < 410


def test_a_short_message_is_not_folded(sandbox):
    sandbox.facebook[0].put("a" * 430, NOW)
    assert "See more" not in page_of(sandbox).words


def test_links_are_short_on_x_and_its_card_names_the_domain(sandbox):
    sandbox.x[0].put("News https://www.example.org/a-very-long-path/that-goes-on/ #LastGirlFirst", NOW)
    words = page_of(sandbox).words
    assert "example.org/a-very-long-pa…" in words
    assert "https://" not in words


def test_counts_and_development_mode_are_told(sandbox):
    sandbox.x[0].put("One", NOW)
    page = page_of(sandbox)
    assert "1 post · 0 requests · $0.000 spent" in page.words
    assert "development" not in page.words
