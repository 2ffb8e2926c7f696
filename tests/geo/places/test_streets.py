"""What counts as one street."""

from __future__ import annotations

import pytest
from factories.ascii_map import Drawing, road

from geo.network.attributes import StreetName
from geo.network.raw import RawPlace
from geo.places import Gazetteer, OwnPlace, PlaceHit

TOWN = RawPlace(41.0, 80.0, "town", StreetName(name="阿克苏"))


def streets(picture: str, names: dict[str, str | StreetName], cell_m: float = 100.0) -> list[PlaceHit]:
    drawing = Drawing(picture, {way: road() for way in names}, names=names, cell_m=cell_m, places=[TOWN])
    return [hit for hit in Gazetteer(drawing.network()).search("人民路") if hit.kind in ("street", "road")]


def test_stretches_with_a_gap_are_one_street_of_their_whole_length() -> None:
    hits = streets("A---B     C---D", {"AB": "人民路", "CD": "人民路"})
    assert len(hits) == 1
    assert hits[0].detail == "阿克苏 · 800 米"


def test_stretches_without_a_common_node_but_close_are_one_street() -> None:
    assert len(streets("A---B\nC---D", {"AB": "人民路", "DC": "人民路"}, cell_m=20.0)) == 1


def test_the_same_name_in_two_villages_of_one_town_stays_two() -> None:
    hits = streets("A---B" + " " * 80 + "C---D", {"AB": "人民路", "CD": "人民路"})
    assert len(hits) == 2


def test_a_long_road_without_junctions_is_one() -> None:
    hits = streets("A---B---C", {"AB": "人民路", "BC": "人民路"}, cell_m=3_000.0)
    assert len(hits) == 1


def test_names_that_differ_in_their_ref_are_one_street_and_the_ref_is_a_road() -> None:
    names = {
        "AB": StreetName(name="人民路", ref="G314"),
        "BC": StreetName(name="人民路"),
        "CD": StreetName(ref="G314;G580"),
    }
    drawing = Drawing("A---B---C---D", {way: road() for way in names}, names=names, places=[TOWN])
    places = Gazetteer(drawing.network())
    found = places.search("人民路")
    assert len(found) == 1
    assert len(found[0].street_rows) == 2
    assert [hit.kind for hit in places.search("G314")] == ["road"]
    assert [hit.label for hit in places.search("g580")] == ["G580"]


def test_the_point_shown_is_on_the_street() -> None:
    picture = "A---B\n    |\n    |\n    C---D"
    drawing = Drawing(picture, {"ABCD": road()}, names={"ABCD": "人民路"})
    places = Gazetteer(drawing.network())
    hit = places.search("人民路")[0]
    assert places.describe(hit.point).street_m == pytest.approx(0.0, abs=0.5)


def test_an_own_place_takes_the_place_of_the_map_with_its_name() -> None:
    drawing = Drawing("A---B", {"AB": road()}, places=[TOWN, TOWN])
    own = OwnPlace("mine", 41.001, 80.001, "town", StreetName(name="阿克苏"), ("Aksu",))
    hits = Gazetteer(drawing.network(), [own]).search("阿克苏")
    assert [hit.place_id for hit in hits] == ["mine"]
    twice = Gazetteer(drawing.network()).search("阿克苏")
    assert len(twice) == 1, "a town drawn as node and as area is one"


def test_a_network_without_names_or_places_answers_nothing() -> None:
    places = Gazetteer(Drawing("A---B", {"AB": road()}).network())
    assert places.search("人民路") == []
    assert places.search("a × b") == []
