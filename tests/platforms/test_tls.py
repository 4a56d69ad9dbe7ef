"""Committing requests over loopback TLS with an authority of the test's own, directly and through a proxy."""

from __future__ import annotations

import socket
import ssl
import threading
from dataclasses import replace

import pytest
import trustme

from crosspost.core.post import Accepted, Lost, NotSent
from crosspost.core.reason import Code
from crosspost.net.wire import SocketWire

GOOD = {"x": {"data": {"id": "17", "text": "Hello"}}, "facebook": {"id": "100200300_17"}}


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


class Watched:
    """The real wire with a short deadline; tells what had happened when the first byte was due."""

    def __init__(self, look=lambda: None, seconds=2.0, **options):
        self.wire = SocketWire(alarm, **options)
        self.look = look
        self.seconds = seconds
        self.seen = []

    def call(self, call):
        def hook():
            self.seen.append(self.look())
            call.before_first_byte()

        return self.wire.call(replace(call, deadline=self.seconds, before_first_byte=hook))


class Tls:
    """Wraps a RawServer's connections; `shaken` once a handshake was completed."""

    def __init__(self, certificate):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.context)
        self.shaken = threading.Event()

    def __call__(self, connection):
        secure = self.context.wrap_socket(connection, server_side=True)
        self.shaken.set()
        return secure


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = trustme.CA()
    bundle = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(str(bundle))
    return made, str(bundle)


class Proxy:
    """A CONNECT proxy. `reply`: what it says; with a 200 it passes bytes both ways."""

    def __init__(self, reply=b"HTTP/1.1 200 Connection established\r\n\r\n", tunnel=True):
        self.reply, self.tunnel = reply, tunnel
        self.heads = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self._serve, daemon=True)]
        self.threads[0].start()

    def _serve(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            self.heads.append(head)
            connection.sendall(self.reply)
            if not self.tunnel:
                return
            host, _, port = head.split()[1].decode().rpartition(":")
            with socket.create_connection((host.strip("[]"), int(port)), timeout=5) as there:
                back = threading.Thread(target=self._pass, args=(there, connection), daemon=True)
                back.start()
                self._pass(connection, there)
                back.join(5)

    @staticmethod
    def _pass(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.threads[0].join(5)


@pytest.fixture
def proxy():
    made = []

    def start(**options):
        made.append(Proxy(**options))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def tls_server(serve, authority, answer_bytes):
    """A good TLS server for one platform."""

    def start(name, host="127.0.0.1"):
        tls = Tls(authority[0].issue_cert(host))
        server = serve(answer_bytes(201, GOOD[name]), wrap=tls)
        return server, tls

    return start


@pytest.mark.parametrize("name", GOOD)
def test_over_tls_the_first_byte_is_due_after_the_handshake(name, account, tls_server, authority):
    server, tls = tls_server(name)
    wire = Watched(lambda: (tls.shaken.wait(2), len(server.requests)), ca_bundle=authority[1])
    assert isinstance(account(name, f"https://127.0.0.1:{server.port}", wire=wire).publish(), Accepted)
    assert wire.seen == [(True, 0)]
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", GOOD)
def test_a_certificate_of_another_name_is_not_sent_to(name, account, tls_server, authority):
    server, _ = tls_server(name, "graph.example.org")
    wire = Watched(ca_bundle=authority[1])
    bench = account(name, f"https://127.0.0.1:{server.port}", wire=wire)
    outcome = bench.publish()
    assert isinstance(outcome, NotSent)
    assert outcome.reason.named == {"kind": "tls"}
    assert (wire.seen, server.requests, bench.claim.spent) == ([], [], False)


@pytest.mark.parametrize("name", GOOD)
def test_a_certificate_of_an_unknown_authority_is_not_sent_to(name, account, tls_server):
    server, _ = tls_server(name)
    outcome = account(name, f"https://127.0.0.1:{server.port}", wire=Watched()).publish()
    assert isinstance(outcome, NotSent)
    assert outcome.reason.named == {"kind": "tls"}
    assert server.requests == []


@pytest.mark.parametrize("name", GOOD)
def test_cut_off_after_the_handshake_is_lost(name, account, serve, authority):
    server = serve(lambda connection, closing: None, wrap=Tls(authority[0].issue_cert("127.0.0.1")))
    outcome = account(name, f"https://127.0.0.1:{server.port}", wire=Watched(ca_bundle=authority[1])).publish()
    assert isinstance(outcome, Lost)
    assert outcome.reason.code == Code.LOST


@pytest.mark.parametrize("name", GOOD)
def test_through_a_proxy_the_first_byte_is_due_after_connect_and_handshake(
    name, account, tls_server, authority, proxy, planted
):
    server, tls = tls_server(name)
    door = proxy()
    wire = Watched(
        lambda: (len(door.heads), tls.shaken.wait(2), len(server.requests)),
        ca_bundle=authority[1],
        proxies={"https": door.url},
    )
    assert isinstance(account(name, f"https://127.0.0.1:{server.port}", wire=wire).publish(), Accepted)
    assert wire.seen == [(1, True, 0)]
    assert door.heads[0].startswith(b"CONNECT 127.0.0.1:%d " % server.port)
    assert not any(secret.encode() in door.heads[0] for secret in planted)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_a_proxy_that_refuses_is_not_sent(name, account, proxy, authority, reply):
    door = proxy(reply=reply, tunnel=False)
    wire = Watched(ca_bundle=authority[1], proxies={"https": door.url})
    bench = account(name, "https://api.example.org", wire=wire)
    outcome = bench.publish()
    assert isinstance(outcome, NotSent), outcome
    assert outcome.reason.code == Code.NOT_CONNECTED
    assert (wire.seen, bench.claim.spent) == ([], False)


@pytest.mark.parametrize("name", GOOD)
def test_a_handshake_that_hangs_behind_a_proxy_is_not_sent(name, account, serve, proxy, authority):
    server = serve(lambda connection, closing: closing.wait(3))
    wire = Watched(seconds=0.3, ca_bundle=authority[1], proxies={"https": proxy().url})
    bench = account(name, f"https://127.0.0.1:{server.port}", wire=wire)
    outcome = bench.publish()
    assert isinstance(outcome, NotSent), outcome
    assert (wire.seen, bench.claim.spent) == ([], False)
