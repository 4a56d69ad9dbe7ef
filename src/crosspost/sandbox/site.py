"""A small WordPress site for the demo: a front page, and a feed that answers conditional GETs as WordPress does."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import UTC, datetime
from email.utils import format_datetime

from crosspost.sandbox.stories import STORIES, Story
from crosspost.sandbox.values import Answer, Request, first

NAME = "Halden Bridge Coalition"
HOME = "https://www.example.org"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:atom="http://www.w3.org/2005/Atom"
\txmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
\txmlns:slash="http://purl.org/rss/1.0/modules/slash/"
\t>

<channel>
\t<title>{name}</title>
\t<atom:link href="{home}/feed/" rel="self" type="application/rss+xml" />
\t<link>{home}</link>
\t<description>Together against sexual exploitation</description>
\t<lastBuildDate>{built}</lastBuildDate>
\t<language>en-US</language>
\t<sy:updatePeriod>
\thourly\t</sy:updatePeriod>
\t<sy:updateFrequency>
\t1\t</sy:updateFrequency>
\t<generator>https://wordpress.org/?v=6.8.3</generator>
"""
_ITEM = """\t<item>
\t\t<title>{title}</title>
\t\t<link>{link}</link>
\t\t\t\t\t<comments>{link}#respond</comments>
\t\t
\t\t<dc:creator><![CDATA[{author}]]></dc:creator>
\t\t<pubDate>{date}</pubDate>
{terms}
\t\t<guid isPermaLink="false">{home}/?p={id}</guid>

\t\t\t\t\t<description><![CDATA[{excerpt}]]></description>
\t\t\t\t\t\t\t\t\t\t<content:encoded><![CDATA[{body}]]></content:encoded>
\t\t\t\t\t
\t\t<wfw:commentRss>{link}feed/</wfw:commentRss>
\t\t\t<slash:comments>0</slash:comments>
\t</item>
"""
_FRONT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="alternate" type="application/rss+xml" title="{name} &raquo; Feed" href="{feed}">
<style>body{{font:1.05rem/1.6 Georgia,serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}}
time{{opacity:.7;font-size:.9rem}}</style></head>
<body><h1>{name}</h1><p>Together against sexual exploitation. An invented organisation: this site is part of a
sandbox.</p>
{items}
</body></html>
"""


def demo_feed(now: datetime) -> bytes:
    """An RSS 2.0 feed as WordPress makes it: ten stories, the newest 50 minutes old, the oldest six days."""
    head = _HEAD.format(name=NAME, home=HOME, built=_date(now - STORIES[0].age))
    return (head + "".join(_item(story, now) for story in STORIES) + "\t</channel>\n</rss>\n").encode()


class Site:
    """The site as it stood at `now`: /site/ and /site/feed/. `body` may be replaced: another feed, another ETag."""

    def __init__(self, now: datetime, body: bytes | None = None) -> None:
        self.made = now
        self.body = demo_feed(now) if body is None else body

    def handle(self, request: Request) -> Answer:
        """The front page, the feed, 304 to a caller who has it, or 404."""
        if request.method not in {"GET", "HEAD"}:
            return Answer(405, (("Allow", "GET, HEAD"),))
        match request.path.rstrip("/"):
            case "/site":
                return Answer(200, (("Content-Type", "text/html; charset=UTF-8"),), self._front(request))
            case "/site/feed" if first(request.query).get("paged", "1") != "1":
                # WordPress answers a page past the end with 404 and a well-formed feed without items.
                return Answer(404, _FEED_TYPE, re.sub(rb"\t<item>.*</item>\n", b"", self.body, flags=re.DOTALL))
            case "/site/feed":
                return self._feed(request)
            case _:
                return Answer(404, (("Content-Type", "text/html; charset=UTF-8"),), b"<h1>Page not found</h1>")

    def _feed(self, request: Request) -> Answer:
        etag = '"' + hashlib.md5(self.body, usedforsecurity=False).hexdigest() + '"'
        modified = _date(self.made - STORIES[0].age).replace("+0000", "GMT")
        headers = (*_FEED_TYPE, ("ETag", etag), ("Last-Modified", modified))
        given = {name: request.header(name) for name in ("if-none-match", "if-modified-since")}
        # WordPress wants both to match where both are sent.
        fits = {"if-none-match": etag, "if-modified-since": modified}
        if any(given.values()) and all(not value or value == fits[name] for name, value in given.items()):
            return Answer(304, headers[1:])
        return Answer(200, headers, self.body)

    def _front(self, request: Request) -> bytes:
        feed = request.url.partition("?")[0].rstrip("/") + "/feed/"
        items = "".join(
            f"<p><time>{_date(self.made - story.age)[:16]}</time><br>"
            f'<a href="{HOME}/{story.slug}/">{html.escape(html.unescape(story.title))}</a></p>'
            for story in STORIES
        )
        return _FRONT.format(name=NAME, feed=html.escape(feed), items=items).encode()


_FEED_TYPE = (("Content-Type", "application/rss+xml; charset=UTF-8"),)


def _item(story: Story, now: datetime) -> str:
    body = story.body(now)
    inline = re.sub(r"</?(?:strong|a|q)\b[^>]*>", "", body)
    words = re.sub(r"<[^>]+>", " ", inline).split()
    link = f"{HOME}/{story.slug}/"
    more = f'<p>The post <a href="{link}">{story.title}</a> appeared first on <a href="{HOME}">{NAME}</a>.</p>'
    return _ITEM.format(
        title=story.title,
        link=link,
        author=story.author,
        date=_date(now - story.age),
        terms="\n".join(f"\t\t<category><![CDATA[{html.unescape(term)}]]></category>" for term in story.terms),
        home=HOME,
        id=story.id,
        excerpt=f"<p>{' '.join(words[:55])}{' [&#8230;]' if len(words) > 55 else ''}</p>\n{more}",
        body=f"\n{body}\n{more}",
    )


def _date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC))
