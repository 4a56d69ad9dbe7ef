"""The sandbox's judge of a post's body against X's own OpenAPI, through jsonschema."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from crosspost.sandbox.schema import CREATE_POST, complaint


@pytest.fixture(scope="module")
def spec(shared):
    return json.loads(shared("x-openapi.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def validator(spec):
    def make(name):
        registry = Registry().with_resource("urn:x", Resource.from_contents(spec, default_specification=DRAFT202012))
        return Draft202012Validator({"$ref": f"urn:x#/components/schemas/{name}"}, registry=registry)

    return make


BODIES = [
    {},
    {"text": "a"},
    {"text": None},
    {"text": 1},
    {"text": "a", "unknown": 1},
    {"media": {"media_ids": ["1", "2", "3", "4"]}},
    {"media": {"media_ids": ["1", "2", "3", "4", "5"]}},
    {"media": {"media_ids": [1]}},
    {"media": {}},
    {"media": {"media_ids": ["1"], "tagged_user_ids": ["x"]}},
    {"media": {"media_ids": ["1"], "else": 1}},
    {"media": []},
    {"reply": {"in_reply_to_tweet_id": "12"}},
    {"reply": {"in_reply_to_tweet_id": "12", "exclude_reply_user_ids": ["a"]}},
    {"reply": {}},
    {"reply_settings": "following"},
    {"reply_settings": "everyone"},
    {"poll": {"options": ["a", "b"], "duration_minutes": 5}},
    {"poll": {"options": ["a"], "duration_minutes": 5}},
    {"poll": {"options": ["a", "b" * 26], "duration_minutes": 5}},
    {"poll": {"options": ["a", "b"], "duration_minutes": 4}},
    {"poll": {"options": ["a", "b"], "duration_minutes": True}},
    {"poll": {"options": ["a", "b"], "duration_minutes": 10_081}},
    {"made_with_ai": True},
    {"made_with_ai": "true"},
    {"quote_tweet_id": "12345678901234567890"},
    {"geo": {"place_id": "a"}},
    {"geo": {}},
    {"edit_options": {"previous_post_id": "1"}},
    {"edit_options": {"previous_post_id": "x"}},
    "text",
    [],
    None,
]


@pytest.mark.parametrize("body", BODIES)
def test_the_judge_agrees_with_the_spec(validator, body):
    assert (complaint(body, CREATE_POST) == "") == validator("CreatePostsRequest").is_valid(body)


_FIELDS = [
    "text",
    "media",
    "media_ids",
    "tagged_user_ids",
    "poll",
    "options",
    "duration_minutes",
    "reply_settings",
    "nullcast",
    "quote_tweet_id",
    "geo",
    "place_id",
    "card_uri",
    "community_id",
    "other",
]
_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 20_000) | st.sampled_from(["", "1", "a", "verified", "x" * 26]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=st.dictionaries(st.sampled_from(_FIELDS), _values, max_size=3))
def test_the_judge_agrees_with_the_spec_on_any_body(validator, body):
    assert (complaint(body, CREATE_POST) == "") == validator("CreatePostsRequest").is_valid(body)


def test_answers_are_as_the_spec_says(validator, make_x):
    x = make_x()
    created = json.loads(x.post("News https://www.example.org/a/").body)
    assert validator("CreatePostsResponse").is_valid(created)
    listed = json.loads(x("GET", "/2/users/42/tweets", {"max_results": "5", "post.fields": "created_at,entities"}).body)
    assert list(validator("GetUsersPostsResponse").iter_errors(listed)) == []
    assert validator("GetUsersMeResponse").is_valid(json.loads(x("GET", "/2/users/me").body))
    deleted = json.loads(x("DELETE", f"/2/tweets/{created['data']['id']}").body)
    assert validator("DeletePostsResponse").is_valid(deleted)


def test_a_post_that_the_model_logged_can_be_validated_afterwards(validator, make_x):
    x = make_x()
    x.post("News")
    [logged] = x.model.log
    assert validator("CreatePostsRequest").is_valid(json.loads(logged.request.body))
    assert "ts/+" not in repr(logged)
    assert "Authorization" not in repr(logged)
