"""What people do with a simulated installation: decide what waits, stop, take down, post by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crosspost.core.delivery import State
from crosspost.core.post import Post
from crosspost.desk import amend, verbs
from crosspost.errors import CrosspostError
from crosspost.pipeline.texts import code_of, text_of
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.testing.crossings import Process
from crosspost.testing.simulation import changes
from crosspost.testing.simulation.allowed import post_of
from crosspost.testing.simulation.plan import Evil

if TYPE_CHECKING:
    from crosspost.core.story import Record
    from crosspost.pipeline.outlet import Office
    from crosspost.testing.simulation.installation import Installation


class _desk:  # noqa: N801 - reads like a function
    """A person's office, in which a refusal is no accident; where what they ask is `legal`, one that says no is."""

    def __init__(self, life: Installation, *, legal: bool = False) -> None:
        self._life, self._office, self._legal = life, life.office(Process()), legal

    def __enter__(self) -> Office:
        return self._office

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        self._office.ledger.close()
        if isinstance(error, CrosspostError):
            stale = error.code == "code-stale"
            self._life.tally.add("a code that was stale: refused" if stale else f"person: refused, {error.code}")
            if self._legal and error.code == "not-legal":
                self._life.broken(f"a person was refused what is legal: {error}")
            return True
        return False


_ANA = verbs.Person("Ana")


def retract(life: Installation) -> None:
    """A person takes something down, and sometimes lets it go out again later."""
    lives = life.ledger.history(states=[State.PUBLISHED], limit=5)
    out = [one.record for one in lives if one.record.delivery.remote_id]
    if not out:
        return
    record = life.chance.choice(out)
    key, remote_id = record.delivery.key, record.delivery.remote_id
    if life.chance.random() < 0.4:
        life.accounts[key.target].faults.add(life.chance.choice(_UNCONFIRMED))
    link = life.judge.link_on(key.target, remote_id)
    with _desk(life) as office:
        amend.retract(office, record.story, _ANA, target=key.target)
        life.judge.taken_down.add((key.target, remote_id))
        life.people.down.add((key.target, remote_id))
        life.judge.asked[(key.target, link)] += 1
        life.tally.add("person: retract")
        if life.chance.random() < 0.3:
            verbs.retry(office, record.story, _ANA, target=key.target)
            life.tally.add("person: publish anew")


_UNCONFIRMED = (Fault(FaultKind.CLOSE_AFTER, "DELETE"), Fault(FaultKind.ERROR_BEFORE, "DELETE", status=503))


def take_down_again(life: Installation) -> None:
    """What a person took down and an older ledger calls published: no reading shows it, so none proves anything."""
    for lived in life.ledger.history(states=[State.PUBLISHED]):
        key = lived.record.delivery.key
        if (key.target, lived.record.delivery.remote_id) in life.judge.taken_down:
            with _desk(life) as office:
                amend.retract(office, lived.record.story, _ANA, target=key.target)
                life.tally.add("person: retract again")


def stop(life: Installation) -> None:
    """A person pauses an account or everything for a while; sometimes ends it earlier."""
    target = life.chance.choice(("", "x", "facebook"))
    until = life.later(1, 30)
    with _desk(life) as office:
        verbs.pause(office, _ANA, target=target, until=until)  # refused where the account isn't there yet
        life.people.stop(target, life.time.now + life.offset, until)
        life.tally.add("person: pause")
    if life.chance.random() < 0.4:

        def resume(life: Installation) -> None:
            with _desk(life) as office:
                verbs.resume(office, target=target)
                life.people.resume(target)
                life.allowed.resumed(target)
                life.tally.add("person: resume")

        life.agenda.add(life.later(1, 20), resume)


def by_hand(life: Installation) -> None:
    """The next time that something waits for X, a person posts it there, word for word."""
    life.by_hand_next = True


def decide(life: Installation) -> None:
    """A person looks at what waits for one, and decides something."""
    life.expected = None
    waiting = [record for record in life.ledger.open() if record.delivery.state in _VERBS]
    if not waiting:
        return
    record = life.chance.choice(waiting)
    verb = life.chance.choice(_VERBS[record.delivery.state])
    with _desk(life, legal=record.delivery.state is not State.PUBLISHED) as office:
        verb(life, office, record)
        life.tally.add(f"person: {verb.__name__.removeprefix('_')}")
    if life.chance.random() < 0.12 and Evil.EDITS in life.plan.evils:  # whoever decides also corrects
        life.agenda.add(life.later(0.02, 0.4), _edit_of(record))
    if verb is _skip and life.chance.random() < 0.3:
        life.agenda.add(life.later(0.1, 20), _after_all(record))


def _after_all(record: Record) -> Callable[[Installation], None]:
    """What a person has skipped goes out after all; what may be out is looked for first."""

    def retry(life: Installation) -> None:
        heads = [one.delivery for one in life.ledger.current([record.story.id])]
        if any(one.key == record.delivery.key and one.state is State.SKIPPED for one in heads):
            with _desk(life, legal=True) as office:
                _retry(life, office, record)
                life.tally.add("person: retry after a skip")

    return retry


def _edit_of(record: Record) -> Callable[[Installation], None]:
    def correct(life: Installation) -> None:
        post = post_of(record.story.link, life.site)
        if post in life.site.listed():
            life.site.edit(post.number, life.time.now)
            life.tally.add("edited on the site")

    return correct


def _approve(_: Installation, office: Office, record: Record) -> None:
    verbs.approve(office, record.story, _ANA, target=record.delivery.key.target)


def _approve_shown(life: Installation, office: Office, record: Record) -> None:
    """A person is shown a text with its code, and approves it some time later, by the code."""
    target = record.delivery.key.target
    text = text_of(record, office.outlets[target])
    if not isinstance(text, Post):
        return
    code, chance = code_of(record, text), life.chance

    def approve(life: Installation) -> None:
        with _desk(life) as desk:
            for one in verbs.approve(desk, record.story, _ANA, code=code):
                post = one.delivery.post
                same = post is not None and (post.text, post.link) == (text.text, text.link)
                if one.delivery.key.target != target or not same:
                    life.broken(f"{code} let another text go than the one that was shown with it")
            life.tally.add("approved by the code that was shown")

    life.agenda.add(life.later(0.05, 4), approve)
    if chance.random() < 0.3 and Evil.EDITS in life.plan.evils:
        life.agenda.add(life.later(0.01, 0.05), _edit_of(record))
    if chance.random() < 0.2 and Evil.MOVES in life.plan.evils:
        life.agenda.add(life.later(0.01, 0.05), _renamed(record))


def _renamed(record: Record) -> Callable[[Installation], None]:
    def rename(life: Installation) -> None:
        post = post_of(record.story.link, life.site)
        if post is not None:
            changes.renamed(life, post)

    return rename


def _postpone(life: Installation, office: Office, record: Record) -> None:
    amend.edit_time(office, record.story, life.later(1, 30), _ANA, target=record.delivery.key.target)


def _skip(_: Installation, office: Office, record: Record) -> None:
    verbs.skip(office, record.story, _ANA, target=record.delivery.key.target)


def _edit(life: Installation, office: Office, record: Record) -> None:
    link = record.article.link if record.article else record.story.link
    text = f"Words of a person, version {life.chance.randrange(1000)}. {link}"
    amend.edit_text(office, record.story, text, _ANA, target=record.delivery.key.target)


def _retry(_: Installation, office: Office, record: Record) -> None:
    verbs.retry(office, record.story, _ANA, target=record.delivery.key.target)


def _resolve(life: Installation, office: Office, record: Record) -> None:
    """A person looks at the account, lag or no lag, and says what is there."""
    target = record.delivery.key.target
    model = life.accounts[target]
    post = post_of(record.story.link, life.site)
    there = [one for one in model.timeline() if post_of(one.link or one.text, life.site) == post]
    if there:
        verbs.resolve_published(office, record.story, there[0].url, _ANA, target=target)
    else:
        verbs.resolve_absent(office, record.story, _ANA, target=target)


_Verb = Callable[..., None]
_VERBS: dict[State, tuple[_Verb, ...]] = {
    State.PENDING: (_skip, _edit, _postpone),
    State.HELD: (_approve, _approve, _approve, _approve_shown, _edit, _skip),
    State.UNKNOWN: (_resolve, _resolve, _skip),
    State.FAILED: (_retry, _retry, _edit, _skip),
    State.PUBLISHED: (_approve,),
}


def post_by_hand(life: Installation) -> None:
    """A person posts on X by hand what the pipeline is about to post, word for word."""
    waiting = [one for one in life.records if one.delivery.state is State.PENDING and one.delivery.key.target == "x"]
    if not waiting:
        return
    with _desk(life) as office:
        text = text_of(life.chance.choice(waiting), office.outlets["x"])
        if isinstance(text, Post):
            life.by_hand_next = False
            life.judge.by_hand.add(life.x.put(text.text, life.time.now))
            life.tally.add("person: by hand")
