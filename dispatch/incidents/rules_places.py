"""Where an incident is: taken in the datum it was given in, kept in WGS-84, the original beside it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatch.incidents.states_incidents import PlaceSource
from dispatch.kernel.errors import Invalid
from dispatch.kernel.texts import text_fault
from geo.datum import Datum, to_wgs84
from geo.errors import BadCoordinates
from geo.points import GeoPoint

_STORED_DIGITS: Final = 7
"""1e-7 degree is about 1 cm."""
COARSE_DIGITS: Final = 2
"""What an erasure leaves: about a kilometre, enough for figures by area, too little for a door."""
MAX_DIRECTION: Final = 100


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """A place as somebody gives it; degrees of `datum`. `words` is what was said, `direction` for divided roads.

    Either the coordinates or the words may be lacking, never both. `accuracy_m` is None where nothing is known of it.
    """

    lat: float | None = None
    lon: float | None = None
    datum: Datum = Datum.WGS84
    words: str = ""
    direction: str = ""
    """Which carriageway: `往库车`."""
    accuracy_m: float | None = None
    source: PlaceSource = PlaceSource.TYPED


@dataclass(frozen=True, slots=True)
class Place:
    """A checked place; `lat`, `lon` are WGS-84 degrees, `given_*` what came in."""

    lat: float | None
    lon: float | None
    given_lat: float | None
    given_lon: float | None
    datum: Datum
    words: str
    direction: str
    accuracy_m: float | None
    source: PlaceSource


def point_of(lat: float | None, lon: float | None, datum: Datum) -> GeoPoint | None:
    """Turn coordinates into WGS-84; None where there are none.

    Raises Invalid: `place.coordinates`, half a coordinate, no place on earth, or 0, 0, which marks a missing one.
    """
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise Invalid("place.coordinates", "A coordinate needs both latitude and longitude.")
    try:
        point = to_wgs84(lat, lon, datum)
    except BadCoordinates as error:
        raise Invalid(error.code, error.message, error.hint) from error
    if (lat, lon) == (0.0, 0.0):
        raise Invalid("place.coordinates", "0, 0 is the mark of a missing place, not a place.")
    return GeoPoint(lat=round(point.lat, _STORED_DIGITS), lon=round(point.lon, _STORED_DIGITS))


def checked_place(given: PlaceGiven) -> Place:
    """Check a place. Raises Invalid: `place.missing`, `place.coordinates`, `place.accuracy`, `place.direction`."""
    point = point_of(given.lat, given.lon, given.datum)
    if point is None and not given.words.strip():
        raise Invalid("place.missing", "A place needs coordinates or words.", "Write what the caller says.")
    if given.accuracy_m is not None and not 0.0 <= given.accuracy_m <= 1_000_000.0:
        raise Invalid("place.accuracy", "An accuracy is a number of metres from 0 to 1,000,000.")
    fault = text_fault(given.direction, MAX_DIRECTION)
    if fault:
        raise Invalid("place.direction", f"The direction cannot be kept: {fault[1]}.")
    return Place(
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        given_lat=given.lat if point else None,
        given_lon=given.lon if point else None,
        datum=given.datum,
        words=given.words,
        direction=given.direction.strip(),
        accuracy_m=given.accuracy_m,
        source=given.source,
    )


def coarse(degrees: float | None) -> float | None:
    """What an erasure leaves of a latitude or longitude."""
    return None if degrees is None else round(degrees, COARSE_DIGITS)
