"""Platforms by their entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from crosspost.errors import SettingsError
from crosspost.platforms.loading import GROUP, load_platforms


def entry(name, value):
    return EntryPoint(name, value, GROUP)


X = entry("x", "crosspost.platforms.x:PLATFORM")


def test_both_platforms_of_this_package_are_found():
    found = load_platforms()
    assert {"x", "facebook"} <= set(found)
    assert all(name == platform.name for name, platform in found.items())


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([entry("mastodon", "nobody.has.this:PLATFORM")], "can't be loaded (ModuleNotFoundError)"),
        ([entry("mastodon", "crosspost.platforms.x:NOTHING")], "can't be loaded (AttributeError)"),
        ([entry("mastodon", "crosspost.platforms.x:PROFILE")], "no Platform"),
        ([entry("mastodon", "crosspost.platforms.x:PLATFORM")], "calls itself 'x'"),
        ([X, X], "a second platform named 'x'"),
    ],
)
def test_a_package_whose_platform_cant_be_used_is_named(entries, why):
    with pytest.raises(SettingsError) as caught:
        load_platforms(entries)
    assert caught.value.code == "platform-broken"
    assert why in caught.value.message
    assert entries[-1].name in caught.value.message
