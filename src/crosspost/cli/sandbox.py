"""Commands that play: the demo, and the sandbox alone. Both serve on loopback only, and reach no platform."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from crosspost import app
from crosspost.app import Project
from crosspost.cli.call import Call
from crosspost.cli.usage import usage
from crosspost.core.outlook import RunReport
from crosspost.core.world import Clock, World
from crosspost.errors import RequestError
from crosspost.pipeline.passing import Options
from crosspost.pipeline.record import Mode
from crosspost.report import terminal
from crosspost.report.sheet import Sheet
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.model import demo as demo_accounts
from crosspost.sandbox.serve import Server, serve
from crosspost.sandbox.values import Fault, parse_fault
from crosspost.setup.files import Choices, settings_text
from crosspost.setup.init import find_site

# What the demo's own settings have in place of the careful defaults: everything goes out in one pass.
_HURRY = {'settle = "10m"': 'settle = "0s"\nflood = 100\nmax_per_run = 100\nmax_age = "3650d"'}


def demo(
    ctx: typer.Context,
    feed: Annotated[
        str, typer.Option("--feed", metavar="SITE", help="Your own site in place of the invented one.")
    ] = "",
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="FILE", help="Keep the ledger in this new file.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the page with both timelines open until Ctrl-C.")] = False,
) -> None:
    """Show the whole way on this machine, without keys.

    Ten stories of an invented site are published to a sandbox of X and Facebook. Nothing leaves this machine.

    Example: crosspost demo --keep
    """
    call: Call = ctx.obj
    clock = call.world.clock
    accounts = demo_accounts(clock.now())
    with tempfile.TemporaryDirectory(prefix="crosspost-demo-") as folder, _serve(accounts, 0, clock) as server:
        world = _world_of(accounts, server, Path(folder))
        project = _project(world, feed or server.site_url, Path(folder), ledger)
        call.adopt(project)
        call.warn_of_sandbox(project)
        report = _publish_all(world, project)
        with app.catching_signals() as flag:
            _tell(call, report, server, accounts, keep=keep)
            if keep:
                flag.wait()


def _world_of(accounts: Sandbox, server: Server, folder: Path) -> World:
    return app.system_world({**accounts.environment(server.url), "CROSSPOST_STATE_DIR": str(folder / "state")})


def _project(world: World, site: str, folder: Path, ledger: Path | None) -> Project:
    found = find_site(world, site)
    place = f"sqlite:///{(ledger or folder / 'crosspost.db').absolute()}"
    chosen = Choices(found.feed_url, "UTC", ("#LastGirlFirst",), found.hosts, found.private, place)
    text = settings_text(chosen)
    for careful, quick in _HURRY.items():
        text = text.replace(careful, quick)
    return app.read_project(world, text, folder / "config" / "crosspost.toml")


def _publish_all(world: World, project: Project) -> RunReport:
    """As after `init --publish-latest 10`, all in one pass."""
    app.make_ledger(world, project, world.token()).close()
    return app.run(world, project, Options(mode=Mode(baseline=True, latest=10)))


def _tell(call: Call, report: RunReport, server: Server, accounts: Sandbox, *, keep: bool) -> None:
    sheet = call.sheet()
    stories = len({one.record.story.id for one in report.prospects})
    posts = sum(len(model.timeline()) for model in (*accounts.x, *accounts.facebook))
    sheet.line(f"Read {stories} stories, and made {posts} posts of them on X and Facebook, in the sandbox.", "bold")
    sheet.line("The addresses have the platforms' form, but nothing stands there.", "dim")
    sheet.gap()
    terminal.show_published(report.prospects, sheet)
    sheet.gap()
    terminal.show_example(report.prospects, sheet)
    call.alerts(report)
    _tell_more(sheet, server, keep=keep)


def _tell_more(sheet: Sheet, server: Server, *, keep: bool) -> None:
    sheet.gap()
    if keep:
        sheet.line(f"Both timelines stand at {server.page_url} until Ctrl-C.", "bold")
    else:
        sheet.line("`crosspost demo --keep` leaves a page open on which both timelines can be seen.", "bold")
    sheet.line("Your own site, without publishing anything: `crosspost preview https://your-site.org`")


def sandbox(
    ctx: typer.Context,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="KIND", help="A fault of the next post: KIND[=NUMBER][*TIMES]."),
    ] = None,
) -> None:
    """Serve a sandbox of X and Facebook until Ctrl-C.

    It prints the variables that lead crosspost to it.

    Example: crosspost sandbox --port 8399 --fault close_after
    """
    call: Call = ctx.obj
    clock = call.world.clock
    accounts = demo_accounts(clock.now())
    faults = _faults(fault or [])
    for model in (*accounts.x, *accounts.facebook):
        model.faults.add(*faults)
    # Signals are caught before anything is printed: whoever reads the lines may end it at once.
    with _serve(accounts, port, clock) as server, app.catching_signals() as flag:
        for name, value in accounts.environment(server.url).items():
            sys.stdout.write(f"export {name}={value}\n")
        sys.stdout.write("export CROSSPOST_ALLOW_PRIVATE=127.0.0.1\n")
        sys.stdout.flush()
        call.note(f"Both timelines: {server.page_url}   An invented site: {server.site_url}   Ctrl-C ends it.")
        flag.wait()


def _faults(typed: list[str]) -> list[Fault]:
    try:
        return [parse_fault(text) for text in typed]
    except ValueError as error:
        raise usage(f"{str(error)[:1].upper()}{str(error)[1:]}.", "`crosspost sandbox --help`") from None


def _serve(accounts: Sandbox, port: int, clock: Clock) -> Server:
    try:
        return serve(accounts, clock.now, port=port)
    except OSError:
        raise RequestError(
            "port-taken", f"The sandbox can't listen on port {port}.", "Leave --port away: a free one is taken."
        ) from None
