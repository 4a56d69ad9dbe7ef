"""Which story a person means: its number, its link, or a piece of its title."""

from __future__ import annotations

from collections.abc import Sequence

from crosspost.core.story import Story
from crosspost.decide.identity import canonical_link
from crosspost.errors import RequestError
from crosspost.ledger.base import Ledger

CHOICES = 10  # so many are listed where a name is ambiguous


def find_story(ledger: Ledger, name: str) -> Story:
    """The story that a person named. RequestError lists the choices where there are several, or says there is none."""
    wanted = name.strip()
    hint = "`crosspost status` and `crosspost history` list them with their numbers."
    return the_one(_matches(ledger, wanted), wanted, hint)


def the_one(found: Sequence[Story], wanted: str, hint: str) -> Story:
    """The only one that a name fits; RequestError lists the choices, or says with `hint` that there is none."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise RequestError("story-unknown", f"No story is known by {wanted!r}.", hint)
    listed = "\n".join(f"  {story.number or story.link}  {story.title}" for story in found[:CHOICES])
    more = f"\n  … and {len(found) - CHOICES} more" if len(found) > CHOICES else ""
    raise RequestError(
        "story-ambiguous",
        f"{wanted!r} fits {len(found)} stories:\n{listed}{more}",
        "Name one by its number or its link.",
    )


def _matches(ledger: Ledger, wanted: str) -> list[Story]:
    number = wanted.removeprefix("#")
    if number.isascii() and number.isdigit():
        known = ledger.find((), numbers=[int(number[:15])])
    elif wanted.lower().startswith(("http://", "https://")):
        known = ledger.find([f"link:{canonical_link(wanted)}"])
    elif wanted:
        known = ledger.find((), title=wanted)
    else:
        return []
    stories = {story.id: story for story in known.owners.values()}
    return sorted(stories.values(), key=lambda story: story.number)
