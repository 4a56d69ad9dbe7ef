"""What `preview --why` shows: read at 80 columns, harmless, with nothing left out."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
from rich.cells import cell_len
from rich.console import Console

from crosspost.core.delivery import State
from crosspost.core.outlook import Preview
from crosspost.core.post import Tag
from crosspost.core.reason import Code, Reason
from crosspost.core.why import Part, Unused, Weighed, Why
from crosspost.report import document
from crosspost.report.account import show_accounts
from crosspost.report.sheet import Sheet

WHY = Why(
    kind="event",
    kind_reason="“webinar” in the title",
    language="en",
    source="article",
    pieces=(
        Weighed("Webinar on rowing", True, 0, "the title"),
        Weighed("It begins at 7 pm.", True, 2, "tells the hour"),
        Weighed("The club is old. " * 12, False, 1, "no room for it beside what tells more"),
        Weighed("Share this", False, 0, "no news"),
    ),
    tags=(Tag("#LastGirlFirst", "campaign"), Tag("#UN", "map:United Nations"), Tag("#Rowing", "term:Rowing")),
    parts=(Part("title", 17), Part("words", 18), Part("link", 23), Part("rest", 2)),
    room=280,
    weight=60,
    unused=(Unused("News", "too general a word"),),
)


def shown(made: SimpleNamespace, *prospects: object, width: int = 80) -> list[str]:
    """The lines that a terminal of this width gets."""
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    show_accounts(Preview(tuple(prospects), ()), Sheet(console, made.zone, made.now))
    return stream.getvalue().splitlines()


def test_each_piece_stands_with_its_rank_and_its_reason(made: SimpleNamespace) -> None:
    lines = shown(made, made.prospect(why=WHY))
    told = [line.strip() for line in lines]
    assert "Kind      event: “webinar” in the title" in told
    first = told.index("Taken      -  Webinar on rowing")
    assert told[first : first + 4] == [
        "Taken      -  Webinar on rowing",
        "the title",
        "2  It begins at 7 pm.",
        "tells the hour",
    ]
    assert any(line.startswith("Left out   1  The club is old.") for line in told)
    assert told[told.index("no room for it beside what tells more") + 1] == "-  Share this"


def test_tags_have_their_source_and_categories_without_one_their_reason(made: SimpleNamespace) -> None:
    told = [line.strip() for line in shown(made, made.prospect(why=WHY))]
    tags = told.index("Tags      #LastGirlFirst (your campaign)")
    assert told[tags + 1 : tags + 4] == [
        "#UN (your list: United Nations)",
        "#Rowing (category or tag: Rowing)",
        "No tag    News: too general a word",
    ]


def test_the_parts_are_added_up(made: SimpleNamespace) -> None:
    told = " ".join(line.strip() for line in shown(made, made.prospect(why=WHY)))
    assert "title 17 + words 18 + link 23 + blanks and the template's own words 2 = 60 of 280" in told


@pytest.mark.parametrize("width", [80, 40])
def test_no_line_is_wider_than_the_terminal_and_a_long_sentence_is_cut(made: SimpleNamespace, width: int) -> None:
    hostile = replace(
        WHY, kind_reason=made.hostile_text, pieces=(Weighed(made.hostile_text, True, 1, made.hostile_text),)
    )
    lines = shown(made, made.prospect(why=WHY), made.prospect("facebook", why=hostile), width=width)
    assert max(map(cell_len, lines)) <= width
    assert not any("\x1b" in line or line.lstrip().startswith("::") for line in lines)
    assert sum(line.count("The club is old.") for line in lines) < 8


def test_pieces_that_were_never_weighed_share_a_reason(made: SimpleNamespace) -> None:
    pieces = [
        Weighed("Ada", False, 0, "an item"),
        Weighed("Map", False, 0, "a label"),
        Weighed("Bo", False, 0, "an item"),
    ]
    told = [line.strip() for line in shown(made, made.prospect(why=replace(WHY, pieces=tuple(pieces))))]
    first = told.index("Left out   -  Ada")
    assert told[first : first + 5] == ["Left out   -  Ada", "-  Bo", "an item", "-  Map", "a label"]


def test_a_feed_that_could_not_be_read_is_told_below(made: SimpleNamespace) -> None:
    stream = io.StringIO()
    sheet = Sheet(Console(file=stream, width=80), made.zone, made.now)
    show_accounts(Preview((made.prospect(why=WHY),), (made.down(),)), sheet)
    assert "blog: https://example.net/feed/ brought a web page" in stream.getvalue()


def test_where_a_text_stands_is_told_in_a_line(made: SimpleNamespace) -> None:
    waits = made.prospect(why=WHY, due=made.now)
    assert "   X: waiting, today 09:00." in "\n".join(shown(made, waits))
    assert "   X: now." in "\n".join(shown(made, replace(waits, goes=True)))


def test_under_an_excerpt_the_articles_pieces_are_only_counted(made: SimpleNamespace) -> None:
    pieces = tuple(replace(piece, taken=False) for piece in WHY.pieces)
    told = "\n".join(shown(made, made.prospect(why=replace(WHY, source="excerpt", pieces=pieces))))
    assert "the excerpt that an editor wrote by hand" in told
    assert "title and article (4 pieces): the excerpt is the text" in told
    assert "Share this" not in told


@pytest.mark.parametrize(
    ("state", "says"),
    [(State.PUBLISHED, "is the one that was sent"), (State.PENDING, "was fixed when a person approved or edited it")],
)
def test_a_fixed_text_says_why_it_has_no_account(made: SimpleNamespace, state: State, says: str) -> None:
    assert says in " ".join(line.strip() for line in shown(made, made.prospect(state=state)))


def test_what_has_no_article_says_so(made: SimpleNamespace) -> None:
    assert "There is no text" in "\n".join(shown(made, made.prospect(post=None)))


def test_a_language_without_a_word_list_is_told(made: SimpleNamespace) -> None:
    told = "\n".join(shown(made, made.prospect(why=replace(WHY, language="hi", listed=False))))
    assert "hi (without a word list" in told


def test_programs_get_the_account_of_each_text_or_null(made: SimpleNamespace) -> None:
    told = document.preview_document(Preview((made.prospect(why=WHY), made.prospect("facebook")), ()), made.zone)
    on_x, on_facebook = told["posts"]
    assert on_facebook["why"] is None
    why = on_x["why"]
    assert why["pieces"][0] == {"text": "Webinar on rowing", "taken": True, "rank": None, "reason": "the title"}
    assert why["unused"] == [{"word": "News", "reason": "too general a word"}]
    assert why["parts"][0] == {"name": "title", "weight": 17}
    assert set(why) == {"kind", "kind_reason", "language", "source", "pieces", "unused", "parts"}


def test_what_to_do_about_a_held_one_is_told_below_it(made: SimpleNamespace) -> None:
    held = made.prospect(state=State.HELD, reason=Reason.of(Code.OTHER_SITE, host="example.net"))
    told = " ".join(line.strip() for line in shown(made, held)).replace("\u00a0", " ")
    assert "X: held for a person. Its link leads to a site" in told
    assert "If the link is right, `crosspost approve 12`." in told
    assert "`crosspost" not in " ".join(shown(made, made.prospect(state=State.PUBLISHED)))
