"""Articles that are a list: what their items are, each with its label and answer, and how they stand in a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crosspost.compose.again import words_in
from crosspost.compose.clean import fold
from crosspost.compose.sentences import sentences
from crosspost.compose.tokens import tokens
from crosspost.compose.words import Words
from crosspost.core.entry import Block, BlockKind

NUMBERED = re.compile(r"^\(?(\d{1,2})(?:[.)]|º\.?|ª\.?)\)?\s+(?=\W*[^\W\d_])")
_FIGURES = re.compile(r"(?<![\d.,:])\d{1,2}(?![.,:]?\d| ?%|[.,:])")
_MANY = 4  # items that make a list of an article which doesn't promise a number
_FEW = 3  # items that a title may promise
MOST_ITEMS = 12
_MOST_LISTED = 640  # characters of all items: a longer paragraph is a wall
_WIDTHS = (170, 120, 90, 0)  # of one item: with what it says, with less of it, with its first sentence at least
_MOST_LABELS = 300  # characters of all labels, where there is no room for what they say
_ASKING = "?؟？"
_PARTS = re.compile(r"[ \u00a0]?:\s|[：(]|\s[–—|-]\s|[.!?] ")
_FIRST = 2  # words
_STOPPED = re.compile(r"[.!?…؟।。！？:：;؛,،–—][\"'”’)]*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: its label (a heading, a first sentence, a bullet's text) and the sentences after it."""

    label: str
    answer: tuple[str, ...] = ()
    joint: str = "."  # what stands between them where the label has no stop

    @property
    def whole(self) -> str:
        """Label and all sentences."""
        return self._with(self.answer)

    def within(self, most: int) -> str:
        """The label with as many sentences as there is room for, one at least."""
        kept = list(self.answer[:1])
        for sentence in self.answer[1:]:
            if len(self._with((*kept, sentence))) > most:
                break
            kept.append(sentence)
        return self._with(tuple(kept))

    def _with(self, answer: tuple[str, ...]) -> str:
        """Label and answer. Japanese and Chinese sentences stand without blanks."""
        text = self.label if not answer or _STOPPED.search(self.label) else f"{self.label}{self.joint}"
        for sentence in answer:
            text += sentence if text[-1] in "。！？」』" else f" {sentence}"
        return text


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of an article that is a list, and the numbers of the blocks that they take up."""

    entries: tuple[Entry, ...]
    blocks: tuple[int, ...]
    promised: bool = False  # the title names their number


def promised(title: str, known: Words) -> frozenset[int]:
    """The numbers from three to twelve of things that a title promises: "7 things", "No te vayas: seis pasos".

    It stands first or second in the title, or after its colon or dash; where a script has no capitals also
    last: "the five bells of our four villages" promises five.
    """
    parts = _PARTS.split(title)
    if title.upper() == title.lower():
        return _numbers(title, known)
    return frozenset().union(*(_numbers(" ".join(part.split()[:_FIRST]), known) for part in parts))


def _numbers(text: str, known: Words) -> frozenset[int]:
    spelled = {known.tally.get(fold(word), 0) for word in tokens(text)}
    figures = {int(found) for found in _FIGURES.findall(text)}
    return frozenset(number for number in figures | spelled if _FEW <= number <= MOST_ITEMS)


def is_numbered(block: Block) -> bool:
    """Whether the block is a heading with a number, "3. The post"."""
    return block.kind is BlockKind.HEADING and bool(NUMBERED.match(block.text))


def listing(blocks: tuple[Block, ...], title: str, known: Words) -> Listing | None:
    """The list that an article is, if it is one: by numbers, by its headings, by its bullets."""
    wanted = promised(title, known)
    for find in (_by_heads, _by_numbers, _by_plain_heads, _by_items):
        found = find(blocks, wanted, known)
        if found and len(found.entries) >= (_FEW if found.promised and find is not _by_items else _MANY):
            return found
    return None


def _by_heads(blocks: tuple[Block, ...], wanted: frozenset[int], known: Words) -> Listing | None:
    """Headings with a number, and what stands below each."""
    return _sections(blocks, [at for at, block in enumerate(blocks) if is_numbered(block)], wanted, known)


def _by_plain_heads(blocks: tuple[Block, ...], wanted: frozenset[int], known: Words) -> Listing | None:
    """Headings without a number, where the title promises as many as there are."""
    heads = [at for at, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    return _sections(blocks, heads, wanted, known) if len(heads) >= _MANY and len(heads) in wanted else None


def _sections(blocks: tuple[Block, ...], heads: list[int], wanted: frozenset[int], known: Words) -> Listing | None:
    if len(heads) < _FEW:
        return None
    parts = [list(_below(blocks, at)) for at in heads]
    usual = max(len(part) for part in parts[:-1])
    parts[-1] = parts[-1][:usual]  # what follows the last item is the article's end
    colon = "\u00a0:" if known.code == "fr" else ":"
    told = ((without_number(blocks[at].text), part) for at, part in zip(heads, parts, strict=True))
    entries = tuple(Entry(label, _answer(blocks, part, known), "." if ":" in label else colon) for label, part in told)
    taken = tuple(number for at, part in zip(heads, parts, strict=True) for number in (at, *part))
    return Listing(entries, taken, len(heads) in wanted)


def _below(blocks: tuple[Block, ...], head: int) -> Iterator[int]:
    """The blocks under a heading."""
    for number in range(head + 1, len(blocks)):
        if blocks[number].kind is BlockKind.HEADING:
            return
        yield number


def _answer(blocks: tuple[Block, ...], part: list[int], known: Words) -> tuple[str, ...]:
    first = next((blocks[number].text for number in part if blocks[number].kind is not BlockKind.QUOTE), "")
    return sentences(first, known.code) if first else ()


def without_number(text: str) -> str:
    """The text without the "3." before it."""
    found = NUMBERED.match(text)
    return text[found.end() :] if found else text


def _by_numbers(blocks: tuple[Block, ...], wanted: frozenset[int], known: Words) -> Listing | None:
    """Paragraphs that count from one on: "1. Stay where you are. The house …"."""
    run = list(_counted(blocks))
    if len(run) < _FEW:
        return None
    told = [sentences(without_number(blocks[at].text), known.code) for at in run]
    entries = tuple(Entry(one[0], one[1:]) for one in told)
    return Listing(entries, tuple(run), len(run) in wanted)


def _counted(blocks: tuple[Block, ...]) -> Iterator[int]:
    """The places of the paragraphs that begin with 1, 2, 3 and so on."""
    expected = 1
    for at, block in enumerate(blocks):
        found = NUMBERED.match(block.text) if block.kind is not BlockKind.HEADING else None
        if found and int(found[1]) == expected:
            yield at
            expected += 1


def _by_items(blocks: tuple[Block, ...], wanted: frozenset[int], known: Words) -> Listing | None:
    """Bullets: as many as the title promises, else those of the first section that no "not" stands over."""
    places = [at for at, block in enumerate(blocks) if block.kind is BlockKind.ITEM]
    if len(places) not in wanted:
        places = list(_first_items(blocks, known))
    told = [sentences(blocks[at].text.rstrip(" ;,\u00a0"), known.code) for at in places]
    return Listing(tuple(Entry(one[0], one[1:]) for one in told), tuple(places), len(places) in wanted)


def _first_items(blocks: tuple[Block, ...], known: Words) -> Iterator[int]:
    denied = found = False
    for at, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            denied = found or bool(set(words_in(block.text)) & known.nots)
        elif block.kind is BlockKind.ITEM and not denied:
            found = True
            yield at


def as_items(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Lines that somebody numbered by hand, under a line that ends on a colon, as items."""
    made = list(blocks)
    for at, block in enumerate(blocks):
        run = 0
        while block.text.endswith((":", "：")) and at + run + 1 < len(blocks):
            found = NUMBERED.match(blocks[at + run + 1].text)
            if not found or int(found[1]) != run + 1 or blocks[at + run + 1].kind is BlockKind.HEADING:
                break
            run += 1
        for place in range(at + 1, at + 1 + run * (run > 1)):
            made[place] = replace(blocks[place], kind=BlockKind.ITEM, text=without_number(blocks[place].text))
    return tuple(made)


def below_each_other(entries: tuple[Entry, ...]) -> str:
    """All items with what they say, each on its line, as much of it as there is room for; "" where there is none."""
    for width in _WIDTHS:
        texts = [one.whole if len(one.whole) <= width else one.within(width) for one in entries]
        text = bulleted(texts)
        if len(text) <= _MOST_LISTED:
            return text
    return ""


def labels(entries: tuple[Entry, ...]) -> str:
    """All labels, each on its line; "" where they say nothing without their answers, or are too long together."""
    if any(one.label[-1] in _ASKING and one.answer for one in entries):
        return ""
    text = bulleted([one.label.removesuffix(".") for one in entries])
    return text if len(text) <= _MOST_LABELS else ""


def bulleted(texts: list[str]) -> str:
    """Texts below each other, each behind a bullet."""
    return "\n".join(f"• {text}" for text in texts)
