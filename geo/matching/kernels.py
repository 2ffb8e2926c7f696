"""Compiled matching of fixes: a hidden Markov model (Newson & Krumm 2009), carried on by one fix after the other."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.matching.candidate_kernels import possible_places
from geo.matching.roads import Roads, Scratch, Tracks
from geo.matching.states import LAG, MOST, Figures, Fixes, Matches
from geo.matching.way_kernels import driven
from geo.points import METRES_PER_DEGREE

_KNOWN, _LAT, _LON, _AT, _SEEN, _LAYERS = 0, 1, 2, 3, 4, 5


@njit(cache=True, nogil=True)
def _straight_m(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    east = (to_lon - lon) * math.cos(math.radians(lat)) * METRES_PER_DEGREE
    north = (to_lat - lat) * METRES_PER_DEGREE
    return math.sqrt(east * east + north * north)


@njit(cache=True, nogil=True)
def _forget(tracks: Tracks, row: int) -> None:
    tracks.head[row, _KNOWN] = 0.0
    tracks.head[row, _LAYERS] = 0.0


@njit(cache=True, nogil=True)
def _next_to(roads: Roads, one: int, two: int) -> bool:
    """Whether two edges are one, or follow one another; turning round is not going on."""
    if one == two:
        return True
    if roads.twin[one] == two:
        return False
    return bool(roads.edge_to[one] == roads.edge_from[two] or roads.edge_to[two] == roads.edge_from[one])


@njit(cache=True, nogil=True)
def _likeliest(roads: Roads, scratch: Scratch, count: int) -> tuple[int, float]:
    """The likeliest place (MOST: off the road) and how sure that or one next to it in the same direction is."""
    best = MOST
    for place in range(count):
        if scratch.cost[place] < scratch.cost[best]:
            best = place
    whole = math.exp(scratch.cost[best] - scratch.cost[MOST])
    alike = whole if best == MOST else 0.0
    for place in range(count):
        weight = math.exp(scratch.cost[best] - scratch.cost[place])
        whole += weight
        if best != MOST and _next_to(roads, scratch.edge[best], scratch.edge[place]):
            alike += weight
    return best, alike / whole


@njit(cache=True, nogil=True)
def _keep(tracks: Tracks, row: int, scratch: Scratch, count: int, best: int) -> int:
    """Make the fix's places those from which the next is come to; returns the edge that is settled by it, or −1."""
    least = scratch.cost[best]
    layers = int(tracks.head[row, _LAYERS])
    settled = -1
    if layers > 0:
        for layer in range(LAG - 1, 0, -1):
            for place in range(MOST + 1):
                tracks.past_edge[row, layer, place] = tracks.past_edge[row, layer - 1, place]
                tracks.past_from[row, layer, place] = tracks.past_from[row, layer - 1, place]
    for place in range(MOST + 1):
        there = place < count or place == MOST
        tracks.edge[row, place] = scratch.edge[place] if place < count else -1
        tracks.along_m[row, place] = scratch.along_m[place]
        tracks.cost[row, place] = scratch.cost[place] - least if there else np.inf
        tracks.past_edge[row, 0, place] = tracks.edge[row, place]
        tracks.past_from[row, 0, place] = scratch.came_from[place]
    layers = min(layers + 1, LAG + 1)
    tracks.head[row, _LAYERS] = layers
    if layers > LAG:
        place = best
        for layer in range(LAG - 1):
            place = tracks.past_from[row, layer, place]
        settled = tracks.past_edge[row, LAG - 1, place]
    return settled


@njit(cache=True, nogil=True)
def _match_one(
    roads: Roads, figures: Figures, tracks: Tracks, row: int, scratch: Scratch, lat: float, lon: float, sigma_m: float,
    heading_deg: float, time_s: float, keep: bool,
) -> tuple[int, float, int, int]:  # fmt: skip
    """Place (a row of `scratch`, MOST: none), how sure, possible places, the edge settled."""
    head = tracks.head[row]
    if keep and head[_KNOWN] > 0.0 and time_s - head[_SEEN] > figures.restart_s:
        _forget(tracks, row)
    count = possible_places(roads, figures, scratch, lat, lon, sigma_m, heading_deg)
    counts = keep
    if head[_KNOWN] > 0.0:
        straight_m = _straight_m(head[_LAT], head[_LON], lat, lon)
        gap_s = max(time_s - head[_SEEN] - 1.0, 0.0)
        slack_m = min(max(figures.slack_m, sigma_m) + figures.slack_per_gap_mps * gap_s, figures.most_slack_m)
        counts = keep and straight_m >= figures.apart_sigmas * sigma_m
        driven(roads, figures, tracks, row, scratch, count, straight_m, slack_m)
    else:
        for place in range(count):
            scratch.cost[place] = figures.leave_road
            scratch.came_from[place] = MOST
        scratch.cost[MOST] = 0.0
        scratch.came_from[MOST] = MOST
    for place in range(count):
        scratch.cost[place] += scratch.emission[place]
    scratch.cost[MOST] += figures.off_road
    best, sure = _likeliest(roads, scratch, count)
    settled = -1
    if counts:
        settled = _keep(tracks, row, scratch, count, best)
        head[_KNOWN], head[_LAT], head[_LON], head[_AT] = 1.0, lat, lon, time_s
    if keep:
        head[_SEEN] = time_s
    return best, sure, count, settled


@njit(cache=True, nogil=True)
def match_many(
    roads: Roads,
    figures: Figures,
    tracks: Tracks,
    scratch: Scratch,
    rows: NDArray[np.int64],
    fixes: Fixes,
    keep: bool,
    out: Matches,
) -> None:
    """Carry the vehicles in `rows` [n] on by a fix each, in order; what comes late or is too bad is not looked at.

    Without `keep` they are looked at only: nothing is carried on.
    """
    for item in range(len(rows)):
        row = rows[item]
        accuracy_m = fixes.accuracy_m[item]
        if math.isnan(accuracy_m):
            accuracy_m = 15.0
        out.edge[item] = -1
        out.share[item] = out.off_m[item] = np.nan
        out.sure[item] = 0.0
        out.settled[item] = -1
        late = tracks.head[row, _KNOWN] > 0.0 and fixes.time_s[item] <= tracks.head[row, _SEEN]
        if late or accuracy_m > figures.most_accuracy_m:
            continue
        heading_deg = fixes.heading_deg[item]
        speed_mps = fixes.speed_mps[item]
        if math.isnan(speed_mps) or speed_mps < figures.heading_from_mps:
            heading_deg = np.nan
        # A radius of 68 % is 1.51 standard deviations where both directions err alike.
        sigma_m = math.hypot(figures.map_m, accuracy_m / 1.51)
        best, sure, _, settled = _match_one(
            roads, figures, tracks, row, scratch, fixes.lat[item], fixes.lon[item], sigma_m, heading_deg,
            fixes.time_s[item], keep,
        )  # fmt: skip
        out.sure[item] = sure
        out.settled[item] = settled
        if best != MOST and sure >= figures.least_sure:
            edge = scratch.edge[best]
            out.edge[item] = edge
            length_m = roads.length_m[edge]
            out.share[item] = min(max(scratch.along_m[best] / length_m, 0.0), 1.0) if length_m > 0.0 else 0.0
            out.off_m[item] = scratch.off_m[best]
