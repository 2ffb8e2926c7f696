"""What was measured during a run, thinned for paper: one value of each signal in each step of time, and NEWS2 then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from api.er.vitals import Point
from dispatch.clinical.rules_news2 import USED, Reading, news2, no_adult
from dispatch.clinical.rules_signals import Plausible
from dispatch.clinical.states import NoAdult
from dispatch.telemetry.detection.queries_patients import PREGNANCY_CARDS

TREND: Final = timedelta(seconds=15)
STEPS: Final = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1_440))
MOST_ROWS: Final = 40
COLUMNS: Final = (
    ("heart_rate", "pulse_rate"),
    ("nibp_systolic", "art_systolic"),
    ("spo2",),
    ("respiratory_rate",),
    ("temperature",),
    ("etco2_pressure",),
    ("glucose",),
    ("gcs_total",),
)
"""Of the table; of two ways to measure one thing the newer one."""
_BELOW: Final[Mapping[str, str]] = {"nibp_systolic": "nibp_diastolic", "art_systolic": "art_diastolic"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is printed. crossed: it cannot be right; by_hand: a person typed it."""

    text: str
    crossed: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What was newest at the end of a step; a value from before the step is left out. news2: "5", "3–7" or ""."""

    at: datetime
    cells: tuple[Cell | None, ...]
    news2: str


@dataclass(slots=True)
class Thinned:
    """The last value of each quarter of a minute, by signal."""

    steps: dict[str, dict[int, Point]] = field(default_factory=dict)

    def take(self, points: Iterable[Point]) -> None:
        """Add values in any order."""
        for point in points:
            if point.value is None:
                continue
            steps = self.steps.setdefault(point.signal.name, {})
            step = int(point.at.timestamp() // TREND.total_seconds())
            # A value that can be right is not hidden behind one that cannot.
            held = steps.get(step)
            if held is None or (point.judged is not Plausible.HARD, point.at) >= (
                held.judged is not Plausible.HARD, held.at
            ):  # fmt: skip
                steps[step] = point

    def of(self, name: str) -> list[Point]:
        """All of one signal, by time."""
        return [point for _, point in sorted(self.steps.get(name, {}).items())]

    def all(self) -> list[Point]:
        """All, by time."""
        return sorted((one for steps in self.steps.values() for one in steps.values()), key=lambda one: one.at)


def why_no_score(age_years: int | None, sex: str, complaint: str) -> NoAdult | None:
    """Why NEWS2 is not for this patient; None: it is."""
    return no_adult(age_years, pregnant=complaint in PREGNANCY_CARDS and sex != "male")


def rows_of(thinned: Thinned, *, scored: bool) -> list[Row]:
    """The table: as many steps as find room, those in which nothing was measured left out."""
    points = thinned.all()
    if not points:
        return []
    length = points[-1].at - points[0].at
    step = next((one for one in STEPS if length / one < MOST_ROWS), STEPS[-1])
    found: dict[int, list[Point]] = {}
    for point in points:
        found.setdefault(int(point.at.timestamp() // step.total_seconds()), []).append(point)
    readings: dict[str, Reading] = {}
    rows = []
    for _, inside in sorted(found.items()):
        newest = {point.signal.name: point for point in inside}
        readings |= {
            name: Reading(point.value, point.at)
            for name, point in newest.items()
            if name in USED and point.value is not None and point.judged is not Plausible.HARD
        }
        at = inside[-1].at
        rows.append(Row(at, tuple(_cell(newest, names) for names in COLUMNS), _score(readings, at) if scored else ""))
    return rows


def _cell(newest: Mapping[str, Point], names: Sequence[str]) -> Cell | None:
    point = max((newest[name] for name in names if name in newest), key=lambda one: one.at, default=None)
    if point is None:
        return None
    text = _figure(point)
    below = newest.get(_BELOW.get(point.signal.name, ""))
    if below is not None:
        text = f"{text}/{_figure(below)}"
    return Cell(text, point.judged is Plausible.HARD, point.by_hand)


def _figure(point: Point) -> str:
    return f"{point.value:.{point.signal.decimals}f}"


def _score(readings: Mapping[str, Reading], at: datetime) -> str:
    score = news2(readings, at)
    if score.complete:
        return str(score.low)
    # With nothing known the bounds tell nothing.
    return f"{score.low}–{score.high}" if score.points else ""
