"""What both sides say beside frames: short JSON texts, each with `op`. Pure."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec

from dispatch.telemetry.rules_ranges import Ranges, Span
from dispatch.telemetry.states import MAX_RANGES, MAX_SEQ, MAX_STREAMS, MAX_TIME_US

Seq = Annotated[int, msgspec.Meta(ge=1, le=MAX_SEQ)]
Micros = Annotated[int, msgspec.Meta(ge=0, le=MAX_TIME_US)]
Name = Annotated[str, msgspec.Meta(max_length=16)]


class Kept(msgspec.Struct, frozen=True):
    """Where a stream can be resumed. first: the oldest number still on board; next: the one that is given next."""

    first: Seq
    next: Seq


class Hello(msgspec.Struct, frozen=True, tag="hello", tag_field="op"):
    """The vehicle's first word. log: of the store that numbers the frames, made at random with it."""

    version: int
    log: UUID
    streams: Annotated[dict[Name, Kept], msgspec.Meta(max_length=MAX_STREAMS)] = {}
    client: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[ -~]*$")] = ""


class Clock(msgspec.Struct, frozen=True, tag="clock", tag_field="op"):
    """The vehicle's clock, and the last time that the service told it."""

    device_us: Micros
    server_us: Micros


class Lost(msgspec.Struct, frozen=True, tag="lost", tag_field="op"):
    """These frames will never come: the vehicle no longer has them, or they were refused."""

    stream: Name
    first: Seq
    last: Seq


class Durable(msgspec.Struct, frozen=True):
    """What is kept: all up to `upto`, and these intervals behind it."""

    upto: int
    also: list[Span] = []


class Room(msgspec.Struct, frozen=True):
    """How much may be on the way without an acknowledgement."""

    frames: int
    bytes: int


class Welcome(msgspec.Struct, frozen=True, tag="welcome", tag_field="op"):
    """The service's first word. streams: what is kept of this log."""

    version: int
    connection: UUID
    server_us: int
    window: Room
    streams: dict[str, Durable]


class Ack(msgspec.Struct, frozen=True, tag="ack", tag_field="op"):
    """What is kept now, of the streams where that has changed. All of it is committed."""

    server_us: int
    streams: dict[str, Durable]


class Refused(msgspec.Struct, frozen=True, tag="refused", tag_field="op"):
    """A frame or a word was not taken. again: the same frame may be sent once more later; else it is to be given up."""

    code: str
    reason: str
    stream: str | None = None
    seq: int | None = None
    again: bool = False


class Bye(msgspec.Struct, frozen=True, tag="bye", tag_field="op"):
    """The service closes the connection now; code says why."""

    code: str
    reason: str


FromVehicle = Hello | Clock | Lost
FromService = Welcome | Ack | Refused | Bye
_vehicle: Final = msgspec.json.Decoder(FromVehicle)
_service: Final = msgspec.json.Decoder(FromService)


_UNREADABLE: Final = (msgspec.DecodeError, UnicodeError, RecursionError)


def read_vehicle(text: str) -> FromVehicle:
    """Read what a vehicle says. Raises ValueError for what is no word of the protocol."""
    try:
        read: FromVehicle = _vehicle.decode(text)
    except _UNREADABLE as error:
        raise ValueError(str(error)) from None
    return read


def read_service(text: str) -> FromService:
    """Read what the service says. Raises ValueError for what is no word of the protocol."""
    try:
        read: FromService = _service.decode(text)
    except _UNREADABLE as error:
        raise ValueError(str(error)) from None
    return read


def write(message: FromVehicle | FromService) -> str:
    """Return a message as the text that is sent."""
    return msgspec.json.encode(message).decode()


def durable_of(ranges: Ranges) -> Durable:
    """Tell a set of numbers as the protocol does."""
    return Durable(ranges.upto, ranges.beyond[:MAX_RANGES])


def ranges_of(durable: Durable) -> Ranges:
    """Read it back. Raises ValueError for what is no set of sequence numbers."""
    spans = [(1, durable.upto)] if durable.upto else []
    return Ranges([*spans, *durable.also])
