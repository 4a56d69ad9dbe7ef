"""Making and checking an installation."""
