"""What the tests of reading feeds may ask for."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

NEWSROOM = Path(__file__).parents[1] / "pipeline" / "newsroom.py"


@pytest.fixture(scope="session")
def newsrooms():
    """The module of simulated installations, as the pass's own tests use it."""
    if "newsroom" not in sys.modules:
        spec = spec_from_file_location("newsroom", NEWSROOM)
        sys.modules["newsroom"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["newsroom"])
    return sys.modules["newsroom"]
