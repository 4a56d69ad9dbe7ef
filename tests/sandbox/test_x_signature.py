"""The sandbox's OAuth 1.0a against oauthlib's own client."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oauthlib.oauth1 import Client
from urllib.parse import parse_qsl, quote, urlencode

from crosspost.sandbox.oauth import Keys, oauth_params, signature, trouble
from crosspost.sandbox.values import Request

KEYS = Keys("ck", "c&s", "tk", "t=s")
_words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    query=st.lists(st.tuples(_words.filter(bool), _words), max_size=4),
    form=st.lists(st.tuples(_words.filter(bool), _words), max_size=3),
    host=st.sampled_from(["http://127.0.0.1:8080", "https://API.X.com", "https://api.x.com:443", "http://[::1]:99"]),
    keys=st.tuples(*[st.text("abc&=+ %/é", min_size=1, max_size=8)] * 4),
)
def test_every_signature_is_the_one_that_oauthlib_makes(query, form, host, keys):
    url = f"{host}/2/users/1/tweets" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    client = Client(*keys, nonce="n0nce", timestamp="1790000000")
    body = urlencode(form, quote_via=quote) if form else None
    _, headers, sent = client.sign(url, "POST", body=body, headers=kind)
    request = Request("POST", "/2/users/1/tweets", tuple(query), tuple(headers.items()), (sent or "").encode(), url)
    assert request.form() == tuple(parse_qsl(sent or "", keep_blank_values=True))
    given_params = oauth_params(headers["Authorization"])
    assert signature(request, given_params, Keys(*keys)) == given_params["oauth_signature"]


def test_a_signature_for_another_address_is_refused(x):
    assert x("GET", "/2/users/me", called="https://api.twitter.com/2/users/me").status == 401
    assert x("GET", "/2/users/me", called="http://api.x.com/2/users/me").status == 401
    assert x("GET", "/2/users/me", called="https://api.x.com:8443/2/users/me").status == 401
    assert x("GET", "/2/users/me").status == 200


def test_a_wrong_secret_is_refused(x):
    assert x("GET", "/2/users/me", token_secret="other").status == 401


def test_a_nonce_works_once(x):
    assert x("GET", "/2/users/me", nonce="same").status == 200
    assert x("GET", "/2/users/me", nonce="same").status == 401


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
def test_a_timestamp_may_be_five_minutes_off(x, seconds, status):
    assert x("GET", "/2/users/me", stamp=str(int(x.at.timestamp()) + seconds)).status == status


def test_changed_parameters_break_the_signature(x):
    request = x.request("GET", "/2/users/me", {"user.fields": "id"})
    assert trouble(request, x.model.keys, x.at) == ""
    changed = Request(request.method, request.path, (("user.fields", "name"),), request.headers, b"", request.url)
    assert trouble(changed, x.model.keys, x.at) == "wrong signature"
