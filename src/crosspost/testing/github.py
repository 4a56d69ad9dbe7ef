"""A small double of GitHub's REST interface: the issues of one repository, and its list of workflow runs.

Four endpoints, as docs.github.com/rest described them on 24 November 2026: list issues (pull requests are in it),
create one, change one, list a workflow's runs. What a token may do is set by `rights`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosspost.sandbox.values import Answer, Request, json_answer

BOT = {"login": "github-actions[bot]", "type": "Bot"}


@dataclass(slots=True)
class GitHubDouble:
    """One repository. `issues` and `runs` are as GitHub's JSON has them; `calls` are "METHOD path" in order.

    `rights`: "issues", "issues:read" and "actions"; without them it answers as GitHub does to a private repository's
    token. `fault`: a status that every call gets instead.
    """

    repository: str = "acme/news"
    token: str = "ghs_test"  # noqa: S105 - a double's own
    rights: frozenset[str] = frozenset({"issues", "actions"})
    issues: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    fault: int = 0
    url: str = ""  # where it listens, if it does

    def handle(self, request: Request, now: datetime) -> Answer:  # noqa: ARG002 - as the sandbox's models
        """Answer one request."""
        self.calls.append(f"{request.method} {request.path}")
        if self.fault:
            return json_answer(self.fault, {"message": "A fault on demand"})
        if request.header("Authorization") != f"Bearer {self.token}":
            return json_answer(401, {"message": "Bad credentials"})
        if not request.header("User-Agent"):
            return json_answer(403, {"message": "Request forbidden by administrative rules"})
        path = request.path.removeprefix(f"/repos/{self.repository}/")
        for pattern, method, right, action in self._routes():
            found = re.fullmatch(pattern, path)
            if found and request.method == method:
                missing = right not in self.rights and right.partition(":")[0] not in self.rights
                return self._refusal() if missing else action(request, *found.groups())
        return json_answer(404, {"message": "Not Found"})

    @property
    def open_issues(self) -> list[dict[str, Any]]:
        """Those that stand."""
        return [issue for issue in self.issues if issue["state"] == "open"]

    def _routes(self) -> tuple[tuple[str, str, str, Callable[..., Answer]], ...]:
        return (
            (r"issues", "GET", "issues:read", self._list),
            (r"issues", "POST", "issues", self._create),
            (r"issues/(\d+)", "PATCH", "issues", self._change),
            (r"actions/workflows/([\w.-]+)/runs", "GET", "actions", self._runs),
        )

    def _refusal(self) -> Answer:
        return json_answer(403, {"message": "Resource not accessible by integration"})

    def _list(self, request: Request) -> Answer:
        asked = dict(request.query)
        each, page = int(asked.get("per_page", "30")), int(asked.get("page", "1"))
        newest = list(reversed([issue for issue in self.issues if issue["state"] == asked.get("state", "open")]))
        return json_answer(200, newest[each * (page - 1) : each * page])

    def _create(self, request: Request) -> Answer:
        given = json.loads(request.body)
        if len(given["body"]) > 65_536:
            return json_answer(422, {"message": "Validation Failed"})
        made = {"number": len(self.issues) + 1, "state": "open", "user": BOT, "author_association": "NONE", **given}
        self.issues.append(made)
        return json_answer(201, made)

    def _change(self, request: Request, number: str) -> Answer:
        known = next((issue for issue in self.issues if issue["number"] == int(number)), None)
        if known is None:
            return json_answer(404, {"message": "Not Found"})
        known.update(json.loads(request.body))
        return json_answer(200, known)

    def _runs(self, request: Request, workflow: str) -> Answer:
        each = int(dict(request.query).get("per_page", "30"))
        listed = [run for run in self.runs if run.get("path", "").endswith(f"/{workflow}")]
        return json_answer(200, {"total_count": len(listed), "workflow_runs": listed[:each]})
