"""Every answer that X is known to give to a POST, over real sockets and through tweepy: what it proves."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.post import Accepted, Lost, NotSent, Pause, PauseKind, Refused
from crosspost.core.reason import Code, Reason
from crosspost.net.committing import Answer
from crosspost.platforms.x import answers
from crosspost.testing.doubles import NOON

PROBLEMS = "https://api.twitter.com/2/problems/"
NEW_PROBLEMS = "https://api.x.com/2/problems/"
EPOCH = int(NOON.timestamp())


def blank(status, detail, title="Forbidden"):
    return {"title": title, "detail": detail, "type": "about:blank", "status": status}


def refused(code):
    return "refused", f"x.{code}", None


def paused(code, kind):
    return "not-sent", f"x.{code}", kind


UNAUTHORIZED = paused("unauthorized", PauseKind.UNAUTHORIZED)
RATE_LIMIT = paused("rate-limit", PauseKind.RATE_LIMIT)
NO_CREDIT = paused("no-credit", PauseKind.NO_CREDIT)
DUPLICATE = ("duplicate", "x.duplicate", None)
LOST = ("lost", Code.LOST, None)

CASES = {
    "no credit": (
        402,
        {
            "account_id": 17,
            "title": "CreditsDepleted",
            "detail": "Your enrolled account [17] does not have any credits to fulfill this request.",
            "type": PROBLEMS + "credits",
        },
        NO_CREDIT,
    ),
    "no credit in a body that says nothing": (402, {}, NO_CREDIT),
    "spend cap": (
        403,
        {
            "title": "SpendCapReached",
            "detail": "Your enrolled account has reached its billing cycle spend cap.",
            "reset_date": "2026-05-13",
            "type": PROBLEMS + "credits",
        },
        paused("spend-cap", PauseKind.SPEND_CAP),
    ),
    "credits, new address of the type": (
        403,
        {"title": "CreditsDepleted", "type": NEW_PROBLEMS + "credits"},
        NO_CREDIT,
    ),
    "usage cap": (
        403,
        {"title": "UsageCapExceeded", "detail": "Usage cap exceeded", "type": PROBLEMS + "usage-capped"},
        paused("usage-capped", PauseKind.NO_CREDIT),
    ),
    "keys": (
        401,
        {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
        UNAUTHORIZED,
    ),
    "keys, a body that says nothing": (401, {}, UNAUTHORIZED),
    "unsupported authentication, by its type": (
        403,
        {"title": "Unsupported Auth", "type": PROBLEMS + "unsupported-authentication"},
        UNAUTHORIZED,
    ),
    "unsupported authentication, by its words": (403, blank(403, "Unsupported Authentication"), UNAUTHORIZED),
    "old number 89": (403, {"errors": [{"code": 89, "message": "Invalid or expired token."}]}, UNAUTHORIZED),
    "duplicate": (403, blank(403, "You are not allowed to create a Tweet with duplicate content."), DUPLICATE),
    "old number 187": (403, {"errors": [{"code": 187, "message": "again"}]}, DUPLICATE),
    "read-only": (
        403,
        {
            "title": "Forbidden",
            "status": 403,
            "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
            "type": PROBLEMS + "oauth1-permissions",
        },
        paused("read-only", PauseKind.PERMISSION),
    ),
    "read-only, by its words": (
        403,
        blank(403, "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."),
        paused("read-only", PauseKind.PERMISSION),
    ),
    "not enrolled": (
        403,
        {"title": "Client Forbidden", "reason": "client-not-enrolled", "type": NEW_PROBLEMS + "client-forbidden"},
        paused("not-enrolled", PauseKind.PERMISSION),
    ),
    "lost access": (
        403,
        blank(403, "Your account is not permitted to access this feature."),
        paused("no-access", PauseKind.PERMISSION),
    ),
    "old number 453": (
        403,
        {"errors": [{"message": "You currently have access to a subset of X API V2 endpoints", "code": 453}]},
        paused("no-access", PauseKind.PERMISSION),
    ),
    "suspended": (
        403,
        {"title": "Forbidden", "detail": "Suspended.", "type": PROBLEMS + "user-suspended"},
        paused("suspended", PauseKind.SUSPENDED),
    ),
    "old number 64": (403, {"errors": [{"code": 64, "message": "x"}]}, paused("suspended", PauseKind.SUSPENDED)),
    "old number 326": (403, {"errors": [{"code": 326, "message": "x"}]}, paused("locked", PauseKind.SUSPENDED)),
    "old number 226": (403, {"errors": [{"code": 226, "message": "x"}]}, paused("automated", PauseKind.BLOCKED)),
    "old number 185": (403, {"errors": [{"code": 185, "message": "x"}]}, paused("daily-limit", PauseKind.BLOCKED)),
    "rate limit": (429, blank(429, "Too Many Requests", "Too Many Requests"), RATE_LIMIT),
    "rate limit, old shape": (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, RATE_LIMIT),
    "rate limit by its type": (403, {"title": "x", "type": NEW_PROBLEMS + "rate-limit-exceeded"}, RATE_LIMIT),
    "old number 88 alone": (403, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, RATE_LIMIT),
    "invalid": (
        400,
        {
            "errors": [{"parameters": {"text": ["0"]}, "message": "The `text` is not right"}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": PROBLEMS + "invalid-request",
        },
        refused("invalid"),
    ),
    "invalid without a type": (400, {"errors": [{"message": "bad"}]}, refused("invalid")),
    "too long, 400": (
        400,
        {"title": "Invalid Request", "detail": "Your Tweet text is too long.", "type": PROBLEMS + "invalid-request"},
        refused("too-long"),
    ),
    "old number 186": (403, {"errors": [{"code": 186, "message": "x"}]}, refused("too-long")),
    "not permitted": (403, blank(403, "You are not permitted to perform this action."), refused("not-permitted")),
    "cashtags": (403, blank(403, "A post may have a maximum of one cashtag ($SYMBOL) per post."), refused("cashtag")),
    "bad link": (400, blank(400, "The Tweet contains an invalid URL."), refused("bad-link")),
    "too many pictures": (400, blank(400, "maximum of 4 items"), refused("too-many-pictures")),
    # and what proves nothing
    "403 that says nothing known": (403, blank(403, "Forbidden"), LOST),
    "400 that says nothing": (400, {}, LOST),
    "404": (404, blank(404, "Not Found"), LOST),
    "409": (409, blank(409, "Conflict"), LOST),
    "422": (422, blank(422, "x"), LOST),
    "503": (503, blank(503, "Service Unavailable", "Service Unavailable"), LOST),
    "500": (500, blank(500, "duplicate content"), LOST),
    "502 that speaks of credits": (502, {"title": "x", "type": PROBLEMS + "credits"}, LOST),
    "504 without a body": (504, b"", LOST),
    "HTML of an edge, 403": (403, b"<html>Attention Required! | Cloudflare</html>", LOST),
    "HTML of an edge, 429": (429, b"<html>slow down</html>", LOST),
    "HTML of an edge, 401": (401, b"<html>log in</html>", LOST),
    "a list": (403, [{"code": 187}], LOST),
    "null errors": (403, {"errors": None}, LOST),
    "a number for errors": (403, {"errors": 3, "detail": 4, "type": 5, "title": []}, LOST),
    "half of a JSON": (403, b'{"detail": "duplicate content', LOST),
    "deep JSON": (403, b"[" * 100_000, LOST),
    "bytes that are no text": (403, b'{"detail": "\xff\xfe"}', LOST),
    "201 with HTML": (201, b"<html>ok</html>", LOST),
    "201 with nothing": (201, b"", LOST),
    "201 with errors alone": (201, {"errors": [{"title": "x"}]}, LOST),
    "201 without an id": (201, {"data": {"text": "Hello"}}, LOST),
    "201 with an id that is none": (201, {"data": {"id": "../me"}}, LOST),
    "201 with null data": (201, {"data": None}, LOST),
    "200 that speaks of duplicates": (200, blank(200, "duplicate content"), LOST),
    "204": (204, b"", LOST),
    "302": (302, b"", LOST),
    "304": (304, b"", LOST),
}


def told(outcome):
    match outcome:
        case Refused(reason):
            return "refused", reason.code, None
        case NotSent(reason, pause):
            return "not-sent", reason.code, pause and pause.kind
        case Lost(reason, duplicate):
            return ("duplicate" if duplicate else "lost"), reason.code, None
        case _:
            return type(outcome).__name__, outcome.reason.code, None


@pytest.mark.parametrize("case", CASES)
def test_each_answer_proves_what_the_table_says(case, serve, account, answer_bytes):
    status, body, expected = CASES[case]
    headers = [("Location", "https://example.org/2/tweets")] if status == 302 else []
    server = serve(answer_bytes(status, body, headers))
    bench = account("x", server.origin)
    assert told(bench.publish()) == expected
    assert len(server.requests) == 1, "nothing is tried again, no redirect is followed"
    assert bench.claim.spent


def test_every_row_of_the_table_decides_at_least_one_case():
    used = set()
    for status, body, _ in CASES.values():
        if isinstance(body, dict) and 400 <= status < 500:
            facts = answers._Facts.of(status, body)
            used |= {row for row in [next((row for row in answers.TABLE if facts.fit(row)), None)] if row}
    assert [row for row in answers.TABLE if row not in used] == []


def test_every_code_has_words_and_every_words_a_use():
    codes = {row.verdict.code for row in answers.TABLE}
    assert codes - set(answers.WORDS) == set()


def test_201_with_an_id_is_accepted_with_its_address(serve, account, answer_bytes):
    server = serve(answer_bytes(201, {"data": {"id": "1790", "text": "Hello"}, "errors": [{"title": "odd"}]}))
    assert account("x", server.origin).publish() == Accepted(
        "1790", "https://x.com/i/status/1790", Reason.of(Code.SENT)
    )
    assert json.loads(server.requests[0].partition(b"\r\n\r\n")[2]) == {"text": "Hello"}


def window(name, remaining, reset):
    return [(f"{name}-remaining", remaining), (f"{name}-reset", reset)]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ([], timedelta(minutes=15)),
        (window("x-rate-limit", 0, EPOCH + 600), timedelta(minutes=10)),
        (window("X-Rate-Limit", 0, EPOCH + 600), timedelta(minutes=10)),
        (window("x-rate-limit", 3, EPOCH + 600), timedelta(minutes=15)),
        (window("x-rate-limit", 0, EPOCH + 5), timedelta(minutes=1)),
        (window("x-rate-limit", 0, EPOCH - 5000), timedelta(minutes=1)),
        (window("x-rate-limit", 0, EPOCH + 600) + window("x-user-limit-24hour", 0, EPOCH + 7200), timedelta(hours=2)),
        (window("x-rate-limit", 0, EPOCH + 600) + window("x-app-limit-24hour", 5, EPOCH + 7200), timedelta(minutes=10)),
        (window("x-app-limit-24hour", 0, EPOCH + 80_000), timedelta(seconds=80_000)),
        (window("x-rate-limit", 0, "soon"), timedelta(minutes=15)),
        (window("x-rate-limit", "none", EPOCH + 600), timedelta(minutes=15)),
        (window("x-rate-limit", 0, "9" * 12), timedelta(hours=25)),
        (window("x-rate-limit", 0, "9" * 500), timedelta(minutes=15)),
    ],
)
def test_a_rate_limit_ends_when_the_last_used_up_window_does(headers, wait, serve, account, answer_bytes):
    server = serve(answer_bytes(429, blank(429, "Too Many Requests"), headers))
    outcome = account("x", server.origin).publish()
    assert outcome.pause == Pause(PauseKind.RATE_LIMIT, NOON + wait)


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("2026-05-13", datetime(2026, 5, 13, tzinfo=UTC)),
        ("2026-05-13T08:00:00Z", datetime(2026, 5, 13, 8, tzinfo=UTC)),
        ("2026-01-01", None),
        ("someday", None),
        (None, None),
        (7, None),
    ],
)
def test_a_spending_cap_ends_on_its_reset_date(date, until):
    body = {"title": "SpendCapReached", "type": PROBLEMS + "credits", "reset_date": date}
    outcome = answers.classify(Answer(403, (), json.dumps(body).encode()), NOON)
    assert outcome.pause == Pause(PauseKind.SPEND_CAP, until)


@pytest.mark.parametrize("identity", ["1" * 21, "", " 17", "１７", "-5"])
def test_an_id_that_is_none_is_not_accepted(identity):
    body = json.dumps({"data": {"id": identity}}).encode()
    assert isinstance(answers.classify(Answer(201, (), body), NOON), Lost)


def test_the_nonce_and_the_time_of_a_signature_come_from_the_world(serve, account, answer_bytes):
    signatures = []
    for _ in range(2):
        server = serve(answer_bytes(201, {"data": {"id": "1"}}))
        bench = account("x", server.origin)
        bench.publish()
        head = server.requests[0].partition(b"\r\n\r\n")[0].decode()
        signatures.append(dict(re.findall(r'(oauth_\w+)="([^"]*)"', head)))
    assert signatures[0]["oauth_nonce"] == signatures[1]["oauth_nonce"] == f"{1:032x}"
    assert signatures[0]["oauth_timestamp"] == str(EPOCH)
    assert signatures[0]["oauth_signature"] != signatures[1]["oauth_signature"], "another port is another address"
