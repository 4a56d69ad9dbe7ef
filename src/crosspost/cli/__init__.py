"""The command line: `main` reads arguments, runs a command, and alone turns errors into words and exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crosspost import __version__
from crosspost.errors import CrosspostError, LedgerBusy

if TYPE_CHECKING:
    from crosspost.cli.call import Call

INTERRUPTED = 130
_GIVES_WAY = ("run", "watch")  # where another run at work is no trouble: the next one takes its turn


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; the entry point of `crosspost`."""
    given = list(sys.argv[1:] if args is None else args)
    _tame_streams()
    if given == ["--version"]:  # answered without loading anything
        sys.stdout.write(f"crosspost {__version__}\n")
        return 0
    try:
        code = _guarded(given)
        sys.stdout.flush()  # here, where a reader that went away can be told from a bug
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone (`| head`): nothing to tell, and nobody to tell it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _guarded(given: list[str]) -> int:
    from crosspost.cli.call import Call  # loads the rest of the house

    call = Call()
    try:
        return _command(given, call)
    except CrosspostError as error:
        call.tell_error(error)
        return _exit_code(error, call)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as bug:
        call.tell_bug(bug)
        return 1


def _exit_code(error: CrosspostError, call: Call) -> int:
    if isinstance(error, LedgerBusy):
        return 0 if call.command in _GIVES_WAY else 1
    return error.exit_code


def _command(given: list[str], call: Call) -> int:
    import typer  # loaded when a command runs

    from crosspost.cli.commands import app as commands  # as above
    from crosspost.cli.usage import as_error, is_usage_error  # as above

    command = typer.main.get_command(commands)
    try:
        done = command.main(args=given, prog_name="crosspost", standalone_mode=False, obj=call)
    except typer.Abort:
        return INTERRUPTED
    except Exception as error:
        if not is_usage_error(error):
            raise
        raise as_error(error, command) from None
    return done if isinstance(done, int) else 0


def _tame_streams() -> None:
    """A stream that can't carry a letter shows a question mark instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def __getattr__(name: str) -> Any:
    """`crosspost.cli.app`, the Typer app, for the docs; loaded when it is asked for."""
    if name == "app":
        from crosspost.cli.commands import app  # typer isn't loaded for --version

        return app
    raise AttributeError(name)
