"""What is taken from the machine: who decides, the time zone, times as typed."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspost import app
from crosspost.desk.when import parse_when
from crosspost.errors import SettingsError

PARIS, NOW = ZoneInfo("Europe/Paris"), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_who_decides_is_the_actor_else_gits_user_else_the_login(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LOGNAME": "login", "GIT_CONFIG_NOSYSTEM": "1"}
    assert app.person_name(env) == "login"
    subprocess.run(["git", "config", "--global", "user.name", "Amina Ké"], env=env, check=True)
    assert app.person_name(env) == "Amina Ké"
    assert app.person_name({**env, "GITHUB_ACTOR": "octo"}) == "octo"
    assert app.person_name({"PATH": ""}) == "somebody"


@pytest.mark.parametrize(("tz", "zone"), [("Europe/Paris", "Europe/Paris"), (":Asia/Manila", "Asia/Manila"), ("CET-1CEST", "UTC"), ("../etc", "UTC")])  # fmt: skip
def test_the_machines_zone_is_used_where_it_has_a_name(tz, zone):
    assert app.local_zone({"TZ": tz}) == zone


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90m", NOW + timedelta(minutes=90)),
        ("2d", NOW + timedelta(days=2)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=PARIS)),
        ("2026-12-01T09:00", datetime(2026, 12, 1, 9, tzinfo=PARIS)),
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        (" 2026-12-01 09:00 ", datetime(2026, 12, 1, 9, tzinfo=PARIS)),
    ],
)
def test_a_time_is_read_as_people_write_it(text, moment):
    assert parse_when(text, NOW, PARIS) == moment


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-11-24T09:00", "0m"])
def test_what_is_no_time_or_is_over_is_refused(text):
    with pytest.raises(SettingsError):
        parse_when(text, NOW, PARIS)
