"""A run's report as Markdown, for a job's summary page or an issue; in its public form for everybody's eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from urllib.parse import quote

from crosspost.core.delivery import State
from crosspost.core.outlook import FeedOutlook, Preview, Prospect, RunReport
from crosspost.report.describe import clean_line, clean_lines, when
from crosspost.report.sentences import NONE, advice, say

_HEADINGS: Mapping[State, str] = {
    State.PUBLISHED: "Published",
    State.HELD: "Held for a person",
    State.UNKNOWN: "Not known whether it is out",
    State.SENDING: "Being sent",
    State.FAILED: "Failed",
    State.RETRACTED: "Taken down",
    State.PENDING: "Waiting",
    State.SKIPPED: "Left out",
}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$:=])")
_LONGEST = 300


def run_markdown(
    report: RunReport,
    zone: tzinfo,
    sentences: Mapping[str, str] = NONE,
    hints: Mapping[str, str] = NONE,
    *,
    public: bool = False,
) -> str:
    """The report, escaped. `public`: it names published stories only, for logs that strangers read."""
    lines = ["# crosspost: this run", ""]
    for state, heading in _HEADINGS.items():
        here = [one for one in report.prospects if one.state is state]
        if here and (state is State.PUBLISHED or not public):
            lines += [f"## {heading}", "", *(_item(one, zone, sentences) for one in here), ""]
    if not public:
        lines += [*_alerts(report, zone, sentences, hints), *_feeds(report.feeds)]
    if len(lines) == 2:
        lines += ["Nothing was published in this run." if public else "There was nothing to do.", ""]
    return "\n".join(lines)


def preview_markdown(preview: Preview, zone: tzinfo, sentences: Mapping[str, str] = NONE) -> str:
    """What would go out, each text whole as it is sent, then why the rest would not."""
    lines = ["# crosspost: what would go out now", ""]
    for one in preview.prospects:
        if one.goes and one.post:
            name = escape(one.record.delivery.key.target)
            lines += [
                f"## {escape(one.record.story.title) or 'Without a title'}: {name}",
                "",
                *_verse(one.post.text),
                "",
            ]
            lines += [f"Link beside: {escape(one.post.link)}", ""] if one.post.link else []
            lines += [f"{one.post.weight} of {one.post.limit} characters" + (f", `{one.code}`" if one.code else ""), ""]
    rest = [one for one in preview.prospects if not one.goes]
    if len(lines) == 2:
        lines += ["Nothing would go out now.", ""]
    if rest:
        lines += ["## The rest", "", *(_item(one, zone, sentences) for one in rest), ""]
    return "\n".join([*lines, *_feeds(preview.feeds)])


def _verse(text: str) -> Iterator[str]:
    """A stranger's text, line by line as a quotation: in a fence it could end the fence."""
    for row in clean_lines(text).split("\n"):
        yield f"> {escape(row, 0)}  " if row.strip() else ">"


def escape(text: str, most: int = _LONGEST) -> str:
    """Foreign text on one line that Markdown shows as it is: no markup, link, HTML or mention comes of it."""
    escaped = _SPECIAL.sub(r"\\\1", clean_line(text, most))
    return escaped.replace("@", "@\u200b")  # a mention needs its name right behind the sign


def _item(prospect: Prospect, zone: tzinfo, sentences: Mapping[str, str]) -> str:
    delivery, story = prospect.record.delivery, prospect.record.story
    number = f"{story.number}: " if story.number else ""
    head = f"- {number}**{escape(story.title) or 'without a title'}** on {escape(delivery.key.target)}"
    if prospect.state is not State.PUBLISHED:
        due = f" ({when(prospect.due, zone)})" if prospect.due else ""
        return f"{head}: {escape(say(prospect.reason, sentences, zone))}{due}"
    at = when(delivery.out_at or delivery.at, zone)
    address = _address(delivery.url)
    return f"{head}, [{at}](<{address}>)" if address else f"{head}, {at}"


def _alerts(report: RunReport, zone: tzinfo, sentences: Mapping[str, str], hints: Mapping[str, str]) -> Iterator[str]:
    if not report.alerts:
        return
    yield from ("## For you to do", "")
    for alert in report.alerts:
        told = f"{escape(alert.subject)}: {escape(say(alert.reason, sentences, zone))}"
        todo = advice(alert, hints)  # our own words: their `commands` stay Markdown
        yield f"- {told} {clean_line(todo)}".rstrip()
    yield ""


def _feeds(feeds: tuple[FeedOutlook, ...]) -> Iterator[str]:
    failed = [feed for feed in feeds if feed.status == "failed"]
    if not failed:
        return
    yield from ("## Feeds", "")
    for feed in failed:
        yield f"- {escape(feed.name)}: {escape(feed.error or 'could not be read.')}"
    yield ""


def _address(url: str) -> str:
    """A web address that may stand between < and >; "" for anything else."""
    address = quote(clean_line(url), safe=":/?#@!$&'*+,;=%~")
    return address if address.startswith(("https://", "http://")) else ""
