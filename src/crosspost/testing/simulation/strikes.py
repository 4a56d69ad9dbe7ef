"""What may happen to a simulated installation: faults of platforms and feed, and what people, sites and machines do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crosspost.core.delivery import State
from crosspost.core.post import Post
from crosspost.desk import amend, verbs
from crosspost.errors import CrosspostError
from crosspost.pipeline.texts import text_of
from crosspost.sandbox.facebook import READ_SCOPES, WRITE_SCOPES
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.testing.crossings import Process

if TYPE_CHECKING:
    from crosspost.core.story import Record
    from crosspost.pipeline.outlet import Office
    from crosspost.testing.simulation.life import Simulation
    from crosspost.testing.site import SitePost

# A platform's faults: name → fault. "before" and "after" are meant of the acceptance.
FAULTS: dict[str, Fault] = {
    "lost before acceptance": Fault(FaultKind.CLOSE_BEFORE, "POST"),
    "lost after acceptance": Fault(FaultKind.CLOSE_AFTER, "POST"),
    "reset after acceptance": Fault(FaultKind.RESET_AFTER, "POST"),
    "lost six times": Fault(FaultKind.CLOSE_BEFORE, "POST", times=6),
    "silent before acceptance": Fault(FaultKind.SILENCE, "POST"),
    "silent after acceptance": Fault(FaultKind.SILENCE_AFTER, "POST"),
    "drip": Fault(FaultKind.DRIP, "POST"),
    "5xx before acceptance": Fault(FaultKind.ERROR_BEFORE, "POST", status=503),
    "5xx after acceptance": Fault(FaultKind.ERROR_AFTER, "POST", status=502),
    "html": Fault(FaultKind.HTML, "POST"),
    "html after acceptance": Fault(FaultKind.HTML_AFTER, "POST"),
    "half an answer": Fault(FaultKind.HALF, "POST"),
    "redirect": Fault(FaultKind.REDIRECT, "POST"),
    "rate limit": Fault(FaultKind.RATE_LIMIT, "POST", seconds=900),
    "expired token": Fault(FaultKind.EXPIRED_TOKEN, "POST"),
    "permission": Fault(FaultKind.PERMISSION, "POST"),
    "duplicate answer": Fault(FaultKind.DUPLICATE, "POST"),
    "suspended": Fault(FaultKind.SUSPENDED, "POST"),
}
X_FAULTS: dict[str, Fault] = {
    "no credit": Fault(FaultKind.NO_CREDIT, "POST"),
    "spend cap": Fault(FaultKind.SPEND_CAP, "POST", seconds=86_400),
    "day limit": Fault(FaultKind.DAY_LIMIT, "POST", seconds=7_200),
}
FACEBOOK_FAULTS: dict[str, Fault] = {
    "code 1": Fault(FaultKind.CODE1, "POST"),
    "code 1 after acceptance": Fault(FaultKind.CODE1_AFTER, "POST"),
    "code 2 after acceptance": Fault(FaultKind.CODE2_AFTER, "POST"),
    "page blocked": Fault(FaultKind.RATE_LIMIT, "POST", code=368, subcode=1390008),
}
READS: dict[str, Fault] = {
    "timeline lags": Fault(FaultKind.LAG, "GET", times=3, seconds=840),
    "timeline unread": Fault(FaultKind.ERROR_BEFORE, "GET", status=503),
    "timeline cut off": Fault(FaultKind.HALF, "GET"),
    # An empty answer proves nothing where the ledger knows of a post that should be there. Where it knows
    # of none, only a missing permission can explain it, and that is what `month_without_permission` plays.
    "timeline empty": Fault(FaultKind.EMPTY_TIMELINE, "GET"),
}
FEED_FAULTS = ("html", "cut", "error")


def strike(life: Simulation) -> None:
    """Let one fault come over the next pass. Where something is unknown, it strikes what is to settle it."""
    unknown = any(record.delivery.state is State.UNKNOWN for record in life.ledger.open())
    names = [*READS, "fewer"] if unknown else [*FAULTS, *X_FAULTS, *FACEBOOK_FAULTS, "feed down", "not connected"]
    name = life.chance.choice(names)
    life.tally.add(name)
    if name == "feed down":
        life.site.broken = life.chance.choice(FEED_FAULTS)
    elif name == "not connected":
        life.down.add(life.chance.choice(life.hostnames()))
    elif name in READS:
        for target, model in life.accounts.items():
            if name != "timeline empty" or life.ledger.history(target=target, states=[State.PUBLISHED], limit=1):
                model.faults.add(READS[name])
    elif name in X_FAULTS:
        life.x.faults.add(X_FAULTS[name])
    elif name in FACEBOOK_FAULTS:
        life.facebook.faults.add(FACEBOOK_FAULTS[name])
    elif name in FAULTS:
        life.chance.choice((life.x, life.facebook)).faults.add(FAULTS[name])


# --- the site -----------------------------------------------------------------------------------------------------


SITE = (*["edit", "redate", "unpublish", "restore", "https", "relist"] * 2, "edit", "edit", "import", "same title")


def site_event(life: Simulation) -> bool:
    """Something rare on the site; whether anything changed."""
    listed = life.site.listed()
    if not listed or life.chance.random() > 0.06:
        return False
    name = life.chance.choice(SITE)
    post = life.chance.choice(listed[:4])
    now = life.time.now
    match name:
        case "edit":
            life.site.edit(post.number, now)
        case "redate":
            life.site.redate(post.number, now, now - timedelta(minutes=life.chance.randrange(5, 300)))
        case "unpublish":
            life.site.show(post.number, now, listed=False)
        case "restore":
            return _restore(life)
        case "https":
            life.site.secure = not life.site.secure
            life.site.changed = now
        case "relist":
            life.site.relist(now)
        case "import" | "same title":
            _born_otherwise(life, name, post)
        case _:
            return False
    life.tally.add(f"site: {name}")
    return True


def _restore(life: Simulation) -> bool:
    hidden = [one for one in life.site.posts.values() if not one.listed]
    if hidden:
        life.site.show(life.chance.choice(hidden).number, life.time.now, listed=True)
        life.tally.add("site: restore")
    return bool(hidden)


def _born_otherwise(life: Simulation, name: str, post: SitePost) -> None:
    """An import of many, or a new post with an old one's title and date."""
    now = life.time.now
    if name == "same title":
        again = life.site.publish(now, post.published)
        life.site.posts[again.number] = replace(again, title=post.title)
    elif life.chance.random() < 0.3:
        for minutes in range(7):
            life.site.publish(now, now - timedelta(minutes=minutes))


# --- machines -----------------------------------------------------------------------------------------------------


def machine_event(life: Simulation) -> None:
    """Something rare that happens to the machine between passes: its clock jumps, its ledger is put back."""
    draw = life.chance.random()
    if draw < 0.002:
        life.offset = timedelta(seconds=life.chance.choice((-10_000, -4_000, -700, 700, 4_000, 10_000)))
        life.tally.add("clock jumped")
    elif draw < 0.03:
        life.offset = timedelta(0)
    elif draw < 0.033:
        restore(life)


def restore(life: Simulation) -> None:
    """Put an older copy of the ledger back: of any age where the machine remembers it, else over 95 minutes old."""
    least = timedelta(minutes=0) if life.chance.random() < 0.6 else timedelta(minutes=95)
    copies = [one for one in life.copies if life.time.now - one[0] >= max(least, timedelta(minutes=1))]
    if not copies:
        return
    _, copy = life.chance.choice(copies)
    if least:
        life.memory.heads.clear()
    life.put_back(copy)
    life.tally.add("ledger put back, machine forgot" if least else "ledger put back, machine remembers")


# --- people -------------------------------------------------------------------------------------------------------


def person_event(life: Simulation) -> None:
    """A person looks at what waits for one, and decides something."""
    held = [record for record in life.ledger.open() if record.delivery.state is not State.SENDING]
    if not held or life.chance.random() > 0.25:
        return
    record = life.chance.choice(held)
    verb = life.chance.choice(_VERBS[record.delivery.state])
    office = life.office(Process())
    try:
        verb(life, office, record)
        life.tally.add(f"person: {verb.__name__.removeprefix('_')}")
    except CrosspostError:
        life.tally.add("person: refused")
    finally:
        office.ledger.close()


_ANA = verbs.Person("Ana")


def _approve(_: Simulation, office: Office, record: Record) -> None:
    verbs.approve(office, record.story, _ANA, target=record.delivery.key.target)


def _skip(_: Simulation, office: Office, record: Record) -> None:
    verbs.skip(office, record.story, _ANA, target=record.delivery.key.target)


def _edit(life: Simulation, office: Office, record: Record) -> None:
    link = record.article.link if record.article else record.story.link
    text = f"Words of a person, version {life.chance.randrange(1000)}. {link}"
    amend.edit_text(office, record.story, text, _ANA, target=record.delivery.key.target)


def _retry(_: Simulation, office: Office, record: Record) -> None:
    verbs.retry(office, record.story, _ANA, target=record.delivery.key.target)


def _resolve(life: Simulation, office: Office, record: Record) -> None:
    """A person looks at the account, lag or no lag, and says what is there."""
    target = record.delivery.key.target
    model = life.accounts[target]
    link = (record.article.link if record.article else record.story.link).partition("://")[2]
    there = [post for post in model.timeline() if link in (post.link or post.text)]
    if there:
        verbs.resolve_published(office, record.story, there[0].url, _ANA, target=target)
    else:
        verbs.resolve_absent(office, record.story, _ANA, target=target)


_Verb = Callable[..., None]
_VERBS: dict[State, tuple[_Verb, ...]] = {
    State.PENDING: (_skip, _edit),
    State.HELD: (_approve, _approve, _approve, _edit, _skip),
    State.UNKNOWN: (_resolve, _resolve, _skip),
    State.FAILED: (_retry, _retry, _edit, _skip),
    State.PUBLISHED: (_approve,),
    State.SENDING: (),
}


def retract_event(life: Simulation) -> None:
    """A person takes something down, and sometimes lets it go out again later."""
    if life.chance.random() > 0.01:
        return
    lives = life.ledger.history(states=[State.PUBLISHED], limit=5)
    out = [one.record for one in lives if one.record.delivery.remote_id]
    if not out:
        return
    record = life.chance.choice(out)
    office = life.office(Process())
    try:
        key = record.delivery.key
        link = life.judge.link_on(key.target, record.delivery.remote_id)
        amend.retract(office, record.story, _ANA, target=key.target)
        life.judge.taken_down.add((key.target, record.delivery.remote_id))
        life.judge.asked[(key.target, link)] += 1
        life.tally.add("person: retract")
        if life.chance.random() < 0.3:
            verbs.retry(office, record.story, _ANA, target=record.delivery.key.target)
            life.tally.add("person: publish anew")
    except CrosspostError:
        life.tally.add("person: refused")
    finally:
        office.ledger.close()


def pause_event(life: Simulation) -> None:
    """A person pauses an account for a while, or ends a pause."""
    draw = life.chance.random()
    if draw > 0.02:
        return
    office = life.office(Process())
    target = life.chance.choice(("", "x", "facebook"))
    try:
        if draw < 0.008:
            verbs.pause(
                office, _ANA, target=target, until=life.time.now + timedelta(hours=life.chance.randrange(1, 30))
            )
            life.tally.add("person: pause")
        else:
            verbs.resume(office, target=target)
            life.tally.add("person: resume")
    finally:
        office.ledger.close()


def by_hand_event(life: Simulation) -> None:
    """A person posts on X by hand what the pipeline is about to post, word for word."""
    if life.chance.random() > 0.02:
        return
    waiting = [
        one for one in life.ledger.open() if one.delivery.state is State.PENDING and one.delivery.key.target == "x"
    ]
    if not waiting:
        return
    office = life.office(Process())
    try:
        text = text_of(life.chance.choice(waiting), office.outlets["x"])
    finally:
        office.ledger.close()
    if isinstance(text, Post):
        life.judge.by_hand.add(life.x.put(text.text, life.time.now))
        life.tally.add("person: by hand")


def month_without_permission(life: Simulation) -> None:
    """For a month Facebook answers every reading with 200 and nothing."""
    if life.chance.random() < 0.3:
        life.facebook.options = replace(life.facebook.options, scopes=WRITE_SCOPES)
        life.tally.add("a month of empty answers")


def permission_again(life: Simulation) -> None:
    """Somebody gave the permission back."""
    life.facebook.options = replace(life.facebook.options, scopes=WRITE_SCOPES | READ_SCOPES)
