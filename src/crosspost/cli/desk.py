"""Commands by which a person decides: approve, skip, retry, resolve, pause, resume."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from crosspost import app
from crosspost.cli.call import Call
from crosspost.cli.options import By, StoryName, Target, Why, Yes
from crosspost.cli.usage import usage
from crosspost.core.delivery import State
from crosspost.core.story import Story
from crosspost.desk import amend, look, verbs
from crosspost.desk.find import find_story
from crosspost.desk.verbs import Done, Person
from crosspost.desk.when import parse_when
from crosspost.pipeline.outlet import Office
from crosspost.report import terminal
from crosspost.report.describe import clean_line, count, when


def _person(call: Call, by: str, why: str) -> Person:
    return Person(clean_line(by or app.person_name(call.world.env), 80), why)


def _tell(call: Call, done: Iterable[Done]) -> None:
    terminal.show_done(((one.story, one.delivery) for one in done), call.sheet())


def approve(
    ctx: typer.Context,
    stories: Annotated[
        list[str] | None,
        typer.Argument(metavar="STORY[@CODE]", help="Numbers, links or titles; 12@a3f09c names an exact text."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All held for approval or by the flood brake.")] = False,
    target: Target = "",
    reason: Why = "",
    by: By = "",
    yes: Yes = False,
) -> None:
    """Let held stories go, with the text they have now.

    With the code that a preview shows it refuses where the text is another by now. Without one, on a terminal,
    it shows the text and asks.

    Example: crosspost approve 12@a3f09c
    """
    call: Call = ctx.obj
    if bool(stories) == everything:
        raise usage("Name the stories to approve, or --all.", "`crosspost status` lists what is held.")
    with call.office() as office:
        verbs.must_be_target(office, target)
        person = _person(call, by, reason)
        names = [(*verbs.named(office, name), yes) for name in stories or []]
        if everything:
            names = [(story, "", True) for story in _all_approvable(call, office, target, yes=yes)]
        for story, code, sure in names:
            if code or _may_go(call, office, story, target, yes=sure):
                _tell(call, verbs.approve(office, story, person, target=target, code=code))


def _all_approvable(call: Call, office: Office, target: str, *, yes: bool) -> list[Story]:
    records = [one for one in verbs.approvable(office) if not target or one.delivery.key.target == target]
    found = list({record.story.id: record.story for record in records}.values())
    if not found:
        call.note("Nothing is held for approval or by the flood brake.")
        return []
    if not yes and call.can_ask:
        for story in found:
            terminal.show_story(look.texts_now(office, story, target=target), call.sheet())
    if not call.confirm(f"Let {count(len(found), 'story', 'stories')} go, with these texts?", yes=yes, needed=False):
        raise call.declined()
    return found


def _may_go(call: Call, office: Office, story: Story, target: str, *, yes: bool) -> bool:
    held = [one for one in look.texts_now(office, story, target=target) if one.state is State.HELD]
    if yes or not held or not call.can_ask:
        return True
    terminal.show_story(held, call.sheet())
    return call.confirm("Let it go with this text?", yes=False)


def skip(ctx: typer.Context, story: StoryName, target: Target = "", reason: Why = "", by: By = "") -> None:
    """Decide that a story is not published. `retry` takes it back.

    Example: crosspost skip 12 --reason 'Published by hand last week'
    """
    call: Call = ctx.obj
    with call.office() as office:
        found = find_story(office.ledger, story)
        _tell(call, verbs.skip(office, found, _person(call, by, reason), target=target))


def retry(
    ctx: typer.Context, story: StoryName, target: Target = "", reason: Why = "", by: By = "", yes: Yes = False
) -> None:
    """Publish what failed, was skipped or taken down.

    Asks first where it has stood in public, or may stand there.

    Example: crosspost retry 12 --target facebook
    """
    call: Call = ctx.obj
    with call.office() as office:
        found = find_story(office.ledger, story)
        verbs.must_be_target(office, target)
        public = [
            one.record.delivery.key.target
            for one in look.texts_now(office, found, target=target)
            if one.state is State.RETRACTED or (one.state is State.SKIPPED and one.record.delivery.attempts.open)
        ]
        if public:
            question = f"It stood, or may stand, in public on {', '.join(public)}. Publish it there anew?"
            if not call.confirm(question, yes=yes):
                raise call.declined()
        _tell(call, verbs.retry(office, found, _person(call, by, reason), target=target))


def resolve(
    ctx: typer.Context,
    story: StoryName,
    published: Annotated[str, typer.Option("--published", metavar="URL", help="It is out, at this address.")] = "",
    absent: Annotated[bool, typer.Option("--absent", help="It is not out: send it again.")] = False,
    target: Target = "",
    reason: Why = "",
    by: By = "",
) -> None:
    """Say whether a story is out.

    For one of which nobody knows whether it is out, and for one that a person posted by hand.

    Example: crosspost resolve 12 --target x --published https://x.com/you/status/1990000000000000001
    """
    call: Call = ctx.obj
    if bool(published) == absent:
        raise usage("Say --published URL or --absent, and not both.", "`crosspost resolve --help`")
    with call.office() as office:
        found, person = find_story(office.ledger, story), _person(call, by, reason)
        if absent:
            _tell(call, verbs.resolve_absent(office, found, person, target=target))
        else:
            _tell(call, verbs.resolve_published(office, found, published, person, target=target))


def edit(
    ctx: typer.Context,
    story: StoryName,
    text: Annotated[str, typer.Option("--text", help="The whole new text; \\n in it is a line break.")] = "",
    not_before: Annotated[str, typer.Option("--not-before", metavar="WHEN", help="2026-12-01T09:00, or 3h.")] = "",
    target: Target = "",
    reason: Why = "",
    by: By = "",
) -> None:
    """Give a story another text on one account, or another time.

    Before it goes out, or on Facebook afterwards.

    Example: crosspost edit 12 --not-before 2026-12-01T09:00
    """
    call: Call = ctx.obj
    if not (text or not_before):
        raise usage("Say --text or --not-before, or both.", "`crosspost edit --help`")
    with call.office() as office:
        found, person = find_story(office.ledger, story), _person(call, by, reason)
        verbs.must_be_target(office, target)
        if not_before:
            moment = parse_when(not_before, office.world.clock.now(), office.settings.zone)
            _tell(call, amend.edit_time(office, found, moment, person, target=target))
        if text:
            named = amend.only_target(office, found, target)
            _tell(call, amend.edit_text(office, found, text.replace("\\n", "\n"), person, target=named))


def retract(
    ctx: typer.Context, story: StoryName, target: Target = "", reason: Why = "", by: By = "", yes: Yes = False
) -> None:
    """Take a story down on the platform. Asks first.

    Example: crosspost retract 12 --target x --reason 'A name must not be public'
    """
    call: Call = ctx.obj
    with call.office() as office:
        found = find_story(office.ledger, story)
        verbs.must_be_target(office, target)
        out = [one for one in look.texts_now(office, found, target=target) if one.state is State.PUBLISHED]
        if out:
            places = ", ".join(one.record.delivery.key.target for one in out)
            if not call.confirm(f"Take it down on {places}? Who has seen it has seen it.", yes=yes):
                raise call.declined()
        _tell(call, amend.retract(office, found, _person(call, by, reason), target=target))


def pause(
    ctx: typer.Context,
    target: Annotated[str | None, typer.Argument(metavar="TARGET", help="An account; without one: all.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: it stands in every report.")] = ...,  # type: ignore[assignment]  # typer's way to say that it must be given
    until: Annotated[str, typer.Option("--until", metavar="WHEN", help="2026-12-01, 2026-12-01T09:00, or 3h.")] = "",
    by: By = "",
) -> None:
    """Stop publishing, everywhere or on one account.

    Reading and planning go on; nothing is lost.

    Example: crosspost pause --reason 'Mourning' --until 2026-12-01
    """
    call: Call = ctx.obj
    with call.office() as office:
        now = office.world.clock.now()
        end = parse_when(until, now, office.settings.zone) if until else None
        verbs.pause(office, _person(call, by, reason), target=target or "", until=end)
        told = f" until {when(end, office.settings.zone, now)}" if end else " until `crosspost resume`"
    call.sheet().line(f"Nothing goes out{f' on {target}' if target else ''}{told}.", "bold")


def resume(
    ctx: typer.Context,
    target: Annotated[str | None, typer.Argument(metavar="TARGET", help="An account; without one: all.")] = None,
) -> None:
    """End a pause at once, a person's or the machine's own.

    Example: crosspost resume x
    """
    call: Call = ctx.obj
    with call.office() as office:
        goes_on = verbs.resume(office, target=target or "")
    told = "Stories go out again{}, from the next run on."
    if not goes_on:
        told = "Nothing goes out{} yet: everything is stopped. `crosspost resume` without a name ends that."
    call.sheet().line(told.format(f" on {target}" if target else ""), "bold")
