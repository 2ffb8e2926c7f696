"""Villages and companies around the towns, and the country roads that tie them together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.demo.canvas import Canvas
from geo.demo.crossings import Segments
from geo.demo.grid import TownSpec, make_lattice
from geo.demo.plane import Line, Point
from geo.demo.town import Town, draw_town
from geo.network.attributes import NO_FLAGS, RoadAttributes, RoadClass, StreetName, Surface

_APART_M: Final = 1500.0
_FROM_ROADS_M: Final = 450.0
_FROM_RIVERS_M: Final = 900.0
_FROM_TOWNS_M: Final = 700.0
_EXTRA_WITHIN_M: Final = 6000.0
_STEP_M: Final = 350.0
_SAME_WAY_COSINE: Final = 0.88
"""Two roads that leave a village within about 28° of each other are one too many."""


@dataclass(frozen=True, slots=True)
class Village:
    """One small settlement: its id, the town or regiment it belongs to, its number there, where it is."""

    id: str
    parent: str
    number: int
    centre: Point


def settle(
    parents: Sequence[tuple[str, Town, int]], canvas: Canvas, rivers: Sequence[Line], prefix: dict[str, str]
) -> list[Village]:
    """Find room for so many villages around each town: clear of roads, rivers, towns and each other."""
    roads = Segments(canvas, at_grade_only=False).tree
    water = shapely.STRtree(shapely.linestrings([p for r in rivers for p in _pairs(r)]))
    hulls = shapely.STRtree([outline(town) for _, town, _ in parents])
    taken: list[Point] = []
    villages: list[Village] = []
    for parent, town, count in parents:
        random = Random(town.lattice.spec.seed * 31 + 7)
        half = max(town.lattice.xs[-1], town.lattice.ys[-1])
        number = 0
        for spot in _spiral(town.lattice.spec.centre, half + 1300.0, random):
            if number == count:
                break
            if _is_free(spot, (roads, water, hulls), taken):
                taken.append(spot)
                number += 1
                villages.append(Village(f"{prefix[parent]}-{number:02d}", parent, number, spot))
    return villages


def _pairs(line: Line) -> list[Line]:
    return [line[i : i + 2] for i in range(len(line) - 1)]


def _spiral(centre: Point, radius_m: float, random: Random) -> list[Point]:
    """Places around a centre, further and further out, at the golden angle so that they spread evenly."""
    turn = random.uniform(0.0, 2.0 * math.pi)
    places: list[Point] = []
    for i in range(400):
        reach = math.sqrt(radius_m**2 + i * 1_500_000.0) + random.uniform(-250.0, 250.0)
        angle = turn + i * 2.399963
        places.append((centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle)))
    return places


def _is_free(spot: Point, trees: tuple[shapely.STRtree, ...], taken: Sequence[Point]) -> bool:
    if any(
        abs(x - spot[0]) + abs(y - spot[1]) < 1.3 * _APART_M and math.dist((x, y), spot) < _APART_M for x, y in taken
    ):
        return False
    point = shapely.Point(spot)
    limits = (_FROM_ROADS_M, _FROM_RIVERS_M, _FROM_TOWNS_M)
    return not any(
        len(tree.query(point, predicate="dwithin", distance=limit)) for tree, limit in zip(trees, limits, strict=True)
    )


def outline(town: Town) -> shapely.Polygon:
    """The ground a town stands on: the hull of its lattice, in metres."""
    points = [town.lattice.cell_point(cell) for cell in sorted(town.lattice.cells)]
    return shapely.MultiPoint(points).convex_hull.buffer(60.0, quad_segs=2)


def draw_villages(canvas: Canvas, villages: Sequence[Village], regiments: set[str]) -> dict[str, Town]:
    """Draw the few streets of each village; companies are larger and more regular than villages."""
    drawn: dict[str, Town] = {}
    for i, village in enumerate(villages):
        random = Random(9000 + i)
        company = village.parent in regiments
        spec = TownSpec(
            id=village.id,
            centre=village.centre,
            columns=random.randint(4, 5) if company else random.randint(3, 5),
            rows=random.randint(3, 4),
            spacing_m=random.uniform(75.0, 95.0),
            angle_deg=random.uniform(-8.0, 8.0) if company else random.uniform(-40.0, 40.0),
            seed=20_000 + i,
            main=RoadClass.RESIDENTIAL,
            surface=Surface.PAVED if random.random() < 0.7 else Surface.COMPACTED,
            rural=True,
        )
        drawn[village.id] = draw_town(canvas, make_lattice(spec), {})
    return drawn


def draw_country_roads(
    canvas: Canvas,
    villages: Sequence[Village],
    drawn: dict[str, Town],
    anchors: Sequence[int],
    barred: Sequence[shapely.Geometry],
) -> None:
    """Join every village to the network by the shortest tree, then to its nearest neighbours too.

    `anchors` are nodes of larger roads and town edges where a country road may end; no road crosses what is `barred`
    (rivers, towns).
    """
    place = np.array([village.centre for village in villages])
    ends = np.array([canvas.point(node) for node in anchors])
    gap = np.hypot(place[:, None, 0] - place[None, :, 0], place[:, None, 1] - place[None, :, 1])
    barrier = shapely.STRtree(list(barred))
    nearest = _nearest_open(place, ends, barrier)
    joined = np.zeros(len(place), dtype=bool)
    cost = np.array([math.dist(place[i], ends[nearest[i]]) for i in range(len(place))])
    via = np.full(len(place), -1, dtype=np.int64)
    done: set[tuple[int, int]] = set()
    leaving: list[list[Line]] = [[] for _ in place]
    for _ in range(len(place)):
        i = int(np.argmin(np.where(joined, np.inf, cost)))
        joined[i] = True
        goal = ends[nearest[i]] if via[i] < 0 else place[via[i]]
        leaving[i].append(goal - place[i])
        if via[i] < 0:
            _country_road(canvas, drawn[villages[i].id], anchors[nearest[i]], i)
        else:
            leaving[int(via[i])].append(place[i] - goal)
            _between(canvas, (drawn[villages[i].id], drawn[villages[via[i]].id]), i)
            done.add((min(i, int(via[i])), max(i, int(via[i]))))
        closer = np.flatnonzero(~joined & (gap[i] < cost))
        closer = closer[_open(place[closer], np.broadcast_to(place[i], (len(closer), 2)), barrier)]
        cost[closer], via[closer] = gap[i, closer], i
    for i in range(len(place)):
        for j in np.argsort(gap[i], kind="stable")[1:3].tolist():
            pair = (min(i, j), max(i, j))
            if pair in done or gap[i, j] > _EXTRA_WITHIN_M or not _open(place[[i]], place[[j]], barrier)[0]:
                continue
            if _beside_another(place[j] - place[i], leaving[i]) or _beside_another(place[i] - place[j], leaving[j]):
                continue
            leaving[i].append(place[j] - place[i])
            leaving[j].append(place[i] - place[j])
            done.add(pair)
            _between(canvas, (drawn[villages[i].id], drawn[villages[j].id]), i + j)


def _beside_another(way: Line, others: Sequence[Line]) -> bool:
    """Whether a road would leave a village nearly where another already does."""
    return any(float(way @ o) > _SAME_WAY_COSINE * math.hypot(*way) * math.hypot(*o) for o in others)


def _open(start: Line, stop: Line, barrier: shapely.STRtree) -> NDArray[np.bool_]:
    """Whether the straight lines [n] between places touch nothing that bars them."""
    free = np.ones(len(start), dtype=bool)
    if len(start):
        lines = shapely.linestrings(np.stack([start, stop], axis=1))
        free[barrier.query(lines, predicate="intersects")[0]] = False
    return free


def _nearest_open(place: Line, ends: Line, barrier: shapely.STRtree) -> NDArray[np.int64]:
    """[villages] the nearest anchor that can be reached without crossing what is barred."""
    chosen = np.empty(len(place), dtype=np.int64)
    for i, here in enumerate(place):
        order = np.argsort(np.hypot(ends[:, 0] - here[0], ends[:, 1] - here[1]), kind="stable")[:400]
        free = _open(np.broadcast_to(here, (len(order), 2)), ends[order], barrier)
        chosen[i] = order[int(np.argmax(free))]
    return chosen


def _rim_towards(canvas: Canvas, town: Town, goal: Point) -> int:
    return min(town.rim(), key=lambda node: (math.dist(canvas.point(node), goal), node))


def _between(canvas: Canvas, pair: tuple[Town, Town], number: int) -> None:
    one, other = pair
    start = _rim_towards(canvas, one, other.lattice.spec.centre)
    _draw(canvas, start, _rim_towards(canvas, other, canvas.point(start)), number)


def _country_road(canvas: Canvas, town: Town, anchor: int, number: int) -> None:
    _draw(canvas, _rim_towards(canvas, town, canvas.point(anchor)), anchor, number)


def _draw(canvas: Canvas, start: int, stop: int, number: int) -> None:
    """A country road with one slight bow; a quarter are unpaved."""
    (x1, y1), (x2, y2) = canvas.point(start), canvas.point(stop)
    length = max(math.hypot(x2 - x1, y2 - y1), 1.0)
    bow = 0.04 * length * math.sin(2.3 * number)
    count = max(1, round(length / _STEP_M))
    nodes = [start]
    for i in range(1, count):
        share = i / count
        lift = bow * math.sin(math.pi * share) / length
        nodes.append(canvas.node(x1 + share * (x2 - x1) - lift * (y2 - y1), y1 + share * (y2 - y1) + lift * (x2 - x1)))
    surface = (Surface.PAVED, Surface.PAVED, Surface.COMPACTED, Surface.PAVED, Surface.GRAVEL)[number % 5]
    attributes = RoadAttributes(RoadClass.UNCLASSIFIED, surface, flags=NO_FLAGS)
    canvas.stroke([*nodes, stop], attributes, StreetName(), meets=True)
