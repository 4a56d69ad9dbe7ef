"""The settings file's shape: every key with its default, its check and a sentence for people. pydantic lives here.

Values stay as they were written (a duration is a text); resolve.py turns them into core/policy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from crosspost.config import values


def _checked(check: Callable[[str], str | None]) -> BeforeValidator:
    def validate(value: object) -> object:
        # What a number or a list should have been is said in the key's own words: "\0" is never right
        expected = check(value) if isinstance(value, str) else check("\0") or "a text in quotes"
        if expected:
            raise PydanticCustomError("expected", "{expected}", {"expected": expected})
        return value

    return BeforeValidator(validate)


def _dollars(value: object) -> object:
    # true is a number to Python, and TOML has inf and nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= values.MOST_DOLLARS:
        expected = "an amount of US dollars as a number, such as 10.00"
        raise PydanticCustomError("expected", "{expected}", {"expected": expected})
    return float(value)


def _matching(pattern: str) -> object:
    # `pattern` as a JSON-schema key alone: pydantic's own check would speak of regular expressions
    return Field(json_schema_extra={"pattern": pattern})


Duration = Annotated[str, _checked(values.duration), _matching(values.DURATION)]
Name = Annotated[str, _checked(values.name), _matching(values.NAME)]
Prefix = Annotated[str, _checked(values.prefix), _matching(values.PREFIX)]
Language = Annotated[str, _checked(values.language), _matching(values.LANGUAGE)]
QuietHours = Annotated[str, _checked(values.quiet), _matching(values.QUIET)]
Zone = Annotated[str, _checked(values.zone)]
Tag = Annotated[str, _checked(values.hashtag), _matching("^#[^\\s#]+$")]
Pattern = Annotated[str, _checked(values.pattern)]
Category = Annotated[str, _checked(values.category)]
Host = Annotated[str, _checked(values.host)]
Private = Annotated[str, _checked(values.private)]
Text = Annotated[str, _checked(values.category)]
UtmName = Annotated[str, _checked(values.utm_name), _matching(values.UTM)]
Dollars = Annotated[
    float, BeforeValidator(_dollars), Field(json_schema_extra={"minimum": 0, "maximum": values.MOST_DOLLARS})
]
Url = str  # checked once env:NAME is looked up

SCHEMA_NAME = "https://json-schema.org/draft/2020-12/schema"


class Table(BaseModel):
    """A table of the file: unknown keys are mistakes, "3" is no number, and no input is ever repeated."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class FeedTable(Table):
    """[[feeds]]: one feed of the site."""

    url: Url = Field(default="", description="The feed's address.", examples=["https://example.org/feed/"])
    name: Name = Field(default="site", description="The feed's identity; renaming it makes a new feed.")
    hosts: list[Host] = Field(default=[], description="Further hosts that its stories may point to.")
    include_categories: list[Category] = Field(default=[], description="Only stories in one of these categories.")
    exclude_categories: list[Category] = Field(
        default=["no-crosspost"],
        description="No story in one of these categories: the editor's own switch in WordPress.",
    )
    include: list[Pattern] = Field(
        default=[], description="Only stories whose title or text has one of these patterns."
    )
    exclude: list[Pattern] = Field(default=[], description="No story whose title or text has one of these patterns.")


class FetchTable(Table):
    """[fetch]: how feeds are read."""

    max_pages: int = Field(
        default=10,
        ge=0,
        le=100,
        description="Older pages read where the newest page ends in an entry that is new; 0: none.",
    )
    allow_private: list[Private] = Field(
        default=[], description="Loopback or private hosts and networks that may be read all the same."
    )


class HashtagKeys(Table):
    """[hashtags] for one language or one target; lists replace the general ones, maps add to them."""

    campaign: list[Tag] = Field(default=[], description="Tags on every post, never cut.", examples=[["#LastGirlFirst"]])
    max: int = Field(default=3, ge=0, le=30, description="Tags in all: the campaign's first, then topical ones.")
    ignore: list[Category] = Field(default=[], description="Categories that make no tag, on top of a built-in list.")
    map: dict[str, Tag] = Field(default={}, description="Category, tag or phrase → hashtag.")


class HashtagsTable(HashtagKeys):
    """[hashtags]: what becomes a hashtag, and how many."""

    languages: dict[str, HashtagKeys] = Field(default={}, description="The same keys for one language: [hashtags.fr].")


class CopyKeys(Table):
    """[copy] for one platform or one target."""

    template: str = Field(default="", description="The frame, of {title}, {summary}, {facts}, {link} and {hashtags}.")
    excerpt: bool = Field(default=True, description="An excerpt that an editor wrote by hand is the text.")
    utm: dict[UtmName, Text] = Field(
        default={},
        description="Parameters added to the link, named without utm_.",
        json_schema_extra={"additionalProperties": False},
    )


class CopyTable(CopyKeys):
    """[copy]: how a post is worded."""

    platforms: dict[str, CopyKeys] = Field(default={}, description="The same keys for one platform: [copy.x].")


class PolicyTable(Table):
    """[policy]: what goes out, when, and what waits for a person."""

    settle: Duration = Field(default="10m", description="An entry goes out that long after its latest date.")
    max_age: Duration = Field(default="7d", description="What is older when first seen is skipped.")
    flood: int = Field(default=5, ge=1, description="More new entries in one poll than this: all of them are held.")
    max_per_run: int = Field(default=3, ge=1, description="Posts of one run on one target; the rest waits.")
    spacing: Duration = Field(default="0s", description="Between two posts of one account.")
    quiet: QuietHours = Field(default="", description='Hours in which nothing goes out: "22:00-07:00".')
    look: bool = Field(
        default=False, description="Before sending, the account's newest posts are read; what stands there is held."
    )
    check_link: bool = Field(default=False, description="A story waits while its link doesn't answer 200.")
    hold: list[Pattern] = Field(default=[], description="Words or patterns: a story that has one waits for a person.")
    approval: bool = Field(default=False, description="Nothing goes out until a person approves it.")


class MoneyTable(Table):
    """[money]: what may be spent where posting costs something."""

    budget: Dollars | None = Field(
        default=None, description="US dollars a month on each such account; nothing is sent that would pass it."
    )
    prices: dict[str, Dollars] = Field(default={}, description="US dollars for one post, where yours differ.")


class LedgerTable(Table):
    """[ledger]: where it is remembered what went out."""

    url: Url = Field(default="sqlite:///crosspost.db", description="The ledger, relative to the project's folder.")


class AlertsTable(Table):
    """[alerts]: when a person is told."""

    after: Duration = Field(default="6h", description="A passing trouble that lasts longer needs a person.")
    remind: Duration = Field(default="24h", description="A standing trouble is told again that often.")
    stale_feed: Duration = Field(default="30d", description="A feed without news for longer is told.")
    token_expiry: Duration = Field(default="7d", description="A key that ends within this time is told.")


class TargetTable(Table):
    """[[targets]]: one account."""

    platform: str = Field(default="", description="Where the account is.", examples=["x", "facebook"])
    name: Name = Field("", description="The target's identity (unset: its platform's name); renaming makes a new one.")
    credentials: Prefix = Field(
        default="", description="The prefix of all its variables, where there are several accounts."
    )
    api_url: Url = Field(default="", description="The origin of the platform's API; a sandbox's for trying things out.")
    limit: int | None = Field(default=None, ge=1, description="The longest post, in the platform's own units.")
    languages: list[Language] = Field(default=[], description="Only stories in these languages.")
    categories: list[Category] = Field(default=[], description="Only stories in one of these categories.")
    policy: PolicyTable = Field(default_factory=PolicyTable, description="[policy] keys for this target alone.")
    hashtags: HashtagsTable = Field(default_factory=HashtagsTable, description="[hashtags] keys for this target.")
    copy_: CopyKeys = Field(default_factory=CopyKeys, alias="copy", description="[copy] keys for this target alone.")
    options: dict[str, str] = Field(default={}, description="The platform's own keys.")


class SettingsFile(Table):
    """Settings of crosspost. Keys and tokens never stand here: they come from the environment."""

    timezone: Zone | None = Field(
        default=None, description="The zone of all times, by name.", examples=["Europe/Paris"]
    )
    feeds: list[FeedTable] = Field(default=[], description="The feeds that are read.")
    fetch: FetchTable = Field(default_factory=FetchTable)
    hashtags: HashtagsTable = Field(default_factory=HashtagsTable)
    copy_: CopyTable = Field(default_factory=CopyTable, alias="copy")
    policy: PolicyTable = Field(default_factory=PolicyTable)
    money: MoneyTable = Field(default_factory=MoneyTable)
    ledger: LedgerTable = Field(default_factory=LedgerTable)
    alerts: AlertsTable = Field(default_factory=AlertsTable)
    targets: list[TargetTable] = Field(default=[], description="The accounts that are published to.")
