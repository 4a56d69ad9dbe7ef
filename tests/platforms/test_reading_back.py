"""Reading timelines, taking down, editing and the doctor, on both platforms, where things aren't as they should be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.core.reason import Reason
from crosspost.core.post import PauseKind, Picture, Post, Refused, Seen, Timeline, Unread, mint_claim
from crosspost.core.reason import Code
from crosspost.net.committing import Answer
from crosspost.platforms.base import Amended, Removed
from crosspost.platforms.facebook import timeline as facebook_timeline
from crosspost.platforms.x import timeline as x_timeline
from crosspost.sandbox.facebook import READ_SCOPES, WRITE_SCOPES, FacebookModel, FacebookOptions
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.values import FOREVER, Fault, FaultKind
from crosspost.sandbox.x import XModel, XOptions
from crosspost.testing.doubles import NOON, HandClock, ModelWire, a_world
from crosspost.testing.platform_contract import open_bench
from crosspost.platforms.loading import load_platforms

PLATFORMS = load_platforms()


class Account:
    def __init__(self, name, model, keys, clock=None):
        self.clock = clock or HandClock()
        self.model = model
        sandbox = Sandbox(x=(model,)) if name == "x" else Sandbox(facebook=(model,))
        world = a_world(ModelWire(sandbox, self.clock), self.clock)
        self.adapter = open_bench(PLATFORMS[name], world, "http://127.0.0.1", keys)

    def paths(self):
        return [entry.path for entry in self.model.log]


def x_account(token="4242-token", options=None):
    keys = {"API_KEY": "k", "API_KEY_SECRET": "ks", "ACCESS_TOKEN": token, "ACCESS_TOKEN_SECRET": "ts"}
    return Account("x", XModel("k", "ks", token, "ts", "4242", "ngo", options or XOptions()), keys)


def facebook_account(page="100200", **options):
    keys = {"PAGE_ID": page, "PAGE_ACCESS_TOKEN": "token"}
    return Account("facebook", FacebookModel("100200", "token", "NGO", FacebookOptions(**options)), keys)


def codes(findings):
    return {finding.reason.code: finding.ok for finding in findings}


# --- X


def x_page(*posts, meta=None, **more):
    body = {"data": list(posts), "meta": {"result_count": len(posts)} if meta is None else meta, **more}
    return Answer(200, (), json.dumps(body).encode())


def test_x_text_is_unescaped_and_its_short_links_put_back():
    post = {
        "id": "9",
        "text": "A &amp; B &lt;c&gt; https://t.co/abc and https://t.co/abcd https://t.co/pic",
        "created_at": "2026-03-01T10:00:00.000Z",
        "entities": {
            "urls": [
                {"url": "https://t.co/abc", "expanded_url": "https://example.org/?a=1&copy=2"},
                {
                    "url": "https://t.co/abcd",
                    "expanded_url": "https://example.org/b",
                    "unwound_url": "https://example.net/c",
                },
            ]
        },
    }
    page = x_timeline.page_of(x_page(post))
    assert page.posts == (
        Seen(
            "9",
            "https://x.com/i/status/9",
            datetime(2026, 3, 1, 10, tzinfo=UTC),
            "A & B <c> https://example.org/?a=1&copy=2 and https://example.org/b https://t.co/pic",
            ("https://example.org/?a=1&copy=2", "https://example.org/b", "https://example.net/c"),
        ),
    )


@pytest.mark.parametrize("name", ["note_tweet", "note_post"])
def test_x_a_long_text_is_read_whole_by_either_name(name):
    note = {
        "text": "Long https://t.co/z",
        "entities": {"urls": [{"url": "https://t.co/z", "expanded_url": "https://e.org/"}]},
    }
    page = x_timeline.page_of(x_page({"id": "1", "text": "Lo…", name: note}))
    assert (page.posts[0].text, page.posts[0].links) == ("Long https://e.org/", ("https://e.org/",))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, (), b"<html>"),
        Answer(200, (), b"{}"),
        Answer(200, (), b'{"data": []}'),
        Answer(200, (), b'{"meta": {}}'),
        Answer(200, (), b'{"data": {}, "meta": {"result_count": 0}}'),
        Answer(200, (), b'{"meta": {"result_count": 3}}'),
        x_page({"text": "no id"}),
        x_page("a word"),
        x_page({"id": "1"}, errors=[{"title": "Not Found"}]),
        Answer(503, (), x_page({"id": "1"}).body),
    ],
)
def test_x_a_page_that_cant_be_read_whole_is_none(answer):
    assert x_timeline.page_of(answer) is None


def test_x_an_empty_page_that_says_so_is_empty():
    assert x_timeline.page_of(Answer(200, (), b'{"meta": {"result_count": 0}}')) == x_timeline.Page((), "")


@pytest.mark.parametrize("date", ["", "yesterday", "2026-03-01T10:00:00", 7])
def test_x_a_date_that_cant_be_read_is_none(date):
    assert x_timeline.page_of(x_page({"id": "1", "created_at": date})).posts[0].at is None


def test_x_a_reading_of_hours_costs_few_posts():
    account = x_account()
    for number in range(40):
        account.model.put(f"by hand {number}", NOON - timedelta(hours=40 - number))
    timeline = account.adapter.find(NOON - timedelta(hours=2), frozenset())
    assert (timeline.read, timeline.to_end) == (10, False)


def test_x_a_reading_after_a_gap_of_days_goes_back_far():
    account = x_account()
    for number in range(300):
        account.model.put(f"by hand {number}", NOON - timedelta(hours=300 - number))
    timeline = account.adapter.find(NOON - timedelta(days=9), frozenset())
    assert (timeline.read, timeline.to_end) == (300, True)
    assert len(account.model.log) == 3


def test_x_a_known_post_that_was_taken_down_isnt_looked_for_for_ever():
    account = x_account()
    for number in range(90):
        account.model.put(f"by hand {number}", NOON - timedelta(hours=90 - number))
    timeline = account.adapter.find(NOON - timedelta(hours=1), frozenset({"1"}))
    assert (timeline.read, timeline.to_end) == (30, False)


def test_x_the_tokens_owner_is_read_where_the_token_doesnt_say_it():
    account = x_account(token="opaque")
    assert isinstance(account.adapter.find(NOON, frozenset()), Timeline)
    assert isinstance(account.adapter.find(NOON, frozenset()), Timeline)
    assert account.paths() == ["/2/users/me", "/2/users/4242/tweets", "/2/users/4242/tweets"]


def test_x_an_account_that_cant_be_read_is_unread():
    account = x_account(token="opaque")
    account.model.faults.add(Fault(FaultKind.EXPIRED_TOKEN, "GET"))
    unread = account.adapter.find(NOON, frozenset())
    assert isinstance(unread, Unread)
    assert (unread.reason.code, unread.pause.kind) == ("x.unauthorized", PauseKind.UNAUTHORIZED)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (FaultKind.SILENCE, Code.UNREAD),
        (FaultKind.CLOSE_BEFORE, Code.UNREAD),
        (FaultKind.HALF, Code.UNREAD),
        (FaultKind.UNAVAILABLE, Code.LOST),
        (FaultKind.HTML_AFTER, "x.unreadable"),
        (FaultKind.RATE_LIMIT, "x.rate-limit"),
        (FaultKind.NO_CREDIT, "x.no-credit"),
        (FaultKind.REDIRECT, Code.LOST),
    ],
)
def test_x_a_failed_reading_is_unread_with_its_reason(fault, code):
    account = x_account()
    account.model.faults.add(Fault(fault, "GET"))
    unread = account.adapter.find(NOON, frozenset())
    assert isinstance(unread, Unread)
    assert unread.reason.code == code


def test_x_a_trouble_on_a_later_page_spoils_the_whole_reading(monkeypatch):
    account = x_account()
    for number in range(30):
        account.model.put(f"by hand {number}", NOON + timedelta(minutes=number))
    account.clock.advance(timedelta(hours=1))
    whole, handle = account.adapter.find(NOON, frozenset()), account.model.handle

    def fail_on_the_second(request, now):
        if "pagination_token" in dict(request.query):
            account.model.faults.add(Fault(FaultKind.HTML, "GET"))
        return handle(request, now)

    monkeypatch.setattr(account.model, "handle", fail_on_the_second)
    assert (whole.read, whole.to_end) == (30, True)
    assert isinstance(account.adapter.find(NOON, frozenset()), Unread)


def test_x_posts_cant_be_edited():
    refused = x_account().adapter.amend("1", "other")
    assert isinstance(refused, Refused)
    assert refused.reason.code == "x.no-edit"


@pytest.mark.parametrize("fault", [FaultKind.CLOSE_AFTER, FaultKind.ERROR_AFTER, FaultKind.HTML_AFTER, FaultKind.HALF])
def test_x_a_retraction_without_a_clear_answer_is_unread(fault):
    account = x_account()
    identity = account.model.put("out", NOON)
    account.model.faults.add(Fault(fault, "DELETE"))
    assert isinstance(account.adapter.remove(identity), Unread)
    assert account.adapter.remove(identity) == Removed()


def test_x_a_404_of_an_edge_is_no_retraction():
    account = x_account()
    identity = account.model.put("out", NOON)
    account.model.faults.add(Fault(FaultKind.HTML, "DELETE", status=404))
    assert isinstance(account.adapter.remove(identity), Unread)


@pytest.mark.parametrize(
    "body", [b'{"data": {"deleted": false}}', b'{"data": {}}', b"{}", b'{"data": {"deleted": "yes"}}']
)
def test_x_not_deleted_is_no_retraction(body):
    account = x_account()
    account.model.faults.add(Fault(FaultKind.ANSWER, "DELETE", body=body))
    assert isinstance(account.adapter.remove("17"), Unread)


def test_x_an_id_that_is_none_reaches_no_address():
    account = x_account()
    assert isinstance(account.adapter.remove("../users/me"), Refused)
    assert account.model.log == []


@pytest.mark.parametrize(
    ("fault", "lives"),
    [
        (FaultKind.SUSPENDED, False),
        (FaultKind.EXPIRED_TOKEN, False),
        (FaultKind.UNAVAILABLE, None),
        (FaultKind.RATE_LIMIT, None),
    ],
)
def test_x_whether_an_account_lives_is_asked_by_a_read(fault, lives):
    account = x_account()
    account.model.faults.add(Fault(fault, times=FOREVER))
    told = account.adapter.alive()
    assert (told if isinstance(told, bool) else None) is lives
    assert account.paths() == ["/2/users/me"]


def test_x_the_doctor_tells_keys_that_may_only_read():
    found = codes(x_account(options=XOptions(access="read")).adapter.check())
    assert found == {"x.account": True, "x.read-only": False}


def test_x_the_doctor_tells_wrong_keys():
    account = x_account()
    account.model.faults.add(Fault(FaultKind.EXPIRED_TOKEN))
    assert codes(account.adapter.check()) == {"x.unauthorized": False}


@pytest.mark.parametrize(("name", "shown"), [("ngo_1", "ngo_1"), ("\x1b[2J", "?"), ("a" * 16, "?"), (None, "?")])
def test_x_the_accounts_name_is_shown_only_where_it_is_one(name, shown):
    account = x_account()
    body = json.dumps({"data": {"id": "4242", "username": name}}).encode()
    account.model.faults.add(Fault(FaultKind.ANSWER, "GET", body=body))
    found = account.adapter.check()
    assert found[0].reason.named == {"username": shown}
    assert codes(found) == {"x.account": True, "x.access-unknown": True}


# --- Facebook


def facebook_page(*posts, paging=None):
    return Answer(200, (), json.dumps({"data": list(posts), **({"paging": paging} if paging else {})}).encode())


def test_facebook_a_post_is_read_with_the_links_behind_facebooks_own():
    post = {
        "id": "1_2",
        "message": "News\n\n#LastGirlFirst",
        "created_time": "2026-03-01T10:00:00+0000",
        "permalink_url": "https://www.facebook.com/1/posts/2",
        "attachments": {
            "data": [{"url": "https://l.facebook.com/l.php?u=x", "unshimmed_url": "https://example.org/news"}]
        },
    }
    assert facebook_timeline.page_of(facebook_page(post)).posts == (
        Seen(
            "1_2",
            "https://www.facebook.com/1/posts/2",
            datetime(2026, 3, 1, 10, tzinfo=UTC),
            "News\n\n#LastGirlFirst",
            ("https://example.org/news", "https://l.facebook.com/l.php?u=x"),
        ),
    )


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, (), b"<html>"),
        Answer(200, (), b"{}"),
        Answer(200, (), b'{"data": {}}'),
        Answer(200, (), b'{"data": [], "error": {"code": 1}}'),
        facebook_page({"message": "no id"}),
        facebook_page(None),
        Answer(500, (), b'{"data": []}'),
    ],
)
def test_facebook_a_page_that_cant_be_read_whole_is_none(answer):
    assert facebook_timeline.page_of(answer) is None


def test_facebook_the_cursor_is_followed_and_never_the_address_with_the_token():
    more = {"next": "https://graph.facebook.com/x?access_token=t&after=B", "cursors": {"after": "B"}}
    assert facebook_timeline.page_of(facebook_page(paging=more)).after == "B"
    assert facebook_timeline.page_of(facebook_page(paging={"cursors": {"after": "B"}})).after == ""


def test_facebook_a_long_page_is_read_by_cursors():
    account = facebook_account()
    for number in range(230):
        account.model.put(f"by hand {number}", NOON - timedelta(hours=230 - number))
    timeline = account.adapter.find(NOON - timedelta(days=30), frozenset())
    assert (timeline.read, timeline.to_end) == (230, True)
    asked = [entry.request for entry in account.model.log if entry.path.endswith("published_posts")]
    assert len(asked) == 3
    assert "token" not in [name for request in asked for name, _ in request.query]


def test_facebook_an_empty_page_is_trusted_only_with_both_scopes():
    assert facebook_account().adapter.find(NOON, frozenset()).trusted
    for lost in READ_SCOPES:
        account = facebook_account(scopes=(WRITE_SCOPES | READ_SCOPES) - {lost})
        timeline = account.adapter.find(NOON, frozenset())
        assert timeline == Timeline((), to_end=True, trusted=False, read=0)


def test_facebook_a_reading_that_shows_a_known_post_is_trusted_without_asking():
    account = facebook_account()
    known = account.model.put("ours", NOON)
    assert account.adapter.find(NOON, frozenset({known})).trusted
    assert not account.adapter.find(NOON, frozenset({"100200_9"})).trusted
    assert "/v26.0/debug_token" not in account.paths()


@pytest.mark.parametrize(
    "body", [b"{}", b"<html>", b'{"data": {"is_valid": true}}', b'{"data": {"is_valid": true, "scopes": "all"}}']
)
def test_facebook_scopes_that_cant_be_read_prove_nothing(body):
    account = facebook_account()
    account.model.faults.add(Fault(FaultKind.ANSWER, "GET", "debug_token", body=body))
    assert not account.adapter.find(NOON, frozenset()).trusted


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (FaultKind.SILENCE, Code.UNREAD),
        (FaultKind.CODE1, Code.LOST),
        (FaultKind.HTML_AFTER, "facebook.unreadable"),
        (FaultKind.RATE_LIMIT, "facebook.rate-limit"),
        (FaultKind.EXPIRED_TOKEN, "facebook.token-expired"),
    ],
)
def test_facebook_a_failed_reading_is_unread_with_its_reason(fault, code):
    account = facebook_account()
    account.model.faults.add(Fault(fault, "GET"))
    unread = account.adapter.find(NOON, frozenset())
    assert isinstance(unread, Unread)
    assert unread.reason.code == code


def test_facebook_no_such_post_is_believed_from_the_pages_own_token_only():
    assert facebook_account().adapter.remove("100200_17") == Removed()
    persons = facebook_account(page_token=False)
    persons.model.faults.add(
        Fault(FaultKind.ANSWER, "DELETE", status=400, body=b'{"error": {"code": 100, "error_subcode": 33}}')
    )
    unread = persons.adapter.remove("100200_17")
    assert isinstance(unread, Unread)
    assert unread.reason.code == "facebook.not-page-token"


def test_facebook_a_404_of_an_edge_is_no_retraction():
    account = facebook_account()
    account.model.faults.add(Fault(FaultKind.HTML, "DELETE", status=404))
    assert isinstance(account.adapter.remove("100200_17"), Unread)


def test_facebook_an_edit_is_done_refused_or_unread():
    account = facebook_account()
    known = account.model.put("ours", NOON)
    assert account.adapter.amend(known, "Été") == Amended()
    assert account.model.timeline()[0].text == "Été"
    account.model.faults.add(Fault(FaultKind.CODE2_AFTER, "POST"))
    assert isinstance(account.adapter.amend(known, "two"), Unread)
    assert isinstance(account.adapter.amend("../me", "two"), Refused)


def test_facebook_an_edit_of_a_post_that_is_gone_is_refused_on_the_pages_own_word_only():
    assert facebook_account().adapter.amend("100200_17", "two") == Refused(Reason.of("facebook.gone"))
    persons = facebook_account(page_token=False)
    persons.model.faults.add(
        Fault(FaultKind.ANSWER, "POST", status=400, body=b'{"error": {"code": 100, "error_subcode": 33}}')
    )
    assert isinstance(persons.adapter.amend("100200_17", "two"), Unread)


def test_facebook_whether_a_page_lives():
    assert facebook_account().adapter.alive() is True
    assert facebook_account(expires_at=int(NOON.timestamp())).adapter.alive() is False
    account = facebook_account()
    account.model.faults.add(Fault(FaultKind.UNAVAILABLE))
    assert isinstance(account.adapter.alive(), Unread)


def test_facebook_the_doctor_finds_all_well():
    assert codes(facebook_account().adapter.check()) == {
        "facebook.page": True,
        "facebook.never-expires": True,
        "facebook.scopes": True,
    }


def test_facebook_the_doctor_tells_a_persons_token_and_another_page():
    assert codes(facebook_account(page_token=False).adapter.check()) == {"facebook.not-page-token": False}
    assert codes(facebook_account(page="999").adapter.check()) == {"facebook.not-page-token": False}


@pytest.mark.parametrize("days", [3, 30])
def test_facebook_the_doctor_tells_when_a_token_expires(days):
    ends = NOON + timedelta(days=days)
    found = facebook_account(expires_at=int(ends.timestamp())).adapter.check()
    (expiry,) = [finding for finding in found if finding.reason.code == "facebook.token-expires"]
    assert (expiry.ok, expiry.expires) == (True, ends)  # the settings say how soon is too soon


def test_facebook_the_doctor_tells_missing_permissions_and_the_end_of_data_access():
    account = facebook_account(scopes=WRITE_SCOPES, data_access_expires_at=int(NOON.timestamp()))
    found = account.adapter.check()
    (missing,) = [finding for finding in found if not finding.ok]
    assert missing.reason.code == "facebook.scopes-missing"
    assert missing.reason.named == {"missing": "pages_read_user_content"}
    (access,) = [finding for finding in found if finding.reason.code == "facebook.data-access"]
    assert access.reason.named == {"date": "2026-03-02"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"is_valid": True, "scopes": []}, "facebook.expiry-unknown"),
        ({"is_valid": True, "expires_at": "soon"}, "facebook.expiry-unknown"),
        ({"is_valid": True, "expires_at": -1}, "facebook.expiry-unknown"),
        ({"is_valid": True, "expires_at": 10**15}, "facebook.expiry-unknown"),
        ({"is_valid": False}, "facebook.token-invalid"),
        ({}, "facebook.token-invalid"),
        ([], "facebook.unreadable"),
    ],
)
def test_facebook_the_doctor_doubts_what_facebook_doesnt_say(data, code):
    account = facebook_account()
    account.model.faults.add(Fault(FaultKind.ANSWER, "GET", "debug_token", body=json.dumps({"data": data}).encode()))
    assert codes(account.adapter.check())[code] is False


def test_facebook_takes_no_pictures_yet_and_says_so():
    account = facebook_account()
    claim = mint_claim("s", "facebook", 2, Post("Hello", "", "", 5, 63_206), NOON)
    refused = account.adapter.publish(claim, Picture(b"", "image/png", ""))
    assert isinstance(refused, Refused)
    assert (refused.reason.code, account.model.log, claim.spent) == ("facebook.no-picture", [], False)


def test_facebook_a_retraction_that_finds_no_network_is_unread():
    account = facebook_account()
    account.model.faults.add(Fault(FaultKind.CLOSE_BEFORE))
    assert isinstance(account.adapter.remove("100200_17"), Unread)
    assert isinstance(account.adapter.remove("me"), Refused)


def test_facebook_reads_five_pages_and_no_more():
    account = facebook_account()
    for number in range(620):
        account.model.put(f"by hand {number}", NOON - timedelta(hours=620 - number))
    timeline = account.adapter.find(NOON - timedelta(days=60), frozenset())
    assert (timeline.read, timeline.to_end) == (500, False)


def test_facebook_a_doctors_reading_that_breaks_is_told():
    account = facebook_account()
    account.model.faults.add(Fault(FaultKind.CLOSE_BEFORE, "GET", "debug_token"))
    assert codes(account.adapter.check()) == {"facebook.page": True, "facebook.unreadable": False}


def test_x_reads_five_pages_after_a_gap_and_no_more():
    account = x_account()
    for number in range(620):
        account.model.put(f"by hand {number}", NOON - timedelta(hours=620 - number))
    timeline = account.adapter.find(NOON - timedelta(days=60), frozenset())
    assert (timeline.read, timeline.to_end) == (500, False)
