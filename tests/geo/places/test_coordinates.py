"""Coordinates as they are typed and read out."""

from __future__ import annotations

import pytest
from factories.two_towns import two_towns
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import Datum, from_wgs84
from geo.errors import BadCoordinates
from geo.places import Gazetteer
from geo.places.coordinates import read_coordinates
from geo.points import GeoPoint

REGION = (79.0, 40.0, 84.0, 42.0)
AKSU = GeoPoint(41.17, 80.26)


@pytest.mark.parametrize(
    "asked",
    ["41.17,80.26", "41.17 80.26", "41.17，80.26", "４１．１７，８０．２６", " 41.17 , 80.26 ", "N41.17 E80.26",
     "41.17N 80.26E", "E80.26 N41.17", "80.26E, 41.17N", "北纬41.17 东经80.26", "东经80.26度 北纬41.17度",
     "41°10.2' 80°15.6'", "N41°10'12\" E80°15'36\"", "41°10′12″N 80°15′36″E", "北纬41度10分12秒，东经80度15分36秒",
     "wgs84 41.17,80.26", "GPS: 41.17, 80.26", "41.17/80.26", "N 41.17, 80.26"],
)  # fmt: skip
def test_ways_of_writing(asked: str) -> None:
    hit = read_coordinates(asked, REGION, "zh")
    assert hit is not None
    assert hit.point.distance_m(AKSU) < 0.1
    assert (hit.warning, hit.kind, hit.score) == ("", "coordinates", 1.0)


@pytest.mark.parametrize("asked", ["80.26 41.17", "80.26,41.17"])
def test_swapped_numbers_are_swapped_back_with_a_warning(asked: str) -> None:
    hit = read_coordinates(asked, REGION, "en")
    assert hit is not None
    assert hit.point == AKSU
    assert "swapped" in hit.warning


def test_numbers_that_are_a_place_only_the_other_way_round() -> None:
    hit = read_coordinates("116.4 39.9", REGION, "zh")
    assert hit is not None
    assert hit.point == GeoPoint(39.9, 116.4)
    assert "颠倒" in hit.warning


def test_outside_the_region_is_a_warning_with_the_distance() -> None:
    hit = read_coordinates("43.8, 87.6", REGION, "en")
    assert hit is not None
    assert hit.point == GeoPoint(43.8, 87.6)
    assert "km outside" in hit.warning


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "经纬度可能颠倒"), ("en", "may be swapped"), ("ug", "ئالماشقان بولۇشى مۇمكىن")]
)
def test_the_other_reading_is_told_in_the_language_asked_for(language: str, words: str) -> None:
    hit = read_coordinates("N80.26 E41.17", REGION, language)
    assert hit is not None
    assert words in hit.warning


@pytest.mark.parametrize(
    ("prefix", "datum"),
    [
        ("gcj", Datum.GCJ02),
        ("GCJ-02:", Datum.GCJ02),
        ("高德 ", Datum.GCJ02),
        ("bd", Datum.BD09),
        ("百度：", Datum.BD09),
    ],
)
def test_a_prefix_names_the_datum(prefix: str, datum: Datum) -> None:
    given_there = from_wgs84(AKSU, datum)
    hit = read_coordinates(f"{prefix} {given_there.lat:.7f},{given_there.lon:.7f}", REGION, "zh")
    assert hit is not None
    assert hit.point.distance_m(AKSU) < 0.05
    assert datum.value in hit.detail


@pytest.mark.parametrize(
    "asked",
    ["", "10 5", "41, 80", "人民路 12", "G314 K10.5", "41.17", "N41.1 N41.2", "120.110", "1.2.3 4.5", "bd", "gcj 路"],
)
def test_what_is_no_coordinate(asked: str) -> None:
    assert read_coordinates(asked, REGION, "zh") is None


def test_no_place_on_earth_is_refused() -> None:
    with pytest.raises(BadCoordinates):
        read_coordinates("191.5 200.5", REGION, "zh")
    with pytest.raises(BadCoordinates):
        read_coordinates("N95.5 E80.5", REGION, "zh")


@given(st.floats(40.01, 41.99), st.floats(79.01, 83.99))
def test_any_place_of_the_region_is_found_either_way_round(lat: float, lon: float) -> None:
    place = GeoPoint(lat, lon)
    for text in (f"{lat:.7f} {lon:.7f}", f"{lon:.7f},{lat:.7f}"):
        hit = read_coordinates(text, REGION, "zh")
        assert hit is not None
        assert hit.point.distance_m(place) < 0.05


def test_the_gazetteer_answers_coordinates_alone() -> None:
    hits = Gazetteer(two_towns().network()).search("41.0, 80.01")
    assert [(hit.kind, hit.label) for hit in hits] == [("coordinates", "41.000000, 80.010000")]
