"""Where a point is, in words: for reading back to the caller and to the crew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.network.model import RoadNetwork
from geo.places.entries import LOCAL_REACH_M, Entries
from geo.places.hits import metres, told
from geo.places.lines import Lines, Near
from geo.points import GeoPoint

STREET_REACH_M: Final = 2_000.0
"""A street further away than this says nothing about a place."""
CROSSING_REACH_M: Final = 1_000.0
_NEAR_CROSSING_M: Final = 200.0
_ON_STREET_M: Final = 30.0
_AT_CROSSING_M: Final = 15.0
_FIRST_M: Final = 150.0

_WINDS: Final = (
    ("北", "north", "شىمال"), ("东北", "north-east", "شەرقىي شىمال"), ("东", "east", "شەرق"),
    ("东南", "south-east", "شەرقىي جەنۇب"), ("南", "south", "جەنۇب"), ("西南", "south-west", "غەربىي جەنۇب"),
    ("西", "west", "غەرب"), ("西北", "north-west", "غەربىي شىمال"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """A point in words. Distances are straight, in metres; texts are empty and distances None where nothing is near."""

    text: str
    """One line: 阿克苏市，英阿瓦提路，塔南路路口以东 120 米."""
    street: str
    street_m: float | None
    """From the street."""
    street_rows: tuple[int, ...]
    cross_street: str
    """The other street of the nearest crossing."""
    crossing: GeoPoint | None
    crossing_m: float | None
    direction: str
    """Of the point, seen from the crossing (or from the place, where there is no street): 东, north-west…"""
    place: str
    """The nearest town, village or company."""
    place_m: float | None


def wind(bearing_deg: float, language: str) -> str:
    """Say a bearing as one of eight directions."""
    return told(language, *_WINDS[round(bearing_deg / 45.0) % 8])


def describe(point: GeoPoint, language: str, network: RoadNetwork, entries: Entries, lines: Lines) -> Description:
    """Describe one point in WGS-84."""
    local = entries.nearest_local(point)
    place = local.names.spoken(language) if local else ""
    place_m = local.point.distance_m(point) if local else None
    names = _Names(network, entries, language)
    named = next((found for reach in (_FIRST_M, STREET_REACH_M) for found in names.near(lines, point, reach)), None)
    if named is None:
        direction = wind(local.point.bearing_deg(point), language) if local else ""
        far = told(
            language,
            f"{metres(STREET_REACH_M, language)}内无有名道路",
            "no named road within 2 km",
            "2 كىلومېتىر ئىچىدە ناملىق يول يوق",
        )
        text = far
        if place_m is not None:
            away = metres(place_m, language)
            text = told(
                language,
                f"{place}以{direction} {away}，{far}",
                f"{away} {direction} of {place}; {far}",
                f"{place}: {direction} تەرەپتە {away}؛ {far}",
            )
        return Description(text, "", None, (), "", None, None, direction, place, place_m)
    street = names.of(named.shape)
    reaches = (_NEAR_CROSSING_M, CROSSING_REACH_M)
    found = (names.crossing(lines, point, street, reach) for reach in reaches)
    other, crossing = next((pair for pair in found if pair[1] is not None), ("", None))
    crossing_m = crossing.distance_m(point) if crossing else None
    direction = wind(crossing.bearing_deg(point), language) if crossing else ""
    parts = [place if place_m is not None and place_m <= LOCAL_REACH_M else "", street]
    if crossing_m is not None:
        at = told(language, f"{other}路口", f"{other} crossing", f"{other} دوقمۇشى")
        away = metres(crossing_m, language)
        if crossing_m > _AT_CROSSING_M:
            at = told(
                language,
                f"{at}以{direction} {away}",
                f"{away} {direction} of {at}",
                f"{at}: {direction} تەرەپتە {away}",
            )
        parts.append(at)
    if named.distance_m > _ON_STREET_M:
        away = metres(named.distance_m, language)
        parts.append(told(language, f"距路 {away}", f"{away} off the street", f"يولدىن {away} نېرى"))
    text = told(language, "，", ", ", "، ").join(part for part in parts if part)
    rows = (names.row(named.shape),)
    return Description(text, street, named.distance_m, rows, other, crossing, crossing_m, direction, place, place_m)


class _Names:
    """Names of shapes in one language."""

    def __init__(self, network: RoadNetwork, entries: Entries, language: str) -> None:
        self._network = network
        self._edges = entries.streets.edges
        self._language = language

    def row(self, shape: int) -> int:
        return int(self._network.edge_name[self._edges[shape]])

    def of(self, shape: int) -> str:
        return self._network.street_name(self.row(shape)).spoken(self._language)

    def near(self, lines: Lines, point: GeoPoint, reach_m: float) -> list[Near]:
        """Give the named shapes within reach, the nearest first."""
        return [found for found in lines.within(point, reach_m) if self.of(found.shape)]

    def crossing(self, lines: Lines, point: GeoPoint, street: str, reach_m: float) -> tuple[str, GeoPoint | None]:
        """Find the nearest junction of `street` with another named street, within reach."""
        own: set[int] = set()
        others: dict[int, str] = {}
        for found in self.near(lines, point, reach_m):
            edge = int(self._edges[found.shape])
            ends = (int(self._network.edge_from[edge]), int(self._network.edge_to[edge]))
            name = self.of(found.shape)
            if name == street:
                own.update(ends)
            else:
                for node in ends:
                    others.setdefault(node, name)
        nodes = [(self._network.node_point(node).distance_m(point), node) for node in own & others.keys()]
        if not nodes or min(nodes)[0] > reach_m:
            return "", None
        node = min(nodes)[1]
        return others[node], self._network.node_point(node)
