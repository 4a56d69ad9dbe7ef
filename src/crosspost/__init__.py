"""crosspost: a site's news on X and on a Facebook Page, from its feed, on a schedule."""

__version__ = "0.1.0"
