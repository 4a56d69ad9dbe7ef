"""What goes out and what comes back: Profile, Post, Claim, Outcome, and what a timeline shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspost.core.reason import Reason


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform *is*, as data.

    `weigh(text)` counts in the platform's own units, of which `limit` may be used, and `most` by an
    account that may write more (0: none may). `ideal` is the length that reads well there.
    `link_in_text`: the link stands in the text (X), else beside it (Facebook). `finds_links(text)`:
    the addresses that the platform itself would make clickable. `template`: the default of
    [copy.NAME]; it says where the hashtags stand. `exclusive`: the same words on two accounts are forbidden.
    """

    name: str
    title: str
    limit: int
    ideal: int
    weigh: Callable[[str], int]
    finds_links: Callable[[str], tuple[str, ...]]
    link_in_text: bool
    template: str
    max_paragraphs: int = 1
    exclusive: bool = False
    most: int = 0

    @property
    def ceiling(self) -> int:
        """The longest text that any account there may send."""
        return self.most or self.limit


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag with its "#", and where it comes from: "campaign", "map", "term:…"."""

    tag: str
    source: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture to attach: its address and alt text."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Post:
    """Exactly what is sent: `text` as the message, `link` beside it ("" where it stands inside).

    `weight` of `limit` in the platform's units. `story_link` is the link that the post carries,
    inside or beside. `kind`: the kind of story, "news" if unsure. `notes`: what preview should say.
    """

    text: str
    link: str
    story_link: str
    weight: int
    limit: int
    hashtags: tuple[Tag, ...] = ()
    image: Image | None = None
    kind: str = "news"
    language: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's bytes, ready for upload, with its alt text."""

    data: bytes
    mime: str
    alt: str


class ClaimError(Exception):
    """A committing request without a fresh claim: a bug, and nothing may be sent."""


_MINT = object()


class Claim:
    """The right to send one post once. Only a ledger's append gives one out.

    `begun`: when the SENDING revision was made (aware, UTC). `key`: the same for every try of this
    delivery's revision, for platforms that take an idempotency key.
    """

    __slots__ = ("_spent", "begun", "key", "post", "story", "target")

    def __init__(self, seal: object, story: str, target: str, key: str, post: Post, begun: datetime) -> None:
        if seal is not _MINT:
            raise ClaimError("a claim comes from the ledger's append, and from nowhere else")
        self.story, self.target, self.key, self.post, self.begun = story, target, key, post, begun
        self._spent = False

    @property
    def spent(self) -> bool:
        """Whether its one committing request was made."""
        return self._spent

    def spend(self) -> None:
        """Use it up; a second time raises ClaimError."""
        if self._spent:
            raise ClaimError("this claim was used already")
        self._spent = True


def mint_claim(story: str, target: str, rev: int, post: Post, begun: datetime) -> Claim:
    """For ledgers alone: the claim of a SENDING revision that was just appended durably."""
    return Claim(_MINT, story, target, f"{story}-{target}-{rev}", post, begun)


class PauseKind(StrEnum):
    """Why a target stops for a while."""

    UNAUTHORIZED = "unauthorized"  # 1 h, doubling to 24 h
    PERMISSION = "permission"  # 1 h, doubling to 24 h
    NO_CREDIT = "no-credit"  # 6 h
    SPEND_CAP = "spend-cap"  # until its reset_date
    RATE_LIMIT = "rate-limit"  # until its reset
    BLOCKED = "blocked"  # a Page blocked for posting too fast: 24 h, doubling to 72 h
    SUSPENDED = "suspended"  # probed by a read, never with a post


@dataclass(frozen=True, slots=True)
class Pause:
    """A target's stop: its kind, and its end where the platform named one."""

    kind: PauseKind
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is out: the platform's id and public address ("" where the answer had none)."""

    remote_id: str
    url: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform said no to this content; nothing was posted."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proved that nothing was posted, and it may be tried again; the target pauses if `pause` says so.

    `retry_at`: not before then, where known.
    """

    reason: Reason
    pause: Pause | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody knows whether it is out. `duplicate`: the platform says that the text stands there already."""

    reason: Reason
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of our own before the first byte left: must not be tried again for ever."""

    reason: Reason


Outcome = Accepted | Refused | NotSent | Lost | Fault


@dataclass(frozen=True, slots=True)
class Seen:
    """One post of a timeline, in comparable form: text unescaped, with the links it was sent with."""

    remote_id: str
    url: str
    at: datetime | None
    text: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """An account's posts, newest first, as one reading brought them.

    `to_end`: the account has no older ones. `trusted`: an empty answer means an empty account
    (Facebook answers 200 and nothing when a permission is missing). `read`: posts fetched (they cost).
    """

    posts: tuple[Seen, ...]
    to_end: bool
    trusted: bool = True
    read: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """The timeline could not be read; nothing follows from that. `pause` where the account is the cause."""

    reason: Reason
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The post stands there."""

    remote_id: str
    url: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """A reading that could have shown it doesn't."""


@dataclass(frozen=True, slots=True)
class CantTell:
    """A reading that proves nothing, with the reason."""

    reason: Reason


Evidence = Found | Absent | CantTell


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `check`: fine or not, what was seen (a reason), and the thing it is about.

    `expires`: when a credential ends, where the platform told it; `check` makes that a fault where it is soon.
    """

    ok: bool
    subject: str
    reason: Reason
    expires: datetime | None = None
