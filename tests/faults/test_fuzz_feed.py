"""Damaged feeds, bytes to texts. Longer: `python -m crosspost.testing.fuzz --seconds 600 --seed N`."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from crosspost.core.entry import Article, Block, BlockKind
from crosspost.core.post import Post
from crosspost.testing import fuzz

FEEDS = Path(__file__).parents[1] / "feeds"


@pytest.fixture(scope="module")
def seeds():
    return fuzz.seeds_of(FEEDS)


@pytest.mark.parametrize("seed", range(1, 5))
def test_whatever_comes_is_texts_that_keep_their_promises_or_an_error_of_the_feed(seeds, seed):
    for count, body in enumerate(islice(fuzz.bodies(seeds, seed), 40)):
        try:
            fuzz.judge(body)
        except Exception as error:
            error.add_note(f"seed {seed}, body {count}; python -m crosspost.testing.fuzz --seed {seed} brings it back")
            raise


@pytest.mark.parametrize("content_type", ["", "text/html", "application/xml; charset=utf-16", "x; charset=nonsense"])
def test_a_wrong_content_type_breaks_nothing(seeds, content_type):
    for body in islice(fuzz.bodies(seeds, 9), 15):
        fuzz.judge(body, content_type)


def test_every_good_feed_is_judged_good(seeds):
    assert len(seeds) > 30
    assert sum(fuzz.judge(body) for body in seeds) > 100


def test_the_same_seed_gives_the_same_bodies_and_another_gives_others(seeds):
    one, again, other = ([*islice(fuzz.bodies(seeds, seed), 20)] for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It rains.\x1b[31m\n{link}", "holds"),
        ("It rains.\u202e\n{link}", "holds"),
        ("It rains.", "links are"),
        ("{link}\n{link}", "links are"),
        ("{link} example.org", "links are"),
        ("word " * 80 + "{link}", "weighs"),
    ],
)
def test_a_text_that_breaks_a_promise_is_a_fault(text, words):
    """The judge is no yes-man."""
    link = "https://example.org/a/"
    target, profile = fuzz.targets()[0]
    text = text.format(link=link)
    post = Post(text, link="", story_link=link, weight=profile.weigh(text), limit=280)
    with pytest.raises(fuzz.Fault, match=words):
        fuzz.judge_post(post, target, profile)


def test_an_article_that_is_too_large_is_a_fault():
    blocks = tuple(Block(BlockKind.PARAGRAPH, "word " * 1_000) for _ in range(20))
    with pytest.raises(fuzz.Fault, match="too large"):
        fuzz.judge_article(Article("T", "https://example.org/a/", blocks))


def test_a_fault_is_told_with_its_seed_and_kept(monkeypatch, capsys, tmp_path):
    def fail(body, content_type=""):
        raise fuzz.Fault("the text holds a link")

    monkeypatch.setattr(fuzz, "judge", fail)
    arguments = ["--seconds", "0.05", "--seed", "7", "--feeds", str(FEEDS), "--keep", str(tmp_path / "kept")]
    assert fuzz.main(arguments) == 1
    assert "seed 7, body 0: Fault: the text holds a link" in capsys.readouterr().out
    assert (tmp_path / "kept" / "7-0.xml").stat().st_size


def test_a_run_without_faults_says_how_many_bodies_it_judged(capsys):
    assert fuzz.main(["--seconds", "0.2", "--seed", "1", "--feeds", str(FEEDS / "nowhere")]) == 0
    assert capsys.readouterr().out.endswith(" bodies, 0 faults\n")
