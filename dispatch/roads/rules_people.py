"""Files that say how many people live where: columns, checks, and cells packed for keeping. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.kernel.cells import Bbox, Cells, Places
from dispatch.kernel.findings import Findings
from dispatch.kernel.rows import Table
from dispatch.kernel.sheets import Column, Sheet, rows_of
from geo.points import E7

MOST_IN_CELL: Final = 1_000_000
"""More in one cell is a slip of the keyboard: cells are small."""
PEOPLE: Final = Sheet(
    kind="population",
    about="how many people live where: one row a cell of a grid, a block or a village",
    key="",
    columns=(
        Column("lat", "纬度", "latitude of its middle in decimal degrees", "41.1680", True),
        Column("lon", "经度", "longitude in decimal degrees", "80.2580", True),
        Column("people", "人口", "people who live there; fractions are taken", "1250", True),
        Column("datum", "坐标系", "wgs84 or gcj02 (高德 腾讯) or bd09 (百度); empty is wgs84", "wgs84"),
    ),
)


@dataclass(frozen=True, slots=True)
class People:
    """Cells [n]: degrees WGS-84 and people; where the figures are from, and whether they are only an estimate."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    people: NDArray[np.float64]
    source: str
    estimate: bool
    imported_at: datetime


def people_cells(table: Table, findings: Findings, bbox: Bbox | None = None) -> list[dict[str, Any]]:
    """Make cells (lat, lon, people) of a table; faults and doubts go to `findings`. Cells of nobody are left out.

    Two rows of one place are told, and both count.
    """
    places = Places(findings)
    cells: list[dict[str, Any]] = []
    numbers: list[int] = []
    for row in rows_of(PEOPLE, table, findings):
        read = Cells(row, findings)
        people = read.number("people")
        if people is not None and not 0.0 <= people <= MOST_IN_CELL:
            read.error("people", "cell.range", f"{people:g} is not within 0 to {MOST_IN_CELL}")
        cell: dict[str, Any] = {"people": people}
        places.add(read, cell)
        if people:
            cells.append(cell)
            numbers.append(row.number)
    places.settle(bbox)
    if not cells and not findings.error_count:
        findings.error(0, "people", "population.nobody", "nobody lives in any of the cells")
    if not findings.error_count:
        _tell_twice(cells, numbers, findings)
    return cells


def _tell_twice(cells: Sequence[dict[str, Any]], numbers: Sequence[int], findings: Findings) -> None:
    seen: dict[tuple[float, float], int] = {}
    for cell, number in zip(cells, numbers, strict=True):
        first = seen.setdefault((cell["lat"], cell["lon"]), number)
        if first != number:
            findings.warn(number, "lat", "place.twice", f"the place stands in row {first} already; both are counted")


def pack(cells: Sequence[dict[str, Any]]) -> bytes:
    """Cells as bytes: all lat and lon in 1e-7 degrees (int32), then all people (float64), little-endian, deflated."""
    degrees = np.array([[cell["lat"], cell["lon"]] for cell in cells]).reshape(-1, 2)
    people = np.array([cell["people"] for cell in cells], dtype="<f8")
    return zlib.compress(np.rint(degrees.T * E7).astype("<i4").tobytes() + people.tobytes(), 6)


def unpack(content: bytes) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Lat, lon and people of packed cells: [n] each."""
    raw = zlib.decompress(content)
    count = len(raw) // 16
    lat, lon = np.frombuffer(raw, dtype="<i4", count=2 * count).reshape(2, count) / E7
    return lat, lon, np.frombuffer(raw, dtype="<f8", offset=8 * count).astype(np.float64)
