"""The vehicle's side of one connection: what to say, what may be sent now, what to forget. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.telemetry.rules_messages import (
    Ack,
    Clock,
    Durable,
    Hello,
    Kept,
    Lost,
    Refused,
    Welcome,
    ranges_of,
    read_service,
    write,
)
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.states import VERSION, Kind, Stream, Window

LIVE_US: Final = 10_000_000
"""What is younger goes before what is older."""
_FIRST: Final = (Kind.EVENT, Kind.POSITION, Kind.VITALS, Kind.ECMO, Kind.ECG, Kind.WAVES, Kind.IMAGE)
_LATE: Final = (Kind.EVENT, Kind.VITALS, Kind.ECMO, Kind.POSITION, Kind.IMAGE, Kind.ECG, Kind.WAVES)


def rank(kind: Kind, age_us: int) -> int:
    """Return the place of a frame in the order of sending: what is live first, then by what a doctor needs soonest."""
    live = age_us < LIVE_US
    return _FIRST.index(kind) if live else len(_FIRST) + _LATE.index(kind)


@dataclass(frozen=True, slots=True)
class Welcomed:
    """Sending may begin, after `answer`. durable: what is kept; ahead: streams whose numbers there go beyond ours."""

    answer: str
    durable: Mapping[Stream, Ranges]
    ahead: tuple[Stream, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """The service keeps these: they need not be kept here any more."""

    stream: Stream
    kept: Ranges


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The service will never take this one: forget it, and send `answer`. code: why."""

    stream: Stream
    seq: int
    code: str
    answer: str


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal of something that is no frame of ours to give up."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The service closes."""

    code: str
    reason: str


VehicleStep = Welcomed | Forget | GiveUp | Told | Ended


class VehicleSession:
    """One connection of a vehicle."""

    def __init__(self, log: UUID, kept: Mapping[Stream, Kept], client: str = "") -> None:
        self._log, self._kept, self._client = log, dict(kept), client
        self.window = Window(0, 0)
        self.server_us = 0
        self._on_the_way: dict[Stream, dict[int, int]] = {}
        self._frames = self._bytes = 0
        self._refused_for_good: set[tuple[Stream, int]] = set()
        self._refused_for_now: dict[Stream, set[int]] = {}

    def hello(self) -> str:
        """The first word."""
        return write(Hello(VERSION, self._log, {str(stream): one for stream, one in self._kept.items()}, self._client))

    def hear(self, text: str, device_us: int) -> list[VehicleStep]:
        """Take what the service says. device_us: our clock. Raises ValueError for what is no word of the protocol."""
        message = read_service(text)
        if isinstance(message, Welcome):
            return self._welcomed(message, device_us)
        if isinstance(message, Ack):
            self.server_us = message.server_us
            return self._acknowledged(message.streams)
        if isinstance(message, Refused):
            return self._refused(message)
        return [Ended(message.code, message.reason)]

    def clock(self, device_us: int) -> str:
        """Tell our clock again; right after a word of the service it is exact."""
        return write(Clock(device_us, self.server_us))

    def fits(self, size: int) -> bool:
        """Whether a frame of so many bytes may be sent now."""
        return self._frames < self.window.frames and self._bytes + size <= self.window.bytes

    def on_the_way(self, stream: Stream, seq: int) -> bool:
        """Whether it is not to be sent now: no answer has come yet, or it was refused and nothing has changed since."""
        return (
            seq in self._on_the_way.get(stream, ())
            or (stream, seq) in self._refused_for_good
            or seq in self._refused_for_now.get(stream, ())
        )

    def sent(self, stream: Stream, seq: int, size: int) -> None:
        """Learn that a frame was sent."""
        self._on_the_way.setdefault(stream, {})[seq] = size
        self._frames += 1
        self._bytes += size

    def lost(self, stream: Stream, first: int, last: int) -> str:
        """Tell that frames will never come."""
        return write(Lost(str(stream), first, last))

    def _welcomed(self, welcome: Welcome, device_us: int) -> list[VehicleStep]:
        self.window = Window(welcome.window.frames, welcome.window.bytes)
        self.server_us = welcome.server_us
        ahead = []
        for name, durable in welcome.streams.items():
            stream = Stream.named(name)
            kept = self._kept.get(stream)
            last = max([durable.upto, *(span[1] for span in durable.also)])
            if kept is None or kept.next <= last:
                ahead.append(stream)
        kept_there = {Stream.named(name): ranges_of(one) for name, one in welcome.streams.items()}
        return [Welcomed(self.clock(device_us), kept_there, tuple(ahead)), *self._acknowledged(welcome.streams)]

    def _acknowledged(self, streams: Mapping[str, Durable]) -> list[VehicleStep]:
        steps: list[VehicleStep] = []
        for name, durable in streams.items():
            stream, kept = Stream.named(name), ranges_of(durable)
            for seq in [seq for seq in self._on_the_way.get(stream, ()) if seq in kept]:
                self._arrived(stream, seq)
            self._refused_for_now.pop(stream, None)
            steps.append(Forget(stream, kept))
        return steps

    def _refused(self, refused: Refused) -> list[VehicleStep]:
        if refused.stream is None or refused.seq is None:
            return [Told(refused.code, refused.reason)]
        stream = Stream.named(refused.stream)
        self._arrived(stream, refused.seq)
        if refused.again:
            self._refused_for_now.setdefault(stream, set()).add(refused.seq)
            return []
        self._refused_for_good.add((stream, refused.seq))
        return [GiveUp(stream, refused.seq, refused.code, self.lost(stream, refused.seq, refused.seq))]

    def _arrived(self, stream: Stream, seq: int) -> None:
        size = self._on_the_way.get(stream, {}).pop(seq, None)
        if size is not None:
            self._frames -= 1
            self._bytes -= size
