"""Crossings as people say them."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road
from factories.two_towns import OWN, two_towns

from geo.network.attributes import RoadClass
from geo.places import Gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer(two_towns().network(), OWN)


@pytest.mark.parametrize(
    "asked",
    ["英阿瓦提路 塔南路", "塔南路 英阿瓦提路", "英阿瓦提路与塔南路交叉口", "英阿瓦提路和塔南路路口",
     "英阿瓦提路×塔南路", "英阿瓦提路 x 塔南路", "英阿瓦提路/塔南路", "英阿瓦提路口塔南路", "英阿瓦提路塔南路",
     "yingawatilu tananlu",
     "Yingawati Road and 塔南路", "yingawati & tanan", "英阿瓦提路与塔南路的十字路口", "阿克苏 英阿瓦提路 塔南路",
     "英阿瓦提 塔南"],
)  # fmt: skip
def test_two_streets_are_their_junction(places: Gazetteer, asked: str) -> None:
    hit = places.search(asked)[0]
    assert hit.kind == "crossing"
    assert hit.point.distance_m(two_towns().points["B"]) < 1.0
    assert hit.warning == ""


def test_the_crossing_of_the_right_town_is_found(places: Gazetteer) -> None:
    hits = [hit for hit in places.search("人民路 塔南路") if hit.kind == "crossing"]
    assert len(hits) == 2
    corners = [two_towns().points[letter] for letter in "EH"]
    assert all(min(hit.point.distance_m(corner) for hit in hits) < 1.0 for corner in corners)
    assert places.search("人民路 塔南路", near=corners[1])[0].point.distance_m(corners[1]) < 1.0


def test_streets_of_different_towns_do_not_cross(places: Gazetteer) -> None:
    hits = places.search("英阿瓦提路与长乐街")
    assert {hit.label for hit in hits} == {"英阿瓦提路", "长乐街"}
    assert all(hit.kind == "street" and hit.score == 0.5 and "不相交" in hit.warning for hit in hits)


def test_labels_in_both_languages(places: Gazetteer) -> None:
    assert places.search("英阿瓦提路 塔南路")[0].label in ("英阿瓦提路与塔南路路口", "塔南路与英阿瓦提路路口")
    assert " × " in places.search("英阿瓦提路 塔南路", language="en")[0].label


def test_a_near_miss_is_the_nearest_approach_and_says_so() -> None:
    drawing = Drawing(
        "A---B---C\n    D\n    |\n    E",
        {"ABC": road(RoadClass.PRIMARY), "DE": road(RoadClass.PRIMARY)},
        names={"ABC": "东大街", "DE": "南大街"},
        cell_m=50.0,
    )
    hit = Gazetteer(drawing.network()).search("东大街与南大街")[0]
    assert hit.kind == "crossing"
    assert "50" in hit.warning
    assert hit.point.distance_m(drawing.at(4, 0.5)) < 1.0
    apart = Drawing(
        "A---B---C\n    D\n    |\n    E",
        {"ABC": road(RoadClass.PRIMARY), "DE": road(RoadClass.PRIMARY)},
        names={"ABC": "东大街", "DE": "南大街"},
        cell_m=70.0,
    )
    assert [hit for hit in Gazetteer(apart.network()).search("东大街与南大街") if hit.kind == "crossing"] == []


def test_a_divided_road_makes_one_crossing_of_its_two_junctions() -> None:
    drawing = Drawing(
        "  E\nA-B-C\nF-G-H\n  I",
        {"ABC": road(), "FGH": road(), "EBGI": road()},
        names={"ABC": "东大街", "FGH": "东大街", "EBGI": "南大街"},
        cell_m=25.0,
    )
    hits = [hit for hit in Gazetteer(drawing.network()).search("东大街 南大街") if hit.kind == "crossing"]
    assert len(hits) == 1
