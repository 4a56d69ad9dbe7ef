"""Planning twice is planning once, whatever the feeds bring: duplicate guids and links, passwords, floods, several feeds."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

MINUTE = timedelta(minutes=1)

ENTRIES = st.fixed_dictionaries(
    {
        "guid": st.sampled_from(["", "1", "2", "3", "https://example.org/?p=1", "http://www.example.org/?p=2"]),
        "link": st.sampled_from(
            [
                "",
                "https://example.org/",
                "https://example.org/a",
                "http://www.example.org/a/",
                "https://example.org/b",
                "https://example.org/c?utm_source=rss",
                "https://casino.example.com/",
            ]
        ),
        "title": st.sampled_from(["One", "Two", "one", "Under embargo", ""]),
        "text": st.sampled_from(["A text.", "Another text."]),
        "age": st.sampled_from([None, -60 * MINUTE, 5 * MINUTE, 90 * MINUTE, 20_000 * MINUTE]),
        "post_id": st.sampled_from(["", "", "1", "2"]),
        "protected": st.sampled_from([False, False, False, True]),
        "terms": st.sampled_from([(), (), ("no-crosspost",)]),
        "language": st.sampled_from(["en", "fr"]),
    }
)
FEEDS = st.lists(st.tuples(st.lists(ENTRIES, max_size=7), st.booleans()), min_size=1, max_size=3)
LIVES = st.lists(FEEDS, min_size=1, max_size=4)


def a_bench(benches):
    bench = benches()
    bench.targets = (
        bench.target("x", hold=("embargo",), languages=("en",)),
        bench.target("x2", platform="x", flood=2),
        bench.target("facebook", approval=True),
    )
    bench.exclusive = frozenset({"x"})
    return bench


def reads_of(bench, feeds):
    return [
        bench.read(*(bench.entry(**entry) for entry in entries), feed=f"feed{place}", polled=None if polled else ())
        for place, (entries, polled) in enumerate(feeds)
    ]


@settings(max_examples=100, deadline=None)
@given(life=LIVES)
def test_planning_twice_is_planning_once(benches, life):
    """Every read of a life is planned, written, and planned again onto what it made: that changes nothing."""
    bench = a_bench(benches)
    for feeds in life:
        reads = reads_of(bench, feeds)
        bench.plan(*reads)
        again = bench.planned(*reads).batch
        assert not again.revisions
        assert not again.stories
        assert not again.identities
        bench.now += 30 * MINUTE


@settings(max_examples=50, deadline=None)
@given(life=LIVES)
def test_every_entry_ends_as_a_story_with_a_decision_on_every_target(benches, life):
    bench = a_bench(benches)
    for feeds in life:
        reads = reads_of(bench, feeds)
        bench.plan(*reads)
        entries = sum(len(read.entries) for read in reads)
        assert bool(bench.stories) or not entries
        keys = {(key.story, key.target) for key in bench.heads}
        assert keys == {(story, target.name) for story in bench.stories for target in bench.targets}


@settings(max_examples=100, deadline=None)
@given(entries=st.lists(ENTRIES, max_size=8), chance=st.randoms(use_true_random=False))
def test_the_order_of_a_feed_decides_nothing_about_how_many_stories_there_are(benches, entries, chance):
    """Where guids and links don't contradict each other."""
    plain = [
        {**entry, "guid": f"g{number}", "link": f"https://example.org/{number}"} for number, entry in enumerate(entries)
    ]
    shuffled = plain[:]
    chance.shuffle(shuffled)
    counts = []
    for order in (plain, shuffled):
        bench = a_bench(benches)
        bench.plan(*reads_of(bench, [(order, True)]))
        counts.append(sorted(story.link for story in bench.stories.values()))
    assert counts[0] == counts[1]
