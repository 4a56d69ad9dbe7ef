"""The words of X's refusals, as live answers had them (collected 2026-11-24 from public threads and projects)."""

from __future__ import annotations

from datetime import datetime, timedelta

from crosspost.sandbox.values import Answer, Fault, FaultKind, Pairs, json_answer, plain_fault

OLD = "https://api.twitter.com/2/problems/"  # live bodies still have the old host
ACCOUNT = 1_900_000_000_000_000_001  # the developer account that credits belong to


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **more: object) -> Answer:
    """A problem document with its status inside, as X words it."""
    body = {"title": title, "detail": detail, "type": kind, "status": status, **more}
    return json_answer(status, body, kind="application/problem+json")


def invalid(message: str, **parameters: str) -> Answer:
    """400: a field or parameter that X doesn't take."""
    named = {name: [value] for name, value in parameters.items()}
    body = {
        "errors": [{"parameters": named, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{OLD}invalid-request",
    }
    return json_answer(400, body)


def unauthorized() -> Answer:
    """401: the signature or the keys are wrong; X doesn't say which."""
    return problem(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str, kind: str = "about:blank") -> Answer:
    """403 with its detail."""
    return problem(403, "Forbidden", detail, kind)


def duplicate() -> Answer:
    """403: the same text stands there."""
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def too_long() -> Answer:
    """403: more than the account may write (so Postiz reads it; no document says it)."""
    return forbidden("You are not permitted to perform this action.")


def suspended() -> Answer:
    """403: the account is suspended."""
    return forbidden("User has been suspended.", f"{OLD}user-suspended")


def no_write() -> Answer:
    """403: the token was made while the app could only read."""
    detail = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
    return forbidden(detail, f"{OLD}oauth1-permissions")


def no_credit() -> Answer:
    """402: nothing left to pay with; this body has no status."""
    detail = f"Your enrolled account [{ACCOUNT}] does not have any credits to fulfill this request."
    return json_answer(
        402, {"account_id": ACCOUNT, "title": "CreditsDepleted", "detail": detail, "type": f"{OLD}credits"}
    )


def spend_cap(reset: datetime) -> Answer:
    """403: the spending limit of the billing cycle; it names the day on which the next begins."""
    body = {
        "title": "SpendCapReached",
        "detail": "Your enrolled account has reached its billing cycle spend cap.",
        "reset_date": f"{reset:%Y-%m-%d}",
        "type": f"{OLD}credits",
    }
    return json_answer(403, body)


def too_many(headers: Pairs) -> Answer:
    """429, with the headers that tell when it ends."""
    answer = problem(429, "Too Many Requests", "Too Many Requests")
    return Answer(answer.status, (*answer.headers, *headers), answer.body)


def not_found(kind: str, post_id: str) -> dict[str, str]:
    """The error object of a thing that isn't there."""
    return {
        "value": post_id,
        "detail": f"Could not find {kind} with id: [{post_id}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": "id",
        "resource_id": post_id,
        "type": f"{OLD}resource-not-found",
    }


def limit_headers(limit: int, left: int, reset: datetime) -> Pairs:
    """The headers of a 15-minute window."""
    return (
        ("x-rate-limit-limit", str(limit)),
        ("x-rate-limit-remaining", str(left)),
        ("x-rate-limit-reset", str(int(reset.timestamp()))),
    )


def faulty(fault: Fault, now: datetime) -> Answer | None:
    """X's answer to a fault that has one; None for those of the wire and of the timeline."""
    end = now + timedelta(seconds=fault.seconds or 900)
    match fault.kind:
        case FaultKind.ERROR_BEFORE | FaultKind.ERROR_AFTER:
            return problem(fault.status or 500, "Internal Server Error", "Something is broken.")
        case FaultKind.UNAVAILABLE:
            return problem(503, "Service Unavailable", "Service Unavailable")
        case FaultKind.RATE_LIMIT:
            return too_many(limit_headers(100, 0, end))
        case FaultKind.DAY_LIMIT:
            return too_many((*limit_headers(100, 57, now + timedelta(minutes=9)), *_day(end)))
        case FaultKind.SPEND_CAP:
            return spend_cap(now + timedelta(seconds=fault.seconds or 5 * 86_400))
        case kind if kind in _SIMPLE:
            return _SIMPLE[kind]()
        case _:
            return plain_fault(fault)


_SIMPLE = {
    FaultKind.EXPIRED_TOKEN: unauthorized,
    FaultKind.NO_CREDIT: no_credit,
    FaultKind.SUSPENDED: suspended,
    FaultKind.PERMISSION: no_write,
    FaultKind.DUPLICATE: duplicate,
}


def _day(end: datetime) -> Pairs:
    named = (("limit", "100"), ("remaining", "0"), ("reset", str(int(end.timestamp()))))
    return tuple((f"x-user-limit-24hour-{name}", value) for name, value in named)
