"""Stations, vehicles, hospitals, places and zones of the schematic region."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from geo.demo.naming import spoken_number
from geo.points import GeoPoint
from geo.zones import ZoneIndex, ZoneKind, read_zones
from tests.factories.demo_region import Drawn

COLUMNS = {  # column → required, as in the import templates
    "stations": "id* name_zh* name_en name_ug organisation* system* lat* lon* datum address phone",
    "units": "call_sign* type* special organisation* system* station* capabilities height_cm width_cm weight_kg plate",
    "hospitals": "id* name_zh* name_en name_ug organisation* system* lat* lon* datum level capabilities beds",
    "places": "id* name_zh* name_en name_ug kind* lat* lon* datum aliases organisation",
}
KEY = {"stations": "id", "units": "call_sign", "hospitals": "id", "places": "id"}
TYPES = {"普通型", "抢救监护型", "防护监护型", "特殊用途型"}


@pytest.mark.parametrize("table", COLUMNS)
def test_rows_fit_the_template(drawn: Drawn, table: str) -> None:
    rows: list[dict[str, str]] = getattr(drawn.demo, table)
    columns = [column.rstrip("*") for column in COLUMNS[table].split()]
    required = [column.rstrip("*") for column in COLUMNS[table].split() if column.endswith("*")]
    for row in rows:
        assert list(row) == columns
        assert all(isinstance(value, str) for value in row.values()), row
        assert all(row[column] for column in required), row
        if "lat" in row:
            assert 39.5 < float(row["lat"]) < 42.8
            assert 78.0 < float(row["lon"]) < 84.0
            assert row["datum"] == "wgs84"
    keys = Counter(row[KEY[table]] for row in rows)
    assert max(keys.values()) == 1


def test_counts_and_both_organisations_interleaved(drawn: Drawn) -> None:
    demo = drawn.demo
    assert 55 <= len(demo.stations) <= 65
    assert 85 <= len(demo.units) <= 95
    assert len([row for row in demo.places if row["kind"] == "company"]) > 140
    assert len([row for row in demo.places if row["kind"] == "village"]) > 200
    aksu = [row for row in demo.stations if row["id"].startswith("s-aksu")]
    assert {row["system"] for row in aksu} == {"地方", "兵团"}
    assert {row["system"] for row in demo.stations} == {"地方", "兵团"}


def test_units_are_of_the_standard_types_and_their_stations_exist(drawn: Drawn) -> None:
    stations = {row["id"]: row for row in drawn.demo.stations}
    for unit in drawn.demo.units:
        station = stations[unit["station"]]
        assert (unit["organisation"], unit["system"]) == (station["organisation"], station["system"])
        assert 200 < int(unit["height_cm"]) < 400
        assert 180 < int(unit["width_cm"]) < 260
        assert 2000 < int(unit["weight_kg"]) < 9000
        assert (unit["special"] != "") == (unit["type"] == "特殊用途型")
        assert set(unit["capabilities"].split(";")) <= set("BAENOGRP")
    assert {unit["type"] for unit in drawn.demo.units} == TYPES
    special = Counter(unit["special"] for unit in drawn.demo.units)
    assert 1 <= special["ecmo"] <= 2
    assert 1 <= special["neonatal"] <= 2
    assert {unit["station"] for unit in drawn.demo.units} == set(stations), "every station has a vehicle"
    assert {"阿-07", "兵-03", "温-02", "拉-01", "库-03"} <= {unit["call_sign"] for unit in drawn.demo.units}


def test_stations_and_hospitals_stand_by_roads_that_lead_everywhere(drawn: Drawn) -> None:
    for row in [*drawn.demo.stations, *drawn.demo.hospitals]:
        node, gap_m = drawn.nearest_node(float(row["lat"]), float(row["lon"]))
        assert gap_m < 300.0, row["id"]
        assert drawn.part[node] == drawn.largest, row["id"]
        assert "示例" in row["name_zh"], "facilities are examples and say so"


def test_hospitals_stand_near_their_town_centre(drawn: Drawn) -> None:
    aksu = GeoPoint(lat=41.168, lon=80.258)
    for row in drawn.demo.hospitals:
        if row["id"] in ("h-aksu-1", "h-aksu-2", "h-shi", "h-aksu-rm"):
            assert abs(float(row["lat"]) - aksu.lat) <= 0.025
            assert abs(float(row["lon"]) - aksu.lon) <= 0.03


def test_places_have_their_spoken_and_latin_forms(drawn: Drawn) -> None:
    places = {row["name_zh"]: row for row in drawn.demo.places}
    company = places["10团5连"]
    assert company["kind"] == "company"
    assert {"十团五连", "10 tuan 5 lian", "昌安镇5连"} <= set(company["aliases"].split(";"))
    assert "十六团" in places["16团"]["aliases"].split(";")
    assert "昌安镇" in places["10团"]["aliases"].split(";")
    assert {row["kind"] for row in drawn.demo.places} == {"regiment", "company", "village", "well_site", "camp"}
    assert "rough position" in places["1团"]["name_en"]
    assert "rough position" not in places["10团"]["name_en"]
    assert set(drawn.demo.meta["rough_points"]) == {"t1", "t2", "t3", "t4", "t5", "t6", "t9", "t14"}
    assert "15团" not in places, "not in current lists"


def test_places_lie_on_the_roads_except_the_island(drawn: Drawn) -> None:
    for row in drawn.demo.places:
        node, gap_m = drawn.nearest_node(float(row["lat"]), float(row["lon"]))
        assert gap_m < 400.0, row["id"]
        assert (drawn.part[node] == drawn.largest) == (row["id"] != "island"), row["id"]


def test_county_seats_have_three_scripts(drawn: Drawn) -> None:
    cities = [place for place in drawn.demo.raw.places if place.names.ug]
    assert len(cities) == 10
    assert all(place.names.zh and place.names.en for place in cities)
    assert {place.kind for place in drawn.demo.raw.places} >= {"city", "town", "aerodrome", "hospital", "village"}


def test_zones_are_valid_and_hold_what_they_should(drawn: Drawn) -> None:
    zones = read_zones(json.dumps(drawn.demo.zones), region_bbox=(78.0, 39.5, 84.5, 42.9))
    assert zones.problems == ()
    assert zones.warnings == ()
    index = ZoneIndex(zones.zones)
    aksu = GeoPoint(lat=41.168, lon=80.258)
    assert [zone.id for zone in index.at(aksu)] == ["urban-aksu", "county-aksu"]
    assert [zone.id for zone in index.at(GeoPoint(lat=40.638, lon=81.256), ZoneKind.ORGANISATION)] == ["org-t10"]
    counties = [zone for zone in zones.zones if zone.kind is ZoneKind.COUNTY]
    assert len(counties) == 10
    centres = [index.at(GeoPoint(lat=float(r["lat"]), lon=float(r["lon"])), ZoneKind.COUNTY) for r in drawn.demo.places]
    assert np.array([len(found) for found in centres]).min() == 1
    assert all("示意" in zone.names.zh for zone in zones.zones)


@pytest.mark.parametrize(("number", "spoken"), [(1, "一"), (10, "十"), (16, "十六"), (20, "二十"), (24, "二十四")])
def test_numbers_as_they_are_said(number: int, spoken: str) -> None:
    assert spoken_number(number) == spoken
