"""Several writers on one file, and writers that die in the middle: all or none, and never two claims."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.ledger import sqlite
from crosspost.testing.ledger_contract import a_plan, a_step, a_story, an_article

NOW = datetime(2025, 1, 1, tzinfo=UTC)
STORIES = 40


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "crosspost.db"
    ledger = sqlite.create(made, token=lambda: "a" * 32, now=NOW, writer="maker")
    numbers = range(1, STORIES + 1)
    stories, plans = tuple(map(a_story, numbers)), tuple(map(a_plan, numbers))
    assert ledger.append(Batch(stories=stories, revisions=plans))
    ledger.close()
    return made


def race(path, writer):
    """Begin every delivery, as fast as it goes; the numbers whose claim this writer got."""
    ledger = sqlite.open_ledger(path, writer=writer)
    won = []
    for number in range(1, STORIES + 1):
        begun = a_step(a_plan(number), Event.BEGIN, State.SENDING)
        receipt = ledger.append(Batch(revisions=(begun,)))
        won += [number] if receipt and receipt.claims else []
    ledger.close()
    return won


def check_winners(path, lists):
    assert sorted(number for won in lists for number in won) == list(range(1, STORIES + 1))
    ledger = sqlite.open_ledger(path)
    ledger.verify()
    assert ledger.sequence() == 1 + STORIES
    for index, won in enumerate(lists):
        mine = {record.story.number for record in ledger.open() if record.delivery.writer == f"racer{index}"}
        assert mine == set(won)
    ledger.close()


def test_of_two_threads_exactly_one_gets_each_claim(path):
    lists = [[], []]
    start = threading.Barrier(2)

    def run(index):
        start.wait()
        lists[index] = race(path, f"racer{index}")

    threads = [threading.Thread(target=run, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_winners(path, lists)


PROGRAM = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("races", sys.argv[1])
races = importlib.util.module_from_spec(spec)
spec.loader.exec_module(races)
print("ready", flush=True)
sys.stdin.readline()
print(*races.race(pathlib.Path(sys.argv[2]), sys.argv[3]))
"""


def test_of_two_processes_exactly_one_gets_each_claim(path):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, __file__, str(path), f"racer{index}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(2)
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("\n")
        racer.stdin.flush()
    lists = [[int(number) for number in racer.communicate()[0].split()] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    check_winners(path, lists)


def test_of_two_processes_that_make_a_ledger_one_does(tmp_path):
    path = tmp_path / "new.db"
    start = threading.Barrier(2)
    results = []

    def run(index):
        start.wait()
        try:
            sqlite.create(path, token=lambda: str(index) * 32, now=NOW).close()
            results.append("made")
        except Exception as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "made" in results
    assert set(results) - {"made"} <= {"RequestError", "LedgerBusy"}
    assert results.count("made") == 1
    sqlite.open_ledger(path).close()


def big_batch():
    article = an_article("killed " * 3000)
    plan = a_plan(STORIES + 1, article=article.fingerprint)
    return Batch(
        stories=(a_story(STORIES + 1, "guid:new", "link:new"),),
        identities={"link:old": "story0001"},
        articles=(article,),
        revisions=(plan, a_step(plan, Event.EDIT, State.PENDING), a_step(a_plan(1), Event.BEGIN, State.SENDING)),
        values=(Put("etag", "new", 0),),
    )


def traces(ledger):
    """What each part of the big batch left behind, as booleans."""
    found = ledger.find(["guid:new", "link:new", "link:old"])
    new = ledger.history(f"story{STORIES + 1:04}")
    return {
        *(identity in found.owners for identity in ("guid:new", "link:new", "link:old")),
        ledger.sequence() == 2,
        bool(new) and len(new[0].revisions) == 2 and new[0].record.article is not None,
        ledger.history("story0001")[0].record.delivery.state is State.SENDING,
        "etag" in ledger.get(""),
        found.next_number == STORIES + 2,
    }


def die_at(path, call):
    """In a process of its own: append, killed before the given call of the database. Whether it died."""
    child = os.fork()
    if child == 0:
        try:
            ledger = sqlite.open_ledger(path, writer="victim")
            database, calls = ledger._database, [0]
            connection = database.connection

            class Dying:
                in_transaction = property(lambda self: connection.in_transaction)

                def execute(self, *arguments):
                    calls[0] += 1
                    if calls[0] == call:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return connection.execute(*arguments)

            database.connection = Dying()
            receipt = ledger.append(big_batch())
            if calls[0] + 1 == call and receipt:
                os.kill(os.getpid(), signal.SIGKILL)  # durable, and nobody was told
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_a_writer_killed_at_any_statement_leaves_all_or_none(path):
    outcomes = []
    for call in range(1, 100):
        if not die_at(path, call):
            break
        ledger = sqlite.open_ledger(path)
        ledger.verify()
        left = traces(ledger)
        ledger.close()
        assert len(left) == 1, f"killed at {call}: a part is there"
        outcomes += left
        if left == {True}:
            break
    assert len(outcomes) > 15
    assert outcomes[-1] is True
    assert not any(outcomes[:-1])


def test_what_was_acknowledged_before_a_kill_is_there(path):
    program = PROGRAM.replace("races.race(", "races.write_for_ever(")
    child = subprocess.Popen(
        [sys.executable, "-c", program, __file__, str(path), "victim"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("\n")
    child.stdin.flush()
    told = [child.stdout.readline() for _ in range(60)]
    child.kill()
    told += child.communicate()[0].splitlines(keepends=True)
    ledger = sqlite.open_ledger(path)
    ledger.verify()
    last = max(int(line) for line in told if line.endswith("\n"))
    assert ledger.sequence() in (last, last + 1)
    stories = ledger.find([], numbers=range(STORIES + 1, 10_000))
    assert len(set(stories.owners.values())) == len(stories.deliveries) == ledger.sequence() - 1
    ledger.close()


def write_for_ever(path, writer):
    ledger = sqlite.open_ledger(path, writer=writer)
    for number in range(STORIES + 1, 10_000):
        receipt = ledger.append(Batch(stories=(a_story(number),), revisions=(a_plan(number),)))
        print(receipt.sequence, flush=True)
    return []


def test_one_in_memory_is_shared_by_threads_that_take_turns():
    ledger = sqlite.create(":memory:", token=lambda: "a" * 32, now=NOW, writer="first")
    results = []
    for index in range(2):
        shared = ledger.reopen(writer=f"racer{index}")

        def turn(shared=shared):
            results.append(shared.append(Batch(stories=(a_story(1),), revisions=(a_plan(1),))))
            shared.close()

        thread = threading.Thread(target=turn)
        thread.start()
        thread.join()
    assert [result is not None for result in results] == [True, False]
    assert ledger.open()[0].delivery.writer == "racer0"  # closing its sharers has not closed it
    ledger.close()
