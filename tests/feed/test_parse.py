"""From bytes to entries."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.core.entry import dump_article, load_article
from crosspost.errors import FeedError
from crosspost.feed.parse import MAX_COMPLAINTS, MAX_ENTRIES, absolute, parse

FEEDS = Path(__file__).parent.parent / "feeds"
BASE = "https://example.org/feed/"


def rss(*items, head="", declaration='<?xml version="1.0" encoding="UTF-8"?>'):
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'{declaration}<rss version="2.0" {names}><channel><title>T</title>{head}{inner}</channel></rss>'.encode()


def one(item, **options):
    parsed = parse(rss(item, **options), "site", BASE)
    assert len(parsed.entries) == 1
    return parsed.entries[0]


def test_a_wordpress_feed_is_read_as_it_was_meant():
    parsed = parse((FEEDS / "wordpress.xml").read_bytes(), "site", BASE, "application/rss+xml; charset=UTF-8")
    assert (parsed.title, parsed.site_link, parsed.language) == ("River & Shore", "https://example.org", "en-GB")
    ferries, minutes, command = parsed.entries
    assert (ferries.feed, ferries.guid, ferries.post_id) == ("site", "https://example.org/?p=41", "41")
    article = ferries.article
    assert article.title == "Eight ferries for the delta’s schools"
    assert article.link == "https://example.org/2026/11/eight-ferries/"
    assert article.published == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert article.published.tzinfo is UTC
    assert article.terms == ("News", "Schools & ferries")
    assert article.excerpt == "A sentence that an editor wrote by hand."
    assert [block.text for block in article.blocks] == [
        "From Monday, eight ferries take children to school.",
        "The plan names every stop.",
    ]
    assert [media.url for media in article.media] == ["https://example.org/ferry.jpg"]
    assert (ferries.protected, minutes.protected, command.protected) == (False, True, False)
    assert command.article.title == "::error title=broken::a title that means to be a command"
    assert command.article.blocks[0].text == "A feed without content has its text here."
    assert (command.article.excerpt, command.article.published, command.post_id) == ("", None, "39")
    assert parsed.complaints == ("The date of entry 3 can't be read.",)


def test_rss_1_0_is_read():
    parsed = parse((FEEDS / "rss10.xml").read_bytes(), "site", BASE)
    (entry,) = parsed.entries
    assert (entry.guid, entry.article.title) == ("https://example.org/eins", "Das Ufer ist grün")
    assert (entry.article.published, entry.article.updated) == (datetime(2026, 11, 2, 9, 30, tzinfo=UTC), None)
    assert (entry.article.language, entry.article.terms, parsed.complaints) == ("de", ("Natur",), ())


def test_atom_is_read():
    parsed = parse((FEEDS / "atom.xml").read_bytes(), "site", BASE)
    assert (parsed.title, parsed.site_link, parsed.language) == ("Rives", "https://example.org/", "fr")
    um, deux = parsed.entries
    assert um.article.title == "Se 1 < 2 & 3, então não"
    assert um.article.link == "https://example.org/blog/um/"
    assert um.article.published == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert um.article.updated == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert (um.article.language, um.article.terms) == ("pt", ("Água",))
    assert (um.article.excerpt, um.article.blocks[0].text) == ("Um resumo escrito à mão.", "O rio subiu.")
    assert (deux.article.title, deux.article.language) == ("Le fleuve & la rive", "fr")
    assert (deux.article.published, deux.article.excerpt) == (None, "")


def test_every_article_survives_being_stored():
    for name in ("wordpress.xml", "rss10.xml", "atom.xml"):
        for entry in parse((FEEDS / name).read_bytes(), "site", BASE).entries:
            assert load_article(dump_article(entry.article)) == entry.article


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_content_goes_before_the_description_in_either_order(order):
    content, excerpt = (
        "<content:encoded>&lt;p&gt;Whole text here.&lt;/p&gt;</content:encoded>",
        "<description>By hand.</description>",
    )
    entry = one(content + excerpt if order == "after" else excerpt + content)
    assert entry.article.blocks[0].text == "Whole text here."
    assert entry.article.excerpt == "By hand."


def test_a_feed_of_cut_excerpts_is_no_feed_of_excerpts_by_hand():
    entry = one(
        "<title>T</title><description>&lt;p&gt;A whole sentence. A cut one that goes [&amp;#8230;]&lt;/p&gt;</description>"
    )
    assert entry.article.excerpt == ""
    assert entry.article.blocks and "A whole sentence." in entry.article.blocks[0].text


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "yesterday",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Mon, 02 Nov 9999 00:00:00 +0000",
        "Mon, 02 Nov 2026 25:61:00 +0000",
        "9" * 5000,
    ],
)
def test_a_wrong_date_is_none_and_a_complaint(date):
    parsed = parse(rss(f"<title>T</title><pubDate>{date}</pubDate>"), "site", BASE)
    assert parsed.entries[0].article.published is None
    assert parsed.complaints == ("The date of entry 1 can't be read.",)


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Mon, 02 Nov 2026 09:30:00 GMT", 9),
        ("Mon, 02 Nov 2026 09:30:00 -0530", 15),
        ("Mon, 02 Nov 2026 09:30:00 EST", 14),
        ("2026-11-02T09:30:00Z", 9),
    ],
)
def test_dates_with_a_zone_come_in_utc(date, hour):
    published = one(f"<pubDate>{date}</pubDate>").article.published
    assert (published.hour, published.tzinfo) == (hour, UTC)


@pytest.mark.parametrize(
    ("item", "number"),
    [
        ('<guid isPermaLink="false">https://example.org/?p=12</guid>', "12"),
        ('<guid isPermaLink="false">https://example.org/?post_type=event&amp;p=13</guid>', "13"),
        ("<link>https://example.org/?p=14</link>", "14"),
        ('<guid>https://example.org/?p=12</guid><post-id xmlns="com-wordpress:feed-additions:1">15</post-id>', "15"),
        ("<guid>https://example.org/?p=twelve</guid>", ""),
        ("<guid>https://example.org/?page=12</guid>", ""),
        ("<guid>http://[?p=1</guid>", ""),
        ("<title>T</title>", ""),
    ],
)
def test_the_post_id_is_wordpress_number(item, number):
    assert one(item).post_id == number


@pytest.mark.parametrize(
    "title",
    [
        "Protected: x",
        "Protégé : x",
        "Protégé&#160;: x",
        "Prot&amp;#233;g&amp;#233;&amp;nbsp;: x",
        "Geschützt: x",
        "Protegido: x",
        "Protetto: x",
        "Beveiligd: x",
    ],
)
def test_wordpress_prefix_of_a_protected_post_is_known(title):
    assert one(f"<title>{title}</title>").protected


@pytest.mark.parametrize(
    "title", ["Protected areas: what next?", "How rivers are Protected: a guide", "Protected", "Protected:x"]
)
def test_a_title_that_merely_has_the_word_is_not_protected(title):
    assert not one(f"<title>{title}</title>").protected


def test_a_password_form_is_protected_whatever_the_title():
    form = '&lt;form action="/wp-login.php?action=postpass" method="post"&gt;'
    assert one(f"<title>T</title><content:encoded>{form}</content:encoded>").protected
    assert one(f"<title>T</title><description>{form}</description>").protected


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("/a?b=c", "https://example.org/a?b=c"),
        ("//example.com/a", "https://example.com/a"),
        (" https://example.org/a\n ", "https://example.org/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://user:hunter2@example.org/", ""),
        ("https://user@example.org/", ""),
        ("ftp://example.org/", ""),
        ("http://[::1", ""),
        ("https://example.org:port/", ""),
        ("https://exa mple.org/", ""),
        ("mailto:a@example.org", ""),
        ("https://ex&amp;bad.org/", ""),
        ("https://example..org/", ""),
        ("https://-a.org/", ""),
        ("https://bücher.example/", "https://bücher.example/"),
        ("https://a_b.example.org./", "https://a_b.example.org./"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_only_web_links_are_kept(link, kept):
    parsed = parse(rss(f"<title>T</title><link>{link}</link>"), "site", BASE)
    assert parsed.entries[0].article.link == kept
    assert bool(parsed.complaints) is (kept == "")
    assert "hunter2" not in str(parsed)


def test_a_relative_link_in_a_file_has_no_base_to_go_by():
    assert absolute("/a", "") == ""


def test_at_most_a_thousand_entries_are_taken_and_that_is_said():
    parsed = parse(rss(*["<title>T</title>"] * (MAX_ENTRIES + 1)), "site", BASE)
    assert len(parsed.entries) == MAX_ENTRIES
    assert parsed.complaints == ("The feed lists 1,001 entries; the first 1,000 were taken.",)


def test_complaints_are_bounded():
    parsed = parse(rss(*["<pubDate>never</pubDate>"] * 100), "site", BASE)
    assert len(parsed.complaints) == MAX_COMPLAINTS + 1


def test_an_empty_feed_is_a_good_feed():
    """WordPress answers so for a category that has no posts, or doesn't exist."""
    assert parse(rss(), "site", BASE).entries == ()
    assert parse(b'<rss version="2.0"/>', "site", BASE).entries == ()


def test_an_unescaped_ampersand_is_a_complaint_and_no_error():
    parsed = parse(rss("<title>Q & A</title>"), "site", BASE)
    assert parsed.entries[0].article.title == "Q & A"
    assert parsed.complaints == ("The feed is not well-formed XML; what could be read was taken.",)


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("utf-8", "application/rss+xml; charset=UTF-8", "UTF-8"),
        ("utf-8", "application/rss+xml; charset=ISO-8859-1", "UTF-8"),
        ("utf-8", "text/xml", "UTF-8"),
        ("utf-8", "text/html", "UTF-8"),
        ("utf-8", "", "ISO-8859-1"),
        ("utf-8-sig", "", "UTF-8"),
        ("iso-8859-1", "", "ISO-8859-1"),
        ("iso-8859-1", "application/xml; charset=iso-8859-1", "ISO-8859-1"),
        ("utf-16", "", "UTF-16"),
        ("utf-16", "application/rss+xml", "UTF-16"),
    ],
)
def test_letters_come_out_right_in_every_encoding(encoding, content_type, declared):
    text = rss("<title>Über façade</title>", declaration=f'<?xml version="1.0" encoding="{declared}"?>').decode()
    parsed = parse(text.encode(encoding), "site", BASE, content_type)
    assert parsed.entries[0].article.title == "Über façade"


def test_a_stray_byte_spoils_one_character_and_not_all_letters():
    body = rss("<title>Über façade XX ürgend où</title>").replace(b"XX", b"\x93")
    parsed = parse(body, "site", BASE)
    assert parsed.entries[0].article.title.startswith("Über façade")
    assert parsed.complaints == ("The feed holds 1 characters that are no UTF-8.",)


def test_an_entity_bomb_is_refused_and_not_expanded():
    lols = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = rss("<title>&l9;</title>", declaration=f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{lols}]>')
    start = time.process_time()
    with pytest.raises(FeedError) as caught:
        parse(bomb, "site", BASE)
    assert caught.value.code == "feed-garbage" and "entities" in caught.value.message
    assert time.process_time() - start < 30  # expanded it is 3 GB


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!-- > --><!DOCTYPE rss SYSTEM "a>b" [ <!entity x "y"> ]>',
        "<!DOCTYPE rss [<!ELEMENT rss ANY>\n<!ENTITY % p SYSTEM 'http://example.com/'>%p;]>",
        '<!DOCTYPE rss [<!-- ]> --><!ENTITY x "y">]>',
    ],
)
def test_no_dtd_entity_gets_through(doctype):
    body = rss("<title>&x;</title>", declaration=f'<?xml version="1.0"?>{doctype}')
    for encoded in (body, body.decode().encode("utf-16")):
        with pytest.raises(FeedError) as caught:
            parse(encoded, "site", BASE)
        assert caught.value.code == "feed-garbage"


def test_a_doctype_without_entities_is_harmless():
    old = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert one("<title>T</title>", declaration=f'<?xml version="1.0"?>{old}').article.title == "T"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "feed-empty"),
        (b" \n\xef\xbb\xbf\n", "feed-empty"),
        (b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", "feed-html"),
        (b"<HTML><body>", "feed-html"),
        (b"{}", "feed-garbage"),
        (b"\x89PNG\r\n\x1a\n", "feed-garbage"),
        (b"<opml/>", "feed-garbage"),
        (b"<?xml version='1.0'?>", "feed-garbage"),
        (rss("<title>T</title>")[:-5], "feed-cut"),
        (rss("<title>T</title>", "<title>U</title>")[:-40], "feed-cut"),
        (b'<rss version="2.0"><channel>', "feed-cut"),
    ],
)
def test_what_is_no_whole_feed_is_an_error_that_names_the_feed(body, code):
    with pytest.raises(FeedError) as caught:
        parse(body, "site", BASE)
    assert caught.value.code == code
    assert '"site"' in caught.value.message and BASE in caught.value.message
    assert caught.value.hint


def test_a_comment_behind_the_end_is_no_cut():
    assert parse(rss("<title>T</title>") + b"\n<!-- cached 0.2 s -->\n", "site", BASE).entries


def test_hostile_depth_and_length_take_little_time():
    deep = rss("<title>T</title><description>" + "&lt;b&gt;" * 20_000 + "</description>")
    start = time.process_time()
    parse(deep, "site", BASE)
    for body in (
        b"<title" * 500_000,
        b"<rss" * 500_000,
        b"<!DOCTYPE rss " + b"x" * 3_000_000,
        b"<rss>" + b"</rss" * 500_000,
    ):
        with pytest.raises(FeedError):
            parse(body, "site", BASE)
    assert time.process_time() - start < 60  # a second or two; in the square of the length it is hours


@pytest.mark.parametrize(
    "text", ["&#xD800;", "\x08", "\u202e", "&#0;", "&#55296;", "&#x110000;", f"&#{'9' * 5000};", f"&#x{'f' * 5000};"]
)
def test_odd_characters_do_not_break_what_is_stored(text):
    entry = one(f"<title>a{text}b</title><guid>g{text}h</guid><link>https://example.org/{text}</link>")
    assert (entry.guid, entry.article.title, entry.article.link) == ("gh", "ab", "https://example.org/")
    assert load_article(dump_article(entry.article)) == entry.article


def test_a_fault_of_the_parser_itself_is_an_error_of_the_feed(monkeypatch):
    import feedparser

    def fail(*args, **options):
        raise RecursionError("foreign words")

    monkeypatch.setattr(feedparser, "parse", fail)
    with pytest.raises(FeedError) as caught:
        parse(rss("<title>T</title>"), "site", BASE)
    assert caught.value.code == "feed-garbage" and "foreign" not in caught.value.message


def test_what_is_mostly_no_utf8_is_read_as_windows_writes_it():
    body = rss("<title>\u00dcber fa\u00e7ade</title>").decode().encode("cp1252")
    assert parse(body, "site", BASE).entries[0].article.title == "\u00dcber fa\u00e7ade"


@pytest.mark.parametrize("name", ["links", "tags", "content", "media_content", "media_thumbnail", "title_detail"])
def test_an_element_named_like_the_parsers_own_lists_is_no_list(name):
    assert one(f"<title>T</title><{name}>text</{name}>").article.title == "T"


def test_a_leap_second_and_a_day_that_does_not_exist():
    assert one("<dc:date>2016-12-31T23:59:60Z</dc:date>").article.published == datetime(2017, 1, 1, tzinfo=UTC)
    assert one("<dc:date>2026-02-31T10:00:00Z</dc:date>").article.published is None
