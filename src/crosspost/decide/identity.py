"""Which story is it? An entry's identities, and the stories they lead to (lifecycle, section 1)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from crosspost.core.entry import Entry
from crosspost.core.story import Story

_TRACKING = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "twclid", "igshid", "mc_cid", "mc_eid", "yclid", "mkt_tok", "ref_src"}
)

_TAIL = re.compile(r"[/\s]+$")
SHORT_TEXT = 40  # characters; "Read more on our site." stands under many a title


@lru_cache(1_000)  # a pass asks for the same links again and again
def canonical_link(url: str) -> str:
    """A link without what doesn't count: scheme, www, default port, trailing slash, fragment, tracking.

    "" for a site's front page and for what is no http(s) address: neither is an identity.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return ""
    host = host.removeprefix("www.").rstrip(".")
    if port not in {None, 80, 443}:
        host = f"{host}:{port}"
    query = urlencode(
        [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not name.lower().startswith("utm_") and name.lower() not in _TRACKING
        ]
    )
    path = _TAIL.sub("", parts.path)
    if not path and not query:
        return ""
    return f"{host}{path}" + (f"?{query}" if query else "")


def host_of(url: str) -> str:
    """A link's host in lower case without "www.", "" where there is none."""
    try:
        return (urlsplit(url.strip()).hostname or "").lower().removeprefix("www.").rstrip(".")
    except ValueError:
        return ""


def fold(text: str) -> str:
    """Text for comparison: case, accents' encoding and white space don't count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Names:
    """An entry's identities: `strong` ones in the order in which they decide, `weak` ones only hint."""

    strong: tuple[str, ...]
    weak: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Both."""
        return self.strong + self.weak


def guid_identity(entry: Entry) -> str:
    """The guid's identity: an address is made canonical, anything else counts within its feed; "" without one."""
    guid = entry.guid.strip()
    if not guid:
        return ""
    if guid.lower().startswith(("http://", "https://")):
        canonical = canonical_link(guid)
        return f"guid:{canonical}" if canonical else ""
    return f"guid:{entry.feed}:{guid}"


def _title_identity(entry: Entry) -> str:
    title, date = fold(entry.article.title), entry.article.published
    if not title or date is None:
        return ""
    return f"title:{entry.feed}:{date:%Y-%m-%dT%H:%M}:{title}"


def _text_identity(entry: Entry) -> str:
    """Title with text, "" for a text too short to know a story by: the same words as a new post are no new story."""
    body = fold(" ".join(block.text for block in entry.article.blocks))
    if len(body) < SHORT_TEXT:
        return ""
    return f"text:{entry.feed}:{story_id(f'{fold(entry.article.title)} {body}')}"


def names_of(entry: Entry, shared: frozenset[str] = frozenset()) -> Names:
    """The entry's identities. A guid in `shared` stands on several stories: with its link it is one's own key."""
    guid = guid_identity(entry)
    canonical = canonical_link(entry.article.link)
    link = f"link:{canonical}" if canonical else ""
    post = f"post:{entry.feed}:{entry.post_id}" if entry.post_id else ""
    title, text = _title_identity(entry), _text_identity(entry)
    if guid in shared:
        strong, weak = [f"pair:{guid}|{canonical}", link], [title, text]
    else:
        strong, weak = [guid, link], [post, title, text]
    kept = tuple(name for name in strong if name)
    if not kept:  # neither guid nor link: title with date stands in, else the title alone
        kept = (title or f"title:{entry.feed}::{fold(entry.article.title)}",)
    return Names(kept, tuple(name for name in weak if name and name not in kept))


def story_id(identity: str) -> str:
    """A story's stable key: a hash of the identity that it is first recorded by, 16 hex digits."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def brought_by(feed: str, story: str) -> str:
    """The identity that marks that a feed has brought a story."""
    return f"seen:{feed}:{story}"


def feeds_of(story: Story) -> frozenset[str]:
    """The feeds that brought a story."""
    end = f":{story.id}"
    return frozenset(
        name[len("seen:") : -len(end)] for name in story.identities if name.startswith("seen:") and name.endswith(end)
    ) or frozenset({story.feed})


def shared_guids(entries: Iterable[Entry]) -> frozenset[str]:
    """Guids that stand on two items of one poll with different links: alone they prove nothing any more."""
    links: dict[str, set[str]] = {}
    for entry in entries:
        guid, link = guid_identity(entry), canonical_link(entry.article.link)
        if guid and link:
            links.setdefault(guid, set()).add(link)
    return frozenset(guid for guid, found in links.items() if len(found) > 1)


@dataclass(slots=True)
class Group:
    """The entries of one pass that are one story.

    `story` is None for a new one. `claims`: identities to record. `like`: the id of another story
    that has a weak identity of this one, "" otherwise.
    """

    id: str
    story: Story | None
    entries: list[Entry] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    like: str = ""


def group_entries(
    entries: Iterable[Entry], owners: Mapping[str, Story], shared: Mapping[str, frozenset[str]]
) -> list[Group]:
    """Sort one pass's entries into stories. `shared`: the shared guids by feed.

    Where two identities disagree, the guid goes before the link. A weak one never joins: a story
    that has another's weak identity only `like`s it.
    """
    groups: dict[str, Group] = {}
    local: dict[str, str] = {}  # identity → id of the group in this pass
    for entry in entries:
        names = names_of(entry, shared.get(entry.feed, frozenset()))
        group = _group_of(names, owners, local, groups)
        group.entries.append(entry)
        mark = brought_by(entry.feed, group.id)
        known = group.story.identities if group.story else frozenset()
        for name in (*names.all, mark):
            if name not in owners and name not in local and name not in known:
                local[name] = group.id
                group.claims.add(name)
    return list(groups.values())


def _group_of(names: Names, owners: Mapping[str, Story], local: Mapping[str, str], groups: dict[str, Group]) -> Group:
    for name in names.strong:
        story = owners.get(name)
        found = story.id if story else local.get(name)
        if found is not None:
            return groups.setdefault(found, Group(found, story, like=_like(names, owners, local, found)))
    own = story_id(names.strong[0])
    return groups.setdefault(own, Group(own, None, like=_like(names, owners, local, own)))


def _like(names: Names, owners: Mapping[str, Story], local: Mapping[str, str], own: str) -> str:
    """Another story that one of the weak names belongs to; a known story has one too, for when it is planned anew."""
    holders = (owners[name].id if name in owners else local.get(name, own) for name in names.weak)
    return next((holder for holder in holders if holder != own), "")
