"""The settings that decisions read, as frozen values; config.py makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Feed:
    """One [[feeds]]: `hosts` are the further hosts that its stories may point to."""

    name: str
    url: str
    hosts: tuple[str, ...] = ()
    include_categories: tuple[str, ...] = ()
    exclude_categories: tuple[str, ...] = ("no-crosspost",)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagRules:
    """[hashtags], for one language after `for_language`; tags with their "#"."""

    campaign: tuple[str, ...] = ()
    max: int = 3
    ignore: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, TagRules] = field(default_factory=dict)

    def for_language(self, language: str) -> TagRules:
        """The rules for a text in that language ("fr")."""
        return self.languages.get(language, self)


@dataclass(frozen=True, slots=True)
class Copy:
    """[copy] for one target. `template` "" is the platform's own. `utm`: names without "utm_"."""

    template: str = ""
    excerpt: bool = True
    utm: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing goes out; `start` after `end` spans midnight. Wall times of the zone."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Policy:
    """[policy] for one target."""

    settle: timedelta = timedelta(minutes=10)
    max_age: timedelta = timedelta(days=7)
    flood: int = 5
    max_per_run: int = 3
    spacing: timedelta = timedelta(0)
    quiet: Quiet | None = None
    look: bool = False
    check_link: bool = False
    hold: tuple[str, ...] = ()
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """One [[targets]], with everything that holds for it alone.

    `limit`: the platform's or the setting's, in its units. `options`: the platform's own settings
    (graph_version …). `credentials`: the prefix of its variables ("X", "FACEBOOK"). `api_url`: an
    origin. `budget`: US micro-dollars a month, None without one. `prices`: micro-dollars by name.
    """

    name: str
    platform: str
    credentials: str
    api_url: str
    limit: int
    policy: Policy
    tags: TagRules
    copy: Copy
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    budget: int | None = None
    prices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alerts:
    """[alerts]: when a person is told."""

    notify: tuple[str, ...] = ()
    heartbeat: str = ""
    after: timedelta = timedelta(hours=6)
    remind: timedelta = timedelta(hours=24)
    stale_feed: timedelta = timedelta(days=30)
    token_expiry: timedelta = timedelta(days=7)
    announce: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file, with defaults filled in and overrides resolved for each target."""

    zone: ZoneInfo
    feeds: tuple[Feed, ...]
    targets: tuple[Target, ...]
    ledger_url: str
    alerts: Alerts
    allow_private: tuple[str, ...] = ()
    max_pages: int = 10
    site: str = ""
    source: str = ""  # the file it came from, for messages
