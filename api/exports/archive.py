"""A zip file that is sent while it is made."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import IO, Final

_LEVEL: Final = 1
"""Of deflate: the samples of a minute take 30 ms."""


class _Sink:
    """What was written and not yet taken. It cannot be sought in, and says so by having no `seek` or `tell`."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        told = b"".join(self._parts)
        self._parts.clear()
        return told


class Archive:
    """Write its files one after another; take what is ready to be sent after each write."""

    def __init__(self, at: datetime) -> None:
        self._sink, self._at = _Sink(), at
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)  # type: ignore[call-overload]  # needs no more of a file

    def open(self, name: str) -> IO[bytes]:
        """Begin a file; close it before the next one."""
        moment = self._at.timetuple()[:6]
        entry = zipfile.ZipInfo(name, date_time=(moment[0], moment[1], moment[2], moment[3], moment[4], moment[5]))
        entry.compress_type = zipfile.ZIP_DEFLATED
        file: IO[bytes] = self._zip.open(entry, "w", force_zip64=True)
        return file

    def add(self, name: str, data: bytes) -> bytes:
        """Write a whole file; what is ready to be sent."""
        with self.open(name) as file:
            file.write(data)
        return self.taken()

    def taken(self) -> bytes:
        """What was made since the last time."""
        return self._sink.taken()

    def end(self) -> bytes:
        """The end of the archive."""
        self._zip.close()
        return self.taken()
