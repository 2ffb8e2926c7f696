"""GCJ-02 and BD-09: known points, round trips, identity abroad, and readings that would fit."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import datum
from geo.datum import Datum, from_wgs84, from_wgs84_many, suspect, to_wgs84, to_wgs84_many
from geo.errors import BadCoordinates
from geo.points import GeoPoint

XINJIANG = {
    "Aksu": (41.168, 80.258), "Alar": (40.547, 81.278), "Wushi": (41.214, 79.222), "Kashgar": (39.47, 75.99),
    "Torugart": (40.52, 75.40), "Irkeshtam": (39.69, 73.93), "Tashkurgan": (37.77, 75.23), "Khunjerab": (36.85, 75.43),
    "Khorgos": (44.21, 80.41), "Zhaosu": (43.16, 81.13), "Alashankou": (45.17, 82.57), "Tacheng": (46.75, 82.98),
    "Jeminay": (47.43, 85.87), "Kanas": (48.70, 87.02), "Qinghe": (46.67, 90.38), "Hotan": (37.11, 79.92),
    "Kangxiwar": (36.2, 78.8), "Yiwu": (43.25, 94.70), "Laoyemiao": (44.9, 93.4), "Halajun": (40.1, 76.8),
}  # fmt: skip
ELSEWHERE_IN_CHINA = {
    "Beijing": (39.9, 116.4), "Shanghai": (31.23, 121.47), "Mohe": (53.48, 122.35), "Fuyuan": (48.36, 134.29),
    "Hunchun": (42.86, 130.37), "Dandong": (40.12, 124.38), "Dalian": (38.9, 121.6), "Rongcheng": (37.2, 122.5),
    "Manzhouli": (49.6, 117.4), "Erenhot": (43.65, 111.98), "Sanya": (18.25, 109.5), "Ruili": (24.0, 97.85),
    "Jinghong": (22.0, 100.8), "Mohan": (21.19, 101.69), "Pingxiang": (22.1, 106.75), "Yadong": (27.5, 88.9),
    "Zhangmu": (27.99, 85.98), "Burang": (30.3, 81.18), "Medog": (29.33, 95.33), "Ejina": (41.96, 101.07),
    "Xiamen": (24.48, 118.09), "Zhoushan": (30.0, 122.2), "Hong Kong": (22.3, 114.17), "Altay Buerjin": (47.7, 86.87),
}  # fmt: skip
ABROAD = {
    "Bishkek": (42.87, 74.59), "Almaty": (43.24, 76.95), "Karakol": (42.49, 78.39), "Osh": (40.53, 72.80),
    "Naryn": (41.43, 75.99), "Ulaanbaatar": (47.91, 106.91), "Khovd": (48.0, 91.64), "Delhi": (28.61, 77.21),
    "Kathmandu": (27.72, 85.32), "Hanoi": (21.03, 105.85), "Seoul": (37.57, 126.98), "Pyongyang": (39.03, 125.75),
    "Vladivostok": (43.12, 131.89), "Irkutsk": (52.29, 104.28), "Tokyo": (35.68, 139.69), "Porto": (41.15, -8.61),
    "Gilgit": (35.92, 74.31), "Murghab": (38.17, 73.97), "Kuala Lumpur": (3.14, 101.69), "Sydney": (-33.87, 151.2),
    "Null Island": (0.0, 0.0), "North Pole": (90.0, 0.0),
}  # fmt: skip


@pytest.mark.parametrize("name", [*XINJIANG, *ELSEWHERE_IN_CHINA])
def test_places_of_china_are_shifted_by_tens_to_hundreds_of_metres(name: str) -> None:
    lat, lon = {**XINJIANG, **ELSEWHERE_IN_CHINA}[name]
    there = GeoPoint(lat, lon).distance_m(from_wgs84(GeoPoint(lat, lon), Datum.GCJ02))
    assert 30.0 < there < 900.0


@pytest.mark.parametrize("name", list(ABROAD))
@pytest.mark.parametrize("system", list(Datum))
def test_places_abroad_stay_what_they_are(name: str, system: Datum) -> None:
    place = GeoPoint(*ABROAD[name])
    assert from_wgs84(place, system) == place
    assert to_wgs84(place.lat, place.lon, system) == place


def test_published_pairs() -> None:
    """Widely published test pairs of open converters (Shenzhen, and Beijing's Tiananmen in all three systems)."""
    gcj = from_wgs84(GeoPoint(22.543847, 113.912316), Datum.GCJ02)
    assert gcj.distance_m(GeoPoint(22.540796131694766, 113.9171764808363)) < 0.01
    beijing = from_wgs84(GeoPoint(39.915, 116.404), Datum.GCJ02)
    assert beijing.distance_m(GeoPoint(39.91640428150164, 116.41024449916938)) < 0.01
    baidu = from_wgs84(to_wgs84(39.915, 116.404, Datum.GCJ02), Datum.BD09)
    assert baidu.distance_m(GeoPoint(39.92133699351021, 116.41036949371029)) < 0.01


@pytest.mark.parametrize("system", [Datum.GCJ02, Datum.BD09])
def test_round_trip_over_the_whole_outline(system: Datum) -> None:
    lat, lon = (axis.ravel() for axis in np.meshgrid(np.arange(18.0, 54.0, 0.13), np.arange(73.0, 136.0, 0.13)))
    inside = datum.in_china(lat, lon)
    lat, lon = lat[inside], lon[inside]
    assert len(lat) > 40_000
    there = from_wgs84_many(lat, lon, system)
    back_lat, back_lon = to_wgs84_many(*there, system)
    assert np.abs(back_lat - lat).max() < 1e-9
    assert np.abs(back_lon - lon).max() < 1e-9


@given(st.floats(35.5, 48.5), st.floats(76.0, 95.0), st.sampled_from([Datum.GCJ02, Datum.BD09]))
def test_one_point_there_and_back(lat: float, lon: float, system: Datum) -> None:
    place = GeoPoint(lat, lon)
    there = from_wgs84(place, system)
    assert to_wgs84(there.lat, there.lon, system).distance_m(place) < 0.01


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(list(Datum)))
def test_anything_on_earth_gives_a_place_close_by(lat: float, lon: float, system: Datum) -> None:
    assert to_wgs84(lat, lon, system).distance_m(GeoPoint(lat, lon)) < 3_000.0


def test_outline_is_a_valid_ring_and_holds_every_aksu_town() -> None:
    outline = shapely.Polygon(datum.CHINA_OUTLINE)
    assert outline.is_valid
    assert outline.contains(shapely.box(79.0, 40.0, 84.0, 42.3) & outline)
    corners = ((79.0, 40.0), (84.0, 40.0), (84.0, 42.3), (79.05, 41.2))
    assert all(outline.contains(shapely.Point(corner)) for corner in corners)


def test_nonsense_is_refused_with_the_swapped_hint() -> None:
    with pytest.raises(BadCoordinates) as refused:
        to_wgs84(116.4, 39.9, Datum.GCJ02)
    assert "swap" in refused.value.hint


def test_suspect_tells_swapped_shifted_and_leaves_the_rest_alone() -> None:
    box = (79.0, 40.0, 84.0, 42.0)
    assert suspect(GeoPoint(41.17, 80.26), box) is None
    assert "swapped" in (suspect(GeoPoint(80.26, 41.17), box) or "")
    inside = GeoPoint(41.0, 83.9999)
    phone = from_wgs84(inside, Datum.GCJ02)
    assert phone.lon > box[2]
    assert "GCJ-02" in (suspect(phone, box) or "")
    assert suspect(GeoPoint(48.85, 2.35), box) is None


def test_better_reading_goes_by_the_distance_from_a_road() -> None:
    road = GeoPoint(41.17, 80.26)
    phone = from_wgs84(road, Datum.BD09)
    found = datum.better_reading(phone, road.distance_m)
    assert found is not None
    assert found.code == "bd09"
    assert "百度" in found.sentence
    assert datum.better_reading(GeoPoint(41.1701, 80.26), road.distance_m) is None
    swapped = from_wgs84(road, Datum.GCJ02)
    both = datum.better_reading(GeoPoint(swapped.lon, swapped.lat), road.distance_m)
    assert both is not None
    assert both.code == "swapped+gcj02"
