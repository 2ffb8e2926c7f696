"""Reading WFDB records (PhysioNet): header, signal formats 16 and 212; the header's checksums prove every sample.

The library of that name brings plotting, sound and an HTTP client with it; these two formats are 40 lines. The format:
https://wfdb.io/spec/header-files.html and https://wfdb.io/spec/signal-files.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.kernel.errors import Invalid

_GAIN: Final = re.compile(r"([-+0-9.eE]+)(?:\((-?\d+)\))?(?:/(\S+))?")
_FORMATS: Final = {"16", "212"}
_DEFAULT_GAIN: Final = 200.0


@dataclass(frozen=True, slots=True)
class Signal:
    """One lead as recorded. samples: int16, raw; millivolts are (samples - baseline) / units_per_mv."""

    name: str
    units_per_mv: float
    baseline: int
    samples: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Record:
    """A record: all its signals have one rate."""

    name: str
    rate_hz: int
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class _Spec:
    file: str
    form: str
    gain: float
    baseline: int
    checksum: int | None
    name: str


def read_record(path: Path) -> Record:
    """Read a record by its name, with or without `.hea`. Raises Invalid (`wfdb.*`), OSError."""
    header = path if path.suffix == ".hea" else path.with_name(f"{path.name}.hea")
    lines = [
        line for line in header.read_text("utf-8", errors="replace").splitlines() if line.strip() and line[0] != "#"
    ]
    try:
        name, count, rate, *rest = lines[0].split()
        specs = [_spec(line) for line in lines[1 : 1 + int(count)]]
        rate_hz, length = float(rate.split("/")[0]), int(rest[0]) if rest else None
    except (IndexError, ValueError) as error:
        raise Invalid("wfdb.header", f"{header.name} is no WFDB header of one segment: {error}.") from None
    if rate_hz != int(rate_hz) or len(specs) != int(count):
        raise Invalid("wfdb.header", f"{header.name} has a rate that is not whole, or too few signals.")
    columns: dict[str, NDArray[np.int16]] = {}
    for spec in specs:
        if spec.file not in columns:
            together = [one for one in specs if one.file == spec.file]
            columns[spec.file] = _samples(header.parent / spec.file, together, length)
    taken = dict.fromkeys(columns, 0)
    signals = []
    for spec in specs:
        samples = np.ascontiguousarray(columns[spec.file][:, taken[spec.file]])
        taken[spec.file] += 1
        if spec.checksum is not None and (int(samples.sum(dtype=np.int64)) - spec.checksum) & 0xFFFF:
            raise Invalid("wfdb.checksum", f"The samples of {spec.name} in {spec.file} are damaged.")
        signals.append(Signal(spec.name, spec.gain, spec.baseline, samples))
    return Record(name, int(rate_hz), tuple(signals))


def _spec(line: str) -> _Spec:
    words = line.split(maxsplit=8)
    file, form = words[0], words[1]
    if form not in _FORMATS:
        raise ValueError(f"signal format {form} is not known here (16 and 212 are)")
    found = _GAIN.fullmatch(words[2]) if len(words) > 2 else None
    gain = float(found[1]) if found else _DEFAULT_GAIN
    units = (found[3] if found else None) or "mV"
    if units.lower() not in ("mv", "uv", "µv"):
        raise ValueError(f"the unit {units} is no voltage")
    zero = int(words[4]) if len(words) > 4 else 0
    baseline = int(found[2]) if found and found[2] else zero
    checksum = int(words[6]) if len(words) > 6 else None
    per_mv = (gain or _DEFAULT_GAIN) * (1.0 if units.lower() == "mv" else 1_000.0)
    return _Spec(file, form, per_mv, baseline, checksum, words[8] if len(words) > 8 else file)


def _samples(path: Path, specs: list[_Spec], length: int | None) -> NDArray[np.int16]:
    """All samples of a file, as samples x signals."""
    count = len(specs)
    if specs[0].form == "16":
        flat = np.fromfile(path, "<i2")
    else:
        raw = np.fromfile(path, np.uint8)
        raw = raw[: len(raw) // 3 * 3].reshape(-1, 3).astype(np.int16)
        both = np.stack([raw[:, 0] | (raw[:, 1] & 0x0F) << 8, raw[:, 2] | (raw[:, 1] & 0xF0) << 4], axis=1).ravel()
        flat = both - ((both & 0x800) << 1)  # twelve bits with a sign
    whole = flat[: len(flat) // count * count].reshape(-1, count)
    if length is not None and len(whole) < length:
        raise Invalid("wfdb.short", f"{path.name} has {len(whole)} samples of each signal; the header says {length}.")
    return whole[:length].astype(np.int16, copy=False)
