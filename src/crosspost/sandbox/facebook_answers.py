"""The words of the Graph API's refusals (sources: Meta's pages and live bodies, collected 2026-11-24)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from crosspost.sandbox.values import Answer, Fault, FaultKind, Pairs, json_answer, plain_fault

_GRAPH_DOC = "https://developers.facebook.com/docs/graph-api"
_MESSAGES: dict[tuple[int, int], str] = {
    (1, 0): "An unknown error has occurred.",
    (2, 0): "An unexpected error has occurred. Please retry your request later.",
    (3, 0): "(#3) Application does not have the capability to make this API call.",
    (4, 0): "(#4) Application request limit reached",
    (10, 0): "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' "
    "feature.",
    (17, 0): "(#17) User request limit reached",
    (32, 0): "(#32) Page request limit reached",
    (100, 0): "(#100) Invalid parameter",
    (100, 33): "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not "
    f"support this operation. Please read the Graph API documentation at {_GRAPH_DOC}",
    (100, 1609005): "Error Posting Link: There was a problem scraping data from the provided link. Check the URL and "
    "try again.",
    (104, 0): "An access token is required to request this resource.",
    (190, 0): "Invalid OAuth access token - Cannot parse access token",
    (190, 459): "Error validating access token: You cannot access the app till you log in to www.facebook.com and "
    "follow the instructions given.",
    (190, 460): "Error validating access token: The session has been invalidated because the user changed their "
    "password or Facebook has changed the session for security reasons.",
    (190, 463): "Error validating access token: Session has expired.",
    (190, 492): "User associated with the Page access token does not have an appropriate role on the Page",
    (200, 0): "(#200) Requires pages_manage_posts permission to manage the object",
    (283, 0): "(#283) Requires pages_read_engagement permission to manage the object",
    (341, 0): "(#341) Feed action request limit reached",
    (368, 1390008): "We limit how often you can post, comment or do other things in a given amount of time in order "
    "to help protect the community from spam. You can try again later.",
    (368, 1404082): "You've already posted this. Posting the same content repeatedly on Facebook isn't allowed.",
    (368, 4854002): "Confirm your identity before you can publish as this Page.",
    (506, 0): "(#506) Duplicate status message",
    (613, 0): "(#613) Calls to this api have exceeded the rate limit.",
    (80001, 0): "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
}
_TRANSIENT = frozenset({1, 2, 4, 17, 32, 341, 613, 80001})


def error(code: int, subcode: int = 0, *, message: str = "", status: int = 400, headers: Pairs = ()) -> Answer:
    """An error body. HTTP 400 whatever it is, as Facebook does, unless said otherwise."""
    text = message or _MESSAGES.get((code, subcode)) or _MESSAGES.get((code, 0)) or f"(#{code}) Error"
    body: dict[str, object] = {
        "message": text,
        "type": "GraphMethodException" if (code, subcode) == (100, 33) else "OAuthException",
        "code": code,
    }
    if subcode:
        body["error_subcode"] = subcode
    body["is_transient"] = code in _TRANSIENT
    if code == 506:
        body["error_user_title"] = "Duplicate Status Update"
        body["error_user_msg"] = (
            "This status update is identical to the last one you posted. Try posting something new."
        )
    body["fbtrace_id"] = "A" + hashlib.sha256(text.encode()).hexdigest()[:22]
    return json_answer(status, {"error": body}, headers)


def usage(page_id: str, calls: int, regain: int = 0) -> Pairs:
    """How much of the allowance is used, in percent; `regain`: minutes until calls are taken again."""
    times = {"call_count": calls, "total_cputime": calls, "total_time": calls}
    business = {page_id: [{"type": "pages", **times, "estimated_time_to_regain_access": regain}]}
    return (("X-App-Usage", json.dumps(times)), ("X-Business-Use-Case-Usage", json.dumps(business)))


def faulty(fault: Fault, page_id: str, now: datetime) -> Answer | None:
    """Facebook's answer to a fault that has one; None for those of the wire and of the timeline."""
    del now
    match fault.kind:
        case FaultKind.ERROR_BEFORE | FaultKind.ERROR_AFTER:
            status = fault.status or 500
            return error(fault.code or 2, fault.subcode, status=status)
        case FaultKind.UNAVAILABLE:
            return error(2, status=503)
        case FaultKind.RATE_LIMIT:
            regain = max(fault.seconds // 60, 1)
            return error(fault.code or 32, fault.subcode, headers=usage(page_id, 100, regain))
        case kind if kind in _CODES:
            code, subcode, status = _CODES[kind]
            return error(fault.code or code, fault.subcode if fault.code else subcode, status=status)
        case _:
            return plain_fault(fault)


# fault → code, subcode, HTTP status; the fault's own code goes before
_CODES: dict[FaultKind, tuple[int, int, int]] = {
    FaultKind.CODE1: (1, 0, 500),
    FaultKind.CODE1_AFTER: (1, 99, 500),
    FaultKind.CODE2: (2, 0, 500),
    FaultKind.CODE2_AFTER: (2, 0, 500),
    FaultKind.EXPIRED_TOKEN: (190, 463, 400),
    FaultKind.SUSPENDED: (190, 459, 400),
    FaultKind.PERMISSION: (200, 0, 400),
    FaultKind.DUPLICATE: (506, 0, 400),
    FaultKind.SCRAPE: (100, 1609005, 400),
    FaultKind.DAY_LIMIT: (4, 0, 400),
}
