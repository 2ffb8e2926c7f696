"""200 × 20 times: the engine, and its searches alone, against scipy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from geo.points import GeoPoint
from geo.routing.heap_kernels import NEVER
from tests.benchmarks.kernel import Asked, asked, times_alone
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.timing import Side, in_turns

_ORIGINS = 200
_TARGETS = 20
_ROUNDS = 15


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 2, line 4."""
    engine, free = scene.engine, scene.free
    weighted = engine.weighted(free)
    fleet = scene.fleet(_ORIGINS, free)
    origins = [GeoPoint(float(lat), float(lon)) for lat, lon in zip(fleet.lat, fleet.lon, strict=True)]
    several = [
        asked(scene, weighted, free, scene.nodes(100 + number, 2 * _TARGETS).tolist())[:_TARGETS]
        for number in range(_ROUNDS)
    ]
    entries = fleet.entries

    def by_scipy(targets: list[Asked]) -> NDArray[np.float64]:
        reached = dijkstra(scene.matrix, indices=[one.node for one in targets])
        best = np.full((len(targets), _ORIGINS), np.inf)
        np.minimum.at(best.T, entries.owner, (reached[:, entries.state] + entries.ms).T)
        return best

    for targets in several[:3]:
        ours = np.stack(times_alone(weighted, fleet)(targets))
        whole = engine.matrix(origins, [one.point for one in targets], free).time_ms.T
        theirs = by_scipy(targets)
        ours[ours >= NEVER] = -1
        theirs[np.isinf(theirs)] = -1
        if not np.array_equal(ours, theirs) or not np.array_equal(ours, whole):
            raise AssertionError("scipy answers otherwise")
    whole_t, alone, peer = in_turns(
        Side(lambda targets: engine.matrix(origins, [one.point for one in targets], free), several),
        Side(times_alone(weighted, fleet), several),
        Side(by_scipy, several),
    )
    name = f"{_ORIGINS} × {_TARGETS} matrix"
    yield Row(f"{name}: from coordinates ÷ scipy", str(whole_t), str(peer), peer.median_s / whole_t.median_s, least=2.0)
    yield Row(f"{name}: searches alone ÷ scipy", str(alone), str(peer), peer.median_s / alone.median_s)
