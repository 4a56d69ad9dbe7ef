"""From TOML to the checked shape: tables whose names the model can't know are put apart, mistakes are cut out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from crosspost.config.facts import Platforms
from crosspost.config.mistakes import Loc, Mistakes, show
from crosspost.config.shape import SettingsFile
from crosspost.config.values import LANGUAGE
from crosspost.errors import SettingsError

Belongs = Callable[[str, object], bool]

_EXPECTED = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": 'a list, such as ["one", "two"]',
    "dict_type": "a table",
    "model_type": "a table",
}


def parse(text: str, source: str) -> dict[str, Any]:
    """The TOML document. A syntax error names the line alone: the parser's own words may hold a value."""
    try:
        # Editors on Windows begin a file with a byte-order mark, which TOML refuses
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at ([a-z0-9 ,]+)\)$", str(error))
    except RecursionError:
        where = None
    spot = f" at {where[1]}" if where else ""
    line = f'{source}: the file is not TOML{spot}: expected lines such as key = "text", each key once'
    raise SettingsError("settings", line, "Look at that line: quotes, brackets and commas.")


def parted(raw: Mapping[str, Any], platforms: Platforms, mistakes: Mistakes) -> dict[str, Any]:
    """The document with languages, platforms and options in tables of their own."""
    document = deepcopy(dict(raw))
    _apart(document.get("hashtags"), "languages", _is_language, ("hashtags",), mistakes)
    _apart(document.get("copy"), "platforms", _is_platform, ("copy",), mistakes)
    options = {option.name for facts in platforms.values() for option in facts.options}
    targets = document.get("targets")
    for index, target in enumerate(targets if isinstance(targets, list) else ()):
        _apart(target, "options", lambda key, _: key in options, ("targets", index), mistakes)
        if isinstance(target, dict):
            _apart(target.get("hashtags"), "languages", _is_language, ("targets", index, "hashtags"), mistakes)
    return document


def _is_language(key: str, inner: object) -> bool:
    return re.match(LANGUAGE, key) is not None and isinstance(inner, dict)


def _is_platform(key: str, inner: object) -> bool:
    return key != "utm" and isinstance(inner, dict)


def _apart(table: object, inner: str, belongs: Belongs, loc: Loc, mistakes: Mistakes) -> None:
    if not isinstance(table, dict):
        return
    apart = {key: table.pop(key) for key in list(table) if belongs(key, table[key])}
    if inner in table:  # a person wrote our own name for what is put apart
        del table[inner]
        mistakes.unknown((*loc, inner, inner), known_keys(loc, {}))
    if apart:
        table[inner] = apart


def shaped(document: dict[str, Any], platforms: Platforms, mistakes: Mistakes) -> SettingsFile:
    """The document as models. What is wrong is reported, cut out, and the rest is looked at again."""
    while True:
        try:
            return SettingsFile.model_validate(document)
        except ValidationError as error:
            # errors() still holds the input: only what `show` makes of it goes further
            found = [(_written(one["loc"]), one) for one in error.errors(include_url=False)]
        for loc, one in found:
            _report(loc, one["type"], one.get("ctx", {}), one.get("input"), platforms, mistakes)
        for loc in sorted({loc for loc, _ in found}, key=_order, reverse=True):
            _cut(document, loc)


def _written(loc: Loc) -> Loc:
    """The place as it stands in the file: pydantic adds a word of its own where the name of a key is wrong."""
    return loc[:-1] if loc[-1] == "[key]" else loc


def _report(
    loc: Loc, kind: str, ctx: Mapping[str, Any], value: object, platforms: Platforms, mistakes: Mistakes
) -> None:
    match kind:
        case "extra_forbidden":
            mistakes.unknown(loc, known_keys(loc[:-1], platforms))
        case "expected":
            mistakes.add(loc, ctx["expected"], show(value))
        case "greater_than_equal":
            mistakes.add(loc, f"at least {ctx['ge']}", show(value))
        case "less_than_equal":
            mistakes.add(loc, f"at most {ctx['le']}", show(value))
        case "list_type" if loc in {("feeds",), ("targets",)}:
            mistakes.add(loc, f'a heading [[{loc[0]}]] for each one, and its name below it, as name = "…"', show(value))
        case _:
            mistakes.add(loc, _EXPECTED.get(kind, "another kind of value"), show(value))


def _order(loc: Loc) -> tuple[tuple[int, str], ...]:
    return tuple((word, "") if isinstance(word, int) else (-1, word) for word in loc)


def _cut(document: Any, loc: Loc) -> None:
    for word in loc[:-1]:
        document = document[word]
    if isinstance(loc[-1], int) and len(loc) == 2:
        document[loc[-1]] = {}  # a feed or target keeps its place, so that later mistakes name the right one
    else:
        del document[loc[-1]]


def known_keys(loc: Loc, platforms: Platforms) -> set[str]:
    """The keys that the table at `loc` may have, as they are written in the file."""
    model: type[BaseModel] = SettingsFile
    for word in loc:
        if isinstance(word, str):
            model = _inner(model, word) or model
    names = {info.alias or name for name, info in model.model_fields.items()} - {"options", "platforms"}
    if "campaign" in model.model_fields:
        names.discard("languages")
    if loc[:1] == ("targets",) and len(loc) == 2:
        names |= {option.name for facts in platforms.values() for option in facts.options}
    return names


def _inner(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, info in model.model_fields.items():
        if key in {name, info.alias}:
            inner = get_args(info.annotation)[-1] if get_origin(info.annotation) in {list, dict} else info.annotation
            return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    return None
