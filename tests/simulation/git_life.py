"""A simulated life on the ledger of a git branch: real git, a bare repository, each crossing may kill.

Every call of git is a crossing on both sides, so that a process dies before a push, and after one that it never hears
of. At some passes the machine is a fresh one: what it remembered is gone, as on a runner that forgets everything.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from crosspost.app import SystemProcesses
from crosspost.core.world import Ran
from crosspost.errors import CrosspostError, LedgerBusy, LedgerDamaged, LedgerMissing, LedgerUnwritable
from crosspost.ledger.git.branch import LineBranch
from crosspost.ledger.git.ledger import Options, create, open_ledger
from crosspost.pipeline.passing import Options as PassOptions
from crosspost.pipeline.passing import run_pass
from crosspost.pipeline.record import Mode
from crosspost.testing.crossings import Killed, Process
from crosspost.testing.simulation import Broken, Plan, Simulation
from crosspost.testing.simulation.judge import unsettled
from crosspost.testing.world import SimulatedMemory, simulated_world

URL, REF = "git:./remote.git#crosspost", "refs/heads/crosspost"
RAM = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of our own is made in it
# What a pass may say while such a fault lasts. Anything else, or anything at another time, is a fault of ours.
TOLD = {
    "push never arrives": LedgerUnwritable,
    "push never arrives, once": LedgerUnwritable,
    "push arrives, answer lost": LedgerUnwritable,
    "push arrives, then the remote is gone": LedgerUnwritable,
    "remote refuses": LedgerUnwritable,
    "remote away": LedgerUnwritable,
    "branch deleted": LedgerMissing,
    "branch put back": LedgerDamaged,
}


@dataclass
class CrossingProcesses:
    """Real programs behind the process's border. Of `life.fault` the pushes and what follows them go wrong."""

    life: GitLife
    process: Process
    pushed: int = 0

    def run(self, argv, *, env, stdin, timeout):
        verb = argv[1] if argv[1] != "-C" else argv[3]
        self.process.cross(f"git {verb}")
        self.life.gits[verb] += 1
        ran = self.answered(verb, lambda: SystemProcesses().run(argv, env=env, stdin=stdin, timeout=timeout))
        self.process.cross(f"git {verb} done")
        return ran

    def answered(self, verb, run):
        fault, gone = self.life.fault, Ran(128, b"", b"fatal: unable to access")
        if verb == "push":
            self.pushed += 1
            if fault == "push never arrives" or (fault == "push never arrives, once" and self.pushed == 1):
                return gone
            ran = run()
            return gone if fault.startswith("push arrives") else ran
        if fault == "push arrives, then the remote is gone" and self.pushed and verb in {"ls-remote", "fetch"}:
            return gone
        return run()


@dataclass
class LookersClock:
    """For whoever only looks: what was fetched is fresh until the next pass."""

    life: GitLife
    looks: float = 0.0

    def now(self):
        return self.life.time.now

    def monotonic(self):
        return self.looks

    def sleep(self, seconds):
        raise AssertionError("a look slept")


class GitLife(Simulation):
    """A life whose ledger is a branch of a bare repository. `gits` counts git's commands by name."""

    def __init__(self, seed, folder: Path, plan: Plan | None = None) -> None:
        self.folder, self.fault, self.gits = folder, "", Counter()
        self.told = 0
        self.good_tip = ""
        self.clock = LookersClock(self)
        (folder / "tmp").mkdir()
        self.git("init", "--quiet", "--bare", "--template=", str(self.remote), at=folder)
        super().__init__(seed, plan)

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    def git(self, *arguments, at: Path | None = None) -> str:
        env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(["git", "-C", str(at or self.remote), *arguments], capture_output=True, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    # the ledger

    def world(self, process, processes):
        env = {"PATH": os.environ["PATH"], "TMPDIR": str(self.folder / "tmp")}
        made = simulated_world(self.time, process, {}, self.chance, memory=self.memory)
        return replace(made, env=env, processes=processes)

    def _new_ledger(self):
        world = replace(self.world(Process(), SystemProcesses()), clock=self.clock, memory=SimulatedMemory())
        return create(URL, self.folder, world, Options(writer="looker", max_age=0.5))

    def opened(self, process, writer):
        world = self.world(process, CrossingProcesses(self, process))
        return open_ledger(URL, self.folder, world, Options(writer=writer))

    def process(self, **how) -> None:
        if self.fault != "branch put back" and self.chance.random() < 0.4:
            self.memory = SimulatedMemory()
            self.tally.add("a fresh machine")
        try:
            super().process(**how)
        except Killed:  # while it opened the branch
            self.tally.add("killed")
            self.tally.add("killed while it opened the branch")
        except LedgerBusy:
            self.tally.add("gave way to others")
        except CrosspostError as error:
            if type(error) is not TOLD.get(self.fault) or not error.hint:
                raise
            self.tally.add(f"told: {error.code}")
            self.told += 1
        finally:
            self.clock.looks += 1

    def _skip(self) -> None:
        """A pass that finds nothing writes nothing here, but for one a day, and its time proves nothing."""

    # what goes wrong

    def _struck_pass(self) -> None:
        if self.chance.random() < 0.4:
            self._break(self.chance.choice(list(TOLD)))
        super()._struck_pass()

    def _break(self, fault: str) -> None:
        self.fault = fault
        self.tally.add(fault)
        self.good_tip = self.git("rev-parse", REF)
        match fault:
            case "remote refuses":
                hook = self.remote / "hooks" / "pre-receive"
                hook.parent.mkdir(exist_ok=True)
                hook.write_text("#!/bin/sh\nexit 1\n")
                hook.chmod(0o755)
            case "remote away":
                self.remote.rename(self.folder / "away")
                self.remote.mkdir()
            case "branch deleted":
                self.git("update-ref", "-d", REF)
            case "branch put back":
                back = self.chance.randrange(1, 4)
                if not self._remembers() or int(self.git("rev-list", "--count", REF)) <= back:
                    self.fault = ""
                    return
                self.git("update-ref", REF, f"{REF}~{back}")

    def _remembers(self) -> bool:
        """Whether this machine has seen the newest line; else nobody can notice that it is gone."""
        heads = [head >> 64 for name, head in self.memory.heads.items() if name != self.ledger.id]
        return bool(heads) and max(heads) == self.ledger.sequence()

    def _clear(self) -> None:
        """Somebody mends it."""
        super()._clear()
        (self.remote / "hooks" / "pre-receive").unlink(missing_ok=True)
        if (self.folder / "away").exists():
            self.remote.rmdir()
            (self.folder / "away").rename(self.remote)
        if self.fault in {"branch deleted", "branch put back"}:
            self.git("update-ref", REF, self.good_tip)
        self.fault = ""
