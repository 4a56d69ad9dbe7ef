"""What both models have in front: faults on demand, and a log of every request."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import datetime

from crosspost.sandbox.values import Answer, Fault, FaultQueue, Logged, Request, Standing, WireFault

_NO_STATUS = frozenset({WireFault.CLOSE, WireFault.RESET, WireFault.SILENCE, WireFault.DRIP})


class Front(ABC):
    """An account on a platform. Queue `faults`; read `log`; `made` is the id of the newest accepted post."""

    def __init__(self) -> None:
        self.faults = FaultQueue()
        self.log: list[Logged] = []
        self.made = ""

    def handle(self, request: Request, now: datetime) -> Answer:
        """Answer one request, as the platform would at that moment."""
        creates, reads = self.concerns(request)
        fault = self.faults.take(request, creates=creates, reads=reads)
        self.made = ""
        answer = self._play(fault, request, now)
        status = 0 if answer.wire in _NO_STATUS else answer.status
        struck = str(fault.kind) if fault else ""
        self.log.append(Logged(request.method, request.path, status, now, self.made, struck, request))
        return answer

    def _play(self, fault: Fault | None, request: Request, now: datetime) -> Answer:
        if fault is None:
            return self.carry_out(request, now, None)
        words = self.words(fault, now)
        if fault.accepts:
            answer = self.carry_out(request, now, fault)
            words = words or answer
        return replace(words or Answer(500), wire=fault.wire)

    @abstractmethod
    def owns(self, request: Request) -> bool:
        """Whether the request names this account's token."""

    @abstractmethod
    def timeline(self) -> tuple[Standing, ...]:
        """What stands there, newest first, lag or no lag."""

    @abstractmethod
    def concerns(self, request: Request) -> tuple[bool, bool]:
        """Whether it would create a post, and whether it reads a timeline."""

    @abstractmethod
    def carry_out(self, request: Request, now: datetime, view: Fault | None) -> Answer:
        """The true answer; `view` is a fault of the timeline."""

    @abstractmethod
    def words(self, fault: Fault, now: datetime) -> Answer | None:
        """The platform's answer to a fault; None for those of wire and timeline."""
