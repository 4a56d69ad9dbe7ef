"""The recorded answers of a real WordPress: as values, over a socket, and as the site of a simulated installation."""

from __future__ import annotations

import http.client
import io
import socket
import sys
import threading
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from crosspost.sandbox.values import Answer

FOLDER = Path(__file__).parent / "wordpress"
NEWSROOM = Path(__file__).parents[1] / "pipeline" / "newsroom.py"


@dataclass(frozen=True)
class Recording:
    """One recorded answer. `raw`: as it came; the rest as read, with its packing left on."""

    raw: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class _File:
    def __init__(self, raw):
        self.raw = raw

    def makefile(self, *_):
        return io.BytesIO(self.raw)


def recording(name):
    raw = (FOLDER / f"{name}.http").read_bytes()
    answer = http.client.HTTPResponse(_File(raw))
    answer.begin()
    body = answer.read()
    headers = tuple((key, value) for key, value in answer.getheaders() if key.lower() != "transfer-encoding")
    return Recording(raw, answer.status, headers, body)


def names():
    return sorted(path.name.removesuffix(".http") for path in FOLDER.glob("*.http"))


@pytest.fixture(scope="session")
def recorded():
    """The answer of a name."""
    return recording


@pytest.fixture
def replay():
    """A server that sends recorded answers byte for byte: `replay.answers[path] = raw bytes`."""

    class Server:
        def __init__(self):
            self.answers, self.asked = {}, []
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
            self.thread = threading.Thread(target=self.serve, daemon=True)
            self.thread.start()

        def serve(self):
            while True:
                try:
                    connection, _ = self.listener.accept()
                except OSError:
                    return
                with connection, connection.makefile("rb") as lines:
                    head = [line.decode("latin-1").strip() for line in iter(lines.readline, b"\r\n")]
                    self.asked.append(head)
                    connection.sendall(self.answers[head[0].split()[1]])

        def close(self):
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.thread.join(5)

    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def newsrooms():
    """The module of simulated installations, as the pass's own tests use it."""
    if "newsroom" not in sys.modules:
        spec = spec_from_file_location("newsroom", NEWSROOM)
        sys.modules["newsroom"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["newsroom"])
    return sys.modules["newsroom"]


class RecordedSite:
    """A host that answers as the recordings do: `pages[path and query]` names one, or is an Answer.

    It answers 304 where both validators are those of the page, as WordPress behind Apache was recorded to.
    """

    def __init__(self):
        self.pages, self.asked = {}, []

    def show(self, name, path="/feed/", *, change=lambda body: body):
        found = recording(name)
        headers = tuple((key, value) for key, value in found.headers if key.lower() != "content-length")
        self.pages[path] = Answer(found.status, headers, change(found.body))

    def handle(self, request, now):
        path = request.path + (f"?{request.url.partition('?')[2]}" if "?" in request.url else "")
        self.asked.append(path)
        answer = self.pages.get(path)
        if answer is None:
            past = recording("page-past-the-end")
            return Answer(past.status, past.headers, past.body)
        given = dict(answer.headers)
        same = request.header("if-none-match") == given.get("ETag", "").replace('-gzip"', '"')
        if same and given.get("ETag") and request.header("if-modified-since") == given["Last-Modified"]:
            return Answer(304, recording("unchanged").headers)
        return answer


@pytest.fixture
def recorded_site():
    """A RecordedSite."""
    return RecordedSite()
