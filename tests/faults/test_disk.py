"""A full disk, a folder that can't be written, a lock held by another program, several runs at once."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager

import pytest

from crosspost.sandbox.values import Answer
from crosspost.testing import checker

pytestmark = pytest.mark.slow

UNWRITABLE = "can't be written"


@contextmanager
def small_disk(place, size: str):
    """A disk of its own in memory; skips where this user may not mount one."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def moved(bench, place):
    """The bench's folder lies there meanwhile."""
    before, bench.folder = bench.folder, place
    shutil.copytree(before, place, dirs_exist_ok=True)
    try:
        yield
    finally:
        bench.folder = before


def free_but(place, left: int) -> None:
    """Fill the disk until so many bytes are left."""
    free = shutil.disk_usage(place).free
    (place / "filler").write_bytes(b"x" * max(0, free - left))


def posted(bench) -> int:
    return len(bench.stage.x.timeline()) + len(bench.stage.facebook.timeline())


def in_a_line(text: str) -> str:
    """Without the breaks of a narrow terminal."""
    return " ".join(text.split())


def is_one_sentence(done) -> bool:
    """Told once, in words, without a traceback."""
    told = in_a_line(done.stderr)
    return told.count(UNWRITABLE) == 1 and "Traceback" not in told and "bug" not in told


@pytest.mark.parametrize("left", [0, 48_000, 100_000])
def test_a_full_disk_is_exit_1_and_one_sentence_and_nothing_is_lost(bench, tmp_path, left):
    bench.begin("first")
    with small_disk(tmp_path / "small", "2m") as place, moved(bench, place):
        free_but(place, left)
        done = bench.spoken("run")
        assert done.returncode == 1, done.stderr
        assert is_one_sentence(done), done.stderr
        # With not a byte left SQLite can't even make its -shm, and only says that the disk fails.
        assert ("the disk is full" if left else "the space left on it") in in_a_line(done.stderr)
        if not left:
            assert posted(bench) == 0
        (place / "filler").unlink()
        verdict = bench.judge(None, done, struck=False)
        assert not verdict.faults
        assert not verdict.doubtful


@pytest.mark.parametrize("most", [20_000, 60_000, 150_000])
def test_files_that_may_not_grow_are_exit_1_and_one_sentence_and_nothing_is_lost(bench, most):
    bench.begin("first")
    done = bench.spoken("run", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    assert done.returncode == 1, done.stderr
    assert is_one_sentence(done), done.stderr
    verdict = bench.judge(None, done, struck=False)
    assert not verdict.faults
    assert not verdict.doubtful


def test_in_a_folder_that_can_only_be_read_nothing_is_sent_and_a_preview_still_works(bench, tmp_path):
    bench.begin("first")
    with small_disk(tmp_path / "small", "4m") as place, moved(bench, place):
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        done = bench.spoken("run")
        assert done.returncode == 1 and is_one_sentence(done), done.stderr
        assert posted(bench) == 0 and not bench.stage.asked["x"]
        shown = bench.spoken("preview")
        assert shown.returncode == 0, shown.stderr
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        assert not bench.judge(None, done, struck=False).faults


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_in_a_folder_of_somebody_else_nothing_is_sent(bench):
    bench.begin("first")
    bench.folder.chmod(0o555)
    try:
        done = bench.spoken("run")
    finally:
        bench.folder.chmod(0o755)
    assert done.returncode == 1 and is_one_sentence(done), done.stderr
    assert posted(bench) == 0


def test_a_ledger_that_another_program_locks_is_exit_0_and_the_next_run_goes_on(bench):
    bench.begin("first")
    with closing(sqlite3.connect(bench.ledger, isolation_level=None)) as stranger:
        stranger.execute("BEGIN EXCLUSIVE")
        done = bench.spoken("run")
        assert done.returncode == 0, done.stderr
        assert "another program is writing to" in in_a_line(done.stderr)
        assert "Traceback" not in done.stderr
        assert posted(bench) == 0
        stranger.execute("ROLLBACK")
    assert not bench.judge(None, done, struck=False).faults


def test_a_lock_taken_while_the_answer_is_under_way_makes_no_second_post(bench, monkeypatch):
    bench.begin("first")
    with closing(sqlite3.connect(bench.ledger, isolation_level=None, check_same_thread=False)) as stranger:
        handle = bench.stage.handle

        def grab(request, now):
            answer = handle(request, now)
            if request.method == "POST" and not stranger.in_transaction:
                stranger.execute("BEGIN IMMEDIATE")
            return answer

        monkeypatch.setattr(bench.stage, "handle", grab)
        done = bench.spoken("run")
        monkeypatch.undo()
        assert posted(bench) == 1
        assert "Traceback" not in done.stderr and "another program is writing to" in in_a_line(done.stderr)
        assert checker.claims(bench.ledger, "x"), "the one that went out is still called sending"
        stranger.execute("ROLLBACK")
    verdict = bench.judge(None, done, struck=False)
    assert not verdict.faults
    assert not verdict.doubtful


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("scenario", ["first", "doubt"])
def test_several_runs_at_once_post_each_story_once(bench, kills, scenario, count):
    bench.begin(scenario)
    env = bench.env()
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [kills.CROSSPOST, "run"]
    together = [subprocess.Popen(command, cwd=bench.folder, env=env, **pipe) for _ in range(count)]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in together]
    for out, err, code in ended:
        assert code == 0, err
        assert "Traceback" not in out + err
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert not verdict.faults
    assert not verdict.doubtful


@pytest.mark.parametrize("accepted", [False, True], ids=["before it is taken", "after it is taken"])
def test_of_several_runs_at_once_all_die_with_a_post_under_way(bench, kills, monkeypatch, accepted):
    bench.begin("first")
    env, handle = bench.env(), bench.stage.handle
    together: list[subprocess.Popen] = []

    def strike(request, now):
        if request.method != "POST":
            return handle(request, now)
        answer = handle(request, now) if accepted else Answer(500)
        for process in together:
            process.kill()
        return answer

    monkeypatch.setattr(bench.stage, "handle", strike)
    for _ in range(3):
        together.append(
            subprocess.Popen([kills.CROSSPOST, "run"], cwd=bench.folder, env=env, stderr=subprocess.DEVNULL)
        )
    for process in together:
        process.wait(timeout=120)
    bench.quiet()
    monkeypatch.undo()
    assert -9 in {process.returncode for process in together}
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=True)
    assert not verdict.faults
    assert not verdict.doubtful
