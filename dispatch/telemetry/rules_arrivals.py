"""What arrived, as it is to be kept: with its times, packed; and what of it the map may show. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from dispatch.telemetry.rules_coding import Coding, pack
from dispatch.telemetry.rules_payloads import Payload, PositionFix
from dispatch.telemetry.rules_ranges import Span
from dispatch.telemetry.rules_time import true_time
from dispatch.telemetry.states import Frame, Kind, Stream
from dispatch.units.rules_position import Fix

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TOLERANCE: Final = timedelta(seconds=120)
"""A receiver's time further from the true time of its frame than this is not believed."""


StreamKey = tuple[int, int, int, int]
"""Vehicle and log, as the numbers of their UUIDs, which are found quicker; kind, slot."""


def moment(us: int) -> datetime:
    """Return the moment of microseconds since 1970, which lie in the years 1970 to 9999."""
    return _EPOCH + timedelta(microseconds=us)


def micros(at: datetime) -> int:
    """Return the microseconds since 1970 of an aware moment."""
    return (at - _EPOCH) // _MICROSECOND


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """A frame, or numbers that will never come (then `frame` is None). at: true time; kept: packed by `coding`."""

    unit_id: UUID
    log: UUID
    stream: Stream
    span: Span
    received_at: datetime
    frame: Frame | None = None
    payload: Payload | None = None
    at: datetime = _EPOCH
    device_at: datetime = _EPOCH
    sure: bool = True
    coding: Coding = Coding.PLAIN
    kept: bytes = b""

    @property
    def key(self) -> StreamKey:
        """Which stream it is."""
        kind, slot = self.stream
        return (self.unit_id.int, self.log.int, kind, slot)


def arrived(
    unit_id: UUID,
    log: UUID,
    frame: Frame,
    payload: Payload,
    received_at: datetime,
    clock_offset_us: int,
    packed: tuple[Coding, bytes] | None = None,
) -> Arrival:
    """Return a frame as it is to be kept. packed: its payload, where it is packed already."""
    true = true_time(frame.device_us, micros(received_at), clock_offset_us)
    coding, kept = packed or pack(frame.stream.kind, frame.payload)
    return Arrival(
        unit_id, log, frame.stream, (frame.seq, frame.seq), received_at, frame, payload,
        moment(true.at_us), moment(frame.device_us), true.sure, coding, kept,
    )  # fmt: skip


def given_up(unit_id: UUID, log: UUID, stream: Stream, span: Span, received_at: datetime) -> Arrival:
    """Return numbers that will never come, as they are to be kept."""
    return Arrival(unit_id, log, stream, span, received_at)


def fix_of(arrival: Arrival) -> Fix | None:
    """Return the unit's position that a frame tells; None where there is none, or its time cannot be known.

    The receiver's own time counts where it agrees with the frame's; a position of unknown age never moves the map.
    """
    place = arrival.payload
    if arrival.stream != Stream(Kind.POSITION, 0) or not isinstance(place, PositionFix):
        return None
    fix_at, sent_at = moment(place.fix_us), None
    if not arrival.sure:
        if not timedelta() <= arrival.received_at - fix_at <= _TOLERANCE:
            return None
    elif abs(fix_at - arrival.at) > _TOLERANCE:
        # By the device's clock, which the unit's positions then note as off.
        fix_at, sent_at = arrival.device_at, arrival.received_at + (arrival.device_at - arrival.at)
    return Fix(
        arrival.unit_id, fix_at, place.lat, place.lon, place.speed_mps, place.heading_deg, place.accuracy_m,
        sent_at=sent_at,
    )  # fmt: skip
