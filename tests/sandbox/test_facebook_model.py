"""Facebook's model: what it takes, what it refuses, what it shows."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crosspost.sandbox.facebook import READ_SCOPES, WRITE_SCOPES
from crosspost.sandbox.fields import BadFields, parse_fields
from crosspost.sandbox.values import Fault, FaultKind

LINK = "https://www.example.org/a-story/?x=1"


def read(answer):
    return json.loads(answer.body)


def code(answer):
    fault = read(answer)["error"]
    return fault["code"], fault.get("error_subcode", 0)


def test_a_post_is_answered_with_its_id_and_stands_on_the_page(page):
    answer = page.post("Good news", LINK)
    assert answer.status == 200
    post_id = read(answer)["id"]
    assert post_id.startswith("1001_")
    [shown] = read(page.published())["data"]
    assert shown["id"] == post_id
    assert shown["message"] == "Good news"
    assert shown["created_time"] == "2026-11-24T08:00:00+0000"
    [attached] = shown["attachments"]["data"]
    assert attached["unshimmed_url"] == LINK
    assert attached["url"].startswith("https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.example.org")
    assert page.model.log[0].accepted == post_id
    assert [standing.link for standing in page.model.timeline()] == [LINK]


def test_fields_in_the_post_are_read_after_the_write(page):
    answer = read(page.post("Good news", LINK, fields="permalink_url,attachments{unshimmed_url}"))
    assert set(answer) == {"id", "permalink_url", "attachments"}
    assert answer["attachments"] == {"data": [{"unshimmed_url": LINK}]}


def test_a_wrong_field_in_the_post_is_refused_and_posts_nothing(page):
    assert code(page.post("Good news", fields="id,caption")) == (100, 0)
    assert code(page.post("Good news", fields="id,{")) == (2500, 0)
    assert page.model.timeline() == ()


def test_a_json_body_is_as_good_as_a_form(page):
    raw = json.dumps({"message": "Bonne nouvelle", "link": LINK}).encode()
    assert page("POST", "/1001/feed", raw=raw, kind="application/json").status == 200
    assert page.model.timeline()[0].text == "Bonne nouvelle"


def test_a_post_needs_a_message_or_a_link(page):
    assert code(page.post()) == (100, 0)
    assert page.post(link=LINK).status == 200


def test_what_is_no_address_is_no_link(page):
    for link in ("example.org", "ftp://example.org/", "https://", "https://exa mple.org/"):
        assert code(page.post("a", link)) == (100, 1500)


def test_a_message_may_have_63206_characters(page):
    assert page.post("é" * 63_207).status == 400
    assert page.post("é" * 63_206).status == 200


def test_a_consecutive_duplicate_is_506_and_a_later_one_passes(page):
    page.post("Once", LINK)
    answer = page.post("Once", LINK)
    assert (answer.status, code(answer)) == (400, (506, 0))
    assert page.post("Between").status == 200
    assert page.post("Once", LINK).status == 200


def test_the_token_is_needed_and_must_be_the_right_one(page):
    assert code(page("GET", "/me", token="")) == (104, 0)
    assert code(page("GET", "/me", token="other")) == (190, 0)
    assert read(page("GET", "/me")) == {"id": "1001", "name": "The Page"}


def test_an_expired_token_is_190_463(make_page):
    page = make_page(expires_at=1_000)
    assert code(page.post("a")) == (190, 463)


def test_the_secret_proof_is_demanded_where_a_secret_is_set(make_page):
    page = make_page(app_secret="shh")
    proof = hmac.new(b"shh", b"page-token", hashlib.sha256).hexdigest()
    assert code(page.post("a")) == (100, 0)
    assert code(page.post("a", appsecret_proof="0" * 64)) == (100, 0)
    assert page.post("a", appsecret_proof=proof).status == 200
    assert page("GET", "/me", {"appsecret_proof": proof}).status == 200


def test_another_page_is_not_this_tokens(page):
    assert code(page("POST", "/1002/feed", form={"message": "a"})) == (100, 33)


def test_without_the_scopes_to_post_nothing_is_posted(make_page):
    assert code(make_page(scopes=READ_SCOPES).post("a")) == (200, 0)
    assert code(make_page(scopes=frozenset({"pages_manage_posts"})).post("a")) == (283, 0)
    assert code(make_page(page_token=False).post("a")) == (200, 0)


def test_without_the_scopes_to_read_the_timeline_is_empty_and_no_error(make_page):
    page = make_page(scopes=WRITE_SCOPES)
    page.post("a")
    answer = page.published()
    assert (answer.status, read(answer)) == (200, {"data": []})
    assert code(page("GET", "/1001/feed")) == (10, 0)
    assert (
        "pages_read_user_content"
        not in read(page("GET", "/debug_token", {"input_token": "page-token"}))["data"]["scopes"]
    )


def test_debug_token_tells_kind_end_and_scopes(make_page):
    page = make_page(data_access_expires_at=1_800_000_000)
    data = read(page("GET", "/debug_token", {"input_token": "page-token"}))["data"]
    assert (data["type"], data["is_valid"], data["expires_at"]) == ("PAGE", True, 0)
    assert data["data_access_expires_at"] == 1_800_000_000
    assert set(data["scopes"]) == WRITE_SCOPES | READ_SCOPES
    assert read(page("GET", "/debug_token", {"input_token": "no"}))["data"]["is_valid"] is False


def test_a_persons_token_is_not_the_pages(make_page):
    page = make_page(page_token=False)
    assert read(page("GET", "/me"))["id"] != "1001"
    assert read(page("GET", "/debug_token", {"input_token": "page-token"}))["data"]["type"] == "USER"


def test_the_list_is_paged_by_cursors_and_its_next_address_carries_the_token(page):
    for number in range(5):
        page.post(f"Post {number}")
        page.wait(minutes=1)
    one = read(page.published(limit="2"))
    assert parse_qs(urlsplit(one["paging"]["next"]).query)["access_token"] == ["page-token"]
    two = read(page.published(limit="2", after=one["paging"]["cursors"]["after"]))
    three = read(page.published(limit="2", after=two["paging"]["cursors"]["after"]))
    got = [post["message"] for part in (one, two, three) for post in part["data"]]
    assert got == ["Post 4", "Post 3", "Post 2", "Post 1", "Post 0"]
    assert "next" not in three["paging"]


def test_a_limit_over_100_is_an_error(page):
    assert code(page.published(limit="101")) == (100, 0)


def test_an_unpublished_post_is_in_the_feed_and_not_among_the_published(page):
    page.post("Hidden", published="false")
    assert read(page.published())["data"] == []
    [shown] = read(page("GET", "/1001/feed", {"fields": "is_published"}))["data"]
    assert shown["is_published"] is False
    assert page.model.timeline() == ()


def test_a_young_post_does_not_show_until_the_lag_is_over(make_page):
    page = make_page(lag=timedelta(minutes=3))
    post_id = read(page.post("Slow"))["id"]
    assert read(page.published())["data"] == []
    assert code(page("GET", f"/{post_id}")) == (100, 33)
    page.wait(minutes=3)
    assert len(read(page.published())["data"]) == 1
    assert read(page("GET", f"/{post_id}"))["message"] == "Slow"


def test_a_message_can_be_changed_and_a_post_deleted(page):
    post_id = read(page.post("Befor", LINK))["id"]
    assert read(page("POST", f"/{post_id}", form={"message": "Before"})) == {"success": True}
    assert page.model.timeline()[0].text == "Before"
    assert read(page("DELETE", f"/{post_id}")) == {"success": True}
    assert code(page("DELETE", f"/{post_id}")) == (100, 33)
    assert code(page("POST", f"/{post_id}", form={"message": "Again"})) == (100, 33)


def test_posts_of_an_app_in_development_are_not_public(make_page):
    page = make_page(development=True)
    page.post("a")
    assert page.model.timeline()[0].public is False


def test_versions_are_named_in_the_answer(page):
    assert page("GET", "/me").header("facebook-api-version") == "v26.0"


def test_a_photo_is_uploaded_first_and_then_attached(page):
    raw = (
        b'--B\r\nContent-Disposition: form-data; name="published"\r\n\r\nfalse\r\n'
        b'--B\r\nContent-Disposition: form-data; name="alt_text_custom"\r\n\r\nA lantern\r\n'
        b'--B\r\nContent-Disposition: form-data; name="source"; filename="a.jpg"\r\n\r\n\xff\xd8\xff\x00\r\n\x01\r\n--B--\r\n'
    )
    answer = page("POST", "/1001/photos", raw=raw, kind="multipart/form-data; boundary=B")
    photo = read(answer)["id"]
    assert page.model.timeline() == ()
    assert page.post("Walk", **{"attached_media[0]": json.dumps({"media_fbid": photo})}).status == 200
    assert page.model.timeline()[0].alt == "A lantern"
    page.wait(hours=25)
    assert code(page.post("Late", **{"attached_media[0]": json.dumps({"media_fbid": photo})})) == (100, 33)


@pytest.mark.parametrize(
    ("fault", "status", "expected"),
    [
        (Fault(FaultKind.RATE_LIMIT, seconds=3600), 400, (32, 0)),
        (Fault(FaultKind.RATE_LIMIT, code=4), 400, (4, 0)),
        (Fault(FaultKind.RATE_LIMIT, code=368, subcode=1390008), 400, (368, 1390008)),
        (Fault(FaultKind.EXPIRED_TOKEN), 400, (190, 463)),
        (Fault(FaultKind.PERMISSION), 400, (200, 0)),
        (Fault(FaultKind.PERMISSION, code=10), 400, (10, 0)),
        (Fault(FaultKind.DUPLICATE), 400, (506, 0)),
        (Fault(FaultKind.DUPLICATE, code=368, subcode=1404082), 400, (368, 1404082)),
        (Fault(FaultKind.SCRAPE), 400, (100, 1609005)),
        (Fault(FaultKind.SUSPENDED), 400, (190, 459)),
        (Fault(FaultKind.CODE1), 500, (1, 0)),
        (Fault(FaultKind.CODE2), 500, (2, 0)),
        (Fault(FaultKind.UNAVAILABLE), 503, (2, 0)),
    ],
)
def test_a_fault_that_refuses_posts_nothing_and_strikes_once(page, fault, status, expected):
    page.model.faults.add(fault)
    answer = page.post("a")
    assert (answer.status, code(answer)) == (status, expected)
    assert page.model.timeline() == ()
    assert page.post("a").status == 200


def test_a_rate_limit_says_in_minutes_when_it_ends(page):
    page.model.faults.add(Fault(FaultKind.RATE_LIMIT, seconds=3600))
    told = json.loads(page.post("a").header("X-Business-Use-Case-Usage"))
    assert told["1001"][0]["estimated_time_to_regain_access"] == 60


@pytest.mark.parametrize(
    "kind", [FaultKind.CODE1_AFTER, FaultKind.CODE2_AFTER, FaultKind.ERROR_AFTER, FaultKind.HTML_AFTER]
)
def test_an_error_can_come_with_a_post_that_stands(page, kind):
    page.model.faults.add(Fault(kind, "POST"))
    page.post("a")
    assert [standing.id for standing in page.model.timeline()] == [page.model.log[-1].accepted]


def test_an_empty_timeline_is_no_error(page):
    page.post("a")
    page.model.faults.add(Fault(FaultKind.EMPTY_TIMELINE))
    assert read(page.published()) == {"data": []}
    assert len(read(page.published())["data"]) == 1


def test_fields_are_read_as_a_tree():
    assert parse_fields("id, attachments.limit(1){url,target{id}},message") == {
        "id": {},
        "attachments": {"url": {}, "target": {"id": {}}},
        "message": {},
    }
    for bad in ("", "id,", "a{b", "a}b", "a b"):
        with pytest.raises(BadFields):
            parse_fields(bad)
