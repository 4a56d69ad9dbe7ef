"""What loading is given beside the file: variables, platforms, a reader of files. And reading a variable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosspost.config.facts import Platforms
from crosspost.config.mistakes import Mistakes, show_path
from crosspost.core.post import Profile

CheckTemplate = Callable[[str, Profile, tuple[str, ...]], str | None]


@dataclass(frozen=True, slots=True)
class Given:
    """The outside of one loading. `mistakes` collects what is wrong with any of it."""

    env: Mapping[str, str]
    platforms: Platforms
    read_file: Callable[[str], str]
    mistakes: Mistakes
    check_template: CheckTemplate | None = None
    allow_api_hosts: frozenset[str] = field(default_factory=frozenset)

    def variable(self, name: str) -> str:
        """NAME, or what stands in the file that NAME_FILE names, stripped; "" where neither is set.

        Actions sets a secret that doesn't exist to an empty text: empty is unset.
        """
        direct, path = self.env.get(name, "").strip(), self.env.get(f"{name}_FILE", "").strip()
        if direct and path:
            self.mistakes.variable(name, f"{name} and {name}_FILE", "one of the two")
            return ""
        if not path:
            return direct
        try:
            return self.read_file(path).strip()
        except (OSError, ValueError):  # a file that isn't UTF-8 is a ValueError
            found = f"a file that can't be read, {show_path(path)}"
            self.mistakes.variable(f"{name}_FILE", found, "the path of a readable text file")
            return ""

    def secret(self, name: str) -> str:
        """A variable that must be one word of plain characters, for it travels in a header."""
        text = self.variable(name)
        odd = next((at for at, letter in enumerate(text, 1) if not "!" <= letter <= "~"), None)
        self.mistakes.hide(text)
        if odd is not None:
            found = f"a space, line break or letter that no key has, at place {odd}"
            self.mistakes.variable(name, found, "the key alone, as it was copied")
            return ""
        return text
