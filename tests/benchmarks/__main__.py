"""Every figure of BENCHMARKS.md in one run: `python -m tests.benchmarks [--write] [--only PART ...]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    console,
    console_tiles,
    covering,
    dashboard,
    demo,
    er_pixel,
    figures,
    gateway,
    live,
    matching,
    matrices,
    moving,
    nearest,
    opening,
    orders,
    others,
    plans,
    recommending,
    record_build,
    restarting,
    routes,
    starting,
    tables_out,
)
from tests.benchmarks.report import BENCHMARKS, Row, table, write
from tests.benchmarks.scene import Scene, scene

PARTS: dict[str, Callable[[Scene], Iterator[Row]]] = {
    "opening": opening.rows,
    "nearest": nearest.rows,
    "matrix": matrices.rows,
    "route": routes.rows,
    "matching": matching.rows,
    "http": others.http_rows,
    "tiles": others.tile_rows,
    "import": starting.import_rows,
    "warm": starting.warm_rows,
    "demo": demo.rows,
    "console": console.rows,
    "console-tiles": console_tiles.rows,
    "moving": moving.rows,
    "recommendation": recommending.rows,
    "orders": orders.rows,
    "live": live.rows,
    "gateway": gateway.rows,
    "er-pixel": er_pixel.rows,
    "journal": others.journal_rows,
    "plans": plans.rows,
    "restart": restarting.rows,
    "tables": tables_out.rows,
    "figures": figures.rows,
    "dashboard": dashboard.rows,
    "coverage": covering.rows,
    "record": record_build.rows,
}


def main() -> int:
    """Measure, print, and with `--write` put the table into BENCHMARKS.md. 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the table in BENCHMARKS.md")
    parser.add_argument("--output", type=Path, default=BENCHMARKS, help="another file than BENCHMARKS.md")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these parts only")
    chosen = parser.parse_args()
    begun = time.perf_counter()
    rows: list[Row] = []
    skipped: list[str] = []
    with scene() as stage:
        for name, part in PARTS.items():
            if chosen.only and name not in chosen.only:
                continue
            print(f"measuring: {name} ...", file=sys.stderr, flush=True)
            found = list(part(stage))
            rows += found
            if not found:
                skipped.append(f"{name} (the real extracts are not here)")
        section = table(
            rows,
            roads=stage.described,
            command=" ".join(["python -m tests.benchmarks", *sys.argv[1:]]),
            seconds=time.perf_counter() - begun,
            skipped=skipped,
        )
    print(section)
    if chosen.write:
        write(section, chosen.output)
    missed = [row.what for row in rows if row.met is False]
    for what in missed:
        print(f"target missed: {what}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
