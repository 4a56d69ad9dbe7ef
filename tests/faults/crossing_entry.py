"""One pass of a process that kills itself at the Nth border between it and ledger or wire: crossing_entry.py N

The composition root of a test, for machines without strace: nothing of this is in what is shipped.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from crosspost import app
from crosspost.pipeline.passing import Options, run_pass
from crosspost.testing.ledger import CrossingLedger


@dataclass
class Border:
    """Counts crossings; at the last one the process dies."""

    last: int
    count: int = 0

    def cross(self, step: str) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class CrossingWire:
    """The real wire, with a border on both sides of everything that is noticed outside."""

    inner: object
    border: Border

    def call(self, call):
        def first_byte() -> None:
            if call.before_first_byte:
                call.before_first_byte()
            self.border.cross("first byte")

        self.border.cross("connect")
        reply = self.inner.call(replace(call, before_first_byte=first_byte))
        self.border.cross("answered")
        return reply


def main() -> None:
    border = Border(int(sys.argv[1]))
    world = app.system_world()
    world = replace(world, wire=CrossingWire(world.wire, border))
    project = app.open_project(world, Path("config/crosspost.toml"))
    ledger = app.open_ledger(world, project, world.token())
    office = app.open_office(world, project, ledger=CrossingLedger(ledger, border))
    run_pass(office, Options())
    ledger.close()
    sys.stdout.write(str(border.count))


if __name__ == "__main__":
    main()
