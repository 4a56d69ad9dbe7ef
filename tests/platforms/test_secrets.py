"""Planted secrets show in nothing: no repr, no outcome, no log at DEBUG, no traceback, whatever breaks."""

from __future__ import annotations

import base64
import logging
import subprocess
import sys
import traceback
import urllib.parse

import pytest

from crosspost.core.post import Accepted, Fault, NotSent, PauseKind
from crosspost.core.world import Call, WireTrouble
from crosspost.net.adapter import quiet_libraries
from crosspost.platforms.loading import load_platforms
from crosspost.testing.doubles import NOON

GOOD = {"x": {"data": {"id": "17", "text": "Hello"}}, "facebook": {"id": "100200300_17"}}
TALKERS = (
    "tweepy",
    "tweepy.client",
    "requests_oauthlib",
    "requests_oauthlib.oauth1_auth",
    "oauthlib",
    "oauthlib.oauth1.rfc5849",
    "urllib3",
)


def forms(secret):
    """A secret as it is, and as an encoding would show it."""
    return {secret, urllib.parse.quote(secret, safe=""), base64.b64encode(secret.encode()).decode(), repr(secret)[1:-1]}


@pytest.fixture
def is_clean(planted, caplog):
    """Fails when a planted secret, or a signed header, is in any of the texts or in the log."""
    caplog.set_level(logging.DEBUG)

    def check(*texts, extra=()):
        whole = "\n".join([*texts, caplog.text])
        for secret in (*planted, *extra):
            for form in forms(secret):
                assert form not in whole
        assert "oauth_signature" not in whole
        assert "Bearer " not in whole

    return check


@pytest.fixture(autouse=True)
def loud_again():
    """The libraries as they come, so that each test proves that opening an account quiets them."""
    before = {name: logging.getLogger(name).level for name in TALKERS}
    for name in TALKERS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("name", GOOD)
def test_at_debug_nothing_of_the_keys_is_logged_or_shown(name, serve, account, answer_bytes, is_clean):
    server = serve(answer_bytes(201, GOOD[name]), answer_bytes(500, b"x"), answer_bytes(401, {"title": "Unauthorized"}))
    bench = account(name, server.origin)
    outcome = bench.publish()
    assert isinstance(outcome, Accepted)
    told = [
        bench.adapter.find(NOON, frozenset()),
        bench.adapter.alive(),
        bench.adapter.check(),
        bench.adapter.remove("17"),
    ]
    assert len(server.requests) >= 5
    shown = [
        bench.adapter,
        bench.adapter._session,
        bench.adapter._session.wire_adapter,
        bench.adapter._session.wire_adapter.answer,
    ]
    is_clean(*map(repr, [outcome, *told, *shown]), *map(str, shown))


def test_the_libraries_do_talk_when_nobody_quiets_them(serve, account, answer_bytes, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(answer_bytes(201, GOOD["x"]))
    bench = account("x", server.origin)
    for name in TALKERS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    bench.publish()
    assert "4242-planted-access-token" in caplog.text, "else the tests above prove nothing"


def test_quieting_holds_for_the_loggers_below():
    quiet_libraries()
    assert not any(logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in TALKERS)


BAD = {
    "a letter of another script": "planted-日本-token",
    "a line break": "planted\r\nX-Evil: 1",
    "a letter of Latin-1": "planted-tökén",
    "a NUL": "planted\x00token",
    "a lone surrogate": "planted-\ud800-token",
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", GOOD)
def test_a_key_that_no_key_looks_like_is_neither_sent_nor_shown(name, case, serve, account, answer_bytes, is_clean):
    server = serve(answer_bytes(201, GOOD[name]))
    keys = {
        "x": ("API_KEY", "API_KEY_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"),
        "facebook": ("PAGE_ACCESS_TOKEN",),
    }
    plain = {"API_KEY": "k", "API_KEY_SECRET": "s", "ACCESS_TOKEN": "1-t", "ACCESS_TOKEN_SECRET": "ts"}
    base = plain if name == "x" else {"PAGE_ID": "100200300", "PAGE_ACCESS_TOKEN": "t"}
    for key in keys[name]:
        bench = account(name, server.origin, secrets={**base, key: BAD[case]})
        outcome = bench.publish()
        assert isinstance(outcome, NotSent | Fault)
        assert outcome.pause.kind is PauseKind.UNAUTHORIZED
        assert not bench.claim.spent
        whole = repr([outcome, bench.adapter.find(NOON, frozenset()), bench.adapter.check(), bench.adapter.alive()])
        is_clean(whole)
        assert "planted" not in whole
    assert server.requests == []


@pytest.mark.parametrize("page", ["", "100 200", "100/feed?x=", "me", "日本"])
def test_a_page_id_that_is_none_reaches_no_address(page, serve, account, answer_bytes):
    server = serve(answer_bytes(200, GOOD["facebook"]))
    bench = account("facebook", server.origin, secrets={"PAGE_ID": page, "PAGE_ACCESS_TOKEN": "t"})
    assert isinstance(bench.publish(), NotSent)
    assert server.requests == []


def test_the_seam_itself_refuses_a_header_that_breaks_out_without_showing_it(serve, account, answer_bytes, is_clean):
    from crosspost.net.adapter import WireSession

    class Never:
        def call(self, call: Call):
            raise AssertionError("reached the wire")

    session = WireSession(Never())
    for value in ("planted-日本", "planted\x7f"):
        with pytest.raises(WireTrouble) as caught:
            session.get("http://127.0.0.1/", headers={"Authorization": value})
        text = "".join(traceback.format_exception(caught.value))
        assert (caught.value.kind, "planted" in text) == ("invalid", False)


def test_a_token_with_a_line_break_in_a_header_makes_a_fault_that_names_a_class_only(account, is_clean):
    bench = account("facebook", "http://127.0.0.1:9")
    bench.adapter._session.headers["Authorization"] = "Bearer planted-page-token\nx"
    outcome = bench.publish()
    assert isinstance(outcome, Fault)
    assert outcome.reason.named == {"kind": "InvalidHeader"}
    is_clean(repr(outcome))


@pytest.mark.parametrize("name", GOOD)
def test_what_a_netrc_or_the_environment_says_counts_for_nothing(
    name, serve, account, answer_bytes, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil\ndefault login evil password evil\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    server = serve(answer_bytes(201, GOOD[name]))
    assert isinstance(account(name, server.origin).publish(), Accepted)
    head = server.requests[0].partition(b"\r\n\r\n")[0]
    assert b"Authorization: Basic" not in head
    assert head.count(b"Authorization: ") == 1


@pytest.mark.parametrize("name", GOOD)
def test_cookies_of_one_answer_are_not_sent_with_the_next_request(name, serve, account, answer_bytes):
    server = serve(answer_bytes(201, GOOD[name], [("Set-Cookie", "guest_id=1; Path=/")]))
    bench = account(name, server.origin)
    bench.publish()
    bench.adapter.alive()
    assert not any(b"cookie" in request.lower() for request in server.requests)


def test_naming_the_platforms_loads_neither_tweepy_nor_requests():
    code = (
        "import sys; from crosspost.platforms.loading import load_platforms; load_platforms();"
        "print([m for m in ('tweepy', 'requests', 'requests_oauthlib', 'urllib3', 'feedparser') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", GOOD)
def test_opening_an_account_makes_no_request(name, account):
    class Never:
        def call(self, call: Call):
            raise AssertionError("reached the wire")

    account(name, "http://127.0.0.1:9", wire=Never())
    assert set(load_platforms()) >= set(GOOD)


def test_tweepys_session_goes_to_no_address_but_xs(account):
    bench = account("x", "http://127.0.0.1:9")
    with pytest.raises(WireTrouble) as caught:
        bench.adapter._session.get("https://upload.twitter.com/1.1/media/upload.json")
    assert caught.value.kind == "invalid"


def test_library_code_that_makes_no_request_gives_no_answer_of_an_earlier_one(serve, account, answer_bytes):
    bench = account("x", serve(answer_bytes(201, GOOD["x"])).origin)
    assert isinstance(bench.publish(), Accepted)
    with pytest.raises(WireTrouble):
        bench.adapter._session.ask(lambda: None)
