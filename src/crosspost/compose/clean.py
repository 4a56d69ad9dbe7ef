"""Text from strangers made plain: no control characters, no bidi overrides, one kind of space, NFC."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile("[\\t-\\r\\x1c-\\x1f\\x85\\u1680\\u2000-\\u200a\\u2028\\u2029\\u205f\\u3000]")
# Bidi overrides, embeddings and isolates; zero-width space, word joiner and invisible operators;
# soft hyphen, BOM, interlinear marks, object replacement: nothing a reader would miss.
_GONE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff\ue000-\uf8ff"
    "\U000e0000-\U000e001f\U000e0080-\U000e0fff\U000f0000-\U0010ffff]"
)
_TAG_RUN = re.compile("(\U0001f3f4?)([\U000e0020-\U000e007f]+)")  # a flag's region; without the flag, hidden text
_NO_BREAK = re.compile("[\u00a0\u202f]")
_FRENCH_BEFORE = re.compile("[ \u00a0\u202f]*[\u00a0\u202f][ \u00a0\u202f]*(?=[?!;:»%€])")
_FRENCH_AFTER = re.compile("«[ \u00a0\u202f]*[\u00a0\u202f][ \u00a0\u202f]*")
_BLANKS = re.compile(r" {2,}")
_JOINER = re.compile("[\u200c\u200d]")
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
_BREAK = re.compile(r"<(?:br|/p|/div)\s*/?>", re.IGNORECASE)
VOWELS = re.compile("[\u064b-\u0652]")  # Arabic vowel signs, which some writers set and others don't
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD_LENGTH = 24
_LATIN_END = 0x0590  # joiners mean nothing before this: Latin, Greek, Cyrillic, Armenian
_MARK = "\u0001"  # stands in for a space that must not break; control characters are gone by then


def clean(text: str) -> str:
    """One line of plain text: entities undone (also twice escaped ones), invisible characters gone, NFC.

    No-break spaces survive, as U+00A0, only where French wants them: before ? ! ; : » % € and after «.
    U+202F becomes U+00A0 there, since X counts the narrow one twice.
    """
    text = _undone(_undone(text))
    text = _SPACES.sub(" ", text)
    text = _GONE.sub("", text)
    text = _TAG_RUN.sub(lambda found: found[0] if found[1] else "", text)
    text = unicodedata.normalize("NFC", text)
    text = _without_stray_joiners(text)
    return _one_kind_of_space(text)


def plain(markup: str) -> str:
    """`clean`, for a title or a term: markup that shows up after undoing entities goes too."""
    shown = _undone(_undone(_MARKUP.sub("", _BREAK.sub(" ", markup))))
    return clean(_MARKUP.sub("", _BREAK.sub(" ", shown)))


def _undone(text: str) -> str:
    """Entities that end in ";" alone: a bare "&copy" in running text is no entity."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _one_kind_of_space(text: str) -> str:
    text = _FRENCH_BEFORE.sub(_MARK, text)
    text = _FRENCH_AFTER.sub("«" + _MARK, text)
    text = _BLANKS.sub(" ", _NO_BREAK.sub(" ", text)).strip(" " + _MARK)
    return text.replace(_MARK, "\u00a0")


def _without_stray_joiners(text: str) -> str:
    """ZWJ and ZWNJ stay inside emoji and the scripts that need them, and go everywhere else."""
    if not _JOINER.search(text):
        return text
    kept: list[str] = []
    for at, char in enumerate(text):
        if _JOINER.match(char):
            before = kept[-1] if kept else " "
            after = text[at + 1] if at + 1 < len(text) else " "
            if ord(before) < _LATIN_END or before.isspace() or _JOINER.match(before) or ord(after) < _LATIN_END:
                continue
        kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """For comparing: case and accents of Latin, Greek and Cyrillic letters don't count."""
    return _folded_word(text) if len(text) <= _WORD_LENGTH else _folded(text)


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", spread))


_folded_word = lru_cache(maxsize=8192)(_folded)  # the same words are asked for again and again


def squash(text: str) -> str:
    """`fold`, letters and digits alone."""
    return re.sub(r"[\W_]+", "", fold(text))


def shorten(text: str, size: int) -> str:
    """At most `size` characters: whole if it fits, else cut at a space and marked with an ellipsis."""
    if len(text) <= size:
        return text
    head = text[:size]
    at = head.rfind(" ", size // 2)
    return (head[:at] if at > 0 else head[: size - 1]).rstrip(" ,;:–—-") + "…"
