"""Made-up prospects for the reports; the organisation and its news are fiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from crosspost.core.delivery import Attempts, Event, Key, Revision, State
from crosspost.core.outlook import Alert, FeedOutlook, Money, Preview, Prospect, RunReport, Status, TargetOutlook
from crosspost.core.post import Image, Post, Tag
from crosspost.core.reason import Code, Reason
from crosspost.core.story import Record, Story

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LINK = "https://example.org/2026/11/shelters-open-in-three-cities/"
TITLE = "Three shelters for girls open in Lyon, Marseille and Lille"
X_TEXT = (
    "Three shelters for girls who left prostitution opened this week in Lyon, Marseille and Lille. "
    "Each has room for twelve, and a lawyer on call.\n" + LINK + "\n#LastGirlFirst #UN"
)
FB_TEXT = (
    "Three shelters for girls who left prostitution opened this week in Lyon, Marseille and Lille.\n\n"
    "Each has room for twelve, and a lawyer on call. “Nobody should have to choose between a roof and her safety”, "
    "says Awa Diallo, who runs the house in Lille.\n\n#LastGirlFirst #UN"
)
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07here\x1b]8;;\x07 [bold]markup[/bold] [link=https://evil.example]"
    "\r::error::no\n::warning file=x::no ##[error]no \u202egnihsup\u202c a | b `code` ```fence``` <script>alert(1)</script> "
    "@everyone <!-- [x](javascript:alert(1)) ![y](https://evil.example/z.png) **bold** &amp; \\ $(id)\x00\x07\x9b31m"
)


def story(number: int = 12, **changes: object) -> Story:
    """A story; "12" unless told."""
    made = Story(
        id=f"id{number:030d}",
        number=number,
        identities=frozenset({f"link:{LINK}{number}"}),
        feed="site",
        guid=f"https://example.org/?p={number}",
        title=TITLE,
        link=LINK,
        language="en",
        published=NOW - timedelta(hours=3),
        first_seen=NOW - timedelta(hours=2),
    )
    return replace(made, **changes)


def post(target: str = "x", **changes: object) -> Post:
    """A post as X or Facebook would get it."""
    tags = (Tag("#LastGirlFirst", "campaign"), Tag("#UN", "map:United Nations"))
    made = (
        Post(X_TEXT, "", LINK, 187, 280, tags, language="en")
        if target == "x"
        else Post(FB_TEXT, LINK, LINK, len(FB_TEXT), 63206, tags, language="en")
    )
    return replace(made, **changes)


def prospect(
    target: str = "x",
    state: State = State.PENDING,
    reason: Reason = Reason.of(Code.DUE),
    *,
    of: Story | None = None,
    revision: dict[str, object] | None = None,
    **changes: object,
) -> Prospect:
    """One story on one target, with a text; `revision` and `changes` alter the two values."""
    known = of or story()
    delivery = Revision(
        Key(known.id, target), 1, state, Event.PLAN, NOW - timedelta(hours=2), "crosspost", reason, article="a" * 32
    )
    if state is State.PUBLISHED:
        url = "https://x.com/i/status/1990000000000000001"
        delivery = replace(delivery, remote_id="1990000000000000001", url=url, out_at=NOW, attempts=Attempts(count=1))
    made = Prospect(
        Record(known, replace(delivery, **(revision or {})), None),
        target,
        state,
        reason,
        post(target),
        code=f"{known.number}@a3f09c" if known.number else "",
        cost=200_000 if target == "x" else 0,
    )
    return replace(made, **changes)


def feed(**changes: object) -> FeedOutlook:
    """A feed that was read."""
    return replace(FeedOutlook("site", "https://example.org/feed/", "ok", 200, 10, 1), **changes)


def down() -> FeedOutlook:
    """A feed that wasn't."""
    return FeedOutlook(
        "blog",
        "https://example.net/feed/",
        "failed",
        200,
        error="https://example.net/feed/ brought a web page instead of a feed.",
        hint="Open the address in a browser.",
        notes=(Reason.of(Code.ENTRIES_MISSED, feed="blog"),),
    )


def variety() -> tuple[Prospect, ...]:
    """A morning on which nearly everything happens."""
    arabic = story(13, title="افتتاح ثلاثة ملاجئ للفتيات في ليون ومرسيليا وليل هذا الأسبوع بحضور الناجيات والمحاميات")
    chinese = story(
        14, title="三个庇护所本周在里昂、马赛和里尔开放，每个庇护所可容纳十二名女孩，并有一名律师随时待命提供法律援助"
    )
    later = Reason.of(Code.SETTLING)
    old = [story(n, title=f"News of the year before, number {n}") for n in range(1, 9)]
    return (
        prospect(goes=True),
        prospect("facebook", goes=True),
        prospect(of=arabic, goes=True, post=post(text=f"{arabic.title}.\n{LINK}\n#LastGirlFirst", language="ar")),
        prospect("facebook", of=chinese, goes=True, post=post("facebook", text=chinese.title * 3, language="zh")),
        prospect(of=story(15), reason=later, due=NOW + timedelta(minutes=20)),
        prospect("facebook", of=story(15), reason=later, due=NOW + timedelta(minutes=20)),
        prospect(of=story(16), state=State.HELD, reason=Reason.of(Code.HOLD_WORD, word="embargo")),
        prospect(of=story(17), state=State.UNKNOWN, reason=Reason.of(Code.LOST)),
        prospect(of=story(18), state=State.FAILED, reason=Reason.of(Code.TOO_MANY), post=None),
        *(prospect(of=one, state=State.SKIPPED, reason=Reason.of(Code.BASELINE), post=None) for one in old),
        prospect(of=story(20), state=State.PUBLISHED, reason=Reason.of(Code.SENT)),
    )


def preview() -> Preview:
    """That morning, before the run."""
    return Preview(variety(), (feed(), down()), (Reason.of(Code.GAP, target="x"),))


def run() -> RunReport:
    """The same, after it."""
    done = (prospect(of=story(21), state=State.RETRACTED, reason=Reason.of(Code.RETRACTED)),)
    alerts = (
        Alert("17", Reason.of(Code.CANT_TELL), NOW - timedelta(hours=7)),
        Alert("x", Reason.of(Code.PAUSED, target="x", cause="no-credit"), NOW - timedelta(days=2), reminder=True),
    )
    passing = (Alert("blog", Reason.of(Code.FEED_DOWN, feed="blog"), NOW),)
    return RunReport((*variety(), *done), (feed(), down()), alerts, targets(), 1, passing)


def targets() -> tuple[TargetOutlook, ...]:
    """One that is paused, one that isn't."""
    pause = Reason.of(Code.TARGET_PAUSED, cause="no-credit")
    return (TargetOutlook("x", "x", NOW + timedelta(hours=6), pause), TargetOutlook("facebook", "facebook"))


def status() -> Status:
    """What is open that morning."""
    open_now = tuple(one for one in variety() if one.state not in {State.SKIPPED, State.PUBLISHED})
    return Status(open_now, targets(), (feed(), down()), (Money("x", "2026-11", 1_200_000, 200_000, 10_000_000),))


def history() -> tuple[Prospect, ...]:
    """One story's life on X."""
    first = prospect().record.delivery
    lost = replace(first, rev=2, state=State.UNKNOWN, event=Event.LOST, reason=Reason.of(Code.LOST), post=post())
    out = replace(
        lost, rev=3, state=State.PUBLISHED, event=Event.FOUND, reason=Reason.of(Code.FOUND), by="crosspost", at=NOW
    )
    return (prospect(state=State.PUBLISHED, reason=Reason.of(Code.FOUND), revisions=(first, lost, out)),)


def hostile() -> tuple[Prospect, ...]:
    """One title and text that tries everything, on each way a story can be shown."""
    bad = story(66, title=HOSTILE, link="https://example.org/::error::x", guid=HOSTILE)
    text = post(text=HOSTILE + "\n" + LINK, image=Image("https://example.org/a.jpg", HOSTILE), notes=(HOSTILE,))
    text = replace(text, hashtags=(Tag("#" + HOSTILE, "term:" + HOSTILE),), link="https://example.org/" + HOSTILE)
    word = Reason.of(Code.HOLD_WORD, word=HOSTILE)
    odd = {"url": "https://example.org/) [x](javascript:alert(1)) " + HOSTILE, "by": HOSTILE}
    made = [
        prospect(of=bad, state=state, reason=word, post=text, revision=odd, goes=state is State.PENDING)
        for state in State
    ]
    return tuple(replace(one, revisions=(one.record.delivery,)) for one in made)


@pytest.fixture
def made() -> SimpleNamespace:
    """The factories above, by name."""
    names = (story, post, prospect, feed, down, variety, preview, run, targets, status, history, hostile)
    return SimpleNamespace(
        **{factory.__name__: factory for factory in names}, image=Image, hostile_text=HOSTILE, now=NOW, zone=PARIS
    )
