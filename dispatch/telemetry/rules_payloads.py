"""What is inside the frames of each stream: read, checked and written; samples are in `rules_waves`. Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Annotated, Final
from uuid import UUID

import msgspec

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.rules_waves import Ecg, Wave, decode_ecg, decode_wave, encode_ecg, encode_wave
from dispatch.telemetry.rules_wire import BadFrame, bits_to_float, float_to_bits
from dispatch.telemetry.states import MAX_TIME_US, Frame, Kind

MAX_VALUES: Final = 64
MAX_EVENT_BYTES: Final = 1_024
MAX_IMAGE_BYTES: Final = 20_000_000
_POSITION: Final = struct.Struct("<qiiHHH")
_VALUE: Final = struct.Struct("<HIB")
CHUNK_HEAD: Final = struct.Struct("<16sIIB32s")
"""Of a piece of a picture: its id, bytes in all, where the piece begins, form, sha256 of the whole."""
_NONE: Final = 0xFFFF
_DEGREES: Final = 10_000_000


class PositionFix(msgspec.Struct, frozen=True, gc=False):
    """A place, WGS-84 degrees. fix_us: by the receiver's clock, microseconds since 1970; None: not known."""

    fix_us: int
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None


class Origin(IntEnum):
    """Where a value is from."""

    DEVICE = 0
    PERSON = 1


class Value(msgspec.Struct, frozen=True, gc=False):
    """A measured value. number: of `signals.toml`; value: in that signal's unit, NaN when nothing could be measured."""

    number: int
    value: float
    origin: Origin = Origin.DEVICE


class Values(msgspec.Struct, frozen=True, gc=False):
    """What was measured at one moment, each quantity at most once."""

    values: tuple[Value, ...]


class ImageForm(IntEnum):
    """How a picture is encoded."""

    JPEG = 1
    WEBP = 2


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """A piece of a picture of `total` bytes, from `offset` on. sha256: of the whole picture."""

    image: UUID
    total: int
    offset: int
    form: ImageForm
    sha256: bytes
    data: bytes


class Attached(msgspec.Struct, frozen=True, tag="attach", tag_field="event", forbid_unknown_fields=True):
    """The patient whose data this slot carries from the frame's time on."""

    patient_id: UUID


class Detached(msgspec.Struct, frozen=True, tag="detach", tag_field="event", forbid_unknown_fields=True):
    """From the frame's time on the slot's data are nobody's."""


class DeviceAlarm(msgspec.Struct, frozen=True, tag="alarm", tag_field="event", forbid_unknown_fields=True):
    """An alarm of the device began or ended. code: the maker's, no free words."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
    priority: AlarmPriority
    on: bool


class Defibrillation(msgspec.Struct, frozen=True, tag="defibrillation", tag_field="event", forbid_unknown_fields=True):
    """A shock was given."""

    energy_j: Annotated[int, msgspec.Meta(ge=1, le=400)]


Told = Attached | Detached | DeviceAlarm | Defibrillation
Payload = PositionFix | Values | Ecg | Wave | Chunk | Attached | Detached | DeviceAlarm | Defibrillation
_event_decoder: Final = msgspec.json.Decoder(Told)


def decode_payload(frame: Frame) -> Payload:
    """Read what a frame carries. Raises BadFrame with the frame's stream and number."""
    kind, slot = frame.stream
    if (kind is Kind.POSITION) != (slot == 0) and kind is not Kind.EVENT:
        reason = "Slot 0 is the vehicle and has its position; what is a patient's stands in the slots 1 to 9."
        raise BadFrame("frame.slot", reason, stream=frame.stream, seq=frame.seq)
    try:
        return _READERS[frame.stream.kind](frame.payload)
    except BadFrame as bad:
        raise BadFrame(bad.code, bad.reason, stream=frame.stream, seq=frame.seq) from None


def encode_payload(payload: Payload) -> bytes:
    """Write what a frame carries. Raises ValueError or struct.error for what does not fit."""
    if isinstance(payload, Ecg):
        return encode_ecg(payload)
    if isinstance(payload, Wave):
        return encode_wave(payload)
    if isinstance(payload, PositionFix):
        return _encode_position(payload)
    if isinstance(payload, Values):
        return _encode_values(payload)
    if isinstance(payload, Chunk):
        head = CHUNK_HEAD.pack(payload.image.bytes, payload.total, payload.offset, payload.form, payload.sha256)
        return head + payload.data
    return msgspec.json.encode(payload)


def _encode_position(fix: PositionFix) -> bytes:
    parts = ((fix.speed_mps, 100), (fix.heading_deg, 100), (fix.accuracy_m, 10))
    rest = [_NONE if value is None else min(round(value * scale), _NONE - 1) for value, scale in parts]
    return _POSITION.pack(fix.fix_us, round(fix.lat * _DEGREES), round(fix.lon * _DEGREES), *rest)


def _decode_position(payload: bytes) -> PositionFix:
    if len(payload) != _POSITION.size:
        raise BadFrame("payload.length", f"A position has {_POSITION.size} bytes.")
    fix_us, lat, lon, speed, heading, accuracy = _POSITION.unpack(payload)
    if not 0 <= fix_us <= MAX_TIME_US:
        raise BadFrame("position.time", "The receiver's time lies outside the years 1970 to 9999.")
    if abs(lat) > 90 * _DEGREES or abs(lon) > 180 * _DEGREES:
        raise BadFrame("position.place", "There is no such place on earth.")
    told = [
        None if value == _NONE else value / scale for value, scale in ((speed, 100), (heading, 100), (accuracy, 10))
    ]
    return PositionFix(fix_us, lat / _DEGREES, lon / _DEGREES, *told)


def _encode_values(values: Values) -> bytes:
    parts = [bytes([len(values.values)])]
    for one in values.values:
        bits = float_to_bits(one.value, SIGNALS.by_number[one.number].decimals)
        parts.append(_VALUE.pack(one.number, bits, one.origin))
    return b"".join(parts)


def _values_of(stream: str) -> Callable[[bytes], Values]:
    known = frozenset(number for number, signal in SIGNALS.by_number.items() if signal.stream == stream)

    def decode(payload: bytes) -> Values:
        if not payload or not 1 <= payload[0] <= MAX_VALUES or len(payload) != 1 + payload[0] * _VALUE.size:
            raise BadFrame("payload.length", f"There are 1 to {MAX_VALUES} values of {_VALUE.size} bytes each.")
        found = list(_VALUE.iter_unpack(payload[1:]))
        numbers = {number for number, _, _ in found}
        if len(numbers) != len(found) or not numbers <= known:
            raise BadFrame("value.unknown", f"A quantity is unknown in {stream}, or is there twice.")
        if any(origin > Origin.PERSON for _, _, origin in found):
            raise BadFrame("value.origin", "A value is from a device (0) or from a person (1).")
        return Values(tuple(Value(number, bits_to_float(bits), Origin(origin)) for number, bits, origin in found))

    return decode


def _decode_chunk(payload: bytes) -> Chunk:
    if len(payload) <= CHUNK_HEAD.size:
        raise BadFrame("payload.short", "The head of the piece is not whole, or nothing follows it.")
    image, total, offset, form, sha256 = CHUNK_HEAD.unpack_from(payload)
    if not 1 <= total <= MAX_IMAGE_BYTES:
        raise BadFrame("image.size", f"A picture has at most {MAX_IMAGE_BYTES} bytes.")
    if form not in (ImageForm.JPEG, ImageForm.WEBP):
        raise BadFrame("image.form", "A picture is a JPEG (1) or a WebP (2).")
    data = payload[CHUNK_HEAD.size :]
    if offset + len(data) > total:
        raise BadFrame("image.offset", "The piece reaches beyond the end of its picture.")
    return Chunk(UUID(bytes=image), total, offset, ImageForm(form), sha256, data)


def _decode_event(payload: bytes) -> Told:
    if len(payload) > MAX_EVENT_BYTES:
        raise BadFrame("payload.length", f"An event has at most {MAX_EVENT_BYTES} bytes.")
    try:
        told: Told = _event_decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadFrame("event.unreadable", "This is no event of version 1.") from None
    return told


_READERS: Final[Mapping[Kind, Callable[[bytes], Payload]]] = {
    Kind.POSITION: _decode_position,
    Kind.VITALS: _values_of("vitals"),
    Kind.ECG: decode_ecg,
    Kind.WAVES: decode_wave,
    Kind.IMAGE: _decode_chunk,
    Kind.EVENT: _decode_event,
    Kind.ECMO: _values_of("ecmo"),
}
