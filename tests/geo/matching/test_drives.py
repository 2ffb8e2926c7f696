"""Whole drives with noise are recovered, and by the likeliest way that an independent search of the whole finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from factories.drives import Drive, drive
from factories.networks import random_roads
from factories.viterbi import Offline
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.demo import make_demo
from geo.engine import RoadEngine
from geo.matching.matcher import Matcher, VehicleFix
from geo.matching.states import Figures
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.progress import silent
from geo.travel import Question


@pytest.fixture(scope="module")
def region() -> RoadNetwork:
    return assemble(make_demo(silent).raw, region="aksu")


def drives_on(network: RoadNetwork, count: int, *, least: int = 60, **given: object) -> list[Drive]:
    engine = RoadEngine(network)
    core = np.flatnonzero(engine.weighted(Question()).core)
    draw = np.random.default_rng(5)
    found: list[Drive] = []
    while len(found) < count:
        start, end = draw.choice(core, 2)
        name = str(len(found))
        one = drive(engine, int(start), int(end), seed=len(found), vehicle=name, **given)  # type: ignore[arg-type]
        if one is not None and len(one.fixes) >= least:
            found.append(one)
    return found


@dataclass
class Tally:
    """told: of the fixes, those with a place; right: of those told, on an edge of the way; settled: the same."""

    told: float
    right: float
    settled: float
    nearest: float


def recovered(network: RoadNetwork, drives: list[Drive]) -> Tally:
    matcher, snapper = Matcher(network), RoadEngine(network).snapper
    told: list[bool] = []
    right: list[bool] = []
    settled: list[bool] = []
    nearest: list[bool] = []
    for one in drives:
        way, shapes = set(one.all), set(network.edge_shape[list(one.all)].tolist())
        found = matcher.match_all(one.fixes)
        told += (found.edge >= 0).tolist()
        right += [edge in way for edge in found.edge.tolist() if edge >= 0]
        settled += [edge in way for edge in found.settled.tolist() if edge >= 0]
        lat, lon = (np.array([getattr(fix, name) for fix in one.fixes]) for name in ("lat", "lon"))
        nearest += [shape in shapes for shape in snapper.snap(lat, lon).shape.tolist()]
    return Tally(*(float(np.mean(column)) for column in (told, right, settled, nearest)))


def test_drives_through_the_built_in_region(region: RoadNetwork) -> None:
    found = recovered(region, drives_on(region, 12))
    assert found.settled >= 0.99
    assert found.right >= 0.98
    assert found.told >= 0.95
    assert found.told * found.right > found.nearest


def test_without_headings_more_is_left_open_and_little_wrong(region: RoadNetwork) -> None:
    found = recovered(region, drives_on(region, 12, headings=False))
    assert found.settled >= 0.97
    assert found.right >= 0.97
    assert found.told >= 0.75


def test_drives_through_a_real_city(extract: Callable[[str], RoadNetwork]) -> None:
    porto = extract("porto")
    found = recovered(porto, drives_on(porto, 15))
    assert found.settled >= 0.98
    assert found.right >= 0.97
    assert found.told >= 0.88
    assert found.told * found.right > found.nearest


@pytest.mark.parametrize("seed", range(6))
def test_the_same_way_as_looked_at_whole(seed: int) -> None:
    """Settled are the edges that the likeliest drive takes, as an independent search of all roads finds it."""
    network = assemble(random_roads(seed, side=6), region="random")
    figures = Figures(least_sure=0.0)
    offline, same = Offline(network, figures), []
    for one in drives_on(network, 4, least=20, headings=bool(seed % 2), sigma_m=8.0):
        found = Matcher(network, figures=figures).match_all(one.fixes)
        looked = offline.look(one.fixes)
        last = looked.rows[-1]
        assert found.edge[last] == looked.edges[-1]
        settled = [int(found.settled[row]) for row in looked.rows]
        lag = 7
        same += [edge == whole for edge, whole in zip(settled[lag + 1 :], looked.edges[1:], strict=False)]
    assert len(same) > 30
    assert np.mean(same) >= 0.98


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), sigma_m=st.floats(0.0, 60.0), headings=st.booleans(), every_s=st.floats(0.2, 90.0))
def test_whatever_is_told_a_place_is_on_a_road_near_the_fix(
    seed: int, sigma_m: float, headings: bool, every_s: float
) -> None:
    network = assemble(random_roads(seed % 7), region="random")
    engine = RoadEngine(network)
    start, end = np.random.default_rng(seed).integers(0, network.node_count, 2)
    one = drive(engine, int(start), int(end), seed=seed, sigma_m=sigma_m, headings=headings, every_s=every_s)
    if one is None:
        return
    matcher = Matcher(network, engine.snapper)
    found = matcher.match(one.fixes)
    for fix, match in zip(one.fixes, found, strict=True):
        if match is None:
            continue
        assert 0 <= match.edge < network.edge_count
        assert 0.0 <= match.share <= 1.0
        assert 0.75 <= match.sure <= 1.0 + 1e-9
        assert match.off_m <= Figures().most_radius_m
        nearest = float(engine.snapper.snap(np.array([fix.lat]), np.array([fix.lon])).distance_m[0])
        assert match.off_m >= nearest - 0.01


def test_vehicles_told_together_are_matched_as_each_alone(region: RoadNetwork) -> None:
    drives = drives_on(region, 5)
    alone = {one.vehicle: Matcher(region).match(one.fixes) for one in drives}
    together: list[VehicleFix] = sorted((fix for one in drives for fix in one.fixes), key=lambda fix: fix.time_s)
    matcher, found = Matcher(region), []
    for first in range(0, len(together), 97):
        found += matcher.match(together[first : first + 97])
    for one in drives:
        own = [match for fix, match in zip(together, found, strict=True) if fix.vehicle == one.vehicle]
        assert own == alone[one.vehicle]
