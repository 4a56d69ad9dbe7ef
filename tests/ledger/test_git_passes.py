"""Whole passes over a ledger on a branch: a runner that forgets everything, and the branch that remembers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from crosspost.errors import LedgerUnwritable
from crosspost.ledger.git.ledger import Options, create, open_ledger

NEWSROOM = Path(__file__).resolve().parents[1] / "pipeline" / "newsroom.py"


def newsroom():
    if "newsroom" not in sys.modules:
        spec = spec_from_file_location("newsroom", NEWSROOM)
        sys.modules["newsroom"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["newsroom"])
    return sys.modules["newsroom"].Newsroom()


@dataclass
class RoomClock:
    """The installation's own time."""

    room: object

    def now(self):
        return self.room.time.now

    def monotonic(self):
        return self.room.time.now.timestamp()

    def sleep(self, seconds):
        self.room.time.advance(seconds)


@pytest.fixture
def room(bench):
    """An installation whose every pass opens the branch anew; its baseline was made an hour ago."""
    made = newsroom()
    made.ledger.close()
    bench.clock = RoomClock(made)
    made.ledger = create(bench.url, bench.folder, bench.world(), Options(writer="room", max_age=0))
    made.ledger.reopen = lambda writer: open_ledger(bench.url, bench.folder, bench.world(), Options(writer=writer))
    yield made.begun()
    made.ledger.close()


def commits(bench):
    return int(bench.git("rev-list", "--count", "crosspost"))


def test_a_story_goes_out_once_on_each_account(room, bench):
    number = room.publish().number
    room.run()
    assert room.out("x") == room.out("facebook") == [number]
    assert room.states("x") == room.states("facebook") == {3: "published"}
    room.wait()
    room.run()
    assert room.out("x") == room.out("facebook") == [number]


def test_days_without_news_cost_two_commits_a_day_and_no_look_at_what_stands_there(room, bench):
    before, asked = commits(bench), []
    for host in ("api.x.com", "graph.facebook.com"):
        room.hosts[host] = lambda request, now: asked.append(request.path)
    for _ in range(72):
        room.run()
        room.wait()
    assert commits(bench) - before in {4, 5, 6}  # when it ran, and until when the Page's key is good
    assert room.standing("x").gap is None
    assert set(asked) == {"/v26.0/me"} and len(asked) == 2  # once a day: until when is the Page's key good?


def test_what_a_runner_that_died_had_begun_is_found_and_not_sent_again(room, bench):
    number = room.publish().number
    room.run_dying_at("ledger append published")
    assert room.out("x") == [number]
    for _ in range(4):
        room.wait()
        room.run()
    assert room.out("x") == room.out("facebook") == [number]
    assert room.states("x") == {3: "published"}


def test_a_remote_that_goes_away_before_a_post_keeps_it_from_going(room, bench):
    room.publish()
    room.wait(timedelta(minutes=1))
    bench.hook("pre-receive", "exit 1")
    with pytest.raises(LedgerUnwritable):
        room.run()
    assert room.out("x") == room.out("facebook") == []
    (bench.remote / "hooks" / "pre-receive").unlink()
    room.run()
    assert len(room.out("x")) == len(room.out("facebook")) == 1


def test_two_runs_at_one_time_send_a_story_once(room, bench):
    """The second begins, and ends, while the first is about to begin the post."""
    number = room.publish().number
    process = sys.modules["newsroom"].Watched()
    process.at["ledger append sending"] = room.run
    room.run(process)
    assert room.out("x") == room.out("facebook") == [number]
