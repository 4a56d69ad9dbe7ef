"""The command that compares the ledger with what stands in public: audit."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from crosspost.cli.call import Call
from crosspost.cli.options import AsJson, Yes
from crosspost.desk.audit import Asked, asked, audit_all
from crosspost.report import document, terminal
from crosspost.report.describe import count, money


def audit(
    ctx: typer.Context,
    target: Annotated[str | None, typer.Argument(metavar="TARGET", help="An account; without one: all.")] = None,
    as_json: AsJson = False,
    yes: Yes = False,
) -> int:
    """Compare the ledger with what stands on the accounts.

    In both, only there, only here, unknown. It says first what reading costs, and asks. Posts nothing.

    Example: crosspost audit x
    """
    call: Call = ctx.obj
    call.json = as_json
    with call.office() as office:
        prices = asked(office, target or "")
        for one in prices:
            call.note(_told(one))
        if not call.confirm("Read them?", yes=yes or not any(one.cost for one in prices), needed=False):
            raise call.declined()
        call.progress("Reading the accounts")
        found = tuple(audit_all(office, target or ""))
    if as_json:
        call.emit(document.audit_document(found, call.here, call.words[0]))
    else:
        terminal.show_audit(found, call.sheet(sys.stdout))
    return 0 if all(one.fine for one in found) else 1


def _told(one: Asked) -> str:
    costs = f"about {money(one.cost)}" if one.cost else "costs nothing"
    return (
        f"{one.target}: reading back over {count(one.posts, 'known post')}, {costs}; other posts in between count too."
    )
