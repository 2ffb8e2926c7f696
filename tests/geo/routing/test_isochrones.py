"""Isochrones against brute force: exact lengths, and the area of true buffers."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
import shapely
import shapely.ops
from factories.ascii_map import Drawing, road
from factories.networks import random_roads
from shapely.geometry.base import BaseGeometry

from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.attributes import Direction, RoadClass
from geo.overlay import Closure, Overlay
from geo.points import METRES_PER_DEGREE, GeoPoint
from geo.routing.isochrones import BESIDE_ROAD_M
from geo.snapping_kernels import OPEN
from geo.speeds import EMERGENCY, ORDINARY, Profile
from geo.travel import Isochrone, Question

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
STREET_MPS = 30.0 * 1.15 / 3.6
"""A rural residential street on an emergency run."""


def _plane(geometry: BaseGeometry, origin: GeoPoint) -> BaseGeometry:
    """Degrees to metres around a place."""
    scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(origin.lat)), 1.0])
    return shapely.transform(geometry, lambda xy: (xy - (origin.lon, origin.lat)) * scale)


def _reached(engine: RoadEngine, origin: GeoPoint, limit_s: float, question: Question) -> list[BaseGeometry]:
    """Reached roads by brute force: every metre or so of every edge is asked for its time."""
    network = engine.network
    pieces: list[BaseGeometry] = []
    weighted = engine.weighted(question)
    for shape in np.flatnonzero(weighted.landing == OPEN).tolist():
        edge = int(max(network.shape_edge_forward[shape], network.shape_edge_backward[shape]))
        line = shapely.LineString(network.edge_line(edge))
        count = max(2, round(float(network.edge_length_m[edge]) / 4.0))
        shares = (np.arange(count) + 0.5) / count
        places = [line.interpolate(share, normalized=True) for share in shares]
        found = engine.matrix([origin], [GeoPoint(place.y, place.x) for place in places], question).time_ms[0]
        for share, time in zip(shares, found.tolist(), strict=True):
            if 0 <= time <= limit_s * 1000:
                pieces.append(shapely.ops.substring(line, share - 0.5 / count, share + 0.5 / count, normalized=True))
    return pieces


def _ask(engine: RoadEngine, origin: GeoPoint, *limits_s: float, question: Question | None = None) -> list[Isochrone]:
    found = engine.isochrone(origin, list(limits_s), question or Question())
    for item in found:
        assert shapely.is_valid(item.area)
        assert isinstance(item.area, shapely.MultiPolygon)
    return found


GRID = """
    A---B---C
    |   |   |
    D---E---F
    |   |   |
    G---H---I
"""
GRID_WAYS = {"ABC": road(), "DEF": road(RoadClass.TERTIARY), "GHI": road(), "ADG": road(), "BEH": road(), "CFI": road()}


@pytest.mark.parametrize("limit_s", [20.0, 60.0, 100.0, 500.0])
@pytest.mark.parametrize("profile", [EMERGENCY, ORDINARY])
@pytest.mark.parametrize(("column", "row"), [(4, 2), (2, 0), (4.7, 2), (8, 3.1)])
def test_length_and_area_on_a_drawn_map(limit_s: float, profile: Profile, column: float, row: float) -> None:
    drawing = Drawing(GRID, GRID_WAYS)
    engine = RoadEngine(drawing.network())
    origin = drawing.at(column, row)
    question = Question(profile)
    (found,) = _ask(engine, origin, limit_s, question=question)
    pieces = _reached(engine, origin, limit_s, question)
    lines = [_plane(piece, origin) for piece in pieces]
    assert found.reached_road_m == pytest.approx(sum(shapely.length(lines)), abs=4.0 * 14)
    exact = shapely.union_all([shapely.buffer(line, BESIDE_ROAD_M, quad_segs=16) for line in lines])
    area = _plane(found.area, origin)
    assert area.area == pytest.approx(exact.area, rel=0.03)
    assert area.symmetric_difference(exact).area < 0.04 * exact.area


@pytest.mark.parametrize("seed", range(6))
def test_area_of_a_whole_network_with_its_holes(seed: int) -> None:
    raw = random_roads(seed, side=12, loose=0.35)
    raw.node_lat[:] = 41.0 + (raw.node_lat - 41.0) * 2.5  # blocks of 550 m: holes between the streets
    raw.node_lon[:] = 80.0 + (raw.node_lon - 80.0) * 2.5
    raw.attributes = [road()]
    raw.way_attributes[:] = 0
    network = assemble(raw, region="random")
    engine = RoadEngine(network)
    inside = engine.weighted(Question()).core
    assert inside.sum() > 50
    origin = network.node_point(int(np.flatnonzero(inside)[0]))
    (found,) = _ask(engine, origin, 36_000.0)
    edges = [edge for edge in range(network.edge_count) if inside[network.edge_from[edge]]]
    lines = [_plane(shapely.LineString(network.edge_line(edge)), origin) for edge in edges]
    exact = shapely.union_all(shapely.buffer(lines, BESIDE_ROAD_M, quad_segs=16))
    area = _plane(found.area, origin)
    assert sum(len(part.interiors) for part in area.geoms) > 5
    assert area.area == pytest.approx(exact.area, rel=0.01)
    assert area.symmetric_difference(exact).area < 0.02 * exact.area


def test_greater_limits_reach_further() -> None:
    engine = RoadEngine(assemble(random_roads(4, loose=0.1), region="random"))
    west, south, east, north = engine.network.bbox
    origin = GeoPoint((south + north) / 2, (west + east) / 2)
    limits = [0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 10_000.0]
    found = _ask(engine, origin, *reversed(limits))
    assert [item.limit_s for item in found] == limits
    lengths = [item.reached_road_m for item in found]
    assert lengths == sorted(lengths)
    assert lengths[0] == 0.0
    assert found[0].area.is_empty
    for smaller, greater in pairwise(found[1:]):
        # Thinning moves an outline by a few metres at most.
        assert _plane(smaller.area, origin).within(_plane(greater.area, origin).buffer(20.0))
    assert _ask(engine, origin) == []


def test_the_road_it_begins_on_is_inside() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network())
    for column in (0.0, 0.2, 5.0, 10.0):
        (found,) = _ask(engine, drawing.at(column, 0), 10.0)
        start = drawing.at(column, 0)
        assert found.area.contains(shapely.Point(start.lon, start.lat))
        reach = min(10.0 * STREET_MPS, 100.0 * column) + min(10.0 * STREET_MPS, 1000.0 - 100.0 * column)
        assert found.reached_road_m == pytest.approx(reach, abs=0.5)


def test_a_street_driven_both_ways_counts_once() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network())
    assert _ask(engine, drawing.at(3, 0), 3600.0)[0].reached_road_m == pytest.approx(1000.0, abs=0.5)


def test_forward_only_on_a_one_way() -> None:
    drawing = Drawing("A---------B", {"AB": road(direction=Direction.FORWARD)})
    engine = RoadEngine(drawing.network())
    assert _ask(engine, drawing.at(3, 0), 20.0)[0].reached_road_m == pytest.approx(20.0 * STREET_MPS, abs=0.5)
    (end,) = _ask(engine, drawing.points["B"], 600.0)
    assert (end.reached_road_m, end.area.is_empty) == (0.0, True)  # no road leads away


def test_everything_closed_is_nothing_reached() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network())
    engine.overlay = Overlay(1, (Closure(UUID(int=1), NOW, edges=(0, 1)),))
    (found,) = _ask(engine, drawing.at(3, 0), 600.0, question=Question(closures_at=NOW))
    assert (found.reached_road_m, found.area.is_empty) == (0.0, True)


def test_the_walk_to_the_road_comes_first() -> None:
    drawing = Drawing("A---------B", {"AB": road()})
    engine = RoadEngine(drawing.network())
    camp = drawing.at(5, -24)
    walk_s = 2400.0 / engine.limits.walking_speed_mps
    before, after = _ask(engine, camp, walk_s - 10.0, walk_s + 10.0)
    assert before.reached_road_m == 0.0
    assert after.reached_road_m == pytest.approx(2 * 10.0 * STREET_MPS, rel=0.02)


def test_a_very_long_road() -> None:
    drawing = Drawing("A" + "-" * 49 + "B", {"AB": road(RoadClass.PRIMARY)}, cell_m=10_000.0)
    engine = RoadEngine(drawing.network())
    origin = drawing.at(25, 0)
    (found,) = _ask(engine, origin, 3600.0)
    assert found.reached_road_m == pytest.approx(2 * 65.0 * 1.15 * 1000.0, rel=1e-3)
    area = _plane(found.area, origin)
    assert area.area == pytest.approx(2 * BESIDE_ROAD_M * found.reached_road_m, rel=0.02)
