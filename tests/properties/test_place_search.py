"""Whatever is typed, a search answers in order, within its limit, and never breaks."""

from __future__ import annotations

from functools import cache

from factories.two_towns import OWN, two_towns
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadCoordinates
from geo.places import Gazetteer
from geo.points import GeoPoint

PIECES = st.sampled_from(
    [" ", "路", "与", "x", "×", "/", "口", "英阿瓦提", "塔南路", "人民", "阿克苏", "10", "十", "团", "五", "连", "第",
     "G314", "K", "公里", "+", "往", "上行", "41.1", ",", "80.2", "°", "N", "E", "gcj", "yawt", "akesu", "ئاقسۇ", ".",
     "\0", "\n", "一百", "二"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=10).map("".join))


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer(two_towns().network(), OWN)


@given(TEXTS, st.sampled_from(["zh", "en", "ug"]), st.integers(1, 6), st.booleans())
def test_any_text(text: str, language: str, limit: int, with_near: bool) -> None:
    near = GeoPoint(41.0, 80.5) if with_near else None
    try:
        hits = gazetteer().search(text, language=language, limit=limit, near=near)
    except BadCoordinates:
        assert any(character.isdigit() for character in text)
        return
    assert len(hits) <= limit
    assert all(0.0 < hit.score <= 1.0 and hit.label and hit.kind and hit.matched for hit in hits)
    order = [(-hit.score, near.distance_m(hit.point) if near else 0.0) for hit in hits]
    assert order == sorted(order)
    assert hits == gazetteer().search(text, language=language, limit=limit, near=near)


@given(st.sampled_from([*"ABCDEFGHIJ"]), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_a_point_near_a_drawn_junction_is_described_with_a_street(letter: str, east: float, south: float) -> None:
    corner = two_towns().points[letter]
    point = GeoPoint(corner.lat - south * 0.0005, corner.lon + east * 0.0005)
    told = gazetteer().describe(point)
    assert told.street
    assert told.street_m is not None
    assert told.street_m <= corner.distance_m(point) + 0.5
    assert told.text
