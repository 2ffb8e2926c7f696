"""Writing a network as GraphML, for networkx, OSMnx and every tool that reads it.

Two graphs. `export_graphml`: junctions and directed edges, as the emergency profile drives. `export_turns_graphml`:
one node per arrival by an edge, so that forbidden turns are simply edges that are not there. Files are written beside
their name and renamed when whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.importers.graphml import Form, Key, document, text, write_whole
from geo.network.attributes import EdgeFlag, RoadClass
from geo.network.model import RoadNetwork
from geo.points import E7
from geo.progress import Progress, silent

UNREACHABLE: Final = 2**31 - 1
"""Weight of an edge that the chosen profile may not use."""

_NODE_KEYS: Final = (Key("x", "double"), Key("y", "double"), Key("osmid", "long"))
_EDGE_KEYS: Final = (
    Key("length_m", "double"),
    Key("travel_time_ms", "long"),
    Key("edge", "long"),
    Key("osmid", "string"),
    Key("highway", "string"),
    Key("oneway", "boolean"),
    Key("reversed", "boolean"),
    Key("length", "double"),
    Key("name", "string"),
    Key("ref", "string"),
    Key("geometry", "string"),
)
_TURN_NODE_KEYS: Final = (Key("x", "double"), Key("y", "double"), Key("kind", "string"), Key("edge", "long"))
_TURN_EDGE_KEYS: Final = (Key("length_m", "double"), Key("travel_time_ms", "long"), Key("edge", "long"))


def export_graphml(
    network: RoadNetwork,
    path: Path,
    *,
    weights_ms: NDArray[np.int32],
    for_osmnx: bool = False,
    progress: Progress = silent,
) -> None:
    """Write junctions and the edges that `weights_ms` [E] leaves open; those of weight UNREACHABLE are left out.

    A node is named by its number in the network, and has `x`, `y` (degrees, WGS-84) and `osmid`. An edge has `length_m`
    (metres, float), `travel_time_ms` (int), `edge` (its number), OSMnx's `osmid`, `highway`, `name`, `ref`, `oneway`,
    `reversed`, `length`, and `geometry` (WKT) unless it is straight. Its number is its
    key too: parallel edges stay apart.

    `networkx.read_graphml(path, node_type=int, force_multigraph=True)` reads it with these types. OSMnx's own
    `load_graphml` asks every value to be declared as text and converts what it knows; `for_osmnx` writes it so.

    Raises:
        ValueError: `weights_ms` is not [E].
        OSError: the file cannot be written; nothing of it remains.
    """
    if weights_ms.shape != (network.edge_count,):
        raise ValueError(f"weights_ms has shape {weights_ms.shape}, the network {network.edge_count} edges")
    attributes = [("crs", "epsg:4326"), ("simplified", "True"), ("created_with", "Tarim")]
    form = Form(attributes, _NODE_KEYS, _EDGE_KEYS, as_text=for_osmnx)
    body = document(form, _nodes(network), _edges(network, weights_ms))
    write_whole(path, body, network.node_count + network.edge_count, progress)


def _nodes(network: RoadNetwork) -> Iterator[str]:
    rows = zip(network.node_x_e7.tolist(), network.node_y_e7.tolist(), network.node_osm_id.tolist(), strict=True)
    for node, (x, y, osm_id) in enumerate(rows):
        yield (
            f'<node id="{node}"><data key="n0">{x / E7:.7f}</data><data key="n1">{y / E7:.7f}</data>'
            f'<data key="n2">{osm_id}</data></node>\n'
        )


def _edges(network: RoadNetwork, weights_ms: NDArray[np.int32]) -> Iterator[str]:
    lines = _Lines(network)
    kinds = {int(kind): kind.name.lower() for kind in RoadClass}

    @cache
    def names(row: int) -> str:
        street = network.street_name(row)
        label = street.name or street.zh or street.en
        parts = (f'<data key="e{key}">{text(value)}</data>' for key, value in ((8, label), (9, street.ref)) if value)
        return "".join(parts)

    oneway = network.edge_has(EdgeFlag.ONEWAY).tolist()
    columns = (
        network.edge_from.tolist(),
        network.edge_to.tolist(),
        network.edge_length_m.tolist(),
        weights_ms.tolist(),
        network.edge_class.tolist(),
        network.edge_name.tolist(),
        network.edge_shape.tolist(),
        network.edge_reversed.tolist(),
    )
    ways, offsets = network.shape_ways.tolist(), network.shape_way_offsets.tolist()
    for edge, (tail, head, length_m, time_ms, kind, name, shape, turned) in enumerate(zip(*columns, strict=True)):
        if time_ms == UNREACHABLE:
            continue
        own = ways[offsets[shape] : offsets[shape + 1]]
        osmid = str(own[0]) if len(own) == 1 else str(own[::-1] if turned else own)
        line = lines.wkt(shape, turned)
        yield (
            f'<edge source="{tail}" target="{head}" id="{edge}"><data key="e0">{length_m:.3f}</data>'
            f'<data key="e1">{time_ms}</data><data key="e2">{edge}</data><data key="e3">{osmid}</data>'
            f'<data key="e4">{kinds[kind]}</data><data key="e5">{oneway[edge]}</data><data key="e6">{turned}</data>'
            f'<data key="e7">{length_m:.3f}</data>{names(name)}'
            + (f'<data key="e10">{line}</data></edge>\n' if line else "</edge>\n")
        )


class _Lines:
    """Geometry of shapes as WKT."""

    def __init__(self, network: RoadNetwork) -> None:
        pairs = zip(network.shape_x_e7.tolist(), network.shape_y_e7.tolist(), strict=True)
        self._points = [f"{x / E7:.7f} {y / E7:.7f}" for x, y in pairs]
        self._offsets = network.shape_offsets.tolist()

    def wkt(self, shape: int, turned: bool) -> str:
        """The line of a shape, or of its mirror; empty if it is straight."""
        points = self._points[self._offsets[shape] : self._offsets[shape + 1]]
        if len(points) <= 2:
            return ""
        return f"LINESTRING ({', '.join(points[::-1] if turned else points)})"


@dataclass(frozen=True, slots=True)
class TurnGraph:
    """Arrivals and what may follow them; S states, T transitions."""

    state_edge: NDArray[np.int32]
    """[S] the edge by which each state arrives."""
    transition_from: NDArray[np.int32]
    transition_to: NDArray[np.int32]
    """[T] states that may follow each other."""
    start_states: NDArray[np.int32]
    """States in which a journey may begin: for each edge the one without a history."""


def export_turns_graphml(
    network: RoadNetwork,
    path: Path,
    *,
    weights_ms: NDArray[np.int32],
    turns: TurnGraph,
    progress: Progress = silent,
) -> None:
    """Write the turn-expanded graph, in which a path obeys every turn restriction.

    Nodes: `arc:<state>` at the head of its edge (`kind` = arc, `edge`), `origin:<node>` and `destination:<node>` for
    every junction. From `origin:a` to `destination:b` the sum of `travel_time_ms` is the time of the drive: each step
    costs the edge it enters, the last step into a destination costs nothing. Edges of weight UNREACHABLE are left out.
    A drive from a junction to itself by this graph goes round at least one edge; its true time is 0.

    Raises:
        ValueError: the arrays do not fit each other or the network.
        OSError: the file cannot be written; nothing of it remains.
    """
    if weights_ms.shape != (network.edge_count,) or turns.transition_from.shape != turns.transition_to.shape:
        raise ValueError("weights_ms must be [E], transition_from and transition_to of one length")
    form = Form([("crs", "epsg:4326"), ("created_with", "Tarim")], _TURN_NODE_KEYS, _TURN_EDGE_KEYS)
    body = document(form, _turn_nodes(network, turns.state_edge), _turn_edges(network, weights_ms, turns))
    count = 2 * network.node_count + 2 * len(turns.state_edge) + len(turns.start_states) + len(turns.transition_from)
    write_whole(path, body, count, progress)


def _turn_nodes(network: RoadNetwork, state_edge: NDArray[np.int32]) -> Iterator[str]:
    places = [
        f'<data key="n0">{x / E7:.7f}</data><data key="n1">{y / E7:.7f}</data>'
        for x, y in zip(network.node_x_e7.tolist(), network.node_y_e7.tolist(), strict=True)
    ]
    for kind in ("origin", "destination"):
        for node, place in enumerate(places):
            yield f'<node id="{kind}:{node}">{place}<data key="n2">{kind}</data></node>\n'
    heads = network.edge_to[state_edge].tolist()
    for state, (edge, head) in enumerate(zip(state_edge.tolist(), heads, strict=True)):
        yield (f'<node id="arc:{state}">{places[head]}<data key="n2">arc</data><data key="n3">{edge}</data></node>\n')


def _turn_edges(
    network: RoadNetwork,
    weights_ms: NDArray[np.int32],
    turns: TurnGraph,
) -> Iterator[str]:
    state_edge = turns.state_edge
    weights = weights_ms[state_edge].tolist()
    edges = state_edge.tolist()
    lengths = network.edge_length_m[state_edge].tolist()
    tails = network.edge_from[state_edge].tolist()
    heads = network.edge_to[state_edge].tolist()
    enter = [
        ""
        if weight == UNREACHABLE
        else f'target="arc:{state}"><data key="e0">{lengths[state]:.3f}</data><data key="e1">{weight}</data>'
        f'<data key="e2">{edges[state]}</data></edge>\n'
        for state, weight in enumerate(weights)
    ]
    for state in turns.start_states.tolist():
        if enter[state]:
            yield f'<edge source="origin:{tails[state]}" {enter[state]}'
    yield from _steps(enter, zip(turns.transition_from.tolist(), turns.transition_to.tolist(), strict=True))
    for state, head in enumerate(heads):
        if enter[state]:
            yield (
                f'<edge source="arc:{state}" target="destination:{head}"><data key="e0">0.0</data>'
                f'<data key="e1">0</data></edge>\n'
            )


def _steps(enter: list[str], transitions: Iterable[tuple[int, int]]) -> Iterator[str]:
    for before, after in transitions:
        if enter[before] and enter[after]:
            yield f'<edge source="arc:{before}" {enter[after]}'
