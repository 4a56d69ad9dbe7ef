"""What the repository and the wheel must hold, and what they must never name."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import crosspost
import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = sorted(ROOT.glob("requirements*.txt"))

# Put together here, so that this file doesn't hold what it looks for
INDEX_HOSTS = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "npmjs" + r"\.(org|com)",
            r"--(extra-)?index-url\s*[=h]",
            r"--find-links\s*[=/h]",
        ]
    )
)
MACHINES = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + "home/",
            r"(?<![\w.])/" + "root/",
            r"(?<![\w.])/" + "work/",
            "/Us" + "ers/",
            r"[A-Z]:\\Us" + "ers",
        ]
    )
)
LOCKS = {"uv.lock", "pylock.toml", "package-lock.json", "poetry.lock"}


def _committed() -> list[Path]:
    """The files that git knows, or all of a source archive's."""
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file()]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def _texts():
    for path in _committed():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize(("what", "pattern"), [("an index's host", INDEX_HOSTS), ("a developer's machine", MACHINES)])
def test_no_file_names_a_package_index_or_a_machine(what, pattern):
    found = [
        f"{name}:{number}"
        for name, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, f"{what} stands in {found}"


def test_no_lock_file_is_committed():
    assert not LOCKS & {path.name for path in _committed()}


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_every_pinned_package_has_a_version_and_hashes(path):
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.lstrip().startswith("#")
    ]
    packages = [line for line in lines if not line.startswith(" ")]
    assert packages
    for line in packages:
        assert re.match(r"[a-z0-9-]+==[^ ]+( ; .*)? \\$", line), line
    assert all("://" not in line for line in lines)
    assert sum("--hash=sha256:" in line for line in lines) >= len(packages)


def test_what_the_program_needs_is_pinned():
    names = re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    wanted = [re.match(r"[A-Za-z0-9-]+", need)[0].lower() for need in PROJECT["project"]["dependencies"]]
    assert set(wanted) <= set(names)


def test_the_papers_are_there():
    papers = ["LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", ".ci/run"]
    assert all((ROOT / name).stat().st_size for name in papers)
    assert (
        (ROOT / "LICENSE")
        .read_text(encoding="utf-8")
        .startswith("MIT License\n\nCopyright (c) 2026 crosspost contributors")
    )


def test_versions_agree():
    assert PROJECT["project"]["version"] == crosspost.__version__
    assert importlib.metadata.version("crosspost") == crosspost.__version__


def test_the_wheel_is_what_is_tested_when_it_should_be():
    if not os.environ.get("CROSSPOST_WHEEL"):
        pytest.skip("make test runs the tests against the built wheel")
    assert ROOT / "src" not in Path(crosspost.__file__).parents


def test_the_wheel_holds_all_that_the_package_has(tmp_path):
    source = tmp_path / "checkout"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(source / "src").as_posix() for path in (source / "src").rglob("*") if path.is_file()}
    assert "crosspost/py.typed" in held
    assert package <= held
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_workflows_ask_for_nothing_and_pin_what_they_use():
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        flow = yaml.safe_load(text)
        assert flow["permissions"] == {}, path.name
        for use in re.findall(r"uses: *(\S+.*)", text):
            assert re.fullmatch(r"(\./\S*|\S+@[0-9a-f]{40} # v[0-9.]+)", use.strip()), use
        for job in flow["jobs"].values():
            for step in job.get("steps", []):
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False


def test_links_between_the_papers_lead_somewhere():
    missing = []
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in link and not (path.parent / link).exists():
                missing.append(f"{path.name}: {link}")
    assert not missing


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("crosspost.platforms.loading", {"tweepy", "requests", "feedparser", "pydantic"}),
        ("crosspost.pipeline", {"tweepy", "requests", "feedparser", "rich", "jinja2", "pydantic", "typer"}),
        ("crosspost.compose", {"selectolax", "requests", "pydantic"}),
        ("crosspost.config", {"tweepy", "requests", "feedparser", "rich", "jinja2", "typer"}),
    ],
)
def test_what_a_command_does_not_use_is_not_loaded(module, heavy):
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & set(loaded)


def _bare(tmp_path: Path, *tools: str) -> dict[str, str]:
    """An environment whose PATH holds these system tools alone."""
    tools_folder = tmp_path / "bin"
    tools_folder.mkdir()
    for tool in ("sh", *tools):
        (tools_folder / tool).symlink_to(shutil.which(tool))
    return {"PATH": str(tools_folder)}


def _setup(tmp_path: Path, env: dict[str, str]) -> str:
    command = [shutil.which("sh"), str(ROOT / "scripts" / "setup.sh"), str(tmp_path / "venv"), "requirements.txt"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stderr


def _fake_python(tmp_path: Path, script: str) -> None:
    path = tmp_path / "bin" / "python3"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_set_up_says_in_one_sentence_that_git_is_missing(tmp_path):
    assert (
        _setup(tmp_path, _bare(tmp_path))
        == "crosspost: git is needed, and there is none; on Debian: apt-get install git.\n"
    )


def test_set_up_says_in_one_sentence_that_python_is_missing(tmp_path):
    said = _setup(tmp_path, _bare(tmp_path, "git"))
    assert said.count("\n") == 1
    assert "there is no python3" in said
    assert "apt-get install python3 python3-venv" in said


def test_set_up_says_in_one_sentence_that_python_is_too_old(tmp_path):
    env = _bare(tmp_path, "git")
    _fake_python(tmp_path, '[ "$1" = --version ] && echo "Python 3.9.2" && exit 0; exit 1')
    said = _setup(tmp_path, env)
    assert said.count("\n") == 1
    assert "this is Python 3.9.2" in said


def test_set_up_says_in_one_sentence_that_venv_is_missing(tmp_path):
    env = _bare(tmp_path, "git")
    _fake_python(tmp_path, 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    said = _setup(tmp_path, env)
    assert said.count("\n") == 1
    assert "apt-get install python3-venv" in said


def _floors(tmp_path: Path, covered: int) -> subprocess.CompletedProcess[str]:
    rooms = PROJECT["tool"]["crosspost"]["coverage-floors"]
    summary = {"covered_lines": covered, "num_statements": 60, "covered_branches": covered, "num_branches": 40}
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": {f"src/crosspost/{room}/one.py": {"summary": summary} for room in rooms}}))
    command = [sys.executable, str(ROOT / "scripts" / "coverage_floors.py"), str(report)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_full_coverage_passes_the_floors_without_a_word(tmp_path):
    done = _floors(tmp_path, 50)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_room_below_its_floor_is_named(tmp_path):
    done = _floors(tmp_path, 0)
    assert done.returncode == 1
    assert "coverage of core/ is 0.0 %, its floor is" in done.stderr
