"""What only a process of its own shows: signals, what is loaded, the demo, the sandbox."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest

CROSSPOST = [sys.executable, "-c", "import sys; from crosspost.cli import main; sys.exit(main())"]


def _end(process: subprocess.Popen) -> None:
    """Whatever happened: no process and no pipe is left behind."""
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_watch_makes_passes_and_ends_well_on_a_signal(installed, accounts, news, story, number):
    news(story)
    process = subprocess.Popen(
        [*CROSSPOST, "watch", "--every", "1s"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    try:
        told = [process.stdout.readline()]
        while sum(line.startswith("Done:") for line in told) < 2:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            told.append(line)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        _end(process)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert len(accounts.x[0].timeline()) == 1


def test_watch_goes_on_after_a_pass_that_failed(installed, folder):
    process = subprocess.Popen(
        [*CROSSPOST, "watch", "--every", "1s"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    good = installed.read_text("utf-8")
    try:
        assert process.stdout.readline().startswith("Done:")
        installed.write_text("timezone = 3", "utf-8")
        while "Error" not in process.stderr.readline():
            assert process.poll() is None
        installed.write_text(good, "utf-8")
        while not process.stdout.readline().startswith("Done:"):
            assert process.poll() is None
        process.terminate()
        process.communicate(timeout=60)
    finally:
        _end(process)
    assert process.returncode == 0


@pytest.mark.parametrize("args", [["--version"], ["explain", "flood"], ["run", "--help"]])
def test_light_commands_load_no_heavy_library(folder, args):
    look = (
        "import sys\nfrom crosspost.cli import main\ncode = main(sys.argv[1:])\n"
        "sys.stderr.write(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))\nsys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", look, *args], capture_output=True, text=True, check=True)
    heavy = {"tweepy", "feedparser", "schedule", "jinja2", "PIL"} | (
        {"rich", "typer", "pydantic"} if args == ["--version"] else set()
    )
    assert not heavy & set(ran.stderr.split())


def test_the_demo_ends_by_itself_with_twenty_posts(folder):
    begun = time.monotonic()
    ran = subprocess.run([*CROSSPOST, "demo"], capture_output=True, text=True, env=dict(os.environ), timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert "Read 10 stories, and made 20 posts" in ran.stdout
    assert len(re.findall(r"https://x\.com/i/status/\d+", ran.stdout)) == 10
    assert len(re.findall(r"https://www\.facebook\.com/\d+_\d+", ran.stdout)) == 10
    assert "SANDBOX" in ran.stderr and not list(folder.iterdir())
    assert time.monotonic() - begun < 60


def test_the_demo_can_keep_its_ledger_but_writes_over_none(folder):
    first = subprocess.run([*CROSSPOST, "demo", "--ledger", "kept.db"], capture_output=True, text=True)
    assert first.returncode == 0 and (folder / "kept.db").exists()
    again = subprocess.run([*CROSSPOST, "demo", "--ledger", "kept.db"], capture_output=True, text=True)
    assert again.returncode == 1 and "ledger" in again.stderr and "Traceback" not in again.stderr


def test_the_sandbox_prints_what_to_export_and_ends_on_a_signal(folder):
    process = subprocess.Popen(
        [*CROSSPOST, "sandbox", "--fault", "5xx_before=503"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        lines = [process.stdout.readline() for _ in range(10)]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    finally:
        _end(process)
    assert process.returncode == 0
    assert all(line.startswith("export ") for line in lines)
    assert any(line.startswith("export CROSSPOST_X_API_URL=http://127.0.0.1:") for line in lines)


@pytest.mark.parametrize("args", ["--help", "explain flood", "preview f.xml", "preview f.xml --json", "status --json"])
def test_a_reader_that_goes_away_is_no_traceback(folder, feed, story, args):
    (folder / "f.xml").write_bytes(feed(story))
    command = f"{sys.executable} -c 'import sys; from crosspost.cli import main; sys.exit(main())' {args} | true"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert "Traceback" not in ran.stderr and "BrokenPipe" not in ran.stderr
