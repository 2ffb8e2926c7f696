"""The record table's files: what was derived from the journal, named by its last line, and imports beside it.

    TARIM_HOME/records/REGION/journal-SEQ/calls.parquet, incidents.parquet, patients.parquet, runs.parquet
    TARIM_HOME/records/REGION/imports/NAME/the same

A folder is written aside and renamed when it is whole: who reads sees all of it or nothing, and what a process that was
killed left behind is used by nobody. Every folder but `imports` can be deleted at any time.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import uuid4

import polars as pl

from dispatch.kernel.errors import Invalid, Unavailable
from dispatch.reports.rules_schema import FRAMES, conform, empty
from dispatch.reports.states import IMPORTED

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_JOURNAL: Final = re.compile(r"journal-(\d{12})")
KEPT: Final = 2
"""The newest tables stay, so that who still reads the one before goes on."""


class RecordStore:
    """The record table of one region. Not for two writers of one import at a time; the last one stays."""

    def __init__(self, home: Path, region: str) -> None:
        self.region = region
        self.folder = home / "records" / region

    def newest(self) -> int | None:
        """Return the last line of the journal that is in the newest table; None without one."""
        return max(self._built(), default=None)

    def folder_of(self, seq: int) -> Path:
        """Where the table up to a line stands, or will."""
        return self.folder / f"journal-{seq:012d}"

    def imports(self) -> tuple[str, ...]:
        """Names of what was imported, in order."""
        folder = self.folder / "imports"
        if not folder.is_dir():
            return ()
        return tuple(sorted(one.name for one in folder.iterdir() if _NAME.fullmatch(one.name)))

    def keep_import(self, name: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Write an import's frames (by name, see `rules_schema`), in place of one of that name before.

        Every row's `mark` becomes `import:NAME` and its `seq` None. Frames that are not given are empty. Raises Invalid
        (`records.name`), Unavailable (`records.disk`).
        """
        if not _NAME.fullmatch(name):
            raise Invalid("records.name", f"{name!r} is no name: small letters, digits, - and _, at most 63.")
        marked = {
            frame: conform(frame, frames[frame]).with_columns(
                pl.lit(IMPORTED + name).cast(FRAMES[frame]["mark"]).alias("mark"), pl.lit(None, pl.Int64).alias("seq")
            )
            if frame in frames
            else empty(frame)
            for frame in FRAMES
        }
        self.write(self.folder / "imports" / name, marked)

    def drop_import(self, name: str) -> bool:
        """Delete an import; tell whether it was there."""
        if name not in self.imports():
            return False
        shutil.rmtree(self.folder / "imports" / name)
        return True

    def scan(self, frame: str, seq: int | None = None) -> pl.LazyFrame:
        """Return a frame of the table up to a line (None: the newest), with all imports."""
        found = self.newest() if seq is None else seq
        folders = [self.folder / "imports" / name for name in self.imports()]
        if found is not None:
            folders.insert(0, self.folder_of(found))
        parts = [_whole(pl.scan_parquet(folder / f"{frame}.parquet"), frame) for folder in folders]
        return pl.concat([empty(frame).lazy(), *parts])

    def write(self, folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
        """Write frames into a folder, whole or not at all. Raises Unavailable (`records.disk`)."""
        aside = folder.with_name(f".{folder.name}-{uuid4().hex}")
        try:
            aside.mkdir(parents=True)
            for name, rows in frames.items():
                rows.write_parquet(aside / f"{name}.parquet", compression="zstd", compression_level=1)
            self.adopt(aside, folder)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise Unavailable("records.disk", f"The record table cannot be written: {error.strerror}.") from error

    def adopt(self, aside: Path, folder: Path) -> None:
        """Give a whole folder its name, in place of what had it."""
        if folder.exists():
            gone = aside.with_name(f".gone-{uuid4().hex}")
            folder.rename(gone)
            aside.rename(folder)
            shutil.rmtree(gone)
        else:
            aside.rename(folder)
        if os.name == "posix":
            parent = os.open(folder.parent, os.O_RDONLY)
            os.fsync(parent)
            os.close(parent)

    def forget_old(self, newest: int) -> None:
        """Delete all but the newest tables of the journal; imports stay. newest: what lies beyond is of another one."""
        built = self._built()
        for seq in [*built[: built.index(newest) + 1][:-KEPT], *built[built.index(newest) + 1 :]]:
            shutil.rmtree(self.folder_of(seq), ignore_errors=True)

    def _built(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return sorted(int(met[1]) for one in self.folder.iterdir() if (met := _JOURNAL.fullmatch(one.name)))


def _whole(rows: pl.LazyFrame, frame: str) -> pl.LazyFrame:
    """Rows with every column of the frame: an import that was kept before a column came has nothing in it."""
    told = rows.collect_schema().names()
    return rows.select(
        pl.col(name) if name in told else pl.lit(None, kind).alias(name) for name, kind in FRAMES[frame].items()
    )
