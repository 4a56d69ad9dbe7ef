"""What belongs to a target's account: its platform, its variables, its API's address, its secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crosspost.config import values
from crosspost.config.facts import PlatformFacts, default_prefix
from crosspost.config.given import Given
from crosspost.config.mistakes import Loc, show
from crosspost.config.shape import TargetTable
from crosspost.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Keys:
    """An account's secrets by suffix, and the names of the variables that it lacks."""

    secrets: Mapping[str, Secret]
    missing: tuple[str, ...]


def platform_of(table: TargetTable, loc: Loc, given: Given) -> PlatformFacts | None:
    """The target's platform; None after a mistake."""
    facts = given.platforms.get(table.platform)
    here = (*loc, "platform")
    if facts is None and not given.mistakes.has(here):
        near = values.nearest(table.platform, given.platforms)
        known = ", ".join(f'"{name}"' for name in sorted(given.platforms))
        expected = f'a platform that is installed; did you mean "{near}"?' if near else f"one of {known}"
        given.mistakes.add(here, expected, show(table.platform) if table.platform else "")
    return facts


def prefix_of(table: TargetTable) -> str:
    """The prefix of all of the account's variables."""
    return table.credentials or default_prefix(table.platform)


def url(text: str, loc: Loc, given: Given) -> str | None:
    """A URL setting as it is, or from the variable that "env:NAME" names. None after a mistake."""
    if not text.startswith("env:"):
        return text
    if not re.match(values.VARIABLE, text):
        given.mistakes.add(loc, '"env:" and the name of a variable, such as "env:CROSSPOST_FEED"', show(text))
        return None
    name = text.removeprefix("env:")
    found = given.variable(name)
    given.mistakes.hide(found)
    if not found:
        given.mistakes.add(loc, f"the variable {name} to be set", f'"env:{name}", which is empty or not set')
    return found or None


def api_url(table: TargetTable, facts: PlatformFacts, loc: Loc, given: Given) -> str:
    """The API's origin: the platform's own host over https, this machine, or a host that was allowed by name."""
    variable = f"CROSSPOST_{prefix_of(table)}_API_URL"
    override = given.variable(variable)
    here = (*loc, "api_url")
    text = override or (url(table.api_url, here, given) if table.api_url else facts.api_url)
    if text is None:
        return facts.api_url
    expected = values.origin(text) or _foreign(text, facts, given)
    if expected and override:
        given.mistakes.variable(variable, show(text), expected)
    elif expected and not given.mistakes.has(here):
        given.mistakes.add(here, expected, show(text))
    return text.rstrip("/")


def _foreign(text: str, facts: PlatformFacts, given: Given) -> str | None:
    host = values.host_of(text)
    if values.is_loopback(host) or {host, values.authority_of(text)} & given.allow_api_hosts:
        return None
    own = {name.lower() for name in (*facts.own_hosts, values.host_of(facts.api_url))}
    if host not in own:
        return f"{facts.profile.title}'s own host or this machine; --allow-api-host {host} allows another"
    return None if values.scheme_of(text) == "https" else "https://, for keys travel there"


def options(table: TargetTable, facts: PlatformFacts, loc: Loc, given: Given) -> Mapping[str, str]:
    """The platform's own keys, with their defaults."""
    known = {option.name: option for option in facts.options}
    for name, text in table.options.items():
        here = (*loc, "options", name)
        if name not in known:
            given.mistakes.add(here, f'keys that platform "{facts.name}" has', "a key of another platform")
        elif not re.fullmatch(known[name].pattern, text):
            given.mistakes.add(here, f'a text such as "{known[name].default}"', show(text))
    return {name: table.options.get(name, option.default) for name, option in known.items()}


def keys(table: TargetTable, facts: PlatformFacts, given: Given) -> Keys:
    """The account's secrets from the environment. What is missing is no mistake: that account waits."""
    prefix = prefix_of(table)
    texts = {one.suffix: given.secret(f"{prefix}_{one.suffix}") for one in facts.credentials}
    missing = [f"{prefix}_{one.suffix}" for one in facts.credentials if one.required and not texts[one.suffix]]
    return Keys({suffix: Secret(text) for suffix, text in texts.items() if text}, tuple(missing))
