"""Rows of tables, definitions and lines under a bold head, as labelled lines and lists."""

from __future__ import annotations

import re

from crosspost.core.entry import Block, BlockKind

MAX_LABEL, MAX_VALUE = 40, 160  # characters of a label, and of what it stands before
_MAX_HEAD = 60
_HOUR = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[hH](?: ?\d{2})?\b|\b\d{1,2} ?(?:am|pm|Uhr)\b")
_AFTER_LABEL = " :\u00a0"


def labelled(label: Block, blocks: list[Block]) -> list[Block]:
    """A short label before a short text, as one line "Where: Town Hall"; else one after the other."""
    if len(blocks) != 1 or len(label.text) > MAX_LABEL or len(blocks[0].text) > MAX_VALUE or label.text[-1] in "?؟？":
        return [label, *blocks]
    text = f"{label.text.rstrip(_AFTER_LABEL)}: {blocks[0].text}"
    return [Block(BlockKind.LINE, text, (*label.links, *blocks[0].links))]


def row(cells: list[list[Block]]) -> list[Block]:
    """A table's row: two short cells are a label and its text, more of them a line if they tell an hour.

    The rest of a table of figures makes no sense to whoever reads one row alone. Longer cells are a
    layout, and their blocks stand as they are.
    """
    filled = [cell for cell in cells if cell]
    blocks = [block for cell in filled for block in cell]
    short = all(len(cell) == 1 and len(cell[0].text) <= MAX_VALUE for cell in filled)
    if len(filled) < 2 or not short:
        return blocks
    if len(cells) == 2:
        made = labelled(blocks[0], blocks[1:])
        return made if len(made) == 1 else blocks
    hour = next((block for block in blocks[1:] if _HOUR.search(block.text)), None)
    if hour is None or len(blocks[0].text) > MAX_LABEL:
        return []
    between = [block for block in blocks[1 : blocks.index(hour)] if not _HOUR.search(block.text)]
    text = ", ".join(block.text for block in (*between, hour))
    return [Block(BlockKind.LINE, f"{blocks[0].text.rstrip(_AFTER_LABEL)}: {text}")]


def as_head(block: Block) -> Block:
    """A bold paragraph of a few words as the heading that it is: no sentence, day or label; "3. The post" is one."""
    few = len(block.text) <= _MAX_HEAD and block.text[-1] not in ".!?؟？:…" and ":" not in block.text
    numbered = re.match(r"\d{1,2}[.)] ", block.text)
    plain = few and not re.search(r"\d", block.text[numbered.end() :] if numbered else block.text)
    return Block(BlockKind.HEADING, block.text, block.links) if plain else block


def headed(lines: list[Block]) -> list[Block]:
    """Lines of one paragraph whose first is all bold: a heading, and items where none of the rest is a sentence."""
    head, rest = as_head(lines[0]), lines[1:]
    if head.kind is not BlockKind.HEADING:
        return lines
    short = len(rest) > 1 and all(len(line.text) <= MAX_VALUE and line.text[-1] not in ".!?؟？" for line in rest)
    kind = BlockKind.ITEM if short and not any(":" in line.text for line in rest) else BlockKind.LINE
    return [head, *(Block(kind, line.text, line.links) for line in rest)]
