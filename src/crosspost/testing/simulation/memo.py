"""Within a life, pure functions needn't work twice: the same bytes are parsed once, the same article composed once.

Every so often the work is done again all the same and must come out equal, so that nobody relies on a belief.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from crosspost.core.entry import Article
from crosspost.core.policy import Target
from crosspost.core.post import Post, Profile
from crosspost.core.reason import Reason
from crosspost.feed import parse as parsing
from crosspost.feed.parse import Parsed
from crosspost.pipeline import poll, texts

AGAIN = 40  # of so many answers from memory one is worked out anew
Result = TypeVar("Result")


class Impure(AssertionError):
    """A function gave two answers to one question."""


class Memo:
    """Answers by question. A question that raises is asked anew."""

    def __init__(self) -> None:
        self._known: dict[object, Any] = {}
        self._kept: list[object] = []  # whatever is named by its id must stay
        self.hits = 0

    def ask(self, question: object, work: Callable[[], Result], *kept: object) -> Result:
        """The answer, worked out where it isn't known."""
        if question not in self._known:
            self._known[question] = work()
            self._kept += kept
            return self._known[question]  # type: ignore[no-any-return]  # what was put there
        self.hits += 1
        known: Result = self._known[question]
        if self.hits % AGAIN == 0 and work() != known:
            raise Impure(f"another answer to the same question: {question!r:.200}")
        return known


# What is asked through memory: the module that calls it, and its name there.
_PLACES = ((poll, "parse"), (parsing, "build_article"), (texts, "compose"))


@contextmanager
def remembering() -> Iterator[None]:
    """While it lasts, this process's passes parse and compose from memory. Not for two lives at once."""
    memo, real = Memo(), [getattr(module, name) for module, name in _PLACES]
    parse, build, compose = real

    def parse_once(body: bytes, feed: str, base_url: str, content_type: str = "") -> Parsed:
        question = (body, feed, base_url, content_type)
        return memo.ask(question, lambda: cast(Parsed, parse(*question)))

    def build_once(**parts: Any) -> Article:
        parts |= {name: tuple(parts[name]) for name in ("terms", "media")}  # may be read once only
        return memo.ask(tuple(parts.values()), lambda: cast(Article, build(**parts)))

    def compose_once(article: Article, target: Target, profile: Profile) -> Post | Reason:
        question = (article, id(target), id(profile))
        return memo.ask(question, lambda: cast(Post | Reason, compose(article, target, profile)), target, profile)

    _put(parse_once, build_once, compose_once)
    try:
        yield
    finally:
        _put(*real)


def _put(*functions: Callable[..., object]) -> None:
    for (module, name), function in zip(_PLACES, functions, strict=True):
        setattr(module, name, function)
