"""Reading what is replayed beside an ECG: GPX tracks, and CSV files of vital signs or positions."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.kernel.errors import Invalid
from dispatch.telemetry.rules_payloads import PositionFix, Value, Values
from geo.errors import BadCoordinates
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Timed:
    """Something at so many seconds from the beginning of its file."""

    at_s: float
    payload: PositionFix | Values


def read_gpx(path: Path) -> list[Timed]:
    """The points of a GPX track in order, with the speed from the one before. Raises Invalid (`gpx.*`), OSError."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - a file that the caller names on their own machine
    except ET.ParseError as error:
        raise Invalid("gpx.unreadable", f"{path.name} is no GPX file: {error}.") from None
    points: list[tuple[float, GeoPoint]] = []
    for node in root.iter():
        if node.tag.rpartition("}")[2] != "trkpt":
            continue
        told = next((child.text for child in node if child.tag.rpartition("}")[2] == "time"), None)
        try:
            at_s = datetime.fromisoformat((told or "").strip()).timestamp()
            points.append((at_s, GeoPoint(lat=float(node.get("lat", "")), lon=float(node.get("lon", "")))))
        except (ValueError, BadCoordinates):
            raise Invalid("gpx.point", f"Point {len(points) + 1} of {path.name} lacks a place or a time.") from None
    if not points:
        raise Invalid("gpx.empty", f"{path.name} has no track points.")
    points.sort(key=lambda one: one[0])
    begin_s, before = points[0][0], points[0]
    made = []
    for at_s, point in points:
        passed_s = at_s - before[0]
        speed_mps = before[1].distance_m(point) / passed_s if passed_s > 0 else None
        made.append(Timed(at_s - begin_s, PositionFix(0, point.lat, point.lon, speed_mps)))
        before = (at_s, point)
    return made


def read_csv(path: Path) -> list[Timed]:
    """Rows of a table with a column `seconds`, and either lat and lon (speed_mps, heading_deg, accuracy_m) or signals.

    Signals go by their names in `signals.toml`; an empty cell was not measured. Raises Invalid (`csv.*`), OSError.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        names = [name.strip() for name in rows.fieldnames or ()]
        unknown = sorted(set(names) - {"seconds", *_PLACE} - set(SIGNALS.by_name))
        if "seconds" not in names or unknown or len(names) < 2:
            told = f"unknown: {', '.join(unknown)}" if unknown else "there is no column seconds, or nothing beside it"
            raise Invalid("csv.columns", f"{path.name} cannot be replayed; {told}.")
        try:
            made = [one for row in rows for one in _row({k.strip(): v for k, v in row.items() if k and v})]
        except ValueError as error:
            raise Invalid("csv.value", f"Line {rows.line_num} of {path.name}: {error}.") from None
    return sorted(made, key=lambda one: one.at_s)


_PLACE = ("lat", "lon", "speed_mps", "heading_deg", "accuracy_m")


def _row(cells: dict[str, str]) -> Iterator[Timed]:
    told = {name: float(cell) for name, cell in cells.items()}
    at_s = told.pop("seconds")
    if not all(map(math.isfinite, (at_s, *told.values()))):
        raise ValueError("a number is not finite")
    if "lat" in told and "lon" in told:
        place = [told.pop(name, None) for name in _PLACE[2:]]
        point = GeoPoint(lat=told.pop("lat"), lon=told.pop("lon"))
        yield Timed(at_s, PositionFix(0, point.lat, point.lon, *place))
    for stream in ("vitals", "ecmo"):
        values = [
            Value(SIGNALS.by_name[name].number, value)
            for name, value in told.items()
            if name in SIGNALS.by_name and SIGNALS.by_name[name].stream == stream
        ]
        if values:
            yield Timed(at_s, Values(tuple(values)))
