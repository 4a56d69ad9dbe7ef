"""What config needs to know of a platform, as protocols: config imports core and errors, never platforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crosspost.core.post import Profile


class CredentialFacts(Protocol):
    """A secret that an account needs: its name after the prefix, and whether the account works without."""

    @property
    def suffix(self) -> str:
        """What follows the prefix: "API_KEY"."""
        ...

    @property
    def required(self) -> bool:
        """Whether the account needs it."""
        ...


class OptionFacts(Protocol):
    """A key of the platform's own in [[targets]]."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def default(self) -> str:
        """What holds where the key is not set."""
        ...

    @property
    def pattern(self) -> str:
        """What the value must match."""
        ...

    @property
    def help(self) -> str:
        """One sentence for people."""
        ...


class PlatformFacts(Protocol):
    """The part of platforms.base.Platform that settings depend on."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def profile(self) -> Profile:
        """Its limit, measure and template."""
        ...

    @property
    def api_url(self) -> str:
        """The platform's own origin."""
        ...

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """Hosts that `api_url` may name."""
        ...

    @property
    def credentials(self) -> Sequence[CredentialFacts]:
        """Its secrets."""
        ...

    @property
    def options(self) -> Sequence[OptionFacts]:
        """Its own keys in [[targets]]."""
        ...

    @property
    def prices(self) -> Mapping[str, int]:
        """Micro-dollars by name."""
        ...

    @property
    def budgeted(self) -> bool:
        """Whether the budget in [money] counts what is sent there."""
        ...


Platforms = Mapping[str, PlatformFacts]


def default_prefix(platform: str) -> str:
    """The prefix of a platform's variables where the settings name none: "x" → "X"."""
    return "".join(letter if letter.isalnum() else "_" for letter in platform.upper())
