"""From a site's address to entries."""
