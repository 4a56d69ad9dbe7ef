"""What `preview --why` shows of one story: its texts, and how each came about."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.core.delivery import State
from crosspost.core.outlook import Preview, Prospect
from crosspost.core.why import Weighed, Why
from crosspost.report.describe import clean_line, count, source_words
from crosspost.report.sheet import Sheet
from crosspost.report.terminal import show_feeds, show_standing, show_story

_KNOWN_BY = 100  # letters of a sentence, by which it is known again
_SOURCES = {
    "excerpt": "the excerpt that an editor wrote by hand",
    "article": "pieces of the article",
    "title": "the title: nothing else of the article may stand alone or fits",
    "nothing": "none: nothing of the article fits",
}
_PARTS = {"rest": "blanks and the template's own words"}
_INDENT, _NAME = 5, 10


def show_accounts(preview: Preview, sheet: Sheet) -> None:
    """One story with its texts, and under them, for each account, where it stands and how its text came about."""
    show_story(preview.prospects, sheet)
    for one in preview.prospects:
        sheet.gap()
        show_standing(one, sheet)
        if one.why is None:
            sheet.line(_why_none(one), indent=_INDENT)
        else:
            _show_account(one.why, sheet)
    show_feeds(preview.feeds, sheet)


def _why_none(one: Prospect) -> str:
    if one.post is None:
        return "There is no text: its article isn't in the feeds any more."
    sent = one.state in {State.PUBLISHED, State.RETRACTED, State.SENDING, State.UNKNOWN}
    by = "is the one that was sent" if sent else "was fixed when a person approved or edited it"
    return f"This text {by}. From the article and the settings of today another one would be made."


def _show_account(why: Why, sheet: Sheet) -> None:
    _entry("Kind", f"{why.kind}: {why.kind_reason}", sheet)
    listed = "" if why.listed else " (without a word list: sentences count by their figures and names alone)"
    _entry("Language", f"{why.language or 'not known'}{listed}", sheet)
    _entry("Words", _SOURCES.get(why.source, why.source), sheet)
    _pieces("Taken", [one for one in why.pieces if one.taken], sheet)
    left = [one for one in why.pieces if not one.taken]
    if why.source != "excerpt":
        _pieces("Left out", left, sheet)
    elif left:
        _entry("Left out", f"title and article ({count(len(left), 'piece')}): the excerpt is the text", sheet)
    _entries("Tags", [f"{tag.tag} ({source_words(tag.source)})" for tag in why.tags], sheet)
    _entries("No tag", [f"{one.word}: {one.reason}" for one in why.unused], sheet)
    parts = " + ".join(f"{_PARTS.get(one.name, one.name)} {one.weight}" for one in why.parts)
    if parts:
        _entry("Weight", f"{parts} = {why.weight} of {why.room:,}", sheet)


def _entry(name: str, text: str, sheet: Sheet) -> None:
    sheet.line(text, first=f"{name:<{_NAME}}", first_style="bold", indent=_INDENT)


def _entries(name: str, texts: list[str], sheet: Sheet) -> None:
    for index, text in enumerate(texts):
        _entry("" if index else name, text, sheet)


def _pieces(name: str, pieces: list[Weighed], sheet: Sheet) -> None:
    """Each with its rank, and below it why it was taken or left."""
    ordered = list(_by_rank(pieces))
    for index, one in enumerate(ordered):
        rank = f"{one.rank or '-':>2}  "
        _entry(("" if index else name).ljust(_NAME) + rank, clean_line(one.text, _KNOWN_BY), sheet)
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        if following and not following.rank and not one.rank and following.reason == one.reason:
            continue  # a row with one reason: it stands below the last
        sheet.line(one.reason, "dim", indent=_INDENT + _NAME + len(rank) + 2)


def _by_rank(pieces: list[Weighed]) -> Iterator[Weighed]:
    """The title, which has no rank, first; what was never weighed last."""
    title = [one for one in pieces if one.reason.startswith("the title")]
    yield from title
    yield from sorted((one for one in pieces if one.rank), key=lambda one: one.rank)
    never = [one for one in pieces if not one.rank and one not in title]
    for reason in dict.fromkeys(one.reason for one in never):
        yield from (one for one in never if one.reason == reason)
