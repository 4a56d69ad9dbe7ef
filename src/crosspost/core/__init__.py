"""The values that every room speaks in; nothing here does I/O."""
