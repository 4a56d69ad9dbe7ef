"""Signs in a stranger's text that a platform would act on."""

from __future__ import annotations

import re

import pytest

from crosspost.compose.defuse import JOINER, defuse

# How X finds them, after twitter-text: a mention, a cashtag, a hashtag.
MENTION = re.compile(r"(?:^|[^a-zA-Z0-9_!#$%&*@＠])[@＠][a-zA-Z0-9_]{1,20}")
PAGE_MENTION = re.compile(r"@\[\d+")
CASHTAG = re.compile(r"(?:^|\s)[$＄][a-zA-Z]{1,6}(?:[._][a-zA-Z]{1,2})?(?=$|\s|[^\w])")
HASHTAG = re.compile(r"(?:^|[^\w&])[#＃]\w*[^\W\d_]")


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("Thanks to @CAPintl today", "Thanks to CAPintl today"),
        ("(@name) ＠name", "(name) name"),
        ("@@name", " name"),
        ("Page @[123456] here", "Page [123456] here"),
        ("Buy $TSLA now", "Buy TSLA now"),
        ("It costs $100 or US$5", "It costs $100 or US$5"),
        ("Our #LastGirlFirst walk", "Our LastGirlFirst walk"),
        ("We are #1 in C#", "We are #1 in C#"),
        ("The #1st walk", "The 1st walk"),
        ("Podcast #14 – The bus", "Podcast 14 – The bus"),
        ("press@example", "press@example"),
    ],
)
def test_the_sign_goes_and_the_word_stays(x, text, harmless):
    assert defuse(text, x) == harmless


@pytest.mark.parametrize(
    "text",
    ["@a", "é@name", "@#name", "#@name", "$#TAG", "x @name @name2", "#＃tag", "@[1:1:Name]", "日本@name", "@@@#a $A"],
)
def test_no_platform_finds_a_sign_afterwards(x, facebook, text):
    for profile in (x, facebook):
        left = defuse(text, profile)
        assert not any(pattern.search(left) for pattern in (MENTION, PAGE_MENTION, CASHTAG, HASHTAG)), left


def test_a_missing_blank_is_put_in(x):
    assert defuse("Kommen Sie z.B.im Winter.", x, "de") == "Kommen Sie z.B. im Winter."
    assert defuse("It ends here.It starts again.", x, "en") == "It ends here. It starts again."


def test_a_domain_is_shown_and_is_no_link(x):
    left = defuse("See ngo.org or www.example.com/page.", x, "en")
    assert x.finds_links(left) == ()
    assert left.replace(JOINER, "") == "See ngo.org or www.example.com/page."


def test_an_address_loses_its_scheme_and_is_no_link(x, facebook):
    for profile in (x, facebook):
        left = defuse("See https://example.org/a?b=c and HTTPhttp://://x.org", profile)
        assert profile.finds_links(left) == ()
        assert "://" not in left


def test_a_text_without_any_stays_as_it_is(x):
    text = "Le colloque est complet : 11 400 personnes, 3,5 % de plus… « Oui ! »"
    assert defuse(text, x) == text
