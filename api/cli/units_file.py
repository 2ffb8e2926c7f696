"""`units.csv` of the road commands: id, lat, lon."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dispatch.kernel.errors import Invalid
from dispatch.kernel.tabular import read_table_file
from geo.errors import BadCoordinates
from geo.points import GeoPoint

_COLUMNS: Final = ("id", "lat", "lon")
_TOLD: Final = 5


def read_units(file: Path) -> list[tuple[str, GeoPoint]]:
    """Read vehicles and their places (WGS-84) from a CSV or XLSX file with the columns id, lat and lon.

    Raises Invalid: `table.*`, or `units_file.invalid` with the first few faults by row and column.
    """
    table = read_table_file(file)
    header = [cell.strip().lower() for cell in table.header.cells]
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        raise Invalid(
            "units_file.columns",
            f"The file {file} has no column {', '.join(missing)}; it has {', '.join(header)}.",
            "Its first line must be id,lat,lon.",
        )
    at = {name: header.index(name) for name in _COLUMNS}
    units: list[tuple[str, GeoPoint]] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in at.items()}
        fault = _fault(cells, seen)
        if isinstance(fault, str):
            faults.append(f"row {row.number}, {fault}")
            continue
        seen[cells["id"]] = row.number
        units.append((cells["id"], fault))
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise Invalid(
            "units_file.invalid", f"{file}: {'; '.join(faults[:_TOLD])}{more}.", "Correct these rows and try again."
        )
    return units


def _fault(cells: dict[str, str], seen: dict[str, int]) -> GeoPoint | str:
    """Return the place of a row, or what is wrong with it."""
    if not cells["id"]:
        return "id: is empty"
    if cells["id"] in seen:
        return f"id: {cells['id']} is in row {seen[cells['id']]} already"
    numbers: list[float] = []
    for name in ("lat", "lon"):
        try:
            numbers.append(float(cells[name]))
        except ValueError:
            return f"{name}: {cells[name]!r} is not a number"
    try:
        return GeoPoint(lat=numbers[0], lon=numbers[1])
    except BadCoordinates as error:
        return f"lat: {error.message} {error.hint}".rstrip(" .")
