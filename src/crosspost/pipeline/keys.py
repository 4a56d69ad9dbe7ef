"""Once a day, ask an account whose keys may end until when they are good: one that ends unseen costs a campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crosspost.core.standing import KeysStanding, TargetStanding
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.standings import Standings, append_on_target

DAY = timedelta(days=1)


def ask_about_keys(office: Office, outlet: Outlet) -> None:
    """Note until when the account's keys are good. The first day is `check`'s: whoever set it up has just looked."""
    if outlet.adapter is None or not outlet.platform.keys_end:
        return
    now = office.world.clock.now()
    known = Standings.read(office.ledger).target(outlet.target.name).keys
    if known is None:
        _note(office, outlet, KeysStanding(now, outlet.credential))
    elif known.credential != outlet.credential or not timedelta(0) <= now - known.asked_at < DAY:
        ends = [finding.expires for finding in outlet.adapter.check() if finding.expires is not None]
        # Where it could not be asked, the end that is known stays: to warn once more does less harm.
        same = known.credential == outlet.credential
        end: datetime | None = min(ends) if ends else (known.ends if same else None)
        _note(office, outlet, KeysStanding(now, outlet.credential, end))


def _note(office: Office, outlet: Outlet, keys: KeysStanding) -> None:
    def change(standing: TargetStanding) -> TargetStanding:
        return replace(standing, keys=keys)

    append_on_target(office.ledger, outlet.target.name, change)  # another run was first: it has asked
