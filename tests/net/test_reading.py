"""Reading from strangers, over a real loopback server."""

from __future__ import annotations

import gzip
import threading
import time
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crosspost.core.world import Reply, WireTrouble
from crosspost.net.reading import Limits, ReadTrouble, read
from crosspost.net.wire import SocketWire

LOCAL = ("127.0.0.1",)
HELLO = gzip.compress(b"hello", mtime=0)  # the time would be in the test's name, and differ between processes


class RealClock:
    monotonic = staticmethod(time.monotonic)


class StillClock:
    """A clock that a test moves."""

    def __init__(self):
        self.at = 0.0

    def monotonic(self):
        return self.at


class CannedWire:
    """Answers in turn; keeps the calls."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.calls = []

    def call(self, call):
        self.calls.append(call)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


def reply(status=200, body=b"", **headers):
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, named, iter((body,)))


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


@pytest.fixture
def site():
    """A server: `site.pages[path]` is (status, headers, body) or what a callable makes of the request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.seen.append((self.path, dict(self.headers)))
            page = server.pages[self.path]
            status, headers, body = page(self) if callable(page) else page
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that hangs up is what is tested
    server.pages, server.seen = {}, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def get(url, **options):
    options.setdefault("allow_private", LOCAL)
    return read(SocketWire(alarm), RealClock(), url, **options)


def trouble(url, **options):
    with pytest.raises(ReadTrouble) as caught:
        get(url, **options)
    return caught.value


def test_a_page_comes_whole_and_unpacked(site):
    site.pages["/"] = (200, {"Content-Encoding": "gzip", "X-A": "b"}, gzip.compress(b"hello"))
    page = get(site.url, headers=(("If-None-Match", '"x"'),), accept="text/x")
    assert (page.status, page.url, page.body, page.header("x-a")) == (200, site.url + "/", b"hello", "b")
    sent = site.seen[0][1]
    assert sent["Accept"] == "text/x" and sent["If-None-Match"] == '"x"' and sent["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", b"hello"),
        ("", b"hello"),
        ("X-GZIP", HELLO),
        ("gzip", gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo", mtime=0)),
        ("gzip", HELLO + b"\0\0\0"),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")[2:-4]),
    ],
)
def test_every_packing_that_was_asked_for_is_undone(site, encoding, body):
    site.pages["/"] = (200, {"Content-Encoding": encoding}, body)
    assert get(site.url).body == b"hello"


def test_a_packing_that_was_not_asked_for_is_an_error(site):
    site.pages["/"] = (200, {"Content-Encoding": "br"}, b"\x0b\x02\x80hello\x03")
    assert trouble(site.url).code == "encoding"


def test_a_gzip_bomb_is_stopped_at_the_limit(site):
    site.pages["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 20_000_000))
    found = trouble(site.url)
    assert (found.code, found.host) == ("too-large", "127.0.0.1")
    assert "10,000,000" in found.what


def test_a_gzip_bomb_takes_no_more_memory_than_the_limit():
    bomb = gzip.compress(b"\0" * 100_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ReadTrouble):
            read(CannedWire(reply(body=bomb, Content_Encoding="gzip")), StillClock(), "https://example.org/")
        assert tracemalloc.get_traced_memory()[1] < 35_000_000
    finally:
        tracemalloc.stop()


def test_a_gzip_stream_in_a_thousand_pieces_is_stopped_too(site):
    site.pages["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"") * 1000)
    assert trouble(site.url).code == "too-large"


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "5000000000"}, {"Content-Length": "9" * 30}])
def test_a_body_beyond_the_limit_on_the_wire_is_an_error(site, headers):
    site.pages["/"] = (200, headers, b"x" * 2000)
    assert trouble(site.url, limits=Limits(bytes=1000)).code == "too-large"


def test_a_body_shorter_than_announced_is_cut(site):
    def half(handler):
        handler.close_connection = True
        return 200, {"Content-Length": "100"}, b"half"

    site.pages["/"] = half
    assert trouble(site.url).code == "cut"


@pytest.mark.parametrize("body", [gzip.compress(b"hello" * 1000, mtime=0)[:-9], HELLO[:5], b"no gzip at all"])
def test_a_packed_body_that_breaks_off_is_cut(site, body):
    site.pages["/"] = (200, {"Content-Encoding": "gzip"}, body)
    assert trouble(site.url).code == "cut"


def test_a_short_body_is_cut_whatever_the_wire_says():
    wire = CannedWire(reply(body=b"half", Content_Length="100"))
    with pytest.raises(ReadTrouble) as caught:
        read(wire, StillClock(), "https://example.org/")
    assert caught.value.code == "cut"


def test_a_304_with_a_length_is_no_cut_body():
    wire = CannedWire(reply(304, Content_Length="100", Content_Encoding="gzip"))
    assert read(wire, StillClock(), "https://example.org/").status == 304


def test_redirects_are_followed_and_the_last_address_is_the_pages(site):
    site.pages["/"] = (301, {"Location": "/feed"}, b"")
    site.pages["/feed"] = (302, {"Location": site.url + "/fe%C3%A9d/?a=b#top"}, b"")
    site.pages["/fe%C3%A9d/?a=b"] = (200, {}, b"here")
    page = get(site.url)
    assert (page.url, page.body) == (site.url + "/fe%C3%A9d/?a=b", b"here")


def test_a_raw_utf8_location_is_understood(site):
    def raw(handler):
        return 301, {"Location": "/fé".encode().decode("latin-1")}, b""

    site.pages["/"] = raw
    site.pages["/f%C3%A9"] = (200, {}, b"here")
    assert get(site.url).body == b"here"


def test_endless_redirects_end(site):
    site.pages["/"] = (302, {"Location": "/"}, b"")
    assert trouble(site.url).code == "redirects"
    assert len(site.seen) == 6


def test_a_redirect_without_a_location_is_an_answer(site):
    site.pages["/"] = (302, {}, b"?")
    assert get(site.url).status == 302


def test_a_redirect_from_https_to_http_is_refused():
    wire = CannedWire(reply(301, Location="http://example.org/feed/"))
    with pytest.raises(ReadTrouble) as caught:
        read(wire, StillClock(), "https://example.org/feed/")
    assert caught.value.code == "downgrade"
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    "where", ["ftp://example.org/", "javascript:alert(1)", "http://u:hunter2@example.org/", "http://[nowhere/"]
)
def test_a_redirect_to_what_cannot_be_read_is_refused(where):
    wire = CannedWire(reply(301, Location=where))
    with pytest.raises(ReadTrouble) as caught:
        read(wire, StillClock(), "http://example.org/feed/")
    assert caught.value.code == "invalid"
    assert "hunter2" not in str(caught.value)
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "example.org", "", "http://u:p@example.org/", "file:///etc/passwd"]
)
def test_only_http_addresses_without_a_login_are_read(url):
    with pytest.raises(ReadTrouble) as caught:
        read(CannedWire(), StillClock(), url)
    assert caught.value.code == "invalid"


def test_a_private_address_is_refused_unless_named_or_typed(site):
    site.pages["/"] = (200, {}, b"here")
    assert trouble(site.url, allow_private=()).code == "private"
    assert site.seen == []
    assert get(site.url, allow_private=("127.0.0.0/8",)).body == b"here"
    assert get(site.url, allow_private=(), typed=True).body == b"here"


def test_a_redirect_from_a_typed_address_may_not_be_private(site):
    site.pages["/"] = (302, {"Location": f"http://localhost:{site.server_port}/secret"}, b"")
    assert trouble(site.url, allow_private=(), typed=True).code == "private"
    assert len(site.seen) == 1


def test_a_redirect_to_a_private_address_is_refused(site):
    site.pages["/"] = (302, {"Location": f"http://intranet.example.org:{site.server_port}/secret"}, b"")
    wire = SocketWire(alarm, resolve=lambda *_: ("127.0.0.1",))
    with pytest.raises(ReadTrouble) as caught:
        read(wire, RealClock(), f"http://example.org:{site.server_port}/", allow_private=("example.org",))
    assert (caught.value.code, caught.value.host) == ("private", "intranet.example.org")
    assert len(site.seen) == 1


def test_the_time_is_counted_over_all_hops(site):
    clock = StillClock()

    class Slow(CannedWire):
        def call(self, call):
            clock.at += 12
            return super().call(call)

    wire = Slow(*[reply(302, Location="/again") for _ in range(5)])
    with pytest.raises(ReadTrouble) as caught:
        read(wire, clock, "https://example.org/")
    assert caught.value.code == "slow"
    assert [call.deadline for call in wire.calls] == [30, 18, 6]


def test_a_server_that_drips_is_slow(site):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(3000):  # a minute
            time.sleep(0.02)
            handler.wfile.write(b"X-Drip: 1\r\n")
        return 200, {}, b""

    site.pages["/"] = drip
    start = time.monotonic()
    assert trouble(site.url, limits=Limits(seconds=0.2)).code == "slow"
    assert time.monotonic() - start < 30  # the deadline has ended it; a busy machine is granted more


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("refused", "unreachable"),
        ("dns", "unreachable"),
        ("tls", "unreachable"),
        ("proxy", "unreachable"),
        ("timeout", "slow"),
        ("deadline", "slow"),
        ("cut", "cut"),
        ("invalid", "invalid"),
        ("private", "private"),
    ],
)
def test_every_trouble_of_the_wire_has_words(kind, code):
    with pytest.raises(ReadTrouble) as caught:
        read(CannedWire(WireTrouble(kind, "foreign words")), StillClock(), "https://example.org/?key=hunter2")
    assert (caught.value.code, caught.value.host) == (code, "example.org")
    assert "foreign" not in str(caught.value) and "hunter2" not in str(caught.value)


def test_the_reply_is_closed_whatever_happens():
    closed = []
    answers = [Reply(200, (("Content-Length", "99999999999"),), iter(()), lambda: closed.append(1))]
    with pytest.raises(ReadTrouble):
        read(CannedWire(*answers), StillClock(), "https://example.org/")
    assert closed == [1]


@pytest.mark.parametrize("status", [304, 404, 503, 302])
def test_the_body_of_an_error_or_redirect_is_not_read_and_hides_nothing(status):
    def never():
        raise WireTrouble(WireTrouble.CUT)
        yield b""

    headers = (("Content-Length", "99999999999"), ("Content-Encoding", "br"))
    page = read(CannedWire(Reply(status, headers, never())), StillClock(), "https://example.org/")
    assert (page.status, page.body) == (status, b"")


def test_letters_of_any_script_in_an_address_are_written_as_the_network_wants_them():
    wire = CannedWire(reply(301, Location="https://b\u00fccher.example.org/f\u00fcr?a=\u00e9#x"), reply())
    assert read(wire, StillClock(), "https://example.org").url == wire.calls[1].url
    assert wire.calls[0].url == "https://example.org/"
    assert wire.calls[1].url == "https://xn--bcher-kva.example.org/f%C3%BCr?a=%C3%A9"
