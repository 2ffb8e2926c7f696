"""What the gazetteer knows: own places, places of the map, streets and numbered roads, one entry each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely

from geo.network.attributes import StreetName
from geo.network.model import RoadNetwork
from geo.places.hits import ROAD, STREET, PlaceHit, metres, told
from geo.places.own import OwnPlace
from geo.places.streets import Street, Streets, Town
from geo.places.text import compact
from geo.points import E7, GeoPoint

TOWN_KINDS: Final = ("city", "town", "regiment")
"""Kinds that streets are told apart by."""
LOCAL_KINDS: Final = (
    *TOWN_KINDS,
    "village",
    "suburb",
    "hamlet",
    "neighbourhood",
    "quarter",
    "company",
    "camp",
    "oasis",
)
"""Kinds that say whereabouts something is."""

LOCAL_REACH_M: Final = 5_000.0
"""A village further away than this says nothing about where a street is."""

_SAME_PLACE_M: Final = 2_000.0
"""A place of the map with the name of an own place this close is that place."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One thing that can be found."""

    kind: str
    names: StreetName
    point: GeoPoint
    aliases: tuple[str, ...] = ()
    context: str = ""
    """Town or organisation: part of a question may name it instead of the entry."""
    place_id: str = ""
    street: Street | None = None

    def known_as(self) -> Iterator[str]:
        """Every name there is."""
        names = self.names
        yield from (text for text in (names.name, names.zh, names.en, names.ug, *self.aliases) if text)
        if self.kind == ROAD:
            yield names.ref


class Entries:
    """All entries of a network and the own places, built once."""

    def __init__(self, network: RoadNetwork, own_places: Sequence[OwnPlace]) -> None:
        self._network = network
        self._own = [_own_entry(place) for place in own_places]
        towns = [Town(entry.point, entry.names) for entry in self.places if entry.kind in TOWN_KINDS]
        self.streets = Streets(network, towns)

    @cached_property
    def places(self) -> list[Entry]:
        """Own places, then those of the map that are not among them, each once."""
        known: dict[str, list[Entry]] = {}
        for entry in self._own:
            for name in entry.known_as():
                known.setdefault(compact(name), []).append(entry)
        kept = list(self._own)
        network = self._network
        for row in range(len(network.place_kind)):
            entry = Entry(
                kind=network.text(int(network.place_kind[row])) or "place",
                names=network.street_name(int(network.place_name[row])),
                point=GeoPoint(lat=float(network.place_y_e7[row]) / E7, lon=float(network.place_x_e7[row]) / E7),
            )
            keys = {compact(name) for name in entry.known_as()}
            same = [old for key in keys for old in known.get(key, ()) if old.place_id or old.kind == entry.kind]
            if keys and not any(old.point.distance_m(entry.point) <= _SAME_PLACE_M for old in same):
                kept.append(entry)
                for key in keys:
                    known.setdefault(key, []).append(entry)
        return kept

    @cached_property
    def all(self) -> list[Entry]:
        """Places, then streets and roads."""
        return [*self.places, *(self._street_entry(street) for street in self.streets.all)]

    def nearest_local(self, point: GeoPoint, reach_m: float = math.inf) -> Entry | None:
        """Give the nearest town, village or company; None if there is none within reach."""
        tree, scale, entries = self._locals
        if not entries:
            return None
        entry = entries[int(tree.nearest(shapely.Point(point.lon * scale, point.lat)))]
        return entry if entry.point.distance_m(point) <= reach_m else None

    def hit(self, entry: Entry, score: float, matched: str, language: str) -> PlaceHit:
        """Tell an entry as an answer."""
        street = entry.street
        return PlaceHit(
            label=entry.names.spoken(language),
            kind=entry.kind,
            point=entry.point,
            score=round(score, 3),
            matched=matched,
            detail=self.detail(entry, language),
            street_rows=street.rows if street else (),
            place_id=entry.place_id,
        )

    def detail(self, entry: Entry, language: str) -> str:
        """Say where an entry is: town, nearest village, organisation, length of a street."""
        parts = []
        if entry.street is not None:
            parts.append(self.streets.label_town(entry.street, language))
        local = self.nearest_local(entry.point, LOCAL_REACH_M)
        if local is not None and local is not entry:
            near = local.names.spoken(language)
            if near not in (*parts, entry.names.spoken(language)):
                parts.append(told(language, f"近{near}", f"near {near}", f"{near} يېنىدا"))
        if entry.place_id:
            parts.append(entry.context)
        if entry.street is not None:
            parts.append(metres(entry.street.length_m, language))
        return " · ".join(part for part in parts if part)

    def _street_entry(self, street: Street) -> Entry:
        rows = [self._network.street_name(row) for row in street.rows]
        kind = STREET if street.names.name or street.names.zh or street.names.en or street.names.ug else ROAD
        # Stretches of one street may carry its names in different languages: all of them count.
        others = (
            {text for row in rows for text in (row.name, row.zh, row.en, row.ug) if text} if kind == STREET else set()
        )
        town = self.streets.towns[street.town].names if street.town >= 0 else StreetName()
        context = " ".join(dict.fromkeys(text for text in (town.name, town.zh, town.en, town.ug) if text))
        return Entry(kind, street.names, street.point, tuple(sorted(others)), context, street=street)

    @cached_property
    def _locals(self) -> tuple[shapely.STRtree, float, list[Entry]]:
        entries = [entry for entry in self.places if entry.kind in LOCAL_KINDS]
        south, north = self._network.bbox[1], self._network.bbox[3]
        scale = float(np.cos(np.radians((south + north) / 2.0)))
        points = shapely.points([(entry.point.lon * scale, entry.point.lat) for entry in entries] or np.empty((0, 2)))
        return shapely.STRtree(points), scale, entries


def _own_entry(place: OwnPlace) -> Entry:
    named = place.names.spoken("zh")
    aliases = list(place.aliases)
    if place.organisation and place.organisation not in named:
        # "5连" of "10团" is asked for as 10团5连.
        aliases.append(place.organisation + named)
    point = GeoPoint(lat=place.lat, lon=place.lon)
    return Entry(place.kind, place.names, point, tuple(aliases), place.organisation, place.id)
