"""The ledger in SQL: the statements and their order, the same for every database. A backend brings a Database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, islice
from typing import Any, Protocol

from crosspost.core.delivery import IllegalMove, Key, Revision, State, check_move
from crosspost.core.entry import Article, dump_article, load_article
from crosspost.core.post import Claim, mint_claim
from crosspost.core.story import Batch, Known, Life, Put, Record, Story, Value
from crosspost.errors import CrosspostError, LedgerDamaged
from crosspost.ledger import statements
from crosspost.ledger.base import Receipt
from crosspost.ledger.codec import (
    BROKEN,
    dump_revision,
    dump_story,
    fold,
    from_column,
    load_revision,
    load_story,
    to_column,
    to_time,
)

CACHED = 1_000  # decoded values kept by one ledger; an article may have 64 kB
LONGEST_TITLE = 5_000  # SQLite refuses a LIKE pattern of 50 kB
NO_LIMIT = 2**62  # what every database and islice take

Row = tuple[Any, ...]


class Database(Protocol):
    """A connection. Statements have "?" for a value and "(?..)" for a list made by `listed`.

    Every method raises the ledger's errors for what a person can mend, never the driver's.
    """

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows that a statement brings."""
        ...

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row."""
        ...

    def listed(self, values: Iterable[object]) -> object:
        """The value that stands for a list."""
        ...

    def begin(self, *, write: bool) -> None:
        """Begin a transaction; one that writes takes the lock at once. Reads in one see one state."""
        ...

    def commit(self) -> None:
        """End the transaction; durable when it returns."""
        ...

    def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class SqlLedger:
    """The ledger of one site on a Database.

    `writer` names this run; it must be a new one for each opening, because a commit whose answer is lost
    is settled by it. With "" such a commit is an error: nothing is sent, and the lease ends it.
    """

    keeps_time = True
    batch = 1

    def __init__(self, database: Database, *, ledger_id: str, site: str = "", writer: str = "") -> None:
        self._db = database
        self._id = ledger_id
        self._site = to_column(site)
        self._writer = writer
        self._revision = lru_cache(CACHED)(load_revision)
        self._story = lru_cache(CACHED)(load_story)
        self._articles: dict[str, Article] = {}

    @property
    def id(self) -> str:
        """The ledger's own id, given when it was made."""
        return self._id

    def sequence(self) -> int:
        """The sequence number of the last append; 0 for a new ledger."""
        return int(self._db.rows(statements.SEQUENCE, (self._site,))[0][0])

    def find(self, identities: Iterable[str], *, numbers: Iterable[int] = (), title: str = "") -> Known:
        """Stories by identity, by number or by a piece of the title, with their deliveries."""
        with self._reading():
            asked = self._pick(statements.OWNERS, map(to_column, identities))
            named = self._named(list(numbers), fold(title)) if numbers or title else set()
            stories = self._load_stories({story for _, story in asked} | named)
            revisions = self._revisions(self._pick(statements.CURRENT, stories))
            last = self._db.rows(statements.LAST_NUMBER, (self._site,))[0][0]
        owners = {from_column(identity): stories[story] for identity, story in asked}
        owners.update({identity: stories[id_] for id_ in named for identity in stories[id_].identities})
        return Known(owners, {revision.key: revision for revision in revisions}, last + 1)

    def current(self, stories: Iterable[str]) -> tuple[Record, ...]:
        """Every delivery of these stories (by id), in the order of story number and target."""
        with self._reading():
            return self._records(self._revisions(self._pick(statements.CURRENT, map(to_column, stories))))

    def open(self) -> tuple[Record, ...]:
        """Every delivery with something left to do, in the same order."""
        with self._reading():
            return self._records(self._revisions(self._db.rows(statements.OPEN, (self._site,))))

    def history(
        self,
        story: str | None = None,
        *,
        target: str | None = None,
        states: Iterable[State] = (),
        limit: int | None = None,
    ) -> tuple[Life, ...]:
        """Deliveries with all their revisions, newest last revision first (by its time, then the story's number)."""
        wanted = [state.value for state in states]
        narrow: list[object] = [int(target is None), to_column(target or "")]
        narrow += [int(not wanted), self._db.listed(wanted)]
        most = NO_LIMIT if limit is None else limit
        with self._reading():
            if story is None:
                rows = self._db.rows(statements.HISTORY, [self._site, *narrow, most])
            else:
                rows = self._db.rows(statements.HISTORY_OF_ONE, [self._site, to_column(story), *narrow])
            groups = islice(groupby(rows, lambda row: row[:2]), most)
            lives = [tuple(self._revisions(row[2:] for row in group)) for _, group in groups]
            records = self._records([revisions[-1] for revisions in lives])
        return tuple(map(Life, records, lives))

    def get(self, prefix: str) -> Mapping[str, Value]:
        """The keyed values whose names begin with `prefix`."""
        start = to_column(prefix)
        rows = self._db.rows(statements.KEYED, (self._site, len(start), start))
        return {from_column(name): Value(from_column(text), version) for name, text, version in rows}

    def put(self, put: Put) -> bool:
        """Write one keyed value; False when it has moved on."""
        return self.append(Batch(values=(put,))) is not None

    def append(self, batch: Batch) -> Receipt | None:
        """Write all of it durably, or nothing: None when another writer was first.

        Raises IllegalMove for a move that the table doesn't hold, ValueError for a batch that contradicts
        itself or names a story that nobody knows: bugs both. An empty batch writes nothing.
        """
        if batch.empty:
            return Receipt(self.sequence(), {})
        batch = self._signed(batch)
        check_batch(batch)
        self._db.begin(write=True)
        try:
            sequence = self._write(batch)
        except BaseException:
            self._db.rollback()
            raise
        if sequence is None:
            self._db.rollback()
            return None
        self._commit(sequence)
        return Receipt(sequence, _claims(batch.revisions))

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    # reading

    @contextmanager
    def _reading(self) -> Iterator[None]:
        self._db.begin(write=False)
        try:
            yield
        finally:
            self._db.rollback()

    def _pick(self, sql: str, values: Iterable[object]) -> list[Row]:
        wanted = list(values)
        return self._db.rows(sql, (self._site, self._db.listed(wanted))) if wanted else []

    def _named(self, numbers: list[int], title: str) -> set[str]:
        rows = self._pick(statements.BY_NUMBER, numbers)
        if title and len(title) <= LONGEST_TITLE:
            piece = title.replace("!", "!!").replace("%", "!%").replace("_", "!_")
            rows = rows + self._db.rows(statements.BY_TITLE, (self._site, f"%{piece}%"))
        return {story for (story,) in rows}

    def _revisions(self, rows: Iterable[Row]) -> list[Revision]:
        with _readable():
            return [self._revision(body) for (body,) in rows]

    def _records(self, revisions: Sequence[Revision]) -> tuple[Record, ...]:
        stories = self._load_stories({to_column(revision.key.story) for revision in revisions})
        articles = self._load_articles({revision.article for revision in revisions} - {""})
        return tuple(
            Record(stories[to_column(revision.key.story)], revision, articles.get(revision.article))
            for revision in revisions
        )

    def _load_stories(self, ids: set[str]) -> dict[str, Story]:
        """By their ids as columns, each with all the identities that it has by now."""
        identities: dict[str, set[str]] = {}
        for story, identity in self._pick(statements.IDENTITIES, ids):
            identities.setdefault(story, set()).add(from_column(identity))
        stories = {}
        with _readable():
            for id_, body in self._pick(statements.STORIES, ids):
                story, known = self._story(body), identities.get(id_, set())
                stories[id_] = story if story.identities == known else replace(story, identities=frozenset(known))
        return stories

    def _load_articles(self, fingerprints: set[str]) -> dict[str, Article]:
        found = {name: self._articles[name] for name in fingerprints if name in self._articles}
        with _readable():
            fresh = {
                name: load_article(body) for name, body in self._pick(statements.ARTICLES, fingerprints - found.keys())
            }
        if len(self._articles) + len(fresh) > CACHED:
            self._articles.clear()
        self._articles.update(list(fresh.items())[:CACHED])
        return found | fresh

    # writing

    def _signed(self, batch: Batch) -> Batch:
        if not self._writer or all(revision.writer for revision in batch.revisions):
            return batch
        signed = (item if item.writer else replace(item, writer=self._writer) for item in batch.revisions)
        return replace(batch, revisions=tuple(signed))

    def _write(self, batch: Batch) -> int | None:
        """The new sequence number, with everything written but not committed; None: somebody was first."""
        self._db.many(statements.ADVANCE, [(self._site,)])  # first, because this takes the lock in every database
        sequence = self.sequence()
        numbers = self._story_numbers(batch)
        heads = self._heads(batch)
        if numbers is None or heads is None or not self._values_stand(batch) or self._identities_taken(batch):
            return None
        check_moves(heads, batch.revisions)
        self._write_stories(batch)
        self._write_revisions(batch.revisions, numbers)
        keyed = [(self._site, to_column(put.name), to_column(put.text), put.version + 1) for put in batch.values]
        self._db.many(statements.SET_KEYED, keyed)
        self._db.many(statements.ADD_APPEND, [(self._site, sequence, to_column(self._writer))])
        return sequence

    def _story_numbers(self, batch: Batch) -> dict[str, int] | None:
        """The number of each story that the batch speaks of; None where a new one's id or number is taken."""
        new = {story.id: story.number for story in batch.stories}
        spoken = {*new, *batch.identities.values(), *(revision.key.story for revision in batch.revisions)}
        stored = {from_column(id_): number for id_, number in self._pick(statements.NUMBERS, map(to_column, spoken))}
        if new.keys() & stored.keys() or self._pick(statements.BY_NUMBER, new.values()):
            return None
        if unknown := spoken - new.keys() - stored.keys():
            raise ValueError(f"no such story: {sorted(unknown)}")
        return stored | new

    def _identities_taken(self, batch: Batch) -> bool:
        wanted = claimed_identities(batch)
        taken = self._pick(statements.OWNERS, map(to_column, wanted))
        return any(wanted[from_column(identity)] != from_column(story) for identity, story in taken)

    def _heads(self, batch: Batch) -> dict[Key, Revision] | None:
        """The deliveries that the batch moves, as they stand; None where one has moved on."""
        stories = {to_column(revision.key.story) for revision in batch.revisions}
        heads = {revision.key: revision for revision in self._revisions(self._pick(statements.CURRENT, stories))}
        first = {revision.key: revision.rev for revision in reversed(batch.revisions)}
        stale = any(rev != (heads[key].rev + 1 if key in heads else 1) for key, rev in first.items())
        return None if stale else heads

    def _values_stand(self, batch: Batch) -> bool:
        versions = {
            from_column(name): version
            for name, version in self._pick(statements.VERSIONS, [to_column(put.name) for put in batch.values])
        }
        for put in batch.values:
            if versions.get(put.name, 0) != put.version:
                return False
            versions[put.name] = put.version + 1
        return True

    def _write_stories(self, batch: Batch) -> None:
        site = self._site
        stories = (
            (site, to_column(item.id), item.number, fold(item.title), dump_story(item)) for item in batch.stories
        )
        self._db.many(statements.ADD_STORY, stories)
        owned = ((site, to_column(name), to_column(story)) for name, story in claimed_identities(batch).items())
        self._db.many(statements.ADD_IDENTITY, owned)
        articles = ((site, article.fingerprint, dump_article(article)) for article in batch.articles)
        self._db.many(statements.ADD_ARTICLE, articles)

    def _write_revisions(self, revisions: Sequence[Revision], numbers: Mapping[str, int]) -> None:
        rows, heads = [], []
        for item in revisions:
            key = (self._site, to_column(item.key.story), to_column(item.key.target))
            rows.append((*key, item.rev, to_column(item.writer), dump_revision(item)))
            head = (numbers[item.key.story], item.rev, item.state.value, int(item.is_open), to_time(item.at))
            heads.append((*key, *head))
        self._db.many(statements.ADD_REVISION, rows)
        self._db.many(statements.MOVE_HEAD, heads)

    def _commit(self, sequence: int) -> None:
        try:
            self._db.commit()
        except BaseException as error:
            self._db.rollback()
            if not (isinstance(error, Exception) and self._is_mine(sequence)):
                raise

    def _is_mine(self, sequence: int) -> bool:
        """Whether an append whose commit failed stands there all the same."""
        if not self._writer:
            return False
        try:
            return self._db.rows(statements.WHOSE, (self._site, sequence)) == [(to_column(self._writer),)]
        except CrosspostError:
            return False  # nobody knows: nothing is sent, and the lease ends what was begun


def check_batch(batch: Batch) -> None:
    """Raise ValueError where a batch contradicts itself: a bug that planning again would only repeat."""
    for what in ([story.id for story in batch.stories], [story.number for story in batch.stories]):
        if len(set(what)) < len(what):
            raise ValueError("two new stories with one id or number")
    if any(story.number < 1 for story in batch.stories):
        raise ValueError("stories are numbered from 1")
    claimed = [(name, story.id) for story in batch.stories for name in story.identities]
    owners = dict(claimed)
    if any(
        owners[name] != story
        for name, story in [*claimed, *((n, s) for n, s in batch.identities.items() if n in owners)]
    ):
        raise ValueError("one identity for two stories")
    for revision in batch.revisions:
        if revision.state is State.SENDING and revision.post is None:
            raise IllegalMove("a SENDING revision without its post")


def check_moves(heads: Mapping[Key, Revision], revisions: Iterable[Revision]) -> None:
    """Check each revision against what it follows, in the ledger or in the batch. Raises IllegalMove."""
    before = dict(heads)
    for revision in revisions:
        check_move(before.get(revision.key), revision)
        before[revision.key] = revision


def claimed_identities(batch: Batch) -> dict[str, str]:
    """Each identity that the batch gives a story, and that story's id."""
    new = {identity: story.id for story in batch.stories for identity in story.identities}
    return {**new, **batch.identities}


def _claims(revisions: Iterable[Revision]) -> dict[Key, Claim]:
    last = {revision.key: revision for revision in revisions}
    return {
        key: mint_claim(key.story, key.target, item.rev, item.post, item.at)
        for key, item in last.items()
        if item.state is State.SENDING and item.post
    }


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise LedgerDamaged(
            "ledger-damaged",
            "the ledger holds a record that can't be read",
            "Restore it from a copy made with `crosspost ledger copy`.",
        ) from error
