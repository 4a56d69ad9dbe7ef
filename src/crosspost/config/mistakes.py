"""Mistakes in the settings: collected, put in words, and told together. No line repeats what may be a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crosspost.config.values import looks_secret, nearest
from crosspost.errors import SettingsError

Loc = tuple[str | int, ...]

NOTHING = "nothing"
_SECRET_WORD = re.compile(r"key|token|secret|passw|auth(?!or)|credential", re.IGNORECASE)
# The shapes of the platforms' own keys (platforms.md): hexadecimal secrets, X's four, Facebook's tokens.
_KEYS = re.compile(
    r"EAA[A-Za-z0-9]{20,}"
    r"|[0-9]{5,}-[A-Za-z0-9]{20,}"
    r"|[0-9a-f]{32,}"
    r"|(?=[^\s]*[0-9])(?=[^\s]*[A-Z])(?=[^\s]*[a-z])[A-Za-z0-9%_-]{25,}"
)


def hidden_values(env: Mapping[str, str]) -> frozenset[str]:
    """The environment's values that no message may hold; the path in a NAME_FILE is none."""
    return frozenset(
        text.strip()
        for name, text in env.items()
        if _SECRET_WORD.search(name) and not name.endswith("_FILE") and len(text.strip()) >= 6
    )


def show_path(path: str) -> str:
    """A file's path, unless somebody put the key itself there."""
    return show(path) if _KEYS.search(path) or not re.search(r"[/\\]", path) else f'"{path}"'


def show(value: object) -> str:
    """What was found, in a few safe characters: never a key, an address's path, or a control character."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value) if len(str(value)) < 20 else "a long number"
        case str():
            return _show_text(value)
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"a {type(value).__name__}"


def _show_text(text: str) -> str:
    if looks_secret(text):
        return "a text that may be a key (not shown)"
    if "://" in text:
        scheme, _, rest = text.partition("://")
        text = f"{scheme}://{re.split('[/?#]', rest)[0]}/…"
    if len(text) > 60:
        return f"a text of {len(text)} characters"
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in quoted)


@dataclass(slots=True)
class Mistakes:
    """All mistakes of one loading. `raw` is the document they are in, `source` its name."""

    source: str
    raw: Mapping[str, Any] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    places: set[Loc] = field(default_factory=set)

    def add(self, loc: Loc, expected: str, found: str = "") -> None:
        """A wrong value: where, what was found (as `show` gives it), what was expected."""
        self.places.add(loc)
        self._line(self.source, place(loc, self.raw), found or NOTHING, expected)

    def unknown(self, loc: Loc, known: Iterable[str]) -> None:
        """A key that no part reads, with the nearest one, or all that there are."""
        self.places.add(loc)
        word, names = str(loc[-1]), sorted(known)
        near = nearest(word, names)
        if _SECRET_WORD.search(word) and not near:
            expected = "keys and passwords in environment variables, never in this file"
        elif near:
            expected = f'a known key; did you mean "{near}"?'
        else:
            expected = f"one of {', '.join(names)}"
        self._line(self.source, place(loc, self.raw), "an unknown key", expected)

    def variable(self, name: str, found: str, expected: str) -> None:
        """A wrong environment variable. Its value is never part of `found`."""
        self._line("environment", name, found, expected)

    def hide(self, text: str) -> None:
        """Let no line hold that text, a secret or an address from the environment."""
        if len(text) >= 6:  # shorter ones would blot out words of the messages themselves
            self.hidden.add(text)

    def has(self, loc: Loc) -> bool:
        """Whether that place, or one above or inside it, has been complained about already."""
        return any(loc[: len(one)] == one or one[: len(loc)] == loc for one in self.places)

    def raise_if_any(self) -> None:
        """One SettingsError with a line for each mistake, in the order found."""
        if not self.lines:
            return
        message = "\n".join(dict.fromkeys(self.lines))
        for text in sorted(self.hidden, key=len, reverse=True):
            message = message.replace(text, "***")
        raise SettingsError("settings", message, "Mend these lines, then run `crosspost check`.")

    def _line(self, source: str, key: str, found: str, expected: str) -> None:
        self.lines.append(f"{source}: {key}: found {found}; expected {expected}")


def place(loc: Loc, raw: Mapping[str, Any]) -> str:
    """A key as a person would look for it: `[policy] settle`, `[[targets]] "x" policy.quiet`."""
    words = list(_written(loc))
    if len(words) > 1 and words[0] in {"feeds", "targets"} and isinstance(words[1], int):
        return f"[[{words[0]}]] {_item(raw, words[0], words[1])} {_dotted(words[2:])}".rstrip()
    if words in (["feeds"], ["targets"]):
        return f"[[{words[0]}]]"
    last = next(at for at in reversed(range(len(words))) if isinstance(words[at], str))
    tables = words[:last]
    return (f"[{_dotted(tables)}] " if tables else "") + _dotted(words[last:])


def _item(raw: Mapping[str, Any], kind: str, index: int) -> str:
    """The item's name where it tells it from the others, else its number."""
    items = raw.get(kind)
    names = [_name(item) for item in items] if isinstance(items, list) else []
    name = names[index] if index < len(names) else ""
    return show(name) if name and names.count(name) == 1 and not looks_secret(name) else f"number {index + 1}"


def _name(item: object) -> str:
    name = (item.get("name") or item.get("platform")) if isinstance(item, dict) else ""
    return name if isinstance(name, str) else ""


def _written(loc: Loc) -> Iterator[str | int]:
    """Without the names that `parted` put in: the file says [hashtags.fr], not hashtags.languages.fr."""
    for index, word in enumerate(loc):
        before = loc[index - 1] if index else None
        inserted = (word, before) in {("languages", "hashtags"), ("platforms", "copy")}
        if inserted or (word == "options" and isinstance(before, int)):
            continue
        yield word


def _dotted(words: Iterable[str | int]) -> str:
    text = ""
    for word in words:
        if isinstance(word, int):
            text += f", number {word + 1}"
            continue
        shown = word if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", word) else show(word)
        if looks_secret(word):
            shown = "(a name that may be a key)"
        text += f".{shown}" if text else shown
    return text


def literal_keys(value: object, loc: Loc, hidden: Iterable[str]) -> Iterator[Loc]:
    """The places, names of keys included, where a platform's key or one of the environment's secrets stands."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from literal_keys(name, (*loc, name), hidden)
                yield from literal_keys(inner, (*loc, name), hidden)
        case list():
            for index, inner in enumerate(value):
                yield from literal_keys(inner, (*loc, index), hidden)
        case str() if _KEYS.fullmatch(value.strip()) or any(secret in value for secret in hidden):
            yield loc
        case _:
            return
