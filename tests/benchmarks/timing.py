"""Timing that is fair on a busy machine: both sides are asked in turns."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks.report import milliseconds

_BLOCKS = 5


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of single calls."""

    seconds: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """Half of the calls took less."""
        return float(np.median(self.seconds))

    @property
    def p99_s(self) -> float:
        """99 of 100 calls took less."""
        return float(np.quantile(self.seconds, 0.99))

    def __str__(self) -> str:
        if len(self.seconds) < 50:
            return milliseconds(self.median_s)
        return f"{milliseconds(self.median_s)} / {milliseconds(self.p99_s)}"


@dataclass(frozen=True, slots=True)
class Side:
    """Work to be timed: one call of `ask` for each of `questions`."""

    ask: Callable[[Any], object]
    questions: Sequence[Any]


def in_turns(*sides: Side) -> list[Timed]:
    """Time every call of every side, in blocks that alternate, after one call of each that is not counted.

    What was made before is kept out of garbage collection, so that a peer's large graph slows nobody down.
    """
    for side in sides:
        side.ask(side.questions[0])
    gc.collect()
    gc.freeze()
    seconds: list[list[float]] = [[] for _ in sides]
    for block in range(_BLOCKS):
        for number, side in enumerate(sides):
            for question in side.questions[block::_BLOCKS]:
                start = time.perf_counter()
                side.ask(question)
                seconds[number].append(time.perf_counter() - start)
    gc.unfreeze()
    return [Timed(tuple(times)) for times in seconds]


def once(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
