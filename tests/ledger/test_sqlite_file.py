"""The file: which ones are refused, and what is left beside it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.errors import (
    CrosspostError,
    LedgerBusy,
    LedgerDamaged,
    LedgerForeign,
    LedgerMissing,
    LedgerNewer,
    LedgerUnwritable,
    RequestError,
)
from crosspost.ledger import sqlite
from crosspost.ledger.statements import HISTORY_OF_ONE, OPEN
from crosspost.testing.ledger_contract import a_plan, a_step, a_story, an_article

NOW = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "crosspost.db"


def make(path, *, site="", token="a" * 32):
    return sqlite.create(path, site=site, token=lambda: token, now=NOW, writer="first")


def filled(path, count=30):
    ledger = make(path)
    for number in range(1, count + 1):
        article = an_article(f"article {number} " + "word " * 200)
        plan = a_plan(number, article=article.fingerprint)
        assert ledger.append(Batch(stories=(a_story(number),), articles=(article,), revisions=(plan,)))
    return ledger


def raw(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def refusal(kind, path, exit_code=2, **how):
    """The error, which must name the file, say what to do, and hold nothing open."""
    with pytest.raises(kind) as caught:
        sqlite.open_ledger(path, **how)
    error = caught.value
    assert str(path) in error.message
    assert error.hint.endswith(".")
    assert error.exit_code == exit_code
    return error


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def dump(path):
    connection = sqlite3.connect(path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


# refused files


def test_a_missing_file_is_not_made(path):
    for read_only in (False, True):
        assert "crosspost init" in refusal(LedgerMissing, path, read_only=read_only).hint
    assert names(path.parent) == []


def test_a_relative_path_is_told_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerMissing, match=str(tmp_path / "crosspost.db")):
        sqlite.open_ledger("crosspost.db")


def test_a_missing_folder_is_a_missing_ledger(path):
    refusal(LedgerMissing, path.parent / "nowhere" / "c.db")


def test_a_link_that_leads_nowhere_is_a_missing_ledger(path):
    path.symlink_to(path.parent / "gone.db")
    refusal(LedgerMissing, path)


def test_an_empty_file_is_a_missing_ledger_and_may_be_filled(path):
    path.touch()
    refusal(LedgerMissing, path)
    assert path.read_bytes() == b""
    make(path).close()
    sqlite.open_ledger(path).close()


def test_a_folder_is_no_ledger(path):
    path.mkdir()
    refusal(LedgerForeign, path)
    with pytest.raises(LedgerForeign):
        make(path)


@pytest.mark.parametrize(
    "statements",
    [("CREATE TABLE stories (id)",), ("PRAGMA application_id = 7",), ("PRAGMA user_version = 1",),
     ("CREATE TABLE sites (site)", "PRAGMA user_version = 99")],
)  # fmt: skip
def test_a_strangers_database_is_refused_and_left_alone(path, statements):
    raw(path, *statements)
    before = path.read_bytes()
    refusal(LedgerForeign, path)
    refusal(LedgerForeign, path, read_only=True)
    with pytest.raises(LedgerForeign):
        make(path)
    assert path.read_bytes() == before
    assert names(path.parent) == [path.name]


def test_a_newer_ledger_is_refused_and_left_alone(path):
    make(path).close()
    raw(path, f"PRAGMA user_version = {sqlite.SCHEMA + 1}")
    before = dump(path)
    assert "pdate crosspost" in refusal(LedgerNewer, path).hint
    refusal(LedgerNewer, path, read_only=True)
    with pytest.raises(LedgerNewer):
        make(path)
    assert dump(path) == before


@pytest.mark.parametrize("content", [b"not a database " * 400, b"SQLite format 3\0" + b"\xff" * 8000, b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path, content):
    path.write_bytes(content)
    refusal(LedgerDamaged, path)
    refusal(LedgerDamaged, path, read_only=True)
    with pytest.raises(LedgerDamaged):
        make(path)
    assert path.read_bytes() == content


def test_a_file_that_lost_its_tables_is_damaged(path):
    make(path).close()
    raw(path, "PRAGMA foreign_keys = OFF", "DROP TABLE sites")
    refusal(LedgerDamaged, path)


def test_every_broken_page_is_noticed_at_the_opening(path):
    filled(path).close()
    whole = path.read_bytes()
    for start in range(0, len(whole), 4096):
        path.write_bytes(whole[:start] + b"\xa5" * 4096 + whole[start + 4096 :])
        refusal(LedgerDamaged, path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_off_file_is_damaged(path, share):
    filled(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refusal(LedgerDamaged, path)


def test_a_page_that_breaks_while_it_is_open_is_damage_and_no_answer(path):
    filled(path).close()
    ledger = sqlite.open_ledger(path, read_only=True)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    with pytest.raises(LedgerDamaged):
        ledger.open()
    ledger.close()


def test_a_record_that_cannot_be_read_is_damage(path):
    filled(path, 1).close()
    raw(path, "DROP TRIGGER revisions_no_update", "UPDATE revisions SET body = '{}'")
    ledger = sqlite.open_ledger(path, writer="w")
    for verb in (ledger.open, ledger.history, lambda: ledger.find(["guid:1"])):
        with pytest.raises(LedgerDamaged):
            verb()
    with pytest.raises(LedgerDamaged):
        ledger.append(Batch(revisions=(a_step(a_plan(1), Event.EDIT, State.PENDING),)))
    assert ledger.put(Put("n", "v", 0))
    ledger.close()


def test_verify_reads_the_whole_file_and_finds_a_broken_index(path):
    ledger = filled(path)
    ledger.verify()
    ledger.close()
    raw(path, "PRAGMA foreign_keys = OFF", "DELETE FROM articles")  # articles may be pruned
    ledger = sqlite.open_ledger(path)
    ledger.verify()
    ledger.close()
    raw(path, "DROP TRIGGER stories_no_delete", "DELETE FROM stories WHERE number = 3")
    ledger = sqlite.open_ledger(path)
    with pytest.raises(LedgerDamaged):
        ledger.verify()
    ledger.close()


# sites


def test_sites_in_one_file_share_nothing(path):
    one, two = make(path, site="fr", token="1" * 32), make(path, site="en", token="2" * 32)
    for ledger in (one, two):
        assert ledger.append(Batch((a_story(1),), {}, (an_article("a"),), (a_plan(1),), (Put("n", "v", 0),)))
    assert one.append(Batch(stories=(a_story(2),)))
    assert (one.sequence(), two.sequence()) == (2, 1)
    assert (one.find([]).next_number, two.find([]).next_number) == (3, 2)
    assert len(one.open()) == len(two.open()) == len(two.history()) == 1
    assert one.id != two.id
    one.close()
    two.close()
    again = sqlite.open_ledger(path, site="en")
    assert (again.id, again.sequence()) == ("2" * 32, 1)
    again.close()


def test_a_site_that_the_file_does_not_know_is_a_missing_ledger(path):
    make(path, site="fr").close()
    assert '"fr"' in refusal(LedgerMissing, path, site="").message
    with pytest.raises(RequestError):
        make(path, site="fr")


# durability and its settings


def test_it_is_a_ledger_of_ours_synced_in_full_and_with_a_log(path):
    made = make(path)
    for ledger in (made, sqlite.open_ledger(path)):
        pragma = lambda name: ledger._database.rows(f"PRAGMA {name}")[0][0]  # noqa: B023, E731
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1
        assert pragma("application_id") == sqlite.APPLICATION_ID
        assert pragma("user_version") == sqlite.SCHEMA
        assert pragma("busy_timeout") == 5000
        ledger.close()


def test_a_copy_without_its_log_mode_gets_it_back(path):
    make(path).close()
    raw(path, "PRAGMA journal_mode = DELETE")
    ledger = sqlite.open_ledger(path)
    assert ledger._database.rows("PRAGMA journal_mode") == [("wal",)]
    ledger.close()


@pytest.mark.parametrize("table", ["stories", "identities", "revisions", "appends"])
def test_what_is_written_cannot_be_changed_or_deleted(path, table):
    filled(path, 1).close()
    connection = sqlite3.connect(path)
    for statement in (f"UPDATE {table} SET site = 'other'", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="only appended"):
            connection.execute(statement)
    for statement in ("DELETE FROM heads", "UPDATE heads SET rev = rev", "UPDATE articles SET body = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="only move forward|never changed"):
            connection.execute(statement)
    connection.close()


def test_the_open_ones_are_found_by_their_partial_index(path):
    ledger = filled(path, 3)
    plan = ledger._database.rows("EXPLAIN QUERY PLAN " + OPEN, ("",))
    steps = [row[3] for row in plan]
    assert any("heads_open" in step and "site=?" in step for step in steps), steps
    partial = {row[1]: bool(row[4]) for row in ledger._database.rows("PRAGMA index_list(heads)")}
    assert partial["heads_open"]  # a whole one would be searched too, through every closed delivery
    assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in steps), steps
    ledger.close()


def test_one_storys_history_reads_that_story_alone(path):
    ledger = filled(path, 3)
    plan = ledger._database.rows("EXPLAIN QUERY PLAN " + HISTORY_OF_ONE, ["", "", 1, "", 1, "[]"])
    searches = [row[3] for row in plan if "json_each" not in row[3] and row[3].startswith(("SCAN", "SEARCH"))]
    assert len(searches) == 2
    assert all("story=?" in search for search in searches), searches
    ledger.close()


# troubles while it is open


def test_a_lock_held_by_another_program_is_busy_and_over_when_it_lets_go(path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    ledger = make(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerBusy) as caught:
        ledger.put(Put("n", "v", 0))
    assert str(path) in caught.value.message
    assert caught.value.exit_code == 0
    assert ledger.open() == ()  # reading goes on
    holder.execute("ROLLBACK")
    assert ledger.put(Put("n", "v", 0))
    holder.close()
    ledger.close()


def test_a_full_disk_writes_nothing_and_heals(path):
    ledger = filled(path, 2)
    pages = ledger._database.rows("PRAGMA page_count")[0][0]
    ledger._database.rows(f"PRAGMA max_page_count = {pages}")
    before = ledger.history()
    begun = a_step(a_plan(1), Event.BEGIN, State.SENDING)
    with pytest.raises(LedgerUnwritable, match="disk is full") as caught:
        ledger.append(Batch(revisions=(begun,), values=(Put("n", "v" * 500_000, 0),)))
    assert str(path) in caught.value.message
    assert ledger.history() == before
    assert ledger.get("") == {}
    ledger._database.rows("PRAGMA max_page_count = 1000000")
    assert ledger.append(Batch(revisions=(begun,))).claims
    ledger.close()


def test_a_commit_that_fails_but_happened_is_a_win(path):
    ledger = filled(path, 1)
    begun = a_step(a_plan(1), Event.BEGIN, State.SENDING)
    _lose_answer_of_commit(ledger, happened=True)
    receipt = ledger.append(Batch(revisions=(begun,)))
    assert receipt.sequence == 2
    assert list(receipt.claims) == [begun.key]
    ledger.close()


def test_a_commit_that_fails_and_did_not_happen_is_an_error(path):
    ledger = filled(path, 1)
    _lose_answer_of_commit(ledger, happened=False)
    with pytest.raises(LedgerUnwritable):
        ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),)))
    assert ledger.open()[0].delivery.state is State.PENDING
    ledger.close()


def test_a_commit_that_may_be_anothers_gives_no_claim(path):
    filled(path, 1).close()
    ledger = sqlite.open_ledger(path)  # it has no writer to settle by
    _lose_answer_of_commit(ledger, happened=True)
    with pytest.raises(LedgerUnwritable):
        ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),)))
    ledger.close()


def test_a_commit_that_failed_while_another_took_its_number_gives_no_claim(path):
    ledger = filled(path, 2)
    other = sqlite.open_ledger(path, writer="another")
    commit, database = ledger._database.commit, ledger._database

    def lost():
        database.rollback()
        assert other.append(Batch(revisions=(a_step(a_plan(2), Event.BEGIN, State.SENDING),)))
        raise LedgerUnwritable("ledger-unwritable", "the answer was lost")

    database.commit = lost
    with pytest.raises(LedgerUnwritable):
        ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),)))
    database.commit = commit
    assert [str(one.delivery.state) for one in ledger.open()] == ["pending", "sending"]
    other.close()
    ledger.close()


@pytest.fixture
def heeded():
    """Ctrl-C as in a terminal: a shell's background job ignores it, and Python leaves that so."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("happened", [False, True])
def test_an_interruption_at_the_commit_goes_on_and_leaves_all_or_none(path, happened):
    ledger = filled(path, 1)
    commit = ledger._database.commit

    def interrupted():
        if happened:
            commit()
        signal.raise_signal(signal.SIGINT)

    ledger._database.commit = interrupted
    with pytest.raises(KeyboardInterrupt):
        ledger.put(Put("n", "v", 0))
    ledger._database.commit = commit
    assert ("n" in ledger.get("")) == happened
    assert ledger.put(Put("n", "v", int(happened)))
    ledger.close()


def _lose_answer_of_commit(ledger, *, happened):
    database = ledger._database
    commit = database.commit

    def lost():
        if happened:
            commit()
        raise LedgerUnwritable("ledger-unwritable", "the answer was lost")

    database.commit = lost


def test_an_error_of_a_bug_stays_what_it_was(path):
    ledger = make(path)
    with pytest.raises(sqlite3.OperationalError):
        ledger._database.rows("SELECT nonsense FROM nowhere")
    ledger.close()
    with pytest.raises(sqlite3.ProgrammingError):
        ledger.open()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, LedgerBusy),
        (sqlite3.SQLITE_LOCKED, LedgerBusy),
        (sqlite3.SQLITE_CORRUPT, LedgerDamaged),
        (sqlite3.SQLITE_NOTADB, LedgerDamaged),
        (sqlite3.SQLITE_FULL, LedgerUnwritable),
        (sqlite3.SQLITE_IOERR_FSYNC, LedgerUnwritable),
        (sqlite3.SQLITE_READONLY_DIRECTORY, LedgerUnwritable),
        (sqlite3.SQLITE_CANTOPEN, LedgerUnwritable),
        (sqlite3.SQLITE_NOMEM, sqlite3.OperationalError),
    ],
)
def test_each_code_of_sqlite_has_its_meaning(code, kind):
    error = sqlite3.OperationalError("secret words")
    error.sqlite_errorcode = code
    meant = sqlite.meaning(error, "/a/b.db")
    assert type(meant) is kind
    if isinstance(meant, CrosspostError):
        assert "/a/b.db" in meant.message
        assert "secret" not in meant.message


# preview: it only reads


def test_reading_only_changes_nothing_and_leaves_nothing_behind(path):
    filled(path, 3).close()
    before = path.read_bytes()
    assert names(path.parent) == [path.name]
    ledger = sqlite.open_ledger(path, read_only=True)
    assert len(ledger.open()) == 3
    with pytest.raises(LedgerUnwritable):
        ledger.put(Put("n", "v", 0))
    with pytest.raises(LedgerUnwritable):
        ledger.append(Batch(revisions=(a_step(a_plan(1), Event.EDIT, State.PENDING),)))
    assert len(ledger.history()) == 3
    ledger.close()
    assert path.read_bytes() == before
    assert names(path.parent) == [path.name]


def test_reading_beside_a_writer_sees_the_newest_and_disturbs_nobody(path):
    writer = filled(path, 3)
    reader = sqlite.open_ledger(path, read_only=True)
    assert writer.append(Batch(stories=(a_story(4),), revisions=(a_plan(4),)))
    assert len(reader.open()) == 4
    reader.close()
    assert writer.append(Batch(stories=(a_story(5),), revisions=(a_plan(5),)))
    writer.close()
    assert names(path.parent) == [path.name]


def test_reading_after_a_crash_sees_what_was_committed_and_keeps_it(path, tmp_path):
    writer = filled(path, 3)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in (path.name, f"{path.name}-wal"):  # as a killed process leaves it
        shutil.copy(path.parent / name, crashed / name)
    writer.close()
    reader = sqlite.open_ledger(crashed / path.name, read_only=True)
    assert len(reader.open()) == 3
    reader.close()
    assert dump(crashed / path.name) == dump(path)


def as_nobody(work):
    """Run `work` without root's rights (root may write anywhere); its exception comes back as text."""
    if os.geteuid() != 0:
        return work()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            answer = repr(work())
        except BaseException as error:
            answer = f"{type(error).__name__}: {error}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


@pytest.fixture
def locked():
    """A ledger in a folder that nobody may write."""
    folder = Path(tempfile.mkdtemp())
    filled(folder / "crosspost.db", 3).close()
    (folder / "crosspost.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder / "crosspost.db"
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_preview_works_in_a_folder_that_cannot_be_written(locked):
    def read():
        ledger = sqlite.open_ledger(locked, read_only=True)
        seen = (len(ledger.open()), len(ledger.history()), len(ledger.find(["guid:1"]).owners))
        ledger.close()
        return seen

    assert str(as_nobody(read)) == "(3, 3, 1)"
    assert names(locked.parent) == ["crosspost.db"]


def test_a_run_in_a_folder_that_cannot_be_written_is_told_at_the_opening(locked):
    def write():
        try:
            sqlite.open_ledger(locked).close()
        except LedgerUnwritable as error:
            return str(locked) in error.message and "no permission" in error.message

    assert str(as_nobody(write)) == "True"


def test_a_preview_there_does_not_pass_over_what_a_crash_left_in_the_log(locked):
    locked.parent.chmod(0o755)
    Path(f"{locked}-wal").write_bytes(b"\0" * 4096)
    locked.parent.chmod(0o555)

    def read():
        try:
            ledger = sqlite.open_ledger(locked, read_only=True)
        except LedgerUnwritable as error:
            return str(locked) in error.message
        ledger.close()
        return "passed over"

    assert str(as_nobody(read)) == "True"


def test_a_new_ledger_in_a_folder_that_cannot_be_written_says_so(locked):
    def write():
        found = []
        for path in (locked.parent / "new.db", locked.parent / "sub" / "new.db"):
            try:
                make(path)
            except LedgerUnwritable as error:
                found.append(str(path) in error.message)
        return found

    assert str(as_nobody(write)) == "[True, True]"


def test_a_folder_that_cannot_be_entered_is_not_taken_for_a_missing_ledger(locked):
    locked.parent.chmod(0)

    def read():
        try:
            sqlite.open_ledger(locked)
        except LedgerUnwritable as error:
            return str(locked) in error.message

    assert str(as_nobody(read)) == "True"


@pytest.fixture
def loose():
    """A shell that lets everybody read and write what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(path):
    return {place.name: oct(place.stat().st_mode & 0o777) for place in path.parent.glob("crosspost.db*")}


def test_a_new_ledger_is_its_owners_alone_whatever_the_umask(path, loose):
    with_drafts = make(path)
    assert modes(path) == {"crosspost.db": "0o600", "crosspost.db-wal": "0o600", "crosspost.db-shm": "0o600"}
    with_drafts.close()


def test_rights_that_somebody_gave_stay_and_the_files_beside_it_follow(path, loose):
    make(path).close()
    path.chmod(0o640)
    again = sqlite.open_ledger(path)
    again.open()
    assert modes(path)["crosspost.db"] == "0o640"
    assert set(modes(path).values()) == {"0o640"}
    again.close()
    make(path, site="second", token="b" * 32).close()
    assert modes(path)["crosspost.db"] == "0o640"
