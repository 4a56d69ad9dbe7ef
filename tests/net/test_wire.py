"""SocketWire over real loopback sockets."""

from __future__ import annotations

import socket
import ssl
import threading
import time

import pytest

from crosspost.core.world import Call, WireTrouble
from crosspost.net.wire import SocketWire, bypasses_proxy


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


SOON = 30  # seconds that a busy machine is granted; without the watchdog these calls last a minute
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Raw:
    """A server of raw bytes: `answer(connection, request)` does what it likes with each connection."""

    def __init__(self, answer):
        self.requests = []
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def serve(self):
        while not self.stop.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self.handle(connection)
                except OSError:
                    pass

    def handle(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                break
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
        while len(body) < length < 1000:  # what is left unread makes the close a reset
            body += connection.recv(1000)
        if data:
            self.requests.append(data)
        self.answer(connection, data)

    def close(self):
        self.stop.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@pytest.fixture
def server():
    made = []

    def make(answer):
        made.append(Raw(answer if callable(answer) else lambda connection, _: connection.sendall(answer)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def wire(**options):
    return SocketWire(alarm, **options)


def fetch(call, **options):
    reply = wire(**options).call(call)
    return reply.status, b"".join(reply.body)


def trouble(call, **options):
    with pytest.raises(WireTrouble) as caught:
        fetch(call, **options)
    return caught.value


def test_a_call_brings_status_headers_in_order_and_body(server):
    there = server(b"HTTP/1.1 201 Created\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nhi")
    reply = wire().call(Call("POST", there.url + "2/tweets?a=b#c", (("X-One", "1"),), b"body"))
    assert (reply.status, reply.header("X-A"), b"".join(reply.body)) == (201, "1", b"hi")
    assert [value for name, value in reply.headers if name.lower() == "x-a"] == ["1", "2"]
    request = there.requests[0]
    assert request.startswith(b"POST /2/tweets?a=b HTTP/1.1\r\n")
    assert b"\r\nX-One: 1\r\n" in request and b"\r\nContent-Length: 4\r\n" in request
    assert b"User-Agent: crosspost/" in request


def test_a_packed_body_comes_as_it_is_and_a_chunked_one_is_undone(server):
    there = server(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\x1f\x8b\r\n0\r\n\r\n"
    )
    assert fetch(Call("GET", there.url)) == (200, b"\x1f\x8b")


def test_redirects_are_answers(server):
    there = server(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
    reply = wire().call(Call("GET", there.url))
    reply.close()
    assert (reply.status, reply.header("location")) == (302, "/elsewhere")
    assert len(there.requests) == 1


def test_each_call_has_a_connection_of_its_own(server):
    peers = []

    def answer(connection, _):
        peers.append(connection.getpeername())
        connection.sendall(OK)

    there, one = server(answer), wire()
    for _ in range(2):
        assert b"".join(one.call(Call("GET", there.url)).body) == b"hi"
    assert len(set(peers)) == 2


def drip(head, piece):
    def answer(connection, _):
        connection.sendall(head)
        for _ in range(3000):  # a minute
            connection.sendall(piece)
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        lambda connection, _: connection.recv(1),
        lambda connection, _: (connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nx"), connection.recv(1)),
    ],
    ids=["headers", "counted body", "body without length", "chunks", "silence", "silence in a body without length"],
)
def test_the_watchdog_ends_a_call_at_its_deadline(server, answer):
    there = server(answer)
    start = time.monotonic()
    assert trouble(Call("GET", there.url, deadline=0.2)).kind == WireTrouble.DEADLINE
    assert time.monotonic() - start < SOON


def test_the_watchdog_ends_a_silent_tls_handshake_before_the_first_byte():
    sent = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        start = time.monotonic()
        call = Call("GET", url, deadline=0.2, before_first_byte=lambda: sent.append(1))
        assert trouble(call).kind == WireTrouble.DEADLINE
    assert time.monotonic() - start < SOON
    assert sent == []


def test_the_watchdog_ends_a_resolver_that_hangs():
    held = threading.Event()
    start = time.monotonic()

    def resolve(host, port):
        held.wait(60)
        return ("127.0.0.1",)

    assert trouble(Call("GET", "http://example.org/", deadline=0.2), resolve=resolve).kind == WireTrouble.DEADLINE
    assert time.monotonic() - start < SOON
    held.set()


def test_the_hook_is_called_after_connecting_and_before_the_first_byte(server):
    there = server(OK)
    seen = []

    def hook():
        time.sleep(0.05)
        seen.append(list(there.requests))

    assert fetch(Call("POST", there.url, body=b"x", before_first_byte=hook)) == (200, b"hi")
    assert seen == [[]]
    assert len(there.requests) == 1


@pytest.mark.parametrize(
    "error", [RuntimeError("no"), OSError("no"), BrokenPipeError(), ValueError("no"), SystemExit(3)]
)
def test_what_the_hook_raises_passes_as_it_is_and_nothing_is_sent(server, error):
    there = server(OK)

    def hook():
        raise error

    with pytest.raises(type(error)) as caught:
        fetch(Call("POST", there.url, body=b"x", before_first_byte=hook))
    assert caught.value is error
    time.sleep(0.05)
    assert there.requests == []


def test_the_hook_is_not_called_when_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    called = []
    call = Call("POST", f"http://127.0.0.1:{port}/", before_first_byte=lambda: called.append(1))
    assert trouble(call).kind == WireTrouble.REFUSED
    assert called == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
    ],
)
def test_a_connection_that_breaks_off_is_cut(server, answer):
    assert trouble(Call("GET", server(answer).url)).kind == WireTrouble.CUT


def test_what_is_not_http_is_invalid(server):
    assert trouble(Call("GET", server(b"220 mail.example.org ESMTP\r\n").url)).kind == WireTrouble.INVALID


def test_a_server_that_speaks_no_tls_is_tls_trouble():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert trouble(Call("GET", f"https://127.0.0.1:{listener.getsockname()[1]}/")).kind == WireTrouble.TLS
        thread.join(5)


def test_a_name_without_address_is_dns_trouble():
    def resolve(host, port):
        raise socket.gaierror(-2, "secret words")

    found = trouble(Call("GET", "http://example.org/"), resolve=resolve)
    assert (found.kind, str(found)) == ("dns", "dns: example.org")


def test_the_next_address_is_tried_when_the_first_is_dead(server):
    there = server(OK)
    url = f"http://example.org:{there.port}/"
    assert fetch(Call("GET", url), resolve=lambda *_: ("::1", "127.0.0.1")) == (200, b"hi")
    assert b"Host: example.org:" in there.requests[0]


def test_a_private_address_is_refused_unless_it_is_allowed(server):
    there = server(OK)
    asked = []

    def judge(host, address):
        asked.append((host, address))
        return host == "localhost"

    assert trouble(Call("GET", there.url, private_ok=judge)).kind == WireTrouble.PRIVATE
    assert fetch(
        Call("GET", there.url.replace("127.0.0.1", "localhost"), private_ok=judge), resolve=lambda *_: ("127.0.0.1",)
    ) == (200, b"hi")
    assert asked == [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1")]
    assert len(there.requests) == 1


def test_a_rebinding_resolver_cannot_pass(server):
    """The address that was judged is the one that is connected to: the name is looked up once."""
    there = server(OK)
    answers = iter([("127.0.0.2",), ("127.0.0.1",)])
    lookups = []

    def resolve(host, port):
        lookups.append(host)
        return next(answers)

    call = Call("GET", f"http://example.org:{there.port}/", deadline=5, private_ok=lambda _, ip: ip == "127.0.0.2")
    assert trouble(call, resolve=resolve).kind in ("deadline", "refused", "timeout")
    assert lookups == ["example.org"]
    assert there.requests == []


def test_of_several_addresses_only_allowed_ones_are_connected_to(server):
    there = server(OK)
    call = Call("GET", f"http://example.org:{there.port}/", deadline=5, private_ok=lambda _, ip: ip == "127.0.0.2")
    found = trouble(call, resolve=lambda *_: ("127.0.0.1", "127.0.0.2"))
    assert found.kind in ("deadline", "refused", "timeout")
    assert there.requests == []


@pytest.mark.parametrize("spelling", ["127.1", "2130706433", "0x7f.0.0.1", "[::ffff:127.0.0.1]", "localhost"])
def test_other_spellings_of_loopback_are_private_too(server, spelling):
    there = server(OK)
    call = Call("GET", f"http://{spelling}:{there.port}/", private_ok=lambda *_: False)
    assert trouble(call).kind == WireTrouble.PRIVATE


@pytest.mark.parametrize(
    "headers",
    [
        (("Authorization", "Bearer hunter2\n"),),
        (("Authorization", "hunter2\r\nX: y"),),
        (("X", "hunter2\0"),),
        (("X", "hunter2 ключ"),),
    ],
)
def test_a_header_value_that_breaks_the_request_is_refused_and_not_echoed(server, headers):
    there = server(OK)
    called = []
    found = trouble(Call("GET", there.url, headers, before_first_byte=lambda: called.append(1)))
    assert found.kind == WireTrouble.INVALID
    assert "hunter2" not in str(found) + repr(found)
    assert called == [] and there.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "http://user:hunter2@example.org/",
        "http:///x",
        "file:///etc/passwd",
        "http://[::1/",
        "example.org",
        "http://example.org:99999/",
    ],
)
def test_an_address_that_cannot_be_called_is_invalid(url):
    found = trouble(Call("GET", url), resolve=lambda *_: pytest.fail("looked up"))
    assert found.kind == WireTrouble.INVALID
    assert "hunter2" not in str(found)


def test_no_trouble_holds_query_header_or_body(server):
    there = server(b"")
    call = Call("POST", there.url + "?token=hunter2", (("Authorization", "hunter2"),), b"hunter2")
    found = trouble(call)
    assert "hunter2" not in str(found) + repr(found) + found.detail
    assert found.__suppress_context__ or found.__context__ is None or "hunter2" not in str(found.__context__)


def test_a_kill_closes_the_sockets_and_passes(server):
    class Kill(BaseException):
        pass

    def hook():
        raise Kill

    there = server(OK)
    with pytest.raises(Kill):
        wire().call(Call("POST", there.url, before_first_byte=hook))
    time.sleep(0.05)
    assert there.requests == []


def test_an_answer_that_comes_before_the_whole_body_was_read_is_an_answer(server):
    def answer(connection, _):
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    assert fetch(Call("POST", server(answer).url, body=b"x" * 3_000_000)) == (413, b"")


def test_http_through_a_proxy_asks_it_for_the_whole_address(server):
    proxy = server(OK)
    proxies = {"http": f"http://ann:p%40ss@127.0.0.1:{proxy.port}"}
    assert fetch(Call("GET", "http://example.org/feed/?a=1#x"), proxies=proxies) == (200, b"hi")
    request = proxy.requests[0]
    assert request.startswith(b"GET http://example.org/feed/?a=1 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic YW5uOnBAc3M=\r\n" in request
    assert b"Host: example.org\r\n" in request


def test_the_connect_request_of_a_proxy_is_not_the_committing_one(server):
    proxy = server(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    called = []
    call = Call("POST", "https://example.org/x", before_first_byte=lambda: called.append(1))
    found = trouble(call, proxies={"https": f"127.0.0.1:{proxy.port}"})
    assert found.kind == WireTrouble.PROXY
    assert called == []
    assert proxy.requests[0].startswith(b"CONNECT example.org:443 HTTP/1.")


def test_a_proxy_that_nobody_runs_is_proxy_trouble():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert (
        trouble(Call("GET", "http://example.org/"), proxies={"all": f"http://127.0.0.1:{port}"}).kind
        == WireTrouble.PROXY
    )


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.215.14", "10.0.0.1")])
def test_behind_a_proxy_the_names_addresses_are_judged(server, addresses):
    proxy = server(OK)
    call = Call("GET", "http://intranet.example.org/", private_ok=lambda *_: False)
    found = trouble(call, proxies={"http": f"http://127.0.0.1:{proxy.port}"}, resolve=lambda *_: addresses)
    assert found.kind == WireTrouble.PRIVATE
    assert proxy.requests == []


def test_behind_a_proxy_a_name_that_only_it_can_resolve_must_be_allowed_by_name(server):
    proxy = server(OK)

    def resolve(host, port):
        raise socket.gaierror(-2, "")

    options = {"proxies": {"http": f"http://127.0.0.1:{proxy.port}"}, "resolve": resolve}
    assert trouble(Call("GET", "http://example.org/", private_ok=lambda *_: False), **options).kind == WireTrouble.DNS
    allowed = Call("GET", "http://example.org/", private_ok=lambda host, _: host == "example.org")
    assert fetch(allowed, **options) == (200, b"hi")


@pytest.mark.parametrize(
    ("no_proxy", "host", "bypassed"),
    [
        ("", "example.org", False),
        ("*", "example.org", True),
        ("example.org", "example.org", True),
        ("example.org", "www.example.org", True),
        ("example.org", "badexample.org", False),
        (" localhost , .example.org", "www.example.org", True),
        ("*.example.org", "a.example.org", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("::1", "[::1]", True),
        ("localhost:8080", "localhost", True),
    ],
)
def test_no_proxy_is_read_as_curl_reads_it(no_proxy, host, bypassed):
    assert bypasses_proxy(no_proxy, host) is bypassed


def test_a_ca_bundle_that_cannot_be_read_is_tls_trouble(server):
    there = server(OK)
    url = there.url.replace("http", "https")
    assert trouble(Call("GET", url), ca_bundle="/nowhere/ca.pem").kind == WireTrouble.TLS


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "http://[nowhere", "http://"])
def test_a_proxy_of_another_kind_is_proxy_trouble(proxy):
    assert trouble(Call("GET", "http://example.org/"), proxies={"http": proxy}).kind == WireTrouble.PROXY


def test_a_host_of_no_proxy_is_called_directly(server):
    there = server(OK)
    options = {"proxies": {"http": "http://127.0.0.1:1"}, "no_proxy": "127.0.0.1"}
    assert fetch(Call("GET", there.url), **options) == (200, b"hi")


def test_a_fault_of_the_resolver_itself_passes_as_it_is():
    def resolve(host, port):
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        fetch(Call("GET", "http://example.org/"), resolve=resolve)


@pytest.mark.parametrize(
    "call",
    [
        Call("GET /", "http://example.org/"),
        Call("GET", "http://example.org/", (("X:\n", "y"),)),
        Call("", "http://example.org/"),
    ],
)
def test_a_method_or_header_name_that_breaks_the_request_is_invalid(call):
    assert trouble(call, resolve=lambda *_: pytest.fail("looked up")).kind == WireTrouble.INVALID


def test_an_unread_answer_can_be_closed_twice(server):
    reply = wire().call(Call("GET", server(OK).url))
    reply.close()
    reply.close()
    assert list(reply.body) == []


def test_a_body_that_is_left_half_read_lets_go_of_its_socket(server):
    reply = wire().call(Call("GET", server(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200000).url))
    assert next(reply.body)
    reply.body.close()


def test_a_system_without_certificates_gets_certifis(monkeypatch):
    monkeypatch.setattr(ssl, "create_default_context", lambda cafile=None: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert wire().context.cert_store_stats()["x509_ca"] > 50
