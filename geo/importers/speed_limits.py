"""Legal speed limits: from `maxspeed=*`, its implicit values (`CN:urban`) and the signs that imply them.

Source: OSM wiki, Key:maxspeed and Default speed limits. For China: Implementing Regulations of the Road Traffic Safety
Law, articles 45 and 78 (one lane each way: 50 km/h in towns, 70 km/h outside; motorways 120 km/h).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from geo.network.attributes import Direction, RoadClass

MOTORWAY_CLASSES: Final = frozenset({RoadClass.MOTORWAY, RoadClass.MOTORWAY_LINK})

IMPLICIT_KMH: Final[dict[str, dict[str, int]]] = {
    "CN": {"living_street": 20, "urban": 50, "rural": 70, "trunk": 80, "motorway": 120},
    "KZ": {"living_street": 20, "urban": 60, "rural": 100, "motorway": 140},
    "RU": {"living_street": 20, "urban": 60, "rural": 90, "motorway": 110},
    "BY": {"living_street": 20, "urban": 60, "rural": 90, "motorway": 110},
    "UA": {"living_street": 20, "urban": 50, "rural": 90, "motorway": 130},
    "AD": {"living_street": 20, "urban": 50, "rural": 90},
    "AT": {"living_street": 5, "urban": 50, "rural": 100, "trunk": 100, "motorway": 130},
    "BE": {"living_street": 20, "urban": 50, "rural": 90, "motorway": 120},
    "CH": {"living_street": 20, "urban": 50, "rural": 80, "trunk": 100, "motorway": 120},
    "CZ": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
    "DE": {"living_street": 7, "urban": 50, "rural": 100, "motorway": 0},
    "ES": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 90, "motorway": 120},
    "FR": {"living_street": 20, "urban": 50, "rural": 80, "trunk": 110, "motorway": 130},
    "GB": {"urban": 48, "nsl_restricted": 48, "nsl_single": 96, "nsl_dual": 112, "rural": 96, "motorway": 112},
    "IT": {"urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
    "NL": {"living_street": 15, "urban": 50, "rural": 80, "trunk": 100, "motorway": 100},
    "PL": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 100, "motorway": 140},
    "PT": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 100, "motorway": 120},
    "RO": {"living_street": 20, "urban": 50, "rural": 90, "trunk": 100, "motorway": 130},
}
"""Limit in km/h by country (ISO 3166) and context; 0 = the country sets none (German motorways)."""

ANY_COUNTRY_KMH: Final[dict[str, int]] = {"living_street": 20, "urban": 50}
"""For countries the table lacks. Outside towns their limits differ too much to guess."""

WALK_KMH: Final = 7
_FASTEST_KMH: Final = 250
"""Above it, a value is a slip of the pen."""

_KMH_PER_UNIT: Final = {
    "": 1.0,
    "km/h": 1.0,
    "kmh": 1.0,
    "kph": 1.0,
    "kmph": 1.0,
    "公里": 1.0,
    "mph": 1.609344,
    "knots": 1.852,
}
_PLAIN: Final = re.compile(r"^([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*([a-z/公里]*)$")
_IMPLICIT: Final = re.compile(r"^([A-Za-z]{2})(?:-[A-Za-z0-9]{1,3})?:([a-z_]+):?([0-9]{1,3})?$")
_BARE_NUMBER: Final = re.compile(r"^[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?:([0-9]{1,3})$")

_ZONE_KEYS: Final = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
"""Tags that name the sign or the zone a limit comes from; read when `maxspeed` itself is absent."""

SPEED_KEYS: Final = frozenset({"maxspeed", "maxspeed:forward", "maxspeed:backward", *_ZONE_KEYS})


def limit_kmh(text: str) -> int:
    """One value of `maxspeed` in whole km/h, 0 to 250; 0 = none known. Never raises.

    Of several values (`50;30`, `50|80`) the lowest, so that a time is not promised too short. `none`, `signals` and
    `variable` are 0: the road's own free-flow speed holds.
    """
    values = [_one_kmh(part.strip()) for part in re.split(r"[;|]", text[:100])]
    return min((value for value in values if value), default=0)


def _one_kmh(text: str) -> int:
    if text.lower() == "walk":
        return WALK_KMH
    if match := _PLAIN.match(text.lower()):
        factor = _KMH_PER_UNIT.get(match[2], 0.0)
        return _checked(float(match[1].replace(",", ".")) * factor)
    if match := _BARE_NUMBER.match(text):
        return _checked(float(match[1]))
    if match := _IMPLICIT.match(text):
        if match[3] or (match[2].startswith("zone") and match[2][4:].isdigit()):
            return _checked(float(match[3] or match[2][4:]))
        return IMPLICIT_KMH.get(match[1].upper(), ANY_COUNTRY_KMH).get(match[2], 0)
    return 0


def _checked(kmh: float) -> int:
    whole = round(kmh)
    return whole if 1 <= whole <= _FASTEST_KMH else 0


def limits_of_way(tags: Mapping[str, str], road_class: RoadClass, direction: Direction) -> tuple[int, int]:
    """Limits along and against the drawn direction, km/h; 0 = none known, or the way is not driven so."""
    general = limit_kmh(tags.get("maxspeed", ""))
    if "maxspeed" not in tags and "maxspeed:forward" not in tags and "maxspeed:backward" not in tags:
        general = _from_zone(tags, road_class)
    forward = limit_kmh(tags.get("maxspeed:forward", "")) or general
    backward = limit_kmh(tags.get("maxspeed:backward", "")) or general
    return (
        0 if direction is Direction.BACKWARD else forward,
        0 if direction is Direction.FORWARD else backward,
    )


def _from_zone(tags: Mapping[str, str], road_class: RoadClass) -> int:
    for key in _ZONE_KEYS:
        value = tags.get(key, "")
        # A motorway through a town keeps its own limit; `zone:traffic` only says that the town is there.
        if key == "zone:traffic" and road_class in MOTORWAY_CLASSES:
            continue
        # `source:maxspeed=sign` or a bare number of unknown meaning says nothing.
        if ":" in value and (limit := limit_kmh(value)):
            return limit
    return 0


def is_urban(tags: Mapping[str, str]) -> bool:
    """Whether a tag says that the way lies in a built-up area."""
    return any(tags.get(key, "").lower().endswith((":urban", ":living_street")) for key in SPEED_KEYS)
