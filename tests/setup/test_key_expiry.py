"""A key that ends: `check` tells it as long before as the settings say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspost.core.policy import Alerts, Settings
from crosspost.core.post import Finding
from crosspost.core.reason import Reason
from crosspost.ledger.sqlite import create
from crosspost.pipeline.outlet import Outlet
from crosspost.setup.check import check_all
from crosspost.testing.doubles import NOON, HandClock, Tokens, a_world
from crosspost.testing.platform_contract import target_for
from crosspost.testing.scripted import ScriptedPlatform


@dataclass
class Keys:
    findings: tuple[Finding, ...]

    def check(self):
        return self.findings


@pytest.mark.parametrize(("days", "fine"), [(6, False), (8, True)])
@pytest.mark.parametrize("told", [True, False])
def test_a_key_that_ends_within_the_time_of_the_settings_is_a_fault(days, fine, told):
    platform = ScriptedPlatform().platform
    ends = Finding(ok=told, subject="scripted", reason=Reason.of("scripted.fine"), expires=NOON + timedelta(days=days))
    good = replace(ends, ok=True, expires=None)
    outlet = Outlet(target_for(platform, "https://scripted.example.org"), platform, Keys((ends, good)))
    alerts = Alerts(token_expiry=timedelta(days=7))
    settings = Settings(ZoneInfo("UTC"), (), (outlet.target,), "sqlite:///:memory:", alerts)
    ledger = create(":memory:", token=Tokens(), now=NOON)
    *_, first, second = check_all(a_world(None, HandClock()), settings, lambda: ledger, [outlet])
    assert (first.ok, second.ok) == (fine and told, True)
