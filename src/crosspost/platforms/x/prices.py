"""What X charges, in US micro-dollars.

docs.x.com/x-api/getting-started/pricing, read in the snapshot of 2026-08-22 (unchanged on 2026-08-28):
a post $0.015, a post with a URL $0.200, reading a post $0.005 (less only for the owner of the developer app).
"""

from __future__ import annotations

from collections.abc import Mapping

from crosspost.core.post import Post
from crosspost.platforms.x.weigh import links

PRICES: dict[str, int] = {"x_post": 15_000, "x_post_with_link": 200_000, "x_read": 5_000}
READ = "x_read"


def price(post: Post, prices: Mapping[str, int]) -> int:
    """What sending a post costs, in US micro-dollars; whatever X would make clickable makes it one with a link."""
    name = "x_post_with_link" if links(post.text) else "x_post"
    return prices.get(name, PRICES[name])
