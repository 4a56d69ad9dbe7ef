"""A fuzzer over the whole way of a feed, bytes to texts: `python -m crosspost.testing.fuzz --seconds 60 --seed 1`.

It damages good feeds (recorded ones, and the simulated site's) and judges what comes out. Any fault is
printed with what brings it back; the same seed and files give the same bodies.
"""

from __future__ import annotations

import argparse
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, cast

from crosspost.compose import compose
from crosspost.core.entry import ARTICLE_BYTES, Article, dump_article, load_article
from crosspost.core.policy import Copy, Policy, TagRules, Target
from crosspost.core.post import Post, Profile
from crosspost.errors import FeedError
from crosspost.feed.parse import parse
from crosspost.platforms.loading import load_platforms
from crosspost.testing.site import SimulatedSite
from crosspost.testing.world import START

URL = "https://example.org/feed/"
MAX_BODY = 60_000  # what grows by repetition stays small enough for thousands of tries
_UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

SNIPPETS = (
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?php echo 1 ?>",
    b"</item>",
    b"<item>",
    b"<item/>",
    b"</channel>",
    b"<title>",
    b"</title>",
    b"<guid></guid>",
    b"<link>javascript:alert(1)</link>",
    b"<link>https://user:hunter2@example.org/</link>",
    b"<link>http://[::1</link>",
    b"<link>https://example.org:99999/</link>",
    b"<link>http://xn--0.example/</link>",
    b"<link>https://example.org/" + b"a" * 3_000 + b"</link>",
    b"<pubDate>Mon, 02 Nov 9999 25:61:00 +9999</pubDate>",
    b"<pubDate>-0001-11-30T00:00:00Z</pubDate>",
    b'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">&lt;p&gt;',
    b"<media:content url='data:image/png;base64,x' medium='image'/>",
    b'<enclosure url="https://example.org/a.jpg" type="image/jpeg"/>',
    b"<category></category>",
    b"<category>#$%@[1]{link}</category>",
    b"&#xD800;",
    b"&#0;",
    b"&#x202e;",
    b"&amp;lt;script&amp;gt;",
    b"&bad;",
    b"&#" + b"9" * 400 + b";",
    b"\x00\x01\x1b[31m\x07",
    b"\xff\xfe",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\r\n::error::x\r\n",
    b"@name @[123:456] $TSLA #tag z.B.im example.org https://example.org/a ",
    b"{summary}{link}{hashtags}%s%n\\n",
    b"&lt;div&gt;" * 300,
    b"&lt;table&gt;&lt;td&gt;" * 60,
    b"A" * 5_000,
    "👩‍👩‍👧‍👧".encode() * 40,
    "e\u0301".encode() * 200,
    b'<?xml version="1.0" encoding="utf-7"?>',
    b'<!DOCTYPE rss [<!ENTITY x "y">]>',
    b"xmlns=''",
    b" xml:base='http://10.0.0.1/'",
    b"</rss>",
    b"</feed>",
)


# --- damage -------------------------------------------------------------------------------------------------------


def _flip(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    flipped = bytearray(body)
    for _place in range(chance.randint(1, 8)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _insert(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + chance.choice(SNIPPETS) + body[at:]


def _into_text(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    """A snippet right behind a tag, where it is some field's text."""
    ends = [at for at, byte in enumerate(body) if byte == ord(">")]
    at = chance.choice(ends) + 1 if ends else 0
    return body[:at] + chance.choice(SNIPPETS) + body[at:]


def _cut(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + body[at + chance.randint(1, 200) :]


def _truncate(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    return body[: chance.randrange(len(body))] + chance.choice((b"", b"</item></channel></rss>", b"</rss>"))


def _splice(body: bytes, chance: Random, seeds: tuple[bytes, ...]) -> bytes:
    other = chance.choice(seeds)
    begin = chance.randrange(len(other))
    at = chance.randrange(len(body))
    return body[:at] + other[begin : begin + chance.randint(1, 2_000)] + body[at:]


def _repeat(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    begin = chance.randrange(len(body))
    piece = body[begin : begin + chance.randint(1, 400)]
    return body[:begin] + piece * chance.randint(2, 40) + body[begin:]


def _swap(body: bytes, chance: Random, _: tuple[bytes, ...]) -> bytes:
    """Two tags in each other's place: what closes isn't what was opened."""
    pieces = body.split(b"<")
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return b"<".join(pieces)


Wound = Callable[[bytes, Random, tuple[bytes, ...]], bytes]
WOUNDS: tuple[Wound, ...] = (_flip, _insert, _into_text, _into_text, _cut, _truncate, _splice, _repeat, _swap)


def damaged(seeds: tuple[bytes, ...], chance: Random) -> bytes:
    """One of the seeds with one to six wounds; most keep their end, or they would merely be cut off."""
    body = chance.choice(seeds)
    whole = body[-30:]
    for _ in range(chance.randint(1, 6)):
        body = chance.choice(WOUNDS)(body or b" ", chance, seeds)[:MAX_BODY]
    return body if chance.random() < 0.2 or body.rstrip().endswith((b"</rss>", b"</feed>")) else body + whole


# --- judgement ----------------------------------------------------------------------------------------------------


class Fault(AssertionError):
    """What must not be: the sentence says what."""


@cache
def targets() -> tuple[tuple[Target, Profile], ...]:
    """X and Facebook with the defaults."""
    platforms = load_platforms()
    return tuple((_target(name, platforms[name].profile), platforms[name].profile) for name in ("x", "facebook"))


def _target(name: str, profile: Profile) -> Target:
    return Target(
        name=name,
        platform=name,
        credentials=name.upper(),
        api_url=URL,
        limit=profile.limit,
        policy=Policy(),
        tags=TagRules(campaign=("#LastGirlFirst",)),
        copy=Copy(template=profile.template),
    )


def judge(body: bytes, content_type: str = "application/rss+xml; charset=UTF-8") -> int:
    """Parse, and compose each entry; gives the number of entries. Raises Fault, or whatever breaks."""
    try:
        parsed = parse(body, "site", URL, content_type)
    except FeedError as error:
        _must(error.message.isprintable() and len(error.message) < 600, "the error is no line that can be printed")
        _must(bool(error.hint), "the error says nothing of what to do")
        return 0
    _must(all(line.isprintable() for line in parsed.complaints), "a complaint holds what can't be printed")
    for entry in parsed.entries:
        (entry.guid + entry.post_id).encode()
        judge_article(entry.article)
    return len(parsed.entries)


def judge_article(article: Article) -> None:
    """Hold an article and its texts to what is promised of them."""
    _must(load_article(dump_article(article)) == article, "the article is another after it was stored")
    _must(len(dump_article(article)) <= ARTICLE_BYTES, "the article is too large")
    for target, profile in targets():
        post = compose(article, target, profile)
        if isinstance(post, Post):
            judge_post(post, target, profile)


def judge_post(post: Post, target: Target, profile: Profile) -> None:
    """Within the limit, nothing that can't be seen, and on X the link once and no other."""
    weight = profile.weigh(post.text)
    _must(weight == post.weight <= target.limit, f"{profile.name}: the text weighs {weight} of {target.limit}")
    _must(not _unseen(post.text), f"{profile.name}: the text holds {_unseen(post.text)!r}")
    if not profile.link_in_text:
        _must(profile.finds_links(post.text) == (), f"{profile.name}: the text holds a link")
        return
    found, own = profile.finds_links(post.text), profile.finds_links(post.story_link)
    _must(found == own, f"{profile.name}: the text's links are {found!r}")
    _must(post.text.count(post.story_link) == 1 or not post.story_link, f"{profile.name}: the link isn't there once")


def _unseen(text: str) -> list[str]:
    return [char for char in text if char in _UNSEEN or (char != "\n" and unicodedata.category(char) in {"Cc", "Cs"})]


def _must(holds: bool, sentence: str) -> None:
    if not holds:
        raise Fault(sentence)


# --- running ------------------------------------------------------------------------------------------------------


def seeds_of(folder: Path | None) -> tuple[bytes, ...]:
    """The feeds under a folder (bodies, and recorded answers without packing), and the simulated site's."""
    site = SimulatedSite()
    for place in range(4):
        site.publish(START, START - timedelta(hours=place))
    found = [site.body()]
    for path in sorted(folder.rglob("*")) if folder else ():
        if path.suffix == ".xml":
            found.append(path.read_bytes())
        elif path.suffix == ".http" and ".gzip" not in path.name:
            found.append(_body_of(path.read_bytes()))
    return tuple(body for body in found if body.strip())


def _body_of(raw: bytes) -> bytes:
    class Source:
        def makefile(self, *_: object) -> BytesIO:
            return BytesIO(raw)

    answer = HTTPResponse(cast("Any", Source()))  # reads from anything that makes a file
    try:
        answer.begin()
        return answer.read()
    except HTTPException:
        return b""


def bodies(seeds: tuple[bytes, ...], seed: int) -> Iterator[bytes]:
    """Endless damaged feeds."""
    chance = Random(seed)  # noqa: S311 - the seed must decide everything
    while True:
        yield damaged(seeds, chance)


def fuzz(seeds: tuple[bytes, ...], seed: int, seconds: float, faults: Callable[[int, bytes, Exception], None]) -> int:
    """Judge bodies until the time is over; gives their number. Each fault is handed on with its place."""
    end, count, made = time.monotonic() + seconds, 0, bodies(seeds, seed)
    while time.monotonic() <= end:
        body = next(made)
        begin = time.process_time()
        try:
            judge(body)
            _must(time.process_time() - begin < 10, "it took more than ten seconds")
        except Exception as error:
            faults(count, body, error)
        count += 1
    return count


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m crosspost.testing.fuzz", description="Damage feeds, judge texts.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--feeds", type=Path, default=Path("tests/feeds"), help="a folder of good feeds")
    parser.add_argument("--keep", type=Path, help="a folder for the bodies that brought a fault")
    given = parser.parse_args(arguments)
    seen: dict[str, int] = {}

    def told(count: int, body: bytes, error: Exception) -> None:
        name = f"{type(error).__name__}: {error}"[:200]
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            return
        sys.stdout.write(f"seed {given.seed}, body {count}: {name}\n")
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{given.seed}-{count}.xml").write_bytes(body)

    folder = given.feeds if given.feeds.is_dir() else None
    count = fuzz(seeds_of(folder), given.seed, given.seconds, told)
    sys.stdout.write(f"{count:,} bodies, {sum(seen.values())} faults\n")
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
