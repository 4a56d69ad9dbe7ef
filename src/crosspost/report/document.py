"""The JSON documents that programs read. Their keys are a contract: none is ever missing, renamed or removed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from crosspost.core.delivery import Revision, State
from crosspost.core.outlook import Alert, FeedOutlook, Money, Preview, Prospect, RunReport, Status, TargetOutlook
from crosspost.core.post import Finding, Post, Seen
from crosspost.core.story import Record
from crosspost.core.why import Why
from crosspost.decide.audit import Audited
from crosspost.errors import CrosspostError
from crosspost.report.describe import rfc3339
from crosspost.report.sentences import NONE, advice, hint, say

SCHEMA = 1

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Document = dict[str, Json]

# Where a run's deliveries are listed, by the state that it left them in.
_LISTS: Mapping[str, frozenset[State]] = {
    "published": frozenset({State.PUBLISHED}),
    "held": frozenset({State.HELD}),
    "skipped": frozenset({State.SKIPPED}),
    "failed": frozenset({State.FAILED}),
    # What another run is sending at this moment: nobody knows yet.
    "unknown": frozenset({State.UNKNOWN, State.SENDING}),
    "retracted": frozenset({State.RETRACTED}),
    "pending": frozenset({State.PENDING}),
}


def preview_document(preview: Preview, zone: tzinfo, extra: Mapping[str, str] = NONE) -> Document:
    """What would go out, and why the rest would not. `extra`: platforms' sentences by code, here and below."""
    return {
        "schema": SCHEMA,
        "posts": [{**_post(prospect, zone, extra), "why": _why(prospect.why)} for prospect in preview.prospects],
        "feeds": _feeds(preview.feeds),
    }


def run_document(
    report: RunReport, zone: tzinfo, extra: Mapping[str, str] = NONE, hints: Mapping[str, str] = NONE
) -> Document:
    """What one pass did, in a list for each state, and its alerts with what to do about them."""
    lists: Document = {
        name: [_placed(prospect, zone, extra) for prospect in report.prospects if prospect.state in states]
        for name, states in _LISTS.items()
    }
    alerts: list[Json] = [_alert(alert, zone, extra, hints) for alert in report.alerts]
    return {"schema": SCHEMA, **lists, "feeds": _feeds(report.feeds), "alerts": alerts}


def status_document(status: Status, zone: tzinfo, extra: Mapping[str, str] = NONE) -> Document:
    """All that is open, and where accounts, feeds and money stand."""
    return {
        "schema": SCHEMA,
        "deliveries": [_delivery(prospect, zone, extra) for prospect in status.prospects],
        "targets": [_target(target, zone, extra) for target in status.targets],
        "feeds": _feeds(status.feeds),
        "money": [_money(money) for money in status.money],
    }


def history_document(prospects: Iterable[Prospect], zone: tzinfo, extra: Mapping[str, str] = NONE) -> Document:
    """Deliveries with all that ever happened to them."""
    deliveries: list[Json] = [
        {
            **_delivery(prospect, zone, extra),
            "revisions": [_revision(revision, zone, extra) for revision in prospect.revisions],
        }
        for prospect in prospects
    ]
    return {"schema": SCHEMA, "deliveries": deliveries}


def check_document(
    findings: Iterable[Finding], zone: tzinfo, extra: Mapping[str, str] = NONE, hints: Mapping[str, str] = NONE
) -> Document:
    """What `check` found, well or not, with what to do about each fault."""
    listed: list[Json] = [
        {
            "ok": finding.ok,
            "subject": finding.subject,
            "reason": say(finding.reason, extra, zone),
            "reason_code": finding.reason.code,
            "hint": (hint(finding.reason, hints) if not finding.ok else "") or None,
            "expires": _time(finding.expires, zone),
        }
        for finding in findings
    ]
    return {"schema": SCHEMA, "findings": listed}


def audit_document(audited: Iterable[Audited], zone: tzinfo, extra: Mapping[str, str] = NONE) -> Document:
    """The ledger against each account's timeline. `trouble`: why it could not be read; then the lists are empty."""
    targets: list[Json] = [
        {
            "target": one.target,
            "read": one.read,
            "both": [_standing(pair.record, pair.seen, zone) for pair in one.both],
            "only_there": [_standing(pair.record, pair.seen, zone) for pair in one.only_there],
            "only_here": [_standing(record, None, zone) for record in one.only_here],
            "unknown": [_standing(record, None, zone) for record in one.unknown],
            "others": one.others,
            "trouble": say(one.trouble, extra, zone) if one.trouble else None,
            "trouble_code": one.trouble.code if one.trouble else None,
        }
        for one in audited
    ]
    return {"schema": SCHEMA, "targets": targets}


def _standing(record: Record, seen: Seen | None, zone: tzinfo) -> Document:
    """A story and its post: as the account shows it, else as the ledger has it."""
    delivery = record.delivery
    return {
        "number": record.story.number,
        "title": record.story.title,
        "state": delivery.state.value,
        "remote_id": (seen.remote_id if seen else delivery.remote_id) or None,
        "url": (seen.url if seen else delivery.url) or None,
        "at": _time(seen.at if seen else delivery.out_at, zone),
    }


def error_document(error: CrosspostError) -> Document:
    """An error, with what to do about it."""
    return {
        "schema": SCHEMA,
        "error": {"code": error.code, "message": error.message, "hint": error.hint or None},
    }


def render(document: Document) -> str:
    """The document as JSON text in ASCII: any terminal, log or pipe carries it unchanged.

    "##[" is a command to GitHub Actions wherever it stands in a line; written as an escape it is none.
    """
    return json.dumps(document, indent=2).replace("##[", "#\\u0023[") + "\n"


def _post(prospect: Prospect, zone: tzinfo, extra: Mapping[str, str]) -> Document:
    story, post = prospect.record.story, prospect.post
    entry: Document = {
        "id": story.id,
        "guid": story.guid or None,
        "title": story.title,
        "link": story.link or None,
        "language": (post.language if post else "") or story.language or None,
        "published": _time(story.published, zone),
    }
    return {
        "number": story.number or None,
        "entry": entry,
        "target": prospect.record.delivery.key.target,
        "platform": prospect.platform,
        **_text(post),
        "state": prospect.state.value,
        "reason": say(prospect.reason, extra, zone),
        "reason_code": prospect.reason.code,
        "code": prospect.code or None,
        "due": _time(prospect.due, zone),
        "cost": _dollars(prospect.cost) if prospect.cost else None,
    }


def _text(post: Post | None) -> Document:
    if post is None:
        return {"text": None, "weight": None, "limit": None, "hashtags": [], "link": None, "image": None, "kind": None}
    return {
        "text": post.text,
        "weight": post.weight,
        "limit": post.limit,
        "hashtags": [{"tag": tag.tag, "source": tag.source} for tag in post.hashtags],
        "link": post.link or None,
        "image": {"url": post.image.url, "alt": post.image.alt} if post.image else None,
        "kind": post.kind or None,
    }


def _why(why: Why | None) -> Document | None:
    """How a text came about; null but for `preview --why`, and where a text was fixed before."""
    if why is None:
        return None
    return {
        "kind": why.kind,
        "kind_reason": why.kind_reason,
        "language": why.language or None,
        "source": why.source,
        "pieces": [
            {"text": one.text, "taken": one.taken, "rank": one.rank or None, "reason": one.reason} for one in why.pieces
        ],
        "unused": [{"word": one.word, "reason": one.reason} for one in why.unused],
        "parts": [{"name": one.name, "weight": one.weight} for one in why.parts],
    }


def _placed(prospect: Prospect, zone: tzinfo, extra: Mapping[str, str]) -> Document:
    delivery = prospect.record.delivery
    return {
        **_post(prospect, zone, extra),
        "remote_id": delivery.remote_id or None,
        "url": delivery.url or None,
        "at": _time(delivery.out_at or delivery.at, zone),
    }


def _delivery(prospect: Prospect, zone: tzinfo, extra: Mapping[str, str]) -> Document:
    return {**_placed(prospect, zone, extra), "attempts": prospect.record.delivery.attempts.count}


def _revision(revision: Revision, zone: tzinfo, extra: Mapping[str, str]) -> Document:
    return {
        "rev": revision.rev,
        "state": revision.state.value,
        "at": _time(revision.at, zone),
        "by": revision.by,
        "reason": say(revision.reason, extra, zone),
        "text": revision.post.text if revision.post else None,
    }


def _feeds(feeds: Iterable[FeedOutlook]) -> list[Json]:
    return [
        {
            "name": feed.name,
            "url": feed.url,
            "status": feed.status,
            "http": feed.http,
            "entries": feed.entries,
            "new": feed.new,
            "error": feed.error or None,
        }
        for feed in feeds
    ]


def _target(target: TargetOutlook, zone: tzinfo, extra: Mapping[str, str]) -> Document:
    return {
        "name": target.name,
        "platform": target.platform,
        "paused_until": _time(target.paused_until, zone),
        "reason": say(target.reason, extra, zone) if target.reason else None,
    }


def _money(money: Money) -> Document:
    return {
        "target": money.target,
        "month": money.month,
        "spent": _dollars(money.spent),
        "reserved": _dollars(money.reserved),
        "budget": None if money.budget is None else _dollars(money.budget),
    }


def _alert(alert: Alert, zone: tzinfo, extra: Mapping[str, str], hints: Mapping[str, str]) -> Document:
    return {
        "subject": alert.subject,
        "reason": say(alert.reason, extra, zone),
        "reason_code": alert.reason.code,
        "hint": advice(alert, hints) or None,
        "since": _time(alert.since, zone),
        "reminder": alert.reminder,
    }


def _time(moment: datetime | None, zone: tzinfo) -> str | None:
    return rfc3339(moment, zone) if moment else None


def _dollars(micro: int) -> float:
    return micro / 1_000_000
