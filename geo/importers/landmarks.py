"""Places a caller names: towns, hospitals, stations, landmarks, and the kilometre posts of numbered roads.

Source: OSM wiki, Key:place, Key:amenity, Tag:highway=milestone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from geo.importers.tags import read_name
from geo.importers.wordlists import words
from geo.network.attributes import StreetName

KINDS: Final[dict[str, frozenset[str]]] = {
    "place": frozenset(
        words(
            "city town village hamlet isolated_dwelling farm locality suburb quarter neighbourhood borough"
            " city_block square island"
        )
    ),
    "amenity": frozenset(
        words(
            "hospital clinic doctors pharmacy fire_station police school kindergarten university college fuel"
            " marketplace bus_station townhall courthouse library place_of_worship prison social_facility"
            " nursing_home ferry_terminal bank cinema theatre"
        )
    ),
    "healthcare": frozenset({"hospital", "clinic", "centre"}),
    "emergency": frozenset({"ambulance_station"}),
    "tourism": frozenset({"attraction", "hotel", "museum", "theme_park", "zoo", "camp_site", "viewpoint"}),
    "railway": frozenset({"station", "halt"}),
    "aeroway": frozenset({"aerodrome", "terminal", "heliport"}),
    "leisure": frozenset({"park", "stadium", "sports_centre"}),
    "shop": frozenset({"mall", "supermarket", "department_store"}),
    "man_made": frozenset({"petroleum_well", "works", "water_works", "wastewater_plant"}),
    "landuse": frozenset({"industrial"}),
}
"""Key → values worth finding by name. The first key that fits gives the kind."""

PLACE_TAGS: Final = tuple((key, value) for key, values in KINDS.items() for value in sorted(values))
POST_TAG: Final = ("highway", "milestone")

_KM_KEYS: Final = ("distance", "pk", "kilometer", "kilometre", "ref")
_REF_KEYS: Final = ("highway:ref", "road_ref", "route_ref", "nat_ref", "ref")
_PLUS: Final = re.compile(r"^(?:k|pk|km)?\s*([0-9]{1,4})\s*\+\s*([0-9]{1,3})(?:\.[0-9]+)?$", re.IGNORECASE | re.ASCII)
_PLAIN: Final = re.compile(
    r"^(?:k|pk|km)?\s*([0-9]{1,4})(?:[.,]([0-9]{1,3}))?\s*(?:km|公里)?$", re.IGNORECASE | re.ASCII
)


def place_kind(tags: Mapping[str, str]) -> str:
    """The OSM value that makes an object a place (`town`, `hospital`…); empty if it is none."""
    return next((tags[key] for key, values in KINDS.items() if tags.get(key) in values), "")


def place_name(tags: Mapping[str, str]) -> StreetName:
    """A place's names; without its `ref`, which is an office's number."""
    names = read_name(tags)
    return StreetName(names.name, names.zh, names.en, names.ug)


def post_km(tags: Mapping[str, str]) -> float | None:
    """Kilometres on a post: `123`, `123.5 km`, `K123+500`, `PK 12+300`; None if it tells none."""
    for key in _KM_KEYS:
        if (km := parse_km(tags.get(key, ""))) is not None:
            return km
    return None


def parse_km(text: str) -> float | None:
    """One such value; never raises."""
    text = text.strip()[:40]
    if match := _PLUS.match(text):
        return int(match[1]) + int(match[2]) / 1000.0
    if match := _PLAIN.match(text):
        return float(f"{match[1]}.{match[2] or 0}")
    return None


def post_ref(tags: Mapping[str, str]) -> str:
    """The road a post belongs to, if it says so itself; empty leaves it to the way it stands on."""
    for key in _REF_KEYS:
        value = tags.get(key, "").strip()
        if value and parse_km(value) is None:
            return value
    return ""
