"""Reading an OSM extract: Tarim against OSMnx, each in a fresh process.

Run: `python tests/benchmarks/import_osm.py [FILE.osm.pbf]`. OSMnx reads XML only, so it gets the very ways that Tarim
keeps, with their nodes, already converted; the conversion is not counted against it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
import osmnx

from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.attributes import EdgeFlag

_DEFAULT = Path(__file__).parents[3] / "shared/data/roads/porto.osm.pbf"


def _peak_mb() -> float:
    # VmHWM belongs to this program alone; getrusage's maximum carries over what the parent had before exec.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024.0


def ours(path: Path) -> dict[str, Any]:
    """Read and assemble: junctions, merged stretches, attributes, names, restrictions and spatial index."""
    start = time.perf_counter()
    roads = read_osm(path)
    reading_s = time.perf_counter() - start
    network = assemble(roads, region="benchmark")
    seconds = time.perf_counter() - start
    nodes, edges = network.node_count, int((~network.edge_has(EdgeFlag.CONTRAFLOW)).sum())
    return {"seconds": seconds, "reading_s": reading_s, "peak_mb": _peak_mb(), "nodes": nodes, "edges": edges}


def theirs(path: Path) -> dict[str, Any]:
    """OSMnx: graph from XML, simplified, with speeds and travel times."""
    start = time.perf_counter()
    graph = osmnx.graph_from_xml(path, simplify=True, retain_all=True)
    reading_s = time.perf_counter() - start
    graph = osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph, fallback=30.0))
    seconds = time.perf_counter() - start
    nodes, edges = len(graph), graph.number_of_edges()
    return {"seconds": seconds, "reading_s": reading_s, "peak_mb": _peak_mb(), "nodes": nodes, "edges": edges}


def write_kept_ways(source: Path, target: Path) -> None:
    """The ways of `source` that Tarim keeps, and their nodes, as OSM XML."""
    roads = read_osm(source)
    ways, nodes = set(roads.way_ids.tolist()), set(roads.node_ids.tolist())
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(source), osmium.osm.NODE | osmium.osm.WAY):
            if isinstance(thing, osmium.osm.Node | osmium.osm.Way) and thing.id in (nodes if thing.is_node() else ways):
                writer.add(thing)


_MEASURES: dict[str, Callable[[Path], dict[str, Any]]] = {"ours": ours, "theirs": theirs}


def _in_fresh_process(what: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", what, str(path)]
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root})
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(source: Path) -> dict[str, dict[str, Any]]:
    """Both measurements of one file."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.osm"
        write_kept_ways(source, kept)
        return {"ours": _in_fresh_process("ours", source), "theirs": _in_fresh_process("theirs", kept)}


def main(arguments: list[str]) -> None:
    """Print the table, or with `--measure` one measurement as JSON."""
    if arguments[:1] == ["--measure"]:
        print(json.dumps(_MEASURES[arguments[1]](Path(arguments[2]))))
        return
    source = Path(arguments[0]) if arguments else _DEFAULT
    if not source.exists():
        print(f"skipped: {source} is not there")
        return
    results = compare(source)
    print(f"{'':8}{'seconds':>9}{'peak MB':>9}{'nodes':>9}{'edges':>9}")
    for name, row in (("Tarim", results["ours"]), ("OSMnx", results["theirs"])):
        print(f"{name:8}{row['seconds']:9.2f}{row['peak_mb']:9.0f}{row['nodes']:9,}{row['edges']:9,}")
    ours_row, theirs_row = results["ours"], results["theirs"]
    print(
        f"Tarim is {theirs_row['seconds'] / ours_row['seconds']:.1f}× faster,"
        f" with {ours_row['peak_mb'] / theirs_row['peak_mb']:.2f} of the memory."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
