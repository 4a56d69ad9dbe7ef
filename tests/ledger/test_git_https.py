"""The ledger over https, on git's own server behind a loopback socket: where the token goes, and where it doesn't."""

from __future__ import annotations

import base64
import os
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.errors import LedgerUnwritable
from crosspost.ledger.git.ledger import Options, create, open_ledger
from crosspost.testing.ledger_contract import a_plan, a_step, a_story

TOKEN = "ghs_1234_eyJ.abc-def_planted"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()


class Handler(BaseHTTPRequestHandler):
    """CGI for git http-backend; who doesn't show the token is refused."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(body)

    def answer(self, body):
        server = self.server
        server.seen.append(self.headers.get_all("Authorization") or [])
        path, _, query = self.path.partition("?")
        if server.redirect:
            return self.reply(301, [("Location", server.redirect + self.path)], b"")
        if self.headers.get_all("Authorization") != [f"Basic {BASIC}"]:
            return self.reply(401, [("WWW-Authenticate", 'Basic realm="git"')], b"no")
        if "git-receive-pack" in self.path and server.only_reading:
            return self.reply(403, [], b"no")
        env = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(server.root), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_USER": "me",
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)), "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "GIT_CONFIG_GLOBAL": "/dev/null",
        }  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=body, env=env, capture_output=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]
        status = next((int(value.split()[0]) for name, value in fields if name == "Status"), 200)
        return self.reply(status, [field for field in fields if field[0] != "Status"], content)

    def reply(self, status, fields, content):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def serve(bench, authority, request):
    """Starts a server of the bench's folder."""

    def start(**changes):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.root, server.seen, server.redirect, server.only_reading = bench.folder, [], "", False
        server.address = f"https://127.0.0.1:{server.server_port}"
        for name, value in changes.items():
            setattr(server, name, value)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        request.addfinalizer(lambda: (server.shutdown(), thread.join(), server.server_close()))
        return server

    return start


@pytest.fixture
def world(bench, authority):
    place = bench.folder / "ca.pem"
    authority.cert_pem.write_to_path(place)
    bench.git("config", "http.receivepack", "true")

    def make(token=TOKEN):
        return bench.world(CROSSPOST_GIT_TOKEN=token, GIT_SSL_CAINFO=str(place))

    return make


def url(server):
    return f"git:{server.address}/remote.git#crosspost"


def test_a_ledger_lives_over_https_and_its_token_shows_nowhere(bench, serve, world, capfd):
    server = serve()
    ledger = create(url(server), bench.folder, world(), Options("", "one", max_age=0))
    assert ledger.append(Batch(stories=(a_story(1),), revisions=(a_plan(1),)))
    assert ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),))).claims
    other = ledger.reopen(writer="two")
    assert other.sequence() == 2
    assert not ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),)))

    assert set(map(tuple, server.seen)) == {(f"Basic {BASIC}",)}  # one header each time, and never a question first
    assert not any(TOKEN in word or BASIC in word for argv, _ in bench.spy.calls for word in argv)
    written = [path.read_bytes() for path in Path(bench.folder).rglob("*") if path.is_file()]
    assert len(list(bench.temporary.iterdir())) == 2  # the repositories of both openings are still there
    assert not any(TOKEN.encode() in text or BASIC.encode() in text for text in written)
    assert not any(TOKEN in text or BASIC in text for text in capfd.readouterr())
    other.close(), ledger.close()


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_token_that_is_wrong_or_missing_is_said_to_be_so_without_a_prompt(bench, serve, world, token, capfd):
    server = serve()
    with pytest.raises(LedgerUnwritable, match="no permission") as caught:
        open_ledger(url(server), bench.folder, world(token), Options())
    assert "CROSSPOST_GIT_TOKEN" in caught.value.hint
    assert capfd.readouterr() == ("", "")


def test_a_token_that_may_only_read_is_said_to_be_so(bench, serve, world):
    server = serve()
    ledger = create(url(server), bench.folder, world(), Options("", "one"))
    server.only_reading = True
    with pytest.raises(LedgerUnwritable, match="no permission"):
        ledger.put(Put("n", "v", 0))
    ledger.close()


def test_a_redirect_is_not_followed_so_no_other_host_gets_the_token(bench, serve, world):
    elsewhere = serve()
    server = serve(redirect=elsewhere.address)
    with pytest.raises(LedgerUnwritable):
        open_ledger(url(server), bench.folder, world(), Options())
    assert server.seen
    assert elsewhere.seen == []


def test_a_repository_that_is_not_there_is_said_to_be_missing_or_hidden(bench, serve, world):
    server = serve()
    address = f"git:{server.address}/nobody.git#crosspost"
    with pytest.raises(LedgerUnwritable, match="no such repository"):
        open_ledger(address, bench.folder, world(), Options())


def test_a_server_that_nobody_vouches_for_is_refused_before_the_token_leaves(bench, serve):
    server = serve()
    with pytest.raises(LedgerUnwritable):
        open_ledger(url(server), bench.folder, bench.world(CROSSPOST_GIT_TOKEN=TOKEN), Options())
    assert server.seen == []


def test_a_server_that_is_down_is_a_trouble_that_passes(bench, serve, world):
    address = "git:https://127.0.0.1:1/remote.git#crosspost"
    with pytest.raises(LedgerUnwritable, match="can't be reached") as caught:
        open_ledger(address, bench.folder, world(), Options())
    assert "next run" in caught.value.hint
