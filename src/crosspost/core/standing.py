"""What the ledger's keyed values hold: how each feed and each target stands. Plain JSON, unknown keys kept out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosspost.core.post import PauseKind, Seen
from crosspost.core.reason import Reason

# names of keyed values: "feed:NAME", "target:NAME", and the two single ones
FEED, TARGET, RUN, TOLD = "feed:", "target:", "run", "told"


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """A feed as polls have left it.

    `polled`: targets for which an entry of this feed was ever planned. `host`: the channel link's, as
    first seen. `shared`: guids that proved to stand on two stories. `validators`: as feed/ wrote them.
    `failing_since`: the first failed poll after the last good one.
    """

    last_good: datetime | None = None
    validators: str = ""
    polled: frozenset[str] = frozenset()
    host: str = ""
    shared: frozenset[str] = frozenset()
    failing_since: datetime | None = None
    newest: datetime | None = None  # the newest date that an entry ever had
    floors: Mapping[str, datetime] = field(default_factory=dict)  # by target: the oldest date that its baseline listed
    missed: datetime | None = None  # since when entries may be missing, until a person was told and reminded


@dataclass(frozen=True, slots=True)
class PauseStanding:
    """The machine's own pause of a target. `cause`: the story whose answer began it. `count`: how often in a row."""

    kind: PauseKind
    until: datetime
    since: datetime
    reason: Reason
    cause: str = ""
    count: int = 1
    credential: str = ""  # a salted hash: another one ends the pause


@dataclass(frozen=True, slots=True)
class StopStanding:
    """A person's stop. `until` None: until `resume`."""

    by: str
    why: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GapStanding:
    """Records may be missing since `back_to`: the account's timeline must be read back to it first.

    `needs`: how many absent reads prove it (1 after a silence, 2 after an older copy was put back).
    """

    back_to: datetime
    seen_at: datetime
    needs: int
    absent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeysStanding:
    """When an account's platform was last asked until when its keys are good, and what it said (None: for ever)."""

    asked_at: datetime
    credential: str = ""  # a salted hash: other keys are asked about at once
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """A target as passes and people have left it. `spent`: micro-dollars in `month` ("2026-11"), reserved included.

    `strays`: posts of a closed gap that no delivery of the ledger accounts for, newest first. Their stories may have
    been off the site when the account was read, and come back later: what is one of these is out already.
    """

    sent_at: datetime | None = None
    pause: PauseStanding | None = None
    stop: StopStanding | None = None
    gap: GapStanding | None = None
    strays: tuple[Seen, ...] = ()
    keys: KeysStanding | None = None
    month: str = ""
    spent: int = 0

    def spent_in(self, month: str) -> int:
        """What that month has cost."""
        return self.spent if month == self.month else 0

    def charge(self, month: str, cost: int) -> TargetStanding:
        """With `cost` added (negative: released) to that month; one that is over counts no more."""
        if month < self.month:
            return self
        return replace(self, month=month, spent=max(0, self.spent_in(month) + cost))


@dataclass(frozen=True, slots=True)
class RunStanding:
    """The last pass: when it began."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A standing trouble: since when, and when a person was last told (None: not yet)."""

    since: datetime
    last: datetime | None = None


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _when(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _must(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


def dump_reason(reason: Reason) -> list[object]:
    """A reason as JSON: [code, {params}]."""
    return [reason.code, dict(reason.params)]


def load_reason(data: list[object]) -> Reason:
    """The reason that `dump_reason` wrote."""
    code, params = data
    assert isinstance(params, dict)
    return Reason.of(str(code), **params)


def dump_feed(feed: FeedStanding) -> str:
    """As JSON."""
    return json.dumps(
        {
            "last_good": _iso(feed.last_good),
            "validators": feed.validators,
            "polled": sorted(feed.polled),
            "host": feed.host,
            "shared": sorted(feed.shared),
            "failing_since": _iso(feed.failing_since),
            "newest": _iso(feed.newest),
            "floors": {target: _iso(floor) for target, floor in sorted(feed.floors.items())},
            "missed": _iso(feed.missed),
        }
    )


def load_feed(text: str) -> FeedStanding:
    """What `dump_feed` wrote; "" is a feed never polled."""
    if not text:
        return FeedStanding()
    data = json.loads(text)
    return FeedStanding(
        last_good=_when(data["last_good"]),
        validators=data["validators"],
        polled=frozenset(data["polled"]),
        host=data["host"],
        shared=frozenset(data["shared"]),
        failing_since=_when(data["failing_since"]),
        newest=_when(data.get("newest")),
        floors={target: floor for target, text in data.get("floors", {}).items() if (floor := _when(text))},
        missed=_when(data.get("missed")),
    )


def says_only_that_it_ran(name: str, before: str, after: str) -> bool:
    """Whether a keyed value's change tells no more than that a pass was made, and that feeds could be read.

    A ledger that pays for each write may keep such a change back for a day: losing it costs a feed read
    without validators, and a story of that day that is older than `max_age` is held instead of skipped.
    """
    if not before or not after:
        return False
    if name == RUN:
        return True
    if not name.startswith(FEED):
        return False
    old, new = load_feed(before), load_feed(after)
    return replace(old, last_good=new.last_good, validators=new.validators) == new


def _dump_pause(pause: PauseStanding | None) -> dict[str, object] | None:
    if pause is None:
        return None
    return {
        "kind": pause.kind.value,
        "until": _iso(pause.until),
        "since": _iso(pause.since),
        "reason": dump_reason(pause.reason),
        "cause": pause.cause,
        "count": pause.count,
        "credential": pause.credential,
    }


def _dump_seen(seen: Seen) -> dict[str, object]:
    links = list(seen.links)
    return {"id": seen.remote_id, "url": seen.url, "at": _iso(seen.at), "text": seen.text, "links": links}


def dump_target(target: TargetStanding) -> str:
    """As JSON."""
    stop, gap, keys = target.stop, target.gap, target.keys
    return json.dumps(
        {
            "sent_at": _iso(target.sent_at),
            "pause": _dump_pause(target.pause),
            "stop": stop and {"by": stop.by, "why": stop.why, "since": _iso(stop.since), "until": _iso(stop.until)},
            "gap": gap
            and {
                "back_to": _iso(gap.back_to),
                "seen_at": _iso(gap.seen_at),
                "needs": gap.needs,
                "absent_at": _iso(gap.absent_at),
            },
            "strays": [_dump_seen(seen) for seen in target.strays],
            "keys": keys and {"asked_at": _iso(keys.asked_at), "credential": keys.credential, "ends": _iso(keys.ends)},
            "month": target.month,
            "spent": target.spent,
        }
    )


def load_target(text: str) -> TargetStanding:
    """What `dump_target` wrote; "" is a target never used."""
    if not text:
        return TargetStanding()
    data = json.loads(text)
    pause, stop, gap = data["pause"], data["stop"], data["gap"]
    return TargetStanding(
        sent_at=_when(data["sent_at"]),
        pause=pause
        and PauseStanding(
            kind=PauseKind(pause["kind"]),
            until=_must(pause["until"]),
            since=_must(pause["since"]),
            reason=load_reason(pause["reason"]),
            cause=pause["cause"],
            count=pause["count"],
            credential=pause["credential"],
        ),
        stop=stop and StopStanding(stop["by"], stop["why"], _must(stop["since"]), _when(stop["until"])),
        gap=gap and GapStanding(_must(gap["back_to"]), _must(gap["seen_at"]), gap["needs"], _when(gap["absent_at"])),
        strays=tuple(
            Seen(one["id"], one["url"], _when(one["at"]), one["text"], tuple(one["links"]))
            for one in data.get("strays", [])
        ),
        keys=(keys := data.get("keys"))
        and KeysStanding(_must(keys["asked_at"]), keys["credential"], _when(keys["ends"])),
        month=data["month"],
        spent=data["spent"],
    )


def dump_run(run: RunStanding) -> str:
    """As JSON."""
    return json.dumps({"at": _iso(run.at)})


def load_run(text: str) -> RunStanding:
    """What `dump_run` wrote."""
    return RunStanding(_when(json.loads(text)["at"])) if text else RunStanding()


def dump_told(told: dict[str, Told]) -> str:
    """As JSON."""
    return json.dumps({name: [_iso(item.since), _iso(item.last)] for name, item in sorted(told.items())})


def load_told(text: str) -> dict[str, Told]:
    """What `dump_told` wrote."""
    return {name: Told(_must(since), _when(last)) for name, (since, last) in json.loads(text or "{}").items()}
