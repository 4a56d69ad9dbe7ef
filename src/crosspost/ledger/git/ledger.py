"""The ledger on a branch: its verbs, making it and opening it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from crosspost.core.delivery import IllegalMove, State
from crosspost.core.standing import says_only_that_it_ran
from crosspost.core.story import Batch, Known, Life, Put, Record, Value
from crosspost.core.world import World
from crosspost.errors import LedgerBusy, LedgerMissing, LedgerUnwritable, RequestError
from crosspost.ledger.base import Receipt
from crosspost.ledger.git.book import Book
from crosspost.ledger.git.branch import LineBranch, RaceLost
from crosspost.ledger.git.lines import Heading, founded
from crosspost.ledger.git.place import find_place
from crosspost.ledger.git.repository import Repository
from crosspost.ledger.sqlite import in_memory

TRIES = 20  # appends anew after other writers' lines, before this one gives way
MAX_AGE = 60.0  # seconds: reads answer from what was fetched less long ago. Appends need no age: the push judges
DAY = timedelta(days=1)
_NOTHING = Value("", 0)


@dataclass(frozen=True, slots=True)
class Options:
    """How a ledger is opened. `max_age`: seconds for which reads answer from what was fetched."""

    site: str = ""
    writer: str = ""
    read_only: bool = False
    max_age: float = MAX_AGE


class GitLedger:
    """A Ledger whose appends are commits on a branch, one push each. Reads come from memory.

    What a pass writes although nothing happened (see `says_only_that_it_ran`) is kept back and goes with
    the next append, or alone when the newest line is a day old. So the time of the last pass proves
    nothing here: `keeps_time` is False.
    """

    keeps_time = False
    batch = 3  # an append is a push, of which GitHub recommends six a minute at most

    def __init__(self, repository: Repository, branch: LineBranch, book: Book, world: World, options: Options) -> None:
        self._repository, self._branch, self._book = repository, branch, book
        self._world, self._options = world, options
        self._waiting: dict[str, Value] = {}

    @property
    def id(self) -> str:
        """The ledger's own id, given when it was made."""
        return self._book.id

    def sequence(self) -> int:
        """The number of the newest line; 0 for a new ledger."""
        self._refresh()
        return self._book.sequence()

    def find(self, identities: Iterable[str], *, numbers: Iterable[int] = (), title: str = "") -> Known:
        """Stories by identity, by number or by a piece of the title, with their deliveries."""
        self._refresh()
        return self._book.find(identities, numbers=numbers, title=title)

    def current(self, stories: Iterable[str]) -> tuple[Record, ...]:
        """Every delivery of these stories (by id), in the order of story number and target."""
        self._refresh()
        return self._book.current(stories)

    def open(self) -> tuple[Record, ...]:
        """Every delivery with something left to do, in the same order."""
        self._refresh()
        return self._book.open()

    def history(
        self,
        story: str | None = None,
        *,
        target: str | None = None,
        states: Iterable[State] = (),
        limit: int | None = None,
    ) -> tuple[Life, ...]:
        """Deliveries with all their revisions, newest last revision first."""
        self._refresh()
        return self._book.history(story, target=target, states=states, limit=limit)

    def get(self, prefix: str) -> Mapping[str, Value]:
        """The keyed values whose names begin with `prefix`, those that wait to be written included."""
        self._refresh()
        values = dict(self._book.get(prefix))
        for name, value in self._waiting.items():
            if name in values and values[name].version == value.version:
                values[name] = value
        return values

    def put(self, put: Put) -> bool:
        """Write one keyed value; False when it has moved on."""
        return self.append(Batch(values=(put,))) is not None

    def append(self, batch: Batch) -> Receipt | None:
        """Write all of it durably, or nothing: None when another writer was first. See SqlLedger.append.

        A SENDING revision goes out only onto the very ledger that its caller has read: any line in
        between, were it a person's stop, is a race lost.
        """
        if self._options.read_only:
            raise self._repository.unwritable("it was opened for reading", "This is a fault of crosspost.")
        if self._may_wait(batch):
            return Receipt(self._book.sequence(), {})
        begins = any(revision.state is State.SENDING for revision in batch.revisions)
        for _ in range(TRIES):
            try:
                receipt = self._book.append(self._with_waiting(batch))
            except RaceLost:
                self._catch_up()
                if begins:
                    return None
                continue
            except (ValueError, IllegalMove):
                if not self._catch_up():  # or it only seemed so, without what others have written
                    raise
                continue
            if receipt is None and self._catch_up():
                continue
            return self._done(receipt)
        raise LedgerBusy("ledger-busy", f"other runs keep writing to {self._branch.where}", "The next run goes on.")

    def close(self) -> None:
        """Let go of it; what waited is forgotten."""
        self._book.close()
        self._repository.close()

    def reopen(self, *, writer: str = "") -> GitLedger:
        """Another opening of the same branch."""
        repository = Repository(self._world.processes, self._repository.place, self._world.env)
        return _open(repository, self._world, replace(self._options, writer=writer))

    # freshness

    def _refresh(self) -> None:
        if self._world.clock.monotonic() - self._branch.looked < self._options.max_age:
            return
        try:
            self._catch_up()
        except LedgerUnwritable:  # nothing follows from an old view: each append is judged by the remote
            self._branch.looked = self._world.clock.monotonic()

    def _catch_up(self) -> bool:
        """Take in what others have written; whether there was anything."""
        news = self._branch.look()
        if news is None:
            return False
        self._book.replay(line.batch for line in news.lines)
        self._branch.take(news)
        self.remember()
        return bool(news.lines)

    def _done(self, receipt: Receipt | None) -> Receipt | None:
        if receipt is not None:
            self._waiting.clear()
            self.remember()
        return receipt

    def remember(self) -> None:
        """Let this machine remember the head, so that a shorter or another branch is noticed."""
        if not self._options.read_only:
            self._world.memory.remember(memory_key(self.id), self._branch.to_remember)

    # what may wait

    def _may_wait(self, batch: Batch) -> bool:
        """Keep back a batch that says no more than that a pass was made, unless a day has gone by without a line."""
        at, now = self._branch.tail.at, self._world.clock.now()
        if batch.empty or batch != Batch(values=batch.values) or at is None or abs(now - at) >= DAY:
            return False
        stored = self._book.get("")
        for put in batch.values:
            value = stored.get(put.name, _NOTHING)
            if put.version != value.version or not says_only_that_it_ran(put.name, value.text, put.text):
                return False
        self._waiting.update({put.name: Value(put.text, put.version) for put in batch.values})
        return True

    def _with_waiting(self, batch: Batch) -> Batch:
        if batch.empty or not self._waiting:
            return batch
        stored, named = self._book.get(""), {put.name for put in batch.values}
        more = tuple(
            Put(name, value.text, value.version)
            for name, value in self._waiting.items()
            if name not in named and stored.get(name, _NOTHING).version == value.version
        )
        return replace(batch, values=(*batch.values, *more))


def create(url: str, base: Path, world: World, options: Options = Options()) -> GitLedger:
    """Make a ledger on a new branch and open it; never over an old one.

    Raises RequestError where there is one already, LedgerForeign where the branch is something else.
    """
    with _repository(url, base, world) as repository:
        heading = Heading(world.token(), options.site, world.clock.now())
        commit = repository.commit(None, founded(heading), "Begin the ledger", heading.made_at)
        tip = repository.tip()
        if tip is None and not repository.push(commit, new=True):
            tip = repository.tip()
            if tip is None:
                raise repository.refusal()
        if tip not in {None, commit}:
            LineBranch(repository, world, options.writer).heading(repository.fetch())
            hint = "Name another branch first if you really want a new one: it is what prevents double posts."
            raise RequestError("ledger-exists", f"there is a ledger on {repository.place} already", hint)
        return _open(repository, world, options)


def open_ledger(url: str, base: Path, world: World, options: Options = Options()) -> GitLedger:
    """Open a ledger that is there, or say why not: LedgerMissing, -Foreign, -Newer, -Damaged, -Unwritable.

    `read_only` (a preview) fetches into a temporary folder, and changes and remembers nothing.
    """
    with _repository(url, base, world) as repository:
        return _open(repository, world, options)


def memory_key(ledger_id: str) -> str:
    """The name under which a machine remembers a branch's head (the id alone is the sequence's)."""
    return f"{ledger_id} on a branch"


@contextmanager
def _repository(url: str, base: Path, world: World) -> Iterator[Repository]:
    """A repository for the address; closed unless a ledger was made of it."""
    repository = Repository(world.processes, find_place(url, base, world.processes, world.env), world.env)
    try:
        yield repository
    except BaseException:
        repository.close()
        raise


def _open(repository: Repository, world: World, options: Options) -> GitLedger:
    branch = LineBranch(repository, world, options.writer)
    heading, news = branch.begin()
    if heading.site != options.site:
        message = f'{branch.where} has no ledger for the site "{options.site}", only for "{heading.site}"'
        raise LedgerMissing("ledger-missing", message, "Look at [ledger] site, or name another branch.")
    remembered = world.memory.recall(memory_key(heading.id))
    if not branch.holds(news, remembered):
        # Another run of this machine may have pushed, and remembered it, since the branch was read.
        heading, news = branch.begin()
        branch.check_remembered(news, remembered)
    book = Book(in_memory(heading.id, heading.made_at), branch, ledger_id=heading.id, writer=options.writer)
    try:
        book.replay(line.batch for line in news.lines)
        branch.take(news)
    except BaseException:
        book.close()
        raise
    ledger = GitLedger(repository, branch, book, world, options)
    ledger.remember()
    return ledger
