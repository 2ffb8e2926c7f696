"""Pictures: freed of where and when they were taken, cut into pieces, and put together again. Pure.

What a camera writes beside the picture is left out whole; only which way is up is kept, of a JPEG.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from dispatch.kernel.errors import Invalid
from dispatch.telemetry.rules_payloads import MAX_IMAGE_BYTES, Chunk, ImageForm

PIECE_BYTES: Final = 8_192
_SOI: Final = b"\xff\xd8"
_SOS: Final = 0xDA
_ALONE: Final = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length."""
_KEPT: Final = {0xE0, 0xE2, 0xEE}
"""Of the application segments: JFIF, colour profile, Adobe's colour transform."""
_APPLICATION: Final = set(range(0xE0, 0xF0)) | {0xFE}
_ORIENTATION: Final = 0x0112
_METADATA: Final = {b"EXIF", b"XMP "}
_VP8X_FLAGS: Final = 0x0C


def form_of(data: bytes) -> ImageForm:
    """Return how a picture is encoded. Raises Invalid (`picture.form`, `picture.size`)."""
    if len(data) > MAX_IMAGE_BYTES:
        raise Invalid("picture.size", f"The picture has {len(data)} bytes; {MAX_IMAGE_BYTES} are taken.")
    if data.startswith(_SOI):
        return ImageForm.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ImageForm.WEBP
    raise Invalid("picture.form", "The picture is neither a JPEG nor a WebP.")


def without_metadata(data: bytes) -> bytes:
    """Return the same picture without what its camera wrote beside it. Raises Invalid (`picture.*`)."""
    form = form_of(data)
    try:
        return b"".join(_jpeg(data)) if form is ImageForm.JPEG else _webp(data)
    except (struct.error, IndexError) as error:
        raise Invalid("picture.broken", f"The picture is broken off: {error}.") from None


def pieces(image: UUID, data: bytes, *, size: int = PIECE_BYTES) -> list[Chunk]:
    """Cut a picture into pieces of so many bytes. Raises Invalid (`picture.*`)."""
    form, digest = form_of(data), hashlib.sha256(data).digest()
    return [
        Chunk(image, len(data), start, form, digest, data[start : start + size]) for start in range(0, len(data), size)
    ]


def put_together(chunks: Iterable[Chunk]) -> bytes | None:
    """Return the picture of these pieces, in any order, repeated or not; None while it is not whole.

    Raises Invalid (`picture.digest`) when the pieces do not make what their digest says.
    """
    by_offset = {chunk.offset: chunk for chunk in chunks}
    made = bytearray()
    for offset in sorted(by_offset):
        chunk = by_offset[offset]
        if offset > len(made):
            return None
        made[offset : offset + len(chunk.data)] = chunk.data
    first = next(iter(by_offset.values()), None)
    if first is None or len(made) < first.total:
        return None
    if hashlib.sha256(made).digest() != first.sha256:
        raise Invalid("picture.digest", "The pieces of this picture do not belong together.")
    return bytes(made)


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield _SOI
    place, up = 2, 1
    kept: list[bytes] = []
    while True:
        if data[place] != 0xFF:
            raise IndexError("a marker is missing")
        marker = data[place + 1]
        if marker in _ALONE or marker == 0xFF:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        segment = data[place : place + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise IndexError("a segment is not whole")
        if marker == _SOS:
            break
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            up = _orientation(segment[10:])
        if marker not in _APPLICATION or marker in _KEPT:
            kept.append(segment)
        place += 2 + length
    if up != 1:
        yield _upright(up)
    yield from kept
    yield data[place:]


def _orientation(tiff: bytes) -> int:
    """Which way is up, 1 to 8; 1 where that is not said."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
        if tag == _ORIENTATION:
            return value if 1 <= value <= 8 else 1
    return 1


def _upright(up: int) -> bytes:
    """An EXIF segment that says nothing but which way is up."""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, up, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _webp(data: bytes) -> bytes:
    kept = bytearray(b"WEBP")
    place = 12
    while place + 8 <= len(data):
        name, (length,) = data[place : place + 4], struct.unpack_from("<I", data, place + 4)
        whole = data[place : place + 8 + length + length % 2]
        if len(whole) < 8 + length:
            raise IndexError("a chunk is not whole")
        place += 8 + length + length % 2
        if name == b"VP8X":
            whole = whole[:8] + bytes([whole[8] & ~_VP8X_FLAGS]) + whole[9:]
        if name not in _METADATA:
            kept += whole
    return b"RIFF" + struct.pack("<I", len(kept)) + bytes(kept)
