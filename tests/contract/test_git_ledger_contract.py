"""The ledger on a git branch passes the suite of every ledger, on a real git and a bare repository."""

from __future__ import annotations

import os
import subprocess

from crosspost.app import SystemClock, SystemProcesses
from crosspost.core.world import World
from crosspost.ledger.git.ledger import Options, create
from crosspost.net.wire import SocketWire
from crosspost.testing.doubles import NoMemory, Tokens
from crosspost.testing.ledger_contract import LedgerContract


class TestGitBranch(LedgerContract):
    """Every read looks at the remote (max_age 0): the suite asks two openings in turn."""

    def make(self, tmp_path):
        subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(tmp_path / "remote.git")], check=True)
        env = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
        wire = SocketWire(lambda seconds, action: lambda: None)
        world = World(SystemClock(), Tokens(), env, wire, NoMemory(), SystemProcesses())
        return create("git:remote.git#crosspost", tmp_path, world, Options(writer="first", max_age=0))

    def reopen(self, ledger, writer):
        return ledger.reopen(writer=writer)
