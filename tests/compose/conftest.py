"""What the composer's tests share: articles from HTML, targets, and both platforms' own profiles."""

from __future__ import annotations

import pytest

from crosspost.compose.article import build_article
from crosspost.core.policy import Copy, Policy, TagRules, Target
from crosspost.core.post import Profile
from crosspost.platforms.facebook import PROFILE as FACEBOOK
from crosspost.platforms.x import PROFILE as X

LINK = "https://example.org/2026/news/"


def make_article(content="", title="A title", *, excerpt="", terms=(), language="", link=LINK, media=()):
    return build_article(
        title_html=title,
        content_html=content,
        excerpt_html=excerpt,
        link=link,
        published=None,
        updated=None,
        terms=terms,
        language=language,
        media=media,
    )


def make_target(profile: Profile, *, limit=None, campaign=("#LastGirlFirst",), copy=None, **tags):
    return Target(
        name=profile.name,
        platform=profile.name,
        credentials="",
        api_url="",
        limit=limit or profile.limit,
        policy=Policy(),
        tags=TagRules(campaign=campaign, **tags),
        copy=copy or Copy(),
    )


@pytest.fixture(name="article", scope="session")
def _article():
    return make_article


@pytest.fixture(name="target", scope="session")
def _target():
    return make_target


@pytest.fixture(name="x", scope="session")
def _x():
    return X


@pytest.fixture(name="facebook", scope="session")
def _facebook():
    return FACEBOOK
