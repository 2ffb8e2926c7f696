"""A hand-written OSM file, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from factories.osm_text import OsmText

from geo.importers.osm import read_osm
from geo.network.raw import RawRoads


@pytest.fixture
def osm() -> OsmText:
    return OsmText()


@pytest.fixture
def read(tmp_path: Path) -> Callable[[OsmText], RawRoads]:
    def reader(drawn: OsmText) -> RawRoads:
        path = tmp_path / "drawn.osm"
        path.write_text(drawn.text(), encoding="utf-8")
        return read_osm(path)

    return reader
