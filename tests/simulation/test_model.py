"""The protocol of one delivery, searched completely; what dies without a rule, and what the numbers rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from crosspost.core.delivery import HALF_LEASE, LEASE, TABLE, Attempts, Event, Key, Revision, State
from crosspost.core.post import Post, mint_claim
from crosspost.core.reason import Reason
from crosspost.decide.evidence import FIRST_ABSENT, SECOND_ABSENT, SILENCE, counts_as
from crosspost.net.committing import Committing, StaleClaimError
from crosspost.pipeline.record import expire_leases
from crosspost.testing import model
from crosspost.testing.protocol.experiments import (
    ASSUMPTIONS,
    MINUTES,
    MUTANTS,
    PRODUCT,
    PROPOSALS,
    examine,
    safe_by_lag,
    smallest_safe,
)
from crosspost.testing.protocol.program import counts
from crosspost.testing.protocol.rules import SETTLES, IllegalInTable, Protocol, Rules, World, minutes
from crosspost.testing.protocol.search import By, Move, search
from crosspost.testing.protocol.state import Head, Moment, Request, Runner, broken

BEGUN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def named(experiments):
    return [pytest.param(experiment, id=experiment.name) for experiment in experiments]


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("experiment", named(PRODUCT))
def test_the_product_keeps_every_promise_in_every_state_that_can_be_reached(experiment):
    found = examine(experiment.rules)
    assert not found.broken, "\n".join(found.sentences)
    assert found.states > 3_000


@pytest.mark.parametrize("experiment", named(MUTANTS))
def test_a_rule_that_is_taken_away_is_missed(experiment):
    assert examine(experiment.rules).broken == experiment.breaks


@pytest.mark.parametrize("experiment", named(ASSUMPTIONS))
def test_an_assumption_that_is_broken_breaks_a_promise(experiment):
    assert examine(experiment.rules).broken == experiment.breaks


@pytest.mark.parametrize("experiment", named(PROPOSALS))
def test_what_is_proposed_would_survive_more(experiment):
    assert not examine(experiment.rules).broken


def test_thirty_minutes_are_safe_up_to_a_lag_of_fifteen_and_no_further():
    assert safe_by_lag(range(14, 17)) == {14: 29, 15: 30, 16: 31}
    assert smallest_safe(15) == minutes(SECOND_ABSENT)


def test_what_the_second_reading_waits_for_is_the_sum_of_four_spans():
    protocol, world = Protocol(), World(lag=7, late=3, sleep=2)
    second = protocol.half_lease + world.sleep + world.late + world.lag
    assert not examine(Rules(Protocol(second=second), world, MINUTES)).broken
    assert examine(Rules(Protocol(second=second - 1), world, MINUTES)).broken


def test_the_length_of_the_lease_carries_no_safety_of_its_own():
    assert not examine(Rules(Protocol(lease=0), World(), MINUTES)).broken


def test_the_shortest_trace_reads_as_sentences_with_minutes():
    one_absent = next(mutant for mutant in MUTANTS if mutant.name == "one absent reading proves it")
    assert examine(one_absent.rules).sentences == [
        "min   0  A reads the ledger: pending",
        "min   0  A appends begin: sending",
        "min   0  A looks at the clock: in time",
        "min   0  A's first byte leaves",
        "min   0  A's post is accepted, and the answer is lost",
        "min   0  A appends lost: unknown",
        "min   2  A reads the ledger: unknown",
        "min   2  A reads the timeline: not there, though it stands (the timeline lags)",
        "min   2  A appends absent-twice: pending",
        "         A post stands, and the ledger holds it as pending.",
    ]


def test_the_command_says_when_an_experiment_goes_otherwise(capsys, monkeypatch):
    for name in ("PRODUCT", "PROPOSALS", "MUTANTS", "ASSUMPTIONS"):
        monkeypatch.setattr(model, name, getattr(model, name)[:1])
    monkeypatch.setattr(model, "LAGS", range(15, 17))
    assert model.main([]) == 0
    shown = capsys.readouterr().out
    assert "one runner, minute by minute: complete" in shown
    assert "safe up to a lag of 15 min; 16 min break a promise" in shown
    monkeypatch.setattr(model, "MUTANTS", (replace(MUTANTS[0], breaks=""),))
    assert model.main([]) == 1
    assert "A appends lost: pending" in capsys.readouterr().out


# --- the model is the product's ---------------------------------------------------------------------------------------


def test_table_and_spans_are_the_products_own():
    protocol = Protocol()
    assert protocol.table is TABLE
    assert timedelta(minutes=protocol.half_lease) == HALF_LEASE
    assert timedelta(minutes=protocol.lease) == LEASE
    assert timedelta(minutes=protocol.first) == FIRST_ABSENT
    assert timedelta(minutes=protocol.second) == SECOND_ABSENT
    assert timedelta(minutes=protocol.silence) == SILENCE
    with pytest.raises(ValueError, match="whole minutes"):
        minutes(timedelta(seconds=90))


def test_a_move_that_the_table_does_not_hold_is_an_error():
    lost_is_pending = Protocol(settles={**SETTLES, "lost": (Event.LOST, State.PENDING)})
    with pytest.raises(IllegalInTable, match="sending --lost--> pending"):
        examine(Rules(lost_is_pending, World(), MINUTES))


@pytest.mark.parametrize("age", range(40))
@pytest.mark.parametrize("absents", [0, 1])
def test_a_reading_counts_in_the_model_as_it_counts_in_the_product(age, absents):
    attempts = Attempts(last=BEGUN, absent_at=BEGUN + FIRST_ABSENT if absents else None)
    product = counts_as(attempts, BEGUN + timedelta(minutes=age))
    if product == "early" or (product == "first" and absents):
        product = ""  # pipeline.reconcile appends nothing
    assert counts(Protocol(), Head(State.UNKNOWN, absents=absents), age) == product


@pytest.mark.parametrize("age", range(12))
def test_the_look_at_the_clock_is_the_products(age):
    clock = SimpleNamespace(now=lambda: BEGUN + timedelta(minutes=age), monotonic=lambda: 0.0)
    law = Committing(clock, mint_claim("s", "x", 2, Post("words", "", "", 5, 280), BEGUN))
    if age <= Protocol().half_lease:
        law.before_first_byte()
        assert law.flag
    else:
        with pytest.raises(StaleClaimError):
            law.before_first_byte()
        assert not law.flag


@pytest.mark.parametrize("age", range(14))
def test_the_end_of_the_lease_is_the_products(age):
    sending = Revision(Key("s", "x"), 2, State.SENDING, Event.BEGIN, BEGUN, "crosspost", Reason("sending"))
    office = SimpleNamespace(
        world=SimpleNamespace(clock=SimpleNamespace(now=lambda: BEGUN + timedelta(minutes=age))),
        ledger=SimpleNamespace(append=lambda batch: batch),
        writer="w",
    )
    expired = expire_leases(office, (SimpleNamespace(delivery=sending),))
    assert [revision.state for revision in expired] == ([State.UNKNOWN] if age > Protocol().lease else [])


def _killed_life(kill_at=0):
    """A life whose second pass on a new story is killed there; the crossings of that pass."""
    from crosspost.testing.simulation.life import Plan, Simulation

    life = Simulation(2, Plan())
    life.begin()
    life.time.advance(1800)
    life.site.publish(life.time.now)
    life.process()
    life.time.advance(3300)
    before = len(life.steps)
    life.process(kill_at=kill_at)
    return life, life.steps[before:]


def test_what_the_machine_remembers_of_a_begin_is_the_products():
    """Where this fails, the product notes the head otherwise: set Protocol.remembers_begin."""
    _, steps = _killed_life()
    answered = next(number for number, step in enumerate(steps, 1) if "answered POST" in step)
    life, _ = _killed_life(kill_at=answered)
    sending = [found for found in life.ledger.history() if found.record.delivery.state is State.SENDING]
    assert len(sending) == 1
    noted = life.memory.recall(life.ledger.id) == life.ledger.sequence()
    assert noted is Protocol().remembers_begin


# --- the search and the promises --------------------------------------------------------------------------------------


def walk(edges):
    return lambda state: [Move(by, words, after) for by, words, after in edges.get(state, [])]


def test_the_search_finds_the_shortest_way_to_a_broken_promise():
    edges = {
        "a": [(By.OWN, "the long way", "b"), (By.OWN, "straight on", "c")],
        "b": [(By.OWN, "further", "d")],
        "c": [(By.TIME, 5, "bad")],
        "d": [(By.OWN, "at last", "bad")],
    }
    found = search("a", walk(edges), lambda state: "Bad." if state == "bad" else "", lambda state: True)
    assert found.trace == ("straight on", 5)
    assert found.sentences == ["min   0  straight on", "         Bad."]


def test_a_state_that_only_a_person_or_a_fault_leads_out_of_is_found():
    edges = {"a": [(By.OWN, "ends", "end"), (By.FAULT, "stumbles", "pit")], "pit": [(By.PERSON, "helps", "end")]}
    found = search("a", walk(edges), lambda state: "", lambda state: state == "end")
    assert found.broken == "From here nothing leads on without a person."
    assert found.trace == ("stumbles",)
    edges["pit"].append((By.TIME, 1, "end"))
    assert not search("a", walk(edges), lambda state: "", lambda state: state == "end").broken


STANDS = Request(stands=True, age=0, owner=-1)


@pytest.mark.parametrize(
    ("state", "requests", "promise"),
    [
        (State.PUBLISHED, (STANDS, STANDS), "Two posts stand."),
        (State.PENDING, (STANDS,), "A post stands, and the ledger holds it as pending."),
        (State.FAILED, (STANDS,), "A post stands, and the ledger holds it as failed."),
        (State.PUBLISHED, (), "The ledger holds it as published, and nothing stands."),
        (State.UNKNOWN, (STANDS,), ""),
        (State.SENDING, (STANDS,), ""),
        (State.PUBLISHED, (STANDS,), ""),
        (State.PENDING, (), ""),
    ],
)
def test_each_promise_is_looked_at_in_each_state(state, requests, promise):
    moment = Moment(Head(state), (Runner("ready"),), requests)
    assert broken(moment) == promise
    assert broken(moment._replace(asked=True)) == ""
