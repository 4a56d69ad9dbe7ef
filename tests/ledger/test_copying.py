"""`ledger copy`: what a ledger holds is found again in another one, and a broken copy is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosspost.errors import RequestError
from crosspost.ledger.copying import copy_ledger
from crosspost.ledger.sqlite import create
from crosspost.testing.simulation import Plan, Simulation

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def made(place, token="f" * 32):
    return create(place, token=lambda: token, now=NOW, writer="copy")


@pytest.fixture(scope="module")
def lived():
    life = Simulation(11, Plan.year(20))
    life.live()
    return life


def test_a_copy_holds_every_story_revision_article_and_keyed_value(lived, tmp_path):
    into = made(tmp_path / "copy.db")
    copied = copy_ledger(lived.ledger, into)
    assert copied.deliveries == len(lived.ledger.history()) > 10
    for old, new in zip(lived.ledger.history(), into.history(), strict=True):
        assert (old.record.story, old.record.article) == (new.record.story, new.record.article)
        assert [replace(one, writer="") for one in old.revisions] == [replace(one, writer="") for one in new.revisions]
    assert {k: v.text for k, v in lived.ledger.get("").items()} == {k: v.text for k, v in into.get("").items()}
    assert [r.delivery.key for r in into.open()] == [r.delivery.key for r in lived.ledger.open()]


def test_numbers_go_on_where_the_old_ledger_stood(lived, tmp_path):
    into = made(tmp_path / "copy.db")
    copy_ledger(lived.ledger, into)
    assert into.find([]).next_number == lived.ledger.find([]).next_number


def test_a_copy_into_a_ledger_that_holds_something_is_refused(lived, tmp_path):
    into = made(tmp_path / "copy.db")
    copy_ledger(lived.ledger, into)
    with pytest.raises(RequestError, match="not what was copied"):
        copy_ledger(lived.ledger, into)


def test_a_copy_that_lost_something_is_told(lived, tmp_path):
    into = made(tmp_path / "copy.db")

    class Forgetful:
        def __getattr__(self, name):
            return getattr(into, name)

        def append(self, batch):
            return into.append(replace(batch, values=batch.values[1:]))

    with pytest.raises(RequestError, match="feeds and accounts"):
        copy_ledger(lived.ledger, Forgetful())


def test_an_empty_ledger_can_be_copied(tmp_path):
    assert copy_ledger(made(tmp_path / "a.db"), made(tmp_path / "b.db", "e" * 32)).stories == 0
