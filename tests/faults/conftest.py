"""The bench of tests/benchmarks/kills.py, for tests: a sandbox on loopback, a folder, the installed command."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

PLACE = Path(__file__).resolve().parents[1] / "benchmarks" / "kills.py"


@pytest.fixture(scope="session")
def kills():
    """The module."""
    if "kills" not in sys.modules:
        spec = spec_from_file_location("kills", PLACE)
        sys.modules["kills"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["kills"])
    return sys.modules["kills"]


@pytest.fixture(scope="module")
def bench(kills):
    """One bench; `begin(scenario)` sets everything back."""
    with kills.bench() as made:
        yield made
