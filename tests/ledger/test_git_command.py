"""The installed command on a branch that can't be used: one sentence, nothing sent; mended, everything goes out once."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
FIRST = "records/000001.jsonl"


def load(name):
    if name not in sys.modules:
        spec = spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="module")
def bench():
    load("git_host"), load("kills")
    with load("git_kills").bench() as made:
        yield made


def change(bench, content):
    """A stranger's commit on the branch."""
    stream = (
        b"commit refs/heads/crosspost\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/crosspost^0\n"
    )
    stream += b"deleteall\nM 100644 inline %b\ndata %d\n%b\n" % (FIRST.encode(), len(content), content)
    subprocess.run(["git", "-C", str(bench.remote), "fast-import", "--quiet"], input=stream, check=True)


@contextmanager
def renamed(path, stand_in=None):
    away = path.with_name("away")
    path.rename(away)
    if stand_in:
        path.mkdir()
    yield
    if stand_in:
        path.rmdir()
    away.rename(path)


@contextmanager
def remote_gone(bench):
    with renamed(bench.remote):
        yield


@contextmanager
def remote_no_repository(bench):
    with renamed(bench.remote, stand_in=True):
        yield


@contextmanager
def tip_moved(bench, move):
    tip = bench.git("rev-parse", "refs/heads/crosspost").decode().strip()
    move()
    yield
    bench.git("update-ref", "refs/heads/crosspost", tip)


@contextmanager
def branch_deleted(bench):
    with tip_moved(bench, lambda: bench.git("update-ref", "-d", "refs/heads/crosspost")):
        yield


@contextmanager
def branch_of_something_else(bench):
    with tip_moved(bench, lambda: change(bench, b"<p>our site</p>\n")):
        yield


@contextmanager
def tail_cut_off(bench):
    text = bench.git("cat-file", "blob", f"crosspost:{FIRST}")
    with tip_moved(bench, lambda: change(bench, text[:-30])):
        yield


@contextmanager
def past_changed(bench):
    text = bench.git("cat-file", "blob", f"crosspost:{FIRST}")
    with tip_moved(bench, lambda: change(bench, text.replace(b'"site":""', b'"site": ""', 1))):
        yield


@contextmanager
def push_refused(bench):
    hook = bench.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho '::error::no' >&2\nexit 1\n")
    hook.chmod(0o755)
    yield
    hook.unlink()


@contextmanager
def lock_left(bench):
    bench.remote_lock.touch()
    yield
    bench.remote_lock.unlink()


@contextmanager
def only_reading(bench):
    bench.host.only_reading = True
    yield
    bench.host.only_reading = False


@contextmanager
def answers_cut(bench):
    """Each push is carried out, and no answer to it ever leaves."""
    bench.host.before_answer = lambda path: not path.endswith("/git-receive-pack")
    yield
    bench.host.before_answer = lambda path: None


CASES = [
    ("file", remote_gone, 2, "there is no folder"),
    ("file", remote_no_repository, 1, "there is no such repository"),
    ("file", branch_deleted, 2, "no such branch"),
    ("file", branch_of_something_else, 2, "holds something else than a ledger"),
    ("file", tail_cut_off, 2, "its last line is cut off"),
    ("file", past_changed, 2, "has been rewritten"),
    ("file", push_refused, 1, "the remote refuses what is pushed"),
    ("file", lock_left, 1, "a lock keeps it from being written"),
    ("https", only_reading, 1, "the remote gives no permission"),
    ("https", remote_gone, 1, "there is no such repository"),
    ("https", branch_deleted, 2, "no such branch"),
]


def said(done):
    return " ".join((done.stderr + done.stdout).split())


@pytest.mark.parametrize(("where", "spoiled", "code", "sentence"), CASES, ids=lambda it: getattr(it, "__name__", None))
def test_a_branch_that_cannot_be_used_is_one_sentence_and_what_waits_goes_out_later(
    bench, where, spoiled, code, sentence
):
    bench.begin(f"first {where}")
    before = [len(bench.stage.account(name)["requests"]) for name in ("x", "facebook")]
    with spoiled(bench):
        done = bench.spoken("run")
        assert (done.returncode, said(done).count(sentence)) == (code, 1), said(done)
        assert not any(word in said(done) for word in ("Traceback", "fatal:", "bug in crosspost", "::error::no"))
        assert [len(bench.stage.account(name)["requests"]) for name in ("x", "facebook")] == before
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert not verdict.faults
    assert verdict.passes == 1


def test_pushes_that_arrive_and_are_never_answered_count_by_what_the_branch_holds(bench):
    bench.begin("first https")
    with answers_cut(bench):
        done = bench.spoken("run")
        assert done.returncode == 0, said(done)
    assert len(bench.stage.x.timeline()) == len(bench.stage.facebook.timeline()) == 3
    verdict = bench.judge(None, subprocess.CompletedProcess([], 0, "", ""), struck=False)
    assert not verdict.faults
