"""What is wrong with a command line, in a sentence, with the nearest name."""

from __future__ import annotations

import difflib
from typing import Any

from crosspost.errors import CrosspostError, SettingsError


def usage(message: str, hint: str = "") -> SettingsError:
    """The error for arguments that don't go together."""
    return SettingsError("usage", message, hint or "`crosspost COMMAND --help` shows how it is used.")


def is_usage_error(error: Exception) -> bool:
    """Whether the parser of the command line raised it."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def as_error(error: Any, command: Any) -> CrosspostError:
    """The parser's error as ours."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "crosspost"
    message = str(error.format_message()).strip().partition(" (Possible options")[0]
    message = message if message.endswith((".", "?")) else f"{message}."
    near = _nearest(error, context.command if context else command, message)
    if near and "Did you mean" not in message:
        message = f"{message} Did you mean {near}?"
    return usage(message, f"`{path} --help` shows how it is used.")


def _nearest(error: Any, command: Any, message: str) -> str:
    option = getattr(error, "option_name", None)
    if option:
        known = [name for param in command.params for name in (*param.opts, *param.secondary_opts)]
        return _closest(str(option), known)
    quoted = message.split("'")
    if "No such command" in message and len(quoted) > 2:
        return _closest(quoted[1], list(getattr(command, "commands", {})))
    return ""


def _closest(word: str, known: list[str]) -> str:
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), "")
