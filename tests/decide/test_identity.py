"""Which story is it? Lifecycle, section 1, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.decide.identity import (
    canonical_link,
    feeds_of,
    group_entries,
    host_of,
    names_of,
    shared_guids,
    story_id,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a/", "https://example.org/a"),
        ("https://www.example.org/a/", "https://example.org/a/"),
        ("https://example.org/a/#comments", "https://example.org/a/"),
        ("https://example.org/a/?utm_source=rss&utm_medium=feed", "https://example.org/a/"),
        ("https://example.org/a/?fbclid=1&id=7&GCLID=2", "https://example.org/a/?id=7"),
        ("https://EXAMPLE.org:443/a", "https://example.org/a"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        (" https://example.org/a\n", "https://example.org/a"),
    ],
)
def test_what_does_not_count_in_a_link(one, other):
    assert canonical_link(one) == canonical_link(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://blog.example.org/a", "https://example.org/a"),
    ],
)
def test_what_counts_in_a_link(one, other):
    assert canonical_link(one) != canonical_link(other)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://www.example.org/",
        "https://example.org/#top",
        "https://example.org/?utm_source=rss",
        "mailto:press@example.org",
        "javascript:alert(1)",
        "tag:example.org,2026:1",
        "https://[broken/a",
        "https://example.org:port/a",
        "https:///a",
        "",
    ],
)
def test_a_front_page_and_what_is_no_address_are_no_identity(url):
    assert canonical_link(url) == ""


def test_a_host_is_told_without_www_and_a_broken_address_has_none():
    assert host_of("https://WWW.Example.org:8080/a") == "example.org"
    assert host_of("https://[broken/a") == host_of("no address") == ""


# --- the table's rows -----------------------------------------------------------------------------------------------


def test_the_same_guid_with_another_link_is_one_story_and_the_new_link_one_more_identity(bench):
    bench.poll(bench.entry(1))
    batch = bench.poll(bench.entry(1, link="https://example.org/another-slug/"))
    assert not batch.stories
    story = next(iter(bench.stories.values()))
    assert {"link:example.org/story-1", "link:example.org/another-slug"} <= story.identities
    bench.poll(bench.entry(guid="", link="https://example.org/another-slug/"))
    assert len(bench.stories) == 1  # known by the new link alone


def test_a_guid_that_is_an_address_survives_the_move_to_https_and_to_another_name(bench):
    bench.poll(bench.entry(1, guid="http://www.example.org/?p=1", link="http://www.example.org/story-1/"))
    bench.poll(bench.entry(1, guid="https://example.org/?p=1", link="https://example.org/2026/11/story-1"))
    assert len(bench.stories) == 1


def test_a_guid_that_is_no_address_counts_within_its_feed(bench):
    bench.plan(
        bench.read(bench.entry(1, guid="42"), feed="news"),
        bench.read(bench.entry(2, guid="42"), feed="blog"),
    )
    assert len(bench.stories) == 2


def test_the_same_guid_on_two_items_of_one_poll_with_different_links_is_two_stories(bench):
    bench.poll(bench.entry(1, guid="same"), bench.entry(2, guid="same"))
    assert [bench.at(1), bench.at(2)] == [("pending", "planned")] * 2


def test_a_guid_that_once_stood_on_two_stories_proves_nothing_any_more(bench):
    bench.poll(bench.entry(1, guid="same"), bench.entry(2, guid="same"))
    bench.poll(bench.entry(3, guid="same"))
    assert len(bench.stories) == 3
    assert bench.at(3) == ("pending", "planned")


def test_a_guid_that_turns_out_to_be_shared_leaves_the_story_that_had_it_as_it_was(bench):
    bench.poll(bench.entry(1, guid="same"))
    bench.poll(bench.entry(1, guid="same"), bench.entry(2, guid="same"))
    assert {story.number: story.title for story in bench.stories.values()} == {1: "Story 1", 2: "Story 2"}


def test_the_same_guid_and_link_twice_in_one_poll_is_one_story(bench):
    batch = bench.poll(bench.entry(1), bench.entry(1))
    assert len(batch.stories) == len(batch.revisions) == 1


def test_the_same_link_with_another_guid_is_one_story(bench):
    bench.poll(bench.entry(1, guid="old"))
    bench.poll(bench.entry(1, guid="new", title="Imported anew", link="http://www.example.org/story-1?utm_source=rss"))
    assert len(bench.stories) == 1
    bench.poll(bench.entry(9, guid="new"))
    assert len(bench.stories) == 1  # the new guid is an identity as well


def test_where_guid_and_link_disagree_the_guid_goes_first(bench):
    bench.poll(bench.entry(1), bench.entry(2))
    batch = bench.poll(bench.entry(1, link="https://example.org/story-2/", title="Which one?"))
    first = next(story for story in bench.stories.values() if story.title == "Story 1")
    assert not batch.stories
    assert {revision.key.story for revision in batch.revisions} == {first.id}


def test_only_the_post_id_known_is_held_and_names_the_story_that_it_looks_like(bench):
    bench.poll(bench.entry(1, guid="one", post_id="77"))
    bench.poll(bench.entry(2, guid="two", post_id="77"))
    assert bench.at(2) == ("held", "looks-like")
    assert bench.head(2).reason.named["number"] == 1


def test_only_title_and_date_known_to_the_minute_is_held(bench):
    bench.poll(bench.entry(1))
    same = bench.stories[bench.head(1).key.story].published.replace(second=59)
    bench.poll(bench.entry(2, title="  STORY  1 ", published=same))
    assert bench.at(2) == ("held", "looks-like")


def test_the_same_title_at_another_minute_is_another_story(bench):
    bench.poll(bench.entry(1))
    bench.poll(bench.entry(2, title="Story 1", age=bench.HOUR / 2))
    assert bench.at(2) == ("pending", "planned")


TEXT = "Members of the council discussed the shelter law until midnight."


def test_the_same_title_and_text_as_a_new_post_is_held_and_names_the_story_that_it_looks_like(bench):
    bench.poll(bench.entry(1, text=TEXT))
    bench.poll(bench.entry(2, title="STORY 1", text=f" {TEXT.upper()}\n", age=bench.HOUR / 2))
    assert bench.at(2) == ("held", "looks-like")
    assert bench.head(2).reason.named["number"] == 1


def test_an_edited_storys_texts_are_all_its_own(bench):
    for text in (TEXT, f"{TEXT} They will meet again."):
        bench.poll(bench.entry(1, text=text))
    bench.poll(bench.entry(1, text=TEXT), bench.entry(2, title="Story 1", text=f"{TEXT} They will meet again."))
    assert bench.at(2) == ("held", "looks-like")


@pytest.mark.parametrize("given", [{"text": TEXT}, {"title": "Story 1", "text": f"{TEXT} Again."}])
def test_the_same_text_or_title_alone_is_another_story(bench, given):
    bench.poll(bench.entry(1, text=TEXT))
    bench.poll(bench.entry(2, age=bench.HOUR / 2, **given))
    assert bench.at(2) == ("pending", "planned")


def test_a_text_too_short_to_know_a_story_by_is_no_identity(bench):
    bench.poll(bench.entry(1, text="Read more on our site."))
    bench.poll(bench.entry(2, title="Story 1", text="Read more on our site.", age=bench.HOUR / 2))
    assert bench.at(2) == ("pending", "planned")


def test_a_likeness_counts_within_one_feed_only(bench):
    bench.plan(
        bench.read(bench.entry(1, guid="one", post_id="77"), feed="news"),
        bench.read(bench.entry(2, guid="two", post_id="77", title="Story 1"), feed="blog"),
    )
    assert bench.at(2) == ("pending", "planned")


def test_two_items_of_one_poll_that_are_only_alike_are_two_stories_and_one_waits(bench):
    bench.poll(bench.entry(1), bench.entry(2, title="Story 1"))
    assert sorted([bench.at(1)[0], bench.at(2)[0]]) == ["held", "pending"]
    assert {bench.head(1).reason.named.get("number"), bench.head(2).reason.named.get("number")} <= {None, 1, 2}


def test_a_story_that_looks_like_another_is_held_again_when_it_comes_back(bench):
    bench.poll(bench.entry(1, age=3 * bench.HOUR), bench.entry(9, age=bench.DAY))
    bench.poll(bench.entry(1, age=3 * bench.HOUR), bench.entry(2, title="Story 1", age=3 * bench.HOUR))
    number = 3
    assert bench.at(number) == ("held", "looks-like")
    bench.poll(bench.entry(1, age=3 * bench.HOUR), bench.entry(9, age=bench.DAY))
    assert bench.at(number) == ("skipped", "gone")
    bench.poll(bench.entry(1, age=3 * bench.HOUR), bench.entry(2, title="Story 1", age=3 * bench.HOUR))
    assert bench.at(number) == ("held", "looks-like")


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Edited."},
        {"title": "Another title"},
        {"published": None, "updated": None},
        {"link": "https://example.org/2026/moved/"},
        {"guid": ""},
    ],
)
def test_an_edited_re_dated_or_moved_story_is_the_story_that_it_was(bench, change):
    bench.poll(bench.entry(1))
    bench.poll(bench.entry(1, **change))
    assert len(bench.stories) == 1


def test_without_guid_the_link_and_without_both_title_and_date_stand_in(bench):
    plain, bare = bench.entry(1, guid=""), bench.entry(2, guid="", link="https://example.org/")
    undated = bench.entry(3, guid="https://example.org/", link="", age=None)
    assert names_of(plain).strong == ("link:example.org/story-1",)
    assert names_of(bare).strong == ("title:site:2026-11-24T08:00:story 2",)
    assert names_of(undated).strong == ("title:site::story 3",)
    bench.poll(plain, bare, undated)
    bench.poll(plain, bare, undated)
    assert len(bench.stories) == 3


def test_an_entry_that_is_known_has_its_story_and_another_none(bench):
    bench.poll(bench.entry(1))
    owners = {name: bench.stories[story] for name, story in bench.owners.items()}
    groups = group_entries([bench.entry(1), bench.entry(2)], owners, {})
    assert [group.story and group.story.title for group in groups] == ["Story 1", None]


def test_a_story_remembers_each_feed_that_brought_it(bench):
    bench.plan(bench.read(bench.entry(1), feed="news"), bench.read(bench.entry(1), feed="blog"))
    assert [feeds_of(story) for story in bench.stories.values()] == [frozenset({"news", "blog"})]


def test_a_story_without_marks_belongs_to_the_feed_that_it_was_first_seen_in(bench):
    from dataclasses import replace

    bench.poll(bench.entry(1))
    story = next(iter(bench.stories.values()))
    assert feeds_of(replace(story, identities=frozenset())) == frozenset({"site"})


def test_a_guid_is_shared_only_where_links_differ(bench):
    twice = [bench.entry(1, guid="a"), bench.entry(1, guid="a", link="http://www.example.org/story-1")]
    assert shared_guids(twice) == frozenset()
    assert shared_guids([*twice, bench.entry(2, guid="a")]) == {"guid:site:a"}
    assert shared_guids([bench.entry(1, guid="a", link=""), bench.entry(2, guid="")]) == frozenset()


@given(st.text())
def test_any_guid_gives_a_stable_key(text):
    assert len(story_id(text)) == 16
    assert story_id(text) == story_id(text)


@given(st.text())
def test_any_address_is_made_canonical_once_for_all(text):
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        canonical = canonical_link(url)
        if canonical:
            assert canonical_link(f"https://{canonical}") == canonical
