"""What needs a person: told once, then at `remind`; a passing trouble only when it lasts; forgotten when it is over."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.policy import Alerts
from crosspost.core.reason import Reason
from crosspost.core.standing import Told
from crosspost.decide.attention import Trouble, attend

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
H = timedelta(hours=1)
RULES = Alerts()  # after 6 h, remind 24 h


def trouble(code="refused", subject="#1 x", **given):
    return Trouble(subject, Reason.of(code), given.pop("since", NOW), **given)


class Days:
    """Passes one after another, each with the troubles of then."""

    def __init__(self):
        self.told = {}

    def attend(self, now, *troubles):
        attention = attend(troubles, self.told, RULES, now)
        self.told = attention.told
        return attention


@pytest.fixture
def days():
    return Days()


def test_what_is_new_is_told_at_once(days):
    first = days.attend(NOW, trouble())
    assert [(alert.subject, alert.reason.code, alert.reminder) for alert in first.alerts] == [
        ("#1 x", "refused", False)
    ]
    assert (first.exit_code, first.quiet) == (1, ())


def test_what_stands_is_told_again_at_remind_and_not_on_every_tick(days):
    days.attend(NOW, trouble())
    for hours in range(1, 24):
        again = days.attend(NOW + hours * H, trouble())
        assert (again.alerts, again.exit_code) == ((), 0)
        assert (again.quiet, [one.reason for one in again.stands]) == ((), [Reason.of("refused")])
        assert [(one.subject, one.since) for one in again.stands] == [("#1 x", NOW)]
    reminder = days.attend(NOW + 24 * H, trouble())
    assert reminder.exit_code == 1
    assert reminder.alerts[0].reminder and reminder.alerts[0].since == NOW
    assert not days.attend(NOW + 25 * H, trouble()).alerts


def test_another_kind_of_a_trouble_that_was_told_is_new(days):
    days.attend(NOW, trouble("paused", "x", kind="rate-limit"))
    other = days.attend(NOW + H, trouble("paused", "x", kind="no-credit"))
    assert [(alert.subject, alert.reminder) for alert in other.alerts] == [("x", False)]
    assert days.attend(NOW + 2 * H, trouble("paused", "x", kind="no-credit")).alerts == ()


def test_a_passing_trouble_is_told_when_it_has_lasted_longer_than_after(days):
    assert days.attend(NOW, trouble("feed-down", passing=True)).exit_code == 0
    assert days.attend(NOW + 6 * H, trouble("feed-down", since=NOW, passing=True)).exit_code == 0
    late = days.attend(NOW + 6 * H + timedelta(seconds=1), trouble("feed-down", since=NOW, passing=True))
    assert late.exit_code == 1 and not late.alerts[0].reminder


def test_since_when_it_lasts_is_remembered_though_each_pass_calls_it_new(days):
    days.attend(NOW, trouble("gap", passing=True))
    late = days.attend(NOW + 7 * H, trouble("gap", since=NOW + 7 * H, passing=True))
    assert late.alerts[0].since == NOW


def test_what_is_over_is_forgotten_and_told_anew_when_it_comes_back(days):
    days.attend(NOW, trouble())
    assert days.attend(NOW + H).told == {}
    back = days.attend(NOW + 2 * H, trouble(since=NOW + 2 * H))
    assert back.exit_code == 1 and not back.alerts[0].reminder


def test_a_passing_trouble_that_passes_is_never_told(days):
    for hours in range(0, 40, 2):
        assert not days.attend(NOW + hours * H, trouble("rate-limit", since=NOW + hours * H, passing=True)).alerts
        days.attend(NOW + (hours + 1) * H)


def test_some_troubles_are_told_each_time_and_remembered_never(days):
    for hours in range(3):
        attention = days.attend(NOW + hours * H, trouble("ledger-unwritable", always=True))
        assert attention.exit_code == 1
        assert attention.told == {}


def test_a_trouble_is_one_by_code_and_subject(days):
    attention = days.attend(NOW, trouble(), trouble(), trouble(subject="#2 x"), trouble("flood"))
    assert [(alert.reason.code, alert.subject) for alert in attention.alerts] == [
        ("refused", "#1 x"),
        ("refused", "#2 x"),
        ("flood", "#1 x"),
    ]
    assert not days.attend(NOW + H, trouble("flood"), trouble(), trouble(subject="#2 x")).alerts


def test_new_ones_are_told_while_old_ones_stay_quiet(days):
    days.attend(NOW, trouble())
    attention = days.attend(NOW + H, trouble(), trouble(subject="#2 x"))
    assert [alert.subject for alert in attention.alerts] == ["#2 x"]
    assert [alert.subject for alert in attention.stands] == ["#1 x", "#2 x"]


def test_a_clock_that_was_set_back_silences_no_reminder_for_ever():
    told = {trouble().name: Told(NOW, NOW + 1000 * H)}
    assert attend([trouble()], told, RULES, NOW).exit_code == 1


def test_nothing_wrong_is_nothing_told(days):
    attention = days.attend(NOW)
    assert (attention.alerts, attention.exit_code, attention.quiet, attention.told) == ((), 0, (), {})
