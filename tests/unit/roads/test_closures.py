"""What a closure may be: refused in one way, or kept as it was meant."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import shapely
from factories.closures import DRAFTS, in_utc
from hypothesis import given

from dispatch.kernel.errors import Invalid
from dispatch.roads import rules
from dispatch.roads.rules import CheckedClosure, ClosureDraft, checked
from dispatch.roads.states import ClosureKind
from geo.points import GeoPoint

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DRAFT = ClosureDraft(reason="沙尘暴 sandstorm", author="dispatcher 7", ways=(12, 7))
SQUARE = {"type": "Polygon", "coordinates": [[[80, 41], [81, 41], [81, 42], [80, 42], [80, 41]]]}


def refusal(draft: ClosureDraft) -> str:
    with pytest.raises(Invalid) as caught:
        checked(draft, NOW)
    return caught.value.code


def area(given_area: str | dict[str, Any]) -> ClosureDraft:
    return replace(DRAFT, ways=(), polygon=given_area)


def test_ways_come_out_once_each_in_order_and_begin_now() -> None:
    closure = checked(replace(DRAFT, ways=(12, 7, 12), reason="  x \n"), NOW)
    assert (closure.kind, closure.ways, closure.active_from) == (ClosureKind.WAYS, (7, 12), NOW)
    assert (closure.reason, closure.speed_factor, closure.active_until) == ("x", 0.0, None)


def test_times_come_out_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    closure = checked(replace(DRAFT, active_until=datetime(2026, 3, 1, 18, 0, tzinfo=beijing)), NOW)
    assert closure.active_until == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert closure.active_until.tzinfo is UTC


@pytest.mark.parametrize(
    "given_area",
    [
        SQUARE,
        json.dumps(SQUARE),
        {"type": "Feature", "properties": {}, "geometry": SQUARE},
        "POLYGON ((80 41, 81 41, 81 42, 80 42, 80 41))",
        "POLYGON Z ((80 41 9, 81 41 9, 81 42 9, 80 42 9, 80 41 9))",
    ],
)
def test_an_area_is_read_from_geojson_and_wkt(given_area: str | dict[str, Any]) -> None:
    closure = checked(area(given_area), NOW)
    assert closure.polygon is not None
    kept = shapely.from_wkb(closure.polygon)
    assert kept.equals(shapely.box(80, 41, 81, 42))
    assert not kept.has_z


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(DRAFT, ways=()), "closure.roads"),
        (replace(DRAFT, edges=(1,), network_version=1), "closure.roads"),
        (replace(DRAFT, ways=(), edges=(1,)), "closure.roads"),
        (replace(DRAFT, ways=(0,)), "closure.roads"),
        (replace(DRAFT, ways=(2**63,)), "closure.roads"),
        (replace(DRAFT, ways=(), edges=(-1,), network_version=1), "closure.roads"),
        (replace(DRAFT, ways=(), edges=(2**31,), network_version=1), "closure.roads"),
        (replace(DRAFT, ways=tuple(range(1, rules.MAX_ROADS + 2))), "closure.roads"),
        (replace(DRAFT, active_from=datetime(2026, 3, 1)), "closure.times"),  # noqa: DTZ001 - that is the fault
        (replace(DRAFT, active_until=NOW - timedelta(1)), "closure.times"),
        (replace(DRAFT, active_from=NOW - timedelta(2), active_until=NOW - timedelta(1)), "closure.times"),
        (replace(DRAFT, active_from=NOW, active_until=NOW), "closure.times"),
        (replace(DRAFT, active_until=datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))), "closure.times"),
        (replace(DRAFT, active_from=datetime.min.replace(tzinfo=timezone(timedelta(hours=12)))), "closure.times"),
        (replace(DRAFT, speed_factor=1.0), "closure.speed_factor"),
        (replace(DRAFT, speed_factor=0.001), "closure.speed_factor"),
        (replace(DRAFT, speed_factor=-0.5), "closure.speed_factor"),
        (replace(DRAFT, speed_factor=math.nan), "closure.speed_factor"),
        (replace(DRAFT, reason=" "), "closure.text"),
        (replace(DRAFT, reason="a\x00b"), "closure.text"),
        (replace(DRAFT, reason="a\udc00b"), "closure.text"),
        (replace(DRAFT, author=""), "closure.text"),
        (replace(DRAFT, author="x" * (rules.MAX_AUTHOR + 1)), "closure.text"),
        (replace(DRAFT, radius_m=5.0), "closure.radius"),
        (replace(DRAFT, ways=(), centre=GeoPoint(41, 80)), "closure.radius"),
        (replace(DRAFT, ways=(), centre=GeoPoint(41, 80), radius_m=0.0), "closure.radius"),
        (replace(DRAFT, ways=(), centre=GeoPoint(41, 80), radius_m=100_001.0), "closure.radius"),
        (replace(DRAFT, ways=(), centre=GeoPoint(41, 80), radius_m=math.nan), "closure.radius"),
        (area("POLYGON ((80 41, 81 41"), "closure.polygon"),
        (area("POLYGON EMPTY"), "closure.polygon"),
        (area("LINESTRING (80 41, 81 41)"), "closure.polygon"),
        (area("a\x00b"), "closure.polygon"),
        (area("\ud800"), "closure.polygon"),
        (area("{" * 9), "closure.polygon"),
        (area("[" * 100_000), "closure.polygon"),
        (area('{"a":' * 100_000), "closure.polygon"),
        (area({"type": "Polygon"}), "closure.polygon"),
        (area({"type": "Polygon", "coordinates": [[["a", "b"]]]}), "closure.polygon"),
        (area({"type": "Polygon", "coordinates": 3}), "closure.polygon"),
        (area({"type": "Feature", "geometry": None}), "closure.polygon"),
        (area("POLYGON ((80 41, 81 42, 81 41, 80 42, 80 41))"), "closure.polygon"),
        (area("POLYGON ((41 120, 42 120, 42 121, 41 121, 41 120))"), "closure.polygon"),
        (area("POLYGON ((80 41, 81 nan, 81 42, 80 42, 80 41))"), "closure.polygon"),
        (area("x" * (rules.MAX_POLYGON_TEXT + 1)), "closure.polygon"),
        (area(shapely.Point(80, 41).buffer(1, quad_segs=2501).wkt), "closure.polygon"),
    ],
)
def test_refusals_are_told_apart(draft: ClosureDraft, code: str) -> None:
    assert refusal(draft) == code


@given(DRAFTS)
def test_any_draft_is_refused_or_kept_as_it_was_meant(draft: ClosureDraft) -> None:
    try:
        closure = checked(draft, NOW)
    except Invalid as refused:
        code = refused.code
    else:
        code = ""
        same_meaning(draft, closure)
    assert code == "" or code.startswith("closure.")


def same_meaning(draft: ClosureDraft, closure: CheckedClosure) -> None:
    assert closure.ways is None or set(closure.ways) == set(draft.ways)
    assert closure.edges is None or set(closure.edges) == set(draft.edges)
    assert closure.centre == draft.centre
    assert closure.speed_factor == draft.speed_factor
    assert closure.active_from == in_utc(draft.active_from or NOW)
    assert closure.active_until == in_utc(draft.active_until)
    for text in (closure.reason, closure.author):
        assert text == text.strip() != ""
        assert "\0" not in text.encode().decode()
    # What came out may go in again, and comes out the same.
    again = ClosureDraft(
        reason=closure.reason,
        author=closure.author,
        speed_factor=closure.speed_factor,
        active_from=closure.active_from,
        active_until=closure.active_until,
        ways=closure.ways or (),
        edges=closure.edges or (),
        network_version=closure.network_version,
        polygon=None if closure.polygon is None else shapely.from_wkb(closure.polygon).wkt,
        centre=closure.centre,
        radius_m=closure.radius_m,
    )
    twice = checked(again, NOW)
    assert replace(twice, polygon=None) == replace(closure, polygon=None)
    if closure.polygon is not None:
        assert twice.polygon is not None
        assert shapely.equals_exact(shapely.from_wkb(twice.polygon), shapely.from_wkb(closure.polygon), 1e-12)
