"""Frames of an ECG put together again, by the device's count of samples and by true time; gaps stay gaps. Pure.

A device counts its samples: the next frame joins when its count goes on where the last one ended. Lost samples are told
by the count where the clock agrees with it, otherwise by the clock alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.rules_payloads import decode_payload
from dispatch.telemetry.rules_waves import MISSING, Ecg
from dispatch.telemetry.states import Frame

APART_S: Final = 1.0
"""A count that goes on although the clock jumped by more than this was held, not lost: the clock counts."""
_AGREES: Final = 20
"""Count and clock agree on a gap to within a second, or one part in so many."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame in its recording. begins: it is the first of one; start: its first sample, counted from there."""

    frame: RawFrame
    ecg: Ecg
    begins: bool
    start: int

    @property
    def end(self) -> int:
        """The sample after its last one."""
        return self.start + self.ecg.samples


@dataclass(slots=True)
class Placer:
    """Places the frames of one place in a vehicle, by true time. A recording has one rate and one gain."""

    _last: Placed | None = None

    def place(self, frame: RawFrame) -> Placed:
        """Place the next frame; BadFrame cannot be raised for what was kept."""
        ecg = ecg_of(frame)
        last = self._last
        if last is None or (ecg.rate_hz, ecg.units_per_mv) != (last.ecg.rate_hz, last.ecg.units_per_mv):
            placed = Placed(frame, ecg, begins=True, start=0)
        else:
            placed = Placed(frame, ecg, begins=False, start=last.end + _lost(last, frame, ecg))
        self._last = placed
        return placed


def ecg_of(frame: RawFrame) -> Ecg:
    """Read the ECG of a frame. Raises TypeError for another kind of frame."""
    told = decode_payload(Frame(frame.stream, frame.seq, 0, frame.payload))
    if not isinstance(told, Ecg):
        raise TypeError(f"{frame.stream} is no ECG")
    return told


def _lost(last: Placed, frame: RawFrame, ecg: Ecg) -> int:
    """How many samples are missing between two frames."""
    clock = round((frame.at - last.frame.at).total_seconds() * ecg.rate_hz) - last.ecg.samples
    count = ecg.first_sample - last.ecg.first_sample - last.ecg.samples
    if count == 0 and clock <= APART_S * ecg.rate_hz:
        return 0
    if count > 0 and abs(clock - count) <= max(APART_S * ecg.rate_hz, count // _AGREES):
        return count
    return max(0, clock)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples without a gap. at: true time of the first; samples: int16, leads × samples, MISSING: a lead was off."""

    at: datetime
    rate_hz: int
    units_per_mv: float
    leads: tuple[int, ...]
    samples: NDArray[np.int16]

    @property
    def until(self) -> datetime:
        """The time after the last sample."""
        return self.at + timedelta(seconds=self.samples.shape[1] / self.rate_hz)

    def parts(self) -> Iterator[Stretch]:
        """The same without missing samples: cut where a lead came on or went off, each with the leads that were on."""
        off = self.samples == MISSING
        turns = np.flatnonzero((off[:, 1:] != off[:, :-1]).any(axis=0)) + 1
        edges = [0, *turns.tolist(), self.samples.shape[1]]
        for begin, end in pairwise(edges):
            on = np.flatnonzero(~off[:, begin])
            if len(on):
                yield Stretch(
                    self.at + timedelta(seconds=begin / self.rate_hz), self.rate_hz, self.units_per_mv,
                    tuple(self.leads[place] for place in on), self.samples[on, begin:end],
                )  # fmt: skip


@dataclass(slots=True)
class Stretches:
    """Puts frames together, as long as they join and have the same leads; at most so many seconds in one."""

    most_s: float
    _placer: Placer = field(default_factory=Placer)
    _held: list[Placed] = field(default_factory=list)

    def take(self, frame: RawFrame) -> Stretch | None:
        """Take the next frame by true time; a stretch when one is complete."""
        placed = self._placer.place(frame)
        if not self._held:
            self._held.append(placed)
            return None
        first, last = self._held[0], self._held[-1]
        joins = not placed.begins and placed.start == last.end and placed.ecg.leads == first.ecg.leads
        if joins and placed.end - first.start <= self.most_s * first.ecg.rate_hz:
            self._held.append(placed)
            return None
        done = self.rest()
        self._held.append(placed)
        return done

    def rest(self) -> Stretch | None:
        """What is left after the last frame."""
        if not self._held:
            return None
        first = self._held[0]
        samples = np.concatenate([one.ecg.matrix() for one in self._held], axis=1)
        self._held.clear()
        return Stretch(first.frame.at, first.ecg.rate_hz, first.ecg.units_per_mv, first.ecg.leads, samples)
