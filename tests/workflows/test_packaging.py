"""Units and container: what their own tools say of them, and what must never get into an image."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
ROOT = PACKAGING.parent
KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "STOPSIGNAL", "ENTRYPOINT", "CMD"}


@pytest.fixture
def units(tmp_path):
    """The units, with a program that exists on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd isn't here")
    for path in PACKAGING.glob("crosspost*.*"):
        text = path.read_text("utf-8").replace("/srv/crosspost/.venv/bin/crosspost", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    return tmp_path


def analyze(folder, *words):
    done = subprocess.run(["systemd-analyze", *words], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_systemd_finds_nothing_wrong_with_the_units(units):
    names = ("./crosspost.service", "./crosspost.timer", "./crosspost-mail@crosspost.service.service")
    shutil.copy(units / "crosspost-mail@.service", units / "crosspost-mail@crosspost.service.service")
    _, told = analyze(units, "verify", *names)
    assert not [line for line in told.splitlines() if "crosspost" in line]  # units of the machine are its own affair


def test_systemd_knows_each_line_of_the_units(units):
    unit = units / "crosspost.service"
    unit.write_text(unit.read_text("utf-8") + "Nonsense=1\n", "utf-8")
    assert "Nonsense" in analyze(units, "verify", "./crosspost.service")[1]


def test_the_service_may_do_little(units):
    code, told = analyze(units, "security", "--offline=true", "--threshold=30", "./crosspost.service")
    assert code == 0, told[-300:]


def test_a_run_that_needs_a_person_fails_the_unit_and_somebody_is_told():
    unit = (PACKAGING / "crosspost.service").read_text("utf-8")
    assert "SuccessExitStatus" not in unit
    (told,) = re.findall(r"(?m)^OnFailure=(.*)$", unit)
    assert told == "crosspost-mail@%n.service"
    assert (PACKAGING / "crosspost-mail@.service").exists()


def instructions():
    text = re.sub(r"\\\n", " ", (PACKAGING / "Containerfile").read_text("utf-8"))
    return [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_container_is_built_from_files_that_are_named_one_by_one():
    assert {word for word, _ in instructions()} <= KNOWN
    for word, rest in instructions():
        if word == "COPY" and "--from" not in rest:
            *names, _ = rest.split()
            for name in names:
                assert (ROOT / name).exists() and name not in {".", "./"}, name


def test_the_container_installs_what_is_checked_by_a_hash_and_runs_as_nobody_special():
    runs = " ".join(rest for word, rest in instructions() if word == "RUN")
    assert runs.count("--require-hashes") == 2
    assert "--no-deps --build-constraints requirements-dev.txt" in runs
    words = [word for word, _ in instructions()]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert dict(instructions())["USER"] == "crosspost"
