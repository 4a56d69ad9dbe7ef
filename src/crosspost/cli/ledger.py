"""Commands about the ledger itself: copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosspost import app
from crosspost.cli.call import Call
from crosspost.report.describe import count

ledger = typer.Typer(
    name="ledger",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The ledger itself: what is written down of all that went out.",
)


@ledger.callback()
def _ledger() -> None:
    """The ledger itself: what is written down of all that went out."""


@ledger.command()
def copy(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="FROM", help="The ledger's address, as in the settings.")],
    new: Annotated[str, typer.Argument(metavar="TO", help="The new one's; nothing may be there yet.")],
) -> None:
    """Copy a ledger to another place or kind, and compare the two.

    A backup, or a move from a file to a branch. Numbers stay what they are, and the old one is only read.
    Let no run go on meanwhile, and name the new one under [ledger] url if it is to be the ledger from now on.

    Example: crosspost ledger copy sqlite:///crosspost.db git:origin#crosspost
    """
    call: Call = ctx.obj
    base, site = Path(), ""
    if app.has_settings(call.world, call.config):
        project = call.project()
        base, site = project.base, project.settings.site
    call.progress("Copying")
    done = app.copy(call.world, old, new, base, site)
    sheet = call.sheet()
    told = (
        f"{count(done.stories, 'story', 'stories')}, {count(done.deliveries, 'delivery', 'deliveries')}, "
        f"{count(done.revisions, 'revision')}"
    )
    sheet.line(f"Copied and compared: {told}.", "bold")
    sheet.line("If it is to be the ledger from now on, name it under [ledger] url in the settings.")
