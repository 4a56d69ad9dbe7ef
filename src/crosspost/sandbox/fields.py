"""The Graph API's `fields=` language: names, with those of what hangs on them in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping

Tree = dict[str, "Tree"]
_NAME = re.compile(r"\s*([a-z_]+)(?:\.[a-z_]+\([^()]*\))*\s*")


class BadFields(ValueError):
    """A `fields=` that can't be read."""


class UnknownField(LookupError):
    """A name that no such node has."""


def parse_fields(text: str) -> Tree:
    """`id,attachments{url}` as a tree: {"id": {}, "attachments": {"url": {}}}."""
    tree, end = _level(text, 0)
    if end != len(text):
        raise BadFields(text)
    return tree


def _level(text: str, at: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while True:
        found = _NAME.match(text, at)
        if not found:
            raise BadFields(text)
        at = found.end()
        below: Tree = {}
        if text[at : at + 1] == "{":
            below, at = _level(text, at + 1)
            if text[at : at + 1] != "}":
                raise BadFields(text)
            at += 1
        tree[found[1]] = below
        if text[at : at + 1] != ",":
            return tree, at
        at += 1


def pick(node: Mapping[str, object], tree: Tree) -> dict[str, object]:
    """The parts of a node that were asked for, `id` always; raises UnknownField."""
    out: dict[str, object] = {}
    for name, below in tree.items():
        if name not in node:
            raise UnknownField(name)
        value = node[name]
        if value is not None:
            out[name] = _inside(value, below)
    return out | {"id": node["id"]}


def _inside(value: object, below: Tree) -> object:
    match value:
        case {"data": [*items]} if below:
            return {"data": [{name: item[name] for name in below if name in item} for item in items]}
        case dict() if below:
            return {name: value[name] for name in below if name in value}
        case _:
            return value
