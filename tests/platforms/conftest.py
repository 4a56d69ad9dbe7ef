"""A server of raw bytes on loopback, and accounts on X and Facebook that talk to it over the real wire."""

from __future__ import annotations

import json
import re
import socket
import threading
from dataclasses import dataclass, field

import pytest

from crosspost.core.policy import Copy, Policy, TagRules, Target
from crosspost.core.post import Post, mint_claim
from crosspost.net.wire import SocketWire
from crosspost.platforms.loading import load_platforms
from crosspost.testing.doubles import NOON, HandClock, a_world

X_SECRETS = {
    "API_KEY": "planted-consumer-key",
    "API_KEY_SECRET": "planted-consumer-secret",
    "ACCESS_TOKEN": "4242-planted-access-token",
    "ACCESS_TOKEN_SECRET": "planted-access-secret",
}
FACEBOOK_SECRETS = {
    "PAGE_ID": "100200300",
    "PAGE_ACCESS_TOKEN": "planted-page-token",
    "APP_SECRET": "planted-app-secret",
}
SECRETS = {"x": X_SECRETS, "facebook": FACEBOOK_SECRETS}


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


def http(status, body=b"", headers=()):
    """The bytes of an answer."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *(f"{n}: {v}" for n, v in headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RawServer:
    """Reads whole requests and lets `answers` (bytes or functions of the connection) do what they like."""

    def __init__(self, answers, wrap=None):
        self.answers = list(answers)
        self.requests = []
        self.wrap = wrap
        self.closing = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def _serve(self):
        while not self.closing.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._handle(self.wrap(connection) if self.wrap else connection)
                except OSError:
                    pass

    def _handle(self, connection):
        connection.settimeout(5)
        data = b""
        while not _is_whole(data):
            more = connection.recv(65536)
            if not more:
                break
            data += more
        if data:
            self.requests.append(data)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer(connection, self.closing)
        else:
            connection.sendall(answer)
        if self.wrap:
            connection.close()

    def close(self):
        self.closing.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


def _is_whole(data):
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return bool(end) and len(body) >= int(length[1] if length else 0)


@dataclass
class Bench:
    """An account, its clock, and the claim for one post."""

    name: str
    adapter: object
    clock: HandClock
    claim: object
    world: object = field(repr=False, default=None)

    def publish(self):
        return self.adapter.publish(self.claim, None)


def make_target(name, origin, **changes):
    given = {
        "name": name,
        "platform": name,
        "credentials": name.upper(),
        "api_url": origin,
        "limit": 280,
        "policy": Policy(),
        "tags": TagRules(),
        "copy": Copy(),
        "options": {"graph_version": "v26.0"} if name == "facebook" else {},
    }
    return Target(**{**given, **changes})


def a_claim(text="Hello", link="https://example.org/news"):
    return mint_claim("s1", "t", 2, Post(text, link, link, len(text), 280), NOON)


@pytest.fixture
def serve():
    """Start a RawServer with these answers; it ends with the test."""
    servers = []

    def start(*answers, wrap=None):
        servers.append(RawServer(answers, wrap))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def account():
    """account("x", origin) → a Bench over the real wire."""

    def make(name, origin, *, wire=None, secrets=None, text="Hello", link="https://example.org/news"):
        clock = HandClock()
        world = a_world(wire or SocketWire(alarm), clock)
        adapter = load_platforms()[name].open(world, make_target(name, origin), secrets or SECRETS[name])
        return Bench(name, adapter, clock, a_claim(text, link), world)

    return make


@pytest.fixture
def answer_bytes():
    return http


@pytest.fixture
def planted():
    """Every planted secret."""
    return tuple(v for secrets in SECRETS.values() for k, v in secrets.items() if k != "PAGE_ID")
