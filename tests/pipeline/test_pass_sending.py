"""Passes that send: caps, pauses, money, lost answers and leases, as a person sees them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from crosspost.core.policy import Quiet
from crosspost.core.standing import StopStanding
from crosspost.desk import verbs
from crosspost.pipeline.standings import EVERYWHERE, append_on_target
from crosspost.testing.site import HOST

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def codes(report, target="x"):
    """What the report says of each story on a target: {number: reason}."""
    return {
        item.record.story.number: str(item.reason.code)
        for item in report.prospects
        if item.record.delivery.key.target == target
    }


def alerts(report):
    return {(alert.subject, str(alert.reason.code)) for alert in report.alerts}


@pytest.fixture
def solo(newsrooms):
    """An installation on X alone."""
    return newsrooms.Newsroom(newsrooms.a_target("x")).begun()


# --- which go, and when ----------------------------------------------------------------------------------------------------


def test_the_cap_sends_the_oldest_first_and_drops_nothing(solo):
    solo.publish(5)
    solo.run()
    assert solo.out() == [104, 103, 102]
    solo.wait()
    solo.run()
    assert solo.out() == [106, 105, 104, 103, 102]


def test_the_report_says_why_the_rest_of_a_pass_waits(solo):
    solo.publish(5)
    assert codes(solo.run()) == {3: "sent", 4: "sent", 5: "sent", 6: "cap", 7: "cap"}
    solo.wait()
    solo.fault(solo.x, "close_before")
    assert codes(solo.run()) == {6: "lost", 7: "after-lost"}


def test_spacing_is_kept_over_passes_and_no_pass_waits_for_it(solo):
    solo.set("x", spacing=90 * M)
    solo.publish(2)
    began = solo.time.now
    solo.run()
    assert solo.out() == [102] and solo.time.now - began < M
    solo.wait(H)
    solo.run()
    assert solo.out() == [102]
    solo.wait(H)
    solo.run()
    assert solo.out() == [103, 102]


def test_in_quiet_hours_nothing_goes_out_and_in_the_morning_it_does(solo):
    solo.set("x", quiet=Quiet(time(22), time(7)))
    solo.wait(16 * H)  # 23:00 UTC, midnight in Paris
    solo.publish()
    assert codes(solo.run()) == {3: "quiet"}
    solo.wait(7 * H)
    solo.run()
    assert solo.out() == [102]


def test_only_sends_that_story_and_records_the_others(solo):
    solo.publish(2)
    solo.run(send=False)
    report = solo.run(wish=solo.Wish(only=solo.story(4).id))
    assert solo.out() == [103]
    assert solo.at(3) == ("pending", "planned")
    assert codes(report) == {4: "sent"}


def test_only_with_now_does_not_wait_for_settle(solo):
    solo.publish(age=M)
    solo.run()
    assert solo.out() == []
    solo.run(wish=solo.Wish(only=solo.story(3).id))
    assert solo.out() == []
    solo.run(wish=solo.Wish(only=solo.story(3).id, at_once=True))
    assert solo.out() == [102]


def test_a_pass_that_is_asked_to_stop_begins_no_further_post(solo):
    solo.publish(3)
    solo.run(stopping=lambda: bool(solo.out()))
    assert solo.out() == [102]
    assert solo.states() == {3: "published", 4: "pending", 5: "pending"}


def test_an_account_without_keys_waits_and_is_told_while_the_other_goes_on(room):
    room.missing = {"x": ("X_API_KEY",)}
    room.publish()
    report = room.run()
    assert room.out("facebook") == [102] and room.out("x") == []
    assert room.at(3, "x")[0] == "pending"
    assert alerts(report) == {("x", "no-keys")} and report.exit_code == 1
    room.wait()
    assert room.run().exit_code == 0  # told already
    room.missing = {}
    room.wait()
    room.run()
    assert room.out("x") == [102]


# --- refused ------------------------------------------------------------------------------------------------------------------


def test_a_refused_story_has_failed_is_told_once_and_the_others_go_out(solo):
    solo.publish(2)
    solo.fault(
        solo.x, "answer", status=400, body=b'{"title": "Invalid Request", "detail": "No.", "type": "about:blank"}'
    )
    report = solo.run()
    assert solo.states() == {3: "failed", 4: "published"}
    assert report.exit_code == 1
    assert ("#3 x", solo.head(3).reason.code) in alerts(report)
    assert solo.standing().spent == 200_000  # the refused one was released
    solo.wait()
    assert solo.run().exit_code == 0
    assert solo.out() == [103]


# --- pauses ------------------------------------------------------------------------------------------------------------------------


def test_a_401_pauses_the_target_and_leaves_the_other_alone(room):
    room.publish(2)
    room.fault(room.x, "expired_token")
    report = room.run()
    assert room.out("x") == [] and room.out("facebook") == [103, 102]
    assert room.states("x") == {3: "pending", 4: "pending"}
    assert ("x", "paused") in alerts(report) and report.exit_code == 1
    assert room.standing("x").spent == 0
    (x, facebook) = report.targets
    assert (x.reason.code, facebook.reason) == ("target-paused", None)


def test_after_an_hour_one_other_delivery_tries_and_its_acceptance_ends_the_pause(room):
    room.publish(2)
    room.fault(room.x, "expired_token")
    room.run()
    room.wait(30 * M)
    room.run()
    assert room.out("x") == []
    room.wait(31 * M)
    room.run()
    assert room.out("x") == [102, 103]  # 103 tried, 102 had caused the pause
    assert room.standing("x").pause is None
    assert room.head(3, "x").attempts.count == 1  # a pause uses up nothing


def test_while_the_keys_are_bad_only_one_request_is_made_each_time_and_the_waits_double(solo):
    solo.publish(5)
    solo.fault(solo.x, "expired_token", times=-1)
    asked = []
    for hour in range(16):
        before = len(solo.x.log)
        solo.run()
        if len(solo.x.log) > before:
            assert len(solo.x.log) == before + 1
            asked.append(hour)
        solo.wait(H + M)
    assert asked == [0, 1, 3, 7, 15]
    assert solo.standing().pause.count == 5


def test_a_changed_credential_ends_the_pause_at_once(solo):
    solo.publish(2)
    solo.fault(solo.x, "expired_token")
    solo.run()
    solo.wait(M)
    solo.credentials = {"x": "new keys"}
    solo.run()
    assert solo.out() == [103, 102]
    assert solo.standing().pause is None


def test_a_429_waits_for_its_reset_and_is_no_case_for_a_person(solo):
    solo.publish()
    solo.fault(solo.x, "rate_limit", seconds=1200)
    report = solo.run()
    assert (report.exit_code, report.alerts) == (0, ())
    assert timedelta(0) < solo.standing().pause.until - solo.time.now <= 20 * M
    solo.wait(18 * M)
    solo.run()
    assert solo.out() == []
    solo.wait(4 * M)
    solo.run()
    assert solo.out() == [102]


def test_a_pause_of_another_kind_is_told_although_one_was_told_already(solo):
    solo.publish()
    solo.fault(solo.x, "expired_token")
    assert [alert.reason.code for alert in solo.run().alerts] == ["paused"]
    solo.wait(H + M)
    solo.fault(solo.x, "no_credit")
    assert ("paused", "x.no-credit") in [(a.reason.code, a.reason.named.get("cause")) for a in solo.run().alerts]


def test_however_often_a_429_comes_no_delivery_is_held_for_it(solo):
    solo.publish()
    solo.fault(solo.x, "rate_limit", seconds=900, times=3)
    for _ in range(4):
        solo.run()
        solo.wait()
    assert solo.out() == [102]


def test_a_spend_cap_waits_for_its_day(solo):
    solo.publish()
    solo.fault(solo.x, "spend_cap", seconds=3 * 86_400)
    solo.run()
    assert solo.standing().pause.until == (solo.time.now + 3 * D).replace(hour=0, minute=0, second=0, microsecond=0)


def test_a_delivery_that_has_paused_its_target_twice_is_held_and_the_rest_goes_on(solo):
    solo.publish()
    solo.fault(solo.x, "expired_token", times=2)
    solo.run()
    solo.wait(H + M)
    report = solo.run()
    assert solo.at(3) == ("held", "paused-twice")
    assert ("#3 x", "paused-twice") in alerts(report)
    solo.publish()
    solo.wait(2 * H + M)
    solo.run()
    assert solo.out() == [103]


def test_a_suspended_account_is_asked_by_a_read_and_never_with_a_post(solo):
    solo.publish()
    solo.fault(solo.x, "suspended", times=3)
    solo.fault(solo.x, "suspended", "GET", times=1)
    solo.run()
    posts = len([call for call in solo.x.log if call.method == "POST"])
    solo.wait(H + M)
    solo.run()
    assert len([call for call in solo.x.log if call.method == "POST"]) == posts == 1
    assert [call.path for call in solo.x.log if call.method == "GET"] == ["/2/users/me"]
    assert solo.standing().pause.count == 2
    solo.x.faults.clear()
    solo.wait(2 * H + M)
    solo.run()
    assert solo.standing().pause is None
    assert solo.out() == [102]


def test_a_platform_that_is_not_reached_costs_nothing_and_is_tried_by_the_next_run(room):
    room.publish()
    room.down.add("api.x.com")
    report = room.run()
    assert room.at(3, "x") == ("pending", "not-connected")
    assert (room.head(3, "x").attempts.count, room.standing("x").spent) == (0, 0)
    assert report.exit_code == 0
    assert room.out("facebook") == [102]
    room.down.clear()
    room.wait()
    room.run()
    assert room.out("x") == [102]


def test_a_story_whose_link_is_private_is_not_sent_whoever_approved_it(solo):
    """A site that was moved from a test server, and still gives its address."""

    def moved(request, now):
        answer = solo.site.handle(request, now)
        return replace(answer, body=answer.body.replace(b"https://www.example.org/story-102/", b"http://10.0.0.5/102/"))

    solo.hosts[HOST] = moved
    solo.publish()
    solo.run()
    assert solo.at(3) == ("held", "other-site")
    verbs.approve(solo.office(), solo.story(3), verbs.Person("Ana"), target="x")
    report = solo.run()
    assert solo.out() == []
    assert ("#3 x", "private-link") in alerts(report)
    solo.settings = replace(solo.settings, allow_private=("10.0.0.0/8",))
    solo.run()
    assert len(solo.x.timeline()) == 1


def test_new_keys_that_are_wrong_too_pause_the_account_as_the_old_ones_did(solo):
    solo.publish(4)
    solo.fault(solo.x, "expired_token", times=-1)
    solo.run()
    solo.credentials["x"] = "other keys"
    solo.wait(10 * M)
    solo.run()
    tried = [call for call in solo.x.log if call.method == "POST"]
    assert len(tried) == 2  # the new keys end the pause at once, and begin another
    for _ in range(3):
        solo.wait(10 * M)
        solo.run()
    assert [call for call in solo.x.log if call.method == "POST"] == tried


def test_a_suspended_account_that_cannot_be_asked_is_not_tried_with_a_post(solo):
    solo.publish(2)
    solo.fault(solo.x, "suspended")
    solo.run()
    solo.wait(H + M)
    solo.fault(solo.x, "5xx_before", "GET", times=-1)
    solo.run()
    assert sum(call.method == "POST" for call in solo.x.log) == 1
    assert solo.standing().pause.until > solo.time.now


def test_a_story_for_which_no_text_fits_is_told(solo):
    (target,) = solo.settings.targets
    solo.settings = replace(solo.settings, targets=(replace(target, limit=30),))
    solo.publish()
    report = solo.run()
    assert solo.out() == []
    assert ("#3 x", "no-text") in alerts(report)


# --- money ----------------------------------------------------------------------------------------------------------------------------


def test_two_accounts_of_one_platform_share_the_budget(newsrooms):
    accounts = [newsrooms.a_target(name, "x", budget=350_000) for name in ("x", "x-fr")]
    room = newsrooms.Newsroom(*accounts).begun()
    room.publish()
    office = room.office()
    month = f"{room.time.now:%Y-%m}"
    for name in ("x", "x-fr"):
        append_on_target(office.ledger, name, lambda standing: standing.charge(month, 100_000))
    assert codes(room.run())[3] == "budget"  # 100,000 + 200,000 would be within it
    assert room.out() == []
    for name in ("x", "x-fr"):
        append_on_target(office.ledger, name, lambda standing: standing.charge(month, -50_000))
    room.wait()
    room.run()
    assert room.out() == [102]


def test_what_another_account_spends_at_that_moment_counts(newsrooms):
    accounts = [newsrooms.a_target(name, "x", budget=350_000) for name in ("x", "x-fr")]
    room = newsrooms.Newsroom(*accounts).begun()
    room.publish()
    month, process = f"{room.time.now:%Y-%m}", newsrooms.Watched()

    def spend():
        append_on_target(room.office().ledger, "x-fr", lambda standing: standing.charge(month, 200_000))

    process.at["ledger append sending"] = spend
    assert codes(room.run(process))[3] == "budget"
    assert room.out() == []


def test_nothing_is_sent_that_would_pass_the_budget_and_a_person_is_told(solo):
    solo.set("x", budget=450_000)
    solo.publish(3)
    report = solo.run()
    assert solo.out() == [103, 102]
    assert codes(report)[5] == "budget"
    assert ("#5 x", "budget") in alerts(report)
    assert solo.standing().spent == 400_000 == solo.x.spent
    solo.wait()
    assert solo.run().exit_code == 0
    solo.wait(31 * D)
    solo.run()
    assert solo.out() == [104, 103, 102]


def test_what_is_lost_stays_reserved_until_it_is_proved_absent(solo):
    solo.publish()
    solo.fault(solo.x, "close_before")
    solo.run()
    assert solo.standing().spent == 200_000
    for _ in range(2):
        solo.wait()
        solo.run()
    assert solo.head(3).state in {"pending", "published"}
    reads = solo.standing().spent % 200_000
    assert solo.standing().spent == (200_000 if solo.out() else 0) + reads


def test_what_last_month_reserved_gives_this_month_nothing(solo):
    solo.time.now = datetime(2026, 3, 31, 23, 20, tzinfo=UTC)
    solo.publish()
    solo.fault(solo.x, "close_before")
    solo.run()
    solo.wait(20 * M)
    solo.run()
    assert solo.at(3)[1] == "absent-once"
    stop = StopStanding("Ana", "", solo.time.now)
    append_on_target(solo.ledger, EVERYWHERE, lambda standing: replace(standing, stop=stop))
    append_on_target(solo.ledger, "x", lambda standing: standing.charge("2026-04", 400_000))
    solo.wait(50 * M)  # April
    solo.run()
    assert solo.at(3)[1] == "absent-twice"
    assert solo.standing().spent_in("2026-04") == 400_000


# --- lost answers ------------------------------------------------------------------------------------------------------------------------


def test_the_first_lost_answer_ends_that_targets_pass(room):
    room.publish(3)
    room.fault(room.x, "close_before")
    report = room.run()
    assert room.states("x") == {3: "unknown", 4: "pending", 5: "pending"}
    assert room.out("facebook") == [104, 103, 102]
    assert report.exit_code == 0  # a new unknown is no case for a person yet


def test_a_lost_answer_whose_post_is_out_is_found_by_the_next_run(room):
    room.publish()
    room.fault(room.x, "close_after")
    room.fault(room.facebook, "silence_after")
    room.run()
    assert [room.at(3, name)[0] for name in ("x", "facebook")] == ["unknown", "unknown"]
    room.wait()
    report = room.run()
    for name in ("x", "facebook"):
        assert room.at(3, name) == ("published", "found")
        assert room.head(3, name).url
        assert room.out(name) == [102]
    assert report.exit_code == 0


def test_a_lost_post_is_sent_again_two_hourly_runs_later(room):
    room.publish()
    room.fault(room.x, "close_before")
    room.fault(room.facebook, "5xx_before", status=500)
    room.run()
    room.wait()
    room.run()
    assert [room.at(3, name) for name in ("x", "facebook")] == [("unknown", "absent-once")] * 2
    room.wait()
    room.run()
    assert room.out("x") == room.out("facebook") == [102]
    assert [life.event for life in room.life(3).revisions] == [
        "plan",
        "begin",
        "lost",
        "absent-once",
        "absent-twice",
        "begin",
        "accepted",
    ]


def test_neither_two_early_readings_nor_two_close_ones_prove_anything(solo):
    solo.publish()
    solo.fault(solo.x, "close_before")
    solo.run()
    lost = solo.time.now
    seen = {}
    while solo.time.now - lost < 40 * M:
        solo.wait(M)
        solo.run()
        seen[round((solo.time.now - lost) / M)] = solo.at(3)[1]
    assert seen[1] == "lost"
    assert {seen[minute] for minute in range(4, 29)} == {"absent-once"}
    assert seen[39] == "absent-twice"
    assert solo.out() == []  # the next attempt is due an hour after the first


def test_a_timeline_that_lags_proves_nothing_wrong(solo):
    """The post is out, and X shows it only 14 minutes later: it is found, and never sent again."""
    solo.publish()
    solo.fault(solo.x, "close_after")
    solo.run()
    solo.fault(solo.x, "lag", "GET", seconds=840, times=-1)
    for _ in range(30):
        solo.wait(2 * M)
        solo.run()
    assert solo.at(3) == ("published", "found")
    assert solo.out() == [102]


def test_a_reading_that_fails_changes_nothing_and_is_told(solo):
    solo.publish()
    solo.fault(solo.x, "close_after")
    solo.run()
    solo.fault(solo.x, "5xx_before", "GET")
    solo.wait()
    report = solo.run()
    assert solo.at(3)[0] == "unknown"
    assert ("x", "cant-tell") in alerts(report) and report.exit_code == 1
    solo.wait()
    solo.run()
    assert solo.at(3) == ("published", "found")


def test_an_empty_timeline_proves_nothing_where_something_is_known_to_stand_there(room):
    room.publish()
    room.run()
    room.wait()
    room.publish()
    room.fault(room.facebook, "close_after")
    room.run()
    for _ in range(4):
        room.fault(room.facebook, "empty_timeline", "GET")
        room.wait()
        room.run()
    assert room.at(4, "facebook")[0] == "unknown"
    room.facebook.faults.clear()
    room.wait()
    room.run()
    assert room.at(4, "facebook") == ("published", "found")
    assert room.out("facebook") == [103, 102]


def test_a_duplicate_answer_whose_post_stands_there_is_found(solo):
    solo.publish()
    solo.fault(solo.x, "duplicate")
    solo.run()
    assert solo.at(3) == ("unknown", "x.duplicate")
    text = solo.head(3).post.text
    solo.x.put(text, solo.time.now)
    solo.wait()
    solo.run()
    assert solo.at(3) == ("published", "found")


def test_a_duplicate_answer_and_nothing_there_has_failed(solo):
    solo.publish()
    solo.fault(solo.x, "duplicate")
    for _ in range(3):
        solo.run()
        solo.wait()
    assert solo.at(3) == ("failed", "duplicate-absent")
    assert solo.out() == []


def test_five_attempts_that_are_proved_absent_are_enough(solo):
    solo.publish()
    solo.fault(solo.x, "close_before", times=-1)
    begun = []
    for hour in range(60):
        solo.run()
        if solo.head(3).event == "lost":
            begun.append(hour)
        solo.wait(H)
    assert solo.at(3) == ("failed", "too-many-attempts")
    assert len(begun) == 5
    gaps = [later - earlier for earlier, later in zip(begun, begun[1:])]
    assert gaps == sorted(gaps) and gaps[-1] >= 8  # 1, 2, 4, 8 hours after the attempt, as far as hourly runs can


def test_the_text_of_an_attempt_that_was_proved_absent_is_made_anew(solo):
    post = solo.publish()
    solo.fault(solo.x, "close_before")
    solo.run()
    for minutes in (3, 35):
        solo.wait(minutes * M)
        solo.run()
    assert solo.at(3) == ("pending", "absent-twice")
    assert solo.head(3).post is None
    solo.site.edit(post.number, solo.time.now)
    for _ in range(2):
        solo.wait()
        solo.run()
    assert "version 2" in solo.x.timeline()[0].text


# --- processes that die, sleep or come late -------------------------------------------------------------------------------------------------


def test_a_run_that_dies_before_its_intent_is_durable_has_sent_nothing(solo):
    solo.publish()
    solo.run_dying_at("ledger append sending")
    assert solo.out() == [] and solo.at(3) == ("pending", "planned")


def test_a_run_that_dies_in_the_middle_leaves_a_lease_and_then_an_unknown_that_is_found(solo):
    solo.publish()
    solo.run_dying_at("answered POST /2/tweets")
    assert solo.out() == [102]
    assert solo.at(3)[0] == "sending"
    solo.wait(5 * M)
    solo.run()
    assert solo.at(3)[0] == "sending"  # its lease may still be used
    solo.wait(6 * M)
    solo.run()
    assert solo.at(3) == ("published", "found")
    assert [str(life.event) for life in solo.life(3).revisions][-2:] == ["lease-over", "found"]
    assert solo.out() == [102]


def test_a_run_that_dies_before_the_first_byte_sends_later_and_once(solo):
    solo.publish()
    solo.run_dying_at("connect api.x.com")
    for _ in range(4):
        solo.wait()
        solo.run()
    assert solo.out() == [102]


def test_a_holder_that_slept_past_half_its_lease_does_not_send(solo, newsrooms):
    solo.publish()
    process = newsrooms.Watched()
    process.at["ledger appended sending"] = lambda: solo.wait(5 * M + timedelta(seconds=5))
    solo.run(process)
    assert solo.out() == []
    assert solo.at(3) == ("pending", "lease-slept")
    assert solo.head(3).attempts.count == 0
    solo.wait()
    solo.run()
    assert solo.out() == [102]


def test_an_acceptance_that_comes_after_the_lease_is_never_dropped(solo, newsrooms):
    """While the answer is on its way, another run ends the lease; the acceptance is recorded all the same."""
    solo.publish()
    process = newsrooms.Watched()

    def meanwhile():
        solo.fault(solo.x, "empty_timeline", "GET")
        solo.wait(11 * M)
        solo.run()
        assert solo.at(3)[0] == "unknown"

    process.at["answered POST /2/tweets"] = meanwhile
    solo.run(process)
    assert solo.at(3) == ("published", "late-acceptance")
    assert solo.head(3).remote_id == solo.x.timeline()[0].id
    assert solo.out() == [102]


def test_what_was_given_back_is_spent_after_all_when_the_acceptance_comes(solo, newsrooms):
    """A person looked too early and said that it isn't there; then the answer arrived."""
    solo.publish()
    process = newsrooms.Watched()

    def meanwhile():
        solo.fault(solo.x, "empty_timeline", "GET")
        solo.wait(11 * M)
        solo.run()
        verbs.resolve_absent(solo.office(), solo.story(3), verbs.Person("Ana"), target="x")
        solo.wait(M)
        assert solo.standing().spent == 0

    process.at["answered POST /2/tweets"] = meanwhile
    solo.run(process)
    assert solo.at(3) == ("published", "late-acceptance")
    assert solo.standing().spent == solo.head(3).cost == solo.x.spent == 200_000


def test_a_begin_of_a_clock_that_was_ahead_does_not_stay_until_then(solo):
    """A runner whose clock was ahead died over a post; the next one's clock is right."""
    solo.run()
    solo.publish()
    solo.time.offset = 45 * M
    solo.run_dying_at("ledger appended sending")
    solo.time.offset = timedelta(0)
    solo.run()
    assert solo.at(3)[0] == "unknown"
    for _ in range(3):
        solo.wait()
        solo.run()
    assert solo.at(3)[0] == "published"
    assert solo.out() == [102]


def test_a_stop_that_a_person_sets_in_the_middle_of_a_pass_holds_at_once(solo, newsrooms):
    solo.publish(2)
    process = newsrooms.Watched()
    stop = StopStanding("Ana", "", solo.time.now)
    process.at["answered POST"] = lambda: append_on_target(
        solo.ledger.reopen(writer="Ana"), EVERYWHERE, lambda standing: replace(standing, stop=stop)
    )
    solo.run(process)
    assert solo.out() == [102]
    assert solo.states() == {3: "published", 4: "pending"}
