"""What Facebook charges for posting and reading: nothing (2026-11-24)."""

from __future__ import annotations

PRICES: dict[str, int] = {}
