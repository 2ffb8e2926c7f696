"""Vector tiles: our encoder against the `mapbox-vector-tile` package on the same features of the same tiles.

    python tests/benchmarks/tiles.py [FILE.osm.pbf]

Without a file: porto.osm.pbf of the real data, else the built-in region.

Both sides write the same merged lines, names and flags on the same 4096-unit grid. Ours is timed from nothing but the
tile's number (choosing, cutting, rounding, encoding); the package only encodes, and is handed shapely lines already
chosen and cut, in tile units. The second column of the package quantises by itself (`quantize_bounds`), as it is
usually called.
"""

from __future__ import annotations

import gc
import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely

from geo.demo.region import make_demo
from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.points import E7
from geo.tiles import TileMaker
from geo.tiles.mercator import tile_at
from geo.tiles.wire import EXTENT, TRUE_VALUE

PORTO = Path(__file__).parents[3] / "shared" / "data" / "roads" / "porto.osm.pbf"
ZOOMS = range(10, 16)
TILES_PER_ZOOM = 16


def features(maker: TileMaker, z: int, x: int, y: int) -> list[dict[str, Any]]:
    """The features of a tile as shapely lines with plain properties."""
    lines = maker.segments(z, x, y)
    found: list[dict[str, Any]] = []
    for group in np.unique(lines.group).tolist():
        rows = np.flatnonzero(lines.group == group)
        parts = np.split(rows, np.flatnonzero(np.diff(lines.path[rows])) + 1)
        paths = [np.vstack((lines.ends[part[:1], :2], lines.ends[part, 2:])).astype(float) for part in parts]
        geometry = shapely.LineString(paths[0]) if len(paths) == 1 else shapely.MultiLineString(paths)
        found.append({"geometry": geometry, "properties": {k: plain(v) for k, v in maker.attributes(z, group).items()}})
    return found


def plain(value: bytes) -> str | bool:
    """An encoded Value field back to what it says; its lengths take one byte, or two."""
    if value == TRUE_VALUE:
        return True
    body = value[2:] if value[1] < 0x80 else value[3:]
    return (body[2:] if body[1] < 0x80 else body[3:]).decode()


def busiest_tiles(network: RoadNetwork, zoom: int) -> list[tuple[int, int, int]]:
    """Tiles spread evenly over all that hold roads, from the fullest to the emptiest."""
    rows = range(0, len(network.shape_x_e7), 7)
    spots = [tile_at(network.shape_y_e7[row] / E7, network.shape_x_e7[row] / E7, zoom) for row in rows]
    distinct, counts = np.unique(np.array(spots), axis=0, return_counts=True)
    order = distinct[np.argsort(-counts)]
    chosen = order[np.unique(np.linspace(0, len(order) - 1, TILES_PER_ZOOM).astype(int))]
    return [(zoom, int(x), int(y)) for x, y in chosen]


def best_ms(work: Callable[[], object], rounds: int = 3) -> float:
    """The least time of a few rounds, in milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000.0)
    return min(times)


def measure(maker: TileMaker, tile: tuple[int, int, int]) -> tuple[float, float, float, float, int, int]:
    """Ours cold, cached, the package plain and quantising (ms), bytes gzipped, features of one tile."""
    theirs = features(maker, *tile)
    layers = [{"name": "roads", "features": theirs}]
    plain_y = {"y_coord_down": True}
    down = {**plain_y, "extents": EXTENT}
    scaled = {**down, "quantize_bounds": (0.0, 0.0, float(EXTENT), float(EXTENT))}
    same = mapbox_vector_tile.decode(mapbox_vector_tile.encode(layers, default_options=down), default_options=plain_y)
    ours = mapbox_vector_tile.decode(maker.tile(*tile), default_options=plain_y) if theirs else {}
    if not theirs or same["roads"]["features"] != ours["roads"]["features"]:
        raise SystemExit(f"tile {tile}: the two encoders do not say the same")
    cold = best_ms(lambda: maker.tile(*tile))
    encoded = best_ms(lambda: mapbox_vector_tile.encode(layers, default_options=down))
    quantised = best_ms(lambda: mapbox_vector_tile.encode(layers, default_options=scaled))
    maker.cached_tile(*tile)
    cached = best_ms(lambda: maker.cached_tile(*tile))
    return cold, cached, encoded, quantised, len(gzip.compress(maker.tile(*tile))), len(theirs)


def main(network: RoadNetwork | None = None) -> dict[str, float]:
    """Print the table and return the figures: milliseconds, bytes and ratios over all tiles."""
    if network is None:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else PORTO
        raw = read_osm(path) if path.exists() else make_demo().raw
        network = assemble(raw, region="bench")
    maker = TileMaker(network)
    started = time.perf_counter()
    maker.prepare()
    prepared_s = time.perf_counter() - started
    print(f"all zooms prepared once in {prepared_s:.2f} s; {network.edge_count} edges")
    print(
        f"{'zoom':>4} {'tiles':>5} {'ours p50':>9} {'p95':>7} "
        f"{'package p50':>12} {'p95':>8} {'ratio':>6} {'gzip p50':>9}"
    )
    rows: list[tuple[float, float, float, float, int, int]] = []
    gc.collect()
    for zoom in ZOOMS:
        mine = [measure(maker, tile) for tile in busiest_tiles(network, zoom)]
        rows += mine
        cold, _, encoded, _, size, _ = (np.array(column) for column in zip(*mine, strict=True))
        print(
            f"{zoom:>4} {len(mine):>5} {np.median(cold):>9.3f} {np.quantile(cold, 0.95):>7.2f} "
            f"{np.median(encoded):>12.2f} {np.quantile(encoded, 0.95):>8.1f} "
            f"{np.median(encoded / cold):>5.1f}x {np.median(size):>9.0f}"
        )
    cold, cached, encoded, quantised, size, _ = (np.array(column) for column in zip(*rows, strict=True))
    figures = {
        "prepare_s": prepared_s,
        "cold_p50_ms": float(np.median(cold)),
        "cold_p95_ms": float(np.quantile(cold, 0.95)),
        "cached_p50_ms": float(np.median(cached)),
        "gzip_p50_bytes": float(np.median(size)),
        "package_p50_ms": float(np.median(encoded)),
        "package_p95_ms": float(np.quantile(encoded, 0.95)),
        "ratio_p50": float(np.median(encoded / cold)),
        "ratio_total": float(encoded.sum() / cold.sum()),
        "ratio_least": float((encoded / cold).min()),
        "ratio_quantising_p50": float(np.median(quantised / cold)),
    }
    for name, value in figures.items():
        print(f"{name:>22} {value:10.4f}")
    return figures


if __name__ == "__main__":
    main()
