"""Building the record table: new lines of the journal are copied out, and what they could change is folded.

Nothing here commits.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import uuid4

import polars as pl
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import find_hash, find_head
from dispatch.kernel.errors import Unavailable
from dispatch.kernel.postgres.locks import take
from dispatch.reports.queries_context import areas_of, fleet_of
from dispatch.reports.queries_lines import copy_lines
from dispatch.reports.rules_fold import Beside, Context, fold, lines_from
from dispatch.reports.rules_lines import FAMILIES, FORM, read_lines
from dispatch.reports.rules_refold import Before, refold
from dispatch.reports.rules_schema import FRAMES, empty
from dispatch.reports.service_state import keep_state, kept_state
from dispatch.reports.service_store import RecordStore

_AT_ONCE: Final = 100_000
"""Numbers of the journal that are copied out together: a step."""
_LOCK: Final = ".lock"
_LOOKS_EVERY_S: Final = 0.1
_TAIL: Final = "tail"
_ANCHOR: Final = "anchor"
"""The form of what was copied (`FORM`), and the hash of the last line of the last whole step."""
_ROWS_TOGETHER: Final = 4_096
"""Rows of a copied file that are read or left together: a share of a step has about as many."""
_LINES: Final = "shared-lines"
"""Folder of what was copied out of the journal: it is kept, so that the next build reads new lines only."""


async def build(session: AsyncSession, store: RecordStore, *, anew: bool = False) -> int:
    """Build the table up to the journal's last line, if that is not there yet; return that line's number.

    session: a reading one; all comes from its one view of the data. anew: also what was copied before is read again.
    Of several processes one builds, the others wait for it. Raises Unavailable (`records.disk`), DatabaseUnavailable at
    the edge.
    """
    head = await find_head(session)
    seq = 0 if head is None else head[0]
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        while (lock := take(store.folder / _LOCK, exclusive=True)) is None:  # noqa: ASYNC110 - another process has it
            await asyncio.sleep(_LOOKS_EVERY_S)
        try:
            newest = store.newest()
            if anew or newest is None or newest != seq:
                await _build(session, store, seq, anew=anew)
        finally:
            os.close(lock)
    except OSError as error:
        raise Unavailable("records.disk", f"The record table cannot be written: {error.strerror}.") from error
    return seq


async def _build(session: AsyncSession, store: RecordStore, seq: int, *, anew: bool) -> None:
    folder = await _copy(session, store, seq, anew=anew)
    areas, others = await areas_of(session, store.region)
    context = Context(await fleet_of(session, store.region), areas, others)
    line_hash = await find_hash(session, seq) or b""
    newest = store.newest()
    before = None
    if newest is not None and newest < seq and not anew:
        known = await find_hash(session, newest)
        before = await asyncio.to_thread(kept_state, store.folder_of(newest), newest, known)
    await asyncio.to_thread(_fold, store, folder, context, seq, line_hash, before)


async def _copy(session: AsyncSession, store: RecordStore, seq: int, *, anew: bool) -> Path:
    """Copy what is new: whole steps once and for all, what comes after the last whole step each time anew."""
    folder = store.folder / _LINES
    done = min((_steps(folder, family) for family in FAMILIES), default=0)
    if anew or done > seq or not await _fits(session, folder, done):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        done = 0
    folder.mkdir(parents=True, exist_ok=True)
    writing = asyncio.create_task(asyncio.sleep(0))
    try:
        for begin in range(done, seq, _AT_ONCE):  # while the database tells a step, the one before is read and written
            until = min(begin + _AT_ONCE, seq)
            text = await copy_lines(session, begin, until)
            line_hash = await find_hash(session, until) if until == begin + _AT_ONCE else None
            await writing
            writing = asyncio.create_task(asyncio.to_thread(_write, text, folder, until, line_hash))
    finally:
        await writing
    return folder


def _write(text: bytes, folder: Path, until: int, line_hash: bytes | None) -> None:
    """Write the lines of a step by family. line_hash: of its last line; None: it is not whole."""
    for key, rows in read_lines(text).items():
        (folder / f"{key}-{_TAIL}.parquet").unlink(missing_ok=True)
        aside = folder / f".{uuid4().hex}"
        rows.write_parquet(aside, compression="uncompressed", row_group_size=_ROWS_TOGETHER)
        aside.rename(folder / f"{key}-{_TAIL if line_hash is None else f'{until:012d}'}.parquet")
    if line_hash is not None:
        (folder / _ANCHOR).write_bytes(FORM + line_hash)


def _steps(folder: Path, family: str) -> int:
    """The last number up to which whole steps of a family are there."""
    numbers = {one.stem.rpartition("-")[2] for one in folder.glob(f"{family}-*.parquet")} - {_TAIL}
    return max(map(int, numbers), default=0)


async def _fits(session: AsyncSession, folder: Path, done: int) -> bool:
    """Whether what was copied is of the journal as it is now, not of one before a backup was put back, in this form."""
    if done == 0:
        return True
    kept = folder / _ANCHOR
    return kept.is_file() and kept.read_bytes() == FORM + (await find_hash(session, done) or b"")


def _fold(
    store: RecordStore, folder: Path, context: Context, seq: int, line_hash: bytes, before: Before | None
) -> None:
    aside = store.folder / f".journal-{uuid4().hex}"
    aside.mkdir(parents=True)
    lines = lines_from(folder)
    try:
        again = None if before is None else refold(lines, context, before)
        if before is not None and again is not None:
            for frame in FRAMES:
                _sink(again.merged(before, frame), aside / f"{frame}.parquet")
            beside = again.beside
        else:
            beside = _fold_all(lines, context, aside)
        keep_state(aside, context, beside, line_hash)
        store.adopt(aside, store.folder_of(seq))
        store.forget_old(seq)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fold_all(lines: Mapping[str, pl.LazyFrame], context: Context, aside: Path) -> Beside:
    parts = aside / "parts"
    parts.mkdir()
    counts = dict.fromkeys(FRAMES, 0)

    def keep(frame: str, rows: pl.DataFrame) -> None:
        rows.write_parquet(parts / f"{frame}-{counts[frame]:03d}.parquet", compression="uncompressed")
        counts[frame] += 1

    def folded(frame: str) -> pl.LazyFrame:
        return pl.scan_parquet(parts / f"{frame}-*.parquet") if counts[frame] else empty(frame).lazy()

    beside = fold(lines, context, keep, folded)
    for frame in FRAMES:
        _sink(folded(frame), aside / f"{frame}.parquet")
    shutil.rmtree(parts)
    return beside


def _sink(rows: pl.LazyFrame, path: Path) -> None:
    rows.sink_parquet(path, compression="zstd", compression_level=1)
