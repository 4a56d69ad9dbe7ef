"""Where a text may be cut, when nothing whole fits."""

from __future__ import annotations

import pytest

from crosspost.compose.cut import cut
from crosspost.compose.words import words


def cut_at(text, size, language="en"):
    return cut(text, lambda one: len(one) <= size, words(language))


def test_it_ends_on_a_whole_word():
    assert cut_at("Court rules city may delay nothing", 20) == "Court rules city…"


@pytest.mark.parametrize(
    ("text", "size", "left"),
    [
        ("The judges of the court ruled again", 22, "The judges…"),  # not "of the"
        ("The city may not postpone its zone", 13, "The city…"),  # not before "not"
        ("The brave city will not postpone it", 20, "The brave city…"),  # not "will", and not before "not"
        ("Rents rose by 11 percent last year", 17, "Rents rose…"),  # not after a number
        ("Judges said “this is over” on Friday", 20, "Judges said…"),  # no open quotation
    ],
)
def test_nothing_hangs_in_the_air(text, size, left):
    assert cut_at(text, size) == left


def test_a_text_without_blanks_is_cut_between_its_signs():
    assert cut_at("裁判所は市の主張を認めなかった", 6) == "裁判所は市…"


def test_a_family_of_emoji_is_never_parted():
    assert cut_at("👩‍👩‍👧‍👧" * 3, 14) == "👩‍👩‍👧‍👧" + "…"


def test_nothing_is_left_where_nothing_fits():
    assert cut_at("Word and more", 2) == ""
    assert cut_at("", 10) == ""
