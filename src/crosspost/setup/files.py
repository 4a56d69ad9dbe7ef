"""The files that `init` writes: short settings with a remark on each line that one may change, and the workflows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

DEFAULT_LEDGER = "sqlite:///crosspost.db"
# A runner keeps nothing on disk, so the ledger is a branch of the repository that the workflows stand in.
BRANCH_LEDGER = "git:origin#crosspost-ledger"
WORKFLOWS = ".github/workflows"
_MINUTES = "13,43"


@dataclass(frozen=True, slots=True)
class Choices:
    """What was found and chosen. `hosts`: further ones of the site; `private`: allowed although they are private."""

    feed_url: str
    timezone: str
    campaign: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    ledger: str = DEFAULT_LEDGER


_FILE = """\
# Settings of crosspost, written by `crosspost init`. All that can be set stands in docs/reference.md.
# Keys and passwords never stand here: they come from environment variables (see [[targets]]).
# After a change: crosspost check

# The zone of all times of day.
timezone = {timezone}

[[feeds]]
url = {feed_url}
# The feed's name for good: another name makes it a new feed, whose stories count as known.
name = "site"
# Further hosts that stories may point to. A story that points elsewhere waits for a person.
hosts = {hosts}
# An editor keeps a post off X and Facebook by putting it in this category in WordPress.
exclude_categories = ["no-crosspost"]
{fetch}
[hashtags]
# On every post, in this order; never left out.
campaign = {campaign}
# Tags in all: the campaign's first, then those that fit the story.
max = {most}

# What becomes which hashtag: a category, a tag, or words of the text.
[hashtags.map]
#"United Nations" = "#UN"

[policy]
# A story goes out that long after its latest date, so that a typo can still be mended.
settle = "10m"
# true: nothing goes out until a person approves it (crosspost approve).
approval = false
# Words for which a story waits for a person.
#hold = ["embargo"]
# Hours in which nothing goes out.
#quiet = "22:00-07:00"

# An account whose variables aren't set yet waits; the others go on.
[[targets]]
platform = "x"
# X_API_KEY, X_API_KEY_SECRET, X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET

[[targets]]
platform = "facebook"
# FACEBOOK_PAGE_ID, FACEBOOK_PAGE_ACCESS_TOKEN, and FACEBOOK_APP_SECRET if your app has one

[ledger]
# Where it is written down what went out, relative to the project's folder. Never delete it.
url = {ledger}
"""

_FETCH = """
[fetch]
# Private or loopback hosts that may be read all the same.
allow_private = {private}
"""


def settings_text(choices: Choices) -> str:
    """The file's text."""
    return _FILE.format(
        timezone=_text(choices.timezone),
        feed_url=_text(choices.feed_url),
        hosts=_list(choices.hosts),
        fetch=_FETCH.format(private=_list(choices.private)) if choices.private else "",
        campaign=_list(choices.campaign),
        most=max(3, len(choices.campaign)),
        ledger=_text(choices.ledger),
    )


def _text(value: str) -> str:
    return json.dumps(value)  # a JSON string is a TOML string too


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def stock_files() -> Mapping[str, str]:
    """What GitHub Actions runs, by path from the project's folder: the schedule, and the form for staff."""
    folder = files("crosspost.setup") / "workflows"
    return {f"{WORKFLOWS}/{name}": (folder / name).read_text("utf-8") for name in ("publish.yml", "desk.yml")}


def workflow_files(feed_url: str, ledger: str = BRANCH_LEDGER) -> Mapping[str, str]:
    """The same for one site: its ledger, and minutes made from its address, so that not all knock at one time."""
    minute = 8 + int(hashlib.sha256(feed_url.encode()).hexdigest(), 16) % 15
    made = {}
    for name, text in stock_files().items():
        timed = text.replace(f'"{_MINUTES} ', f'"{minute},{minute + 30} ')
        named = f": {BRANCH_LEDGER}\n"
        made[name] = timed if ledger == BRANCH_LEDGER else timed.replace(named, f": {_text(ledger)}\n")
    return made


def variable_names(flows: Mapping[str, str]) -> frozenset[str]:
    """What these workflows take from a variable of the repository: no secret, which GitHub would hide in addresses."""
    return frozenset(name for text in flows.values() for name in re.findall(r"\bvars\.(\w+)", text))
