"""A change made anew while other writers are first."""

import pytest

from crosspost.errors import LedgerBusy
from crosspost.ledger.anew import TRIES, anew


def test_what_the_step_gives_at_last_is_given():
    answers = iter([None] * (TRIES - 1) + ["written"])
    assert anew(lambda: next(answers)) == "written"


def test_after_as_many_lost_races_it_gives_way_and_says_what_to_do():
    tried = []
    with pytest.raises(LedgerBusy) as told:
        anew(lambda: tried.append(1), "Try again in a minute.")
    assert len(tried) == TRIES
    assert told.value.hint == "Try again in a minute."


def test_a_step_that_had_nothing_to_write_is_done():
    assert anew(lambda: False) is False
