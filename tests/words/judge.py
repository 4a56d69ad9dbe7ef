"""Compose every article of a set for X and Facebook, and print the judge's table by platform, language and kind.

    python tests/words/judge.py SET [--judge FOLDER] [--no-excerpt] [--texts] [--failing] [--vary HOW] [--out FILE]

SET is a folder with posts.json and references.json. The judge is a folder with eval_posts.py, which
stands beside the checkout and not in it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from crosspost.compose import compose
from crosspost.compose.article import build_article
from crosspost.core.policy import Copy, Policy, TagRules, Target
from crosspost.core.post import Post, Profile
from crosspost.platforms.facebook import PROFILE as FACEBOOK
from crosspost.platforms.x import PROFILE as X
from vary import VARIATIONS

Row = dict[str, Any]
HERE = Path(__file__).resolve()
JUDGE = HERE.parents[3] / "shared" / "words"


def article_of(post: Mapping[str, Any]) -> Any:
    """The article of one sample, as a feed would bring it."""
    return build_article(
        title_html=post["title"],
        content_html=post["html"],
        excerpt_html=post["excerpt"],
        link=post["link"],
        published=None,
        updated=None,
        terms=[*post["categories"], *post["tags"]],
        language=post["language"],
    )


def target_of(post: Mapping[str, Any], profile: Profile, *, excerpt: bool) -> Target:
    """A target with the sample's campaign."""
    return Target(
        name=profile.name,
        platform=profile.name,
        credentials="",
        api_url="",
        limit=profile.limit,
        policy=Policy(),
        tags=TagRules(campaign=tuple(post["campaign"])),
        copy=Copy(excerpt=excerpt),
    )


def compose_all(posts: Iterable[Mapping[str, Any]], *, excerpt: bool) -> tuple[list[Row], float]:
    """All texts, and the slowest one's seconds."""
    texts: list[Row] = []
    slowest = 0.0
    for post in posts:
        article = article_of(post)
        for profile in (X, FACEBOOK):
            begun = time.process_time()
            made = compose(article, target_of(post, profile, excerpt=excerpt), profile)
            slowest = max(slowest, time.process_time() - begun if texts else 0.0)
            said = made.text if isinstance(made, Post) else ""
            kind = made.kind if isinstance(made, Post) else ""
            texts.append({"id": post["id"], "platform": profile.name, "text": said, "kind": kind})
    return texts, slowest


def load_judge(folder: Path) -> ModuleType:
    """The judge as a module."""
    spec = importlib.util.spec_from_file_location("eval_posts", folder / "eval_posts.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no judge in {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _percent(rows: list[Row], name: str) -> str:
    return f"{100 * sum(float(row[name]) for row in rows) / len(rows):4.0f}%"


def table(rows: list[Row], posts: list[Row]) -> str:
    """Clean, must-facts and complete: of all, and by platform, language and kind."""
    kinds = {post["id"]: post.get("kind", "") for post in posts}
    groups: dict[str, list[Row]] = {"all": rows}
    for row in rows:
        for name in (row["platform"], row["language"], kinds[row["id"]]):
            groups.setdefault(name, []).append(row)
    return "\n".join(
        f"{name:14} {len(some):3} texts  clean {_percent(some, 'clean')}  must {_percent(some, 'must')}"
        f"  should {_percent([r for r in some if r['should'] is not None], 'should')}"
        f"  complete {_percent(some, 'complete')}"
        for name, some in groups.items()
        if name
    )


def show(texts: list[Row], rows: list[Row], *, failing: bool) -> None:
    """Every text with what the judge says of it."""
    said = {(one["id"], one["platform"]): one for one in texts}
    for row in rows:
        if failing and row["complete"]:
            continue
        one = said[row["id"], row["platform"]]
        print(f"=== {row['id']} {row['platform']} [{one['kind']}] {row['weighted']} complete={row['complete']}")
        for name, complaints in row["fails"].items():
            print(f"  ! {name}: {' | '.join(complaints[:3])}")
        if row["missing"]:
            print(f"  - misses {', '.join(row['missing'])}")
        print(one["text"], end="\n\n")


def main() -> None:
    """Read the arguments, compose, judge, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("set", type=Path)
    parser.add_argument("--judge", type=Path, default=JUDGE)
    parser.add_argument("--no-excerpt", action="store_true")
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--failing", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--vary", choices=sorted(VARIATIONS), help="compose from other markup of the same articles")
    given = parser.parse_args()
    posts = json.loads((given.set / "posts.json").read_text(encoding="utf-8"))
    references = json.loads((given.set / "references.json").read_text(encoding="utf-8"))
    shown = posts
    if given.vary:
        shown = [post | {"html": VARIATIONS[given.vary](post["html"], post["language"])} for post in posts]
    texts, slowest = compose_all(shown, excerpt=not given.no_excerpt)
    rows = load_judge(given.judge).run(texts, posts, references)
    if given.texts or given.failing:
        show(texts, rows, failing=given.failing)
    if given.out:
        given.out.write_text(json.dumps(texts, ensure_ascii=False, indent=1), encoding="utf-8")
    print(table(rows, posts))
    print(f"slowest {1000 * slowest:.0f} ms")


if __name__ == "__main__":
    main()
