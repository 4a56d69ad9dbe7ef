"""The settings file that `init` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosspost import app
from crosspost.setup.files import Choices, settings_text

ODD = ['https://example.org/feed/?a="b"', "https://example.org/caf\u00e9/\\feed", "https://example.org/\u2028/"]


@pytest.mark.parametrize("campaign", [(), ("#LastGirlFirst",), ("#A1", "#B2", "#C3", "#D4")])
def test_what_is_written_can_be_read(campaign):
    text = settings_text(Choices("https://example.org/feed/", "Asia/Manila", campaign, ("news.example.org",)))
    project = app.read_project(app.system_world({}), text, Path("config/crosspost.toml"))
    settings = project.settings
    assert settings.zone.key == "Asia/Manila"
    assert settings.feeds[0].hosts == ("news.example.org",)
    assert all(target.tags.campaign == campaign for target in settings.targets)
    assert set(project.loaded.missing) == {"x", "facebook"}
    assert settings.allow_private == ()


@pytest.mark.parametrize("url", ODD)
def test_odd_letters_in_an_address_stay_inside_their_quotes(url):
    import tomllib

    assert tomllib.loads(settings_text(Choices(url, "UTC", ())))["feeds"][0]["url"] == url


def test_a_private_host_is_allowed_by_name():
    text = settings_text(Choices("http://10.1.2.3/feed/", "UTC", (), private=("10.1.2.3",)))
    assert app.read_project(app.system_world({}), text, Path("x")).settings.allow_private == ("10.1.2.3",)
