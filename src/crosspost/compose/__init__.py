"""From an article to a post, purely. `build_article` stands in compose.article, which loads an HTML parser."""

from crosspost.compose.fit import compose
from crosspost.compose.shelf import over
from crosspost.compose.template import check_template
from crosspost.compose.why import why

__all__ = ["check_template", "compose", "over", "why"]
