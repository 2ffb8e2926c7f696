"""Zones: what is read, what is refused and told, and which zones hold a point."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import Datum, from_wgs84
from geo.points import GeoPoint
from geo.zones import BadZones, ZoneIndex, ZoneKind, read_zones

REGION = (79.0, 40.0, 84.0, 42.0)


def ring(west: float, south: float, size: float) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(
    coordinates: list[Any], kind: str = "urban", geometry: str = "Polygon", **properties: object
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"kind": kind, **properties},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def collection(*features: object, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}, ensure_ascii=False)


CITY = feature(
    [ring(80.2, 41.1, 0.2)], id="aksu-urban", name="阿克苏市区", **{"name:en": "Aksu built-up", "name_ug": "ئاقسۇ"}
)
COUNTY = feature([ring(80.0, 41.0, 1.0)], kind="county", id="aksu", name="阿克苏市")
REGIMENT = feature([ring(80.9, 40.9, 0.3)], kind="organisation", id="r10", organisation="xpcc-1", name="10团")


def test_reads_kinds_names_and_organisation_and_a_bom() -> None:
    zones = read_zones(("\ufeff" + collection(CITY, COUNTY, REGIMENT)).encode(), region_bbox=REGION).whole()
    assert [zone.id for zone in zones] == ["aksu-urban", "aksu", "r10"]
    assert zones[0].kind is ZoneKind.URBAN
    assert (zones[0].names.name, zones[0].names.en, zones[0].names.ug) == ("阿克苏市区", "Aksu built-up", "ئاقسۇ")
    assert zones[2].organisation == "xpcc-1"


def test_index_gives_the_smallest_first_and_filters_by_kind() -> None:
    index = ZoneIndex(read_zones(collection(COUNTY, CITY, REGIMENT)).whole())
    assert [zone.id for zone in index.at(GeoPoint(41.2, 80.3))] == ["aksu-urban", "aksu"]
    assert [zone.id for zone in index.at(GeoPoint(41.2, 80.3), ZoneKind.COUNTY)] == ["aksu"]
    assert [zone.id for zone in index.at(GeoPoint(41.1, 80.95))] == ["r10", "aksu"]
    assert index.at(GeoPoint(45.0, 90.0)) == ()
    assert index.at(GeoPoint(41.1, 80.2), ZoneKind.URBAN)[0].id == "aksu-urban", "a corner belongs to the zone"
    assert ZoneIndex(()).at(GeoPoint(41.2, 80.3)) == ()


@given(st.lists(st.tuples(st.floats(40.5, 42.5), st.floats(79.5, 81.5)), min_size=1, max_size=40))
def test_many_points_at_once_agree_with_one_by_one(places: list[tuple[float, float]]) -> None:
    index = ZoneIndex(read_zones(collection(COUNTY, CITY, REGIMENT)).whole())
    lat, lon = np.array(places).T
    for kind in ZoneKind:
        single = [bool(index.at(GeoPoint(*place), kind)) for place in places]
        assert index.inside(lat, lon, kind).tolist() == single


def test_a_hole_is_outside() -> None:
    holed = feature([ring(80.0, 41.0, 1.0), ring(80.4, 41.4, 0.2)], id="holed")
    index = ZoneIndex(read_zones(collection(holed)).whole())
    assert index.at(GeoPoint(41.1, 80.1))
    assert not index.at(GeoPoint(41.5, 80.5))


@pytest.mark.parametrize(
    ("bad", "field", "says"),
    [
        (feature([ring(80, 41, 1)], kind="town"), "kind", "urban, rural, organisation, county"),
        (feature([ring(80, 41, 1)], kind="organisation"), "organisation", "must name its organisation"),
        (feature([80, 41], geometry="Point"), "geometry", "is Point"),
        ({"type": "Feature", "properties": {"kind": "urban"}, "geometry": None}, "geometry", "is missing"),
        ({"type": "Polygon"}, "type", "Feature"),
        ("text", "type", "Feature"),
        (feature([[[80, 41], [81]]]), "geometry", "cannot be read"),
        (feature([[[80, 41], [81, 41]]]), "geometry", "cannot be read"),
        (feature([]), "geometry", "is empty"),
        (feature([[["a", "b"], [1, 2], [3, 4], ["a", "b"]]]), "geometry", "cannot be read"),
        (feature([ring(41, 80, 15)]), "geometry", "no places on earth"),
        (feature([[[41, 116], [42, 116], [42, 117], [41, 116]]]), "geometry", "swapped"),
        (feature([[[80, 41], [81, 41], [80, 41], [80, 41]]]), "geometry", "cannot be repaired"),
        (feature([ring(80, 41, 1)], name=["a"]), "name", "plain text"),
        (feature([ring(80, 41, 1)], name="a\0b"), "name", "plain text"),
        (feature([ring(41.0, 80.0, 1.0)]), "geometry", "swapped"),
        (feature([ring(10.0, 50.0, 1.0)]), "geometry", "outside the region"),
        ({"type": "Feature", "properties": [1], "geometry": None}, "properties", "object"),
    ],
)
def test_a_bad_feature_is_refused_by_its_number(bad: object, field: str, says: str) -> None:
    read = read_zones(collection(CITY, bad, COUNTY), region_bbox=REGION)
    assert [(problem.feature, problem.field) for problem in read.problems] == [(2, field)]
    assert says in read.problems[0].message
    assert len(read.zones) == 2
    with pytest.raises(BadZones, match=f"feature 2, {field}"):
        read.whole()


def test_the_same_id_twice_names_both_features() -> None:
    read = read_zones(collection(CITY, CITY))
    assert str(read.problems[0]) == "feature 2, id: 'aksu-urban' is already the id of feature 1"


def test_a_bow_tie_is_repaired_and_told() -> None:
    tie = feature([[[80, 41], [81, 42], [81, 41], [80, 42], [80, 41]]], id="tie")
    read = read_zones(collection(tie))
    assert read.problems == ()
    assert "repaired" in read.warnings[0].message
    assert read.zones[0].polygon.is_valid
    assert read.zones[0].polygon.area == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "not JSON"),
        ("[1, 2]", "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "features"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("[" * 100_000, "not JSON"),
        (collection(CITY, crs={"type": "name", "properties": {"name": "EPSG:3857"}}), "WGS-84"),
    ],
)
def test_a_file_that_is_no_collection_is_refused_whole(document: str | bytes, says: str) -> None:
    with pytest.raises(BadZones, match=says):
        read_zones(document)


def test_a_crs_member_that_says_wgs84_is_fine() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(read_zones(collection(CITY, crs=crs)).whole()) == 1


def test_zones_drawn_on_a_chinese_map_are_moved_back() -> None:
    true = GeoPoint(41.1, 80.2)
    drawn = from_wgs84(true, Datum.GCJ02)
    square = feature([[[drawn.lon, drawn.lat], [80.5, 41.1], [80.5, 41.4], [drawn.lon, drawn.lat]]])
    zone = read_zones(collection(square), datum=Datum.GCJ02).whole()[0]
    lon, lat = zone.polygon.exterior.coords[0]
    assert GeoPoint(lat, lon).distance_m(true) < 0.01
    assert zone.id == "zone-1"
