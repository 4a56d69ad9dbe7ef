"""What a real WordPress served is read right: over a socket, with and without gzip. What was recorded: wordpress/README.md."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.compose.language import language_of
from crosspost.core.entry import BlockKind
from crosspost.core.policy import Feed
from crosspost.decide.rules import whole_text
from crosspost.errors import FeedError
from crosspost.feed.fetch import Validators, fetch, older
from crosspost.feed.parse import parse
from crosspost.net.wire import SocketWire

PLAIN = {path.name.removesuffix(".http") for path in (Path(__file__).parent / "wordpress").glob("*.http")}
BOTH = sorted(
    name for name in PLAIN if f"{name}.gzip" in PLAIN and name not in {"unchanged", "maintenance", "page-past-the-end"}
)


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


class RealClock:
    monotonic = staticmethod(time.monotonic)


@pytest.fixture
def get(replay, recorded):
    """Fetch the recording of a name as the feed."""

    def fetch_it(name, validators=None):
        replay.answers["/feed/"] = recorded(name).raw
        feed = Feed("site", f"{replay.url}/feed/")
        return fetch(SocketWire(alarm), RealClock(), feed, validators, ("127.0.0.1",))

    return fetch_it


@pytest.fixture
def read(get):
    """Fetch and parse it."""

    def parse_it(name):
        fetched = get(name)
        return parse(fetched.body, "site", "http://example.org/feed/", fetched.content_type)

    return parse_it


@pytest.mark.parametrize("name", BOTH)
def test_a_packed_feed_and_a_plain_one_are_the_same_entries_without_complaint(read, name):
    plain, packed = read(name), read(f"{name}.gzip")
    assert plain == packed
    assert plain.complaints == ()
    assert len(plain.entries) == {"no-category": 0, "page-2": 2}.get(name, 5)


def test_an_entry_is_what_the_editor_wrote(read):
    parsed = read("new")
    assert (parsed.title, parsed.site_link, parsed.language) == ("River & Shore", "http://example.org", "en-US")
    entry = parsed.entries[0]
    assert (entry.guid, entry.post_id, entry.protected) == ("http://example.org/?p=110", "110", False)
    article = entry.article
    assert (article.title, article.link) == ("Harrow Vale plants “a thousand” trees", "http://example.org/trees/")
    assert (article.published, article.updated) == (datetime(2026, 3, 1, 8, tzinfo=UTC), None)
    assert (article.terms, article.excerpt) == (("News", "Trees"), "")
    assert [(block.kind, block.text) for block in article.blocks] == [
        (BlockKind.PARAGRAPH, "Volunteers planted a thousand trees by the river."),
        (BlockKind.HEADING, "Next"),
        (BlockKind.PARAGRAPH, "They will meet again in May."),
    ]


def test_an_unchanged_feed_is_told_by_304_with_and_without_gzip(get, replay):
    for name in ("begin", "begin.gzip"):
        first = get(name)
        again = get(f"unchanged{name.removeprefix('begin')}", first.validators)
        assert (again.status, again.unchanged, again.body) == (304, True, b"")
        asked = dict(line.split(": ", 1) for line in replay.asked[-1][1:])
        assert asked["If-None-Match"] == '"ff4b776400bbd9d1883283d453c3cfe5"'
        assert asked["If-Modified-Since"] == "Wed, 25 Feb 2026 08:00:00 GMT"


def test_the_packed_bodys_own_etag_would_bring_the_whole_body_each_time(recorded, get):
    """Why the suffix is taken off: this is what Apache answers to it."""
    answer = recorded("unchanged-as-packed.gzip")
    assert (answer.status, bool(answer.body)) == (200, True)
    assert answer.header("ETag").endswith('-gzip"')
    assert not get("unchanged-as-packed.gzip", Validators('"x"')).unchanged


def test_the_validators_go_back_to_an_old_value_when_a_post_is_unpublished(recorded):
    before, after = recorded("redated"), recorded("unpublished")
    assert before.header("ETag") == after.header("ETag") != recorded("slug").header("ETag")
    assert before.body != after.body


def test_the_validators_stay_when_the_sites_settings_change_the_body(recorded):
    assert recorded("anew").header("ETag") == recorded("excerpts").header("ETag")
    assert recorded("excerpts-unchanged").status == 304


def test_a_category_that_does_not_exist_is_an_empty_feed(read):
    parsed = read("no-category")
    assert (parsed.entries, parsed.site_link) == ((), "http://example.org")


@pytest.mark.parametrize(("page", "name", "found"), [(2, "page-2", 2), (3, "page-past-the-end", None)])
@pytest.mark.parametrize("packing", ["", ".gzip"])
def test_older_pages_are_read_up_to_the_end(replay, recorded, page, name, found, packing):
    replay.answers[f"/feed/?paged={page}"] = recorded(name + packing).raw
    feed = Feed("site", f"{replay.url}/feed/")
    fetched = older(SocketWire(alarm), RealClock(), feed, page, ("127.0.0.1",))
    if found is None:
        assert fetched is None
    else:
        assert len(parse(fetched.body, "site", fetched.url).entries) == found


@pytest.mark.parametrize(
    ("name", "status"),
    [("maintenance", 503), ("maintenance.gzip", 503), ("no-database", 500), ("page-past-the-end", 404)],
)
def test_an_error_page_names_its_status(get, name, status):
    with pytest.raises(FeedError) as caught:
        get(name)
    assert (caught.value.code, caught.value.status) == ("feed-status", status)
    assert caught.value.message.isprintable() and caught.value.hint


@pytest.mark.parametrize("name", ["protected", "protected.gzip"])
def test_a_post_behind_a_password_is_known_and_one_that_was_opened_is_not(read, name):
    assert [entry.post_id for entry in read(name).entries if entry.protected] == ["111"]
    assert not any(entry.protected for entry in read("opened").entries)


def test_each_post_of_a_site_in_two_languages_has_its_own(read):
    entries = read("languages").entries
    assert {entry.article.language for entry in entries} == {"en-US"}  # what the feed claims of all of them
    assert [language_of(whole_text(entry.article), entry.article.language) for entry in entries[:2]] == ["fr", "en"]


def test_a_feed_of_excerpts_has_texts_all_the_same(read):
    entries = read("excerpts").entries
    assert all(entry.article.blocks or entry.article.excerpt for entry in entries)


def test_a_post_that_moved_is_one_redirect_away(recorded):
    answer = recorded("old-address")
    assert (answer.status, answer.header("Location")) == (301, "http://example.org/twelve-hundred-trees/")


@pytest.mark.parametrize("name", ["archive.gzip", "relisted.gzip"])
def test_a_feed_of_two_hundred_posts_is_read_whole(read, name):
    entries = read(name).entries
    assert len({entry.guid for entry in entries}) == len({entry.article.link for entry in entries}) == 200
