"""The rules of planning in their order (lifecycle, section 2): one test a rule, and one for each pair that the order decides."""

from datetime import timedelta

import pytest

from crosspost.core.policy import Policy

H = timedelta(hours=1)
D = timedelta(days=1)


def flooding(bench, first, count=6):
    """That entry and as many more as make a flood."""
    return [first, *(bench.entry(number, age=H) for number in range(100, 100 + count))]


def test_a_story_that_no_rule_stops_is_pending(bench):
    bench.poll(bench.entry(1))
    assert bench.at() == ("pending", "planned")
    assert bench.record(bench.head().key).article.title == "Story 1"


# --- one rule each ---------------------------------------------------------------------------------------------------


def test_a_post_behind_a_password_is_skipped(bench):
    bench.poll(bench.entry(1, protected=True))
    assert bench.at() == ("skipped", "protected")


def test_an_excluded_category_is_skipped_whatever_its_case_and_named(bench):
    bench.poll(bench.entry(1, terms=("News", "No-Crosspost")))
    assert bench.at() == ("skipped", "category")
    assert bench.head().reason.named == {"feed": "site", "term": "no-crosspost"}


def test_where_categories_are_named_another_is_skipped(bench):
    read = bench.read(
        bench.entry(1, terms=("Press",)), bench.entry(2, terms=("Jobs",)), bench.entry(3), include_categories=("press",)
    )
    bench.plan(read)
    assert [bench.at(number) for number in (1, 2, 3)] == [
        ("pending", "planned"),
        ("skipped", "category"),
        ("skipped", "category"),
    ]


def test_an_excluded_pattern_is_looked_for_in_title_excerpt_and_text(bench):
    bench.plan(
        bench.read(
            bench.entry(1, title="Weekly DIGEST"),
            bench.entry(2, excerpt="our digest"),
            bench.entry(3, text="A digest of the week."),
            bench.entry(4),
            exclude=(r"\bdigest\b",),
        )
    )
    assert [bench.at(number)[1] for number in (1, 2, 3, 4)] == ["pattern", "pattern", "pattern", "planned"]
    assert bench.head(1).reason.named["pattern"] == r"\bdigest\b"


def test_where_patterns_are_named_what_has_none_is_skipped(bench):
    bench.plan(bench.read(bench.entry(1, title="Shelter opens"), bench.entry(2), include=("shelter", "hotline")))
    assert [bench.at(number) for number in (1, 2)] == [("pending", "planned"), ("skipped", "pattern")]


def test_another_language_is_skipped_and_so_is_one_that_nobody_could_tell(bench):
    bench.targets = (bench.target("x", languages=("fr", "en")),)
    bench.poll(bench.entry(1, language="en"), bench.entry(2, language="de"), bench.entry(3, language=""))
    assert [bench.at(number) for number in (1, 2, 3)] == [
        ("pending", "planned"),
        ("skipped", "language"),
        ("skipped", "language"),
    ]


def test_a_targets_categories_send_a_story_to_one_target_and_not_to_another(bench):
    bench.targets = (bench.target("x", categories=("Press",)), bench.target("facebook"))
    bench.poll(bench.entry(1, terms=("press",)), bench.entry(2, terms=("Jobs",)))
    assert [bench.at(1, "x")[1], bench.at(2, "x")[1]] == ["planned", "route"]
    assert [bench.at(1, "facebook")[1], bench.at(2, "facebook")[1]] == ["planned", "planned"]


def test_what_stands_in_a_feed_that_was_never_polled_is_baseline_and_has_no_article(bench):
    bench.poll(bench.entry(1), polled=())
    assert bench.at() == ("skipped", "baseline")
    assert bench.head().article == "" and not bench.articles


def test_a_target_turned_on_in_month_three_begins_with_a_baseline(bench):
    bench.poll(bench.entry(1))
    bench.targets = (bench.target("x"), bench.target("facebook"))
    bench.poll(bench.entry(1), bench.entry(2), polled={"x"})
    assert [bench.at(1, "facebook"), bench.at(2, "facebook")] == [("skipped", "baseline")] * 2
    assert bench.at(2, "x") == ("pending", "planned")
    bench.poll(bench.entry(1), bench.entry(2), bench.entry(3))
    assert bench.at(3, "facebook") == ("pending", "planned")


def test_run_baseline_marks_the_unknown_as_seen_and_leaves_what_waits(bench):
    bench.poll(bench.entry(1))
    bench.plan(bench.read(bench.entry(1), bench.entry(2)), baseline=True)
    assert [bench.at(1), bench.at(2)] == [("pending", "planned"), ("skipped", "baseline")]


def test_publish_latest_lets_the_newest_go_past_baseline_flood_and_age(bench):
    bench.now = bench.NOW
    entries = [bench.entry(number, age=(30 + number) * D) for number in range(1, 10)]
    protected = bench.entry(50, age=D, protected=True)
    bench.plan(bench.read(protected, *entries, polled=()), baseline=True, latest=2)
    went = {story.title for story in bench.stories.values() if bench.at(story.number)[1] == "publish-latest"}
    assert went == {"Story 1", "Story 2"}
    number = next(story.number for story in bench.stories.values() if story.title == "Story 1")
    assert bench.head(number).due == bench.NOW


def test_more_than_flood_unknown_entries_are_all_held(bench):
    bench.poll(*(bench.entry(number) for number in range(1, 7)))
    assert {bench.at(number) for number in range(1, 7)} == {("held", "flood")}
    assert bench.head(1).reason.named == {"feed": "site", "count": 6, "limit": 5}


def test_exactly_flood_unknown_entries_go_out(bench):
    bench.poll(*(bench.entry(number) for number in range(1, 6)))
    assert {bench.at(number)[0] for number in range(1, 6)} == {"pending"}


def test_older_than_max_age_when_first_seen_is_skipped(bench):
    bench.poll(bench.entry(1, age=7 * D), bench.entry(2, age=7 * D + timedelta(seconds=1)), last_good=bench.NOW - H)
    numbers = {story.title: story.number for story in bench.stories.values()}
    assert bench.at(numbers["Story 1"]) == ("pending", "planned")
    assert bench.at(numbers["Story 2"]) == ("skipped", "too-old")


def test_a_story_of_the_time_in_which_nobody_read_the_feed_is_held(bench):
    bench.poll(bench.entry(1, age=8 * D), bench.entry(2, age=12 * D), last_good=bench.NOW - 10 * D)
    numbers = {story.title: story.number for story in bench.stories.values()}
    assert bench.at(numbers["Story 1"]) == ("held", "away")
    assert bench.at(numbers["Story 2"]) == ("skipped", "too-old")


def test_an_undated_story_is_never_too_old_and_a_re_dated_one_goes_by_its_publication(bench):
    bench.poll(bench.entry(1, age=None), bench.entry(2, age=30 * D, updated=bench.NOW))
    numbers = {story.title: story.number for story in bench.stories.values()}
    assert bench.at(numbers["Story 1"]) == ("pending", "planned")
    assert bench.at(numbers["Story 2"]) == ("skipped", "too-old")


def test_a_hold_word_in_the_text_waits_for_a_person_and_is_named(bench):
    bench.targets = (bench.target("x", hold=("embargo", r"Ms\.? Name")),)
    bench.poll(bench.entry(1, text="EMBARGO until Friday."), bench.entry(2, text="Ms Name spoke."), bench.entry(3))
    assert [bench.at(number) for number in (1, 2, 3)] == [
        ("held", "hold-word"),
        ("held", "hold-word"),
        ("pending", "planned"),
    ]
    assert bench.head(1).reason.named["word"] == "embargo"


@pytest.mark.parametrize("link", ["https://casino.example.com/win", "https://example.org.example.com/a", ""])
def test_a_link_to_another_site_is_held(bench, link):
    bench.poll(bench.entry(1, link=link))
    assert bench.at() == ("held", "other-site")


def test_the_hosts_of_the_feed_and_of_its_settings_are_the_sites_own(bench):
    bench.poll(
        bench.entry(1, link="https://www.example.org/a"),
        bench.entry(2, link="https://act.example.net/b"),
        hosts=("example.org", "act.example.net"),
    )
    assert [bench.at(1)[0], bench.at(2)[0]] == ["pending", "pending"]


def test_the_same_words_never_go_to_two_accounts_of_a_platform_that_forbids_it(bench):
    bench.targets = (bench.target("x"), bench.target("x2", platform="x"), bench.target("facebook"))
    bench.exclusive = frozenset({"x"})
    bench.poll(bench.entry(1))
    assert [bench.at(1, name) for name in ("x", "x2", "facebook")] == [
        ("pending", "planned"),
        ("held", "other-account"),
        ("pending", "planned"),
    ]
    assert bench.head(1, "x2").reason.named["target"] == "x"


def test_a_story_skipped_on_one_account_may_go_out_on_the_other(bench):
    bench.targets = (bench.target("x", languages=("en",)), bench.target("x2", platform="x", languages=("fr",)))
    bench.exclusive = frozenset({"x"})
    bench.poll(bench.entry(1, language="fr"))
    assert [bench.at(1, "x"), bench.at(1, "x2")] == [("skipped", "language"), ("pending", "planned")]


def test_two_pages_may_have_the_same_words(bench):
    bench.targets = (bench.target("facebook"), bench.target("page2", platform="facebook"))
    bench.exclusive = frozenset({"x"})
    bench.poll(bench.entry(1))
    assert [bench.at(1, "facebook")[0], bench.at(1, "page2")[0]] == ["pending", "pending"]


def test_with_approval_nothing_goes_out_until_a_person_says_so(bench):
    bench.targets = (bench.target("x", approval=True), bench.target("facebook"))
    bench.poll(bench.entry(1))
    assert [bench.at(1, "x"), bench.at(1, "facebook")] == [("held", "approval"), ("pending", "planned")]


# --- the order: what fits two neighbours is decided by the first ---------------------------------------------------------


PAIRS = [
    # (what the entry is, what the target asks, how the feed was read) → the rule that decides
    ("protected", {"protected": True, "terms": ("no-crosspost",)}, {}, {}),
    ("category", {"terms": ("no-crosspost",), "text": "digest"}, {}, {"exclude": ("digest",)}),
    ("pattern", {"text": "digest", "language": "de"}, {"languages": ("en",)}, {"exclude": ("digest",)}),
    ("language", {"language": "de"}, {"languages": ("en",), "categories": ("Press",)}, {}),
    ("route", {}, {"categories": ("Press",)}, {"polled": ()}),
    ("baseline", {"age": 20 * D}, {"flood": 0}, {"polled": ()}),
    ("flood", {"age": 8 * D}, {"flood": 0}, {"last_good": None}),
    ("too-old", {"age": 8 * D, "text": "secret"}, {"hold": ("secret",)}, {}),
    ("hold-word", {"text": "secret", "link": "https://example.com/a"}, {"hold": ("secret",)}, {}),
    ("other-site", {"link": "https://example.com/a"}, {"approval": True}, {}),
]


@pytest.mark.parametrize(("code", "entry", "target", "read"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_the_first_rule_that_fits_decides(bench, code, entry, target, read):
    bench.targets = (bench.target("x", **target),)
    if code == "flood":  # an entry that is AWAY counts for the flood, which goes first
        read = {"last_good": bench.NOW - 10 * D}
    bench.poll(bench.entry(1, **entry), **read)
    assert bench.at()[1] == code


def test_what_looks_like_another_is_asked_about_before_its_words(bench):
    bench.poll(bench.entry(1))
    bench.targets = (bench.target("x", hold=("secret",)),)
    bench.poll(bench.entry(2, title="Story 1", text="secret"))
    assert bench.at(2) == ("held", "looks-like")


def test_too_old_goes_before_looking_like_another(bench):
    bench.poll(bench.entry(1, age=20 * D), polled=())
    bench.poll(bench.entry(2, title="Story 1", age=20 * D))
    assert bench.at(2) == ("skipped", "too-old")


def test_another_site_goes_before_another_account_and_that_before_approval(bench):
    bench.targets = (bench.target("x"), bench.target("x2", platform="x", approval=True))
    bench.exclusive = frozenset({"x"})
    bench.poll(bench.entry(1))
    assert bench.at(1, "x2") == ("held", "other-account")
    bench.poll(bench.entry(2, link="https://example.com/a"))
    assert [bench.at(2, "x"), bench.at(2, "x2")] == [("held", "other-site")] * 2


# --- flood -------------------------------------------------------------------------------------------------------------


def test_what_is_known_skipped_before_or_too_old_does_not_count_for_a_flood(bench):
    bench.poll(bench.entry(1))
    bench.poll(
        bench.entry(1),  # known
        bench.entry(2, protected=True),
        bench.entry(3, terms=("no-crosspost",)),
        *(bench.entry(number, age=20 * D) for number in range(10, 20)),
        *(bench.entry(number) for number in range(4, 9)),
    )
    assert sum(head.reason.code == "planned" for head in bench.heads.values()) == 1 + 5
    assert not any(head.reason.code == "flood" for head in bench.heads.values())


def test_in_a_flood_what_is_too_old_is_skipped_and_not_held(bench):
    bench.poll(bench.entry(1, age=20 * D), *(bench.entry(number) for number in range(2, 9)))
    codes = sorted(head.reason.code for head in bench.heads.values())
    assert codes == ["flood"] * 7 + ["too-old"]


def test_an_undated_entry_counts_for_a_flood(bench):
    bench.poll(*(bench.entry(number, age=None) for number in range(1, 7)))
    assert {head.reason.code for head in bench.heads.values()} == {"flood"}


def test_a_flood_is_counted_for_each_feed_alone(bench):
    bench.plan(
        bench.read(*(bench.entry(number) for number in range(1, 5)), feed="news"),
        bench.read(*(bench.entry(number) for number in range(5, 9)), feed="blog"),
    )
    assert {head.reason.code for head in bench.heads.values()} == {"planned"}


def test_a_story_that_passes_for_one_target_counts_for_the_flood(bench):
    """Three in French and three in English are six unknown entries of one poll."""
    bench.targets = (bench.target("x", languages=("en",)), bench.target("facebook", languages=("fr",)))
    entries = [bench.entry(number, language="en" if number < 4 else "fr") for number in range(1, 7)]
    bench.poll(*entries)
    assert [bench.at(1, "x"), bench.at(4, "facebook")] == [("held", "flood")] * 2
    assert [bench.at(1, "facebook"), bench.at(4, "x")] == [("skipped", "language")] * 2


def test_each_target_may_have_its_own_flood(bench):
    bench.targets = (bench.target("x", flood=2), bench.target("facebook", flood=20))
    bench.poll(*(bench.entry(number) for number in range(1, 5)))
    assert [bench.at(1, "x"), bench.at(1, "facebook")] == [("held", "flood"), ("pending", "planned")]


# --- several feeds of one pass ---------------------------------------------------------------------------------------------


def test_a_story_goes_out_once_if_any_of_its_feeds_lets_it_through(bench):
    batch = bench.plan(
        bench.read(bench.entry(1, terms=("Jobs",)), feed="news", exclude_categories=("jobs",)),
        bench.read(bench.entry(1, terms=("Jobs",)), feed="blog"),
    )
    assert bench.at() == ("pending", "planned")
    assert len(batch.stories) == len(batch.revisions) == 1


def test_a_feed_that_was_never_polled_holds_no_other_feeds_story_back(bench):
    bench.plan(bench.read(bench.entry(1), feed="new", polled=()), bench.read(bench.entry(1), feed="site"))
    assert bench.at() == ("pending", "planned")


def test_held_by_one_and_skipped_by_another_is_held(bench):
    bench.plan(
        bench.read(bench.entry(1), feed="news", exclude=("Story",)),
        bench.read(bench.entry(1), feed="blog", hosts=("example.net",)),
    )
    assert bench.at() == ("held", "other-site")


def test_a_password_in_one_feed_stops_it_whatever_the_others_say(bench):
    bench.plan(bench.read(bench.entry(1, protected=True), feed="news"), bench.read(bench.entry(1), feed="blog"))
    assert bench.at() == ("skipped", "protected")


def test_a_flood_in_one_feed_holds_the_story_that_another_brings_too(bench):
    bench.plan(
        bench.read(*(bench.entry(number) for number in range(1, 8)), feed="news"),
        bench.read(bench.entry(1), feed="blog"),
    )
    assert {head.reason.code for head in bench.heads.values()} == {"flood"}


# --- numbers and dates -----------------------------------------------------------------------------------------------------


def test_numbers_are_given_oldest_first_undated_last_and_go_on(bench):
    bench.poll(bench.entry(3, age=H), bench.entry(7, age=None), bench.entry(1, age=3 * H), bench.entry(2, age=2 * H))
    titles = [story.title for story in sorted(bench.stories.values(), key=lambda story: story.number)]
    assert titles == ["Story 1", "Story 2", "Story 3", "Story 7"]
    bench.poll(bench.entry(8))
    assert max(story.number for story in bench.stories.values()) == 5


def test_the_feeds_are_told_how_many_stories_were_new(bench):
    bench.poll(bench.entry(1))
    made = bench.planned(bench.read(bench.entry(1), bench.entry(2)), bench.read(bench.entry(2), feed="blog"))
    assert made.new == {"site": 1, "blog": 1}


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        ({"age": H}, -H + timedelta(minutes=10)),
        ({"age": 3 * H, "updated": -H}, -H + timedelta(minutes=10)),
        ({"age": None}, timedelta(minutes=10)),
        ({"age": -2 * H}, 2 * H + timedelta(minutes=10)),
        ({"age": -2 * H, "updated": -H}, 2 * H),
    ],
    ids=["published", "updated", "undated: when first seen", "future", "future, though changed before"],
)
def test_a_story_is_due_settle_after_its_own_latest_date_and_never_before_its_date(bench, entry, due):
    entry = {**entry, "updated": bench.NOW + entry["updated"]} if "updated" in entry else entry
    bench.poll(bench.entry(1, **entry))
    assert bench.at() == ("pending", "planned")  # recorded at once, so that a 304 starves nothing
    assert bench.head().due == bench.NOW + due


def test_settle_is_each_targets_own_and_a_skipped_story_is_never_due(bench):
    bench.targets = (bench.target("x", settle=2 * H), bench.target("facebook", languages=("fr",)))
    bench.poll(bench.entry(1))
    assert bench.head(1, "x").due == bench.NOW + H
    assert bench.head(1, "facebook").due is None


def test_the_writer_signs_what_it_plans(bench):
    batch = bench.plan(bench.read(bench.entry(1)), writer="a run")
    assert [revision.writer for revision in batch.revisions] == ["a run"]


def test_the_defaults_are_those_of_the_documents():
    policy = Policy()
    assert (policy.settle, policy.max_age, policy.flood) == (timedelta(minutes=10), 7 * D, 5)
    assert (policy.max_per_run, policy.spacing, policy.quiet, policy.approval) == (3, timedelta(0), None, False)
