"""What needs a person, as GitHub Actions shows it on a run's own page: lines that are commands to the runner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo

from crosspost.core.outlook import RunReport
from crosspost.errors import CrosspostError, LedgerBusy
from crosspost.report.describe import clean_line
from crosspost.report.gathered import gathered
from crosspost.report.sentences import NONE, advice, say

MOST = 10  # of each kind, from one step; the runner drops what is more (actions/runner, read on 24 November 2026)
_LONGEST = 1_000
SOMETHING = "Something needs a person. Who may read the ledger sees it with `crosspost status`."


def run_annotations(
    report: RunReport,
    zone: tzinfo,
    sentences: Mapping[str, str] = NONE,
    hints: Mapping[str, str] = NONE,
    *,
    public: bool = False,
) -> tuple[str, ...]:
    """A line for each thing to do, at most ten in all. `public`: that there is something, and not what."""
    if public:
        return (_line("error", SOMETHING),) if report.alerts else ()
    return tuple(_few(_alerts(report, zone, sentences, hints)))


def error_annotation(error: CrosspostError) -> str:
    """The line for an error that ended the pass; a ledger that another run holds is no more than a notice."""
    told = error.message if error.message.endswith((".", "?", "!")) else f"{error.message}."
    return _line("notice" if isinstance(error, LedgerBusy) else "error", f"{told} {error.hint}".rstrip())


def warning(told: str) -> str:
    """The line for something that is no trouble yet."""
    return _line("warning", told)


def _alerts(
    report: RunReport, zone: tzinfo, sentences: Mapping[str, str], hints: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for one in gathered(report.alerts):
        told = f"{one.about}: {say(one.alert.reason, sentences, zone)} {advice(one.alert, hints)}"
        yield "warning" if one.alert.reminder else "error", told
    for one in gathered(report.told_before):
        yield "notice", f"Told before, and still so: {one.about}: {say(one.alert.reason, sentences, zone)}"


def _few(told: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(told)
    shown = listed if len(listed) <= MOST else listed[: MOST - 1]
    yield from (_line(kind, text) for kind, text in shown)
    if len(shown) < len(listed):
        yield _line("warning", f"And {len(listed) - len(shown)} more: see the summary.")


def _line(kind: str, text: str) -> str:
    """One command to the runner. The text is on one line and holds no "::"; the percent sign is its escape."""
    return f"::{kind} title=crosspost::{clean_line(text, _LONGEST).replace('%', '%25')}"
