"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON, for programs.")]
Target = Annotated[
    str, typer.Option("--target", metavar="NAME", help="Only this account, by its name in the settings.")
]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever reads the history later.")]
By = Annotated[
    str,
    typer.Option("--by", metavar="NAME", help="Who decides. Without it: GITHUB_ACTOR, git's user.name, or the login."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
StoryName = Annotated[
    str, typer.Argument(metavar="STORY", help="Its number (from status), its link, or a piece of its title.")
]
Public = Annotated[bool, typer.Option("--public", help="For a page that everybody reads: no words of what isn't out.")]
