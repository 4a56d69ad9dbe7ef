"""The docs that are made from the sources. They stand beside the sources: an installed package has none."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import typer

from crosspost.core.delivery import Event, State
from crosspost.core.reason import Code
from crosspost.report.sentences import ERRORS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generating_again_changes_nothing(generate: ModuleType) -> None:
    assert generate.reference() == (DOCS / "reference.md").read_text(encoding="utf-8"), "run `make docs`"
    page = (DOCS / "how-a-story-travels.md").read_text(encoding="utf-8")
    assert generate.with_states(page) == page, "run `make docs`"
    page = (DOCS / "reliability.md").read_text(encoding="utf-8")
    assert generate.with_figures(page) == page, "run `make docs`"


def test_the_reference_has_every_code(generate: ModuleType) -> None:
    told = re.findall(r"^#### `([^`]+)`$", generate.reference(), re.MULTILINE)
    assert {*Code, *ERRORS} <= set(told)
    assert len(told) == len(set(told))


def test_the_drawing_knows_every_event_and_state(generate: ModuleType) -> None:
    assert set(generate.EVENTS) == set(Event)
    assert all(state.name in generate.drawing() and state.name in generate.moves() for state in State)
    page = (DOCS / "how-a-story-travels.md").read_text(encoding="utf-8")
    assert all(f"| {state.name} | " in page for state in State)


def test_a_page_without_its_marks_is_refused(generate: ModuleType) -> None:
    with pytest.raises(SystemExit, match="drawing"):
        generate.with_states("no marks")


def test_commands_come_from_the_app_with_options_and_examples(generate: ModuleType) -> None:
    app = typer.Typer()

    @app.command()
    def approve(story: str, why: str = typer.Option("", "--reason", help="Why | how.")) -> None:
        """Let a held story go.

        Example: crosspost approve 12
        """

    @app.command(hidden=True)
    def inner() -> None:
        """Not for people."""

    told = "\n\n".join(generate.commands(app))
    assert "### `crosspost approve`\n\nLet a held story go.\n\n```console\n$ crosspost approve 12\n```" in told
    assert "| `STORY` |  |  |" in told
    assert "| `--reason` |  | Why \\| how. |" in told
    assert "inner" not in told and "--help" not in told


def test_settings_come_from_the_schema_with_their_defaults(generate: ModuleType) -> None:
    schema = {
        "properties": {
            "timezone": {"description": "The zone."},
            "feeds": {"items": {"$ref": "#/$defs/Feed"}, "default": []},
        },
        "$defs": {
            "Feed": {
                "title": "Feed",
                "description": "[[feeds]]: one feed.",
                "properties": {"name": {"default": "site"}},
            }
        },
    }
    told = "\n\n".join(generate.settings(schema))
    assert "| `timezone` |  | The zone. |\n| `feeds` | a table |  |" in told
    assert (
        '### [[feeds]]: one feed\n\n| key | default | what it does |\n|---|---|---|\n| `name` | `"site"` |  |' in told
    )
