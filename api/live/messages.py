"""The feed's messages, one JSON object in each text frame; LIVE.md tells them to people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.dispatching.arrivals import ArrivalOut
from api.live.topics import Topic
from api.wire import framed

MOST_CHARACTERS: Final = 4_096
"""Of a message from a client."""


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe", tag_field="op"):
    """From a client: tell me of these topics, from after this line on; without one only from now on."""

    topics: Annotated[list[Topic], Meta(max_length=16)]
    after: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    mark: Annotated[str, Meta(max_length=64)] | None = None


class Ping(msgspec.Struct, frozen=True, tag="ping", tag_field="op"):
    """From a client: answer me."""

    t: int | float


class Welcome(msgspec.Struct, frozen=True, tag="welcome", tag_field="kind"):
    """The first message. `seq` is the journal's head, None while the database does not answer."""

    now: datetime
    seq: int | None
    server: str
    topics: list[Topic]


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot", tag_field="kind"):
    """All rows of a board as they stood after line `seq`; what was known of the topic before counts no more."""

    topic: Topic
    seq: int
    mark: str
    items: list[msgspec.Raw]


class Fact(msgspec.Struct, frozen=True, tag="fact", tag_field="kind"):
    """A line of the journal."""

    seq: int
    mark: str
    topic: Topic
    type: str
    occurred_at: datetime
    recorded_at: datetime
    subject: str
    organisation: str | None
    actor: str
    payload: dict[str, Any]


class Rows(msgspec.Struct, frozen=True, tag="rows", tag_field="kind"):
    """Rows of a board as they stood after line `seq`, and the ids of those that are on it no more."""

    topic: Topic
    seq: int
    mark: str
    items: list[msgspec.Raw]
    gone: list[UUID]


class Latest(msgspec.Struct, frozen=True, tag="latest", tag_field="kind"):
    """Newest values, of each unit or assignment at most one a second."""

    topic: Topic
    items: list[msgspec.Raw]


class Position(msgspec.Struct, frozen=True, gc=False):
    """Where a unit is; `fix_at` is true time."""

    id: UUID
    lat: float
    lon: float
    fix_at: datetime
    received_at: datetime
    speed_mps: float | None
    heading_deg: float | None
    source: str


class Arriving(msgspec.Struct, frozen=True, gc=False):
    """When the unit of an assignment will be there; None: it is not under way, or nobody can say."""

    id: UUID
    arrival: ArrivalOut | None


class Tick(msgspec.Struct, frozen=True, tag="tick", tag_field="kind"):
    """Once a second. All up to line `seq` was told; None: nothing yet. Not `fresh`: the journal cannot be read now."""

    now: datetime
    seq: int | None
    mark: str
    fresh: bool


class Pong(msgspec.Struct, frozen=True, tag="pong", tag_field="kind"):
    """The answer to a ping."""

    t: int | float


class Refused(msgspec.Struct, frozen=True, tag="refused", tag_field="kind"):
    """What could not be done, by a stable code; the socket stays open."""

    code: str
    detail: str


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Subscribe | Ping)


def encode(message: msgspec.Struct) -> bytes:
    """Return a message as it goes over the wire, the same for whoever is told it."""
    return framed(_encoder.encode(message))


def raw(row: object) -> msgspec.Raw:
    """Return a row encoded, to be put into messages."""
    return msgspec.Raw(_encoder.encode(row))


def read(text: str) -> Subscribe | Ping | Refused:
    """Read a client's message, or say why it cannot be read."""
    if len(text) > MOST_CHARACTERS:
        return Refused("live.too_long", f"A message may have {MOST_CHARACTERS} characters.")
    try:
        message: Subscribe | Ping = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Refused("live.message", f"This message is not understood: {error}.")
    return message
