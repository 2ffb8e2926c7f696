"""An ECG as WFDB records (PhysioNet) in a zip file: `ecg1.hea` and `ecg1.dat`, and so on where rate or gain changed.

Format 16. Where nothing was received, and where a lead was off, each sample is -32768, which WFDB reads as missing.
Times are UTC. https://wfdb.io/spec/header-files.html
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from api.exports.archive import Archive
from api.exports.reading import Source
from api.exports.recordings import Placed, Placer
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.queries_attachments import Carried
from dispatch.telemetry.rules_waves import MISSING
from dispatch.telemetry.states import Kind

_FILLED: Final = 250_000
"""Missing samples written at once."""
_RESOLUTION: Final = 16


@dataclass(slots=True)
class Recorded:
    """A record. starts: the first sample of each of its frames, by their time and number."""

    carried: Carried
    at: datetime
    rate_hz: int
    units_per_mv: float
    leads: dict[int, None] = field(default_factory=dict)
    samples: int = 0
    starts: dict[tuple[datetime, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class _Columns:
    """What of a record was written."""

    file: IO[bytes]
    leads: tuple[int, ...]
    written: int = 0
    first: NDArray[np.int16] | None = None
    sums: NDArray[np.int64] | None = None

    def write(self, start: int, leads: Sequence[int], samples: NDArray[np.int16]) -> None:
        """Write samples from `start` on; what lies before them and after the last ones is missing."""
        while self.written < start:
            many = min(start - self.written, _FILLED)
            self._put(np.full((many, len(self.leads)), MISSING, "<i2"))
        rows = np.full((samples.shape[1], len(self.leads)), MISSING, "<i2")
        rows[:, [self.leads.index(lead) for lead in leads]] = samples.T
        self._put(rows)

    def _put(self, rows: NDArray[np.int16]) -> None:
        if self.first is None:
            self.first = rows[0].copy()
        added = rows.sum(axis=0, dtype=np.int64)
        self.sums = added if self.sums is None else self.sums + added
        self.written += len(rows)
        self.file.write(rows.tobytes())


async def records_of(source: Source) -> list[Recorded]:
    """What there is, read through once: how many records, with which leads, how long."""
    found: list[Recorded] = []
    for carried in source.carried:
        placer = Placer()
        async for page in source.pages(carried, (Kind.ECG,)):
            for placed in await asyncio.to_thread(_placed, placer, page):
                if placed.begins:
                    found.append(Recorded(carried, placed.frame.at, placed.ecg.rate_hz, placed.ecg.units_per_mv))
                _note(found[-1], placed)
    return found


def _placed(placer: Placer, page: Sequence[RawFrame]) -> list[Placed]:
    return [placer.place(one) for one in page]


def _note(record: Recorded, placed: Placed) -> None:
    record.leads |= dict.fromkeys(placed.ecg.leads)
    record.samples = placed.end
    record.starts[placed.frame.at, placed.frame.seq] = placed.start


async def wfdb(source: Source, records: Sequence[Recorded], at: datetime, notes: Sequence[str]) -> AsyncIterator[bytes]:
    """Make the archive of these records, piece by piece. notes: comments of each header."""
    archive = Archive(at)
    for number, record in enumerate(records, 1):
        name = f"ecg{number}"
        columns = _Columns(archive.open(f"{name}.dat"), tuple(record.leads))
        async for page in source.pages(record.carried, (Kind.ECG,)):
            await asyncio.to_thread(_write, record, columns, page)
            if ready := archive.taken():
                yield ready
        columns.file.close()
        yield archive.add(f"{name}.hea", _header(name, record, columns, notes).encode())
    yield archive.end()


def _write(record: Recorded, columns: _Columns, page: Sequence[RawFrame]) -> None:
    placer = Placer()
    for frame in page:
        start = record.starts.get((frame.at, frame.seq))
        # What came late since the records were counted is not part of this export.
        if start is not None and start >= columns.written:
            ecg = placer.place(frame).ecg
            columns.write(start, ecg.leads, ecg.matrix())


def _header(name: str, record: Recorded, columns: _Columns, notes: Sequence[str]) -> str:
    begins = record.at.astimezone(UTC)
    moment = f"{begins:%H:%M:%S}.{begins.microsecond // 1000:03} {begins:%d/%m/%Y}"
    lines = [f"{name} {len(columns.leads)} {record.rate_hz} {columns.written} {moment}"]
    for place, lead in enumerate(columns.leads):
        first = 0 if columns.first is None else int(columns.first[place])
        total = 0 if columns.sums is None else int(columns.sums[place])
        checksum = (total + 0x8000) % 0x10000 - 0x8000
        gain = np.format_float_positional(record.units_per_mv, trim="-")
        lead_name = SIGNALS.leads[lead].name
        lines.append(f"{name}.dat 16 {gain}(0)/mV {_RESOLUTION} 0 {first} {checksum} 0 {lead_name}")
    return "\n".join([*lines, *(f"# {note}" for note in notes), ""])
