"""X's model: what it takes, what it refuses, what it shows."""

from __future__ import annotations

import base64
import html
import json
from datetime import timedelta

import pytest

from crosspost.sandbox.values import Fault, FaultKind, Request

LINK = "https://www.example.org/a-story/?x=1&y=2"
PNG = b"\x89PNG\r\n\x1a\n" + b"\r\n--\r\n" * 3


def read(answer):
    return json.loads(answer.body)


def test_a_post_is_answered_with_201_and_stands_in_the_timeline(x):
    answer = x.post("Good news for the girls of Dakar")
    assert answer.status == 201
    data = read(answer)["data"]
    assert data["text"] == "Good news for the girls of Dakar"
    shown = read(x.timeline())
    assert [post["id"] for post in shown["data"]] == [data["id"]]
    assert shown["meta"]["result_count"] == 1
    assert [standing.id for standing in x.model.timeline()] == [data["id"]]
    assert x.model.log[0].accepted == data["id"]


def test_a_link_comes_back_as_t_co_and_its_entity_leads_home(x):
    x.post(f"Tom & Ann <3 {LINK} and more")
    post = read(x.timeline())["data"][0]
    assert LINK not in post["text"]
    assert post["text"].startswith("Tom &amp; Ann &lt;3 https://t.co/")
    [entity] = post["entities"]["urls"]
    assert entity["expanded_url"] == LINK
    assert post["text"][entity["start"] : entity["end"]] == entity["url"]
    assert "unwound_url" not in entity
    assert html.unescape(post["text"]).replace(entity["url"], LINK) == f"Tom & Ann <3 {LINK} and more"


def test_two_links_have_an_entity_each_and_different_short_addresses(x):
    x.post(f"{LINK} {LINK}")
    first, second = read(x.timeline())["data"][0]["entities"]["urls"]
    assert first["url"] != second["url"]
    assert first["end"] < second["start"]


def test_a_host_without_a_scheme_becomes_a_link_and_is_paid_as_one(x):
    x.post("see example.org today")
    assert read(x.timeline())["data"][0]["entities"]["urls"][0]["expanded_url"] == "http://example.org"
    assert x.model.spent == 200_000 + 1_000


def test_a_redirecting_link_has_an_unwound_address_where_x_knows_it(make_x):
    x = make_x(unwound={LINK: "https://www.example.org/new/"})
    x.post(LINK)
    assert read(x.timeline())["data"][0]["entities"]["urls"][0]["unwound_url"] == "https://www.example.org/new/"


def test_text_is_kept_in_nfc(x):
    x.post("re\u0301gion")
    assert read(x.timeline())["data"][0]["text"] == "r\u00e9gion"


def test_a_text_over_280_is_refused_with_403(x):
    assert x.post("é" * 281).status == 403
    assert x.post("é" * 280).status == 201
    assert [logged.accepted != "" for logged in x.model.log] == [False, True]


def test_a_premium_account_may_write_more_and_its_whole_text_is_in_note_tweet(make_x):
    x = make_x(premium=True)
    text = "word " * 100 + LINK
    assert x.post(text).status == 201
    post = read(x.timeline())["data"][0]
    assert post["text"].endswith("…")
    assert "entities" not in post
    [entity] = post["note_tweet"]["entities"]["urls"]
    assert post["note_tweet"]["text"].replace(entity["url"], LINK) == text
    new_names = read(x.timeline(**{"tweet.fields": "id", "post.fields": "id"}))
    assert "note_tweet" not in new_names["data"][0]


def test_the_names_of_the_newer_spec_are_taken_too(make_x):
    x = make_x(premium=True)
    x.post("word " * 100)
    query = {"post.fields": "note_post,created_at", "max_results": "5"}
    post = read(x("GET", "/2/users/42/tweets", query))["data"][0]
    assert set(post) == {"id", "text", "edit_history_post_ids", "note_post", "created_at"}


def test_the_same_text_again_is_a_duplicate_that_names_no_post(x):
    x.post("Once")
    x.wait(minutes=5)
    answer = x.post("Once")
    assert answer.status == 403
    assert read(answer) == {
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
    }
    assert [logged.accepted != "" for logged in x.model.log] == [True, False]
    x.wait(hours=25)
    assert x.post("Once").status == 201


def test_the_same_text_in_other_code_points_is_a_duplicate_and_weighs_the_same(x):
    assert x.post("r\u00e9gion").status == 201
    assert x.post("re\u0301gion").status == 403


def test_the_duplicate_check_can_let_one_through(make_x):
    x = make_x(refuse_repeats=False)
    assert [x.post("Once").status, x.post("Once").status] == [201, 201]
    assert len(x.model.timeline()) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a", "hello": 1},
        {"text": 3},
        {},
        {"text": "  "},
        {"media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": ["99"]}},
        ["text"],
    ],
)
def test_a_body_that_the_spec_forbids_is_a_400_that_posts_nothing(x, body):
    answer = x("POST", "/2/tweets", body=body)
    assert answer.status == 400
    assert read(answer)["type"].endswith("/invalid-request")
    assert x.model.timeline() == ()


def test_a_form_body_is_not_taken_for_json(x):
    assert x("POST", "/2/tweets", raw=b"text=hello", kind="text/plain").status == 400


def test_replies_quotes_and_two_cashtags_are_refused(x):
    assert x.post("a", reply={"in_reply_to_tweet_id": "1"}).status == 403
    assert x.post("a", quote_tweet_id="1").status == 403
    assert x.post("$ABC and $DEF").status == 403
    assert x.post("$ABC and 5$ and $20").status == 201


def test_the_timeline_is_newest_first_and_paged_by_token(x):
    ids = []
    for number in range(12):
        ids.append(read(x.post(f"Post {number}"))["data"]["id"])
        x.wait(minutes=1)
    one = read(x.timeline(max_results="5"))
    two = read(x.timeline(max_results="5", pagination_token=one["meta"]["next_token"]))
    three = read(x.timeline(max_results="5", pagination_token=two["meta"]["next_token"]))
    got = [post["id"] for part in (one, two, three) for post in part["data"]]
    assert got == ids[::-1]
    assert "next_token" not in three["meta"]
    assert "previous_token" in three["meta"]


def test_start_time_leaves_out_what_is_older(x):
    x.post("Old")
    x.wait(hours=1)
    x.post("New")
    start = f"{x.at - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert [post["text"] for post in read(x.timeline(start_time=start))["data"]] == ["New"]
    assert [post["text"] for post in read(x.timeline(end_time=start))["data"]] == ["Old"]


def test_an_empty_timeline_has_no_data_key(x):
    assert read(x.timeline()) == {"meta": {"result_count": 0}}


@pytest.mark.parametrize(
    "query",
    [
        {"max_results": "4"},
        {"max_results": "101"},
        {"max_results": "many"},
        {"start_time": "2026-11-24T08:00:00+00:00"},
        {"tweet.fields": "created_at,hello"},
        {"hello": "1"},
        {"pagination_token": "zzz"},
    ],
)
def test_a_parameter_that_x_does_not_take_is_a_400(x, query):
    assert x.timeline(**query).status == 400


def test_a_young_post_does_not_show_until_the_lag_is_over(make_x):
    x = make_x(lag=timedelta(minutes=14))
    x.post("Slow")
    x.wait(minutes=13)
    assert read(x.timeline())["meta"]["result_count"] == 0
    assert len(x.model.timeline()) == 1
    x.wait(minutes=1)
    assert read(x.timeline())["meta"]["result_count"] == 1


def test_an_unknown_user_has_no_posts_and_an_unknown_path_no_page(x):
    x.post("a")
    assert read(x("GET", "/2/users/43/tweets", {"max_results": "5"}))["meta"]["result_count"] == 0
    assert x("GET", "/2/nothing").status == 404
    assert x("PUT", "/2/tweets").status == 404


def test_me_tells_who_and_what_the_token_may_do(make_x):
    x = make_x(access="read", name="NGO", premium=True)
    answer = x("GET", "/2/users/me", {"user.fields": "verified_type,subscription_type"})
    assert read(answer)["data"]["id"] == "42"
    assert read(answer)["data"]["subscription_type"] == "Premium"
    assert answer.header("x-access-level") == "read"
    refused = x.post("a")
    assert (refused.status, read(refused)["type"].rsplit("/", 1)[1]) == (403, "oauth1-permissions")


def test_a_post_can_be_deleted_once(x):
    post_id = read(x.post("a"))["data"]["id"]
    assert read(x("DELETE", f"/2/tweets/{post_id}")) == {"data": {"deleted": True}}
    assert x("DELETE", f"/2/tweets/{post_id}").status == 404
    assert x.model.timeline() == ()
    assert "errors" in read(x("GET", f"/2/tweets/{post_id}"))


def test_a_picture_is_uploaded_described_and_attached(x):
    body = {"media": base64.b64encode(PNG).decode(), "media_category": "tweet_image"}
    media = read(x("POST", "/2/media/upload", body=body))["data"]["id"]
    metadata = {"id": media, "metadata": {"alt_text": {"text": "A lantern"}}}
    assert x("POST", "/2/media/metadata", body=metadata).status == 200
    assert x.post("Walk", media={"media_ids": [media]}).status == 201
    assert x.model.timeline()[0].alt == "A lantern"
    metadata["metadata"]["alt_text"]["text"] = "a" * 1001
    assert x("POST", "/2/media/metadata", body=metadata).status == 400


def test_a_multipart_upload_keeps_every_byte_of_the_picture(x):
    raw = (
        b'--B\r\nContent-Disposition: form-data; name="media_category"\r\n\r\ntweet_image\r\n'
        b'--B\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        + PNG
        + b"\r\n--B--\r\n"
    )
    answer = x("POST", "/2/media/upload", raw=raw, kind="multipart/form-data; boundary=B")
    assert read(answer)["data"]["size"] == len(PNG)


def test_what_is_no_picture_is_not_taken(x):
    body = {"media": base64.b64encode(b"<svg/>").decode(), "media_category": "tweet_image"}
    assert x("POST", "/2/media/upload", body=body).status == 400


def test_the_101st_post_in_a_quarter_of_an_hour_is_a_429_with_its_reset(x):
    for number in range(100):
        answer = x.post(f"Post {number}")
    assert answer.header("x-rate-limit-remaining") == "0"
    answer = x.post("One more")
    assert answer.status == 429
    reset = int(answer.header("x-rate-limit-reset"))
    assert reset == int(x.at.timestamp()) + 900
    x.wait(minutes=15)
    assert x.post("One more").status == 201


def test_reading_costs_once_a_day_and_less_for_the_apps_owner(make_x):
    for owner, price in ((True, 1_000), (False, 5_000)):
        x = make_x(owner=owner)
        x.post("a")
        before = x.model.spent
        x.timeline()
        x.timeline()
        assert x.model.spent - before == price
        x.wait(days=1)
        x.timeline()
        assert x.model.spent - before == 2 * price


def test_an_account_without_credit_is_told_402(make_x):
    x = make_x(credit=200_000)
    assert x.post(f"One {LINK}").status == 201
    answer = x.post(f"Two {LINK}")
    assert answer.status == 402
    assert "status" not in read(answer)
    assert read(answer)["type"].endswith("/problems/credits")


@pytest.mark.parametrize(
    ("kind", "status", "piece"),
    [
        (FaultKind.EXPIRED_TOKEN, 401, "Unauthorized"),
        (FaultKind.NO_CREDIT, 402, "CreditsDepleted"),
        (FaultKind.SPEND_CAP, 403, "reset_date"),
        (FaultKind.SUSPENDED, 403, "user-suspended"),
        (FaultKind.PERMISSION, 403, "oauth1-permissions"),
        (FaultKind.DUPLICATE, 403, "duplicate content"),
        (FaultKind.RATE_LIMIT, 429, "Too Many Requests"),
        (FaultKind.DAY_LIMIT, 429, "Too Many Requests"),
        (FaultKind.ERROR_BEFORE, 500, "Error"),
        (FaultKind.UNAVAILABLE, 503, "Service Unavailable"),
        (FaultKind.HTML, 502, "<html>"),
        (FaultKind.REDIRECT, 302, ""),
    ],
)
def test_a_fault_that_refuses_posts_nothing_and_strikes_once(x, kind, status, piece):
    x.model.faults.add(Fault(kind, "POST"))
    answer = x.post("a")
    assert answer.status == status
    assert piece in answer.body.decode()
    assert x.model.timeline() == ()
    assert x.model.log[-1].fault == kind
    assert x.post("a").status == 201


@pytest.mark.parametrize("kind", [FaultKind.ERROR_AFTER, FaultKind.HTML_AFTER, FaultKind.ANSWER_AFTER])
def test_a_fault_after_accepting_leaves_the_post_standing(x, kind):
    x.model.faults.add(Fault(kind, status=0, body=b"{}"))
    answer = x.post("a")
    assert answer.status != 201
    assert [standing.id for standing in x.model.timeline()] == [x.model.log[-1].accepted]


def test_timeline_faults_wait_for_a_reading(x):
    x.model.faults.add(Fault(FaultKind.EMPTY_TIMELINE), Fault(FaultKind.LAG, seconds=600))
    assert x.post("a").status == 201
    x.wait(minutes=5)
    assert read(x.timeline())["meta"]["result_count"] == 0
    assert read(x.timeline())["meta"]["result_count"] == 0
    assert read(x.timeline())["meta"]["result_count"] == 1


def test_ids_grow_and_depend_on_nothing_but_the_calls(make_x):
    def play():
        x = make_x()
        return [read(x.post(f"Post {number}"))["data"]["id"] for number in range(3)]

    first = play()
    assert first == play()
    assert first == sorted(first)


def test_a_request_without_a_signature_posts_nothing(x):
    bare = Request("POST", "/2/tweets", body=b'{"text":"a"}', url="https://api.x.com/2/tweets")
    assert x.model.handle(bare, x.at).status == 401
    assert x.model.timeline() == ()
