"""Where the people of the schematic region live: an estimate, to have something to reckon coverage with.

Facts: the counts of the census of 2020 by county and of Alar. All else is spread by rule: a share of each
county over the crossings of its seat, the rest evenly over its villages; of Alar the rest over the regiments by their
companies, half of it in the regiment's town.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from geo.demo.plane import Point, to_degrees
from geo.demo.town import Town
from geo.demo.villages import Village

SOURCE: Final = "2020 census by county, spread over known places: an estimate"
_IN_SEAT: Final = 0.4
_IN_REGIMENT_TOWN: Final = 0.5
_CORPS_SEAT: Final = "alar"

Row = dict[str, str]


def make_people(table: dict[str, Any], towns: dict[str, Town], villages: Sequence[Village]) -> list[Row]:
    """Rows lat, lon, people of the import file."""
    of_parent: dict[str, list[Point]] = {}
    for village in villages:
        of_parent.setdefault(village.parent, []).append(village.centre)
    regiments = table["regiments"]["list"]
    rows: list[Row] = []
    for county in table["town"]:
        people = float(county["population"])
        in_seat = people * county.get("seat_share", _IN_SEAT)
        rows += _spread(_crossings(towns[county["id"]]), in_seat)
        if county["id"] != _CORPS_SEAT:
            rows += _spread(of_parent[county["id"]], people - in_seat)
            continue
        companies = sum(row["companies"] for row in regiments)
        for row in regiments:
            own = (people - in_seat) * row["companies"] / companies
            rows += _spread(_crossings(towns[row["id"]]), own * _IN_REGIMENT_TOWN)
            rows += _spread(of_parent[row["id"]], own * (1.0 - _IN_REGIMENT_TOWN))
    return rows


def _crossings(town: Town) -> list[Point]:
    return [town.lattice.cell_point(cell) for cell in sorted(town.lattice.cells)]


def _spread(places: Sequence[Point], people: float) -> list[Row]:
    each = f"{people / len(places):.6f}"
    rows = []
    for x, y in places:
        lat, lon = to_degrees(x, y)
        rows.append({"lat": f"{lat:.7f}", "lon": f"{lon:.7f}", "people": each})
    return rows
