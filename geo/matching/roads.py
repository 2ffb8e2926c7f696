"""What the matching kernels read of a network, and the memory they write into."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.matching.states import LAG, MOST
from geo.network.attributes import EdgeFlag, RoadClass
from geo.network.model import RoadNetwork
from geo.snapping import Snapper


class Roads(NamedTuple):
    """Arrays of a network, as `geo.network.model` has them; all of them read-only, so that kernels compile once.

    usable: [S] shapes that are driven on. weight_mm: [E] length, twice where it goes against a one-way street; −1 where
    nobody drives.
    """

    grid: NDArray[np.int64]
    cell_offsets: NDArray[np.int32]
    cell_segments: NDArray[np.int32]
    cell_shapes: NDArray[np.int32]
    shape_offsets: NDArray[np.int32]
    x_e7: NDArray[np.int32]
    y_e7: NDArray[np.int32]
    along_m: NDArray[np.float64]
    forward: NDArray[np.int32]
    backward: NDArray[np.int32]
    usable: NDArray[np.bool_]
    length_m: NDArray[np.float64]
    edge_from: NDArray[np.int32]
    edge_to: NDArray[np.int32]
    twin: NDArray[np.int32]
    against: NDArray[np.bool_]
    first_edge: NDArray[np.int32]
    weight_mm: NDArray[np.int32]


class Tracks(NamedTuple):
    """What is known of vehicles, a row each; [rows, MOST + 1] and, of the layers before, [rows, LAG, MOST + 1].

    head: [rows, 7] whether anything is known, latitude, longitude and time of the last fix that counted, time of the
    last fix, its standard deviation, layers known. cost: of each possible place; the last column is "off the road".
    """

    head: NDArray[np.float64]
    edge: NDArray[np.int32]
    along_m: NDArray[np.float64]
    cost: NDArray[np.float64]
    past_edge: NDArray[np.int32]
    past_from: NDArray[np.int8]


class Scratch(NamedTuple):
    """What one call at a time writes into: mm, marks and heap of the search; possible places of one fix, [MOST + 1]."""

    mm: NDArray[np.int32]
    mark: NDArray[np.int64]
    heap: NDArray[np.int64]
    edge: NDArray[np.int32]
    along_m: NDArray[np.float64]
    emission: NDArray[np.float64]
    off_m: NDArray[np.float64]
    cost: NDArray[np.float64]
    came_from: NDArray[np.int8]
    segments: NDArray[np.int32]


def roads_of(network: RoadNetwork, snapper: Snapper) -> Roads:
    """The arrays of a network."""
    ferry = network.edge_class == RoadClass.FERRY
    shut = ferry | network.edge_has(EdgeFlag.BLOCKED)
    against = network.edge_has(EdgeFlag.CONTRAFLOW)
    weight = np.rint(network.edge_length_m * 1000.0 * np.where(against, 2.0, 1.0)).astype(np.int32)
    return Roads(
        *(
            _read_only(array)
            for array in (
                network.grid, network.cell_offsets, network.cell_segments, network.cell_shapes, network.shape_offsets,
                network.shape_x_e7, network.shape_y_e7, snapper.along_m, network.shape_edge_forward,
                network.shape_edge_backward, snapper.landing, network.edge_length_m, network.edge_from,
                network.edge_to, network.edge_twin, against, network.node_first_edge, np.where(shut, -1, weight),
            )
        )
    )  # fmt: skip


def tracks_for(rows: int) -> Tracks:
    """Room for so many vehicles, of which nothing is known."""
    wide = MOST + 1
    return Tracks(
        np.zeros((rows, 7)),
        np.full((rows, wide), -1, dtype=np.int32),
        np.zeros((rows, wide)),
        np.zeros((rows, wide)),
        np.full((rows, LAG, wide), -1, dtype=np.int32),
        np.zeros((rows, LAG, wide), dtype=np.int8),
    )


def scratch_for(network: RoadNetwork) -> Scratch:
    """Room for one call at a time."""
    wide = MOST + 1
    return Scratch(
        np.zeros(network.node_count, dtype=np.int32),
        np.zeros(network.node_count + 1, dtype=np.int64),
        np.empty(8192, dtype=np.int64),
        np.full(wide, -1, dtype=np.int32),
        np.zeros(wide),
        np.zeros(wide),
        np.zeros(wide),
        np.zeros(wide),
        np.zeros(wide, dtype=np.int8),
        np.zeros(256, dtype=np.int32),
    )


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    seen = np.asarray(array).view()
    seen.flags.writeable = False
    return seen
