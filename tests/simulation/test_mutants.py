"""A few of the mutants die within every test run; `make mutants` tries them all."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def _load():
    spec = spec_from_file_location("mutants", Path(__file__).with_name("mutants.py"))
    module = module_from_spec(spec)
    sys.modules["mutants"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


mutants = _load()
BY_NAME = {mutant.name: mutant for mutant in mutants.MUTANTS}
QUICK = (
    "lost is pending",
    "the flag is raised too late",
    "send before the begin is durable",
)
BY_TESTS = ("no approval", "the title joins")


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.name) for mutant in mutants.MUTANTS])
def test_each_mutant_still_fits_the_sources(mutant, tmp_path):
    """And changes them: an edit that no longer finds its place would test nothing."""
    changed = mutants.edited(mutant)
    assert changed
    for module, text in changed.items():
        compile(text, module, "exec")


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own():
    assert len(BY_NAME) == len(mutants.MUTANTS) >= 25


@pytest.mark.parametrize("name", QUICK)
def test_a_simulated_life_notices(name):
    assert mutants.examine(BY_NAME[name], tests=False).by.startswith("seed ")


@pytest.mark.parametrize("name", BY_TESTS)
def test_a_test_notices(name):
    assert "::test_" in mutants.examine(BY_NAME[name], count=0).by


def test_the_machine_as_it_is_survives():
    unchanged = mutants.Mutant("none", "nothing", (), ())
    assert mutants.examine(unchanged, count=2, days=40).by == ""
