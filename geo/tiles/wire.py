"""Protocol Buffers on the wire, as far as vector tiles need them: varints, zigzag, tagged fields.

Source: protobuf.dev/programming-guides/encoding; Mapbox Vector Tile specification 2.1, §4 and its vector_tile.proto.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_LIMITS: Final = (1 << 7, 1 << 14, 1 << 21, 1 << 28)
"""The first number that needs one byte more."""

# Field keys: number << 3 | wire type (0 varint, 2 length-delimited).
TILE_LAYER: Final = b"\x1a"
LAYER_NAME: Final = b"\x0a"
LAYER_FEATURE: Final = b"\x12"
LAYER_KEY: Final = b"\x1a"
LAYER_VALUE: Final = b"\x22"
LAYER_EXTENT: Final = b"\x28"
LAYER_VERSION_2: Final = b"\x78\x02"
FEATURE_TAGS: Final = b"\x12"
FEATURE_IS_POINT: Final = b"\x18\x01"
FEATURE_IS_LINE: Final = b"\x18\x02"
FEATURE_GEOMETRY: Final = b"\x22"
VALUE_STRING: Final = b"\x0a"
VALUE_BOOL: Final = b"\x38"

EXTENT: Final = 4096
"""Units along a tile's side."""


def zigzag(values: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Signed → unsigned, small magnitudes staying small: 0, −1, 1, −2 … → 0, 1, 2, 3 …; for |value| < 2**31."""
    folded: NDArray[np.uint32] = ((values << 1) ^ (values >> 63)).astype(np.uint32)
    return folded


def varint(value: int) -> bytes:
    """One unsigned number, seven bits a byte, least significant first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


SHORT_VARINTS: Final = tuple(varint(value) for value in range(1 << 14))
"""The varints of one and two bytes, ready made: lengths are written thousands of times a tile."""


def length(value: int) -> bytes:
    """The varint of a length, from the table if it is there."""
    return SHORT_VARINTS[value] if value < len(SHORT_VARINTS) else varint(value)


def varints(values: NDArray[np.uint32]) -> tuple[bytes, NDArray[np.int64]]:
    """Write many unsigned numbers after each other.

    Returns the bytes and `ends` [n + 1]: number i stands at `ends[i] : ends[i + 1]`.
    """
    width = np.ones(len(values), dtype=np.int64)
    for limit in _LIMITS:
        longer = values >= limit
        if not longer.any():
            break
        width += longer
    ends = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(width, out=ends[1:])
    out = np.empty(int(ends[-1]), dtype=np.uint8)
    out[ends[:-1]] = (values & 0x7F) | np.where(width > 1, 0x80, 0)
    for place in range(1, int(width.max(initial=1))):
        wide = np.flatnonzero(width > place)
        bits = (values[wide] >> np.uint32(7 * place)) & 0x7F
        out[ends[wide] + place] = bits | np.where(width[wide] > place + 1, 0x80, 0)
    return out.tobytes(), ends


def message(key: bytes, body: bytes) -> bytes:
    """One length-delimited field."""
    return key + length(len(body)) + body


def string_value(text: str) -> bytes:
    """A text in a layer's table of values, as a whole field."""
    return message(LAYER_VALUE, message(VALUE_STRING, text.encode()))


TRUE_VALUE: Final = message(LAYER_VALUE, VALUE_BOOL + b"\x01")
"""`true` in a layer's table of values, as a whole field."""


def key_table(keys: tuple[str, ...]) -> bytes:
    """A layer's table of keys, as fields."""
    return b"".join(message(LAYER_KEY, key.encode()) for key in keys)


def layer(name: str, features: list[bytes], keys: bytes, values: list[bytes]) -> bytes:
    """One layer of a tile, as a field of the tile message; empty bytes if it has no feature.

    All of `features`, `keys` (`key_table`) and `values` (`string_value`, `TRUE_VALUE`) are whole fields already.
    """
    if not features:
        return b""
    head = LAYER_VERSION_2 + message(LAYER_NAME, name.encode())
    return message(TILE_LAYER, b"".join((head, *features, keys, *values, LAYER_EXTENT, varint(EXTENT))))
