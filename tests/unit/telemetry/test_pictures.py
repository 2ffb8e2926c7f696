"""Pictures without what their cameras wrote beside them, in pieces and whole."""

from __future__ import annotations

import random
import struct
from uuid import UUID

import pytest

from dispatch.kernel.errors import Invalid
from dispatch.telemetry.rules_payloads import ImageForm
from dispatch.telemetry.rules_pictures import form_of, pieces, put_together, without_metadata

WHERE = b"GPS 41.17 N 80.26 E"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(order: str, up: int) -> bytes:
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HI", 42, 8) + struct.pack(f"{order}H", 2)
    tags = struct.pack(f"{order}HHIHH", 0x0100, 3, 1, 640, 0) + struct.pack(f"{order}HHIHH", 0x0112, 3, 1, up, 0)
    return segment(0xE1, b"Exif\0\0" + head + tags + b"\0\0\0\0" + WHERE)


PIXELS = segment(0xDA, b"\1\2\3") + random.Random(2).randbytes(300) + b"\xff\xd9"
TABLES = segment(0xDB, b"tables")


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + TABLES + PIXELS


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_its_picture_and_which_way_is_up(order: str) -> None:
    taken = jpeg(segment(0xE0, b"JFIF"), exif(order, 6), segment(0xED, WHERE), segment(0xFE, WHERE))
    bare = without_metadata(taken)
    assert WHERE not in bare
    assert bare.endswith(TABLES + PIXELS)
    assert segment(0xE0, b"JFIF") in bare
    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in bare
    assert without_metadata(bare) == bare
    upright = without_metadata(jpeg(exif(order, 1)))
    assert upright == jpeg()


def test_a_webp_loses_its_metadata_and_says_so() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    body = b"WEBP" + chunk(b"VP8X", b"\x1c\0\0\0" + bytes(6)) + chunk(b"VP8 ", b"pixel") + chunk(b"EXIF", WHERE)
    bare = without_metadata(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert WHERE not in bare
    assert bare[20] == 0x10
    assert struct.unpack_from("<I", bare, 4) == (len(bare) - 8,)
    assert bare.endswith(b"pixel\0")
    assert form_of(bare) is ImageForm.WEBP


@pytest.mark.parametrize("broken", [b"", b"GIF89a", jpeg()[:9], b"\xff\xd8\xff", b"\xff\xd8ab", jpeg(b"\xff\xe1\0\0")])
def test_what_is_no_picture_is_not_sent(broken: bytes) -> None:
    with pytest.raises(Invalid):
        without_metadata(broken)


def test_pieces_in_any_order_make_the_picture_and_never_half_of_it() -> None:
    picture = jpeg()
    cut = pieces(UUID(int=1), picture, size=50)
    assert len(cut) == -(-len(picture) // 50)
    shuffled = random.Random(3).sample([*cut, *cut[:3]], len(cut) + 3)
    assert put_together(shuffled) == picture
    assert put_together(cut[:-1]) is None
    assert put_together(cut[1:]) is None
    assert put_together([]) is None
    other = pieces(UUID(int=1), jpeg(segment(0xE0, b"")), size=50)
    with pytest.raises(Invalid, match="belong together"):
        put_together([*cut[:-1], *other[len(cut) - 1 :]])
