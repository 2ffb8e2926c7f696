"""The expressway: two carriageways of one drawn line, over everything else, with ramps at its interchanges."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from geo.demo.highways import Country, add_posts, road_name
from geo.demo.plane import Line, Point, along, at, beside, left_of, resample, spline, to_plane, winding
from geo.network.attributes import Direction, EdgeFlag, RoadAttributes, RoadClass, StreetName, Surface
from geo.network.raw import Barrier

_HALF_M: Final = 12.5
"""From the drawn line to the middle of each carriageway."""
_STEP_M: Final = 400.0
_RAMP_M: Final = 600.0
"""Along the expressway, from the crossing road to where a ramp begins or ends."""
_TERMINAL_M: Final = 120.0
"""From the drawn line to where ramps meet the crossing road."""
_FLAGS: Final = EdgeFlag.DIVIDED | EdgeFlag.TOLL
_CARRIAGEWAY: Final = RoadAttributes(
    RoadClass.MOTORWAY, Surface.PAVED, Direction.FORWARD, 120, 120, lanes=2, flags=_FLAGS
)
_RAMP: Final = RoadAttributes(
    RoadClass.MOTORWAY_LINK, Surface.PAVED, Direction.FORWARD, 40, 40, lanes=1, flags=EdgeFlag.DIVIDED
)
_OVER: Final = RoadAttributes(RoadClass.SECONDARY, Surface.PAVED, lanes=2, flags=EdgeFlag.BRIDGE)
_LINK: Final = RoadAttributes(RoadClass.SECONDARY, Surface.PAVED, lanes=2)


def draw_expressway(country: Country, table: dict[str, Any]) -> None:
    """Both carriageways between two junctions, posts along the middle, and every interchange."""
    canvas = country.canvas
    start, stop = country.junctions[table["from"]], country.junctions[table["to"]]
    points = [canvas.point(start), *(to_plane(*place) for place in table["via"]), canvas.point(stop)]
    middle = resample(spline(np.array(points, dtype=np.float64)), 100.0)
    middle = resample(winding(middle, 0.02, 14_000.0, 0.8), 50.0)
    where = along(middle)
    crossings = [float(where[_nearest(middle, to_plane(*item["at"]))]) for item in table["interchanges"]]
    stations = np.arange(_STEP_M, where[-1] - _STEP_M / 2, _STEP_M)
    exact = [crossing + side for crossing in crossings for side in (-_RAMP_M, _RAMP_M)]
    stations = np.unique(np.concatenate([stations, exact]).round(3))
    line = at(middle, stations)
    name = road_name(table)
    right = [canvas.node(float(x), float(y)) for x, y in beside(line, -_HALF_M)]
    left = [canvas.node(float(x), float(y)) for x, y in beside(line, _HALF_M)]
    canvas.stroke([start, *right, stop], _CARRIAGEWAY, name, over=True)
    canvas.stroke([stop, *reversed(left), start], _CARRIAGEWAY, name, over=True)
    add_posts(canvas, middle, table["ref"], table["start_km"], falling=True)
    for item, crossing in zip(table["interchanges"], crossings, strict=True):
        index = [int(np.searchsorted(stations, round(crossing + side, 3))) for side in (-_RAMP_M, _RAMP_M)]
        ramps = {
            "right": (right[index[0]], right[index[1]]),
            "left": (left[index[1]], left[index[0]]),  # each pair in driving order
        }
        _interchange(country, item, (middle, where, crossing), ramps)


def _nearest(line: Line, place: Point) -> int:
    return int(np.argmin(np.hypot(line[:, 0] - place[0], line[:, 1] - place[1])))


def _interchange(
    country: Country,
    item: dict[str, Any],
    course: tuple[Line, Any, float],
    ramps: dict[str, tuple[int, int]],
) -> None:
    """A diamond: a road over the expressway, two ramps on each side, and a road to the town it serves."""
    canvas = country.canvas
    middle, where, crossing = course
    index = int(np.searchsorted(where, crossing))
    here, out = middle[index], left_of(middle)[index]
    name = StreetName(item["zh"], item["zh"], item["en"])
    terminals: dict[str, int] = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        x, y = (here + sign * _TERMINAL_M * out).tolist()
        terminals[side] = canvas.node(x, y)
        off, on = ramps[side]
        for nodes in ([off, terminals[side]], [terminals[side], on]):
            points = np.array([canvas.point(node) for node in nodes])
            lane = ramps[side][0] if nodes[0] == off else ramps[side][1]
            bend = _ramp_bend(points, np.array(canvas.point(lane)), sign * out)
            bent = [canvas.node(float(px), float(py)) for px, py in bend]
            canvas.stroke([nodes[0], *bent, nodes[1]], _RAMP, name, over=True)
    canvas.stroke([terminals["left"], terminals["right"]], _OVER, name, over=True)
    _link(country, item, terminals, (here, out))


def _ramp_bend(points: Line, lane: Line, outward: Line) -> Line:
    """Two points that lead a ramp gently away from its carriageway before it climbs to the crossing road."""
    far = points[1] if bool((points[0] == lane).all()) else points[0]
    along_road = far - lane
    shares = ((0.35, 22.0), (0.75, 70.0))
    across = float(along_road @ outward)
    bend = np.array([lane + share * (along_road - across * outward) + rise * outward for share, rise in shares])
    return bend if bool((points[0] == lane).all()) else bend[::-1]


def _link(country: Country, item: dict[str, Any], terminals: dict[str, int], cross: tuple[Line, Line]) -> None:
    """The road from the interchange to its town or junction, with a toll gate."""
    canvas = country.canvas
    here, out = cross
    goal = country.place(item["link"])
    side = "left" if float((np.array(goal) - here) @ out) > 0 else "right"
    sign = 1.0 if side == "left" else -1.0
    name = StreetName(f"{item['zh']}连接线", f"{item['zh']}连接线", f"{item['en']} link")
    begin = canvas.point(terminals[side])
    end, leaving = country.end(item["link"], begin, (_LINK, name))
    first = here + sign * 500.0 * out
    points = [begin, (float(first[0]), float(first[1])), *leaving, canvas.point(end)]
    line = resample(spline(np.array(points, dtype=np.float64)), 250.0)
    nodes = [terminals[side], *(canvas.node(float(x), float(y)) for x, y in line[1:-1]), end]
    canvas.stroke(nodes, _LINK, name, meets=True)
    canvas.barriers.append(Barrier(nodes[1], EdgeFlag.TOLL))
