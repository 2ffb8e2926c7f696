"""The quickest ways to one place from everywhere, grown once and read off for whoever stands wherever.

A question about a whole fleet goes through most of the network anyway, and the next one about the same place only
differs in where the vehicles stand. Vehicles of several sizes share the search: the tree of those that nothing is too
low or too narrow for is the larger ones' too, but for what hangs on edges that stop them, and only that is redone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from geo.routing.anchors import Entries, Placed, direct
from geo.routing.heap_kernels import NEVER
from geo.routing.search import Found
from geo.routing.tree_kernels import grow, read_off, regrow
from geo.routing.weighted import Weighted, scratch_for
from geo.speeds import UNREACHABLE

_KEPT_BYTES: Final = 48 * 2**20
"""Of trees, in an engine; each costs 8 bytes a state."""
_PAIRS: Final = 32


@dataclass(frozen=True, slots=True)
class Tree:
    """Ways on the arcs of `Weighted.towards` of the graph that it was grown on.

    `dist` [M] ms to the seeds (NEVER = no way), `parent` [M] the arc that the way goes on by, −2 − seed at its end.
    """

    dist: NDArray[np.int32]
    parent: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Stops:
    """What a graph lacks of another one: `edge` [E] whether it is closed, `cut` the arcs of `towards` that it takes."""

    edge: NDArray[np.bool_]
    cut: NDArray[np.int32]


_Pair = tuple[Weighted, Weighted]


class Trees:
    """Grows trees, and keeps those asked for last. Thread-safe: two that ask at once may both grow the same one.

    Graphs are not kept alive by what is known of them.
    """

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._most = kept_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[object, tuple[ref[Weighted], ref[Weighted], Tree]] = OrderedDict()
        self._stops: OrderedDict[object, tuple[ref[Weighted], ref[Weighted], Stops | None]] = OrderedDict()

    def all_to(
        self,
        pair: _Pair,
        entries: Entries,
        origin: Placed,
        there: Sequence[tuple[Placed, Entries]],
    ) -> Found | None:
        """All origins with ways to a target that is at one of `there`, or at both: then the slower time counts.

        pair: a graph, and the one that is asked about, on which all places lie: the same one, or the same roads for
        vehicles that more of them stop. None where the two differ in anything else, or a tree does not fit the scratch.
        """
        times: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        side = pair[0].towards
        for placed, seeds in there:
            tree = self._tree(pair, seeds)
            if tree is None:
                return None
            known = direct(pair[1], origin, placed)
            ms, m = known.ms.copy(), known.m.copy()
            read_off(
                tree.dist, tree.parent, side.origin, side.length_m, seeds.m,
                entries.state, entries.ms, entries.m, entries.owner, ms, m,
            )  # fmt: skip
            times.append((ms, m))
        ms, m = times[0]
        for other_ms, other_m in times[1:]:
            ms, m = np.maximum(ms, other_ms), np.where(other_ms > ms, other_m, m)
        rows = np.argsort(ms, kind="stable")[: np.count_nonzero(ms < NEVER)].astype(np.int32)
        return Found(rows, ms[rows], m[rows])

    def _tree(self, pair: _Pair, seeds: Entries) -> Tree | None:
        """The ways to `seeds` on the second graph, in arcs of the first."""
        graph, own = pair
        key = (id(graph), id(own), seeds.state.tobytes(), seeds.ms.tobytes())
        with self._lock:
            known = self._kept.get(key)
            if known is not None and known[0]() is graph and known[1]() is own:
                self._kept.move_to_end(key)
                return known[2]
        made = _grown(graph, seeds) if graph is own else self._without(pair, seeds)
        if made is not None:
            with self._lock:
                for gone in [one for one, kept in self._kept.items() if kept[0]() is None or kept[1]() is None]:
                    del self._kept[gone]
                self._kept[key] = ref(graph), ref(own), made
                self._kept.move_to_end(key)
                most = max(1, self._most // (made.dist.nbytes + made.parent.nbytes + 1))
                while len(self._kept) > most:
                    self._kept.popitem(last=False)
        return made

    def _without(self, pair: _Pair, seeds: Entries) -> Tree | None:
        """The first graph's tree, made anew where the second's closed edges hold it up."""
        graph = pair[0]
        stops = self._stops_of(pair)
        tree = None if stops is None else self._tree((graph, graph), seeds)
        if stops is None or tree is None or not len(stops.cut):
            return tree
        own = Tree(tree.dist.copy(), tree.parent.copy())
        side, ahead, scratch = graph.towards, graph.onwards, scratch_for(graph)
        whole = regrow(
            side.first, side.arcs, side.edge, ahead.first, ahead.arcs, stops.cut, stops.edge,
            own.dist, own.parent, scratch.heap, scratch.touched,
        )  # fmt: skip
        return own if whole else None

    def _stops_of(self, pair: _Pair) -> Stops | None:
        """None where the second graph is not the first without some of its edges."""
        graph, own = pair
        key = (id(graph), id(own))
        with self._lock:
            known = self._stops.get(key)
        if known is not None and known[0]() is graph and known[1]() is own:
            return known[2]
        found = _stops(graph, own)
        with self._lock:
            self._stops[key] = ref(graph), ref(own), found
            while len(self._stops) > _PAIRS:
                self._stops.popitem(last=False)
        return found


def _grown(graph: Weighted, seeds: Entries) -> Tree | None:
    states = graph.topology.state_count
    tree = Tree(np.full(states, NEVER, dtype=np.int32), np.empty(states, dtype=np.int32))
    side, pool = graph.towards, scratch_for(graph).heap
    whole = grow(side.first, side.arcs, side.edge, seeds.state, seeds.ms, tree.dist, tree.parent, pool)
    return tree if whole else None


def _stops(graph: Weighted, own: Weighted) -> Stops | None:
    if graph.topology is not own.topology:
        return None
    edge: NDArray[np.bool_] = graph.ms != own.ms
    if not (own.ms[edge] == UNREACHABLE).all():
        return None
    return Stops(edge, np.flatnonzero(edge[graph.towards.edge]).astype(np.int32))
