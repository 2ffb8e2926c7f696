"""Places in the datum in which they were given, kept in WGS-84; true times beside times of entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from factories.fleet import START

from dispatch.incidents.rules_places import PlaceGiven, checked_place, coarse
from dispatch.incidents.rules_times import Told, legal_year, moment, spoken_number
from dispatch.incidents.states import Source
from dispatch.kernel.errors import Invalid
from geo.datum import Datum, from_wgs84
from geo.points import GeoPoint


def refusal(given: PlaceGiven) -> str:
    with pytest.raises(Invalid) as refused:
        checked_place(given)
    return refused.value.code


def test_chinese_coordinates_are_turned_and_the_original_is_kept() -> None:
    true = GeoPoint(40.5475, 81.2807)
    shifted = from_wgs84(true, Datum.GCJ02)
    assert shifted.distance_m(true) > 100
    place = checked_place(PlaceGiven(shifted.lat, shifted.lon, Datum.GCJ02, direction=" 往库车 "))
    assert place.lat is not None
    assert place.lon is not None
    assert GeoPoint(place.lat, place.lon).distance_m(true) < 0.1
    assert (place.given_lat, place.given_lon, place.datum) == (shifted.lat, shifted.lon, Datum.GCJ02)
    assert place.direction == "往库车"


def test_words_alone_are_a_place() -> None:
    place = checked_place(PlaceGiven(words="示例团部东边的大桥"))
    assert (place.lat, place.given_lat, place.words) == (None, None, "示例团部东边的大桥")


def test_refusals() -> None:
    assert refusal(PlaceGiven()) == "place.missing"
    assert refusal(PlaceGiven(lat=40.0)) == "place.coordinates"
    assert refusal(PlaceGiven(lat=81.0, lon=400.0)) == "place.coordinates"
    assert refusal(PlaceGiven(lat=float("nan"), lon=80.0)) == "place.coordinates"
    assert refusal(PlaceGiven(lat=0.0, lon=0.0)) == "place.coordinates"
    assert refusal(PlaceGiven(lat=40.0, lon=80.0, accuracy_m=-1.0)) == "place.accuracy"
    assert refusal(PlaceGiven(lat=40.0, lon=80.0, accuracy_m=float("nan"))) == "place.accuracy"
    assert refusal(PlaceGiven(lat=40.0, lon=80.0, direction="\ud800")) == "place.direction"
    assert refusal(PlaceGiven(lat=40.0, lon=80.0, direction="x" * 101)) == "place.direction"


def test_an_erasure_leaves_about_a_kilometre() -> None:
    assert (coarse(40.547512), coarse(None)) == (40.55, None)


def time_refusal(told: Told) -> str:
    with pytest.raises(Invalid) as refused:
        moment(told, START)
    return refused.value.code


def test_true_times() -> None:
    now = moment(Told(), START)
    assert (now.occurred_at, now.entered_at, now.source, now.late) == (START, START, Source.MANUAL, False)
    earlier = START - timedelta(hours=5)
    late = moment(Told(earlier, Source.PAPER), START)
    assert (late.occurred_at, late.entered_at, late.source, late.late) == (earlier, START, Source.PAPER, True)


def test_times_that_cannot_be() -> None:
    assert time_refusal(Told(source=Source.PAPER)) == "time.missing"
    assert time_refusal(Told(source=Source.VOICE)) == "time.missing"
    assert time_refusal(Told(START.replace(tzinfo=None))) == "time.zone"
    assert time_refusal(Told(START + timedelta(minutes=2))) == "time.future"
    assert time_refusal(Told(START - timedelta(days=400))) == "time.too_old"


def test_the_year_is_that_of_beijing() -> None:
    assert legal_year(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 2026
    assert legal_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027
    assert (spoken_number(2026, 123), spoken_number(2026, 1_234_567)) == ("2026-000123", "2026-1234567")
