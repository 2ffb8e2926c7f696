"""Compile the searches once, before tests run side by side and would all do it at once: python -m tests.warm."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from factories.networks import random_roads

from dispatch.clinical import rules_ecg
from dispatch.telemetry import rules_coding
from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.network.storage import open_network, save
from geo.tiles import geometry as tile_geometry


def main() -> None:
    begun = time.perf_counter()
    network = assemble(random_roads(1), region="warm")
    low = np.full_like(network.edge_max_height_cm, 300)  # nothing is redone for large vehicles where none is stopped
    low[::9] = 0
    network = replace(network, edge_max_height_cm=low)
    with tempfile.TemporaryDirectory() as folder:
        save(network, Path(folder) / "warm.tarimnet")
        for each in (network, open_network(Path(folder) / "warm.tarimnet")):  # arrays that may, and may not, be written
            RoadEngine(each).warm_up()
    tile_geometry.warm_up()
    rules_ecg.warm_up()
    rules_coding.warm_up()
    seconds = time.perf_counter() - begun
    if seconds > 1.0:
        print(f"compiled searches in {seconds:.0f} s")


if __name__ == "__main__":
    main()
