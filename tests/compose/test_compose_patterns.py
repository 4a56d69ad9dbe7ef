"""A pattern looked for in small letters finds what it finds where case is ignored."""

from __future__ import annotations

import pytest

from crosspost.compose.patterns import Caseless, any_of
from crosspost.compose.words import LANGUAGES, words

SAMPLE = (
    "Wir BITTEN um Anmeldung bis 9. Mai. SIGN THE LETTER, said Ruth Okell; THE HALL is Closed. I do, i don’t. Étude "
    "ANNULÉE: l’Été, ÉCRIVEZ-nous! ОТМЕНЕНО, а не перенесено. INSCRÍBETE antes del 3 de Mayo. Ørje, ÅR, Straße."
)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\bhall is\b|\W+$", "HALL is"),
        (r"\bsaid (?-i:[A-Z])\w+", "said Ruth"),
        (r"(?-i:\bI\b)", "I"),
        (r"\bthe (?!(?-i:[a-z]))\w+", "THE LETTER"),  # with "not before a small letter" nothing may be asked first
        (r"[^\W\d_](?=NNUL)\w+", "ANNULÉE"),
    ],
)
def test_capitals_count_only_where_a_pattern_says_so(pattern, found):
    assert any_of([pattern]).search(SAMPLE)[0] == found
    assert any(one[0] == found for one in any_of([pattern]).finditer(SAMPLE))
    assert Caseless(rf"(?:{pattern})(?<=\d)").search(SAMPLE) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_languages_patterns_find_the_same_in_small_letters(code):
    known = words(code)
    patterns = [getattr(known, name) for name in known.__slots__]
    for pattern in (
        *(one for one in patterns if isinstance(one, Caseless)),
        *known.kinds.values(),
        known.boilerplate.free,
    ):
        for text in (SAMPLE, SAMPLE.upper(), SAMPLE.lower(), SAMPLE.title()):
            assert (pattern.search(text) is None) == (pattern.exact.search(text) is None), pattern.pattern
