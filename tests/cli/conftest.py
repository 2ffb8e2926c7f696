from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories.command import ROOT, Ended, Tarim, environment
from factories.forks import run_command
from factories.postgres import passable_folder
from factories.service import drawing

from dispatch.kernel.postgres.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """One home for all commands of a run: one database server, which they all attach to."""
    folder = passable_folder()
    with EmbeddedPostgres(folder):
        yield folder


@pytest.fixture(scope="session")
def tarim(home: Path) -> Tarim:
    """Run `tarim` with arguments in a process of its own, a fork."""

    def run(*arguments: object, cwd: Path | None = None, **extra: str) -> Ended:
        return Ended(*run_command(list(map(str, arguments)), cwd or ROOT, environment(home) | extra))

    return run


@pytest.fixture(scope="session")
def osm_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn region as an .osm file, south of the equator and west of Greenwich."""
    map_ = drawing()
    order = list(map_.points)
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for number, letter in enumerate(order, start=1):
        point = map_.points[letter]
        lines.append(f'<node id="{number}" version="1" lat="{point.lat - 50:.7f}" lon="{point.lon - 90:.7f}"/>')
    for way, number in map_.way_ids.items():
        refs = "".join(f'<nd ref="{order.index(letter) + 1}"/>' for letter in way)
        lines.append(
            f'<way id="{number}" version="1">{refs}<tag k="highway" v="residential"/><tag k="name" v="{way}"/></way>'
        )
    lines.append("</osm>")
    file = tmp_path_factory.mktemp("osm") / "drawn.osm"
    file.write_text("\n".join(lines), "utf-8")
    return file


@pytest.fixture(scope="session")
def region(tarim: Tarim, osm_file: Path) -> str:
    """A region with roads, made by the contract's own command."""
    done = tarim("roads", "import", osm_file, "--region", "southern")
    assert done.code == 0, done.err
    assert "Made the region southern." in done.err
    return "southern"
