"""What strangers may read of stories that aren't out: number, account, state, code; never their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crosspost.core.delivery import Revision, State
from crosspost.core.outlook import Prospect
from crosspost.core.post import Post
from crosspost.core.reason import Reason
from crosspost.core.story import Record

TITLE = "A story that isn't out"
TEXT = "Not shown where everybody can read."
WHY = (
    "Everybody can read this page, so of what isn't out only numbers, states and codes stand here. Titles and texts "
    "are shown by the same command in a checkout on a machine of your own, or here once the repository is private."
)


def for_strangers(prospects: Iterable[Prospect]) -> tuple[Prospect, ...]:
    """The same deliveries: what is out as it is, the rest without title, link and text, a reason without its words."""
    return tuple(one if one.state is State.PUBLISHED else _nameless(one) for one in prospects)


def _nameless(one: Prospect) -> Prospect:
    story = replace(one.record.story, title=TITLE, link="", guid="", identities=frozenset())
    record = Record(story, _wordless(one.record.delivery), None)
    revisions = tuple(map(_wordless, one.revisions))
    post = _textless(one.post) if one.post else None
    bare = _bare(one.reason)
    return replace(one, record=record, reason=bare, post=post, revisions=revisions, why=None)


def _wordless(revision: Revision) -> Revision:
    return replace(revision, reason=_bare(revision.reason), post=None, url="")


def _bare(reason: Reason) -> Reason:
    """With its numbers and account; a word, a link or a person's remark may be what nobody shall read."""
    kept = {name: value for name, value in reason.params if isinstance(value, int) or name == "target"}
    return Reason.of(reason.code, **kept)


def _textless(post: Post) -> Post:
    """With its weight and limit: the frame around it, and the code, stay where people look for them."""
    return Post(TEXT, "", "", post.weight, post.limit)
