"""Print what crosspost is installed with, as CycloneDX 1.5: sbom.py [REQUIREMENTS].

From the pinned requirements file, which is what gets installed. `uv export --format cyclonedx1.5` knows a lock file
alone, and would name the versions of the day.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crosspost import __version__

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: *; *(.*?))?(?: *\\)?$")
_OWN = f"pkg:pypi/crosspost@{__version__}"


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned package: its name and version, when it is installed ("" always), and which packages want it."""

    name: str
    version: str
    marker: str
    wanted_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its address as a package."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(text: str) -> Iterator[Pin]:
    """The packages of a requirements file as uv writes it: `# via` names who wants a package."""
    for block in re.split(r"\n(?=[^\s#])", text):
        found = _PIN.match(block.partition("\n")[0].strip())
        if found:
            via = re.findall(r"(?m)^ +# {1,3}(?:via )?([A-Za-z0-9._-]+)(?: \(pyproject\.toml\))?$", block)
            yield Pin(found[1], found[2], found[3] or "", tuple(name for name in via if name != "via"))


def sbom(text: str) -> dict[str, object]:
    """The document, made of the file alone: the same file gives the same document."""
    listed = list(pins(text))
    purls = {pin.name: pin.purl for pin in listed} | {"crosspost": _OWN}
    wants = {purl: [pin.purl for pin in listed if name in pin.wanted_by] for name, purl in sorted(purls.items())}
    own = {"type": "application", "bom-ref": _OWN, "name": "crosspost", "version": __version__, "purl": _OWN}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": own},
        "components": [_component(pin) for pin in listed],
        "dependencies": [{"ref": purl, "dependsOn": wanted} for purl, wanted in wants.items()],
    }


def _component(pin: Pin) -> dict[str, object]:
    made: dict[str, object] = {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
    }
    marker = [{"name": "crosspost:installed-when", "value": pin.marker}]
    return made | ({"properties": marker} if pin.marker else {})


if __name__ == "__main__":
    named = Path(sys.argv[1]) if sys.argv[1:] else REQUIREMENTS
    print(json.dumps(sbom(named.read_text("utf-8")), indent=2))
