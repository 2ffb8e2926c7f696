"""The built-in region `aksu`, drawn from the tables beside this file.

Schematic: names, numbers, points of towns and airports and the order of towns along roads are facts of public sources;
alignments, streets, villages, stations, hospitals' places and vehicles are invented. Never for real dispatch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from geo.demo.areas import make_zones
from geo.demo.canvas import Canvas
from geo.demo.crossings import build_bridges, join_crossings
from geo.demo.expressway import draw_expressway
from geo.demo.facilities import Facilities, Site
from geo.demo.grid import TownSpec, make_lattice
from geo.demo.highways import Country
from geo.demo.naming import document
from geo.demo.people import make_people
from geo.demo.plane import Line, to_plane
from geo.demo.town import Town, draw_town
from geo.demo.villages import Village, draw_country_roads, draw_villages, outline, settle
from geo.network.attributes import RoadClass
from geo.network.raw import RawRoads
from geo.progress import Progress, silent

REGION: Final = "aksu"


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """Everything a region is made of, in the form of the import files.

    The dictionaries have the columns of the CSV templates as keys and text as values; `zones` is a GeoJSON
    FeatureCollection. `meta["schematic"]` is true and must be shown wherever the region is.
    """

    raw: RawRoads
    meta: dict[str, Any]
    stations: list[dict[str, str]]
    units: list[dict[str, str]]
    hospitals: list[dict[str, str]]
    places: list[dict[str, str]]
    zones: dict[str, Any]
    people: list[dict[str, str]]


def make_demo(progress: Progress = silent) -> DemoRegion:
    """Draw the schematic region; the same bytes on every run."""
    towns_table, roads_table = document("towns.toml"), document("roads.toml")
    canvas = Canvas()
    progress("drawing towns", 0.0)
    towns = _draw_towns(canvas, towns_table)
    rivers = [_line(course) for course in roads_table["rivers"].values()]
    progress("drawing roads between towns", 0.3)
    country = Country(canvas, towns, roads_table["junctions"])
    for road in roads_table["road"]:
        country.draw_road(road)
    draw_expressway(country, roads_table["expressway"])
    sites = [Site(site, country.draw_site(site)) for site in roads_table["site"]]
    progress("drawing villages", 0.5)
    villages = _draw_villages(country, rivers, towns_table)
    progress("joining crossings", 0.75)
    crossings = join_crossings(canvas)
    bridges = build_bridges(canvas, rivers)
    for island in towns_table["island"]:
        towns[island["id"]] = draw_town(canvas, make_lattice(_island_spec(island)), {})
    progress("placing stations, hospitals and vehicles", 0.9)
    facilities = Facilities(canvas, towns)
    hospitals = facilities.hospitals()
    places = facilities.places(towns_table, villages, sites)
    facilities.landmarks()
    raw = canvas.raw()
    raw.notes |= {"crossings": crossings, "bridges": bridges, "villages": len(villages)}
    progress("done", 1.0)
    return DemoRegion(
        raw=raw,
        meta={
            "name_zh": "阿克苏地区 · 第一师阿拉尔市(示意)",
            "name_en": "Aksu Prefecture and First Division (schematic)",
            "source": "built-in schematic region",
            "schematic": True,
            "schematic_note": "Towns and numbered roads from public facts; all else invented. Never for real dispatch.",
            "rough_points": [row["id"] for row in towns_table["regiments"]["list"] if row["evidence"] != "area"],
        },
        stations=facilities.stations(),
        units=facilities.units(),
        hospitals=hospitals,
        places=places,
        zones=make_zones(towns_table, towns),
        people=make_people(towns_table, towns, villages),
    )


def _line(course: list[list[float]]) -> Line:
    return np.array([to_plane(lat, lon) for lat, lon in course], dtype=np.float64)


def _draw_towns(canvas: Canvas, table: dict[str, Any]) -> dict[str, Town]:
    towns: dict[str, Town] = {}
    for seed, row in enumerate(table["town"], start=1):
        spec = TownSpec(
            id=row["id"],
            centre=to_plane(row["lat"], row["lon"]),
            columns=row["columns"],
            rows=row["rows"],
            spacing_m=row["spacing_m"],
            angle_deg=row["angle_deg"],
            seed=seed,
            main=RoadClass[row.get("main", "secondary").upper()],
            divided=row.get("divided_column", ""),
            streets=row.get("streets", ()),
            one_way_columns=row.get("one_way_columns", ()),
        )
        towns[row["id"]] = draw_town(canvas, make_lattice(spec), row)
    common = table["regiments"]
    for seed, row in enumerate(common["list"], start=101):
        spec = TownSpec(
            id=row["id"],
            centre=to_plane(row["lat"], row["lon"]),
            columns=common["columns"] + seed % 3,
            rows=common["rows"] + seed % 2,
            spacing_m=common["spacing_m"],
            angle_deg=float(seed % 9 - 4),
            seed=seed,
            main=RoadClass.SECONDARY,
        )
        towns[row["id"]] = draw_town(canvas, make_lattice(spec), {})
    return towns


def _island_spec(row: dict[str, Any]) -> TownSpec:
    return TownSpec(
        id=row["id"],
        centre=to_plane(row["lat"], row["lon"]),
        columns=row["columns"],
        rows=row["rows"],
        spacing_m=row["spacing_m"],
        angle_deg=0.0,
        seed=500,
        main=RoadClass.SERVICE,
        rural=True,
    )


def _draw_villages(country: Country, rivers: list[Line], table: dict[str, Any]) -> list[Village]:
    canvas, towns = country.canvas, country.towns
    regiments = table["regiments"]["list"]
    # Companies first: they stand close to their regiment, villages take what room is left.
    parents = [(row["id"], towns[row["id"]], row["companies"]) for row in regiments]
    parents += [(row["id"], towns[row["id"]], row["villages"]) for row in table["town"]]
    prefix = {parent: f"{'k' if parent.startswith('t') else 'v'}-{parent}" for parent, _, _ in parents}
    villages = settle(parents, canvas, rivers, prefix)
    hulls = [outline(town) for town in towns.values()]
    anchors = [node for leg in country.legs for node in leg.nodes[1:-1]]
    anchors += [node for town in towns.values() for node in town.rim()]
    drawn = draw_villages(canvas, villages, {row["id"] for row in regiments})
    water = [shapely.linestrings(river) for river in rivers]
    # A country road ends at a town's edge, so only the ground well inside the edge bars it.
    draw_country_roads(canvas, villages, drawn, anchors, [*water, *(hull.buffer(-180.0) for hull in hulls)])
    towns.update(drawn)
    return villages
