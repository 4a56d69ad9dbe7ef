"""A link that leads into a private network is never posted by itself, whatever the feed says of its own host."""

from __future__ import annotations

import pytest

from crosspost.core.policy import Feed
from crosspost.core.standing import FeedStanding
from crosspost.pipeline.poll import poll
from crosspost.sandbox.values import Answer

INSIDE = [
    "http://10.0.0.1/a/",
    "http://localhost:8080/a/",
    "http://127.1/a/",
    "http://2130706433/a/",
    "http://[::1]/a/",
    "http://[::ffff:10.0.0.1]/a/",
    "http://169.254.169.254/latest/meta-data/",
    "http://staging/a/",
    "http://nas.local/a/",
]


def rss(link, channel):
    return (
        f'<rss version="2.0"><channel><title>T</title><link>{channel}</link><item><title>The river rose again</title>'
        f"<link>{link}</link><guid>g1</guid><description>The river rose again in the night of Monday.</description>"
        f"<pubDate>Sun, 01 Mar 2026 05:00:00 GMT</pubDate></item></channel></rss>"
    ).encode()


@pytest.fixture
def seen(newsrooms):
    """Where a story with that link stands, in a feed that anybody can read and whose channel names that address."""

    def see(link, channel, allow=()):
        room = newsrooms.Newsroom(newsrooms.a_target("x"), feeds=(Feed("site", "https://example.org/feed/"),))
        room.settings = newsrooms.replace(room.settings, allow_private=allow)
        empty = rss("", channel).replace(b"<item>", b"<!--").replace(b"</item>", b"-->")
        bodies = [empty]
        room.hosts["example.org"] = lambda request, now: Answer(200, (), bodies[-1])
        room.run(mode=room.Mode(baseline=True), send=False)
        room.wait()
        bodies.append(rss(link, channel))
        room.run()
        return *room.at(1, "x"), len(room.x.timeline())

    return see


@pytest.mark.parametrize("link", INSIDE)
def test_a_private_link_in_a_public_feed_is_held(seen, link):
    assert seen(link, "https://example.org/") == ("held", "other-site", 0)


@pytest.mark.parametrize("link", INSIDE)
def test_it_is_held_also_where_the_channel_calls_itself_so(seen, link):
    """A site that was copied from somebody's desk names localhost in every link, its own among them."""
    assert seen(link, link) == ("held", "other-site", 0)


@pytest.mark.parametrize(
    ("link", "allow"),
    [
        ("http://10.0.0.1/a/", "10.0.0.1"),
        ("http://10.0.0.1/a/", "10.0.0.0/8"),
        ("http://[::1]/a/", "::1"),
        ("http://staging/a/", "staging"),
        ("http://localhost:8080/a/", "localhost"),
    ],
)
def test_what_allow_private_names_is_posted(seen, link, allow):
    assert seen(link, link, (allow,)) == ("published", "sent", 1)


def test_the_name_of_a_private_host_is_not_kept_as_the_sites_own(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x"), feeds=(Feed("site", "https://example.org/feed/"),))
    channel = ["http://localhost/"]
    room.hosts["example.org"] = lambda request, now: Answer(200, (), rss("https://www.example.net/a/", channel[0]))
    room.run(mode=room.Mode(baseline=True), send=False)
    assert room.feed().host == ""
    channel[0] = "https://www.example.net/"
    room.wait()
    room.run()
    assert room.feed().host == "example.net"


def test_a_feed_that_nobody_has_read_before_has_no_older_pages_to_go_by(newsrooms):
    """As a preview without a ledger polls: every target counts as polled, and nothing is known."""
    room = newsrooms.Newsroom(newsrooms.a_target("x"))
    room.publish(12)
    office = room.office()
    standing = FeedStanding(polled=frozenset({"x"}))
    made = poll(office, room.settings.feeds[0], standing, whole=True)
    assert (room.site.reads, made.outlook.entries, made.outlook.notes) == (1, 10, ())
