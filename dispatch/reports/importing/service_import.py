"""Importing a file of records: read in pieces, checked, put together in parts, and kept whole or not at all.

Nothing is held whole in memory: rows of one key, then of one incident, are brought together on disk (`service_parts`).

TARIM_HOME/records/REGION/imports/NAME/rows.parquet    every row taken, by its key: what comes later is laid over it
TARIM_HOME/records/REGION/imports/NAME/manifest.json   files and mapping it came from, by digest
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
import polars as pl

from dispatch.kernel.errors import Conflict, Invalid, Unavailable
from dispatch.kernel.postgres.locks import take
from dispatch.reports.importing.rules_mapping import check_columns
from dispatch.reports.importing.rules_quirks import Oddities
from dispatch.reports.importing.rules_records import records_of
from dispatch.reports.importing.rules_rows import read_rows
from dispatch.reports.importing.service_parts import ROWS, Parts, parts_for
from dispatch.reports.importing.service_quarantine import Quarantine
from dispatch.reports.importing.service_reading import Source, digest_of, open_source
from dispatch.reports.importing.states import Mapping, Outcome
from dispatch.reports.rules_schema import FRAMES
from dispatch.reports.service_store import RecordStore

AHEAD: Final = timedelta(days=1)
"""Times further ahead of now than this cannot be right: clocks of other places differ by less."""
_ROWS: Final = "rows.parquet"
_MANIFEST: Final = "manifest.json"
_NEW: Final = "\0new"
_OTHER: Final = "\0other"
_READ: Final = 0.6
"""Share of the work until all is read."""
_COMPARED: Final = 0.1

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
    step("looking whether it is known", 0.0)
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
    work = aside / "work"
    work.mkdir()
    bad = Quarantine(quarantine, source)
    held = folder / _ROWS
    parts = parts_for(max(source.rows(), _height(held)))
    new, old = Parts(work / "new", "key", parts), Parts(work / "old", "key", parts)
    total = 0
    for batch, share in source.pieces():
        good, wrong = read_rows(batch, mapping, now + AHEAD)
        new.add(good)
        bad.add(wrong)
        total += batch.height
        step(f"{total:,} rows read", share * _READ)
    if held.exists():
        for rows in pl.scan_parquet(held).collect_batches(chunk_size=ROWS):
            old.add(rows)
    laid = _lay_over(new, old, Parts(work / "laid", "incident", parts), step)
    bad.add_repeated(laid.others, lambda: step("rows that contradict others looked up", _READ + _COMPARED))
    bad.close()
    if not laid.taken:
        told = "; ".join(f"{one.code} {one.count:,}" for one in bad.reasons()) or "it has a header but no rows"
        hint = f"See {quarantine}." if bad.count else ""
        raise Invalid("records.nothing", f"Not one row of the file can be taken: {told}.", hint)
    odd = _put_together(laid.rows, mapping, aside, work, step, dry_run=dry_run)
    shutil.rmtree(work)
    step("done", 1.0)
    return Outcome(
        name=mapping.name, sha256=digest, rows=total, imported=laid.taken, quarantined=bad.count,
        repeated=laid.repeated, added=laid.added, changed=laid.changed, unchanged=laid.unchanged,
        incidents=odd.incidents, reasons=bad.reasons(), quirks=odd.counts(),
        warnings=(*source.warnings(), *odd.warnings()), dry_run=dry_run, already=False,
    )  # fmt: skip


@dataclass
class _Laid:
    """Rows held before with the new ones in their place, by incident; `_NEW` marks those of this file.

    others: rows whose key came before and that say something else, as `row` and `first`.
    """

    rows: Parts
    others: pl.DataFrame
    taken: int = 0
    repeated: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0


def _lay_over(new: Parts, old: Parts, into: Parts, step: Step) -> _Laid:
    """Of each key take the first row, and put it in the place of the one that was held."""
    laid = _Laid(into, pl.DataFrame(schema={"row": pl.Int64, "first": pl.Int64}))
    for place in range(len(new)):
        rows, held = new.read(place), old.read(place)
        if rows is not None:
            first = pl.col("row") == pl.col("row").min().over("key")
            taken, later = rows.filter(first), rows.filter(~first)
            content = [name for name in rows.columns if name != "row"]
            met = later.join(taken, on="key", suffix=_OTHER).with_columns(_differ(content).alias("other"))
            laid.others = laid.others.vstack(met.filter("other").select("row", pl.col(f"row{_OTHER}").alias("first")))
            laid.repeated += met.filter(~pl.col("other")).height
            laid.taken += taken.height
            into.add(taken.with_columns(pl.lit(value=True).alias(_NEW)))
            if held is None:
                laid.added += taken.height
            else:
                both = taken.join(held, on="key", suffix=_OTHER)
                changed = both.filter(_differ(content)).height
                rest = held.join(taken, on="key", how="anti")
                into.add(rest.with_columns(pl.lit(value=False).alias(_NEW)))
                laid.added += taken.height - both.height
                laid.changed += changed
                laid.unchanged += held.height - changed
        new.drop(place)
        old.drop(place)
        step(f"part {place + 1} of {len(new)} compared", _READ + _COMPARED * (place + 1) / len(new))
    return laid


def _differ(names: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}{_OTHER}")) for name in names if name != "key")


def _put_together(
    laid: Parts, mapping: Mapping, aside: Path, work: Path, step: Step, *, dry_run: bool
) -> Oddities:  # fmt: skip
    """Write rows and records into `aside`, a part after the other; count what is odd in those of this file."""
    odd = Oddities(mapping)
    begun = _READ + _COMPARED
    for place in range(len(laid)):
        rows = laid.read(place)
        if rows is None or rows.is_empty():
            continue
        odd.add(rows.filter(_NEW))
        merged = rows.drop(_NEW)
        if not dry_run:
            made = {_ROWS: merged.lazy()}
            made |= {f"{frame}.parquet": told for frame, told in records_of(merged.lazy(), mapping.name).items()}
            for name, told in made.items():
                (work / name).mkdir(exist_ok=True)
                told.collect().write_parquet(work / name / f"{place:04d}.parquet", compression="lz4")
        laid.drop(place)
        step(f"part {place + 1} of {len(laid)} put together", begun + (0.98 - begun) * (place + 1) / len(laid))
    if not dry_run:
        for name in (_ROWS, *(f"{frame}.parquet" for frame in FRAMES)):
            step("writing the table", 0.98)
            whole = pl.scan_parquet(work / name / "*.parquet")
            whole.sink_parquet(aside / name, compression="zstd", compression_level=1)
            shutil.rmtree(work / name)
    return odd


def _height(held: Path) -> int:
    return pl.scan_parquet(held).select(pl.len()).collect().item() if held.exists() else 0


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
