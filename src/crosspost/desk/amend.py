"""A person's changes to what goes out, or is out: another text, another time, or taking it down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crosspost.core.delivery import Event, Fixed, Revision, State, Todo, legal, step, unsent
from crosspost.core.post import Post
from crosspost.core.reason import Code
from crosspost.core.story import Record, Story
from crosspost.desk.verbs import Done, Person, apply_verb, must_be_target, reason_of, records_of
from crosspost.errors import RequestError
from crosspost.pipeline.amend import finish_intents
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.texts import text_of


def retract(office: Office, story: Story, person: Person, *, target: str = "") -> tuple[Done, ...]:
    """Take it down wherever it is out: the intent is recorded first, then carried out, and repeated until confirmed."""

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if not legal(delivery.state, Event.RETRACT_INTENT) or not delivery.remote_id:
            return None
        return step(
            delivery,
            Event.RETRACT_INTENT,
            State.PUBLISHED,
            at=office.world.clock.now(),
            reason=reason_of(Code.RETRACT_ASKED, person),
            by=person.name,
            todo=Todo.RETRACT,
            writer=office.writer,
        )

    return _carried_out(office, apply_verb(office, story, Event.RETRACT_INTENT, decide, target))


def edit_text(office: Office, story: Story, text: str, person: Person, *, target: str) -> tuple[Done, ...]:
    """Another text for one target: before it goes out, or afterwards where the platform can change a post.

    Raises RequestError where the text is empty or weighs more than the target allows.
    """
    must_be_target(office, target)
    outlet = office.outlets[target]

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if delivery.state is State.PUBLISHED and not outlet.platform.amends:
            raise RequestError(
                "no-edit",
                f"A post that is out on {outlet.profile.title} can't be changed.",
                "`crosspost retract` takes it down; `crosspost retry` then publishes the story anew.",
            )
        if delivery.todo is Todo.RETRACT:
            # A new text would take the place of the retraction, and the post would stay.
            raise RequestError(
                "not-legal",
                f"#{story.number} is being taken down on {delivery.key.target}, so its text can't be changed there.",
                "Once it is down, `crosspost retry` publishes the story anew.",
            )
        if delivery.state is State.PUBLISHED and delivery.remote_id:
            return _edited(office, record, outlet, text, person, out=True)
        if not legal(delivery.state, Event.EDIT):
            return None
        return _edited(office, record, outlet, text, person, out=False)

    return _carried_out(office, apply_verb(office, story, Event.EDIT, decide, target))


def edit_time(office: Office, story: Story, when: datetime, person: Person, *, target: str = "") -> tuple[Done, ...]:
    """Not before then, on every target where it hasn't gone out."""

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if not legal(delivery.state, Event.EDIT):
            return None
        return _step(office, delivery, person, not_before=when)

    return apply_verb(office, story, Event.EDIT, decide, target)


def only_target(office: Office, story: Story, target: str) -> str:
    """The one target that a text is meant for. RequestError where there are several and none was named."""
    if target:
        return target
    open_to = [
        record.delivery.key.target
        for record in records_of(office, story, "")
        if legal(record.delivery.state, Event.EDIT) or record.delivery.state is State.PUBLISHED
    ]
    if len(open_to) == 1:
        return open_to[0]
    raise RequestError(
        "target-needed",
        f"A text is for one account, and #{story.number} has {len(open_to)}: {', '.join(open_to) or 'none'}.",
        "Name one with --target.",
    )


# --- helpers ----------------------------------------------------------------------------------------------------------


def _edited(office: Office, record: Record, outlet: Outlet, text: str, person: Person, *, out: bool) -> Revision:
    delivery = record.delivery
    post = _post(record, outlet, text)
    if out:
        return step(
            delivery,
            Event.EDIT_INTENT,
            State.PUBLISHED,
            at=office.world.clock.now(),
            reason=reason_of(Code.EDIT_ASKED, person),
            by=person.name,
            post=post,
            fixed=Fixed.EDITED,
            todo=Todo.EDIT,
            writer=office.writer,
        )
    return _step(office, delivery, person, post=post, fixed=Fixed.EDITED)


def _step(
    office: Office,
    delivery: Revision,
    person: Person,
    *,
    post: Post | None = None,
    fixed: Fixed | None = None,
    not_before: datetime | None = None,
) -> Revision:
    """An EDIT: a failed delivery is pending again and counts anew; a held one stays held until approved."""
    base = unsent(delivery)
    failed = delivery.state is State.FAILED
    return step(
        replace(
            base,
            post=post or base.post,
            fixed=fixed or base.fixed,
            not_before=not_before or base.not_before,
            due=office.world.clock.now() if failed else base.due,
        ),
        Event.EDIT,
        State.PENDING if failed else delivery.state,
        at=office.world.clock.now(),
        reason=delivery.reason if delivery.state is State.HELD else reason_of(Code.EDITED, person),
        by=person.name,
        attempts=replace(base.attempts, count=0, pauses=0, proved_absent=0),
        writer=office.writer,
    )


def _post(record: Record, outlet: Outlet, text: str) -> Post:
    """The text as a post, with the link, tags and language of the one it replaces."""
    words = text.strip()
    if not words:
        raise RequestError("text-empty", "The text is empty.", "`crosspost skip` is the way to send nothing.")
    weight, limit = outlet.profile.weigh(words), outlet.target.limit
    if weight > limit:
        raise RequestError(
            "text-too-long",
            f"The text weighs {weight} on {outlet.target.name}, and {limit} is the most.",
            "Shorten it; a link counts 23 on X, an emoji 2.",
        )
    before = text_of(record, outlet)
    link = record.article.link if record.article else record.story.link
    if isinstance(before, Post):
        tags = tuple(tag for tag in before.hashtags if tag.tag in words)
        return replace(before, text=words, weight=weight, limit=limit, hashtags=tags)
    return Post(words, "" if outlet.profile.link_in_text else link, link, weight, limit)


def _carried_out(office: Office, done: tuple[Done, ...]) -> tuple[Done, ...]:
    """The intents among these, carried out at once; each with what became of it."""
    shown = []
    for one in done:
        if one.delivery.todo is None:
            shown.append(one)
            continue
        moved = finish_intents(office, one.delivery.key)
        shown.append(replace(one, delivery=moved[-1]) if moved else one)
    return tuple(shown)
