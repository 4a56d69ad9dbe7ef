"""What a pass works with: the World, the settings, the ledger, and an outlet for each target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosspost.core.policy import Settings, Target
from crosspost.core.post import Profile
from crosspost.core.world import World
from crosspost.ledger.base import Ledger
from crosspost.platforms.base import Adapter, Platform


@dataclass(frozen=True, slots=True)
class Outlet:
    """A target with its platform and its account.

    `adapter` is None where keys are `missing` (their variables' names). `credential`: a salted hash
    of today's keys, so that new ones end a pause.
    """

    target: Target
    platform: Platform
    adapter: Adapter | None
    missing: tuple[str, ...] = ()
    credential: str = ""

    @property
    def profile(self) -> Profile:
        """What the platform is."""
        return self.platform.profile

    @property
    def read_price(self) -> int:
        """What one post that is read costs, in US micro-dollars."""
        prices = self.target.prices or self.platform.prices
        return prices.get(self.platform.read_price, 0)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that a pass and a person's verbs need. `writer`: this run's id in what it appends."""

    world: World
    settings: Settings
    ledger: Ledger
    outlets: Mapping[str, Outlet]
    writer: str = ""

    @property
    def targets(self) -> tuple[Target, ...]:
        """The settings' targets, in their order."""
        return self.settings.targets

    @property
    def exclusive(self) -> frozenset[str]:
        """Platforms that forbid the same words on two accounts."""
        return frozenset(outlet.platform.name for outlet in self.outlets.values() if outlet.platform.profile.exclusive)
