"""Gather what isn't as it should be: of feeds, of targets, of stories. decide/attention says what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crosspost.core.delivery import Event, State
from crosspost.core.outlook import FeedOutlook
from crosspost.core.post import PauseKind
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Record
from crosspost.decide.attention import Attention, Trouble, attend
from crosspost.decide.choose import Verdict, stopped_until
from crosspost.pipeline.outlet import Office
from crosspost.pipeline.poll import Poll
from crosspost.pipeline.standings import EVERYWHERE, Standings

TRIES = 8
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Happenings:
    """What a pass has come upon: its polls, the readings that proved nothing (by target), what still waits."""

    polls: tuple[Poll, ...]
    feeds: tuple[FeedOutlook, ...]
    doubts: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    waiting: tuple[Verdict, ...] = ()


def attend_to(office: Office, happenings: Happenings) -> Attention:
    """Gather every trouble, tell what is new or due to be told again, and remember what was told."""
    now = office.world.clock.now()
    attention = Attention((), {}, 0, ())
    for _ in range(TRIES):
        standings, records = Standings.read(office.ledger), office.ledger.open()
        troubles = [
            *_of_feeds(office, standings, happenings, now),
            *_of_targets(office, standings, happenings, now),
            *_of_tries(office, standings, records, now),
            *_of_stories(records, happenings, now),
        ]
        attention = attend(troubles, standings.told(), office.settings.alerts, now)
        put = standings.put_told(attention.told)
        if put is None or office.ledger.put(put):
            break
    return attention


def entries_missed(feed: str, since: datetime = NEVER) -> Trouble:
    """That more appeared on the site than could be read."""
    return Trouble(feed, Reason.of(Code.ENTRIES_MISSED, feed=feed), since)


def _of_feeds(office: Office, standings: Standings, happenings: Happenings, now: datetime) -> Iterable[Trouble]:
    stale = office.settings.alerts.stale_feed
    for poll, outlook in zip(happenings.polls, happenings.feeds, strict=True):
        name = poll.feed.name
        if poll.outlook.status == "failed":
            reason = Reason.of(Code.FEED_DOWN, feed=name, error=outlook.error)
            yield Trouble(name, reason, poll.standing.failing_since or now, passing=True)
        elif poll.standing.newest is not None and now - poll.standing.newest > stale:
            reason = Reason.of(Code.FEED_STALE, feed=name, date=poll.standing.newest.isoformat())
            yield Trouble(name, reason, poll.standing.newest + stale)
        missed = standings.feed(name).missed  # also by a run that died before it told
        if missed is not None:
            yield entries_missed(name, missed)


def _of_targets(office: Office, standings: Standings, happenings: Happenings, now: datetime) -> Iterable[Trouble]:
    held_up = {verdict.record.delivery.key.target for verdict in happenings.waiting}
    for name, outlet in office.outlets.items():
        standing = standings.target(name)
        if outlet.missing:
            yield Trouble(name, Reason.of(Code.NO_KEYS, target=name, names=", ".join(outlet.missing)), now)
        pause = standing.pause
        if pause is not None:
            reason = Reason.of(Code.PAUSED, target=name, cause=pause.reason.code, until=pause.until.isoformat())
            passing = pause.kind is PauseKind.RATE_LIMIT
            yield Trouble(name, reason, pause.since, passing=passing, kind=pause.kind)
        if standing.gap is not None and name in held_up:  # a gap that holds nothing up is nobody's trouble
            yield Trouble(name, Reason.of(Code.GAP, target=name), standing.gap.seen_at, passing=True)
        ends, soon = standing.keys.ends if standing.keys else None, office.settings.alerts.token_expiry
        if ends is not None and ends - now <= soon:
            yield Trouble(name, Reason.of(Code.TOKEN_EXPIRES, target=name, expires=ends.isoformat()), ends - soon)
        for doubt in happenings.doubts.get(name, ()):
            yield Trouble(name, Reason.of(Code.CANT_TELL, target=name, detail=_detail(doubt)), now)


def _of_tries(office: Office, standings: Standings, records: tuple[Record, ...], now: datetime) -> Iterable[Trouble]:
    """What tries met that paused nothing (nobody listens): they don't count, so without this nobody would ever hear."""
    for record in records:
        delivery, name = record.delivery, record.delivery.key.target
        if delivery.state is not State.PENDING or delivery.event is not Event.NOT_SENT or name not in office.outlets:
            continue
        if standings.target(name).pause is None and not _stopped(standings, name, now):
            yield Trouble(name, _naming(delivery.reason, name), delivery.at, passing=True)


def _naming(reason: Reason, target: str) -> Reason:
    """The reason with its target; a platform's own reasons name the platform already."""
    kind = reason.named.get("kind", "")
    return Reason.of(Code.NOT_CONNECTED, kind=kind, target=target) if reason.code == Code.NOT_CONNECTED else reason


def _stopped(standings: Standings, name: str, now: datetime) -> bool:
    return any(stopped_until(standings.target(one), now) for one in (EVERYWHERE, name))


def _detail(doubt: Reason) -> str:
    return str(doubt.named.get("detail", doubt.code))


def _of_stories(records: tuple[Record, ...], happenings: Happenings, now: datetime) -> Iterable[Trouble]:
    for record in records:
        delivery = record.delivery
        match delivery.state:
            case State.HELD if delivery.reason.code != Code.APPROVAL:
                yield Trouble(_subject(record), delivery.reason, delivery.at)
            case State.FAILED:
                yield Trouble(_subject(record), delivery.reason, delivery.at)
            case State.UNKNOWN:
                # A person who took it up again has not said what the trouble is: nobody knows whether it is out.
                reason = Reason.of(Code.LOST) if delivery.reason.code == Code.RETRIED else delivery.reason
                yield Trouble(_subject(record), reason, delivery.attempts.last or delivery.at, passing=True)
            case State.PUBLISHED if delivery.todo is not None:
                yield Trouble(_subject(record), delivery.reason, delivery.at, passing=True)
            case _:
                pass
    for verdict in happenings.waiting:
        if verdict.reason.code in {Code.BUDGET, Code.NO_TEXT, Code.PRIVATE_LINK}:
            yield Trouble(_subject(verdict.record), verdict.reason, now)


def _subject(record: Record) -> str:
    return f"#{record.story.number} {record.delivery.key.target}"
