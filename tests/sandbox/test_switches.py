"""Three switches prove the sandbox strict: with one off, the checks named here fail."""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest

LINK = "https://www.example.org/a-story/"


def a_call_without_the_right_secret_is_refused(x):
    assert x("GET", "/2/users/me", token_secret="other").status == 401


def a_call_signed_for_another_address_is_refused(x):
    assert x("GET", "/2/users/me", called="https://api.twitter.com/2/users/me").status == 401


def a_nonce_used_twice_is_refused(x):
    x("GET", "/2/users/me", nonce="same")
    assert x("GET", "/2/users/me", nonce="same").status == 401


def whoever_looks_for_the_link_in_the_text_finds_nothing(x):
    x.post(f"News {LINK}")
    x.wait(minutes=20)
    assert LINK not in html.unescape(json.loads(x.timeline().body)["data"][0]["text"])


def the_link_is_found_in_the_entities(x):
    x.post(f"News {LINK}")
    x.wait(minutes=20)
    post = json.loads(x.timeline().body)["data"][0]
    assert LINK in [entity["expanded_url"] for entity in post.get("entities", {}).get("urls", [])]


def a_single_early_reading_proves_nothing(x):
    x.post("News")
    x.wait(minutes=2)
    assert json.loads(x.timeline().body)["meta"]["result_count"] == 0


CHECKS = [
    (a_call_without_the_right_secret_is_refused, "signing"),
    (a_call_signed_for_another_address_is_refused, "signing"),
    (a_nonce_used_twice_is_refused, "signing"),
    (whoever_looks_for_the_link_in_the_text_finds_nothing, "tco"),
    (the_link_is_found_in_the_entities, "tco"),
    (a_single_early_reading_proves_nothing, "lagging"),
]


@pytest.mark.parametrize(("check", "switch"), CHECKS)
def test_the_sandbox_is_strict(make_x, check, switch):
    check(make_x(lag=timedelta(minutes=14)))


@pytest.mark.parametrize(("check", "switch"), CHECKS)
def test_with_its_switch_off_the_check_fails(make_x, check, switch):
    with pytest.raises(AssertionError):
        check(make_x(lag=timedelta(minutes=14), **{switch: False}))


def test_facebook_without_lag_fails_its_check_too(make_page):
    def early(page):
        page.post("News")
        assert json.loads(page.published().body)["data"] == []

    early(make_page(lag=timedelta(minutes=1)))
    with pytest.raises(AssertionError):
        early(make_page(lag=timedelta(minutes=1), lagging=False))
