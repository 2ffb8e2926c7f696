"""What is asked about: the network, the fleets, the targets, and the same graph for the peers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from geo.demo import make_demo
from geo.engine import RoadEngine
from geo.fleet import Fleet
from geo.importers.osm import read_osm
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.network.storage import open_network, save
from geo.overlay import Closure, Overlay
from geo.points import E7, GeoPoint
from geo.progress import silent
from geo.speeds import UNREACHABLE
from geo.travel import Question
from tests.benchmarks.report import ROOT
from tests.factories.oracle import to_networkx

SEED = 20_261_122
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
_BESIDE_ROAD_M = 40.0
_CLUSTERS = 12
_CLUSTER_M = 600.0


def extracts() -> Path | None:
    """The folder of real road extracts, if it is here."""
    named = os.environ.get("TARIM_REAL_DATA")
    folder = (Path(named) if named else ROOT.parent / "shared" / "data") / "roads"
    return folder if folder.is_dir() else None


@dataclass
class Scene:
    """One network with its engine, drawn with a fixed seed."""

    network: RoadNetwork
    saved: Path
    name: str
    source: Path | None
    engine: RoadEngine = field(init=False)
    free: Question = field(default_factory=Question)

    def __post_init__(self) -> None:
        self.engine = RoadEngine(self.network)
        self.engine.warm_up()

    @property
    def described(self) -> str:
        """The network in a few words."""
        return f"{self.name}: {self.network.node_count:,} nodes, {self.network.edge_count:,} directed edges"

    def nodes(self, seed: int, count: int) -> NDArray[np.int64]:
        """Nodes of the part that hangs together, uniformly drawn."""
        core = np.flatnonzero(self.engine.weighted(self.free).core)
        return np.random.default_rng((SEED, seed)).choice(core, count)

    def places(self, seed: int, count: int, *, clustered: bool = False) -> tuple[NDArray[Any], NDArray[Any]]:
        """Latitudes and longitudes beside the roads; `clustered` puts them around a dozen spots."""
        nodes = self.nodes(seed, count)
        rng = np.random.default_rng((SEED, seed, 1))
        spread = _BESIDE_ROAD_M
        if clustered:
            nodes, spread = rng.choice(nodes[:_CLUSTERS], count), _CLUSTER_M
        north, east = rng.normal(0, spread, (2, count)) / 111_195.0
        lat = self.network.node_y_e7[nodes] / E7 + north
        lon = self.network.node_x_e7[nodes] / E7 + east / np.cos(np.radians(lat))
        return lat, lon

    def points(self, seed: int, count: int) -> list[GeoPoint]:
        """The same as points."""
        return [GeoPoint(float(lat), float(lon)) for lat, lon in zip(*self.places(seed, count), strict=True)]

    def fleet(self, count: int, question: Question, *, clustered: bool = False) -> Fleet:
        """Units on the road."""
        return self.engine.fleet(*self.places(count + 7 * clustered, count, clustered=clustered), question)

    def closed(self, seed: int, count: int = 100) -> Overlay:
        """Closures of single stretches, both ways each."""
        rng = np.random.default_rng((SEED, seed, 2))
        closures = []
        for number, edge in enumerate(rng.choice(self.network.edge_count, count, replace=False).tolist()):
            twin = int(self.network.edge_twin[edge])
            edges = (edge,) if twin < 0 else (edge, twin)
            closures.append(Closure(UUID(int=seed * 1000 + number), NOW, edges=edges))
        return Overlay(seed, tuple(closures))

    def times_ms(self, question: Question) -> NDArray[np.int32]:
        """[E] the weights that all sides search."""
        return self.engine.weighted(question).ms

    @cached_property
    def ahead(self) -> nx.MultiDiGraph:
        """The graph for networkx, under free flow."""
        return to_networkx(self.network, self.times_ms(self.free))

    @cached_property
    def reverse(self) -> nx.MultiDiGraph:
        """The same turned round beforehand, as a copy: a view would make networkx slower."""
        return self.ahead.reverse()

    def reverse_under(self, question: Question) -> nx.MultiDiGraph:
        """The reversed graph under other weights."""
        return to_networkx(self.network, self.times_ms(question)).reverse()

    @cached_property
    def matrix(self) -> coo_array:
        """The reversed graph for scipy; of parallel edges only the quickest."""
        ms = self.times_ms(self.free)
        usable = np.flatnonzero(ms != UNREACHABLE)
        tails, heads, times = self.network.edge_to[usable], self.network.edge_from[usable], ms[usable]
        order = np.lexsort((times, heads, tails))
        tails, heads, times = tails[order], heads[order], times[order]
        first = np.ones(len(tails), dtype=bool)
        first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
        size = self.network.node_count
        return coo_array((times[first].astype(float), (tails[first], heads[first])), shape=(size, size)).tocsr()


@contextmanager
def scene() -> Iterator[Scene]:
    """Porto where the real data is, else the built-in region; opened from a saved file as a service does."""
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "bench.tarimnet"
        source = extracts()
        if source is not None:
            save(assemble(read_osm(source / "porto.osm.pbf"), region="porto"), saved)
            name = "porto.osm.pbf"
        else:
            save(assemble(make_demo(silent).raw, region="aksu"), saved)
            name = "the built-in region"
        yield Scene(open_network(saved), saved, name, source)
