"""From a feed item's HTML to a clean article."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from crosspost.compose.article import build_article
from crosspost.core.entry import ARTICLE_BYTES, BlockKind, Link, Media, dump_article, load_article


def texts(article):
    return [block.text for block in article.blocks]


def test_each_kind_of_block_is_told_apart(article):
    made = article(
        "<h2>What now</h2><p>One <b>bold</b> word.</p><ul><li>An item</li><li><p>Another</p></li></ul>"
        "<blockquote><p>A quote.</p></blockquote><p>First line<br>Second line</p><div>Loose text</div>"
    )
    assert [(block.kind, block.text) for block in made.blocks] == [
        (BlockKind.HEADING, "What now"),
        (BlockKind.PARAGRAPH, "One bold word."),
        (BlockKind.ITEM, "An item"),
        (BlockKind.ITEM, "Another"),
        (BlockKind.QUOTE, "A quote."),
        (BlockKind.LINE, "First line"),
        (BlockKind.LINE, "Second line"),
        (BlockKind.PARAGRAPH, "Loose text"),
    ]


def test_two_breaks_make_a_paragraph(article):
    assert [block.kind for block in article("<p>One.<br><br>Two.</p>").blocks] == [BlockKind.PARAGRAPH] * 2


def test_a_heading_never_runs_into_the_sentence_after_it(article):
    assert texts(article("Before<h3>Heading</h3>After<div>Inside</div>end")) == [
        "Before",
        "Heading",
        "After",
        "Inside",
        "end",
    ]


def test_classic_posts_without_paragraphs_are_parted_at_blank_lines(article):
    made = article("First paragraph.\n\nSecond <i>one</i>.\n\n<ul><li>Item</li></ul>\n\nThird\nline.")
    assert texts(made) == ["First paragraph.", "Second one.", "Item", "Third line."]


def test_inline_markup_joins_and_breaks_no_words(article):
    assert texts(article("<p>un<b>believ</b>able <a href='/x'>link</a>, <span>yes</span></p>")) == [
        "unbelievable link, yes"
    ]


def test_links_are_absolute_and_only_http(article):
    made = article("<p><a href='/a?b=1#c'>Here</a> <a href='mailto:a@b.org'>mail</a> <a href='javascript:x()'>js</a>"
                   "<a href='#top'>top</a> <a href='//example.net/x'>there</a> <a href='http://['>broken</a></p>")  # fmt: skip
    assert made.blocks[0].links == (
        Link("Here", "https://example.org/a?b=1#c"),
        Link("there", "https://example.net/x"),
    )


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>var x = 1;</script>",
        "<style>p { color: red }</style>",
        "<nav><a href='/'>Home</a></nav>",
        "<form><p>Your name</p><input><button>Send</button></form>",
        "<div class='sharedaddy sd-sharing-enabled'><h3>Share this:</h3><ul><li>X</li></ul></div>",
        "<div class='addtoany_share_save_container'>Share</div>",
        "<div id='jp-relatedposts' class='jp-relatedposts'><p>Related</p></div>",
        "<div class='yarpp yarpp-related'><p>Related</p></div>",
        "<figure><img src='/a.jpg'><figcaption>A caption</figcaption></figure>",
        "<p class='wp-caption-text'>A caption</p>",
        "<iframe src='https://example.net'>no frames</iframe>",
        "<figure class='wp-block-embed is-type-video'><div>https://youtu.be/x</div></figure>",
        "<p>https://youtu.be/x</p>",
        "<span class='screen-reader-text'>Court rules</span>",
        "<div style='display: none'>hidden</div>",
        "<p><a class='more-link' href='/x'>Continue reading</a></p>",
        "<p>Weiterlesen →</p>",
        "<p>The post <a href='/x'>A title</a> appeared first on <a href='/'>Our site</a>.</p>",
        "<p>L’article <a href='/x'>Un titre</a> est apparu en premier sur <a href='/'>Site</a>.</p>",
        "<p>Der Beitrag <a href='/x'>Titel</a> erschien zuerst auf <a href='/'>Seite</a>.</p>",
        "<p>La entrada <a href='/x'>Título</a> se publicó primero en <a href='/'>Sitio</a>.</p>",
        "<p>O post <a href='/x'>Título</a> apareceu primeiro em <a href='/'>Site</a>.</p>",
        "[caption id='attachment_1' align='left'] <img src='/a.jpg'> A caption[/caption]",
        '[gallery ids="1,2,3"]',
        "[vc_row][/vc_row]",
        "[embed]https://youtu.be/x[/embed]",
        "<ol class='footnotes'><li>A note</li></ol>",
        "<!-- wp:paragraph -->",
    ],
)
def test_what_is_no_article_is_dropped(article, furniture):
    assert texts(article(f"<p>Before it.</p>{furniture}<p>After it.</p>")) == ["Before it.", "After it."]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("ruled<sup><a href='#fn1'>1</a></sup> today", "ruled today"),
        ("ruled[12] today", "ruled today"),
        ("40 km<sup>2</sup> of land", "40 km² of land"),
        ("au XXI<sup>e</sup> siècle", "au XXIe siècle"),
        ("CO<sub>2</sub> rises", "CO2 rises"),
        ("[sic] and [Editor’s note] stay", "[sic] and [Editor’s note] stay"),
        ("Tom &amp; Jerry &amp;amp; Co &amp;amp;amp; more", "Tom & Jerry & Co & more"),
        ("a&nbsp;b \u2003c\u3000d\u200be\ufefff soft\u00adly", "a b c def softly"),
        (
            "Vraiment\u202f? Oui\u00a0! «\u00a0Non\u202f» 5\u00a0%",
            "Vraiment\u00a0? Oui\u00a0! «\u00a0Non\u00a0» 5\u00a0%",
        ),
        ("evil \u202egnol\u2066 text\u2069", "evil gnol text"),
        ("\x1b[31mred\x07 \x00null", "[31mred null"),
        ("cafe\u0301", "café"),
        ("می‌خواهم and wi\u200cth", "می‌خواهم and with"),
        ("क्‍ष 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 x󠁧", "क्‍ष 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 x"),
        ("lone \ud800 surrogate", "lone surrogate"),
    ],
)
def test_text_comes_out_clean(article, markup, text):
    assert texts(article(f"<p>{markup}</p>")) == [text]


def test_content_that_was_escaped_once_too_often_is_still_markup(article):
    assert texts(article("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;")) == ["One & two.", "Three."]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("Court &#8220;rules&#8221; &amp;amp; more", "Court “rules” & more"),
        ("One<br/>two <em>three</em>", "One two three"),
        ("&lt;b&gt;Bold&lt;/b&gt; &lt;3", "Bold <3"),
        ("x" * 300, "x" * 300),
        ("a\u202eb\n c", "ab c"),
    ],
)
def test_a_title_is_plain_text(article, html, title):
    assert article("", html).title == title


def test_a_longer_title_is_cut_at_a_word(article):
    title = article("", "word " * 100).title
    assert len(title) <= 300
    assert title.endswith("word…")


AUTOMATIC = [
    "The court ruled today that the city may not wait. The judges […]",
    "The court ruled today that the city may not wait. The judges [&hellip;] <a class='more-link' href='/'>Continue reading</a>",
    "The court ruled today that the city may not wait…",
    "Share this: X The court ruled today that the city",
    "<p>The court ruled today that the city may not wait.</p><p>The post <a>T</a> appeared first on <a>S</a>.</p>",
    "A title",
    "",
]


@pytest.mark.parametrize("excerpt", AUTOMATIC)
def test_an_automatic_excerpt_is_none(article, excerpt):
    body = "<div class='sharedaddy'>Share this: X</div><p>The court ruled today that the city may not wait. The judges said more.</p>"
    assert article(body, excerpt=excerpt).excerpt == ""


def test_an_excerpt_that_an_editor_wrote_is_kept(article):
    made = article("<p>The court ruled today.</p>", excerpt="<p>A win for clean air &amp;amp; children.</p>")
    assert made.excerpt == "A win for clean air & children."


def test_a_feed_of_summaries_gives_the_whole_sentences_of_its_excerpts(article):
    made = article("", excerpt="The court ruled today. The judges did not accept it. The case was […]")
    assert made.excerpt == ""
    assert texts(made) == ["The court ruled today.", "The judges did not accept it."]


def test_pictures_come_with_their_alt_text_the_feeds_own_first(article):
    made = article(
        "<p>x</p><img src='/a.jpg' alt='A &amp;amp; B'><img src='http://example.org/plain.jpg'>"
        "<img src='data:image/gif;base64,x' data-src='https://example.org/lazy.jpg'>"
        "<p>We win <img class='emoji' alt='🎉' src='https://s.w.org/e.svg'></p>",
        media=(Media("https://example.org/first.jpg", ""), Media("https://example.org/a.jpg", "")),
    )
    assert made.media == (
        Media("https://example.org/first.jpg"),
        Media("https://example.org/a.jpg", "A & B"),
        Media("https://example.org/lazy.jpg"),
    )
    assert texts(made) == ["x", "We win 🎉"]


def test_terms_are_cleaned_and_come_once(article):
    assert article(terms=["A &amp;amp; B", "A & B", " ", "x" * 500, "Belmore"]).terms == ("A & B", "Belmore")


def test_an_article_is_bounded_by_dropping_later_blocks(article):
    made = article("".join(f"<p>Paragraph {number} says something.</p>" for number in range(5_000)))
    assert 60_000 < len(dump_article(made)) <= ARTICLE_BYTES
    assert texts(made)[0] == "Paragraph 0 says something."
    assert load_article(dump_article(made)) == made


def test_one_huge_paragraph_keeps_its_whole_sentences(article):
    text = texts(article("<p>" + "A sentence of some words. " * 5_000 + "</p>"))[0]
    assert text.endswith("of some words.")
    assert 4_000 < len(text) <= 8_000


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<b>" * 100_000 + "x",
        "<a href='/x'><div>" * 50_000 + "x",
        "<table><tr><td>" * 15_000 + "x",
        "<a " * 300_000,
        "[caption " * 100_000,
        "&amp;" * 300_000,
        "a. " * 300_000,
        "“A. " * 200_000,
        "[a=" * 200_000,
    ],
    ids=["div", "b", "a", "table", "tags", "captions", "entities", "stops", "quotes", "shortcodes"],
)
def test_hostile_markup_takes_no_more_than_a_moment(article, html):
    begin = time.process_time()
    article(html, "y" * 1_000_000 + "&lt;" * 10_000, excerpt=html)
    assert time.process_time() - begin < 60  # a second or two; in the square of the length it is hours


def test_dates_and_language_are_handed_on():
    now = datetime(2026, 10, 9, tzinfo=UTC)
    made = build_article(
        title_html="T", content_html="", excerpt_html="", link="javascript:alert(1)",
        published=now, updated=None, terms=(), language=" en-US\n",
    )  # fmt: skip
    assert (made.published, made.updated, made.language, made.link) == (now, None, "en-US", "")
