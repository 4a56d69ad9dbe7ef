"""The example settings and the JSON schema that editors use: both say what the program reads."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from crosspost.config import json_schema, load
from crosspost.core.policy import Alerts, Copy, Policy
from crosspost.platforms.loading import load_platforms

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / "config" / "crosspost.example.toml").read_text(encoding="utf-8")
EVERY_KEY = re.sub(r"(?m)^#(?=[a-z])", "", EXAMPLE)  # "#key = …" shows a default, "# Words" explain


def _read(text):
    return load(text, {}, load_platforms(), source="example", read_file=str).settings


@pytest.fixture
def schema():
    platforms = load_platforms()
    return json_schema({name: platforms[name] for name in ("x", "facebook")})


def test_the_schema_file_is_the_one_that_the_models_give():
    script = runpy.run_path(str(ROOT / "scripts" / "schema.py"))
    written = (ROOT / "config" / "crosspost.schema.json").read_text(encoding="utf-8")
    assert written == script["schema_text"](), "run python scripts/schema.py"


def test_the_schema_is_a_schema(schema):
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("text", [EXAMPLE, EVERY_KEY], ids=["as it stands", "with every key"])
def test_the_example_is_valid_and_loads(schema, text):
    jsonschema.validate(tomllib.loads(text), schema, jsonschema.Draft202012Validator)
    assert [target.name for target in _read(text).targets] == ["x", "facebook"]


def test_the_example_as_it_stands_changes_no_policy():
    made = _read(EXAMPLE)
    assert all(target.policy == Policy() and target.copy == Copy() for target in made.targets)
    assert made.alerts == Alerts()


def test_the_example_names_every_key(schema):
    def keys(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            yield from node.get("properties", {}) if isinstance(node.get("properties"), dict) else ()
            for inner in node.values():
                yield from keys(inner)

    written = set(re.findall(r"[a-z_]+", EVERY_KEY))
    assert set(keys(schema)) <= written


def test_the_defaults_in_the_example_are_the_programs(schema):
    tables = {"policy": "PolicyTable", "alerts": "AlertsTable", "ledger": "LedgerTable"}
    document = tomllib.loads(EVERY_KEY)
    for name, table in tables.items():
        for key, value in document[name].items():
            if key != "hold":  # shows a word, where the default has none
                assert value == schema["$defs"][table]["properties"][key]["default"], key


def test_the_prices_in_the_example_are_the_platforms():
    prices = {name: micro for platform in load_platforms().values() for name, micro in platform.prices.items()}
    written = tomllib.loads(EVERY_KEY)["money"]["prices"]
    assert {name: round(dollars * 1_000_000) for name, dollars in written.items()} == prices


@pytest.mark.parametrize(
    "wrong",
    [
        'targets = [{ platform = "x" }]\nfeeds = [{ url = "https://example.org/feed/" }]',
        EXAMPLE.replace("max = 3", "maximum = 3"),
        EXAMPLE.replace('platform = "x"', 'platform = "twitter"'),
        EXAMPLE.replace('"#LastGirlFirst"', '"LastGirlFirst"'),
        EVERY_KEY.replace('"10m"', '"ten minutes"'),
        EVERY_KEY.replace('"v26.0"', '"26"'),
        EVERY_KEY.replace("budget = 10.00", 'budget = "10"'),
        EVERY_KEY.replace("budget = 10.00", "budget = -1"),
        EVERY_KEY.replace("x_read = ", "x_reed = "),
    ],
)
def test_what_the_program_refuses_the_schema_refuses_too(schema, wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(wrong), schema, jsonschema.Draft202012Validator)
