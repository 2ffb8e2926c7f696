"""Searching by characters, pinyin, initials, scripts, spoken numbers, and in towns."""

from __future__ import annotations

import pytest
from factories.two_towns import OWN, two_towns

from geo.places import Gazetteer
from geo.places.index import NameIndex, Spelling
from geo.points import GeoPoint

WENSU = GeoPoint(41.0, 80.73)


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer(two_towns().network(), OWN)


@pytest.mark.parametrize(
    ("asked", "label", "matched"),
    [
        ("英阿瓦提路", "英阿瓦提路", "name"),
        ("阿瓦提", "英阿瓦提路", "name"),
        ("yingawatilu", "英阿瓦提路", "pinyin"),
        ("yingawati", "英阿瓦提路", "name"),
        ("YAWT", "英阿瓦提路", "initials"),
        ("Yingawati Road", "英阿瓦提路", "name"),
        ("road yingawati", "英阿瓦提路", "name"),
        ("YÍNGÀWATI", "英阿瓦提路", "name"),
        ("يېڭىئاۋات", "英阿瓦提路", "name"),
        ("chongqinglu", "重庆路", "pinyin"),
        ("zhongqinglu", "重庆路", "pinyin"),
        ("cql", "重庆路", "initials"),
        ("changlejie", "长乐街", "pinyin"),
        ("changyuejie", "长乐街", "pinyin"),
        ("zhangle", "长乐街", "pinyin"),
        ("akesu", "阿克苏", "pinyin"),
        ("aksu", "阿克苏", "name"),
        ("ئاقسۇ", "阿克苏", "name"),
        ("اقسۇ", "阿克苏", "name"),
        ("aqsu", "阿克苏", "latin"),
        ("昌安镇", "10团", "name"),
        ("caz", "10团", "initials"),
        ("changan", "10团", "pinyin"),
        ("onuq ottura", "10团5连", "name"),
        ("示例井", "示例井101", "name"),
    ],
)
def test_names_in_every_script(places: Gazetteer, asked: str, label: str, matched: str) -> None:
    hits = places.search(asked)
    assert (hits[0].label if hits else "") == label
    assert (hits[0].matched if hits else "") == matched


@pytest.mark.parametrize(
    "asked",
    ["10团5连", "十团五连", "10团 五连", "１０团５连", "第十团五连", "10 团 5 连", "5连10团", "五连 十团",
     "shituanwulian", "10tuan5lian", "stwl", "十团五连队", "第一师 10团5连"],
)  # fmt: skip
def test_a_company_as_it_is_spoken(places: Gazetteer, asked: str) -> None:
    assert places.search(asked)[0].place_id == "r10c5"


def test_regiment_and_company_from_name_and_organisation(places: Gazetteer) -> None:
    assert places.search("三团五连")[0].place_id == "r3c5"
    assert places.search("5连 3团")[0].place_id == "r3c5"


def test_a_number_is_not_found_inside_a_longer_one(places: Gazetteer) -> None:
    assert all(hit.place_id not in ("r10", "r10c5") for hit in places.search("0团"))
    assert "r10c12" not in {hit.place_id for hit in places.search("十团2连")}
    whole = places.search("10团")
    assert whole[0].place_id == "r10"
    assert {"r10c5", "r10c12"} <= {hit.place_id for hit in whole}


def test_one_street_name_in_two_towns_is_two_hits_and_near_breaks_the_tie(places: Gazetteer) -> None:
    for near, first in ((None, "阿克苏"), (WENSU, "温宿"), (GeoPoint(41.0, 80.0), "阿克苏")):
        hits = [hit for hit in places.search("人民路", near=near) if hit.kind == "street"]
        assert len(hits) == 2
        assert hits[0].score == hits[1].score
        if near:
            assert hits[0].detail.startswith(first)
    assert {hit.detail.split(" · ")[0] for hit in places.search("人民路")} == {"阿克苏", "温宿"}


@pytest.mark.parametrize("asked", ["温宿 人民路", "人民路 温宿", "温宿人民路", "wensu renminlu", "Wensu 人民路"])
def test_the_town_may_be_said_with_the_street(places: Gazetteer, asked: str) -> None:
    hits = places.search(asked)
    assert hits[0].label == "人民路"
    assert hits[0].point.distance_m(WENSU) < 5_000.0
    assert all(hit.detail.startswith("温宿") for hit in hits if hit.label == "人民路")


def test_labels_are_in_the_language_asked_for(places: Gazetteer) -> None:
    assert places.search("英阿瓦提路", language="en")[0].label == "Yingawati Road"
    assert places.search("英阿瓦提路", language="ug")[0].label == "يېڭىئاۋات يولى"
    assert places.search("英阿瓦提路", language="en")[0].detail.startswith("Aksu")


def test_whole_names_come_before_beginnings_and_those_before_the_inside(places: Gazetteer) -> None:
    scores = [places.search(asked)[0].score for asked in ("英阿瓦提路", "英阿", "瓦提", "yingawatilu", "yawtl")]
    assert scores[0] == 0.98
    assert scores[0] > scores[1] > scores[2]
    assert scores[0] > scores[3] > scores[4]


def test_initials_come_before_letters_in_the_middle_of_a_latin_name() -> None:
    found = NameIndex([(0, "阿拉尔市"), (1, "County Hospital (example)"), (2, "新和县人民医院")]).search("ale")
    assert set(found) == {0, 1}
    assert found[0].spelling is Spelling.INITIALS
    assert found[0].score > found[1].score > 0.0


def test_street_hits_carry_the_rows_of_the_network() -> None:
    network = two_towns().network()
    hit = Gazetteer(network).search("重庆路")[0]
    assert [network.street_name(row).name for row in hit.street_rows] == ["重庆路"]


@pytest.mark.parametrize("asked", ["", "   ", "\0", "不存在的地方", "zzzz", "....", "'", "()", "路" * 500, "\n"])
def test_nothing_found_is_an_empty_list(places: Gazetteer, asked: str) -> None:
    assert places.search(asked) == []


def test_the_limit_is_kept(places: Gazetteer) -> None:
    assert len(places.search("路", limit=2)) == 2


def test_an_unknown_company_gives_its_regiment_with_a_warning() -> None:
    hits = Gazetteer(two_towns().network(), OWN).search("十团九十九连")
    assert hits[0].place_id == "r10"
    assert hits[0].score == 0.5
    assert "10团" in hits[0].warning
    both = Gazetteer(two_towns().network(), OWN).search("阿克苏 10团")
    assert [(hit.label, hit.warning != "") for hit in both] == [("10团", True), ("阿克苏", True)], "each word is told"
