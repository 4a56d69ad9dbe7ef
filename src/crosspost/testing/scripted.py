"""A platform that does as it is told: outcomes in the order of a script, and a timeline that can lie."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosspost.core.policy import Target
from crosspost.core.post import (
    Accepted,
    Claim,
    Fault,
    Finding,
    NotSent,
    Outcome,
    Picture,
    Profile,
    Refused,
    Seen,
    Timeline,
    Unread,
)
from crosspost.core.reason import Code, Reason
from crosspost.core.world import World
from crosspost.net.committing import Answer, Committing, commit
from crosspost.platforms.base import Amended, Credential, Platform, Removed

PRICE = 10_000  # micro-dollars a post, where the platform is told to cost something


@dataclass(frozen=True, slots=True)
class Step:
    """What one publish meets: `ends` comes back (a BaseException is raised); `stands`: the post is out all the same."""

    ends: Outcome | BaseException
    stands: bool = False


@dataclass
class Account:
    """One account's state, which outlives the adapters that are opened on it.

    `script`: steps for the next publishes; without one, a post is accepted. `posts`: what stands there,
    newest first. `unread`: what a reading brings in place of the timeline. `hidden`: ids that a reading
    doesn't show (a lag). `claims`: every claim that asked to be published.
    """

    name: str
    script: deque[Step] = field(default_factory=deque)
    posts: list[Seen] = field(default_factory=list)
    unread: Unread | None = None
    hidden: set[str] = field(default_factory=set)
    trusted: bool = True
    living: bool | Unread = True
    claims: list[Claim] = field(default_factory=list)
    reads: int = 0
    made: int = 0

    def will(self, ends: Outcome | BaseException, *, stands: bool = False) -> None:
        """Add a step to the script."""
        self.script.append(Step(ends, stands))

    def put(self, text: str, at: datetime, links: tuple[str, ...] = ()) -> Seen:
        """A post that stands there, ours or somebody's."""
        self.made += 1
        seen = Seen(f"{self.made}", f"https://scripted.example.org/{self.made}", at, text, links)
        self.posts.insert(0, seen)
        return seen


class ScriptedAdapter:
    """Adapter on an Account; it keeps the law of committing as the real ones do."""

    def __init__(self, world: World, account: Account, profile: Profile) -> None:
        self._clock = world.clock
        self._account = account
        self._profile = profile

    def publish(self, claim: Claim, picture: Picture | None) -> Outcome:  # noqa: ARG002 - the protocol's names
        """What the script says, or accepted."""
        law = Committing(self._clock, claim)
        self._account.claims.append(claim)
        step = self._account.script.popleft() if self._account.script else Step(_OUT, stands=True)
        if _never_left(step.ends) and isinstance(step.ends, NotSent | Fault):
            return step.ends
        made: list[Seen] = []

        def request(law: Committing) -> Answer:
            law.before_first_byte()
            if step.stands:
                post = claim.post
                links = tuple(filter(None, (post.story_link, post.link)))
                made.append(self._account.put(post.text, self._clock.now(), links))
            if isinstance(step.ends, BaseException):
                raise step.ends
            return Answer(200, (), b"")

        return commit(law, request, lambda _: _named(step.ends, made))

    def find(self, since: datetime, control: frozenset[str]) -> Timeline | Unread:  # noqa: ARG002 - the protocol's names
        """What stands there and isn't hidden, all of it."""
        self._account.reads += 1
        if self._account.unread:
            return self._account.unread
        shown = tuple(post for post in self._account.posts if post.remote_id not in self._account.hidden)
        return Timeline(shown, to_end=True, trusted=self._account.trusted, read=len(shown))

    def remove(self, remote_id: str) -> Removed | Refused | Unread:
        """Down, or was already."""
        self._account.posts = [post for post in self._account.posts if post.remote_id != remote_id]
        return Removed()

    def amend(self, remote_id: str, text: str) -> Amended | Refused | Unread:
        """The new text, where the post stands."""
        if all(post.remote_id != remote_id for post in self._account.posts):
            return Refused(Reason.of(f"{self._profile.name}.gone"))
        self._account.posts = [
            replace(post, text=text) if post.remote_id == remote_id else post for post in self._account.posts
        ]
        return Amended()

    def url_of(self, remote_id: str) -> str:
        """An address that leads nowhere."""
        return f"https://scripted.example.org/{remote_id}"

    def id_of(self, address: str) -> str | None:
        """What `url_of` made an address of."""
        start = self.url_of("")
        return address.removeprefix(start) if address.startswith(start) else None

    def alive(self) -> bool | Unread:
        """As told."""
        return self._account.living

    def check(self) -> tuple[Finding, ...]:
        """One finding: all is well."""
        return (Finding(ok=True, subject=self._account.name, reason=Reason.of(f"{self._profile.name}.fine")),)


class ScriptedPlatform:
    """A Platform whose accounts a test holds by the target's name; put `platform` among the others.

    `costs`: it is budgeted, at PRICE a post.
    """

    def __init__(
        self, name: str = "scripted", *, limit: int = 280, exclusive: bool = False, costs: bool = False
    ) -> None:
        self.accounts: dict[str, Account] = {}
        self.profile = Profile(
            name=name,
            title=name.title(),
            limit=limit,
            ideal=limit,
            weigh=len,
            finds_links=_links,
            link_in_text=True,
            template="{summary}\n{link}\n{hashtags}",
            exclusive=exclusive,
        )
        self.platform = Platform(
            name=name,
            profile=self.profile,
            api_url="https://scripted.example.org",
            own_hosts=("scripted.example.org",),
            credentials=(Credential("TOKEN"),),
            open=self._open,
            prices={f"{name}_post": PRICE} if costs else {},
            price=_price_of(f"{name}_post"),
            budgeted=costs,
            sentences={f"{name}.{code}": words for code, words in _SENTENCES.items()},
            hints={f"{name}.{code}": "" for code in _SENTENCES},
        )

    def account(self, target: str) -> Account:
        """The account behind a target, made when it is first asked for."""
        return self.accounts.setdefault(target, Account(target))

    def _open(self, world: World, target: Target, secrets: Mapping[str, str]) -> ScriptedAdapter:
        del secrets
        return ScriptedAdapter(world, self.account(target.name), self.profile)


_OUT = Accepted("", "", Reason.of(Code.SENT))
_SENTENCES = {
    "gone": "The post isn't there any more.",
    "fine": "All is well.",
    "duplicate": "It stands there already.",
    "rate-limit": "Too many requests.",
    "unauthorized": "The keys are wrong.",
    "refused": "It was refused.",
}


def _never_left(ends: Outcome | BaseException) -> bool:
    """Whether the step ends before the first byte: the claim stays unspent."""
    return isinstance(ends, Fault) or (isinstance(ends, NotSent) and ends.reason.code == Code.NOT_CONNECTED)


def _named(ends: Outcome | BaseException, made: list[Seen]) -> Outcome:
    if isinstance(ends, BaseException):  # raised before; said here for the types
        raise ends
    if isinstance(ends, Accepted) and made and not ends.remote_id:
        return Accepted(made[0].remote_id, made[0].url, ends.reason)
    return ends


def _links(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split() if word.startswith(("http://", "https://")))


def _price_of(name: str) -> Callable[[object, Mapping[str, int]], int]:
    def price(post: object, prices: Mapping[str, int]) -> int:
        del post
        return prices.get(name, 0)

    return price
