from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

from crosspost.core.delivery import State
from crosspost.core.outlook import Preview, RunReport, Status
from crosspost.core.post import Image
from crosspost.core.reason import Code, Reason
from crosspost.errors import FeedError
from crosspost.report import document
from crosspost.report.document import render

# As the contract writes them; a change here is a change of `schema`, unless a key is added.
POST = (
    "number entry target platform text weight limit hashtags link image kind state reason reason_code code due cost"
).split()
ENTRY = "id guid title link language published".split()
FEED = "name url status http entries new error".split()
PLACED = [*POST, "remote_id", "url", "at"]
REVISION = "rev state at by reason text".split()
LISTS = "published held skipped failed unknown retracted pending".split()


def test_a_preview_has_the_contracts_keys_and_its_schema_first(made: SimpleNamespace) -> None:
    told = document.preview_document(made.preview(), made.zone)
    assert list(told) == ["schema", "posts", "feeds"]
    assert told["schema"] == 1
    for post in told["posts"]:
        assert list(post) == [*POST, "why"]
        assert list(post["entry"]) == ENTRY
    assert [list(feed) for feed in told["feeds"]] == [FEED, FEED]


def test_a_run_has_a_list_for_each_state_and_each_delivery_in_one_of_them(made: SimpleNamespace) -> None:
    told = document.run_document(made.run(), made.zone)
    assert list(told) == ["schema", *LISTS, "feeds", "alerts"]
    assert sum(len(told[name]) for name in LISTS) == len(made.run().prospects)
    for name in LISTS:
        for post in told[name]:
            assert list(post) == PLACED
            assert post["state"] == name


def test_what_another_run_is_sending_is_listed_as_unknown(made: SimpleNamespace) -> None:
    report = RunReport((made.prospect(state=State.SENDING, reason=Reason.of(Code.SENDING)),), (), (), (), 0)
    assert [post["state"] for post in document.run_document(report, made.zone)["unknown"]] == ["sending"]


def test_a_status_has_the_contracts_keys(made: SimpleNamespace) -> None:
    told = document.status_document(made.status(), made.zone)
    assert list(told) == ["schema", "deliveries", "targets", "feeds", "money"]
    assert all(set(delivery) == {*PLACED, "attempts"} for delivery in told["deliveries"])
    assert [list(target) for target in told["targets"]] == [["name", "platform", "paused_until", "reason"]] * 2
    assert told["targets"][0]["reason"] == "The account is paused for now: it has no credit left."
    assert told["targets"][1] == {"name": "facebook", "platform": "facebook", "paused_until": None, "reason": None}
    assert told["money"] == [{"target": "x", "month": "2026-11", "spent": 1.2, "reserved": 0.2, "budget": 10.0}]


def test_a_history_adds_the_revisions_to_each_delivery(made: SimpleNamespace) -> None:
    told = document.history_document(made.history(), made.zone)
    assert list(told) == ["schema", "deliveries"]
    (delivery,) = told["deliveries"]
    assert set(delivery) == {*PLACED, "attempts", "revisions"}
    assert [list(revision) for revision in delivery["revisions"]] == [REVISION] * 3
    assert [revision["state"] for revision in delivery["revisions"]] == ["pending", "unknown", "published"]
    assert delivery["revisions"][0]["text"] is None
    assert delivery["revisions"][2]["text"] == made.post().text


def test_times_have_the_offset_of_the_settings_zone(made: SimpleNamespace) -> None:
    told = render(document.run_document(made.run(), made.zone))
    times = re.findall(r'"(?:published|due|at|since|paused_until)": "([^"]+)"', told)
    assert times
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+01:00", time) for time in times)


def test_what_is_not_known_is_null_or_an_empty_list_and_never_missing(made: SimpleNamespace) -> None:
    bare = made.story(0, guid="", language="", published=None)
    told = document.preview_document(Preview((made.prospect(of=bare, post=None, cost=0),), ()), made.zone)
    (post,) = told["posts"]
    assert list(post) == [*POST, "why"]
    none = ("number", "text", "weight", "limit", "link", "image", "kind", "code", "due", "cost")
    assert {name: post[name] for name in none} == dict.fromkeys(none)
    assert post["hashtags"] == []
    assert (post["entry"]["guid"], post["entry"]["language"], post["entry"]["published"]) == (None, None, None)
    assert told["feeds"] == []


def test_a_posts_text_tags_link_and_cost_are_what_is_sent(made: SimpleNamespace) -> None:
    image = Image("https://example.org/a.jpg", "A house with a blue door")
    sent = (made.prospect(post=made.post(image=image)), made.prospect("facebook"))
    on_x, on_facebook = document.preview_document(Preview(sent, ()), made.zone)["posts"]
    assert on_x["text"] == made.post().text
    assert (on_x["weight"], on_x["limit"], on_x["cost"], on_x["link"]) == (187, 280, 0.2, None)
    assert on_x["hashtags"][1] == {"tag": "#UN", "source": "map:United Nations"}
    assert on_x["image"] == {"url": "https://example.org/a.jpg", "alt": "A house with a blue door"}
    assert (on_x["number"], on_x["code"], on_x["reason_code"]) == (12, "12@a3f09c", "due")
    assert (on_facebook["link"], on_facebook["cost"]) == (made.story().link, None)


def test_the_language_is_the_texts_before_the_feeds(made: SimpleNamespace) -> None:
    told = document.preview_document(Preview((made.prospect(post=made.post(language="fr")),), ()), made.zone)
    assert told["posts"][0]["entry"]["language"] == "fr"


def test_an_alert_says_what_to_do(made: SimpleNamespace) -> None:
    told = document.run_document(made.run(), made.zone, hints={"cant-tell": "Look there."})
    first, second = told["alerts"]
    assert (first["hint"], first["reminder"], first["reason_code"]) == ("Look there.", False, "cant-tell")
    assert "`crosspost check`" in second["hint"] and second["reminder"] is True


def test_an_error_has_code_message_and_hint() -> None:
    assert document.error_document(FeedError("feed-html", "A page came.", "Look.")) == {
        "schema": 1,
        "error": {"code": "feed-html", "message": "A page came.", "hint": "Look."},
    }
    assert document.error_document(FeedError("feed-html", "A page came."))["error"]["hint"] is None


@pytest.mark.parametrize("title", ["##[error]no", "ab##[", "é\u202e\ud800\x1b[31m\n::error::"])
def test_any_title_survives_and_none_is_a_command_in_a_log(made: SimpleNamespace, title: str) -> None:
    told = document.preview_document(Preview((made.prospect(of=made.story(title=title)),), ()), made.zone)
    text = render(told)
    assert json.loads(text)["posts"][0]["entry"]["title"] == title
    assert text.isascii() and "\x1b" not in text and "##[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_an_empty_status_still_has_every_key(made: SimpleNamespace) -> None:
    assert document.status_document(Status((), (), (), ()), made.zone) == {
        "schema": 1,
        "deliveries": [],
        "targets": [],
        "feeds": [],
        "money": [],
    }
