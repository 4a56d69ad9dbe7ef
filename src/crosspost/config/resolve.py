"""From the checked shape to core/policy's values: defaults and overrides resolved, and what must agree compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from crosspost.config import accounts, values
from crosspost.config.accounts import Keys
from crosspost.config.facts import PlatformFacts
from crosspost.config.given import Given
from crosspost.config.mistakes import Loc, show
from crosspost.config.shape import (
    AlertsTable,
    FeedTable,
    HashtagKeys,
    HashtagsTable,
    PolicyTable,
    SettingsFile,
    Table,
    TargetTable,
)
from crosspost.core.policy import Alerts, Copy, Feed, Policy, Settings, TagRules, Target
from crosspost.core.post import Profile


def settings(file: SettingsFile, given: Given) -> tuple[Settings, dict[str, Keys]]:
    """The settings and each target's keys. Whatever is wrong stands in `given.mistakes` afterwards."""
    _required(file, given)
    _check_platform_tables(file, given)
    _check_prices(file, given)
    targets = [
        (target, keys)
        for index, table in enumerate(file.targets)
        if (facts := accounts.platform_of(table, ("targets", index), given))
        for target, keys in [_target(file, index, facts, given)]
    ]
    _one_account_each(file, targets, given)
    made = Settings(
        zone=ZoneInfo(file.timezone or "UTC"),
        feeds=tuple(_feed(table, ("feeds", index), given) for index, table in enumerate(file.feeds)),
        targets=tuple(target for target, _ in targets),
        ledger_url=_ledger(file, given),
        alerts=_alerts(file.alerts),
        allow_private=_allow_private(file, given),
        max_pages=file.fetch.max_pages,
        source=given.mistakes.source,
    )
    return made, {target.name: keys for target, keys in targets}


def _required(file: SettingsFile, given: Given) -> None:
    wanted = {
        "timezone": (file.timezone, 'a time zone such as "Europe/Paris"'),
        "feeds": (file.feeds, "at least one feed with its url"),
        "targets": (file.targets, 'at least one target with its platform, such as "x"'),
    }
    for key, (value, expected) in wanted.items():
        if not value and not given.mistakes.has((key,)):
            given.mistakes.add((key,), expected)
    names = [table.name for table in file.feeds]
    for index in _again(names, ("feeds", "name"), given):
        given.mistakes.add(("feeds", index, "name"), "a name that no other feed has", show(names[index]))


def _again(texts: Sequence[str], where: tuple[str, str], given: Given) -> list[int]:
    """Which items of [[feeds]] or [[targets]] repeat an earlier one's; a mistaken one holds its default only."""
    kind, key = where
    sound = [text if not given.mistakes.has((kind, index, key)) else None for index, text in enumerate(texts)]
    return [index for index, text in enumerate(sound) if text is not None and text in sound[:index]]


def _check_platform_tables(file: SettingsFile, given: Given) -> None:
    for name in file.copy_.platforms:
        if name not in given.platforms:
            given.mistakes.unknown(("copy", "platforms", name), {"template", "excerpt", "utm", *given.platforms})


def _check_prices(file: SettingsFile, given: Given) -> None:
    known = {name for facts in given.platforms.values() for name in facts.prices}
    for name in file.money.prices:
        if name not in known:
            given.mistakes.unknown(("money", "prices", name), known)


def _feed(table: FeedTable, loc: Loc, given: Given) -> Feed:
    here = (*loc, "url")
    url = accounts.url(table.url, here, given) if table.url else ""
    expected = values.web_address(url) if url is not None else None
    if url and not expected and not table.url.startswith("env:") and values.bears_key(url):
        expected = 'an address without a key in it: write "env:NAME" and set that variable'
    if expected and not given.mistakes.has(here):
        given.mistakes.add(here, expected, show(url) if url else "")
    return Feed(
        name=table.name,
        url=url or "",
        hosts=tuple(host.lower() for host in table.hosts),
        include_categories=tuple(table.include_categories),
        exclude_categories=tuple(table.exclude_categories),
        include=tuple(table.include),
        exclude=tuple(table.exclude),
    )


def _ledger(file: SettingsFile, given: Given) -> str:
    """CROSSPOST_LEDGER_URL, else the file's; what stands in the file is judged either way."""
    here: Loc = ("ledger", "url")
    text = file.ledger.url
    expected = None if text.startswith("env:") else values.ledger(text)
    if values.has_password(text):
        expected = 'an address without a password: write "env:NAME", or set CROSSPOST_LEDGER_URL'
    if expected:
        given.mistakes.add(here, expected, show(text))
    variable = "CROSSPOST_LEDGER_URL"
    url = given.variable(variable)
    if not url and text.startswith("env:"):
        variable, url = text.removeprefix("env:"), accounts.url(text, here, given) or ""
    given.mistakes.hide(url)
    if url and (wrong := values.ledger(url)):
        given.mistakes.variable(variable, "something else", wrong)
    return url or text


def _allow_private(file: SettingsFile, given: Given) -> tuple[str, ...]:
    name = "CROSSPOST_ALLOW_PRIVATE"
    more = [part.strip() for part in given.variable(name).split(",") if part.strip()]
    for part in more:
        if expected := values.private(part):
            given.mistakes.variable(name, show(part), expected)
    return tuple(dict.fromkeys([*file.fetch.allow_private, *more]))


def _target(file: SettingsFile, index: int, facts: PlatformFacts, given: Given) -> tuple[Target, Keys]:
    table, loc = file.targets[index], ("targets", index)
    tags = _tags(file.hashtags, table.hashtags)
    limit = _limit(table, facts, loc, given)
    _check_tags(tags, table, loc, given)
    _check_template(index, file, replace(facts.profile, limit=limit), tags, given)
    target = Target(
        name=table.name or table.platform,
        platform=facts.name,
        credentials=accounts.prefix_of(table),
        api_url=accounts.api_url(table, facts, loc, given),
        limit=limit,
        policy=_policy(_set(file.policy, table.policy)),
        tags=tags,
        copy=_copy(_set(file.copy_, file.copy_.platforms.get(facts.name), table.copy_)),
        languages=tuple(table.languages),
        categories=tuple(table.categories),
        options=accounts.options(table, facts, loc, given),
        budget=_budget(file, facts),
        prices=_prices(file, facts),
    )
    return target, accounts.keys(table, facts, given)


def _limit(table: TargetTable, facts: PlatformFacts, loc: Loc, given: Given) -> int:
    """The setting where there is one; some accounts may write more than most."""
    limit, most = table.limit or facts.profile.limit, facts.profile.ceiling
    if limit > most and not given.mistakes.has((*loc, "limit")):
        expected = f"at most {most}, which is the longest post that {facts.profile.title} takes"
        given.mistakes.add((*loc, "limit"), expected, show(limit))
    return limit


def _budget(file: SettingsFile, facts: PlatformFacts) -> int | None:
    """Micro-dollars a month, where posting costs something."""
    return values.as_micro(file.money.budget) if facts.budgeted and file.money.budget is not None else None


def _prices(file: SettingsFile, facts: PlatformFacts) -> dict[str, int]:
    own = {name: values.as_micro(price) for name, price in file.money.prices.items() if name in facts.prices}
    return {**facts.prices, **own}


def _set(*tables: Table | None) -> dict[str, Any]:
    """What the tables set, the later one's word counting; maps add up."""
    found: dict[str, Any] = {}
    for table in tables:
        for name in table.model_fields_set if table else ():
            value = getattr(table, name)
            found[name] = {**found.get(name, {}), **value} if name == "map" else value
    return found


def _tags(general: HashtagsTable, own: HashtagsTable) -> TagRules:
    """A target's own keys go before those of a language, and those before the general ones."""
    languages = {
        language: _rules(_set(general, general.languages.get(language), own, own.languages.get(language)), {})
        for language in sorted({*general.languages, *own.languages})
    }
    return _rules(_set(general, own), languages)


def _rules(found: Mapping[str, Any], languages: Mapping[str, TagRules]) -> TagRules:
    keys = HashtagKeys.model_construct(**{name: value for name, value in found.items() if name != "languages"})
    return TagRules(
        campaign=tuple(keys.campaign),
        max=keys.max,
        ignore=tuple(keys.ignore),
        map=dict(keys.map),
        languages=languages,
    )


def _check_tags(tags: TagRules, table: TargetTable, loc: Loc, given: Given) -> None:
    for language, rules in [("", tags), *tags.languages.items()]:
        here = _campaign_place(table, loc, language)
        if len(rules.campaign) > rules.max and not given.mistakes.has(here):
            given.mistakes.add(here, f"at most {rules.max}, which is what max allows", f"{len(rules.campaign)} tags")
        elif len({tag.casefold() for tag in rules.campaign}) < len(rules.campaign) and not given.mistakes.has(here):
            given.mistakes.add(here, "each tag once", "a tag twice")


def _campaign_place(table: TargetTable, loc: Loc, language: str) -> Loc:
    own = table.hashtags
    part = ("languages", language) if language else ()
    ours = own.model_fields_set & {"campaign", "max"} or language in own.languages
    return (*(loc if ours else ()), "hashtags", *part, "campaign")


def _check_template(index: int, file: SettingsFile, profile: Profile, tags: TagRules, given: Given) -> None:
    """The frame must have room for every language's campaign tags."""
    table = file.targets[index]
    ours = file.copy_.platforms.get(table.platform)
    template = _copy(_set(file.copy_, ours, table.copy_)).template
    if table.copy_.template:
        here: Loc = ("targets", index, "copy", "template")
    elif ours and ours.template:
        here = ("copy", "platforms", table.platform, "template")
    else:
        here = ("copy", "template") if template else _campaign_place(table, ("targets", index), "")
    if given.check_template is None or given.mistakes.has(here):
        return
    for campaign in dict.fromkeys([tags.campaign, *(rules.campaign for rules in tags.languages.values())]):
        if problem := given.check_template(template or profile.template, profile, campaign):
            found = show(template) if template else "more than the text has room for"
            name = show(table.name or table.platform)
            given.mistakes.add(here, f"a template that works on target {name}: {problem}", found)
            return


def _copy(found: Mapping[str, Any]) -> Copy:
    return Copy(template=found.get("template", ""), excerpt=found.get("excerpt", True), utm=dict(found.get("utm", {})))


def _policy(found: Mapping[str, Any]) -> Policy:
    table = PolicyTable.model_construct(**found)
    return Policy(
        settle=values.as_timedelta(table.settle),
        max_age=values.as_timedelta(table.max_age),
        flood=table.flood,
        max_per_run=table.max_per_run,
        spacing=values.as_timedelta(table.spacing),
        quiet=values.as_quiet(table.quiet),
        look=table.look,
        check_link=table.check_link,
        hold=tuple(table.hold),
        approval=table.approval,
    )


def _alerts(table: AlertsTable) -> Alerts:
    return Alerts(
        after=values.as_timedelta(table.after),
        remind=values.as_timedelta(table.remind),
        stale_feed=values.as_timedelta(table.stale_feed),
        token_expiry=values.as_timedelta(table.token_expiry),
    )


def _one_account_each(file: SettingsFile, targets: Sequence[tuple[Target, Keys]], given: Given) -> None:
    """Two targets on one account would publish everything twice there."""
    names = [table.name or table.platform for table in file.targets]
    prefixes = [accounts.prefix_of(table) for table in file.targets]
    for index in _again(names, ("targets", "name"), given):
        given.mistakes.add(("targets", index, "name"), "a name that no other target has", show(names[index]))
    for index in _again(prefixes, ("targets", "credentials"), given):
        first = show(names[prefixes.index(prefixes[index])])
        expected = f'an account of its own: credentials = "…", for these variables are those of target {first}'
        given.mistakes.add(("targets", index, "credentials"), expected, show(prefixes[index]))
    whole = [(target, keys) for target, keys in targets if not keys.missing]
    accounts_seen: dict[tuple[str, frozenset[object]], Target] = {}
    for target, keys in whole:
        first_one = accounts_seen.setdefault((target.platform, frozenset(keys.secrets.items())), target)
        if first_one.credentials != target.credentials:
            found = f"the keys of {first_one.credentials}_… once more"
            given.mistakes.variable(f"{target.credentials}_…", found, f"another account for target {show(target.name)}")
