"""Small public doubles for what lies outside: a clock that is set by hand, a world, a wire over a sandbox model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from crosspost.core.world import Call, Memory, Reply, Wire, WireTrouble, World
from crosspost.sandbox.values import Model, Request, WireFault

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that moves when somebody says so, or sleeps."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._ticks = 0.0

    def now(self) -> datetime:
        """The wall clock."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that went by."""
        return self._ticks

    def sleep(self, seconds: float) -> None:
        """Let time go by at once."""
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        """Move both clocks on."""
        self._now += by
        self._ticks += by.total_seconds()

    def set_wall(self, now: datetime) -> None:
        """Set the wall clock alone, as a time server may."""
        self._now = now


class NoMemory:
    """A machine that remembers nothing."""

    def recall(self, ledger: str) -> int | None:  # noqa: ARG002 - the protocol's names
        """Never seen."""
        return None

    def remember(self, ledger: str, sequence: int) -> None:
        """Forgotten at once."""


class Tokens:
    """Hex digits that count up: never twice the same, always the same again."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> str:
        """The next one."""
        self._count += 1
        return f"{self._count:032x}"


def a_world(wire: Wire, clock: HandClock, env: Mapping[str, str] | None = None, memory: Memory | None = None) -> World:
    """A World around a wire."""
    return World(clock=clock, token=Tokens(), env=env or {}, wire=wire, memory=memory or NoMemory())


class ModelWire:
    """A Wire that ends in a sandbox model: no sockets, and time passes only where a silence lasts.

    `reachable = False`: nobody listens there.
    """

    def __init__(self, model: Model, clock: HandClock) -> None:
        self._model = model
        self._clock = clock
        self.reachable = True

    def call(self, call: Call) -> Reply:
        """Ask the model, and do what its answer does on the wire."""
        if not self.reachable:
            raise WireTrouble(WireTrouble.REFUSED)
        if call.before_first_byte:
            call.before_first_byte()
        answer = self._model.handle(_request(call), self._clock.now())
        match answer.wire:
            case WireFault.CLOSE | WireFault.RESET:
                raise WireTrouble(WireTrouble.CUT)
            case WireFault.SILENCE | WireFault.DRIP:
                self._clock.sleep(call.deadline)
                raise WireTrouble(WireTrouble.DEADLINE)
            case WireFault.HALF:
                return Reply(answer.status, answer.headers, _half(answer.body))
            case None:
                return Reply(answer.status, answer.headers, iter((answer.body,)))


def _request(call: Call) -> Request:
    parts = urlsplit(call.url)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Request(call.method, parts.path, query, call.headers, call.body or b"", call.url)


def _half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise WireTrouble(WireTrouble.CUT)
