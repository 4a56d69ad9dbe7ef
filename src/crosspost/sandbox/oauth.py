"""OAuth 1.0a as a server sees it: is this HMAC-SHA1 signature right? (RFC 5849, section 3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from crosspost.sandbox.values import Request

WINDOW = 300  # seconds that a timestamp may be off
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Keys:
    """The four keys of an account."""

    consumer_key: str
    consumer_secret: str
    token: str
    token_secret: str


def oauth_params(header: str) -> dict[str, str]:
    """The oauth_* parameters of an Authorization header, decoded; empty if it isn't OAuth."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    pairs = (part.strip().partition("=") for part in rest.split(","))
    return {unquote(name): unquote(value.strip().strip('"')) for name, _, value in pairs if name}


def signature(request: Request, params: dict[str, str], keys: Keys) -> str:
    """The signature that this request ought to carry, over the address that it was called at."""
    signed = [*request.query, *request.form()]
    signed += [(name, value) for name, value in params.items() if name not in {"realm", "oauth_signature"}]
    base = "&".join(_escape(part) for part in (request.method.upper(), _base_url(request.url), _normal(signed)))
    key = f"{_escape(keys.consumer_secret)}&{_escape(keys.token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def trouble(request: Request, keys: Keys, now: datetime) -> str:
    """Why the request isn't this account's; "" if it is. Nonces are for the caller to remember."""
    params = oauth_params(request.header("authorization"))
    if not params:
        return "no OAuth header"
    if (params.get("oauth_consumer_key"), params.get("oauth_token")) != (keys.consumer_key, keys.token):
        return "other keys"
    if params.get("oauth_signature_method") != "HMAC-SHA1" or params.get("oauth_version", "1.0") != "1.0":
        return "another method"
    stamp = params.get("oauth_timestamp", "")
    if not stamp.isdecimal() or abs(int(stamp) - now.timestamp()) > WINDOW:
        return "timestamp out of bounds"
    given = params.get("oauth_signature", "")
    if not hmac.compare_digest(given.encode(), signature(request, params, keys).encode()):
        return "wrong signature"
    return "" if params.get("oauth_nonce") else "no nonce"


def _escape(text: str) -> str:
    return quote(text, safe="~")


def _normal(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(
        f"{name}={value}" for name, value in sorted((_escape(name), _escape(value)) for name, value in pairs)
    )


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        shown = f"{shown}:{parts.port}"
    return f"{parts.scheme.lower()}://{shown}{parts.path or '/'}"
