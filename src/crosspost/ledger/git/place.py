"""From "git:REMOTE#BRANCH" to a place, and the environment that git is given there: the one room for credentials."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from crosspost.core.world import Processes
from crosspost.errors import SettingsError

FORM = (
    'Write "git:REMOTE#BRANCH", where REMOTE is a path, an https or ssh address, or the name of a remote of the '
    'project\'s repository: "git:origin#crosspost".'
)
_TOKEN = "CROSSPOST_GIT_TOKEN"  # noqa: S105 - a variable's name
# What ssh, proxies and certificates need. Nothing else goes through: a user's own git settings could send
# a push elsewhere, sign it, or run a program.
_PASSED = (
    "PATH", "HOME", "TMPDIR", "SSH_AUTH_SOCK", "GIT_SSH", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip
_BUNDLES = ("GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_SCP = re.compile(r"(?:[A-Za-z0-9_.-]+@)?[A-Za-z0-9][A-Za-z0-9.-]+:(?!//)[^:@\s]+")  # git@host:path, not C:\path
_BRANCH = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]|/(?=[A-Za-z0-9_]))*")


class Kind(StrEnum):
    """How git reaches the remote; also the name of the only protocol that it may use."""

    FILE = "file"
    HTTPS = "https"
    SSH = "ssh"


@dataclass(frozen=True, slots=True)
class Place:
    """A branch of a remote. `remote` is what git is given: an absolute path or an address without any secret."""

    kind: Kind
    remote: str
    branch: str

    @property
    def ref(self) -> str:
        """The branch's full name."""
        return f"refs/heads/{self.branch}"

    def __str__(self) -> str:
        return f"the branch {self.branch} of {self.remote}"


def find_place(url: str, base: Path, processes: Processes, env: Mapping[str, str]) -> Place:
    """The place that a ledger's address names; paths and names of remotes belong to `base`. Raises SettingsError.

    An address that is refused isn't repeated: it may hold a password.
    """
    remote, hash_, branch = url.partition(":")[2].rpartition("#")
    if not hash_ or not remote:
        raise SettingsError("ledger-url", "[ledger] url names no branch", FORM)
    if not _is_branch(branch):
        raise SettingsError("ledger-url", "[ledger] url names a branch that git doesn't allow", FORM)
    if _NAME.fullmatch(remote) and (address := _address_of(remote, base, processes, env)):
        return _place(address, branch, base, f'the remote "{remote}"')
    return _place(remote, branch, base, "[ledger] url")


def _is_branch(name: str) -> bool:
    return _BRANCH.fullmatch(name) is not None and ".." not in name and not re.search(r"(\.lock|\.)(/|$)", name)


def _address_of(name: str, base: Path, processes: Processes, env: Mapping[str, str]) -> str:
    """Where a remote of the project's repository lies; "" where there is no such remote."""
    asked = processes.run(
        ["git", "-C", str(base), "config", "--get", f"remote.{name}.url"], env=bare(env), stdin=b"", timeout=10
    )
    return asked.stdout.decode("utf-8", "replace").strip() if asked.code == 0 else ""


def _place(address: str, branch: str, base: Path, what: str) -> Place:
    if re.match(r"https://", address, re.IGNORECASE):
        return Place(Kind.HTTPS, _clean(address, what), branch)
    if re.match(r"ssh://", address, re.IGNORECASE):
        return Place(Kind.SSH, _clean(address, what), branch)
    if "://" not in address and not address.startswith((".", "/", "~", "-")) and _SCP.fullmatch(address):
        return Place(Kind.SSH, address, branch)
    if re.match(r"file://", address, re.IGNORECASE):
        address = address[len("file://") :]
    # "user:password@host" without its scheme is no path either: the error for a path repeats it
    if re.search(r"://|::|:.*@|\0", address) or address.startswith("-"):
        raise SettingsError("ledger-url", f"{what} is neither a path nor an https or ssh address", FORM)
    path = (base / Path(address).expanduser()).absolute()
    if not path.is_dir():
        hint = f"`git init --bare {path}` makes one. {FORM}"
        raise SettingsError("ledger-url", f"{what} names no git repository: there is no folder {path}", hint)
    return Place(Kind.FILE, str(path), branch)


def _clean(address: str, what: str) -> str:
    try:
        parts = urlsplit(address)
        host, secret, userinfo = parts.hostname, parts.password, parts.username
    except ValueError:
        host, secret, userinfo = None, None, None
    if not host or host.startswith("-") or parts.query or parts.fragment or re.search(r"[\s\0]", address):
        raise SettingsError("ledger-url", f"{what} is no address that git can use", FORM)
    if secret is not None or (userinfo is not None and parts.scheme.lower() == "https"):
        hint = f"Take user and password out of the address, and give the token in {_TOKEN}."
        raise SettingsError("ledger-url", f"{what} holds a user or a password", hint)
    return address


# --- the environment ------------------------------------------------------------------------------------------------


def bare(env: Mapping[str, str]) -> dict[str, str]:
    """What every git is given: no settings of the user or the system, no prompt, no translated words."""
    kept = {name: env[name] for name in _PASSED if env.get(name)}
    return kept | {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_SSH_COMMAND": env.get("GIT_SSH_COMMAND") or "ssh -o BatchMode=yes",
        "LC_ALL": "C",
    }


def environment(place: Place, env: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of every git that works in `folder`, credentials included. Raises SettingsError.

    Nothing of it reaches an argument, a file or an output.
    """
    settings = [
        ("protocol.allow", "never"),
        (f"protocol.{place.kind}.allow", "always"),
        ("credential.helper", ""),
        ("http.followRedirects", "false"),  # a redirect could carry the token to another host
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
    ]
    made = bare(env) | {"GIT_DIR": str(folder)}
    if place.kind is Kind.HTTPS:
        settings += _credentials(place, env)
        bundle = next((env[name] for name in _BUNDLES if env.get(name)), "")
        made |= {"GIT_SSL_CAINFO": bundle} if bundle else {}
    made["GIT_CONFIG_COUNT"] = str(len(settings))
    for index, (name, value) in enumerate(settings):
        made |= {f"GIT_CONFIG_KEY_{index}": name, f"GIT_CONFIG_VALUE_{index}": value}
    return made


def _credentials(place: Place, env: Mapping[str, str]) -> list[tuple[str, str]]:
    """The extra header for the remote's own host; an empty one first, or two could go out."""
    parts = urlsplit(place.remote)
    name = f"http.https://{parts.netloc}/.extraheader"
    token = _token(parts.hostname or "", env)
    if not token:
        return [(name, "")]
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return [(name, ""), (name, f"Authorization: Basic {basic}")]


def _token(host: str, env: Mapping[str, str]) -> str:
    """CROSSPOST_GIT_TOKEN (or the file that CROSSPOST_GIT_TOKEN_FILE names), else GITHUB_TOKEN on its own host."""
    token, path = env.get(_TOKEN, "").strip(), env.get(f"{_TOKEN}_FILE", "").strip()
    if not token and path:
        try:
            token = Path(path).read_text("utf-8").strip()
        except (OSError, ValueError):
            raise SettingsError(
                "ledger-url", f"{_TOKEN}_FILE names a file that can't be read", "Give the path of a readable text file."
            ) from None
    server = urlsplit(env.get("GITHUB_SERVER_URL") or "https://github.com").hostname or ""
    if not token and host == server.lower():
        token = env.get("GITHUB_TOKEN", "").strip()
    if any(not "!" <= letter <= "~" for letter in token):
        message = f"{_TOKEN} holds a space, line break or letter that no token has"
        raise SettingsError("ledger-url", message, "Copy the token again, alone.")
    return token
