"""What a person must have been told: each trouble that begins anew, by the pass in which it began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosspost.core.delivery import State
from crosspost.core.outlook import RunReport
from crosspost.core.post import PauseKind
from crosspost.core.reason import Code
from crosspost.core.standing import TargetStanding
from crosspost.core.story import Record

Name = tuple[str, str, str]  # a code, the story or account that it is about, and its kind where it has one


@dataclass(slots=True)
class Told:
    """Compares what stands with what reports have said. `unsure`: an older ledger may think that it told already."""

    unsure: bool = False
    _stood: frozenset[Name] = frozenset()

    def complaint(
        self,
        records: Iterable[Record],
        standings: Mapping[str, TargetStanding],
        reports: Iterable[RunReport],
        *,
        whole: bool,
    ) -> str:
        """What began and was not told; `whole`: every run since the last look came to its end."""
        stands = frozenset([*_of_stories(records), *_of_accounts(standings)])
        said = {(alert.reason.code, alert.subject) for report in reports for alert in report.alerts}
        untold = sorted(name for name in stands - self._stood if name[:2] not in said)
        sure = whole and not self.unsure
        self._stood = stands if whole else self._stood | stands  # a run that died has forgotten nothing
        self.unsure = self.unsure and not whole
        return f"nobody was told of {untold[0][1]}: {untold[0][0]}" if untold and sure else ""


def _of_stories(records: Iterable[Record]) -> Iterable[Name]:
    for record in records:
        one = record.delivery
        if one.state is State.FAILED or (one.state is State.HELD and one.reason.code != Code.APPROVAL):
            yield one.reason.code, f"#{record.story.number} {one.key.target}", ""


def _of_accounts(standings: Mapping[str, TargetStanding]) -> Iterable[Name]:
    for name, standing in standings.items():
        if standing.pause is not None and standing.pause.kind is not PauseKind.RATE_LIMIT:
            yield Code.PAUSED, name, standing.pause.kind
