"""The seam where requests (and tweepy on it) meets the World's wire: no socket of their own, nothing retried."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from crosspost.core.world import Call, Reply, Wire, WireTrouble
from crosspost.net.committing import Answer, Committing

ANSWER_BYTES = 4_000_000  # a hundred posts with all their entities are some 300 kB
READ_SECONDS = 30.0
_TALKERS = ("tweepy", "requests_oauthlib", "oauthlib", "urllib3", "requests")


def quiet_libraries() -> None:
    """Keep the libraries that log authorization headers at DEBUG from doing so, whatever the root's level."""
    for name in _TALKERS:
        logger = logging.getLogger(name)
        if logger.level != logging.WARNING:  # setting a level empties every logger's cache
            logger.setLevel(logging.WARNING)


class WireAdapter(BaseAdapter):
    """Sends what requests prepared through a Wire, as one Call; raises WireTrouble and nothing else of its own.

    `deadline()` gives the seconds that are left; `hook` is the Call's before_first_byte, or None.
    `answer` is the last whole answer, None while there is none.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        self.deadline: Callable[[], float] = lambda: READ_SECONDS
        self.hook: Callable[[], None] | None = None
        self.answer: Answer | None = None

    def send(  # the parameters are requests' own
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - requests passes it by name; bodies are always read here
        timeout: object = None,  # noqa: ARG002 - as above; the deadline rules
        verify: object = True,  # noqa: ARG002 - as above; the wire verifies
        cert: object = None,  # noqa: ARG002 - as above
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002 - as above; the wire knows them
    ) -> Response:
        """One exchange, its body read whole."""
        reply = self._wire.call(self._call(request))
        try:
            body = _whole_body(reply)
        finally:
            reply.close()
        self.answer = Answer(reply.status, reply.headers, body)
        return _response(request, self.answer)

    def close(self) -> None:
        """Nothing is kept open between calls."""

    def _call(self, request: PreparedRequest) -> Call:
        headers = tuple((_text(name), _text(value)) for name, value in request.headers.items())
        if not all(_is_sendable(name) and _is_sendable(value) for name, value in headers):
            raise WireTrouble(WireTrouble.INVALID, "a header that can't be sent")
        body = request.body
        return Call(
            method=request.method or "GET",
            url=request.url or "",
            headers=headers,
            body=body.encode() if isinstance(body, str) else body,
            deadline=self.deadline(),
            before_first_byte=self.hook,
        )


class WireSession(Session):
    """A requests.Session that reaches the network through a Wire only.

    Proxies, .netrc and CA bundles come from the World, never from the environment; no redirect is
    followed, no cookie kept.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = 0
        self.headers = CaseInsensitiveDict({"Accept": "application/json", "Accept-Encoding": "identity"})
        self.wire_adapter = WireAdapter(wire)
        self.mount("https://", self.wire_adapter)
        self.mount("http://", self.wire_adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> Response:
        """As requests' own, but never following a redirect."""
        options["allow_redirects"] = False
        return super().request(method, url, *args, **options)

    def get_redirect_target(self, resp: Response) -> None:  # noqa: ARG002 - requests' name for it
        """None: requests would otherwise prepare the next request, and trip over odd addresses."""
        return

    def ask(self, act: Callable[[], object], law: Committing | None = None) -> Answer:
        """Run library code that makes one request here, and give the answer that came, whatever it made of it.

        Its exceptions count only where no whole answer came. With `law`, that request is the
        committing one.
        """
        door = self.wire_adapter
        door.answer = None
        door.hook = law.before_first_byte if law else None
        try:
            act()
        except Exception:
            if door.answer is None:
                raise
        return _given(door.answer)

    def within(self, law: Committing | None) -> None:
        """From now on each call has only what is left of `law`'s time; None: READ_SECONDS each."""
        self.wire_adapter.deadline = law.remaining if law else lambda: READ_SECONDS


def _given(answer: Answer | None) -> Answer:
    if answer is None:
        raise WireTrouble(WireTrouble.INVALID, "no request was made")
    return answer


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _is_sendable(value: str) -> bool:
    """Printable ASCII: a token with a newline or a letter of another script never reaches a library that shows it."""
    return value.isascii() and value.isprintable()


def _whole_body(reply: Reply) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in reply.body:
        size += len(chunk)
        if size > ANSWER_BYTES:
            raise WireTrouble(WireTrouble.INVALID, "the answer is too long")
        chunks.append(chunk)
    return _unpacked(b"".join(chunks), reply.header("Content-Encoding"))


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Undo gzip, which was not asked for; anything else stays packed, and is then an answer nobody can read."""
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        return body
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacker.decompress(body, ANSWER_BYTES)
    except zlib.error:
        raise WireTrouble(WireTrouble.CUT, "the answer can't be unpacked") from None
    if not unpacker.eof:
        raise WireTrouble(WireTrouble.CUT, "the answer can't be unpacked whole")
    return plain


def _response(request: PreparedRequest, answer: Answer) -> Response:
    response = Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers)
    response._content = answer.body  # noqa: SLF001 - requests' own adapters' way in for a body that was read
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    response.url = request.url or ""
    response.request = request
    response.encoding = "utf-8"
    response.reason = ""
    return response
