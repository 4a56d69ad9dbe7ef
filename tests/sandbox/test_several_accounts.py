"""Several accounts under one origin: the token says whose request it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crosspost.sandbox.facebook import FacebookModel
from crosspost.sandbox.model import Sandbox, demo
from crosspost.sandbox.values import Request
from crosspost.sandbox.x import XModel

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ONE, TWO = (XModel("ck", "cs", f"{user}-token", "ts", user, f"ngo{user}") for user in ("1", "2"))
SMALL, LARGE = FacebookModel("100", "token-a", "Small"), FacebookModel("1001", "token-b", "Large")


@pytest.mark.parametrize("model", [ONE, TWO])
def test_a_signature_leads_to_its_account(model):
    header = f'OAuth oauth_consumer_key="ck", oauth_token="{model.keys.token}"'
    before = len(model.log)
    request = Request("GET", "/2/users/me", headers=(("Authorization", header),), url="http://127.0.0.1/2/users/me")
    Sandbox(x=(ONE, TWO)).handle(request, NOW)
    assert len(model.log) == before + 1


@pytest.mark.parametrize("model", [SMALL, LARGE])
def test_a_page_answers_for_itself(model):
    sandbox = Sandbox(facebook=(SMALL, LARGE))
    by_token = Request("GET", "/v26.0/me", headers=(("Authorization", f"Bearer {model.token}"),))
    by_path = Request("GET", f"/v26.0/{model.page_id}/feed")
    before = len(model.log)
    assert sandbox.handle(by_token, NOW).status == 200
    assert sandbox.handle(by_path, NOW).status == 400
    assert len(model.log) == before + 2


def test_without_accounts_there_is_no_platform():
    for path in ("/2/tweets", "/v26.0/me", "/site/feed/"):
        assert Sandbox().handle(Request("GET", path), NOW).status == 404


def test_the_variables_are_those_of_the_first_accounts():
    env = Sandbox(x=(TWO, ONE), facebook=(SMALL,)).environment("http://127.0.0.1:1")
    assert env["X_ACCESS_TOKEN"] == "2-token"
    assert "FACEBOOK_APP_SECRET" not in env
    assert "FACEBOOK_APP_SECRET" in demo(NOW).environment("http://127.0.0.1:1")
