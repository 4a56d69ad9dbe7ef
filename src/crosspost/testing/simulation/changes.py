"""What the site does: it publishes, edits, moves, takes off, imports, and sometimes what it should not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crosspost.testing.site import LISTED, SitePost

if TYPE_CHECKING:
    from crosspost.testing.simulation.installation import Installation


def birth(life: Installation) -> None:
    """The site publishes a story."""
    _born(life, life.site.publish(life.time.now))


def _born(life: Installation, post: SitePost) -> None:
    life.tally.add("published on the site")
    life.born = True
    if life.poison_next:
        life.poison, life.poison_next = post.link, False


def edit(life: Installation) -> None:
    """The site changes a text, one of the newest."""
    listed = life.site.listed()
    life.site.edit(life.chance.choice(listed[: life.chance.choice((1, 4))]).number, life.time.now)
    life.tally.add("edited on the site")


def redate(life: Installation) -> None:
    """A story gets another date."""
    earlier = timedelta(minutes=life.chance.randrange(5, 300))
    life.site.redate(life.chance.choice(life.site.listed()[:4]).number, life.time.now, life.time.now - earlier)
    life.tally.add("site: redate")


def unpublish(life: Installation) -> None:
    """The site takes a story off, and brings it back some time later, or never."""
    post = life.chance.choice(life.site.listed()[:3])
    life.site.show(post.number, life.time.now, listed=False)
    life.tally.add("site: unpublish")
    if life.chance.random() < 0.7:

        def restore(life: Installation) -> None:
            life.site.show(post.number, life.time.now, listed=True)
            life.tally.add("site: restore")

        life.agenda.add(life.later(1, 100), restore)


def move(life: Installation) -> None:
    """The site goes to https, or back."""
    life.site.secure = not life.site.secure
    life.site.changed = life.time.now
    life.tally.add("site: https")


def relist(life: Installation) -> None:
    """Everything under new guids."""
    if not _may_move(life):
        return
    life.site.relist(life.time.now)
    life.tally.add("site: relist")


def same_title(life: Installation) -> None:
    """A new post with an old one's title and date."""
    old = life.chance.choice(life.site.listed()[:4])
    again = life.site.publish(life.time.now, old.published)
    life.site.posts[again.number] = replace(again, title=old.title)
    life.lore.alike |= {again.number: old.number, old.number: again.number}
    life.tally.add("site: same title")


def many(life: Installation) -> None:
    """An import of many."""
    for minutes in range(7):
        life.site.publish(life.time.now, life.time.now - timedelta(minutes=minutes))
    life.tally.add("site: import")


def dated_later(life: Installation) -> None:
    """The site lists a story before its date."""
    life.site.publish(life.time.now, life.later(2, 30))
    life.tally.add("site: dated later")


def old_news(life: Installation) -> None:
    """The site publishes something under a date of long ago."""
    life.site.publish(life.time.now, life.time.now - timedelta(days=life.chance.uniform(8, 20)))
    life.tally.add("site: old news")


def hacked(life: Installation) -> None:
    """A story that leads to another site."""
    life.site.publish(life.time.now, host="www.example.net")
    life.tally.add("site: leads elsewhere")


def lock(life: Installation) -> None:
    """A story gets a password, from the beginning or later; often it is taken off again."""
    post = life.site.publish(life.time.now, locked=True)
    if life.chance.random() < 0.4:
        post = life.chance.choice(life.site.listed()[:4])
        life.site.lock(post.number, life.time.now, locked=True)
    life.tally.add("site: password")
    if life.chance.random() < 0.6:

        def unlock(life: Installation) -> None:
            life.site.lock(post.number, life.time.now, locked=False)
            life.tally.add("site: password gone")

        life.agenda.add(life.later(1, 60), unlock)


def rename(life: Installation) -> None:
    """A story gets another address."""
    renamed(life, life.chance.choice(life.site.listed()[:4]))


def renamed(life: Installation, post: SitePost) -> None:
    """That story gets another address. No ledger is put back that is older: it could not know the post by anything."""
    if _may_move(life):
        life.site.rename(post.number, life.time.now)
        life.drop_copies()
        life.tally.add("site: another address")


def _may_move(life: Installation) -> bool:
    """A story that gets another address and another guid before anybody has polled is another story."""
    last = life.lore.moved_at
    if last is not None and life.time.now - last < timedelta(days=12):
        return False
    life.lore.moved_at = life.time.now
    return True


def burst(life: Installation) -> None:
    """More than a page at once, and between two old ones, on page two, another; sometimes page two is broken."""
    known = life.site.listed()
    middle = known[2].published + (known[1].published - known[2].published) / 2
    posts = [life.site.publish(life.time.now, life.time.now - timedelta(minutes=n)) for n in range(LISTED + 1)]
    life.lore.between = life.site.publish(life.time.now, middle).number
    life.site.page_two = life.chance.random() < 0.6
    life.lore.burst = frozenset(post.number for post in posts)
    life.tally.add("more than a page at once")
