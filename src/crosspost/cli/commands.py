"""The Typer app: the global options, and every command in the order in which a person meets them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from crosspost import __version__
from crosspost.cli import audit, desk, ledger, look, run, sandbox, setup
from crosspost.cli.call import Call

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, which may be keys
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 96},
)

_SHORT = """\
crosspost publishes a WordPress site's news to X and a Facebook Page.

  crosspost demo                          the whole way on this machine; no keys, nothing leaves it
  crosspost preview https://your-site.org what your posts would look like; changes nothing
  crosspost init https://your-site.org    set it up
  crosspost check                         is everything well?
  crosspost preview                       what would go out now, and why the rest would not
  crosspost run                           one pass (from cron, or GitHub Actions)
  crosspost status                        what is open, and why

crosspost --help lists all commands; --help after a command shows its options.
"""


class _Command(TyperCommand):
    """A command whose help names its arguments as people do: without types and braces."""

    def get_help(self, ctx: Any) -> str:
        """The parser's own help, tidied without moving its columns."""
        types = re.compile(r"^(  \S+)( <[^>\n]+>)", re.MULTILINE)
        told = types.sub(lambda found: found[1] + " " * len(found[2]), super().get_help(ctx))
        return re.sub(r"\{(\w+)\}", r"\1", told, count=2)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"crosspost {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The settings file [config/crosspost.toml].")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where a bug is.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but the result and what needs you.")
    ] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="What goes to stderr as JSON, a line each.")] = False,
    allow_api_host: Annotated[
        list[str] | None,
        typer.Option("--allow-api-host", metavar="HOST", help="Let api_url name this host, beside the platform's own."),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Publish a WordPress site's news to X and a Facebook Page: never twice, never lost in silence.

    Example: crosspost --config other.toml preview
    """
    call: Call = ctx.obj
    call.config, call.debug, call.quiet, call.log_json = config, debug, quiet, log_json
    call.api_hosts = tuple(allow_api_host or ())
    call.command = ctx.invoked_subcommand or ""
    if ctx.invoked_subcommand is None:
        typer.echo(_SHORT, nl=False)


for command in (
    *(look.preview, setup.init, setup.check, run.run, run.watch, look.status, look.history),
    *(desk.approve, desk.skip, desk.retry, desk.resolve, desk.edit, desk.retract, desk.pause, desk.resume),
    *(audit.audit, look.explain, sandbox.demo, sandbox.sandbox),
):
    app.command(cls=_Command)(command)

app.add_typer(ledger.ledger)
