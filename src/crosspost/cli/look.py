"""Commands that look and change nothing: preview, status, history, explain."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from crosspost import app, previews
from crosspost.app import Project
from crosspost.cli.call import Call
from crosspost.cli.options import AsJson, Public, Target
from crosspost.cli.usage import usage
from crosspost.core.outlook import Prospect
from crosspost.desk import look
from crosspost.desk.find import find_story
from crosspost.desk.verbs import must_be_among
from crosspost.errors import SettingsError
from crosspost.platforms.loading import load_platforms
from crosspost.previews import Shown
from crosspost.report import document, terminal
from crosspost.report.account import show_accounts
from crosspost.report.markdown import preview_markdown
from crosspost.report.public import WHY as PUBLIC
from crosspost.report.public import for_strangers
from crosspost.report.sentences import explain as explained
from crosspost.setup.github import form_page


def preview(  # noqa: PLR0913, PLR0917 - each is an option
    ctx: typer.Context,
    source: Annotated[
        str | None, typer.Argument(metavar="SITE|FEED|FILE|-", help="A site, a feed, a file, or - for stdin.")
    ] = None,
    as_json: AsJson = False,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as Markdown, too.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="The text of every story, whatever its state.")] = False,
    target: Target = "",
    campaign: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="A hashtag for every post, where there are no settings.")
    ] = None,
    why: Annotated[
        str, typer.Option(metavar="STORY", help="Why that story's texts came out so: its number, link, or title.")
    ] = "",
    public: Public = False,
) -> int:
    """Show what would go out now, and change nothing.

    Each text stands there exactly as it would go out, and of the rest why it would not.
    With a site, a feed or a file it needs no settings, no keys and no ledger, and each story counts as new.

    Example: crosspost preview https://example.org --campaign '#LastGirlFirst'
    """
    call: Call = ctx.obj
    call.json = as_json
    if markdown:
        app.must_be_writable(markdown)
    if why and public:
        raise usage("--why tells of a text, and --public tells none.", "`crosspost preview --help`")
    listed = everything or bool(why)
    project, shown = (
        _of_source(call, source, campaign or []) if source else _of_project(call, campaign or [], everything=listed)
    )
    must_be_among((one.name for one in project.settings.targets), target)
    if why:
        shown = previews.with_why(project, shown, why)
    return show(call, shown, target, everything=everything, why=bool(why), markdown=markdown, public=public)


def show(
    call: Call,
    shown: Shown,
    target: str,
    *,
    everything: bool = False,
    why: bool = False,
    markdown: Path | None = None,
    public: bool = False,
) -> int:
    """Hand a preview to report; the exit code says whether every feed could be read."""
    if target:
        shown = shown.on(target)
    if public:
        shown = replace(shown, preview=replace(shown.preview, prospects=for_strangers(shown.preview.prospects)))
    if markdown:
        form = form_page(call.world.env) if call.on_actions else None
        told = preview_markdown(shown.preview, call.here, *call.words, form=form)
        app.write_file(markdown, f"{told}\n{PUBLIC}\n" if public else told)
    if call.json:
        call.emit(document.preview_document(shown.preview, call.here, call.words[0]))
    elif why:
        show_accounts(shown.preview, call.sheet())
    else:
        terminal.show_preview(shown.preview, call.sheet(), everything=everything, also=shown.also)
        _tell_public(call, public=public)
    return 1 if any(feed.status == "failed" for feed in shown.preview.feeds) else 0


def _tell_public(call: Call, *, public: bool) -> None:
    if public:
        call.sheet().gap()
        call.sheet().line(PUBLIC)


def _of_project(call: Call, campaign: list[str], *, everything: bool) -> tuple[Project, Shown]:
    if not app.has_settings(call.world, call.config):
        raise SettingsError(
            "settings-missing",
            f"There is no settings file at {app.settings_path(call.world.env)}, and no site was named.",
            "`crosspost preview https://your-site.org` needs no settings; `crosspost init` with it writes them.",
        )
    if campaign:
        raise usage("--campaign is for a preview without settings; these settings name the campaign's tags.")
    project = call.project()
    call.warn_of_sandbox(project)
    call.progress("Reading the feeds")
    return project, previews.preview_project(call.world, project, everything=everything)


def _of_source(call: Call, source: str, campaign: list[str]) -> tuple[Project, Shown]:
    settings = app.has_settings(call.world, call.config)
    if settings and campaign:
        raise usage("--campaign is for a preview without settings; these settings name the campaign's tags.")
    project = call.project() if settings else None
    call.progress("Reading the feed")
    allowed = project.settings.allow_private if project else ()
    found = app.find_source(call.world, source, sys.stdin.buffer.read, allowed)
    if project is None:
        zone = app.local_zone(call.world.env)
        project = call.adopt(app.assumed_project((found.feed,), map(as_tag, campaign), zone))
    return project, previews.preview_source(call.world, project, found)


def as_tag(text: str) -> str:
    """A hashtag as a person may type it, with its "#": a shell swallows one that isn't quoted."""
    return text if text.startswith("#") else f"#{text}"


def status(
    ctx: typer.Context,
    as_json: AsJson = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything that was ever decided, not only the open.")
    ] = False,
    public: Public = False,
) -> None:
    """Show what is open, and why.

    Also how accounts, money and feeds stand. Asks neither the site nor the platforms.

    Example: crosspost status
    """
    call: Call = ctx.obj
    call.json = as_json
    with call.office(read_only=True) as office:
        made = look.status(office, everything=everything)
    made = replace(made, prospects=for_strangers(made.prospects)) if public else made
    if as_json:
        call.emit(document.status_document(made, call.here, call.words[0]))
    else:
        terminal.show_status(made, call.sheet())
        _tell_public(call, public=public)


def history(
    ctx: typer.Context,
    story: Annotated[
        str | None, typer.Argument(metavar="STORY", help="Its number, link, or a piece of its title.")
    ] = None,
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="Also what was there before crosspost began.")] = False,
    public: Public = False,
) -> None:
    """Show what was decided, or one story's whole life.

    Newest first, with its address where it went out.

    Example: crosspost history 12
    """
    call: Call = ctx.obj
    call.json = as_json
    with call.office(read_only=True) as office:
        found = look.history(office, find_story(office.ledger, story) if story else None, everything=everything)
    found = for_strangers(found) if public else found
    if as_json:
        call.emit(document.history_document(found, call.here, call.words[0]))
    else:
        terminal.show_history(found if story else _brief(found), call.sheet())
        _tell_public(call, public=public)


def _brief(found: tuple[Prospect, ...]) -> list[Prospect]:
    return [replace(one, revisions=()) for one in found]


def explain(
    ctx: typer.Context, code: Annotated[str, typer.Argument(metavar="CODE", help="As a report shows it.")]
) -> None:
    """Explain the code of a reason or an error.

    What it means, why it is so, and what to do. Needs no network.

    Example: crosspost explain flood
    """
    call: Call = ctx.obj
    name = code.strip().lower()
    terminal.show_words(name, explained(name, *app.words_of(load_platforms())), call.sheet())
