"""Gates, bollards and height frames: a point on a road becomes a short edge of its own.

The node of the barrier is doubled, its double stands a little way along the road, and the stretch between them carries
what the barrier demands. A network built so needs no special case in any search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from geo.network.attributes import RoadAttributes, RoadClass
from geo.network.raw import Barrier, RawRoads

_STUB_M: Final = 2.0
"""Length of the stretch that stands for a barrier; a third of the road's first segment where that is shorter."""
_METRES_PER_DEGREE: Final = 111_195.0


@dataclass(slots=True)
class _End:
    """One side of a way at a barrier node: the part of the way that begins or ends there."""

    way: int
    nodes: list[int]
    at_start: bool


def with_barriers(raw: RawRoads) -> RawRoads:
    """`raw` with every barrier turned into a short BARRIER way. Barriers at dead ends and off roads are dropped.

    On a road's course the barrier is put to one side of its node. Where several roads meet in the node, it bars the
    lesser ones (mappers set the bollard of a side street on the junction); among equals, all.
    """
    if not raw.barriers:
        return raw
    by_node: dict[int, Barrier] = {barrier.node: barrier for barrier in raw.barriers}
    is_barrier = np.zeros(len(raw.node_ids), dtype=bool)
    is_barrier[list(by_node)] = True
    way_of_reference = np.repeat(np.arange(len(raw.way_ids)), np.diff(raw.way_offsets))
    affected = np.unique(way_of_reference[is_barrier[raw.way_nodes]])

    ends_at: dict[int, list[_End]] = {}
    parts: list[_End] = []
    for way in affected:
        nodes = raw.way_nodes[raw.way_offsets[way] : raw.way_offsets[way + 1]].tolist()
        cuts = [0, *[i for i in range(1, len(nodes) - 1) if is_barrier[nodes[i]]], len(nodes) - 1]
        for start, stop in pairwise(cuts):
            part = nodes[start : stop + 1]
            parts.append(_End(int(way), part, at_start=True))
            if is_barrier[part[0]]:
                ends_at.setdefault(part[0], []).append(_End(int(way), part, at_start=True))
            if is_barrier[part[-1]]:
                ends_at.setdefault(part[-1], []).append(_End(int(way), part, at_start=False))

    return _rebuild(raw, set(affected.tolist()), parts, _detach(raw, by_node, ends_at))


@dataclass(slots=True)
class _Stub:
    node: int
    double: int
    lat: float
    lon: float
    way: int
    barrier: Barrier


def _detach(raw: RawRoads, barriers: dict[int, Barrier], ends_at: dict[int, list[_End]]) -> list[_Stub]:
    """Give each barred end a double of its node (in place, in its list of nodes) and list the stubs between them."""
    stubs: list[_Stub] = []
    for node, ends in ends_at.items():
        if len(ends) < 2:
            continue
        ranks = [raw.attributes[raw.way_attributes[end.way]].road_class for end in ends]
        barred: Sequence[_End] = [end for end, rank in zip(ends, ranks, strict=True) if rank > min(ranks)] or ends
        if len(ends) == 2:
            barred = barred[-1:]
        for end in barred:
            double = len(raw.node_ids) + len(stubs)
            neighbour = end.nodes[1] if end.at_start else end.nodes[-2]
            if neighbour >= len(raw.node_ids):
                neighbour = stubs[neighbour - len(raw.node_ids)].node
            lat, lon = raw.node_lat[node], raw.node_lon[node]
            d_lat, d_lon = raw.node_lat[neighbour] - lat, raw.node_lon[neighbour] - lon
            length_m = float(np.hypot(d_lat, d_lon * np.cos(np.radians(lat)))) * _METRES_PER_DEGREE
            share = min(_STUB_M / max(length_m, 1e-9), 1 / 3)
            end.nodes[0 if end.at_start else -1] = double
            stubs.append(_Stub(node, double, lat + share * d_lat, lon + share * d_lon, end.way, barriers[node]))
    return stubs


def _rebuild(raw: RawRoads, affected: set[int], parts: list[_End], stubs: list[_Stub]) -> RawRoads:
    attributes = list(raw.attributes)
    known: dict[RoadAttributes, int] = {value: row for row, value in enumerate(attributes)}
    untouched = np.array([way for way in range(len(raw.way_ids)) if way not in affected], dtype=np.int64)
    ways = [raw.way_nodes[raw.way_offsets[way] : raw.way_offsets[way + 1]] for way in untouched]
    ids, rows, names = (list(column[untouched]) for column in (raw.way_ids, raw.way_attributes, raw.way_names))
    for part in parts:
        ways.append(np.array(part.nodes, dtype=np.int64))
        ids.append(raw.way_ids[part.way])
        rows.append(raw.way_attributes[part.way])
        names.append(raw.way_names[part.way])
    for stub in stubs:
        barrier = stub.barrier
        value = RoadAttributes(
            RoadClass.BARRIER,
            flags=barrier.flags,
            max_height_cm=barrier.max_height_cm,
            max_width_cm=barrier.max_width_cm,
            max_weight_kg=barrier.max_weight_kg,
        )
        if value not in known:
            known[value] = len(attributes)
            attributes.append(value)
        ways.append(np.array([stub.node, stub.double], dtype=np.int64))
        ids.append(raw.way_ids[stub.way])
        rows.append(np.int32(known[value]))
        names.append(raw.way_names[stub.way])
    offsets = np.zeros(len(ways) + 1, dtype=np.int64)
    np.cumsum([len(way) for way in ways], out=offsets[1:])
    return replace(
        raw,
        node_ids=np.concatenate([raw.node_ids, -1 - np.arange(len(stubs), dtype=np.int64)]),
        node_lat=np.concatenate([raw.node_lat, np.array([stub.lat for stub in stubs], dtype=np.float64)]),
        node_lon=np.concatenate([raw.node_lon, np.array([stub.lon for stub in stubs], dtype=np.float64)]),
        way_ids=np.array(ids, dtype=np.int64),
        way_offsets=offsets,
        way_nodes=np.concatenate(ways) if ways else raw.way_nodes,
        way_attributes=np.array(rows, dtype=np.int32),
        way_names=np.array(names, dtype=np.int32),
        attributes=attributes,
        barriers=(),
    )
