"""How a person's token becomes a Page's: what `connect facebook` talks to."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosspost.sandbox.facebook_answers import error
from crosspost.sandbox.values import Answer, json_answer

_SHORT, _LONG = timedelta(hours=1), timedelta(seconds=5_183_944)
_TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MODERATE")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role on the Page, and their token from the Graph API Explorer (an hour's life).

    `began`: when the token was made; None, and it never ends. `tasks`: what they may do on the Page.
    `others`: further Pages of theirs, id and name.
    """

    token: str = field(repr=False)
    name: str = "A person"
    began: datetime | None = None
    tasks: tuple[str, ...] = _TASKS
    others: tuple[tuple[str, str], ...] = ()

    @property
    def long_token(self) -> str:
        """What it is exchanged for: good for about 60 days."""
        return f"{self.token}-long"


@dataclass(frozen=True, slots=True)
class Login:
    """One person, one app, one Page; secrets as the model has them."""

    person: Person
    app_id: str
    app_secret: str = field(repr=False)
    page_id: str
    page_name: str
    page_token: str = field(repr=False)
    scopes: frozenset[str] = frozenset()

    def answer(self, path: str, token: str, given: Mapping[str, str], now: datetime) -> Answer | None:
        """The answer to a request that is about the person's token; None for any other."""
        if path == "oauth/access_token":
            return self._exchange(given, now)
        about = given.get("input_token", "") if path == "debug_token" else token
        if not self._lives(about, now):
            return error(190, 463) if about == self.person.token else None
        match path:
            case "me/accounts":
                return self._accounts(about)
            case "debug_token":
                return self._debug(about)
            case "me":
                return json_answer(200, {"id": f"9{self.page_id}", "name": self.person.name})
            case _:
                return error(200, message="(#200) Unpublished posts must be posted to a page as the page itself.")

    def _lives(self, token: str, now: datetime) -> bool:
        began = self.person.began
        life = {self.person.token: _SHORT, self.person.long_token: _LONG}.get(token)
        return life is not None and (began is None or now - began < life)

    def _exchange(self, given: Mapping[str, str], now: datetime) -> Answer:
        if given.get("grant_type") != "fb_exchange_token" or given.get("client_id") != self.app_id:
            return error(101, message="Missing client_id parameter or unsupported grant_type.")
        if not hmac.compare_digest(given.get("client_secret", "").encode(), self.app_secret.encode()):
            return error(1, message="Error validating client secret.")
        token = given.get("fb_exchange_token", "")
        if not self._lives(token, now):
            return error(190, 463 if token == self.person.token else 0)
        told = {
            "access_token": self.person.long_token,
            "token_type": "bearer",
            "expires_in": int(_LONG.total_seconds()),
        }
        return json_answer(200, told)

    def _accounts(self, token: str) -> Answer:
        # A Page token from a short token dies within hours: only the long one gives the lasting one.
        lasting = token == self.person.long_token
        pages = [
            (self.page_id, self.page_name, self.page_token),
            *((one, name, f"{one}-t") for one, name in self.person.others),
        ]
        data = [
            {
                "access_token": given if lasting else f"{given}-short",
                "category": "Non-profit organisation",
                "name": name,
                "id": page,
                "tasks": list(self.person.tasks),
            }
            for page, name, given in pages
        ]
        return json_answer(200, {"data": data, "paging": {"cursors": {"before": "QA", "after": "QZ"}}})

    def _debug(self, token: str) -> Answer:
        life = _LONG if token == self.person.long_token else _SHORT
        end = int((self.person.began + life).timestamp()) if self.person.began else 0
        data = {
            "app_id": self.app_id,
            "type": "USER",
            "is_valid": True,
            "expires_at": end,
            "data_access_expires_at": end,
            "scopes": sorted(self.scopes),
            "user_id": f"9{self.page_id}",
        }
        return json_answer(200, {"data": data})
