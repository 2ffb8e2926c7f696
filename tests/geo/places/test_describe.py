"""Reading a point back in words."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road
from factories.two_towns import OWN, highway, two_towns

from geo.places import Gazetteer, OwnPlace
from geo.points import GeoPoint


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return two_towns()


@pytest.fixture(scope="module")
def places(drawing: Drawing) -> Gazetteer:
    return Gazetteer(drawing.network(), OWN)


def test_on_a_street_near_a_crossing(places: Gazetteer, drawing: Drawing) -> None:
    told = places.describe(drawing.at(4 + 1.2, 0.0))
    assert told.street == "英阿瓦提路"
    assert told.street_m == pytest.approx(0.0, abs=0.5)
    assert told.cross_street == "塔南路"
    assert told.crossing is not None
    assert told.crossing.distance_m(drawing.points["B"]) < 1.0
    assert told.crossing_m == pytest.approx(120.0, abs=1.0)
    assert told.direction == "东"
    assert told.text == "阿克苏，英阿瓦提路，塔南路路口以东 120 米"


def test_in_english(places: Gazetteer, drawing: Drawing) -> None:
    told = places.describe(drawing.at(4 + 1.2, 0.0), "en")
    assert told.text == "Aksu, Yingawati Road, 120 m east of 塔南路 crossing"


def test_in_uyghur(places: Gazetteer, drawing: Drawing) -> None:
    told = places.describe(drawing.at(4 + 1.2, 0.0), "ug")
    assert told.direction == "شەرق"
    assert told.text.endswith("塔南路 دوقمۇشى: شەرق تەرەپتە 120 مېتىر")
    assert places.describe(drawing.at(4.0, -3.0), "ug").text.endswith("يولدىن 300 مېتىر نېرى")
    assert places.describe(GeoPoint(40.9, 81.2), "ug").text.endswith("2 كىلومېتىر ئىچىدە ناملىق يول يوق")


@pytest.mark.parametrize(
    ("column", "row", "wind"),
    [(8, -1, "北"), (9, -1, "东北"), (9, 0, "东"), (8, 0.9, "南"), (7.2, -0.8, "西北"), (7, 0, "西")],
)
def test_winds_as_seen_from_the_crossing(
    places: Gazetteer, drawing: Drawing, column: float, row: float, wind: str
) -> None:
    assert places.describe(drawing.at(column, row)).direction == wind


def test_off_the_street_says_how_far(places: Gazetteer, drawing: Drawing) -> None:
    told = places.describe(drawing.at(4.0, -3.0))
    assert told.street_m == pytest.approx(300.0, abs=1.0)
    assert told.text.endswith("距路 300 米")


def test_in_the_desert_only_the_nearest_place_is_told(places: Gazetteer) -> None:
    told = places.describe(GeoPoint(40.9, 81.2))
    assert told.street == ""
    assert told.street_m is None
    assert told.crossing is None
    assert told.place == "10团12连"
    assert told.direction == "北"
    assert "2.0 公里内无有名道路" in told.text


def test_a_region_without_any_place_or_crossing() -> None:
    told = Gazetteer(highway().network()).describe(highway().at(10, 0.1))
    assert (told.street, told.cross_street, told.place, told.text) == ("G314", "", "", "G314")


def test_the_nearer_of_two_streets_is_named() -> None:
    picture = "A-----B\n\nC-----D"
    drawing = Drawing(picture, {"AB": road(), "CD": road()}, names={"AB": "北街", "CD": "南街"}, cell_m=20.0)
    places = Gazetteer(drawing.network(), [OwnPlace("x", 41.0, 80.0, "village", OWN[0].names)])
    assert places.describe(drawing.at(3, 0.9)).street == "北街"
    assert places.describe(drawing.at(3, 1.1)).street == "南街"
