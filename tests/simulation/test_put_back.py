"""Directed lives: an older ledger is put back while the site hides what it forgot."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from crosspost.testing.simulation import Broken, Plan, Simulation

HOUR = 3600


def _life():
    """A life on accounts that accept the same text twice: their own check would hide a fault of ours."""
    life = Simulation(1, Plan())
    for model in life.accounts.values():
        model.options = replace(model.options, refuse_repeats=False)
    life.begin()
    return life


def _copied(life):
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    life.ledger.copy_to(copy)
    return copy


def _hours(life, count):
    for _ in range(count):
        life.time.advance(HOUR)
        life.process()
        life.check()


def _times(life, post):
    """How often it stands on each account."""
    return {
        name: sum(post.link in one.text + one.link for one in model.timeline()) for name, model in life.accounts.items()
    }


@pytest.mark.parametrize("forgot", [True, False], ids=["the machine forgot", "the machine remembers"])
def test_a_story_that_an_older_ledger_forgot_and_the_site_restores_is_not_sent_again(forgot):
    life = _life()
    _hours(life, 1)
    copy = _copied(life)
    story = life.site.publish(life.time.now)
    _hours(life, 3)
    assert _times(life, story) == {"x": 1, "facebook": 1}
    life.site.show(story.number, life.time.now, listed=False)
    _hours(life, 1)
    if forgot:
        life.memory.heads.clear()
    life.judge.strict = False  # it has forgotten a post: that is what is played here
    life.put_back(copy)
    other = life.site.publish(life.time.now)  # something wants to go out: the accounts are read, the gap is closed
    _hours(life, 4)
    assert _times(life, other) == {"x": 1, "facebook": 1}
    life.site.show(story.number, life.time.now, listed=True)
    _hours(life, 5)
    assert _times(life, story) == {"x": 1, "facebook": 1}


def test_a_post_that_an_older_ledger_forgot_is_known_by_nothing_once_its_story_has_another_address_and_text():
    """What has to be true: meanwhile its story keeps its address, or its text. Broken, the promise is broken too."""
    life = _life()
    _hours(life, 1)
    copy = _copied(life)
    story = life.site.publish(life.time.now)
    _hours(life, 3)
    assert len(life.facebook.timeline()) == 1
    life.site.rename(story.number, life.time.now)
    life.site.edit(story.number, life.time.now)
    life.judge.strict = False
    life.put_back(copy)
    with pytest.raises(Broken, match=f"story-{story.number}/ stands 2 times"):
        _hours(life, 5)
    life.close()
    copy.close()
