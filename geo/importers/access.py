"""Who may use a way or pass a barrier: OSM's access tags as flags.

The tags go from general to particular; the most particular one that is there decides. What the law closes is
NO_ORDINARY (an emergency run may use it), destination traffic is PRIVATE_ROAD, and only `emergency=no` on a closed way
says that emergency vehicles cannot pass either. Source: OSM wiki, Key:access, Key:emergency, Key:service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.importers.wordlists import words
from geo.network.attributes import EdgeFlag, RoadClass

MODES: Final = ("access", "vehicle", "motor_vehicle", "motorcar")
"""General to particular."""
MOTOR_MODES: Final = MODES[1:]
ACCESS_KEYS: Final = frozenset({*MODES, "emergency", "service", "foot", "bicycle"})

_OPEN: Final = 0
_DESTINATION: Final = 1
_CLOSED: Final = 2

VALUES: Final[dict[str, int]] = {
    **dict.fromkeys(words("yes permissive designated official public unknown"), _OPEN),
    **dict.fromkeys(words("destination private customers delivery permit residents employees"), _DESTINATION),
    **dict.fromkeys(
        words(
            "no agricultural forestry military emergency psv bus hov hgv taxi use_sidepath"
            " discouraged foot bicycle restricted"
        ),
        _CLOSED,
    ),
}
"""Access value → open to all, to destination traffic, or closed to ordinary traffic. Unknown words count as open."""

EMERGENCY_OPEN: Final = frozenset({"yes", "designated", "official", "permissive", "destination"})
_DESTINATION_SERVICES: Final = frozenset({"driveway", "drive-through"})


def _level(value: str) -> int:
    """Of several values (`agricultural;private`) the most open: each opens the way to somebody."""
    return min(VALUES.get(part.strip().lower(), _OPEN) for part in value.split(";"))


def ordinary_level(tags: Mapping[str, str], default: int = _OPEN) -> int:
    """0 open, 1 destination only, 2 closed, to an ordinary motor vehicle."""
    level = default
    for mode in MODES:
        if mode in tags:
            level = _level(tags[mode])
    return level


def motor_allowed(tags: Mapping[str, str]) -> bool:
    """Whether a tag of a vehicle mode itself opens the way to motor vehicles."""
    said = [tags[mode] for mode in MOTOR_MODES if mode in tags]
    return bool(said) and _level(said[-1]) != _CLOSED


def way_flags(tags: Mapping[str, str], road_class: RoadClass) -> EdgeFlag:
    """NO_ORDINARY, PRIVATE_ROAD and BLOCKED of a way, by law and custom."""
    default = _OPEN
    if road_class is RoadClass.PEDESTRIAN or tags.get("highway") == "busway":
        # `access=yes` on a footway speaks of walkers; only a vehicle mode opens it.
        level = ordinary_level({mode: tags[mode] for mode in MOTOR_MODES if mode in tags}, _CLOSED)
        if tags.get("access") in {"no", "private"} and level == _OPEN and not motor_allowed(tags):
            level = _CLOSED
    else:
        if tags.get("service") in _DESTINATION_SERVICES:
            default = _DESTINATION
        elif tags.get("service") == "emergency_access":
            default = _CLOSED
        level = ordinary_level(tags, default)
    flags = EdgeFlag(0)
    if level == _CLOSED:
        flags |= EdgeFlag.NO_ORDINARY
        if tags.get("emergency") == "no":
            flags |= EdgeFlag.BLOCKED
    elif level == _DESTINATION:
        flags |= EdgeFlag.PRIVATE_ROAD
    return flags


def narrow_way_open(tags: Mapping[str, str]) -> bool:
    """Whether a footway, path, cycleway or bridleway carries a vehicle."""
    return tags.get("emergency") in EMERGENCY_OPEN or motor_allowed(tags)


def ferry_carries_vehicles(tags: Mapping[str, str]) -> bool | None:
    """Whether a ferry takes vehicles: a vehicle tag decides, then a tag for walkers alone; None if no tag tells.

    Passenger boats without any such tag are common (the Bateau Bus of Monaco is one), so None is no yes.
    """
    if any(mode in tags for mode in MOTOR_MODES):
        return motor_allowed(tags)
    if tags.get("access") in {"no", "private"}:
        return tags.get("emergency") in EMERGENCY_OPEN
    for_walkers = any(tags.get(mode) in {"yes", "designated", "only"} for mode in ("foot", "bicycle"))
    return False if for_walkers else None
