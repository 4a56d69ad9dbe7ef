"""Commands that make and examine an installation: init, check."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from crosspost import app
from crosspost.cli.call import Call
from crosspost.cli.look import as_tag
from crosspost.cli.options import AsJson, Yes
from crosspost.cli.usage import usage
from crosspost.report import document, terminal
from crosspost.report.on_actions import finding_there
from crosspost.setup.files import (
    BRANCH_LEDGER,
    DEFAULT_LEDGER,
    Choices,
    settings_text,
    stock_files,
    variable_names,
    workflow_files,
)
from crosspost.setup.init import Site, find_site


def init(  # noqa: PLR0913, PLR0917 - each is an option
    ctx: typer.Context,
    site: Annotated[str | None, typer.Argument(metavar="SITE", help="The site's address, or its feed's.")] = None,
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="The zone of all times [this machine's].")] = "",
    campaign: Annotated[list[str] | None, typer.Option(metavar="TAG", help="A hashtag for every post.")] = None,
    ledger: Annotated[
        str, typer.Option(metavar="URL", help=f"Where is written down what went out [{DEFAULT_LEDGER}].")
    ] = "",
    workflow: Annotated[
        bool, typer.Option("--workflow", help="Also write what GitHub Actions runs; the ledger is then a branch.")
    ] = False,
    publish_latest: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="So many of the newest stories go out all the same [0].")
    ] = None,
    yes: Yes = False,
    force: Annotated[bool, typer.Option("--force", help="Write new settings in the place of old ones.")] = False,
) -> None:
    """Set crosspost up for a site.

    It finds the site's feed, writes the settings and makes the ledger.
    What stands on the site today counts as known; only what comes later goes out. A ledger that is there is kept.

    Example: crosspost init https://example.org --campaign '#LastGirlFirst' --publish-latest 2
    """
    call: Call = ctx.obj
    path = app.settings_path(call.world.env, call.config)
    app.refuse_old_settings(path, force=force)
    place = _ledger(ledger, workflow=workflow)
    asks = call.can_ask and not yes
    if not site:
        if not asks:
            raise usage("Which site? `crosspost init https://your-site.org`")
        site = call.ask("The site's address")
    call.progress(f"Looking for the feed of {site}")
    found = find_site(call.world, site)
    _tell_site(call, found)
    zone = timezone or app.local_zone(call.world.env)
    tags, latest = campaign, publish_latest
    if asks:
        zone = timezone or call.ask("Time zone", zone)
        tags = tags or call.ask("Hashtags for every post, such as #LastGirlFirst (none: just Enter)").split()
        latest = _number(call.ask("How many of the newest stories shall go out", "0")) if latest is None else latest
    chosen = Choices(found.feed_url, zone, tuple(map(as_tag, tags or [])), found.hosts, found.private, place)
    flows = workflow_files(found.feed_url, place) if workflow else {}
    app.refuse_old_files(path, flows, stock_files(), force=force)
    project, _ = app.install(call.world, settings_text(chosen), path, latest=latest or 0, force=force)
    call.adopt(project)
    app.write_files(path, flows)
    if workflow:
        _tell_workflow(call, project, flows)
    else:
        _tell_next(call, path, project, min(latest or 0, len(found.entries)))


def _ledger(named: str, *, workflow: bool) -> str:
    if workflow and named and not named.startswith("git:"):
        raise usage(
            "A runner of GitHub Actions keeps no files, so with --workflow the ledger is a branch.",
            f"Leave --ledger away, and it is {BRANCH_LEDGER}; or name another branch.",
        )
    return named or (BRANCH_LEDGER if workflow else DEFAULT_LEDGER)


def _tell_workflow(call: Call, project: app.Project, flows: Mapping[str, str]) -> None:
    sheet = call.sheet()
    sheet.gap()
    sheet.line(f"Written: {', '.join(flows)}.", "bold")
    if not (project.base / "action.yml").exists():
        sheet.line(
            "They install crosspost from the repository they stand in, and this folder doesn't hold it: begin in a "
            "checkout of crosspost, or name in their `uses:` the repository and the commit that hold it.",
            "yellow",
        )
    sheet.gap()
    sheet.line("What to do next:", "bold")
    sheet.line("Commit these files and the settings, and push them to the default branch.", first="  1. ")
    missing = [name for names in project.loaded.missing.values() for name in names]
    plain = [name for name in missing if name in variable_names(flows)]
    keys = ", ".join(name for name in missing if name not in plain)
    sheet.line(
        f"Store the keys as secrets of the repository: {keys}. `gh secret set NAME` asks for one.", first="  2. "
    )
    told = f"{', '.join(plain)} is no key, and GitHub would hide it in addresses: `gh variable set {' '.join(plain)}`."
    sheet.line(told if plain else "", indent=5)
    sheet.line("Start the workflow Desk with “check”, then with “preview”; Publish then runs by itself.", first="  3. ")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise usage(f"{text!r} is no number.", "Type 0, or how many.")
    return int(text)


def _tell_site(call: Call, found: Site) -> None:
    sheet = call.sheet()
    sheet.line(f"{found.title or found.feed_url}: {len(found.entries)} stories in its feed.", "bold")
    sheet.line(found.feed_url, "cyan", indent=2)
    for entry in found.entries[:3]:
        sheet.line(entry.article.title, indent=2, first="- ")
    if found.foreign:
        sheet.line(
            f"Some stories point to other sites and will wait for a person: {', '.join(found.foreign)}. "
            "Add them to `hosts` in the settings if they are yours.",
            "yellow",
            indent=2,
        )


def _tell_next(call: Call, path: Path, project: app.Project, latest: int) -> None:
    sheet = call.sheet()
    sheet.gap()
    sheet.line(f"The settings are in {path}.", "bold")
    newest = f", but for the {'newest story' if latest == 1 else f'{latest} newest stories'}" if latest else ""
    sheet.line(f"What is on the site today counts as known{newest}.")
    missing = [name for names in project.loaded.missing.values() for name in names]
    sheet.gap()
    sheet.line("What to do next:", "bold")
    if missing:
        sheet.line(f"Set the keys as environment variables: {', '.join(missing)}.", first="  1. ")
    else:
        sheet.line("The keys are there already.", first="  1. ")
    sheet.line("`crosspost check` says whether everything is well.", first="  2. ")
    sheet.line("`crosspost preview` shows what would go out.", first="  3. ")
    sheet.line("`crosspost run` publishes it: every hour, from cron or GitHub Actions.", first="  4. ")


def check(ctx: typer.Context, as_json: AsJson = False) -> int:
    """Say whether everything is well, and what to do if not.

    It examines settings, feeds, ledger and accounts. Posts nothing.

    Example: crosspost check
    """
    call: Call = ctx.obj
    call.json = as_json
    call.progress("Checking settings, feeds, ledger and accounts")
    checked = app.check(call.world, call.config, call.api_hosts)
    if checked.project:
        call.adopt(checked.project)
        call.warn_of_sandbox(checked.project)
    findings = tuple(finding_there(one) if call.on_actions else one for one in checked.findings)
    if as_json:
        call.emit(document.check_document(findings, call.here, *call.words))
    else:
        terminal.show_findings(findings, call.sheet(sys.stdout))
    return 0 if all(finding.ok for finding in findings) else 1
