"""One Facebook Page, over the Graph API: the token in a header, never in an address that could be shown."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from crosspost import __version__
from crosspost.core.policy import Target
from crosspost.core.post import (
    Claim,
    Finding,
    NotSent,
    Outcome,
    Pause,
    PauseKind,
    Picture,
    Refused,
    Seen,
    Timeline,
    Unread,
)
from crosspost.core.reason import Reason
from crosspost.core.world import World
from crosspost.net.adapter import WireSession, quiet_libraries
from crosspost.net.committing import Answer, Committing, commit
from crosspost.platforms.base import Amended, Removed
from crosspost.platforms.facebook import answers
from crosspost.platforms.facebook.timeline import FIELDS, page_of
from crosspost.platforms.table import (
    as_list,
    as_number,
    as_object,
    as_text,
    as_undone,
    as_unread,
    is_success,
    json_object,
    no_answer,
    shows,
)

SCOPES_TO_READ = frozenset({"pages_read_engagement", "pages_read_user_content"})
SCOPES = SCOPES_TO_READ | {"pages_manage_posts", "pages_show_list"}
_PAGE_SIZE = 100  # Graph's most
_PAGES = 5
_BAD_TOKEN = NotSent(Reason.of("facebook.bad-token"), Pause(PauseKind.UNAUTHORIZED))
_UNREADABLE = Unread(Reason.of("facebook.unreadable"))
_NO_MORE = frozenset({PauseKind.UNAUTHORIZED, PauseKind.PERMISSION, PauseKind.BLOCKED})


class FacebookAdapter:
    """The Page that the token opens. Makes no request until it is asked something."""

    def __init__(self, world: World, target: Target, secrets: Mapping[str, str]) -> None:
        quiet_libraries()
        self._clock = world.clock
        self._subject = target.name
        self._page_id = secrets["PAGE_ID"]
        self._token = secrets["PAGE_ACCESS_TOKEN"]
        self._base = f"{target.api_url.rstrip('/')}/{target.options.get('graph_version', 'v26.0')}"
        self._session = WireSession(world.wire)
        self._session.headers["User-Agent"] = f"crosspost/{__version__}"
        self._session.headers["Authorization"] = f"Bearer {self._token}"
        self._proof = _proof(secrets.get("APP_SECRET", ""), self._token)
        self._is_sendable = self._token.isascii() and self._token.isprintable() and _is_id(self._page_id)

    def publish(self, claim: Claim, picture: Picture | None) -> Outcome:
        """POST /{page}/feed. Raises ClaimError, or a kill, only."""
        law = Committing(self._clock, claim)
        if not self._is_sendable:
            return _BAD_TOKEN
        if picture is not None:
            return Refused(Reason.of("facebook.no-picture"))
        fields = {"message": claim.post.text, "link": claim.post.link, "fields": "id,permalink_url"}
        self._session.within(law)
        try:
            return commit(law, lambda law: self._ask("POST", f"{self._page_id}/feed", fields, law), self._classify)
        finally:
            self._session.within(None)

    def find(self, since: datetime, control: frozenset[str]) -> Timeline | Unread:
        """GET /{page}/published_posts, page by page; `trusted` once a known post was seen or both scopes are there."""
        posts: tuple[Seen, ...] = ()
        after = ""
        for _ in range(_PAGES):
            asked = {"fields": FIELDS, "limit": str(_PAGE_SIZE), "after": after}
            answer = self._read("GET", f"{self._page_id}/published_posts", asked)
            if isinstance(answer, Unread):
                return answer
            page = page_of(answer)
            if page is None:
                return self._unreadable(answer)
            posts, after = posts + page.posts, page.after
            is_back_far_enough = any(post.at and post.at < since for post in posts)
            if not after or (is_back_far_enough and (not control or shows(posts, control))):
                break
        is_trusted = shows(posts, control) if control else self._scopes() >= SCOPES_TO_READ
        return Timeline(posts, to_end=not after, trusted=is_trusted, read=len(posts))

    def remove(self, remote_id: str) -> Removed | Refused | Unread:
        """DELETE /{post}. "No such post" may mean "not for you": believed from the Page's own token only."""
        answer = self._change("DELETE", remote_id, {})
        if not isinstance(answer, Answer):
            return answer
        if _is_done(answer):
            return Removed()
        gone = self._gone(answer)
        return Removed() if gone is True else gone or self._undone(answer)

    def amend(self, remote_id: str, text: str) -> Amended | Refused | Unread:
        """POST /{post}; Facebook lets an app change its own posts only."""
        answer = self._change("POST", remote_id, {"message": text})
        if not isinstance(answer, Answer):
            return answer
        if _is_done(answer):
            return Amended()
        gone = self._gone(answer)
        return Refused(Reason.of("facebook.gone")) if gone is True else gone or self._undone(answer)

    def url_of(self, remote_id: str) -> str:
        """https://www.facebook.com/ID."""
        return answers.url_of(remote_id)

    def id_of(self, address: str) -> str | None:
        """facebook.com/PAGE/posts/…/ID, permalink.php?story_fbid=ID, or PAGE_ID alone; names hide other ids."""
        return answers.id_of(address, self._page_id)

    def alive(self) -> bool | Unread:
        """GET /me: whether the token still opens the Page."""
        page = self._own_page()
        if isinstance(page, Unread):
            is_closed = page.pause is not None and page.pause.kind in _NO_MORE
            return False if is_closed else page
        return True

    def check(self) -> tuple[Finding, ...]:
        """The token's Page, validity, expiry and permissions."""
        page = self._own_page()
        if isinstance(page, Unread):
            return (self._finding(page.reason.code, ok=False, reason=page.reason),)
        facts = self._token_facts()
        if facts is None:
            return (self._finding("facebook.page"), self._finding("facebook.unreadable", ok=False))
        if facts.get("is_valid") is not True:
            return (self._finding("facebook.token-invalid", ok=False),)
        return (self._finding("facebook.page"), self._expiry(facts), *self._data_access(facts), self._granted(facts))

    def _ask(self, method: str, path: str, fields: Mapping[str, str], law: Committing | None = None) -> Answer:
        given = {name: value for name, value in {**fields, "appsecret_proof": self._proof}.items() if value}
        where = {"data": given} if method == "POST" else {"params": given}
        act: Callable[[], object] = lambda: self._session.request(method, f"{self._base}/{path}", **where)  # noqa: E731 - named for its type
        return self._session.ask(act, law)

    def _read(self, method: str, path: str, fields: Mapping[str, str]) -> Answer | Unread:
        if not self._is_sendable:
            return as_unread(_BAD_TOKEN)
        try:
            return self._ask(method, path, fields)
        except Exception as trouble:
            return no_answer(trouble)

    def _change(self, method: str, remote_id: str, fields: Mapping[str, str]) -> Answer | Refused | Unread:
        if not answers.post_id(remote_id):
            return Refused(Reason.of("facebook.invalid", number=0, subcode=0))
        return self._read(method, quote(remote_id, safe=""), fields)

    def _gone(self, answer: Answer) -> bool | Unread:
        """Whether the post isn't there any more; Unread where the token may be another's, who doesn't see it."""
        problem = answers.error_of(answer)
        if problem is None or (answer.status != 404 and (problem.code, problem.subcode) != (100, 33)):
            return False
        page = self._own_page()
        return page if isinstance(page, Unread) else True

    def _classify(self, answer: Answer) -> Outcome:
        return answers.classify(answer, self._clock.now())

    def _undone(self, answer: Answer) -> Refused | Unread:
        return as_undone(answers.trouble(answer, self._clock.now()))

    def _unreadable(self, answer: Answer) -> Unread:
        if is_success(answer) and answers.error_of(answer) is None:
            return _UNREADABLE
        return as_unread(answers.trouble(answer, self._clock.now()))

    def _own_page(self) -> str | Unread:
        """GET /me with a Page token is the Page: anything else is a wrong token."""
        answer = self._read("GET", "me", {"fields": "id,name"})
        if isinstance(answer, Unread):
            return answer
        body = json_object(answer.body)
        found = as_text(body.get("id")) if body and is_success(answer) else ""
        if not found:
            return self._unreadable(answer)
        if found != self._page_id:
            return Unread(Reason.of("facebook.not-page-token"), Pause(PauseKind.PERMISSION))
        return found

    def _token_facts(self) -> dict[str, object] | None:
        # The one call whose address has to carry the token; like every address it is shown nowhere
        answer = self._read("GET", "debug_token", {"input_token": self._token})
        if isinstance(answer, Unread) or not is_success(answer):
            return None
        body = json_object(answer.body)
        return as_object(body.get("data")) if body else None

    def _scopes(self) -> frozenset[str]:
        facts = self._token_facts() or {}
        return frozenset(map(as_text, as_list(facts.get("scopes")))) if facts.get("is_valid") is True else frozenset()

    def _finding(
        self, code: str, *, ok: bool = True, reason: Reason | None = None, at: datetime | None = None
    ) -> Finding:
        return Finding(ok=ok, subject=self._subject, reason=reason or Reason.of(code), expires=at)

    def _expiry(self, facts: dict[str, object]) -> Finding:
        ends = _time(facts.get("expires_at"))
        if ends is None:
            return self._finding("facebook.expiry-unknown", ok=False)
        if ends == _NEVER:
            return self._finding("facebook.never-expires")
        return self._finding("facebook.token-expires", ok=ends > self._clock.now(), at=ends)

    def _data_access(self, facts: dict[str, object]) -> tuple[Finding, ...]:
        ends = _time(facts.get("data_access_expires_at"))
        if ends is None or ends == _NEVER:
            return ()
        reason = Reason.of("facebook.data-access", date=ends.date().isoformat())
        return (self._finding(reason.code, reason=reason),)

    def _granted(self, facts: dict[str, object]) -> Finding:
        missing = sorted(SCOPES - set(map(as_text, as_list(facts.get("scopes")))))
        if not missing:
            return self._finding("facebook.scopes")
        reason = Reason.of("facebook.scopes-missing", missing=", ".join(missing))
        return self._finding(reason.code, ok=False, reason=reason)


_NEVER = datetime.fromtimestamp(0, UTC)


def _time(value: object) -> datetime | None:
    """A time in seconds of the epoch; None where it can't be read."""
    seconds = as_number(value)
    if seconds is None or not 0 <= seconds < 32_503_680_000:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _proof(secret: str, token: str) -> str:
    """Meta's appsecret_proof; "" without the app's secret."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest() if secret else ""


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_done(answer: Answer) -> bool:
    body = json_object(answer.body)
    return is_success(answer) and body is not None and body.get("success") is True
