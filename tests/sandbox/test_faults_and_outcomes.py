"""Every fault, met by crosspost's own adapters: what they make of it, and what stands there afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crosspost.core.post import Accepted, Lost, NotSent, PauseKind, Post, Refused, mint_claim
from crosspost.platforms.loading import load_platforms
from crosspost.sandbox.facebook import FacebookModel
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.values import FOREVER, Fault, FaultKind, Request
from crosspost.sandbox.x import XModel
from crosspost.testing.doubles import HandClock, ModelWire, a_world
from crosspost.testing.platform_contract import open_bench

LINK = "https://www.example.org/a-story/"
K = FaultKind


def account(name):
    if name == "x":
        return XModel("key", "key-secret", "42-token", "token-secret", "42", "ngo")
    return FacebookModel("100200300", "page-token", "NGO")


def publish(name, fault):
    """The adapter's outcome, and how many posts stand there."""
    model, clock = account(name), HandClock()
    sandbox = Sandbox(x=(model,)) if name == "x" else Sandbox(facebook=(model,))
    keys = {
        key.partition("_")[2]: value
        for key, value in sandbox.environment("").items()
        if not key.startswith("CROSSPOST")
    }
    adapter = open_bench(load_platforms()[name], a_world(ModelWire(sandbox, clock), clock), "http://127.0.0.1", keys)
    text = f"News {LINK}" if name == "x" else "News"
    post = Post(text, "" if name == "x" else LINK, LINK, len(text), 280)
    if fault:
        model.faults.add(fault)
    outcome = adapter.publish(mint_claim("story", name, 1, post, clock.now()), None)
    return outcome, len(model.timeline())


BOTH = [
    (None, Accepted, 1),
    (Fault(K.CLOSE_BEFORE), Lost, 0),
    (Fault(K.CLOSE_AFTER), Lost, 1),
    (Fault(K.RESET_BEFORE), Lost, 0),
    (Fault(K.RESET_AFTER), Lost, 1),
    (Fault(K.SILENCE), Lost, 0),
    (Fault(K.SILENCE_AFTER), Lost, 1),
    (Fault(K.DRIP), Lost, 1),
    (Fault(K.HALF), Lost, 1),
    (Fault(K.ERROR_BEFORE), Lost, 0),
    (Fault(K.ERROR_AFTER), Lost, 1),
    (Fault(K.ERROR_AFTER, status=502), Lost, 1),
    (Fault(K.UNAVAILABLE), Lost, 0),
    (Fault(K.HTML), Lost, 0),
    (Fault(K.HTML, status=403), Lost, 0),
    (Fault(K.HTML_AFTER), Lost, 1),
    (Fault(K.REDIRECT), Lost, 0),
    (Fault(K.ANSWER, status=200, body=b"{}"), Lost, 0),
    (Fault(K.ANSWER_AFTER, status=201, body=b'{"data":'), Lost, 1),
    (Fault(K.DUPLICATE), Lost, 0),
    (Fault(K.RATE_LIMIT, seconds=600), PauseKind.RATE_LIMIT, 0),
    (Fault(K.DAY_LIMIT, seconds=600), PauseKind.RATE_LIMIT, 0),
    (Fault(K.EXPIRED_TOKEN), PauseKind.UNAUTHORIZED, 0),
    (Fault(K.PERMISSION), PauseKind.PERMISSION, 0),
]
X = [
    (Fault(K.NO_CREDIT), PauseKind.NO_CREDIT, 0),
    (Fault(K.SPEND_CAP), PauseKind.SPEND_CAP, 0),
    (Fault(K.SUSPENDED), PauseKind.SUSPENDED, 0),
]
FACEBOOK = [
    (Fault(K.CODE1), Lost, 0),
    (Fault(K.CODE1_AFTER), Lost, 1),
    (Fault(K.CODE2), Lost, 0),
    (Fault(K.CODE2_AFTER), Lost, 1),
    (Fault(K.DUPLICATE, code=368, subcode=1404082), Lost, 0),
    (Fault(K.RATE_LIMIT, code=4), PauseKind.RATE_LIMIT, 0),
    (Fault(K.RATE_LIMIT, code=368, subcode=1390008), PauseKind.BLOCKED, 0),
    (Fault(K.PERMISSION, code=10), PauseKind.PERMISSION, 0),
    (Fault(K.PERMISSION, code=283), PauseKind.PERMISSION, 0),
    (Fault(K.SUSPENDED), PauseKind.UNAUTHORIZED, 0),
    (Fault(K.SCRAPE), Refused, 0),
]
CASES = [(name, *case) for name in ("x", "facebook") for case in BOTH]
CASES += [("x", *case) for case in X] + [("facebook", *case) for case in FACEBOOK]


@pytest.mark.parametrize(("name", "fault", "expected", "standing"), CASES)
def test_each_fault_has_its_outcome(name, fault, expected, standing):
    outcome, there = publish(name, fault)
    assert there == standing
    if isinstance(expected, PauseKind):
        assert isinstance(outcome, NotSent)
        assert outcome.pause is not None
        assert outcome.pause.kind is expected
    else:
        assert isinstance(outcome, expected)


def test_limits_end_when_the_headers_say():
    clock = HandClock()
    for name, kind in (("x", K.RATE_LIMIT), ("x", K.DAY_LIMIT), ("facebook", K.RATE_LIMIT)):
        outcome, _ = publish(name, Fault(kind, seconds=3600))
        assert outcome.pause.until == clock.now() + timedelta(hours=1), name


def test_every_kind_of_fault_that_strikes_a_post_is_in_a_case():
    met = {fault.kind for _, fault, *_ in CASES if fault}
    assert set(FaultKind) - met == {K.LAG, K.EMPTY_TIMELINE}


def test_a_fault_may_last_until_it_is_cleared():
    model = account("x")
    model.faults.add(Fault(K.UNAVAILABLE, times=FOREVER))
    request = Request("GET", "/2/users/me", url="http://127.0.0.1/2/users/me")
    clock = HandClock()
    assert [model.handle(request, clock.now()).status for _ in range(5)] == [503] * 5
    model.faults.clear()
    assert model.handle(request, clock.now()).status == 401
