"""A simulated site: stories that are published, edited, taken down and restored, and the feed that lists them."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from crosspost.sandbox.values import Answer, Request

LISTED = 10  # WordPress lists so many
HOST = "www.example.org"

_ITEM = (
    "<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>"
    '<guid isPermaLink="false">{scheme}://www.example.org/?p={id}</guid>'
    "{terms}<description>{lead}</description>"
    "<content:encoded><![CDATA[<p>{lead}</p>{more}]]></content:encoded></item>"
)
_FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><title>Example</title><link>https://www.example.org</link><language>en-US</language>"
    "<description>News</description>{items}</channel></rss>"
)
_SUBJECTS = ("The court", "Parliament", "The council", "Our network", "The ministry", "A new report", "The city")
_VERBS = ("rules on", "debates", "supports", "postpones", "adopts", "reviews", "opens")
_OBJECTS = ("the shelter law", "aid for survivors", "the annual plan", "the hotline", "training for police")


@dataclass(frozen=True, slots=True)
class SitePost:
    """One post of the site. `edition` grows with each edit; `number` is WordPress's.

    `host`: where its link leads. `slug`: what its address has got on top. `locked`: behind a password.
    """

    number: int
    title: str
    published: datetime
    edition: int = 1
    listed: bool = True
    host: str = HOST
    slug: str = ""
    locked: bool = False

    @property
    def link(self) -> str:
        """Its address."""
        return f"https://{self.host}/story-{self.number}{self.slug}/"

    @property
    def first_link(self) -> str:
        """The address that it was published under."""
        return f"https://{self.host}/story-{self.number}/"


@dataclass(slots=True)
class SimulatedSite:
    """All posts, and when anything last changed. Answers GET /feed/ with validators, as WordPress does."""

    posts: dict[int, SitePost] = field(default_factory=dict)
    changed: datetime | None = None
    broken: str = ""  # "", "html", "cut", "error"
    reads: int = 0
    secure: bool = True  # https, or back to http
    generation: int = 0  # grows when everything is listed anew under new guids
    hidden: set[int] = field(default_factory=set)  # posts that were ever taken off
    page_two: bool = True  # older pages answer

    def publish(self, now: datetime, at: datetime | None = None, *, host: str = HOST, locked: bool = False) -> SitePost:
        """A new post, dated now or `at`."""
        number = 100 + len(self.posts)
        title = f"{_SUBJECTS[number % 7]} {_VERBS[number // 7 % 7]} {_OBJECTS[number // 3 % 5]}, part {number}"
        post = SitePost(number, title, at or now, host=host, locked=locked)
        self.posts[number] = post
        self.changed = now
        return post

    def edit(self, number: int, now: datetime) -> None:
        """Change its text."""
        self.posts[number] = replace(self.posts[number], edition=self.posts[number].edition + 1)
        self.changed = now

    def redate(self, number: int, now: datetime, at: datetime) -> None:
        """Give it another date."""
        self.posts[number] = replace(self.posts[number], published=at)
        self.changed = now

    def relist(self, now: datetime) -> None:
        """Every post gets a new guid; links stay."""
        self.generation += 1
        self.changed = now

    def show(self, number: int, now: datetime, *, listed: bool) -> None:
        """Unpublish or restore it."""
        self.posts[number] = replace(self.posts[number], listed=listed)
        self.hidden |= set() if listed else {number}
        self.changed = now

    def lock(self, number: int, now: datetime, *, locked: bool) -> None:
        """Put it behind a password, or take that off."""
        self.posts[number] = replace(self.posts[number], locked=locked)
        self.changed = now

    def rename(self, number: int, now: datetime) -> None:
        """Give it another address; its guid stays."""
        self.posts[number] = replace(self.posts[number], slug=f"{self.posts[number].slug}-renamed")
        self.changed = now

    def listed(self, page: int = 1) -> list[SitePost]:
        """What a page of the feed lists, newest first."""
        posts = [post for post in self.posts.values() if post.listed]
        posts.sort(key=lambda post: (post.published, post.number), reverse=True)
        return posts[(page - 1) * LISTED : page * LISTED]

    def body(self, page: int = 1) -> bytes:
        """The feed, or an older page of it."""
        items = "".join(map(self._item, self.listed(page)))
        return _FEED.format(items=items).encode()

    def _item(self, post: SitePost) -> str:
        title, lead = post.title, f"{post.title} is not yet final, version {post.edition} says."
        more = f"<p>Members discussed {post.number} proposals and did not agree on all of them.</p>"
        if post.locked:
            title, lead = f"Protected: {title}", "There is no excerpt because this is a protected post."
            more = '<form action="/wp-login.php?action=postpass" class="post-password-form" method="post"></form>'
        return _ITEM.format(
            title=html.escape(title),
            link=post.link if self.secure else post.link.replace("https:", "http:"),
            scheme="https" if self.secure else "http",
            date=format_datetime(post.published),
            id=f"{post.number}&#38;g={self.generation}" if self.generation else post.number,
            terms="<category>News</category><category>Shelter law</category>",
            lead=html.escape(lead),
            more=more,
        )

    def handle(self, request: Request, now: datetime) -> Answer:
        """One request to the site."""
        self.reads += 1
        page = int(dict(request.query).get("paged", "1"))
        body = self.body(page)
        match self.broken:
            case "html":
                return Answer(
                    200, (("Content-Type", "text/html"),), b"<!DOCTYPE html><html><body>Maintenance</body></html>"
                )
            case "cut":
                return Answer(200, (("Content-Type", "application/rss+xml"),), body[: len(body) * 2 // 3])
            case "error":
                return Answer(503, (("Content-Type", "text/html"),), b"<html>Service unavailable</html>")
            case _:
                pass
        if page > 1 and not self.page_two:
            return Answer(500, (("Content-Type", "text/html"),), b"<html>Internal server error</html>")
        if page > 1 and not self.listed(page):  # a well-formed feed all the same
            return Answer(404, (("Content-Type", "application/rss+xml; charset=UTF-8"),), body)
        tag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        modified = format_datetime(self.changed or now, usegmt=True)
        if request.header("if-none-match") == tag and _not_newer(modified, request.header("if-modified-since")):
            return Answer(304, (("ETag", tag), ("Last-Modified", modified)))
        headers = (("Content-Type", "application/rss+xml; charset=UTF-8"), ("ETag", tag), ("Last-Modified", modified))
        return Answer(200, headers, body)


def _not_newer(modified: str, since: str) -> bool:
    return bool(since) and parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
