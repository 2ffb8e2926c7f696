"""One door for every file of roads."""

from __future__ import annotations

from pathlib import Path

from geo.importers.files import read_head
from geo.importers.osm import read_osm
from geo.importers.osmnx_graph import read_graphml
from geo.network.raw import RawRoads
from geo.progress import Progress, silent


def read_roads(path: Path, progress: Progress = silent) -> RawRoads:
    """Read an OSM file or the GraphML of an OSMnx graph, by its content.

    Raises:
        NotRoadData: it is neither, or is cut off or damaged.
        NoRoads: it holds no road.
    """
    if b"<graphml" not in read_head(path):
        return read_osm(path, progress)
    progress(f"reading {path.name}", 0.0)
    roads = read_graphml(path)
    progress("read", 1.0)
    return roads
