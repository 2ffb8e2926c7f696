"""Reading HL7 annotated ECGs (aECG): the leads of the first series, as they were measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np

from api.vehicle.wfdb import Record, Signal
from dispatch.kernel.errors import Invalid

_NS: Final = "{urn:hl7-org:v3}"
_LEAD: Final = "MDC_ECG_LEAD_"
_TIMES: Final = {"TIME_ABSOLUTE", "TIME_RELATIVE"}
_PER_MV: Final = {"uV": 1_000.0, "mV": 1.0}
_SECONDS: Final = {"s": 1.0, "ms": 0.001, "us": 1e-6}


def read_aecg(path: Path) -> Record:
    """Read the first set of sequences that has leads. Raises Invalid (`aecg.*`), OSError."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - a file that the caller names on their own machine
    except ET.ParseError as error:
        raise Invalid("aecg.unreadable", f"{path.name} is no XML: {error}.") from None
    for together in root.iter(f"{_NS}sequenceSet"):
        try:
            record = _record(path.stem, together)
        except (KeyError, ValueError, AttributeError, ZeroDivisionError) as error:
            raise Invalid("aecg.sequence", f"A sequence of {path.name} cannot be read: {error}.") from None
        if record.signals:
            return record
    raise Invalid("aecg.empty", f"{path.name} has no leads.")


def _record(name: str, together: ET.Element) -> Record:
    step_s, signals = 0.0, []
    for sequence in together.iter(f"{_NS}sequence"):
        code = sequence.find(f"{_NS}code")
        value = sequence.find(f"{_NS}value")
        what = "" if code is None else code.get("code", "")
        if value is None:
            continue
        if what in _TIMES:
            step_s = _quantity(value, "increment", _SECONDS)
        elif what.startswith(_LEAD):
            scale_mv = _quantity(value, "scale", {unit: 1 / per for unit, per in _PER_MV.items()})
            origin_mv = _quantity(value, "origin", {unit: 1 / per for unit, per in _PER_MV.items()})
            digits = np.array((value.findtext(f"{_NS}digits") or "").split(), np.int16)
            signals.append(Signal(what.removeprefix(_LEAD), 1 / scale_mv, -round(origin_mv / scale_mv), digits))
    if not signals:
        return Record(name, 0, ())
    if len({len(signal.samples) for signal in signals}) > 1:
        raise ValueError("the leads have different lengths")
    rate_hz = 1 / step_s
    if abs(rate_hz - round(rate_hz)) > 1e-6:
        raise ValueError(f"{rate_hz} Hz is no whole rate")
    return Record(name, round(rate_hz), tuple(signals))


def _quantity(value: ET.Element, name: str, units: dict[str, float]) -> float:
    found = value.find(f"{_NS}{name}")
    if found is None:
        raise ValueError(f"{name} is missing")
    return float(found.get("value", "")) * units[found.get("unit", "")]
