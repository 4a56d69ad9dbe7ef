"""The platforms that are installed: those of this package and those of others, by their entry points."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from crosspost.errors import SettingsError
from crosspost.platforms.base import Platform

GROUP = "crosspost.platforms"


def load_platforms(found: Iterable[EntryPoint] | None = None) -> dict[str, Platform]:
    """Every installed platform by name; SettingsError names a package whose platform can't be used."""
    platforms: dict[str, Platform] = {}
    for entry in found if found is not None else entry_points(group=GROUP):
        platform = _load(entry)
        if platform.name in platforms:
            raise _broken(entry, f"a second platform named {platform.name!r}")
        platforms[platform.name] = platform
    return dict(sorted(platforms.items()))


def _load(entry: EntryPoint) -> Platform:
    try:
        platform = entry.load()
    except Exception as trouble:  # a foreign package may raise anything; its own words may hold anything
        raise _broken(entry, f"it can't be loaded ({type(trouble).__name__})") from None
    if not isinstance(platform, Platform):
        raise _broken(entry, "it is no Platform")
    if platform.name != entry.name:
        raise _broken(entry, f"it calls itself {platform.name!r}")
    return platform


def _broken(entry: EntryPoint, why: str) -> SettingsError:
    package = entry.dist.name if entry.dist else entry.value
    return SettingsError(
        "platform-broken",
        f"The platform {entry.name!r} of the package {package} can't be used: {why}.",
        "Update that package, or remove it.",
    )
