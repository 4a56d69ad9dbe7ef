"""A person's verbs."""
