"""What may stand in a post, sentence by sentence: why one can't, which line can, which one needs what is before it."""

from __future__ import annotations

import re

from crosspost.compose.blocks import LABELLED, is_noise
from crosspost.compose.clean import fold
from crosspost.compose.facts import has_date, is_appointment
from crosspost.compose.kind import NAMES, Kind
from crosspost.compose.sentences import ends_whole, sentences
from crosspost.compose.words import Words
from crosspost.core.entry import Block, BlockKind

TOO_SHORT = "too short to stand alone"
FURNITURE = "furniture"
ANSWERED = re.compile(
    r"¿?[^\W\d_][^:.!?¿]{1,24}(?:[ \u00a0]?[:：]|\?) ?\S[^.!?]*$"
)  # "When: 9 May", "Where? Town hall"
_CAPITAL_INSIDE = re.compile(r"(?<=[^\W\dA-Z_]) ([^\W\d_a-z]\w*)(?= (\w+))")
_START = re.compile(r"^[\W_]*")
_QUOTED = re.compile(r"^[“„«\"].*[”“»\"]\W*$", re.DOTALL)
_META = re.compile(r"\s[|·]\s")  # "By Ruth Okell | 21 March | 6 minutes"
_MIN_LETTERS, _MIN_WORDS = 12, 4
_OPENING = 6  # words
_FEW_WORDS = 14  # of "We apologise and thank you for your understanding."
_MAX_LINE = 160


def is_line(block: Block, known: Words) -> bool:
    """Whether the block stands as it is: "Label: text", a day with its hour, a plea with its last day."""
    text = block.text
    if len(text) > _MAX_LINE or block.kind not in (BlockKind.PARAGRAPH, BlockKind.LINE) or is_noise(text, known):
        return False
    if text[-1] in ",;:–—-" or text[0].islower() or is_glued(text, known) or _META.search(text):
        return False
    label = re.split("[:?]", text)[0]
    labelled = (
        bool(LABELLED.match(text) or (block.kind is BlockKind.LINE and ANSWERED.match(text)))
        and len(label.split()) <= 4
        and (not re.search(r"\d", label) or has_date(text, known.code))
    )
    if ends_whole(text):
        return labelled and block.kind is BlockKind.LINE and len(sentences(text, known.code)) == 1
    due = bool(known.deadline.search(text)) and has_date(text, known.code)
    return (labelled and not block.text.endswith(("…", "..."))) or is_appointment(text, known.code) or due


def why_not(sentence: str, known: Words, *, leading: bool = False) -> str:
    """Why a sentence can't stand in a post; "" if it can."""
    first = _START.sub("", sentence)[:1]
    letters = sum(char.isalpha() for char in sentence)
    wide = any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in sentence[:20])
    if is_noise(sentence, known, leading=leading):
        return FURNITURE
    if not ends_whole(sentence) or first.islower() or sentence[0] in ",;:.)]}»”–—-•*":
        return "half a sentence"
    if sentence.rstrip("”»“\"') \u00a0").endswith((":", "…", "...")):
        return "it breaks off"
    if len(sentence.split()) <= _FEW_WORDS and known.courtesy.search(sentence) and not re.search(r"\d", sentence):
        return "courtesy"
    if letters < (_MIN_LETTERS // 2 if wide else _MIN_LETTERS) or (not wide and _few(sentence)):
        return TOO_SHORT
    return ""


def label_of(text: str) -> str:
    """What stands before a line's colon, folded."""
    head, colon, _ = text.split("\n", maxsplit=1)[0].partition(":")
    return fold(head) if colon and not re.search(r"\d", head) else ""


def introduces(sentence: str, known: Words) -> bool:
    """Whether it says what a list below is a list of: long enough, with a number or a day."""
    told = bool(known.numbers.search(sentence) or re.search(r"\d", sentence))
    return told and ends_whole(sentence) and len(sentence.split()) > _FEW_WORDS // 2


def _few(sentence: str) -> bool:
    """Whether hardly a word stands outside of brackets."""
    return len(re.sub(r"\([^()]*\)", "", sentence).split()) < _MIN_WORDS


def is_glued(sentence: str, known: Words) -> bool:
    """A small word with a capital after a word without a full stop: "… nationale Le colloque …"."""
    return any(
        found[1][0].isupper()
        and fold(found[1]) in known.ends
        and not (len(found[1]) > 1 and found[1].isupper())  # "is NOT cancelled"
        and not (len(found[1]) == 1 and fold(found[2]) in known.ends | known.stop)  # "Sessions A and B"
        and not found[2][0].isupper()  # "the cinema Le Rialto"
        for found in _CAPITAL_INSIDE.finditer(sentence)
    )


def leans_back(sentence: str, known: Words, kind: Kind) -> bool:
    """Whether it needs the sentence before it; "this event" in an event's own article doesn't."""
    start = _START.sub("", sentence)
    this = known.demonstrative.match(start)
    own = known.kinds.get(NAMES.get(kind, ""))
    if this and this[1] and own and own.search(this[1]):
        return False
    return bool(known.leaning.match(start) or _QUOTED.match(sentence)) or _speaks_of_somebody(start, known)


def _speaks_of_somebody(sentence: str, known: Words) -> bool:
    """Whether it has a "she" or a "they" at its beginning, and no name or noun with a capital before: "In 2022 she"."""
    first = sentence.split()[:_OPENING]
    found = known.they.search(" ".join(first))
    before = " ".join(first)[: found.start()].split()[1:] if found else []
    return bool(found) and not any(word[0].isupper() for word in before if fold(word.strip(",")) not in known.months)
