"""Why something is as it is: a code with parameters. The words for it stand in report/sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Every reason that crosspost itself gives. A platform adds its own, prefixed: "x.duplicate"."""

    # planning (decide/plan), in the order of the rules
    PROTECTED = "protected"
    CATEGORY = "category"  # feed's include/exclude_categories; params: feed, term
    PATTERN = "pattern"  # feed's include/exclude; params: feed, pattern
    LANGUAGE = "language"  # target's languages; params: language
    ROUTE = "route"  # target's categories
    BASELINE = "baseline"
    SURFACED = "surfaced"  # older than all that its target's first read of the feed listed; params: date, floor
    FLOOD = "flood"  # params: feed, count, limit
    TOO_OLD = "too-old"  # params: date, max_age
    AWAY = "away"  # params: date, last_read
    LOOKS_LIKE = "looks-like"  # params: number
    HOLD_WORD = "hold-word"  # params: word
    OTHER_SITE = "other-site"  # params: host
    OTHER_ACCOUNT = "other-account"  # params: target
    APPROVAL = "approval"
    PLANNED = "planned"
    LATEST = "publish-latest"  # init --publish-latest chose it
    # choosing (decide/choose): why a pending one waits
    FUTURE = "future"
    SETTLING = "settling"
    BACKOFF = "backoff"
    NOT_BEFORE = "not-before"
    STOPPED = "stopped"  # a person's pause; params: by, why
    TARGET_PAUSED = "target-paused"  # the machine's own pause; params: cause
    QUIET = "quiet"
    BUDGET = "budget"  # params: spent, budget, cost
    SPACING = "spacing"
    CAP = "cap"  # params: limit
    NOT_ASKED = "not-asked"  # run --only names another story
    GAP_UNREAD = "gap-unread"  # the timeline must be read first
    NO_KEYS = "no-keys"  # params: names
    AFTER_LOST = "after-lost"  # the first lost answer ends that target's pass
    NO_TEXT = "no-text"  # nothing that fits can be composed; params: detail
    OVER = "over"  # its event or deadline has passed
    PRIVATE_LINK = "private-link"  # params: link
    LINK_DOWN = "link-down"  # policy.check_link
    DUE = "due"  # goes out in this pass
    # while it is sent, and afterwards
    SENDING = "sending"
    SENT = "sent"
    NOT_CONNECTED = "not-connected"  # no byte of the request left
    LEASE_SLEPT = "lease-slept"  # the claim was too old to be used
    NOT_REACHED = "not-reached"  # begun in a batch that ended before it
    LOST = "lost"  # the answer was lost, or proves nothing
    LEASE_OVER = "lease-over"  # its runner died
    OWN_FAULT = "own-fault"  # a fault of crosspost's own, before the first byte; params: kind
    FOUND = "found"
    ABSENT_ONCE = "absent-once"
    ABSENT_TWICE = "absent-twice"
    DUPLICATE_ABSENT = "duplicate-absent"  # the platform says duplicate, and nothing is there
    CANT_TELL = "cant-tell"  # a reconciling read failed or proves nothing; params: detail
    UNREAD = "unread"  # a request to the account brought no whole answer; params: detail
    FOUND_AFTER_GAP = "found-after-gap"
    TOO_MANY = "too-many-attempts"
    PAUSED_TWICE = "paused-twice"  # it has paused its target twice
    POSTED_BY_HAND = "posted-by-hand"  # policy.look found it on the account; params: target, address
    TARGET_LEFT = "target-left"  # its target is not in the settings
    GONE = "gone"
    CHANGED_SINCE = "changed-since"
    CHANGED = "changed"  # its article changed before it went out
    CHANGED_AFTER = "changed-after"  # noted: the article changed after it was published
    GONE_AFTER = "gone-after"
    LATE = "late-acceptance"
    SAME_STORY = "same-story"
    # a person's decisions (desk); params: why
    APPROVED = "approved"
    EDITED = "edited"
    SKIPPED = "skipped"
    MAY_BE_OUT = "may-be-out"  # skipped while nobody knew whether it is out
    RETRIED = "retried"
    RESOLVED_PUBLISHED = "resolved-published"
    RESOLVED_ABSENT = "resolved-absent"
    RETRACT_ASKED = "retract-asked"
    RETRACTED = "retracted"
    RETRACT_UNCONFIRMED = "retract-unconfirmed"
    EDIT_ASKED = "edit-asked"
    EDIT_DONE = "edit-done"
    EDIT_UNCONFIRMED = "edit-unconfirmed"
    # troubles that are no story's own (decide/attention)
    FEED_DOWN = "feed-down"
    FEED_STALE = "feed-stale"
    ENTRIES_MISSED = "entries-missed"
    LEDGER_BUSY = "ledger-busy"
    LEDGER_UNWRITABLE = "ledger-unwritable"
    GAP = "gap"
    TOKEN_EXPIRES = "token-expires"  # noqa: S105  (a reason's code)
    PAUSED = "paused"
    # what a preview says of itself
    NO_LEDGER_YET = "no-ledger-yet"
    NOTHING_YOUNG = "nothing-young"  # everything is too old, so the newest is shown all the same
    # what check finds to be well; a fault is told by its error's own code, or by a code above
    SETTINGS_GOOD = "settings-good"  # params: file
    FEED_GOOD = "feed-good"  # params: count
    LEDGER_GOOD = "ledger-good"


Param = str | int


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its parameters (sorted by name; plain strings and integers, times as RFC 3339)."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()

    @classmethod
    def of(cls, code: str, **params: Param) -> Reason:
        """A reason with its parameters by name."""
        return cls(str(code), tuple(sorted(params.items())))

    @property
    def named(self) -> Mapping[str, Param]:
        """The parameters by name."""
        return dict(self.params)
