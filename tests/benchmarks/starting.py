"""From a cold start: importing the extracts, and compiling or loading the searches."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from geo.engine import RoadEngine
from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.storage import open_network
from tests.benchmarks.import_osm import compare
from tests.benchmarks.report import ROOT, Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.timing import once

EXTRACTS = ("monaco", "andorra", "porto")


def import_rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 2, line 6, and the extracts one by one."""
    if scene.source is None:
        return
    both = compare(scene.source / "porto.osm.pbf")
    ours, peer = both["ours"], both["theirs"]
    sizes = [f"{side['nodes']:,} nodes / {side['edges']:,} edges" for side in (ours, peer)]
    yield Row(
        f"loading porto.osm.pbf ({sizes[0]}) ÷ OSMnx, from XML ({sizes[1]})",
        f"{ours['seconds']:.2f} s",
        f"{peer['seconds']:.1f} s",
        peer["seconds"] / ours["seconds"],
        least=10.0,
    )
    yield Row(
        "the same, peak memory of the process ÷ OSMnx",
        f"{ours['peak_mb']:.0f} MB",
        f"{peer['peak_mb']:.0f} MB",
        ours["peak_mb"] / peer["peak_mb"],
        most=0.25,
    )
    for name in EXTRACTS:
        path = scene.source / f"{name}.osm.pbf"
        seconds = [once(lambda path=path: assemble(read_osm(path), region="bench")) for _ in range(3)]
        yield Row(f"importing {path.name}", f"{float(np.median(seconds)):.2f} s")


def warm_rows(scene: Scene) -> Iterator[Row]:
    """How long the searches take to be ready in a new process."""
    with tempfile.TemporaryDirectory() as cache:
        for what in ("compiling every search (empty cache)", "loading every search from the cache"):
            command = [sys.executable, "-m", "tests.benchmarks.starting", str(scene.saved)]
            environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=environment)
            yield Row(what, f"{float(done.stdout):.2f} s")


if __name__ == "__main__":
    engine = RoadEngine(open_network(Path(sys.argv[1])))
    print(once(engine.warm_up))
