"""Accounts, and callers who sign as oauthlib does: an independent implementation."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from oauthlib.oauth1 import Client

from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.values import Answer, Request
from crosspost.sandbox.x import XModel, XOptions

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
_nonces = itertools.count()


class XCaller:
    """Calls one X account, by oauthlib's signature; `at` moves with `wait`."""

    def __init__(self, model: XModel, base: str = "https://api.x.com") -> None:
        self.model, self.base, self.at = model, base, NOW

    def wait(self, **delta: float) -> None:
        self.at += timedelta(**delta)

    def request(
        self,
        method: str,
        path: str,
        query: dict | None = None,
        body: object = None,
        *,
        nonce: str = "",
        stamp: str = "",
        token_secret: str = "",
        called: str = "",
        raw: bytes | None = None,
        kind: str = "application/json",
    ) -> Request:
        keys = self.model.keys
        client = Client(
            keys.consumer_key,
            keys.consumer_secret,
            keys.token,
            token_secret or keys.token_secret,
            nonce=nonce or f"nonce{next(_nonces)}",
            timestamp=stamp or str(int(self.at.timestamp())),
        )
        url = f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
        _, headers, _ = client.sign(url, method)
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        if data:
            headers["Content-Type"] = kind
        parts = urlsplit(url)
        return Request(
            method,
            unquote(parts.path),
            tuple(parse_qsl(parts.query, keep_blank_values=True)),
            tuple(headers.items()),
            data,
            called or url,
        )

    def __call__(
        self, method: str, path: str, query: dict | None = None, body: object = None, **more: object
    ) -> Answer:
        return self.model.handle(self.request(method, path, query, body, **more), self.at)

    def post(self, text: str, **more: object) -> Answer:
        return self("POST", "/2/tweets", body={"text": text, **more})

    def timeline(self, **query: str) -> Answer:
        asked = {"tweet.fields": "created_at,entities,note_tweet", "max_results": "100"} | query
        return self("GET", f"/2/users/{self.model.user_id}/tweets", asked)


class PageCaller:
    """Calls one Page with its token in the Authorization header."""

    def __init__(self, model: FacebookModel, base: str = "https://graph.facebook.com") -> None:
        self.model, self.base, self.at = model, base, NOW

    def wait(self, **delta: float) -> None:
        self.at += timedelta(**delta)

    def __call__(
        self,
        method: str,
        path: str,
        query: dict | None = None,
        form: dict | None = None,
        *,
        token: str | None = None,
        raw: bytes = b"",
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        bearer = self.model.token if token is None else token
        headers = (("Authorization", f"Bearer {bearer}"),) if bearer else ()
        body = raw or urlencode(form or {}).encode()
        full = f"/v26.0{path}"
        url = f"{self.base}{full}" + (f"?{urlencode(query)}" if query else "")
        request = Request(
            method,
            full,
            tuple((query or {}).items()),
            (*headers, ("Content-Type", kind)) if body else headers,
            body,
            url,
        )
        return self.model.handle(request, self.at)

    def post(self, message: str = "", link: str = "", **more: str) -> Answer:
        form = {name: value for name, value in {"message": message, "link": link, **more}.items() if value}
        return self("POST", f"/{self.model.page_id}/feed", form=form)

    def published(self, **query: str) -> Answer:
        fields = "id,message,created_time,permalink_url,attachments{url,unshimmed_url}"
        return self("GET", f"/{self.model.page_id}/published_posts", {"fields": fields, "limit": "100"} | query)


@pytest.fixture
def make_x():
    def make(**options: object) -> XCaller:
        return XCaller(XModel("ck", "cs&%", "42-token", "ts/+", "42", "ngo", XOptions(**options)))

    return make


@pytest.fixture
def make_page():
    def make(**options: object) -> PageCaller:
        return PageCaller(FacebookModel("1001", "page-token", "The Page", FacebookOptions(**options)))

    return make


@pytest.fixture
def x(make_x) -> XCaller:
    return make_x()


@pytest.fixture
def page(make_page) -> PageCaller:
    return make_page()
