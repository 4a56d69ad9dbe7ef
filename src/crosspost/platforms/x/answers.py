"""X's one table: what each answer to a request proves. What it doesn't list proves nothing.

Rows from X's documentation and from dumps of live answers, read 2026-11-24.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crosspost.core.post import Accepted, Outcome, PauseKind
from crosspost.core.reason import Code, Reason
from crosspost.net.committing import Answer
from crosspost.platforms.table import (
    Then,
    Verdict,
    Words,
    as_list,
    as_object,
    as_text,
    is_refusal,
    is_success,
    json_object,
    outcome,
    unlisted,
)

SHORTEST_WAIT = timedelta(seconds=60)
UNNAMED_WAIT = timedelta(minutes=15)  # X's ordinary window, where a 429 names none that is used up
LONGEST_WAIT = timedelta(hours=25)  # its longest window has 24; what lies beyond is no reset
_ADDRESS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w+(?:/web)?/status(?:es)?/([0-9]{1,20})(?![0-9])",
    re.ASCII | re.IGNORECASE,
)
_WINDOWS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: every criterion that is given must hold. Texts are in lower case.

    `problem`: in the last part of the body's `type`. `says`: one of these in title, detail or messages.
    `number`: one of the old numeric codes.
    """

    verdict: Verdict
    status: int = 0
    problem: str = ""
    says: tuple[str, ...] = ()
    number: tuple[int, ...] = ()


def _refused(code: str) -> Verdict:
    return Verdict(f"x.{code}", Then.REFUSED)


def _paused(code: str, kind: PauseKind) -> Verdict:
    return Verdict(f"x.{code}", Then.NOT_SENT, kind)


_SPEND_CAP = _paused("spend-cap", PauseKind.SPEND_CAP)
_NO_CREDIT = _paused("no-credit", PauseKind.NO_CREDIT)
_USAGE_CAPPED = _paused("usage-capped", PauseKind.NO_CREDIT)
_RATE_LIMIT = _paused("rate-limit", PauseKind.RATE_LIMIT)
_UNAUTHORIZED = _paused("unauthorized", PauseKind.UNAUTHORIZED)
_SUSPENDED = _paused("suspended", PauseKind.SUSPENDED)
_LOCKED = _paused("locked", PauseKind.SUSPENDED)
_READ_ONLY = _paused("read-only", PauseKind.PERMISSION)
_NOT_ENROLLED = _paused("not-enrolled", PauseKind.PERMISSION)
_NO_ACCESS = _paused("no-access", PauseKind.PERMISSION)
_AUTOMATED = _paused("automated", PauseKind.BLOCKED)
_DAILY_LIMIT = _paused("daily-limit", PauseKind.BLOCKED)
_DUPLICATE = Verdict("x.duplicate", Then.DUPLICATE)

# The first row that fits decides. Money stands before status: a spending cap is a 403, missing credit a 402.
TABLE: tuple[Row, ...] = (
    Row(_SPEND_CAP, problem="credits", says=("spendcapreached", "spend cap")),
    Row(_NO_CREDIT, problem="credits"),
    Row(_NO_CREDIT, status=402),
    Row(_USAGE_CAPPED, problem="usage-capped"),
    Row(_DAILY_LIMIT, number=(185,)),
    Row(_RATE_LIMIT, status=429),
    Row(_RATE_LIMIT, problem="rate-limit-exceeded"),
    Row(_RATE_LIMIT, number=(88,)),
    Row(_DUPLICATE, says=("duplicate content", "status is a duplicate")),
    Row(_DUPLICATE, number=(187,)),
    Row(_SUSPENDED, problem="suspended"),
    Row(_SUSPENDED, number=(64,)),
    Row(_LOCKED, number=(326,)),
    Row(_AUTOMATED, number=(226,)),
    Row(_UNAUTHORIZED, status=401),
    Row(_UNAUTHORIZED, problem="unsupported-authentication"),
    Row(_UNAUTHORIZED, says=("unsupported authentication",)),
    Row(_UNAUTHORIZED, number=(89,)),
    Row(_READ_ONLY, problem="oauth1-permissions"),
    Row(_READ_ONLY, says=("oauth1 app permissions",)),
    Row(_NOT_ENROLLED, problem="client-forbidden"),
    Row(_NO_ACCESS, says=("not permitted to access this feature",)),
    Row(_NO_ACCESS, number=(453,)),
    Row(_refused("cashtag"), says=("cashtag",)),
    Row(_refused("bad-link"), says=("contains an invalid url",)),
    Row(_refused("too-many-pictures"), says=("maximum of 4 items",)),
    Row(_refused("too-long"), says=("text is too long",)),
    Row(_refused("too-long"), number=(186,)),
    Row(_refused("not-permitted"), status=403, says=("not permitted to perform this action",)),
    Row(_refused("invalid"), problem="invalid-request"),
    Row(_refused("invalid"), status=400, says=("",)),
)

WORDS: dict[str, Words] = {
    "x.spend-cap": Words(
        "X sends nothing more: the spending limit that was set for this billing period is reached.",
        "Raise the spending limit in X's developer console, or wait for the next period; it goes on by itself then.",
    ),
    "x.no-credit": Words(
        "X sends nothing more: the developer account has no credit left.",
        "Buy credit in X's developer console (console.x.com, Billing), then `crosspost resume`.",
    ),
    "x.usage-capped": Words(
        "X sends nothing more: the developer account has used up what its plan allows this month.",
        "Look at the usage in X's developer console; a larger plan or the next month lifts it.",
    ),
    "x.rate-limit": Words(
        "X asks to wait: too many requests in a short time.",
        "Nothing to do: it goes on by itself when X's time is up.",
    ),
    "x.duplicate": Words(
        "X says that this text stands on the account already.",
        "It is looked for on the account; if it stands there, it counts as published.",
    ),
    "x.suspended": Words(
        "X has suspended the account; nothing goes out.",
        "Log in on x.com and follow what X asks, or appeal; posting goes on by itself once the account is free.",
    ),
    "x.locked": Words(
        "X has locked the account; nothing goes out.",
        "Log in on x.com and unlock it; posting goes on by itself once the account is free.",
    ),
    "x.automated": Words(
        "X took the post for spam by a machine and sent nothing.",
        "Mark the account as automated on x.com (Settings, Your account, Automation), and wait a day.",
    ),
    "x.daily-limit": Words(
        "X says that the account has posted as much as it may in one day.",
        "Nothing to do: it goes on by itself later.",
    ),
    "x.unauthorized": Words(
        "X does not accept the account's keys.",
        "Look whether the clock of the machine is right; else make new keys in X's developer console, store all four "
        "again, and run `crosspost check`.",
    ),
    "x.read-only": Words(
        "The account's keys may read, but not post.",
        "Set the app to Read and write in X's developer console, THEN make a new access token and store it.",
    ),
    "x.not-enrolled": Words(
        "X's developer app is not enrolled, so that it may not post.",
        "In X's developer console move the app to a Pay-per-use package and to Production.",
    ),
    "x.no-access": Words(
        "X does not let this account or app post.",
        "Look at the account on x.com and at the app in X's developer console; then `crosspost check`.",
    ),
    "x.cashtag": Words(
        "X refused the text: it has more than one $-sign tag.",
        "Change the text with `crosspost edit STORY`.",
    ),
    "x.bad-link": Words(
        "X refused the text because of its link: X blocks that address.",
        "Look at the link; if the site was blocked wrongly, ask X to lift it.",
    ),
    "x.too-many-pictures": Words("X refused the post: it has too many pictures.", "Send it with fewer pictures."),
    "x.too-long": Words("X refused the text as too long.", "Shorten it with `crosspost edit STORY`."),
    "x.not-permitted": Words(
        "X refused this text without saying why; it may be too long for the account, or not allowed.",
        "Shorten or change it with `crosspost edit STORY`.",
    ),
    "x.invalid": Words(
        "X refused the request as it was written.",
        "Change the text with `crosspost edit STORY`; if every post ends so, tell us.",
    ),
    "x.picture": Words("X refused the picture.", "Send it without, or give the article another picture."),
    "x.no-edit": Words(
        "A post on X can't be changed afterwards.",
        "Take it down with `crosspost retract STORY` and send it anew with `crosspost retry STORY`.",
    ),
    "x.bad-keys": Words(
        "One of the account's keys holds a character that no key has.",
        "Copy all four keys again from X's developer console and store them anew.",
    ),
    "x.unreadable": Words("X gave an answer that can't be read.", "Nothing to do: the next run tries again."),
    "x.account": Words("The keys belong to an account[: @{username}].", ""),
    "x.may-post": Words("The keys may post.", ""),
    "x.access-unknown": Words("X did not say whether the keys may post.", "Nothing to do; the first post will tell."),
}


def classify(answer: Answer, now: datetime) -> Outcome:
    """What an answer to POST /2/tweets proves."""
    body = json_object(answer.body)
    if is_success(answer) and body is not None:
        remote_id = post_id(as_object(body.get("data")))
        if remote_id:
            return Accepted(remote_id, url_of(remote_id), Reason.of(Code.SENT))
    return trouble(answer, now)


def trouble(answer: Answer, now: datetime) -> Outcome:
    """What an answer proves that isn't the one hoped for, by the table."""
    body = json_object(answer.body)
    if body is None or not is_refusal(answer):
        return unlisted(answer)
    facts = _Facts.of(answer.status, body)
    row = next((row for row in TABLE if facts.fit(row)), None)
    if row is None:
        return unlisted(answer)
    return outcome(row.verdict, {"status": answer.status}, _until(row.verdict, answer, body, now))


def post_id(data: dict[str, object] | None) -> str:
    """The id of a post or user object; "" where it has none that can be read."""
    found = as_text(data.get("id")) if data else ""
    return found if found.isascii() and found.isdigit() and len(found) <= 20 else ""


def url_of(remote_id: str) -> str:
    """A post's public address; X sends it on to the one with the account's name."""
    return f"https://x.com/i/status/{remote_id}"


def id_of(address: str) -> str | None:
    """The id in a post's public address; None for any other address."""
    found = _ADDRESS.match(address)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a refusal says: the last part of its type, all its words in lower case, its old numbers."""

    status: int
    problem: str
    words: str
    numbers: frozenset[int]

    @classmethod
    def of(cls, status: int, body: dict[str, object]) -> _Facts:
        parts = [body, *(part for part in map(as_object, as_list(body.get("errors"))) if part)]
        words = [as_text(part.get(name)) for part in parts for name in ("title", "detail", "message")]
        numbers = [part.get("code") for part in parts]
        return cls(
            status,
            as_text(body.get("type")).rstrip("/").rpartition("/")[2].lower(),
            "\n".join(filter(None, words)).lower(),
            frozenset(number for number in numbers if isinstance(number, int)),
        )

    def fit(self, row: Row) -> bool:
        """Whether everything that the row asks for is there."""
        return (
            (not row.status or row.status == self.status)
            and row.problem in self.problem
            and (not row.says or bool(self.words and any(words in self.words for words in row.says)))
            and (not row.number or not self.numbers.isdisjoint(row.number))
        )


def _until(verdict: Verdict, answer: Answer, body: dict[str, object], now: datetime) -> datetime | None:
    match verdict.pause:
        case PauseKind.RATE_LIMIT:
            return _reset(answer, now)
        case PauseKind.SPEND_CAP:
            return _reset_date(as_text(body.get("reset_date")), now)
        case _:
            return None


def _reset(answer: Answer, now: datetime) -> datetime:
    """The latest reset among the windows that are used up; never sooner than a minute from now."""
    resets = [at for window in _WINDOWS if (at := _used_up(answer, window)) is not None]
    wait = max((at - now.timestamp() for at in resets), default=UNNAMED_WAIT.total_seconds())
    return now + min(max(timedelta(seconds=min(wait, 1e6)), SHORTEST_WAIT), LONGEST_WAIT)


def _used_up(answer: Answer, window: str) -> int | None:
    remaining, reset = answer.header(f"{window}-remaining").strip(), answer.header(f"{window}-reset").strip()
    is_used_up = remaining.isdigit() and remaining.isascii() and int(remaining[:18]) == 0
    return int(reset) if is_used_up and reset.isascii() and reset.isdigit() and len(reset) <= 12 else None


def _reset_date(date: str, now: datetime) -> datetime | None:
    """Midnight UTC of the day that X names; None where there is none to come."""
    try:
        until = datetime.fromisoformat(date)
    except ValueError:
        return None
    until = until.replace(tzinfo=until.tzinfo or UTC)
    return until if until > now else None
