"""Breadth first through every state that can be reached: the first broken promise found is the shortest way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S")


class By(IntEnum):
    """Who makes a move. What the machine, the platform and time do of themselves must lead out of every state."""

    OWN = 0
    TIME = 1  # its words are minutes
    FAULT = 2
    PERSON = 3


class Move(NamedTuple, Generic[S]):
    """One thing that can happen: who makes it, the sentence for a trace (or the minutes that pass), the state after."""

    by: By
    words: str | int
    after: S


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found. `broken`: the promise that doesn't hold, "" if all do; `trace`: the shortest way there."""

    states: int
    transitions: int
    broken: str = ""
    trace: tuple[str | int, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The trace, a line each with the minute in which it happens."""
        minute, lines = 0, []
        for words in self.trace:
            if isinstance(words, int):
                minute += words
            else:
                lines.append(f"min {minute:3}  {words}")
        return [*lines, f"         {self.broken}"] if self.broken else lines


@dataclass(slots=True)
class _Graph(Generic[S]):
    """The states in the order of their discovery, how each was reached, and who leads there without a fault."""

    numbers: dict[S, int]
    ways: list[tuple[int, str | int]] = field(default_factory=lambda: [(-1, 0)])
    before: list[list[int]] = field(default_factory=lambda: [[]])

    def trace(self, number: int) -> tuple[str | int, ...]:
        steps = []
        while number:
            number, words = self.ways[number]
            steps.append(words)
        return tuple(reversed(steps))


def search(
    start: S,
    moves: Callable[[S], Iterable[Move[S]]],
    broken: Callable[[S], str],
    settled: Callable[[S], bool],
) -> Searched:
    """Visit everything. `broken` names the promise that a state breaks; each state must have a way to a settled one."""
    graph = _Graph({start: 0})
    states, transitions, number = [start], 0, 0
    while number < len(states):
        for move in moves(states[number]):
            transitions += 1
            after = graph.numbers.setdefault(move.after, len(states))
            if after == len(states):
                states.append(move.after)
                graph.ways.append((number, move.words))
                graph.before.append([])
                if wrong := broken(move.after):
                    return Searched(len(states), transitions, wrong, graph.trace(after))
            if move.by <= By.TIME:
                graph.before[after].append(number)
        number += 1
    stuck = _without_way_out(graph, [number for number, state in enumerate(states) if settled(state)])
    if stuck is None:
        return Searched(len(states), transitions)
    return Searched(len(states), transitions, "From here nothing leads on without a person.", graph.trace(stuck))


def _without_way_out(graph: _Graph[S], settled: list[int]) -> int | None:
    """The first state from which no settled one can be reached without a fault or a person; None where all can."""
    out, waiting = set(settled), settled
    while waiting:
        for number in graph.before[waiting.pop()]:
            if number not in out:
                out.add(number)
                waiting.append(number)
    return next((number for number in range(len(graph.ways)) if number not in out), None)
