"""From ways to stretches between junctions: split where ways meet, merge where nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import Direction, EdgeFlag, RoadAttributes
from geo.network.raw import RawRoads
from geo.points import haversine_many_m

_SOFT_FLAGS: Final = EdgeFlag.BRIDGE | EdgeFlag.TUNNEL
"""Flags that do not keep two stretches apart; the merged one carries both."""
LONGEST_M: Final = 2000.0
"""A stretch is not merged beyond this length, so that a closure on a long desert road shuts a part of it, not all."""
_TURNED: Final = {
    Direction.BOTH: Direction.BOTH,
    Direction.FORWARD: Direction.BACKWARD,
    Direction.BACKWARD: Direction.FORWARD,
}


@dataclass(frozen=True, slots=True)
class Chains:
    """Stretches of road between junctions.

    Shapes: S chains, q pieces in all, p points in all. `piece_offsets` [S + 1] into the piece columns; `offsets`
    [S + 1] into `points` (raw node indices along each chain).
    """

    piece_offsets: NDArray[np.int64]
    piece_way: NDArray[np.int64]
    piece_turned: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    points: NDArray[np.int64]


def turned(value: RoadAttributes) -> RoadAttributes:
    """The same road seen from its other end."""
    return replace(
        value,
        direction=_TURNED[value.direction],
        maxspeed_forward_kmh=value.maxspeed_backward_kmh,
        maxspeed_backward_kmh=value.maxspeed_forward_kmh,
    )


def make_chains(raw: RawRoads, keep: NDArray[np.int64]) -> Chains:
    """Split all ways at junctions and merge what is alike across nodes of degree two.

    `keep` names raw nodes that must stay nodes (the turning points of restrictions). Two stretches merge only where
    everything that routing asks, and the name, is equal; so a speed read from data holds for the whole edge. Long roads
    are cut about every `LONGEST_M`, at points that they have.
    """
    along_m = _along_ways_m(raw)
    start, stop, way = _pieces(raw, keep, along_m)
    ends = np.concatenate([raw.way_nodes[start], raw.way_nodes[stop]])
    outward, inward = _keys(raw, way)
    count = len(start)
    degree = np.bincount(ends, minlength=len(raw.node_ids))

    # The two piece ends at each node of degree two. End e < count is the start of piece e, else the stop of e − count.
    order = np.argsort(ends, kind="stable")
    candidates = np.flatnonzero(degree == 2)
    first = np.searchsorted(ends[order], candidates)
    one, two = order[first], order[first + 1]
    free = np.ones(len(raw.node_ids), dtype=bool)
    free[keep] = False
    merge = (one % count != two % count) & (inward[one] == outward[two]) & free[candidates]
    partner = np.full(2 * count, -1, dtype=np.int64)
    partner[one[merge]], partner[two[merge]] = two[merge], one[merge]
    return _flatten(raw, start, stop, way, _walk(partner, along_m[stop] - along_m[start]))


def _along_ways_m(raw: RawRoads) -> NDArray[np.float64]:
    """[r] metres driven along its way up to each reference."""
    lat, lon = raw.node_lat[raw.way_nodes], raw.node_lon[raw.way_nodes]
    along = np.concatenate([[0.0], np.cumsum(haversine_many_m(lat[:-1], lon[:-1], lat[1:], lon[1:]))])
    driven: NDArray[np.float64] = along - np.repeat(along[raw.way_offsets[:-1]], np.diff(raw.way_offsets))
    return driven


def _pieces(
    raw: RawRoads, keep: NDArray[np.int64], along_m: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Positions in `way_nodes` where each piece starts and stops, and its way."""
    used = np.bincount(raw.way_nodes, minlength=len(raw.node_ids))
    is_node = used > 1
    is_node[keep] = True
    cut = is_node[raw.way_nodes]
    cut[1:] |= np.floor(along_m[1:] / LONGEST_M) > np.floor(along_m[:-1] / LONGEST_M)
    cut[raw.way_offsets[:-1]] = True
    cut[raw.way_offsets[1:] - 1] = True
    positions = np.flatnonzero(cut)
    way_of = np.repeat(np.arange(len(raw.way_ids)), np.diff(raw.way_offsets))[positions]
    same_way = way_of[:-1] == way_of[1:]
    return positions[:-1][same_way], positions[1:][same_way], way_of[:-1][same_way]


def _keys(raw: RawRoads, way: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each piece end: what the road is, driven away from that end, and driven into it."""
    numbers: dict[RoadAttributes, int] = {}
    hard = [replace(value, flags=value.flags & ~_SOFT_FLAGS, lanes=0) for value in raw.attributes]
    along = np.array([numbers.setdefault(value, len(numbers)) for value in hard], dtype=np.int64)
    against = np.array([numbers.setdefault(turned(value), len(numbers)) for value in hard], dtype=np.int64)
    rows, names = raw.way_attributes[way], raw.way_names[way].astype(np.int64) + 1
    span = len(numbers) + 1
    forward, backward = along[rows] + span * names, against[rows] + span * names
    return np.concatenate([forward, backward]), np.concatenate([backward, forward])


def _walk(partner: NDArray[np.int64], length_m: NDArray[np.float64]) -> list[list[int]]:
    """Chains as lists of piece ends entered: an end e < count is piece e driven forward, e ≥ count backward."""
    links, lengths, count = partner.tolist(), length_m.tolist(), len(length_m)
    seen = bytearray(count)
    chains: list[list[int]] = []
    loose = [end for end in range(2 * count) if links[end] < 0]
    for end in [*loose, *range(count)]:  # what the loose ends do not reach are rings
        if seen[end % count]:
            continue
        chain: list[int] = []
        here, driven_m = end, 0.0
        while here >= 0 and not seen[here % count]:
            if chain and driven_m + lengths[here % count] > LONGEST_M:
                chains.append(chain)
                chain, driven_m = [], 0.0
            driven_m += lengths[here % count]
            seen[here % count] = 1
            chain.append(here)
            here = links[(here + count) % (2 * count)]
        chains.append(chain)
    return chains


def _flatten(
    raw: RawRoads,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    way: NDArray[np.int64],
    chains: list[list[int]],
) -> Chains:
    """The points of each chain in one column; a joint between two pieces stands once."""
    count = len(start)
    lengths = np.array([len(chain) for chain in chains], dtype=np.int64)
    ends = np.array([end for chain in chains for end in chain], dtype=np.int64)
    piece, backwards = ends % count, ends >= count
    piece_offsets = np.concatenate([[0], np.cumsum(lengths)])
    leads = np.zeros(len(ends), dtype=bool)
    leads[piece_offsets[:-1]] = True
    size = stop[piece] - start[piece] + leads  # all points, without the first where a piece goes on from another
    where = np.cumsum(size) - size
    owner = np.repeat(np.arange(len(ends)), size)
    step = np.arange(len(owner)) - where[owner] + (~leads[owner])
    position = np.where(backwards[owner], stop[piece[owner]] - step, start[piece[owner]] + step)
    offsets = np.concatenate([[0], np.cumsum(np.add.reduceat(size, piece_offsets[:-1]))])
    return Chains(piece_offsets, way[piece], backwards, offsets, raw.way_nodes[position])
