"""The two graphs that are searched: junctions for emergency runs, turns for ordinary ones.

A graph is states and arcs. In the node graph a state is a junction and an arc an edge. In the turn graph a state is
"has driven edge e", an arc is a permitted turn into the next edge, and longer forbidden sequences (restrictions that
go via other ways) get states of their own that remember the way come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.network.model import RoadNetwork


@dataclass(frozen=True, slots=True)
class Topology:
    """Who follows whom, without times.

    Shapes: M states, A arcs. `edge` [A] is the edge that an arc drives. `state_edge` [M] is the edge a state has
    driven, or −1 in the node graph. `edge_states` maps an edge to its states: `states[first[e] : first[e + 1]]`.
    """

    state_count: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    edge: NDArray[np.int32]
    state_edge: NDArray[np.int32]
    edge_state_first: NDArray[np.int32]
    edge_states: NDArray[np.int32]

    @property
    def is_turns(self) -> bool:
        """Whether states are driven edges."""
        return len(self.state_edge) > 0

    def states_of_edge(self, edge: int) -> NDArray[np.int32]:
        """The states that have driven an edge (turn graph)."""
        return self.edge_states[self.edge_state_first[edge] : self.edge_state_first[edge + 1]]


def node_topology(network: RoadNetwork) -> Topology:
    """Every edge is an arc between its two junctions."""
    none = np.zeros(0, dtype=np.int32)
    edges = np.arange(network.edge_count, dtype=np.int32)
    return Topology(network.node_count, network.edge_from, network.edge_to, edges, none, none, none)


def turn_topology(network: RoadNetwork, allowed: NDArray[np.bool_]) -> Topology:
    """Every permitted turn is an arc. `allowed` [E] are the edges that the profile may use at all.

    Turning back is permitted only where nothing else leads on.
    """
    sequences = [
        tuple(int(e) for e in network.restriction_edges[start:stop])
        for start, stop in zip(network.restriction_offsets[:-1], network.restriction_offsets[1:], strict=True)
    ]
    before, after = _turns(network, allowed)
    count = network.edge_count
    forbidden = np.array([first * count + second for first, second, *rest in sequences if not rest], dtype=np.int64)
    keep = ~np.isin(before.astype(np.int64) * count + after, forbidden)
    before, after = before[keep], after[keep]
    tail, head, edge, memory = _with_memory(before, after, [s for s in sequences if len(s) > 2], count)
    state_edge = np.concatenate([np.arange(count), np.array(memory, dtype=np.int64)]).astype(np.int32)
    order = np.argsort(state_edge, kind="stable").astype(np.int32)
    first = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(state_edge, minlength=count), out=first[1:])
    return Topology(len(state_edge), tail, head, edge, state_edge, first, order)


def _turns(network: RoadNetwork, allowed: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs of edges, one after the other, before any restriction."""
    edges = np.flatnonzero(allowed)
    leaving = np.zeros(network.node_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(network.edge_from[edges], minlength=network.node_count), out=leaving[1:])
    into = network.edge_to[edges]
    degree = leaving[into + 1] - leaving[into]
    before = np.repeat(edges, degree)
    place = np.arange(len(before)) - np.repeat(np.cumsum(degree) - degree, degree)
    after = edges[leaving[network.edge_to[before]] + place]
    back = network.edge_twin[before] == after
    only_way = (leaving[network.edge_to[before] + 1] - leaving[network.edge_to[before]]) == 1
    keep = ~back | only_way
    return before[keep].astype(np.int32), after[keep].astype(np.int32)


def _with_memory(
    before: NDArray[np.int32], after: NDArray[np.int32], sequences: list[tuple[int, ...]], count: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], list[int]]:
    """Arcs `(tail, head, edge)` with states that remember how far along a forbidden sequence a drive is.

    The states are the prefixes (two edges or more) of the sequences; a drive is in the longest that it ends with, as in
    the string search of Aho and Corasick (1975), so overlapping restrictions all hold.
    """
    if not sequences:
        return before, after, after, []
    wanted = set(sequences)
    prefixes = sorted({sequence[:size] for sequence in sequences for size in range(2, len(sequence))})
    number = {prefix: count + row for row, prefix in enumerate(prefixes)}
    # Only edges that begin a sequence, and the remembering states, can lead into a remembering state.
    special = {sequence[0] for sequence in sequences}
    inner = {edge for prefix in prefixes for edge in prefix}
    successors: dict[int, list[int]] = {edge: [] for edge in special | inner}
    rows = np.flatnonzero(np.isin(before, list(successors)))
    for edge, following in zip(before[rows].tolist(), after[rows].tolist(), strict=True):
        successors[edge].append(following)
    plain = ~np.isin(before, list(special))
    arcs: list[tuple[int, int, int]] = []
    histories = [*((edge,) for edge in sorted(special)), *prefixes]
    for history in histories:
        state = number.get(history, history[-1])
        for following in successors[history[-1]]:
            whole = (*history, following)
            suffixes = [whole[start:] for start in range(len(whole) - 1)]
            if any(suffix in wanted for suffix in suffixes):
                continue
            target = next((number[suffix] for suffix in suffixes if suffix in number), following)
            arcs.append((state, target, following))
    extra = np.array(arcs, dtype=np.int32).reshape(-1, 3)
    tail = np.concatenate([before[plain], extra[:, 0]])
    head = np.concatenate([after[plain], extra[:, 1]])
    edge = np.concatenate([after[plain], extra[:, 2]])
    return tail, head, edge, [prefix[-1] for prefix in prefixes]
