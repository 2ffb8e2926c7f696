"""Roads between towns: numbered ones with kilometre posts, county roads, valleys, desert roads."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from geo.demo.canvas import Canvas
from geo.demo.plane import Line, Point, along, at, resample, spline, to_degrees, to_plane, winding
from geo.demo.town import Town
from geo.network.attributes import NO_FLAGS, EdgeFlag, RoadAttributes, RoadClass, StreetName, Surface
from geo.network.raw import Barrier, KilometrePost

_STEP_M: Final = 400.0
_BEND: Final = 0.05
_WAVE_KM: Final = 9.0


@dataclass(slots=True)
class Leg:
    """One drawn stretch of a road between two towns or junctions."""

    road: str
    line: Line
    nodes: list[int]


class Country:
    """Towns and junctions by id, and what has been drawn between them."""

    def __init__(self, canvas: Canvas, towns: dict[str, Town], junctions: dict[str, list[float]]) -> None:
        self.canvas = canvas
        self.towns = towns
        self.junctions = {name: canvas.node(*to_plane(lat, lon)) for name, (lat, lon) in junctions.items()}
        self.legs: list[Leg] = []

    def place(self, stop: str | list[float]) -> Point:
        """Where a stop of a road is: a town's centre, a junction, a bare waypoint."""
        if not isinstance(stop, str):
            return to_plane(*stop)
        if stop in self.junctions:
            return self.canvas.point(self.junctions[stop])
        return self.towns[stop].lattice.spec.centre

    def end(self, stop: str, towards: Point, look: tuple[RoadAttributes, StreetName]) -> tuple[int, list[Point]]:
        """The node where a leg begins, and a point that makes it leave a town straight."""
        if stop in self.junctions:
            return self.junctions[stop], []
        town = self.towns[stop]
        node, gate = town.approach(self.canvas, towards, *look)
        (x, y), out = self.canvas.point(node), town.outward(gate)
        return node, [(x + 700.0 * out[0], y + 700.0 * out[1])]

    def draw_road(self, road: dict[str, Any]) -> None:
        """All legs of one road, with its posts, fords and level crossings."""
        value = road_attributes(road)
        name = road_name(road)
        stops: list[str | list[float]] = road["through"]
        anchors = [i for i, stop in enumerate(stops) if isinstance(stop, str)]
        falling = road.get("falling", False)
        km = float(road.get("start_km", -1.0))
        before: Point | None = None
        for number, (first, last) in enumerate(itertools.pairwise(anchors)):
            leg = self._leg(road, stops[first : last + 1], (value, name), number)
            if before is not None and km >= 0:
                km += math.dist(before, tuple(leg.line[0])) / 1000.0 * (-1 if falling else 1)
            if km >= 0 and "ref" in road:
                km = add_posts(self.canvas, leg.line, road["ref"], km, falling=falling)
            before = (float(leg.line[-1, 0]), float(leg.line[-1, 1]))
            self._obstacles(road, leg, number)

    def _leg(
        self,
        road: dict[str, Any],
        stops: list[str | list[float]],
        look: tuple[RoadAttributes, StreetName],
        number: int,
    ) -> Leg:
        first, last = str(stops[0]), str(stops[-1])
        between = [self.place(stop) for stop in stops[1:-1]]
        start, leaving = self.end(first, between[0] if between else self.place(last), look)
        stop, arriving = self.end(last, between[-1] if between else self.place(first), look)
        points = [self.canvas.point(start), *leaving, *between, *arriving, self.canvas.point(stop)]
        line = resample(spline(np.array(points, dtype=np.float64)), _STEP_M / 4)
        phase = 1.7 * number + 0.61 * len(self.legs)
        line = winding(line, float(road.get("bend", _BEND)), 1000.0 * float(road.get("wave_km", _WAVE_KM)), phase)
        line = resample(line, _STEP_M)
        nodes = [start, *(self.canvas.node(float(x), float(y)) for x, y in line[1:-1]), stop]
        stroke = self.canvas.stroke(nodes, *look, meets=look[0].road_class != RoadClass.FERRY)
        if "bridge_max_weight_kg" in road:
            old = RoadAttributes(
                look[0].road_class, Surface.PAVED, lanes=1, max_weight_kg=int(road["bridge_max_weight_kg"])
            )
            self.canvas.strokes[stroke].bridge = old
        leg = Leg(road["id"], line, nodes)
        self.legs.append(leg)
        return leg

    def _obstacles(self, road: dict[str, Any], leg: Leg, number: int) -> None:
        for kind, flags in (("fords", EdgeFlag.FORD), ("level_crossings", NO_FLAGS)):
            for item in road.get(kind, ()):
                if item["leg"] == number:
                    node = leg.nodes[round(item["at"] * (len(leg.nodes) - 1))]
                    self.canvas.barriers.append(Barrier(node, flags))

    def draw_site(self, site: dict[str, Any]) -> Point:
        """A side track to a well or a camp; returns the site's place."""
        legs = [leg for leg in self.legs if leg.road == site["near"]]
        leg = legs[site["leg"]] if "leg" in site else max(legs, key=lambda item: len(item.nodes))
        index = max(1, min(len(leg.nodes) - 2, round(site["at"] * (len(leg.nodes) - 1))))
        here, onward = np.array(self.canvas.point(leg.nodes[index])), leg.line[index + 1]
        along_road = (onward - here) / max(float(np.hypot(*(onward - here))), 1.0)
        left = np.array([-along_road[1], along_road[0]])
        side_m = 1000.0 * site["side_km"]
        goal = here + side_m * left + 0.25 * abs(side_m) * along_road
        line = resample(spline(np.array([here, here + 0.5 * side_m * left, goal])), _STEP_M)
        nodes = [leg.nodes[index], *(self.canvas.node(float(x), float(y)) for x, y in line[1:])]
        name = StreetName(f"{site['zh']}支线", f"{site['zh']}支线", f"{site['en']} track")
        self.canvas.stroke(nodes, RoadAttributes(RoadClass.TRACK, Surface.GRAVEL), name, meets=True)
        return float(goal[0]), float(goal[1])


def road_attributes(road: dict[str, Any]) -> RoadAttributes:
    """What a road of the table is."""
    road_class = RoadClass[road["class"].upper()]
    ferry = road_class == RoadClass.FERRY
    surface = Surface[road.get("surface", "unknown" if ferry else "paved").upper()]
    months = 0
    for month in road.get("closed_months", ()):
        months |= 1 << (month - 1)
    flags = EdgeFlag.FERRY if ferry else NO_FLAGS
    lanes = 2 if road_class <= RoadClass.TERTIARY else 0
    return RoadAttributes(road_class, surface, lanes=lanes, flags=flags, closed_months=months)


def road_name(road: dict[str, Any]) -> StreetName:
    """A road's names and number."""
    return StreetName(road["zh"], road["zh"], road["en"], road.get("ug", ""), road.get("ref", ""))


def add_posts(canvas: Canvas, line: Line, ref: str, km: float, *, falling: bool = False) -> float:
    """A post at every full kilometre along a line that begins at `km`; returns the kilometre of its end."""
    length_km = float(along(line)[-1]) / 1000.0
    sign = -1 if falling else 1
    low, high = sorted((km, km + sign * length_km))
    full = np.arange(math.ceil(low), math.floor(high) + 1, dtype=np.float64)
    places = at(line, 1000.0 * sign * (full - km))
    for value, (x, y) in zip(full.tolist(), places.tolist(), strict=True):
        lat, lon = to_degrees(x, y)
        canvas.posts.append(KilometrePost(lat, lon, value, ref))
    return km + sign * length_km
