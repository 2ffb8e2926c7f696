"""Coverage: 200,000 cells of people from 60 stations, and each search against one question for every cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from geo.covering import Spots, areas, each_within, shortest_m, soonest_s, spots
from geo.points import E7
from geo.ranking import Limits
from tests.benchmarks.report import Row
from tests.benchmarks.scene import SEED, Scene
from tests.benchmarks.timing import Side, in_turns

_CELLS: Final = 200_000
_SOURCES: Final = 60
_CANDIDATES: Final = 100
_ROUNDS: Final = 5
_WITHIN_S: Final = 900.0


def rows(scene: Scene) -> Iterator[Row]:
    """What a supervisor waits for at the first look, and at the next ones."""
    engine, limits = scene.engine, Limits()
    weighted = engine.weighted(scene.free)
    network, dice = scene.network, np.random.default_rng(SEED)
    nodes = dice.integers(0, network.node_count, _CELLS)  # people live beside roads
    lat, lon = (axis[nodes] / E7 + dice.normal(0.0, 0.0005, _CELLS) for axis in (network.node_y_e7, network.node_x_e7))
    fleet = scene.fleet(_SOURCES, scene.free)
    sources = spots(engine.snapper, weighted, fleet.lat, fleet.lon)

    def look(_: int) -> Spots:
        places = spots(engine.snapper, weighted, lat, lon)
        soonest_s(weighted, sources, places, limits)
        shortest_m(engine.weights.lengths(weighted), sources, places, limits)
        return places

    places, lengths = look(0), engine.weights.lengths(weighted)

    def again(_: int) -> None:
        soonest_s(weighted, sources, places, limits)
        shortest_m(lengths, sources, places, limits)

    candidates = places.at(slice(0, _CANDIDATES))
    few = places.at(slice(0, 10_000))
    first, next_, site, drawn = in_turns(
        Side(look, list(range(_ROUNDS))),
        Side(again, list(range(_ROUNDS))),
        Side(lambda _: list(each_within(weighted, candidates, few, limits, _WITHIN_S)), list(range(_ROUNDS))),
        Side(lambda _: areas(weighted, sources, limits, [480.0, _WITHIN_S, 1_800.0], 200.0), list(range(_ROUNDS))),
    )
    name = f"coverage of {_CELLS:,} cells from {_SOURCES} places, by time and by road"
    yield Row(f"{name}: all put on the road, lengths made", str(first))
    yield Row(f"{name}: searches alone", str(next_))
    yield Row(f"a further station: {_CANDIDATES} candidates, whom of 10,000 cells each reaches in 15 min", str(site))
    yield Row(f"ground reached from {_SOURCES} places within 8, 15 and 30 min, as a map", str(drawn))
