"""A gap: records may be missing, so the account is read back before anything more goes out (lifecycle, section 5)."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.errors import LedgerBusy
from crosspost.ledger.anew import TRIES
from crosspost.ledger.sqlite import open_ledger

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def solo(newsrooms):
    """An installation on X alone."""
    return newsrooms.Newsroom(newsrooms.a_target("x")).begun()


@pytest.fixture
def filed(newsrooms, tmp_path):
    """An installation on X whose ledger is a file that can be copied and put back."""
    room = newsrooms.Newsroom(newsrooms.a_target("x"))
    room.ledger.close()
    room.ledger = newsrooms.create(
        tmp_path / "crosspost.db", token=lambda: f"{room.chance.getrandbits(128):032x}", now=room.time.now
    )
    yield room.begun()
    room.ledger.close()


class Copy:
    """A backup of the ledger's file, which is put back later."""

    def __init__(self, room, folder):
        self.room, self.folder = room, folder
        self.saved = sqlite3.connect(":memory:")
        self._copy(folder / "crosspost.db", self.saved)

    @staticmethod
    def _copy(place, into):
        source = sqlite3.connect(place)
        source.backup(into)
        source.close()

    def put_back(self):
        self.room.ledger.close()
        for name in ("crosspost.db", "crosspost.db-wal", "crosspost.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        target = sqlite3.connect(self.folder / "crosspost.db")
        self.saved.backup(target)
        target.close()
        self.saved.close()
        self.room.ledger = open_ledger(self.folder / "crosspost.db")


def reads(room):
    return [call for call in room.x.log if call.method == "GET"]


def test_hourly_runs_are_no_gap_and_read_no_timeline(solo):
    for _ in range(5):
        solo.publish()
        solo.run()
        solo.wait()
    assert solo.out() == [106, 105, 104, 103, 102]
    assert reads(solo) == []


def test_after_a_silence_one_reading_is_enough_and_the_same_pass_sends(solo):
    solo.wait(2 * H)
    solo.publish()
    solo.run()
    assert len(reads(solo)) == 1
    assert solo.out() == [102]
    assert solo.standing().gap is None


def test_a_run_that_cannot_mark_the_gap_because_others_write_gives_way_and_sends_nothing(solo, newsrooms):
    solo.wait(2 * H)
    solo.publish()
    process, others = newsrooms.Watched(), iter(range(TRIES))

    def interfere():
        ledger = solo.ledger.reopen(writer="another")
        standings = newsrooms.Standings.read(ledger)
        ledger.put(standings.put_target("x", standings.target("x")))
        if next(others) + 1 < TRIES:
            process.at["ledger append"] = interfere

    process.at["ledger append"] = interfere
    with pytest.raises(LedgerBusy):
        solo.run(process)
    assert solo.out() == []
    solo.run()
    assert (len(reads(solo)), solo.out()) == (1, [102])


def test_a_schedule_of_two_hours_starves_nothing(solo):
    for _ in range(4):
        solo.wait(2 * H)
        solo.publish()
        solo.run()
    assert solo.out() == [105, 104, 103, 102]


def test_a_gap_is_read_for_only_when_something_wants_to_go_out(solo):
    for _ in range(3):
        solo.wait(5 * H)
        solo.run()
    assert reads(solo) == []


def test_a_gap_that_nothing_waits_for_needs_nobody(solo):
    """A machine that was off for the night, and a day without news: nothing is held up."""
    solo.wait(10 * H)
    for _ in range(9):
        assert solo.run().exit_code == 0
        solo.wait()


def test_while_the_timeline_is_not_read_nothing_is_sent_there_and_that_is_told(room):
    room.wait(2 * H)
    room.publish()
    room.fault(room.x, "5xx_before", "GET")
    report = room.run()
    assert room.out("x") == [] and room.out("facebook") == [102]
    told = {(alert.subject, str(alert.reason.code)) for alert in report.alerts}
    assert ("x", "cant-tell") in told
    waits = {i.record.delivery.key.target: str(i.reason.code) for i in report.prospects}
    room.wait()
    room.run()
    assert room.out("x") == [102]
    assert waits["x"] != "sent"


def test_an_older_ledger_that_was_put_back_is_noticed_and_nothing_goes_out_twice(filed, tmp_path):
    """The copy knows the story as pending; the account has it already."""
    filed.publish(age=2 * M)
    filed.run()
    backup = Copy(filed, tmp_path)
    filed.wait(20 * M)
    filed.run()
    assert filed.out() == [102]
    filed.wait(20 * M)
    backup.put_back()
    assert filed.at(3)[0] == "pending"
    for _ in range(4):
        filed.run()
        filed.wait(20 * M)
    assert filed.out() == [102]
    assert filed.at(3) == ("published", "found-after-gap")
    assert filed.head(3).remote_id == filed.x.timeline()[0].id
    filed.publish()
    filed.run()
    assert filed.out() == [103, 102]
    assert filed.standing().gap is None


def test_after_a_copy_was_put_back_two_readings_lie_between_it_and_the_next_post(filed, tmp_path):
    backup = Copy(filed, tmp_path)
    filed.wait(M)
    filed.run()
    filed.wait(M)
    filed.run()
    backup.put_back()
    filed.publish()
    began, went = filed.time.now, None
    while went is None and filed.time.now - began < 2 * H:
        filed.run()
        went = filed.time.now if filed.out() else None
        filed.wait(5 * M)
    assert went is not None and 30 * M <= went - began < 45 * M
    assert len(reads(filed)) == 2


def test_a_story_that_a_person_posted_meanwhile_is_found_after_a_silence(solo):
    """Nobody ran for a day; a colleague posted the story by hand, with its link."""
    solo.set("x", approval=True)
    solo.publish(age=2 * M)
    solo.run()
    solo.x.put("Read this: https://www.example.org/story-102/", solo.time.now)
    solo.set("x", approval=False)
    solo.publish(age=2 * M)
    solo.wait(D)
    solo.run()
    assert solo.at(3) == ("published", "found-after-gap")  # held, and found all the same
    assert solo.out() == [103, 102]


@pytest.fixture
def hidden(filed, tmp_path):
    """102 went out, was taken off the site, and an older ledger was put back on a machine that forgot; 103 went out."""
    backup = Copy(filed, tmp_path)
    gone = filed.publish()
    filed.run()
    filed.site.show(gone.number, filed.time.now, listed=False)
    filed.wait(2 * H)
    backup.put_back()
    filed.memory.heads.clear()
    filed.publish()
    filed.run()
    assert filed.out() == [103, 102] and filed.standing().gap is None
    filed.wait()
    return filed, gone.number


def test_a_story_that_was_off_the_site_when_the_gap_was_read_is_not_sent_again(hidden):
    room, number = hidden
    assert [seen.remote_id for seen in room.standing().strays] == [room.x.timeline()[1].id]
    room.site.show(number, room.time.now, listed=True)
    calls = len(reads(room))
    room.run()
    assert room.out() == [103, 102]
    assert room.at(4) == ("published", "found-after-gap")
    assert room.standing().strays == () and len(reads(room)) == calls  # known by what was read then


def test_nor_is_one_that_comes_back_later_with_a_new_date(hidden):
    room, number = hidden
    for _ in range(8):
        room.run()
        room.wait()
    room.site.redate(number, room.time.now, room.time.now - 20 * M)
    room.site.show(number, room.time.now, listed=True)
    room.run()
    assert room.out() == [103, 102]
    assert room.at(4) == ("published", "found-after-gap")


def test_a_second_gap_keeps_what_the_first_left_over(hidden):
    room, number = hidden
    first = room.standing().strays
    room.wait(5 * H)
    room.publish()
    room.run()
    assert room.out() == [104, 103, 102] and room.standing().strays == first
    room.wait()
    room.site.show(number, room.time.now, listed=True)
    room.run()
    assert room.out() == [104, 103, 102]


def test_the_preview_says_that_such_a_story_is_out_already(hidden):
    room, number = hidden
    room.site.show(number, room.time.now, listed=True)
    (shown,) = [one for one in room.preview().prospects if one.record.story.link.endswith(f"-{number}/")]
    assert not shown.goes and shown.reason.code == "found-after-gap"


def test_what_is_found_for_a_waiting_story_is_no_stray(filed, tmp_path):
    filed.publish(age=2 * M)
    filed.run()
    backup = Copy(filed, tmp_path)
    filed.wait(20 * M)
    filed.run()
    filed.wait(2 * H)
    backup.put_back()
    filed.memory.heads.clear()
    filed.run()
    assert filed.at(3) == ("published", "found-after-gap")
    assert filed.standing().strays == ()


class ShortSighted:
    """An adapter whose readings bring the newest post alone, and don't say that it is the last."""

    def __init__(self, adapter):
        self.adapter = adapter

    def __getattr__(self, name):
        return getattr(self.adapter, name)

    def find(self, since, control):
        timeline = self.adapter.find(since, control)
        return replace(timeline, posts=timeline.posts[:1], to_end=False)


def test_a_reading_that_finds_what_waits_but_does_not_reach_back_closes_no_gap(filed, tmp_path):
    """What else went out before that post, and was lost from the ledger, nobody has seen."""
    filed.publish(age=2 * M)
    filed.run()
    backup = Copy(filed, tmp_path)
    filed.wait(20 * M)
    filed.run()
    filed.wait(2 * H)
    backup.put_back()
    filed.memory.heads.clear()
    filed.adapters["x"] = ShortSighted(filed.office().outlets["x"].adapter)
    report = filed.run()
    assert filed.at(3) == ("published", "found-after-gap")
    assert filed.standing().gap is not None
    assert "cant-tell" in {str(alert.reason.code) for alert in report.alerts}


def test_a_copy_from_before_a_run_that_died_after_its_post_is_noticed(filed, tmp_path):
    """What that run began is remembered before the request leaves; its end it never saw."""
    filed.x.options = replace(filed.x.options, refuse_repeats=False)  # X's own check would hide it
    filed.run()
    backup = Copy(filed, tmp_path)
    filed.publish()
    filed.run_dying_at("ledger append published")
    assert filed.out() == [102]
    backup.put_back()
    for _ in range(5):
        filed.run()
        filed.wait(20 * M)
    assert filed.out() == [102]


def test_what_an_older_copy_holds_of_a_proof_is_no_proof(filed, tmp_path):
    """A copy from between the two readings comes back right after the post that they let through."""
    filed.x.options = replace(filed.x.options, refuse_repeats=False)  # X's own check would hide it
    first = Copy(filed, tmp_path)
    filed.run()
    first.put_back()
    filed.publish()
    for _ in range(2):
        filed.run()
        filed.wait(5 * M)
    assert filed.standing().gap.absent_at is not None
    second = Copy(filed, tmp_path)
    filed.wait(30 * M)
    filed.run()
    assert filed.out() == [102]
    second.put_back()
    filed.fault(filed.x, "lag", "GET", seconds=840, times=-1)
    for _ in range(12):
        filed.run()
        filed.wait(5 * M)
    assert filed.out() == [102]
    assert filed.at(3) == ("published", "found-after-gap")


def test_a_clock_that_went_back_is_a_gap_too(solo):
    solo.publish()
    solo.run()
    solo.time.now -= 5 * H
    solo.publish()
    solo.run()
    assert len(reads(solo)) == 1


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_each_account_has_its_own_gap(room, name):
    model = {"x": room.x, "facebook": room.facebook}[name]
    other = "facebook" if name == "x" else "x"
    room.wait(2 * H)
    room.publish()
    room.fault(model, "5xx_before", "GET", times=4)
    room.run()
    assert room.out(name) == [] and room.out(other) == [102]
    assert room.standing(name).gap is not None and room.standing(other).gap is None
