"""How other programs are run: in their own environment, without a terminal, and never longer than they may."""

from __future__ import annotations

import os
import time

from crosspost.app import SystemProcesses
from crosspost.core.world import MISSING, TOO_SLOW, NoProcesses, Ran

PATH = {"PATH": os.environ["PATH"]}


def run(*argv, env=PATH, stdin=b"", timeout=20):
    return SystemProcesses().run(argv, env=env, stdin=stdin, timeout=timeout)


def test_a_program_is_run_to_its_end():
    ran = run("sh", "-c", "cat; echo oops >&2; exit 3", stdin=b"a\0b")
    assert ran == Ran(3, b"a\0b", b"oops\n")


def test_it_sees_its_own_environment_alone(monkeypatch):
    monkeypatch.setenv("X_API_KEY", "s3cret")
    told = run("env", env={**PATH, "ONE": "1"}).stdout.decode().splitlines()
    assert sorted(line.partition("=")[0] for line in told if not line.startswith("_")) == ["ONE", "PATH"]


def test_it_has_no_terminal_to_ask_on():
    assert run("sh", "-c", "read answer </dev/tty").code != 0


def test_a_program_that_is_not_there_is_missing():
    assert run("no-such-program").code == MISSING
    assert run("git", env={"PATH": "/nowhere"}).code == MISSING
    assert NoProcesses().run(["git"], env={}, stdin=b"", timeout=1).code == MISSING


def test_one_that_takes_too_long_is_killed_with_its_children():
    began = time.monotonic()
    assert run("sh", "-c", "sleep 60 & sleep 60", timeout=0.1) == Ran(TOO_SLOW)
    assert time.monotonic() - began < 30  # the children held the pipes open


def test_much_output_and_much_input_do_not_block_each_other():
    data = b"x" * 1_000_000
    assert run("cat", stdin=data).stdout == data


def test_a_program_that_reads_nothing_is_no_error():
    assert run("true", stdin=b"x" * 1_000_000).code == 0
