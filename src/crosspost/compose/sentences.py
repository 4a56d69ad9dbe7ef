"""Where sentences end: right for English, French, Spanish, German and Portuguese first, cautious elsewhere."""

from __future__ import annotations

import re

from crosspost.compose.clean import fold
from crosspost.compose.words import Words, words

_OPEN = "“„«‹‘‚\"'(\\[¿¡"
_CLOSE = "”“»›’\"')\\]"
# A stop, what closes after it (French puts a space before »), and then a blank or the end.
_STOP = re.compile(rf"(?P<mark>[.!?…؟۔।॥‼⁇⁈⁉։።]+)(?:[ \u00a0\u202f]?»|[{_CLOSE}])*(?=\s|$)|[。！？｡]+[”」』）»]*")
_WIDE = frozenset("。！？｡")
_LAST_WORD = re.compile(r"[^\s(\[{“„«\"'’‘/–—]+$")
_NEXT = re.compile(rf"\s*(?:[{_OPEN}][ \u00a0\u202f]?)*(\S)")
_FIRST_WORD = re.compile(r"\s*([^\W\d_]+)")
_ORDINAL = 2  # figures: "8. März"
_THOUSANDS = re.compile(r"^\d{1,3}(?:\.\d{3})*$")
_INITIAL = re.compile(r"^(?:[^\W\d_]\.)*[^\W\d_]$")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"), ("「", "」"), ("『", "』"), ("（", "）"), ("【", "】"))
_PAIRED = re.compile(r"[\"„“”«»()\[\]「」『』（）【】]")
_COUNTED = re.compile(r"(?:^|(?<=[\s;,]))(?:\w{1,2}\)(?=\s)|[:;]-?\))", re.MULTILINE)  # "a)", ":-)"
_WHOLE = re.compile(rf"[.!?…؟۔।॥。！？｡‼⁇⁈⁉։።](?:[ \u00a0\u202f]?»|[{_CLOSE}」』）])*$|[.!?…]?[ \u00a0\u202f]?[”»]$")


def sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences of one line of text, in order, none empty; nothing but blanks between them is lost.

    When in doubt it doesn't split: two sentences together read well, half a one doesn't. What stands
    in quotation marks or brackets stays together.
    """
    known = words(language)
    found: list[str] = []
    begin = 0
    for stop in _STOP.finditer(text):
        if stop.end() < len(text) and _goes_on(text, stop, known):
            continue
        piece = text[begin : stop.end()].strip()
        if stop.end() < len(text) and not balanced(piece):
            continue
        found.append(piece)
        begin = stop.end()
    found.append(text[begin:].strip())
    return tuple(piece for piece in found if piece)


def ends_whole(text: str) -> bool:
    """Whether it ends like a sentence: on a stop, or on a quotation's end."""
    return bool(_WHOLE.search(text))


def balanced(text: str) -> bool:
    """Whether every quotation mark and bracket has its counterpart."""
    if not _PAIRED.search(text):
        return True
    if text.count('"') % 2:
        return False
    if "(" not in text:
        text = _COUNTED.sub("", text)
    if not {"“", "„"} & set(text) and text.count("”") % 2 == 0:  # Swedish: ”…”
        text = text.replace("”", "")
    if "„" in text:  # German: „…“, and English marks don't stand beside it
        text = text.replace("“", "”").replace("„", "“")
    return all(_paired(text, opening, closing) for opening, closing in _PAIRS)


def _paired(text: str, opening: str, closing: str) -> bool:
    if opening not in text and closing not in text:
        return True
    if opening == "«" and 0 <= text.find("»") < (text + "«").find("«"):
        opening, closing = closing, opening  # »…« in German books
    depth = 0
    for char in text:
        depth += (char == opening) - (char == closing)
        if depth < 0:
            return False
    return depth == 0


def _goes_on(text: str, stop: re.Match[str], known: Words) -> bool:
    """Whether the sentence goes on after this stop."""
    if text[stop.start()] in _WIDE:
        return False
    following = _NEXT.match(text, stop.end())
    after = following[1] if following else ""
    if after.islower() or (after and after in ",;:–—-"):
        return True
    if stop["mark"] != ".":
        return False
    word = _LAST_WORD.search(text, max(0, stop.start() - 40), stop.start())
    return word is not None and _is_short_for(word[0], after, known, text, stop.end())


def _is_short_for(word: str, after: str, known: Words, text: str, end: int) -> bool:
    """Whether the full stop belongs to the word: an abbreviation, an initial, an ordinal number."""
    plain = fold(word)
    if plain in known.closing or "@" in word or "/" in word:  # an address ends here
        return False
    if known.ordinal_dot and _THOUSANDS.match(word):
        return len(word) <= _ORDINAL or not _begins(text, end, known)
    if plain in known.abbreviations or _INITIAL.match(word) or "." in word.strip("."):
        return not plain.replace(".", "").isdigit()
    if plain in known.numeric or (known.ordinal_dot and plain.endswith("str") and after.isdigit()):  # "Hauptstr. 5"
        return after.isdigit() or after in "§I"
    return False


def _begins(text: str, at: int, known: Words) -> bool:
    """Whether what follows is a small word, which has a capital at a sentence's beginning alone."""
    word = _FIRST_WORD.match(text, at)
    return word is not None and fold(word[1]) in known.stop
