"""The loop behind `watch`, and how a pass ends between two posts."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta

import pytest

from crosspost import app
from crosspost.pipeline.passing import Options
from crosspost.pipeline.watch import watch
from crosspost.sandbox.model import demo
from crosspost.sandbox.serve import serve


def test_a_pass_is_made_at_once_and_a_sleep_never_lasts_past_the_tick():
    passes, sleeps = [], []
    watch(timedelta(hours=1), lambda: passes.append(1), sleeps.append, lambda: len(sleeps) >= 3)
    assert len(passes) == 1
    assert sleeps == [30.0] * 3


def test_a_short_schedule_makes_another_pass():
    import time

    passes = []
    watch(timedelta(seconds=1), lambda: passes.append(1), time.sleep, lambda: len(passes) >= 2)
    assert len(passes) == 2


def test_nothing_is_begun_once_the_flag_is_raised():
    passes = []
    watch(timedelta(seconds=1), lambda: passes.append(1), lambda _: None, lambda: True)
    assert passes == []


def test_a_signal_raises_the_flag_and_a_second_one_counts():
    before = signal.getsignal(signal.SIGINT)
    with app.catching_signals() as flag:
        assert not flag.is_raised()
        signal.raise_signal(signal.SIGINT)
        assert flag.is_raised()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("posts", [0, 1, 2])
def test_a_pass_that_is_told_to_stop_finishes_the_post_in_hand_and_begins_no_other(tmp_path, posts):
    accounts = demo(datetime.now(UTC))
    with serve(accounts, lambda: datetime.now(UTC)) as server:
        world = app.system_world({**accounts.environment(server.url), "CROSSPOST_STATE_DIR": str(tmp_path)})
        text = (
            f'timezone = "UTC"\n[fetch]\nallow_private = ["127.0.0.1"]\n[[feeds]]\nurl = "{server.site_url}feed/"\n'
            'hosts = ["www.example.org"]\n[policy]\nsettle = "0s"\nmax_per_run = 9\n[[targets]]\nplatform = "x"\n'
        )
        settings = tmp_path / "config" / "crosspost.toml"
        app.install(world, text, settings, latest=3)
        project = app.open_project(world, settings)
        report = app.run(world, project, Options(stopping=lambda: len(accounts.x[0].timeline()) >= posts))
    assert len(accounts.x[0].timeline()) == posts
    assert sum(one.state == "published" for one in report.prospects) == posts
