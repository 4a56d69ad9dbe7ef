"""Kills the installed `crosspost run` at its system calls, lets later passes mend it, and judges what came of it.

    python tests/benchmarks/kills.py --moments 400 [--git-moments 200] [--jobs 2] [--seed 1] [--figures]

The killed run is the real command with the real clock, a real ledger file and the sandbox on loopback; strace ends
it (SIGKILL), or makes one of its calls fail, at the Nth call of a kind. The passes after it are made here, on a clock
that is ahead, until nothing waits any more. Then the checker, which shares no code with crosspost, looks at the
ledger's tables, at what was asked of the platforms and at what stands there. git_kills.py does it to the ledger of a
git branch.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from crosspost import app
from crosspost.pipeline.passing import Options
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.serve import serve
from crosspost.sandbox.site import Site
from crosspost.sandbox.values import Answer, Fault, FaultKind
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing import checker

CROSSPOST = str(Path(sys.executable).with_name("crosspost"))
STRACE = shutil.which("strace")

# What touches disk or wire. Before each is after the one before it.
DISK = ("pwrite64", "fdatasync", "fsync", "ftruncate", "rename", "unlink", "mkdir", "fcntl", "write")
WIRE = ("socket", "connect", "poll", "sendto", "sendmsg", "recvfrom", "recvmsg", "shutdown")
ALWAYS = frozenset(DISK + WIRE) - {"pwrite64", "fcntl"}  # few: all of them; of the others a sample
ERRORS = {
    "pwrite64": ("ENOSPC", "EIO"),
    "fdatasync": ("EIO",),
    "ftruncate": ("ENOSPC",),
    "mkdir": ("EROFS",),
    "rename": ("EACCES",),
    "connect": ("ECONNREFUSED", "ENETUNREACH"),
    "sendto": ("ECONNRESET", "EPIPE"),
    "recvfrom": ("ECONNRESET",),
}
HOUR = timedelta(hours=1)
FIGURES = Path(__file__).resolve().parents[2] / "docs" / "figures" / "kills.json"


@dataclass(frozen=True)
class Moment:
    """The Nth call of a kind, and what becomes of it: death, or an error (`on`: from then on always)."""

    scenario: str
    call: str
    number: int
    error: str = ""
    on: bool = False

    def __str__(self) -> str:
        what = f"{self.error}{' from then on' if self.on else ''}" if self.error else "killed"
        return f"{self.scenario}: {what} at {self.call} {self.number}"

    @property
    def kind(self) -> str:
        return f"{self.call} {self.error}".rstrip()

    def injection(self) -> str:
        what = f"error={self.error}" if self.error else "signal=SIGKILL"
        return f"inject={self.call}:{what}:when={self.number}{'+' if self.on else ''}"


class Stage:
    """What the sockets lead to: a sandbox that can be changed, and a look into the ledger at each post asked for."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self.x = self.facebook = self.site = None
        self.book: Callable[[], Path] | None = None  # the ledger as the checker reads it
        self.mark = lambda what: None  # told of what comes in ("asked") and of what was done ("answered")
        self.asked: dict[str, list[dict]] = {"x": [], "facebook": []}

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def set(self, x, facebook, site) -> None:
        self.x, self.facebook, self.site = x, facebook, site
        self.asked = {"x": [], "facebook": []}

    def handle(self, request, now):
        if len(request.body) < int(request.header("content-length") or 0):
            return Answer(400)  # whoever sent it died half-way
        target = ""
        if request.method == "POST" and request.path == "/2/tweets":
            target, text, link = "x", json.loads(request.body)["text"], ""
        elif request.method == "POST" and re.fullmatch(r"/v[\d.]+/\d+/feed", request.path):
            form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
            form = form or dict(request.query)
            target, text, link = "facebook", form["message"], form.get("link", "")
        if target:
            held = text in checker.claims(self.book(), target) if self.book else None
            self.asked[target].append({"text": text, "link": link, "held": held})
        self.mark("asked")
        answer = Sandbox((self.x,), (self.facebook,), self.site).handle(request, now)
        self.mark("answered")
        return answer

    def account(self, target: str) -> checker.Account:
        model = self.x if target == "x" else self.facebook
        posts = [{"id": post.id, "text": post.text, "link": post.link} for post in model.timeline()]
        return {"posts": posts, "requests": self.asked[target]}


@dataclass(frozen=True)
class Ahead:
    """The stage's time for the passes after the killed one."""

    stage: Stage

    def now(self) -> datetime:
        return self.stage.now()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        raise AssertionError("a pass slept")


@dataclass
class Kept:
    """A scenario's beginning: a folder, and the platforms as they stand then."""

    folder: Path
    models: tuple
    asked: dict[str, list[dict]]
    command: tuple[str, ...] = ("run",)


@dataclass
class Verdict:
    """What came of one moment."""

    moment: Moment | None
    struck: bool
    code: int
    said: str
    passes: int
    faults: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


class Bench:
    """One sandbox on loopback with its folders; moments are played on it one after the other."""

    def __init__(self, root: Path) -> None:
        self.root, self.stage = root, Stage()
        self.server = serve(self.stage, now=lambda: self.stage.now())
        self.folder = root / "work"
        self.kept: dict[str, Kept] = {}

    def close(self) -> None:
        self.server.close()

    # --- beginnings ---------------------------------------------------------------------------------------------------

    def models(self):
        x = XModel("kill-key", "kill-secret", "1800000000000000001-kill", "kill-token-secret", "1800000000000000001",
                   "Halden", XOptions(refuse_repeats=False))  # fmt: skip
        options = FacebookOptions(app_secret="kill-app-secret", refuse_repeats=False)
        return x, FacebookModel("100200300400500", "kill-page-token", "Halden", options), Site(self.stage.now())

    def env(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        sandbox = Sandbox((self.stage.x,), (self.stage.facebook,), self.stage.site)
        state = {"CROSSPOST_STATE_DIR": str(self.folder / "state"), "COLUMNS": "200", "TZ": "UTC"}
        return {**clean, **sandbox.environment(self.server.url), **state}

    def spoken(self, *args: str, prefix: tuple[str, ...] = (), **more) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*prefix, CROSSPOST, *args], cwd=self.folder, env=self.env(), capture_output=True, text=True,
            timeout=300, errors="replace", **more,
        )  # fmt: skip

    @property
    def ledger(self) -> Path:
        return self.folder / "crosspost.db"

    @property
    def init(self) -> tuple[str, ...]:
        return ("init", self.server.site_url, "--yes", "--campaign", "#LastGirlFirst", "--timezone", "UTC",
                "--publish-latest", "3")  # fmt: skip

    def fresh(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.stage.book = None

    def installed(self, offset: timedelta = timedelta(0)) -> None:
        """Ten stories, seven of them known, three to go out on two accounts. The clock stands at `offset`."""
        self.fresh()
        self.stage.offset = offset
        self.stage.set(*self.models())
        world = self.world()
        settings = self.folder / "config" / "crosspost.toml"
        done = self.spoken(*self.init) if not offset else None
        if done is None:  # the command has the real clock
            self.offline_install(world, settings)
        elif done.returncode:
            raise RuntimeError(done.stderr)
        settings.write_text(settings.read_text().replace('settle = "10m"', 'settle = "0s"'))

    def offline_install(self, world, settings: Path) -> None:
        from crosspost.setup.files import Choices, settings_text

        text = settings_text(Choices(f"{self.server.site_url}feed/", "UTC", ("#LastGirlFirst",), ("example.org",),
                                     ("127.0.0.1",), "sqlite:///crosspost.db"))  # fmt: skip
        settings.parent.mkdir(parents=True)
        app.install(world, text, settings, latest=3)

    def keep(self, name: str, command: tuple[str, ...] = ("run",)) -> None:
        place = self.root / f"kept-{name}"
        shutil.copytree(self.folder, place)
        models = (self.stage.x, self.stage.facebook, self.stage.site)
        self.kept[name] = Kept(place, models, self.stage.asked, command)

    def prepare(self, name: str) -> None:
        """Make a scenario's beginning."""
        match name:
            case "first":  # six posts to send
                self.installed()
            case "doubt":  # one answer of each account was lost 65 minutes ago; on X the post is out, on Facebook not
                self.installed(-65 * HOUR / 60)
                self.lose_answers()
                self.a_pass()
            case "gap":  # nobody ran for three hours: the timelines are read before anything is sent
                self.installed(-3 * HOUR)
            case "init":  # the very first command
                self.fresh()
                self.stage.set(*self.models())
            case _:
                raise ValueError(name)
        self.stage.offset = timedelta(0)
        self.keep(name, self.init if name == "init" else ("run",))

    def lose_answers(self) -> None:
        """The next post of each account: on X it stands there, on Facebook it doesn't."""
        self.stage.x.faults.add(Fault(FaultKind.CLOSE_AFTER, "POST", "/2/tweets"))
        self.stage.facebook.faults.add(Fault(FaultKind.CLOSE_BEFORE, "POST", "/feed"))

    def begin(self, name: str) -> Kept:
        """Everything as the scenario begins."""
        if name not in self.kept:
            self.prepare(name)
        kept = self.kept[name]
        self.fresh()
        shutil.copytree(kept.folder, self.folder, dirs_exist_ok=True)
        self.stage.offset = timedelta(0)
        self.stage.set(*copy.deepcopy(kept.models))
        self.stage.asked = copy.deepcopy(kept.asked)
        self.stage.book = lambda: self.ledger
        return kept

    # --- a moment -----------------------------------------------------------------------------------------------------

    def world(self):
        return replace(app.system_world(self.env()), clock=Ahead(self.stage))

    def a_pass(self) -> None:
        world = self.world()
        project = app.open_project(world, self.folder / "config" / "crosspost.toml")
        app.run(world, project, Options())

    def calls(self, name: str) -> Counter:
        """How often each kind is called in an undisturbed run: the most of any one thread."""
        kept = self.begin(name)
        log = self.root / "calls"
        trace = ",".join(DISK + WIRE)
        done = self.spoken(
            *kept.command, prefix=(STRACE, "-f", "--seccomp-bpf", "-qq", "-o", str(log), "-e", f"trace={trace}")
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        counts: Counter = Counter()
        for line in log.read_text(errors="replace").splitlines():
            if found := re.match(r"(\d+) +(\w+)\(", line):
                counts[found.groups()] += 1
        most: Counter = Counter()
        for (_, call), count in counts.items():
            most[call] = max(most[call], count)
        return most

    def play(self, moment: Moment) -> Verdict:
        kept = self.begin(moment.scenario)
        # Behind the faster filter (--seccomp-bpf) strace 6.1 injects errors, and no signals.
        prefix = (STRACE, "-f", *(["--seccomp-bpf"] if moment.error else []), "-qq", "-o", os.devnull,
                  "-e", f"trace={moment.call}", "-e", moment.injection())  # fmt: skip
        done = self.spoken(*kept.command, prefix=prefix)
        self.quiet()
        struck = done.returncode in {-9, 137} if not moment.error else True
        return self.judge(moment, done, struck=struck)

    def judge(self, moment: Moment | None, done, *, struck: bool) -> Verdict:
        """Look at the struck run's end, make the later passes, and let the checker look at all of it."""
        verdict = Verdict(moment, struck, done.returncode, done.stdout + done.stderr, 0)
        if "Traceback" in verdict.said or "bug in crosspost" in verdict.said:
            verdict.faults.append(f"no sentence for a person: {verdict.said[-600:]}")
        if moment and moment.error and self.has_ledger():
            verdict.faults += wrong_end(moment, done, all_out=not checker.unsettled(self.ledger))
        settings = self.folder / "config" / "crosspost.toml"
        if not settings.exists():  # init was struck: a person types it again
            again = self.spoken(*self.init)
            if again.returncode:
                verdict.faults.append(f"init doesn't work a second time: {again.stderr}")
                return verdict
        try:
            self.calm(verdict)
        except Exception as error:
            verdict.faults.append(f"a later pass broke: {error!r}")
            return verdict
        accounts = {"x": self.stage.account("x"), "facebook": self.stage.account("facebook")}
        verdict.faults += checker.faults(self.ledger, accounts, self.links())
        verdict.faults += checker.unsettled(self.ledger)
        verdict.doubtful = checker.doubtful(self.ledger)
        for target, account in accounts.items():
            if len(account["posts"]) != 3 and not verdict.doubtful:
                verdict.faults.append(f"{len(account['posts'])} posts stand on {target} instead of 3")
        return verdict

    def calm(self, verdict: Verdict) -> None:
        """Later passes until nothing waits: the first past the lease, the next past an absence's half hour."""
        for minutes in (12, 40, 40, 40, 60, 60, 60, 80):
            self.stage.offset += timedelta(minutes=minutes)
            self.a_pass()
            verdict.passes += 1
            if not checker.unsettled(self.ledger):
                return

    def has_ledger(self) -> bool:
        """Whether init came so far; a disk that fails within its transaction leaves an empty file."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as file:
            return bool(file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        return False

    def quiet(self) -> None:
        """Until the sandbox has dealt with what the dead process left in its sockets."""
        time.sleep(0.02)
        end = time.monotonic() + 15
        while self.server._http._callers and time.monotonic() < end:
            time.sleep(0.005)

    def links(self) -> list[str]:
        return [item.findtext("link") for item in ElementTree.fromstring(self.stage.site.body).iter("item")]


def wrong_end(moment: Moment, done, *, all_out: bool) -> list[str]:
    """A run whose disk or network fails lives, and ends with the right code and a sentence.

    A disk that fails after the last commit (SQLite tidies its -wal then) is no trouble: `all_out`.
    """
    if done.returncode not in {0, 1}:
        return [f"exit code {done.returncode}: {done.stderr[-300:]}"]
    if moment.scenario == "first" and moment.on and moment.call in {"pwrite64", "fdatasync"} and not all_out:
        said = "can't be written" in " ".join(done.stderr.split())
        if done.returncode != 1 or not said:
            return [f"the disk failed, and nobody was told (exit {done.returncode}): {done.stderr[-300:]}"]
    return []


@contextmanager
def bench():
    with tempfile.TemporaryDirectory(prefix="kills-") as root:
        made = Bench(Path(root))
        try:
            yield made
        finally:
            made.close()


def strace_works() -> bool:
    """Whether this machine has strace and lets it look."""
    if STRACE is None:
        return False
    ran = subprocess.run(
        [STRACE, "-f", "-qq", "-o", os.devnull, "-e", "inject=write:signal=SIGKILL:when=1", "echo", "x"],
        capture_output=True,
    )
    return ran.returncode in {-9, 137}


def moments(counts: dict[str, Counter], wanted: int, chance: random.Random) -> list[Moment]:
    """All moments of the rare calls, and of the frequent ones as many as fit; then errors, one in five."""
    rare, frequent, errors = [], [], []
    for scenario, calls in counts.items():
        for call, most in calls.items():
            for number in range(1, most + 1):
                (rare if call in ALWAYS else frequent).append(Moment(scenario, call, number))
                errors += [
                    Moment(scenario, call, number, error, on) for error in ERRORS.get(call, ()) for on in (False, True)
                ]
    chance.shuffle(rare)
    chance.shuffle(frequent)
    chance.shuffle(errors)
    struck = errors[: wanted // 5]
    left = wanted - len(struck)
    rare = rare[: left * 2 // 3]
    return [*rare, *frequent[: left - len(rare)], *struck]


def play_all(chosen: list, jobs: int, told=lambda verdict: None, opened=bench) -> list[Verdict]:
    """Play them on so many benches at once."""
    left, verdicts, lock = list(reversed(chosen)), [], threading.Lock()

    def work() -> None:
        with opened() as mine:
            while True:
                with lock:
                    if not left:
                        return
                    moment = left.pop()
                try:
                    verdict = mine.play(moment)
                except Exception as error:
                    verdict = Verdict(moment, False, 0, "", 0, [f"the bench broke: {error!r}"])
                with lock:
                    verdicts.append(verdict)
                    told(verdict)

    threads = [threading.Thread(target=work) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return verdicts


def show(verdict: Verdict) -> None:
    if verdict.faults:
        print(f"{verdict.moment} (exit {verdict.code}): {'; '.join(verdict.faults)}", flush=True)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=100, help="on a ledger in a file")
    parser.add_argument("--git-moments", type=int, default=0, help="on the ledger of a git branch")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenarios", default="first,doubt,gap,init")
    parser.add_argument("--figures", action="store_true", help="write docs/figures/kills.json")
    return parser.parse_args()


def main() -> int:
    given = options()
    if given.moments and not strace_works():
        print("strace is missing, or this machine doesn't let it trace; `apt-get install strace` brings it.")
        return 1
    in_file = on_files(given) if given.moments else []
    on_git = on_branches(given) if given.git_moments else []
    if given.figures:
        write_figures(given, in_file, on_git)
    return 1 if any(verdict.faults for verdict in in_file + on_git) else 0


def on_files(given: argparse.Namespace) -> list[Verdict]:
    begun = time.monotonic()
    with bench() as scout:
        counts = {name: scout.calls(name) for name in given.scenarios.split(",")}
    chosen = moments(counts, given.moments, random.Random(given.seed))
    verdicts = play_all(chosen, given.jobs, show)
    told = {name: sum(calls.values()) for name, calls in counts.items()}
    report("system calls", told, verdicts, time.monotonic() - begun)
    return verdicts


def on_branches(given: argparse.Namespace) -> list[Verdict]:
    import git_kills  # which builds on this module

    begun = time.monotonic()
    marks = git_kills.scout()
    chosen = git_kills.moments(marks, given.git_moments, random.Random(given.seed))
    verdicts = play_all(chosen, given.jobs, show, git_kills.bench)
    told = {name: len(found) for name, found in marks.items()}
    report("marks", told, verdicts, time.monotonic() - begun)
    return verdicts


def report(what: str, counts: dict[str, int], verdicts: list[Verdict], seconds: float) -> None:
    kinds = Counter(v.moment.kind for v in verdicts)
    print(f"{len(verdicts)} moments in {seconds:.0f} s; {sum(v.struck for v in verdicts)} struck")
    print(f"{what} of an undisturbed run:", counts)
    print("kinds:", dict(sorted(kinds.items())))
    print("exit codes:", dict(Counter(v.code for v in verdicts)))
    print("later passes until calm:", dict(sorted(Counter(v.passes for v in verdicts).items())))
    print("left to a person:", dict(Counter(re.sub(r"#\d+ ", "", d) for v in verdicts for d in v.doubtful)))
    twice, lost, other = sums(verdicts)
    print(f"duplicates: {twice}; silent losses: {lost}; other faults: {other}")


def sums(verdicts: list[Verdict]) -> tuple[int, int, int]:
    """What stood twice, what was lost in silence, and what else was wrong."""
    wrong = [fault for v in verdicts for fault in v.faults]
    twice = sum(bool(re.search(r"stands \d+ times", fault)) for fault in wrong)
    lost = sum("in the feed and not" in fault or "no state" in fault or "no reason" in fault for fault in wrong)
    return twice, lost, len(wrong) - twice - lost


def write_figures(given: argparse.Namespace, in_file: list[Verdict], on_git: list[Verdict]) -> None:
    """The figures as docs/generate.py reads them; of the ledger that wasn't played the last ones stay."""
    parts = json.loads(FIGURES.read_text(encoding="utf-8"))["parts"] if FIGURES.exists() else {}
    parts |= {"file": file_rows(in_file)} if in_file else {}
    parts |= {"git": git_rows(on_git)} if on_git else {}
    told = {
        "title": "The installed command, killed, and what later runs made of it",
        "command": f"python tests/benchmarks/kills.py --moments {given.moments} --git-moments {given.git_moments} "
        f"--seed {given.seed} --figures",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "parts": parts,
        "rows": [row for name in ("file", "git") for row in parts.get(name, ())],
    }
    FIGURES.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def file_rows(verdicts: list[Verdict]) -> list[tuple[str, int]]:
    killed = [v for v in verdicts if not v.moment.error]
    return [
        ("a ledger in a file: killed with SIGKILL at a system call", sum(v.struck for v in killed)),
        ("… disk or network failed at a system call", len(verdicts) - len(killed)),
        *end_rows(verdicts),
    ]


def git_rows(verdicts: list[Verdict]) -> list[tuple[str, int]]:
    struck = [v for v in verdicts if v.struck]
    return [
        ("a git branch: the whole machine killed, a fresh one goes on", sum(v.moment.whole for v in struck)),
        ("… the command alone killed, its git goes on", sum(not v.moment.whole for v in struck)),
        ("… of both, within a push or right after it", sum("push" in v.moment.mark for v in struck)),
        ("… of both, over git's own HTTP backend", sum("https" in v.moment.scenario for v in struck)),
        *end_rows(verdicts),
    ]


def end_rows(verdicts: list[Verdict]) -> list[tuple[str, int]]:
    twice, lost, other = sums(verdicts)
    passes = sum(v.passes for v in verdicts)
    return [
        ("… later runs until nothing waited", passes),
        ("… posted twice", twice),
        ("… lost in silence", lost),
        ("… anything else that is wrong", other),
    ]


if __name__ == "__main__":
    import kills  # by the name under which git_kills knows it

    sys.exit(kills.main())
