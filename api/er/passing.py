"""Frames on their way from vehicles to screens: as they are told, and the bounded queue of each screen. Pure."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.rules_arrivals import Arrival, micros
from dispatch.telemetry.rules_time import true_time
from dispatch.telemetry.states import Frame, Kind

VERSION: Final = 1
HEAD: Final = struct.Struct("<BBBBIQqq")
"""version, kind, slot, sure, bytes of the payload, seq, at_us, received_us; 32 bytes, little endian."""
SAMPLED: Final = frozenset({Kind.ECG, Kind.WAVES})
"""Sent on as bytes; the rest is told in words."""
AT_ONCE: Final = SAMPLED | {Kind.VITALS, Kind.ECMO}
"""Shown as they come; what a device tells besides is done in the commit first, and may end whose data they are."""
PASSED: Final = AT_ONCE | {Kind.EVENT}
MOST_FRAMES: Final = 256
MOST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Passing:
    """A frame for screens. at_us: true time of its first sample; received_us: when it came; both since 1970."""

    kind: Kind
    slot: int
    seq: int
    at_us: int
    received_us: int
    sure: bool
    payload: bytes

    def told(self) -> bytes:
        """As a screen is sent it: the head, then the payload as the vehicle sent it (`PROTOCOL.md`)."""
        head = HEAD.pack(
            VERSION, self.kind, self.slot, self.sure, len(self.payload), self.seq, self.at_us, self.received_us
        )
        return head + self.payload


def passing(arrival: Arrival) -> Passing | None:
    """What of an arrival goes on to screens; None: nothing."""
    frame = arrival.frame
    if frame is None or frame.stream.kind not in PASSED or frame.stream.slot == 0:
        return None
    return Passing(
        frame.stream.kind, frame.stream.slot, frame.seq, micros(arrival.at), micros(arrival.received_at), arrival.sure,
        frame.payload,
    )  # fmt: skip


def fresh(frame: Frame, received_us: int, clock_offset_us: int) -> Passing:
    """The same of a frame that has just come and is not kept yet. received_us: by our clock."""
    true = true_time(frame.device_us, received_us, clock_offset_us)
    return Passing(
        frame.stream.kind, frame.stream.slot, frame.seq, true.at_us, received_us, true.sure, frame.payload
    )  # fmt: skip


def stored(frame: RawFrame) -> Passing:
    """The same of a frame that is read from where it is kept."""
    return Passing(
        frame.stream.kind, frame.stream.slot, frame.seq, micros(frame.at), micros(frame.received_at), frame.sure,
        frame.payload,
    )  # fmt: skip


class Queue:
    """What waits for one screen. A screen that is too slow is told which time it missed, and asks for that again.

    skipped: from the first to the last `at_us` that was dropped; None: nothing was.
    """

    def __init__(self, *, most_frames: int = MOST_FRAMES, most_bytes: int = MOST_BYTES) -> None:
        self._most_frames, self._most_bytes = most_frames, most_bytes
        self._waiting: deque[Passing] = deque()
        self._bytes = 0
        self._skipped: tuple[int, int] | None = None
        self.wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, frame: Passing) -> None:
        """Take a frame; of too many the oldest are dropped."""
        self._waiting.append(frame)
        self._bytes += len(frame.payload)
        while len(self._waiting) > self._most_frames or self._bytes > self._most_bytes:
            gone = self._waiting.popleft()
            self._bytes -= len(gone.payload)
            begin, end = self._skipped or (gone.at_us, gone.at_us)
            self._skipped = (min(begin, gone.at_us), max(end, gone.at_us))
        self.wake.set()

    def give_back(self, frames: Sequence[Passing]) -> None:
        """Let these wait again, before all others: they were taken last."""
        self._waiting.extendleft(reversed(frames))
        self._bytes += sum(len(one.payload) for one in frames)

    def take(self) -> tuple[list[Passing], tuple[int, int] | None]:
        """Return all that waits, and what was dropped since."""
        self.wake.clear()
        waiting, skipped = list(self._waiting), self._skipped
        self._waiting.clear()
        self._bytes, self._skipped = 0, None
        return waiting, skipped
