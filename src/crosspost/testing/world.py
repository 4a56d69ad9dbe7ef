"""A simulated World: a clock that only moves when told, a wire that ends in the sandbox's models, no sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import parse_qsl, unquote, urlsplit

from crosspost.core.world import Call, Reply, WireTrouble, World
from crosspost.sandbox.values import Answer, Request, WireFault
from crosspost.testing.crossings import Process

START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


@dataclass(slots=True)
class Time:
    """The one simulated time that all processes share."""

    now: datetime = START
    offset: timedelta = timedelta(0)  # how far the machines' clocks are off; the platforms' are right

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class SimulatedClock:
    """A process's view of the time; looking at it is a crossing like any other."""

    time: Time
    process: Process

    def now(self) -> datetime:
        """The wall clock."""
        self.process.cross("clock")
        return self.time.now + self.time.offset

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        self.process.cross("clock")
        return (self.time.now - START).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.process.cross("sleep")
        self.time.advance(seconds)


Host = Callable[[Request, datetime], Answer]


@dataclass(slots=True)
class SimulatedWire:
    """Answers by host name: a model behind each. A host that isn't there has no address.

    `down` holds hosts that can't be connected to. Each exchange takes a little time.
    """

    time: Time
    process: Process
    hosts: Mapping[str, Host]
    chance: Random
    down: set[str] = field(default_factory=set)

    def call(self, call: Call) -> Reply:
        """One exchange, with a crossing before and after everything that can be noticed outside."""
        parts = urlsplit(call.url)
        host = parts.hostname or ""
        self.process.cross(f"connect {host}")
        self.time.advance(self.chance.uniform(0.02, 0.4))
        if host not in self.hosts:
            raise WireTrouble(WireTrouble.DNS, host)
        if host in self.down:
            raise WireTrouble(WireTrouble.REFUSED, host)
        if call.before_first_byte is not None:
            call.before_first_byte()
        self.process.cross(f"first byte {call.method} {parts.path}")
        request = Request(
            method=call.method,
            path=unquote(parts.path),
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers=call.headers,
            body=call.body or b"",
            url=call.url,
        )
        answer = self.hosts[host](request, self.time.now)
        self.time.advance(self.chance.uniform(0.05, 1.5))
        self.process.cross(f"answered {call.method} {parts.path}")
        return self._reply(answer, call.deadline)

    def _reply(self, answer: Answer, deadline: float) -> Reply:
        match answer.wire:
            case WireFault.CLOSE | WireFault.RESET:
                raise WireTrouble(WireTrouble.CUT)
            case WireFault.SILENCE | WireFault.DRIP:
                self.time.advance(deadline)
                raise WireTrouble(WireTrouble.DEADLINE)
            case WireFault.HALF:
                return Reply(answer.status, answer.headers, _broken(answer.body))
            case None:
                return Reply(answer.status, answer.headers, iter([answer.body]))


def _broken(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise WireTrouble(WireTrouble.CUT)


@dataclass(slots=True)
class SimulatedMemory:
    """A machine's notes, which go with it."""

    heads: dict[str, int] = field(default_factory=dict)

    def recall(self, ledger: str) -> int | None:
        """The last sequence number seen."""
        return self.heads.get(ledger)

    def remember(self, ledger: str, sequence: int) -> None:
        """Keep it."""
        self.heads[ledger] = sequence


def simulated_world(
    time: Time,
    process: Process,
    hosts: Mapping[str, Host],
    chance: Random,
    *,
    memory: SimulatedMemory | None = None,
    down: set[str] | None = None,
    env: Mapping[str, str] | None = None,
) -> World:
    """A World for one process: everything that it does is a crossing, and nothing leaves this program."""

    def token() -> str:
        process.cross("chance")
        return f"{chance.getrandbits(128):032x}"

    wire = SimulatedWire(time, process, hosts, chance, down if down is not None else set())
    return World(SimulatedClock(time, process), token, env or {}, wire, memory or SimulatedMemory())
