"""`TileMaker`: the vector tiles of one network."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.network.model import RoadNetwork
from geo.places.own import OwnPlace
from geo.tiles.geometry import BUFFER, Segments, commands, cut
from geo.tiles.levels import ROAD_KEYS, Level, build_level, level_zoom
from geo.tiles.mercator import MAX_ZOOM, world_units
from geo.tiles.points import PlacePoints
from geo.tiles.wire import (
    EXTENT,
    FEATURE_GEOMETRY,
    FEATURE_IS_LINE,
    FEATURE_TAGS,
    LAYER_FEATURE,
    key_table,
    layer,
    length,
    varints,
)

CACHE_BYTES: Final = 64 * 1024 * 1024
_COMPRESSION: Final = 6
_KEYS: Final = key_table(ROAD_KEYS)
_LINE: Final = FEATURE_IS_LINE + FEATURE_GEOMETRY


class TileOutOfRange(GeoError):
    """No such tile: zoom outside 0…16, or x, y outside 0…2**zoom − 1."""

    code: ClassVar[str] = "tile.out_of_range"


@dataclass(frozen=True, slots=True)
class CachedTile:
    """A tile as it goes over the wire. `gzipped` is empty for an empty tile: answer 204 then."""

    gzipped: bytes
    etag: str
    """A strong entity tag with its quotes, of the gzipped bytes."""


class TileMaker:
    """Makes tiles; safe to use from several threads. Each zoom is prepared at its first tile and kept.

    Layers: `roads` (lines; keys in `levels.ROAD_KEYS`) and `places` (points; keys in `points.PLACE_KEYS`).
    """

    def __init__(
        self, network: RoadNetwork, own_places: Sequence[OwnPlace] = (), *, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self._network = network
        self._own_places = tuple(own_places)
        self._levels: dict[int, Level] = {}
        self._cache: OrderedDict[tuple[int, int, int], CachedTile] = OrderedDict()
        self._cache_room = cache_bytes
        self._building = Lock()
        self._caching = Lock()

    def tile(self, z: int, x: int, y: int) -> bytes:
        """Encode one tile, uncompressed; empty bytes if nothing lies in it.

        Raises:
            TileOutOfRange: see there.
        """
        if not 0 <= z <= MAX_ZOOM or not (0 <= x < 1 << z and 0 <= y < 1 << z):
            raise TileOutOfRange(
                f"There is no tile {z}/{x}/{y}.", f"Zoom is 0 to {MAX_ZOOM}; x and y are 0 to 2^zoom - 1."
            )
        return self._roads(z, x, y) + self._places.layer(z, x, y)

    def cached_tile(self, z: int, x: int, y: int) -> CachedTile:
        """Give one tile gzipped, from the cache (least recently used goes first) or new.

        Raises:
            TileOutOfRange: see there.
        """
        key = (z, x, y)
        with self._caching:
            kept = self._cache.get(key)
            if kept is not None:
                self._cache.move_to_end(key)
                return kept
        body = self.tile(z, x, y)
        packed = gzip.compress(body, _COMPRESSION, mtime=0) if body else b""
        made = CachedTile(packed, f'"{hashlib.sha256(packed).hexdigest()[:32]}"')
        with self._caching:
            if key not in self._cache:
                self._cache[key] = made
                self._cache_room -= _weight(made)
            while self._cache_room < 0:
                self._cache_room += _weight(self._cache.popitem(last=False)[1])
        return made

    def prepare(self, zooms: Iterable[int] = range(MAX_ZOOM + 1)) -> None:
        """Build the levels of these zooms now rather than at the first tile."""
        for zoom in zooms:
            self._level(zoom)

    def segments(self, z: int, x: int, y: int) -> Segments:
        """Give the road lines of a tile in its own units, cut and rounded, before they are encoded."""
        level = self._level(z)
        scale = float(1 << (level.unit_zoom - z))
        west, north = x * EXTENT * scale, y * EXTENT * scale
        rim, side = BUFFER * scale, EXTENT * scale
        runs = level.runs_in(west - rim, north - rim, west + side + rim, north + side + rim)
        return cut(level.units, level.group, runs, (west, north), scale)

    def attributes(self, z: int, group: int) -> dict[str, bytes]:
        """Give the encoded Value fields of one group of `segments`, by key."""
        level = self._level(z)
        row = level.tags[group].tolist()
        return {key: level.values[value] for key, value in zip(ROAD_KEYS, row, strict=True) if value >= 0}

    @cached_property
    def _world(self) -> NDArray[np.float64]:
        return world_units(self._network.shape_x_e7, self._network.shape_y_e7)

    @cached_property
    def _places(self) -> PlacePoints:
        return PlacePoints(self._network, self._own_places)

    def _level(self, zoom: int) -> Level:
        key = level_zoom(zoom)
        level = self._levels.get(key)
        if level is None:
            with self._building:
                level = self._levels.get(key)
                if level is None:
                    level = self._levels[key] = build_level(self._network, self._world, key)
        return level

    def _roads(self, z: int, x: int, y: int) -> bytes:
        lines = self.segments(z, x, y)
        if not len(lines.path):
            return b""
        geometry, bounds, groups = commands(lines)
        cuts = bounds.tolist()
        level = self._level(z)
        tags, tag_cuts, values = _local_tags(level.tags[groups])
        features: list[bytes] = []
        for row in range(len(groups)):
            shape = geometry[cuts[row] : cuts[row + 1]]
            marks = tags[tag_cuts[row] : tag_cuts[row + 1]]
            body = b"".join((FEATURE_TAGS, length(len(marks)), marks, _LINE, length(len(shape)), shape))
            features += (LAYER_FEATURE, length(len(body)), body)
        return layer("roads", features, _KEYS, [level.values[value] for value in values])


def _local_tags(tags: NDArray[np.int32]) -> tuple[bytes, list[int], list[int]]:
    """Renumber the values of a tile's features [f, keys] from 0.

    Returns all tag pairs as bytes, the f + 1 places that cut them into features, and the values used, in order.
    """
    present = tags >= 0
    used, local = np.unique(tags[present], return_inverse=True)
    pairs = np.empty((len(local), 2), dtype=np.uint32)
    pairs[:, 0] = np.nonzero(present)[1]
    pairs[:, 1] = local
    packed, at = varints(pairs.ravel())
    bounds = np.concatenate(([0], np.cumsum(2 * present.sum(axis=1))))
    return packed, at[bounds].tolist(), used.tolist()


def _weight(tile: CachedTile) -> int:
    """Bytes that a cached tile takes, with its place in the table."""
    return len(tile.gzipped) + 300
