"""Write the docs that the sources already hold: docs/reference.md, and the drawing in how-a-story-travels.md.

`make docs` runs it; a test holds that running it again changes nothing.
"""

from __future__ import annotations

import importlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosspost.core.delivery import TABLE, Event, State
from crosspost.core.reason import Code
from crosspost.report.sentences import ERRORS, REASONS, Words

DOCS = Path(__file__).parent
SCHEMA = DOCS.parent / "config" / "crosspost.schema.json"
PLATFORMS = ("x", "facebook")

# Before these reasons a new chapter begins.
CHAPTERS = {
    Code.PROTECTED: "Decided when a story is first seen",
    Code.FUTURE: "Why a planned story waits",
    Code.SENDING: "Sending, and what became of it",
    Code.APPROVED: "What a person decided",
    Code.FEED_DOWN: "Troubles that are no story's own",
    Code.NO_LEDGER_YET: "What a preview says of itself",
    Code.SETTINGS_GOOD: "What `check` finds to be well",
}

EVENTS = {
    Event.PLAN: "planned",
    Event.BEGIN: "its turn comes",
    Event.SKIP: "a person skips it",
    Event.GONE: "gone from the site",
    Event.PROTECT: "now behind a password",
    Event.HOLD: "a rule wants a person",
    Event.TOO_MANY: "five tries were in vain",
    Event.EDIT: "a person edits it",
    Event.REFRESH: "changed on the site",
    Event.APPROVE: "a person approves it",
    Event.RESOLVE_PUBLISHED: "a person says that it is out",
    Event.RESOLVE_ABSENT: "a person says that it is not out",
    Event.FOUND_AFTER_GAP: "it stood there already",
    Event.ACCEPTED: "the platform says yes",
    Event.REFUSED: "the platform says no",
    Event.NOT_SENT: "nothing was posted",
    Event.FAULT: "a fault of crosspost's own",
    Event.LOST: "no clear answer",
    Event.LEASE_OVER: "its run died",
    Event.FOUND: "found on the account",
    Event.ABSENT_ONCE: "not found once",
    Event.ABSENT_TWICE: "not found twice",
    Event.DUPLICATE_ABSENT: "called a duplicate, not found",
    Event.RETRACT_INTENT: "a person takes it down",
    Event.RETRACT_DONE: "it is taken down",
    Event.RETRACT_UNCONFIRMED: "no answer about taking it down",
    Event.EDIT_INTENT: "a person changes the post",
    Event.EDIT_DONE: "the post is changed",
    Event.EDIT_UNCONFIRMED: "no answer about the change",
    Event.NOTE: "its article changed or is gone",
    Event.RETRY: "a person takes it up again",
    Event.LATE: "a yes that came late",
}

EXITS = {
    0: "Done, or there was nothing to do. For `run`, `watch` and `worker` also a trouble that the next run tries "
    "again, and a standing one that a person was told of already.",
    1: "Something new needs a person, or what was asked could not be done.",
    2: "The command or the settings are wrong, or the ledger is missing, damaged or not crosspost's.",
}

# What only these print as JSON; keys are added, never renamed or removed.
SHAPES = {
    "preview --why STORY": 'as preview --json, of that story alone; each post with "why" (null for a text that was '
    'fixed or sent): {"kind", "kind_reason", "language", "source" ("excerpt", "article", "title" or "nothing"), '
    '"pieces": [{"text", "taken", "rank" (1 tells most, null: never weighed), "reason"}], "unused": [{"word" (what is '
    'none of the hashtags), "reason"}], "parts": [{"name", "weight"}]}',
    "check": '{"schema": 1, "findings": [{"ok", "subject", "reason" (a sentence), "reason_code", "hint" (what to do, '
    'null where all is well), "expires" (when a key ends, or null)}]}',
    "audit": '{"schema": 1, "targets": [{"target", "read" (so many posts), "both": [post], "only_there": [post], '
    '"only_here": [post], "unknown": [post], "others" (further posts, none of crosspost\'s), "trouble" (why it could '
    'not be read, or null), "trouble_code"}]}; a post: {"number", "title", "state", "remote_id", "url", "at"}, as the '
    "account shows it under both and only_there, as the ledger has it under the others",
}

CONTENTS = ("Settings", "Commands", "Exit codes", "JSON", "Reasons", "Errors")


def main() -> None:
    """Write both files."""
    (DOCS / "reference.md").write_text(reference(), encoding="utf-8")
    travels = DOCS / "how-a-story-travels.md"
    travels.write_text(with_states(travels.read_text(encoding="utf-8")), encoding="utf-8")
    reliability = DOCS / "reliability.md"
    reliability.write_text(with_figures(reliability.read_text(encoding="utf-8")), encoding="utf-8")


def reference() -> str:
    """The reference page."""
    parts = [
        "# Reference",
        "Made from the sources by `make docs`: change it there, not here.",
        "\n".join(f"- [{name}](#{name.lower().replace(' ', '-')})" for name in CONTENTS),
        "## Settings",
        *settings(json.loads(SCHEMA.read_text(encoding="utf-8")) if SCHEMA.exists() else {}),
        "## Commands",
        *commands(),
        "## Exit codes",
        "\n".join(["| code | means |", "|---|---|", *(f"| {code} | {text} |" for code, text in EXITS.items())]),
        "## JSON",
        "Documents that only these commands print:",
        "\n".join(f"- `{name} --json`: `{shape}`" for name, shape in SHAPES.items()),
        "## Reasons",
        "Why a story is where it is. `crosspost explain CODE` tells the same in a terminal.",
        *reasons(),
        *platform_reasons(),
        "## Errors",
        *errors(),
    ]
    return "\n\n".join(parts) + "\n"


def settings(schema: Mapping[str, Any]) -> Iterator[str]:
    """A table for each part of the settings file, from its JSON schema."""
    tables = schema.get("$defs", {})
    yield "The file is `config/crosspost.toml`; `config/crosspost.example.toml` has all of it with remarks."
    if schema:
        yield _table(schema["properties"], tables)
    for table in (tables[name] for name in _in_order(schema)):
        if table.get("properties"):
            yield f"### {_heading(table)}\n\n{_table(table['properties'], tables)}"


def _in_order(schema: Mapping[str, Any]) -> list[str]:
    """The names of the tables as a reader of the file meets them; JSON schema sorts them by name."""
    tables, found = schema.get("$defs", {}), []
    waiting = _refs(schema.get("properties", {}))
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += _refs(tables[name])
    return found


def _refs(part: Mapping[str, Any]) -> list[str]:
    return re.findall(r'"#/\$defs/(\w+)"', json.dumps(part))


def _heading(table: Mapping[str, Any]) -> str:
    described = str(table.get("description", table["title"])).strip()
    return described.split("\n")[0].rstrip(".")


def _table(properties: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    rows = ["| key | default | what it does |", "|---|---|---|"]
    for name, about in properties.items():
        text = about.get("description", "").replace("\n", " ").replace("|", "\\|")
        rows.append(f"| `{name}` | {_default(about, tables)} | {text} |")
    return "\n".join(rows)


def _default(about: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    inner = about.get("$ref") or about.get("items", {}).get("$ref")
    if inner:
        return "" if inner.rpartition("/")[2] not in tables else "a table"
    if "default" not in about or about["default"] is None:
        return ""
    return f"`{json.dumps(about['default'], ensure_ascii=False)}`".replace("|", "\\|")


def commands(app: Any = None) -> Iterator[str]:
    """Each command with its words and options, from the Typer app (crosspost.cli's, unless one is given)."""
    app = app or getattr(importlib.import_module("crosspost.cli"), "app", None)
    if app is None:
        yield "`crosspost --help` lists them."
        return
    typer = importlib.import_module("typer")
    yield from _command("crosspost", typer.main.get_command(app))


def _command(name: str, command: Any) -> Iterator[str]:
    inner = getattr(command, "commands", {})
    options = [row for row in map(_option, command.params) if row]
    parts = [f"### `{name}`", _prose(command.help or "")]
    parts += ["\n".join(["| option | default | what it does |", "|---|---|---|", *options])] if options else []
    yield "\n\n".join(part for part in parts if part)
    for word, below in inner.items():
        if not below.hidden:
            yield from _command(f"{name} {word}", below)


def _prose(text: str) -> str:
    """A help text: what stands behind "Example:" as code, a form feed's rest left out."""
    words, _, example = text.partition("\f")[0].partition("Example:")
    lines = [line.strip() for line in example.strip().splitlines() if line.strip(" \b")]
    code = "```console\n" + "\n".join(f"$ {line.removeprefix('$ ')}" for line in lines) + "\n```" if lines else ""
    return f"{words.strip()}\n\n{code}".strip()


def _option(param: Any) -> str:
    if getattr(param, "hidden", False) or "--help" in param.opts:
        return ""
    names = " / ".join(f"`{name}`" for name in [*param.opts, *param.secondary_opts])
    if param.param_type_name == "argument":
        names = f"`{param.name.upper()}`"
    default = f"`{param.default}`" if isinstance(param.default, str | int) and param.default not in (False, "") else ""
    text = (getattr(param, "help", None) or "").replace("\n", " ").replace("|", "\\|")
    return f"| {names} | {default} | {text} |"


def reasons() -> Iterator[str]:
    """Every reason with its words, in the order in which the rules come."""
    for code, words in REASONS.items():
        if code in CHAPTERS:
            yield f"### {CHAPTERS[code]}"
        yield _words(code, words)


def errors() -> Iterator[str]:
    """Every error with its words, by code."""
    for code in sorted(ERRORS):
        yield _words(code, ERRORS[code])


def platform_reasons() -> Iterator[str]:
    """The answers of the platforms that come with crosspost, in their own words."""
    for name in PLATFORMS:
        platform = getattr(importlib.import_module(f"crosspost.platforms.{name}"), "PLATFORM", None)
        if platform is None:
            continue
        yield f"### What {platform.profile.title} answers"
        for code, sentence in platform.sentences.items():
            yield _words(code, Words("", sentence, "", platform.hints.get(code, "")))


def _words(code: str, words: Words) -> str:
    sentence = re.sub(r"\{\w+\}", "…", re.sub(r"[\[\]]", "", words.sentence))
    told = [f"**{words.title}.**", sentence, words.why] if words.title else [sentence]
    todo = f"\n*What to do:* {words.hint}" if words.hint else ""
    return f"#### `{code}`\n\n{' '.join(told)}{todo}"


def with_states(page: str) -> str:
    """The page with the drawing and the table of moves put between its marks."""
    for mark, made in {"drawing": drawing(), "moves": moves()}.items():
        pattern = rf"(<!-- {mark}: made by make docs -->\n).*?(<!-- end of {mark} -->)"
        escaped = made.replace("\\", "\\\\")
        page, found = re.subn(pattern, rf"\g<1>{escaped}\n\g<2>", page, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"how-a-story-travels.md needs one place marked “{mark}”")
    return page


def with_figures(page: str) -> str:
    """The page with what the runs in docs/figures wrote put between its marks."""
    found = sorted((DOCS / "figures").glob("*.json"))
    made = "\n\n".join(figures(json.loads(file.read_text(encoding="utf-8"))) for file in found)
    before, start, rest = page.partition("<!-- figures -->\n")
    _, end, after = rest.partition("<!-- end of figures -->")
    if not start or not end:
        raise SystemExit("reliability.md needs one place marked “figures”")
    return f"{before}{start}{made}\n{end}{after}"


def figures(run: Mapping[str, Any]) -> str:
    """What one run wrote: its title, rows of a name and a figure, its command and its date."""
    rows = "\n".join(
        f"| {name} | {value:,} |" if isinstance(value, int) else f"| {name} | {value} |" for name, value in run["rows"]
    )
    return f"### {run['title']}\n\n| what | figure |\n|---|---|\n{rows}\n\n`{run['command']}`, {run['date']}"


def drawing() -> str:
    """The states and the moves between them, as Mermaid draws them."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for (before, after), events in _arrows().items():
        if before is not after:  # what leaves a delivery where it stands is in the table only
            lines.append(f"    {_name(before)} --> {after.name}: {', '.join(EVENTS[event] for event in events)}")
    return "\n".join([*lines, "```"])


def moves() -> str:
    """The same as a table, with what leaves a delivery where it stands."""
    rows = ["| from | to | when |", "|---|---|---|"]
    for (before, after), events in _arrows().items():
        name = before.name if before else "(new)"
        rows.append(f"| {name} | {after.name} | {' · '.join(EVENTS[event] for event in events)} |")
    rows.append(f"| any | {State.PUBLISHED.name} | {EVENTS[Event.LATE]} |")
    return "\n".join(rows)


def _arrows() -> dict[tuple[State | None, State], list[Event]]:
    arrows: dict[tuple[State | None, State], list[Event]] = defaultdict(list)
    for (before, event), states in TABLE.items():
        for after in State:  # in the order of the states, whatever order a set has
            if after in states and event is not Event.LATE:
                arrows[before, after].append(event)
    return arrows


def _name(state: State | None) -> str:
    return state.name if state else "[*]"


if __name__ == "__main__":
    main()
