"""The law for one committing request, with a wire that does what each test says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.post import Accepted, Claim, ClaimError, Fault, Lost, NotSent, Post, Refused, mint_claim
from crosspost.core.reason import Code, Reason
from crosspost.core.world import WireTrouble
from crosspost.net.committing import Answer, Committing, commit

BEGUN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OK = Accepted("1", "", Reason("sent"))


class HandClock:
    def __init__(self, now: datetime = BEGUN) -> None:
        self.wall = now
        self.ticks = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        self.ticks += seconds


def a_claim() -> Claim:
    return mint_claim("s1", "x", 2, Post("hello", "", "", 5, 280), BEGUN)


def after_first_byte(trouble: BaseException):
    def request(law: Committing) -> Answer:
        law.before_first_byte()
        raise trouble

    return request


def before_first_byte(trouble: BaseException):
    def request(law: Committing) -> Answer:
        raise trouble

    return request


def accept(_: Answer):
    return OK


def test_a_missing_claim_is_refused_before_anything_happens():
    with pytest.raises(ClaimError):
        Committing(HandClock(), None)


def test_a_spent_claim_is_refused_before_anything_happens():
    claim = a_claim()
    claim.spend()
    with pytest.raises(ClaimError):
        Committing(HandClock(), claim)


def test_an_answer_is_classified_and_the_claim_is_spent():
    claim = a_claim()

    def request(law: Committing) -> Answer:
        law.before_first_byte()
        return Answer(201, (), b"{}")

    assert commit(Committing(HandClock(), claim), request, accept) is OK
    assert claim.spent


@pytest.mark.parametrize("kind", ["refused", "dns", "tls", "timeout", "deadline", "cut", "proxy", "private"])
def test_trouble_before_the_first_byte_is_not_sent_and_leaves_the_claim(kind):
    claim = a_claim()
    outcome = commit(Committing(HandClock(), claim), before_first_byte(WireTrouble(kind)), accept)
    assert outcome == NotSent(Reason.of(Code.NOT_CONNECTED, kind=kind))
    assert not claim.spent


@pytest.mark.parametrize("trouble", [ConnectionResetError("secret"), TimeoutError("secret")])
def test_a_foreign_wires_own_transport_errors_count_as_not_connected(trouble):
    outcome = commit(Committing(HandClock(), a_claim()), before_first_byte(trouble), accept)
    assert isinstance(outcome, NotSent)
    assert "secret" not in repr(outcome)


@pytest.mark.parametrize("kind", ["refused", "dns", "tls", "timeout", "deadline", "cut", "invalid"])
def test_the_same_trouble_after_the_first_byte_is_lost(kind):
    outcome = commit(Committing(HandClock(), a_claim()), after_first_byte(WireTrouble(kind)), accept)
    assert outcome == Lost(Reason.of(Code.LOST, kind=kind))


def test_a_bug_before_the_first_byte_is_a_fault_that_names_its_class_only():
    outcome = commit(Committing(HandClock(), a_claim()), before_first_byte(ValueError("Bearer tok-123")), accept)
    assert outcome == Fault(Reason.of(Code.OWN_FAULT, kind="ValueError"))


def test_a_request_that_can_never_be_made_is_a_fault_not_a_retry():
    outcome = commit(Committing(HandClock(), a_claim()), before_first_byte(WireTrouble("invalid")), accept)
    assert outcome == Fault(Reason.of(Code.OWN_FAULT, kind="invalid"))


def test_a_bug_after_the_first_byte_is_lost():
    outcome = commit(Committing(HandClock(), a_claim()), after_first_byte(ValueError("Bearer tok-123")), accept)
    assert outcome == Lost(Reason.of(Code.LOST, kind="ValueError"))


def test_a_bug_in_the_table_is_lost():
    def request(law: Committing) -> Answer:
        law.before_first_byte()
        return Answer(201, (), b"{}")

    def broken(_: Answer):
        raise KeyError("x")

    outcome = commit(Committing(HandClock(), a_claim()), request, broken)
    assert outcome == Lost(Reason.of(Code.LOST, kind="KeyError", status=201))


@pytest.mark.parametrize("killer", [KeyboardInterrupt(), SystemExit(1), BaseException()])
@pytest.mark.parametrize("when", [before_first_byte, after_first_byte])
def test_a_kill_passes_through(killer, when):
    with pytest.raises(type(killer)):
        commit(Committing(HandClock(), a_claim()), when(killer), accept)


@pytest.mark.parametrize(
    ("age", "sends"),
    [
        (timedelta(0), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, microseconds=1), False),
        (timedelta(hours=9), False),
        (-timedelta(minutes=1), True),
        (-timedelta(minutes=1, microseconds=1), False),
    ],
)
def test_the_claims_age_is_read_again_right_before_the_first_byte(age, sends):
    clock, claim, left = HandClock(), a_claim(), []
    law = Committing(clock, claim)

    def request(law: Committing) -> Answer:
        clock.wall = BEGUN + age  # the laptop slept between connect and first byte
        law.before_first_byte()
        left.append("bytes")
        return Answer(201, (), b"{}")

    outcome = commit(law, request, accept)
    assert (outcome is OK, bool(left), claim.spent) == (sends, sends, sends)
    if not sends:
        assert outcome == NotSent(Reason.of(Code.LEASE_SLEPT))


def test_a_layer_that_wraps_our_exception_cant_change_what_a_slept_lease_means():
    def request(law: Committing) -> Answer:
        try:
            law.before_first_byte()
        except Exception:
            raise ConnectionError("wrapped") from None
        raise AssertionError("unreachable")

    late = HandClock(BEGUN + timedelta(hours=1))
    assert commit(Committing(late, a_claim()), request, accept) == NotSent(Reason.of(Code.LEASE_SLEPT))


def test_a_layer_that_sends_a_second_time_is_stopped_and_the_first_is_lost():
    sent = []

    def request(law: Committing) -> Answer:
        for _ in range(2):
            law.before_first_byte()
            sent.append("bytes")
        return Answer(201, (), b"{}")

    outcome = commit(Committing(HandClock(), a_claim()), request, accept)
    assert outcome == Lost(Reason.of(Code.LOST, kind="ClaimError"))
    assert sent == ["bytes"]


def test_two_laws_on_one_claim_send_once_and_the_loser_tells_no_outcome():
    claim = a_claim()
    first, second = Committing(HandClock(), claim), Committing(HandClock(), claim)
    first.before_first_byte()
    with pytest.raises(ClaimError):
        commit(second, after_first_byte(WireTrouble("cut")), accept)


def test_the_deadline_is_for_all_of_it():
    clock = HandClock()
    law = Committing(clock, a_claim(), deadline=60)
    assert law.remaining() == 60
    clock.ticks = 59.0
    assert law.remaining() == 1
    clock.ticks = 60.0
    outcome = commit(law, lambda law: Answer(200, (), str(law.remaining()).encode()), accept)
    assert outcome == NotSent(Reason.of(Code.NOT_CONNECTED, kind="deadline"))


def test_an_answer_shows_neither_headers_nor_body():
    answer = Answer(500, (("Set-Cookie", "guest=secret"),), b"secret")
    assert "secret" not in repr(answer) + str(answer)
    assert answer.header("set-cookie") == "guest=secret"


def test_a_refusal_is_passed_on_as_it_is():
    no = Refused(Reason("x.invalid"))
    outcome = commit(Committing(HandClock(), a_claim()), lambda law: Answer(400, (), b""), lambda answer: no)
    assert outcome is no
