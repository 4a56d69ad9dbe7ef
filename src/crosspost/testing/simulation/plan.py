"""How long and how wild a life is: the evils that may come over it, all of them or a few drawn from the seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time as clock_time
from datetime import timedelta
from enum import StrEnum
from functools import cache
from random import Random

from crosspost.config import assume
from crosspost.core.policy import Feed, Quiet, Settings, Target
from crosspost.net.adapter import quiet_libraries
from crosspost.platforms.base import Platform
from crosspost.platforms.loading import load_platforms
from crosspost.testing.site import HOST

STORIES_A_YEAR = 66
SMALL_BUDGET = 1_300_000  # micro-dollars a month: six posts with a link, and some reading


class Evil(StrEnum):
    """What may be wrong in a life. Each is a switch; a life has some of them."""

    KILLS = "kills"  # runs die
    NAPS = "naps"  # machines sleep through a lease
    OVERLAPS = "overlaps"  # several runs at once
    LOSSES = "losses"  # answers that are lost, broken or no answers
    PAUSES = "pauses"  # answers that stop an account for a while
    DUPLICATES = "duplicates"  # "you have said that already"
    READINGS = "readings"  # timelines that can't be read, lag or are empty
    OUTAGES = "outages"  # the feed is down, or a host can't be reached
    EMPTY_MONTH = "empty month"  # for a month Facebook shows nothing
    EDITS = "edits"  # the site changes a text
    GOINGS = "goings"  # the site takes stories off, and brings some back
    MOVES = "moves"  # http or https, other dates, all guids new
    IMPORTS = "imports"  # many stories at once, or two that look alike
    ODDITIES = "oddities"  # dated long ago, dated later, leading to another site
    POISON = "poison"  # a story that X always answers with a pause
    CLOCKS = "clocks"  # the machine's clock jumps
    COPIES = "copies"  # an older ledger is put back
    ABSENCES = "absences"  # nobody runs for hours or days
    DECISIONS = "decisions"  # people approve, edit, skip, retry and resolve
    RETRACTIONS = "retractions"  # people take posts down
    STOPS = "stops"  # people pause accounts
    BY_HAND = "by hand"  # people post the same themselves
    SETTINGS = "settings"  # approval, quiet hours, spacing, a cap, a budget


# A rough month with nobody there and the site as it is: whatever stands on an account, the ledger must know of.
PLAIN = frozenset(
    {
        Evil.KILLS,
        Evil.NAPS,
        Evil.OVERLAPS,
        Evil.LOSSES,
        Evil.PAUSES,
        Evil.DUPLICATES,
        Evil.READINGS,
        Evil.OUTAGES,
        Evil.EDITS,
    }
)
# With these a post may stand there that the ledger rightly doesn't call published.
UNSETTLING = frozenset({Evil.COPIES, Evil.CLOCKS, Evil.BY_HAND, Evil.DECISIONS, Evil.RETRACTIONS})
# Two of them at least, and one of the first two: else nothing is ever in doubt, and faults are few.
_FAULTS = (Evil.KILLS, Evil.LOSSES, Evil.PAUSES, Evil.NAPS)
FAULTS_A_YEAR = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how wild a life is.

    `struck`: the share of passes with something at stake that are struck. `evils`: what may happen.
    `words`: the options of the command line that give this plan.
    """

    days: int = 30
    stories: int = 20
    struck: float = 0.5
    evils: frozenset[Evil] = PLAIN
    disk: str = ""  # a ledger in that folder instead of memory
    words: str = ""

    @property
    def faults(self) -> float:
        """So many faults should strike, at least."""
        return FAULTS_A_YEAR * self.stories / STORIES_A_YEAR

    @property
    def strict(self) -> bool:
        """Whether all that stands on an account must be known to the ledger."""
        return not self.evils & UNSETTLING

    @classmethod
    def year(cls, days: int = 365, disk: str = "", stories: int = 0) -> Plan:
        """Everything that may happen, for a year (or less) of a small organisation: 66 stories, unless said."""
        return cls(days, stories or _stories(days), evils=frozenset(Evil), disk=disk, words="--all")

    @classmethod
    def drawn(cls, seed: int, days: int = 365, disk: str = "", stories: int = 0) -> Plan:
        """A year (or less) with some evils, drawn from the seed: half of them, few, or nearly all."""
        chance = Random(f"evils of {seed}")  # noqa: S311 - the seed must decide everything
        share = chance.choice((0.3, 0.5, 0.5, 0.6, 0.9))
        evils = {evil for evil in Evil if chance.random() < share}
        if not evils & set(_FAULTS[:2]):
            evils.add(chance.choice(_FAULTS[:2]))
        if len(evils & set(_FAULTS)) < 2:
            evils |= {Evil.LOSSES, chance.choice((Evil.KILLS, Evil.PAUSES))}
        return cls(days, stories or _stories(days), 0.4, frozenset(evils), disk, "--year")


def _stories(days: int) -> int:
    return max(1, days * STORIES_A_YEAR // 365)


# What another organisation wants for an account, and how often.
_WISHES = {"approval": 0.15, "quiet": 0.25, "spacing": 0.2, "cap": 0.3, "look": 0.35, "budget": 0.25}
SECOND = "x-two"  # a second account on X, which some have; X forbids the same words on two


@cache
def platforms() -> dict[str, Platform]:
    """The installed platforms."""
    quiet_libraries()
    return load_platforms()


@cache
def settings() -> Settings:
    """An ordinary installation: one feed, both platforms, the defaults of the documents."""
    feed = Feed(name="site", url=f"https://{HOST}/feed/")
    return assume((feed,), platforms(), campaign=("#LastGirlFirst",), zone="Europe/Paris").settings


def varied(plain: Settings, chance: Random, *, approver: bool) -> Settings:
    """The settings of another organisation: approval, quiet hours, spacing, a cap, a look before, a small budget.

    Where nobody is there to approve, no account waits for it: in such a year hardly anything would go out.
    """

    def change(target: Target) -> Target:
        wants = {name: chance.random() < share for name, share in _WISHES.items()}
        policy = replace(
            target.policy,
            approval=wants["approval"] and approver,
            quiet=Quiet(clock_time(22), clock_time(7)) if wants["quiet"] else None,
            spacing=timedelta(hours=2 if wants["spacing"] else 0),
            max_per_run=1 if wants["cap"] else target.policy.max_per_run,
            look=wants["look"],
        )
        tight = target.name == "x" and wants["budget"]
        return replace(target, policy=policy, budget=SMALL_BUDGET if tight else target.budget)

    targets = tuple(change(target) for target in plain.targets)
    if chance.random() < 0.1:
        targets += (replace(next(one for one in targets if one.name == "x"), name=SECOND, credentials="X_TWO"),)
    return replace(plain, targets=targets)
