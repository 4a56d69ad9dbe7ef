"""The whole sandbox as one model: X, Facebook and a site under one origin, told apart by path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.front import Front
from crosspost.sandbox.page import render
from crosspost.sandbox.site import NAME, Site
from crosspost.sandbox.values import Answer, Request
from crosspost.sandbox.x import XModel, XOptions

_FACEBOOK = re.compile(r"/(?:v\d{1,3}\.\d/|debug_token|oauth/|me(?:/|$)|\d+(?:_\d+)?(?:/|$))")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Accounts and a site. Which account a request is for, its token says; a stranger's goes to the first."""

    x: tuple[XModel, ...] = ()
    facebook: tuple[FacebookModel, ...] = ()
    site: Site | None = None

    def handle(self, request: Request, now: datetime) -> Answer:
        """Answer one request; pure but for what the models remember."""
        if request.path == "/" and request.method in {"GET", "HEAD"}:
            return Answer(200, _PAGE_HEADERS, render(self.x, self.facebook, now).encode())
        if self.site and re.match(r"/site(?:/|$)", request.path):
            return self.site.handle(request)
        account = self._account(request)
        return account.handle(request, now) if account else Answer(404, (("Content-Type", "text/plain"),), b"Not found")

    def _account(self, request: Request) -> Front | None:
        accounts: Sequence[Front] = ()
        if request.path.startswith("/2/"):
            accounts = self.x
        elif _FACEBOOK.match(request.path):
            accounts = self.facebook
        owners = (account for account in accounts if account.owns(request))
        return next(owners, accounts[0] if accounts else None)

    def environment(self, origin: str) -> Mapping[str, str]:
        """The variables that make crosspost post to the first X account and the first Page here."""
        out: dict[str, str] = {}
        for model in self.x[:1]:
            out |= {
                "X_API_KEY": model.keys.consumer_key,
                "X_API_KEY_SECRET": model.keys.consumer_secret,
                "X_ACCESS_TOKEN": model.keys.token,
                "X_ACCESS_TOKEN_SECRET": model.keys.token_secret,
                "CROSSPOST_X_API_URL": origin,
            }
        for page in self.facebook[:1]:
            secret = {"FACEBOOK_APP_SECRET": page.options.app_secret} if page.options.app_secret else {}
            out |= {
                "FACEBOOK_PAGE_ID": page.page_id,
                "FACEBOOK_PAGE_ACCESS_TOKEN": page.token,
                "CROSSPOST_FACEBOOK_API_URL": origin,
                **secret,
            }
        return out


# The page holds texts of strangers: nothing in it may run or be fetched.
_PAGE_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


def demo(now: datetime) -> Sandbox:
    """A sandbox with one X account, one Page and the invented site as it stands at `now`."""
    x = XModel(
        "sandbox-key",
        "sandbox-key-secret",
        "1800000000000000001-sandbox",
        "sandbox-token-secret",
        "1800000000000000001",
        "HaldenBridge",
        XOptions(name=NAME),
    )
    options = FacebookOptions(app_secret="sandbox-app-secret")  # noqa: S106 - opens nothing but this sandbox
    page = FacebookModel("100200300400500", "sandbox-page-token", NAME, options)
    return Sandbox((x,), (page,), Site(now))
