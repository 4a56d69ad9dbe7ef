"""A repository at GitHub, as far as its run's own token reaches: past runs, commits, and the standing issue.

Nothing here may harm a run: what can't be read or written is told in a sentence, and the run goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from crosspost import __version__
from crosspost.core.world import Call, WireTrouble, World
from crosspost.decide.actions import LOOKED_AT, Commit, PastRun, Punctuality, punctuality, rest
from crosspost.ledger.git.place import bare
from crosspost.net.addresses import parse_address
from crosspost.report.markdown import OnActions
from crosspost.report.standing_issue import Close, Issue, Leave, Open, Step, Update, Wanted, is_ours, settle

CRON = "CROSSPOST_CRON"  # the schedule that started the run, from GitHub's event
_PATIENCE = 20.0  # seconds for one call: the run is done, and nobody waits
_MOST = 5_000_000  # bytes of an answer
_PER_PAGE = 100  # GitHub's most
_PAGES = 5
_REFUSALS = frozenset({401, 403, 404, 410})  # no right to it, or the repository has no issues
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_OWN = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_JSON = Mapping[str, object]


class GitHubTrouble(Exception):
    """GitHub's interface didn't do what was asked. `status`: its answer, 0 where none came. It ends no run."""

    def __init__(self, status: int) -> None:
        super().__init__(f"GitHub's interface answered {status}." if status else "GitHub's interface didn't answer.")
        self.status = status


@dataclass(frozen=True, slots=True)
class GitHub:
    """The repository that a run belongs to. `api` is an origin without a slash at its end."""

    world: World
    api: str
    repository: str
    token: str

    @classmethod
    def of(cls, world: World) -> GitHub | None:
        """The one that the runner names; None elsewhere, and where the run was given no token."""
        env = world.env
        api, repository = env.get("GITHUB_API_URL", "").rstrip("/"), env.get("GITHUB_REPOSITORY", "")
        token = env.get("GITHUB_TOKEN", "").strip()
        known = _may_have_a_token(api) and _REPOSITORY.fullmatch(repository)
        return cls(world, api, repository, token) if known and token and token.isprintable() else None

    def runs(self, workflow: str) -> tuple[PastRun, ...]:
        """The newest runs of a workflow, by its file's name. Raises GitHubTrouble."""
        told = self._ask("GET", f"actions/workflows/{workflow}/runs?per_page={_PER_PAGE}")
        listed = told.get("workflow_runs") if isinstance(told, dict) else None
        return tuple(run for one in _objects(listed) if (run := _past_run(one)))

    def issue(self) -> Issue | None:
        """The standing issue, where one is open. Raises GitHubTrouble.

        Known by the mark in its body, and never one that a stranger opened.
        """
        for page in range(1, _PAGES + 1):
            told = self._ask("GET", f"issues?state=open&per_page={_PER_PAGE}&page={page}")
            issues = list(_objects(told))
            for one in issues:
                body, number = one.get("body"), one.get("number")
                if isinstance(body, str) and isinstance(number, int) and is_ours(body) and _is_own(one):
                    return Issue(number, body)
            if len(issues) < _PER_PAGE:
                break
        return None

    def do(self, step: Step) -> None:
        """Open, change or close it. Raises GitHubTrouble."""
        match step:
            case Open(title, body):
                self._ask("POST", "issues", {"title": title, "body": body})
            case Update(number, body):
                self._ask("PATCH", f"issues/{number}", {"body": body})
            case Close(number, body):
                self._ask("PATCH", f"issues/{number}", {"body": body, "state": "closed", "state_reason": "completed"})
            case Leave():
                pass

    def _ask(self, method: str, path: str, given: Mapping[str, str] | None = None) -> object:
        body = None if given is None else json.dumps(given).encode()
        headers = (
            ("User-Agent", f"crosspost/{__version__}"),
            ("Accept", "application/vnd.github+json"),
            ("Accept-Encoding", "identity"),
            ("X-GitHub-Api-Version", "2022-11-28"),
            ("Authorization", f"Bearer {self.token}"),
            ("Connection", "close"),
            *((("Content-Type", "application/json"), ("Content-Length", str(len(body)))) if body is not None else ()),
        )
        url = f"{self.api}/repos/{self.repository}/{path}"
        try:
            reply = self.world.wire.call(Call(method, url, headers, body, deadline=_PATIENCE))
            try:
                raw = _whole(reply.body) if 200 <= reply.status < 300 else b""
            finally:
                reply.close()
        except WireTrouble:
            raise GitHubTrouble(0) from None
        if not 200 <= reply.status < 300:
            raise GitHubTrouble(reply.status)
        try:
            return json.loads(raw)
        except ValueError:
            raise GitHubTrouble(reply.status) from None


def look(world: World, *, public: bool) -> OnActions:
    """What GitHub's records say: when the last good run was; in a public repository also whether it is at rest."""
    resting = rest(_commits(world), world.clock.now()) if public else None
    return OnActions(_punctuality(world), resting, public, form_page(world.env))


def form_page(env: Mapping[str, str]) -> str:
    """The address of the form's page; "" where the runner doesn't name the repository's."""
    page = _page(env)
    return f"{page}/actions/workflows/desk.yml" if page else ""


def _punctuality(world: World) -> Punctuality | None:
    host = GitHub.of(world)
    workflow = world.env.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].rpartition("/")[2]
    this = world.env.get("GITHUB_RUN_ID", "")
    if host is None or not re.fullmatch(r"[\w.-]+\.ya?ml", workflow) or not this.isdecimal():
        return None
    try:
        return punctuality(host.runs(workflow), int(this), world.env.get(CRON, ""))
    except GitHubTrouble:  # without `actions: read`; the ledger's own note is told instead
        return None


def keep_issue(world: World, wanted: Wanted) -> str:
    """Make the standing issue say so. What was done, or why nothing could be, in a sentence; "" for nothing at all."""
    host = GitHub.of(world)
    if host is None:
        return ""
    try:
        step = settle(wanted, host.issue(), _run_page(world.env))
        host.do(step)
    except GitHubTrouble as trouble:
        if trouble.status not in _REFUSALS:
            return f"The standing issue is as it was: {trouble}"
        return "No issue was opened: the workflow has no right to." if wanted.text else ""
    match step:
        case Open():
            return "An issue was opened."
        case Update(number):
            return f"Issue {number} was brought up to date."
        case Close(number):
            return f"Issue {number} was closed: nothing needs a person any more."
        case Leave():
            return ""


def _run_page(env: Mapping[str, str]) -> str:
    page, run = _page(env), env.get("GITHUB_RUN_ID", "")
    return f"{page}/actions/runs/{run}" if page and run.isdecimal() else ""


def _page(env: Mapping[str, str]) -> str:
    """The repository's own page; "" where the runner doesn't name it."""
    server, repository = env.get("GITHUB_SERVER_URL", ""), env.get("GITHUB_REPOSITORY", "")
    known = re.fullmatch(r"https?://[\w.:-]+", server) and _REPOSITORY.fullmatch(repository)
    return f"{server}/{repository}" if known else ""


def _may_have_a_token(api: str) -> bool:
    """Only what can't be read on the way: https, or a double on this machine."""
    parts = urlsplit(api)
    address = parse_address(parts.hostname or "")
    return parts.scheme == "https" or (parts.scheme == "http" and address is not None and address.is_loopback)


def _whole(chunks: Iterable[bytes]) -> bytes:
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > _MOST:
            raise WireTrouble(WireTrouble.INVALID)
    return body


def _objects(value: object) -> Iterator[_JSON]:
    listed = cast("list[object]", value) if isinstance(value, list) else []
    return (cast("_JSON", one) for one in listed if isinstance(one, dict))


def _is_own(issue: _JSON) -> bool:
    """Whether the workflow's bot wrote it, or somebody who belongs to the repository."""
    author = issue.get("user")
    is_bot = isinstance(author, dict) and author.get("type") == "Bot"
    return "pull_request" not in issue and (is_bot or issue.get("author_association") in _OWN)


def _past_run(told: _JSON) -> PastRun | None:
    number, event, at = told.get("id"), told.get("event"), told.get("created_at")
    if not isinstance(number, int) or not isinstance(event, str) or not isinstance(at, str):
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return PastRun(number, event, moment, told.get("conclusion") == "success") if moment.tzinfo else None


def _commits(world: World) -> list[Commit]:
    """The newest commits of the checkout; none where there is no git, or no checkout."""
    asked = world.processes.run(
        ["git", "log", f"-{LOOKED_AT}", "--format=%ct %an"], env=bare(world.env), stdin=b"", timeout=30
    )
    rows = asked.stdout.decode("utf-8", "replace").split("\n") if asked.code == 0 else []
    found = [re.fullmatch(r"(\d{1,11}) (.*)", row) for row in rows]
    return [Commit(one[2].strip(), datetime.fromtimestamp(int(one[1]), UTC)) for one in found if one]
