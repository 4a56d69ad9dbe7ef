"""How far the branch was read, and how the next line gets there: a push that the remote takes is the lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crosspost.core.story import Batch
from crosspost.core.world import World
from crosspost.errors import LedgerDamaged, LedgerMissing
from crosspost.ledger.git.lines import (
    Heading,
    Line,
    Tail,
    appended,
    article_file,
    damaged,
    read_heading,
    read_on,
    record_files,
    rewritten,
)
from crosspost.ledger.git.repository import Repository

PUSHES = 3  # of one and the same commit, so that a late success of an earlier one does no harm
_MAKE = "`crosspost init` makes one, or `crosspost run --baseline`; if there was one, put the branch back."


class RaceLost(Exception):
    """Another writer's line stands where ours was to go."""


@dataclass(frozen=True, slots=True)
class News:
    """What the branch holds beyond what was read: its newest commit, the lines, and the tail after them."""

    commit: str
    tail: Tail
    lines: list[Line]


class LineBranch:
    """The branch of one opening. `writer` is in each of its lines: equal lines of two would make equal commits."""

    def __init__(self, repository: Repository, world: World, writer: str) -> None:
        self._repository = repository
        self._world = world
        self._writer = writer or world.token()
        self._head: str | None = None
        self.tail = Tail()
        self.looked = 0.0  # on the monotonic clock: when it was last known to be the newest

    @property
    def where(self) -> str:
        """The branch, in words."""
        return str(self._repository.place)

    def begin(self) -> tuple[Heading, News]:
        """Read all of it for the first time. Raises what `look` and `heading` raise."""
        looked = self._world.clock.monotonic()
        if self._repository.tip() is None:
            raise LedgerMissing("ledger-missing", f"there is no ledger on {self.where}: no such branch", _MAKE)
        commit = self._repository.fetch()
        self.looked = looked
        return self.heading(commit), self._read(commit)

    def heading(self, commit: str) -> Heading:
        """Whose ledger that commit is. Raises LedgerForeign, LedgerNewer or LedgerDamaged."""
        return read_heading(self._repository.read([f"{commit}:records/000001.jsonl"])[0], self.where)

    def look(self) -> News | None:
        """What is new on the remote; None where nothing is. Raises LedgerMissing, LedgerDamaged, LedgerUnwritable."""
        looked = self._world.clock.monotonic()
        tip = self._repository.tip()
        if tip is None:
            raise LedgerMissing("ledger-missing", f"there is no ledger on {self.where}: no such branch", _MAKE)
        self.looked = looked
        return None if tip == self._head else self._read(self._repository.fetch())

    def take(self, news: News) -> None:
        """The news count as read from now on."""
        self._head, self.tail = news.commit, news.tail

    def publish(self, sequence: int, batch: Batch) -> None:
        """See book.Branch: returns when the remote has it. Raises RaceLost, LedgerUnwritable, LedgerMissing."""
        line = Line(sequence, self.tail.last, self._writer, self._world.clock.now(), batch)
        after, files = appended(self.tail, line)
        commit = self._repository.commit(self._head, files, subject(batch), line.at)
        if not self._arrives(commit, after):
            raise RaceLost
        self._head, self.tail = commit, after

    def articles(self, fingerprints: Iterable[str]) -> dict[str, bytes]:
        """See book.Branch."""
        wanted = sorted(name for name in fingerprints if name.isalnum())
        found = self._repository.read([f"{self._head}:{article_file(name)}" for name in wanted]) if wanted else []
        return {name: body for name, body in zip(wanted, found, strict=True) if body is not None}

    def damage(self, why: str) -> LedgerDamaged:
        """See book.Branch."""
        return damaged(self.where, why)

    def check_remembered(self, news: News, remembered: int | None) -> None:
        """Raise LedgerDamaged where this machine has seen a head that the branch doesn't hold."""
        if not self.holds(news, remembered):
            raise rewritten(self.where)

    def holds(self, news: News, remembered: int | None) -> bool:
        """Whether what was read has the head that this machine remembers."""
        if remembered is None:
            return True
        number, mark = remembered >> 64, remembered & (2**64 - 1)
        hashes = [line.before for line in news.lines] + [news.tail.last]
        return number < len(hashes) and int(hashes[number][:16], 16) == mark

    @property
    def to_remember(self) -> int:
        """The head as one whole number: that of the last line, and below it 64 bits of its hash."""
        return self.tail.number << 64 | int(self.tail.last[:16], 16)

    def _read(self, commit: str) -> News:
        files = self._repository.files(commit)
        files = {name: files[name] for name in record_files(files)}
        known = self.tail.files or {}
        changed = [name for name in files if files[name] != known.get(name)]
        texts = self._repository.read([files[name] for name in changed])
        read = {name: text or b"" for name, text in zip(changed, texts, strict=True)}
        tail, lines = read_on(self.tail, files, read, self.where)
        return News(commit, tail, lines)

    def _arrives(self, commit: str, after: Tail) -> bool:
        """Push until the commit is there (True) or another writer was first (False).

        A push whose answer is lost is settled by what the branch holds: our own line means that we won.
        """
        for _ in range(PUSHES):
            began = self._world.clock.monotonic()
            if self._repository.push(commit):
                self.looked = began
                return True
            tip = self._repository.tip()
            if tip is None:
                raise LedgerMissing("ledger-missing", f"{self.where} is gone: somebody deleted it", _MAKE)
            if tip != self._head:
                return tip == commit or self._holds(after)
        raise self._repository.refusal()

    def _holds(self, after: Tail) -> bool:
        news = self._read(self._repository.fetch())
        hashes = [line.before for line in news.lines[1:]] + [news.tail.last]
        return bool(news.lines) and hashes[0] == after.last


def subject(batch: Batch) -> str:
    """What a commit says: counts of states, never a word that came from a feed."""
    states = Counter(revision.state.value for revision in batch.revisions)
    words = [f"{count} {state}" for state, count in sorted(states.items())]
    if not words and batch.stories:
        words = [f"{len(batch.stories)} new"]
    return f"Record {', '.join(words) or 'standings'}"
