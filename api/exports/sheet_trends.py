"""Trends of a run on paper, one below the other on one axis of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from api.er.vitals import Point
from api.exports.measured import Thinned
from api.printing.plots import Axis, Line, Plot, Ranges
from api.printing.render import Language
from dispatch.clinical.rules_signals import SIGNALS, Plausible
from dispatch.incidents.rules_times import LEGAL_TIME

WIDTH_MM: Final = 178.0
HEIGHT_MM: Final = 26.0
APART: Final = timedelta(minutes=5)
"""Values further apart than this are not joined: nothing is known between them."""
_SHOWN: Final = (
    ("heart_rate", 40.0, 180.0),
    ("spo2", 70.0, 100.0),
    ("respiratory_rate", 0.0, 40.0),
)
"""A signal, and the range that its plot has at least."""
_PRESSURE: Final = (("nibp_systolic", "nibp_diastolic"), ("art_systolic", "art_diastolic"))
_TICKS: Final = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1_440))


def trends_of(thinned: Thinned, language: Language) -> list[dict[str, str]]:
    """The plots of what was measured; none where nothing was."""
    points = [one for one in thinned.all() if one.judged is not Plausible.HARD]
    if not points:
        return []
    axis = _times(points[0].at, max(points[-1].at, points[0].at + timedelta(minutes=1)))
    plots = []
    for name, low, high in _SHOWN:
        line = [one for one in thinned.of(name) if one.judged is not Plausible.HARD]
        if line:
            plots.append({"svg": _line(name, line, axis, low, high, language)})
    for names in _PRESSURE:
        strokes = _pressures(thinned, *names)
        if strokes:
            top = max(200.0, *(one[2] for one in strokes))
            title = f"{_name(names[0], language)} mmHg"
            plot = Plot(WIDTH_MM, HEIGHT_MM, axis, _values(40, top), title, [Ranges(strokes)])
            plots.append({"svg": plot.svg()})
    return plots


def _line(name: str, line: Sequence[Point], axis: Axis, low: float, high: float, language: Language) -> str:
    joined: list[tuple[float, float] | None] = []
    last: datetime | None = None
    for one in line:
        if last is not None and one.at - last > APART:
            joined.append(None)
        joined.append((one.at.timestamp(), one.value or 0.0))
        last = one.at
    values = [one[1] for one in joined if one is not None]
    bounds = _values(min(low, *values), max(high, *values))
    return Plot(WIDTH_MM, HEIGHT_MM, axis, bounds, _name(name, language), [Line(joined)]).svg()


def _pressures(thinned: Thinned, above: str, below: str) -> list[tuple[float, float, float]]:
    lower = {one.at: one for one in thinned.of(below) if one.judged is not Plausible.HARD}
    return [
        (one.at.timestamp(), lower[one.at].value or 0.0, one.value or 0.0)
        for one in thinned.of(above)
        if one.judged is not Plausible.HARD and one.at in lower
    ]


def _name(name: str, language: Language) -> str:
    signal = SIGNALS.by_name[name]
    return signal.zh if language == "zh" else signal.en


def _values(low: float, high: float) -> Axis:
    marks = [low, (low + high) / 2, high]
    return Axis(low, high, [(one, f"{one:.0f}") for one in marks])


def _times(begins: datetime, until: datetime) -> Axis:
    step = next((one for one in _TICKS if (until - begins) / one <= 8), _TICKS[-1]).total_seconds()
    first = math.ceil(begins.timestamp() / step)
    marks = [
        (number * step, f"{datetime.fromtimestamp(number * step, LEGAL_TIME):%H:%M}")
        for number in range(first, int(until.timestamp() / step) + 1)
    ]
    return Axis(begins.timestamp(), until.timestamp(), marks)
