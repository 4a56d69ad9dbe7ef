"""Settings: the TOML file and a mapping of variables → frozen values and secrets. pydantic stays in here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from crosspost.config.facts import PlatformFacts, Platforms, default_prefix
from crosspost.config.given import CheckTemplate, Given
from crosspost.config.mistakes import Mistakes, hidden_values, literal_keys
from crosspost.config.parted import parse, parted, shaped
from crosspost.config.resolve import settings as resolved
from crosspost.config.schema import json_schema
from crosspost.core.policy import Feed, Settings
from crosspost.core.secret import Secret

__all__ = ["Loaded", "PlatformFacts", "Platforms", "assume", "default_prefix", "json_schema", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, each target's secrets by suffix, and the variables that a target lacks (such a target waits)."""

    settings: Settings
    secrets: Mapping[str, Mapping[str, Secret]]
    missing: Mapping[str, tuple[str, ...]]


def load(
    text: str,
    env: Mapping[str, str],
    platforms: Platforms,
    *,
    source: str,
    read_file: Callable[[str], str],
    check_template: CheckTemplate | None = None,
    allow_api_hosts: Iterable[str] = (),
) -> Loaded:
    """The settings in that TOML text; `source` names the file in messages.

    `read_file(path)` reads what a NAME_FILE variable names. Raises one SettingsError (code "settings")
    that lists all mistakes, a line each, and repeats nothing that may be a secret.
    """
    mistakes = Mistakes(source, hidden=set(hidden_values(env)))
    given = Given(env, platforms, read_file, mistakes, check_template, frozenset(allow_api_hosts))
    return _loaded(parse(text, source), given)


def assume(feeds: tuple[Feed, ...], platforms: Platforms, *, campaign: Iterable[str] = (), zone: str = "UTC") -> Loaded:
    """Settings where there is no file: these feeds, every platform, no keys, all defaults. Raises SettingsError."""
    document = {
        "timezone": zone,
        "feeds": [{"url": "https://example.org/feed/"}],  # stands in for `feeds`, which may be no addresses
        "hashtags": {"campaign": list(campaign)},
        "targets": [{"platform": name} for name in platforms],
    }
    given = Given({}, platforms, str, Mistakes("command line"))
    loaded = _loaded(document, given)
    return replace(loaded, settings=replace(loaded.settings, feeds=feeds, source=""))


def _loaded(raw: dict[str, Any], given: Given) -> Loaded:
    mistakes = given.mistakes
    mistakes.raw = document = parted(raw, given.platforms, mistakes)
    file = shaped(deepcopy(document), given.platforms, mistakes)
    for loc in literal_keys(document, (), [text for text in mistakes.hidden if len(text) >= 10]):
        if not mistakes.has(loc):
            expected = "keys and passwords in environment variables, never in this file"
            mistakes.add(loc, expected, "what looks like a key")
    made, keys = resolved(file, given)
    mistakes.raise_if_any()
    return Loaded(
        settings=made,
        secrets={name: own.secrets for name, own in keys.items()},
        missing={name: own.missing for name, own in keys.items() if own.missing},
    )
