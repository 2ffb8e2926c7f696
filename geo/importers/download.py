"""Fetching roads from OpenStreetMap's servers by OSMnx, where there is internet.

OSMnx keeps its settings, and its patch of name resolution, in global variables: they are changed for the length of one
download and put back.
"""

from __future__ import annotations

import json
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import networkx as nx
import osmnx
import requests
import shapely
from osmnx import settings

from geo.errors import DownloadFailed, NotRoadData
from geo.importers import access, barriers, highways
from geo.importers.files import read_head
from geo.importers.osmnx_graph import from_osmnx
from geo.importers.tags import NAME_KEYS, WAY_KEYS
from geo.network.raw import RawRoads
from geo.progress import Progress, silent

_WIDE: Final = sorted(highways.CLASSES.keys() - highways.NARROW)
_ROADS: Final = [
    f'["highway"~"^({"|".join(_WIDE)})$"]["area"!~"yes"]',
    f'["highway"~"^({"|".join(sorted(highways.NARROW))})$"]["emergency"]',
    f'["highway"~"^({"|".join(sorted(highways.NARROW))})$"]["motor_vehicle"]',
    '["route"="ferry"]',
]
"""Overpass filters, joined by "or": service roads, tracks and private ways too, unlike OSMnx's own network types."""
_CHECK_TIMEOUT_S: Final = 10.0
_POLYGON_HINT: Final = "Draw the area as a polygon and save it as GeoJSON."
_HINT: Final = "Without internet, import a file: tarim roads import FILE."


def download_place(place: str, progress: Progress = silent, *, timeout_s: float = 180.0) -> RawRoads:
    """Roads of a place by its name (`Aksu, Xinjiang, China`), within its boundary.

    Raises:
        DownloadFailed: no internet, the servers refused, or they know no such place with a boundary.
        NoRoads: there is no road in it.
    """
    progress(f"downloading the roads of {place}", 0.0)

    def fetch() -> nx.MultiDiGraph:
        _reach(settings.nominatim_url, timeout_s)
        _reach(f"{settings.overpass_url.rstrip('/')}/status", timeout_s)
        return osmnx.graph_from_place(
            place, custom_filter=_ROADS, simplify=False, retain_all=True, truncate_by_edge=True
        )

    return _downloaded(fetch, f"The roads of {place} could not be downloaded", progress, timeout_s)


def download_polygon(path: Path, progress: Progress = silent, *, timeout_s: float = 180.0) -> RawRoads:
    """Roads within the polygons of a GeoJSON file.

    Raises:
        NotRoadData: the file is no GeoJSON with a polygon in degrees.
        DownloadFailed: no internet, or the servers refused.
        NoRoads: there is no road in it.
    """
    polygon = read_polygon(path)
    progress(f"downloading the roads within {path.name}", 0.0)

    def fetch() -> nx.MultiDiGraph:
        _reach(f"{settings.overpass_url.rstrip('/')}/status", timeout_s)
        return osmnx.graph_from_polygon(
            polygon, custom_filter=_ROADS, simplify=False, retain_all=True, truncate_by_edge=True
        )

    return _downloaded(fetch, f"The roads within {path.name} could not be downloaded", progress, timeout_s)


def read_polygon(path: Path) -> shapely.Polygon | shapely.MultiPolygon:
    """The union of all polygons of a GeoJSON file (geometry, feature or collection).

    Raises:
        NotRoadData: the file is no GeoJSON, holds no polygon, or is not in degrees.
    """
    read_head(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        union = shapely.union_all([shapely.make_valid(shape) for shape in _polygons(document)])
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, shapely.errors.ShapelyError):
        raise NotRoadData(
            f"{path.name} is not GeoJSON.", "Draw the area as a polygon and save it as GeoJSON."
        ) from None
    if not isinstance(union, shapely.Polygon | shapely.MultiPolygon) or union.is_empty:
        raise NotRoadData(f"{path.name} holds no polygon.", _POLYGON_HINT)
    west, south, east, north = union.bounds
    if west < -180.0 or east > 180.0 or south < -90.0 or north > 90.0:
        raise NotRoadData(f"{path.name} is not in degrees.", "GeoJSON coordinates are longitude, latitude in WGS-84.")
    return union


def _polygons(document: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON can be anything
    if document["type"] == "FeatureCollection":
        for feature in document["features"]:
            yield from _polygons(feature)
    elif document["type"] == "Feature":
        yield from _polygons(document["geometry"])
    elif document["type"] in {"Polygon", "MultiPolygon"}:
        yield shapely.from_geojson(json.dumps(document))


def _reach(url: str, timeout_s: float) -> None:
    """Ask a server for a sign of life: OSMnx itself would wait a minute before it gives up."""
    requests.get(url, timeout=min(timeout_s, _CHECK_TIMEOUT_S), headers={"User-Agent": settings.http_user_agent})


def _downloaded(fetch: Callable[[], nx.MultiDiGraph], complaint: str, progress: Progress, timeout_s: float) -> RawRoads:
    with _own_settings(timeout_s):
        try:
            graph = fetch()
        except requests.RequestException:
            raise DownloadFailed(f"{complaint}: the map's servers cannot be reached.", _HINT) from None
        except (ValueError, TypeError, LookupError, OSError) as error:
            # OSMnx answers with ValueErrors of its own: no such place, a place without boundary, nothing there.
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise DownloadFailed(f"{complaint}: {reason}", "Try another name, or a polygon file.") from None
    progress("reading the graph", 0.8)
    roads = from_osmnx(graph)
    progress("read", 1.0)
    return roads


@contextmanager
def _own_settings(timeout_s: float) -> Iterator[None]:
    own = {
        "useful_tags_way": sorted(WAY_KEYS | set(NAME_KEYS)),
        "useful_tags_node": sorted(barriers.NODE_KEYS | access.ACCESS_KEYS | {"locked", "highway"}),
        # Overpass takes whole seconds only.
        "requests_timeout": max(1, int(timeout_s)),
        "use_cache": False,
        "log_console": False,
        "log_file": False,
        "doh_url_template": None,
        "all_oneway": False,
    }
    before = {name: getattr(settings, name) for name in own}
    resolver = socket.getaddrinfo
    try:
        for name, value in own.items():
            setattr(settings, name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        socket.getaddrinfo = resolver
