"""Matching fixes to the road: what one costs, and how often it is right, against plain snapping to the nearest road."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.engine import RoadEngine
from geo.matching.matcher import Matcher
from geo.snapping import Snapper
from tests.benchmarks.report import Row
from tests.benchmarks.scene import SEED, Scene
from tests.benchmarks.timing import once
from tests.factories.drives import Drive, drive

_DRIVES: Final = 60
_LEAST: Final = 120
_CASES: Final = ((4.0, True), (10.0, True), (10.0, False), (20.0, True))


def rows(scene: Scene) -> Iterator[Row]:
    """Issue 5: positions map-matched to the network."""
    for sigma_m, headings in _CASES:
        drives = _drives(scene.engine, scene, sigma_m, headings=headings)
        yield from _accuracy(scene, drives, f"{sigma_m:.0f} m of noise, {'with' if headings else 'without'} headings")
    yield _cost(scene, _drives(scene.engine, scene, 10.0, headings=True))


def _drives(engine: RoadEngine, scene: Scene, sigma_m: float, *, headings: bool) -> list[Drive]:
    found: list[Drive] = []
    ends = scene.nodes(11, 4 * _DRIVES).reshape(-1, 2).tolist()
    for number, (start, end) in enumerate(ends):
        one = drive(engine, start, end, seed=SEED + number, sigma_m=sigma_m, headings=headings, vehicle=str(number))
        if one is not None and len(one.fixes) >= _LEAST and len(found) < _DRIVES:
            found.append(one)
    return found


def _accuracy(scene: Scene, drives: list[Drive], named: str) -> Iterator[Row]:
    """Right is an edge of the way that was driven, in its direction; a nearest road has none, so either counts."""
    network, matcher = scene.network, Matcher(scene.network, scene.engine.snapper)
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
        nearest += [shape in shapes for shape in _snapped(scene.engine.snapper, one)]
    share = float(np.mean(right))
    yield Row(
        f"fixes matched to the road, {named}: places told that are on the way driven, and in its direction; peer: the"
        " nearest road, either direction",
        f"{share:.1%} of {np.mean(told):.1%} told",
        f"{np.mean(nearest):.1%}",
        share * 100.0,
        least=97.0 if named.startswith("10 m of noise, with ") else None,
        unit=" %",
    )
    yield Row("the same: edges, once settled (eight fixes that count later)", f"{np.mean(settled):.1%}")


def _snapped(snapper: Snapper, one: Drive) -> list[int]:
    lat, lon = _columns(one)
    return [int(shape) for shape in snapper.snap(lat, lon).shape]


def _columns(one: Drive) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([fix.lat for fix in one.fixes]), np.array([fix.lon for fix in one.fixes])


def _cost(scene: Scene, drives: list[Drive]) -> Row:
    """Second after second, a batch of one fix of each vehicle; the peer is handed the same places as arrays."""
    matcher, snapper = Matcher(scene.network, scene.engine.snapper), scene.engine.snapper
    ours: list[float] = []
    peer: list[float] = []
    for second in range(_LEAST):
        batch = [one.fixes[second] for one in drives]
        lat, lon = np.array([fix.lat for fix in batch]), np.array([fix.lon for fix in batch])
        ours.append(once(lambda told=batch: matcher.match(told)) / len(batch))  # type: ignore[misc]
        peer.append(once(lambda lat=lat, lon=lon: snapper.snap(lat, lon)) / len(batch))  # type: ignore[misc]
    each_us, peer_us = float(np.median(ours)) * 1e6, float(np.median(peer)) * 1e6
    return Row(
        f"matching a fix, {len(drives)} vehicles by one call, a second apart ÷ snapping it to the nearest road",
        f"{each_us:.1f} µs",
        f"{peer_us:.1f} µs",
        each_us / peer_us,
    )
