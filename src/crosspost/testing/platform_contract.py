"""What every platform must keep, as tests: subclass PlatformContract (and PlatformData) and say how to reach yours.

A package that adds a platform runs these over its sandbox or double, and needs no change in crosspost.
"""
# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from itertools import count

import pytest

from crosspost.core.delivery import HALF_LEASE
from crosspost.core.policy import Copy, Policy, TagRules, Target
from crosspost.core.post import (
    Accepted,
    Claim,
    ClaimError,
    Lost,
    NotSent,
    Outcome,
    PauseKind,
    Post,
    Refused,
    Timeline,
    Unread,
    mint_claim,
)
from crosspost.core.reason import Code, Reason
from crosspost.core.world import World
from crosspost.platforms.base import Adapter, Amended, Platform, Removed
from crosspost.testing.doubles import HandClock

STORY = "https://example.org/news/a-story"


class Trouble(StrEnum):
    """What a bench can make the next request meet."""

    UNREACHABLE = "unreachable"  # nobody listens
    LOST_STANDS = "lost-stands"  # the post is made, and no answer comes
    LOST_GONE = "lost-gone"  # no post, and no answer
    DUPLICATE = "duplicate"
    RATE_LIMIT = "rate-limit"
    UNAUTHORIZED = "unauthorized"
    ERROR_STANDS = "error-stands"  # the post is made, and the answer is a 500
    HTML_STANDS = "html-stands"  # the post is made, and the answer is HTML with status 200
    BROKEN_READ = "broken-read"  # the timeline's answer is HTML with status 200


class Bench(ABC):
    """One account on one platform, and the power over what happens to it. Time is `clock`'s."""

    platform: Platform
    clock: HandClock
    adapter: Adapter
    secrets: tuple[str, ...] = ()

    @abstractmethod
    def meet(self, trouble: Trouble) -> None:
        """Make the next request (for BROKEN_READ: the next reading) meet this."""

    @abstractmethod
    def standing(self) -> tuple[str, ...]:
        """The ids of what stands on the account, newest first."""

    def claim(self, text: str = "", link: str = STORY) -> Claim:
        """A fresh claim on a post that fits this platform."""
        profile = self.platform.profile
        words = text or f"News {next(_COUNT)} & more: a < b > c, “quoted” – été."
        inside = profile.link_in_text
        whole = f"{words}\n{link}" if inside and link else words
        post = Post(whole, "" if inside else link, link, profile.weigh(whole), profile.limit)
        return mint_claim("story", "target", next(_COUNT), post, self.clock.now())

    def publish(self, claim: Claim | None = None) -> Outcome:
        """Publish a fresh claim, or this one."""
        return self.adapter.publish(claim or self.claim(), None)


_COUNT = count(1)


def target_for(platform: Platform, api_url: str, name: str = "") -> Target:
    """A target with a platform's defaults at that address."""
    return Target(
        name=name or platform.name,
        platform=platform.name,
        credentials=platform.name.upper(),
        api_url=api_url,
        limit=platform.profile.limit,
        policy=Policy(),
        tags=TagRules(),
        copy=Copy(),
        options={option.name: option.default for option in platform.options},
        prices=dict(platform.prices),
    )


def open_bench(platform: Platform, world: World, api_url: str, secrets: Mapping[str, str]) -> Adapter:
    """The adapter of an account at that address."""
    return platform.open(world, target_for(platform, api_url), secrets)


class PlatformData(ABC):
    """What a platform says of itself. Override `platform`."""

    @pytest.fixture
    @abstractmethod
    def platform(self) -> Platform:
        """The platform under test."""

    def test_its_names_agree(self, platform: Platform) -> None:
        assert platform.name == platform.profile.name
        assert re.fullmatch(r"[a-z][a-z0-9]*", platform.name)

    def test_its_own_address_is_https_on_its_own_host(self, platform: Platform) -> None:
        host = platform.api_url.removeprefix("https://")
        assert host in platform.own_hosts
        assert "/" not in host

    def test_weighing_is_pure_and_grows(self, platform: Platform) -> None:
        weigh = platform.profile.weigh
        assert weigh("") == 0
        assert 0 < weigh("a") <= weigh("ab")
        assert weigh("été – 日本 👩‍👩‍👧 https://example.org/a") == weigh("été – 日本 👩‍👩‍👧 https://example.org/a")

    def test_it_finds_the_links_that_it_would_make_clickable(self, platform: Platform) -> None:
        assert platform.profile.finds_links("plain words") == ()
        assert len(platform.profile.finds_links(f"see {STORY} now")) == 1

    def test_its_template_places_what_it_has_a_place_for(self, platform: Platform) -> None:
        profile = platform.profile
        assert "{summary}" in profile.template
        assert ("{link}" in profile.template) == profile.link_in_text
        assert 0 < profile.ideal <= profile.limit

    def test_its_price_is_one_of_its_prices(self, platform: Platform) -> None:
        post = Post(f"words {STORY}", "", STORY, 10, platform.profile.limit)
        cost = platform.price(post, platform.prices)
        assert cost in {0, *platform.prices.values()}
        assert (cost > 0) == platform.budgeted
        assert not platform.read_price or platform.read_price in platform.prices

    def test_its_codes_bear_its_name_and_have_a_sentence_and_a_hint(self, platform: Platform) -> None:
        assert set(platform.sentences) == set(platform.hints)
        assert all(code.startswith(f"{platform.name}.") for code in platform.sentences)
        assert all(sentence.endswith(".") for sentence in platform.sentences.values())

    def test_its_options_hold_their_own_defaults(self, platform: Platform) -> None:
        assert all(re.fullmatch(option.pattern, option.default) for option in platform.options)


class PlatformContract(ABC):
    """What an account must keep. Override `bench`, which gives a fresh one for each test."""

    @pytest.fixture
    @abstractmethod
    def bench(self) -> Bench:
        """A fresh account."""

    def test_a_post_is_accepted_once_with_its_id_and_address(self, bench: Bench) -> None:
        outcome = bench.publish()
        assert isinstance(outcome, Accepted)
        assert bench.standing() == (outcome.remote_id,)
        assert outcome.url.startswith("https://")
        assert bench.adapter.url_of(outcome.remote_id).startswith("https://")
        assert outcome.reason == Reason.of(Code.SENT)

    def test_an_address_that_it_gives_leads_back_to_the_post(self, bench: Bench) -> None:
        outcome = bench.publish()
        assert isinstance(outcome, Accepted)
        adapter = bench.adapter
        assert adapter.id_of(outcome.url) == adapter.id_of(adapter.url_of(outcome.remote_id)) == outcome.remote_id
        assert adapter.id_of("https://www.example.org/a-page/") is None

    def test_a_claim_sends_once(self, bench: Bench) -> None:
        claim = bench.claim()
        bench.publish(claim)
        with pytest.raises(ClaimError):
            bench.publish(claim)
        assert len(bench.standing()) == 1

    def test_a_claim_that_slept_sends_nothing_and_stays(self, bench: Bench) -> None:
        claim = bench.claim()
        bench.clock.advance(HALF_LEASE + timedelta(seconds=1))
        assert bench.publish(claim) == NotSent(Reason.of(Code.LEASE_SLEPT))
        assert (bench.standing(), claim.spent) == ((), False)

    def test_a_clock_that_was_set_back_sends_nothing(self, bench: Bench) -> None:
        claim = bench.claim()
        bench.clock.set_wall(bench.clock.now() - timedelta(minutes=2))
        assert bench.publish(claim) == NotSent(Reason.of(Code.LEASE_SLEPT))
        assert bench.standing() == ()

    def test_where_nobody_listens_nothing_is_sent_and_the_claim_stays(self, bench: Bench) -> None:
        bench.meet(Trouble.UNREACHABLE)
        claim = bench.claim()
        outcome = bench.publish(claim)
        assert isinstance(outcome, NotSent)
        assert (outcome.reason.code, outcome.pause, claim.spent) == (Code.NOT_CONNECTED, None, False)

    def test_a_lost_answer_is_lost_and_the_post_is_found(self, bench: Bench) -> None:
        bench.publish()
        bench.clock.advance(timedelta(minutes=1))
        since = bench.clock.now()
        bench.meet(Trouble.LOST_STANDS)
        claim = bench.claim()
        outcome = bench.publish(claim)
        assert isinstance(outcome, Lost)
        assert not outcome.duplicate
        bench.clock.advance(timedelta(minutes=30))
        timeline = bench.adapter.find(since, frozenset())
        assert isinstance(timeline, Timeline)
        assert timeline.posts[0].remote_id == bench.standing()[0]
        assert timeline.posts[0].text == claim.post.text

    def test_a_lost_request_is_lost_too_and_nothing_is_found(self, bench: Bench) -> None:
        bench.meet(Trouble.LOST_GONE)
        assert isinstance(bench.publish(), Lost)
        assert bench.standing() == ()
        timeline = bench.adapter.find(bench.clock.now(), frozenset())
        assert timeline == Timeline((), to_end=True, trusted=True, read=0)

    @pytest.mark.parametrize("trouble", [Trouble.ERROR_STANDS, Trouble.HTML_STANDS])
    def test_an_answer_that_nobody_can_read_proves_nothing(self, bench: Bench, trouble: Trouble) -> None:
        bench.meet(trouble)
        outcome = bench.publish()
        assert isinstance(outcome, Lost)
        assert not outcome.duplicate
        assert len(bench.standing()) == 1

    def test_a_duplicate_answer_proves_nothing(self, bench: Bench) -> None:
        bench.meet(Trouble.DUPLICATE)
        outcome = bench.publish()
        assert isinstance(outcome, Lost)
        assert outcome.duplicate
        assert outcome.reason.code in bench.platform.sentences

    def test_a_rate_limit_pauses_until_a_time_to_come(self, bench: Bench) -> None:
        bench.meet(Trouble.RATE_LIMIT)
        outcome = bench.publish()
        assert isinstance(outcome, NotSent)
        assert outcome.pause is not None
        assert outcome.pause.kind is PauseKind.RATE_LIMIT
        assert outcome.pause.until is not None
        assert outcome.pause.until >= bench.clock.now() + timedelta(minutes=1)
        assert outcome.reason.code in bench.platform.sentences

    def test_wrong_keys_pause_the_account(self, bench: Bench) -> None:
        bench.meet(Trouble.UNAUTHORIZED)
        outcome = bench.publish()
        assert isinstance(outcome, NotSent)
        assert outcome.pause is not None
        assert outcome.pause.kind is PauseKind.UNAUTHORIZED
        assert bench.standing() == ()

    def test_posts_are_read_as_they_were_sent_newest_first(self, bench: Bench) -> None:
        claims = []
        since = bench.clock.now()
        for _ in range(3):
            claims.append(bench.claim())
            bench.publish(claims[-1])
            bench.clock.advance(timedelta(minutes=5))
        timeline = bench.adapter.find(since, frozenset())
        assert isinstance(timeline, Timeline)
        assert [post.text for post in timeline.posts] == [claim.post.text for claim in reversed(claims)]
        assert tuple(post.remote_id for post in timeline.posts) == bench.standing()
        assert all(STORY in post.links for post in timeline.posts)
        assert all(post.at is not None and post.at.tzinfo is not None for post in timeline.posts)
        assert (timeline.to_end, timeline.read) == (True, 3)

    def test_a_long_timeline_is_read_back_to_an_older_post_or_its_end(self, bench: Bench) -> None:
        for _ in range(25):
            bench.publish()
            bench.clock.advance(timedelta(minutes=20))
        for back, known in ((timedelta(minutes=50), 12), (timedelta(hours=5), 4)):
            since = bench.clock.now() - back
            control = bench.standing()[known]
            timeline = bench.adapter.find(since, frozenset({control}))
            assert isinstance(timeline, Timeline)
            assert timeline.to_end or any(post.at and post.at < since for post in timeline.posts)
            assert control in {post.remote_id for post in timeline.posts}
            assert tuple(post.remote_id for post in timeline.posts) == bench.standing()[: len(timeline.posts)]

    def test_a_broken_reading_is_no_empty_timeline(self, bench: Bench) -> None:
        bench.publish()
        bench.meet(Trouble.BROKEN_READ)
        assert isinstance(bench.adapter.find(bench.clock.now(), frozenset()), Unread)

    def test_a_post_is_taken_down_and_again(self, bench: Bench) -> None:
        outcome = bench.publish()
        assert isinstance(outcome, Accepted)
        assert bench.adapter.remove(outcome.remote_id) == Removed()
        assert bench.standing() == ()
        assert bench.adapter.remove(outcome.remote_id) == Removed()

    def test_a_text_is_changed_or_the_change_refused(self, bench: Bench) -> None:
        outcome = bench.publish()
        assert isinstance(outcome, Accepted)
        match bench.adapter.amend(outcome.remote_id, "Other words"):
            case Amended():
                timeline = bench.adapter.find(bench.clock.now(), frozenset())
                assert isinstance(timeline, Timeline)
                assert timeline.posts[0].text == "Other words"
            case Refused(reason):
                assert reason.code in bench.platform.sentences
            case Unread(reason):
                pytest.fail(reason.code)
        assert bench.standing() == (outcome.remote_id,)

    def test_a_healthy_account_lives_and_passes_the_doctor(self, bench: Bench) -> None:
        assert bench.adapter.alive() is True
        findings = bench.adapter.check()
        assert findings
        assert all(finding.ok for finding in findings)
        assert all(finding.reason.code in bench.platform.sentences for finding in findings)

    def test_no_secret_shows_in_anything(self, bench: Bench) -> None:
        shown = [repr(bench.adapter), str(bench.adapter), repr(bench.publish()), repr(bench.adapter.check())]
        shown += [repr(bench.adapter.find(bench.clock.now(), frozenset()))]
        assert [secret for secret in bench.secrets for text in shown if secret in text] == []
