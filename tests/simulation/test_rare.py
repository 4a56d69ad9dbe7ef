"""What is rare must have happened, or a campaign proves nothing."""

from __future__ import annotations

import pytest

from crosspost.testing.simulation import Plan, Simulation
from crosspost.testing.simulation.rare import COMMON, RARE, missing

pytestmark = pytest.mark.slow


def test_a_few_short_lives_bring_about_what_is_common():
    never = set(COMMON)
    for seed in range(1, 13):
        counts = Simulation(seed, Plan.year(10, stories=15)).live().counts
        never &= set(missing(counts, COMMON))
        if not never:
            return
    raise AssertionError(f"these never happened: {sorted(never)}")


def test_what_never_happened_is_named():
    counts = dict.fromkeys(RARE, 1)
    assert missing(counts) == []
    del counts["flood held"]
    assert missing(counts) == ["flood held"]
    assert missing({**counts, "flood held": 0}) == ["flood held"]
