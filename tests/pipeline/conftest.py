"""The simulated installation that scenarios are played in."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

PLACE = Path(__file__).resolve().parent / "newsroom.py"


def load():
    """The module beside this file, once for all folders that use it."""
    if "newsroom" not in sys.modules:
        spec = spec_from_file_location("newsroom", PLACE)
        sys.modules["newsroom"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["newsroom"])
    return sys.modules["newsroom"]


@pytest.fixture(scope="session")
def newsrooms():
    """The module: Newsroom, a_target, platforms …"""
    return load()


@pytest.fixture
def room(newsrooms):
    """An installation on X and Facebook that has made its baseline an hour ago (stories 1 and 2)."""
    return newsrooms.Newsroom().begun()
