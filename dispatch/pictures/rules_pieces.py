"""Bytes that come in pieces, in any order, once or twice, until they are whole. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from dispatch.pictures.rules import PIECE_BYTES


def fits(start: int, data: bytes, total: int) -> bool:
    """Whether a piece has 1 to PIECE_BYTES bytes and lies within a whole of `total` bytes."""
    return start >= 0 and 0 < len(data) <= PIECE_BYTES and start + len(data) <= total


def whole_until(stretches: Iterable[tuple[int, int]]) -> int:
    """How many bytes are here from the beginning on: where to go on.

    stretches: (start, length) of each piece, by start.
    """
    end = 0
    for start, length in stretches:
        if start > end:
            break
        end = max(end, start + length)
    return end


def put_together(pieces: Iterable[tuple[int, bytes]], sha256: bytes) -> bytes | None:
    """Return the whole; None: the pieces do not make what was announced.

    pieces: (start, bytes), by start, with nothing lacking between them. sha256: of the whole, as it was announced.
    """
    whole = bytearray()
    for start, data in pieces:
        whole[start : start + len(data)] = data
    return bytes(whole) if hashlib.sha256(whole).digest() == sha256 else None
