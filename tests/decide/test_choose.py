"""Which pending deliveries go out now, and why the others wait: each rule of `choose`, and the order of the rules."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.core.delivery import Attempts, Event, State
from crosspost.core.policy import Quiet
from crosspost.core.post import PauseKind
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import PauseStanding, StopStanding, TargetStanding
from crosspost.decide.choose import (
    PAUSES,
    Draft,
    Situation,
    backoff,
    choose,
    month_of,
    pause_end,
    paused,
    probing,
    quiet_until,
    stopped_until,
)

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")


class Choice:
    """Pending stories on "x", and the situation that they are chosen in."""

    def __init__(self, bench):
        self.bench, self.now = bench, bench.NOW
        self.policy, self.given, self.drafts = {}, {}, {}
        self.standing = TargetStanding()
        self.entries = []

    def pending(self, number=1, draft=None, age=2 * H, **changes):
        self.entries.append(self.bench.entry(number, age=age))
        self.bench.poll(*self.entries)
        story = next(s for s in self.bench.stories.values() if s.title == f"Story {number}")
        key = next(key for key in self.bench.heads if key.story == story.id)
        self.bench.heads[key] = replace(self.bench.heads[key], **changes)
        self.drafts[story.id] = draft or Draft(cost=15_000)
        return story.id

    def pause(self, kind=PauseKind.UNAUTHORIZED, *, until=H, cause="", credential="keys"):
        reason = Reason.of("x.unauthorized")
        pause = PauseStanding(kind, self.now + until, self.now - H, reason, cause, 1, credential)
        self.standing = replace(self.standing, pause=pause)

    def verdicts(self, *, zone=UTC, **given):
        target = self.bench.target("x", budget=self.given.pop("budget", None), **self.policy)
        situation = Situation(target, self.standing, self.now, zone, self.drafts, **self.given, **given)
        return choose(self.bench.open(), situation)

    def codes(self, **given):
        """What becomes of each, in the order in which they would go out: {title: code}."""
        return {verdict.record.story.title: str(verdict.reason.code) for verdict in self.verdicts(**given)}

    def code(self, **given):
        (code,) = self.codes(**given).values()
        return code


@pytest.fixture
def choice(bench):
    return Choice(bench)


def test_what_nothing_stops_goes_out_now(choice):
    choice.pending()
    (verdict,) = choice.verdicts()
    assert (verdict.reason.code, verdict.send, verdict.hold, verdict.due) == (Code.DUE, True, False, choice.now)


def test_only_what_is_pending_on_this_target_is_chosen(choice):
    choice.bench.targets = (choice.bench.target("x"), choice.bench.target("facebook"))
    choice.pending(1)
    choice.pending(2, state=State.HELD)
    assert list(choice.codes()) == ["Story 1"]


# --- one rule each --------------------------------------------------------------------------------------------------------


def test_a_story_settles_first(choice):
    choice.pending(age=5 * M)
    (verdict,) = choice.verdicts()
    assert (verdict.reason.code, verdict.due) == (Code.SETTLING, choice.now + 5 * M)
    choice.now += 5 * M
    assert choice.code() == "due"


def test_a_future_date_is_waited_for_and_said(choice):
    choice.pending(age=-2 * H)
    (verdict,) = choice.verdicts()
    assert (verdict.reason.code, verdict.due) == (Code.FUTURE, choice.now + 2 * H + 10 * M)


def test_a_persons_not_before_is_waited_for(choice):
    choice.pending(not_before=choice.now + D)
    (verdict,) = choice.verdicts(only="", at_once=True)
    assert (verdict.reason.code, verdict.due) == (Code.NOT_BEFORE, choice.now + D)
    choice.now += D
    assert choice.code() == "due"


@pytest.mark.parametrize("event", [Event.NOT_SENT, Event.ABSENT_TWICE])
def test_a_backoff_is_waited_for_even_where_a_person_asks_for_now(choice, event):
    choice.pending(event=event, due=choice.now + H)
    (verdict,) = choice.verdicts(at_once=True)
    assert (verdict.reason.code, verdict.due) == (Code.BACKOFF, choice.now + H)


def test_nor_does_a_change_on_the_site_end_a_backoff(choice):
    attempts = Attempts(count=2, first=choice.now - H, last=choice.now - H, proved_absent=2)  # two hours
    choice.pending(event=Event.REFRESH, due=choice.now + 2 * H, attempts=attempts)
    assert [str(verdict.reason.code) for verdict in choice.verdicts(at_once=True)] == ["backoff"]
    choice.now += H
    assert choice.code(at_once=True) == "due"
    assert choice.code() == "settling"


def test_what_is_over_is_held_for_a_person(choice):
    choice.pending(draft=Draft(over=True))
    (verdict,) = choice.verdicts()
    assert (verdict.reason.code, verdict.hold, verdict.send) == (Code.OVER, True, False)


def test_without_a_text_it_waits_and_says_why(choice):
    choice.pending(draft=Draft(trouble=Reason.of(Code.NO_TEXT, detail="no-article")))
    (verdict,) = choice.verdicts()
    assert verdict.reason == Reason.of(Code.NO_TEXT, detail="no-article") and not verdict.send


@pytest.mark.parametrize("where", ["there", "everywhere"])
def test_a_persons_stop_names_the_person_and_ends_at_its_time(choice, where):
    choice.pending()
    stop = TargetStanding(stop=StopStanding("Ana", "a death in the family", choice.now - H, choice.now + H))
    given = {} if where == "there" else {"stop_all": stop}
    if where == "there":
        choice.standing = stop
    (verdict,) = choice.verdicts(at_once=True, **given)
    assert verdict.reason == Reason.of(Code.STOPPED, by="Ana", why="a death in the family")
    assert verdict.due == choice.now + H
    choice.now += H
    assert choice.code(**given) == "due"


def test_a_stop_without_an_end_holds_until_resume(choice):
    stop = TargetStanding(stop=StopStanding("Ana", "", choice.now))
    assert stopped_until(stop, choice.now + 1000 * D)
    assert not stopped_until(TargetStanding(), choice.now)


def test_an_account_without_keys_waits_and_names_them(choice):
    choice.pending()
    (verdict,) = choice.verdicts(missing=("X_API_KEY", "X_ACCESS_TOKEN"))
    assert verdict.reason.named == {"names": "X_API_KEY, X_ACCESS_TOKEN", "target": "x"}


def test_a_pass_that_is_over_there_says_why(choice):
    choice.pending()
    assert choice.code(ended=Reason.of(Code.AFTER_LOST, target="x")) == "after-lost"


def test_the_cap_lets_the_oldest_go_and_the_rest_waits(choice):
    for number, age in ((1, 2 * H), (2, 5 * H), (3, 3 * H), (4, 4 * H)):
        choice.pending(number, age=age)
    assert choice.codes() == {"Story 2": "due", "Story 4": "due", "Story 3": "due", "Story 1": "cap"}


def test_what_the_pass_has_sent_already_counts_for_the_cap(choice):
    choice.pending(1)
    choice.pending(2)
    assert list(choice.codes(sent=2).values()) == ["due", "cap"]
    assert list(choice.codes(sent=3).values()) == ["cap", "cap"]


def test_an_undated_story_stands_where_it_was_first_seen_and_the_number_decides_a_tie(choice):
    choice.bench.poll(choice.bench.entry(1, age=None))
    choice.pending(2, age=H)
    choice.pending(3, age=H)
    choice.now += 20 * M
    assert list(choice.codes()) == ["Story 2", "Story 3", "Story 1"]


def test_spacing_lets_one_go_and_tells_the_others_when(choice):
    choice.policy = {"spacing": 30 * M}
    choice.pending(1, age=3 * H)
    choice.pending(2)
    first, second = choice.verdicts()
    assert first.send
    assert (second.reason.code, second.due) == (Code.SPACING, choice.now + 30 * M)


@pytest.mark.parametrize(("ago", "code"), [(0 * M, "spacing"), (29 * M, "spacing"), (30 * M, "due"), (-5 * M, "due")])
def test_spacing_counts_from_the_last_post_and_a_clock_set_back_blocks_nothing(choice, ago, code):
    choice.policy = {"spacing": 30 * M}
    choice.pending()
    choice.standing = TargetStanding(sent_at=choice.now - ago)
    (verdict,) = choice.verdicts()
    assert verdict.reason.code == code
    if code == "spacing":
        assert verdict.due == choice.now - ago + 30 * M


def test_nothing_is_sent_that_would_pass_the_months_budget(choice):
    choice.given = {"budget": 30_000}
    choice.pending(1, age=3 * H)
    choice.pending(2)
    choice.standing = TargetStanding(month="2026-11", spent=1)
    first, second = choice.verdicts()
    assert first.send
    assert second.reason.named == {"spent": 15_001, "budget": 30_000, "cost": 15_000, "target": "x"}


def test_a_budget_may_be_used_to_the_last_cent(choice):
    choice.given = {"budget": 30_000}
    choice.pending(1)
    choice.pending(2)
    assert list(choice.codes().values()) == ["due", "due"]


def test_what_is_unknown_stays_reserved_and_a_new_month_begins_at_nothing(choice):
    choice.given = {"budget": 200_000}
    choice.pending(1, draft=Draft(cost=200_000))
    choice.standing = TargetStanding().charge("2026-11", 200_000)  # reserved by a post that nobody has seen again
    assert choice.code() == "budget"
    choice.given = {"budget": 200_000}
    choice.now = datetime(2026, 12, 1, tzinfo=UTC)
    assert choice.code() == "due"


def test_a_cheaper_story_may_go_where_a_dearer_one_would_pass_the_budget(choice):
    choice.given = {"budget": 20_000}
    choice.pending(1, draft=Draft(cost=200_000), age=3 * H)
    choice.pending(2, draft=Draft(cost=15_000))
    assert choice.codes() == {"Story 1": "budget", "Story 2": "due"}


@pytest.mark.parametrize(("budget", "cost"), [(None, 200_000), (0, 0)])
def test_without_a_budget_or_a_price_money_stops_nothing(choice, budget, cost):
    choice.given = {"budget": budget}
    choice.pending(1, draft=Draft(cost=cost))
    assert choice.code() == "due"


def test_a_month_is_that_of_utc_as_x_bills():
    assert month_of(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)) == "2026-11"


# --- the machine's own pause -------------------------------------------------------------------------------------------------


def test_a_paused_target_lets_nothing_go_and_says_why_and_until_when(choice):
    choice.pending()
    choice.pause()
    (verdict,) = choice.verdicts(at_once=True, credential="keys")
    assert verdict.reason == Reason.of(Code.TARGET_PAUSED, cause="x.unauthorized", target="x")
    assert verdict.due == choice.now + H


def test_after_the_pause_one_delivery_tries_and_it_is_another_than_the_cause(choice):
    cause = choice.pending(1, age=5 * H)
    choice.pending(2, age=4 * H)
    choice.pending(3, age=3 * H)
    choice.pause(until=0 * H, cause=cause)
    verdicts = choice.verdicts(credential="keys")
    assert [(v.record.story.title, v.send, v.probe) for v in verdicts] == [
        ("Story 2", True, True),
        ("Story 3", False, False),
        ("Story 1", False, False),
    ]
    assert {v.reason.code for v in verdicts[1:]} == {Code.TARGET_PAUSED}


def test_where_the_cause_is_alone_it_tries_itself(choice):
    cause = choice.pending(1)
    choice.pause(until=0 * H, cause=cause)
    (verdict,) = choice.verdicts(credential="keys")
    assert (verdict.send, verdict.probe) == (True, True)


def test_a_pass_that_has_tried_once_tries_no_other(choice):
    choice.pending(1)
    choice.pause(until=0 * H)
    assert choice.code(sent=1, credential="keys") == "target-paused"


def test_a_changed_credential_ends_the_pause_and_lets_all_go(choice):
    choice.pending(1)
    choice.pending(2)
    choice.pause()
    assert list(choice.codes(credential="other keys").values()) == ["due", "due"]
    assert not any(verdict.probe for verdict in choice.verdicts(credential="other keys"))


@pytest.mark.parametrize(("noted", "today"), [("", "keys"), ("keys", "")])
def test_a_credential_that_nobody_noted_ends_no_pause(choice, noted, today):
    choice.pending()
    choice.pause(credential=noted)
    assert choice.code(credential=today) == "target-paused"


def test_without_a_pause_nothing_is_paused_and_nothing_probed(choice):
    situation = Situation(choice.bench.target("x"), TargetStanding(), choice.now, UTC)
    assert not paused(situation) and not probing(situation)


@pytest.mark.parametrize(
    ("kind", "lengths"),
    [
        (PauseKind.UNAUTHORIZED, [1, 2, 4, 8, 16, 24, 24]),
        (PauseKind.PERMISSION, [1, 2, 4, 8, 16, 24, 24]),
        (PauseKind.NO_CREDIT, [6, 6, 6]),
        (PauseKind.BLOCKED, [24, 48, 72, 72]),
    ],
)
def test_a_pause_doubles_up_to_its_longest(choice, kind, lengths):
    now = choice.now
    assert [(pause_end(kind, None, n, now) - now) / H for n in range(1, len(lengths) + 1)] == lengths


def test_a_platforms_own_date_counts_where_it_is_a_sensible_one(choice):
    now = choice.now
    assert pause_end(PauseKind.RATE_LIMIT, now + 3 * M, 1, now) == now + 3 * M
    assert pause_end(PauseKind.SPEND_CAP, now + 20 * D, 1, now) == now + 20 * D
    assert pause_end(PauseKind.SPEND_CAP, now + 400 * D, 1, now) == now + D
    assert pause_end(PauseKind.RATE_LIMIT, now - M, 1, now) == now + 15 * M


@given(st.sampled_from(PauseKind), st.integers(1, 10_000))
def test_every_pause_has_an_end_however_often_it_came(kind, count):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert now < pause_end(kind, None, count, now) <= now + PAUSES[kind][1]


def test_a_backoff_is_one_two_four_hours_up_to_a_day():
    assert [backoff(times) / H for times in range(8)] == [1, 1, 2, 4, 8, 16, 24, 24]


# --- run --only, run --now ----------------------------------------------------------------------------------------------------


def test_only_sends_that_story_and_no_other(choice):
    choice.pending(1, age=5 * H)
    second = choice.pending(2)
    assert choice.codes(only=second) == {"Story 1": "not-asked", "Story 2": "due"}


def test_only_without_now_waits_like_any_other(choice):
    story = choice.pending(age=5 * M)
    assert choice.code(only=story) == "settling"


def test_now_passes_over_settle_quiet_hours_spacing_and_cap(choice):
    story = choice.pending(age=5 * M)
    choice.policy = {"quiet": Quiet(time(0), time(23, 59)), "spacing": D, "max_per_run": 1}
    choice.standing = TargetStanding(sent_at=choice.now - M)
    assert choice.code(only=story, at_once=True, sent=7) == "due"


@pytest.mark.parametrize("case", ["stop", "keys", "pause", "ended", "budget", "future", "over"])
def test_now_passes_over_nothing_else(choice, case):
    given = {"credential": "keys", "at_once": True}
    story = choice.pending(age=-H if case == "future" else 5 * M, draft=Draft(cost=15_000, over=case == "over"))
    match case:
        case "stop":
            given["stop_all"] = TargetStanding(stop=StopStanding("Ana", "", choice.now))
        case "keys":
            given["missing"] = ("X_API_KEY",)
        case "pause":
            choice.pause()
        case "ended":
            given["ended"] = Reason.of(Code.GAP_UNREAD, target="x")
        case "budget":
            choice.given = {"budget": 1}
    (verdict,) = choice.verdicts(only=story, **given)
    assert not verdict.send


# --- the order of the rules -----------------------------------------------------------------------------------------------------

ORDER = [
    "not-asked", "not-before", "over", "no-text", "stopped", "no-keys", "target-paused", "after-lost", "quiet",
    "budget", "spacing", "cap", "due",
]  # fmt: skip


@pytest.mark.parametrize("first", range(len(ORDER)), ids=ORDER)
def test_of_all_the_rules_that_fit_the_first_is_told(choice, first):
    """Every rule from `first` on fits; what is told is that one."""
    on = set(ORDER[first:])
    given = {"credential": "keys"}
    draft = Draft(
        cost=15_000, over="over" in on, trouble=Reason.of(Code.NO_TEXT, detail="x") if "no-text" in on else None
    )
    story = choice.pending(draft=draft, not_before=choice.now + H if "not-before" in on else None)
    given["only"] = "another" if "not-asked" in on else story
    if "target-paused" in on:
        choice.pause()
    if "stopped" in on:
        choice.standing = replace(choice.standing, stop=StopStanding("Ana", "", choice.now))
    if "no-keys" in on:
        given["missing"] = ("X_API_KEY",)
    if "after-lost" in on:
        given["ended"] = Reason.of(Code.AFTER_LOST, target="x")
    if "quiet" in on:
        choice.policy["quiet"] = Quiet(time(8), time(10))
    if "budget" in on:
        choice.given["budget"] = 1
    if "spacing" in on:
        choice.policy["spacing"] = H
        choice.standing = replace(choice.standing, sent_at=choice.now - M)
    if "cap" in on:
        choice.policy["max_per_run"] = 0
    assert choice.code(**given) == ORDER[first]


# --- quiet hours -------------------------------------------------------------------------------------------------------------------

NIGHT = Quiet(time(22), time(7))


def local(zone, *parts, fold=0):
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(21, 59, False), (22, 0, True), (23, 59, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)],
)
def test_quiet_hours_over_midnight(hour, minute, quiet):
    now = local(PARIS, 2026, 11, 24, hour, minute)
    end = quiet_until(NIGHT, now, PARIS)
    assert (end is not None) == quiet
    if end:
        assert end.astimezone(PARIS).time() == time(7)
        assert timedelta(0) < end - now <= 9 * H


def test_quiet_hours_within_a_day_and_one_that_lasts_all_day():
    noon = local(PARIS, 2026, 11, 24, 12)
    assert quiet_until(Quiet(time(11), time(14)), noon, PARIS) == local(PARIS, 2026, 11, 24, 14)
    assert quiet_until(Quiet(time(13), time(14)), noon, PARIS) is None
    assert quiet_until(Quiet(time(9), time(9)), noon, PARIS) == local(PARIS, 2026, 11, 25, 9)


def test_quiet_hours_wait_in_the_settings_zone_and_say_until_when(choice):
    choice.policy = {"quiet": NIGHT}
    choice.pending(age=9 * H)
    choice.now = local(NEW_YORK, 2026, 11, 24, 5)
    (verdict,) = choice.verdicts(zone=NEW_YORK)
    assert (verdict.reason.code, verdict.due) == (Code.QUIET, local(NEW_YORK, 2026, 11, 24, 7))
    choice.now = verdict.due
    assert choice.code(zone=NEW_YORK) == "due"


@pytest.mark.parametrize(
    ("zone", "night", "morning", "hours"),
    [
        (PARIS, (2026, 3, 28, 22), (2026, 3, 29, 7), 8),  # the clocks go forward
        (PARIS, (2026, 10, 24, 22), (2026, 10, 25, 7), 10),  # and back
        (NEW_YORK, (2026, 3, 7, 22), (2026, 3, 8, 7), 8),
        (NEW_YORK, (2026, 10, 31, 22), (2026, 11, 1, 7), 10),
    ],
    ids=["Paris, spring", "Paris, autumn", "New York, spring", "New York, autumn"],
)
def test_quiet_hours_are_right_in_the_nights_in_which_the_clocks_change(zone, night, morning, hours):
    begin, end = local(zone, *night), local(zone, *morning)
    assert end - begin == hours * H
    assert quiet_until(NIGHT, begin - M, zone) is None
    assert {quiet_until(NIGHT, begin + minutes * M, zone) for minutes in range(hours * 60)} == {end}
    assert quiet_until(NIGHT, end, zone) is None


@pytest.mark.parametrize(
    ("zone", "day", "changed"),
    [(PARIS, (2026, 3, 29), (3, 30)), (NEW_YORK, (2026, 3, 8), (3, 30))],
    ids=["Paris", "New York"],
)
def test_quiet_hours_that_end_at_a_time_which_the_change_skips_are_never_too_short(zone, day, changed):
    """02:30 doesn't exist: quiet hours that end then last until the change at least, and not beyond 03:30."""
    hours = Quiet(time(1), time(2, 30))
    begin = local(zone, *day, 1)
    change = local(zone, *day, 3)
    end = quiet_until(hours, begin, zone)
    assert change <= end <= local(zone, *day, *changed)


@pytest.mark.parametrize(("zone", "day"), [(PARIS, (2026, 3, 29)), (NEW_YORK, (2026, 3, 8))], ids=["Paris", "New York"])
def test_quiet_hours_that_begin_at_a_time_which_the_change_skips_have_begun_by_then(zone, day):
    hours = Quiet(time(2, 30), time(6))
    assert quiet_until(hours, local(zone, *day, 1), zone) is None
    assert quiet_until(hours, local(zone, *day, 3), zone) == local(zone, *day, 6)


@pytest.mark.parametrize(
    ("zone", "day"), [(PARIS, (2026, 10, 25)), (NEW_YORK, (2026, 11, 1))], ids=["Paris", "New York"]
)
def test_quiet_hours_that_end_at_a_time_which_comes_twice_end_at_its_second_coming(zone, day):
    twice = 2 if zone is PARIS else 1
    hours = Quiet(time(0), time(twice, 30))
    end = quiet_until(hours, local(zone, *day, 0), zone)
    assert end == local(zone, *day, twice, 30, fold=1)
    first = local(zone, *day, twice, 30)
    assert end - first == H
    assert quiet_until(hours, first, zone) == end


@pytest.mark.parametrize(
    ("zone", "day"), [(PARIS, (2026, 10, 25)), (NEW_YORK, (2026, 11, 1))], ids=["Paris", "New York"]
)
def test_quiet_hours_that_begin_at_a_time_which_comes_twice_begin_at_its_first_coming(zone, day):
    twice = 2 if zone is PARIS else 1
    hours = Quiet(time(twice, 30), time(6))
    first = local(zone, *day, twice, 30)
    assert quiet_until(hours, first - M, zone) is None
    assert quiet_until(hours, first, zone) == local(zone, *day, 6)
    assert quiet_until(hours, first + H, zone) == local(zone, *day, 6)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.times(),
    st.times(),
    st.sampled_from([PARIS, NEW_YORK]),
)
def test_the_end_of_quiet_hours_is_never_past_and_never_a_day_away(moment, start, end, zone):
    now = moment.replace(tzinfo=UTC)
    until = quiet_until(Quiet(start, end), now, zone)
    if until is not None:
        assert now < until <= now + 26 * H
