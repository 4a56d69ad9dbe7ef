"""Commands that publish: run, watch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from crosspost import app, previews
from crosspost.app import Project
from crosspost.cli import look
from crosspost.cli.call import Call
from crosspost.cli.options import AsJson, Yes
from crosspost.cli.usage import usage
from crosspost.config.values import as_timedelta, duration
from crosspost.core.outlook import RunReport
from crosspost.errors import CrosspostError, LedgerBusy, RequestError
from crosspost.pipeline.passing import Options
from crosspost.pipeline.watch import watch as keep_watch
from crosspost.report import document, terminal
from crosspost.report.annotations import error_annotation, run_annotations, warning
from crosspost.report.markdown import error_markdown, for_everybody, resting, run_markdown
from crosspost.report.standing_issue import Wanted, error_issue, issue_of
from crosspost.setup import github as host


def run(  # noqa: PLR0913, PLR0917 - each is an option
    ctx: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what it would do; the same as preview.")
    ] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Make the ledger, count what the feeds list as known, send nothing.")
    ] = False,
    only: Annotated[str, typer.Option(metavar="STORY", help="Send this story and no other.")] = "",
    now: Annotated[
        bool, typer.Option("--now", help="With --only: at once, past settle, quiet hours and spacing.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where anything is held, failed or unknown.")] = False,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as Markdown, too.")] = None,
    public: Annotated[bool, typer.Option("--public", help="With --report: name published stories only.")] = False,
    github: Annotated[
        bool,
        typer.Option(
            "--github", help="On GitHub Actions: tell how late it is; keep an issue while a person is needed."
        ),
    ] = False,
    as_json: AsJson = False,
    yes: Yes = False,
) -> int:
    """Make one pass: publish what is due.

    It reads the feeds, decides, publishes, and says what needs a person.
    Exit code 0: done; 1: something needs a person; 2: wrong usage, settings or ledger.

    Example: crosspost run --report summary.md
    """
    call: Call = ctx.obj
    _must_go_together(now=now, only=only, public=public, report=report, dry_run=dry_run, baseline=baseline)
    call.json = as_json
    if report:
        app.must_be_writable(report)
    with _reporting_errors(call, report, github=github, public=public):
        project = call.project()
        call.warn_of_sandbox(project)
        call.progress("Reading the feeds")
        if dry_run:
            return look.show(call, previews.preview_project(call.world, project, only, at_once=now), "")
        wanted = Options(strict=strict)
        full = report is not None or github
        made = _baseline(call, project, yes=yes) if baseline else _pass(call, project, wanted, only, now=now, full=full)
    seen = host.look(call.world, public=public) if github else None
    if report:
        app.write_file(report, run_markdown(made, call.here, *call.words, public=public, host=seen))
    # Whoever may read a job's summary may read its log.
    _show(call, for_everybody(made) if public and call.on_actions else made)
    call.annotate(run_annotations(made, call.here, *call.words, public=public))
    if seen and (told := resting(seen.rest)):
        call.annotate([warning(told + " See the summary.")])
    if seen:
        _keep_issue(call, issue_of(made, call.here, *call.words, public=public, form=seen.form))
    return made.exit_code


def _keep_issue(call: Call, wanted: Wanted) -> None:
    if told := host.keep_issue(call.world, wanted):
        call.note(told)


@contextmanager
def _reporting_errors(call: Call, report: Path | None, *, github: bool, public: bool) -> Iterator[None]:
    """An error that ends the pass stands in the report as well: nobody reads a runner's log."""
    try:
        yield
    except CrosspostError as error:
        told = call.said_here(error)
        if report:
            app.write_file(report, error_markdown(told))
        call.annotate([error_annotation(told)])
        if github and not isinstance(error, LedgerBusy):
            _keep_issue(call, error_issue(told, public=public))
        raise


def _must_go_together(
    *, now: bool, only: str, public: bool, report: Path | None, dry_run: bool, baseline: bool
) -> None:
    wrong = {
        "--now goes with --only STORY alone.": now and not only,
        "--public goes with --report FILE alone.": public and not report,
        "--dry-run and --baseline don't go together.": dry_run and baseline,
        "--dry-run writes no report; `crosspost preview --markdown FILE` does.": dry_run and bool(report),
        "--baseline sends nothing, so --only doesn't go with it.": baseline and bool(only),
    }
    for message, is_wrong in wrong.items():
        if is_wrong:
            raise usage(message, "`crosspost run --help` shows how it is used.")


def _baseline(call: Call, project: Project, *, yes: bool) -> RunReport:
    if app.has_ledger(call.world, project):
        if call.on_actions and not yes:  # the form has no field to answer in
            raise RequestError("ledger-exists", "There is a ledger already; nothing was changed.")
        question = "There is a ledger already. Count everything that the feeds list now as known?"
        if not call.confirm(question, yes=yes):
            raise call.declined()
    return app.run_baseline(call.world, project)


def _pass(call: Call, project: Project, options: Options, only: str, *, now: bool, full: bool) -> RunReport:
    if only:
        return app.run_only(call.world, project, options, only, at_once=now, full=full)
    return app.run(call.world, project, options, full=full)


def _show(call: Call, report: RunReport) -> None:
    """The result on stdout, what needs a person on stderr."""
    if call.json:
        call.emit(document.run_document(report, call.here, *call.words))
    else:
        terminal.show_run(replace(report, alerts=(), passing=(), stands=()), call.sheet())
    call.alerts(report)


def watch(
    ctx: typer.Context,
    every: Annotated[str, typer.Option(metavar="TIME", help="The time between two passes: 30m, 1h, 1d.")] = "1h",
) -> int:
    """Run again and again, until it is told to stop.

    SIGTERM and Ctrl-C let the post in hand be finished and recorded, begin no other, and end with exit code 0.
    A pass that fails is told on stderr, and the next one comes in its time.

    Example: crosspost watch --every 30m
    """
    call: Call = ctx.obj
    if expected := duration(every):
        raise usage(f"--every {every!r} is no time; expected {expected}.", "`crosspost watch --help`")
    project = call.project()
    call.warn_of_sandbox(project)
    with app.catching_signals() as flag:
        options = Options(stopping=flag.is_raised)
        keep_watch(as_timedelta(every), lambda: _one_of_many(call, options), flag.wait, flag.is_raised)
    return 0


def _one_of_many(call: Call, options: Options) -> None:
    """One pass, with the settings as they are by now."""
    try:
        _show(call, app.run(call.world, call.project(), options))
    except CrosspostError as error:
        call.tell_error(error)
