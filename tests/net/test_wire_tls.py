"""SocketWire over loopback TLS, directly and through a CONNECT proxy."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading

import pytest

from crosspost.core.world import Call, WireTrouble
from crosspost.net.wire import SocketWire

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs the openssl command for its certificate")

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for example.org, which is its own CA bundle: (certificate, key)."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=example.org"
    names = ["-addext", "subjectAltName=DNS:example.org,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


class Serving:
    """A socket that hands each connection to `handle` in a thread."""

    def __init__(self, handle):
        self.handle = handle
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.serve, daemon=True)]
        self.threads[0].start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.threads.append(threading.Thread(target=self.one, args=(connection,), daemon=True))
            self.threads[-1].start()

    def one(self, connection):
        with connection:
            try:
                self.handle(connection)
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(5)


def head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            break
        data += more
    if b"Content-Length: 1\r\n" in data and data.endswith(b"\r\n\r\n"):
        data += connection.recv(1)  # what is left unread makes the close a reset
    return data


@pytest.fixture
def secure(certificate):
    """A TLS server that notes what it sees: "handshake", then the request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    seen = []

    def handle(connection):
        with context.wrap_socket(connection, server_side=True) as channel:
            seen.append("handshake")
            seen.append(head(channel))
            channel.sendall(OK)

    serving = Serving(handle)
    serving.seen = seen
    yield serving
    serving.close()


def call_it(url, ca, hook=None, **options):
    wire = SocketWire(alarm, ca_bundle=str(ca) if ca else None, **options)
    reply = wire.call(Call("POST", url, body=b"x", deadline=5, before_first_byte=hook))
    return reply.status, b"".join(reply.body)


def test_the_hook_is_called_after_the_handshake_and_before_the_request(secure, certificate):
    at_hook = []
    url = f"https://127.0.0.1:{secure.port}/2/tweets"

    def hook():
        for _ in range(500):  # the server's side of the handshake ends a moment after ours
            if secure.seen:
                break
            threading.Event().wait(0.01)
        at_hook.extend(secure.seen)

    assert call_it(url, certificate[0], hook) == (200, b"hi")
    assert at_hook == ["handshake"]
    assert secure.seen[1].startswith(b"POST /2/tweets HTTP/1.1\r\n")


def test_a_name_is_verified_and_connected_to_by_its_checked_address(secure, certificate):
    url = f"https://example.org:{secure.port}/"
    assert call_it(url, certificate[0], resolve=lambda *_: ("127.0.0.1",)) == (200, b"hi")


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_of_another_name_or_issuer_is_tls_trouble_and_nothing_is_sent(secure, certificate, trusted):
    host, ca = ("www.example.com", certificate[0]) if trusted else ("example.org", None)
    called = []
    with pytest.raises(WireTrouble) as caught:
        call_it(f"https://{host}:{secure.port}/", ca, lambda: called.append(1), resolve=lambda *_: ("127.0.0.1",))
    assert (caught.value.kind, called) == (WireTrouble.TLS, [])
    assert all(not isinstance(one, bytes) or not one for one in secure.seen)


def test_the_hook_is_called_after_connect_tunnel_and_handshake(secure, certificate):
    connects = []

    def tunnel(connection):
        connects.append(head(connection))
        with socket.create_connection(("127.0.0.1", secure.port)) as beyond:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(beyond, connection), daemon=True)
            back.start()
            pump(connection, beyond)
            back.join(5)

    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    proxy = Serving(tunnel)
    seen = []
    try:
        answer = call_it(
            "https://example.org/x",
            certificate[0],
            lambda: seen.append((len(connects), [one for one in secure.seen if isinstance(one, bytes)])),
            proxies={"https": f"http://ann:secret@127.0.0.1:{proxy.port}"},
        )
    finally:
        proxy.close()
    assert answer == (200, b"hi")
    assert seen == [(1, [])]
    assert connects[0].startswith(b"CONNECT example.org:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic " in connects[0]
    assert b"Proxy-Authorization" not in secure.seen[1]
