"""Every answer that Facebook is known to give to a POST, over real sockets: what it proves."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from crosspost.core.post import Accepted, Lost, NotSent, Pause, PauseKind, Refused
from crosspost.core.reason import Code, Reason
from crosspost.net.committing import Answer
from crosspost.platforms.facebook import answers
from crosspost.testing.doubles import NOON


def error(code=None, subcode=None, message="(#%s) words of Facebook's"):
    parts = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "A"}
    return {"error": {name: value for name, value in parts.items() if value is not None}}


def refused(code):
    return "refused", f"facebook.{code}", None


def paused(code, kind):
    return "not-sent", f"facebook.{code}", kind


def token(code):
    return paused(code, PauseKind.UNAUTHORIZED)


PERMISSION = paused("permission", PauseKind.PERMISSION)
NO_PAGE = paused("no-page", PauseKind.PERMISSION)
RATE_LIMIT = paused("rate-limit", PauseKind.RATE_LIMIT)
SECURITY = paused("security-check", PauseKind.PERMISSION)
DUPLICATE = ("duplicate", "facebook.duplicate", None)
LOST = ("lost", Code.LOST, None)

CASES = {
    "1": (500, error(1), LOST),
    "1 with 400": (400, error(1, 99), LOST),
    "1 with 200": (200, error(1), LOST),
    "2": (500, error(2, message="An unexpected error has occurred. Please retry your request later."), LOST),
    "2 with 400": (400, error(2), LOST),
    "2 with a token's subcode": (400, error(2, 463), LOST),
    "service 1363047": (400, error(100, 1363047), LOST),
    "service 1609010": (400, error(100, 1609010), LOST),
    "3": (400, error(3), paused("capability", PauseKind.PERMISSION)),
    **{str(code): (400, error(code), RATE_LIMIT) for code in (4, 17, 32, 341, 613, 80000, 80001, 80005, 80014)},
    "limit with 403": (403, error(32), RATE_LIMIT),
    "limit with 200": (200, error(32), RATE_LIMIT),
    "10": (403, error(10), PERMISSION),
    "200": (403, error(200), PERMISSION),
    "283": (
        400,
        error(283, message="(#283) Requires pages_read_engagement permission to manage the object"),
        PERMISSION,
    ),
    "299": (400, error(299), PERMISSION),
    "200 with a person's token": (
        403,
        error(200, message="(#200) Unpublished posts must be posted to a page as the page itself."),
        paused("not-page-token", PauseKind.PERMISSION),
    ),
    "1705": (400, error(1705), paused("not-page-token", PauseKind.PERMISSION)),
    "100": (400, error(100), refused("invalid")),
    "100, too long": (400, error(100, message="(#100) Name parameter too long"), refused("too-long")),
    "100/33": (400, error(100, 33), NO_PAGE),
    "100, no proof": (
        400,
        error(100, message="API calls from the server require an appsecret_proof argument"),
        paused("appsecret-proof", PauseKind.PERMISSION),
    ),
    "100/1609005": (400, error(100, 1609005), refused("link-unreachable")),
    "1609005": (400, error(1609005), refused("link-unreachable")),
    "803": (404, error(803), NO_PAGE),
    "102": (400, error(102), token("token-invalid")),
    "190": (401, error(190), token("token-invalid")),
    "190/458": (400, error(190, 458), token("app-removed")),
    "190/459": (400, error(190, 459), token("checkpoint")),
    "190/460": (400, error(190, 460), token("password-changed")),
    "190/463": (400, error(190, 463), token("token-expired")),
    "190/464": (400, error(190, 464), token("unconfirmed-user")),
    "190/467": (400, error(190, 467), token("token-invalid")),
    "190/492": (400, error(190, 492), token("role-lost")),
    "102/463": (400, error(102, 463), token("token-expired")),
    "a token's subcode alone": (400, error(None, 460), token("password-changed")),
    "numbers as strings": (400, error("190", "463"), token("token-expired")),
    "368/1390008": (403, error(368, 1390008), paused("too-fast", PauseKind.BLOCKED)),
    "368": (400, error(368), paused("blocked", PauseKind.BLOCKED)),
    "368/4854002": (400, error(368, 4854002), SECURITY),
    "1404006": (400, error(200, 1404006), SECURITY),
    "1404112": (400, error(200, 1404112), SECURITY),
    "1404078": (400, error(200, 1404078), paused("publishing-authorization", PauseKind.PERMISSION)),
    "506": (400, error(506, message="(#506) Duplicate status message"), DUPLICATE),
    "368/1404082": (400, error(368, 1404082), DUPLICATE),
    "368 by its words": (
        400,
        error(
            368, message="You've already posted this. Posting the same content repeatedly on Facebook isn't allowed."
        ),
        DUPLICATE,
    ),
    "1366051": (400, error(100, 1366051), DUPLICATE),
    "1346003": (400, error(100, 1346003), refused("flagged")),
    "1404102": (400, error(368, 1404102), refused("flagged")),
    "1609008": (400, error(100, 1609008), refused("facebook-link")),
    "2061006": (400, error(100, 2061006), refused("bad-link")),
    "1366046": (400, error(100, 1366046), refused("bad-picture")),
    # and what proves nothing
    "a code nobody lists": (400, error(9999), LOST),
    "no code": (400, error(), LOST),
    "true for a code": (400, {"error": {"code": True}}, LOST),
    "an error that is a word": (400, {"error": "invalid_request"}, LOST),
    "a null error": (400, {"error": None}, LOST),
    "a listed code with 500": (500, error(190), LOST),
    "HTML": (400, b"<html>Sorry, something went wrong.</html>", LOST),
    "HTML with 502": (502, b"<html>Bad gateway</html>", LOST),
    "a list": (400, [error(190)], LOST),
    "half of a JSON": (400, b'{"error": {"code": 190', LOST),
    "200 without an id": (200, {"success": True}, LOST),
    "200 with an id that is none": (200, {"id": "me/feed?x="}, LOST),
    "200 with a number for an id": (200, {"id": 17}, LOST),
    "200 with an id and an error": (200, {"id": "1_2", **error(1)}, LOST),
    "200 with HTML": (200, b"<html>ok</html>", LOST),
    "200 with nothing": (200, b"", LOST),
    "302": (302, b"", LOST),
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
    headers = [("Location", "https://www.facebook.com/login")] if status == 302 else []
    server = serve(answer_bytes(status, body, headers))
    bench = account("facebook", server.origin)
    assert told(bench.publish()) == expected
    assert len(server.requests) == 1, "nothing is tried again, no redirect is followed"
    assert bench.claim.spent


def test_every_row_of_the_table_decides_at_least_one_case():
    used = []
    for status, body, _ in CASES.values():
        if status != 500 or "error" in body:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            problem = answers.error_of(Answer(status, (), raw))
            used += [next((row for row in answers.TABLE if problem and problem.fits(row)), None)]
    assert [row for row in answers.TABLE if row not in used] == []


def test_every_code_has_words():
    codes = {row.verdict.code for row in answers.TABLE} - {Code.LOST}
    assert codes - set(answers.WORDS) == set()


def test_a_post_is_asked_for_as_documented_with_the_token_in_a_header_alone(serve, account, answer_bytes):
    server = serve(answer_bytes(200, {"id": "100200300_17", "permalink_url": "https://www.facebook.com/100/posts/17"}))
    outcome = account("facebook", server.origin, text="Un été\n\n#LastGirlFirst").publish()
    assert outcome == Accepted("100200300_17", "https://www.facebook.com/100/posts/17", Reason.of(Code.SENT))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v26.0/100200300/feed HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer planted-page-token\r\n" in head
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    # The proof was computed with: printf %s planted-page-token | openssl dgst -sha256 -hmac planted-app-secret
    proof = "011271f29896b2370f225ce5485f5fd7cbb734272e504c594db9bc55bb6b63af"
    assert form == {
        "message": "Un été\n\n#LastGirlFirst",
        "link": "https://example.org/news",
        "fields": "id,permalink_url",
        "appsecret_proof": proof,
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        7,
        "http://www.facebook.com/1",
        "https://evil.example/1",
        "javascript:1",
        "https://[",
        "https://www.facebook.com/\x1b[2J",
    ],
)
def test_an_address_that_isnt_facebooks_gives_way_to_the_plain_one(url):
    body = json.dumps({"id": "1_2", "permalink_url": url}).encode()
    assert answers.classify(Answer(200, (), body), NOON).url == "https://www.facebook.com/1_2"


def usage(*minutes):
    return json.dumps({"17": [{"type": "pages", "estimated_time_to_regain_access": each} for each in minutes]})


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("", timedelta(hours=1)),
        (usage(0), timedelta(hours=1)),
        (usage(1), timedelta(minutes=1)),
        (usage(5, 42), timedelta(minutes=42)),
        (usage(-3), timedelta(minutes=1)),
        (usage(10**9), timedelta(hours=24)),
        (usage("x", None), timedelta(hours=1)),
        ("{", timedelta(hours=1)),
        ('{"17": 3}', timedelta(hours=1)),
        ('{"17": [4]}', timedelta(hours=1)),
    ],
)
def test_a_rate_limit_ends_when_facebook_says_so_in_minutes(header, wait, serve, account, answer_bytes):
    server = serve(answer_bytes(400, error(32), [("X-Business-Use-Case-Usage", header)]))
    assert account("facebook", server.origin).publish().pause == Pause(PauseKind.RATE_LIMIT, NOON + wait)
