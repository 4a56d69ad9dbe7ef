"""A git remote, and machines that keep their ledger on a branch of it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from crosspost.app import SystemProcesses
from crosspost.core.world import Ran, World
from crosspost.ledger.git.ledger import Options, create, open_ledger
from crosspost.net.wire import SocketWire
from crosspost.testing.doubles import HandClock, NoMemory, Tokens

URL = "git:remote.git#crosspost"


class Spy:
    """Runs programs, notes what they were given, and may answer in their place."""

    def __init__(self):
        self.calls: list[tuple[list[str], dict[str, str]]] = []
        self.before = lambda argv: None  # what it returns is the answer; None: run it
        self.after = lambda argv, ran: ran

    def run(self, argv, *, env, stdin, timeout):
        self.calls.append((list(argv), dict(env)))
        ran = self.before(argv)
        if ran is None:
            ran = SystemProcesses().run(argv, env=env, stdin=stdin, timeout=timeout)
        return self.after(argv, ran)

    def count(self, verb):
        return sum(argv[1] == verb for argv, _ in self.calls)


@dataclass
class Bench:
    """A folder with a bare repository, and a world for each machine."""

    folder: Path
    spy: Spy = field(default_factory=Spy)
    clock: HandClock = field(default_factory=HandClock)
    tokens: Tokens = field(default_factory=Tokens)
    memory: object = field(default_factory=NoMemory)
    url: str = URL

    @property
    def remote(self):
        return self.folder / "remote.git"

    @property
    def temporary(self):
        made = self.folder / "tmp"
        made.mkdir(exist_ok=True)
        return made

    def world(self, **env):
        env = {"PATH": os.environ["PATH"], "TMPDIR": str(self.temporary), **env}
        wire = SocketWire(lambda seconds, action: lambda: None)
        return World(self.clock, self.tokens, env, wire, self.memory, self.spy)

    def create(self, writer="maker", max_age=0, **env):
        return create(self.url, self.folder, self.world(**env), Options(writer=writer, max_age=max_age))

    def open(self, writer="second", max_age=0, **options):
        return open_ledger(self.url, self.folder, self.world(), Options(writer=writer, max_age=max_age, **options))

    def git(self, *arguments, data=None):
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b"}
        env |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b"}
        done = subprocess.run(["git", "-C", str(self.remote), *arguments], input=data, capture_output=True, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tip(self):
        return self.git("rev-parse", "refs/heads/crosspost").decode().strip()

    def files(self):
        names = self.git("ls-tree", "-r", "--name-only", "crosspost").decode().splitlines()
        return {name: self.git("cat-file", "blob", f"crosspost:{name}") for name in names}

    def commit(self, changes, parent="crosspost"):
        """A stranger's commit on the branch, with these files changed (None: removed)."""
        stream = b"commit refs/heads/strange\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n"
        stream += b"from %b^0\n" % parent.encode() if parent else b""
        for name, content in changes.items():
            if content is None:
                stream += b"D %b\n" % name.encode()
            else:
                stream += b"M 100644 inline %b\ndata %d\n%b\n" % (name.encode(), len(content), content)
        self.git("fast-import", "--quiet", "--force", data=stream)
        self.git("update-ref", "refs/heads/crosspost", "refs/heads/strange")
        self.git("update-ref", "-d", "refs/heads/strange")

    def hook(self, name, script):
        place = self.remote / "hooks" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)

    def other_machine(self, **changes):
        return replace(self, spy=Spy(), **changes)


def lost(argv, ran):
    """The answer to a push that never came."""
    return Ran(128, b"", b"fatal: the remote end hung up unexpectedly") if argv[1] == "push" else ran


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(made.remote)], check=True)
    made.git("config", "receive.autogc", "false")
    return made


@pytest.fixture
def lost_answer():
    return lost
