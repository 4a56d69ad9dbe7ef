"""`ledger copy`: everything from one ledger into a new one, whatever the backends, and then the proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from crosspost.core.delivery import Revision
from crosspost.core.story import Batch, Life, Put
from crosspost.errors import RequestError
from crosspost.ledger.base import Ledger

PER_APPEND = 50  # stories; a branch takes a push for each append


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied and found again."""

    stories: int
    deliveries: int
    revisions: int


def copy_ledger(source: Ledger, into: Ledger) -> Copied:
    """Copy all of it into a ledger that was just made, and compare. Numbers are kept.

    Articles of older revisions are not taken along (nothing reads them any more); keyed values begin
    their versions anew. Raises RequestError where the copy isn't what was copied: use the old one then.
    """
    before = source.history()
    for batch in _batches(before):
        if into.append(batch) is None:
            raise _broken("another program wrote into the new ledger meanwhile")
    values = source.get("")
    puts = tuple(Put(name, value.text, 0) for name, value in sorted(values.items()))
    if puts and into.append(Batch(values=puts)) is None:
        raise _broken("another program wrote into the new ledger meanwhile")
    _compare(source, into)
    return Copied(len({life.record.story.id for life in before}), len(before), sum(len(x.revisions) for x in before))


def _batches(lives: tuple[Life, ...]) -> Iterator[Batch]:
    ordered = sorted(lives, key=lambda life: (life.record.story.number, life.record.delivery.key.target))
    by_story = [list(group) for _, group in groupby(ordered, key=lambda life: life.record.story.number)]
    for start in range(0, len(by_story), PER_APPEND):
        chosen = [life for group in by_story[start : start + PER_APPEND] for life in group]
        stories = {life.record.story.id: life.record.story for life in chosen}
        articles = {life.record.article.fingerprint: life.record.article for life in chosen if life.record.article}
        yield Batch(
            stories=tuple(stories.values()),
            articles=tuple(articles.values()),
            revisions=tuple(revision for life in chosen for revision in life.revisions),
        )


def _compare(source: Ledger, into: Ledger) -> None:
    if _told(source) != _told(into):
        raise _broken("a delivery reads differently in it")
    there, here = source.get(""), into.get("")
    if {name: value.text for name, value in there.items()} != {name: value.text for name, value in here.items()}:
        raise _broken("what is remembered of feeds and accounts reads differently in it")


def _told(ledger: Ledger) -> dict[tuple[int, str], tuple[object, ...]]:
    """Everything that a person or a pass can ask a ledger, by story number and target."""
    return {
        (life.record.story.number, life.record.delivery.key.target): (
            life.record.story,
            life.record.article,
            tuple(_bare(revision) for revision in life.revisions),
        )
        for life in ledger.history()
    }


def _bare(revision: Revision) -> Revision:
    return replace(revision, writer="")  # a ledger may put its own where there was none


def _broken(why: str) -> RequestError:
    return RequestError(
        "copy-broken",
        f"The copy is not what was copied: {why}.",
        "Go on with the old ledger, remove the new one, and try again while no run is going on.",
    )
