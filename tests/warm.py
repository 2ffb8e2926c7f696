"""Compile the searches once, before tests run side by side and would all compile them at the same time.

    python -m tests.warm
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from factories.networks import random_roads

from geo.engine import RoadEngine
from geo.network.assemble import assemble


def main() -> None:
    begun = time.perf_counter()
    RoadEngine(assemble(random_roads(1), region="warm")).warm_up()
    seconds = time.perf_counter() - begun
    if seconds > 1.0:
        print(f"compiled searches in {seconds:.0f} s")


if __name__ == "__main__":
    main()
