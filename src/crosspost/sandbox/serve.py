"""The sandbox's sockets: the models on loopback, with wire faults acted out for real."""

from __future__ import annotations

import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from crosspost.sandbox.values import Answer, Model, Request, WireFault

MOST = 20_000_000  # bytes of a request's body
PATIENCE = 10.0  # seconds that a request may take to arrive
DRIP = 0.02  # seconds between two bytes


class Server:
    """A sandbox that listens. All its addresses have one origin; `close` ends it and joins its threads."""

    def __init__(self, sandbox: Model, host: str, port: int, now: Callable[[], datetime]) -> None:
        self.sandbox = sandbox
        self._http = _Http((host, port), sandbox, now)
        shown = f"[{host}]" if ":" in host else host
        self.port = int(self._http.server_address[1])
        self.url = f"http://{shown}:{self.port}"
        self.url_x = self.url_facebook = self.url
        self.page_url = f"{self.url}/"
        self.site_url = f"{self.url}/site/"
        # The poll interval is how long `close` may take.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="sandbox")
        self._thread.start()

    def close(self) -> None:
        """Stop listening, let go of whoever waits, join every thread. A second time does nothing."""
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(sandbox: Model, now: Callable[[], datetime], host: str = "127.0.0.1", port: int = 0) -> Server:
    """Put a sandbox, or any model, on a loopback address; port 0 takes a free one. ValueError for any other address."""
    if not ip_address(host).is_loopback:
        raise ValueError(f"the sandbox listens on loopback only, not on {host}")
    return Server(sandbox, host, port, now)


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # with block_on_close, server_close joins them all
    block_on_close = True

    def __init__(self, address: tuple[str, int], sandbox: Model, now: Callable[[], datetime]) -> None:
        self.sandbox, self.now = sandbox, now
        self._callers: set[socket.socket] = set()
        self.lock = threading.Lock()  # the models are no more thread-safe than any other value
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer it in a thread of its own, and know its socket until then."""
        self._callers.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a socket that is done."""
        self._callers.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Cut off whoever is still there, so that no thread waits for them."""
        for caller in tuple(self._callers):
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)

    def answer(self, request: Request) -> Answer:
        """The models' answer, one caller at a time."""
        with self.lock:
            return self.sandbox.handle(request, self.now())

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who went away is what half of the faults are about; anything else is a bug, and shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server: _Http

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        good = bool(self.raw_requestline) and self.parse_request()
        self.close_connection = True  # one request a connection: every one begins fresh
        if not good:
            return
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MOST or "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # the other side died while it spoke: no server acts on half a request
            return
        self._act(self.server.answer(self._request(body)))

    def _request(self, body: bytes) -> Request:
        target = urlsplit(self.path)
        host = self.headers.get("Host", "")
        return Request(
            self.command,
            unquote(target.path),
            tuple(parse_qsl(target.query, keep_blank_values=True)),
            tuple(self.headers.items()),
            body,
            f"http://{host}{self.path}",
        )

    def _act(self, answer: Answer) -> None:
        """Give the answer, or do to it what its wire fault says."""
        head, body = self._bytes(answer)
        match answer.wire:
            case None:
                self.connection.sendall(head + body)
            case WireFault.HALF:
                self.connection.sendall(head + body[: len(body) // 2])
            case WireFault.DRIP:
                self._drip(head)
            case WireFault.SILENCE:
                self._left(None)
            case WireFault.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            case WireFault.CLOSE:
                pass

    def _bytes(self, answer: Answer) -> tuple[bytes, bytes]:
        bodiless = self.command == "HEAD" or answer.status == HTTPStatus.NOT_MODIFIED
        lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}", "Connection: close"]
        if answer.status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(answer.body)}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace"), b"" if bodiless else answer.body

    def _drip(self, head: bytes) -> None:
        """The status line at once, then a header that never ends."""
        first, _, _ = head.partition(b"\r\n")
        self.connection.sendall(first + b"\r\nX-Slow: ")
        while not self._left(DRIP):
            self.connection.sendall(b".")

    def _left(self, seconds: float | None) -> bool:
        """Whether the other side leaves within that time, or was cut off."""
        ready, _, _ = select.select([self.connection], [], [], seconds)
        return bool(ready) and not self.connection.recv(1)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: the models keep their own log."""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"
