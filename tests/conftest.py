"""What every test may ask for: files that stand beside the checkout."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def required(part: str) -> bool:
    """Whether this machine promised to have it: then a missing part fails instead of being skipped."""
    return part in os.environ.get("CROSSPOST_REQUIRE", "").replace(" ", "").split(",")


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """The path of a file in ../shared; skips where it is absent, fails where it was promised."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            message = f"../shared/{name} isn't there: it stands beside the checkout on the developers' machines"
            if required("shared"):
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find
