"""A Facebook Page behind the Graph API: a model without sockets, clock or chance.

Behaviour after Meta's documentation of v26.0 and live answers, as collected on 2026-11-24.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from crosspost.sandbox.facebook_answers import error, faulty, usage
from crosspost.sandbox.facebook_login import Login, Person
from crosspost.sandbox.fields import BadFields, UnknownField, parse_fields, pick
from crosspost.sandbox.front import Front
from crosspost.sandbox.multipart import parts, picture_kind
from crosspost.sandbox.values import Answer, Fault, FaultKind, Request, Standing, first, json_answer

WRITE_SCOPES = frozenset({"pages_manage_posts", "pages_read_engagement", "pages_show_list"})
READ_SCOPES = frozenset({"pages_read_engagement", "pages_read_user_content"})
LIMIT = 63_206  # characters of a message
OLDEST, NEWEST = (21, 0), (26, 0)  # versions that are answered; an older one is answered as the oldest
PHOTO_LIFE = timedelta(hours=24)
PHOTO_BYTES = 4_000_000
_FIRST_ID = 122_100_000_000_000_000


@dataclass(frozen=True, slots=True)
class FacebookOptions:
    """What the Page's app and token are like.

    `app_secret`: if set, each call must carry the right appsecret_proof. `scopes`: what the token may do.
    `expires_at`: Unix seconds, 0 for never. `development`: the app is in development mode, its posts are
    seen by the team alone. `lag`: how long a new post takes to show. `page_token`: False for a person's
    token. `person`: whose token can be exchanged for the Page's. `refuse_repeats`: the check for consecutive
    duplicates. `lagging`: off, nothing lags.
    """

    app_id: str = "1200000000000001"
    app_secret: str = field(default="", repr=False)
    scopes: frozenset[str] = WRITE_SCOPES | READ_SCOPES
    expires_at: int = 0
    data_access_expires_at: int = 0
    development: bool = False
    lag: timedelta = timedelta(0)
    page_token: bool = True
    person: Person | None = None
    refuse_repeats: bool = True
    lagging: bool = True


@dataclass(frozen=True, slots=True)
class _Post:
    id: str
    message: str
    link: str
    at: datetime
    alt: str = ""
    published: bool = True


@dataclass(frozen=True, slots=True)
class _Photo:
    id: str
    at: datetime
    alt: str


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request that got in: its parameters, its time, the id in its path, a fault of the timeline."""

    request: Request
    given: Mapping[str, str]
    now: datetime
    id: str
    version: str
    view: Fault | None


class FacebookModel(Front):
    """One Page, and the app that posts to it."""

    def __init__(self, page_id: str, token: str, name: str = "Sandbox", options: FacebookOptions | None = None) -> None:
        super().__init__()
        self.page_id, self.token, self.name = page_id, token, name
        self.options = options or FacebookOptions()
        self._posts: list[_Post] = []
        self._photos: dict[str, _Photo] = {}
        self._next = _FIRST_ID
        self._doors: tuple[tuple[str, str, Callable[[_Visit], Answer]], ...] = (
            ("POST", rf"({page_id})/feed", self._create),
            ("POST", rf"({page_id})/photos", self._photo),
            ("GET", rf"({page_id}|me)/(?:published_posts|posts)", self._published),
            ("GET", rf"({page_id}|me)/feed", self._feed),
            ("GET", r"(debug_token)", self._debug),
            ("GET", rf"({page_id}|me)", self._page),
            ("GET", r"(\d+_\d+)", self._one),
            ("POST", r"(\d+_\d+)", self._amend),
            ("DELETE", r"(\d+_\d+)", self._delete),
        )

    def owns(self, request: Request) -> bool:
        """Whether the request carries this Page's token, or names the Page."""
        return _token(request) == self.token or bool(re.search(rf"/{self.page_id}(?:[/_]|$)", request.path))

    def timeline(self) -> tuple[Standing, ...]:
        """What stands there, newest first, lag or no lag."""
        return tuple(self._standing(post) for post in reversed(self._posts) if post.published)

    def put(self, message: str, now: datetime, link: str = "") -> str:
        """A post that somebody made by hand; gives its id."""
        return self._keep(_Post(self._new_id(), message, link, now)).id

    def concerns(self, request: Request) -> tuple[bool, bool]:
        """Whether it would create a post, and whether it reads a timeline."""
        answer, _, _ = self._door(request)
        return answer == self._create, answer in {self._published, self._feed}

    def words(self, fault: Fault, now: datetime) -> Answer | None:
        """Facebook's answer to a fault."""
        return faulty(fault, self.page_id, now)

    def carry_out(self, request: Request, now: datetime, view: Fault | None) -> Answer:
        """The true answer: known, proved, and then what the endpoint says."""
        answer, node, version = self._door(request)
        given = _parameters(request)
        refusal = self._about_a_person(request, given, now) or self._stranger(request, given, now)
        if refusal is None and answer is None:
            refusal = error(100, 33)
        told = refusal or Answer(500)
        if answer and not refusal:
            try:
                told = answer(_Visit(request, given, now, node, version, view))
            except BadFields:
                told = error(2500, message="Syntax error in the fields parameter")
            except UnknownField as unknown:
                told = error(100, message=f"(#100) Tried accessing nonexisting field ({unknown.args[0]})")
        extra = (("facebook-api-version", version), *usage(self.page_id, 1))
        return replace(told, headers=(*told.headers, *extra))

    def _door(self, request: Request) -> tuple[Callable[[_Visit], Answer] | None, str, str]:
        found = re.fullmatch(r"/(?:v(\d{1,3})\.(\d)/)?(.+?)/?", request.path)
        asked = (int(found[1]), int(found[2])) if found and found[1] else OLDEST
        version = "v{}.{}".format(*max(asked, OLDEST))
        if not found or asked > NEWEST:
            return None, "", version
        for method, path, answer in self._doors:
            inside = re.fullmatch(path, found[3])
            if inside and method == request.method:
                return answer, inside[1], version
        return None, "", version

    def _about_a_person(self, request: Request, given: Mapping[str, str], now: datetime) -> Answer | None:
        options = self.options
        if options.person is None:
            return None
        login = Login(
            options.person, options.app_id, options.app_secret, self.page_id, self.name, self.token, options.scopes
        )
        path = re.sub(r"^/(?:v[\d.]+/)?", "", request.path).rstrip("/")
        return login.answer(path, _token(request), given, now)

    def _stranger(self, request: Request, given: Mapping[str, str], now: datetime) -> Answer | None:
        token, options = _token(request), self.options
        if not token:
            return error(104)
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return error(190)
        if options.expires_at and now.timestamp() >= options.expires_at:
            return error(190, 463)
        if not options.app_secret:
            return None
        proof = hmac.new(options.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if "appsecret_proof" not in given:
            return error(100, message="API calls from the server require an appsecret_proof argument")
        if not hmac.compare_digest(given["appsecret_proof"].encode(), proof.encode()):
            return error(100, message="Invalid appsecret_proof provided in the API argument")
        return None

    def _create(self, visit: _Visit) -> Answer:
        message, link = visit.given.get("message", ""), visit.given.get("link", "")
        photos = _attached(visit.given)
        refusal = self._not_allowed() or self._bad_content(message, link, photos, visit.now)
        if refusal:
            return refusal
        fields = parse_fields(visit.given.get("fields", "id"))
        published = visit.given.get("published", "true").lower() not in {"false", "0"}
        alt = next((self._photos[one].alt for one in photos), "")
        post = _Post(f"{self.page_id}_{self._next}", message, link, visit.now, alt, published)
        told = pick(self._node(post), fields)  # a wrong field is refused before anything is kept
        self._new_id()
        self._keep(post)
        self.made = post.id
        return json_answer(200, told)

    def _not_allowed(self) -> Answer | None:
        if not self.options.page_token:
            return error(200, message="(#200) Unpublished posts must be posted to a page as the page itself.")
        if "pages_manage_posts" not in self.options.scopes:
            return error(200)
        return None if "pages_read_engagement" in self.options.scopes else error(283)

    def _bad_content(self, message: str, link: str, photos: tuple[str, ...], now: datetime) -> Answer | None:
        if not message and not link and not photos:
            return error(100, message="(#100) Either link or message must be supplied")
        if len(message) > LIMIT:
            return error(100, message="(#100) Name parameter too long")
        if link and not _is_address(link):
            return error(100, 1500, message="(#100) The url you supplied is invalid")
        if any(one not in self._photos or now - self._photos[one].at > PHOTO_LIFE for one in photos):
            return error(100, 33)
        last = self._posts[-1] if self._posts and not photos else None
        repeated = last is not None and (last.message, last.link) == (message, link)
        return error(506) if repeated and self.options.refuse_repeats else None

    def _photo(self, visit: _Visit) -> Answer:
        fields = parts(visit.request)
        data, alt = fields.get("source", b""), visit.given.get("alt_text_custom", "")
        if refusal := self._not_allowed():
            return refusal
        if picture_kind(data) not in {"image/png", "image/jpeg", "image/gif"} or len(data) > PHOTO_BYTES:
            return error(100, 1366046, message="The file must be a JPG, PNG or GIF, smaller than 4 MB.")
        photo = _Photo(self._new_id().partition("_")[2], visit.now, alt)
        self._photos[photo.id] = photo
        if visit.given.get("published", "true").lower() in {"false", "0"}:
            return json_answer(200, {"id": photo.id})
        post = self._keep(_Post(self._new_id(), visit.given.get("caption", ""), "", visit.now, alt))
        self.made = post.id
        return json_answer(200, {"id": photo.id, "post_id": post.id})

    def _published(self, visit: _Visit) -> Answer:
        if not self.options.scopes >= READ_SCOPES:
            return json_answer(200, {"data": []})  # not an error: Facebook shows nothing, and says nothing
        return self._list(visit, [post for post in self._visible(visit) if post.published])

    def _feed(self, visit: _Visit) -> Answer:
        if not self.options.scopes >= READ_SCOPES:
            return error(10)
        return self._list(visit, self._visible(visit))

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
        return [post for post in reversed(self._posts) if post.at <= until]

    def _list(self, visit: _Visit, posts: list[_Post]) -> Answer:
        given, size = visit.given, visit.given.get("limit", "25")
        if not size.isdecimal() or not 1 <= int(size) <= 100:
            return error(100, message="(#100) Param limit must be a number between 1 and 100")
        fields = parse_fields(given.get("fields", "created_time,message,id"))
        posts = [post for post in posts if _in_time(post.at, given)]
        ids = [post.id for post in posts]
        start = ids.index(given["after"][1:]) + 1 if given.get("after", "")[1:] in ids else 0
        page = posts[start : start + int(size)]
        body: dict[str, object] = {"data": [pick(self._node(post), fields) for post in page]}
        if page:
            cursors = {"before": f"Q{page[0].id}", "after": f"Q{page[-1].id}"}
            more = {"next": self._next_page(visit, cursors["after"])} if posts[start + int(size) :] else {}
            body["paging"] = {"cursors": cursors, **more}
        return json_answer(200, body)

    def _next_page(self, visit: _Visit, after: str) -> str:
        """The address of the next page: it carries the token, as Facebook's own does."""
        kept = {name: value for name, value in visit.given.items() if name in {"fields", "limit", "since", "until"}}
        query = urlencode({"access_token": self.token, **kept, "after": after})
        return f"{visit.request.url.partition('?')[0]}?{query}"

    def _page(self, visit: _Visit) -> Answer:
        node = {"id": self.page_id, "name": self.name, "link": f"https://www.facebook.com/{self.page_id}"}
        if visit.id == "me" and not self.options.page_token:
            node = {"id": "9" + self.page_id, "name": "A person", "link": ""}
        return json_answer(200, pick(node, parse_fields(visit.given.get("fields", "name,id"))))

    def _debug(self, visit: _Visit) -> Answer:
        options = self.options
        if visit.given.get("input_token") != self.token:
            fault = {"code": 190, "message": "Invalid OAuth access token."}
            return json_answer(200, {"data": {"error": fault, "is_valid": False, "scopes": []}})
        scopes = sorted(options.scopes)
        data = {
            "app_id": options.app_id,
            "type": "PAGE" if options.page_token else "USER",
            "application": "crosspost",
            "data_access_expires_at": options.data_access_expires_at,
            "expires_at": options.expires_at,
            "is_valid": True,
            "scopes": scopes,
            "granular_scopes": [{"scope": one, "target_ids": [self.page_id]} for one in scopes],
            **({"profile_id": self.page_id} if options.page_token else {}),
            "user_id": "9" + self.page_id,
        }
        return json_answer(200, {"data": data})

    def _one(self, visit: _Visit) -> Answer:
        post = next((post for post in self._visible(visit) if post.id == visit.id), None)
        if post is None:  # also for a while after it was made
            return error(100, 33)
        return json_answer(
            200, pick(self._node(post), parse_fields(visit.given.get("fields", "created_time,message,id")))
        )

    def _amend(self, visit: _Visit) -> Answer:
        place = next((place for place, post in enumerate(self._posts) if post.id == visit.id), None)
        if refusal := self._not_allowed():
            return refusal
        if place is None or not visit.given.get("message"):
            return error(100, 33 if place is None else 0)
        self._posts[place] = replace(self._posts[place], message=visit.given["message"])
        return json_answer(200, {"success": True})

    def _delete(self, visit: _Visit) -> Answer:
        if refusal := self._not_allowed():
            return refusal
        left = [post for post in self._posts if post.id != visit.id]
        if len(left) == len(self._posts):
            return error(100, 33)
        self._posts = left
        return json_answer(200, {"success": True})

    def _keep(self, post: _Post) -> _Post:
        self._posts.append(post)
        return post

    def _new_id(self) -> str:
        self._next += 1
        return f"{self.page_id}_{self._next - 1}"

    def _node(self, post: _Post) -> dict[str, object]:
        """Every field that a post can be asked for; None where this post has none."""
        stamp = post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
        return {
            "id": post.id,
            "message": post.message or None,
            "created_time": stamp,
            "updated_time": stamp,
            "permalink_url": f"https://www.facebook.com/{post.id}",
            "is_published": post.published,
            "is_hidden": False,
            "is_expired": False,
            "status_type": "shared_story" if post.link else "mobile_status_update",
            "attachments": {"data": [_attachment(post.link)]} if post.link else None,
            "application": {"id": self.options.app_id, "name": "crosspost"},
            "from": {"id": self.page_id, "name": self.name},
            "full_picture": None,
            "backdated_time": None,
            "parent_id": None,
        }

    def _standing(self, post: _Post) -> Standing:
        url = f"https://www.facebook.com/{post.id}"
        return Standing(post.id, post.message, post.link, post.at, url, post.alt, not self.options.development)


def _token(request: Request) -> str:
    scheme, _, token = request.header("authorization").partition(" ")
    if scheme.lower() in {"bearer", "oauth"}:
        return token.strip()
    return _parameters(request).get("access_token", "")


def _parameters(request: Request) -> dict[str, str]:
    """Query, form, multipart or JSON: Facebook takes them all for the same."""
    out = dict(first(request.query)) | dict(first(request.form()))
    out |= {name: data.decode("utf-8", "replace") for name, data in parts(request).items() if name != "source"}
    if request.media_type == "application/json":
        try:
            body = json.loads(request.body)
        except ValueError:
            body = {}
        for name, value in body.items() if isinstance(body, dict) else ():
            out[name] = value if isinstance(value, str) else json.dumps(value)
    return out


def _attached(given: Mapping[str, str]) -> tuple[str, ...]:
    raw = [value for name, value in given.items() if name.startswith("attached_media")]
    return tuple(found for value in raw for found in re.findall(r'"media_fbid"\s*:\s*"(\d+)"', value))


def _is_address(link: str) -> bool:
    try:
        address = urlsplit(link)
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(address.hostname) and not re.search(r"\s", link)


def _attachment(link: str) -> dict[str, object]:
    shim = "https://l.facebook.com/l.php?" + urlencode({"u": link, "h": hashlib.sha256(link.encode()).hexdigest()[:16]})
    return {"url": shim, "unshimmed_url": link, "type": "share", "title": urlsplit(link).hostname or ""}


def _in_time(at: datetime, given: Mapping[str, str]) -> bool:
    since, until = given.get("since", ""), given.get("until", "")
    if since.isdecimal() and at.timestamp() < int(since):
        return False
    return not (until.isdecimal() and at.timestamp() > int(until))
