"""From an article to a post, purely."""
