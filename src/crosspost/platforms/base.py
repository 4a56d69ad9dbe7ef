"""The platform protocol, and what a platform's folder hands out as data. Entry points bring more of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crosspost.core.policy import Target
from crosspost.core.post import Claim, Finding, Outcome, Picture, Post, Profile, Refused, Timeline, Unread
from crosspost.core.world import World


@dataclass(frozen=True, slots=True)
class Removed:
    """It is down, or was already (404 counts)."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The new text stands there."""


class Adapter(Protocol):
    """One account on one platform. Effects only; what the platform *is* stands in its Profile."""

    def publish(self, claim: Claim, picture: Picture | None) -> Outcome:
        """Send `claim.post` with one committing request. Never raises but for a kill; never retries."""
        ...

    def find(self, since: datetime, control: frozenset[str]) -> Timeline | Unread:
        """The account's posts, newest first, back to one older than `since` or to the end (bounded).

        `control`: ids of posts that the ledger holds as published there; empty asks the platform to
        prove in another way that it could have seen them (`Timeline.trusted`).
        """
        ...

    def remove(self, remote_id: str) -> Removed | Refused | Unread:
        """Take a post down. Idempotent."""
        ...

    def amend(self, remote_id: str, text: str) -> Amended | Refused | Unread:
        """Change a published post's text. Refused where the platform can't."""
        ...

    def url_of(self, remote_id: str) -> str:
        """The public address of a post."""
        ...

    def id_of(self, address: str) -> str | None:
        """The id of this account's post at a public address, in the form that `find` gives.

        "" where the address doesn't tell it, None where it is no address of a post on this platform.
        """
        ...

    def alive(self) -> bool | Unread:
        """Whether the account may post again, by a read (for a suspended account)."""
        ...

    def check(self) -> tuple[Finding, ...]:
        """The doctor's findings: token, account, scopes, expiry."""
        ...


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret that an account needs: its name after the prefix ("API_KEY" → X_API_KEY)."""

    suffix: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """A settings key of the platform's own in [[targets]]: its default, a pattern it must match, its help."""

    name: str
    default: str
    pattern: str
    help: str


def free(post: Post, prices: Mapping[str, int]) -> int:  # noqa: ARG001 - the shape of every platform's price
    """The price of a post where posting costs nothing."""
    return 0


@dataclass(frozen=True, slots=True)
class Platform:
    """What a platform's folder hands out: its entry point names one of these.

    `own_hosts`: hosts that `api_url` may name. `prices`: micro-dollars by name; `price(post, prices)`
    is what sending costs. `sentences`: words for its own reason codes, with {params}; `hints`: what to
    do about each. `open(world, target, secrets)`: the adapter; secrets by suffix, stripped.
    """

    name: str
    profile: Profile
    api_url: str
    own_hosts: tuple[str, ...]
    credentials: tuple[Credential, ...]
    open: Callable[[World, Target, Mapping[str, str]], Adapter]
    options: tuple[Option, ...] = ()
    prices: Mapping[str, int] = field(default_factory=dict)
    price: Callable[[Post, Mapping[str, int]], int] = free
    read_price: str = ""  # the name of the price of one post read
    budgeted: bool = False  # money.budget counts it
    keys_end: bool = False  # its keys may have an end, which `check` tells and costs nothing
    amends: bool = True  # a published post's text can be changed
    sentences: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
