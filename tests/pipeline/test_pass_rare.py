"""What a pass does in rarer cases: looking first, links that are down, faults of our own, races and intents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.core.delivery import Event, State, Todo, step
from crosspost.core.post import Fault, Refused, Unread
from crosspost.core.reason import Code, Reason
from crosspost.core.standing import StopStanding
from crosspost.core.story import Batch
from crosspost.desk.verbs import Person, approve, pause
from crosspost.pipeline.amend import finish_intents
from crosspost.pipeline.standings import append_on_target
from crosspost.platforms.base import Amended
from crosspost.sandbox.values import Answer

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def solo(newsrooms):
    """An installation on X alone."""
    return newsrooms.Newsroom(newsrooms.a_target("x")).begun()


def alerts(report):
    return {(alert.subject, str(alert.reason.code)) for alert in report.alerts}


# --- policy.look -----------------------------------------------------------------------------------------------------------


def test_with_look_what_stands_on_the_account_already_is_held(solo):
    solo.set("x", look=True)
    solo.publish(2)
    solo.x.put("By hand: https://www.example.org/story-102/?utm_source=newsletter", solo.time.now)
    report = solo.run()
    assert solo.at(3) == ("held", "posted-by-hand")
    assert solo.at(4) == ("published", "sent")
    assert ("#3 x", "posted-by-hand") in alerts(report)
    assert len([call for call in solo.x.log if call.method == "GET"]) == 1


def test_with_look_an_account_that_cannot_be_read_sends_nothing(solo):
    solo.set("x", look=True)
    solo.publish()
    solo.fault(solo.x, "5xx_before", "GET")
    solo.run()
    assert solo.out() == [] and solo.at(3)[0] == "pending"
    solo.wait()
    solo.run()
    assert solo.out() == [102]


def test_with_look_nothing_is_read_while_nothing_goes_out(solo):
    solo.set("x", look=True)
    solo.run()
    assert solo.x.log == []


# --- policy.check_link --------------------------------------------------------------------------------------------------------


def test_a_story_waits_while_its_link_does_not_answer(solo):
    solo.set("x", check_link=True)
    answers = {"status": 404}
    site = solo.hosts["www.example.org"]

    def handle(request, now):
        return site(request, now) if request.path == "/feed/" else Answer(answers["status"], (), b"<html></html>")

    solo.hosts["www.example.org"] = handle
    solo.publish()
    report = solo.run()
    assert solo.out() == []
    assert [str(item.reason.code) for item in report.prospects] == ["link-down"]
    answers["status"] = 200
    solo.wait()
    solo.run()
    assert solo.out() == [102]


def test_a_site_that_is_not_reached_lets_no_link_pass(solo):
    solo.set("x", check_link=True)
    solo.publish(age=2 * M)
    solo.run()
    solo.down.add("www.example.org")
    solo.wait()
    solo.run()
    assert solo.out() == []


# --- faults of our own, and platforms that surprise -----------------------------------------------------------------------------


class Clumsy:
    """An adapter whose every answer is the one that it was given."""

    def __init__(self, answer):
        self.answer = answer

    def publish(self, claim, picture):
        claim.spend()
        return self.answer

    def remove(self, remote_id):
        return self.answer

    def amend(self, remote_id, text):
        return self.answer

    def alive(self):
        return self.answer

    def find(self, since, control):
        return Unread(Reason.of("x.unreadable"))


def test_a_fault_of_our_own_has_failed_costs_nothing_and_is_not_tried_for_ever(solo):
    solo.adapters = {"x": Clumsy(Fault(Reason.of(Code.OWN_FAULT, kind="TypeError")))}
    solo.publish()
    report = solo.run()
    assert solo.at(3) == ("failed", "own-fault")
    assert solo.standing().spent == 0
    assert report.exit_code == 1
    solo.adapters = {}
    solo.wait()
    solo.run()
    assert solo.out() == []


# --- races --------------------------------------------------------------------------------------------------------------------------


def test_a_stop_between_choosing_and_beginning_holds(solo, newsrooms):
    solo.publish()
    process = newsrooms.Watched()
    stop = StopStanding("Ana", "", solo.time.now)
    process.at["ledger append sending"] = lambda: append_on_target(
        solo.ledger.reopen(writer="Ana"), "x", lambda standing: replace(standing, stop=stop)
    )
    solo.run(process)
    assert solo.out() == []
    assert solo.at(3) == ("pending", "planned")


def test_a_refusal_that_arrives_after_the_lease_changes_nothing(solo, newsrooms):
    solo.publish()
    solo.fault(solo.x, "answer", status=400, body=b'{"title": "Invalid Request", "detail": "No."}')
    process = newsrooms.Watched()

    def meanwhile():
        solo.fault(solo.x, "empty_timeline", "GET")
        solo.wait(11 * M)
        solo.run()

    process.at["answered POST /2/tweets"] = meanwhile
    solo.run(process)
    assert solo.at(3)[0] == "unknown"


def test_an_acceptance_that_somebody_has_found_already_is_not_recorded_twice(solo, newsrooms):
    solo.publish()
    process = newsrooms.Watched()

    def meanwhile():
        solo.wait(11 * M)
        solo.run()
        assert solo.at(3) == ("published", "found")

    process.at["answered POST /2/tweets"] = meanwhile
    solo.run(process)
    assert solo.at(3) == ("published", "found")
    assert solo.out() == [102]


def test_two_runs_that_end_the_same_lease_end_it_once(solo, newsrooms):
    solo.publish()
    solo.run_dying_at("answered POST /2/tweets")
    solo.wait(11 * M)
    process = newsrooms.Watched()
    process.at["ledger append unknown"] = lambda: solo.run()
    solo.run(process)
    events = [str(revision.event) for revision in solo.life(3).revisions]
    assert events.count("lease-over") == 1
    assert solo.out() == [102] and solo.at(3)[0] == "published"


def test_two_runs_at_once_take_one_claim_between_them(solo, newsrooms):
    """The other run sends all of it while the first one stands right before its begin."""
    solo.publish(2)
    process = newsrooms.Watched()
    process.at["ledger append sending"] = lambda: solo.run()
    solo.run(process)
    assert sorted(solo.out()) == [102, 103]


# --- intents that stand ---------------------------------------------------------------------------------------------------------------


def intend(room, todo, target="facebook"):
    """A person's intent that was recorded and not carried out (the command died)."""
    head = room.head(3, target)
    event = Event.RETRACT_INTENT if todo is Todo.RETRACT else Event.EDIT_INTENT
    code = Code.RETRACT_ASKED if todo is Todo.RETRACT else Code.EDIT_ASKED
    post = replace(head.post, text="Corrected words.") if todo is Todo.EDIT else head.post
    asked = step(
        head, event, State.PUBLISHED, at=room.time.now, reason=Reason.of(code, by="Ana"), by="Ana", todo=todo, post=post
    )
    assert room.ledger.append(Batch(revisions=(asked,)))


def test_an_intent_whose_command_died_is_carried_out_by_the_next_run(room):
    room.publish()
    room.run()
    intend(room, Todo.RETRACT, "x")
    intend(room, Todo.EDIT, "facebook")
    room.wait()
    room.run()
    assert room.at(3, "x") == ("retracted", "retracted") and room.out("x") == []
    assert room.at(3, "facebook") == ("published", "edit-done")
    assert room.facebook.timeline()[0].text == "Corrected words."


def test_a_change_that_the_platform_refuses_leaves_the_text_that_stands_there(room):
    room.publish()
    room.run()
    before = room.head(3, "facebook").post
    intend(room, Todo.EDIT)
    room.adapters = {"facebook": Clumsy(Refused(Reason.of("facebook.invalid")))}
    room.wait()
    room.run()
    head = room.head(3, "facebook")
    assert (str(head.state), head.todo, head.post) == ("published", None, before)
    assert head.reason.code == "facebook.invalid"


def test_a_change_that_is_not_confirmed_is_noted_once_and_told_when_it_lasts(room):
    room.publish()
    room.run()
    intend(room, Todo.EDIT)
    room.adapters = {"facebook": Clumsy(Unread(Reason.of("facebook.unreadable")))}
    told = []
    for hour in range(9):
        room.wait()
        if ("#3 facebook", "edit-unconfirmed") in alerts(room.run()):
            told.append(hour)
    assert room.at(3, "facebook") == ("published", "edit-unconfirmed")
    assert [str(r.event) for r in room.life(3, "facebook").revisions].count("edit-unconfirmed") == 1
    assert len(told) == 1 and told[0] >= 6
    room.adapters = {"facebook": Clumsy(Amended())}
    room.run()
    assert room.at(3, "facebook") == ("published", "edit-done")


def test_an_intent_on_an_account_without_keys_waits(room):
    room.publish()
    room.run()
    intend(room, Todo.RETRACT, "x")
    room.missing = {"x": ("X_API_KEY",)}
    room.wait()
    room.run()
    assert room.head(3, "x").todo is Todo.RETRACT and room.out("x") == [102]


def test_only_the_named_intent_is_carried_out(room):
    room.publish()
    room.run()
    intend(room, Todo.RETRACT, "x")
    intend(room, Todo.RETRACT, "facebook")
    office = room.office()
    (moved,) = finish_intents(office, room.head(3, "x").key)
    assert moved.key.target == "x"
    assert room.out("facebook") == [102]


def test_what_a_person_lets_go_although_it_stands_there_is_not_held_for_that_again(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x", look=True)).begun()
    room.publish(1)
    story = room.site.listed()[0]
    room.x.put(f"We wrote of it by hand: {story.link}", room.time.now)
    room.run()
    assert room.at(3) == ("held", "posted-by-hand")
    approve(room.office(), room.story(3), Person("Ana"))
    room.wait()
    room.run()
    assert room.at(3) == ("published", "sent")


def test_an_event_that_is_over_waits_for_a_person_and_goes_when_they_say_so(newsrooms, monkeypatch):
    import crosspost.pipeline.send as sending

    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    monkeypatch.setattr(sending, "over", lambda article, now, zone: True)
    room.publish(1)
    room.run()
    assert room.at(3) == ("held", "over") and not room.out()
    approve(room.office(), room.story(3), Person("Ana"))
    room.wait()
    room.run()
    assert room.at(3) == ("published", "sent")


def test_an_account_that_nobody_answers_for_is_told_and_after_six_hours_to_a_person(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.down.add("api.x.com")
    room.publish(1)
    first = room.run()
    assert first.exit_code == 0
    assert [(alert.reason.code, alert.subject) for alert in first.passing] == [("not-connected", "x")]
    told = []
    for _ in range(6):
        room.wait()
        told.append(room.run().exit_code)
    assert told == [0, 0, 0, 0, 0, 1]
    room.down.clear()
    room.wait()
    assert not room.run().passing and room.out() == [102]


def test_an_account_that_a_person_has_stopped_is_no_trouble_for_not_being_reached(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.down.add("api.x.com")
    room.publish(1)
    room.run()
    pause(room.office(), Person("Ana"), target="x")
    room.wait()
    assert not room.run().passing
