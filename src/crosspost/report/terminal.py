"""What people see in a terminal: previews, runs, status, history, findings and errors.

Frames are open on the right: there, right-to-left and wide letters would break them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from crosspost.core.delivery import Revision, State
from crosspost.core.outlook import Alert, FeedOutlook, Money, Preview, Prospect, RunReport, Status, TargetOutlook
from crosspost.core.post import Finding, Post
from crosspost.core.reason import Reason
from crosspost.core.story import Record, Story
from crosspost.decide.audit import Audited
from crosspost.decide.identity import host_of
from crosspost.errors import CrosspostError
from crosspost.net.addresses import is_public_host
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
)
from crosspost.report.gathered import gathered
from crosspost.report.sentences import AUDIT, Words, advice
from crosspost.report.sheet import Sheet

_SHORT = 90  # letters of a title where it only says which story is meant
_LISTED = 3  # of a group with one reason, so many stories are named
_NAMES: Mapping[State, tuple[str, str]] = {
    State.PUBLISHED: ("Published", "green"),
    State.PENDING: ("Waiting", "cyan"),
    State.HELD: ("Held for a person", "yellow"),
    State.UNKNOWN: ("Not known whether it is out", "yellow"),
    State.SENDING: ("Being sent", "yellow"),
    State.FAILED: ("Failed", "red"),
    State.RETRACTED: ("Taken down", "magenta"),
    State.SKIPPED: ("Left out", "dim"),
}
_FOR_A_PERSON = frozenset({State.HELD, State.UNKNOWN, State.FAILED})  # told with what to do


def show_preview(
    preview: Preview, sheet: Sheet, *, everything: bool = False, also: Container[str] = frozenset()
) -> None:
    """Each story that would go out with its exact texts, then why the rest would not.

    `everything`: the texts of all that have one, whatever their state. `also`: stories (by id) whose texts
    are shown although they don't go out.
    """
    shown = [one for one in preview.prospects if one.post and (one.goes or everything or one.record.story.id in also)]
    rest = [one for one in preview.prospects if not one.goes]
    sheet.line(_headline(preview.prospects), "bold")
    sheet.line("This is a preview: nothing was sent, and nothing was changed.", "dim")
    _show_notes(preview.notes, sheet)
    for story in _by_story(shown):
        sheet.gap()
        _show_story(story, sheet)
    if shown:
        sheet.gap()
        sheet.advice("Why a text came out so: add `--why` and a number, link or piece of a title.", 0)
    _show_groups(rest, sheet, texts=not everything)
    show_feeds(preview.feeds, sheet)


def show_run(report: RunReport, sheet: Sheet) -> None:
    """What the pass did, what needs a person, and what the next run tries again."""
    sheet.line(_tally(report.prospects) if report.counted is None else began(report.counted), "bold")
    _show_groups(report.prospects, sheet)
    show_alerts(report, sheet)
    show_feeds(report.feeds, sheet)


def show_alerts(report: RunReport, sheet: Sheet) -> None:
    """What needs a person, and what the next run tries again."""
    if report.alerts:
        _heading("For you to do", "red", sheet)
    _show_alerts(report.alerts, sheet)
    if report.passing:
        _heading("The next run tries again:", "bold", sheet)
    _show_alerts(report.passing, sheet)
    if report.told_before:
        _heading("Told before, and still so:", "bold", sheet)
    _show_alerts(report.told_before, sheet)


def _show_alerts(alerts: Iterable[Alert], sheet: Sheet) -> None:
    for one in gathered(alerts):
        again = f" (since {sheet.when(one.alert.since)})" if one.alert.reminder else ""
        told = sheet.say(one.alert.reason) + again
        named = re.search(rf"(?<!\w){re.escape(one.about)}(?!\w)", told)
        sheet.line(told if named else f"{one.about}: {told}", indent=2)
        sheet.advice(advice(one.alert, sheet.hints), 4)


def show_status(status: Status, sheet: Sheet) -> None:
    """What is open and why, with what to do; then accounts, money and feeds."""
    stories = len({one.record.story.id for one in status.prospects if one.record.delivery.is_open})
    nothing = "Nothing is open: all that was found is published or left out."
    sheet.line(f"{count(stories, 'story is', 'stories are')} open." if stories else nothing, "bold")
    _show_groups(status.prospects, sheet, every=True)
    _heading("Accounts", "bold", sheet)
    for target in status.targets:
        _show_target(target, sheet)
    for spent in status.money:
        _show_money(spent, sheet)
    show_feeds(status.feeds, sheet, always=True)


def show_history(prospects: Sequence[Prospect], sheet: Sheet) -> None:
    """What was decided, newest first; each with its whole life where the revisions are there."""
    if not prospects:
        sheet.line("Nothing yet.", "bold")
    for prospect in prospects:
        delivery = prospect.record.delivery
        name, style = _NAMES[prospect.state]
        sheet.line(_title(prospect), "bold", first=_number(prospect), first_style="bold")
        place = f"{_target_name(prospect)}: {name.lower()}, {sheet.when(delivery.out_at or delivery.at)}."
        sheet.line(place, style, indent=6)
        sheet.line(sheet.say(prospect.reason), indent=6)
        sheet.line(delivery.url, "cyan", indent=6)
        _show_life(prospect, sheet)
        sheet.gap()


def show_findings(findings: Iterable[Finding], sheet: Sheet) -> None:
    """The doctor's findings, one a paragraph, with what to do about each fault."""
    listed = tuple(findings)
    for finding in listed:
        mark, style = ("ok   ", "green") if finding.ok else ("FAULT", "bold red")
        ends = f" It ends {sheet.when(finding.expires)}." if finding.expires else ""
        sheet.line(f"{finding.subject}: {sheet.say(finding.reason)}{ends}", first=f"{mark}  ", first_style=style)
        if not finding.ok:
            sheet.advise(finding.reason, 7)
    faults = sum(not finding.ok for finding in listed)
    sheet.gap()
    sheet.line(f"{count(faults, 'fault')} found." if faults else "All is well.", "bold red" if faults else "bold green")


def show_audit(audited: Iterable[Audited], sheet: Sheet) -> None:
    """What each account's audit found: a line for what disagrees, with what to do about it."""
    listed = tuple(audited)
    for one in listed:
        told = one.trouble is None
        counted = f"{len(one.both)} in both, {len(one.only_there)} only there, {len(one.only_here)} only here"
        heading = f"{counted}, {len(one.unknown)} unknown; {one.others} other posts." if told else "could not be read."
        sheet.line(heading, first=f"{clean_line(one.target)}: ", first_style="bold")
        if one.trouble is not None:
            sheet.line(sheet.say(one.trouble), "yellow", indent=2)
            sheet.advise(one.trouble, 2)
        for pair in one.only_there:
            _show_disagreement("only_there", pair.record, pair.seen.url, "red", sheet)
        for record in one.only_here:
            _show_disagreement("only_here", record, record.delivery.url, "red", sheet)
        for record in one.unknown:
            _show_disagreement("unknown", record, record.delivery.url, "yellow", sheet)
    fine = all(one.fine for one in listed)
    sheet.gap()
    sheet.line(
        "Ledger and accounts agree." if fine else "Ledger and accounts disagree, or one could not be read.",
        "bold green" if fine else "bold red",
    )


def _show_disagreement(what: str, record: Record, url: str, style: str, sheet: Sheet) -> None:
    sentence, todo = AUDIT[what]
    title = clean_line(record.story.title, _SHORT) or "(without a title)"
    sheet.line(f"{title} {sentence}.", style, first=f"{record.story.number:>4}  ", first_style="bold")
    sheet.line(url, "cyan", indent=6)
    sheet.advice(todo.replace("STORY", str(record.story.number)), 6)


def show_error(error: CrosspostError, sheet: Sheet, *, more: bool = True) -> None:
    """What happened, what to do, and, with `more`, the code that `explain` takes."""
    first, *rest = clean_lines(error.message).strip().split("\n")
    sheet.line(first, first="Error: ", first_style="bold red")
    for row in rest:
        sheet.line(row, indent=7)
    sheet.line(error.hint, first="What to do: " if error.hint else "", first_style="bold")
    sheet.line(f"More about it: crosspost explain {error.code}" if more else "", "dim")


def show_done(done: Iterable[tuple[Story, Revision]], sheet: Sheet) -> None:
    """What a person's decision has changed: the story, where it stands now, and why."""
    last = ""
    for story, delivery in done:
        name, style = _NAMES[delivery.state]
        title = clean_line(story.title, _SHORT) or "(without a title)"
        if story.id != last:
            sheet.line(title, "bold", first=f"{story.number:>4}  ", first_style="bold")
        last = story.id
        sheet.line(f"{clean_line(delivery.key.target)}: {name.lower()}. {sheet.say(delivery.reason)}", style, indent=6)


def show_published(prospects: Sequence[Prospect], sheet: Sheet) -> None:
    """What went out, a story with its addresses."""
    for story in _by_story([one for one in prospects if one.state is State.PUBLISHED]):
        sheet.line(clean_line(story[0].record.story.title, _SHORT), "bold", first=_number(story[0]), first_style="bold")
        for one in story:
            sheet.line(one.record.delivery.url, "cyan", first=f"      {_target_name(one):<10}")


def show_example(prospects: Sequence[Prospect], sheet: Sheet) -> None:
    """The newest published story with its texts."""
    out = [story for story in _by_story(prospects) if story[0].state is State.PUBLISHED]
    dated = [story for story in out if story[0].record.story.published]
    if dated:
        sheet.line("The newest of them in full:", "bold")
        newest = max(dated, key=lambda story: story[0].record.story.published or sheet.now)
        _show_story(newest, sheet)


def show_story(prospects: Sequence[Prospect], sheet: Sheet) -> None:
    """One story with its exact texts, for a person who is about to decide."""
    for story in _by_story(prospects):
        _show_story(story, sheet)


def show_standing(one: Prospect, sheet: Sheet) -> None:
    """Where one delivery stands, in a line, and what a person can do about it."""
    name, style = _NAMES[one.state]
    now = one.goes and one.state is State.PENDING
    time = f", {sheet.when(one.due)}" if one.state is State.PENDING and one.due else ""
    told = f"{'now' if now else name.lower() + time}. {sheet.say(one.reason)}"
    sheet.line(told, style, first=f"   {_target_name(one)}: ", first_style="bold")
    if one.state in _FOR_A_PERSON:
        sheet.advise(one.reason, 5, _handle(one))


def show_sandbox(addresses: Mapping[str, str], sheet: Sheet) -> None:
    """Say in capitals which accounts (by name, with their address) aren't at their platform's own host."""
    for name, address in addresses.items():
        first, told = sandbox_words(name, address)
        sheet.line(told, "yellow", first=first)


def sandbox_words(name: str, address: str) -> tuple[str, str]:
    """What is said in capitals of such an account, and the sentence after it."""
    if is_public_host(host_of(address)):  # a host that --allow-api-host let through may be anybody's
        return "NOT THE PLATFORM'S OWN HOST: ", f"{name} is at {address}. What goes out there may be public."
    return "SANDBOX: ", f"{name} is {address}. Nothing goes out in public there."


def show_words(code: str, words: Words, sheet: Sheet) -> None:
    """A code explained: what it means, why it is so, what to do."""
    sheet.line(f"{words.title} ({code})", "bold")
    sheet.line(_bare(words.sentence), indent=2)
    sheet.line(words.why, first="  Why: ", first_style="bold")
    sheet.line(words.hint, first="  What to do: " if words.hint else "", first_style="bold")


def _headline(prospects: Sequence[Prospect]) -> str:
    going = [one for one in prospects if one.goes]
    if not going:
        return "Nothing would go out now."
    stories = len({one.record.story.id for one in going})
    places = and_list(dict.fromkeys(_target_name(one) for one in going))
    return f"{count(stories, 'story', 'stories')} would go out now, on {places}."


def _tally(prospects: Sequence[Prospect]) -> str:
    words = {
        State.PUBLISHED: "published", State.HELD: "held", State.UNKNOWN: "unclear", State.FAILED: "failed",
        State.RETRACTED: "taken down", State.PENDING: "waiting", State.SKIPPED: "left out",
    }  # fmt: skip
    counted = [one for one in prospects if one.goes or one.state is not State.PUBLISHED]
    numbers = {state: sum(one.state is state for one in counted) for state in words}
    told = [f"{number} {words[state]}" for state, number in numbers.items() if number]
    if noted := sum(one.state is State.PUBLISHED and not one.goes for one in prospects):
        told.append(f"{noted} out already, with a note")
    return f"Done: {and_list(told)}." if told else "Done: there was nothing to do."


def _show_story(prospects: Sequence[Prospect], sheet: Sheet) -> None:
    story = prospects[0].record.story
    sheet.line(_title(prospects[0]), "bold", first=_number(prospects[0]), first_style="bold")
    sheet.line(story.link, "cyan", indent=6)
    if story.published:
        sheet.line(f"On the site since {sheet.when(story.published)}.", "dim", indent=6)
    if not story.number:
        sheet.line(UNNUMBERED, "dim", indent=6)
    for prospect in prospects:
        if prospect.post:
            _show_post(prospect, prospect.post, sheet)


def _show_post(prospect: Prospect, post: Post, sheet: Sheet) -> None:
    head = [_timing(prospect, sheet), f"{post.weight} of {post.limit:,} characters"]
    head += [money(prospect.cost)] if prospect.cost else []
    head += [prospect.code] if prospect.code else []
    top, side, knot, bottom = sheet.frame
    sheet.line(" · ".join(head), first=f"   {top} {_target_name(prospect)} · ", first_style="bold")
    sheet.verse(post.text, bar=f"   {side} ")
    *rows, last = list(_below(post)) or [""]
    for row in rows:
        sheet.line(row, "dim", first=f"   {knot} ", first_style="dim", then=f"   {side}")
    sheet.line(last, "dim", first=f"   {bottom} ", first_style="dim")


def _below(post: Post) -> Iterator[str]:
    if post.link:
        yield f"Link beside: {post.link}"
    if post.image:
        yield f"Picture: {post.image.url} ({post.image.alt or 'without a description'})"
    if post.hashtags:
        yield "Tags: " + ", ".join(f"{tag.tag} ({source_words(tag.source)})" for tag in post.hashtags)
    yield from (f"Note: {note}" for note in post.notes)


def _timing(prospect: Prospect, sheet: Sheet) -> str:
    if prospect.goes and prospect.state is not State.PUBLISHED:
        return "now"
    if prospect.state is State.PENDING and prospect.due:
        return sheet.when(prospect.due)
    return _NAMES[prospect.state][0].lower()


def _show_groups(prospects: Sequence[Prospect], sheet: Sheet, *, every: bool = False, texts: bool = False) -> None:
    """What has one state and one reason, together. `every`: all are named; `texts`: held ones with their text."""
    for state, (name, style) in _NAMES.items():
        here = [one for one in prospects if one.state is state]
        if not here:
            continue
        _heading(f"{name} ({len(_by_story(here))})", style, sheet)
        told = [(sheet.say(one.reason), one) for one in here]
        for sentence in dict.fromkeys(text for text, _ in told):
            group = _by_story([one for text, one in told if text == sentence])
            sheet.line(sentence, indent=2)
            if state in _FOR_A_PERSON:
                sheet.advise(group[0][0].reason, 2, _handle(group[0][0]) if len(group) == 1 else "")
            listed = texts and state is State.HELD
            _show_stories(group, sheet, len(group) if every or listed else _LISTED, texts=listed)


def _show_stories(stories: Sequence[Sequence[Prospect]], sheet: Sheet, most: int, *, texts: bool) -> None:
    shown = stories if len(stories) <= most + 1 else stories[:most]
    for ones in shown:
        sheet.line(f"{_title(ones[0])} ({_places(ones, sheet)})", first=f"  {_number(ones[0])}", first_style="bold")
        for one in ones:
            sheet.line(one.record.delivery.url, "cyan", indent=8)
            if texts and one.post:
                _show_post(one, one.post, sheet)
    if len(shown) < len(stories):
        sheet.line(f"and {len(stories) - len(shown)} more", "dim", indent=8)


def _places(prospects: Sequence[Prospect], sheet: Sheet) -> str:
    """The accounts, and when it goes out there: "X and Facebook, today 09:20"."""
    times = [sheet.when(one.due) if one.state is State.PENDING and one.due else "" for one in prospects]
    names = [_target_name(one) for one in prospects]
    if len(set(times)) == 1:
        return and_list(dict.fromkeys(names)) + (f", {times[0]}" if times[0] else "")
    return "; ".join(f"{name}, {time}" if time else name for name, time in zip(names, times, strict=True))


def _handle(prospect: Prospect) -> str:
    number = prospect.record.story.number
    return str(number) if number else ""


def _show_target(target: TargetOutlook, sheet: Sheet) -> None:
    if not target.reason:
        sheet.line("open", "green", first=f"  {clean_line(target.name)}: ")
        return
    until = f" Until {sheet.when(target.paused_until)}." if target.paused_until else ""
    sheet.line(sheet.say(target.reason) + until, "yellow", first=f"  {clean_line(target.name)}: ")
    sheet.advise(target.reason, 4)


def _show_money(spent: Money, sheet: Sheet) -> None:
    budget = f" of {money(spent.budget)}" if spent.budget is not None else ""
    kept = f", {money(spent.reserved)} more set aside" if spent.reserved else ""
    sheet.line(f"{money(spent.spent)}{budget} spent in {month_name(spent.month)}{kept}", first=f"  {spent.target}: ")


def show_feeds(feeds: Iterable[FeedOutlook], sheet: Sheet, *, always: bool = False) -> None:
    """The feeds that could not be read, or have something to say; `always`: all."""
    listed = [feed for feed in feeds if always or feed.status == "failed" or feed.notes]
    if listed:
        _heading("Feeds", "bold", sheet)
    for feed in listed:
        name = f"  {clean_line(feed.name)}: "
        if feed.status == "failed":
            sheet.line(feed.error or "could not be read.", "red", first=name)
            sheet.advice(feed.hint, 4)
        else:
            sheet.line(_feed_words(feed), "green", first=name)
        _show_notes(feed.notes, sheet, indent=4)


def _feed_words(feed: FeedOutlook) -> str:
    if feed.status == "unchanged":
        return "unchanged since it was last read"
    if feed.http is None and not feed.entries:  # `status` reads no feed: it tells what the last run found
        return "well read the last time"
    return f"read, {count(feed.entries, 'entry', 'entries')}, {feed.new or 'nothing'} new"


def _show_notes(notes: Iterable[Reason], sheet: Sheet, heading: str = "", indent: int = 2) -> None:
    listed = tuple(notes)
    if listed and heading:
        _heading(heading, "bold", sheet)
    for note in listed:
        sheet.line(sheet.say(note), "yellow", indent=indent, first="! ", first_style="bold yellow")
        sheet.advise(note, indent + 2)


def _show_life(prospect: Prospect, sheet: Sheet) -> None:
    for revision in prospect.revisions:
        by = "" if revision.by == "crosspost" else f" By {revision.by}."
        first = f"        {sheet.when(revision.at):<18}{revision.state.value:<11}"
        sheet.line(sheet.say(revision.reason) + by, first=first, first_style="dim")


def _by_story(prospects: Sequence[Prospect]) -> list[list[Prospect]]:
    stories: dict[str, list[Prospect]] = {}
    for prospect in prospects:
        stories.setdefault(prospect.record.story.id, []).append(prospect)
    return list(stories.values())


def _heading(text: str, style: str, sheet: Sheet) -> None:
    sheet.gap()
    sheet.line(text, "bold" if style in {"", "bold", "dim"} else f"bold {style}")


def _number(prospect: Prospect) -> str:
    number = prospect.record.story.number
    return f"{number or 'new':>4}  "


def _title(prospect: Prospect) -> str:
    return clean_line(prospect.record.story.title) or "(without a title)"


def _target_name(prospect: Prospect) -> str:
    target = prospect.record.delivery.key.target
    title = prospect.platform.capitalize()
    return clean_line(title if target == prospect.platform else f"{target} ({title})")


def _bare(sentence: str) -> str:
    """A sentence as the table has it, readable without its parameters."""
    return re.sub(r"\{\w+\}", "…", sentence.replace("[", "").replace("]", ""))
