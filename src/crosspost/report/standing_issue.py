"""The one issue that a repository keeps open while something needs a person: its words, and what to do with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from crosspost.core.delivery import State
from crosspost.core.outlook import Prospect, RunReport
from crosspost.core.reason import Code
from crosspost.errors import CrosspostError
from crosspost.report.annotations import SOMETHING
from crosspost.report.describe import clean_line
from crosspost.report.markdown import escape, form_line, titles_of, trouble_lines, waiting_lines
from crosspost.report.sentences import NONE

TITLE = "crosspost needs a person"
_HEAD = "This needs a person. crosspost keeps this page up to date, and closes it when nothing is left."
_OVER = "Nothing needs a person any more, so crosspost closes this."
# By it the issue is found again; the digits say whether its words are today's. Readers don't see it.
_MARK = re.compile(r"<!-- crosspost: what needs a person; ([0-9a-f]{16}) -->")
_MOST = 60_000  # characters; GitHub refuses a body of more than 65,536


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the issue should say: "" where nothing stands. `news`: something is told now, or told again."""

    text: str
    news: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """The open issue, as it is."""

    number: int
    body: str


@dataclass(frozen=True, slots=True)
class Open:
    """Open an issue."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Update:
    """Give it another body."""

    number: int
    body: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close it, with its last body."""

    number: int
    body: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing to do."""


Step = Open | Update | Close | Leave


def issue_of(
    report: RunReport,
    zone: tzinfo,
    sentences: Mapping[str, str] = NONE,
    hints: Mapping[str, str] = NONE,
    *,
    public: bool = False,
    form: str = "",
) -> Wanted:
    """What stands after a run. `public`: that there is something, and not what. `form`: the form's address.

    What waits for approval fails no run, so nothing else tells of it: each story is named, with text and code.
    """
    waiting = [one for one in (report.status.prospects if report.status else ()) if _waits(one)]
    news = bool(report.alerts) or any(map(_waits, report.prospects))
    if not report.stands and not waiting:
        return Wanted("", news)
    if public:
        return Wanted(SOMETHING, news)
    stands = [replace(alert, reminder=True) for alert in report.stands]  # with its date, in each run the same
    lines = [_HEAD, "", *trouble_lines(stands, zone, sentences, hints, titles_of(report)), "", form_line(form), ""]
    if waiting:
        lines += ["## Waiting for approval", "", *waiting_lines(waiting, zone, sentences)]
    return Wanted(_cut(lines).rstrip(), news)


def _waits(one: Prospect) -> bool:
    return one.state is State.HELD and one.reason.code == Code.APPROVAL


def error_issue(error: CrosspostError, *, public: bool = False) -> Wanted:
    """What an error that ended the run leaves for a person."""
    told = "The run ended with an error." if public else f"**{escape(error.message)}** {clean_line(error.hint)}"
    return Wanted(f"{_HEAD}\n\n- {told.rstrip()}", news=True)


def is_ours(body: str) -> bool:
    """Whether an issue with this body is the standing one."""
    return _MARK.search(body) is not None


def settle(wanted: Wanted, found: Issue | None, run: str) -> Step:
    """What to do with the issue; `run` is the address of this run's page, "" where there is none.

    One that a person closed while its troubles stand is opened again only when they are told again.
    """
    if not wanted.text:
        return Close(found.number, f"{_OVER}\n{_seen(run)}\n\n{_mark('')}") if found else Leave()
    body = f"{wanted.text}\n{_seen(run)}\n\n{_mark(wanted.text)}"
    if found is None:
        return Open(TITLE, body) if wanted.news else Leave()
    old = _MARK.search(found.body)
    return Leave() if old and old[0] == _mark(wanted.text) else Update(found.number, body)


def _seen(run: str) -> str:
    return f"\nAs of [this run](<{run}>)." if run else ""


def _mark(text: str) -> str:
    return f"<!-- crosspost: what needs a person; {hashlib.sha256(text.encode()).hexdigest()[:16]} -->"


def _cut(lines: list[str]) -> str:
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > _MOST:
            return "\n".join([*kept, "", "There is more: *status* in the form shows it all."])
        kept.append(line)
    return "\n".join(kept)
