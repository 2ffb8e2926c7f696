"""Areas of the region: built-up and rural ground, the two organisations' areas, counties.

Read from GeoJSON (RFC 7946: WGS-84, lon before lat). Features are counted from 1 in every message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException
from shapely.geometry import shape as shapely_shape

from geo.datum import Datum, suspect, to_wgs84_many
from geo.errors import GeoError
from geo.network.attributes import StreetName
from geo.points import GeoPoint

Bbox = tuple[float, float, float, float]

_MAX_VERTICES: Final = 200_000
_WGS84_NAMES: Final = ("crs84", "4326", "wgs84", "wgs 84")


class BadZones(GeoError):
    """The file is not a GeoJSON FeatureCollection, or some of its features are no zones."""

    code: ClassVar[str] = "zones.invalid"


class ZoneKind(StrEnum):
    """What a zone says about the ground inside it."""

    URBAN = "urban"
    RURAL = "rural"
    ORGANISATION = "organisation"
    COUNTY = "county"


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """One area. `polygon` is a valid shapely Polygon or MultiPolygon in lon, lat degrees."""

    id: str
    kind: ZoneKind
    names: StreetName
    organisation: str
    polygon: shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class ZoneProblem:
    """What is wrong with a feature. `feature` counts from 1; `field` is a property name or `geometry`."""

    feature: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"feature {self.feature}, {self.field}: {self.message}"


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """What a file held: good zones, refusals and warnings. Take the zones only if there are no `problems`."""

    zones: tuple[Zone, ...]
    problems: tuple[ZoneProblem, ...]
    warnings: tuple[ZoneProblem, ...]

    def whole(self) -> tuple[Zone, ...]:
        """Give the zones, all or nothing.

        Raises:
            BadZones: there are problems; the message names the first few.
        """
        if self.problems:
            told = "; ".join(str(problem) for problem in self.problems[:5])
            more = f"; and {len(self.problems) - 5} more" if len(self.problems) > 5 else ""
            raise BadZones(f"The zones were not taken: {told}{more}.", "Correct these features and try again.")
        return self.zones


class _RefusedError(Exception):
    """A feature is no zone; carries the field and the reason."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def read_zones(document: str | bytes, *, region_bbox: Bbox | None = None, datum: Datum = Datum.WGS84) -> ZoneFile:
    """Read a GeoJSON FeatureCollection of polygons.

    Properties: `kind` (urban, rural, organisation, county), `id` (or the feature's own id; else `zone-<number>`),
    `name`, `name:zh` / `name_zh`, `name:en`, `name:ug`, `organisation` (demanded of kind organisation).
    With `region_bbox` (west, south, east, north) a zone that lies wholly outside is refused, with a word on
    swapped or shifted coordinates where those would fit. `datum` is what the file was drawn in.

    Raises:
        BadZones: the document as a whole is not a GeoJSON FeatureCollection in WGS-84.
    """
    zones: list[Zone] = []
    problems: list[ZoneProblem] = []
    warnings: list[ZoneProblem] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(_features(document), start=1):
        try:
            zone, told = _zone(feature, number, datum)
            _check_id(zone, seen)
            if region_bbox is not None:
                _check_region(zone, region_bbox)
        except _RefusedError as refused:
            problems.append(ZoneProblem(number, refused.field, refused.message))
            continue
        seen[zone.id] = number
        zones.append(zone)
        warnings.extend(ZoneProblem(number, "geometry", message) for message in told)
    return ZoneFile(tuple(zones), tuple(problems), tuple(warnings))


def _features(document: str | bytes) -> list[Any]:
    """Open the collection, with its coordinate system checked."""
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document.removeprefix("\ufeff")
        collection = json.loads(text)
    except UnicodeDecodeError as broken:
        raise BadZones("The zones file is not UTF-8 text.", "GeoJSON is always UTF-8 (RFC 7946).") from broken
    except (json.JSONDecodeError, RecursionError) as broken:
        raise BadZones(f"The zones file is not JSON: {broken}.") from broken
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise BadZones("The zones file is not a GeoJSON FeatureCollection.", 'Its "type" must be "FeatureCollection".')
    features = collection.get("features")
    if not isinstance(features, list):
        raise BadZones('The FeatureCollection has no list of "features".')
    system = json.dumps(collection.get("crs") or "crs84").lower()
    if not any(name in system for name in _WGS84_NAMES):
        raise BadZones("The zones file is not in WGS-84 degrees.", "Export it again as EPSG:4326 (WGS 84).")
    return features


def _zone(feature: object, number: int, datum: Datum) -> tuple[Zone, list[str]]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _RefusedError("type", 'is not a GeoJSON "Feature"')
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise _RefusedError("properties", "must be an object")

    def text(*keys: str) -> str:
        value = next((properties[key] for key in keys if properties.get(key) not in (None, "")), "")
        if not isinstance(value, (str, int)) or isinstance(value, bool) or "\0" in str(value):
            raise _RefusedError(keys[0], "must be plain text")
        return str(value).strip()

    kind = text("kind")
    if kind not in list(ZoneKind):
        raise _RefusedError("kind", f"{kind!r} is not one of {', '.join(ZoneKind)}")
    names = StreetName(
        name=text("name"), zh=text("name:zh", "name_zh"), en=text("name:en", "name_en"), ug=text("name:ug", "name_ug")
    )
    organisation = text("organisation")
    if kind == ZoneKind.ORGANISATION and not organisation:
        raise _RefusedError("organisation", "a zone of kind organisation must name its organisation")
    own_id = feature.get("id")
    zone_id = text("id") or (str(own_id) if isinstance(own_id, (str, int)) else "") or f"zone-{number}"
    polygon, told = _polygon(feature.get("geometry"), datum)
    return Zone(zone_id, ZoneKind(kind), names, organisation, polygon), told


def _polygon(geometry: object, datum: Datum) -> tuple[Any, list[str]]:
    """Build a valid polygon in WGS-84, or refuse."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        found = geometry.get("type") if isinstance(geometry, dict) else None
        raise _RefusedError("geometry", f"must be a Polygon or MultiPolygon, is {found or 'missing'}")
    try:
        polygon = shapely.force_2d(shapely_shape(geometry))
    except (GEOSException, ValueError, TypeError, KeyError, IndexError, AttributeError) as broken:
        raise _RefusedError(
            "geometry", "its coordinates cannot be read; a ring is a closed list of [lon, lat]"
        ) from broken
    if polygon.is_empty:
        raise _RefusedError("geometry", "is empty")
    corners = shapely.get_coordinates(polygon)
    if len(corners) > _MAX_VERTICES:
        raise _RefusedError("geometry", f"has {len(corners)} corners; at most {_MAX_VERTICES} are taken")
    if not np.isfinite(corners).all():
        raise _RefusedError("geometry", "holds numbers that are not finite")
    if (np.abs(corners[:, 0]) > 180.0).any() or (np.abs(corners[:, 1]) > 90.0).any():
        swapped = (np.abs(corners[:, 1]) <= 180.0).all() and (np.abs(corners[:, 0]) <= 90.0).all()
        hint = "; latitude and longitude are swapped: GeoJSON gives lon before lat" if swapped else ""
        raise _RefusedError("geometry", f"has corners that are no places on earth in degrees{hint}")
    if datum is not Datum.WGS84:
        lat, lon = to_wgs84_many(corners[:, 1], corners[:, 0], datum)
        polygon = shapely.set_coordinates(polygon, np.stack((lon, lat), axis=1))
    if polygon.is_valid:
        return polygon, []
    reason = shapely.is_valid_reason(polygon)
    mended = shapely.make_valid(polygon)
    if mended.geom_type not in ("Polygon", "MultiPolygon") or mended.area <= 0.0:
        raise _RefusedError("geometry", f"crosses or touches itself and cannot be repaired ({reason})")
    return mended, [f"crossed itself and was repaired ({reason})"]


def _check_id(zone: Zone, seen: dict[str, int]) -> None:
    if zone.id in seen:
        raise _RefusedError("id", f"{zone.id!r} is already the id of feature {seen[zone.id]}")


def _check_region(zone: Zone, bbox: Bbox) -> None:
    if zone.polygon.intersects(shapely.box(*bbox)):
        return
    west, south, east, north = zone.polygon.bounds
    centre = GeoPoint(lat=(south + north) / 2.0, lon=(west + east) / 2.0)
    hint = suspect(centre, bbox)
    raise _RefusedError("geometry", f"lies wholly outside the region{'. ' + hint.rstrip('.') if hint else ''}")


class ZoneIndex:
    """Which zones a place lies in; the border belongs to both sides."""

    def __init__(self, zones: Iterable[Zone]) -> None:
        self.zones: tuple[Zone, ...] = tuple(zones)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        polygons = [zone.polygon for zone in self.zones]
        shapely.prepare(polygons)
        return shapely.STRtree(polygons)

    @cached_property
    def _areas(self) -> list[float]:
        return [float(zone.polygon.area) for zone in self.zones]

    def at(self, point: GeoPoint, kind: ZoneKind | None = None) -> tuple[Zone, ...]:
        """Give the zones that hold `point`, the smallest first (ties in file order); only of `kind` if given."""
        rows = self._tree.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        ordered = sorted((int(row) for row in rows), key=lambda row: (self._areas[row], row))
        return tuple(self.zones[row] for row in ordered if kind is None or self.zones[row].kind == kind)

    def inside(self, lat: Sequence[float] | NDArray[np.float64], lon: Sequence[float] | NDArray[np.float64],
               kind: ZoneKind) -> NDArray[np.bool_]:  # fmt: skip
        """Say for many places (degrees, equal shapes [n]) whether each lies in any zone of `kind`: bool[n]."""
        held = np.zeros(len(lat), dtype=np.bool_)
        places, rows = self._tree.query(shapely.points(lon, lat), predicate="intersects")
        of_kind = np.array([zone.kind == kind for zone in self.zones], dtype=np.bool_)
        if len(rows):
            held[places[of_kind[rows]]] = True
        return held
