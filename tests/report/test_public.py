"""What strangers may read of what isn't out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from crosspost.core.delivery import State
from crosspost.core.reason import Code, Reason
from crosspost.report.public import TITLE, for_strangers
from crosspost.report.sentences import say


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
def test_a_story_that_is_not_out_keeps_number_code_and_state_and_loses_its_words(
    made: SimpleNamespace, state: State
) -> None:
    held = made.prospect(state=state, reason=Reason.of(Code.HOLD_WORD, word="embargo"))
    (shown,) = for_strangers([held])
    told = repr(shown)
    for word in ("shelters", "example.org", "embargo", "LastGirlFirst"):
        assert word in repr(held) and word not in told
    assert (shown.record.story.number, shown.code, shown.state) == (12, "12@a3f09c", state)
    assert shown.record.story.title == TITLE and shown.post.limit == 280


def test_what_is_out_stays_as_it_is(made: SimpleNamespace) -> None:
    out = made.prospect(state=State.PUBLISHED)
    assert for_strangers([out]) == (out,)


def test_a_life_is_told_without_words(made: SimpleNamespace) -> None:
    (life,) = made.history()
    waiting = made.prospect(revisions=life.revisions)
    (shown,) = for_strangers([waiting])
    assert len(shown.revisions) == len(life.revisions)
    assert "shelters" not in repr(shown.revisions)


def test_numbers_and_accounts_of_a_reason_stay(made: SimpleNamespace) -> None:
    (shown,) = for_strangers([made.prospect(reason=Reason.of(Code.CAP, limit=3))])
    assert "At most 3 stories" in say(shown.reason)
