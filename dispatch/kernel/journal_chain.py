"""The chain: each line's hash covers all of the line and the hash of the line before. Pure.

    hash = SHA-256("tarim journal 1" LF, then the twelve fields in the order of `Line`, `hash` left out)

A field is its length (4 bytes, big-endian) and its bytes; an absent one is FF FF FF FF and no bytes. `seq` is 8 bytes
big-endian; ids are 16 bytes; times are microseconds since 2000-01-01T00:00Z, 8 bytes, signed, big-endian (as PostgreSQL
sends them); texts are UTF-8; the payload is in the form of `journal_json`. Line 1 follows 32 zero bytes.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from dispatch.kernel.journal_json import same_value

GENESIS: Final = bytes(32)
HASH_BYTES: Final = 32

_DOMAIN: Final = b"tarim journal 1\n"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ABSENT: Final = b"\xff\xff\xff\xff"
_length: Final = struct.Struct(">I").pack
_int64: Final = struct.Struct(">q").pack
_SEQ_LENGTH: Final = _length(8)


class Line(NamedTuple):
    """One line as it is hashed. Times, ids and texts are the bytes that the module's docstring tells."""

    seq: int
    id: bytes
    type: bytes
    occurred_at: bytes
    recorded_at: bytes
    subject: bytes
    organisation: bytes | None
    actor: bytes
    context_id: bytes
    parent_id: bytes | None
    payload: bytes
    prev_hash: bytes
    hash: bytes = b""


def time_bytes(moment: datetime) -> bytes:
    """Return an aware time as it is hashed."""
    return _int64((moment - _EPOCH) // _MICROSECOND)


def field_bytes(value: bytes | None) -> bytes:
    """Return a field as it is hashed: its length and its bytes."""
    return _ABSENT if value is None else _length(len(value)) + value


def length_bytes(value: bytes) -> bytes:
    """Return the length of a field as it is hashed, for a field whose bytes follow."""
    return _length(len(value))


def line_hash(line: Line) -> bytes:
    """Return the hash that the line should carry; the one that it carries is left out."""
    parts = [_DOMAIN, _SEQ_LENGTH, _int64(line.seq)]
    for field in line[1:-1]:
        if field is None:
            parts.append(_ABSENT)
        else:
            parts += (_length(len(field)), field)
    return hashlib.sha256(b"".join(parts)).digest()


def is_sound(line: Line) -> bool:
    """Tell whether the line carries the hash that it should."""
    if line_hash(line) == line.hash:
        return True
    plain = same_value(line.payload)
    return plain not in (None, line.payload) and line_hash(line._replace(payload=plain or b"")) == line.hash
