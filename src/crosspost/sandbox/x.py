"""X as an account sees it: a model without sockets, clock or chance. Requests and times in, answers out.

Behaviour after X's OpenAPI 2.167 and its documentation, as collected on 2026-11-24.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crosspost.platforms.x.weigh import links, weigh
from crosspost.sandbox import x_answers as answers
from crosspost.sandbox.front import Front
from crosspost.sandbox.oauth import Keys, oauth_params, trouble
from crosspost.sandbox.schema import CREATE_POST, complaint
from crosspost.sandbox.values import Answer, Fault, FaultKind, Pairs, Request, Standing, first, json_answer
from crosspost.sandbox.x_media import Shelf, json_object
from crosspost.sandbox.x_query import asked_for, query_trouble, wanted_fields
from crosspost.sandbox.x_text import SHORT, cashtags, cut, expanded, show

PREMIUM = 25_000
REPEAT = timedelta(hours=24)  # how long X remembers a text is in no document: this is ours
WINDOW = timedelta(minutes=15)
TIMELINE = 3_200  # so many of the newest posts can be read back
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)  # where X's ids begin
# Micro-dollars (docs.x.com, pricing, snapshot of 2026-08-22).
POST, LINK_POST, OWN_READ, READ, READ_USER, DELETE, ALT = 15_000, 200_000, 1_000, 5_000, 10_000, 10_000, 5_000


@dataclass(frozen=True, slots=True)
class XOptions:
    """What an account and its app are like, and three switches that tests use to prove the model strict.

    `lag`: how long a new post takes to show in the timeline. `owner`: the account owns the app, so that
    reading its own posts is cheap. `access`: what its token may do. `unwound`: where links lead, by link.
    `credit`: micro-dollars left to spend, None for plenty. `refuse_repeats`: X's duplicate check, which is
    no guarantee. `signing`, `tco`, `lagging`: off, signatures, t.co and lag are not what they are on X.
    """

    name: str = "Sandbox"
    premium: bool = False
    owner: bool = True
    access: str = "read-write"
    lag: timedelta = timedelta(0)
    unwound: Mapping[str, str] = field(default_factory=dict)
    credit: int | None = None
    refuse_repeats: bool = True
    signing: bool = True
    tco: bool = True
    lagging: bool = True


@dataclass(frozen=True, slots=True)
class _Post:
    id: str
    text: str
    at: datetime
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request that got in: its time, the id in its path, and what a fault does to timelines."""

    request: Request
    now: datetime
    id: str
    view: Fault | None

    @property
    def query(self) -> Mapping[str, str]:
        return first(self.request.query)


@dataclass(frozen=True, slots=True)
class _Door:
    """One endpoint: how many calls it takes in 15 minutes, and who answers."""

    method: str
    path: str
    limit: int
    answer: Callable[[_Visit], Answer]


class XModel(Front):
    """One X account. `spent` counts what its calls cost, in micro-dollars."""

    def __init__(
        self,
        consumer_key: str,
        consumer_secret: str,
        token: str,
        token_secret: str,
        user_id: str,
        username: str,
        options: XOptions | None = None,
    ) -> None:
        super().__init__()
        self.keys = Keys(consumer_key, consumer_secret, token, token_secret)
        self.user_id, self.username, self.options = user_id, username, options or XOptions()
        self.spent = 0
        self._posts: list[_Post] = []
        self._written: dict[str, dict[str, object]] = {}
        self._shelf = Shelf()
        self._nonces: dict[str, datetime] = {}
        self._windows: dict[str, tuple[datetime, int]] = {}
        self._read_today: set[tuple[str, str]] = set()
        self._last_id = 0
        self._doors = (
            _Door("POST", r"/2/tweets", 100, self._create),
            _Door("GET", r"/2/users/(\d{1,19})/tweets", 900, self._timeline),
            _Door("GET", r"/2/tweets/(\d{1,19})", 900, self._one),
            _Door("DELETE", r"/2/tweets/(\d{1,19})", 50, self._delete),
            _Door("GET", r"/2/users/me", 75, self._me),
            _Door("POST", r"/2/media/upload", 500, self._upload),
            _Door("POST", r"/2/media/metadata", 500, self._describe),
        )

    def owns(self, request: Request) -> bool:
        """Whether the request names this account's token."""
        return oauth_params(request.header("authorization")).get("oauth_token") == self.keys.token

    def timeline(self) -> tuple[Standing, ...]:
        """What stands there, newest first, lag or no lag."""
        return tuple(self._standing(post) for post in reversed(self._posts))

    def put(self, text: str, now: datetime) -> str:
        """A post that somebody made by hand; gives its id."""
        return self._keep(text, (), now).id

    def concerns(self, request: Request) -> tuple[bool, bool]:
        """Whether it would create a post, and whether it reads the timeline."""
        door, _ = self._door(request)
        return bool(door and door.answer == self._create), bool(door and door.answer == self._timeline)

    def words(self, fault: Fault, now: datetime) -> Answer | None:
        """X's answer to a fault."""
        return answers.faulty(fault, now)

    def carry_out(self, request: Request, now: datetime, view: Fault | None) -> Answer:
        """The true answer: known, within its limits, paid for, and then what the endpoint says."""
        door, post_id = self._door(request)
        if door is None:
            return answers.problem(404, "Not Found", "Not Found")
        if self._stranger(request, now):
            return answers.unauthorized()
        left, headers = self._count(door, now)
        if left < 0:
            return answers.too_many(headers)
        if self.options.credit is not None and self.spent >= self.options.credit:
            return answers.no_credit()
        answer = door.answer(_Visit(request, now, post_id, view))
        return replace(answer, headers=(*answer.headers, *headers, ("x-access-level", self.options.access)))

    def _door(self, request: Request) -> tuple[_Door | None, str]:
        for door in self._doors:
            found = re.fullmatch(door.path, request.path)
            if found and door.method == request.method:
                return door, found[1] if found.groups() else ""
        return None, ""

    def _stranger(self, request: Request, now: datetime) -> bool:
        if not self.options.signing:
            return not self.owns(request)
        if trouble(request, self.keys, now):
            return True
        nonce = oauth_params(request.header("authorization"))["oauth_nonce"]
        self._nonces = {old: at for old, at in self._nonces.items() if now - at < WINDOW}
        seen = nonce in self._nonces
        self._nonces[nonce] = now
        return seen

    def _count(self, door: _Door, now: datetime) -> tuple[int, Pairs]:
        begun, used = self._windows.get(door.path, (now, 0))
        if now - begun >= WINDOW:
            begun, used = now, 0
        self._windows[door.path] = (begun, used + 1)
        left = door.limit - used - 1
        return left, answers.limit_headers(door.limit, max(left, 0), begun + WINDOW)

    def _create(self, visit: _Visit) -> Answer:
        body = json_object(visit.request)
        wrong = "$: not a JSON object" if body is None else complaint(body, CREATE_POST)
        if body is None or wrong:
            return answers.invalid(f"The request body is invalid: {wrong}")
        text = unicodedata.normalize("NFC", str(body.get("text", ""))).strip()
        attached = body.get("media")
        media = tuple(attached["media_ids"]) if isinstance(attached, dict) else ()
        refusal = self._not_allowed(body) or self._bad_content(text, media, visit.now)
        if refusal:
            return refusal
        self.spent += LINK_POST if links(text) else POST
        post = self._keep(text, media, visit.now)
        self.made = post.id
        return json_answer(201, {"data": self._as_json(post, wanted_fields({}))})

    def _not_allowed(self, body: Mapping[str, object]) -> Answer | None:
        if self.options.access != "read-write":
            return answers.no_write()
        if "reply" in body or "quote_tweet_id" in body:  # closed to self-serve apps since April 2026
            return answers.forbidden("You are not permitted to create this reply or quote.")
        return None

    def _bad_content(self, text: str, media: tuple[str, ...], now: datetime) -> Answer | None:
        if not text and not media:
            return answers.invalid("The text or media field is required.")
        if weigh(text) > (PREMIUM if self.options.premium else SHORT):
            return answers.too_long()
        if cashtags(text) > 1:
            return answers.forbidden("A post can have a maximum of one cashtag ($SYMBOL) per post.")
        if not self._shelf.usable(media, now):
            return answers.invalid("Your media IDs are invalid.")
        repeated = any(post.text == text and now - post.at < REPEAT for post in self._posts)
        return answers.duplicate() if repeated and self.options.refuse_repeats else None

    def _timeline(self, visit: _Visit) -> Answer:
        query = visit.query
        wrong = query_trouble(query)
        if wrong:
            return wrong
        mine = self._visible(visit) if visit.id == self.user_id else []
        shown = [post for post in mine if asked_for(post.id, post.at, query)]
        start, size = int(query.get("pagination_token", "p0")[1:]), int(query.get("max_results", "10"))
        page = shown[start : start + size]
        self._charge(page, visit.now)
        meta: dict[str, object] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if len(shown) > start + size:
            meta["next_token"] = f"p{start + size}"
        if start:
            meta["previous_token"] = f"p{max(start - size, 0)}"
        data = {"data": [self._as_json(post, wanted_fields(query)) for post in page]} if page else {}
        return json_answer(200, {**data, "meta": meta})

    def _visible(self, visit: _Visit) -> list[_Post]:
        lag = self.options.lag
        match visit.view:
            case Fault(kind=FaultKind.EMPTY_TIMELINE):
                return []
            case Fault(kind=FaultKind.LAG, seconds=seconds):
                lag = timedelta(seconds=seconds)
            case _:
                pass
        until = visit.now - lag if self.options.lagging else visit.now
        return [post for post in reversed(self._posts) if post.at <= until][:TIMELINE]

    def _one(self, visit: _Visit) -> Answer:
        post = next((post for post in self._posts if post.id == visit.id), None)
        if post is None:
            return json_answer(200, {"errors": [answers.not_found("tweet", visit.id)]})
        self._charge([post], visit.now)
        return json_answer(200, {"data": self._as_json(post, wanted_fields(visit.query))})

    def _me(self, visit: _Visit) -> Answer:
        self.spent += READ_USER
        data = {"id": self.user_id, "name": self.options.name, "username": self.username}
        asked = visit.query.get("user.fields", "").split(",")
        if "verified_type" in asked:
            data["verified_type"] = "blue" if self.options.premium else "none"
        if "subscription_type" in asked:
            data["subscription_type"] = "Premium" if self.options.premium else "None"
        return json_answer(200, {"data": data})

    def _delete(self, visit: _Visit) -> Answer:
        if self.options.access != "read-write":
            return answers.no_write()
        left = [post for post in self._posts if post.id != visit.id]
        if len(left) == len(self._posts):
            return json_answer(404, answers.not_found("tweet", visit.id) | {"status": 404})
        self.spent += DELETE
        self._posts = left
        return json_answer(200, {"data": {"deleted": True}})

    def _upload(self, visit: _Visit) -> Answer:
        return self._shelf.upload(visit.request, visit.now, self._new_id(visit.now))

    def _describe(self, visit: _Visit) -> Answer:
        answer = self._shelf.describe(visit.request)
        self.spent += ALT if answer.status == 200 else 0
        return answer

    def _keep(self, text: str, media: tuple[str, ...], now: datetime) -> _Post:
        post = _Post(self._new_id(now), unicodedata.normalize("NFC", text), now, media)
        self._posts.append(post)
        return post

    def _new_id(self, now: datetime) -> str:
        made = int((now - _EPOCH) / timedelta(milliseconds=1)) << 22
        self._last_id = max(self._last_id + 1, made)
        return str(self._last_id)

    def _charge(self, posts: list[_Post], now: datetime) -> None:
        """Reading a post costs once on each UTC day."""
        fresh = {(post.id, f"{now.astimezone(UTC):%Y-%m-%d}") for post in posts} - self._read_today
        self._read_today |= fresh
        self.spent += len(fresh) * (OWN_READ if self.options.owner else READ)

    def _as_json(self, post: _Post, fields: frozenset[str]) -> dict[str, object]:
        # A post never changes, and finding its links takes longer than all else: once is enough.
        if post.id not in self._written:
            self._written[post.id] = self._write(post)
        return {name: value for name, value in self._written[post.id].items() if name in fields}

    def _write(self, post: _Post) -> dict[str, object]:
        """Every field of a post that X would give, under its old and its new name."""
        options, long = self.options, weigh(post.text) > SHORT
        whole = show(post.text, post.id, tco=options.tco, unwound=options.unwound)
        brief = show(cut(post.text), post.id, tco=options.tco, unwound=options.unwound) if long else whole
        named: dict[str, object] = {
            "id": post.id,
            "text": brief.text,
            "edit_history_tweet_ids": [post.id],
            "edit_history_post_ids": [post.id],
            "created_at": post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "author_id": self.user_id,
            **({"entities": brief.entities()} if brief.urls else {}),
            **({"attachments": {"media_keys": [f"3_{one}" for one in post.media]}} if post.media else {}),
        }
        if long:
            entities = {"entities": whole.entities()} if whole.urls else {}
            named["note_tweet"] = named["note_post"] = {"text": whole.text, **entities}
        return named

    def _standing(self, post: _Post) -> Standing:
        found = links(post.text)
        url = f"https://x.com/{self.username}/status/{post.id}"
        link = expanded(found[-1]) if found else ""
        return Standing(post.id, post.text, link, post.at, url, self._shelf.alt(post.media))
