"""Errors of the road network, each with a stable code.

GeoError
├── NotRoadData          roads.not_osm       the file is not what it says, or is cut off
├── NoRoads              roads.none          the file holds no road a vehicle can use
├── NetworkUnreadable    roads.unreadable    a saved network is of another version, cut, or its checksum fails
├── BadCoordinates       place.coordinates   not a place on earth, or plainly not in the region
├── PlaceNotFound        place.not_found     a name that the gazetteer does not know
├── BadClosure           closure.invalid     a closure that names no road, or ends before it begins
└── DownloadFailed       roads.download      the map service could not be reached or refused
"""

from __future__ import annotations

from typing import ClassVar


class GeoError(Exception):
    """A refusal by the road network: one plain sentence, and what to do about it."""

    code: ClassVar[str] = "geo"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotRoadData(GeoError):
    """The file is not OpenStreetMap data (or GraphML), or ends in the middle."""

    code = "roads.not_osm"


class NoRoads(GeoError):
    """The file is readable, but no way in it carries a vehicle."""

    code = "roads.none"


class NetworkUnreadable(GeoError):
    """A saved network cannot be served: other version, other byte order, cut off or damaged."""

    code = "roads.unreadable"


class BadCoordinates(GeoError):
    """A latitude or longitude that is no place on earth, or far outside the region."""

    code = "place.coordinates"


class PlaceNotFound(GeoError):
    """No place of that name in the gazetteer."""

    code = "place.not_found"


class BadClosure(GeoError):
    """A closure that touches no road, or whose times contradict each other."""

    code = "closure.invalid"


class DownloadFailed(GeoError):
    """Road data could not be fetched; without internet use a file."""

    code = "roads.download"
