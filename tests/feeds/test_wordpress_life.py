"""Which story is it? A real WordPress's recorded life through the real pass, a ledger and X's model: no old story goes out.

Each row of the table "which story is it" has its test here. What was recorded: wordpress/README.md.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.policy import Feed

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# What the site's first 30 hours bring, in order, half an hour after each step of the recording
LIFE = ["new", "edited", "redated", "slug", "unpublished", "republished", "binned", "restored", "protected"]


class Life:
    """An installation over the recorded site, begun with the recording "begin"."""

    def __init__(self, newsrooms, site, feeds=None, packing="", begin="begin", **policy):
        feeds = feeds or (Feed("site", "http://example.org/feed/"),)
        self.room = newsrooms.Newsroom(newsrooms.a_target("x", **policy), feeds=feeds)
        self.site, self.packing = site, packing
        self.room.hosts.update({"example.org": site.handle, "example.net": site.handle})
        self.show(begin)
        for path in ("/category/news/feed/", "/feed/?paged=2"):
            site.show({"/feed/?paged=2": "page-2"}.get(path, "category"), path)
        self.room.run(mode=self.room.Mode(baseline=True), send=False)

    def show(self, name, **options):
        packed = f"{name}{self.packing}" if not name.endswith(".gzip") else name
        self.site.show(packed, **options)

    def at(self, day, hour, minute=30):
        self.room.time.now = datetime(2026, 3, day, hour, minute, tzinfo=UTC)

    def step(self, name, day, hour, **options):
        """The site as recorded at that hour, and one pass half an hour later."""
        self.show(name)
        self.at(day, hour)
        return self.room.run(**options)

    def out(self):
        return [post.link for post in reversed(self.room.x.timeline())]

    def pending(self):
        return [record.story.title for record in self.room.ledger.open() if record.delivery.state == "pending"]

    def where(self, words):
        """State and reason of the story whose title or link holds these words, of all such stories."""
        return sorted(
            (str(life.record.delivery.state), str(life.record.delivery.reason.code))
            for life in self.room.ledger.history()
            if words in f"{life.record.story.title} {life.record.story.link}"
        )


@pytest.fixture
def begun(newsrooms, recorded_site):
    """Life on X with the defaults."""
    return lambda **options: Life(newsrooms, recorded_site, **options)


@pytest.mark.parametrize("packing", ["", ".gzip"])
def test_a_sites_life_publishes_its_one_new_post_once(begun, packing):
    """Edited, re-dated, moved to another address, taken down, published anew, binned and restored."""
    life = begun(packing=packing)
    for hour, name in enumerate(LIFE, 8):
        life.step(name, 1, hour)
        assert (name, life.out(), life.pending()) == (name, ["http://example.org/trees/"], [])
    assert life.where("door-4") == [("skipped", "baseline")]
    assert life.where("minutes") == [("skipped", "protected")]


def test_an_unchanged_site_is_not_read_again(begun):
    life = begun()
    for hour in range(8, 12):
        assert [feed.status for feed in life.step("begin", 1, hour).feeds] == ["unchanged"]


@pytest.mark.parametrize("sent", [True, False], ids=["after it went out", "before it goes out"])
def test_a_new_address_is_one_more_identity_of_the_story(begun, sent):
    life = begun(settle=timedelta(0) if sent else 3 * H)
    life.step("redated", 1, 10)
    life.step("slug", 1, 11)
    assert len(life.where("Harrow Vale plants")) == 1
    story = next(life.record.story for life in life.room.ledger.history() if "plants" in life.record.story.title)
    assert {"link:example.org/trees", "link:example.org/twelve-hundred-trees"} <= story.identities
    life.at(1, 15)
    life.room.run()
    assert life.out() == ["http://example.org/trees/" if sent else "http://example.org/twelve-hundred-trees/"]


def test_what_is_taken_down_before_it_is_due_does_not_go_out_and_comes_back_as_the_same_story(begun):
    """The ETag goes back to the old value, and the pass with something due reads the body all the same."""
    life = begun(settle=90 * M)
    life.step("redated", 1, 10, send=False)
    life.step("unpublished", 1, 12)
    assert (life.out(), life.where("plants")) == ([], [("skipped", "gone")])
    life.step("republished", 1, 13)
    assert (life.out(), life.where("plants")) == ([], [("pending", "planned")])
    life.at(1, 15)
    life.room.run()
    assert life.out() == ["http://example.org/twelve-hundred-trees/"]


def test_a_post_behind_a_password_goes_out_once_it_is_opened_and_not_before(begun):
    life = begun()
    life.step("restored", 1, 15)
    life.step("protected", 1, 16)
    assert life.where("minutes") == [("skipped", "protected")]
    for hour in (17, 18):
        life.step("opened", 1, hour)
    assert life.out()[1:] == ["http://example.org/minutes/"]


def test_each_of_two_languages_goes_where_its_target_reads_it(newsrooms, recorded_site):
    life = Life(newsrooms, recorded_site)
    targets = (newsrooms.a_target("x"), newsrooms.a_target("facebook"))
    life.room.settings = newsrooms.replace(
        life.room.settings,
        targets=(newsrooms.replace(targets[0], languages=("en",)), newsrooms.replace(targets[1], languages=("fr",))),
    )
    life.step("opened", 1, 17)
    life.step("languages", 2, 8)
    assert "http://example.org/conseil/" not in life.out()
    assert [post.link for post in life.room.facebook.timeline()] == ["http://example.org/conseil/"]
    assert life.where("conseil") == [("published", "sent"), ("skipped", "language")]


# --- the same text, guids and links that aren't one's own ---------------------------------------------------------------


def test_the_same_text_as_a_new_post_waits_for_a_person(begun):
    life = begun()
    life.step("edited", 1, 9)
    life.step("languages", 2, 8)
    before = life.out()
    life.step("anew", 2, 9)
    assert (life.out(), life.pending()) == (before, [])
    assert life.where("trees-again") == [("held", "looks-like")]


def test_two_guids_with_one_link_are_one_story(begun):
    life = begun()
    life.step("opened", 1, 17)
    life.step("languages", 2, 8)
    before = life.out()
    life.step("one-link", 2, 10)
    assert (life.out(), life.pending()) == (before, [])
    fresh = begun()
    fresh.step("one-link", 2, 10, send=False)
    assert len(fresh.where("conseil")) == 1


def test_one_guid_with_two_links_is_no_old_story_again(begun):
    life = begun()
    for name, hour in (("languages", 8), ("anew", 9)):
        life.step(name, 2, hour)
    before = life.out()
    life.step("one-guid", 2, 11)
    assert (life.out(), life.pending()) == (before, [])


def test_one_guid_with_two_links_is_two_stories_where_both_are_new(begun):
    life = begun()
    life.step("one-guid", 2, 11, send=False)
    assert sorted(life.where("conseil") + life.where("trees-again")) == [("pending", "planned")] * 2


def test_the_same_text_twice_in_one_poll_goes_out_once(begun):
    """Both are new; the feed lists the newer one first, and one of them says that it looks like the other."""
    life = begun()
    life.show("restored")
    body = life.site.pages["/feed/"].body
    life.site.show("anew", change=lambda anew: anew.replace(b"</channel>", item(body, 110) + b"</channel>"))
    life.at(2, 9)
    life.room.run()
    assert sorted(life.where("Harrow Vale plants")) == [("held", "looks-like"), ("published", "sent")]


def item(body, number):
    start = body.rindex(b"<item>", 0, body.index(b"?p=%d<" % number))
    return body[start : body.index(b"</item>", start) + 7]


# --- the whole site moves -------------------------------------------------------------------------------------------


@pytest.fixture
def settled(begun):
    """A site whose posts of the feed are all known, the newest ones published."""
    life = begun()
    for name, day, hour in (("opened", 1, 17), ("languages", 2, 8), ("anew", 2, 9)):
        life.step(name, day, hour)
    for hour in (12, 13):
        life.at(2, hour)
        life.room.run()
    assert len(life.out()) == 3 and not life.pending()
    return life


@pytest.mark.parametrize("moved", [["https"], ["https", "https-guids"], ["https-guids"]])
def test_a_move_to_https_is_no_news_with_the_guids_or_without(settled, moved):
    before = settled.out()
    for hour, name in enumerate(moved, 8):
        settled.step(name, 3, hour)
        assert (settled.out(), settled.pending()) == (before, [])


@pytest.mark.parametrize("moved", [["host-from-old"], ["host"], ["host", "host-guids"], ["host-guids"]])
@pytest.mark.parametrize("address", ["http://example.org/feed/", "https://example.net/feed/"])
def test_a_move_to_another_host_is_no_news_with_the_guids_or_without(settled, newsrooms, moved, address):
    settled.room.settings = newsrooms.replace(settled.room.settings, feeds=(Feed("site", address),))
    before = settled.out()
    for hour, name in enumerate(moved, 10):
        settled.step(name, 3, hour)
        assert (settled.out(), settled.pending()) == (before, [])


def test_a_switch_to_excerpts_is_no_news(settled):
    before = settled.out()
    settled.step("excerpts", 2, 14)
    assert (settled.out(), settled.pending()) == (before, [])


@pytest.fixture
def archived(begun):
    """A site whose feed lists two hundred posts, which are known."""
    life = begun(begin="archive.gzip")
    life.at(4, 13)
    life.room.run()
    assert (life.out(), life.pending()) == ([], [])
    return life


def unpacked(change):
    """Change a packed body."""
    import gzip

    return lambda body: gzip.compress(change(gzip.decompress(body)))


def test_two_hundred_old_posts_with_new_guids_are_no_news(archived):
    archived.step("relisted.gzip", 5, 12)
    assert (archived.out(), archived.pending()) == ([], [])


def test_two_hundred_old_posts_with_new_guids_and_addresses_are_a_flood(archived):
    archived.show("relisted.gzip", change=unpacked(lambda body: body.replace(b"/archive-", b"/story/")))
    archived.at(5, 12)
    archived.room.run()
    assert (archived.out(), archived.pending()) == ([], [])
    assert {found for found in archived.where("Again") if found[1] != "baseline"} == {("held", "flood")}


def test_a_few_old_posts_with_new_guids_addresses_and_dates_look_like_what_they_are(archived):
    def five(body):
        return b"</item>".join(body.split(b"</item>")[:5]) + b"</item></channel></rss>"

    change = unpacked(lambda body: five(body.replace(b"/archive-", b"/story/")))
    archived.show("relisted.gzip", change=change)
    archived.at(5, 12)
    archived.room.run()
    assert (archived.out(), archived.pending()) == ([], [])
    assert [found for found in archived.where("/story/")] == [("held", "looks-like")] * 5


# --- two feeds of one site ------------------------------------------------------------------------------------------


def test_two_feeds_of_one_site_bring_each_story_once(begun):
    feeds = (Feed("site", "http://example.org/feed/"), Feed("news", "http://example.org/category/news/feed/"))
    life = begun(feeds=feeds)
    for hour, name in enumerate(LIFE, 8):
        life.site.show(name, "/category/news/feed/")
        life.step(name, 1, hour)
        assert (name, life.out(), life.pending()) == (name, ["http://example.org/trees/"], [])


def test_a_second_feed_that_is_added_later_floods_nobody(begun, newsrooms):
    life = begun()
    life.step("opened", 1, 17)
    before = life.out()
    more = (*life.room.settings.feeds, Feed("news", "http://example.org/category/news/feed/"))
    life.room.settings = newsrooms.replace(life.room.settings, feeds=more)
    life.site.show("opened", "/category/news/feed/")
    life.at(1, 18)
    life.room.run()
    assert (life.out()[:1], life.pending()) == (before[:1], [])
    assert set(life.out()) - set(before) <= {"http://example.org/minutes/"}  # had not settled before


def test_a_category_that_does_not_exist_and_an_error_page_change_nothing(begun):
    life = begun()
    life.step("new", 1, 8)
    for hour, name in enumerate(("no-category", "maintenance", "no-database", "page-past-the-end"), 9):
        life.step(name, 1, hour)
    life.step("new", 1, 14)
    assert (life.out(), life.pending()) == (["http://example.org/trees/"], [])
