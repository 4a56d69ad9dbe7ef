"""Which story of a preview is meant, and the account of each of its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosspost.compose import compose, why
from crosspost.core.outlook import Prospect
from crosspost.core.policy import Target
from crosspost.core.post import Post, Profile
from crosspost.core.story import Story
from crosspost.decide.identity import canonical_link, fold
from crosspost.desk.find import the_one

Outlets = Mapping[str, tuple[Target, Profile]]


def accounted(prospects: Sequence[Prospect], outlets: Outlets, name: str) -> tuple[Prospect, ...]:
    """The prospects of the story that a person named, each with why its text came out so.

    A text that a person or a sending fixed has none, unless it is what would be composed today.
    Raises RequestError where no story is meant, or several are.
    """
    stories = {one.record.story.id: one.record.story for one in prospects}
    found = [story for story in stories.values() if _is_meant(story, name.strip())]
    hint = "`crosspost preview --all` lists what the feeds have; `crosspost history` what was decided before."
    meant = the_one(found, name.strip(), hint)
    return tuple(_accounted(one, outlets) for one in prospects if one.record.story.id == meant.id)


def _is_meant(story: Story, wanted: str) -> bool:
    """By its number (a text's code, "12@a3f09c", will do), its link, or a piece of its title."""
    number = wanted.removeprefix("#").partition("@")[0]
    if number.isascii() and number.isdigit():
        return story.number == int(number[:15]) > 0
    if wanted.lower().startswith(("http://", "https://")):
        link = canonical_link(wanted)
        return bool(link) and (link == canonical_link(story.link) or f"link:{link}" in story.identities)
    return bool(wanted) and _plain(wanted) in _plain(story.title)


def _plain(title: str) -> str:
    return fold(title).replace("’", "'")


def _accounted(one: Prospect, outlets: Outlets) -> Prospect:
    outlet = outlets.get(one.record.delivery.key.target)
    article = one.record.article
    if outlet is None or article is None:
        return one
    made = compose(article, *outlet)
    if one.post is not None and not (isinstance(made, Post) and made.text == one.post.text):
        return one
    return replace(one, why=why(article, *outlet))
