"""What to do about an error or a reason on GitHub Actions, where nobody has a terminal: the form's words."""

from __future__ import annotations

from collections.abc import Mapping

from crosspost.core.post import Finding
from crosspost.core.reason import Code, Reason
from crosspost.errors import CrosspostError

# By code, and in plain text: a log, a summary and an issue show the same words.
HINTS: Mapping[str, str] = {
    "settings-missing": (
        "Make the file on the repository's page: “Add file”, “Create new file”, with the name config/crosspost.toml. "
        "docs/github-actions.md has what to paste."
    ),
    "settings": (
        "Open the file on the repository's page, the pencil, mend these lines, “Commit changes…”; "
        "then start “check” in the form (Actions, Desk)."
    ),
    "ledger-missing": (
        "At the very start: “begin” in the form (Actions, Desk), with “Really” ticked. If there was a ledger before, "
        "don't: ask whoever knows git to put the branch back, for it remembers what went out."
    ),
    "ledger-exists": "Nothing is left to begin: “preview” and “status” in the form show what goes out, and what waits.",
    Code.NO_KEYS: (
        "Store what is named here under Settings, “Secrets and variables”, “Actions” of the repository; "
        "then start “check” in the form."
    ),
    Code.NO_LEDGER_YET: (
        "“begin” in the form (Actions, Desk), with “Really” ticked, makes one, and counts what stands in the feed "
        "today as known."
    ),
}


def error_there(error: CrosspostError) -> CrosspostError:
    """The same error, with what to do about it on GitHub."""
    hint = HINTS.get(error.code)
    return type(error)(error.code, error.message, hint) if hint else error


def finding_there(finding: Finding) -> Finding:
    """The same finding of the doctor, with what to do about it on GitHub."""
    reason = finding.reason
    if "todo" not in reason.named or reason.code not in HINTS:
        return finding
    told = Reason.of(reason.code, **{**reason.named, "todo": HINTS[reason.code]})
    return Finding(finding.ok, finding.subject, told, finding.expires)
