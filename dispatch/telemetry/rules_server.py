"""The service's side of one connection: hears, checks, remembers what is on the way, says what to do. No I/O.

The caller does what the steps say, in their order, reads no more while `is_full`, and gives back what was committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from dispatch.telemetry.rules_messages import (
    Ack,
    Bye,
    Clock,
    Hello,
    Lost,
    Refused,
    Room,
    Welcome,
    durable_of,
    read_vehicle,
    write,
)
from dispatch.telemetry.rules_payloads import Payload, decode_payload
from dispatch.telemetry.rules_ranges import Ranges, Span
from dispatch.telemetry.rules_wire import BadFrame, decode_frame
from dispatch.telemetry.states import MAX_RANGES, MAX_STREAMS, VERSION, Frame, Stream, Window

PROTOCOL_ERROR: Final = 4400
"""Close code: the words do not follow the protocol."""
REPLACED: Final = 4409
"""Close code: a newer connection of the same vehicle is there."""


@dataclass(frozen=True, slots=True)
class Greeted:
    """The vehicle has said hello: find what is kept of its log, and call `welcome`."""

    hello: Hello


class Taken(msgspec.Struct, frozen=True, gc=False):
    """A frame that is to be kept. Told once for each number, however often it is sent on this connection."""

    frame: Frame
    payload: Payload


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Frames that will never come; that is to be kept too."""

    stream: Stream
    span: Span


@dataclass(frozen=True, slots=True)
class ClockRead:
    """How far the device's clock is ahead of ours (behind: negative), and by how much that may be wrong."""

    offset_us: int
    error_us: int


@dataclass(frozen=True, slots=True)
class Say:
    """Send this text."""

    text: str


@dataclass(frozen=True, slots=True)
class End:
    """Close the connection."""

    code: int
    reason: str


Step = Greeted | Taken | GivenUp | ClockRead | Say | End
_Item = tuple[Stream, Span]


class ServerSession:
    """One connection of one vehicle."""

    def __init__(self, window: Window = Window()) -> None:  # noqa: B008 - it is frozen
        self.window = window
        self.clock: ClockRead | None = None
        self._greeted = self._welcomed = False
        self._durable: dict[Stream, Ranges] = {}
        self._known: dict[Stream, Ranges] = {}
        self._on_the_way: dict[_Item, int] = {}
        self._bytes = 0
        self._changed: set[Stream] = set()

    @property
    def is_full(self) -> bool:
        """So much is on the way that no more is to be read."""
        return len(self._on_the_way) >= self.window.frames or self._bytes >= self.window.bytes

    @property
    def takes_frames(self) -> bool:
        """Whether hello and clock have been told: a frame is now taken, refused or known, and ends nothing."""
        return self._welcomed and self.clock is not None

    @property
    def has_news(self) -> bool:
        """Whether there is something to acknowledge."""
        return bool(self._changed)

    def welcome(self, connection: UUID, kept: Mapping[Stream, Ranges], server_us: int) -> str:
        """Begin with what is kept of the log; return what to send."""
        self._durable = {stream: ranges.copy() for stream, ranges in kept.items()}
        self._known = {stream: ranges.copy() for stream, ranges in kept.items()}
        self._welcomed = True
        streams = {str(stream): durable_of(ranges) for stream, ranges in kept.items()}
        return write(Welcome(VERSION, connection, server_us, Room(self.window.frames, self.window.bytes), streams))

    def hear_text(self, text: str, now_us: int) -> list[Step]:
        """Take a text. now_us: our clock, microseconds since 1970."""
        try:
            message = read_vehicle(text)
        except ValueError:
            if not self._greeted:
                return self._end("hello.first", "The first word is a hello.")
            return [self._refused("message.unreadable", "This is no word of the protocol.")]
        if isinstance(message, Hello):
            return self._hello(message)
        if not self._welcomed:
            return self._end("hello.first", "The first word is a hello, and the next comes after the welcome.")
        if isinstance(message, Clock):
            return self._clock(message, now_us)
        return self._lost(message)

    def hear_frame(self, data: bytes) -> list[Step]:
        """Take a frame. One that cannot be taken is refused by itself; the connection goes on."""
        if not self._welcomed:
            return self._end("hello.first", "The first word is a hello, and frames come after the welcome.")
        if self.clock is None:
            return self._end("clock.first", "After the welcome the vehicle tells its clock.")
        try:
            frame = decode_frame(data)
            if not self._is_new(frame.stream, frame.seq):
                return []
            payload = decode_payload(frame)
            self._must_fit(frame)
        except BadFrame as bad:
            return [self._refused(bad.code, bad.reason, bad.stream, bad.seq, again=bad.again)]
        self._take((frame.stream, (frame.seq, frame.seq)), len(data))
        return [Taken(frame, payload)]

    def committed(self, items: Iterable[_Item]) -> None:
        """Learn that these are kept for good. What `Taken` told is (stream, (seq, seq))."""
        for item in items:
            stream, span = item
            self._bytes -= self._on_the_way.pop(item, 0)
            durable = self._durable.get(stream)
            if durable is None:
                durable = self._durable[stream] = Ranges()
            durable.add(*span)
            self._changed.add(stream)

    def failed(self, items: Iterable[_Item], code: str, reason: str) -> list[Step]:
        """Learn that these could not be kept; tell the vehicle, which gives them up or sends them again."""
        steps: list[Step] = []
        for item in items:
            stream, span = item
            self._bytes -= self._on_the_way.pop(item, 0)
            self._known[stream] = self._durable.get(stream, Ranges()).copy()
            for other, way in self._on_the_way:
                if other == stream:
                    self._known[stream].add(*way)
            steps.append(self._refused(code, reason, stream, span[0], again=False))
        return steps

    def ack(self, server_us: int) -> str | None:
        """Return what to acknowledge since the last time; None when nothing has changed."""
        if not self._changed:
            return None
        changed = self._changed if len(self._changed) == 1 else sorted(self._changed)
        streams = {str(stream): durable_of(self._durable.get(stream) or Ranges()) for stream in changed}
        self._changed.clear()
        return write(Ack(server_us, streams))

    def _hello(self, hello: Hello) -> list[Step]:
        if self._greeted:
            return self._end("hello.again", "A connection has one hello.")
        if hello.version != VERSION:
            return self._end("hello.version", f"This service speaks version {VERSION}.")
        try:
            [Stream.named(name) for name in hello.streams]
        except ValueError:
            return self._end("hello.stream", "The hello names a stream that there is not.")
        self._greeted = True
        return [Greeted(hello)]

    def _clock(self, told: Clock, now_us: int) -> list[Step]:
        there_and_back_us = now_us - told.server_us
        if not 0 <= there_and_back_us <= 600_000_000:
            return [self._refused("clock.echo", "server_us is not the time that this service told lately.")]
        # At half of the way there and back; wrong by no more than that half.
        self.clock = ClockRead(told.device_us - (told.server_us + there_and_back_us // 2), there_and_back_us // 2)
        return [self.clock]

    def _lost(self, lost: Lost) -> list[Step]:
        try:
            stream = Stream.named(lost.stream)
        except ValueError:
            return [self._refused("stream.unknown", "There is no such stream.")]
        span = (lost.first, lost.last)
        if lost.last < lost.first:
            return [self._refused("lost.span", "The last number comes before the first.", stream)]
        item = (stream, span)
        after = self._known.get(stream, Ranges()).copy()
        before = after.copy()
        after.add(*span)
        if after == before:
            self._changed.add(stream)
            return []
        if len(after) > max(MAX_RANGES, len(before)) or self._too_many(stream):
            return [self._refused("stream.scattered", "Tell of earlier gaps first.", stream, lost.first, again=True)]
        self._take(item, 0)
        return [GivenUp(stream, span)]

    def _is_new(self, stream: Stream, seq: int) -> bool:
        if seq in self._durable.get(stream, ()):
            self._changed.add(stream)  # so that the vehicle is told again
            return False
        return seq not in self._known.get(stream, ())

    def _must_fit(self, frame: Frame) -> None:
        stream, seq = frame.stream, frame.seq
        known = self._known.get(stream)
        if known is not None and len(known) >= MAX_RANGES and known.would_break(seq):
            raise BadFrame("stream.scattered", "Send earlier frames first.", stream=stream, seq=seq, again=True)
        if self._too_many(stream):
            raise BadFrame("stream.many", f"A log has {MAX_STREAMS} streams at most.", stream=stream, seq=seq)

    def _too_many(self, stream: Stream) -> bool:
        return stream not in self._known and len(self._known) >= MAX_STREAMS

    def _take(self, item: _Item, size: int) -> None:
        known = self._known.get(item[0])
        if known is None:
            known = self._known[item[0]] = Ranges()
        known.add(*item[1])
        self._on_the_way[item] = size
        self._bytes += size

    def _refused(
        self, code: str, reason: str, stream: Stream | None = None, seq: int | None = None, *, again: bool = False
    ) -> Say:
        return Say(write(Refused(code, reason, None if stream is None else str(stream), seq, again)))

    def _end(self, code: str, reason: str) -> list[Step]:
        return [Say(write(Bye(code, reason))), End(PROTOCOL_ERROR, code)]
