"""Composition root: the real World, and from it and the settings all that a pass needs. Effects are made here."""

from __future__ import annotations

import hashlib
import os
import secrets as chance
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crosspost.compose import check_template
from crosspost.config import Loaded, assume, load
from crosspost.core.policy import Feed, Settings
from crosspost.core.world import World
from crosspost.errors import SettingsError
from crosspost.ledger.base import Ledger
from crosspost.ledger.opening import create_url, open_url
from crosspost.net.adapter import quiet_libraries
from crosspost.net.wire import SocketWire
from crosspost.pipeline.outlet import Office, Outlet
from crosspost.platforms.base import Platform
from crosspost.platforms.loading import load_platforms

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


def system_world() -> World:
    """The real one: the machine's clock, chance, environment, network (proxies, CA bundle) and notes."""
    env = dict(os.environ)
    bundle = env.get("REQUESTS_CA_BUNDLE") or env.get("SSL_CERT_FILE")
    wire = SocketWire(
        _alarm,
        proxies=urllib.request.getproxies_environment(),
        no_proxy=env.get("no_proxy") or env.get("NO_PROXY") or "",
        ca_bundle=bundle or None,
    )
    return World(SystemClock(), lambda: chance.token_hex(16), env, wire, FolderMemory(state_folder(env)))


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
    settings = assume(feeds, platforms, campaign=campaign, zone=zone)
    missing = {target.name: ("its keys",) for target in settings.targets}
    return Project(Loaded(settings, {target.name: {} for target in settings.targets}, missing), platforms, Path())


# --- the office -----------------------------------------------------------------------------------------------------


def open_ledger(project: Project, writer: str, *, read_only: bool = False) -> Ledger:
    """The project's ledger. Raises the ledger errors."""
    settings = project.settings
    return open_url(settings.ledger_url, project.base, site=settings.site, writer=writer, read_only=read_only)


def make_ledger(world: World, project: Project, writer: str) -> Ledger:
    """Make the project's ledger; never over an old one."""
    settings, now = project.settings, world.clock.now()
    return create_url(settings.ledger_url, project.base, site=settings.site, token=world.token, now=now, writer=writer)


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
    book = ledger if ledger is not None else open_ledger(project, writer, read_only=read_only)
    return Office(world, project.settings, book, outlets_of(world, project), writer)


def with_feeds(project: Project, feeds: tuple[Feed, ...]) -> Project:
    """The project with other feeds (preview SITE: the settings that are there still count)."""
    loaded = replace(project.loaded, settings=replace(project.settings, feeds=feeds))
    return replace(project, loaded=loaded)
