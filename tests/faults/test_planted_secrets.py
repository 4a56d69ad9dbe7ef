"""Secrets planted everywhere, whatever breaks: no command shows a piece of one, and no file keeps one."""

from __future__ import annotations

import base64
import json
import logging
import sqlite3
import subprocess
import urllib.parse
from datetime import UTC, datetime

import pytest

from crosspost.cli import main
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.serve import serve
from crosspost.sandbox.site import Site
from crosspost.sandbox.values import FOREVER, Fault, FaultKind
from crosspost.sandbox.x import XModel

pytestmark = pytest.mark.slow

SECRETS = {
    "X_API_KEY": "kQ7vZr2mWxJp4TdUbN9sYc1hL",
    "X_API_KEY_SECRET": "Gf8RtB3nXe0QaVw5KuMj6ZiPo2DyHs7Lc4EgTxWq9RbNf1UvAk",
    "X_ACCESS_TOKEN": "1800000000000000001-Hy5JmC8wPqTz3VbXs6NdRk0GfLuEa2",
    "X_ACCESS_TOKEN_SECRET": "Wd4Yp9KcSx7QhVn2BtMgZe6RjUfLa0TiOu3NbPwEk5XyC",
    "FACEBOOK_PAGE_ACCESS_TOKEN": "EAAGm0PX4ZCpsBOwRtY7uHjKlQvNbXcZaSdFgTrEw2Mn8VzQpLkJhGfDs",
    "FACEBOOK_APP_SECRET": "7d3f9a1c5e8b0264f6d2a9c7e1b3058d",
    "CROSSPOST_GIT_TOKEN": "ghp_Tz7WqYx2LmNb5VcRk9PdSj4HgFu8EaQo1Xi3",
    "PROXY_PASSWORD": "prxQm6Vt2Zk9Wc",
}
COMMANDS = (
    ["check"],
    ["check", "--json"],
    ["preview", "--all"],
    ["preview", "--json"],
    ["run"],
    ["run", "--json", "--report", "report.md"],
    ["status", "--all"],
    ["history"],
    ["explain", "unauthorized"],
)
SHORT = (["check"], ["run", "--report", "report.md"], ["preview", "--json"])
TALK = (["--debug"], ["--debug", "--log-json"])


def forms(secret: str) -> set[str]:
    """Every piece of eight, plain and as encodings would show it (base64 in each of its three alignments)."""
    told = secret.rpartition("-")[2] if secret[:5] == "18000" else secret  # an account's number is public
    encoded = {told, urllib.parse.quote(told, safe=""), told.encode().hex(), told[::-1]}
    pieces = {text[at : at + 8] for text in encoded for at in range(len(text) - 7)}
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + told.encode()).decode().rstrip("=")[4:-2]
        pieces |= {whole[at : at + 12] for at in range(len(whole) - 11)}
    return pieces


class Hunt:
    """Runs commands and looks for pieces of the secrets in all that they leave."""

    def __init__(self, tmp_path, capfd, caplog):
        self.work, self.places = tmp_path / "work", (tmp_path / "work", tmp_path / "state", tmp_path / "tmp")
        for place in self.places:
            place.mkdir()
        self.capfd, self.caplog, self.secrets = capfd, caplog, dict(SECRETS)
        self.shown: list[str] = []

    def __call__(self, *args: str) -> int:
        self.capfd.readouterr()
        try:
            code = main(args)
        finally:
            out, err = self.capfd.readouterr()
            self.shown += [out, err]
        return code

    def found(self) -> list[str]:
        """Which secrets were found, and where."""
        texts = {"output": "\n".join(self.shown), "log": self.caplog.text}
        for place in self.places:
            texts |= {str(path): path.read_bytes().decode("latin-1") for path in place.rglob("*") if path.is_file()}
            texts |= {f"name {path}": path.name for path in place.rglob("*")}
        return [
            f"{name} in {where}"
            for name, secret in self.secrets.items()
            for where, text in texts.items()
            if any(piece in text for piece in forms(secret))
        ]


@pytest.fixture
def accounts():
    x = XModel(
        *(SECRETS[name] for name in ("X_API_KEY", "X_API_KEY_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")),
        "1800000000000000001",
        "Halden",
    )
    options = FacebookOptions(app_secret=SECRETS["FACEBOOK_APP_SECRET"])
    page = FacebookModel("100200300400500", SECRETS["FACEBOOK_PAGE_ACCESS_TOKEN"], "Halden", options)
    return Sandbox((x,), (page,), Site(datetime.now(UTC)))


@pytest.fixture
def hunt(accounts, tmp_path, capfd, caplog, monkeypatch):
    """An installation with three stories to send, its keys in the environment, all loggers at DEBUG."""
    caplog.set_level(logging.DEBUG)
    made = Hunt(tmp_path, capfd, caplog)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "CROSSPOST_CONFIG", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(made.work)
    monkeypatch.setenv("CROSSPOST_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    with serve(accounts, lambda: datetime.now(UTC)) as server:
        for name, value in accounts.environment(server.url).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CROSSPOST_GIT_TOKEN", SECRETS["CROSSPOST_GIT_TOKEN"])
        proxy = f"http://crosspost:{SECRETS['PROXY_PASSWORD']}@127.0.0.1:9"
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("HTTP_PROXY", proxy)
        code = made("--debug", "init", server.site_url, "--yes", "--timezone", "UTC", "--publish-latest", "3")
        assert code == 0, made.shown
        made.site_url = server.site_url
        settings = made.work / "config" / "crosspost.toml"
        settings.write_text(settings.read_text().replace('settle = "10m"', 'settle = "0s"'))
        yield made


def all_commands(hunt) -> list[int]:
    return [hunt(*talk, *command) for talk in TALK for command in COMMANDS]


def test_with_good_keys_nothing_shows_and_the_posts_go_out(hunt, accounts):
    codes = all_commands(hunt)
    assert 2 not in codes and len(accounts.x[0].timeline()) == len(accounts.facebook[0].timeline()) == 3
    assert hunt.found() == []


def test_a_planted_leak_is_found_wherever_it_is(hunt):
    (hunt.work / "report.md").write_text(f"Bearer {SECRETS['FACEBOOK_PAGE_ACCESS_TOKEN'][20:30]}")
    basic = base64.b64encode(f"x-access-token:{SECRETS['CROSSPOST_GIT_TOKEN']}".encode()).decode()
    logging.getLogger("tweepy").warning("Authorization: Basic %s", basic)
    hunt.shown.append(urllib.parse.quote(SECRETS["X_API_KEY"]))
    found = hunt.found()
    assert [line.partition(" in ")[0] for line in found] == [
        "X_API_KEY",
        "FACEBOOK_PAGE_ACCESS_TOKEN",
        "CROSSPOST_GIT_TOKEN",
    ]
    assert [line.rpartition("/")[2] for line in found][1] == "report.md"
    hunt.secrets.clear()
    assert hunt.found() == []


MISTYPED = {
    "a line break inside": lambda text: f"{text[:12]}\n{text[12:]}",
    "a carriage return and a header": lambda text: f"{text}\r\nX-Evil: 1",
    "a Cyrillic letter": lambda text: f"{text[:9]}а{text[10:]}",
    "a space at the end": lambda text: f"{text} ",
    "quotes around it": lambda text: f'"{text}"',
    "another one's": lambda text: text[::-1],
    "only half of it": lambda text: text[: len(text) // 2],
    "its name before it": lambda text: f"X_KEY={text}",
}


KEYS = [name for name in SECRETS if name != "PROXY_PASSWORD"]


@pytest.mark.parametrize("case", MISTYPED)
def test_mistyped_keys_show_in_nothing(hunt, monkeypatch, case):
    for name in KEYS:  # each alone, and then all of them
        monkeypatch.setenv(name, MISTYPED[case](SECRETS[name]))
        hunt("--debug", "check")
        monkeypatch.setenv(name, SECRETS[name])
    for name in KEYS:
        monkeypatch.setenv(name, MISTYPED[case](SECRETS[name]))
    for command in SHORT:
        hunt("--debug", *command)
    assert hunt.found() == []


def test_keys_from_files_show_in_nothing_nor_those_that_stand_where_a_files_name_should(hunt, monkeypatch, tmp_path):
    for name in KEYS:
        place = tmp_path / f"key {name}"
        place.write_text(f"{SECRETS[name][:9]}\n{SECRETS[name][9:]}\n")
        monkeypatch.delenv(name)
        for path in (str(place), SECRETS[name]):
            monkeypatch.setenv(f"{name}_FILE", path)
            hunt("--debug", "run")
        monkeypatch.setenv(name, SECRETS[name])
        hunt("--debug", "check")
        monkeypatch.delenv(f"{name}_FILE")
    assert hunt.found() == []


ELSEWHERE = (
    "CROSSPOST_X_API_URL",
    "CROSSPOST_FACEBOOK_API_URL",
    "FACEBOOK_PAGE_ID",
    "CROSSPOST_LEDGER_URL",
    "CROSSPOST_ALLOW_PRIVATE",
)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_key_in_another_variable_shows_in_nothing(hunt, monkeypatch, name):
    for form in ("{}", "https://{}", "https://me:{}@127.0.0.1:9", "postgresql://me:{}@127.0.0.1/x"):
        monkeypatch.setenv(name, form.format(SECRETS["FACEBOOK_PAGE_ACCESS_TOKEN"]))
        for command in SHORT:
            hunt("--debug", *command)
    assert hunt.found() == []


@pytest.mark.parametrize("line", ['token = "{}"', '"{}" = 1', 'timezone = "{}"', 'name = "{}"', "x = {}"])
def test_a_key_in_the_settings_is_refused_and_not_repeated(hunt, line):
    settings = hunt.work / "config" / "crosspost.toml"
    kept = settings.read_text()
    settings.write_text(line.format(SECRETS["X_API_KEY"]) + "\n" + kept.replace('timezone = "UTC"', ""))
    codes = {hunt("--debug", *command) for command in SHORT}
    settings.write_text(kept)
    assert codes <= {1, 2}
    assert hunt.found() == []


ECHOES = {
    "json": lambda text: json.dumps(
        {"error": {"message": f"Malformed access token {text}", "type": text, "code": 190, "error_user_msg": text},
         "errors": [{"message": text, "code": text}], "title": text, "detail": f"token {text}", "reason": text}
    ),
    "html": lambda text: f"<html><title>{text}</title><p>Authorization: Bearer {text}</p></html>",
    "bare": lambda text: text,
    "broken": lambda text: '{"error": {"message": "' + text,
    "list": lambda text: json.dumps([text, {"id": text}]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("echo", "status"),
    [*(("json", status) for status in (200, 400, 401, 402, 403, 429, 500)), *((echo, 400) for echo in ECHOES)],
)
def test_an_answer_that_repeats_a_key_is_not_repeated(hunt, accounts, echo, status):
    for model, name in ((accounts.x[0], "X_ACCESS_TOKEN"), (accounts.facebook[0], "FACEBOOK_PAGE_ACCESS_TOKEN")):
        body = ECHOES[echo](SECRETS[name]).encode()
        model.faults.add(Fault(FaultKind.ANSWER, status=status, body=body, times=FOREVER))
    for command in SHORT:
        hunt("--debug", *command)
    assert hunt.found() == []


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if "silence" not in kind and kind != FaultKind.DRIP])
def test_no_kind_of_fault_makes_a_key_show(hunt, accounts, kind):
    for model in (accounts.x[0], accounts.facebook[0]):
        model.faults.add(Fault(kind, times=FOREVER, seconds=60))
    for command in SHORT[:2]:
        hunt("--debug", *command)
    assert hunt.found() == []


def a_bug(*_args, **_more):
    raise RuntimeError("; ".join(SECRETS.values()))


def a_foreign_error(*_args, **_more):
    raise sqlite3.OperationalError("; ".join(SECRETS.values()))


BORDERS = (
    "crosspost.net.wire.SocketWire.call",
    "tweepy.Client.create_tweet",
    "tweepy.Client.get_me",
    "requests.Session.send",
    "crosspost.pipeline.poll.parse",
    "json.loads",
    "crosspost.ledger.sql.SqlLedger.append",
    "crosspost.ledger.sqlite.SqliteDatabase.commit",
    "crosspost.ledger.sql.dump_revision",
    "crosspost.app.outlets_of",
    "crosspost.app.FolderMemory.remember",
    "crosspost.cli.run.run_markdown",
)


@pytest.mark.parametrize("border", BORDERS)
def test_an_error_that_holds_every_key_is_told_without_them(hunt, monkeypatch, border):
    codes = []
    for error in (a_bug, a_foreign_error):
        with monkeypatch.context() as broken:
            broken.setattr(border, error)
            codes += [hunt("--debug", *command) for command in (*SHORT, ["history"])]
    assert any(codes), "nothing broke"
    assert hunt.found() == []


@pytest.mark.parametrize(
    "remote", ["git:https://127.0.0.1:9/news.git#crosspost", "git:origin#crosspost", "git:{}#crosspost"]
)
def test_a_ledger_on_a_remote_that_fails_shows_neither_token_nor_password(hunt, monkeypatch, remote):
    password = SECRETS["X_API_KEY"]
    address = f"https://me:{password}@127.0.0.1:9/news.git"
    subprocess.run(["git", "init", "--quiet", "."], check=True)
    subprocess.run(["git", "remote", "add", "origin", address], check=True)
    monkeypatch.setenv("CROSSPOST_LEDGER_URL", remote.format(address))
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("GIT_CURL_VERBOSE", "1")
    for command in SHORT:
        assert hunt("--debug", *command) in {0, 1, 2}
    subprocess.run(["git", "remote", "remove", "origin"], check=True)  # it stood in the settings of git, not in ours
    assert hunt.found() == []


@pytest.mark.parametrize("site", ["http://example.org/feed/", "https://example.org/feed/"])
def test_a_proxy_that_fails_is_told_without_its_password(hunt, monkeypatch, site):
    monkeypatch.delenv("CROSSPOST_X_API_URL")
    monkeypatch.delenv("CROSSPOST_FACEBOOK_API_URL")  # the platforms' own hosts, behind a proxy where nobody listens
    assert hunt("--debug", "preview", site) == 1
    for command in SHORT:
        hunt("--debug", *command)
    assert hunt.found() == []
