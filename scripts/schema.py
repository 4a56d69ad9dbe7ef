"""Write config/crosspost.schema.json from the settings' models and the platforms that come with crosspost."""

from __future__ import annotations

import json
from pathlib import Path

from crosspost.config import json_schema
from crosspost.platforms.facebook import PLATFORM as FACEBOOK
from crosspost.platforms.x import PLATFORM as X

SCHEMA = Path(__file__).parents[1] / "config" / "crosspost.schema.json"


def schema_text() -> str:
    """The schema as the file holds it."""
    platforms = {platform.name: platform for platform in (X, FACEBOOK)}
    return json.dumps(json_schema(platforms), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
