"""A picture on X: uploaded and described first, in the same minute; only the post itself spends the claim."""

from __future__ import annotations

import pytest

from crosspost.core.post import Accepted, Fault, NotSent, PauseKind, Picture, Post, Refused, mint_claim
from crosspost.core.reason import Code
from crosspost.core.world import WireTrouble
from crosspost.platforms.loading import load_platforms
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.values import FaultKind
from crosspost.sandbox.values import Fault as Strike
from crosspost.sandbox.x import XModel
from crosspost.testing.doubles import NOON, HandClock, ModelWire, a_world
from crosspost.testing.platform_contract import open_bench

KEYS = {"API_KEY": "k", "API_KEY_SECRET": "ks", "ACCESS_TOKEN": "4242-t", "ACCESS_TOKEN_SECRET": "ts"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


class Slow(ModelWire):
    """Each call takes some seconds; `deadlines` are what it was given."""

    def __init__(self, model, clock, seconds=0):
        super().__init__(model, clock)
        self.clock, self.seconds, self.deadlines, self.breaks = clock, seconds, [], None

    def call(self, call):
        self.deadlines.append(call.deadline)
        if self.breaks:
            raise self.breaks
        reply = super().call(call)
        self.clock.sleep(self.seconds)
        return reply


class Account:
    def __init__(self, seconds=0):
        self.clock = HandClock()
        self.model = XModel("k", "ks", "4242-t", "ts", "4242", "ngo")
        self.wire = Slow(Sandbox(x=(self.model,)), self.clock, seconds)
        self.adapter = open_bench(load_platforms()["x"], a_world(self.wire, self.clock), "http://127.0.0.1", KEYS)
        self.claim = mint_claim("s", "x", 2, Post("Hello", "", "", 5, 280), NOON)

    def publish(self, alt="Women march"):
        return self.adapter.publish(self.claim, Picture(PNG, "image/png", alt))

    def paths(self):
        return [entry.path for entry in self.model.log]


def test_a_picture_is_uploaded_described_and_posted():
    account = Account()
    assert isinstance(account.publish(), Accepted)
    assert account.paths() == ["/2/media/upload", "/2/media/metadata", "/2/tweets"]
    assert account.model.timeline()[0].alt == "Women march"


def test_a_picture_without_words_is_posted_without():
    account = Account()
    assert isinstance(account.publish(alt=""), Accepted)
    assert account.paths() == ["/2/media/upload", "/2/tweets"]


def test_an_alt_text_is_cut_to_what_x_takes():
    account = Account()
    assert isinstance(account.publish(alt="ä" * 1500), Accepted)
    assert account.model.timeline()[0].alt == "ä" * 1000


def test_the_minute_is_one_for_all_of_it():
    account = Account(seconds=25)
    assert isinstance(account.publish(), Accepted)
    assert account.wire.deadlines == [60, 35, 10]
    late = Account(seconds=31)
    outcome = late.publish()
    assert outcome.reason.named == {"kind": WireTrouble.DEADLINE}
    assert isinstance(outcome, NotSent)
    assert (late.paths(), late.claim.spent) == (["/2/media/upload", "/2/media/metadata"], False)


@pytest.mark.parametrize("path", ["/media/upload", "/media/metadata"])
@pytest.mark.parametrize(
    ("fault", "code", "pause"),
    [
        (Strike(FaultKind.CLOSE_BEFORE), Code.NOT_CONNECTED, None),
        (Strike(FaultKind.CLOSE_AFTER), Code.NOT_CONNECTED, None),
        (Strike(FaultKind.SILENCE), Code.NOT_CONNECTED, None),
        (Strike(FaultKind.HALF), Code.NOT_CONNECTED, None),
        (Strike(FaultKind.UNAVAILABLE), "x.unreadable", None),
        (Strike(FaultKind.REDIRECT), "x.unreadable", None),
        (Strike(FaultKind.RATE_LIMIT), "x.rate-limit", PauseKind.RATE_LIMIT),
        (Strike(FaultKind.EXPIRED_TOKEN), "x.unauthorized", PauseKind.UNAUTHORIZED),
        (Strike(FaultKind.NO_CREDIT), "x.no-credit", PauseKind.NO_CREDIT),
    ],
)
def test_an_upload_that_fails_has_posted_nothing_and_keeps_the_claim(path, fault, code, pause):
    account = Account()
    account.model.faults.add(Strike(fault.kind, "POST", path))
    outcome = account.publish()
    assert isinstance(outcome, NotSent)
    assert (outcome.reason.code, outcome.pause and outcome.pause.kind) == (code, pause)
    assert (account.model.timeline(), account.claim.spent) == ((), False)


@pytest.mark.parametrize(("status", "body"), [(400, b'{"title": "Invalid Request"}'), (413, b""), (413, b"<html>")])
def test_a_picture_that_x_refuses_is_refused(status, body):
    account = Account()
    account.model.faults.add(Strike(FaultKind.ANSWER, "POST", "/media/upload", status=status, body=body))
    outcome = account.publish()
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "x.picture"


def test_an_upload_without_an_id_is_not_sent():
    account = Account()
    account.model.faults.add(Strike(FaultKind.ANSWER, "POST", "/media/upload", body=b'{"data": {}}'))
    assert isinstance(account.publish(), NotSent)


def test_a_bug_in_an_upload_is_a_fault():
    account = Account()
    account.wire.breaks = KeyError("secret")
    outcome = account.publish()
    assert isinstance(outcome, Fault)
    assert outcome.reason.named == {"kind": "KeyError"}
