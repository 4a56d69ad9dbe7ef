"""The judge that reads only what has moved sees what a judge would see that reads everything."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from crosspost.core.delivery import Event, State, step
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Batch
from crosspost.testing.simulation import Broken, Plan, Simulation
from crosspost.testing.simulation import life as life_module
from crosspost.testing.simulation.judge import Judge
from crosspost.testing.simulation.memo import Impure, Memo


@pytest.fixture
def life():
    """Two stories are out on both accounts, and the judge has looked after each pass."""
    life = Simulation(4, Plan())
    life.begin()
    for _ in range(2):
        life.site.publish(life.time.now)
        for _ in range(2):
            life.time.advance(3600)
            life.process()
            life.check()
    assert len(life.x.timeline()) == len(life.facebook.timeline()) == 2
    yield life
    life.close()


def both(life):
    """What the judge that was there says, and one that sees everything for the first time."""
    whole = Judge(life.accounts, strict=life.judge.strict)
    whole.claims |= life.judge.claims
    return life.judge.complaint(life.ledger), whole.complaint(life.ledger)


def test_nothing_is_wrong_and_nothing_has_moved(life):
    assert both(life) == ("", "")
    assert life.judge.moved == ()
    assert life.judge.recount(life.ledger) == ""


def test_a_duplicate_is_seen_at_the_next_look(life):
    text = life.x.timeline()[0].text
    life.x._keep(text, (), life.time.now)
    life.x.log.append(replace(life.x.log[-1], method="POST"))
    short, long = both(life)
    assert short == long
    assert "stands 2 times on x" in short


def test_a_post_that_has_vanished_is_seen_at_the_next_look(life):
    life.x._posts.pop()
    life.x.log.append(replace(life.x.log[-1], method="DELETE"))
    short, long = both(life)
    assert short == long
    assert "does not stand there" in short


def test_a_forgotten_post_is_seen_at_the_next_look(life):
    """The ledger calls published what another post is, and the true one is nobody's."""
    record = next(one.record for one in life.ledger.history(target="x", states=[State.PUBLISHED]))
    forgot = step(
        record.delivery,
        Event.RETRACT_INTENT,
        State.PUBLISHED,
        at=life.time.now,
        reason=Reason.of(Code.RETRACT_ASKED),
        remote_id="",
    )
    assert life.ledger.append(Batch(revisions=(forgot,)))
    short, long = both(life)
    assert short == long
    assert "holds it neither as published nor as unknown" in short


def test_a_text_that_was_never_claimed_is_seen(life):
    life.facebook.put("Words of nobody.", life.time.now)
    life.facebook.log.append(replace(life.facebook.log[-1], method="POST"))
    assert both(life) == ("a text stands on facebook that was never claimed: 'Words of nobody.'",) * 2


def test_what_no_log_tells_is_found_by_the_recount(life):
    life.x._posts.pop()  # no request did that
    assert life.judge.complaint(life.ledger) == ""
    assert life.judge.recount(life.ledger) == "the judge has an old view of the timeline of x"


def test_a_head_that_the_short_way_missed_is_found_by_the_recount(life):
    life.judge.lives.popitem()
    assert life.judge.complaint(life.ledger) == ""
    assert life.judge.recount(life.ledger).startswith("the judge has an old view of")


def test_an_older_ledger_is_read_whole(life):
    copy = life.copied()
    life.site.publish(life.time.now)
    for _ in range(2):
        life.time.advance(3600)
        life.process()
        life.check()
    life.judge.strict = False
    life.put_back(copy)
    assert life.judge.complaint(life.ledger) == ""
    assert len(life.judge.lives) == len(life.ledger.history())
    assert life.judge.recount(life.ledger) == ""
    copy.close()


def test_strangers_code_judges_at_the_end(life):
    life.judge_all()
    text = life.x.timeline()[0].text
    life.witness._requests["x"].append({"text": text, "link": "", "held": True})
    with pytest.raises(Broken, match="was asked 2 times to post a text that was claimed 1 times"):
        life.judge_all()


def test_a_memory_that_answers_otherwise_than_the_work_is_found_out():
    memo, answers = Memo(), iter(range(100))
    assert [memo.ask("the same", lambda: next(answers)) for _ in range(40)] == [0] * 40
    with pytest.raises(Impure, match="the same"):
        memo.ask("the same", lambda: next(answers))


def test_a_life_without_memory_takes_the_same_steps(monkeypatch):
    plan = Plan.year(8, stories=8)
    lives = [Simulation(12, plan) for _ in range(2)]
    lives[0].live()
    monkeypatch.setattr(life_module, "remembering", nullcontext)
    lives[1].live()
    assert lives[0].digest.hexdigest() == lives[1].digest.hexdigest()
    assert lives[0].tally == lives[1].tally
    for life in lives:
        life.close()
