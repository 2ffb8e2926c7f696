"""Ten seconds of an ECG on paper: 25 mm a second, 10 mm a millivolt, as SVG in millimetres.

Three rows of four leads and lead II below them, as on the screen; the columns share the time of the strip below.
Nothing is filtered. III, aVR, aVL and aVF are derived from I and II where the device did not send them, and marked so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.exports.recordings import Stretch
from api.printing.plots import path
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_waves import MISSING

SECONDS: Final = 10.0
MM_PER_S: Final = 25.0
MM_PER_MV: Final = 10.0
WIDTH_MM: Final = 262.0
HEIGHT_MM: Final = 136.0
"""Of a strip; it is true to scale only at this size."""
ROWS: Final = (
    ("I", "aVR", "V1", "V4"),
    ("II", "aVL", "V2", "V5"),
    ("III", "aVF", "V3", "V6"),
    ("II",),
)
_ORIGIN: Final = 12.0
_ROW: Final = 34.0
_ZERO: Final = 0.58
_INK, _GRID, _FIELD, _LABEL = "#14181c", "#f3c9c4", "#dd9a92", "#14181c"
_NUMBERS: Final = {lead.name: number for number, lead in SIGNALS.leads.items()}
_DERIVED: Final[Mapping[str, tuple[float, float]]] = {
    "III": (-1.0, 1.0), "aVR": (-0.5, -0.5), "aVL": (1.0, -0.5), "aVF": (-0.5, 1.0),
}  # fmt: skip
"""Shares of I and II."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One lead over a part of the strip. at_s: seconds from the strip's beginning; millivolts, NaN: lead off."""

    at_s: float
    rate_hz: int
    mv: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn from `at` on. derived: leads that were reckoned; gaps: (from, until) in seconds of the strip."""

    at: datetime
    traces: Mapping[str, Sequence[Trace]]
    derived: frozenset[str]
    gaps: Sequence[tuple[float, float]]

    @property
    def empty(self) -> bool:
        """Whether nothing was received."""
        return not self.traces


def strip_of(at: datetime, stretches: Iterable[Stretch]) -> Strip:
    """Lay stretches on a strip that begins at `at`; what lies outside is left away."""
    traces: dict[str, list[Trace]] = {}
    derived: set[str] = set()
    known: list[tuple[float, float]] = []
    for stretch in stretches:
        at_s = (stretch.at - at).total_seconds()
        first = max(0, int(np.ceil(-at_s * stretch.rate_hz)))
        last = min(stretch.samples.shape[1], int(np.ceil((SECONDS - at_s) * stretch.rate_hz)))
        if first >= last:
            continue
        begin_s = at_s + first / stretch.rate_hz
        known.append((begin_s, at_s + last / stretch.rate_hz))
        samples = stretch.samples[:, first:last]
        mv = np.where(samples == MISSING, np.nan, samples / stretch.units_per_mv)
        rows = {SIGNALS.leads[lead].name: mv[place] for place, lead in enumerate(stretch.leads)}
        if "I" in rows and "II" in rows:
            for name, (one, two) in _DERIVED.items():
                if name not in rows:
                    rows[name] = one * rows["I"] + two * rows["II"]
                    derived.add(name)
        for name, row in rows.items():
            traces.setdefault(name, []).append(Trace(begin_s, stretch.rate_hz, row))
    return Strip(at, traces, frozenset(derived), _gaps(known))


def _gaps(known: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found, at = [], 0.0
    for begin, end in sorted(known):
        if begin - at > 0.02:
            found.append((at, begin))
        at = max(at, end)
    return [*found, (at, SECONDS)] if SECONDS - at > 0.02 else found


def svg_of(strip: Strip, off: str) -> str:
    """Draw a strip. off: what is written where a lead was off."""
    size = f'width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}"'
    edge = f'<clipPath id="c"><rect width="{WIDTH_MM}" height="{HEIGHT_MM}"/></clipPath>'
    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Noto Sans SC" font-size="3">{edge}']
    drawn += [_grid(1, _GRID, 0.1), _grid(5, _FIELD, 0.2)]
    drawn += [_gap(begin, end) for begin, end in strip.gaps]
    for number, names in enumerate(ROWS):
        zero = _ROW * (number + _ZERO)
        pulse = f"M{_ORIGIN - 9} {zero}h2v-{MM_PER_MV}h5v{MM_PER_MV}h2"
        drawn.append(f'<path d="{pulse}" fill="none" stroke="{_INK}" stroke-width="0.3"/>')
        share = SECONDS / len(names)
        for column, name in enumerate(names):
            drawn += _lead(strip, name, zero, column * share, (column + 1) * share, off)
    drawn += [_second(number, strip.at) for number in range(int(SECONDS) + 1)]
    return "".join([*drawn, "</svg>"])


def _lead(strip: Strip, name: str, zero: float, from_s: float, until_s: float, off: str) -> list[str]:
    left = _x(from_s)
    mark = "*" if name in strip.derived else ""
    style = f'font-weight="700" font-size="3.6" fill="{_LABEL}"'
    told = [f'<text x="{left + 1:.2f}" y="{zero - 14:.2f}" {style}>{name}{mark}</text>']
    if from_s > 0:
        told.append(f'<path d="M{left:.2f} {zero - 3:.2f}v6" stroke="{_INK}" stroke-width="0.3"/>')
    seen = False
    for trace in strip.traces.get(name, ()):
        first = max(0, int(np.ceil((from_s - trace.at_s) * trace.rate_hz)))
        last = min(len(trace.mv), int(np.ceil((until_s - trace.at_s) * trace.rate_hz)) + 1)
        if first >= last:
            continue
        times = _ORIGIN + (trace.at_s + np.arange(first, last) / trace.rate_hz) * MM_PER_S
        heights = zero - trace.mv[first:last] * MM_PER_MV
        places = [
            None if gone else (float(x), float(y)) for x, y, gone in zip(times, heights, np.isnan(heights), strict=True)
        ]
        seen = seen or any(place is not None for place in places)
        told.append(
            f'<path d="{path(places)}" clip-path="url(#c)" fill="none" stroke="{_INK}" stroke-width="0.25" '
            'stroke-linejoin="round"/>'
        )
    if not seen and not any(begin <= from_s and until_s <= end for begin, end in strip.gaps):
        told.append(f'<text x="{left + 4:.2f}" y="{zero:.2f}" fill="{_LABEL}">{off}</text>')
    return told


def _grid(step: int, colour: str, width: float) -> str:
    across = "".join(f"M0 {y}H{WIDTH_MM}" for y in range(0, int(HEIGHT_MM) + 1, step))
    upright = "".join(f"M{x} 0V{HEIGHT_MM}" for x in range(2, int(WIDTH_MM) + 1, step))
    return f'<path d="{across}{upright}" stroke="{colour}" stroke-width="{width}"/>'


def _gap(begin: float, end: float) -> str:
    left, right = _x(begin), _x(end)
    lines = "".join(
        f"M{max(left, x):.2f} {max(0.0, left - x):.2f}L{min(right, x + HEIGHT_MM):.2f} {min(HEIGHT_MM, right - x):.2f}"
        for x in np.arange(left - HEIGHT_MM, right, 4)
    )
    return (
        f'<rect x="{left:.2f}" width="{right - left:.2f}" height="{HEIGHT_MM}" fill="#ffffff"/>'
        f'<path d="{lines}" stroke="#9aa3ab" stroke-width="0.15"/>'
    )


def _second(number: int, at: datetime) -> str:
    moment = at + timedelta(seconds=number)
    return (
        f'<path d="M{_x(number):.2f} {HEIGHT_MM}v-2" stroke="{_INK}" stroke-width="0.2"/>'
        f'<text x="{_x(number) + 0.6:.2f}" y="{HEIGHT_MM - 0.6:.2f}" font-size="2.2" fill="{_LABEL}">'
        f":{moment:%S}</text>"
    )


def _x(seconds: float) -> float:
    return _ORIGIN + seconds * MM_PER_S
