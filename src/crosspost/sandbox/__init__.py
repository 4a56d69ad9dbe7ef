"""X and Facebook on loopback."""
