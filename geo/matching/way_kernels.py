"""Compiled search for the distances driven between possible places: a few hundred metres of road, in millimetres."""

from __future__ import annotations

from numba import njit

from geo.matching.roads import Roads, Scratch, Tracks
from geo.matching.states import MOST, Figures
from geo.routing.heap_kernels import STATE_BITS, STATE_MASK, drop_top, push


@njit(cache=True, nogil=True)
def search(roads: Roads, scratch: Scratch, start: int, twin: int, back_mm: int, most_mm: int, count: int) -> int:
    """Distances from a junction to those where the possible places' edges begin, as far as `most_mm`.

    Into `scratch.mm` where `scratch.mark` has the mark returned. Beginning with `twin` costs `back_mm` more: it is
    turning round.
    """
    mark = int(scratch.mark[-1]) + 2
    scratch.mark[-1] = mark
    open_mark = mark - 1
    left = 0
    for one in range(count):
        new = True
        for other in range(one):
            if roads.edge_from[scratch.edge[other]] == roads.edge_from[scratch.edge[one]]:
                new = False
                break
        left += new
    heap = scratch.heap
    scratch.mm[start] = 0
    scratch.mark[start] = open_mark
    size = push(heap, 0, int(start))
    while size > 0 and left > 0:
        item = heap[0]
        size = drop_top(heap, size)
        node = int(item & STATE_MASK)
        mm = int(item >> STATE_BITS)
        if scratch.mark[node] == mark or mm > scratch.mm[node]:
            continue
        scratch.mark[node] = mark
        for one in range(count):
            if roads.edge_from[scratch.edge[one]] == node:
                left -= 1
                break
        for edge in range(roads.first_edge[node], roads.first_edge[node + 1]):
            if roads.weight_mm[edge] < 0:
                continue
            reached = mm + roads.weight_mm[edge]
            if edge == twin and node == start:
                reached += back_mm
            head = roads.edge_to[edge]
            if reached > most_mm or scratch.mark[head] == mark:
                continue
            if scratch.mark[head] != open_mark or reached < scratch.mm[head]:
                if size == len(heap):
                    return mark
                scratch.mark[head] = open_mark
                scratch.mm[head] = reached
                size = push(heap, size, (int(reached) << STATE_BITS) | int(head))
    return mark


@njit(cache=True, nogil=True)
def _take(scratch: Scratch, place: int, cost: float, source: int) -> None:
    if cost < scratch.cost[place]:
        scratch.cost[place] = cost
        scratch.came_from[place] = source


@njit(cache=True, nogil=True)
def driven(
    roads: Roads, figures: Figures, tracks: Tracks, row: int, scratch: Scratch, count: int, straight_m: float,
    slack_m: float,
) -> None:  # fmt: skip
    """Cost of each possible place of a fix by how it can have been come to from those before, the fix itself apart."""
    off = tracks.cost[row, MOST]
    scratch.cost[MOST] = off
    scratch.came_from[MOST] = MOST
    for place in range(count):
        scratch.cost[place] = off + figures.leave_road
        scratch.came_from[place] = MOST
    least = off
    for source in range(MOST):
        if tracks.edge[row, source] >= 0:
            least = min(least, tracks.cost[row, source])
    far_m = 1.5 * straight_m + figures.beyond_m
    back_m = figures.turn_back * slack_m
    for source in range(MOST):
        edge = tracks.edge[row, source]
        before = tracks.cost[row, source]
        if edge < 0 or before > least + figures.prune:
            continue
        _take(scratch, MOST, before + figures.leave_road, source)
        along = tracks.along_m[row, source]
        rest_m = roads.length_m[edge] - along
        twin = roads.twin[edge]
        for place in range(count):
            if scratch.edge[place] == edge:
                # Backwards too: noise is no turning round, but the further the less likely.
                moved = scratch.along_m[place] - along
                _take(scratch, place, before + abs(moved - straight_m) / slack_m, source)
            elif scratch.edge[place] == twin:
                moved = roads.length_m[edge] - scratch.along_m[place] - along
                cost = before + abs(abs(moved) - straight_m) / slack_m + figures.turn_back
                _take(scratch, place, cost, source)
        if rest_m > far_m:
            continue
        most_mm = int((far_m - rest_m + back_m) * 1000.0)
        mark = search(roads, scratch, roads.edge_to[edge], twin, int(back_m * 1000.0), most_mm, count)
        for place in range(count):
            node = roads.edge_from[scratch.edge[place]]
            if scratch.mark[node] == mark:
                way_m = rest_m + scratch.mm[node] / 1000.0 + scratch.along_m[place]
                _take(scratch, place, before + abs(way_m - straight_m) / slack_m, source)
