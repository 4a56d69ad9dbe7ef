"""The sandbox on loopback: every fault acted out on a real socket."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import requests
from requests_oauthlib import OAuth1

from crosspost.sandbox.model import demo
from crosspost.sandbox.serve import serve
from crosspost.sandbox.values import Answer, Fault, FaultKind, parse_fault

SHORT = 0.5  # seconds after which a caller gives up on a silent server
LONG = 20  # seconds that no test needs


def now():
    return datetime.now(UTC)


@pytest.fixture
def server():
    with serve(demo(datetime.now(UTC)), now) as running:
        yield running


@pytest.fixture
def x_post(server):
    keys = server.sandbox.x[0].keys
    auth = OAuth1(keys.consumer_key, keys.consumer_secret, keys.token, keys.token_secret)

    def post(text: str = "Hello", timeout: float = LONG):
        with requests.Session() as session:
            session.trust_env = False
            return session.post(
                f"{server.url_x}/2/tweets", json={"text": text}, auth=auth, timeout=timeout, allow_redirects=False
            )

    return post


@pytest.fixture
def page_post(server):
    env = server.sandbox.environment(server.url)
    token = env["FACEBOOK_PAGE_ACCESS_TOKEN"]
    proof = hmac.new(env["FACEBOOK_APP_SECRET"].encode(), token.encode(), hashlib.sha256).hexdigest()

    def post(message: str = "Hello", timeout: float = LONG):
        with requests.Session() as session:
            session.trust_env = False
            return session.post(
                f"{server.url_facebook}/v26.0/{env['FACEBOOK_PAGE_ID']}/feed",
                data={"message": message, "appsecret_proof": proof},
                headers={"Authorization": f"Bearer {token}"},
                timeout=timeout,
                allow_redirects=False,
            )

    return post


def test_both_platforms_stand_under_one_origin(server, x_post, page_post):
    assert x_post().status_code == 201
    assert page_post().status_code == 200
    assert len(server.sandbox.x[0].timeline()) == 1
    assert len(server.sandbox.facebook[0].timeline()) == 1


def test_a_model_that_is_no_sandbox_is_served_too():
    class Echo:
        def handle(self, request, now):
            return Answer(200, (("Content-Type", "text/plain"),), f"{request.method} {request.path}".encode())

    with serve(Echo(), now) as server, requests.Session() as session:
        session.trust_env = False
        assert session.get(f"{server.url}/api/v1/statuses", timeout=LONG).text == "GET /api/v1/statuses"


def test_a_signature_over_a_name_holds_for_that_name_alone(server):
    keys = server.sandbox.x[0].keys
    auth = OAuth1(keys.consumer_key, keys.consumer_secret, keys.token, keys.token_secret)
    prepared = requests.Request("GET", f"http://localhost:{server.port}/2/users/me", auth=auth).prepare()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LONG)
    statuses = []
    for host in (f"localhost:{server.port}", f"127.0.0.1:{server.port}"):
        connection.request("GET", "/2/users/me", headers={**prepared.headers, "Host": host})
        with connection.getresponse() as answer:
            statuses.append(answer.status)
            answer.read()
        connection.close()
    assert statuses == [200, 401]


def heard(model):
    """Wait until the server has dealt with a call: its caller may have given up before."""
    while not model.log:
        time.sleep(0.005)


_WIRE = [
    (FaultKind.CLOSE_BEFORE, requests.ConnectionError, 0),
    (FaultKind.CLOSE_AFTER, requests.ConnectionError, 1),
    (FaultKind.RESET_BEFORE, requests.ConnectionError, 0),
    (FaultKind.RESET_AFTER, requests.ConnectionError, 1),
    (FaultKind.SILENCE, requests.ReadTimeout, 0),
    (FaultKind.SILENCE_AFTER, requests.ReadTimeout, 1),
    (FaultKind.HALF, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError), 1),
]


@pytest.mark.parametrize(("kind", "error", "standing"), _WIRE)
def test_a_wire_fault_breaks_the_call_to_x_and_not_the_next(server, x_post, kind, error, standing):
    model = server.sandbox.x[0]
    model.faults.add(Fault(kind))
    with pytest.raises(error):
        x_post("First", SHORT if "silence" in kind else LONG)
    heard(model)
    assert len(model.timeline()) == standing
    assert x_post("Second").status_code == 201


@pytest.mark.parametrize(("kind", "error", "standing"), _WIRE)
def test_a_wire_fault_breaks_the_call_to_facebook_and_not_the_next(server, page_post, kind, error, standing):
    model = server.sandbox.facebook[0]
    model.faults.add(Fault(kind))
    with pytest.raises(error):
        page_post("First", SHORT if "silence" in kind else LONG)
    heard(model)
    assert len(model.timeline()) == standing
    assert page_post("Second").status_code == 200


def test_dripping_headers_outlast_a_read_timeout(server):
    model = server.sandbox.facebook[0]
    model.faults.add(Fault(FaultKind.DRIP))
    body = f"message=a&access_token={model.token}".encode()
    head = (
        f"POST /v26.0/{model.page_id}/feed HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=SHORT) as caller:
        caller.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        begun, got = time.monotonic(), b""
        while time.monotonic() - begun < 3 * SHORT:
            got += caller.recv(64)  # each read in time, and never an end
    assert got.startswith(b"HTTP/1.1 ")
    assert b"\r\n\r\n" not in got


def test_a_reset_is_a_reset(server):
    model = server.sandbox.facebook[0]
    model.faults.add(Fault(FaultKind.RESET_AFTER))
    with socket.create_connection(("127.0.0.1", server.port), timeout=LONG) as caller:
        caller.sendall(f"GET /v26.0/{model.page_id} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            caller.recv(64)


_BY_ANSWER = [
    kind for kind in FaultKind if Fault(kind).wire is None and kind not in {FaultKind.LAG, FaultKind.EMPTY_TIMELINE}
]


@pytest.mark.parametrize("kind", _BY_ANSWER)
def test_every_other_fault_arrives_as_an_answer(server, x_post, page_post, kind):
    fault = Fault(kind, "POST", body=b"{}")
    x, page = server.sandbox.x[0], server.sandbox.facebook[0]
    x.faults.add(fault)
    page.faults.add(fault)
    for post, model in ((x_post, x), (page_post, page)):
        answer = post()
        logged = model.log[-1]
        assert logged.fault == kind
        assert answer.status_code == logged.status
        assert len(model.timeline()) == (1 if fault.accepts else 0)


def test_closing_lets_go_of_silent_callers_and_joins_every_thread():
    before = set(threading.enumerate())
    server = serve(demo(datetime.now(UTC)), now)
    server.sandbox.x[0].faults.add(Fault(FaultKind.SILENCE))
    with socket.create_connection(("127.0.0.1", server.port), timeout=LONG) as caller:
        caller.sendall(b"GET /2/users/me HTTP/1.1\r\nHost: x\r\n\r\n")
        heard(server.sandbox.x[0])
        begun = time.monotonic()
        server.close()
        server.close()
        assert caller.recv(10) == b""
    assert time.monotonic() - begun < LONG
    assert set(threading.enumerate()) == before


def test_an_idle_connection_does_not_hold_up_the_close():
    server = serve(demo(datetime.now(UTC)), now)
    with socket.create_connection(("127.0.0.1", server.port), timeout=LONG):
        time.sleep(0.05)
        begun = time.monotonic()
        server.close()
    assert time.monotonic() - begun < LONG


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_it_listens_on_loopback_only(host):
    with pytest.raises(ValueError, match="loopback"):
        serve(demo(datetime.now(UTC)), now, host)


def test_many_callers_at_once_lose_nothing(server, page_post):
    def call(number: int) -> None:
        results.append(page_post(f"Post {number}").status_code)

    results: list[int] = []
    threads = [threading.Thread(target=call, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 12
    ids = [standing.id for standing in server.sandbox.facebook[0].timeline()]
    assert len(set(ids)) == 12


def _get(url: str, **headers: str):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(urllib.request.Request(url, headers=headers), timeout=LONG)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, dict(answer.headers), answer.read()


def test_the_site_answers_304_to_a_caller_who_has_the_feed(server):
    url = f"{server.site_url}feed/"
    status, headers, body = _get(url)
    assert status == 200
    assert body.startswith(b"<?xml")
    etag, modified = headers["ETag"], headers["Last-Modified"]
    both = {"If-None-Match": etag, "If-Modified-Since": modified}
    assert _get(url, **both)[0] == 304
    assert _get(url, **both)[2] == b""
    assert _get(url, **{"If-None-Match": etag})[0] == 304
    assert _get(url, **both | {"If-None-Match": '"other"'})[0] == 200
    assert _get(url, **both | {"If-Modified-Since": "Mon, 02 Nov 2026 08:00:00 GMT"})[0] == 200
    server.sandbox.site.body += b"\n"
    assert _get(url, **both)[0] == 200


def test_the_front_page_leads_to_the_feed(server):
    _, _, body = _get(server.site_url)
    [feed] = re.findall(r'<link rel="alternate"[^>]+href="([^"]+)"', body.decode())
    assert feed == f"{server.url}/site/feed/"
    assert _get(feed)[0] == 200


def test_a_page_of_the_feed_past_the_end_is_404_and_well_formed(server):
    status, _, body = _get(f"{server.site_url}feed/?paged=2")
    assert status == 404
    assert body.rstrip().endswith(b"</rss>")
    assert b"<item>" not in body


def test_an_unknown_address_is_404(server):
    assert _get(f"{server.url}/hello")[0] == 404
    assert _get(f"{server.url}/site/hello/")[0] == 404


def test_the_page_is_served_with_a_policy_that_fetches_nothing(server):
    status, headers, body = _get(server.page_url)
    assert status == 200
    assert b"SANDBOX" in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_the_environment_points_both_platforms_at_the_sandbox(server):
    env = server.sandbox.environment(server.url)
    assert env["CROSSPOST_X_API_URL"] == env["CROSSPOST_FACEBOOK_API_URL"] == server.url
    assert urlsplit(server.url).hostname == "127.0.0.1"
    assert {"X_API_KEY", "X_API_KEY_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"} <= set(env)


def test_a_fault_is_typed_in_one_word():
    assert parse_fault("close_after") == Fault(FaultKind.CLOSE_AFTER, "POST")
    assert parse_fault("5xx_after=502*3") == Fault(FaultKind.ERROR_AFTER, "POST", times=3, status=502)
    assert parse_fault("lag=840") == Fault(FaultKind.LAG, "GET", seconds=840)
    assert parse_fault("permission=10") == Fault(FaultKind.PERMISSION, "POST", code=10)
    for bad in ("", "hello", "lag=x", "lag*y"):
        with pytest.raises(ValueError, match="close_before"):
            parse_fault(bad)


def test_a_body_that_is_too_long_or_has_no_length_is_refused(server):
    for header in ("Content-Length: 99999999", "Content-Length: -1", "Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=LONG) as caller:
            caller.sendall(f"POST /2/tweets HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
            assert caller.recv(100).startswith(b"HTTP/1.1 411")


def test_json_bodies_travel_whole(server, x_post):
    text = "Prêt·e·s ? «لكلّ فتاةٍ» हर 👩‍👩‍👧"
    assert json.loads(x_post(text).content)["data"]["text"] == text


def test_half_a_request_of_a_client_that_died_is_never_acted_on(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(b'POST /2/tweets HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"text":')
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    assert server.sandbox.x[0].log == []
