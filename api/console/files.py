"""The built files of the console, with what a browser needs to be told about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BUILT: Final = Path(__file__).parent / "dist"
"""Where the build lays the console. It ships in the wheel and is no part of the repository."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
}
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file as it is sent: `encoding` is "" where its bytes are not compressed."""

    path: Path
    media_type: str
    encoding: str


def find(folder: Path, name: str, accepted: str = "") -> BuiltFile | None:
    """Return the file of that plain name in a folder, compressed where `accepted` (Accept-Encoding) takes it.

    None when there is no such file, or nobody may have it: no name leads out of the folder.
    """
    path = folder / name
    media_type = _TYPES.get(path.suffix)
    if media_type is None or not _NAME.fullmatch(name) or not path.is_file():
        return None
    taken = {part.split(";")[0].strip() for part in accepted.split(",") if not part.replace(" ", "").endswith(";q=0")}
    for encoding, suffix in _ENCODINGS:
        packed = folder / f"{name}{suffix}"
        if encoding in taken and packed.is_file():
            return BuiltFile(packed, media_type, encoding)
    return BuiltFile(path, media_type, "")
