"""What networks do to a committing request, on real sockets, to both platforms: the outcome lifecycle.md names."""

from __future__ import annotations

import socket
import struct
from dataclasses import replace

import pytest

from crosspost.core.post import Accepted, ClaimError, Lost, NotSent, Refused
from crosspost.core.reason import Code
from crosspost.net.wire import SocketWire
from crosspost.testing.doubles import NOON

PLATFORMS = ("x", "facebook")
GOOD = {"x": {"data": {"id": "17", "text": "Hello"}}, "facebook": {"id": "100200300_17"}}


def alarm(seconds, action):
    import threading

    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


class Hasty:
    """The real wire with a deadline that a test can wait for."""

    def __init__(self, seconds=5, **options):
        self.wire = SocketWire(alarm, **options)
        self.seconds = seconds
        self.deadlines = []

    def call(self, call):
        self.deadlines.append(call.deadline)
        return self.wire.call(replace(call, deadline=self.seconds))


@pytest.fixture(params=PLATFORMS)
def publish(request, account):
    """publish(origin) → (outcome, whether the claim is spent)."""

    def go(origin, **options):
        bench = account(request.param, origin, wire=Hasty(**options))
        return bench.publish(), bench.claim.spent

    go.platform = request.param
    return go


def not_sent(told, *kinds):
    outcome, spent = told
    assert isinstance(outcome, NotSent), outcome
    assert outcome.reason.code == Code.NOT_CONNECTED
    assert outcome.reason.named["kind"] in kinds
    assert outcome.pause is None
    assert not spent


def lost(told, *kinds):
    outcome, spent = told
    assert isinstance(outcome, Lost), outcome
    assert outcome.reason.code == Code.LOST
    assert outcome.reason.named["kind"] in kinds
    assert not outcome.duplicate
    assert spent


def test_nobody_listens(publish):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    not_sent(publish(f"http://127.0.0.1:{port}"), "refused")


def test_the_name_has_no_address(publish):
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    not_sent(publish("http://api.x.test", resolve=resolve), "dns")


def test_a_handshake_that_hangs(publish, serve):
    server = serve(lambda connection, closing: closing.wait(3))
    not_sent(publish(f"https://127.0.0.1:{server.port}", seconds=0.3), "deadline", "timeout")


def test_a_handshake_with_something_that_isnt_tls(publish, serve):
    server = serve(b"SSH-2.0-OpenSSH_9.2\r\n")
    not_sent(publish(f"https://127.0.0.1:{server.port}", seconds=0.3), "tls", "timeout", "deadline")


def test_closed_without_an_answer(publish, serve):
    lost(publish(serve(lambda connection, closing: None).origin), "cut")


def test_reset_after_the_request(publish, serve):
    def reset(connection, closing):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    lost(publish(serve(reset).origin), "cut")


def test_silence_until_the_deadline(publish, serve):
    lost(publish(serve(lambda connection, closing: closing.wait(9)).origin, seconds=0.8), "deadline", "timeout")


def drip(head, piece):
    def go(connection, closing):
        connection.sendall(head)
        while not closing.wait(0.02):
            connection.sendall(piece)

    return go


def test_headers_that_drip_outlast_no_deadline(publish, serve):
    lost(publish(serve(drip(b"HTTP/1.1 201 Created\r\nX-Slow: ", b"a")).origin, seconds=0.8), "deadline", "timeout")


def test_a_body_that_drips_outlasts_no_deadline(publish, serve):
    head = b"HTTP/1.1 201 Created\r\nContent-Length: 5000\r\n\r\n"
    lost(publish(serve(drip(head, b" ")).origin, seconds=0.8), "deadline", "timeout")


def test_half_an_answer(publish, serve, answer_bytes):
    whole = answer_bytes(201, GOOD[publish.platform])
    lost(publish(serve(whole[:-4]).origin), "cut")


def test_a_chunked_answer_that_is_cut_off_after_whole_json(publish, serve):
    head = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
    lost(publish(serve(head + b'16\r\n{"data":{"id":"17"}}').origin), "cut", "invalid")


def test_half_of_the_headers(publish, serve):
    # Headers that end without an empty line: http.client takes them for whole, so the empty body decides
    told = publish(serve(b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n").origin)
    lost(told, "answer", "cut", "invalid")


@pytest.mark.parametrize(
    "garbage", [b"\x00\x01\x02\x03" * 40, b"HTTP/9.9 banana\r\n\r\n", b"220 smtp ready\r\n", b"\r\n\r\n"]
)
def test_garbage(publish, serve, garbage):
    lost(publish(serve(garbage).origin), "cut", "invalid", "answer")


def test_an_interim_answer_is_passed_over(publish, serve, answer_bytes):
    server = serve(b"HTTP/1.1 100 Continue\r\n\r\n" + answer_bytes(201, GOOD[publish.platform]))
    outcome, spent = publish(server.origin)
    assert isinstance(outcome, Accepted)
    assert spent


def test_an_interim_answer_alone_proves_nothing(publish, serve):
    lost(publish(serve(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n").origin), "cut", "answer", "invalid")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["/2/tweets", "https://example.org/login", "http://[", "", "//"])
def test_a_redirect_is_followed_nowhere_and_proves_nothing(publish, serve, answer_bytes, status, where):
    server = serve(answer_bytes(status, GOOD[publish.platform], [("Location", where)]))
    lost(publish(server.origin), "answer")
    assert len(server.requests) == 1


def test_an_answer_without_an_end_is_cut_off(publish, serve):
    def flood(connection, closing):
        connection.sendall(b"HTTP/1.1 201 Created\r\n\r\n")
        while not closing.is_set():
            connection.sendall(b" " * 1_000_000)

    lost(publish(serve(flood).origin), "invalid")


def test_a_packed_answer_is_read_all_the_same(publish, serve, answer_bytes):
    import gzip
    import json

    packed = gzip.compress(json.dumps(GOOD[publish.platform]).encode())
    outcome, _ = publish(serve(answer_bytes(201, packed, [("Content-Encoding", "gzip")])).origin)
    assert isinstance(outcome, Accepted)


@pytest.mark.parametrize("packed", [b"no gzip", b"\x1f\x8b\x08\x00"])
def test_an_answer_that_cant_be_unpacked_proves_nothing(publish, serve, answer_bytes, packed):
    lost(publish(serve(answer_bytes(201, packed, [("Content-Encoding", "gzip")])).origin), "cut")


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_refusal_before_the_whole_request_was_read_still_counts(name, account, serve, answer_bytes):
    bodies = {"x": {"errors": [{"message": "no"}]}, "facebook": {"error": {"code": 100}}}
    bench = account(name, serve(answer_bytes(400, bodies[name])).origin, wire=Hasty())
    assert isinstance(bench.publish(), Refused)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_claim_that_slept_sends_no_byte(name, account, serve, answer_bytes):
    server = serve(answer_bytes(201, GOOD[name]))
    bench = account(name, server.origin)
    bench.clock.set_wall(NOON.replace(hour=13))
    outcome = bench.publish()
    assert isinstance(outcome, NotSent)
    assert outcome.reason.code == Code.LEASE_SLEPT
    assert not bench.claim.spent
    assert server.requests == []


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_claim_sends_once_and_no_more(name, account, serve, answer_bytes):
    server = serve(answer_bytes(201, GOOD[name]))
    bench = account(name, server.origin)
    assert isinstance(bench.publish(), Accepted)
    with pytest.raises(ClaimError):
        bench.publish()
    with pytest.raises(ClaimError):
        bench.adapter.publish(None, None)
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_deadline_of_the_whole_is_a_minute(name, account, serve, answer_bytes):
    wire = Hasty()
    account(name, serve(answer_bytes(201, GOOD[name])).origin, wire=wire).publish()
    assert wire.deadlines == [60.0]


@pytest.mark.parametrize("name", PLATFORMS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_passes_through_the_libraries(name, moment, account):
    class Killed(BaseException):
        pass

    class Killer:
        def call(self, call):
            if moment == "after":
                call.before_first_byte()
            raise Killed

    bench = account(name, "http://127.0.0.1:9", wire=Killer())
    with pytest.raises(Killed):
        bench.publish()
    assert bench.claim.spent == (moment == "after")


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_bug_before_the_first_byte_is_a_fault_and_after_it_is_lost(name, account):
    class Buggy:
        def __init__(self, after):
            self.after = after

        def call(self, call):
            if self.after:
                call.before_first_byte()
            raise KeyError("planted-access-secret")

    before = account(name, "http://127.0.0.1:9", wire=Buggy(after=False)).publish()
    assert (type(before).__name__, before.reason.named) == ("Fault", {"kind": "KeyError"})
    after = account(name, "http://127.0.0.1:9", wire=Buggy(after=True)).publish()
    assert (type(after).__name__, after.reason.named) == ("Lost", {"kind": "KeyError"})
