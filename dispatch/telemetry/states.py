"""The streams of a vehicle and the figures of the protocol. `PROTOCOL.md` says the same to who writes a client."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, Self

import msgspec

VERSION: Final = 1
HEADER_BYTES: Final = 24
MAX_FRAME_BYTES: Final = 32_768
MAX_SLOT: Final = 9
MAX_SEQ: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exact."""
MAX_STREAMS: Final = 64
"""Of one log."""
MAX_RANGES: Final = 64
"""Pieces in which the known numbers of one stream may lie: who would make more is asked to fill gaps first."""
MAX_TIME_US: Final = 253_402_300_799_999_999
"""The last microsecond of the year 9999."""


class Kind(IntEnum):
    """What a stream carries; the number is the one on the wire."""

    POSITION = 1
    VITALS = 2
    ECG = 3
    WAVES = 4
    IMAGE = 5
    EVENT = 6
    ECMO = 7

    __hash__ = int.__hash__  # as quick as a number's: every frame is looked up by it several times


WATCHED: Final = frozenset({Kind.VITALS, Kind.ECG, Kind.EVENT, Kind.ECMO})
"""What is looked at for alarms at a patient."""


class Stream(NamedTuple):
    """One numbered sequence of frames. slot: 0 is the vehicle itself, 1 to 9 a patient's place in it."""

    kind: Kind
    slot: int

    def __str__(self) -> str:
        return f"{_NAMES[self.kind]}.{self.slot}"

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the stream called `ecg.1`. Raises ValueError for anything else."""
        kind, dot, slot = name.partition(".")
        if not dot or len(slot) != 1 or slot not in "0123456789" or kind != kind.lower():
            raise ValueError(f"{name[:40]!r} is no stream such as ecg.1")
        try:
            return cls(Kind[kind.upper()], int(slot))
        except KeyError:
            raise ValueError(f"{name[:40]!r} is no stream such as ecg.1") from None


_NAMES: Final = {kind: kind.name.lower() for kind in Kind}


@dataclass(frozen=True, slots=True)
class Window:
    """How much a vehicle may have on the way, sent and not yet acknowledged."""

    frames: int = 256
    bytes: int = 524_288


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One message of a stream. device_us: when it was measured, by the device's clock; microseconds since 1970."""

    stream: Stream
    seq: int
    device_us: int
    payload: bytes
