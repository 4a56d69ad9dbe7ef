"""What can befall a branch's disk, its locks and its past: each told in one sentence, nothing written by halves."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from contextlib import contextmanager, suppress

import pytest

from crosspost.app import SystemProcesses
from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.errors import CrosspostError, LedgerMissing, LedgerUnwritable
from crosspost.ledger.git.ledger import Options, open_ledger
from crosspost.testing.ledger_contract import a_plan, a_step, a_story

STORIES = 12
NOISE = random.Random(7).randbytes(150_000).hex()  # what no packing makes small


def begin(number=1):
    return Batch(revisions=(a_step(a_plan(number), Event.BEGIN, State.SENDING),))


@pytest.fixture
def ledger(bench):
    made = bench.create()
    numbers = range(1, STORIES + 1)
    assert made.append(Batch(stories=tuple(map(a_story, numbers)), revisions=tuple(map(a_plan, numbers))))
    yield made
    made.close()


@contextmanager
def small_disk(place):
    """A disk of 2 MB of its own; skips where this user may not mount one."""
    place.mkdir(exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def filled(place, left):
    """All but so many bytes of it are taken."""
    filler = place / "filler"
    filler.write_bytes(b"x" * max(0, shutil.disk_usage(place).free - left))
    try:
        yield
    finally:
        filler.unlink()


def refused(error):
    """A sentence, and what to do; nothing of what git said."""
    assert (error.code, error.exit_code) == ("ledger-unwritable", 1)
    assert error.hint.endswith(".")
    assert "\n" not in error.message + error.hint
    assert not any(word in error.message + error.hint for word in ("fatal:", "error:", "remote:"))
    return error


# disks


@pytest.mark.parametrize("left", [0, 4096])
def test_a_machine_whose_disk_is_full_opens_nothing_and_says_why(bench, ledger, left):
    with small_disk(bench.temporary) as disk:
        with filled(disk, left), pytest.raises(LedgerUnwritable, match="temporary f") as caught:
            bench.open()
        assert "TMPDIR" in refused(caught.value).hint
        bench.open().close()


@pytest.mark.parametrize("left", [0, 4096, 40_000])
def test_a_machine_whose_disk_fills_up_begins_nothing(bench, ledger, left):
    with small_disk(bench.temporary) as disk:
        mine = bench.open("mine")
        with filled(disk, left), pytest.raises(LedgerUnwritable, match="temporary files is full") as caught:
            mine.append(Batch(values=(Put("n", NOISE, 0),), revisions=begin().revisions))
        refused(caught.value)
        assert mine.open() == ledger.open()
        assert mine.append(begin()).claims
        mine.close()


@pytest.mark.parametrize("left", [0, 4096, 40_000])
def test_a_remote_whose_disk_is_full_takes_nothing_and_loses_nothing(bench, ledger, left):
    with small_disk(bench.folder / "disk") as disk:
        shutil.copytree(bench.remote, disk / "remote.git")
        bench.url = "git:./disk/remote.git#crosspost"
        mine = bench.open("mine")
        with filled(disk, left), pytest.raises(LedgerUnwritable, match="remote's disk is full") as caught:
            mine.append(Batch(values=(Put("n", NOISE, 0),), revisions=begin().revisions))
        refused(caught.value)
        assert mine.sequence() == 1
        assert mine.append(begin()).claims
        mine.close()


def bound_by_permissions(argv):
    """The command, for whom a file's permissions count: root gives its power over them away."""
    if os.getuid():
        return argv
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is missing: root may write everywhere")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *argv]


def test_a_remote_that_this_user_may_only_read_says_so(bench, ledger):
    def push(argv):
        if argv[1] == "push":
            env = bench.spy.calls[-1][1]
            return SystemProcesses().run(bound_by_permissions(argv), env=env, stdin=b"", timeout=60)
        return None

    bench.spy.before = push
    subprocess.run(["chmod", "-R", "a-w", str(bench.remote)], check=True)
    try:
        with pytest.raises(LedgerUnwritable, match="can't store|no permission") as caught:
            ledger.append(begin())
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(bench.remote)], check=True)
    assert "write there" in refused(caught.value).hint
    assert ledger.append(begin()).claims


# locks


def test_a_lock_that_a_killed_git_has_left_is_named_with_what_to_do(bench, ledger):
    lock = bench.remote / "refs" / "heads" / "crosspost.lock"
    lock.touch()
    with pytest.raises(LedgerUnwritable, match="lock") as caught:
        ledger.append(begin())
    assert "refs/heads/crosspost.lock" in refused(caught.value).hint
    lock.unlink()
    assert ledger.append(begin()).claims


def test_pushes_killed_at_any_moment_leave_a_begin_that_one_holds_or_none(bench, ledger):
    """Both ends die: git push and the receiver that it started. Whoever got no claim must find it out by reading."""
    chance, claimed, struck = random.Random(20261124), set(), 0

    def killed(argv):
        nonlocal struck
        if argv[1] == "push":
            env = bench.spy.calls[-1][1]
            ran = SystemProcesses().run(argv, env=env, stdin=b"", timeout=chance.uniform(0.001, 0.02))
            struck += ran.code != 0
            return ran
        return None

    for number in range(1, STORIES + 1):
        bench.spy.before = killed
        with suppress(LedgerUnwritable):
            receipt = ledger.append(begin(number))
            claimed |= {number} if receipt else set()
        bench.spy.before = lambda argv: None
        (bench.remote / "refs" / "heads" / "crosspost.lock").unlink(missing_ok=True)
    assert struck >= STORIES // 3  # a fast machine pushes within some of the times
    looker = bench.open("looker")
    began = {one.story.number for one in looker.open() if one.delivery.state is State.SENDING}
    assert claimed <= began
    assert looker.sequence() == 1 + len(began)
    for number in set(range(1, STORIES + 1)) - began:
        assert looker.append(begin(number)).claims  # nothing half written stands in the way
    looker.close()


# shallow clones


def test_a_shallow_clone_is_a_project_like_any_other(bench, ledger):
    """As a workflow checks out: the newest commit of one branch, and not the ledger's."""
    bench.git("fast-import", "--quiet", data=b"commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 1\nx\n")
    project = bench.folder / "project"
    where = f"file://{bench.remote}"
    bench.git("clone", "--quiet", "--depth=1", "--branch=main", where, str(project))
    mine = open_ledger("git:origin#crosspost", project, bench.world(), Options(writer="mine", max_age=0))
    assert mine.append(begin()).claims
    assert ledger.open()[0].delivery.writer == "mine"
    assert bench.git("-C", str(project), "branch", "--all").split() == [b"*", b"main", b"remotes/origin/main"]
    mine.close()


def test_a_remote_that_is_itself_a_shallow_clone_goes_on_from_where_it_begins(bench, ledger):
    for version in range(3):
        ledger.put(Put("n", "v", version))
    shallow = bench.folder / "shallow.git"
    bench.git("clone", "--quiet", "--bare", "--depth=1", "--branch=crosspost", f"file://{bench.remote}", str(shallow))
    assert bench.git("-C", str(shallow), "rev-list", "--count", "crosspost") == b"1\n"
    bench.url = "git:./shallow.git#crosspost"
    for number in (1, 2):
        mine = bench.open("mine")
        assert mine.append(begin(number)).claims
        mine.close()
    looker = bench.open("looker")
    assert looker.sequence() == 4 + 2
    assert looker.get("")["n"].version == 3
    looker.close()


# the branch under a run


def test_a_branch_deleted_and_made_anew_meanwhile_is_never_taken_for_the_old_one(bench, ledger):
    old = bench.tip()
    bench.git("update-ref", "-d", "refs/heads/crosspost")
    bench.other_machine().create("another").close()
    with pytest.raises(CrosspostError) as caught:
        ledger.append(begin())
    assert caught.value.code in {"ledger-rewritten", "ledger-foreign", "ledger-damaged"}
    assert caught.value.exit_code == 2
    assert ledger._book.current(["story0001"])[0].delivery.state is State.PENDING
    bench.git("update-ref", "refs/heads/crosspost", old)
    assert ledger.append(begin()).claims


def test_a_branch_that_goes_and_comes_back_loses_nothing(bench, ledger):
    old = bench.tip()
    bench.git("update-ref", "-d", "refs/heads/crosspost")
    with pytest.raises(LedgerMissing) as caught:
        ledger.append(begin())
    assert caught.value.exit_code == 2
    bench.git("update-ref", "refs/heads/crosspost", old)
    assert ledger.append(begin()).claims
