"""Tables and definition lists: a label with its text is a line, figures without their heads are nothing."""

from __future__ import annotations

import pytest

from crosspost.core.entry import BlockKind


@pytest.fixture(name="blocks")
def _blocks(article):
    return lambda content: [(block.kind, block.text) for block in article(content).blocks]


def table(*rows: tuple[str, ...]) -> str:
    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for cells in rows)
        + "</table>"
    )


def test_a_row_of_two_cells_is_a_labelled_line(blocks):
    assert blocks(table(("Closing date", "Sunday 17 January"), ("Pay:", "£31,450"))) == [
        (BlockKind.LINE, "Closing date: Sunday 17 January"),
        (BlockKind.LINE, "Pay: £31,450"),
    ]


def test_a_row_with_an_hour_is_a_line_and_figures_alone_are_nothing(blocks):
    rows = table(
        ("Session", "When", "Host"), ("A", "Tuesday 9 May, 10:00", "Aroha"), ("Upper reach", "5 of 8", "7 of 8")
    )
    assert blocks(rows) == [(BlockKind.LINE, "A: Tuesday 9 May, 10:00")]


def test_a_head_with_an_empty_corner_is_no_labelled_line(blocks):
    assert blocks(table(("", "Members", "Guests"))) == []


def test_an_article_laid_out_in_a_table_keeps_its_paragraphs(blocks):
    inside = "<p>The court ruled that the city may not wait any longer.</p><p>The judges did not accept it.</p>"
    assert len(blocks(table((inside,)))) == 2
    assert len(blocks(table((inside, "<p>On the right.</p>")))) == 3


def test_a_definition_list_gives_labelled_lines(blocks):
    assert blocks("<dl><dt>Where</dt><dd>Town Hall</dd><dt>How much:</dt><dd>Nothing</dd></dl><p>Come.</p>") == [
        (BlockKind.LINE, "Where: Town Hall"),
        (BlockKind.LINE, "How much: Nothing"),
        (BlockKind.PARAGRAPH, "Come."),
    ]


def test_a_question_in_a_definition_list_is_no_label(blocks):
    texts = [text for _, text in blocks("<dl><dt>Can I swim?</dt><dd>No.</dd><dt>Alone</dt></dl>")]
    assert texts == ["Can I swim?", "No.", "Alone"]


def test_a_bold_line_over_short_lines_is_their_heading(blocks):
    body = "<p><b>What we offer</b><br>900 euros a month<br>a room by the sea</p>"
    assert blocks(body) == [
        (BlockKind.HEADING, "What we offer"),
        (BlockKind.ITEM, "900 euros a month"),
        (BlockKind.ITEM, "a room by the sea"),
    ]


def test_a_bold_line_with_its_day_or_its_question_is_no_heading(blocks):
    for head in ("Saturday 9 May, 7 pm", "Why does it come back?", "The walk is off."):
        assert blocks(f"<p><strong>{head}</strong><br>Town Hall<br>All are welcome</p>")[0] == (BlockKind.LINE, head)
    whole = "<p><strong>How to apply</strong><br>Send us one page by Sunday.<br>Post is fine too.</p>"
    assert [kind for kind, _ in blocks(whole)] == [BlockKind.HEADING, BlockKind.LINE, BlockKind.LINE]
