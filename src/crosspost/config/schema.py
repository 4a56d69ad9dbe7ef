"""The JSON schema of the settings file, made from the models, for editors that complete and check TOML."""

from __future__ import annotations

from typing import Any

from crosspost.config.facts import PlatformFacts, Platforms
from crosspost.config.shape import SCHEMA_NAME, SettingsFile
from crosspost.config.values import LANGUAGE


def json_schema(platforms: Platforms) -> dict[str, Any]:
    """The schema, with the names and keys of these platforms. Plain JSON values, in a stable order."""
    schema = SettingsFile.model_json_schema(by_alias=True)
    tables = schema["$defs"]
    schema["required"] = ["timezone", "feeds", "targets"]
    zone = schema["properties"]["timezone"]
    schema["properties"]["timezone"] = {"type": "string", **_without(zone, "anyOf", "default")}
    for key in ("feeds", "targets"):
        schema["properties"][key]["minItems"] = 1
    tables["FeedTable"]["required"] = ["url"]
    tables["TargetTable"]["required"] = ["platform"]
    _languages(tables["HashtagsTable"])
    _platforms(tables["CopyTable"], platforms)
    _target(tables["TargetTable"], platforms)
    _money(tables, platforms)
    return {"$schema": SCHEMA_NAME, **schema}


def _without(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in keys}


def _languages(table: dict[str, Any]) -> None:
    inner = table["properties"].pop("languages")
    table["patternProperties"] = {LANGUAGE: {**inner["additionalProperties"], "description": inner["description"]}}


def _platforms(table: dict[str, Any], platforms: Platforms) -> None:
    inner = table["properties"].pop("platforms")
    for name in sorted(platforms):
        table["properties"][name] = {**inner["additionalProperties"], "description": inner["description"]}


def _target(table: dict[str, Any], platforms: Platforms) -> None:
    properties = table["properties"]
    properties.pop("options")
    properties["platform"] = {**_without(properties["platform"], "default"), "enum": sorted(platforms)}
    for key in ("name", "credentials", "api_url"):  # what holds where they are unset depends on the platform
        properties[key].pop("default")
    properties["limit"] = {"type": "integer", "minimum": 1, **_without(properties["limit"], "anyOf", "default")}
    for facts in platforms.values():
        for option in sorted(facts.options, key=lambda one: one.name):
            properties[option.name] = {
                "type": "string",
                "default": option.default,
                "pattern": f"^({option.pattern})$",
                "description": option.help,
                "title": option.name,
            }


def _money(tables: dict[str, Any], platforms: Platforms) -> None:
    properties = tables["MoneyTable"]["properties"]
    amount = properties["prices"].pop("additionalProperties")
    properties["budget"] = {**amount, **_without(properties["budget"], "anyOf", "default")}
    tables["PricesTable"] = {
        "additionalProperties": False,
        "description": "[money.prices]: what a platform charges, where that has changed.",
        "properties": {
            name: {**amount, "default": micro / 1_000_000, "description": _price(name, facts), "title": name}
            for facts in platforms.values()
            for name, micro in sorted(facts.prices.items())
        },
        "title": "PricesTable",
        "type": "object",
    }
    properties["prices"] = {"$ref": "#/$defs/PricesTable"}


def _price(name: str, facts: PlatformFacts) -> str:
    what = name.removeprefix(f"{facts.name}_").replace("_", " ")
    return f"{facts.profile.title}: a {what}, in US dollars."
