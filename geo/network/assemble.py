"""From ways to a `RoadNetwork`: junctions, merged stretches, directed edges, names, restrictions, index."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import NoRoads
from geo.network.attributes import Direction, EdgeFlag, RoadAttributes
from geo.network.barriers import with_barriers
from geo.network.chains import Chains, make_chains, turned
from geo.network.divided import divided_shapes, urban_points
from geo.network.grid import build_grid
from geo.network.model import RoadNetwork
from geo.network.raw import RawRoads
from geo.network.texts import TextTable
from geo.network.turns import forbidden_sequences
from geo.points import E7, haversine_many_m
from geo.progress import Progress, silent

Columns = dict[str, NDArray[Any]]


def assemble(
    raw: RawRoads, *, region: str, meta: dict[str, Any] | None = None, progress: Progress = silent
) -> RoadNetwork:
    """Make the network of a region.

    Stretches between junctions are merged while class, surface, limits, flags and name stay the same; all components
    are kept. Undivided one-ways get a CONTRAFLOW twin. Edges are sorted by their first node, and nodes along a curve
    that keeps neighbours together in memory.

    Raises:
        NoRoads: no way has two different places.
    """
    if len(raw.way_ids) == 0:
        raise NoRoads("There is no road a vehicle can use in this data.", "Check the file, and the place it covers.")
    progress("joining ways at junctions", 0.0)
    raw = _without_repeats(with_barriers(raw))
    chains = make_chains(raw, _nodes_of_restrictions(raw))
    progress("measuring stretches", 0.3)
    texts = TextTable()
    name_rows = texts.names(raw.names)
    shapes = _shape_columns(raw, chains, name_rows)
    _mark_divided(raw, shapes, name_rows)
    progress("making edges", 0.5)
    nodes, node_of_raw = _node_columns(raw, chains)
    edges = _edge_columns(shapes, node_of_raw, len(nodes["node_osm_id"]))
    progress("indexing", 0.7)
    grid, cell_offsets, cell_segments, cell_shapes = build_grid(
        shapes["shape_offsets"], shapes["shape_x_e7"], shapes["shape_y_e7"]
    )
    columns: Columns = {
        **nodes,
        **edges,
        **{name: value for name, value in shapes.items() if name.startswith("shape_")},
        **_interest_columns(raw, texts),
        "grid": grid,
        "cell_offsets": cell_offsets,
        "cell_segments": cell_segments,
        "cell_shapes": cell_shapes,
        "restriction_offsets": np.zeros(1, dtype=np.int32),
        "restriction_edges": np.zeros(0, dtype=np.int32),
    }
    columns |= texts.columns()
    notes = dict(raw.notes)
    network = RoadNetwork(**columns, meta={"region": region, **(meta or {}), "notes": notes})
    progress("binding turn restrictions", 0.9)
    bound = [(item, int(node_of_raw[item.via_node]) if item.via_node >= 0 else -1) for item in raw.restrictions]
    sequences, notes["restrictions_unbound"] = forbidden_sequences(network, bound)
    offsets = np.concatenate([[0], np.cumsum([len(sequence) for sequence in sequences])]).astype(np.int32)
    flat = np.array([edge for sequence in sequences for edge in sequence], dtype=np.int32)
    progress("done", 1.0)
    return replace(network, restriction_offsets=offsets, restriction_edges=flat)


def _nodes_of_restrictions(raw: RawRoads) -> NDArray[np.int64]:
    """Raw nodes that must stay nodes, so that a restriction's ways do not merge into one edge."""
    nodes = [item.via_node for item in raw.restrictions if item.via_node >= 0]
    via = np.array([way for item in raw.restrictions for way in item.via_ways], dtype=np.int64)
    rows = np.flatnonzero(np.isin(raw.way_ids, via))
    ends = raw.way_nodes[np.concatenate([raw.way_offsets[rows], raw.way_offsets[rows + 1] - 1])]
    return np.unique([*nodes, *ends.tolist()]).astype(np.int64)


def _without_repeats(raw: RawRoads) -> RawRoads:
    """Drop a node that follows itself, and ways that have fewer than two places left."""
    way_of = np.repeat(np.arange(len(raw.way_ids)), np.diff(raw.way_offsets))
    fresh = np.ones(len(raw.way_nodes), dtype=bool)
    fresh[1:] = (raw.way_nodes[1:] != raw.way_nodes[:-1]) | (way_of[1:] != way_of[:-1])
    sizes = np.bincount(way_of[fresh], minlength=len(raw.way_ids))
    good = sizes >= 2
    if not good.any():
        raise NoRoads("No way in this data has two different places.", "Check the file, and the place it covers.")
    return replace(
        raw,
        way_ids=raw.way_ids[good],
        way_offsets=np.concatenate([[0], np.cumsum(sizes[good])]),
        way_nodes=raw.way_nodes[fresh & good[way_of]],
        way_attributes=raw.way_attributes[good],
        way_names=raw.way_names[good],
    )


def _shape_columns(raw: RawRoads, chains: Chains, name_rows: NDArray[np.int32]) -> Columns:
    """Columns of the shapes; those that do not begin with `shape_` feed the edges and are not stored."""
    values = list(raw.attributes)
    both = values + [turned(value) for value in values]
    first = chains.piece_offsets[:-1]
    way = chains.piece_way
    row = raw.way_attributes[way].astype(np.int64) + len(values) * chains.piece_turned
    lanes = np.array([value.lanes or 255 for value in both], dtype=np.int64)[row]
    flags = np.array([int(value.flags) for value in both], dtype=np.uint32)[row]
    lanes = np.minimum.reduceat(lanes, first)
    x = np.round(raw.node_lon[chains.points] * E7).astype(np.int32)
    y = np.round(raw.node_lat[chains.points] * E7).astype(np.int32)
    steps = haversine_many_m(y[:-1] / E7, x[:-1] / E7, y[1:] / E7, x[1:] / E7)
    steps = np.append(steps, 0.0)
    steps[chains.offsets[1:] - 1] = 0.0
    names = raw.way_names[way[first]]

    def of(attribute: str) -> NDArray[np.int64]:
        return np.array([int(getattr(value, attribute)) for value in both], dtype=np.int64)[row[first]]

    # Pieces of one OSM way follow each other in a chain; the way is listed once.
    chain_of = np.repeat(np.arange(len(first)), np.diff(chains.piece_offsets))
    ids = raw.way_ids[way]
    new = np.ones(len(ids), dtype=bool)
    new[1:] = (ids[1:] != ids[:-1]) | (chain_of[1:] != chain_of[:-1])
    return {
        "shape_offsets": chains.offsets.astype(np.int32),
        "shape_x_e7": x,
        "shape_y_e7": y,
        "shape_ways": ids[new],
        "shape_way_offsets": np.concatenate([[0], np.cumsum(np.bincount(chain_of[new]))]).astype(np.int32),
        "start": chains.points[chains.offsets[:-1]],
        "stop": chains.points[chains.offsets[1:] - 1],
        "length_m": np.add.reduceat(steps, chains.offsets[:-1]),
        "lanes": np.where(lanes == 255, 0, lanes),
        "flags": np.bitwise_or.reduceat(flags, first),
        "name": np.where(names >= 0, name_rows[names], -1) if len(name_rows) else np.full(len(names), -1),
        **{item: of(item) for item in RoadAttributes.__dataclass_fields__ if item not in ("lanes", "flags")},
    }


def _mark_divided(raw: RawRoads, shapes: Columns, name_rows: NDArray[np.int32]) -> None:
    """Set ONEWAY, DIVIDED (by geometry, beside what the tags say) and URBAN."""
    flags = shapes["flags"]
    one_way = shapes["direction"] != Direction.BOTH
    flags[one_way] |= np.uint32(EdgeFlag.ONEWAY)
    # Chains begin in either direction; a candidate must be drawn as it is driven for headings to mean anything.
    open_question = np.flatnonzero(one_way & ((flags & np.uint32(EdgeFlag.DIVIDED)) == 0))
    texts = TextTable()
    labels = np.full((int(name_rows.max(initial=-1)) + 2, 2), -1, dtype=np.int64)
    for name, row in zip(raw.names, name_rows.tolist(), strict=True):
        labels[row] = texts.text(name.name or name.zh), texts.text(name.ref)
    labels[-1] = -1
    sign = np.where(shapes["direction"] == Direction.BACKWARD, -1, 1)
    offsets, x, y = shapes["shape_offsets"], shapes["shape_x_e7"], shapes["shape_y_e7"]
    turn = np.repeat(sign < 0, np.diff(offsets))
    mirrored = np.repeat(offsets[:-1] + offsets[1:] - 1, np.diff(offsets)) - np.arange(len(x))
    driven = np.where(turn, mirrored, np.arange(len(x)))
    divided = divided_shapes(offsets, x[driven], y[driven], open_question, labels[shapes["name"][open_question]])
    flags[open_question[divided]] |= np.uint32(EdgeFlag.DIVIDED)

    junctions, counts = np.unique(np.concatenate([shapes["start"], shapes["stop"]]), return_counts=True)
    junctions = junctions[counts >= 3]
    if len(junctions):
        # A straight road of two points has its middle between them: neither of its ends may speak for it.
        before, after = (offsets[:-1] + offsets[1:] - 1) // 2, (offsets[:-1] + offsets[1:]) // 2
        lat, lon = (y[before] / E7 + y[after] / E7) / 2, (x[before] / E7 + x[after] / E7) / 2
        urban = urban_points(raw.node_lat[junctions], raw.node_lon[junctions], lat, lon)
        flags[urban] |= np.uint32(EdgeFlag.URBAN)


def _node_columns(raw: RawRoads, chains: Chains) -> tuple[Columns, NDArray[np.int64]]:
    """Network nodes in Morton order, and the network node of each raw node (−1 where merged away)."""
    ends = np.concatenate([chains.points[chains.offsets[:-1]], chains.points[chains.offsets[1:] - 1]])
    used = np.unique(ends)
    x = np.round(raw.node_lon[used] * E7).astype(np.int64)
    y = np.round(raw.node_lat[used] * E7).astype(np.int64)
    order = np.lexsort((raw.node_ids[used], _morton(x - x.min(), y - y.min())))
    used = used[order]
    node_of_raw = np.full(len(raw.node_ids), -1, dtype=np.int64)
    node_of_raw[used] = np.arange(len(used))
    columns: Columns = {
        "node_x_e7": x[order].astype(np.int32),
        "node_y_e7": y[order].astype(np.int32),
        "node_osm_id": raw.node_ids[used],
    }
    return columns, node_of_raw


def _morton(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Interleave the bits of x and y, so that near places get near numbers."""
    code = np.zeros(len(x), dtype=np.uint64)
    wide_x, wide_y = x.astype(np.uint64), y.astype(np.uint64)
    for bit in range(32):
        shift = np.uint64(bit)
        code |= ((wide_x >> shift) & np.uint64(1)) << np.uint64(2 * bit)
        code |= ((wide_y >> shift) & np.uint64(1)) << np.uint64(2 * bit + 1)
    return code


def _edge_columns(shapes: Columns, node_of_raw: NDArray[np.int64], node_count: int) -> Columns:
    """Directed edges of all shapes, sorted by their first node; sets the shapes' edge columns too."""
    count = len(shapes["start"])
    flags, direction = shapes["flags"], shapes["direction"]
    wrong_way = (direction != Direction.BOTH) & ((flags & np.uint32(EdgeFlag.DIVIDED)) == 0)
    ahead = (direction != Direction.BACKWARD) | wrong_way
    back = (direction != Direction.FORWARD) | wrong_way
    shape = np.concatenate([np.flatnonzero(ahead), np.flatnonzero(back)])
    reverse = np.concatenate([np.zeros(int(ahead.sum()), dtype=bool), np.ones(int(back.sum()), dtype=bool)])
    start, stop = node_of_raw[shapes["start"]][shape], node_of_raw[shapes["stop"]][shape]
    tail, head = np.where(reverse, stop, start), np.where(reverse, start, stop)
    order = np.lexsort((reverse, shape, head, tail))
    shape, reverse, tail, head = shape[order], reverse[order], tail[order], head[order]
    edge_flags = flags[shape]
    against = wrong_way[shape] & (reverse == (direction[shape] == Direction.FORWARD))
    edge_flags[against] |= np.uint32(EdgeFlag.CONTRAFLOW)
    number = np.arange(len(shape), dtype=np.int32)
    forward, backward = np.full(count, -1, dtype=np.int32), np.full(count, -1, dtype=np.int32)
    forward[shape[~reverse]], backward[shape[reverse]] = number[~reverse], number[reverse]
    shapes["shape_edge_forward"], shapes["shape_edge_backward"] = forward, backward
    first = np.zeros(node_count + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail, minlength=node_count), out=first[1:])
    speed = np.where(reverse, shapes["maxspeed_backward_kmh"][shape], shapes["maxspeed_forward_kmh"][shape])
    return {
        "node_first_edge": first,
        "edge_from": tail.astype(np.int32),
        "edge_to": head.astype(np.int32),
        "edge_length_m": shapes["length_m"][shape],
        "edge_class": shapes["road_class"][shape].astype(np.uint8),
        "edge_surface": shapes["surface"][shape].astype(np.uint8),
        "edge_maxspeed_kmh": np.clip(speed, 0, 255).astype(np.uint8),
        "edge_lanes": np.clip(shapes["lanes"][shape], 0, 255).astype(np.uint8),
        "edge_flags": edge_flags,
        "edge_max_height_cm": shapes["max_height_cm"][shape].astype(np.uint16),
        "edge_max_width_cm": shapes["max_width_cm"][shape].astype(np.uint16),
        "edge_max_weight_kg": shapes["max_weight_kg"][shape].astype(np.uint32),
        "edge_closed_months": shapes["closed_months"][shape].astype(np.uint16),
        "edge_name": shapes["name"][shape].astype(np.int32),
        "edge_twin": np.where(reverse, forward[shape], backward[shape]).astype(np.int32),
        "edge_shape": shape.astype(np.int32),
        "edge_reversed": reverse,
    }


def _interest_columns(raw: RawRoads, texts: TextTable) -> Columns:
    """Kilometre posts and places."""

    def e7(values: list[float]) -> NDArray[np.int32]:
        return np.round(np.array(values, dtype=np.float64) * E7).astype(np.int32)

    return {
        "post_x_e7": e7([post.lon for post in raw.posts]),
        "post_y_e7": e7([post.lat for post in raw.posts]),
        "post_km": np.array([post.km for post in raw.posts], dtype=np.float64),
        "post_ref": np.array([texts.text(post.ref) for post in raw.posts], dtype=np.int32),
        "place_x_e7": e7([place.lon for place in raw.places]),
        "place_y_e7": e7([place.lat for place in raw.places]),
        "place_kind": np.array([texts.text(place.kind) for place in raw.places], dtype=np.int32),
        "place_name": texts.names(place.names for place in raw.places),
    }
