"""Stations, vehicles, hospitals and own places as rows of the import templates, and the map's landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from geo.demo.areas import regiment_name
from geo.demo.canvas import Canvas
from geo.demo.naming import document, spoken_number, table
from geo.demo.plane import Point, to_degrees
from geo.demo.town import Town
from geo.demo.villages import Village
from geo.network.attributes import StreetName
from geo.network.raw import RawPlace

Row = dict[str, str]

STATION_COLUMNS: Final = (
    "id", "name_zh", "name_en", "name_ug", "organisation", "system", "lat", "lon", "datum", "address", "phone",
)  # fmt: skip
UNIT_COLUMNS: Final = (
    "call_sign", "type", "special", "organisation", "system", "station", "capabilities", "height_cm", "width_cm",
    "weight_kg", "plate",
)  # fmt: skip
HOSPITAL_COLUMNS: Final = (
    "id", "name_zh", "name_en", "name_ug", "organisation", "system", "lat", "lon", "datum", "level", "capabilities",
    "beds",
)  # fmt: skip
PLACE_COLUMNS: Final = (
    "id", "name_zh", "name_en", "name_ug", "kind", "lat", "lon", "datum", "aliases", "organisation",
)  # fmt: skip

_BODIES: Final = {  # type, special → capabilities, height_cm, width_cm, weight_kg; typical sizes, not of one model
    ("普通型", ""): ("B", 258, 203, 3300),
    ("抢救监护型", ""): ("A;B", 276, 206, 3800),
    ("防护监护型", ""): ("A;B;G", 279, 206, 3900),
    ("特殊用途型", "neonatal"): ("A;B;N", 282, 208, 4200),
    ("特殊用途型", "ecmo"): ("A;B;E", 325, 240, 7500),
}
_SIDE_M: Final = 22.0
"""A building stands this far from the crossing it is named by."""
_VILLAGES_A_TOWNSHIP: Final = 8


@dataclass(frozen=True, slots=True)
class Site:
    """A well or camp of the table, and where it came to stand."""

    row: dict[str, Any]
    place: Point


class Facilities:
    """Reads the tables and gives every row a place on the drawn map."""

    def __init__(self, canvas: Canvas, towns: dict[str, Town]) -> None:
        self._canvas = canvas
        self._towns = towns

    def _where(self, row: Row, aside: float = 1.0) -> Row:
        x, y = self._canvas.point(self._towns[row["town"]].near(float(row["u"]), float(row["v"])))
        return _coordinates((x + aside * _SIDE_M, y + aside * _SIDE_M))

    def stations(self) -> list[Row]:
        """Rows of stations.csv."""
        rows = [{**row, **self._where(row), "address": "示意位置", "phone": ""} for row in table("stations.csv")]
        return [{column: row[column] for column in STATION_COLUMNS} for row in rows]

    def units(self) -> list[Row]:
        """Rows of units.csv; organisation and system are the station's."""
        stations = {row["id"]: row for row in table("stations.csv")}
        units: list[Row] = []
        for number, row in enumerate(table("units.csv"), start=1):
            capabilities, height, width, weight = _BODIES[row["type"], row["special"]]
            station = stations[row["station"]]
            units.append(
                {
                    "call_sign": row["call_sign"],
                    "type": row["type"],
                    "special": row["special"],
                    "organisation": station["organisation"],
                    "system": station["system"],
                    "station": row["station"],
                    "capabilities": capabilities,
                    "height_cm": str(height),
                    "width_cm": str(width),
                    "weight_kg": str(weight),
                    "plate": f"示例{number:03d}",
                }
            )
        return units

    def hospitals(self) -> list[Row]:
        """Rows of hospitals.csv; the map shows them too."""
        rows = [{**row, **self._where(row, -1.0)} for row in table("hospitals.csv")]
        hospitals = [{column: row[column] for column in HOSPITAL_COLUMNS} for row in rows]
        for row in hospitals:
            names = StreetName(row["name_zh"], row["name_zh"], row["name_en"])
            self._landmark(float(row["lat"]), float(row["lon"]), "hospital", names)
        return hospitals

    def landmarks(self) -> None:
        """Towns, airports and other public places of the map."""
        towns = document("towns.toml")
        for row in towns["town"]:
            names = StreetName(row["zh"], row["zh"], row["en"], row["ug"])
            self._landmark(row["lat"], row["lon"], row["kind"], names)
        for row in towns["regiments"]["list"]:
            self._landmark(row["lat"], row["lon"], "town", StreetName(row["zh"], row["zh"], row["en"]))
        data = document("facilities.toml")
        for row in data["airport"]:
            self._landmark(row["lat"], row["lon"], "aerodrome", StreetName(row["zh"], row["zh"], row["en"]))
        for row in data["landmark"]:
            self._landmark(row["lat"], row["lon"], row["kind"], StreetName(row["zh"], row["zh"], row["en"]))

    def _landmark(self, lat: float, lon: float, kind: str, names: StreetName) -> None:
        self._canvas.places.append(RawPlace(lat, lon, kind, names))

    def places(self, towns: dict[str, Any], villages: Sequence[Village], sites: Sequence[Site]) -> list[Row]:
        """Rows of places.csv: regiments, companies, villages, wells and camps."""
        regiments = {row["id"]: row for row in towns["regiments"]["list"]}
        counties = {row["id"]: row for row in towns["town"]}
        rows = [_regiment_row(row) for row in regiments.values()]
        for village in villages:
            parent = regiments.get(village.parent)
            row = _company_row(village, parent) if parent else _village_row(village, counties[village.parent])
            self._landmark(float(row["lat"]), float(row["lon"]), "village", StreetName(row["name_zh"], row["name_zh"]))
            rows.append(row)
        for site in sites:
            row = _row(site.row["id"], (site.row["zh"], site.row["en"]), site.row["kind"])
            rows.append({**row, **_coordinates(site.place)})
        for island in towns["island"]:
            row = _row(island["id"], (island["zh"], island["en"]), "well_site")
            rows.append({**row, "lat": str(island["lat"]), "lon": str(island["lon"]), "datum": "wgs84"})
        return rows


def _coordinates(place: Point) -> Row:
    lat, lon = to_degrees(*place)
    return {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}", "datum": "wgs84"}


def _row(place_id: str, names: tuple[str, str], kind: str, aliases: Sequence[str] = (), organisation: str = "") -> Row:
    values = {"id": place_id, "name_zh": names[0], "name_en": names[1], "kind": kind}
    row = {**dict.fromkeys(PLACE_COLUMNS, ""), **values}
    return {**row, "aliases": ";".join(aliases), "organisation": organisation}


def _regiment_row(row: dict[str, Any]) -> Row:
    number, label = row["number"], regiment_name(row)
    aliases: list[str] = [row["zh"]] if number else []
    if number:
        aliases += [f"{spoken_number(number)}团", f"第一师{label}", f"{number} tuan", f"Regiment {number}"]
    title = f"Regiment {number}" if number else "township"
    rough = "" if row["evidence"] == "area" else ", rough position"
    made = _row(f"r-{row['id']}", (label, f"{row['en']} ({title}{rough})"), "regiment", aliases, "兵团第一师")
    return {**made, "lat": str(row["lat"]), "lon": str(row["lon"]), "datum": "wgs84"}


def _company_row(village: Village, parent: dict[str, Any]) -> Row:
    """10团5连, spoken 十团五连; the township's companies carry its name."""
    number, label = village.number, regiment_name(parent)
    spoken = f"{spoken_number(parent['number'])}团" if parent["number"] else label
    latin = f"{parent['number']} tuan" if parent["number"] else parent["en"]
    aliases = (f"{spoken}{spoken_number(number)}连", f"{latin} {number} lian", f"{parent['zh']}{number}连")
    names = (f"{label}{number}连", f"{latin} {number} lian (schematic)")
    unique = [alias for alias in dict.fromkeys(aliases) if alias != names[0]]
    return {**_row(village.id, names, "company", unique, "兵团第一师"), **_coordinates(village.centre)}


def _village_row(village: Village, parent: dict[str, Any]) -> Row:
    """温宿县示例2乡3村, spoken 示例二乡三村: invented, eight villages to a township."""
    township, number = divmod(village.number - 1, _VILLAGES_A_TOWNSHIP)
    township, number = township + 1, number + 1
    latin = f"{parent['en'].split(' (')[0]} Shili {township} xiang {number} cun"
    short = f"示例{spoken_number(township)}乡{spoken_number(number)}村"
    names = (f"{parent['zh']}示例{township}乡{number}村", f"{latin} (schematic)")
    aliases = (f"{parent['zh']}{short}", f"{parent['zh'][:-1]}{short}", latin)
    return {**_row(village.id, names, "village", aliases, "阿克苏地区120"), **_coordinates(village.centre)}
