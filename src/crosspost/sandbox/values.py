"""What goes into a sandbox model and what comes out: requests, answers, faults, a log, a timeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qsl

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `path` and `query` are decoded; `url` is the full address that it was called at."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    url: str = field(default="", repr=False)

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.header("content-type").split(";")[0].strip().lower()

    def form(self) -> Pairs:
        """The fields of a form body; nothing for any other kind of body."""
        if self.media_type != "application/x-www-form-urlencoded":
            return ()
        return tuple(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


class WireFault(StrEnum):
    """What the socket does in place of a clean answer."""

    CLOSE = "close"  # closes without a byte
    RESET = "reset"  # the same, with a TCP reset
    SILENCE = "silence"  # says nothing until the other side gives up
    DRIP = "drip"  # begins the headers and goes on byte by byte, without an end
    HALF = "half"  # whole headers, half of the body, then closes


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; with `wire` set, the socket does that with it."""

    status: int
    headers: Pairs = ()
    body: bytes = b""
    wire: WireFault | None = None

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class Model(Protocol):
    """One account's model, or a whole sandbox, or a third party's platform."""

    def handle(self, request: Request, now: datetime) -> Answer:
        """Answer one request, as it would be answered at that moment."""
        ...


def json_answer(status: int, document: object, headers: Pairs = (), *, kind: str = "application/json") -> Answer:
    """An answer with a JSON body."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, (("Content-Type", f"{kind}; charset=utf-8"), *headers), body)


class FaultKind(StrEnum):
    """A fault on demand. `…_before`: nothing is accepted; `…_after`: the request is carried out first."""

    CLOSE_BEFORE = "close_before"
    CLOSE_AFTER = "close_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    SILENCE = "silence"
    SILENCE_AFTER = "silence_after"
    DRIP = "drip"  # accepted
    HALF = "half"  # accepted
    ERROR_BEFORE = "5xx_before"
    ERROR_AFTER = "5xx_after"
    UNAVAILABLE = "503"
    HTML = "html"  # an error page of the edge, 502 unless `status` says otherwise
    HTML_AFTER = "html_after"  # accepted, and then 200 with a page
    REDIRECT = "redirect"
    ANSWER = "answer"  # `status` and `body` as given
    ANSWER_AFTER = "answer_after"  # accepted, and then `status` and `body` as given
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - a fault's name
    NO_CREDIT = "no_credit"  # X
    SPEND_CAP = "spend_cap"  # X
    RATE_LIMIT = "rate_limit"
    DAY_LIMIT = "day_limit"  # X: the undocumented 24-hour windows
    SUSPENDED = "suspended"
    PERMISSION = "permission"
    DUPLICATE = "duplicate"  # a duplicate answer to a text that is none
    CODE1 = "code1"  # Facebook
    CODE1_AFTER = "code1_after"
    CODE2 = "code2"
    CODE2_AFTER = "code2_after"
    SCRAPE = "scrape"  # Facebook: the link couldn't be read
    LAG = "lag"  # posts younger than `seconds` don't show yet
    EMPTY_TIMELINE = "empty_timeline"  # 200 with nothing in it


FOREVER = -1
_READS = frozenset({FaultKind.LAG, FaultKind.EMPTY_TIMELINE})
_CREATES = frozenset({FaultKind.DUPLICATE, FaultKind.SPEND_CAP, FaultKind.SCRAPE})
_WIRE: dict[FaultKind, tuple[WireFault, bool]] = {
    FaultKind.CLOSE_BEFORE: (WireFault.CLOSE, False),
    FaultKind.CLOSE_AFTER: (WireFault.CLOSE, True),
    FaultKind.RESET_BEFORE: (WireFault.RESET, False),
    FaultKind.RESET_AFTER: (WireFault.RESET, True),
    FaultKind.SILENCE: (WireFault.SILENCE, False),
    FaultKind.SILENCE_AFTER: (WireFault.SILENCE, True),
    FaultKind.DRIP: (WireFault.DRIP, True),
    FaultKind.HALF: (WireFault.HALF, True),
}
_AFTER = frozenset(
    {FaultKind.ERROR_AFTER, FaultKind.HTML_AFTER, FaultKind.ANSWER_AFTER, FaultKind.CODE1_AFTER, FaultKind.CODE2_AFTER}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for the next `times` requests (FOREVER: until cleared) that fit method and path.

    An empty method or path fits all; a path fits where it occurs. `seconds`: a lag, or the time until a
    limit ends. `status`: of an HTTP error. `code`, `subcode`: Facebook's. `body`: of a literal answer.
    """

    kind: FaultKind
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: int = 0
    status: int = 0
    code: int = 0
    subcode: int = 0
    body: bytes = b""

    @property
    def wire(self) -> WireFault | None:
        """What happens on the socket, if anything."""
        return _WIRE[self.kind][0] if self.kind in _WIRE else None

    @property
    def accepts(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in _AFTER or (self.kind in _WIRE and _WIRE[self.kind][1]) or self.kind in _READS

    def fits(self, request: Request, *, creates: bool, reads: bool) -> bool:
        """Whether it strikes this request; `creates` a post, or `reads` a timeline."""
        if (self.kind in _READS and not reads) or (self.kind in _CREATES and not creates):
            return False
        return self.method in {"", request.method} and self.path in request.path


def parse_fault(text: str) -> Fault:
    """A fault typed by a person: KIND, KIND=NUMBER (status, seconds or code), either with *TIMES.

    It strikes the next POST; a timeline fault the next reading. ValueError names the kinds that exist.
    """
    head, _, times = text.partition("*")
    name, _, number = head.partition("=")
    if name not in set(FaultKind) or not (number or "0").isdecimal() or not (times or "1").isdecimal():
        raise ValueError(f"a fault is KIND[=NUMBER][*TIMES], and KIND one of: {', '.join(FaultKind)}")
    kind, value = FaultKind(name), int(number or 0)
    method = "GET" if kind in _READS else "POST"
    by_status = {FaultKind.ERROR_BEFORE, FaultKind.ERROR_AFTER, FaultKind.HTML, FaultKind.ANSWER}
    by_code = {FaultKind.PERMISSION, FaultKind.EXPIRED_TOKEN, FaultKind.DUPLICATE}
    return Fault(
        kind,
        method,
        times=int(times or 1),
        seconds=value if kind not in by_status | by_code else 0,
        status=value if kind in by_status else 0,
        code=value if kind in by_code else 0,
    )


class FaultQueue:
    """Faults in the order in which they were queued; each request takes the first that fits it."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int]] = []

    def add(self, *faults: Fault) -> None:
        """Queue them."""
        self._left += [(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Forget all of them."""
        self._left.clear()

    def take(self, request: Request, *, creates: bool, reads: bool) -> Fault | None:
        """The fault that strikes this request, used up once."""
        for place, (fault, left) in enumerate(self._left):
            if fault.fits(request, creates=creates, reads=reads):
                self._left[place : place + 1] = [] if left == 1 else [(fault, left if left == FOREVER else left - 1)]
                return fault
        return None


def plain_fault(fault: Fault) -> Answer | None:
    """The answers that look alike on every platform; None for the kinds that each has its own words for."""
    match fault.kind:
        case FaultKind.HTML:
            return _page(fault.status or 502, "Bad gateway")
        case FaultKind.HTML_AFTER:
            return _page(fault.status or 200, "One moment, please")
        case FaultKind.REDIRECT:
            return Answer(302, (("Location", "/login"), ("Content-Type", "text/html")), b"")
        case FaultKind.ANSWER | FaultKind.ANSWER_AFTER:
            kind = "application/json" if fault.body[:1] in {b"{", b"["} else "text/plain"
            return Answer(fault.status or 200, (("Content-Type", kind),), fault.body)
        case _:
            return None


def _page(status: int, title: str) -> Answer:
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status, (("Content-Type", "text/html; charset=utf-8"),), body.encode())


@dataclass(frozen=True, slots=True)
class Logged:
    """One request that a model met. `status` is 0 where no answer left; `accepted`: the post's id, else "".

    `fault`: the kind that struck it, else "". The request is kept whole, but not shown.
    """

    method: str
    path: str
    status: int
    at: datetime
    accepted: str = ""
    fault: str = ""
    request: Request = field(default_factory=lambda: Request("", ""), repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """A post as it stands there now: text as sent (links whole), `link` beside it, `alt` of a picture.

    `public`: whether everybody sees it (Facebook's development mode shows posts to the team alone).
    """

    id: str
    text: str
    link: str
    at: datetime
    url: str
    alt: str = ""
    public: bool = True


def first(pairs: Pairs) -> Mapping[str, str]:
    """Each name with its first value."""
    return dict(reversed(pairs))
