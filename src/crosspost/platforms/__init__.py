"""X, Facebook, and whatever an entry point brings: one folder a platform."""
