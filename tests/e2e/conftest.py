"""A sandbox on loopback, an empty folder, and the command line on real sockets and a real ledger."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crosspost.cli import main
from crosspost.sandbox.model import Sandbox, demo
from crosspost.sandbox.serve import Server, serve

HOME = "https://www.example.org"


@dataclass
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


def feed_of(
    *items: tuple[str, str, str], age: timedelta = timedelta(hours=1), start: int = 1, onto: bytes = b""
) -> bytes:
    """A WordPress feed: (title, HTML, terms with commas), the first the newest; `onto`: a feed that they come to."""
    made = []
    for place, (title, body, terms) in enumerate(items):
        number = start + len(items) - place
        date = format_datetime(datetime.now(UTC) - age - timedelta(minutes=place))
        cats = "".join(f"<category><![CDATA[{term}]]></category>" for term in terms.split(",") if term)
        made.append(
            f"<item><title>{title}</title><link>{HOME}/story-{number}/</link><pubDate>{date}</pubDate>{cats}"
            f'<guid isPermaLink="false">{HOME}/?p={number}</guid>'
            f"<description>{html.escape(body)}</description></item>"
        )
    if onto:
        before, item, after = onto.partition(b"<item>")
        return before + "".join(made).encode() + item + after
    head = f"<channel><title>The site</title><link>{HOME}</link><language>en-US</language>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">{head}{"".join(made)}</channel></rss>'.encode()


STORY = (
    "Three shelters open in Lyon",
    "<p>Three shelters for girls opened this week in Lyon. Each has room for twelve and a lawyer on call.</p>",
    "Housing",
)


@pytest.fixture
def story() -> tuple[str, str, str]:
    """An ordinary one."""
    return STORY


@pytest.fixture
def feed() -> Callable[..., bytes]:
    """Makes a WordPress feed of (title, HTML, terms) triples."""
    return feed_of


@pytest.fixture
def accounts() -> Sandbox:
    return demo(datetime.now(UTC))


@pytest.fixture
def server(accounts: Sandbox) -> Iterator[Server]:
    with serve(accounts, lambda: datetime.now(UTC)) as listening:
        yield listening


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and nobody's environment."""
    for name in (
        "CROSSPOST_CONFIG",
        "GITHUB_ACTIONS",
        "GITHUB_ACTOR",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("CROSSPOST_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TZ", "Europe/Paris")
    return work


@pytest.fixture
def keys(accounts: Sandbox, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's keys in the environment."""
    for name, value in accounts.environment(server.url).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def crosspost(folder: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process."""

    def run(*args: str) -> Ran:
        capfd.readouterr()
        code = main(args)
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def news(accounts: Sandbox) -> Callable[..., None]:
    """Publishes (title, HTML, terms) triples on the site."""

    def publish(*items: tuple[str, str, str], **more: object) -> None:
        accounts.site.body = feed_of(*items, start=5000, onto=accounts.site.body, **more)

    return publish


@pytest.fixture
def installed(crosspost: Callable[..., Ran], server: Server, keys: None, folder: Path) -> Path:
    """A project whose ten stories are known; settings without the careful waiting."""
    done = crosspost("init", server.site_url, "--yes", "--campaign", "#LastGirlFirst", "--timezone", "Europe/Paris")
    assert done.code == 0, done.err
    settings = folder / "config" / "crosspost.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('settle = "10m"', 'settle = "0s"\nmax_per_run = 20\nflood = 20')
    )
    return settings
