"""What stands beside an article on its page, told by place and form: notes, contents, who we are, how to get there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from crosspost.compose.clean import VOWELS, fold, squash
from crosspost.compose.facts import has_date, hours
from crosspost.compose.sentences import ends_whole, sentences
from crosspost.compose.stems import stems
from crosspost.compose.tokens import FULL_NAME, tokens
from crosspost.compose.words import Words, words
from crosspost.core.entry import Block, BlockKind

_NUMBERING = re.compile(r"^[\divxIVX]{1,4}(?:[.)]|\.\d{1,2}\.?)?\s+")
_NOTE = re.compile(r"\W{0,2}\d")  # a footnote
_CONTENTS = 2  # headings that are named before they come
_HEAD = 70  # characters of a line that heads a section without being marked as a heading
_LINE = 40  # characters of what is no paragraph yet
_LEAD = 2  # blocks that may say who somebody is, since that may be the news
_LATE = 0.4  # of the text: a section "About …" before that is the article's own
_LINKED = 0.7  # of a block's characters
_LAST = 2  # blocks that may tell of the writer
_CAPTION = 200  # characters of a picture's caption
_SHARED = 2  # words with the title
_DEGREE = re.compile(r"^(?:Dr|Prof)\.? ")
_LABEL = re.compile(r"^[^\W\d_][^:.!?]{1,38}?[ \u00a0]?[:?] ?\S")


@lru_cache(maxsize=16)  # X and Facebook share it, and the pool and its lists ask for it by turns
def inside(blocks: tuple[Block, ...], title: str, language: str) -> tuple[Block, ...]:
    """The blocks that are the article; all of them where nothing would be left."""
    known = words(language)
    gone = {*_contents(blocks), *_sections(blocks, title, known), *_selves(blocks, title, known)}
    gone |= set(_captions(blocks, known))
    told = [*_without_notes(blocks, gone, title, known)]
    left = (_without_credit(_plain(one), known) for one in _without_late(told, gone, title, known) if one.text)
    kept = tuple(left)
    return kept if any(block.kind is not BlockKind.HEADING for block in kept) else tuple(map(_plain, blocks))


def _plain(block: Block) -> Block:
    return replace(block, kind=BlockKind.PARAGRAPH) if block.kind is BlockKind.ASIDE else block


def _contents(blocks: tuple[Block, ...]) -> Iterator[int]:
    """Lines that name the headings below: a table of contents."""
    heads = {squash(_NUMBERING.sub("", block.text)) for block in blocks if block.kind is BlockKind.HEADING}
    found = [
        number
        for number, block in enumerate(blocks)
        if block.kind is not BlockKind.HEADING and squash(_NUMBERING.sub("", block.text)) in heads
    ]
    yield from found if len(found) >= _CONTENTS else ()


def _sections(blocks: tuple[Block, ...], title: str, known: Words) -> Iterator[int]:
    """What stands under "Contact" or "About us", up to the next heading."""
    whole = sum(len(block.text) for block in blocks)
    last = max((number for number, block in enumerate(blocks) if block.kind is BlockKind.HEADING), default=0)
    before, skipping = 0, False
    for number, block in enumerate(blocks):
        marked = block.kind is BlockKind.HEADING
        if number and (marked or _is_unmarked_head(block)):
            far = before >= _LATE * whole
            beside = _is_beside(block.text, title, known, late=far or (marked and number >= last))
            skipping = (beside and (marked or far)) or (skipping and not marked)
        before += len(block.text)
        skipping = skipping and not _goes_on(block, blocks[number - 1])
        if skipping:
            yield number


def _goes_on(block: Block, before: Block) -> bool:
    """Whether the article goes on after a section that is a list, of contents or links."""
    told = block.kind is BlockKind.PARAGRAPH and ends_whole(block.text) and len(block.text) > _LINE
    return told and before.kind is BlockKind.ITEM


def _is_unmarked_head(block: Block) -> bool:
    """Whether a line may head a section without being marked as a heading."""
    return len(block.text) <= _HEAD and block.kind is not BlockKind.ITEM and not ends_whole(block.text)


def _is_beside(head: str, title: str, known: Words, *, late: bool) -> bool:
    """Whether a heading opens what is no part of the article; one that the title speaks of is."""
    for one in (known, words("en")):
        if late and one.about.search(head):
            return True
        if one.besides.search(head):
            return not stems(head, known) & stems(title, known)
    return False


def _without_notes(blocks: tuple[Block, ...], gone: set[int], title: str, known: Words) -> Iterator[Block]:
    """The blocks without the asides that an article ends on, links after them or not.

    What stays of these: what says when and how to take part, and what of the article's beginning is not so.
    """
    told = [number for number, block in enumerate(blocks) if number not in gone and not _is_note(block)]
    end = told[-1] if told else len(blocks)
    dated = any(_is_due(block.text, known) for block in blocks[end + 1 :] if block.kind is BlockKind.ASIDE)
    first = next((number for number, block in enumerate(blocks) if block.kind is not BlockKind.ASIDE), 0)
    for number, block in enumerate(blocks):
        if number < first and _is_credit(block.text, known):
            yield replace(block, text="")
        elif number <= end or block.kind is not BlockKind.ASIDE or _stays(block.text, known, dated=dated):
            yield block
        else:
            lead = stems(" ".join((title, *(one.text for one in blocks[:_LEAD]))), known)
            denied = (one for one in sentences(block.text, known.code) if _denies(one, known))
            said = (one for one in denied if stems(one, known) & lead)
            yield replace(block, text="" if _NOTE.match(block.text) else " ".join(said))


def _stays(text: str, known: Words, *, dated: bool) -> bool:
    """Whether a note says when or how to take part, or is a line beside one that does."""
    return _is_due(text, known) or bool(dated and _LABEL.match(text))


def _is_credit(text: str, known: Words) -> bool:
    """Whether a note before the article says that it was translated, or printed elsewhere first."""
    translated = known.kinds.get("translation")
    return bool(translated and translated.search(VOWELS.sub("", text)))


def _denies(sentence: str, known: Words) -> bool:
    """Whether it is a sentence that says what is not so: "The talk will not be recorded."."""
    return ends_whole(sentence) and any(fold(word) in known.nots for word in tokens(sentence))


def _is_note(block: Block) -> bool:
    """Whether it is an aside, or nothing but links."""
    linked = sum(len(link.text) for link in block.links)
    return block.kind is BlockKind.ASIDE or _LINKED * len(block.text) < linked


def _is_due(text: str, known: Words) -> bool:
    """Whether it tells of a change of plan, or when and where, by when, or what to do on that day."""
    told = (known.deadline, known.place, known.ask, known.plea)
    when = has_date(text, known.code) or bool(hours(text))
    return bool(known.status.search(text)) or (when and any(one.search(text) for one in told))


def _selves(blocks: tuple[Block, ...], title: str, known: Words) -> Iterator[int]:
    """Paragraphs further down in which an organisation or the writer says who they are."""
    texts = (title, *(block.text for block in blocks))
    for number, block in enumerate(blocks):
        house, last = 2 * number >= len(blocks), number >= len(blocks) - _LAST
        if number < _LEAD or block.kind is BlockKind.HEADING or not (house or last):
            continue
        first = sentences(block.text, known.code)[0]
        one = (house and known.self.search(first)) or (last and _is_writer(first, texts[: number + 1], known))
        if one and not _is_due(block.text, known):
            yield number


@cache
def _credits(language: str) -> re.Pattern[str]:
    """A picture's author at the end: "Photo: Ada Moss", after a full stop, a bar or a bracket."""
    before = "|".join(one.credit.pattern for one in (words(language), words("en")))
    begin = r"(?P<bracket> ?[(（\[])?(?:^|(?<=[.!?…؟。।»”|–—(（\[]))"
    return re.compile(rf"{begin} ?(?:{before})[ \u00a0]?(?:[:：/／]|©:?) ?[^.!?:。।]{{2,60}}\W*$", re.IGNORECASE)


def _captions(blocks: tuple[Block, ...], known: Words) -> Iterator[int]:
    """Short paragraphs that end on a picture's author."""
    for number, block in enumerate(blocks):
        if len(block.text) <= _CAPTION and block.kind is not BlockKind.HEADING:
            found = _credits(known.code).search(block.text)
            if found and not (found["bracket"] and ends_whole(block.text[: found.start()])):
                yield number


def _without_credit(block: Block, known: Words) -> Block:
    """A paragraph without the "(Photo: Ada Moss)" at its end."""
    found = _credits(known.code).search(block.text)
    return replace(block, text=block.text[: found.start()]) if found and found["bracket"] else block


def _without_late(blocks: list[Block], gone: set[int], title: str, known: Words) -> Iterator[Block]:
    """The blocks that stay, those of the second half without opening hours, parking, thanks to sponsors."""
    thanks = known.kinds.get("thanks")
    whole = bool(known.late.search(title) or (thanks and thanks.search(title)))
    for number, block in enumerate(blocks):
        if number in gone:
            continue
        early = 2 * number < len(blocks) or number < _LEAD
        if early or whole or block.kind in (BlockKind.HEADING, BlockKind.ITEM):
            yield block
            continue
        said = sentences(block.text, known.code)
        told = [one for one in said if not _is_late(one, title, known)]
        yield block if len(told) == len(said) else replace(block, text=" ".join(told))


def _is_late(sentence: str, title: str, known: Words) -> bool:
    """Whether a sentence is no news this late, and the title doesn't speak of it."""
    late = known.late.search(VOWELS.sub("", sentence)) and not known.status.search(sentence)
    due = has_date(sentence, known.code) and _is_due(sentence, known)
    return bool(late) and not due and len(stems(sentence, known) & stems(title, known)) < _SHARED


def _is_writer(first: str, texts: tuple[str, ...], known: Words) -> bool:
    """Whether a last paragraph says who somebody is, of whom the article doesn't speak but for the byline."""
    said = _DEGREE.sub("", first)
    found = FULL_NAME.match(said)
    if not found or not known.is_a.match(said[found.end() :].lstrip()):
        return False
    names = found[0].split()
    return not any(names[-1] in text and len(text) > _HEAD for text in texts) and names[-1] not in texts[0]
