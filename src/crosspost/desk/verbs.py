"""A person's decisions on a story's deliveries: each is one event of the table, with who and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crosspost.core.delivery import Attempts, Event, Fixed, Revision, State, legal, step, unsent
from crosspost.core.entry import Article
from crosspost.core.post import Post
from crosspost.core.reason import Code, Param, Reason
from crosspost.core.standing import StopStanding, TargetStanding
from crosspost.core.story import Batch, Record, Story
from crosspost.decide.choose import month_of, stopped_until
from crosspost.decide.identity import group_entries
from crosspost.decide.plan import identities_of
from crosspost.desk.find import find_story
from crosspost.errors import RequestError
from crosspost.ledger.anew import anew
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.poll import poll_all
from crosspost.pipeline.reconcile import notice_gap
from crosspost.pipeline.standings import EVERYWHERE, Standings, append_on_target
from crosspost.pipeline.texts import code_of, text_of

AGAIN = "Try again in a minute."


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, and why ("" where they said nothing)."""

    name: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that is recorded: the delivery as it is now."""

    story: Story
    delivery: Revision


Decision = Callable[[Record], Revision | None]


def approve(office: Office, story: Story, person: Person, *, target: str = "", code: str = "") -> tuple[Done, ...]:
    """Let held deliveries go, with the exact text of now. With a `code`, only the one whose shown text it names.

    Raises RequestError where nothing is held, or where the code's text is another by now.
    """

    def decide(record: Record) -> Revision | None:
        outlet = office.outlets.get(record.delivery.key.target)
        if outlet is None or not legal(record.delivery.state, Event.APPROVE):
            return None
        text = text_of(record, outlet)
        if not isinstance(text, Post) or (code and code_of(record, text) != code):
            return None
        return _approved(office, record, text, person)

    try:
        return apply_verb(office, story, Event.APPROVE, decide, target)
    except RequestError:
        if code:
            _must_match(office, story, code, target)
        raise


def _must_match(office: Office, story: Story, code: str, target: str) -> None:
    codes = {}
    for record in records_of(office, story, target):
        outlet = office.outlets.get(record.delivery.key.target)
        text = text_of(record, outlet) if outlet and legal(record.delivery.state, Event.APPROVE) else None
        if isinstance(text, Post):
            codes[record.delivery.key.target] = code_of(record, text)
    if codes and code not in codes.values():
        now = ", ".join(f"{shown} on {name}" for name, shown in codes.items())
        raise RequestError(
            "code-stale",
            f"The text of #{story.number} is another by now than the one that {code} names (now: {now}).",
            "Look at the preview again and approve with the code that it shows.",
        )


def _approved(office: Office, record: Record, text: Post, person: Person) -> Revision:
    delivery = record.delivery
    return step(
        delivery,
        Event.APPROVE,
        State.PENDING,
        at=office.world.clock.now(),
        reason=reason_of(Code.APPROVED, person, was=delivery.reason.code),
        by=person.name,
        post=text,
        fixed=Fixed.EDITED if delivery.fixed is Fixed.EDITED else Fixed.APPROVED,
        attempts=replace(delivery.attempts, pauses=0),
        writer=office.writer,
    )


def approvable(office: Office) -> tuple[Record, ...]:
    """What `approve --all` lets go: held for approval or by the flood brake; the others are named one by one."""
    return tuple(
        record
        for record in office.ledger.open()
        if record.delivery.state is State.HELD and record.delivery.reason.code in {Code.APPROVAL, Code.FLOOD}
    )


def skip(office: Office, story: Story, person: Person, *, target: str = "") -> tuple[Done, ...]:
    """Never publish it; one whose fate is unknown is noted as "may be out", and its cost stays reserved."""

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if not legal(delivery.state, Event.SKIP):
            return None
        code = Code.MAY_BE_OUT if delivery.attempts.open else Code.SKIPPED
        return step(
            delivery,
            Event.SKIP,
            State.SKIPPED,
            at=office.world.clock.now(),
            reason=reason_of(code, person),
            by=person.name,
            due=None,
            writer=office.writer,
        )

    return apply_verb(office, story, Event.SKIP, decide, target)


def retry(office: Office, story: Story, person: Person, *, target: str = "") -> tuple[Done, ...]:
    """Send what failed, was skipped or taken down; one that was begun and never proved absent is looked for first.

    A baseline story has no article in the ledger: its entry must be listed still, else RequestError.
    """
    legal_on = [record.delivery for record in records_of(office, story, target) if _may_retry(office, record.delivery)]
    bare = [delivery for delivery in legal_on if not delivery.article]
    article = _listed_article(office, story) if bare else None
    if bare and article is None and len(bare) == len(legal_on):
        raise RequestError(
            "not-listed",
            f"#{story.number} was seen as baseline, and no feed lists it any more, so its text isn't known.",
            "Publish it anew on the site, or post it by hand.",
        )

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if not _may_retry(office, delivery) or not (delivery.article or article):
            return None
        begun = delivery.attempts.open
        fresh = replace(delivery.attempts, count=0, pauses=0, proved_absent=0, duplicate=False)
        return step(
            delivery if begun else unsent(delivery),
            Event.RETRY,
            State.UNKNOWN if begun else State.PENDING,
            at=office.world.clock.now(),
            reason=reason_of(Code.RETRIED, person),
            by=person.name,
            attempts=fresh if begun else Attempts(),
            remote_id="",  # what stood there was taken down; its history keeps the address
            url="",
            out_at=None,
            article=delivery.article or (article.fingerprint if article else ""),
            due=office.world.clock.now(),
            writer=office.writer,
        )

    return apply_verb(office, story, Event.RETRY, decide, target, article)


def _may_retry(office: Office, delivery: Revision) -> bool:
    return legal(delivery.state, Event.RETRY) and delivery.key.target in office.outlets


def _listed_article(office: Office, story: Story) -> Article | None:
    """The article that a feed lists for the story now; None where none does, or it is behind a password."""
    every = frozenset(feed.name for feed in office.settings.feeds)
    polls = poll_all(office, Standings.read(office.ledger), every)
    reads = tuple(poll.read for poll in polls if poll.read is not None)
    known = office.ledger.find(identities_of(reads))
    shared = {read.feed.name: read.shared for read in reads}
    for group in group_entries([entry for read in reads for entry in read.entries], known.owners, shared):
        if group.id == story.id and not any(entry.protected for entry in group.entries):
            return group.entries[0].article
    return None


def resolve_published(office: Office, story: Story, url: str, person: Person, *, target: str = "") -> tuple[Done, ...]:
    """A person says where it stands in public. Raises RequestError for what is no address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RequestError("not-an-address", f"{url!r} is no address of a post.", "Copy it from the browser, whole.")
    name = _must_name_one(office, story, Event.RESOLVE_PUBLISHED, target)
    remote_id = _post_at(office, story, name, url.strip()) if name else ""

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if not legal(delivery.state, Event.RESOLVE_PUBLISHED):
            return None
        return step(
            delivery,
            Event.RESOLVE_PUBLISHED,
            State.PUBLISHED,
            at=office.world.clock.now(),
            reason=reason_of(Code.RESOLVED_PUBLISHED, person),
            by=person.name,
            url=url.strip(),
            remote_id=remote_id,
            out_at=delivery.attempts.last or office.world.clock.now(),
            due=None,
            attempts=replace(delivery.attempts, open=False, absent_at=None),
            writer=office.writer,
        )

    return apply_verb(office, story, Event.RESOLVE_PUBLISHED, decide, target)


def _post_at(office: Office, story: Story, target: str, url: str) -> str:
    """The id of the account's post at that address, "" where nobody can tell. RequestError where it is another's."""
    outlet = office.outlets.get(target)
    if outlet is None or outlet.adapter is None:
        return ""
    remote_id = outlet.adapter.id_of(url)
    if remote_id is None:
        told = f"{url} is no address of a post on {outlet.platform.profile.title}, where {target} is."
        raise RequestError(
            "not-its-address", told, "Open the post there, and copy its address from the browser, whole."
        )
    for life in office.ledger.history(target=target, states=[State.PUBLISHED]) if remote_id else ():
        if life.record.delivery.remote_id == remote_id and life.record.story.id != story.id:
            told = f"{url} is the post of #{life.record.story.number}, not of #{story.number}."
            raise RequestError("others-post", told, "Look again which post it is.")
    return remote_id


def _must_name_one(office: Office, story: Story, event: Event, target: str) -> str:
    """The one target that an address is for, "" where there is none; RequestError where it could be several."""
    possible = [r.delivery.key.target for r in records_of(office, story, target) if legal(r.delivery.state, event)]
    if len(possible) > 1:
        raise RequestError(
            "target-needed",
            f"An address is of one account, and #{story.number} is not out on {len(possible)}: {', '.join(possible)}.",
            "Name the one that you mean with --target.",
        )
    return next(iter(possible), "")


def resolve_absent(office: Office, story: Story, person: Person, *, target: str = "") -> tuple[Done, ...]:
    """A person has looked: it isn't there. It goes out again, and its attempts count anew."""

    def decide(record: Record) -> Revision | None:
        delivery = record.delivery
        if not legal(delivery.state, Event.RESOLVE_ABSENT):
            return None
        return step(
            unsent(delivery),
            Event.RESOLVE_ABSENT,
            State.PENDING,
            at=office.world.clock.now(),
            reason=reason_of(Code.RESOLVED_ABSENT, person),
            by=person.name,
            attempts=Attempts(),
            due=office.world.clock.now(),
            cost=0,
            writer=office.writer,
        )

    return apply_verb(office, story, Event.RESOLVE_ABSENT, decide, target)


def pause(office: Office, person: Person, *, target: str = "", until: datetime | None = None) -> None:
    """Nothing goes out (everywhere, or on one target) until then, or until `resume`; reading and planning go on."""
    stop = StopStanding(person.name, person.why, office.world.clock.now(), until)
    _set_standing(office, target or EVERYWHERE, lambda standing: replace(standing, stop=stop))


def resume(office: Office, *, target: str = "") -> bool:
    """End a person's stop, and a pause of the machine's own, at once: there, or everywhere.

    False where a stop of everything still holds, as it does when one target alone is named.
    """
    names = [target] if target else [EVERYWHERE, *office.outlets]
    for name in names:
        _set_standing(office, name, lambda standing: replace(standing, stop=None, pause=None))
    return not stopped_until(Standings.read(office.ledger).target(EVERYWHERE), office.world.clock.now())


# --- what the verbs share ---------------------------------------------------------------------------------------------


def must_be_target(office: Office, target: str) -> None:
    """Raise RequestError for a target that isn't in the settings."""
    must_be_among(office.outlets, target)


def must_be_among(names: Iterable[str], target: str) -> None:
    """Raise RequestError for a target that isn't among these."""
    if target and target not in (known := tuple(names)):
        raise RequestError(
            "target-unknown", f"There is no target named {target!r}.", f"The settings name: {', '.join(known)}."
        )


def _set_standing(office: Office, name: str, change: Callable[[TargetStanding], TargetStanding]) -> None:
    if name != EVERYWHERE:
        must_be_target(office, name)
    notice_gap(office)
    anew(lambda: append_on_target(office.ledger, name, change), AGAIN)


def reason_of(code: Code, person: Person, **more: Param) -> Reason:
    """A person's reason: who, and why if they said."""
    params: dict[str, Param] = {"by": person.name, **more}
    if person.why:
        params["why"] = person.why
    return Reason.of(code, **params)


def records_of(office: Office, story: Story, target: str) -> list[Record]:
    """The story's deliveries, or the one on that target."""
    must_be_target(office, target)
    records = office.ledger.current([story.id])
    return [record for record in records if not target or record.delivery.key.target == target]


def apply_verb(
    office: Office, story: Story, event: Event, decide: Decision, target: str, article: Article | None = None
) -> tuple[Done, ...]:
    """Append what `decide` makes of every delivery on which the event is legal; anew where a run was first."""
    notice_gap(office)  # before the first append on a copy that was put back, or nobody would notice it any more

    def step() -> tuple[list[Record], tuple[Revision, ...]] | None:
        records = records_of(office, story, target)
        revisions = tuple(revision for record in records if (revision := decide(record)) is not None)
        if not revisions:
            raise _illegal(story, event, records)
        written = office.ledger.append(Batch(articles=(article,) if article else (), revisions=revisions))
        return (records, revisions) if written else None

    records, revisions = anew(step, AGAIN)
    _release(office, records, revisions)
    return tuple(Done(story, revision) for revision in revisions)


def _release(office: Office, records: list[Record], revisions: tuple[Revision, ...]) -> None:
    """Give back what was reserved for a post that a person found absent."""
    before = {record.delivery.key: record.delivery for record in records}
    for revision in revisions:
        old = before[revision.key]
        if revision.event is Event.RESOLVE_ABSENT and old.cost:
            month = month_of(old.attempts.last or old.at)
            _set_standing(office, revision.key.target, lambda s, m=month, c=old.cost: s.charge(m, -c))  # type: ignore[misc]


def _illegal(story: Story, event: Event, records: list[Record]) -> RequestError:
    states = ", ".join(f"{record.delivery.key.target}: {record.delivery.state}" for record in records) or "nowhere"
    return RequestError(
        "not-legal",
        f"`{event.value.partition('-')[0]}` can do nothing with #{story.number} as it stands ({states}).",
        f"`crosspost history {story.number}` shows what happened to it.",
    )


def named(office: Office, name: str) -> tuple[Story, str]:
    """A story that a person named, and the code where they named one: "12@a3f09c"."""
    number, at, _ = name.partition("@")
    is_code = bool(at) and number.strip().removeprefix("#").isdigit()
    return find_story(office.ledger, number if is_code else name), name.strip().removeprefix("#") if is_code else ""
