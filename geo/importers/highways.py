"""Which ways are roads, and of what class and surface.

Kept are ways that a wheeled vehicle can use, whoever may: the law's limits become flags (`access`), never a gap in the
map. Left out are ways that are not there (construction, proposed, abandoned, razed), areas, and ways no vehicle fits
(steps, corridors, platforms, guided busways, race tracks). Footways, paths, cycleways and bridleways are kept only
where a tag opens them to emergency or motor vehicles; pedestrian streets unless `emergency=no`.
Source: OSM wiki, Key:highway, Key:surface, Key:tracktype, Key:oneway, Tag:route=ferry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.importers.wordlists import words
from geo.network.attributes import Direction, EdgeFlag, RoadClass, Surface

CLASSES: Final[dict[str, RoadClass]] = {
    "motorway": RoadClass.MOTORWAY,
    "motorway_link": RoadClass.MOTORWAY_LINK,
    "trunk": RoadClass.TRUNK,
    "trunk_link": RoadClass.TRUNK_LINK,
    "primary": RoadClass.PRIMARY,
    "primary_link": RoadClass.PRIMARY_LINK,
    "secondary": RoadClass.SECONDARY,
    "secondary_link": RoadClass.SECONDARY_LINK,
    "tertiary": RoadClass.TERTIARY,
    "tertiary_link": RoadClass.TERTIARY_LINK,
    "unclassified": RoadClass.UNCLASSIFIED,
    "road": RoadClass.UNCLASSIFIED,
    "residential": RoadClass.RESIDENTIAL,
    "living_street": RoadClass.LIVING_STREET,
    "service": RoadClass.SERVICE,
    "busway": RoadClass.SERVICE,
    "track": RoadClass.TRACK,
    "pedestrian": RoadClass.PEDESTRIAN,
    "footway": RoadClass.PEDESTRIAN,
    "path": RoadClass.PEDESTRIAN,
    "cycleway": RoadClass.PEDESTRIAN,
    "bridleway": RoadClass.PEDESTRIAN,
}
"""`highway=*` → class. Anything else is no road."""

NARROW: Final = frozenset({"footway", "path", "cycleway", "bridleway"})
"""Values that need a tag of their own before a vehicle may be sent there."""

FERRY_ROUTES: Final = frozenset({"ferry"})

SURFACES: Final[dict[str, Surface]] = {
    **dict.fromkeys(
        words(
            "paved asphalt concrete concrete:plates concrete:lanes paving_stones paving_stones:lanes sett cobblestone"
            " unhewn_cobblestone cobblestone:flattened bricks brick metal wood chipseal tiles"
        ),
        Surface.PAVED,
    ),
    **dict.fromkeys(("compacted", "fine_gravel"), Surface.COMPACTED),
    **dict.fromkeys(words("gravel pebblestone rock rocks unpaved stone"), Surface.GRAVEL),
    **dict.fromkeys(words("ground dirt earth mud grass grass_paver clay salt snow ice soil woodchips"), Surface.GROUND),
    "sand": Surface.SAND,
}
"""`surface=*` → surface. `unpaved` without more is taken for gravel: neither the best nor the worst it can mean."""

TRACK_TYPES: Final[dict[str, Surface]] = {
    "grade1": Surface.COMPACTED,
    "grade2": Surface.GRAVEL,
    "grade3": Surface.GRAVEL,
    "grade4": Surface.GROUND,
    "grade5": Surface.GROUND,
}
"""`tracktype=*` → surface, where `surface` is absent. Grade 1 may be paved or hard gravel: the slower is taken."""

DIVIDED_CLASSES: Final = frozenset({RoadClass.MOTORWAY, RoadClass.MOTORWAY_LINK, RoadClass.TRUNK, RoadClass.TRUNK_LINK})
_ONEWAY_IMPLIED: Final = frozenset({RoadClass.MOTORWAY, RoadClass.MOTORWAY_LINK})
"""The wiki implies it for motorways. Their links are one-way too unless `oneway=no`: to take a ramp for two-way would
send a vehicle against traffic."""
_ROUNDABOUTS: Final = frozenset({"roundabout", "circular"})
_ONEWAY_KEYS: Final = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
"""The most particular first."""
_ONEWAY: Final[dict[str, Direction]] = {
    **dict.fromkeys(("yes", "1", "true"), Direction.FORWARD),
    **dict.fromkeys(("-1", "reverse"), Direction.BACKWARD),
    **dict.fromkeys(("no", "0", "false", "alternating"), Direction.BOTH),
}

_ABSENT_PREFIXES: Final = ("abandoned", "construction", "demolished", "disused", "proposed", "razed", "removed")
_NO: Final = frozenset({"", "no", "none", "false", "0"})

ROAD_KEYS: Final = frozenset(
    {"highway", "route", "area", "surface", "tracktype", "smoothness", "junction", "dual_carriageway", "bridge"}
    | {"tunnel", "toll", "ford", "lanes", "lanes:forward", "lanes:backward", "oneway:emergency", *_ONEWAY_KEYS}
    | set(_ABSENT_PREFIXES)
)


def is_set(tags: Mapping[str, str], key: str) -> bool:
    """Whether a tag is there and does not say no (`bridge=viaduct` is a bridge, `bridge=no` is none)."""
    return tags.get(key, "") not in _NO


def road_class(tags: Mapping[str, str]) -> RoadClass | None:
    """Class of a way; None if it is no road (or not yet, or no longer)."""
    if tags.get("area") == "yes" or any(tags.get(prefix) == "yes" for prefix in _ABSENT_PREFIXES):
        return None
    highway = tags.get("highway", "")
    if highway in CLASSES:
        return CLASSES[highway]
    if not highway and tags.get("route") in FERRY_ROUTES:
        return RoadClass.FERRY
    return None


def direction(tags: Mapping[str, str], of_class: RoadClass) -> Direction:
    """In which direction of its drawn geometry a way may be driven."""
    for key in _ONEWAY_KEYS:
        if key in tags and (said := _ONEWAY.get(tags[key].strip().lower())) is not None:
            return said
    implied = of_class in _ONEWAY_IMPLIED or tags.get("junction") in _ROUNDABOUTS
    return Direction.FORWARD if implied else Direction.BOTH


def is_reversible(tags: Mapping[str, str]) -> bool:
    """Whether the direction changes with the hour: nobody can know which holds now."""
    return tags.get("oneway", "").strip().lower() == "reversible"


def surface(tags: Mapping[str, str]) -> Surface:
    """Surface of a way: the worst of several named, else by `tracktype`, else unknown."""
    named = [SURFACES.get(value.strip().lower(), Surface.UNKNOWN) for value in tags.get("surface", "").split(";")]
    return max(named) or TRACK_TYPES.get(tags.get("tracktype", ""), Surface.UNKNOWN)


def form_flags(tags: Mapping[str, str], of_class: RoadClass, driven: Direction) -> EdgeFlag:
    """Flags of how a road is built; the law's flags come from `access`."""
    flags = EdgeFlag(0)
    if tags.get("junction") in _ROUNDABOUTS:
        flags |= EdgeFlag.ROUNDABOUT
        if driven is not Direction.BOTH:
            flags |= EdgeFlag.DIVIDED
    if driven is not Direction.BOTH and (of_class in DIVIDED_CLASSES or tags.get("dual_carriageway") == "yes"):
        flags |= EdgeFlag.DIVIDED
    for key, flag in (("bridge", EdgeFlag.BRIDGE), ("tunnel", EdgeFlag.TUNNEL), ("toll", EdgeFlag.TOLL)):
        if is_set(tags, key):
            flags |= flag
    if is_set(tags, "ford"):
        flags |= EdgeFlag.FORD
        if tags["ford"] == "boat":
            flags |= EdgeFlag.BLOCKED
    if of_class is RoadClass.FERRY:
        flags |= EdgeFlag.FERRY
    if tags.get("smoothness") == "impassable" or is_reversible(tags):
        flags |= EdgeFlag.BLOCKED
    return flags
