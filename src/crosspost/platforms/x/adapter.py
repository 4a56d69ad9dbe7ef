"""One account on X: tweepy builds and signs the requests, our session carries them, our table judges the answers."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import requests
import tweepy
from requests_oauthlib import OAuth1

from crosspost import __version__
from crosspost.core.policy import Target
from crosspost.core.post import (
    Claim,
    Fault,
    Finding,
    Lost,
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
from crosspost.core.reason import Code, Reason
from crosspost.core.world import WireTrouble, World
from crosspost.net.adapter import WireSession, quiet_libraries
from crosspost.net.committing import Answer, Committing, commit
from crosspost.platforms.base import Amended, Removed
from crosspost.platforms.table import (
    as_object,
    as_text,
    as_undone,
    as_unread,
    is_success,
    json_object,
    no_answer,
    shows,
)
from crosspost.platforms.x import answers
from crosspost.platforms.x.timeline import FIELDS, Page, page_of

_TWEEPYS_HOST = "https://api.twitter.com"  # fixed in tweepy 4.17
_RECENT_HOURS = 48
_FEW = (10, 10)  # posts a page, pages: each post read costs, and a run looks back hours
_MANY = (100, 5)  # after a gap of days
_PAGES_FOR_CONTROL = 2  # read beyond `since` to meet a post that is known to stand there
_ALT_LETTERS = 1000
_BAD_KEYS = NotSent(Reason.of("x.bad-keys"), Pause(PauseKind.UNAUTHORIZED))
_NO_MORE = frozenset({PauseKind.SUSPENDED, PauseKind.UNAUTHORIZED, PauseKind.PERMISSION})


class XSession(WireSession):
    """Puts in the target's own address, and the World's nonce and time, before OAuth signs.

    An adapter would be too late: it comes after the signature, and breaks it.
    """

    def __init__(self, world: World, api_url: str) -> None:
        super().__init__(world.wire)
        self._world = world
        self._api_url = api_url.rstrip("/")

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """As requests' own, at the target's address."""
        address = url.decode() if isinstance(url, bytes) else url
        if not address.startswith(f"{_TWEEPYS_HOST}/"):
            raise WireTrouble(WireTrouble.INVALID, "an address that isn't X's")
        auth = options.get("auth")
        if isinstance(auth, OAuth1):
            auth.client.nonce = self._world.token()
            auth.client.timestamp = str(int(self._world.clock.now().timestamp()))
        return super().request(method, self._api_url + address.removeprefix(_TWEEPYS_HOST), *args, **options)


class XAdapter:
    """The account that the four keys open. Makes no request until it is asked something."""

    def __init__(self, world: World, target: Target, secrets: Mapping[str, str]) -> None:
        quiet_libraries()
        self._clock = world.clock
        self._subject = target.name
        self._session = XSession(world, target.api_url)
        self._client = tweepy.Client(
            consumer_key=secrets["API_KEY"],
            consumer_secret=secrets["API_KEY_SECRET"],
            access_token=secrets["ACCESS_TOKEN"],
            access_token_secret=secrets["ACCESS_TOKEN_SECRET"],
            return_type=requests.Response,  # so that tweepy reads no body: ours is the table
            wait_on_rate_limit=False,
        )
        self._client.user_agent = f"crosspost/{__version__}"
        self._client.session = self._session
        self._are_keys_sendable = all(
            key.isascii() and key.isprintable() and " " not in key for key in secrets.values()
        )
        # An OAuth 1.0a access token begins with its account's id: that saves a read which costs a cent
        owner, dash, _ = secrets["ACCESS_TOKEN"].partition("-")
        self._user_id = owner if dash and owner.isascii() and owner.isdigit() else ""

    def publish(self, claim: Claim, picture: Picture | None) -> Outcome:
        """POST /2/tweets, after the picture's upload where there is one. Raises ClaimError, or a kill, only."""
        law = Committing(self._clock, claim)
        if not self._are_keys_sendable:
            return _BAD_KEYS
        self._session.within(law)
        try:
            media = self._upload(picture) if picture else None
            if media is not None and not isinstance(media, str):
                return media
            return commit(law, lambda law: self._create(law, claim.post.text, media), self._classify)
        finally:
            self._session.within(None)

    def find(self, since: datetime, control: frozenset[str]) -> Timeline | Unread:
        """GET /2/users/:id/tweets, page by page.

        Without start_time: that would hide the older posts which prove how far the reading went.
        """
        user = self._whoami()
        if isinstance(user, Unread):
            return user
        hours = (self._clock.now() - since).total_seconds() / 3600
        size, most = _FEW if hours < _RECENT_HOURS else _MANY
        posts: tuple[Seen, ...] = ()
        token, spare = "", _PAGES_FOR_CONTROL
        for _ in range(most):
            page = self._page(user, size, token)
            if isinstance(page, Unread):
                return page
            posts, token = posts + page.posts, page.next
            is_back_far_enough = any(post.at and post.at < since for post in posts)
            spare -= is_back_far_enough
            if not token or (is_back_far_enough and (not control or spare < 0 or shows(posts, control))):
                break
        return Timeline(posts, to_end=not token, read=len(posts))

    def remove(self, remote_id: str) -> Removed | Refused | Unread:
        """DELETE /2/tweets/:id."""
        if not remote_id.isdigit():
            return Refused(Reason.of("x.invalid", status=0))
        answer = self._read(lambda: self._client.delete_tweet(remote_id, user_auth=True))
        if isinstance(answer, Unread):
            return answer
        body = json_object(answer.body)
        data = as_object(body.get("data")) if body else None
        is_gone = answer.status == 404 and body is not None
        if is_gone or (is_success(answer) and data is not None and data.get("deleted") is True):
            return Removed()
        return as_undone(answers.trouble(answer, self._clock.now()))

    def amend(self, remote_id: str, text: str) -> Amended | Refused | Unread:  # noqa: ARG002 - the protocol's names
        """Refused: X lets nobody but Premium accounts edit, and those within an hour."""
        return Refused(Reason.of("x.no-edit"))

    def url_of(self, remote_id: str) -> str:
        """https://x.com/i/status/ID."""
        return answers.url_of(remote_id)

    def id_of(self, address: str) -> str | None:
        """x.com/NAME/status/ID, with whatever comes after it."""
        return answers.id_of(address)

    def alive(self) -> bool | Unread:
        """GET /2/users/me: a suspended account is never probed with a post."""
        answer = self._me()
        if isinstance(answer, Unread):
            is_closed = answer.pause is not None and answer.pause.kind in _NO_MORE
            return False if is_closed else answer
        return True

    def check(self) -> tuple[Finding, ...]:
        """The keys' account, and whether they may post."""
        answer = self._me()
        if isinstance(answer, Unread):
            return (Finding(ok=False, subject=self._subject, reason=answer.reason),)
        access = answer.header("x-access-level").lower()
        may = "x.may-post" if "write" in access else "x.read-only" if access else "x.access-unknown"
        return (
            Finding(ok=True, subject=self._subject, reason=Reason.of("x.account", username=_username(answer))),
            Finding(ok=may != "x.read-only", subject=self._subject, reason=Reason.of(may)),
        )

    def _create(self, law: Committing, text: str, media: str | None) -> Answer:
        media_ids = [media] if media else None
        return self._session.ask(lambda: self._client.create_tweet(text=text, media_ids=media_ids), law)

    def _classify(self, answer: Answer) -> Outcome:
        return answers.classify(answer, self._clock.now())

    def _page(self, user: str, size: int, token: str) -> Page | Unread:
        answer = self._read(
            lambda: self._client.get_users_tweets(
                user, max_results=size, pagination_token=token or None, tweet_fields=list(FIELDS), user_auth=True
            )
        )
        if isinstance(answer, Unread):
            return answer
        return page_of(answer) or self._unreadable(answer)

    def _whoami(self) -> str | Unread:
        if not self._user_id:
            answer = self._me()
            if isinstance(answer, Unread):
                return answer
            self._user_id = answers.post_id(_data(answer))
        return self._user_id

    def _me(self) -> Answer | Unread:
        """The answer to GET /2/users/me, where it holds an account."""
        answer = self._read(lambda: self._client.get_me(user_auth=True))
        if isinstance(answer, Unread) or (is_success(answer) and answers.post_id(_data(answer))):
            return answer
        return self._unreadable(answer)

    def _read(self, act: Callable[[], object]) -> Answer | Unread:
        if not self._are_keys_sendable:
            return as_unread(_BAD_KEYS)
        try:
            return self._session.ask(act)
        except Exception as trouble:
            return no_answer(trouble)

    def _unreadable(self, answer: Answer) -> Unread:
        if is_success(answer):
            return Unread(Reason.of("x.unreadable"))
        return as_unread(answers.trouble(answer, self._clock.now()))

    def _upload(self, picture: Picture) -> str | Outcome:
        """The picture's media id. Nothing is posted by an upload, so whatever fails here proves that."""
        data = {"media": base64.b64encode(picture.data).decode(), "media_category": "tweet_image"}
        answer = self._uploaded("/2/media/upload", data)
        if not isinstance(answer, Answer):
            return answer
        media = answers.post_id(_data(answer))
        if not media:
            return NotSent(Reason.of("x.unreadable"))
        words = {"id": media, "metadata": {"alt_text": {"text": picture.alt[:_ALT_LETTERS]}}}
        described = self._uploaded("/2/media/metadata", words) if picture.alt else None
        return media if described is None or isinstance(described, Answer) else described

    def _uploaded(self, route: str, data: object) -> Answer | Outcome:
        try:
            answer = self._session.ask(lambda: self._client.request("POST", route, json=data, user_auth=True))
        except WireTrouble as trouble:
            return NotSent(Reason.of(Code.NOT_CONNECTED, kind=trouble.kind))
        except Exception as trouble:
            return Fault(Reason.of(Code.OWN_FAULT, kind=type(trouble).__name__))
        if is_success(answer):
            return answer
        if answer.status == 413 or (answer.status == 400 and json_object(answer.body)):
            return Refused(Reason.of("x.picture"))
        result = answers.trouble(answer, self._clock.now())
        return NotSent(Reason.of("x.unreadable")) if isinstance(result, Lost) else result


def _data(answer: Answer) -> dict[str, object] | None:
    body = json_object(answer.body)
    return as_object(body.get("data")) if body else None


def _username(answer: Answer) -> str:
    name = as_text((_data(answer) or {}).get("username"))
    return name if re.fullmatch(r"\w{1,15}", name, re.ASCII) else "?"
