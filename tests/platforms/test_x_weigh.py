"""X's weight and links, against twitter-text's own cases and against a second implementation."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from crosspost.platforms.x.weigh import accidental, links, weigh

x = import_module("crosspost.platforms.x.weigh")  # the package may have a function of that name

# --- twitter-text's conformance suite -----------------------------------------------------------

# Cases of config v2, where an emoji's code points are counted one by one. X uses v3.
CONFIG_V2_ONLY = {
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
}


def load(path: Path) -> dict[str, list[dict[str, object]]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]


@pytest.mark.parametrize(
    ("group", "count", "not_v3"),
    [
        ("WeightedTweetsCounterTest", 20, CONFIG_V2_ONLY),
        ("WeightedTweetsWithDiscountedEmojiCounterTest", 22, set()),
        ("UnicodeDirectionalMarkerCounterTest", 2, set()),
    ],
)
def test_every_conformance_case_weighs_what_it_should(
    shared: Callable[[str], Path], group: str, count: int, not_v3: set[str]
) -> None:
    cases = load(shared("twitter-text/validate.yml"))[group]
    wrong = {c["description"]: weigh(c["text"]) for c in cases if weigh(c["text"]) != c["expected"]["weightedLength"]}
    assert len(cases) == count
    assert set(wrong) == not_v3


@pytest.mark.parametrize(
    ("group", "count"),
    [("urls", 91), ("urls_with_indices", 10), ("urls_with_directional_markers", 2), ("tco_urls_with_params", 5)],
)
def test_every_conformance_case_has_the_links_it_should(shared: Callable[[str], Path], group: str, count: int) -> None:
    cases = load(shared("twitter-text/extract.yml"))[group]
    assert len(cases) == count
    for case in cases:
        wanted = [link["url"] if isinstance(link, dict) else link for link in case["expected"]]
        assert list(links(case["text"])) == wanted, case["description"]


def test_the_numbers_are_those_of_config_v3(shared: Callable[[str], Path]) -> None:
    config = yaml.safe_load(shared("twitter-text/v3.json").read_text())
    assert (x.LIMIT, x.LINK_WEIGHT) == (config["maxWeightedTweetLength"], config["transformedURLLength"])
    light = {code for r in config["ranges"] for code in range(r["start"], r["end"] + 1)}
    single = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    # Some characters are more than one in NFC (U+0958 and others): those weigh their parts.
    wrong = [c for c in single if x._plain(c) != (1 if ord(c) in light else 2)]
    assert wrong == []


# --- what a person would ask --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Wasser für alle", 15),
        ("„Gut“ – ‚besser‘ — “best”", 25),
        ("5 € …", 7),
        ("cafe\u0301", 4),
        ("水", 2),
        ("ein\r\nzwei", 8),
        ("©", 1),
        ("©\ufe0f", 2),
        ("👩🏽‍⚕️", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("1️⃣", 2),
        ("1\u20e3", 2),
        ("🇩🇪🇫🇷", 4),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2),
        ("⚡️", 2),
        ("☝️🏽", 2),
        ("https://example.org/" + "a" * 200, 23),
        ("example.org", 23),
        ("https://example.org.", 24),
    ],
)
def test_a_text_weighs(text: str, weight: int) -> None:
    assert weigh(text) == weight


@pytest.mark.parametrize(
    "emoji",
    [
        pytest.param("🫱🏻‍🫲🏿", id="handshake of two tones, 2022"),
        pytest.param("🐦‍⬛", id="black bird, 2022"),
        pytest.param("🙂‍↔️", id="shaking head, 2023"),
        pytest.param("🏃🏽‍♀️‍➡️", id="woman running to the right, 2023"),
        pytest.param("⛓️‍💥", id="broken chain, 2023"),
        pytest.param("🇨🇶", id="flag of Sark, 2024"),
        pytest.param("🧑🏻‍🩰", id="ballet dancer, 2025"),
    ],
)
def test_an_emoji_of_recent_years_weighs_two(emoji: str) -> None:
    assert weigh(emoji) == 2


@pytest.mark.parametrize(
    ("emoji", "weight"),
    [
        pytest.param("👨🏽‍👩🏽‍👧", 8, id="no such family: man, tone, joiner, woman, tone, joiner, girl"),
        pytest.param("🇦🇦", 4, id="no such flag"),
        pytest.param("🙋‍♀", 5, id="a joined sequence that lacks its variation selector"),
        pytest.param("😀\ufe0f", 4, id="a needless variation selector that X counts"),
    ],
)
def test_what_is_no_emoji_weighs_its_parts(emoji: str, weight: int) -> None:
    assert weigh(emoji) == weight


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Das gilt z.B.im Sudan", ["z.B.im"]),
        ("Mehr bei ngo.org und https://example.org/a", ["ngo.org"]),
        ("Ende.In Kenia", ["Ende.In"]),
        ("Satz.Neuer Satz", []),
        ("Am 24.12. um 18.30 Uhr", []),
        ("hilfe@example.org", []),
        ("@example.org #example.org", []),
        ("news.example und http://localhost:8080/a und http://127.0.0.1/b", []),
        ("größe.de und 日本語.jp", ["größe.de"]),
        ("xn--mnchen-3ya.de", ["xn--mnchen-3ya.de"]),
        ("firma.xn--vermgensberatung-pwb", ["firma.xn--vermgensberatung-pwb"]),
        ("bank.vermögensberatung", ["bank.vermögensberatung"]),
        ("Klick.hier", []),
        ("README.md, setup.py", ["README.md", "setup.py"]),
        ("musik.kids", ["musik.kids"]),
    ],
)
def test_a_word_that_x_makes_a_link_of_is_told(text: str, found: list[str]) -> None:
    assert list(accidental(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://日本語.jp/ご", ["http://日本語.jp/"]),
        ("(https://example.org/a_(b)_c)", ["https://example.org/a_(b)_c"]),
        ("https://example.org/a!(b)", ["https://example.org/a"]),
        ("https://example.org/a?b=c&d=ä", ["https://example.org/a?b=c&d="]),
        ("https://example.org/a, https://example.org/b!", ["https://example.org/a", "https://example.org/b"]),
        ("http://news.example/a", []),
        ("http://127.0.0.1:8000/?p=12", []),
        ("ftp://example.org/a", []),
    ],
)
def test_a_link_is_found_whole(text: str, found: list[str]) -> None:
    assert list(links(text)) == found


def test_the_top_level_domains_are_sorted_lowercase_and_single() -> None:
    names = x._facts("tlds.txt")
    assert len(names) == len(set(names))
    assert [name for name in names if name != name.lower() or not name.strip() or "." in name] == []
    assert {"org", "net", "com", "ngo", "im", "de", "みんな", "рф"} <= set(names)
    assert not {"example", "test", "localhost", "local", "invalid"} & set(names)


# --- against another implementation -------------------------------------------------------------


@cache
def oracle() -> SimpleNamespace:
    """PyPI's twitter-text-parser: slow, of 2023, with the lists of 2019 (emoji) and 2021 (domains)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports pkg_resources
        from twitter_text import extract_urls, parse_tweet
        from twitter_text.regexp.emoji import emoji, emoji_list
        from twitter_text.regexp.valid_cctld import valid_cctld
        from twitter_text.regexp.valid_gtld import valid_gtld
    domains = set()
    for pattern in (valid_gtld.pattern, valid_cctld.pattern):
        domains |= set(pattern.removeprefix("(?:(?:").partition(")(?=")[0].split("|"))
    status = {"".join(chr(int(code, 16)) for code in e.codepoint.split()): e.status for e in emoji_list}
    return SimpleNamespace(
        weigh=lambda text: parse_tweet(text).weightedLength,
        links=extract_urls,
        domains=domains,
        missing=["." + name for name in sorted(x._domains().names - domains)],
        status=status,
        emoji=[e for e, kind in status.items() if kind == "fully-qualified"],
        find_emoji=emoji.findall,
    )


def known_difference(text: str) -> str:
    """Why we differ from the oracle on purpose; "" where we must not.

    newer-domain: a top-level domain of after 2021. newer-emoji: a sequence that its list of 2019 lacks;
    X counts each of them as 2. bare-joiner: a joined sequence without all its FE0F, and © and ® alone (copyright),
    are no emoji to twitter-text's JavaScript and Java, but are to it.
    folded-letter: Python takes ı, İ, ſ and K for i, s and k where case is ignored; twitter-text doesn't.
    """
    small = text.lower()
    if any(name in small for name in oracle().missing):
        return "newer-domain"
    text = unicodedata.normalize("NFC", text)
    if any(text[at : at + length] not in oracle().status for at, length in x._long_emoji(text)):
        return "newer-emoji"
    if "\u200d" in text and any(e not in x._emoji().sequences for e in oracle().find_emoji(text) if len(e) > 1):
        return "bare-joiner"
    if "©" in text or "®" in text:
        return "copyright"
    if any(letter in text for letter in "ıİſ\u212a"):
        return "folded-letter"
    return ""


WORDS = "Die Frauen in Köln helfen, wo Hilfe fehlt: à Paris l'été Ελλάδα Москва şehir Ağ Łódź don’t z.B. d.h. U.S. 24.12. 3.500".split()
LONG = "日本語 これは日本語です。 故人西辞黄鹤楼， 한국 שלום السلام مرحبا ไทย हिन्दी नमस्ते پاکستان ".split()
HOSTS = "example.org www.example.co.uk bit.ly t.co ex-ample.com a_b.example.net a-.com -a.com é.fr ELPAÍS.com xn--ls8h.la xn--あ.com foo.みんな みんな.中国 日本.jp a..com foo.bar.baz 127.0.0.1 localhost example.com-a foo.govx www.ngo 1.de".split()
PATHS = [
    "/a!(b)",
    "/a(b)(c)!(d)",
    "/(a).(b)",
    "",
    "",
    "",
    "/",
    "/a",
    "/a/b.html",
    "/a_(b)",
    "/a_(b",
    "/((a))",
    "/(((a)))",
    "/a.",
    "/a,b;c!",
    "/é/Русские",
    "/日本",
    "/a-",
    "/a+@b/",
    "?",
    "?a=b",
    "/?a=b&c",
    "/a?b=c!",
    "#a",
    "/#a",
    ":80",
    ":80/a",
    ":x",
    "/a|b?c|d",
    "/–",
    "/ι",
]
MARKS = list(
    " .,:;!?-_/\\'\"()[]{}<>@#$%&*+=|~^`…–—„“”’·•€°\u00a0\u2009\u200b\u200d\u200e\u200f\u202a\u202c\u2066\u2069\u061c\ufeff\ufffe\uffff\n\t＠＃。、"
) + ["\r\n", "http://", "https://", "HTTPS://", "://"]
COMBINING = [
    "e\u0301",
    "a\u0308",
    "\u0301",
    "\u05e9\u05bc\u05c1",
    "\ufb2c",
    "\u0958",
    "\u1112\u1161\u11ab",
    "\u0345",
    "ß",
    "ẞ",
]
PIECES = list("\ufe0f\ufe0f\u200d\u200d\u200d\u20e3\U0001f3fd\U0001f3fb1#👩👨🧑❤💋🏳🌈⚕♂🙋☝⚡☺🇩🇪🇦🏴") + [
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\U000e0067",
    "\U000e007f",
]
TIGHT = list("aaZ9.....--__/:@#é日み ()?!") + ["com", "de", "みんな", "http://", "co", "xn--"]


def piece(chance: random.Random, emoji: list[str], domains: list[str]) -> str:
    match chance.randrange(14):
        case 0 | 1 | 2:
            return chance.choice(WORDS) + chance.choice((" ", " ", "", "."))
        case 3:
            return chance.choice(LONG)
        case 4:
            return "http" + chance.choice(("", "s")) + "://" + chance.choice(HOSTS) + chance.choice(PATHS)
        case 5:
            return chance.choice(HOSTS) + chance.choice(PATHS)
        case 6:
            name = chance.choice(domains)
            return chance.choice(WORDS) + "." + chance.choice((name, name.upper(), name.title()))
        case 7:
            return chance.choice(emoji)
        case 8:
            return "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        case 9:
            return chance.choice(COMBINING)
        case 10:
            return "".join(chance.choices(TIGHT, k=chance.randint(2, 12)))
        case 11:
            return "http://t.co/" + "".join(chance.choices("aB3-?=.", k=chance.choice((3, 10, 45))))
        case _:
            return chance.choice(MARKS)


def texts(seed: int, count: int) -> Iterator[str]:
    """Texts of one to fifteen pieces, the same for a seed each time."""
    chance = random.Random(seed)
    emoji, domains = sorted(oracle().emoji) * 9 + sorted(oracle().status), sorted(oracle().domains)
    for _ in range(count):
        yield "".join(piece(chance, emoji, domains) for _ in range(chance.randint(1, 15)))


def mismatch(text: str) -> str:
    """What we and the oracle say, where it isn't the same; "" where it is."""
    ours, theirs = (weigh(text), list(links(text))), (oracle().weigh(text), oracle().links(text))
    return "" if ours == theirs else f"{ascii(text)}\n  we {ascii(ours)}\n  it {ascii(theirs)}"


def test_five_thousand_made_up_texts_weigh_and_link_as_in_another_implementation() -> None:
    met: Counter[str] = Counter()
    wrong = []
    for text in texts(seed=20261124, count=5000):
        why = known_difference(text)
        met[why] += 1
        if not why and (found := mismatch(text)):
            wrong.append(found)
    assert wrong == []
    assert met[""] > 4000


@pytest.mark.parametrize(
    ("text", "why", "ours", "theirs"),
    [
        ("musik.kids", "newer-domain", 23, 10),
        ("🐦‍⬛", "newer-emoji", 2, 5),
        ("⚡️", "newer-emoji", 2, 4),
        ("🙋‍♀", "bare-joiner", 5, 2),
        ("© 2026", "copyright", 6, 7),
        ("ngo.orgı", "folded-letter", 24, 8),
    ],
)
def test_each_known_difference_is_one(text: str, why: str, ours: int, theirs: int) -> None:
    assert (known_difference(text), weigh(text), oracle().weigh(text)) == (why, ours, theirs)


def test_all_emoji_of_another_list_weigh_two() -> None:
    assert [e for e in oracle().emoji if weigh(e) != 2] == []
    others = {e for e in oracle().status if weigh(e) != 2}
    assert {e for e in others if "\u200d" not in e} == {"©", "®"}


def test_every_top_level_domain_of_twitter_text_makes_a_link() -> None:
    assert [name for name in oracle().domains if links(f"http://a.{name}") != (f"http://a.{name}",)] == []


# --- cost ---------------------------------------------------------------------------------------


def best(action: Callable[[], object], times: int = 5) -> float:
    """Seconds of work in the fastest run, however busy the machine is."""
    spans = []
    for _ in range(times):
        begin = time.process_time()
        action()
        spans.append(time.process_time() - begin)
    return min(spans)


def test_a_candidate_text_is_weighed_in_no_time() -> None:
    text = "Die Frauen in Köln helfen, wo Hilfe fehlt. " * 6 + "https://example.org/a/b 👩🏽‍⚕️ #LastGirlFirst"
    assert len(text) > 290
    weigh(text)
    assert best(lambda: weigh(text), 20) < 0.01  # 0.3 ms without tracing; tests/benchmarks has the numbers


@pytest.mark.parametrize(
    "bit",
    [
        "日",
        "/.",
        "/a(",
        "日-.",
        "a.",
        "日a.com",
        "a_b.c_d.",
        "(a",
        "http://",
        "@a.com",
        "é.é_",
        "👩‍",
        "x.y_com.",
        "日_",
    ],
)
def test_a_hostile_text_costs_in_proportion_to_its_length(bit: str) -> None:
    short, long = ((bit * n + ".a_b.com/" + bit * n)[: 4 * n] for n in (1000, 8000))
    weigh(short)
    assert best(lambda: weigh(long), 2) < 40 * best(lambda: weigh(short), 3) + 0.01


def test_importing_it_loads_no_list_and_nothing_heavy() -> None:
    code = (
        "import sys, crosspost.platforms.x.weigh; w = sys.modules['crosspost.platforms.x.weigh'];"
        "w.weigh('ein Wort. Und noch eins'); print(w._domains.cache_info().currsize, w._emoji.cache_info().currsize, 'regex' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["0", "0", "False"]
