"""Signs in a stranger's text that a platform would act on: mentions, cashtags, foreign hashtags, accidental links."""

from __future__ import annotations

import re
import unicodedata

from crosspost.compose.clean import fold
from crosspost.compose.words import words
from crosspost.core.post import Profile

# The sign goes and the word stays. A look-alike sign would be read aloud as something odd, and an
# invisible character behind the real one holds only as long as a platform doesn't strip it; without
# the sign nobody is notified, whatever the platform does. "a@b" is no mention and stays.
_RUN_OF_SIGNS = re.compile(r"[@＠#＃$＄]{2,}(?=\S)")
_SIGN_AFTER_LETTER = re.compile(r"(?<=[^\W\da-zA-Z_])[@＠]+(?=[\w\[])")
_MENTION = re.compile(r"(?<![a-zA-Z0-9_])[@＠]+(?=[\w\[])")
_CASHTAG = re.compile(r"(?<!\w)[$＄]+(?=[a-zA-Z])")
_HASHTAG = re.compile(r"[#＃](?=[^\s\d\ufe0f\u20e3]|\d\w*[^\W\d])")
_NUMBERED = re.compile(
    r"(?<=\w )[#＃](?=\d{1,4}(?:\s*(?:[–—:|]|-\s)|$))"
)  # "Podcast #14 – The bus": no tag, but it looks like one
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
JOINER = "\u2060"  # word joiner: no width, nothing to read aloud, and no domain goes across it
_MISSING_BLANK = re.compile(r"(?<=\w)\.(?=(\w+)[^.]*$)")
_ROUNDS = 3


def defuse(text: str, profile: Profile, language: str = "") -> str:
    """The text with nothing in it that the platform would make clickable or notify somebody of. NFC."""
    text = unicodedata.normalize("NFC", text)
    while _SCHEME.search(text):
        text = _SCHEME.sub("", text)
    text = _RUN_OF_SIGNS.sub(" ", text)
    text = _SIGN_AFTER_LETTER.sub(" ", text)
    for sign in (_MENTION, _CASHTAG):
        text = sign.sub("", text)
    text = _NUMBERED.sub("", _HASHTAG.sub(_without_hash, text))
    return _without_links(text, profile, language)


def _without_hash(found: re.Match[str]) -> str:
    before = found.string[: found.start()][-1:]
    return found[0] if before.isalnum() and before.isascii() else ""  # "C#dev" is no hashtag, and stays one word


def _without_links(text: str, profile: Profile, language: str) -> str:
    for round_ in range(_ROUNDS):
        found = profile.finds_links(text)
        if not found:
            return text
        for address in sorted(set(found), key=len, reverse=True):
            text = text.replace(address, _broken(address, language) if round_ == 0 else _in_pieces(address, round_))
    return text


def _broken(address: str, language: str) -> str:
    """A blank where one is missing ("z.B.im"), else a word joiner before each dot ("ngo.org")."""
    last = _MISSING_BLANK.search(address)
    if last:
        head, tail = address[: last.start()], last[1]
        if tail[:1].isupper() or fold(tail) in words(language).stop or len(re.split(r"\W", head)[-1]) == 1:
            return f"{head}. {address[last.end() :]}"
    return _in_pieces(address, 1)


def _in_pieces(address: str, round_: int) -> str:
    return address.replace(".", JOINER + "." if round_ == 1 else ". ").replace("@", " ")
