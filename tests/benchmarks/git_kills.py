"""Kills the installed `crosspost run` on the ledger of a git branch, each time going on with a fresh machine.

    python tests/benchmarks/kills.py --git-moments 200

The run is killed at a moment counted from its own marks (git begins or has ended a command, a request came in, it was
acted on) and some milliseconds. "all": the whole machine, every git with it; "alone": crosspost, whose git goes on.
Nothing is left then but the settings and the remote: what the machine remembered, its home and its temporary files are
gone. The remote is a bare repository, or the same behind git's own HTTP backend, which outlives the machine.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import git_host
import trustme
from kills import CROSSPOST, HOUR, Bench, Kept, Verdict

from crosspost import app
from crosspost.setup.files import Choices, settings_text

GIT = shutil.which("git")
SCENARIOS = tuple(f"{what} {where}" for where in ("file", "https") for what in ("first", "doubt", "init"))
SHARP = {"begin push", "end push", "asked", "answered"}  # where something becomes durable, here or there
SPREAD = {"begin push": 0.06}  # seconds that it takes, and somewhat more; anything else 20 ms
SHIM = """#!/bin/sh
echo "begin $1" >>{marks}
{git} "$@"
code=$?
echo "end $1" >>{marks}
exit $code
"""


@dataclass(frozen=True)
class GitMoment:
    """The Nth mark of a run, some seconds after it, and who dies: the whole machine, or crosspost alone."""

    scenario: str
    mark: str
    number: int
    delay: float = 0.0
    whole: bool = True
    error: str = ""  # none is injected

    def __str__(self) -> str:
        return f"{self.scenario}: {self.kind} {self.delay * 1000:.0f} ms after mark {self.number}, {self.mark}"

    @property
    def kind(self) -> str:
        return f"{'all' if self.whole else 'alone'} killed"


class Killer:
    """Watches a run's marks, and strikes at the moment. `marks`: those that came."""

    def __init__(self, file: Path, moment: GitMoment | None, machine: Path) -> None:
        self._file, self._moment, self._machine = file, moment, machine
        self.marks: list[str] = []
        self.program: subprocess.Popen | None = None
        self._read, self._lock = 0, threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def start(self, program: subprocess.Popen) -> None:
        self.program = program
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()
        self._take()

    def mark(self, what: str) -> None:
        """A mark that isn't git's; where the moment is here the answer never leaves."""
        with self._lock:
            self._take_file()
            self._add(what)

    def _watch(self) -> None:
        while not self._done.wait(0.001):
            self._take()

    def _take(self) -> None:
        with self._lock:
            self._take_file()

    def _take_file(self) -> None:
        with suppress(FileNotFoundError), self._file.open() as file:
            file.seek(self._read)
            text = file.read()
            whole = text[: text.rfind("\n") + 1]
            self._read += len(whole)
            for line in whole.splitlines():
                self._add(line)

    def _add(self, what: str) -> None:
        self.marks.append(what)
        moment = self._moment
        if moment and len(self.marks) == moment.number and self.program:
            time.sleep(moment.delay)
            self.strike()

    def strike(self) -> None:
        self.program.kill()
        if self._moment.whole:
            kill_machine(self._machine)


def kill_machine(machine: Path) -> None:
    """Every process that works in this machine's temporary folder, and what it started, until none is left."""
    sign = f"TMPDIR={machine / 'tmp'}".encode()
    while True:
        found = [int(place.name) for place in Path("/proc").iterdir() if place.name.isdigit() and _is_of(place, sign)]
        for number in found:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        if not found:
            return


def _is_of(place: Path, sign: bytes) -> bool:
    with suppress(OSError):
        return sign in (place / "environ").read_bytes().split(b"\0")  # a dead one's is empty
    return False


class GitBench(Bench):
    """A bench whose ledger is a branch; every pass is made by a fresh machine."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.machines, self.shimmed = 0, False
        self.authority = trustme.CA()
        self.authority.cert_pem.write_to_path(root / "ca.pem")
        self.host = git_host.Host(self.folder, self.authority)
        self.url, self._book_of = "", ""

    def close(self) -> None:
        super().close()
        self.host.close()

    # the remote

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    def git(self, *arguments: str) -> bytes:
        done = subprocess.run([GIT, "-C", str(self.remote), *arguments], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    @property
    def remote_lock(self) -> Path:
        """What a receiver that died with the machine may leave."""
        return self.remote / "refs" / "heads" / "crosspost.lock"

    def _told_of_lock(self) -> str:
        """What is wrong with what a run says of a lock that was left; "" where nothing is."""
        done = self.spoken("run")
        said = " ".join(done.stderr.split())
        if "crosspost.lock" in said or not (self.folder / "config" / "crosspost.toml").exists():
            return ""
        return f"a lock was left, and nobody told: exit {done.returncode}, {said}"

    @property
    def ledger(self) -> Path:
        """The branch as a file that the checker can read."""
        place = self.folder / "book.db"
        tip = self.git("rev-parse", "--verify", "--quiet", "refs/heads/crosspost").decode().strip()
        if tip and tip != self._book_of:
            place.unlink(missing_ok=True)
            names = [name for name in self.git("ls-tree", "-r", "--name-only", tip).split() if b"records/" in name]
            write_book([self.git("cat-file", "blob", f"{tip}:{name.decode()}") for name in sorted(names)], place)
            self._book_of = tip
        return place

    # the machine

    @property
    def machine(self) -> Path:
        return self.root / f"machine-{self.machines}"

    def fresh_machine(self) -> None:
        """Nothing of the last one is there any more. What lives on there finds its folders, for a while."""
        old = self.root / f"machine-{self.machines - 1}"
        shutil.rmtree(old, ignore_errors=True)
        self.machines += 1
        for name in ("state", "tmp", "home"):
            (self.machine / name).mkdir(parents=True)

    def env(self) -> dict[str, str]:
        here = {"CROSSPOST_STATE_DIR": "state", "TMPDIR": "tmp", "HOME": "home"}
        path = f"{self.machine / 'bin'}:{os.environ['PATH']}" if self.shimmed else os.environ["PATH"]
        keys = {"CROSSPOST_GIT_TOKEN": git_host.TOKEN, "GIT_SSL_CAINFO": str(self.root / "ca.pem"), "PATH": path}
        return {**super().env(), **keys, **{name: str(self.machine / folder) for name, folder in here.items()}}

    def shim(self) -> Path:
        """Put a git first in the path that marks what it does; the file of marks."""
        marks, program = self.machine / "marks", self.machine / "bin" / "git"
        program.parent.mkdir()
        program.write_text(SHIM.format(marks=marks, git=GIT))
        program.chmod(0o755)
        return marks

    # beginnings

    def fresh(self) -> None:
        super().fresh()
        self._book_of = ""
        self.fresh_machine()

    def installed(self, offset: timedelta = timedelta(0)) -> None:
        self.stage.offset = offset
        self.stage.set(*self.models())
        settings = self.folder / "config" / "crosspost.toml"
        settings.parent.mkdir(parents=True)
        text = settings_text(Choices(f"{self.server.site_url}feed/", "UTC", ("#LastGirlFirst",), ("example.org",),
                                     ("127.0.0.1",), self.url))  # fmt: skip
        app.install(self.world(), text, settings, latest=3)
        settings.write_text(settings.read_text().replace('settle = "10m"', 'settle = "0s"'))

    def prepare(self, name: str) -> None:
        what = name.partition(" ")[0]
        self.fresh()
        subprocess.run([GIT, "init", "--quiet", "--bare", "--template=", str(self.remote)], check=True)
        self.git("config", "http.receivepack", "true")
        self.git("config", "receive.autogc", "false")
        match what:
            case "first":
                self.installed()
            case "doubt":
                self.installed(-65 * HOUR / 60)
                self.lose_answers()
                self.a_pass()
            case "init":
                self.stage.set(*self.models())
        self.stage.offset = timedelta(0)
        self.keep(name, self.init if what == "init" else ("run",))

    def begin(self, name: str) -> Kept:
        where = self.remote if name.endswith("file") else f"{self.host.address}/remote.git"
        self.url = f"git:{where}#crosspost"
        return super().begin(name)

    @property
    def init(self) -> tuple[str, ...]:
        return (*super().init, "--ledger", self.url)

    # a moment

    def a_pass(self) -> None:
        self.fresh_machine()
        super().a_pass()

    def marks(self, name: str) -> list[str]:
        """Those of an undisturbed run."""
        done, killer = self._run(name, None)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return killer.marks

    def play(self, moment: GitMoment) -> Verdict:
        done, _ = self._run(moment.scenario, moment)
        self.fresh_machine()
        self.quiet()
        if moment.whole and self.remote_lock.exists():
            if fault := self._told_of_lock():
                return Verdict(moment, True, done.returncode, "", 0, [fault])
            self.remote_lock.unlink()  # as a person does who is told so
        return self.judge(moment, done, struck=done.returncode == -signal.SIGKILL)

    def _run(self, name: str, moment: GitMoment | None):
        kept = self.begin(name)
        killer = Killer(self.shim(), moment, self.machine)
        self.shimmed = True
        try:
            program = subprocess.Popen([CROSSPOST, *kept.command], cwd=self.folder, env=self.env(),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
        finally:
            self.shimmed = False
        self.stage.mark = killer.mark
        killer.start(program)
        out, err = program.communicate(timeout=300)
        killer.stop()
        self.stage.mark = lambda what: None
        return subprocess.CompletedProcess([], program.returncode, out, err), killer


def moments(marks: dict[str, list[str]], wanted: int, chance: random.Random) -> list[GitMoment]:
    """Two thirds of them where something becomes durable, the rest anywhere; of five the machine dies in four."""
    sharp, others = [], []
    for scenario, told in marks.items():
        for number, mark in enumerate(told, 1):
            (sharp if mark in SHARP else others).append((scenario, mark, number))
    chance.shuffle(sharp)
    chance.shuffle(others)
    picked = [sharp[index % len(sharp)] for index in range(wanted * 2 // 3)]
    picked += [others[index % len(others)] for index in range(wanted - len(picked))]
    return [_moment(place, chance) for place in picked]


def _moment(place: tuple[str, str, int], chance: random.Random) -> GitMoment:
    at_once = place[1] != "begin push" and chance.random() < 0.5
    delay = 0.0 if at_once else chance.uniform(0, SPREAD.get(place[1], 0.02))
    return GitMoment(*place, delay, whole=chance.random() < 0.8)


@contextmanager
def bench():
    with tempfile.TemporaryDirectory(prefix="git-kills-") as root:
        made = GitBench(Path(root))
        try:
            yield made
        finally:
            made.close()


def scout(scenarios: Iterable[str] = SCENARIOS) -> dict[str, list[str]]:
    """The marks of undisturbed runs."""
    with bench() as made:
        return {name: made.marks(name) for name in scenarios}


def write_book(files: list[bytes], place: Path) -> None:
    """The branch's lines as the tables that the checker knows; read with nothing of crosspost's."""
    stories, revisions, heads = {}, [], {}
    for line in b"".join(files).split(b"\n")[1:]:
        told = json.loads(line) if line else {}
        for story in told.get("stories", ()):
            stories[story["id"]] = story
        for revision in told.get("revisions", ()):
            revisions.append(revision)
            heads[revision["story"], revision["target"]] = revision
    with closing(sqlite3.connect(place)) as file:
        file.execute("CREATE TABLE stories (number, body)")
        file.execute("CREATE TABLE revisions (story, target, rev, body)")
        file.execute("CREATE TABLE heads (story, target, number, rev, state)")
        file.executemany("INSERT INTO stories VALUES (?, ?)", [(s["number"], json.dumps(s)) for s in stories.values()])
        file.executemany(
            "INSERT INTO revisions VALUES (?, ?, ?, ?)",
            [(r["story"], r["target"], r["rev"], json.dumps(r)) for r in revisions],
        )
        file.executemany(
            "INSERT INTO heads VALUES (?, ?, ?, ?, ?)",
            [(*key, stories[key[0]]["number"], r["rev"], r["state"]) for key, r in heads.items()],
        )
        file.commit()
