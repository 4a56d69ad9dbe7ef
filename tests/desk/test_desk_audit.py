"""`audit`: the ledger against what stands on the accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.core.post import Seen, Timeline, Unread
from crosspost.core.reason import Reason
from crosspost.decide.audit import audit
from crosspost.desk import amend, verbs
from crosspost.desk.audit import asked, audit_all
from crosspost.errors import RequestError

ANA = verbs.Person("Ana")


@pytest.fixture
def out(room):
    """Stories 3 to 5 are out on both accounts, for an hour."""
    room.publish(3)
    room.run()
    room.wait()
    return room


def audited(room, target="x"):
    office = room.office()
    try:
        return next(iter(audit_all(office, target)))
    finally:
        office.ledger.close()


def numbers(records):
    return sorted(record.story.number for record in records)


def test_a_ledger_and_an_account_that_agree(out):
    for target in ("x", "facebook"):
        found = audited(out, target)
        assert found.fine
        assert numbers(pair.record for pair in found.both) == [3, 4, 5]
        assert (found.only_there, found.only_here, found.unknown, found.others) == ((), (), (), 0)


def test_a_post_that_somebody_took_down_there_is_only_here(out):
    gone = out.head(4).remote_id
    out.x._posts[:] = [post for post in out.x._posts if post.id != gone]
    found = audited(out)
    assert not found.fine
    assert numbers(found.only_here) == [4]
    assert numbers(pair.record for pair in found.both) == [3, 5]


def test_a_second_post_of_a_story_is_only_there(out):
    link = out.life(5).record.story.link
    out.x.put(f"Again by hand {link}", out.time.now)
    found = audited(out)
    assert not found.fine
    assert numbers(pair.record for pair in found.only_there) == [5]
    assert found.only_there[0].seen.text.startswith("Again by hand")


def test_a_skipped_story_that_somebody_posted_by_hand_is_only_there(out):
    post = out.site.publish(out.time.now)
    out.run()
    office = out.office()
    verbs.skip(office, out.story(6), ANA, target="x")
    out.x.put(f"By hand {post.link}", out.time.now)
    assert numbers(pair.record for pair in audited(out).only_there) == [6]


def test_what_people_post_otherwise_is_none_of_its_business(out):
    out.x.put("Good morning from all of us", out.time.now)
    out.x.put(f"An old story {out.life(1).record.story.link}", out.time.now)
    found = audited(out)
    assert found.fine
    assert found.others == 2


def test_a_post_of_this_moment_may_be_missing_because_the_timeline_lags(room):
    room.publish()
    room.run()
    room.x._posts.clear()
    room.wait(timedelta(minutes=10))
    found = audited(room)
    assert (numbers(found.only_here), numbers(found.unknown)) == ([], [3])
    room.wait()
    assert numbers(audited(room).only_here) == [3]


def test_what_was_taken_down_and_stands_all_the_same_is_only_there(out):
    office = out.office()
    amend.retract(office, out.story(3), ANA, target="x")
    assert audited(out).fine
    out.x.put(f"Back again {out.life(3).record.story.link}", out.time.now)
    assert numbers(pair.record for pair in audited(out).only_there) == [3]


def test_an_account_that_can_t_be_read_is_trouble_and_no_finding(out):
    out.x.faults.add(out.Fault(out.FaultKind.ERROR_BEFORE, "GET", status=503))
    found = audited(out)
    assert found.trouble is not None
    assert not found.fine
    assert found.only_here == ()


def test_an_account_without_keys_is_trouble(out):
    out.missing["x"] = ("X_API_KEY",)
    assert audited(out).trouble.code == "no-keys"


def test_the_price_is_told_before_and_charged_after(out):
    office = out.office()
    told = {one.target: one for one in asked(office)}
    assert (told["x"].posts, told["facebook"].cost) == (3, 0)
    assert told["x"].cost > 0
    before = out.standing().spent
    audited(out)
    assert out.standing().spent - before == told["x"].cost
    with pytest.raises(RequestError, match="no target"):
        asked(office, "mastodon")


def records_of(room):
    return tuple(life.record for life in room.ledger.history(target="x"))


def test_an_empty_timeline_that_can_t_be_trusted_says_nothing(out):
    records = records_of(out)
    assert audit("x", records, Timeline((), to_end=True, trusted=False), out.time.now).trouble.code == "cant-tell"
    assert audit("x", records, Unread(Reason.of("cant-tell")), out.time.now).trouble.code == "cant-tell"


def test_a_reading_that_does_not_reach_back_leaves_the_older_unknown(out):
    records = records_of(out)
    newest = out.head(5)
    seen = Seen(newest.remote_id, newest.url, newest.out_at, "words")
    found = audit("x", records, Timeline((seen,), to_end=False), out.time.now)
    assert numbers(pair.record for pair in found.both) == [5]
    assert numbers(found.unknown) == [3, 4]


def test_a_post_whose_id_nobody_knew_is_known_by_its_link(out):
    records = tuple(
        replace(record, delivery=replace(record.delivery, remote_id="")) if record.story.number == 3 else record
        for record in records_of(out)
    )
    seen = tuple(Seen(f"9{n}", "", out.time.now, "", (out.life(n).record.story.link,)) for n in (3,))
    assert numbers(pair.record for pair in audit("x", records, Timeline(seen, to_end=True), out.time.now).both) == [3]
