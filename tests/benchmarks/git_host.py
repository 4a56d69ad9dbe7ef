"""Git's own HTTP backend behind a loopback socket with TLS: what a host of repositories is, without its pages.

It asks for one token. A request that breaks off half-way is dropped, as web servers do.
"""

from __future__ import annotations

import base64
import os
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

TOKEN = "ghs_1234_eyJ.abc-def_planted"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()


class Handler(BaseHTTPRequestHandler):
    """CGI for git http-backend; who doesn't show the token is refused."""

    protocol_version = "HTTP/1.1"
    server: Host

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        body = self.body()
        if body is None:
            self.close_connection = True
        else:
            self.answer(body)

    def body(self) -> bytes | None:
        """What was sent; None where the sender went away before its end."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            wanted = int(self.headers["Content-Length"])
            body = self.rfile.read(wanted)
            return body if len(body) == wanted else None
        body = b""
        while line := self.rfile.readline():
            size = int(line, 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body
        return None

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
        answered = server.before_answer(path)
        if answered is False:
            self.close_connection = True
            return None
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


class Host(ThreadingHTTPServer):
    """Serves the repositories of a folder. `before_answer(path)`: called when git is done; False: no answer leaves."""

    daemon_threads = True

    def __init__(self, root: Path, authority: trustme.CA, **changes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.root, self.seen, self.redirect, self.only_reading = root, [], "", False
        self.before_answer = lambda path: None
        self.address = f"https://127.0.0.1:{self.server_port}"
        for name, value in changes.items():
            setattr(self, name, value)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    def handle_error(self, request, client_address):
        """A caller who went away."""

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
