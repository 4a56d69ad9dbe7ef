"""The checker finds each thing that must not be; everything here is planted by hand into the tables."""

from __future__ import annotations

import ast
import inspect
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch
from crosspost.ledger import sqlite
from crosspost.testing import checker
from crosspost.testing.doubles import NOON
from crosspost.testing.ledger_contract import a_plan, a_post, a_step, a_story

LINK = "https://example.org/1/"


@pytest.fixture
def book(tmp_path):
    """A ledger in which #1 was sent to x and found its place there."""
    path = tmp_path / "l.db"
    story = a_story(1)
    plan = a_plan(1)
    begun = replace(a_step(plan, Event.BEGIN, State.SENDING), post=a_post("Hello " + LINK))
    done = replace(a_step(begun, Event.ACCEPTED, State.PUBLISHED), remote_id="17")
    ledger = sqlite.create(path, token=lambda: "a" * 32, now=NOON, writer="w")
    assert ledger.append(Batch((story,), {}, (), (plan, begun, done)))
    ledger.close()
    return path


def account(*ids, text="Hello " + LINK, held=True, requests=1):
    return {
        "posts": [{"id": one, "text": text, "link": ""} for one in ids],
        "requests": [{"text": text, "link": "", "held": held}] * requests,
    }


def spoil(path, *statements):
    with closing(sqlite3.connect(path)) as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)
        file.commit()


def test_what_went_well_is_no_fault(book):
    assert checker.faults(book, {"x": account("17")}, [LINK]) == []
    assert checker.unsettled(book) == []


@pytest.mark.parametrize(
    ("there", "feed", "told"),
    [
        (account("17", "18"), [LINK], "stands 2 times on x"),
        (account(), [LINK], "not there"),
        (account("18"), [LINK], "not there"),
        (account("17", text=f"Other words {LINK}"), [LINK], "another text"),
        (account("17", held=False), [LINK], "did not hold as sending"),
        (account("17", requests=2), [LINK], "asked 2 times"),
        (account("17"), [LINK, "https://example.org/2"], "in the feed and not in the ledger"),
        (account("17"), [], "of no story"),
    ],
)
def test_each_broken_promise_is_told(book, there, feed, told):
    found = checker.faults(book, {"x": there}, feed)
    assert any(told in fault for fault in found), found


def test_a_target_without_a_state_is_told(book):
    found = checker.faults(book, {"x": account("17"), "facebook": account(requests=0)}, [LINK])
    assert found == ["#1 has no state on facebook"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE heads SET rev = 2", "not its last revision"),
        ("UPDATE heads SET state = 'failed'", "not its last revision"),
        ("DELETE FROM heads", "not its last revision"),
        ("DELETE FROM revisions WHERE rev = 2", "a hole"),
        ("""UPDATE revisions SET body = replace(body, '"reason":["', '"reason":["","')""", "no reason"),
        ("DELETE FROM stories", "refers to nothing"),
    ],
)
def test_a_broken_book_is_told(book, statement, told):
    spoil(book, statement)
    found = checker.faults(book, {"x": account("17")}, [LINK])
    assert any(told in fault for fault in found), found


def test_the_checker_imports_nothing_of_what_it_judges():
    tree = ast.parse(inspect.getsource(checker))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


def test_what_people_did_is_no_fault(book):
    hand = account("17", "18")
    assert checker.faults(book, {"x": hand}, [LINK], allowed=checker.Allowed(by_hand=frozenset({"18"}))) == []
    again = checker.Allowed(again={("x", LINK.partition("//")[2]): 1})
    assert checker.faults(book, {"x": hand}, [LINK], allowed=again) == []
    down = checker.Allowed(taken_down=frozenset({("x", "17")}))
    assert checker.faults(book, {"x": account()}, [LINK], allowed=down) == []


def test_a_story_that_the_feed_hides_need_not_be_known_but_stands_once(book):
    there = account("17")
    there["posts"].append({"id": "18", "text": "Seen " + LINK + "hidden/", "link": ""})
    assert checker.faults(book, {"x": there}, [LINK], hidden=[LINK + "hidden/"]) == []


def test_a_ledger_that_was_replaced_has_claimed_what_it_claimed(book, tmp_path):
    older = tmp_path / "older.db"
    ledger = sqlite.create(older, token=lambda: "a" * 32, now=NOON, writer="w")
    assert ledger.append(Batch((a_story(1),), {}, (), (a_plan(1),)))
    ledger.close()
    there = account("17")
    assert "did not hold as sending" in checker.faults(older, {"x": there}, [LINK])[0]
    assert checker.faults(older, {"x": there}, [LINK], earlier=[book]) == []
    assert "asked 2 times" in checker.faults(older, {"x": account("17", requests=2)}, [LINK], earlier=[book])[0]


def test_a_connection_is_read_as_a_file_is(book):
    with closing(sqlite3.connect(book)) as file:
        assert checker.faults(file, {"x": account("18")}, [LINK]) == checker.faults(book, {"x": account("18")}, [LINK])
        assert checker.claims(file, "x") == checker.claims(book, "x", slept=True) == []
