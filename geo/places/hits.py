"""What a search answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.points import GeoPoint

STREET: Final = "street"
ROAD: Final = "road"
CROSSING: Final = "crossing"
POST: Final = "kilometre_post"
COORDINATES: Final = "coordinates"


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """One place that may be meant."""

    label: str
    """Its name in the language asked for."""
    kind: str
    """`street`, `road` (a number such as G314), `crossing`, `kilometre_post`, `coordinates`; for a place of the map
    or of one's own its kind there (`town`, `hospital`, `regiment`, `company`…)."""
    point: GeoPoint
    """WGS-84. Of a street: a point on it near its middle."""
    score: float
    """0 < score ≤ 1, see `Gazetteer.search`."""
    matched: str
    """How it was found: `name`, `numbered`, `latin`, `pinyin`, `initials`, `parts`, `crossing`, `post`,
    `interpolated`, `coordinates`."""
    detail: str = ""
    """The town, the organisation, the length of a street, how a point was computed."""
    warning: str = ""
    """Why to look twice; empty if there is no reason."""
    street_rows: tuple[int, ...] = ()
    """Rows of `RoadNetwork.street_names` that the hit stands on."""
    place_id: str = ""
    """Id of an own place."""
    towards: GeoPoint | None = None
    """A place further along the road in the direction of travel that was asked for (上行, 下行, 往库车)."""


def told(language: str, zh: str, en: str, ug: str) -> str:
    """Choose the sentence: Chinese for zh, Uyghur for ug, English for all else. The Uyghur awaits a native reader."""
    return {"zh": zh, "ug": ug}.get(language, en)


def metres(distance_m: float, language: str) -> str:
    """Say a distance: 120 m, 3.4 km."""
    if distance_m < 1000.0:
        return f"{round(distance_m)} {told(language, '米', 'm', 'مېتىر')}"
    return f"{distance_m / 1000.0:.1f} {told(language, '公里', 'km', 'كىلومېتىر')}"
