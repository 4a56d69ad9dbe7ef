"""Several writers on one branch, and pushes that die, are refused, or whose answer is lost: never two claims."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.core.world import TOO_SLOW, Ran
from crosspost.errors import LedgerBusy, LedgerMissing, LedgerUnwritable
from crosspost.testing.ledger_contract import a_plan, a_step, a_story

STORIES = 6


def begin(number=1):
    return Batch(revisions=(a_step(a_plan(number), Event.BEGIN, State.SENDING),))


@pytest.fixture
def ledger(bench):
    made = bench.create()
    numbers = range(1, STORIES + 1)
    assert made.append(Batch(stories=tuple(map(a_story, numbers)), revisions=tuple(map(a_plan, numbers))))
    yield made
    made.close()


# several writers


def race(ledger):
    """Begin what is pending until nothing is, as fast as it goes; the numbers whose claim this writer got."""
    won = []
    while pending := [one for one in ledger.open() if one.delivery.state is State.PENDING]:
        begun = replace(a_step(pending[0].delivery, Event.BEGIN, State.SENDING), writer="")
        receipt = ledger.append(Batch(revisions=(begun,)))
        won += [pending[0].story.number] if receipt and receipt.claims else []
    return won


def check_winners(bench, won_by):
    assert sorted(number for won in won_by.values() for number in won) == list(range(1, STORIES + 1))
    ledger = bench.open()
    assert ledger.sequence() == 1 + STORIES
    for name, won in won_by.items():
        assert {one.story.number for one in ledger.open() if one.delivery.writer == name} == set(won)
    ledger.close()


def test_of_four_threads_exactly_one_gets_each_claim(bench, ledger):
    won_by, start = {}, threading.Barrier(4)

    def run(name):
        mine = bench.other_machine().open(name)
        start.wait()
        won_by[name] = race(mine)
        mine.close()

    threads = [threading.Thread(target=run, args=(f"racer{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_winners(bench, won_by)


PROGRAM = """
import importlib.util, pathlib, sys
def load(name):
    spec = importlib.util.spec_from_file_location(name, str(pathlib.Path(sys.argv[1]).with_name(name + ".py")))
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
ledger = load("conftest").Bench(pathlib.Path(sys.argv[2])).open(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
print(*load("test_git_races").race(ledger))
ledger.close()
"""


def test_of_two_processes_exactly_one_gets_each_claim(bench, ledger):
    racers = {
        name: subprocess.Popen(
            [sys.executable, "-c", PROGRAM, __file__, str(bench.folder), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("racer0", "racer1")
    }
    for racer in racers.values():
        assert racer.stdout.readline() == "ready\n"
    for racer in racers.values():
        racer.stdin.write("\n")
        racer.stdin.flush()
    won_by = {name: [int(number) for number in racer.communicate()[0].split()] for name, racer in racers.items()}
    assert [racer.returncode for racer in racers.values()] == [0, 0]
    check_winners(bench, won_by)


def test_equal_batches_of_two_at_one_moment_are_two_commits(bench, ledger):
    """Without the writer in its line both would make the same commit, and git would tell both that it is there."""
    other = bench.other_machine().open("other", max_age=1_000)
    assert ledger.put(Put("n", "v", 0))
    assert not other.put(Put("n", "v", 0))
    other.close()


def test_two_openings_without_a_writer_make_no_equal_commits(bench, ledger):
    one, two = bench.open("", max_age=1_000), bench.open("", max_age=1_000)
    assert one.append(begin()).claims
    assert two.append(begin()) is None
    one.close(), two.close()


def test_a_line_of_another_writer_in_between_is_taken_in_and_the_append_goes_on(bench, ledger):
    other = bench.other_machine().open("other", max_age=1_000)
    assert ledger.put(Put("n", "v", 0))
    assert other.put(Put("m", "v", 0))
    assert set(other.get("")) == {"n", "m"}
    assert set(ledger.get("")) == {"n", "m"}
    other.close()


def test_a_begin_is_lost_to_any_line_that_its_caller_has_not_read(bench, ledger):
    """Were it a person's stop of everything, it would come too late otherwise."""
    other = bench.other_machine().open("other", max_age=1_000)
    assert ledger.put(Put("target:*", "stop", 0))
    assert other.append(begin()) is None
    assert other.get("")["target:*"].text == "stop"
    assert other.append(begin()).claims  # its caller has had the chance to read it
    other.close()


def test_the_branch_that_moves_during_the_push_is_a_race_lost(bench, ledger):
    rival = bench.other_machine().open("rival")
    receipts = []

    def meanwhile(argv):
        if argv[1] == "push" and not receipts:
            receipts.append(rival.append(begin()))

    bench.spy.before = meanwhile
    assert ledger.append(begin()) is None
    assert receipts[0].claims
    assert ledger.open()[0].delivery.writer == "rival"
    rival.close()


def test_who_always_loses_gives_way_at_last(bench, ledger):
    rival = bench.other_machine().open("rival")

    def meanwhile(argv):
        if argv[1] == "push":
            rival.put(Put("n", "v", rival.get("n")["n"].version if rival.get("n") else 0))

    bench.spy.before = meanwhile
    with pytest.raises(LedgerBusy):
        ledger.put(Put("m", "v", 0))
    rival.close()


# pushes that go wrong


def test_a_push_that_a_hook_refuses_writes_nothing_and_sends_nothing(bench, ledger):
    before = ledger.open()
    bench.hook("pre-receive", "echo 'protected ::error:: branch' >&2; exit 1")
    with pytest.raises(LedgerUnwritable, match="refuses") as caught:
        ledger.append(begin())
    assert "::error::" not in caught.value.message + caught.value.hint
    assert (caught.value.code, caught.value.exit_code) == ("ledger-unwritable", 1)
    (bench.remote / "hooks" / "pre-receive").unlink()
    assert ledger.open() == before
    assert ledger.append(begin()).claims


def test_a_push_whose_receiver_dies_writes_nothing_and_sends_nothing(bench, ledger):
    bench.hook("pre-receive", "kill -9 $PPID")
    with pytest.raises(LedgerUnwritable):
        ledger.append(begin())
    (bench.remote / "hooks" / "pre-receive").unlink()
    assert ledger.sequence() == 1
    assert ledger.append(begin()).claims


def test_a_push_whose_receiver_dies_once_is_tried_again(bench, ledger):
    bench.hook("pre-receive", 'if [ ! -e "$GIT_DIR/died" ]; then touch "$GIT_DIR/died"; kill -9 $PPID; fi')
    assert ledger.append(begin()).claims
    assert ledger.sequence() == 2


def test_a_push_that_arrives_although_its_receiver_dies_has_won(bench, ledger):
    """The branch was moved, and no answer ever came."""
    bench.hook("post-receive", "kill -9 $PPID")
    bench.hook("reference-transaction", 'if [ "$1" = committed ]; then kill -9 $PPID; fi')
    codes = []
    bench.spy.after = lambda argv, ran: codes.append(ran.code) or ran if argv[1] == "push" else ran
    assert ledger.append(begin()).claims
    assert len(codes) == 1
    assert codes[0] != 0
    assert ledger.sequence() == 2
    assert bench.git("rev-list", "--count", "crosspost") == b"3\n"


def test_a_push_whose_answer_is_lost_has_won_where_its_own_line_stands(bench, ledger, lost_answer):
    bench.spy.after = lost_answer
    assert ledger.append(begin()).claims
    bench.spy.after = lambda argv, ran: ran
    assert ledger.sequence() == 2
    assert ledger.append(begin(2)).claims


def test_it_has_won_too_where_others_have_written_after_it(bench, ledger, lost_answer):
    rival = bench.other_machine().open("rival")

    def after(argv, ran):
        if argv[1] == "push":
            assert rival.put(Put("n", "v", 0))
        return lost_answer(argv, ran)

    bench.spy.after = after
    assert ledger.append(begin()).claims
    bench.spy.after = lambda argv, ran: ran
    assert ledger.sequence() == 3
    assert ledger.get("n")["n"].text == "v"
    assert ledger.append(begin(2)).claims
    rival.close()


def test_it_has_lost_where_anothers_line_stands(bench, ledger, lost_answer):
    rival = bench.other_machine().open("rival")
    won = []

    def instead(argv):
        if argv[1] == "push":
            won.append(rival.append(begin()))
            return Ran(128)
        return None

    bench.spy.before = instead
    assert ledger.append(begin()) is None
    assert won[0].claims
    rival.close()


def test_where_nobody_can_tell_nothing_is_sent_and_the_line_is_found_later(bench, ledger, lost_answer):
    """Accepted, the answer lost, and then the remote is gone: the begin stands there without a claim."""
    bench.spy.after = lambda argv, ran: Ran(128) if argv[1] in {"push", "ls-remote", "fetch"} else ran
    with pytest.raises(LedgerUnwritable, match="can't be used"):
        ledger.append(begin())
    bench.spy.after = lambda argv, ran: ran
    assert ledger.open()[0].delivery.state is State.SENDING
    assert ledger.append(begin()) is None
    assert ledger.append(begin(2)).claims


def test_a_push_that_takes_too_long_is_judged_by_the_branch(bench, ledger):
    bench.spy.before = lambda argv: Ran(TOO_SLOW) if argv[1] == "push" else None
    with pytest.raises(LedgerUnwritable, match="doesn't answer"):
        ledger.append(begin())
    assert bench.spy.count("push") == 1 + 1 + 3  # the making, the stories, and one commit three times


def test_a_branch_that_was_deleted_is_never_taken_for_a_lost_race(bench, ledger):
    def meanwhile(argv):
        if argv[1] == "push":
            bench.git("update-ref", "-d", "refs/heads/crosspost")
            return Ran(128)
        return None

    bench.spy.before = meanwhile
    with pytest.raises(LedgerMissing):
        ledger.append(begin())


def test_a_repository_that_may_only_be_read_says_so(bench, ledger):
    said = b"remote: Permission to site.git denied.\nfatal: unable to access: The requested URL returned error: 403"
    bench.spy.after = lambda argv, ran: Ran(128, b"", said) if argv[1] == "push" else ran
    bench.spy.before = lambda argv: Ran(128, b"", said) if argv[1] == "push" else None
    with pytest.raises(LedgerUnwritable, match="no permission") as caught:
        ledger.append(begin())
    assert "CROSSPOST_GIT_TOKEN" in caught.value.hint
    assert "site.git" not in caught.value.message
