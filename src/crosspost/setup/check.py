"""The doctor: settings, feeds, ledger and accounts, each told as findings; nothing that it finds stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from crosspost.core.policy import Settings
from crosspost.core.post import Finding
from crosspost.core.reason import Code, Reason
from crosspost.core.world import World
from crosspost.errors import CrosspostError, FeedError, LedgerBusy, SettingsError
from crosspost.feed.fetch import fetch
from crosspost.feed.parse import parse
from crosspost.ledger.base import Ledger
from crosspost.pipeline.outlet import Outlet
from crosspost.report.describe import count
from crosspost.report.sentences import as_reason


def check_mistakes(error: SettingsError) -> tuple[Finding, ...]:
    """One finding for each mistake in the settings."""
    lines = error.message.split("\n")
    return tuple(Finding(ok=False, subject="settings", reason=as_reason(error, line)) for line in lines)


def check_all(
    world: World, settings: Settings, open_ledger: Callable[[], Ledger], outlets: Iterable[Outlet]
) -> Iterator[Finding]:
    """Findings one by one, as they are made: settings that were read, feeds, ledger, accounts."""
    yield Finding(ok=True, subject="settings", reason=Reason.of(Code.SETTINGS_GOOD, file=settings.source))
    yield from _feeds(world, settings)
    yield _ledger(open_ledger)
    for outlet in outlets:
        for finding in _account(outlet):
            yield _in_time(finding, world.clock.now() + settings.alerts.token_expiry)


def _feeds(world: World, settings: Settings) -> Iterator[Finding]:
    for feed in settings.feeds:
        subject = f"feed {feed.name}"
        try:
            fetched = fetch(world.wire, world.clock, feed, None, settings.allow_private)
            parsed = parse(fetched.body, feed.name, fetched.url, fetched.content_type)
        except FeedError as error:
            yield Finding(ok=False, subject=subject, reason=as_reason(error))
            continue
        stories = count(len(parsed.entries), "story", "stories")
        yield Finding(ok=True, subject=subject, reason=Reason.of(Code.FEED_GOOD, stories=stories))


def _ledger(open_ledger: Callable[[], Ledger]) -> Finding:
    try:
        open_ledger().close()
    except LedgerBusy:
        return Finding(ok=True, subject="ledger", reason=Reason.of(Code.LEDGER_BUSY))
    except CrosspostError as error:
        return Finding(ok=False, subject="ledger", reason=as_reason(error))
    return Finding(ok=True, subject="ledger", reason=Reason.of(Code.LEDGER_GOOD))


def _account(outlet: Outlet) -> tuple[Finding, ...]:
    name = outlet.target.name
    if outlet.adapter is None:
        reason = Reason.of(Code.NO_KEYS, target=name, names=", ".join(outlet.missing))
        return (Finding(ok=False, subject=name, reason=reason),)
    return outlet.adapter.check()


def _in_time(finding: Finding, soon: datetime) -> Finding:
    """A key that ends by then is a fault, too."""
    if finding.expires is None:
        return finding
    return replace(finding, ok=finding.ok and finding.expires > soon)
