"""The protocols of what lies outside: clock, chance, wire, memory, other programs. app.py makes the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """The wall clock: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class WireTrouble(Exception):
    """A call that brought no whole answer. `kind` is one of the constants below; no foreign text.

    The message never holds an address with its query, a header or a body.
    """

    REFUSED = "refused"  # nobody listens
    DNS = "dns"  # the name has no address
    TLS = "tls"  # handshake or certificate
    PRIVATE = "private"  # the address is not allowed
    TIMEOUT = "timeout"  # nothing for a while
    DEADLINE = "deadline"  # the whole took too long; the watchdog shut the socket
    CUT = "cut"  # the connection broke
    PROXY = "proxy"
    INVALID = "invalid"  # not a request that can be made, or not HTTP

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. Redirects aren't followed, nothing is retried, nothing is unpacked.

    `deadline`: seconds for the whole exchange, kept by a watchdog. `private_ok(host, address)`:
    whether a private address may be connected to, asked for the address itself; None allows all.
    `before_first_byte`: called after connect and TLS, right before the request's first byte; what it
    raises ends the call with nothing sent.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    deadline: float = 30.0
    private_ok: Callable[[str, str], bool] | None = None
    before_first_byte: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The beginning of an answer: status, headers (in order, names as sent), and its body as it comes.

    `body` yields raw chunks (transfer encoding undone, content encoding not) and raises WireTrouble
    where it breaks. `close` may be called at any time.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: Iterator[bytes]
    close: Callable[[], None] = field(default=lambda: None)

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class Wire(Protocol):
    """The network: one call, one answer."""

    def call(self, call: Call) -> Reply:
        """Send it and return the answer's beginning. Raises WireTrouble."""
        ...


class Memory(Protocol):
    """What this machine remembers of a ledger (in the user's state folder), to notice an older copy."""

    def recall(self, ledger: str) -> int | None:
        """The last sequence number seen of the ledger with that id; None if never seen."""
        ...

    def remember(self, ledger: str, sequence: int) -> None:
        """Keep it; failing to is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a program: its exit code (MISSING, TOO_SLOW: it never ended by itself) and what it wrote."""

    code: int
    stdout: bytes = b""
    stderr: bytes = b""


MISSING = 127  # there is no such program; as a shell says it
TOO_SLOW = 124  # it was killed, with its children, when its time was over; as timeout(1) says it


class Processes(Protocol):
    """Other programs of this machine."""

    def run(self, argv: Sequence[str], *, env: Mapping[str, str], stdin: bytes, timeout: float) -> Ran:
        """Run it to its end, in `env` alone, without a terminal. `timeout`: seconds. Raises nothing."""
        ...


class NoProcesses:
    """A machine without any other program."""

    def run(self, *_: object, **__: object) -> Ran:
        """There is none."""
        return Ran(MISSING)


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside. `token()` gives 32 random hex digits; `env` is the environment."""

    clock: Clock
    token: Callable[[], str]
    env: Mapping[str, str]
    wire: Wire
    memory: Memory
    processes: Processes = field(default_factory=NoProcesses)
