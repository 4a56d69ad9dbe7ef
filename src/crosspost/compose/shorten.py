"""Shorter forms of a title or a sentence, where the grammar is certain and nothing that matters goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crosspost.compose.clean import fold
from crosspost.compose.sentences import balanced
from crosspost.compose.tokens import WORD
from crosspost.compose.words import END, Words

_PARTS = re.compile(r"(?<=\w[”»)]|.\w)(?:[ \u00a0]?: |\s[–—]\s)")
_MIN_WORDS = 4
_EXAMPLE = 4  # words of one example
_POINTING = 2  # words that lead to a link: "by filling in"
_LEFT = 6  # words that must be left of a sentence
_ASIDE = re.compile(r" \([^()]*\)")
_EXAMPLES = re.compile(r"[ \u00a0]?: [^\W\dA-Z_][^:.!?]*,[^:.!?]*(?=[.।]$)")
_DANGER = re.compile(r"\d")
# ", entitled “…”": the long name of what was named before.
_NAMED = re.compile(
    r",? (?:(?:en)?titled|intitulée?s?|(?:in)?titulad[oa]s?|intitolat[oaie]|mit dem titel|getiteld)[ \u00a0]?:?"
    r" [“«\"„][^”»\"“]*[”»\"“]",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"^(?:Dafür|Deshalb|Daher|Darum|Deswegen|Dazu|Außerdem|Zudem|Somit) ([a-zäöüß]+) wir ")
_BETWEEN_DASHES = re.compile(r" [–—] [^–—.!?]{3,90} [–—](?= )")
_SECOND_HALF = re.compile(r"[ \u00a0]?[;؛] [^;؛.!?]+(?=[.।]$)")
_LONG = 100  # characters of a sentence that shortens in other ways too than the surest
_HALF = 0.4
_MOST = 5  # forms of one sentence
_LISTED = 90  # characters in which a second comma says that the first one parted a list


def first_part(title: str, known: Words) -> str:
    """What stands before the title's colon or dash, where it says something by itself; else ""."""
    found = _PARTS.search(title)
    if not found:
        return ""
    head = title[: found.start()]
    last = fold(head.split()[-1])
    whole = len(head.split()) >= _MIN_WORDS and balanced(head) and last not in known.ends
    return head if whole else ""


def variants(sentence: str, known: Words) -> tuple[str, ...]:
    """The sentence without a bracket, examples after a colon, a ", which …" at its end, a joining word before it.

    A long one also without its second half, what stands between dashes, what it opens with ("After a long
    winter, "). Only where what goes holds no figure, no negation and no condition, and enough is left.
    """
    shorter = list(_without_parts(sentence, known))
    if len(sentence) > _LONG:
        shorter += [again for one in shorter if len(one) > _LONG for again in _without_parts(one, known)]
    turned = _INVERTED.match(sentence) if known.code == "de" else None
    if turned:  # "Dafür suchen wir …" → "Wir suchen …"
        shorter.append(f"Wir {turned[1]} {sentence[turned.end() :]}")
    for pattern in (known.joining, known.preamble):
        joined = pattern.match(sentence)
        rest = sentence[joined.end() :] if joined else ""
        if len(rest.split()) >= _LEFT and not (pattern is known.preamble and known.leaning.match(rest)):
            shorter.append(rest[0].upper() + rest[1:])
    shorter += [told for one in shorter[-1:] if len(one) > _LONG for told in _without_parts(one, known)]
    half = len(sentence) * _HALF  # of a sentence less than half of it seldom says what the whole one does
    return tuple(dict.fromkeys(one for one in shorter if len(one) >= half))[:_MOST]


def without_pointer(sentence: str, link: str, known: Words) -> str:
    """The sentence without the ", using this form" at its end; as it is where that isn't all that would go."""
    head, comma, tail = sentence.rpartition(",")
    end = tail[-1:] if tail[-1:] in ".!" else "."
    spare = comma and link in tail and len(tail.split()) <= len(link.split()) + _POINTING and not _matters(tail, known)
    return f"{head}{end}" if spare and len(head.split()) >= _LEFT and balanced(head) else sentence


def _without_parts(sentence: str, known: Words) -> Iterator[str]:
    """The sentence without each of the parts that it can do without."""
    sure = (_ASIDE, _EXAMPLES, _NAMED, _tail(known.tail.pattern))
    for pattern in (*sure, _SECOND_HALF, _BETWEEN_DASHES) if len(sentence) > _LONG else sure:
        found = pattern.search(sentence)
        counted = pattern in (sure[-1], _SECOND_HALF) and ":" in sentence[: found.start() if found else 0]
        if (
            found and not counted and not _matters(found[found.lastindex or 0], known)
        ):  # after a colon it may be one of what is counted
            left = sentence[: found.start()] + sentence[found.end() :]
            if len(left.split()) >= _LEFT and balanced(left) and not (pattern is _EXAMPLES and _says(found[0], known)):
                yield left
    opened = _opening(known.opening.pattern).match(sentence) if len(sentence) > _LONG else None
    if opened and "," in sentence[opened.end() : opened.end() + _LISTED]:
        return  # "After fuel, insurance and rent, we kept four euros"
    if opened and not _matters(opened[0], known) and len(sentence[opened.end() :].split()) >= _LEFT:
        yield sentence[opened.end()].upper() + sentence[opened.end() + 1 :]


def _says(part: str, known: Words) -> bool:
    """Whether what stands after a colon is more than a few examples."""
    body = part.split(":", 1)[-1].strip()
    return bool(known.pointing.search(body)) or any(len(one.split()) > _EXAMPLE for one in body.split(","))


@cache
def _tail(begins: str) -> re.Pattern[str]:
    """A comma and a clause to the sentence's end that only adds to it."""
    return re.compile(rf"[,،] (?:{begins})(?:\b|{END}) ?([^,،;:.!?()“”«»\"]+)(?=[.।]$)", re.IGNORECASE)


@cache
def _opening(begins: str) -> re.Pattern[str]:
    """What a sentence opens with before its subject: "After a long winter, the"."""
    return re.compile(rf"(?:{begins})(?:\b|{END})[^,;:.!?()“”«»\"]{{0,70}}, (?=[^\W\d_])", re.IGNORECASE)


def _matters(part: str, known: Words) -> bool:
    """Whether a part may not go: a figure, a negation, a condition."""
    told = {fold(word) for word in WORD.findall(part)}
    denied = any(word.endswith("n't") for word in told)
    return bool(_DANGER.search(part) or told & (known.nots | known.negations) or known.condition.search(part) or denied)
