"""A person's short token becomes a long one, and that a Page's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.sandbox.facebook_login import Person

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def page(make_page):
    person = Person("short", began=NOW, others=(("77", "Another Page"),))
    return make_page(app_id="app", app_secret="shh", person=person)


def exchange(page, **changes):
    query = {
        "grant_type": "fb_exchange_token",
        "client_id": "app",
        "client_secret": "shh",
        "fb_exchange_token": "short",
    }
    return page("GET", "/oauth/access_token", query | changes, token="")


def test_short_to_long_to_page(page):
    told = json.loads(exchange(page).body)
    assert told["expires_in"] == 5_183_944
    accounts = json.loads(page("GET", "/me/accounts", token=told["access_token"]).body)["data"]
    assert [(one["id"], one["name"]) for one in accounts] == [("1001", "The Page"), ("77", "Another Page")]
    assert accounts[0]["access_token"] == page.model.token
    assert "CREATE_CONTENT" in accounts[0]["tasks"]


def test_a_page_token_from_a_short_token_is_not_the_lasting_one(page):
    [first, _] = json.loads(page("GET", "/me/accounts", token="short").body)["data"]
    assert first["access_token"] != page.model.token


def test_a_wrong_secret_app_or_token_is_refused(page):
    for changes in ({"client_secret": "no"}, {"client_id": "no"}, {"fb_exchange_token": "no"}, {"grant_type": "no"}):
        assert exchange(page, **changes).status == 400


def test_a_short_token_cannot_be_exchanged_after_its_hour(page):
    page.wait(minutes=61)
    assert json.loads(exchange(page).body)["error"]["error_subcode"] == 463
    assert json.loads(page("GET", "/me", token="short").body)["error"]["error_subcode"] == 463


def test_a_persons_token_is_told_from_the_pages(page):
    told = json.loads(page("GET", "/debug_token", {"input_token": "short"}, token="short").body)["data"]
    assert (told["type"], told["expires_at"]) == ("USER", int((NOW + timedelta(hours=1)).timestamp()))
    assert json.loads(page("GET", "/me", token="short").body)["name"] == "A person"
    assert page("POST", "/1001/feed", form={"message": "a"}, token="short").status == 400
    assert page.model.timeline() == ()


def test_no_token_shows_in_a_person(page):
    assert "short" not in repr(page.model.options)
    assert "shh" not in repr(page.model.options)
