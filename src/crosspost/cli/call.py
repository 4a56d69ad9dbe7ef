"""One call of the command line: its global options, its World, and the two streams that it speaks on."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from crosspost import app
from crosspost.app import Project
from crosspost.core.outlook import RunReport
from crosspost.core.world import World
from crosspost.errors import CrosspostError, RequestError
from crosspost.pipeline.outlet import Office
from crosspost.report import document, terminal
from crosspost.report.describe import clean_line
from crosspost.report.on_actions import HINTS, error_there
from crosspost.report.sentences import ERRORS, advice, say
from crosspost.report.sheet import Sheet, open_console, progress

_PACKAGE = Path(__file__).parents[1]


@dataclass
class Call:
    """What stands before the command, and what the command said of its output."""

    config: Path | None = None
    debug: bool = False
    quiet: bool = False
    log_json: bool = False
    api_hosts: tuple[str, ...] = ()
    command: str = ""
    json: bool = False  # the command was asked for JSON, and its arguments were understood
    words: tuple[Mapping[str, str], Mapping[str, str]] = field(default_factory=lambda: ({}, {}))
    zone: tzinfo | None = None

    @cached_property
    def world(self) -> World:
        """The real one."""
        return app.system_world()

    def project(self) -> Project:
        """The project of the settings file. Raises SettingsError."""
        return self.adopt(app.open_project(self.world, self.config, self.api_hosts))

    def adopt(self, project: Project) -> Project:
        """From now on speak in this project's time zone and with its platforms' words; tell of a sandbox."""
        self.zone = project.settings.zone
        sentences, hints = app.words_of(project.platforms)
        self.words = sentences, {**hints, **HINTS} if self.on_actions else hints
        return project

    @contextmanager
    def office(self, *, read_only: bool = False) -> Iterator[Office]:
        """The project's office, its ledger open."""
        office = app.open_office(self.world, self.project(), read_only=read_only)
        try:
            yield office
        finally:
            office.ledger.close()

    # --- what is said ---------------------------------------------------------------------------------------------

    @property
    def here(self) -> tzinfo:
        """The zone of the times that are shown."""
        return self.zone or ZoneInfo(app.local_zone(self.world.env))

    def sheet(self, stream: TextIO | None = None) -> Sheet:
        """A sheet on stdout, or on another stream."""
        console = open_console(stream or sys.stdout, self.world.env)
        return Sheet(console, self.here, self.world.clock.now(), *self.words)

    def emit(self, made: document.Document) -> None:
        """The result as JSON."""
        sys.stdout.write(document.render(made))

    def progress(self, message: str) -> None:
        """Say on a terminal what takes a while."""
        if not (self.quiet or self.log_json):
            progress(message, sys.stderr)

    def note(self, message: str, level: str = "info") -> None:
        """A line on stderr."""
        if self.log_json:
            sys.stderr.write(json.dumps({"level": level, "message": clean_line(message)}) + "\n")
        elif not self.quiet or level != "info":
            self.sheet(sys.stderr).line(message)

    def warn_of_sandbox(self, project: Project) -> None:
        """Say in capitals where an account isn't at its platform's own host."""
        addresses = app.sandboxes(project)
        if self.log_json:
            for name, address in addresses.items():
                self.note("".join(terminal.sandbox_words(name, address)), "warning")
        else:
            terminal.show_sandbox(addresses, self.sheet(sys.stderr))

    def alerts(self, report: RunReport) -> None:
        """What needs a person, and what the next run tries again, on stderr."""
        if not self.log_json:
            kept = replace(report, passing=(), stands=()) if self.quiet else report
            terminal.show_alerts(kept, self.sheet(sys.stderr))
            return
        for alert in report.alerts:
            told = say(alert.reason, self.words[0], self.here)
            self.note(f"{alert.subject}: {told} {advice(alert, self.words[1])}".strip(), "alert")
        for alert in (*report.passing, *report.told_before):
            self.note(say(alert.reason, self.words[0], self.here))

    @property
    def on_actions(self) -> bool:
        """Whether a runner of GitHub Actions reads what is written."""
        return self.world.env.get("GITHUB_ACTIONS") == "true"

    def annotate(self, lines: Iterable[str]) -> None:
        """What GitHub Actions shows on a run's own page; elsewhere these lines mean nothing, and aren't written."""
        if self.on_actions and not self.log_json:
            sys.stderr.write("".join(f"{line}\n" for line in lines))

    def said_here(self, error: CrosspostError) -> CrosspostError:
        """The error with what to do about it where it is read: in the form, on GitHub Actions."""
        return error_there(error) if self.on_actions else error

    def tell_error(self, told: CrosspostError) -> None:
        """An error: as JSON on stdout where that was asked for, and on stderr otherwise."""
        error = self.said_here(told)
        if self.json:
            self.emit(document.error_document(error))
        if self.log_json:
            self.note(f"{error.message} {error.hint}".strip(), "error")
        elif not self.json:
            terminal.show_error(error, self.sheet(sys.stderr), more=not self.on_actions)
        else:
            self.note(error.message, "error")

    def tell_bug(self, bug: Exception) -> None:
        """What nobody foresaw: its class and where, never its own words, which may hold anything."""
        frames = traceback.extract_tb(bug.__traceback__)
        ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
        last = (ours or frames)[-1]
        module = Path(last.filename)
        inside = module.is_relative_to(_PACKAGE)
        name = ".".join(["crosspost", *module.relative_to(_PACKAGE).with_suffix("").parts]) if inside else module.name
        message = f"This is a bug in crosspost: {type(bug).__name__} in {name}:{last.lineno}."
        self.tell_error(RequestError("bug", message, ERRORS["bug"].hint))
        if self.debug:
            sys.stderr.write("".join(f"  {frame.filename}:{frame.lineno} in {frame.name}\n" for frame in frames))

    # --- what is asked --------------------------------------------------------------------------------------------

    @property
    def can_ask(self) -> bool:
        """Whether a person sits there."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def ask(self, question: str, default: str = "") -> str:
        """A line that a person types."""
        import typer  # loaded when a command runs

        answer: str = typer.prompt(question, default=default, err=True, show_default=bool(default))
        return answer.strip()

    def confirm(self, question: str, *, yes: bool, needed: bool = True) -> bool:
        """Whether a person says yes. Where nobody can be asked: RequestError if `needed`, else yes."""
        import typer  # loaded when a command runs

        if yes:
            return True
        if self.can_ask:
            return typer.confirm(question, err=True)
        if needed:
            raise RequestError(
                "needs-yes", f"{question} There is no terminal to ask on.", "Add `--yes` if you are sure."
            )
        return True

    def declined(self) -> Exception:
        """A person said no: told, and to be raised."""
        import typer

        self.note("Nothing was changed.")
        return typer.Exit(1)
