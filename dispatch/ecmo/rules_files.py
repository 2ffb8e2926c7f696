"""What becomes of a picture or a clip before it is kept. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from dispatch.ecmo.states_case import FileForm
from dispatch.kernel.errors import Invalid
from dispatch.pictures.rules import prepared
from dispatch.telemetry.rules_payloads import ImageForm
from dispatch.telemetry.rules_pictures import form_of

MOST_BYTES: Final = 16_000_000
"""An echo clip of some ten seconds; a picture has at most what `dispatch.pictures` takes."""
_HEADER: Final = 8
_FORMS: Final = {ImageForm.JPEG: FileForm.JPEG, ImageForm.WEBP: FileForm.WEBP}
_CONTAINERS: Final = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
_TELLING: Final = frozenset({b"udta", b"meta", b"uuid"})
"""Boxes in which a phone writes where it was, and a machine whose heart it saw."""


def kept_of(data: bytes) -> tuple[FileForm, bytes, bytes | None]:
    """Return the form, the file as it is kept, and a small JPEG of a picture.

    What a camera or machine wrote beside it is taken out. Raises Invalid (`picture.*`, `ecmo.file_form`).
    """
    if data[4:8] == b"ftyp":
        return FileForm.MP4, without_tales(data), None
    try:
        form = _FORMS[form_of(data)]
    except Invalid as refusal:
        if refusal.code != "picture.form":
            raise
        raise Invalid("ecmo.file_form", "The file is no JPEG, WebP or MP4.") from None
    kept, small = prepared(data)
    return form, kept, small


def without_tales(clip: bytes) -> bytes:
    """Return an MP4 in which boxes of free data are blank; nothing moves, so that it plays as before.

    Raises Invalid (`ecmo.file_form`): its boxes do not fit into each other.
    """
    made = bytearray(clip)
    for start, kind, end in _boxes(clip, 0, len(clip)):
        if kind in _TELLING:
            made[start + 4 : start + _HEADER] = b"free"
            made[start + _HEADER : end] = bytes(end - start - _HEADER)
    return bytes(made)


def _boxes(clip: bytes, start: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    while start < end:
        if start + _HEADER > end:
            raise _broken()
        size, kind = struct.unpack_from(">I4s", clip, start)
        body = start + _HEADER
        if size == 1:
            if start + 2 * _HEADER > end:
                raise _broken()
            (size,) = struct.unpack_from(">Q", clip, body)
            body += _HEADER
        elif size == 0:
            size = end - start
        until = start + size
        if until > end or until < body:
            raise _broken()
        yield start, kind, until
        if kind in _CONTAINERS:
            yield from _boxes(clip, body, until)
        start = until


def _broken() -> Invalid:
    return Invalid("ecmo.file_form", "The clip is broken off.", "Send it anew.")
