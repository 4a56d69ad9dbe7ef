"""The scripted double does as it is told, and keeps the law of committing all the same."""

from __future__ import annotations

import pytest

from crosspost.core.post import Accepted, Fault, Lost, NotSent, Post, Refused, Timeline, Unread, mint_claim
from crosspost.core.reason import Code, Reason
from crosspost.platforms.base import Amended, Removed
from crosspost.testing.doubles import NOON, HandClock, a_world
from crosspost.testing.platform_contract import open_bench
from crosspost.testing.scripted import PRICE, ScriptedPlatform


@pytest.fixture
def told():
    scripted = ScriptedPlatform(costs=True)
    adapter = open_bench(scripted.platform, a_world(None, HandClock()), "", {"TOKEN": "t"})
    return scripted.account("scripted"), adapter


def claim(text="Hello"):
    return mint_claim("s", "scripted", 2, Post(text, "", "https://example.org/a", 5, 280), NOON)


def test_without_a_script_posts_are_accepted_and_stand_there(told):
    account, adapter = told
    first, second = adapter.publish(claim("one"), None), adapter.publish(claim("two"), None)
    assert (first.remote_id, second.remote_id) == ("1", "2")
    assert [post.text for post in account.posts] == ["two", "one"]
    assert [asked.post.text for asked in account.claims] == ["one", "two"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ValueError])
def test_a_script_may_kill_or_break_after_the_post_is_out(told, kind):
    account, adapter = told
    account.will(kind(), stands=True)
    if kind is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            adapter.publish(claim(), None)
    else:
        assert isinstance(adapter.publish(claim(), None), Lost)
    assert len(account.posts) == 1


@pytest.mark.parametrize(
    ("ends", "spent"),
    [
        (NotSent(Reason.of(Code.NOT_CONNECTED, kind="dns")), False),
        (Fault(Reason.of(Code.OWN_FAULT, kind="KeyError")), False),
        (NotSent(Reason.of("scripted.rate-limit")), True),
        (Refused(Reason.of("scripted.refused")), True),
        (Lost(Reason.of(Code.LOST)), True),
    ],
)
def test_an_outcome_comes_back_as_it_was_scripted(told, ends, spent):
    account, adapter = told
    account.will(ends)
    asked = claim()
    assert adapter.publish(asked, None) is ends
    assert (asked.spent, account.posts) == (spent, [])


def test_an_acceptance_without_an_id_gets_that_of_the_post(told):
    account, adapter = told
    account.will(Accepted("", "", Reason.of(Code.SENT)), stands=True)
    account.will(Accepted("77", "https://example.org/77", Reason.of(Code.SENT)))
    assert adapter.publish(claim(), None).remote_id == "1"
    assert adapter.publish(claim(), None).remote_id == "77"


def test_a_timeline_may_hide_posts_or_be_unread(told):
    account, adapter = told
    shown, hidden = account.put("by hand", NOON), account.put("lagging", NOON)
    account.hidden.add(hidden.remote_id)
    assert adapter.find(NOON, frozenset()) == Timeline((shown,), to_end=True, trusted=True, read=1)
    account.unread = Unread(Reason.of(Code.CANT_TELL))
    assert adapter.find(NOON, frozenset()) is account.unread
    assert account.reads == 2


def test_what_stands_there_is_changed_and_taken_down(told):
    account, adapter = told
    there = account.put("one", NOON)
    assert adapter.amend(there.remote_id, "two") == Amended()
    assert account.posts[0].text == "two"
    assert adapter.remove(there.remote_id) == Removed()
    assert isinstance(adapter.amend(there.remote_id, "three"), Refused)


def test_accounts_are_held_by_their_targets_names_and_outlive_their_adapters(told):
    account, _ = told
    scripted = ScriptedPlatform()
    assert scripted.account("a") is scripted.account("a")
    assert scripted.account("a") is not scripted.account("b")
    assert scripted.platform.price(Post("", "", "", 0, 0), scripted.platform.prices) == 0
    assert ScriptedPlatform(costs=True).platform.price(Post("", "", "", 0, 0), {"scripted_post": PRICE}) == PRICE
    assert account.living is True
