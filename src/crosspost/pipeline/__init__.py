"""One pass, and what starts it."""
