"""Importing a file of records: read in pieces, checked, put together, and kept whole or not at all.

TARIM_HOME/records/REGION/imports/NAME/rows.parquet    every row taken, by its key: what comes later is laid over it
TARIM_HOME/records/REGION/imports/NAME/manifest.json   files and mapping it came from, by digest
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
import polars as pl

from dispatch.kernel.errors import Conflict, Invalid, Unavailable
from dispatch.kernel.postgres.locks import take
from dispatch.kernel.writing.files import write_csv
from dispatch.kernel.writing.sheets import Column, Page
from dispatch.reports.importing.rules_mapping import check_columns
from dispatch.reports.importing.rules_quirks import quirks_of, warnings_of
from dispatch.reports.importing.rules_records import records_of
from dispatch.reports.importing.rules_rows import ROW, read_rows
from dispatch.reports.importing.service_reading import Source, digest_of, open_source
from dispatch.reports.importing.states import Count, Mapping, Outcome, Reason
from dispatch.reports.service_store import RecordStore

AHEAD: Final = timedelta(days=1)
"""Times further ahead of now than this cannot be right: clocks of other places differ by less."""
_ROWS: Final = "rows.parquet"
_MANIFEST: Final = "manifest.json"

Step = Callable[[str, float], None]


class Manifest(msgspec.Struct, frozen=True):
    """What an import holds."""

    title: str
    zone: str
    mapping: str
    files: tuple[str, ...]
    rows: int


def import_file(
    store: RecordStore,
    path: Path,
    mapping: Mapping,
    *,
    now: datetime,
    quarantine: Path,
    step: Step,
    dry_run: bool = False,
) -> Outcome:
    """Read a file by a mapping into the record table, as the import `mapping.name`.

    Rows that cannot be right go to the file `quarantine` with their reasons (none is written if there are none). Rows
    whose key is there already are replaced. The same file by the same mapping again changes nothing.
    Raises Invalid (`mapping.column`, `table.*`, `records.nothing`), Conflict (`records.mapping`, `records.busy`),
    Unavailable (`records.disk`).
    """
    try:
        with _alone(store):
            return _import(store, path, mapping, now, quarantine, step, dry_run=dry_run)
    except OSError as error:
        raise Unavailable("records.disk", f"{error.filename or path}: {error.strerror or error}.") from error


def manifest_of(store: RecordStore, name: str) -> Manifest | None:
    """What an import holds; None for one that is not there or was not made here."""
    try:
        return msgspec.json.decode((_folder(store, name) / _MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None


def _import(
    store: RecordStore, path: Path, mapping: Mapping, now: datetime, quarantine: Path, step: Step, *, dry_run: bool
) -> Outcome:
    source = open_source(path)
    check_columns(mapping, source.header)
    digest = digest_of(path)
    before = manifest_of(store, mapping.name)
    if before is not None and before.mapping != mapping.digest:
        raise Conflict(
            "records.mapping",
            f"The import {mapping.name} was made by another mapping.",
            f"Drop it first (tarim records drop {mapping.name}), or give this mapping another name.",
        )
    if before is not None and digest in before.files:
        return _unchanged(mapping.name, digest, before.rows)
    folder = _folder(store, mapping.name)
    aside = folder.with_name(f".{mapping.name}-{uuid4().hex}")
    aside.mkdir(parents=True)
    try:
        outcome = _read(source, mapping, digest, aside, folder, now, quarantine, step, dry_run=dry_run)
        if not dry_run:
            files = (*(before.files if before else ()), digest)
            held = outcome.added + outcome.changed + outcome.unchanged
            manifest = Manifest(mapping.title, mapping.zone, mapping.digest, files, held)
            (aside / _MANIFEST).write_bytes(msgspec.json.encode(manifest))
            store.adopt(aside, folder)
        return outcome
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _read(
    source: Source, mapping: Mapping, digest: str, aside: Path, folder: Path, now: datetime, quarantine: Path,
    step: Step, *, dry_run: bool,
) -> Outcome:  # fmt: skip
    pieces = aside / "pieces"
    pieces.mkdir()
    bad = _Quarantine(quarantine, source)
    total = 0
    for number, (batch, share) in enumerate(source.pieces()):
        good, wrong = read_rows(batch, mapping, now + AHEAD)
        good.write_parquet(pieces / f"{number:06d}.parquet", compression="lz4")
        bad.add(wrong)
        total += batch.height
        step(f"{total:,} rows read", share * 0.8)
    rows = pl.scan_parquet(pieces / "*.parquet")
    repeated = _put_aside_repeated(rows, source, bad, aside)
    kept = pl.scan_parquet(aside / "taken.parquet")
    imported = kept.select(pl.len()).collect().item()
    bad.close()
    if not imported:
        told = "; ".join(f"{one.code} {one.count:,}" for one in bad.reasons()) or "it has a header but no rows"
        hint = f"See {quarantine}." if bad.count else ""
        raise Invalid("records.nothing", f"Not one row of the file can be taken: {told}.", hint)
    step("counting what is odd", 0.85)
    quirks, warnings = quirks_of(kept, mapping), warnings_of(kept, mapping)
    step("putting records together", 0.9)
    added, changed, unchanged = _lay_over(kept, folder / _ROWS, aside / _ROWS)
    merged = pl.scan_parquet(aside / _ROWS)
    incidents = kept.select(pl.col("incident").n_unique()).collect().item()
    if not dry_run:
        for frame, records in records_of(merged, mapping.name).items():
            records.sink_parquet(aside / f"{frame}.parquet", compression="zstd", compression_level=1)
    shutil.rmtree(pieces)
    (aside / "taken.parquet").unlink()
    step("done", 1.0)
    return Outcome(
        name=mapping.name, sha256=digest, rows=total, imported=imported, quarantined=bad.count, repeated=repeated,
        added=added, changed=changed, unchanged=unchanged, incidents=incidents, reasons=bad.reasons(), quirks=quirks,
        warnings=warnings, dry_run=dry_run, already=False,
    )  # fmt: skip


def _put_aside_repeated(rows: pl.LazyFrame, source: Source, bad: _Quarantine, aside: Path) -> int:
    """Write the rows without those whose key came before; tell how many said the same. The others go to quarantine."""
    same = [name for name in rows.collect_schema().names() if name != "row"]
    keys = rows.group_by("key").agg(pl.len(), pl.col("row").min()).filter(pl.col("len") > 1).select("key", first="row")
    twice = rows.join(keys, on="key").select("row", "first", pl.struct(same).alias("told")).collect().sort("row")
    later = twice.filter(pl.col("row") != pl.col("first"))
    told = dict(zip(twice["row"].to_list(), twice["told"].to_list(), strict=True))
    other = {row: first for row, first in later.select("row", "first").iter_rows() if told[row] != told[first]}
    taken = rows.filter(~pl.col("row").is_in(later["row"].to_list())) if later.height else rows
    taken.sink_parquet(aside / "taken.parquet", compression="lz4")
    if other:
        for batch, _ in source.pieces():
            found = batch.filter(pl.col(ROW).is_in(list(other)))
            why = [
                f"{Reason.REPEATED}: row {other[row]} has the same key and says something else" for row in found[ROW]
            ]
            bad.add(found.select(*source.header, ROW).with_columns(pl.Series("why", why, dtype=pl.String)))
    return later.height - len(other)


def _lay_over(new: pl.LazyFrame, held: Path, target: Path) -> tuple[int, int, int]:
    """Write the rows held before with the new ones in their place; tell how many were added, changed, left."""
    if not held.exists():
        new.sink_parquet(target, compression="zstd", compression_level=1)
        return new.select(pl.len()).collect().item(), 0, 0
    old = pl.scan_parquet(held)
    content = [name for name in new.collect_schema().names() if name != "row"]
    digest = pl.struct(content).hash().alias("content")
    met = new.select("key", digest).join(old.select("key", digest), on="key", suffix="_old").collect()
    changed = int((met["content"] != met["content_old"]).sum())
    added = new.select(pl.len()).collect().item() - met.height
    rest = old.join(new.select("key"), on="key", how="anti")
    pl.concat([rest, new]).sink_parquet(target, compression="zstd", compression_level=1)
    total = pl.scan_parquet(target).select(pl.len()).collect().item()
    return added, changed, total - added - changed


class _Quarantine:
    """The file of rows put aside: written as they come, so that any number of them takes no memory."""

    def __init__(self, path: Path, source: Source) -> None:
        self._path, self._source = path, source
        self._aside = path.with_name(f".{path.name}-{uuid4().hex}")
        self._counts: dict[str, int] = {}
        self.count = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Append rows with their `why`."""
        if rows.is_empty():
            return
        page = Page("", rows.lazy().select(ROW, "why", *self._source.header), [Column(ROW, "row")])
        with self._aside.open("ab") as stream:
            write_csv(stream, page, zone="UTC", bom=self.count == 0, head=self.count == 0)
        self.count += rows.height
        for why in rows["why"]:
            code = why.partition(":")[0]
            self._counts[code] = self._counts.get(code, 0) + 1

    def close(self) -> None:
        """Give the file its name, if there is anything in it."""
        if self.count:
            self._aside.replace(self._path)

    def reasons(self) -> tuple[Count, ...]:
        """How many rows by their first reason."""
        return tuple(Count(code, "", count, self.count) for code, count in sorted(self._counts.items()))


def _unchanged(name: str, digest: str, rows: int) -> Outcome:
    return Outcome(
        name=name, sha256=digest, rows=0, imported=0, quarantined=0, repeated=0, added=0, changed=0, unchanged=rows,
        incidents=0, reasons=(), quirks=(), warnings=(), dry_run=False, already=True,
    )  # fmt: skip


def _folder(store: RecordStore, name: str) -> Path:
    return store.folder / "imports" / name


@contextmanager
def _alone(store: RecordStore) -> Iterator[None]:
    store.folder.mkdir(parents=True, exist_ok=True)
    lock = take(store.folder / ".imports.lock", exclusive=True)
    if lock is None:
        raise Conflict("records.busy", "Another import of this region is going on.", "Try again when it is done.")
    try:
        yield
    finally:
        os.close(lock)
