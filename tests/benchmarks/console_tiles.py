"""Vector tiles as a map asks for them: through HTTP, one after the other, each the first time and again.

    python -m tests.benchmarks.console_tiles [ROAD_FILE]

The tiles are those of `tiles.py`: at zooms 10 to 15, from the fullest to the emptiest. The server is the real one, with
its check of versions before every answer; beside them a route is asked that only answers a constant.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from geo.demo import make_demo
from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.progress import silent
from tests.benchmarks import http_nearest
from tests.benchmarks.load import connected, request
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import roads_of
from tests.benchmarks.tiles import ZOOMS, busiest_tiles

_AGAIN: Final = 3
Tile = tuple[int, int, int]


@dataclass(frozen=True)
class Asked:
    """Milliseconds of each tile the first time, again, and of the constant route."""

    cold: list[float]
    cached: list[float]
    constant: list[float]


def rows(scene: Scene) -> Iterator[Row]:
    """Figures of issue 4: on the road extract where it is here, and on the built-in region."""
    roads = roads_of(scene)
    if roads is not None:
        yield from _rows(roads.name, measure(scene.network, roads))
    yield from _rows("the built-in region", measure(assemble(make_demo(silent).raw, region="aksu"), None))


def _rows(name: str, asked: Asked) -> Iterator[Row]:
    constant = np.median(asked.constant)
    for what, took in (("cold", asked.cold), ("cached", asked.cached)):
        p50, p95 = np.quantile(took, (0.5, 0.95))
        yield Row(
            f"vector tile through HTTP, {name}, {what}, p50 / p95 of {len(took)}; peer: a constant route",
            f"{p50:.2f} / {p95:.2f} ms",
            f"{constant:.2f} ms",
        )


def measure(network: RoadNetwork, roads: Path | None) -> Asked:
    """Serve a network's file, or the built-in region, and ask."""
    tiles = [tile for zoom in ZOOMS for tile in busiest_tiles(network, zoom)]
    with tempfile.TemporaryDirectory(prefix="tarim-tiles-") as home:
        Path(home).chmod(0o711)  # where root starts it, the database's own user must pass through
        command = [sys.executable, http_nearest.__file__, "--serve", home, *([str(roads)] if roads else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                address = json.loads(server.stdout.readline())["address"]
                return asyncio.run(_ask(address, tiles))
            finally:
                server.terminate()


async def _ask(address: str, tiles: list[Tile]) -> Asked:
    ((reader, writer),) = await connected(address, 1)

    async def took_ms(path: str) -> float:
        began = time.perf_counter()
        writer.write(request(address, "GET", path, ""))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        # Nothing lies in some tiles: then there is no body.
        assert head[9:12] in (b"200", b"204"), head
        if head[9:12] == b"200":
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return (time.perf_counter() - began) * 1000.0

    def path(tile: Tile) -> str:
        return "/api/tiles/{}/{}/{}.mvt".format(*tile)

    # The first tile of all prepares every zoom, once for a network.
    await took_ms(path(tiles.pop(0)))
    cold = [await took_ms(path(tile)) for tile in tiles]
    cached = [await took_ms(path(tile)) for _ in range(_AGAIN) for tile in tiles]
    constant = [await took_ms(http_nearest.CONSTANTS["constant"]) for _ in tiles]
    writer.close()
    return Asked(cold, cached, constant)


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    raw = make_demo(silent).raw if given is None else read_osm(given)
    for row in _rows("this network", measure(assemble(raw, region="bench"), given)):
        print(row.what, row.ours, row.peer)
