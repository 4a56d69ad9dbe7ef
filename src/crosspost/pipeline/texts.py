"""The text of a delivery as of now, its code and its price: the one path that preview and publish share."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from crosspost.compose import compose
from crosspost.core.delivery import OPEN_STATES, State
from crosspost.core.outlook import Prospect
from crosspost.core.post import Post
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Record
from crosspost.decide.choose import Draft
from crosspost.pipeline.outlet import Outlet


def text_of(record: Record, outlet: Outlet) -> Post | Reason:
    """What would be sent: the text that a person fixed or that was sent, else composed from article and settings."""
    if record.delivery.post is not None:
        return record.delivery.post
    if record.article is None:
        return Reason.of(Code.NO_TEXT, detail="no-article")
    return compose(record.article, outlet.target, outlet.profile)


def draft_of(text: Post | Reason, outlet: Outlet) -> Draft:
    """What choosing needs to know of a text: its price, or why there is none."""
    if isinstance(text, Reason):
        return Draft(trouble=text)
    return Draft(cost=outlet.platform.price(text, outlet.target.prices or outlet.platform.prices))


def code_of(record: Record, post: Post) -> str:
    """A shown text's code, "12@a3f09c": from story, target and text, so that approving another text is refused."""
    key = record.delivery.key
    told = f"{key.story}\n{key.target}\n{post.text}\n{post.link}"
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{record.story.number}@{digest}"


def prospect(record: Record, outlet: Outlet | None, reason: Reason | None = None, *, recorded: bool = True) -> Prospect:
    """A delivery as people are shown it; `reason` where it waits for something else than its last event.

    `recorded` false: no run has recorded the story yet, so it has neither number nor code.
    """
    delivery = record.delivery
    text = text_of(record, outlet) if outlet is not None else delivery.post
    post = text if isinstance(text, Post) else None
    number = record.story.number if recorded else 0
    waits = delivery.state in {State.PENDING, State.UNKNOWN}
    return Prospect(
        record=replace(record, story=replace(record.story, number=number)),
        platform=outlet.platform.name if outlet else "",
        state=delivery.state,
        reason=reason or delivery.reason,
        post=post,
        due=(delivery.due or delivery.not_before) if waits else None,
        code=code_of(record, post) if post is not None and number and delivery.state in OPEN_STATES else "",
        cost=delivery.cost or (draft_of(post, outlet).cost if post is not None and outlet is not None else 0),
    )
