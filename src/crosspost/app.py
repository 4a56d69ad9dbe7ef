"""Composition root: the real World, and from it and the settings all that a pass needs. Effects are made here."""

from __future__ import annotations

import hashlib
import os
import secrets as chance
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crosspost.compose import check_template
from crosspost.config import Loaded, assume, load
from crosspost.core.delivery import State
from crosspost.core.outlook import RunReport
from crosspost.core.policy import Feed, Settings
from crosspost.core.post import Finding
from crosspost.core.world import MISSING, TOO_SLOW, Ran, World
from crosspost.desk.find import find_story
from crosspost.desk.look import status
from crosspost.errors import FeedError, LedgerMissing, RequestError, SettingsError
from crosspost.feed.source import Source
from crosspost.feed.source import load as load_source
from crosspost.ledger.base import Ledger
from crosspost.ledger.copying import Copied, copy_ledger
from crosspost.ledger.opening import create_url, open_url
from crosspost.net.adapter import quiet_libraries
from crosspost.net.wire import SocketWire
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.pipeline.passing import Options, run_pass
from crosspost.pipeline.record import Mode
from crosspost.pipeline.send import Wish
from crosspost.pipeline.standings import Standings
from crosspost.platforms.base import Platform
from crosspost.platforms.loading import load_platforms
from crosspost.setup.check import check_all, check_mistakes

SETTINGS = Path("config/crosspost.toml")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class SystemProcesses:
    """Other programs of this machine."""

    def run(self, argv: Sequence[str], *, env: Mapping[str, str], stdin: bytes, timeout: float) -> Ran:
        """Run it in a session of its own: no terminal to ask on, and a Ctrl-C doesn't reach it half-way."""
        pipe = subprocess.PIPE
        try:
            program = subprocess.Popen(
                list(argv), env=dict(env), start_new_session=True, stdin=pipe, stdout=pipe, stderr=pipe
            )
        except OSError:
            return Ran(MISSING)
        with program:
            try:
                stdout, stderr = program.communicate(stdin, timeout)
            except subprocess.TimeoutExpired:
                self._kill(program)
                return Ran(TOO_SLOW)
            except BaseException:
                self._kill(program)
                raise
            return Ran(program.returncode, stdout, stderr)

    @staticmethod
    def _kill(program: subprocess.Popen[bytes]) -> None:
        """With its children: ssh and the like hold the pipes open."""
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.communicate()


def _alarm(seconds: float, action: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


class FolderMemory:
    """Heads of ledgers that this machine has seen, a small file each; losing one loses the notice of a restore."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _file(self, ledger: str) -> Path:
        return self._folder / "heads" / hashlib.sha256(ledger.encode()).hexdigest()[:32]

    def recall(self, ledger: str) -> int | None:
        """The last sequence number seen; None where nothing readable is kept."""
        try:
            return int(self._file(ledger).read_text("ascii"))
        except (OSError, ValueError):
            return None

    def remember(self, ledger: str, sequence: int) -> None:
        """Keep it, whole or not at all; failing to is no error."""
        place = self._file(ledger)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = place.with_suffix(f".{os.getpid()}")
            fresh.write_text(str(sequence), "ascii")
            fresh.replace(place)
        except OSError:
            return


def state_folder(env: Mapping[str, str]) -> Path:
    """Where this machine's own notes lie."""
    if env.get("CROSSPOST_STATE_DIR"):
        return Path(env["CROSSPOST_STATE_DIR"])
    if env.get("XDG_STATE_HOME"):
        return Path(env["XDG_STATE_HOME"]) / "crosspost"
    return Path(env.get("HOME") or ".") / ".local" / "state" / "crosspost"


def system_world(given: Mapping[str, str] | None = None) -> World:
    """The real one: the machine's clock, chance, environment, network (proxies, CA bundle) and notes.

    `given` takes the environment's place (the demo's own accounts); the way into the network stays the machine's.
    """
    real = dict(os.environ)
    env = real if given is None else dict(given)
    wire = SocketWire(
        _alarm,
        proxies=urllib.request.getproxies_environment(),
        # What this machine itself serves (a sandbox) no proxy can reach.
        no_proxy=",".join(filter(None, ["127.0.0.1,localhost,::1", real.get("no_proxy") or real.get("NO_PROXY")])),
        ca_bundle=real.get("REQUESTS_CA_BUNDLE") or real.get("SSL_CERT_FILE") or None,
    )
    memory = FolderMemory(state_folder(env))
    return World(SystemClock(), lambda: chance.token_hex(16), env, wire, memory, SystemProcesses())


class StopFlag:
    """Raised by SIGTERM and SIGINT, looked at by loops; `wait` sleeps until then at most."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def is_raised(self) -> bool:
        """Whether a signal has come."""
        return self._event.is_set()

    def wait(self, seconds: float | None = None) -> None:
        """Sleep so long, or until a signal comes."""
        self._event.wait(seconds)

    def raise_it(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what a signal handler is given
        """The handler. A second signal of that kind ends the program where it stands."""
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.default_int_handler)
        self._event.set()


@contextmanager
def catching_signals() -> Iterator[StopFlag]:
    """Within it, SIGTERM and SIGINT only raise the flag."""
    flag = StopFlag()
    before = {number: signal.signal(number, flag.raise_it) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def person_name(env: Mapping[str, str]) -> str:
    """Who decides, unless they say so: GITHUB_ACTOR, else git's user.name, else the login's name."""
    if env.get("GITHUB_ACTOR"):
        return env["GITHUB_ACTOR"]
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        asked = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, timeout=5, check=False, env=dict(env)
        )
        if name := asked.stdout.decode().strip():
            return name
    return env.get("LOGNAME") or env.get("USER") or "somebody"


def local_zone(env: Mapping[str, str]) -> str:
    """The name of this machine's time zone; "UTC" where it has no name."""
    place = env.get("TZ", "").removeprefix(":") or os.path.realpath("/etc/localtime")
    name = place.rpartition("zoneinfo/")[2]
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a name that isn't there is a KeyError
        return "UTC"
    return name


# --- settings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Project:
    """Settings with what they were read from: `base` is what relative paths in them are relative to."""

    loaded: Loaded
    platforms: Mapping[str, Platform]
    base: Path

    @property
    def settings(self) -> Settings:
        """The settings alone."""
        return self.loaded.settings


def settings_path(env: Mapping[str, str], named: Path | None = None) -> Path:
    """--config, else CROSSPOST_CONFIG, else config/crosspost.toml."""
    return named or Path(env.get("CROSSPOST_CONFIG") or SETTINGS)


def project_folder(path: Path) -> Path:
    """The folder that relative paths are relative to: the settings file's, or the one above a folder named config."""
    folder = path.absolute().parent
    return folder.parent if folder.name == "config" else folder


def has_settings(world: World, named: Path | None = None) -> bool:
    """Whether settings count: they were named, or stand in their usual place."""
    return named is not None or bool(world.env.get("CROSSPOST_CONFIG")) or SETTINGS.exists()


def open_project(world: World, named: Path | None = None, allow_api_hosts: Iterable[str] = ()) -> Project:
    """Read the settings file. Raises SettingsError with all mistakes."""
    path = settings_path(world.env, named)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise SettingsError(
            "settings-missing",
            f"There is no settings file at {path}.",
            "`crosspost init https://your-site.org` writes one; --config names another place.",
        ) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            "settings-unreadable", f"The settings file {path} can't be read as UTF-8 text.", "Mend the file."
        ) from None
    return read_project(world, text, path, allow_api_hosts)


def read_project(world: World, text: str, path: Path, allow_api_hosts: Iterable[str] = ()) -> Project:
    """The project that the text makes, were it in the file at `path`. Raises SettingsError with all mistakes."""
    platforms = load_platforms()
    loaded = load(
        text,
        world.env,
        platforms,
        source=str(path),
        read_file=lambda name: Path(name).read_text("utf-8"),
        check_template=check_template,
        allow_api_hosts=allow_api_hosts,
    )
    return Project(loaded, platforms, project_folder(path))


def assumed_project(feeds: tuple[Feed, ...], campaign: Iterable[str], zone: str = "UTC") -> Project:
    """A project where there is no settings file: these feeds, every platform, no keys."""
    platforms = load_platforms()
    return Project(assume(feeds, platforms, campaign=campaign, zone=zone), platforms, Path())


# --- the office -----------------------------------------------------------------------------------------------------


def open_ledger(world: World, project: Project, writer: str, *, read_only: bool = False) -> Ledger:
    """The project's ledger. Raises the ledger errors."""
    settings = project.settings
    return open_url(
        settings.ledger_url, project.base, site=settings.site, writer=writer, read_only=read_only, world=world
    )


def make_ledger(world: World, project: Project, writer: str) -> Ledger:
    """Make the project's ledger; never over an old one."""
    settings, now = project.settings, world.clock.now()
    return create_url(
        settings.ledger_url,
        project.base,
        site=settings.site,
        token=world.token,
        now=now,
        writer=writer,
        world=world,
    )


def copy(world: World, old: str, new: str, base: Path, site: str = "") -> Copied:
    """Copy the ledger at one address into a new one at another; never over an old one.

    Relative paths are relative to `base`. Raises the ledger errors, and RequestError.
    """
    source = open_url(old, base, site=site, read_only=True, world=world)
    try:
        now, writer = world.clock.now(), world.token()
        into = create_url(new, base, site=site, token=world.token, now=now, writer=writer, world=world)
        try:
            return copy_ledger(source, into)
        finally:
            into.close()
    finally:
        source.close()


def outlets_of(world: World, project: Project) -> dict[str, Outlet]:
    """An outlet for each target; one whose keys are missing has no adapter, and the others go on."""
    quiet_libraries()
    outlets = {}
    for target in project.settings.targets:
        platform = project.platforms[target.platform]
        missing = project.loaded.missing.get(target.name, ())
        revealed = {suffix: secret.reveal() for suffix, secret in project.loaded.secrets.get(target.name, {}).items()}
        adapter = None if missing else platform.open(world, target, revealed)
        outlets[target.name] = Outlet(target, platform, adapter, missing, _credential(target.name, revealed))
    return outlets


def _credential(target: str, revealed: Mapping[str, str]) -> str:
    """A salted hash of an account's keys: enough to see that they changed, of no use to anybody who reads it."""
    told = "\n".join(f"{suffix}={text}" for suffix, text in sorted(revealed.items()))
    salt = f"crosspost pause {target}".encode()
    return hashlib.scrypt(told.encode("utf-8", "surrogatepass"), salt=salt, n=2**10, r=8, p=1, dklen=8).hex()


def open_office(world: World, project: Project, *, ledger: Ledger | None = None, read_only: bool = False) -> Office:
    """Everything that a pass needs. `ledger`: one that is open already (a test's own)."""
    writer = world.token()
    book = ledger if ledger is not None else open_ledger(world, project, writer, read_only=read_only)
    return Office(world, project.settings, book, outlets_of(world, project), writer)


def with_feeds(project: Project, feeds: tuple[Feed, ...]) -> Project:
    """The project with other feeds (preview SITE: the settings that are there still count)."""
    loaded = replace(project.loaded, settings=replace(project.settings, feeds=feeds))
    return replace(project, loaded=loaded)


def words_of(platforms: Mapping[str, Platform]) -> tuple[dict[str, str], dict[str, str]]:
    """The platforms' own sentences and hints, by code."""
    sentences = {code: text for platform in platforms.values() for code, text in platform.sentences.items()}
    return sentences, {code: text for platform in platforms.values() for code, text in platform.hints.items()}


def sandboxes(project: Project) -> dict[str, str]:
    """The targets whose API isn't the platform's own, with its address."""
    return {
        target.name: target.api_url
        for target in project.settings.targets
        if (urlsplit(target.api_url).hostname or "") not in _own_hosts(project.platforms[target.platform])
    }


def _own_hosts(platform: Platform) -> frozenset[str]:
    return frozenset({*platform.own_hosts, urlsplit(platform.api_url).hostname or ""})


# --- what commands ask for ------------------------------------------------------------------------------------------


def find_source(world: World, argument: str, stdin: Callable[[], bytes], allow_private: tuple[str, ...] = ()) -> Source:
    """What `preview [SITE|FEED|FILE|-]` was given, read once. Raises FeedError."""
    return load_source(argument, stdin, _read_file, wire=world.wire, clock=world.clock, allow_private=allow_private)


def _read_file(name: str) -> bytes | None:
    path = Path(name).expanduser()
    return path.read_bytes() if path.exists() else None


def run(world: World, project: Project, options: Options, *, full: bool = False) -> RunReport:
    """One pass over the project's ledger, which is opened and let go of. `full`: with all that is open after it."""
    office = open_office(world, project)
    try:
        return _pass(office, options, full=full)
    finally:
        office.ledger.close()


def _pass(office: Office, options: Options, *, full: bool) -> RunReport:
    if not full:
        return run_pass(office, options)
    at, before = office.world.clock.now(), Standings.read(office.ledger).run().at
    return replace(run_pass(office, options), at=at, before=before, status=status(office))


def run_only(
    world: World, project: Project, options: Options, story: str, *, at_once: bool, full: bool = False
) -> RunReport:
    """One pass that sends nothing but the story that a person named.

    Raises RequestError where it isn't known, or has nothing that could be sent.
    """
    office = open_office(world, project)
    try:
        wish = Wish(_sendable(office, story), at_once)
        return _pass(office, replace(options, wish=wish), full=full)
    finally:
        office.ledger.close()


def _sendable(office: Office, name: str) -> str:
    story = find_story(office.ledger, name)
    states = {one.delivery.key.target: one.delivery.state for one in office.ledger.current([story.id])}
    if State.PENDING not in states.values():
        told = ", ".join(f"{target}: {state}" for target, state in states.items())
        raise RequestError(
            "not-legal",
            f"Nothing of #{story.number} waits to be sent ({told}).",
            f"`crosspost approve {story.number}` lets a held one go, `crosspost retry {story.number}` a skipped one.",
        )
    return story.id


def run_baseline(world: World, project: Project) -> RunReport:
    """Make the ledger where there is none, and mark what the feeds list as seen; sends nothing."""
    made = _baseline(world, project, 0)
    return replace(made, counted=sum(feed.new for feed in made.feeds))


def _baseline(world: World, project: Project, latest: int) -> RunReport:
    try:
        make_ledger(world, project, world.token()).close()
    except RequestError as error:
        if error.code != "ledger-exists":
            raise
    return run(world, project, Options(mode=Mode(baseline=True, latest=latest), send=False))


def has_ledger(world: World, project: Project) -> bool:
    """Whether there is a ledger already, good or bad."""
    try:
        open_ledger(world, project, "", read_only=True).close()
    except LedgerMissing:
        return False
    return True


def install(world: World, text: str, path: Path, *, latest: int = 0, force: bool = False) -> tuple[Project, RunReport]:
    """Write the settings and make the ledger: what the feed lists is known from now on, but for the newest.

    Raises RequestError where there are settings already and `force` isn't given; then nothing is
    changed. A ledger that is there stays, and is used.
    """
    refuse_old_settings(path, force=force)
    project = read_project(world, text, path)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, "utf-8")
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        report = _baseline(world, project, latest)
        failed = next((feed for feed in report.feeds if feed.status == "failed"), None)
        if failed:
            raise FeedError("feed-unreachable", failed.error, failed.hint)
        fresh.replace(path)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        fresh.unlink(missing_ok=True)
    return project, report


def refuse_old_settings(path: Path, *, force: bool) -> None:
    """Raise RequestError where there are settings already."""
    if path.exists() and not force:
        raise RequestError(
            "settings-exist",
            f"There is a settings file at {path} already; nothing was changed.",
            "`crosspost init --force` writes a new one in its place; the ledger stays in any case.",
        )


def refuse_old_files(settings: Path, files: Iterable[str], stock: Mapping[str, str], *, force: bool) -> None:
    """Raise RequestError where one of these files of the project is there, and is not as crosspost brings it."""
    there = [name for name in files if _is_changed(project_folder(settings) / name, stock.get(name, ""))]
    if there and not force:
        raise RequestError(
            "file-exists",
            f"{there[0]} is there already; nothing was changed.",
            "`crosspost init --force` writes a new one in its place.",
        )


def _is_changed(place: Path, stock: str) -> bool:
    try:
        return place.read_text("utf-8") != stock
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True


def write_files(settings: Path, files: Mapping[str, str]) -> None:
    """Write files of the project, named from its folder. Raises RequestError."""
    for name, text in files.items():
        place = project_folder(settings) / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(place, error) from None
        write_file(place, text)


def unwritable(path: Path, error: OSError) -> RequestError:
    """The error for a file that a person named and that can't be written."""
    why = (error.strerror or "the system refuses").lower()
    return RequestError(
        "file-unwritable", f"{path} can't be written: {why}.", "Name another place, or mend its rights."
    )


def write_file(path: Path, text: str) -> None:
    """Write a report where a person wants it. Raises RequestError."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise unwritable(path, error) from None


def must_be_writable(path: Path) -> None:
    """Raise RequestError unless a report can be written there: known before a run, not after it."""
    try:
        path.open("a").close()
    except OSError as error:
        raise unwritable(path, error) from None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the doctor will find, one by one, and the project where it could be read."""

    findings: Iterator[Finding]
    project: Project | None


def check(world: World, named: Path | None = None, allow_api_hosts: Iterable[str] = ()) -> Checked:
    """Examine an installation. Raises SettingsError where there is no settings file to read."""
    try:
        project = open_project(world, named, allow_api_hosts)
    except SettingsError as error:
        if error.code != "settings":
            raise
        return Checked(iter(check_mistakes(error)), None)
    outlets = outlets_of(world, project).values()
    return Checked(
        check_all(world, project.settings, lambda: open_ledger(world, project, world.token()), outlets), project
    )
