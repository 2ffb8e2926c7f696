"""What a stretch of road is: class, surface, flags and limits, as small fixed numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag


class RoadClass(IntEnum):
    """Road class, from OSM `highway=*`; the numbers are stored and must not change."""

    MOTORWAY = 1
    MOTORWAY_LINK = 2
    TRUNK = 3
    TRUNK_LINK = 4
    PRIMARY = 5
    PRIMARY_LINK = 6
    SECONDARY = 7
    SECONDARY_LINK = 8
    TERTIARY = 9
    TERTIARY_LINK = 10
    UNCLASSIFIED = 11
    RESIDENTIAL = 12
    LIVING_STREET = 13
    SERVICE = 14
    TRACK = 15
    PEDESTRIAN = 16
    """A way closed to traffic that an emergency vehicle may and can use (`emergency=yes`, pedestrian streets)."""
    FERRY = 17
    BARRIER = 18
    """The zero-length stretch that stands for a gate, bollard or height frame at a point."""


class Surface(IntEnum):
    """Surface, from OSM `surface=*` and `tracktype=*`; the numbers are stored and must not change."""

    UNKNOWN = 0
    PAVED = 1
    COMPACTED = 2
    GRAVEL = 3
    GROUND = 4
    SAND = 5


class EdgeFlag(IntFlag):
    """Properties of one directed edge; the bits are stored and must not change."""

    ONEWAY = 1 << 0
    """The street is one-way (set on the legal edge and on its contraflow twin)."""
    CONTRAFLOW = 1 << 1
    """This edge runs against an undivided one-way; closed unless a profile opens it with a penalty."""
    DIVIDED = 1 << 2
    """One carriageway of a divided road, or a roundabout: never the wrong way."""
    ROUNDABOUT = 1 << 3
    BRIDGE = 1 << 4
    TUNNEL = 1 << 5
    FERRY = 1 << 6
    URBAN = 1 << 7
    """Built-up: many junctions around, or tagged so."""
    NO_ORDINARY = 1 << 8
    """The law closes it to ordinary traffic; an emergency run may use it."""
    BLOCKED = 1 << 9
    """Nothing on wheels passes: bollard, block, locked gate."""
    FORD = 1 << 10
    TOLL = 1 << 11
    PRIVATE_ROAD = 1 << 12
    """Passable, but destination traffic only (`access=destination|private|customers`)."""


NO_FLAGS = EdgeFlag(0)


class Direction(IntEnum):
    """In which direction of its drawn geometry a way may be driven."""

    BOTH = 0
    FORWARD = 1
    BACKWARD = 2


@dataclass(frozen=True, slots=True)
class RoadAttributes:
    """Everything about a way that routing asks; equal attributes let two ways be merged.

    `lanes`, bridge and tunnel do not prevent merging: the merged edge keeps the fewest lanes and every bridge and
    tunnel flag. A limit of 0 means none is known.
    """

    road_class: RoadClass
    surface: Surface = Surface.UNKNOWN
    direction: Direction = Direction.BOTH
    maxspeed_forward_kmh: int = 0
    maxspeed_backward_kmh: int = 0
    lanes: int = 0
    flags: EdgeFlag = NO_FLAGS
    max_height_cm: int = 0
    max_width_cm: int = 0
    max_weight_kg: int = 0
    closed_months: int = 0
    """Bit 0 = January … bit 11 = December: months in which the road is closed (独库公路 and its like)."""


@dataclass(frozen=True, slots=True)
class StreetName:
    """A street's or a place's names; an empty string means none is known."""

    name: str = ""
    zh: str = ""
    en: str = ""
    ug: str = ""
    ref: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.zh or self.en or self.ug or self.ref)

    def spoken(self, language: str = "zh") -> str:
        """The name to show or say in `language` (zh, en, ug): that language's, else the local one, else the ref."""
        own = {"zh": self.zh, "en": self.en, "ug": self.ug}.get(language, "")
        return own or self.name or self.zh or self.en or self.ref
