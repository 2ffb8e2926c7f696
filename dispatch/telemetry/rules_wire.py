"""Frames as bytes: a header of 24 bytes, then the payload. Little endian throughout. Pure."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from dispatch.telemetry.states import (
    HEADER_BYTES,
    MAX_FRAME_BYTES,
    MAX_SEQ,
    MAX_SLOT,
    MAX_TIME_US,
    VERSION,
    Frame,
    Kind,
    Stream,
)

_HEADER: Final = struct.Struct("<BBBBQqI")
_UNCHECKED: Final = HEADER_BYTES - 4
_KINDS: Final = {int(kind): kind for kind in Kind}
_STREAMS: Final = {kind: [Stream(known, slot) for slot in range(MAX_SLOT + 1)] for kind, known in _KINDS.items()}


class BadFrame(ValueError):
    """A frame that is not taken.

    code: stable, for programs. stream, seq: where the header could be read. again: the same frame may be sent once more
    later; else never.
    """

    def __init__(
        self, code: str, reason: str, *, stream: Stream | None = None, seq: int | None = None, again: bool = False
    ) -> None:
        super().__init__(reason)
        self.code, self.reason, self.stream, self.seq, self.again = code, reason, stream, seq, again


def encode_frame(frame: Frame) -> bytes:
    """Return a frame's bytes. Raises ValueError when a number does not fit."""
    kind, slot = frame.stream
    if not (1 <= frame.seq <= MAX_SEQ and 0 <= slot <= MAX_SLOT and 0 <= frame.device_us <= MAX_TIME_US):
        raise ValueError(f"frame {frame.seq} of {frame.stream} does not fit into its header")
    if HEADER_BYTES + len(frame.payload) > MAX_FRAME_BYTES:
        raise ValueError(f"frame {frame.seq} of {frame.stream} has {len(frame.payload)} bytes: too many")
    front = _HEADER.pack(VERSION, kind, slot, 0, frame.seq, frame.device_us, 0)[:_UNCHECKED]
    check = zlib.crc32(frame.payload, zlib.crc32(front))
    return front + check.to_bytes(4, "little") + frame.payload


def decode_frame(data: bytes) -> Frame:
    """Read a frame. Raises BadFrame: `frame.short`, `.long`, `.version`, `.crc`, `.kind`, `.slot`, `.seq`, `.time`.

    The stream and number that a refusal names are only told where the checksum holds.
    """
    if len(data) < HEADER_BYTES:
        raise BadFrame("frame.short", f"A frame has {HEADER_BYTES} bytes at least; this one has {len(data)}.")
    if len(data) > MAX_FRAME_BYTES:
        raise BadFrame("frame.long", f"A frame has {MAX_FRAME_BYTES} bytes at most; this one has {len(data)}.")
    version, kind, slot, zero, seq, device_us, check = _HEADER.unpack_from(data)
    if version != VERSION or zero:
        raise BadFrame("frame.version", f"This is no frame of version {VERSION}.")
    payload = data[HEADER_BYTES:]
    if zlib.crc32(payload, zlib.crc32(data[:_UNCHECKED])) != check:
        raise BadFrame("frame.crc", "The checksum does not fit: the frame was damaged.")
    streams = _STREAMS.get(kind)
    if streams is None:
        raise BadFrame("frame.kind", f"There is no stream of the kind {kind}.")
    if slot > MAX_SLOT:
        raise BadFrame("frame.slot", f"There is no slot {slot}.")
    stream = streams[slot]
    if not 1 <= seq <= MAX_SEQ:
        raise BadFrame("frame.seq", "Sequence numbers begin at 1 and end at 2^53 - 1.", stream=stream)
    if not 0 <= device_us <= MAX_TIME_US:
        raise BadFrame("frame.time", "The device's time lies outside the years 1970 to 9999.", stream=stream, seq=seq)
    return Frame(stream, seq, device_us, payload)


# ISO/IEEE 11073-20601 FLOAT-Type: exponent to the base 10 in the high byte, a signed mantissa of 24 bits below.
_NO_NUMBER: Final = {0x007FFFFF, 0x00800000, 0x00800001, 0x007FFFFE, 0x00800002}
_NAN: Final = 0x007FFFFF
_MOST_MANTISSA: Final = 0x7FFFFD


def float_to_bits(value: float, decimals: int) -> int:
    """Return a value with so many decimals as a FLOAT-Type; NaN for what is no number. Raises ValueError if too big."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is what is not itself
        return _NAN
    mantissa = round(value * float(10**decimals))
    if abs(mantissa) > _MOST_MANTISSA:
        raise ValueError(f"{value} with {decimals} decimals does not fit into 24 bits")
    return (-decimals & 0xFF) << 24 | mantissa & 0xFFFFFF


def bits_to_float(bits: int) -> float:
    """Read a FLOAT-Type; NaN, "not at this resolution" and the infinities are all NaN: nothing was measured."""
    if bits & 0xFFFFFF in _NO_NUMBER and not bits >> 24:
        return float("nan")
    mantissa = bits & 0xFFFFFF
    mantissa -= (mantissa & 0x800000) << 1
    exponent = bits >> 24
    exponent -= (exponent & 0x80) << 1
    # Divided, not multiplied by a fraction: 366 / 10 is 36.6.
    return mantissa / float(10**-exponent) if exponent < 0 else float(mantissa * 10**exponent)
