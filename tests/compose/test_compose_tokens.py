"""Words in scripts whose signs a plain \\w tears apart, or that stand without blanks."""

from __future__ import annotations

import pytest

from crosspost.compose.tokens import FULL_NAME, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The club’s 3 boats", ["The", "club’s", "boats"]),
        ("छात्रवृत्ति के फ़ॉर्म", ["छात्रवृत्ति", "के", "फ़ॉर्म"]),
        ("نُشرت هذه القصة", ["نُشرت", "هذه", "القصة"]),
        ("旧郵便局で発見", ["旧郵", "郵便", "便局", "発見"]),
    ],
)
def test_a_word_keeps_its_signs_and_wide_ones_come_in_pairs(text, found):
    assert list(tokens(text)) == found


@pytest.mark.parametrize(
    "name", ["Ada Brook", "Ana dos Santos", "Ludwig van der Berg", "Ruth J. Okell", "Šárka Nováková", "Анна Павлова"]
)
def test_a_full_name_is_one_with_its_small_words_and_initials_in_any_cased_script(name):
    assert FULL_NAME.findall(f"— {name} is here, at the Mill") == [name]
