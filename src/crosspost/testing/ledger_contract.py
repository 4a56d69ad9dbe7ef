"""What every ledger must do, as tests. A backend's own test class derives from LedgerContract.

class TestMine(LedgerContract):
    def make(self, tmp_path): return create_mine(tmp_path, writer="first")
    def reopen(self, ledger, writer): return open_mine(ledger.place, writer=writer)
"""
# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosspost.core.delivery import (
    TABLE,
    Attempts,
    Event,
    Fixed,
    IllegalMove,
    Key,
    Revision,
    State,
    Todo,
)
from crosspost.core.entry import Article, Block, BlockKind
from crosspost.core.post import Claim, Image, Post, Tag
from crosspost.core.reason import Reason
from crosspost.core.story import Batch, Put, Record, Story
from crosspost.ledger.base import Ledger, Receipt

BEGAN = datetime(2025, 3, 30, 0, 59, 59, 999999, tzinfo=UTC)
HOSTILE = (
    "Ünïcode \u2028 \u2029 \x85 line\r\nend",
    "NUL \0 inside",
    "lone \ud800 surrogate \udcff",
    "'; DROP TABLE stories; --",
    'quotes " and \\ and \\u0000 and %_!',
    "\u202e bidi 👩‍👩‍👧‍👦 🇫🇷 e\u0301",
    "",
)

Step = tuple[Event, State]


def a_story(number: int, *identities: str, title: str = "") -> Story:
    """A story with that number, known by these identities (by default one of its own)."""
    names = frozenset(identities or {f"guid:{number}"})
    return Story(
        id=f"story{number:04}",
        number=number,
        identities=names,
        feed="site",
        guid=f"guid-{number}",
        title=title or f"Story {number}",
        link=f"https://example.org/{number}/",
        language="fr",
        published=BEGAN - timedelta(days=1),
        first_seen=BEGAN,
    )


def an_article(text: str) -> Article:
    """A small article."""
    return Article(title=text, link="https://example.org/a/", blocks=(Block(BlockKind.PARAGRAPH, text),))


def a_post(text: str = "Hello https://example.org/a/ #LastGirlFirst") -> Post:
    """A post that uses every field."""
    tags = (Tag("#LastGirlFirst", "campaign"),)
    image = Image("https://example.org/a.jpg", "Two girls read")
    return Post(text, "", "https://example.org/a/", 42, 280, tags, image, "event", "fr", ("a note",))


def a_plan(number: int, target: str = "x", state: State = State.PENDING, article: str = "") -> Revision:
    """The first revision of a story's delivery."""
    key = Key(f"story{number:04}", target)
    return Revision(key, 1, state, Event.PLAN, BEGAN, "crosspost", Reason.of("planned", n=number), article=article)


def a_step(before: Revision, event: Event, state: State, at: datetime | None = None) -> Revision:
    """The next revision, whether the table allows it or not."""
    when = at or before.at + timedelta(minutes=1)
    after = replace(before, rev=before.rev + 1, event=event, state=state, at=when, reason=Reason.of(event.value))
    if state is not State.SENDING:
        return after
    attempts = Attempts(count=1, first=when, last=when, open=True)
    return replace(after, post=a_post(), fixed=Fixed.SENT, attempts=attempts)


def path_to(state: State | None) -> tuple[Step, ...]:
    """The shortest way there by the table's moves, from nothing."""
    ways: deque[tuple[Step, ...]] = deque([()])
    seen: set[State | None] = {None}
    while ways:
        way = ways.popleft()
        here = way[-1][1] if way else None
        if here is state:
            return way
        for (before, event), after in TABLE.items():
            for next_state in sorted(after - seen if before is here else ()):
                seen.add(next_state)
                ways.append((*way, (event, next_state)))
    raise AssertionError(f"the table has no way to {state}")


def walked(number: int, steps: tuple[Step, ...]) -> list[Revision]:
    """The revisions of a story's delivery to x along these steps."""
    revisions: list[Revision] = []
    for event, state in steps:
        first = a_plan(number, state=state)
        revisions.append(a_step(revisions[-1], event, state) if revisions else first)
    return revisions


MOVES = [
    pytest.param(before, event, after, id=f"{before or 'new'}-{event}-{after}")
    for (before, event), states in TABLE.items()
    for after in sorted(states)
]


class LedgerContract(ABC):
    """Every verb, every guard, and every move of the table."""

    @abstractmethod
    def make(self, tmp_path: Path) -> Ledger:
        """A new, empty ledger whose writer is "first"."""

    @abstractmethod
    def reopen(self, ledger: Ledger, writer: str) -> Ledger:
        """Another opening of the same ledger, while the first is still open."""

    @pytest.fixture
    def ledger(self, tmp_path: Path) -> Iterator[Ledger]:
        made = self.make(tmp_path)
        yield made
        made.close()

    @pytest.fixture
    def other(self, ledger: Ledger) -> Iterator[Ledger]:
        second = self.reopen(ledger, "second")
        yield second
        second.close()

    # a new one

    def test_a_new_ledger_is_empty_and_has_an_id(self, ledger: Ledger) -> None:
        assert ledger.id
        assert ledger.sequence() == 0
        assert ledger.open() == ()
        assert ledger.history() == ()
        assert ledger.current(["story0001"]) == ()
        assert ledger.get("") == {}
        known = ledger.find(["guid:1"], numbers=[1], title="s")
        assert (dict(known.owners), dict(known.deliveries), known.next_number) == ({}, {}, 1)

    def test_another_opening_is_the_same_ledger(self, ledger: Ledger, other: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1),), revisions=(a_plan(1),)))
        assert other.id == ledger.id
        assert other.sequence() == 1
        assert other.open() == ledger.open() != ()

    def test_each_append_adds_one_to_the_sequence_and_an_empty_one_nothing(self, ledger: Ledger) -> None:
        assert _put(ledger, Batch(stories=(a_story(1),))).sequence == 1
        assert _put(ledger, Batch(stories=(a_story(2), a_story(3)), revisions=(a_plan(3),))).sequence == 2
        assert ledger.put(Put("name", "text", 0))
        assert _put(ledger, Batch()).sequence == ledger.sequence() == 3

    # find

    def test_a_story_is_found_by_each_of_its_identities_and_only_those_asked_for(self, ledger: Ledger) -> None:
        story = a_story(1, "guid:1", "link:1", "title:1")
        _put(ledger, Batch(stories=(story, a_story(2)), revisions=(a_plan(1), a_plan(1, "facebook"), a_plan(2))))
        known = ledger.find(["link:1", "guid:1", "guid:9"])
        assert known.owners == {"link:1": story, "guid:1": story}
        assert known.deliveries == {item.key: _stored(item) for item in (a_plan(1), a_plan(1, "facebook"))}
        assert known.next_number == 3

    def test_a_further_identity_belongs_to_the_story_from_then_on(self, ledger: Ledger, other: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1),)))
        assert ledger.find(["guid:1"]).owners["guid:1"].identities == {"guid:1"}
        _put(other, Batch(identities={"link:1": "story0001"}))
        found = ledger.find(["link:1"]).owners["link:1"]
        assert found.identities == {"guid:1", "link:1"}
        assert ledger.find(["guid:1"]).owners == {"guid:1": found}

    def test_an_identity_that_is_the_storys_already_is_no_error(self, ledger: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1),), identities={"guid:1": "story0001"}))
        _put(ledger, Batch(identities={"guid:1": "story0001"}))
        assert ledger.find(["guid:1"]).owners["guid:1"] == a_story(1)

    def test_a_story_found_by_number_is_mapped_by_all_its_identities(self, ledger: Ledger) -> None:
        story = a_story(2, "guid:2", "link:2")
        _put(ledger, Batch(stories=(a_story(1), story)))
        assert ledger.find([], numbers=[2, 7]).owners == {"guid:2": story, "link:2": story}

    @pytest.mark.parametrize(
        ("title", "piece"),
        [
            ("L'éducation des filles", "ÉDUCATION"),
            ("L’éducation", "l'éd"),
            ("Straße nach Süden", "STRASSE"),
            ("100 % des filles", "100\u00a0%"),
            ("İstanbul", "i̇stanbul"),
            ("ΟΔΟΣ", "οδοσ"),
            ("a_b", "A_B"),
            ("wow!", "W!"),
            ("back\\slash", "k\\s"),
        ],
    )
    def test_a_title_is_found_by_a_piece_in_any_case(self, ledger: Ledger, title: str, piece: str) -> None:
        _put(ledger, Batch(stories=(a_story(1, title=title), a_story(2, title="something else"))))
        assert {story.number for story in ledger.find([], title=piece).owners.values()} == {1}

    @pytest.mark.parametrize("piece", ["%", "_", "a%c", "!", "\\", "*", "   ", "x" * 100_000])
    def test_a_wildcard_in_a_title_means_itself(self, ledger: Ledger, piece: str) -> None:
        _put(ledger, Batch(stories=(a_story(1, title="abc"),)))
        assert ledger.find([], title=piece).owners == {}

    def test_many_identities_are_asked_for_at_once(self, ledger: Ledger) -> None:
        stories = tuple(a_story(number) for number in range(1, 400))
        _put(ledger, Batch(stories=stories))
        known = ledger.find(f"guid:{number}" for number in range(2_000))
        assert set(known.owners.values()) == set(stories)

    # current, open, history

    def test_records_come_in_the_order_of_number_and_target(self, ledger: Ledger) -> None:
        plans = [a_plan(number, target) for number, target in [(2, "x"), (10, "facebook"), (2, "facebook"), (1, "x")]]
        _put(ledger, Batch(stories=(a_story(10), a_story(2), a_story(1)), revisions=tuple(plans)))
        expected = [(1, "x"), (2, "facebook"), (2, "x"), (10, "facebook")]
        assert _names(ledger.open()) == expected
        assert _names(ledger.current(["story0010", "story0002", "story0001", "nobody"])) == expected
        assert _names(ledger.current(["story0002"])) == expected[1:3]

    def test_a_record_has_its_story_and_its_newest_article(self, ledger: Ledger, other: Ledger) -> None:
        old, new = an_article("old"), an_article("new")
        plan = a_plan(1, article=old.fingerprint)
        _put(ledger, Batch(stories=(a_story(1),), articles=(old,), revisions=(plan, a_plan(1, "facebook"))))
        assert [record.article for record in ledger.open()] == [None, old]
        later = replace(a_step(plan, Event.REFRESH, State.PENDING), article=new.fingerprint)
        _put(other, Batch(articles=(new, old), revisions=(later,)))
        record = ledger.open()[1]
        assert (record.story, record.article, record.delivery.rev) == (a_story(1), new, 2)
        assert ledger.current(["story0001"])[1] == record

    def test_what_is_published_with_something_left_to_do_is_open(self, ledger: Ledger) -> None:
        revisions = walked(1, path_to(State.PUBLISHED))
        _put(ledger, Batch(stories=(a_story(1),), revisions=tuple(revisions)))
        assert ledger.open() == ()
        intent = replace(a_step(revisions[-1], Event.RETRACT_INTENT, State.PUBLISHED), todo=Todo.RETRACT)
        _put(ledger, Batch(revisions=(intent,)))
        assert [record.delivery.todo for record in ledger.open()] == [Todo.RETRACT]
        done = replace(a_step(intent, Event.RETRACT_DONE, State.RETRACTED), todo=None)
        _put(ledger, Batch(revisions=(done,)))
        assert ledger.open() == ()

    def test_history_has_all_revisions_oldest_first_and_the_newest_life_first(self, ledger: Ledger) -> None:
        first, second = walked(1, path_to(State.PUBLISHED)), walked(2, path_to(State.HELD))
        _put(ledger, Batch(stories=(a_story(1), a_story(2)), revisions=(*second, *first)))
        lives = ledger.history()
        assert [life.record.story.number for life in lives] == [1, 2]
        assert lives[0].revisions == tuple(_stored(item) for item in first)
        assert lives[0].record == ledger.current(["story0001"])[0]

    def test_history_of_one_moment_goes_by_number_downwards_and_target(self, ledger: Ledger) -> None:
        plans = [a_plan(number, target) for number in (1, 2) for target in ("x", "facebook")]
        _put(ledger, Batch(stories=(a_story(1), a_story(2)), revisions=tuple(plans)))
        lives = [life.record for life in ledger.history()]
        assert _names(lives) == [(2, "facebook"), (2, "x"), (1, "facebook"), (1, "x")]

    def test_history_is_narrowed_by_story_target_states_and_limit_together(self, ledger: Ledger) -> None:
        for number in (1, 2, 3):
            held = a_plan(number, "facebook", State.HELD)
            _put(ledger, Batch(stories=(a_story(number),), revisions=(a_plan(number), held)))
        assert len(ledger.history()) == 6
        assert _names(life.record for life in ledger.history("story0002")) == [(2, "facebook"), (2, "x")]
        assert _names(life.record for life in ledger.history(target="x", limit=2)) == [(3, "x"), (2, "x")]
        held_ones = ledger.history(states=[State.HELD, State.SENDING])
        assert _names(life.record for life in held_ones) == [(3, "facebook"), (2, "facebook"), (1, "facebook")]
        assert ledger.history("story0001", target="x", states=[State.HELD]) == ()
        assert _names(life.record for life in ledger.history("story0001", limit=1)) == [(1, "facebook")]
        assert ledger.history("story0001", limit=0) == ()
        assert ledger.history("nobody") == ledger.history(limit=0) == ()

    # the table

    @pytest.mark.parametrize(("before", "event", "after"), MOVES)
    def test_every_move_of_the_table(self, ledger: Ledger, before: State | None, event: Event, after: State) -> None:
        steps = (*path_to(before), (event, after))
        for number, revision in enumerate(walked(1, steps)):
            _put(ledger, Batch(stories=() if number else (a_story(1),), revisions=(revision,)))
        newest = _stored(walked(1, steps)[-1])
        assert [record.delivery for record in ledger.current(["story0001"])] == [newest]
        assert [record.delivery for record in ledger.open()] == ([newest] if newest.is_open else [])
        assert [life.revisions[-1] for life in ledger.history(states=[after])] == [newest]
        assert ledger.find(["guid:1"]).deliveries == {newest.key: newest}

    @pytest.mark.parametrize("before", [None, *State])
    def test_a_move_that_the_table_does_not_hold_is_a_bug_and_writes_nothing(
        self, ledger: Ledger, before: State | None
    ) -> None:
        reached = walked(1, path_to(before))
        _put(ledger, Batch(stories=(a_story(1),), revisions=tuple(reached)))
        for event in Event:
            for after in set(State) - TABLE.get((before, event), frozenset()):
                move = a_step(reached[-1], event, after) if reached else replace(a_plan(1, state=after), event=event)
                move = replace(move, post=a_post())
                with pytest.raises(IllegalMove):
                    ledger.append(Batch(stories=(a_story(2),), revisions=(move,), values=(Put("n", "v", 0),)))
        assert ledger.sequence() == 1
        assert ledger.get("") == {}
        assert ledger.find(["guid:2"]).owners == {}

    def test_a_gap_inside_a_batch_is_a_bug(self, ledger: Ledger) -> None:
        plan = a_plan(1)
        jump = replace(a_step(plan, Event.EDIT, State.PENDING), rev=3)
        with pytest.raises(IllegalMove):
            ledger.append(Batch(stories=(a_story(1),), revisions=(plan, jump)))

    # claims

    def test_only_a_sending_revision_brings_a_claim_with_its_exact_post(self, ledger: Ledger) -> None:
        plan = a_plan(1)
        assert _put(ledger, Batch(stories=(a_story(1), a_story(2)), revisions=(plan, a_plan(2)))).claims == {}
        begun = a_step(plan, Event.BEGIN, State.SENDING)
        claims = _put(ledger, Batch(revisions=(begun, a_step(a_plan(2), Event.EDIT, State.PENDING)))).claims
        assert list(claims) == [plan.key]
        claim = claims[plan.key]
        assert isinstance(claim, Claim)
        assert (claim.story, claim.target, claim.post, claim.begun) == ("story0001", "x", begun.post, begun.at)
        assert not claim.spent
        assert ledger.open()[0].delivery == _stored(begun)

    def test_a_batch_brings_a_claim_for_each_delivery_that_it_leaves_sending(self, ledger: Ledger) -> None:
        plans = [a_plan(1), a_plan(1, "facebook"), a_plan(2)]
        _put(ledger, Batch(stories=(a_story(1), a_story(2)), revisions=tuple(plans)))
        begun = [a_step(plan, Event.BEGIN, State.SENDING) for plan in plans]
        over = a_step(begun[2], Event.NOT_SENT, State.PENDING)
        receipt = _put(ledger, Batch(revisions=(*begun, over)))
        assert set(receipt.claims) == {plans[0].key, plans[1].key}

    def test_a_begin_without_its_post_is_a_bug(self, ledger: Ledger) -> None:
        bare = replace(a_step(a_plan(1), Event.BEGIN, State.SENDING), post=None)
        with pytest.raises(IllegalMove):
            ledger.append(Batch(stories=(a_story(1),), revisions=(a_plan(1), bare)))
        assert ledger.sequence() == 0

    def test_of_two_that_begin_one_delivery_one_gets_the_claim(self, ledger: Ledger, other: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1),), revisions=(a_plan(1),)))
        begun = a_step(a_plan(1), Event.BEGIN, State.SENDING)
        receipts = [other.append(Batch(revisions=(begun,))), ledger.append(Batch(revisions=(begun,)))]
        assert [bool(receipt and receipt.claims) for receipt in receipts] == [True, False]
        assert ledger.open()[0].delivery.writer == "second"

    # the guards: all or none

    @pytest.mark.parametrize("rev", [1, 2, 4, 9])
    def test_a_revision_that_does_not_follow_the_head_is_refused_whole(self, ledger: Ledger, rev: int) -> None:
        first = a_plan(1)
        second = a_step(first, Event.EDIT, State.PENDING)
        _put(ledger, Batch(stories=(a_story(1), a_story(2)), revisions=(first, second, a_plan(2))))
        stale = replace(a_step(second, Event.ACCEPTED, State.PUBLISHED), rev=rev)  # illegal too: None comes first
        fine = a_step(a_plan(2), Event.EDIT, State.PENDING)
        _refused(ledger, Batch(stories=(a_story(3),), revisions=(fine, stale), values=(Put("n", "v", 0),)))

    def test_a_first_revision_must_be_number_one(self, ledger: Ledger) -> None:
        _refused(ledger, Batch(stories=(a_story(1),), revisions=(replace(a_plan(1), rev=2),)))

    def test_a_story_that_exists_is_refused_whole(self, ledger: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1),)))
        _refused(ledger, Batch(stories=(a_story(2), a_story(1)), revisions=(a_plan(2),)))
        _refused(ledger, Batch(stories=(replace(a_story(1), number=5, identities=frozenset({"guid:5"})),)))

    def test_a_number_that_is_taken_is_refused_whole(self, ledger: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1),)))
        _refused(ledger, Batch(stories=(a_story(2), replace(a_story(3), number=1)), articles=(an_article("a"),)))

    def test_an_identity_of_another_story_is_refused_whole(self, ledger: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1), a_story(2))))
        _refused(ledger, Batch(stories=(a_story(3, "guid:3", "guid:1"),), revisions=(a_plan(3),)))
        _refused(ledger, Batch(identities={"link:2": "story0002", "guid:1": "story0002"}))

    def test_a_keyed_value_that_has_moved_on_is_refused_whole(self, ledger: Ledger) -> None:
        _put(ledger, Batch(values=(Put("etag", "one", 0),)))
        for version in (0, 2):
            _refused(ledger, Batch(stories=(a_story(1),), values=(Put("new", "v", 0), Put("etag", "two", version))))
        _put(ledger, Batch(stories=(a_story(1),), values=(Put("etag", "two", 1),)))
        assert ledger.get("etag")["etag"].text == "two"

    @pytest.mark.parametrize(
        "batch",
        [
            Batch(revisions=(a_plan(9),)),
            Batch(identities={"guid:9": "story0009"}),
            Batch(stories=(a_story(2), replace(a_story(3), number=2))),
            Batch(stories=(a_story(2), a_story(2))),
            Batch(stories=(replace(a_story(2), number=0),)),
            Batch(stories=(a_story(2, "guid:2"), a_story(3, "guid:2"))),
            Batch(stories=(a_story(2),), identities={"guid:2": "story0001"}),
            Batch(stories=(replace(a_story(2), first_seen=BEGAN.replace(tzinfo=None)),)),
        ],
    )
    def test_a_batch_that_makes_no_sense_is_a_bug_and_writes_nothing(self, ledger: Ledger, batch: Batch) -> None:
        _put(ledger, Batch(stories=(a_story(1),)))
        with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
            ledger.append(replace(batch, values=(Put("n", "v", 0),)))
        assert ledger.sequence() == 1
        assert ledger.get("") == {}

    def test_an_article_may_be_given_again(self, ledger: Ledger) -> None:
        article = an_article("a")
        plan = a_plan(1, article=article.fingerprint)
        _put(ledger, Batch(stories=(a_story(1),), articles=(article, article), revisions=(plan,)))
        _put(ledger, Batch(articles=(article,)))
        assert ledger.open()[0].article == article

    def test_each_revision_names_its_writer(self, ledger: Ledger, other: Ledger) -> None:
        _put(ledger, Batch(stories=(a_story(1), a_story(2)), revisions=(a_plan(1),)))
        _put(other, Batch(revisions=(a_plan(2),)))
        copied = replace(a_step(a_plan(2), Event.EDIT, State.PENDING), writer="long ago")
        _put(other, Batch(revisions=(copied, a_step(a_plan(1), Event.EDIT, State.PENDING))))
        writers = {(item.key.story, item.rev): item.writer for life in ledger.history() for item in life.revisions}
        assert writers == {
            ("story0001", 1): "first",
            ("story0001", 2): "second",
            ("story0002", 1): "second",
            ("story0002", 2): "long ago",
        }

    # keyed values

    def test_a_keyed_value_counts_its_versions(self, ledger: Ledger, other: Ledger) -> None:
        assert ledger.put(Put("pause:x", "one", 0))
        assert not other.put(Put("pause:x", "none", 0))
        assert other.put(Put("pause:x", "two", 1))
        assert not ledger.put(Put("pause:x", "none", 1))
        assert not ledger.put(Put("nobody", "none", 1))
        value = ledger.get("pause:x")["pause:x"]
        assert (value.text, value.version) == ("two", 2)

    def test_a_keyed_value_may_be_written_twice_in_one_batch(self, ledger: Ledger) -> None:
        _refused(ledger, Batch(values=(Put("n", "one", 0), Put("n", "two", 0))))
        _put(ledger, Batch(values=(Put("n", "one", 0), Put("n", "two", 1))))
        assert (ledger.get("n")["n"].text, ledger.get("n")["n"].version) == ("two", 2)

    def test_keyed_values_are_found_by_prefix_in_its_exact_case(self, ledger: Ledger) -> None:
        names = ["feed:a", "feed:b", "Feed:c", "fee", "feed%", "x\0y", "é", "e\\", "feed:\ud800", ""]
        _put(ledger, Batch(values=tuple(Put(name, f"of {name}", 0) for name in names)))
        assert set(ledger.get("")) == set(names)
        assert set(ledger.get("feed")) == {"feed:a", "feed:b", "feed%", "feed:\ud800"}
        assert set(ledger.get("feed:")) == {"feed:a", "feed:b", "feed:\ud800"}
        assert ledger.get("x\0")["x\0y"].text == "of x\0y"
        assert set(ledger.get("e\\")) == {"e\\"}
        assert ledger.get("_") == ledger.get("%") == {}

    # any text, big texts

    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_text_comes_back_as_it_was(self, ledger: Ledger, other: Ledger, text: str) -> None:
        story = replace(a_story(1, f"guid:{text}"), id=f"id{text}", title=text, guid=text, link=text, feed=text)
        article = replace(an_article(text), excerpt=text, terms=(text,))
        plan = replace(a_plan(1, article=article.fingerprint), key=Key(story.id, f"x{text}"), by=text)
        begun = replace(a_step(plan, Event.BEGIN, State.SENDING), post=a_post(text), reason=Reason.of("c", why=text))
        batch = Batch((story,), {f"link:{text}": story.id}, (article,), (plan, begun), (Put(f"n{text}", text, 0),))
        assert _put(ledger, batch).claims[plan.key].post.text == text
        whole = replace(story, identities=frozenset({f"guid:{text}", f"link:{text}"}))
        record = other.open()[0]
        assert (record.story, record.article) == (whole, article)
        assert record.delivery == _stored(begun)
        assert other.find([f"link:{text}"]).owners == {f"link:{text}": whole}
        assert other.current([story.id]) == (record,)
        assert other.history(story.id, target=f"x{text}")[0].record == record
        assert other.get(f"n{text}")[f"n{text}"].text == text

    def test_big_texts_come_back_whole(self, ledger: Ledger) -> None:
        big = "Ω" * 300_000
        article = replace(an_article("big"), excerpt=big)
        story = replace(a_story(1), title=big)
        plan = replace(a_plan(1, article=article.fingerprint), post=a_post(big), fixed=Fixed.EDITED)
        _put(ledger, Batch((story,), {}, (article,), (plan,), (Put("big", big, 0),)))
        record = ledger.open()[0]
        assert (record.story, record.article, record.delivery.post) == (story, article, a_post(big))
        assert ledger.get("big")["big"].text == big

    def test_every_field_of_a_revision_is_kept(self, ledger: Ledger) -> None:
        full = replace(
            a_plan(1),
            article="f" * 32,
            post=a_post(),
            fixed=Fixed.APPROVED,
            due=BEGAN + timedelta(hours=3),
            attempts=Attempts(3, BEGAN, BEGAN, BEGAN, True, True, 2, 1),
            cost=200_000,
            writer="w",
            remote_id="18446744073709551615",
            url="https://x.com/i/web/status/1",
            out_at=BEGAN,
            todo=Todo.EDIT,
        )
        _put(ledger, Batch(stories=(a_story(1),), revisions=(full,)))
        assert ledger.open()[0].delivery == full


def _put(ledger: Ledger, batch: Batch) -> Receipt:
    receipt = ledger.append(batch)
    assert receipt is not None
    return receipt


def _refused(ledger: Ledger, batch: Batch) -> None:
    """The batch is refused, and nothing that can be seen has changed."""
    before = _all(ledger)
    assert ledger.append(batch) is None
    assert _all(ledger) == before


def _all(ledger: Ledger) -> object:
    known = ledger.find([], numbers=range(20))
    return ledger.sequence(), known.owners, known.next_number, ledger.history(), ledger.open(), ledger.get("")


def _stored(revision: Revision) -> Revision:
    """As it should stand in the ledger: it names its writer there."""
    return replace(revision, writer=revision.writer or "first")


def _names(records: Iterable[Record]) -> list[tuple[int, str]]:
    return [(record.story.number, record.delivery.key.target) for record in records]
