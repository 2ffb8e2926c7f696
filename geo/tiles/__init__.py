"""Vector tiles of the network (Mapbox Vector Tile 2.1), for a map that needs no internet."""

from __future__ import annotations

from geo.tiles.maker import CachedTile, TileMaker, TileOutOfRange

__all__ = ["CachedTile", "TileMaker", "TileOutOfRange"]
