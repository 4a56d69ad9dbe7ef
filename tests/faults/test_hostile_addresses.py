"""What a hostile or broken site does to a whole command: an exit code, one sentence, and the next good read works."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from crosspost.cli import main
from crosspost.sandbox.values import Answer, WireFault
from crosspost.testing import checker

pytestmark = pytest.mark.slow

XML = ("Content-Type", "application/rss+xml; charset=UTF-8")
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><rss version='2.0'><channel><title>&a9;</title></channel></rss>"
).encode()
PASSWD = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>t</title><item><title>&x;</title><guid>1</guid></item></channel></rss>"""


def to(address: str) -> Answer:
    return Answer(302, (("Location", address),))


HOSTILE = {
    "a private address": to("http://10.0.0.1/feed/"),
    "a cloud's own data": to("http://169.254.169.254/latest/meta-data/"),
    "this machine by its other name": to("http://[::1]:9/feed/"),
    "a private address in other digits": to("http://0xa000001/feed/"),
    "a mapped address": to("http://[::ffff:192.168.0.1]/feed/"),
    "a file": to("file:///etc/passwd"),
    "another protocol": to("gopher://127.0.0.1:25/_HELO"),
    "a circle": to("/site/feed/"),
    "nowhere": Answer(302),
    "a gzip bomb": Answer(200, (XML, ("Content-Encoding", "gzip")), gzip.compress(bytes(200_000_000), 9)),
    "a bomb inside a bomb": Answer(
        200, (XML, ("Content-Encoding", "gzip, gzip")), gzip.compress(gzip.compress(bytes(50_000_000)))
    ),
    "no gzip at all": Answer(200, (XML, ("Content-Encoding", "gzip")), b"\x1f\x8bnonsense"),
    "a body without an end": Answer(200, (XML,), b"<rss>" + b" " * 12_000_000),
    "half a body": Answer(200, (XML,), b"<rss><channel><item>" * 500, WireFault.HALF),
    "no answer": Answer(200, wire=WireFault.RESET),
    "a billion laughs": Answer(200, (XML,), LAUGHS),
    "somebody's file as an entity": Answer(200, (XML,), PASSWD),
    "a page": Answer(200, (("Content-Type", "text/html"),), b"<!doctype html><title>Please wait</title>"),
    "an empty body": Answer(200, (XML,)),
    "headers that break out": Answer(200, (XML, ("ETag", "\x1b[31m::error::x")), b"\x00\x1b[2J<rss"),
}


def news() -> str:
    """A story that the site publishes now."""
    link = "https://www.example.org/a-new-shelter-opens/"
    return (
        f"<item><title>A new shelter opens</title><link>{link}</link><pubDate>{format_datetime(datetime.now(UTC))}</pubDate>"
        '<guid isPermaLink="false">https://www.example.org/?p=99001</guid>'
        "<description>A new shelter for girls opened today. It has room for twelve and a lawyer on call.</description></item>"
    )


@dataclass
class Site:
    """A site that gives one answer to everything."""

    answer: Answer

    def handle(self, request) -> Answer:
        return self.answer


@pytest.fixture
def command(bench, monkeypatch, capfd):
    """Begins a scenario anew; runs a command in this process."""
    bench.begin("first")
    for name, value in bench.env().items():
        monkeypatch.setenv(name, value)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(bench.folder)

    def run(*args: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(args)
        return (code, *capfd.readouterr())

    return run


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_site_costs_one_sentence_and_the_next_good_read_works(bench, command, case):
    good = bench.stage.site
    bench.stage.site = Site(HOSTILE[case])
    tracemalloc.start()
    try:
        code, out, err = command("run")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    told = " ".join((out + err).split())
    assert code == 0, told
    assert peak < 80_000_000
    assert "Traceback" not in told and "bug in crosspost" not in told and "\x1b[2J" not in out + err
    assert "root:" not in told and "haha" not in told
    assert bench.server.site_url.split("/")[2] in told or "site" in told
    code, out, err = command("preview", f"{bench.server.site_url}feed/")
    assert code == 1 and (out + err).count("Error:") == 1, (out, err)
    good.body = good.body.replace(b"<item>", news().encode() + b"<item>", 1)
    bench.stage.site = good
    code, out, err = command("run", "--json")
    assert code == 0, err
    assert json.loads(out)["feeds"][0]["status"] == "ok"
    accounts = {"x": bench.stage.account("x"), "facebook": bench.stage.account("facebook")}
    assert not checker.faults(bench.ledger, accounts, bench.links())
    # What was recorded goes out although the site is hostile; the new story as soon as it is read.
    assert [len(account["posts"]) for account in accounts.values()] == [4, 4]
