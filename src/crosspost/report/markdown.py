"""A run's report as Markdown, for a job's summary page or an issue; in its public form for everybody's eyes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from urllib.parse import quote

from crosspost.core.delivery import State
from crosspost.core.outlook import Alert, FeedOutlook, Preview, Prospect, RunReport
from crosspost.core.post import Post
from crosspost.core.reason import Reason
from crosspost.decide.actions import Punctuality, Rest
from crosspost.errors import CrosspostError
from crosspost.report.annotations import SOMETHING
from crosspost.report.describe import (
    UNNUMBERED,
    and_list,
    began,
    clean_line,
    clean_lines,
    count,
    money,
    month_name,
    source_words,
    when,
)
from crosspost.report.gathered import gathered
from crosspost.report.sentences import NONE, advice, hint, say

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
_OVER = frozenset({State.PUBLISHED, State.SKIPPED, State.RETRACTED})
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$:=])")
_LONGEST = 300
_MOST = 900_000  # bytes; a step's summary may have 1 MiB (actions/runner, read on 24 November 2026)
_LONG = timedelta(hours=26)  # on a branch a run that changes nothing is noted once a day
_LATE = timedelta(minutes=15)  # GitHub's schedule is rarely nearer to the minute
_LISTED = 10  # stories of one trouble that are named
_FEW = 5  # stories that were left out, before they are folded away
# Letters that run from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class OnActions:
    """What GitHub's own records say beside the ledger: of this run, and of a public repository's rest.

    `punctuality`: None where the list of runs can't be read. `rest`: None where nobody can tell; `looked`: whether
    it was looked for, as it is in public repositories alone.
    """

    punctuality: Punctuality | None = None
    rest: Rest | None = None
    looked: bool = False
    form: str = ""  # the address of the form's page, "" where it isn't known


def run_markdown(
    report: RunReport,
    zone: tzinfo,
    sentences: Mapping[str, str] = NONE,
    hints: Mapping[str, str] = NONE,
    *,
    public: bool = False,
    host: OnActions | None = None,
) -> str:
    """The report, escaped. `public`: it names published stories only, for logs that strangers read.

    `host`: what a run on GitHub Actions knows besides.
    """
    words = _Words(zone, sentences, hints)
    head = ["# crosspost: this run", "", *([] if public else _times(report, zone, host)), *_resting(host)]
    shown = for_everybody(report) if public else report
    body = [f"**{SOMETHING}**", ""] if public and report.alerts else list(_alerts(shown, words))
    body += [*_stories(_all(shown), words)]
    body += [*_standing(shown, words), *_accounts(shown, words), *_costs(shown), *_feeds(shown.feeds)]
    if report.counted is not None:
        body = [began(report.counted), "", *body]
    if not body:
        body = ["Nothing was published in this run." if public else "There was nothing to do.", ""]
    if host is not None and not public:
        body += _for_the_form(body, host.form)
    return _fitting([*head, *body])


def _for_the_form(lines: Iterable[str], address: str) -> Iterator[str]:
    """The form's words for commands, where the lines name any."""
    if any("`crosspost " in line for line in lines):
        yield from (form_line(address), "")


def form_line(address: str) -> str:
    """How the commands of our hints are said in the form, for whoever has no terminal."""
    form = f"[the form](<{address}>)" if _address(address) else "the form (*Actions*, then *Desk*)"
    return (
        f"What is written as `crosspost skip 12` is a choice of {form}: *Run workflow*, *skip* as what shall be done, "
        "and 12 as the story. To *approve*, the story is the code that stands under a text, such as `12@a3f09c`."
    )


def for_everybody(report: RunReport) -> RunReport:
    """What strangers may read of it: what went out."""
    out = tuple(one for one in report.prospects if one.state is State.PUBLISHED)
    return RunReport(out, (), (), (), report.exit_code)


def error_markdown(error: CrosspostError) -> str:
    """The report of a run that an error ended."""
    return f"# crosspost: this run\n\n**{escape(error.message)}**\n\n{clean_line(error.hint)}\n"


def preview_markdown(
    preview: Preview,
    zone: tzinfo,
    sentences: Mapping[str, str] = NONE,
    hints: Mapping[str, str] = NONE,
    *,
    form: str | None = None,
) -> str:
    """What would go out, each text whole as it is sent, then why the rest would not.

    `form`: on GitHub Actions the address of the form's page, "" where it isn't known; None elsewhere.
    """
    words = _Words(zone, sentences, hints)
    lines = ["# crosspost: what would go out now", "", *_notes(preview.notes, words)]
    first = len(lines)
    for one in preview.prospects:
        if one.goes and one.post:
            name = escape(one.record.delivery.key.target)
            lines += [f"## {_title(one.record.story.title, 'Without a title')}: {name}", "", *_text(one, one.post)]
            lines += [] if one.record.story.number else [UNNUMBERED, ""]
    if len(lines) == first:
        lines += ["Nothing would go out now.", ""]
    rest = [one for one in preview.prospects if not one.goes]
    known = [one for one in rest if one.state in _OVER]
    if len(rest) > len(known):
        lines += ["## The rest", "", *_items((one for one in rest if one.state not in _OVER), words), ""]
    if known:
        lines += ["## Known, or left out", "", *_folded(known, words), ""]
    lines += _feeds(preview.feeds)
    return _fitting([*lines, *(_for_the_form(lines, form) if form is not None else ())])


def _notes(notes: Iterable[Reason], words: _Words) -> Iterator[str]:
    """What a preview says of itself, with what to do."""
    for note in notes:
        yield from (f"**{words.say(note)}** {clean_line(hint(note, words.hints))}".rstrip(), "")


@dataclass(frozen=True, slots=True)
class _Words:
    """The zone of all times, and the platforms' own sentences and hints."""

    zone: tzinfo
    sentences: Mapping[str, str]
    hints: Mapping[str, str]

    def say(self, reason: Reason) -> str:
        return escape(say(reason, self.sentences, self.zone))


def _fitting(lines: Iterable[str]) -> str:
    """The lines as one text, as many of them as a job's summary may have."""
    kept, size = [], 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > _MOST:
            kept += ["", "There is more than fits here: `crosspost status` shows it all."]
            break
        kept.append(line)
    return "\n".join(kept)


def _times(report: RunReport, zone: tzinfo, host: OnActions | None) -> Iterator[str]:
    if report.at is None:
        return
    told = f"Begun {when(report.at, zone)}."
    listed = host.punctuality if host else None
    if listed is not None and listed.good is not None:
        told += f" The last run that ended well: {when(listed.good, zone)}, {_span(report.at - listed.good)} before."
        if listed.late is not None:
            told += f" **GitHub began this one {_span(listed.late)} late.**" if listed.late >= _LATE else " On time."
    elif report.before is not None:
        ago = report.at - report.before
        told += (
            f" The newest earlier run that left a note in the ledger: {when(report.before, zone)}, {_span(ago)} before."
        )
        if ago > _LONG:
            told += " **That is long: is the schedule still running?**"
    yield from (told, "")


def _resting(host: OnActions | None) -> Iterator[str]:
    if host is None or not host.looked:
        return
    told = resting(host.rest)
    if told:
        yield from (f"**{told}** {_WAKE}", "")
    elif host.rest is None:
        yield from ("Nobody can tell from the newest commits when a person last committed here: all are by bots.", "")


_WAKE = (
    "After 60 days without activity GitHub switches the schedule of a public repository off, and then nothing goes "
    "out. A change that somebody commits is activity: open `config/crosspost.toml` here, press the pencil, change a "
    "line, *Commit changes…*. If it is off already: *Actions*, then *Publish*, then *Enable workflow*."
)


def resting(rest: Rest | None) -> str:
    """The sentence about a repository to which no person has committed for long; "" where one has, or nobody knows."""
    if rest is None or not rest.is_long:
        return ""
    least = "" if rest.exact else "at least "
    return f"No person has committed to this repository for {least}{count(rest.time.days, 'day')}."


def _span(time: timedelta) -> str:
    minutes = max(0, int(time.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [(days, "day"), (hours, "hour"), (minutes % 60, "minute")]
    return " ".join(count(number, name) for number, name in parts if number) or "less than a minute"


def _all(report: RunReport) -> list[Prospect]:
    """What the pass has touched, and then what else is open."""
    touched = {one.record.delivery.key for one in report.prospects}
    standing = report.status.prospects if report.status else ()
    return [*report.prospects, *(one for one in standing if one.record.delivery.key not in touched)]


def _stories(prospects: Iterable[Prospect], words: _Words) -> Iterator[str]:
    listed = list(prospects)
    for state, heading in _HEADINGS.items():
        here = [one for one in listed if one.state is state]
        if here:
            shown = _folded if state is State.SKIPPED else _items
            yield from (f"## {heading}", "", *shown(here, words), "")


def _folded(prospects: Iterable[Prospect], words: _Words) -> Iterator[str]:
    """Many that nobody waits for: there, for whoever unfolds them."""
    listed = list(prospects)
    if len(listed) <= _FEW:
        yield from _items(listed, words)
        return
    yield from (f"<details><summary>{len(listed)} stories</summary>", "", *_items(listed, words), "", "</details>")


def _items(prospects: Iterable[Prospect], words: _Words) -> Iterator[str]:
    """A line for each; of what waits or is held also the exact text, and what can be done."""
    for one in prospects:
        yield _item(one, words)
        if one.state in {State.HELD, State.PENDING} and not one.record.story.number:
            yield from ("", f"  {UNNUMBERED}")
        elif one.state is State.HELD:
            todo = clean_line(hint(one.reason, words.hints).replace("STORY", str(one.record.story.number)))
            yield from ("", f"  {todo}") if todo else ()
        if one.post and one.state in {State.HELD, State.PENDING}:
            # Two spaces at a line's end are a line's end
            yield from ("", *(f"  {row}" if row else "" for row in _text(one, one.post)))


def _text(prospect: Prospect, post: Post) -> Iterator[str]:
    yield from (*_verse(post.text), "")
    if post.link:
        yield from (f"Link beside: {escape(post.link)}", "")
    if post.hashtags:
        tags = ", ".join(f"{escape(tag.tag)} ({escape(source_words(tag.source))})" for tag in post.hashtags)
        yield from (f"Tags: {tags}", "")
    told = [f"{post.weight:,} of {post.limit:,} characters"]
    told += [money(prospect.cost)] if prospect.cost else []
    told += [f"`{prospect.code}`"] if prospect.code else []
    yield from (", ".join(told), "")


def _standing(report: RunReport, words: _Words) -> Iterator[str]:
    if report.told_before:
        yield from ("## Told before, and still so", "", *_troubles(report.told_before, words, titles_of(report)), "")
    if report.passing:
        yield from ("## The next run tries again", "", *_troubles(report.passing, words, titles_of(report)), "")


def _accounts(report: RunReport, words: _Words) -> Iterator[str]:
    paused = [target for target in report.targets if target.reason]
    if paused:
        yield from ("## Accounts", "")
    for target in paused:
        until = f" Until {when(target.paused_until, words.zone)}." if target.paused_until else ""
        yield f"- {escape(target.name)}: {words.say(target.reason) if target.reason else ''}{until}"
    if paused:
        yield ""


def _costs(report: RunReport) -> Iterator[str]:
    spent = sum(one.cost for one in report.prospects if one.goes and one.state is State.PUBLISHED)
    months = report.status.money if report.status else ()
    if not spent and not months:
        return
    yield from ("## Costs", "")
    if spent:
        yield f"- This run: {money(spent)}"
    for one in months:
        budget = f" of {money(one.budget)}" if one.budget is not None else ""
        kept = f", {money(one.reserved)} more set aside" if one.reserved else ""
        yield f"- {escape(one.target)}: {money(one.spent)}{budget} in {month_name(one.month)}{kept}"
    yield ""


def _verse(text: str) -> Iterator[str]:
    """A stranger's text, line by line as a quotation: in a fence it could end the fence."""
    for row in clean_lines(text).split("\n"):
        yield f"> {_whole(escape(row, 0))}  " if row.strip() else ">"


def _whole(text: str) -> str:
    """Text that runs from right to left keeps together: without it what stands beside it changes places."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def _title(text: str, without: str) -> str:
    return _whole(escape(text)) or without


def escape(text: str, most: int = _LONGEST) -> str:
    """Foreign text on one line that Markdown shows as it is: no markup, link, HTML or mention comes of it."""
    escaped = _SPECIAL.sub(r"\\\1", clean_line(text, most))
    # A mention needs its name right behind the sign, a reference to an issue its number
    return re.sub(r"@|#(?=\d)", lambda sign: sign[0] + "\u200b", escaped)


def _item(prospect: Prospect, words: _Words) -> str:
    delivery, story = prospect.record.delivery, prospect.record.story
    number = f"{story.number}: " if story.number else ""
    head = f"- {number}**{_title(story.title, 'without a title')}** on {escape(delivery.key.target)}"
    if prospect.state is not State.PUBLISHED:
        due = f" ({when(prospect.due, words.zone)})" if prospect.due else ""
        return f"{head}: {words.say(prospect.reason)}{due}"
    at = when(delivery.out_at or delivery.at, words.zone)
    address = _address(delivery.url)
    return f"{head}, [{at}](<{address}>)" if address else f"{head}, {at}"


def _alerts(report: RunReport, words: _Words) -> Iterator[str]:
    if report.alerts:
        yield from ("## For you to do", "", *_troubles(report.alerts, words, titles_of(report)), "")


def titles_of(report: RunReport) -> Mapping[str, str]:
    """What an alert's subject ("#12 x") is called, for the stories that the report holds."""
    return {
        f"#{one.record.story.number} {one.record.delivery.key.target}": one.record.story.title for one in _all(report)
    }


def trouble_lines(
    alerts: Iterable[Alert],
    zone: tzinfo,
    sentences: Mapping[str, str],
    hints: Mapping[str, str],
    titles: Mapping[str, str],
) -> list[str]:
    """A line for each trouble: what it is about, since when, why, and what to do; escaped."""
    return list(_troubles(alerts, _Words(zone, sentences, hints), titles))


def waiting_lines(prospects: Iterable[Prospect], zone: tzinfo, sentences: Mapping[str, str]) -> list[str]:
    """Each held text whole, with its code and what can be done; escaped."""
    return list(_items(prospects, _Words(zone, sentences, NONE)))


def _troubles(alerts: Iterable[Alert], words: _Words, titles: Mapping[str, str]) -> Iterator[str]:
    for one in gathered(alerts):
        told = words.say(one.alert.reason)
        if one.alert.reminder:
            told += f" Since {when(one.alert.since, words.zone)}."
        todo = advice(one.alert, words.hints)  # our own words: their `commands` stay Markdown
        named = [_named(story, targets, titles) for story, targets in one.stories.items()]
        head = "" if len(named) > 1 else f"{named[0]}: " if named else _subject(one.about, told)
        yield f"- {head}{told} {clean_line(todo)}".rstrip()
        if len(named) > 1:
            shown = named if len(named) <= _LISTED + 1 else [*named[:_LISTED], f"and {len(named) - _LISTED} more"]
            yield from (f"  - {name}" for name in shown)


def _named(story: str, targets: tuple[str, ...], titles: Mapping[str, str]) -> str:
    """A story with its title, where the report holds it, and the targets that it is about."""
    title = titles.get(f"{story} {targets[0]}", "")
    name = story.removeprefix("#") + (f": **{_title(title, '')}**" if title else "")
    return f"{name} on {escape(and_list(targets))}"


def _subject(subject: str, told: str) -> str:
    """What it is about, unless the sentence says so."""
    name = escape(subject)
    return "" if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told) else f"{name}: "


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
