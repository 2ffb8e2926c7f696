"""One pass over an OSM file: what each way, node and relation says, before any coordinate is looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import osmium
from osmium.filter import KeyFilter, TagFilter
from osmium.osm import NODE, RELATION, WAY

from geo.errors import NotRoadData
from geo.importers import barriers, landmarks
from geo.importers.columns import WayColumns
from geo.importers.restrictions import RawRestriction, restriction_kind
from geo.importers.tags import NAME_KEYS, WayReader, read_name
from geo.network.attributes import RoadClass, StreetName
from geo.network.raw import Barrier, RawPlace
from geo.progress import Progress

_REPORT_EVERY: Final = 50_000
"""Ways between two reports of progress."""


@dataclass(slots=True)
class Harvest:
    """What one pass brings home."""

    store: osmium.index.LocationTable
    """Where every node of the file is."""
    reader: WayReader
    is_sorted: bool
    """The file says that nodes come before ways, by rising id."""

    ways: WayColumns = field(default_factory=WayColumns)
    ferries: list[tuple[int, int]] = field(default_factory=list)
    """(row of the way, seconds)."""
    restrictions: list[RawRestriction] = field(default_factory=list)
    barriers: dict[int, Barrier] = field(default_factory=dict)
    """By OSM node."""
    posts: list[tuple[int, float, float, float, str]] = field(default_factory=list)
    """OSM node, lat, lon, km, ref."""
    places: list[RawPlace] = field(default_factory=list)
    place_ways: list[tuple[str, StreetName, list[int]]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    _rows: dict[int, int] = field(default_factory=dict)
    """Row of each record by its identity: the reader keeps them alive, and hashing one costs more than reading it."""
    _names: dict[tuple[str | None, ...], int] = field(default_factory=dict)

    def take_way(self, way: osmium.osm.Way, tags: dict[str, str]) -> None:
        """Keep a way that is a road, or one that is a place with a name."""
        read = self.reader.read(tags)
        for note in read.notes:
            self.notes[note] += 1
        if read.attributes is not None:
            spoken = tuple(map(tags.get, NAME_KEYS))
            name = self._names.get(spoken)
            if name is None:
                name = self._names[spoken] = self.ways.name_row(read_name(tags))
            if read.ferry_s:
                self.ferries.append((len(self.ways), read.ferry_s))
            row = self._rows.get(id(read))
            if row is None:
                row = self._rows[id(read)] = self.ways.attribute_row(read.attributes)
            self.ways.add(way.id, [node.ref for node in way.nodes], row, name)
        elif (kind := landmarks.place_kind(tags)) and (names := landmarks.place_name(tags)):
            self.place_ways.append((kind, names, [node.ref for node in way.nodes]))

    def take_node(self, node: osmium.osm.Node, tags: dict[str, str]) -> None:
        """Keep a barrier, a kilometre post, or a place with a name."""
        if not node.location.valid():
            return
        lat, lon = node.location.lat, node.location.lon
        if tags.get("highway") == "milestone":
            km = landmarks.post_km(tags)
            if km is None:
                self.notes["posts_without_km"] += 1
            else:
                self.posts.append((node.id, lat, lon, km, landmarks.post_ref(tags)))
        if barrier := barriers.read_barrier(tags, -1):
            self.barriers[node.id] = barrier
        if (kind := landmarks.place_kind(tags)) and (names := landmarks.place_name(tags)):
            self.places.append(RawPlace(lat, lon, kind, names))

    def take_relation(self, relation: osmium.osm.Relation, tags: dict[str, str]) -> None:
        """Keep a turn restriction."""
        if kind := restriction_kind(tags, self.notes):
            restriction = RawRestriction(kind)
            for member in relation.members:
                restriction.add(member.type, member.ref, member.role)
            self.restrictions.append(restriction)


def _filters() -> Iterable[object]:
    nodes = KeyFilter("highway", *sorted(barriers.NODE_KEYS), *landmarks.KINDS)
    nodes.enable_for(NODE)
    ways = KeyFilter("highway", "route", *landmarks.KINDS)
    ways.enable_for(WAY)
    relations = TagFilter(("type", "restriction"))
    relations.enable_for(RELATION)
    return nodes, ways, relations


def harvest_file(
    path: Path,
    kind: str,
    progress: Progress,
    classes: Collection[RoadClass] | None,
) -> Harvest:
    """Read `path` (of osmium format `kind`) once.

    Raises:
        NotRoadData: it is a history file. What osmium raises over a damaged one passes through.
    """
    source = osmium.FileProcessor(osmium.io.File(path, kind)).with_locations("flex_mem")
    header = source.header
    if header.has_multiple_object_versions:
        raise NotRoadData(f"{path.name} is a history of the map, not a map.", "Use an extract of one day.")
    for one in _filters():
        source.with_filter(one)
    store = source.node_location_storage
    if store is None:
        raise TypeError("osmium keeps no table of places")
    harvest = Harvest(store, WayReader(classes), is_sorted=header.get("sorting") == "Type_then_ID")
    seen = 0
    for thing in source:
        if isinstance(thing, osmium.osm.Changeset) or thing.deleted:
            continue
        tags = {tag.k: tag.v for tag in thing.tags}
        if isinstance(thing, osmium.osm.Node):
            harvest.take_node(thing, tags)
            continue
        if isinstance(thing, osmium.osm.Way):
            harvest.take_way(thing, tags)
        elif isinstance(thing, osmium.osm.Relation):
            harvest.take_relation(thing, tags)
        seen += 1
        if seen % _REPORT_EVERY == 0:
            # Nobody knows how many are to come; the share nears its end without reaching it.
            progress(f"reading {path.name}: {seen:,} ways", 0.7 * seen / (seen + 100_000))
    return harvest
