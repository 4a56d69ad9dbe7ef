"""`preview --why STORY`: for a story that waits, one that is in a file alone, one that is out."""

from __future__ import annotations

import json
from pathlib import Path

from crosspost.sandbox.serve import Server

LESSONS = (
    "Rowing lessons begin",
    "<p>The river club opens its boathouse to beginners.</p><p>Lessons begin on 9 May 2027 at 7 pm.</p><p>Old.</p>",
    "Rowing,News",
)


def words(text: str) -> str:
    """A report without its frames and line breaks."""
    return " ".join(text.replace("│", " ").split())


def test_a_story_that_waits_is_explained_by_its_number_on_each_account(crosspost, installed, news):
    installed.write_text(installed.read_text("utf-8").replace("approval = false", "approval = true"))
    news(LESSONS)
    assert crosspost("run").code == 0
    number = str(json.loads(crosspost("status", "--json").out)["deliveries"][0]["number"])
    told = crosspost("preview", "--why", number)
    assert told.code == 0, told.err
    seen = words(told.out)
    assert "X: held for a person" in seen and "Facebook: held for a person" in seen
    assert "tells the day, the hour" in seen and "too short to stand alone" in seen
    assert "News: too general a word" in seen and "#LastGirlFirst (your campaign)" in seen
    narrowed = json.loads(crosspost("preview", "--why", number, "--target", "x", "--json").out)["posts"]
    assert [(post["target"], post["why"]["source"]) for post in narrowed] == [("x", "article")]


def test_what_was_sent_is_explained_as_long_as_it_would_be_composed_so(crosspost, installed, news):
    news(LESSONS)
    assert crosspost("run").code == 0
    number = str(json.loads(crosspost("history", "--json").out)["deliveries"][0]["number"])
    assert "Taken" in crosspost("preview", "--why", number).out
    installed.write_text(installed.read_text("utf-8") + '\n[copy]\ntemplate = "{title}\\n{link}\\n{hashtags}"\n')
    told = words(crosspost("preview", "--why", f"#{number}").out)
    assert "This text is the one that was sent." in told and "Taken" not in told


def test_a_story_of_a_file_is_named_by_its_title_or_link(crosspost, folder: Path, feed):
    (folder / "feed.xml").write_bytes(feed(LESSONS, ("Rowing is over", "<p>The season ended last week.</p>", "")))
    for name in ("lessons", "https://www.example.org/story-3/"):
        told = crosspost("preview", "feed.xml", "--campaign", "C", "--why", name)
        assert told.code == 0, told.err
        assert "Rowing lessons begin" in told.out and "is over" not in told.out
    several = crosspost("preview", "feed.xml", "--why", "rowing")
    assert several.code == 1
    assert "fits 2 stories" in several.err and "story-3/" in several.err
    assert "preview --all" in words(crosspost("preview", "feed.xml", "--why", "skating").err)


def test_the_account_changes_nothing(crosspost, server: Server, installed, accounts, news, folder: Path):
    news(LESSONS)
    before = (folder / "crosspost.db").read_bytes()
    assert crosspost("preview", "--why", "rowing").code == 0
    assert (folder / "crosspost.db").read_bytes() == before
    assert not accounts.x[0].timeline()


def test_a_preview_of_nothing_says_what_it_can_do_without_settings(crosspost):
    for more in ((), ("--campaign", "C"), ("--why", "12")):
        told = crosspost("preview", *more)
        assert told.code == 2
        assert "`crosspost preview https://your-site.org` needs no settings" in words(told.err)


def test_a_story_that_a_broken_feed_may_have_is_not_called_unknown(crosspost, installed, accounts):
    accounts.site.body = b"<html><body>Maintenance</body></html>"
    told = crosspost("preview", "--why", "skating")
    assert told.code == 1
    assert "No story is known" not in told.err
    assert "web page" in words(told.err)
