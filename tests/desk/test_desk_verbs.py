"""A person's decisions: where each is legal, what it changes, and what it says where it can't be done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.core.delivery import TABLE, Event, State
from crosspost.desk import amend, verbs
from crosspost.desk.find import find_story
from crosspost.desk.look import history, status, texts_now
from crosspost.desk.verbs import Person
from crosspost.errors import LedgerBusy, RequestError

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANA = Person("Ana", "because")


@pytest.fixture
def room(newsrooms):
    """An installation on X and Facebook that has made its baseline (stories 1 and 2)."""
    return newsrooms.Newsroom().begun()


@pytest.fixture
def held(room):
    """Story 3 is held for approval on both accounts."""
    for name in ("x", "facebook"):
        room.set(name, approval=True)
    room.publish()
    room.run()
    return room


def story_in(room, state, target="x"):
    """Story 3, brought to that state on X by what really happens."""
    match state:
        case State.HELD:
            room.set(target, approval=True)
        case State.UNKNOWN:
            room.fault(room.x, "close_before")
        case State.FAILED:
            room.fault(room.x, "answer", status=400, body=b'{"title": "Invalid Request", "detail": "No."}')
        case _:
            pass
    room.publish(age=2 * M if state in {State.PENDING, State.SKIPPED} else 20 * M)
    if state is State.SENDING:
        room.run_dying_at("answered POST /2/tweets")
    else:
        room.run()
    if state is State.SKIPPED:
        verbs.skip(room.office(), room.story(3), ANA, target=target)
    if state is State.RETRACTED:
        amend.retract(room.office(), room.story(3), ANA, target=target)
    assert room.head(3, target).state is state
    return room.story(3)


DOES = {
    "approve": (Event.APPROVE, lambda office, story: verbs.approve(office, story, ANA, target="x")),
    "skip": (Event.SKIP, lambda office, story: verbs.skip(office, story, ANA, target="x")),
    "retry": (Event.RETRY, lambda office, story: verbs.retry(office, story, ANA, target="x")),
    "published": (
        Event.RESOLVE_PUBLISHED,
        lambda office, story: verbs.resolve_published(office, story, "https://x.com/a/status/77", ANA, target="x"),
    ),
    "absent": (Event.RESOLVE_ABSENT, lambda office, story: verbs.resolve_absent(office, story, ANA, target="x")),
    "time": (Event.EDIT, lambda office, story: amend.edit_time(office, story, office.world.clock.now() + D, ANA)),
    "retract": (Event.RETRACT_INTENT, lambda office, story: amend.retract(office, story, ANA, target="x")),
}


@pytest.mark.parametrize("verb", DOES)
@pytest.mark.parametrize("state", State)
def test_every_verb_acts_where_the_table_lets_it_and_nowhere_else(newsrooms, verb, state):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, state)
    event, act = DOES[verb]
    before = room.head(3)
    if (state, event) in TABLE:
        (done,) = act(room.office(), story)
        assert done.delivery == room.head(3)
        assert done.delivery.by == "Ana" or done.delivery.event is Event.RETRACT_DONE
        assert before.rev < done.delivery.rev
    else:
        with pytest.raises(RequestError) as refused:
            act(room.office(), story)
        assert refused.value.code == "not-legal"
        assert f"x: {state}" in refused.value.message and "#3" in refused.value.message
        assert room.head(3) == before


def test_a_verb_acts_on_every_target_where_it_is_legal_and_target_narrows(held):
    office = held.office()
    (done,) = verbs.approve(office, held.story(3), ANA, target="facebook")
    assert done.delivery.key.target == "facebook"
    (done,) = verbs.approve(office, held.story(3), ANA)  # the other one is approved already
    assert done.delivery.key.target == "x"
    held.run()
    assert held.out("x") == held.out("facebook") == [102]


def test_a_target_that_is_not_in_the_settings_is_named_and_so_are_those_that_are(held):
    with pytest.raises(RequestError, match="mastodon") as refused:
        verbs.skip(held.office(), held.story(3), ANA, target="mastodon")
    assert refused.value.code == "target-unknown" and "x, facebook" in refused.value.hint


def test_who_decided_and_why_is_kept(held):
    verbs.skip(held.office(), held.story(3), ANA, target="x")
    verbs.skip(held.office(), held.story(3), Person("Ben"), target="facebook")
    assert (held.head(3, "x").by, held.head(3, "x").reason.named) == ("Ana", {"by": "Ana", "why": "because"})
    assert held.head(3, "facebook").reason.named == {"by": "Ben"}


# --- approve -----------------------------------------------------------------------------------------------------------------


def code_of(room, target="x", number=3):
    (item,) = texts_now(room.office(), room.story(number), target=target)
    return item.code


def test_what_is_approved_goes_out_with_exactly_that_text_whatever_the_settings_become(held):
    (item,) = texts_now(held.office(), held.story(3), target="x")
    verbs.approve(held.office(), held.story(3), ANA, target="x", code=item.code)
    x = held.settings.targets[0]
    changed = replace(x, copy=replace(x.copy, template="{title}\n{link}"))
    held.settings = replace(held.settings, targets=(changed, held.settings.targets[1]))
    held.wait()
    held.run()
    assert held.x.timeline()[0].text == item.post.text


def test_a_code_names_one_text_on_one_account(held):
    assert code_of(held, "x") != code_of(held, "facebook")
    (done,) = verbs.approve(held.office(), held.story(3), ANA, code=code_of(held, "x"))
    assert done.delivery.key.target == "x"
    assert held.at(3, "facebook") == ("held", "approval")


def test_a_stale_code_is_refused_and_the_code_of_now_is_told(held):
    stale = code_of(held)
    held.site.edit(102, held.time.now)
    held.wait()
    held.run()
    with pytest.raises(RequestError) as refused:
        verbs.approve(held.office(), held.story(3), ANA, code=stale)
    assert refused.value.code == "code-stale" and code_of(held) in refused.value.message
    assert held.at(3)[0] == "held"
    verbs.approve(held.office(), held.story(3), ANA, code=code_of(held))
    assert held.at(3) == ("pending", "approved")


def test_a_text_that_changes_while_it_is_approved_is_refused_as_another_text(held, newsrooms):
    process, shown = newsrooms.Watched(), code_of(held)

    def change():
        held.site.edit(102, held.time.now)
        held.wait()
        held.run()

    process.at["ledger append"] = change
    with pytest.raises(RequestError) as refused:
        verbs.approve(held.office(process), held.story(3), ANA, code=shown)
    assert refused.value.code == "code-stale" and code_of(held) in refused.value.message
    assert held.at(3)[0] == "held"


def test_an_approved_story_that_changes_is_held_again_and_the_new_text_is_shown(held):
    verbs.approve(held.office(), held.story(3), ANA, target="x")
    held.set("x", settle=D)  # it waits, so that the change comes before it goes out
    held.site.edit(102, held.time.now)
    held.time.now += M
    room = held
    room.run(wish=room.Wish(only="nothing"))
    assert room.at(3) == ("held", "changed-since")
    (item,) = texts_now(room.office(), room.story(3), target="x")
    assert "version 2" in item.post.text


def test_approve_all_names_what_is_held_for_approval_or_by_the_flood_brake(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x", hold=("part 102",)), newsrooms.a_target("facebook")).begun()
    room.publish()
    room.run()
    room.set("facebook", approval=True)
    room.wait()
    room.publish()
    room.run()
    room.wait()
    room.publish(7)
    room.run()
    listed = {(record.story.number, record.delivery.key.target) for record in verbs.approvable(room.office())}
    flooded = {(number, name) for number in range(5, 12) for name in ("x", "facebook")}
    assert listed == {(4, "facebook"), *flooded}
    for record in verbs.approvable(room.office()):
        verbs.approve(room.office(), record.story, ANA, target=record.delivery.key.target)
    for _ in range(4):
        room.wait()
        room.run()
    assert sorted(room.out("facebook")) == list(range(102, 111))
    assert sorted(room.out("x")) == list(range(103, 111))
    assert room.at(3, "x") == ("held", "hold-word")


def test_a_delivery_that_paused_its_target_twice_may_try_again_once_it_is_approved(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.publish()
    room.fault(room.x, "expired_token", times=2)
    for _ in range(2):
        room.run()
        room.wait(H + M)
    assert room.at(3) == ("held", "paused-twice")
    verbs.approve(room.office(), room.story(3), ANA)
    verbs.resume(room.office(), target="x")
    room.run()
    assert room.out() == [102]


# --- skip, resolve, retry --------------------------------------------------------------------------------------------------------


def test_what_is_skipped_never_goes_out(held):
    verbs.skip(held.office(), held.story(3), ANA)
    for _ in range(3):
        held.site.edit(102, held.time.now)
        held.wait()
        held.run()
    assert held.out("x") == held.out("facebook") == []


def test_an_unknown_that_is_skipped_may_be_out_and_its_money_stays_reserved(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, State.UNKNOWN)
    verbs.skip(room.office(), story, ANA)
    assert room.at(3) == ("skipped", "may-be-out")
    assert room.standing().spent == 200_000
    room.wait()
    room.run()
    assert room.at(3) == ("skipped", "may-be-out")


def test_retry_of_one_that_may_be_out_looks_for_it_first(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.fault(room.x, "close_after")
    room.publish()
    room.run()
    verbs.skip(room.office(), room.story(3), ANA)
    room.wait()
    verbs.retry(room.office(), room.story(3), ANA)
    assert room.at(3) == ("unknown", "retried")
    room.run()
    assert room.at(3) == ("published", "found")
    assert room.out() == [102]


def test_a_retried_one_that_nobody_knows_of_is_told_as_unknown_and_not_as_taken_up(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.fault(room.x, "close_after")
    room.publish()
    room.run()
    verbs.skip(room.office(), room.story(3), ANA)
    verbs.retry(room.office(), room.story(3), ANA)
    room.fault(room.x, "close_before", "GET")
    assert "lost" in {alert.reason.code for alert in room.run().passing}
    assert room.at(3) == ("unknown", "retried")


def test_retry_of_what_failed_sends_it_and_its_attempts_count_anew(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, State.FAILED)
    verbs.retry(room.office(), story, ANA)
    assert room.head(3).attempts.count == 0
    room.run()
    assert room.out() == [102]


def test_retry_of_what_was_taken_down_publishes_it_anew(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, State.RETRACTED)
    assert room.out() == []
    room.wait()
    room.run()
    assert room.out() == []  # not news by itself
    verbs.retry(room.office(), story, ANA)
    room.run()
    assert room.out() == [102]


def test_retry_of_a_baseline_story_publishes_it_as_long_as_it_is_listed(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    verbs.retry(room.office(), room.story(2), ANA)
    assert room.at(2) == ("pending", "retried")
    room.run()
    assert room.out() == [101]


def test_retry_of_a_baseline_story_that_no_feed_lists_any_more_says_so(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.settings = replace(room.settings, max_pages=0)  # no older page is read that would list it still
    room.publish(10, age=D)
    with pytest.raises(RequestError) as refused:
        verbs.retry(room.office(), room.story(1), ANA)
    assert refused.value.code == "not-listed"
    assert room.at(1) == ("skipped", "baseline")


def test_a_baseline_that_is_not_listed_on_one_account_keeps_no_other_from_being_tried_again(newsrooms):
    x, facebook = newsrooms.a_target("x", flood=50), newsrooms.a_target("facebook", flood=50)
    room = newsrooms.Newsroom(x).begun()
    story_in(room, State.FAILED)
    room.settings = replace(room.settings, targets=(x, facebook), max_pages=0)
    room.wait()
    room.run()
    assert room.at(3, "facebook") == ("skipped", "baseline")
    room.publish(10, age=H)
    (done,) = verbs.retry(room.office(), room.story(3), ANA)
    assert (done.delivery.key.target, str(done.delivery.state)) == ("x", "pending")


def test_resolve_published_keeps_the_address_and_the_platforms_id(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, State.UNKNOWN)
    url = " https://x.com/ngo/status/1234567890123456789?s=20 "
    (done,) = verbs.resolve_published(room.office(), story, url, ANA)
    assert (done.delivery.url, done.delivery.remote_id) == (url.strip(), "1234567890123456789")
    assert done.delivery.out_at == done.delivery.attempts.last


def test_an_address_without_an_id_is_kept_as_it_is(held):
    url = "https://www.facebook.com/ngo/posts/pfbid0abc"
    (done,) = verbs.resolve_published(held.office(), held.story(3), url, ANA, target="facebook")
    assert (done.delivery.url, done.delivery.remote_id) == (url, "")


def test_a_post_on_a_page_is_known_by_the_id_that_a_reading_shows(held):
    url = "https://www.facebook.com/ngo/posts/an-open-letter/123456"
    (done,) = verbs.resolve_published(held.office(), held.story(3), url, ANA, target="facebook")
    assert done.delivery.remote_id == "100200300400500_123456"


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("x", "https://www.facebook.com/ngo/posts/123456"),
        ("x", "https://x.com/ngo"),
        ("x", "https://www.example.org/status/123"),
        ("facebook", "https://x.com/ngo/status/123"),
        ("facebook", "https://www.facebook.com/999_456"),  # another Page's
        ("facebook", "https://www.facebook.com/"),
    ],
)
def test_an_address_of_another_account_is_refused(held, target, url):
    with pytest.raises(RequestError) as refused:
        verbs.resolve_published(held.office(), held.story(3), url, ANA, target=target)
    assert refused.value.code == "not-its-address"
    assert held.at(3, target)[0] == "held"


def test_another_storys_post_is_refused(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.publish()
    room.run()
    out = room.head(3).url
    room.set("x", approval=True)
    room.publish()
    room.run()
    with pytest.raises(RequestError) as refused:
        verbs.resolve_published(room.office(), room.story(4), out, ANA)
    assert refused.value.code == "others-post"


@pytest.mark.parametrize("url", ["", "yes", "ftp://example.org/1", "https://", "javascript:alert(1)"])
def test_what_is_no_address_of_a_post_is_refused(held, url):
    with pytest.raises(RequestError) as refused:
        verbs.resolve_published(held.office(), held.story(3), url, ANA)
    assert refused.value.code == "not-an-address"


def test_resolve_absent_sends_it_again_and_gives_the_money_back(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, State.UNKNOWN)
    verbs.resolve_absent(room.office(), story, ANA)
    assert room.standing().spent == 0
    assert (room.head(3).attempts.count, room.head(3).post) == (0, None)
    room.run()
    assert room.out() == [102]
    assert room.standing().spent == 200_000


# --- edit, retract ----------------------------------------------------------------------------------------------------------------


def test_an_edited_text_is_what_goes_out(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x"), newsrooms.a_target("facebook")).begun()
    story_in(room, State.PENDING)
    amend.edit_text(room.office(), room.story(3), " Other words. ", ANA, target="x")
    room.wait()
    room.run()
    assert room.x.timeline()[0].text == "Other words."
    assert "version 1" in room.facebook.timeline()[0].text


def test_an_edited_story_that_was_held_stays_held_for_its_reason(held):
    amend.edit_text(held.office(), held.story(3), "Other words.", ANA, target="x")
    assert held.at(3) == ("held", "approval")
    held.site.edit(102, held.time.now)
    held.wait()
    held.run()
    assert held.at(3) == ("held", "changed-since")
    (item,) = texts_now(held.office(), held.story(3), target="x")
    assert item.post.text == "Other words."


@pytest.mark.parametrize(("text", "code"), [("  ", "text-empty"), ("word " * 100, "text-too-long")])
def test_a_text_that_cannot_go_out_is_refused(held, text, code):
    with pytest.raises(RequestError) as refused:
        amend.edit_text(held.office(), held.story(3), text, ANA, target="x")
    assert refused.value.code == code


def test_a_text_is_for_one_account(held):
    with pytest.raises(RequestError) as refused:
        amend.only_target(held.office(), held.story(3), "")
    assert refused.value.code == "target-needed"
    assert amend.only_target(held.office(), held.story(3), "facebook") == "facebook"
    verbs.skip(held.office(), held.story(3), ANA, target="x")
    assert amend.only_target(held.office(), held.story(3), "") == "facebook"
    with pytest.raises(RequestError):
        amend.edit_text(held.office(), held.story(3), "Words.", ANA, target="nowhere")


def test_a_post_on_facebook_is_changed_afterwards_and_one_on_x_is_not(room):
    room.publish()
    room.run()
    (done,) = amend.edit_text(room.office(), room.story(3), "Corrected words.", ANA, target="facebook")
    assert (str(done.delivery.state), done.delivery.todo) == ("published", None)
    assert room.facebook.timeline()[0].text == "Corrected words."
    with pytest.raises(RequestError) as refused:
        amend.edit_text(room.office(), room.story(3), "Corrected words.", ANA, target="x")
    assert refused.value.code == "no-edit"


def test_another_time_is_waited_for(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    story = story_in(room, State.PENDING)
    amend.edit_time(room.office(), story, room.time.now + 3 * H, ANA)
    room.wait(2 * H)
    room.run()
    assert room.out() == []
    room.wait(H + M)
    room.run()
    assert room.out() == [102]


def test_a_retraction_whose_answer_is_lost_is_tried_again_by_the_next_run(room):
    room.publish()
    room.run()
    room.fault(room.x, "close_before", "DELETE")
    (done,) = amend.retract(room.office(), room.story(3), ANA, target="x")
    assert (str(done.delivery.state), done.delivery.reason.code) == ("published", "retract-unconfirmed")
    assert room.out("x") == [102]
    room.wait()
    report = room.run()
    assert room.at(3, "x") == ("retracted", "retracted")
    assert room.out("x") == [] and room.out("facebook") == [102]
    assert {str(item.state) for item in report.prospects} == {"retracted"}


def test_a_new_text_takes_no_unfinished_retractions_place(room):
    room.publish()
    room.run()
    room.fault(room.facebook, "close_before", "DELETE")
    amend.retract(room.office(), room.story(3), ANA, target="facebook")
    with pytest.raises(RequestError, match="#3 is being taken down on facebook") as refused:
        amend.edit_text(room.office(), room.story(3), "Other words", ANA, target="facebook")
    assert refused.value.code == "not-legal"
    room.wait()
    room.run()
    assert room.at(3, "facebook") == ("retracted", "retracted") and room.out("facebook") == []


def test_taking_down_what_is_gone_already_is_done(room):
    room.publish()
    room.run()
    room.fault(room.x, "close_after", "DELETE")
    amend.retract(room.office(), room.story(3), ANA, target="x")
    room.wait()
    room.run()
    assert room.at(3, "x") == ("retracted", "retracted")


# --- pause, resume --------------------------------------------------------------------------------------------------------------------


def test_a_pause_everywhere_stops_sending_while_reading_and_planning_go_on(room):
    verbs.pause(room.office(), ANA)
    room.publish()
    report = room.run()
    assert room.out("x") == room.out("facebook") == []
    assert room.at(3) == ("pending", "planned")
    assert {str(item.reason.code) for item in report.prospects} == {"stopped"}
    assert {target.reason.named["by"] for target in report.targets} == {"Ana"}
    assert report.exit_code == 0
    verbs.resume(room.office())
    room.run()
    assert room.out("x") == room.out("facebook") == [102]


def test_a_pause_on_one_target_leaves_the_other_alone_and_ends_at_its_time(room):
    verbs.pause(room.office(), ANA, target="x", until=room.time.now + 90 * M)
    room.publish()
    room.run()
    assert room.out("x") == [] and room.out("facebook") == [102]
    room.wait()
    room.run()
    assert room.out("x") == []
    room.wait()
    room.run()
    assert room.out("x") == [102]


def test_resume_of_a_target_leaves_a_stop_of_everything_and_the_other_way_round_ends_both(room):
    verbs.pause(room.office(), ANA)
    verbs.pause(room.office(), ANA, target="x")
    verbs.resume(room.office(), target="x")
    room.publish()
    room.run()
    assert room.out("x") == []
    verbs.pause(room.office(), ANA, target="x")
    verbs.resume(room.office())
    room.run()
    assert room.out("x") == [102]


def test_resume_ends_the_machines_own_pause_at_once(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x")).begun()
    room.publish()
    room.fault(room.x, "expired_token")
    room.run()
    verbs.resume(room.office(), target="x")
    room.run()
    assert room.out() == [102]


@pytest.mark.parametrize(
    "act", [lambda office: verbs.pause(office, ANA, target="y"), lambda o: verbs.resume(o, target="y")]
)
def test_a_pause_of_an_unknown_target_is_refused(room, act):
    with pytest.raises(RequestError) as refused:
        act(room.office())
    assert refused.value.code == "target-unknown"


def test_a_verb_that_others_keep_racing_gives_way(held):
    class Racing:
        """A ledger to which somebody else was first, always."""

        def __init__(self, inner):
            self._inner = inner

        def __getattr__(self, name):
            return getattr(self._inner, name)

        def append(self, batch):
            return None

    office = held.office()
    busy = replace(office, ledger=Racing(office.ledger))
    for act in (
        lambda: verbs.skip(busy, held.story(3), ANA),
        lambda: verbs.pause(busy, ANA),
    ):
        with pytest.raises(LedgerBusy):
            act()


# --- which story is meant ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["3", "#3", " 3 ", "https://www.example.org/story-102/", "http://example.org/story-102?utm_source=x", "PART 102"],
)
def test_a_story_is_named_by_number_link_or_a_piece_of_its_title(held, name):
    assert find_story(held.ledger, name).number == 3


@pytest.mark.parametrize("name", ["99", "https://example.org/nowhere/", "no such words", "", "#", "٣"])
def test_what_names_no_story_says_so(held, name):
    with pytest.raises(RequestError) as refused:
        find_story(held.ledger, name)
    assert refused.value.code == "story-unknown"


def test_an_ambiguous_name_lists_the_choices(room):
    for _ in range(10):
        room.wait()
        room.publish(age=D)
        room.run()
    with pytest.raises(RequestError) as refused:
        find_story(room.ledger, "part")
    assert refused.value.code == "story-ambiguous"
    assert "12 stories" in refused.value.message and "… and 2 more" in refused.value.message
    assert "  3  " in refused.value.message


def test_a_name_with_a_code_names_both(held):
    code = code_of(held)
    story, named = verbs.named(held.office(), f"#{code}")
    assert (story.number, named) == (3, code)
    assert verbs.named(held.office(), "3")[1] == ""
    with pytest.raises(RequestError):
        verbs.named(held.office(), "ana@example.org")


# --- looking ----------------------------------------------------------------------------------------------------------------------------------


def test_status_shows_what_is_open_and_reads_neither_feed_nor_account(held):
    reads, calls = held.site.reads, len(held.x.log)
    seen = status(held.office())
    assert {(item.record.story.number, str(item.state)) for item in seen.prospects} == {(3, "held")}
    assert [feed.status for feed in seen.feeds] == ["ok"]
    assert (held.site.reads, len(held.x.log)) == (reads, calls)
    assert len(status(held.office(), everything=True).prospects) == 6


def test_status_tells_what_is_spent_and_what_is_reserved(newsrooms):
    room = newsrooms.Newsroom(newsrooms.a_target("x", budget=10_000_000)).begun()
    room.publish(2)
    room.fault(room.x, "close_before")
    room.run()
    (money,) = status(room.office()).money
    assert (money.spent, money.reserved, money.budget) == (0, 200_000, 10_000_000)


def test_history_has_all_but_baseline_newest_first_and_one_storys_whole_life(held):
    held.wait()
    verbs.skip(held.office(), held.story(3), ANA, target="x")
    shown = history(held.office())
    assert [(item.record.story.number, item.record.delivery.key.target) for item in shown][0] == (3, "x")
    assert {item.record.story.number for item in shown} == {3}
    assert {item.record.story.number for item in history(held.office(), everything=True)} == {1, 2, 3}
    (first, _) = history(held.office(), held.story(3))
    assert [str(revision.event) for revision in first.revisions] == ["plan", "skip"]
