"""Facebook's length, and the addresses that it makes clickable."""

from __future__ import annotations

import pytest

from crosspost.platforms.facebook.weigh import LIMIT, links, weigh


def test_code_points_are_counted_and_nothing_else() -> None:
    assert [weigh(text) for text in ("", "水€…", "👩🏽‍⚕️", "cafe\u0301", "https://example.org/a")] == [0, 3, 5, 5, 21]
    assert LIMIT == 63_206


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mehr: https://example.org/a.", ["https://example.org/a"]),
        (
            "(siehe http://example.org/a_(b)) und „HTTPS://example.net/?a=b&c“!",
            ["http://example.org/a_(b)", "HTTPS://example.net/?a=b&c"],
        ),
        ("https://example.org/größe, https://example.org", ["https://example.org/größe", "https://example.org"]),
        ("z.B.im Sudan, ngo.org, ftp://example.org", []),
        ("https:// http://… https://.", []),
    ],
)
def test_only_what_begins_with_http_is_a_link(text: str, found: list[str]) -> None:
    assert list(links(text)) == found


def test_a_long_tail_of_parentheses_costs_no_time() -> None:
    assert links("https://example.org/" + ")." * 200_000) == ("https://example.org/",)
