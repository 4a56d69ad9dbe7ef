"""Whatever comes: a feed's entries or an error of the feed, never anything else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosspost.core.entry import dump_article, load_article
from crosspost.errors import FeedError
from crosspost.feed.parse import parse

FEEDS = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "feeds").glob("*.xml"))]
PIECES = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"</item>",
    b"<item>",
    b"\xff",
    b"\xc3",
    b"&#xD800;",
    b"&bad;",
    b"\x00",
    b"\x1b",
    b"<!--",
    b"-->",
    b"xmlns=''",
    b"\xef\xbb\xbf",
    b"<!DOCTYPE rss [",
    b"\xe2\x80\xae",
]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def judge(body, content_type=""):
    try:
        parsed = parse(body, "site", "https://example.org/feed/", content_type)
    except FeedError as error:
        assert error.message.isprintable() and error.hint
        return
    for entry in parsed.entries:
        assert load_article(dump_article(entry.article)) == entry.article
        f"{entry.guid}{entry.post_id}{parsed.title}{parsed.site_link}{parsed.complaints}".encode()


@QUIET
@given(
    st.sampled_from(FEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(PIECES), st.integers(0, 40)), max_size=6),
)
def test_a_damaged_feed_is_entries_or_an_error(body, wounds):
    for place, piece, lost in wounds:
        at = int(place * len(body))
        body = body[:at] + piece + body[at + lost :]
    judge(body)


@QUIET
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html", "application/xml; charset=utf-7", "x; charset=nonsense", "x; charset=hex"]),
)
def test_any_bytes_are_entries_or_an_error(inner, content_type):
    judge(inner, content_type)
    judge(b"<rss version='2.0'><channel><item><title>" + inner + b"</title></item></channel></rss>", content_type)


@QUIET
@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_in_any_field_is_an_entry(first, second):
    item = f"<title><![CDATA[{first}]]></title><guid><![CDATA[{second}]]></guid><link><![CDATA[{first}]]></link><pubDate><![CDATA[{second}]]></pubDate>"
    judge(f"<rss version='2.0'><channel><item>{item}</item></channel></rss>".encode("utf-8", "surrogatepass"))
