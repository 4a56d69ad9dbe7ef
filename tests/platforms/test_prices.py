"""What sending costs, in micro-dollars."""

from __future__ import annotations

import pytest

from crosspost.core.post import Post
from crosspost.platforms.loading import load_platforms

X, FACEBOOK = load_platforms()["x"], load_platforms()["facebook"]


def post(text):
    return Post(text, "", "", 1, 280)


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("Plain words", 15_000),
        ("See https://example.org/a", 200_000),
        ("See example.org", 200_000),
        ("Wir sind z.B.im Haus", 200_000),  # X makes a link of it, and bills one
        ("", 15_000),
    ],
)
def test_on_x_whatever_becomes_a_link_costs_as_one(text, cost):
    assert X.price(post(text), X.prices) == cost


def test_the_settings_prices_count_and_the_others_stay():
    assert X.price(post("words"), {"x_post": 7}) == 7
    assert X.price(post("https://example.org/"), {"x_post": 7}) == 200_000


def test_facebook_is_free():
    assert FACEBOOK.price(post("See https://example.org/a"), FACEBOOK.prices) == 0
    assert not FACEBOOK.budgeted
