"""Facebook Pages: their profile, and the adapter that is loaded when a Page is opened."""

from __future__ import annotations

from collections.abc import Mapping

from crosspost.core.policy import Target
from crosspost.core.post import Profile
from crosspost.core.world import World
from crosspost.platforms.base import Adapter, Credential, Option, Platform
from crosspost.platforms.facebook.answers import WORDS
from crosspost.platforms.facebook.prices import PRICES
from crosspost.platforms.facebook.weigh import links, weigh
from crosspost.platforms.table import hints, sentences

# 63,206 letters isn't in Meta's pages (posters in production use it); about 400 are shown before "See more".
PROFILE = Profile(
    name="facebook",
    title="Facebook",
    limit=63_206,
    ideal=1_300,
    weigh=weigh,
    finds_links=links,
    link_in_text=False,
    template="{summary}\n\n{hashtags}",
    max_paragraphs=4,
)


def open_page(world: World, target: Target, secrets: Mapping[str, str]) -> Adapter:
    """The Page behind a target; secrets by suffix, stripped."""
    from crosspost.platforms.facebook.adapter import FacebookAdapter  # requests is loaded by those who send

    return FacebookAdapter(world, target, secrets)


PLATFORM = Platform(
    name="facebook",
    profile=PROFILE,
    api_url="https://graph.facebook.com",
    own_hosts=("graph.facebook.com",),
    credentials=(
        Credential("PAGE_ID"),
        Credential("PAGE_ACCESS_TOKEN"),
        Credential("APP_SECRET", required=False),
    ),
    open=open_page,
    options=(
        Option("graph_version", "v26.0", r"v[0-9]{1,3}\.[0-9]", 'the version of Facebook\'s Graph API, as "v26.0"'),
    ),
    prices=PRICES,
    keys_end=True,
    sentences=sentences(WORDS),
    hints=hints(WORDS),
)
