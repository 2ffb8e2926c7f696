"""Kilometre posts: how they are said, and where they are put."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road
from factories.two_towns import highway

from geo.network.attributes import StreetName
from geo.network.raw import KilometrePost
from geo.places import Gazetteer, OwnPlace
from geo.places.posts import PostQuestion, read_post
from geo.points import GeoPoint


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("G314 K1012+300 下行", PostQuestion("G314", 1012.3, rising=False, goal="")),
        ("g314k1012+300", PostQuestion("G314", 1012.3, rising=None, goal="")),
        ("G3012 1012公里", PostQuestion("G3012", 1012.0, rising=None, goal="")),
        ("Ｇ３０１２ １０１２公里", PostQuestion("G3012", 1012.0, rising=None, goal="")),
        ("三一四国道一千零一十二公里", PostQuestion("G314", 1012.0, rising=None, goal="")),
        ("国道314 1012公里300米处", PostQuestion("G314", 1012.3, rising=None, goal="")),
        ("省道215线 K88 上行方向", PostQuestion("S215", 88.0, rising=True, goal="")),
        ("G3012高速 1012.5公里 往库车方向", PostQuestion("G3012", 1012.5, rising=None, goal="库车")),
        ("G314 1012公里", PostQuestion("G314", 1012.0, rising=None, goal="")),
        ("G 314 K 12 + 50", PostQuestion("G314", 12.05, rising=None, goal="")),
        ("314国道 1012公里 去阿克苏", PostQuestion("G314", 1012.0, rising=None, goal="阿克苏")),
        ("G314 K1012+3000", None),
        ("G3141012公里", None),
        ("G31410公里", None),
        ("G314", None),
        ("10团5连", None),
        ("41.17,80.26", None),
        ("人民路12号", None),
    ],
)
def test_reading(asked: str, question: PostQuestion | None) -> None:
    found = read_post(asked)
    if question is None or found is None:
        assert found is question
        return
    assert (found.ref, found.rising, found.goal) == (question.ref, question.rising, question.goal)
    assert found.km == pytest.approx(question.km)


def test_a_post_that_stands_is_its_place() -> None:
    drawing = highway()
    hit = Gazetteer(drawing.network()).search("G314 K100")[0]
    assert (hit.kind, hit.matched, hit.score, hit.label) == ("kilometre_post", "post", 1.0, "G314 K100")
    assert hit.point.distance_m(drawing.points["A"]) < 0.1


def test_between_posts_it_follows_the_road_round_the_bend() -> None:
    drawing = highway()
    hit = Gazetteer(drawing.network()).search("G314 K102+050")[0]
    share = 2.05 / 4.1
    length = 2_100.0 + 2_000.0
    along = drawing.at(share * length / 100.0, 0.0)
    assert hit.point.distance_m(along) < 5.0
    assert (hit.matched, hit.score) == ("interpolated", 0.95)
    assert "K100" in hit.detail
    assert "K104.1" in hit.detail


def test_the_bend_and_direction() -> None:
    drawing = highway()
    places = Gazetteer(drawing.network())
    down = places.search("G314 K103+100 下行")[0]
    assert down.point.distance_m(drawing.at(21, 10)) < 5.0
    assert down.towards is not None
    assert down.towards.distance_m(drawing.points["A"]) < 1.0
    assert "递减" in down.detail
    up = places.search("G314 K103+100 上行", language="en")[0]
    assert up.towards is not None
    assert up.towards.distance_m(drawing.points["C"]) < 1.0
    assert "rising" in up.detail


def test_towards_a_town() -> None:
    kuqa = OwnPlace("k", 41.2, 80.9, "town", StreetName(name="库车"))
    hit = Gazetteer(highway().network(), [kuqa]).search("G314 K101 往库车方向")[0]
    assert hit.towards == GeoPoint(41.2, 80.9)
    assert "往库车" in hit.detail


def test_posts_that_the_road_does_not_agree_with_are_rough_and_say_so() -> None:
    drawing = highway()
    hit = Gazetteer(drawing.network()).search("G314 K107")[0]
    assert (hit.matched, hit.score) == ("interpolated", 0.8)
    assert hit.warning


def test_past_the_last_post_only_the_neighbour_is_given() -> None:
    drawing = highway()
    places = Gazetteer(drawing.network())
    hit = places.search("G314 K112")[0]
    assert (hit.score, hit.label) == (0.5, "G314 K112")
    assert "3.0" in hit.warning
    assert "3.0 كىلومېتىر" in places.search("G314 K112", language="ug")[0].warning
    assert hit.point.distance_m(drawing.points["D"]) < 0.1


def test_a_road_without_posts_nearby_gives_the_road_with_a_warning() -> None:
    places = Gazetteer(highway().network())
    hit = places.search("G314 K900")[0]
    assert hit.kind == "road"
    assert hit.warning
    assert places.search("G999 K900") == []


def test_two_carriageways_are_not_mixed() -> None:
    drawing = Drawing(
        "A" + "-" * 19 + "B\nC" + "-" * 19 + "D",
        {"AB": road(), "DC": road()},
        names={"AB": StreetName(ref="G3012"), "DC": StreetName(ref="G3012")},
        cell_m=50.0,
    )
    at = drawing.points
    drawing.raw.posts = [
        KilometrePost(at["A"].lat, at["A"].lon, 10.0, "G3012"),
        KilometrePost(at["B"].lat, at["B"].lon, 11.0, "G3012"),
    ]
    hit = Gazetteer(drawing.network()).search("G3012 K10+500")[0]
    assert hit.matched == "interpolated"
    assert hit.point.distance_m(drawing.at(10, 0)) < 1.0


def test_a_number_that_stands_at_two_places_is_two_hits_with_a_warning() -> None:
    drawing = Drawing(
        "A---B" + " " * 40 + "C---D", {"AB": road(), "CD": road()}, names=dict.fromkeys(("AB", "CD"), "G314")
    )
    at = drawing.points
    drawing.raw.posts = [KilometrePost(at[one].lat, at[one].lon, 7.0, "G314") for one in "AC"]
    hits = Gazetteer(drawing.network()).search("G314 K7")
    assert len(hits) == 2
    assert all("不止一处" in hit.warning for hit in hits)


def test_posts_on_both_sides_of_a_road_are_one() -> None:
    drawing = highway()
    at = drawing.points["A"]
    drawing.raw.posts = [*drawing.raw.posts, KilometrePost(at.lat + 0.0002, at.lon, 100.0, "G314")]
    hits = Gazetteer(drawing.network()).search("G314 K100")
    assert len(hits) == 1
    assert hits[0].warning == ""
