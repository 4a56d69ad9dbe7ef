"""The platforms' own words: for people who don't program, and for every code that the adapters give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import crosspost.platforms
from crosspost.platforms.loading import load_platforms

JARGON = re.compile(r"\b(https?|json|api|oauth|timeout|null|token|payload|exception|dns|tls|url|graph|subcode)\b", re.I)
SOURCE = Path(crosspost.platforms.__file__).parent


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_a_sentence_names_the_platform_or_the_account_in_plain_words(name):
    for code, sentence in load_platforms()[name].sentences.items():
        assert not JARGON.search(sentence), code
        assert sentence[0].isupper() and sentence.endswith("."), code
        assert len(sentence) < 140, code


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_every_code_that_the_folder_gives_has_words_and_all_words_are_given(name):
    text = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCE / name).glob("*.py"))
    named = set(re.findall(rf'"({name}\.[a-z-]+)"', text))
    made = {f"{name}.{code}" for code in re.findall(r'_(?:refused|paused|token)\(\s*"([a-z-]+)"', text)}
    hosts = {code for code in named if code in {"facebook.com"}}
    words = set(load_platforms()[name].sentences)
    assert (named | made) - hosts - words == set()
    used = {code for code in words if len(re.findall(rf'"{re.escape(code)}"', text)) > 1} | made
    assert words - used == set()


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_what_a_person_must_do_is_said_where_something_must_be_done(name):
    platform = load_platforms()[name]
    fine = {code for code, hint in platform.hints.items() if not hint}
    assert fine <= {
        "x.account",
        "x.may-post",
        "facebook.page",
        "facebook.never-expires",
        "facebook.data-access",
        "facebook.scopes",
    }
