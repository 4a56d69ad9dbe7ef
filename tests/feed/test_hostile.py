"""Feeds that mean harm. What bounds them, and where:

| what | limit | held by |
|---|---|---|
| a body, on the wire and unpacked | 10 MB | net/reading |
| one read, all redirects together | 30 s, 5 redirects | net/reading |
| all older pages of one feed | 120 s, fetch.max_pages | pipeline/poll |
| addresses | public ones, on the address that is connected to | net/wire |
| entities, DTDs | none is expanded | feed/sniff |
| entries of one document | 1,000 | feed/parse |
| attributes of an element, categories of a document | 500, 20,000 | feed/parse |
| guid, address | 2,000 characters | feed/parse |
| title, block, excerpt | 300, 8,000, 2,000 characters | compose/article |
| terms, pictures | 40, 10 | compose/article |
| an article as it is stored | 64 kB | core/entry |
| an error | one printable sentence | feed/trouble |

Each body here is judged whole, to the texts for X and Facebook, within SECONDS of computing (a fast machine needs a
tenth; what these bodies aim at takes minutes to hours); after each, the next good read works.
"""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib

import pytest

from crosspost.core.policy import Feed
from crosspost.core.world import Call, Reply
from crosspost.errors import FeedError
from crosspost.feed.fetch import fetch
from crosspost.feed.parse import MAX_ATTRIBUTES, MAX_CATEGORIES, MAX_ENTRIES, parse
from crosspost.testing.fuzz import judge

SECONDS = 40
MEGABYTES = 400  # of Python's own at once, for a body of 10 MB at most
URL = "https://example.org/feed/"


def rss(*items, head=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>T</title>'
        f"<link>https://example.org/</link>{''.join(items)}</channel></rss>"
    ).encode("utf-8", "surrogatepass")


def item(title="The river rose", body="", link="https://example.org/a/", more=""):
    content = f"<content:encoded>{body}</content:encoded>" if body else ""
    return f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>{content}{more}</item>"


GOOD = rss(item(body="&lt;p&gt;The river rose in the night of Monday.&lt;/p&gt;"))

JUDGED = {
    "ten thousand items": rss(*(item(link=f"https://example.org/{n}/") for n in range(10_000))),
    "a title of a megabyte": rss(item("The river rose. " * 62_500)),
    "a title of one word": rss(item("A" * 1_000_000)),
    "HTML nested 100,000 deep": rss(item(body="&lt;div&gt;" * 100_000 + "x" + "&lt;/div&gt;" * 100_000)),
    "lists nested 100,000 deep": rss(item(body="&lt;ul&gt;&lt;li&gt;" * 100_000 + "x")),
    "tables nested 50,000 deep": rss(item(body="&lt;table&gt;&lt;tr&gt;&lt;td&gt;" * 50_000 + "x")),
    "XML nested 100,000 deep": rss(item(more="<a>" * 100_000 + "</a>" * 100_000)),
    "a word of five megabytes": rss(item(body="a" * 5_000_000)),
    "brackets that never close": rss(item(body="(" * 1_000_000)),
    "escaped again and again": rss(item(body="&amp;amp;" * 500_000)),
    "a tag that never ends": rss(item(body="&lt;p " + "a " * 1_000_000)),
    "comments": rss(item(body="&lt;!--" * 300_000, more="<!---->" * 300_000)),
    "a letter with a million accents": rss(item(body="e" + "\u0301" * 1_000_000)),
    "an address of a megabyte": rss(item(link="https://example.org/" + "a" * 1_000_000)),
    "a million mentions": rss(item(body="@a #b $C example.org " * 100_000)),
    "a keyword list": rss(item(more=f"<itunes:keywords>{' '.join(map(str, range(200_000)))}</itunes:keywords>")),
    "many keyword lists": rss(item(more="".join(f"<itunes:keywords>{n}</itunes:keywords>" for n in range(50_000)))),
    "many pictures": rss(item(body="&lt;img src='https://example.org/x.jpg' alt='A'&gt;" * 50_000)),
    "nulls and lone surrogates": rss(item("a\0b\ud800c&#xDFFF;&#0;", "&lt;p&gt;\0\udfff It rains.&lt;/p&gt;")),
    "the year 9999": rss(item(more="<pubDate>Fri, 31 Dec 9999 23:59:59 -1200</pubDate>")),
    "a link that is a script": rss(item(link="javascript:alert(document.cookie)")),
    "a link with a password": rss(item(link="https://user:hunter2@example.org/")),
    "two encodings in one": "<rss version='2.0'><channel><item><title>Über".encode()
    + b" \xdcber</title></item></channel></rss>",
    "UTF-7": b"<?xml version='1.0' encoding='utf-7'?>" + rss(item("+ADw-script+AD4-")).partition(b"?>")[2],
}
REFUSED = {
    "an entity bomb": rss(item("&b;"), head='<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
    "a file by entity": rss(item("&x;"), head='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "a DTD from elsewhere": rss(item("&x;"), head="<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://10.0.0.1/'>%p;]>"),
    "200,000 attributes": rss("<item " + " ".join(f"a{n}='x'" for n in range(200_000)) + "/>"),
    "attributes that look like ends": rss("<item " + " ".join(f"a{n}='>' " for n in range(200_000)) + "/>"),
    "100,000 categories": rss(item(more="".join(f"<category>{n}</category>" for n in range(100_000)))),
    "a binary": bytes(range(256)) * 4_000,
}


@pytest.mark.parametrize("name", JUDGED)
def test_a_body_that_means_harm_is_judged_in_bounded_time(name):
    begin = time.process_time()
    assert judge(JUDGED[name]) >= 1
    assert time.process_time() - begin < SECONDS
    assert judge(GOOD) == 1


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_is_too_much_is_refused_at_once_with_one_sentence(name):
    begin = time.process_time()
    with pytest.raises(FeedError) as caught:
        parse(REFUSED[name], "site", URL)
    assert time.process_time() - begin < 10
    assert (caught.value.code, caught.value.message.isprintable()) == ("feed-garbage", True)
    assert caught.value.message.startswith(f'Feed "site" ({URL}) ') and caught.value.message.count(". ") == 0
    assert judge(GOOD) == 1


def test_what_is_many_but_not_too_many_is_read():
    attributes = " ".join(f'a{n}="x"' for n in range(MAX_ATTRIBUTES - 5))
    terms = "".join(f"<category>{n}</category>" for n in range(20))
    items = [f"<item {attributes}><title>T</title>{terms}</item>"] + [item(more=terms)] * (MAX_CATEGORIES // 20 - 1)
    parsed = parse(rss(*items), "site", URL)
    assert (len(parsed.entries), parsed.complaints) == (MAX_ENTRIES, ())
    assert len(parsed.entries[0].article.terms) == 20


@pytest.mark.slow  # counting memory takes ten times as long as judging
@pytest.mark.parametrize("name", ["HTML nested 100,000 deep", "escaped again and again"])
def test_memory_is_bounded(name):
    tracemalloc.start()
    try:
        parse(JUDGED[name], "site", URL)
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES * 1_000_000
    finally:
        tracemalloc.stop()


def test_nothing_of_a_link_with_a_password_or_a_script_is_kept():
    for name in ("a link that is a script", "a link with a password"):
        parsed = parse(JUDGED[name], "site", URL)
        assert parsed.entries[0].article.link == ""
        assert "hunter2" not in str(parsed.complaints) + str(parsed.entries[0].article)


# --- on the wire -------------------------------------------------------------------------------------------------


class OneAnswer:
    """A wire that gives one body, packed, and the clock that goes with it: each chunk takes its time."""

    def __init__(self, chunks, every=0.0):
        self.chunks, self.every, self.now, self.given = chunks, every, 0.0, 0

    def monotonic(self):
        return self.now

    def call(self, call: Call):
        return Reply(200, (("Content-Encoding", "gzip"),) if self.every == 0 else (), self.body())

    def body(self):
        for chunk in self.chunks:
            self.now += self.every
            self.given += len(chunk)
            yield chunk


def a_gigabyte_of_zeros():
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    first = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return [first] + [again] * 99


def test_a_gigabyte_of_zeros_in_a_megabyte_is_refused_before_it_is_unpacked():
    wire = OneAnswer(a_gigabyte_of_zeros())
    tracemalloc.start()
    try:
        with pytest.raises(FeedError) as caught:
            fetch(wire, wire, Feed("site", URL), None)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.code == "feed-too-large" and "10,000,000 bytes" in caught.value.message
    good = OneAnswer([gzip.compress(GOOD)])
    assert fetch(good, good, Feed("site", URL), None).body == GOOD


def test_a_body_that_trickles_is_slow_and_not_waited_for():
    wire = OneAnswer((b"<" for _ in range(10_000)), every=1.0)
    with pytest.raises(FeedError) as caught:
        fetch(wire, wire, Feed("site", URL), None)
    assert caught.value.code == "feed-slow" and wire.given <= 31


def test_a_hostile_feed_holds_no_other_up(newsrooms):
    """One pass over a feed that means harm and a good one; the next pass reads the first one too."""
    from crosspost.sandbox.values import Answer

    feeds = (Feed("bad", "https://bad.example.net/feed/"), Feed("site", "https://www.example.org/feed/"))
    room = newsrooms.Newsroom(newsrooms.a_target("x"), feeds=feeds)
    bodies = {"body": GOOD}
    room.hosts["bad.example.net"] = lambda request, now: Answer(200, (), bodies["body"])
    room.begun()
    for body in REFUSED.values():
        bodies["body"] = body
        room.publish()
        statuses = [feed.status for feed in room.run().feeds]
        assert statuses == ["failed", "ok"]
        room.wait()
    assert len(room.out()) == len(REFUSED)
    bodies["body"] = GOOD
    assert [feed.status for feed in room.run().feeds][0] == "ok"
