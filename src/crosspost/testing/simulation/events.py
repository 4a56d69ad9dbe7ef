"""What happens to a simulated installation at a moment of its own: to its machines, its ledger and its accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crosspost.sandbox.facebook import READ_SCOPES, WRITE_SCOPES
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.testing.simulation import changes, people
from crosspost.testing.simulation.plan import Evil

if TYPE_CHECKING:
    from crosspost.testing.simulation.installation import Installation


def poison(life: Installation) -> None:
    """The next story is one that X always answers with a pause."""
    life.poison_next = True


def clock_jumps(life: Installation) -> None:
    """The machine's clock is off for some hours."""
    life.offset = timedelta(seconds=life.chance.choice((-10_000, -4_000, -700, 700, 4_000, 10_000)))
    life.tally.add("clock jumped")
    life.agenda.add(life.later(1, 50), clock_is_right)


def clock_is_right(life: Installation) -> None:
    """Somebody sets it."""
    life.offset = timedelta(0)


def put_back_newest(life: Installation) -> None:
    """The newest copy is put back, as after a run that died."""
    put_back(life, last=True)


def put_back(life: Installation, *, last: bool = False) -> None:
    """An older ledger is put back: of any age where the machine remembers the newer one, else over 95 minutes old.

    No machine that forgets is put back within a quarter of an hour of its last post: the protocol assumes that.
    """
    newest = max((post.at for model in life.accounts.values() for post in model.timeline()), default=None)
    fresh = newest is not None and life.time.now - newest < timedelta(minutes=16)
    forgot = not fresh and life.chance.random() < 0.4
    least = timedelta(minutes=95 if forgot else 1)
    copies = [one for one in life.copies if life.time.now - one[0] >= least]
    if not copies:
        return
    _, copy = copies[-1] if last else life.chance.choice(copies)
    if forgot:
        life.memory.heads.clear()
    life.put_back(copy, needs=int(forgot))
    life.tally.add("ledger put back, machine forgot" if forgot else "ledger put back, machine remembers")


def all_put_back(life: Installation) -> None:
    """The whole host is restored, ledger and site: what went out since is on no list, until editors bring it back.

    Meanwhile there is news, so that the accounts are read; often nobody runs then, and there is news again.
    """
    copies = [one for one in life.copies if life.time.now - one[0] < timedelta(days=10)]
    if not copies:
        return
    copied_at, copy = copies[0]
    missing = [post for post in life.site.listed() if post.published > copied_at]
    gone = {post.number for post in missing}
    # An account that came since sees them anew.
    life.lore.old = {name: old - gone for name, old in life.lore.old.items()}
    life.put_back(copy)
    life.tally.add("ledger and site put back")
    for post in missing:
        life.site.show(post.number, life.time.now, listed=False)

        def restore(life: Installation, number: int = post.number) -> None:
            life.site.show(number, life.time.now, listed=True)

        life.agenda.add(life.later(20, 40), restore)
    life.agenda.add(life.later(0.1, 0.5), changes.birth)

    def away(life: Installation) -> None:
        life.away_until = life.time.now + timedelta(hours=2)
        life.agenda.add(life.later(2, 2.1), changes.birth)

    if life.chance.random() < 0.6:
        life.agenda.add(life.later(6, 8), away)


def joins(name: str) -> Callable[[Installation], None]:
    """An account that comes later: what the site lists by then is no news for it."""

    def join(life: Installation) -> None:
        life.settings = life.wanted
        there = frozenset(post.number for post in life.site.listed() if not post.locked)
        life.lore.old[name] = there - life.site.hidden
        life.tally.add("an account came later")

    return join


def new_keys(name: str) -> Callable[[Installation], None]:
    """Somebody gives a paused account other keys, which end the pause; some of them are wrong as well."""

    def change(life: Installation) -> None:
        life.keys[name] = f"keys of {life.time.now:%d %b %H:%M}"
        life.allowed.resumed(name)
        life.let_go()
        life.tally.add("a paused account got new keys")
        if life.chance.random() < 0.5:
            life.accounts[name].faults.add(Fault(FaultKind.EXPIRED_TOKEN, "POST", times=2))

    return change


def nobody_runs(life: Installation) -> None:
    """The machine is off for two hours or ten days."""
    hours = life.chance.choice((2, 3, 6, 20, 20, 60, 120, 240))
    life.away_until = life.time.now + timedelta(hours=hours)
    life.tally.add("nobody ran")


def permission_lost(life: Installation) -> None:
    """For a month Facebook answers every reading with 200 and nothing."""
    life.facebook.options = replace(life.facebook.options, scopes=WRITE_SCOPES)
    life.tally.add("a month of empty answers")
    life.agenda.add(life.time.now + timedelta(days=30), permission_again)


def permission_again(life: Installation) -> None:
    """Somebody gave the permission back."""
    life.facebook.options = replace(life.facebook.options, scopes=WRITE_SCOPES | READ_SCOPES)


# Event → how often it happens to a site of 66 stories.
EVENTS: dict[Evil, dict[Callable[[Installation], None], float]] = {
    Evil.EDITS: {changes.edit: 10},
    Evil.GOINGS: {changes.unpublish: 6, changes.lock: 2},
    Evil.MOVES: {changes.redate: 3, changes.move: 2, changes.relist: 1.5, changes.rename: 2},
    Evil.IMPORTS: {
        changes.same_title: 2,
        changes.many: 1,
        changes.burst: 0.4,
        changes.old_news: 2,
        changes.dated_later: 2,
        changes.hacked: 2,
    },
    Evil.POISON: {poison: 1},
    Evil.CLOCKS: {clock_jumps: 4},
    Evil.COPIES: {put_back: 4, all_put_back: 1},
    Evil.ABSENCES: {nobody_runs: 4},
    Evil.RETRACTIONS: {people.retract: 4},
    Evil.STOPS: {people.stop: 5},
    Evil.BY_HAND: {people.by_hand: 4},
}


def drawn(life: Installation) -> Iterator[Callable[[Installation], None]]:
    """The events of a life, each as often as it comes."""
    for evil in Evil:  # a set has no order that a seed decides
        if evil not in life.plan.evils:
            continue
        for event, rate in EVENTS.get(evil, {}).items():
            for _ in range(int(rate * life.plan.stories / 66 + life.chance.random())):
                yield event
