"""Shorter forms of a title or a sentence, where the grammar is certain and nothing that matters goes."""

from __future__ import annotations

import re
from functools import cache

from crosspost.compose.clean import fold
from crosspost.compose.sentences import balanced
from crosspost.compose.words import Words

_PARTS = re.compile(r"(?<=\w[”»)]|.\w)(?:[ \u00a0]?: |\s[–—]\s)")
_MIN_WORDS = 4
_EXAMPLE = 4  # words of one example
_LEFT = 6  # words that must be left of a sentence
_ASIDE = re.compile(r" \([^()]*\)")
_EXAMPLES = re.compile(r"[ \u00a0]?: [^\W\dA-Z_][^:.!?]*,[^:.!?]*(?=\.$)")
_DANGER = re.compile(r"\d")
# ", entitled “…”": the long name of what was named before.
_NAMED = re.compile(
    r",? (?:(?:en)?titled|intitulée?s?|(?:in)?titulad[oa]s?|intitolat[oaie]|mit dem titel|getiteld)[ \u00a0]?:?"
    r" [“«\"„][^”»\"“]*[”»\"“]",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"^(?:Dafür|Deshalb|Daher|Darum|Deswegen|Dazu|Außerdem|Zudem|Somit) ([a-zäöüß]+) wir ")
# Where a comma before the pronoun makes the clause an aside. In German every such clause has one: none there.
_WHO = {
    "en": "which|who|whose|where",
    "fr": "qui|dont|où",
    "es": "quien|quienes|cuyo|cuya|lo que",
    "pt": "cujo|cuja|o que",
    "it": "il quale|la quale|cui",
}


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

    Only where what goes holds no figure, no negation and no condition, and enough is left.
    """
    shorter = []
    for pattern in (_ASIDE, _EXAMPLES, _NAMED, _tail(known.code)):
        found = pattern.search(sentence) if pattern else None
        if found and not _matters(found[0], known):
            left = sentence[: found.start()] + sentence[found.end() :]
            if len(left.split()) >= _LEFT and balanced(left) and not (pattern is _EXAMPLES and _says(found[0], known)):
                shorter.append(left)
    turned = _INVERTED.match(sentence) if known.code == "de" else None
    if turned:  # "Dafür suchen wir …" → "Wir suchen …"
        shorter.append(f"Wir {turned[1]} {sentence[turned.end() :]}")
    joined = known.joining.match(sentence)
    if joined and len(sentence[joined.end() :].split()) >= _LEFT:
        shorter.append(sentence[joined.end()].upper() + sentence[joined.end() + 1 :])
    return tuple(shorter)


def _says(part: str, known: Words) -> bool:
    """Whether what stands after a colon is more than a few examples."""
    body = part.split(":", 1)[-1].strip()
    return bool(known.pointing.search(body)) or any(len(one.split()) > _EXAMPLE for one in body.split(","))


@cache
def _tail(language: str) -> re.Pattern[str] | None:
    who = _WHO.get(language)
    return re.compile(rf", (?:{who}) [^,;:.!?()“”«»\"]+(?=\.$)", re.IGNORECASE) if who else None


def _matters(part: str, known: Words) -> bool:
    """Whether a part may not go: a figure, a negation, a condition."""
    told = {fold(word) for word in re.findall(r"[^\W\d_]+(?:['’]t)?", part)}
    denied = any(word.endswith("n't") for word in told)
    return bool(_DANGER.search(part) or told & (known.nots | known.negations) or known.condition.search(part) or denied)
