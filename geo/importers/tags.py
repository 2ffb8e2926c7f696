"""From the tags of a way to what routing asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from geo.importers import access, highways, measures, seasons, speed_limits
from geo.network.attributes import Direction, EdgeFlag, RoadAttributes, RoadClass, StreetName

_HEIGHT_KEYS: Final = ("maxheight", "maxheight:physical")
_WIDTH_KEYS: Final = ("maxwidth", "maxwidth:physical")
_WEIGHT_KEYS: Final = ("maxweight", "maxweight:physical")
LIMIT_KEYS: Final = frozenset({*_HEIGHT_KEYS, *_WIDTH_KEYS, *_WEIGHT_KEYS})
_NO_LIMIT_WORDS: Final = frozenset({"none", "no", "default", "unsigned", "no_sign", "no_indications", "unknown"})

WAY_KEYS: Final = (
    highways.ROAD_KEYS
    | access.ACCESS_KEYS
    | seasons.SEASON_KEYS
    | speed_limits.SPEED_KEYS
    | LIMIT_KEYS
    | {"width", "duration"}
)
"""Keys that can change a way's attributes; two ways with equal values of them share one record."""
NAME_KEYS: Final = ("name", "name:zh", "name:en", "name:ug", "ref", "name:zh-Hans", "name:zh-CN")


@dataclass(frozen=True, slots=True)
class Limits:
    """Physical room for a vehicle; 0 = no limit known."""

    height_cm: int = 0
    width_cm: int = 0
    weight_kg: int = 0


@dataclass(frozen=True, slots=True)
class ReadWay:
    """What the tags of one way say. `attributes` is None where the way is no road for a vehicle."""

    attributes: RoadAttributes | None
    notes: tuple[str, ...] = ()
    """Names of counters in `RawRoads.notes` that this way adds to."""
    ferry_s: int = 0
    """A ferry's duration in seconds; its speed follows from its length."""


def read_way(tags: Mapping[str, str], classes: Collection[RoadClass] | None = None) -> ReadWay:
    """Attributes of a way, with the counters it adds to. `classes` limits what is kept; None keeps every road."""
    road_class = highways.road_class(tags)
    if road_class is None or (classes is not None and road_class not in classes):
        return ReadWay(None)
    if left_out := _left_out(tags, road_class):
        return ReadWay(None, (left_out,))
    driven = highways.direction(tags, road_class)
    forward_kmh, backward_kmh = speed_limits.limits_of_way(tags, road_class, driven)
    flags = highways.form_flags(tags, road_class, driven) | access.way_flags(tags, road_class)
    if speed_limits.is_urban(tags):
        flags |= EdgeFlag.URBAN
    closed, unclear = seasons.closed_months(tags)
    if seasons.opened_by_season(tags):
        flags &= ~EdgeFlag.NO_ORDINARY
    limits = read_limits(tags, narrow=road_class is RoadClass.PEDESTRIAN)
    is_ferry = road_class is RoadClass.FERRY
    unclear_ferry = is_ferry and access.ferry_carries_vehicles(tags) is None
    if unclear_ferry:
        # Kept, so that it can be seen, but no time is promised over a boat that may take walkers only.
        flags |= EdgeFlag.BLOCKED
    attributes = RoadAttributes(
        road_class=road_class,
        surface=highways.surface(tags),
        direction=driven,
        maxspeed_forward_kmh=forward_kmh,
        maxspeed_backward_kmh=backward_kmh,
        lanes=_lanes(tags),
        flags=flags,
        max_height_cm=limits.height_cm,
        max_width_cm=limits.width_cm,
        max_weight_kg=limits.weight_kg,
        closed_months=closed,
    )
    ferry_s = measures.duration_s(tags.get("duration", "")) if is_ferry else 0
    found = {
        "conditions_left_out": unclear,
        "reversible_ways_blocked": highways.is_reversible(tags),
        "oneway_emergency_no": tags.get("oneway:emergency") == "no" and driven is not Direction.BOTH,
        "limits_unreadable": limits_unreadable(tags),
        "ferries_unclear_blocked": unclear_ferry,
        "ferries_without_duration": is_ferry and not ferry_s,
    }
    return ReadWay(attributes, tuple(note for note, is_so in found.items() if is_so), ferry_s)


class WayReader:
    """`read_way` for many ways: equal values of the tags that matter are read once, and share their record."""

    def __init__(self, classes: Collection[RoadClass] | None = None) -> None:
        self._classes = classes
        self._known: dict[frozenset[tuple[str, str]], ReadWay] = {}

    def read(self, tags: Mapping[str, str]) -> ReadWay:
        """What the tags of one way say."""
        key = frozenset(item for item in tags.items() if item[0] in WAY_KEYS)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = read_way(tags, self._classes)
        return known


def _left_out(tags: Mapping[str, str], road_class: RoadClass) -> str:
    """Name of the counter for a way of a road's class that carries no vehicle; empty if it does."""
    if road_class is RoadClass.FERRY and access.ferry_carries_vehicles(tags) is False:
        return "ferries_for_walkers"
    if road_class is RoadClass.PEDESTRIAN:
        if tags.get("highway") in highways.NARROW and not access.narrow_way_open(tags):
            return "walking_ways"
        if tags.get("emergency") == "no" and not access.motor_allowed(tags):
            return "walking_ways"
    return ""


def _lanes(tags: Mapping[str, str]) -> int:
    """Lanes of both directions together, as OSM counts them."""
    total = measures.lane_count(tags.get("lanes", ""))
    if total:
        return total
    sides = [measures.lane_count(tags.get(key, "")) for key in ("lanes:forward", "lanes:backward")]
    return min(255, sum(sides)) if any(sides) else 0


def read_limits(tags: Mapping[str, str], *, narrow: bool = False) -> Limits:
    """Height, width and weight limits of a way or a barrier: of a signed and a physical one the lesser.

    `narrow` reads `width=*` too: on a way made for walkers it is the room there is. On roads it is a mapper's guess.
    """
    width_keys = (*_WIDTH_KEYS, "width") if narrow else _WIDTH_KEYS
    return Limits(
        height_cm=_least(measures.length_cm(tags.get(key, "")) for key in _HEIGHT_KEYS),
        width_cm=_least(measures.length_cm(tags.get(key, "")) for key in width_keys),
        weight_kg=_least(measures.weight_kg(tags.get(key, "")) for key in _WEIGHT_KEYS),
    )


def _least(values: Iterable[int]) -> int:
    return min((value for value in values if value), default=0)


def limits_unreadable(tags: Mapping[str, str]) -> bool:
    """Whether a limit stands there that could not be read (`below_default`, `3 elephants`)."""
    for key in LIMIT_KEYS & tags.keys():
        read = measures.weight_kg if key.startswith("maxweight") else measures.length_cm
        if tags[key].strip().lower() not in _NO_LIMIT_WORDS and not read(tags[key]):
            return True
    return False


def read_name(tags: Mapping[str, str]) -> StreetName:
    """The names of a way or place; control characters and stray blanks are removed."""
    zh = tags.get("name:zh") or tags.get("name:zh-Hans") or tags.get("name:zh-CN") or ""
    return StreetName(
        name=_clean(tags.get("name", "")),
        zh=_clean(zh),
        en=_clean(tags.get("name:en", "")),
        ug=_clean(tags.get("name:ug", "")),
        ref=_clean(tags.get("ref", "")),
    )


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() or c == "\u200c" else " " for c in text).split())
