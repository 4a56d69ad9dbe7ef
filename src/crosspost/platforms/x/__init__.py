"""X: its profile, and the adapter that is loaded when an account is opened."""

from __future__ import annotations

from collections.abc import Mapping

from crosspost.core.policy import Target
from crosspost.core.post import Profile
from crosspost.core.world import World
from crosspost.platforms.base import Adapter, Credential, Platform
from crosspost.platforms.table import hints, sentences
from crosspost.platforms.x.answers import WORDS
from crosspost.platforms.x.prices import PRICES, READ, price
from crosspost.platforms.x.weigh import links, weigh

PROFILE = Profile(
    name="x",
    title="X",
    limit=280,
    most=25_000,  # with X Premium, in weighted characters (docs.x.com, changelog of 2024-08-20)
    ideal=280,
    weigh=weigh,
    finds_links=links,
    link_in_text=True,
    template="{summary}\n{link}\n{hashtags}",
    exclusive=True,
)


def open_account(world: World, target: Target, secrets: Mapping[str, str]) -> Adapter:
    """The account behind a target; secrets by suffix, stripped."""
    from crosspost.platforms.x.adapter import XAdapter  # tweepy is loaded by those who send

    return XAdapter(world, target, secrets)


PLATFORM = Platform(
    name="x",
    profile=PROFILE,
    api_url="https://api.x.com",
    own_hosts=("api.x.com", "api.twitter.com"),
    credentials=(
        Credential("API_KEY"),
        Credential("API_KEY_SECRET"),
        Credential("ACCESS_TOKEN"),
        Credential("ACCESS_TOKEN_SECRET"),
    ),
    open=open_account,
    prices=PRICES,
    price=price,
    read_price=READ,
    budgeted=True,
    amends=False,
    sentences=sentences(WORDS),
    hints=hints(WORDS),
)
