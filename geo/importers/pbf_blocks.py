"""Whether a PBF file ends where one of its blocks ends.

A PBF file is a row of blocks, each announced by its length; nothing tells how many there are. osmium takes one to three
stray bytes at the end for the end, so a file cut there would pass as whole. Source: OSM wiki, PBF Format.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final

_MAX_HEADER_BYTES: Final = 64 * 1024
_MAX_BODY_BYTES: Final = 32 * 1024 * 1024
_DATASIZE_FIELD: Final = 3
_VARINT, _LENGTH_DELIMITED = 0, 2


def ends_between_blocks(path: Path) -> bool:
    """Whether the last block is complete. Damage inside a block is for osmium to find."""
    total = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at < total:
            size = _block_bytes(file)
            if size is None:
                return False
            at = file.seek(size, 1)
    return at == total


def _block_bytes(file: BinaryIO) -> int | None:
    """Read a block's header and tell the length of its body; None if there is no such header."""
    prefix = file.read(4)
    size = int.from_bytes(prefix, "big")
    if len(prefix) < 4 or size > _MAX_HEADER_BYTES:
        return None
    header = file.read(size)
    return _datasize(header) if len(header) == size else None


def _datasize(header: bytes) -> int | None:
    """Field 3 of a BlobHeader message."""
    at = 0
    while at < len(header):
        key, at = _varint(header, at)
        if key & 7 == _VARINT:
            value, at = _varint(header, at)
            if key >> 3 == _DATASIZE_FIELD:
                return value if value <= _MAX_BODY_BYTES else None
        elif key & 7 == _LENGTH_DELIMITED:
            length, at = _varint(header, at)
            at += length
        else:
            return None
    return None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A protobuf varint and the place behind it; a cut one is what is there of it."""
    value = shift = 0
    while at < len(data):
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    return value, at
