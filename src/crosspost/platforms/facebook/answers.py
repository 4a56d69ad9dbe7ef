"""Facebook's one table: what each answer to a request proves. What it doesn't list proves nothing.

Decided by `error.code` and `error.error_subcode`; the status says little. From Meta's documentation and
from live bodies, read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from crosspost.core.post import Accepted, Outcome, PauseKind
from crosspost.core.reason import Code, Reason
from crosspost.net.committing import Answer
from crosspost.platforms.table import (
    Then,
    Verdict,
    Words,
    as_list,
    as_number,
    as_object,
    as_text,
    is_refusal,
    is_success,
    json_object,
    outcome,
    unlisted,
)

SHORTEST_WAIT = timedelta(seconds=60)
UNNAMED_WAIT = timedelta(hours=1)  # where Facebook names no time
LONGEST_WAIT = timedelta(hours=24)  # its budget of calls is that of the last 24 hours
_POST_ID = re.compile(r"[0-9]{1,25}(_[0-9]{1,25})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: every criterion that is given must hold. `says` is in the message, in lower case."""

    verdict: Verdict
    codes: Iterable[int] = ()
    subcodes: Iterable[int] = ()
    says: str = ""


def _refused(code: str) -> Verdict:
    return Verdict(f"facebook.{code}", Then.REFUSED)


def _paused(code: str, kind: PauseKind) -> Verdict:
    return Verdict(f"facebook.{code}", Then.NOT_SENT, kind)


def _token(code: str) -> Verdict:
    return _paused(code, PauseKind.UNAUTHORIZED)


_UNKNOWN = Verdict(Code.LOST, Then.LOST)
_DUPLICATE = Verdict("facebook.duplicate", Then.DUPLICATE)
_RATE_LIMIT = _paused("rate-limit", PauseKind.RATE_LIMIT)
_TOO_FAST = _paused("too-fast", PauseKind.BLOCKED)
_BLOCKED = _paused("blocked", PauseKind.BLOCKED)
_SECURITY = _paused("security-check", PauseKind.PERMISSION)
_PUBLISHING = _paused("publishing-authorization", PauseKind.PERMISSION)
_NO_PAGE = _paused("no-page", PauseKind.PERMISSION)
_PROOF = _paused("appsecret-proof", PauseKind.PERMISSION)
_CAPABILITY = _paused("capability", PauseKind.PERMISSION)
_PERMISSION = _paused("permission", PauseKind.PERMISSION)
_NOT_PAGE_TOKEN = _paused("not-page-token", PauseKind.PERMISSION)

# The first row that fits decides. Subcodes of tokens come under several codes, so they stand alone.
TABLE: tuple[Row, ...] = (
    Row(_UNKNOWN, codes=(1, 2)),  # posts do stand after these: koala#699, php-graph-sdk#1141
    Row(_UNKNOWN, subcodes=(1363047, 1609010)),
    Row(_DUPLICATE, codes=(506,)),
    Row(_DUPLICATE, subcodes=(1404082, 1366051)),
    Row(_DUPLICATE, codes=(368,), says="already posted"),
    Row(_TOO_FAST, subcodes=(1390008,)),
    Row(_SECURITY, subcodes=(1404006, 1404112, 4854002)),
    Row(_PUBLISHING, subcodes=(1404078,)),
    Row(_refused("flagged"), subcodes=(1346003, 1404102)),
    Row(_refused("facebook-link"), subcodes=(1609008,)),
    Row(_refused("bad-link"), subcodes=(2061006,)),
    Row(_refused("link-unreachable"), subcodes=(1609005,)),
    Row(_refused("link-unreachable"), codes=(1609005,)),
    Row(_refused("bad-picture"), subcodes=(1366046,)),
    Row(_token("app-removed"), subcodes=(458,)),
    Row(_token("checkpoint"), subcodes=(459,)),
    Row(_token("password-changed"), subcodes=(460,)),
    Row(_token("token-expired"), subcodes=(463,)),
    Row(_token("unconfirmed-user"), subcodes=(464,)),
    Row(_token("token-invalid"), subcodes=(467,)),
    Row(_token("role-lost"), subcodes=(492,)),
    Row(_token("token-invalid"), codes=(102, 190)),
    Row(_BLOCKED, codes=(368,)),
    Row(_NO_PAGE, codes=(100,), subcodes=(33,)),
    Row(_NO_PAGE, codes=(803,)),
    Row(_PROOF, codes=(100,), says="appsecret_proof"),
    Row(_refused("too-long"), codes=(100,), says="name parameter too long"),
    Row(_refused("invalid"), codes=(100,)),
    Row(_CAPABILITY, codes=(3,)),
    Row(_NOT_PAGE_TOKEN, codes=(200,), says="as the page itself"),
    Row(_NOT_PAGE_TOKEN, codes=(1705,)),
    Row(_PERMISSION, codes=(10, *range(200, 300))),
    Row(_RATE_LIMIT, codes=(4, 17, 32, 341, 613, *range(80000, 80015))),
)

_NEW_TOKEN = "Make a new Page token, as docs/first-post.md tells, and store it."  # noqa: S105 - a hint, not a token
_LOG_IN = "Log in on facebook.com as someone who runs the Page, follow what Facebook asks, then `crosspost resume`."

WORDS: dict[str, Words] = {
    "facebook.duplicate": Words(
        "Facebook says that this post stands on the Page already.",
        "It is looked for on the Page; if it stands there, it counts as published.",
    ),
    "facebook.gone": Words(
        "The post isn't on the Page any more.",
        "`crosspost retract STORY` notes that; after it, `crosspost retry STORY` can post it anew.",
    ),
    "facebook.too-fast": Words(
        "Facebook has stopped the Page for posting too often in a short time.",
        "Nothing to do: it is tried again after a day, later after up to three. Post less often from now on.",
    ),
    "facebook.blocked": Words("Facebook has stopped the Page from posting for a while.", _LOG_IN),
    "facebook.security-check": Words(
        "Facebook wants a person to confirm who they are before the Page may post.", _LOG_IN
    ),
    "facebook.publishing-authorization": Words(
        "Facebook wants the Page's publishing rights to be confirmed before it may post.", _LOG_IN
    ),
    "facebook.flagged": Words(
        "Facebook refused the post: it holds its content to be against the rules.",
        "Read the post once more and change it with `crosspost edit STORY`.",
    ),
    "facebook.facebook-link": Words(
        "Facebook refused the link, which leads to facebook.com itself.", "Use a link to your own site."
    ),
    "facebook.bad-link": Words("Facebook refused the link's address.", "Look whether the link opens, and mend it."),
    "facebook.link-unreachable": Words(
        "Facebook could not open the link and refused the post.",
        "Look whether the page opens for everybody; then `crosspost retry STORY`.",
    ),
    "facebook.bad-picture": Words(
        "Facebook refused the picture: too large, or of a kind that it doesn't take.",
        "Use a JPEG or PNG under 4 MB.",
    ),
    "facebook.no-picture": Words("Pictures can't be attached on Facebook yet.", 'Set image to "card" for this target.'),
    "facebook.app-removed": Words(
        "The app was removed from the Facebook account that gave the key to the Page.", _NEW_TOKEN
    ),
    "facebook.checkpoint": Words(
        "Facebook wants the person who gave the key to the Page to log in.", f"{_LOG_IN} Else: {_NEW_TOKEN}"
    ),
    "facebook.password-changed": Words(
        "The key to the Page ended because a password was changed on Facebook, or a session was closed.", _NEW_TOKEN
    ),
    "facebook.token-expired": Words("The key to the Page has expired.", _NEW_TOKEN),
    "facebook.unconfirmed-user": Words("The Facebook account that gave the key to the Page isn't confirmed.", _LOG_IN),
    "facebook.token-invalid": Words("Facebook does not accept the key to the Page.", _NEW_TOKEN),
    "facebook.role-lost": Words(
        "The person who gave the key to the Page has no role on it any more.",
        "Have someone who runs the Page make a new token, as docs/first-post.md tells, and store it.",
    ),
    "facebook.no-page": Words(
        "Facebook knows no such Page, or the key may not open it.",
        "Compare the Page's id with FACEBOOK_PAGE_ID, and run `crosspost check`.",
    ),
    "facebook.appsecret-proof": Words(
        "Facebook wants requests to be signed with the app's secret, and the signature is missing or wrong.",
        "Store the app's secret as FACEBOOK_APP_SECRET (Meta's developer page, App settings, Basic).",
    ),
    "facebook.too-long": Words("Facebook refused the text as too long.", "Shorten it with `crosspost edit STORY`."),
    "facebook.invalid": Words(
        "Facebook refused the request as it was written (code {number}).",
        "Change the text with `crosspost edit STORY`; if every post ends so, tell us.",
    ),
    "facebook.capability": Words(
        "The Facebook app may not do this.", "Look at the app's use cases on Meta's developer page: it needs Pages."
    ),
    "facebook.permission": Words(
        "A permission on Facebook is missing or was taken away (code {number}).",
        "Run `crosspost check` to see which one, then make a new Page token, as docs/first-post.md tells.",
    ),
    "facebook.not-page-token": Words(
        "The key is not this Page's: it belongs to a person or to another Page.", _NEW_TOKEN
    ),
    "facebook.rate-limit": Words(
        "Facebook asks to wait: too many requests in a short time.",
        "Nothing to do: it goes on by itself when the time is up.",
    ),
    "facebook.bad-token": Words(
        "The key to the Page or the Page's number holds a character that none has.",
        "Copy both again and store them anew.",
    ),
    "facebook.unreadable": Words(
        "Facebook gave an answer that can't be read.", "Nothing to do: the next run tries again."
    ),
    "facebook.page": Words("The key opens the Page.", ""),
    "facebook.never-expires": Words("The key to the Page doesn't expire.", ""),
    "facebook.token-expires": Words(
        "The key to the Page expires.",
        "A Page token that was made from a long-lived one, as docs/first-post.md tells, doesn't.",
    ),
    "facebook.expiry-unknown": Words("Facebook did not say when the key to the Page expires.", _NEW_TOKEN),
    "facebook.data-access": Words(
        "Facebook gives access to people's data[ until {date}]; posting to the Page goes on after it.", ""
    ),
    "facebook.scopes": Words("The key to the Page has all permissions that it needs.", ""),
    "facebook.scopes-missing": Words(
        "The key to the Page lacks permissions[: {missing}].",
        "Make a new Page token with all these permissions, as docs/first-post.md tells.",
    ),
}


def classify(answer: Answer, now: datetime) -> Outcome:
    """What an answer to POST /{page}/feed proves."""
    body = json_object(answer.body)
    if body is not None and is_success(answer) and "error" not in body:
        remote_id = post_id(body.get("id"))
        if remote_id:
            return Accepted(remote_id, _permalink(body) or url_of(remote_id), Reason.of(Code.SENT))
    return trouble(answer, now)


def trouble(answer: Answer, now: datetime) -> Outcome:
    """What an answer proves that isn't the one hoped for, by the table. An error may come with a 200."""
    problem = error_of(answer)
    if problem is None or not (is_success(answer) or is_refusal(answer)):
        return unlisted(answer)
    row = next((row for row in TABLE if problem.fits(row)), None)
    if row is None or row.verdict.then is Then.LOST:
        return unlisted(answer)
    params = {"number": problem.code, "subcode": problem.subcode}
    until = _until(answer, now) if row.verdict.pause is PauseKind.RATE_LIMIT else None
    return outcome(row.verdict, params, until)


@dataclass(frozen=True, slots=True)
class Problem:
    """The `error` of a body: its numbers (0 where there is none) and its message in lower case."""

    code: int
    subcode: int
    message: str

    def fits(self, row: Row) -> bool:
        """Whether everything that the row asks for is there."""
        return (
            (not row.codes or self.code in row.codes)
            and (not row.subcodes or self.subcode in row.subcodes)
            and row.says in self.message
        )


def error_of(answer: Answer) -> Problem | None:
    """The body's error; None where there is none that can be read."""
    body = json_object(answer.body)
    error = as_object(body.get("error")) if body else None
    if error is None:
        return None
    return Problem(
        as_number(error.get("code")) or 0,
        as_number(error.get("error_subcode")) or 0,
        as_text(error.get("message")).lower(),
    )


def post_id(value: object) -> str:
    """A post's id; "" where it can't be read."""
    found = as_text(value)
    return found if _POST_ID.fullmatch(found) else ""


def url_of(remote_id: str) -> str:
    """A post's public address."""
    return f"https://www.facebook.com/{remote_id}"


def id_of(address: str, page: str) -> str | None:
    """The id of a Page's post in its public address; "" where that names it in another way, None for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not is_facebook_host(parts.hostname or ""):
        return None
    asked = parse_qs(parts.query).get("story_fbid", [""])[0]
    last = asked or parts.path.rstrip("/").rpartition("/")[2]
    if not last:
        return None
    if not _POST_ID.fullmatch(last):
        return ""  # a "pfbid…", or a page of another kind
    if "_" in last:
        return last if last.startswith(f"{page}_") else None
    return f"{page}_{last}" if asked or "/posts/" in parts.path else ""


def _permalink(body: dict[str, object]) -> str:
    url = as_text(body.get("permalink_url"))
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme == "https" and is_facebook_host(parts.hostname or "") and url.isprintable() else ""


def is_facebook_host(host: str) -> bool:
    """Whether a public address of a post may be on that host."""
    return host == "facebook.com" or host.endswith(".facebook.com")


def _until(answer: Answer, now: datetime) -> datetime:
    """When Facebook says that calls are welcome again (it counts in minutes)."""
    minutes = _minutes_to_regain(answer)
    wait = timedelta(minutes=min(minutes, 100_000)) if minutes else UNNAMED_WAIT
    return now + min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _minutes_to_regain(answer: Answer) -> int:
    usage = json_object(answer.header("X-Business-Use-Case-Usage").encode()) or {}
    entries = [as_object(entry) for entries in usage.values() for entry in as_list(entries)]
    times = [as_number(entry.get("estimated_time_to_regain_access")) for entry in entries if entry]
    return max((time for time in times if time is not None), default=0)
