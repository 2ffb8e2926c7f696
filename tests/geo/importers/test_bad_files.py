"""Files that are cut, damaged, or something else: one plain sentence, and nothing half read."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Iterator
from pathlib import Path

import osmium
import pytest
from factories.osm_text import OsmText
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import NoRoads, NotRoadData
from geo.importers.osm import read_osm
from geo.network.raw import RawRoads

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.mark.parametrize("name", ["m.osm", "m.osm.pbf", "m.osm.gz", "m.osm.bz2", "m.png", "m"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        PNG,
        b"lat,lon\n41.1,80.2\n",
        b"<html></html>",
        b"<osmChange></osmChange>",
        b"\x00" * 3000,
        b"\x1f\x8b",
        b"BZh9",
    ],
)
def test_not_osm(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotRoadData) as caught:
        read_osm(path)
    assert caught.value.message.startswith(name)
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    assert caught.value.__cause__ is None


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(NotRoadData, match="There is no file"):
        read_osm(tmp_path / "absent.osm.pbf")
    with pytest.raises(NotRoadData, match="is a folder"):
        read_osm(tmp_path)


@pytest.mark.parametrize("name", ["m.osm.pbf", "m.osm.gz", "m.osm.bz2"])
def test_a_name_that_says_another_format(osm: OsmText, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(osm.way(1, [1, 2], {"highway": "primary"}).text())
    with pytest.raises(NotRoadData, match="its content is OSM XML") as caught:
        read_osm(path)
    assert ".osm" in caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        '<node id="1" lat="north" lon="80"/>',
        '<node id="1" lat="41" lon="80">',
        '<node id="one" lat="41" lon="80"/>',
        '<way id="1"><nd ref="99999999999999999999"/></way>',
        "<node id='1' lat='41' lon='80'><tag k='a' v='\x01'/></node>",
    ],
)
def test_damaged_xml(tmp_path: Path, body: str) -> None:
    path = tmp_path / "m.osm"
    path.write_text(f'<osm version="0.6">{body}</osm>')
    with pytest.raises(NotRoadData, match="damaged"):
        read_osm(path)


def _same(one: RawRoads, other: RawRoads) -> bool:
    arrays = ("node_ids", "node_lat", "node_lon", "way_ids", "way_offsets", "way_nodes", "way_attributes", "way_names")
    lists = ("attributes", "names", "barriers", "restrictions", "posts", "places", "notes")
    return all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in arrays) and all(
        list(getattr(one, name)) == list(getattr(other, name)) for name in lists
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PBF file with blocks of nodes, ways and relations."""
    drawn = OsmText()
    for way in range(400):
        drawn.way(way + 1, [way * 3 + 1, way * 3 + 2, way * 3 + 4], {"highway": "primary", "name": f"街{way}"})
    rows = [("way", 1, "from"), ("node", 4, "via"), ("way", 2, "to")]
    drawn.relation(1, rows, {"type": "restriction", "restriction": "no_left_turn"})
    folder = tmp_path_factory.mktemp("whole")
    (folder / "m.osm").write_text(drawn.text(), encoding="utf-8")
    with osmium.SimpleWriter(str(folder / "m.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(str(folder / "m.osm")):
            writer.add(thing)
    return folder / "m.osm.pbf"


def _block_ends(data: bytes) -> Iterator[int]:
    """Where a block of a PBF file ends. Source: OSM wiki, PBF Format: length, BlobHeader{1: type, 3: size}, Blob."""
    at = 0
    while at < len(data):
        header_size = int.from_bytes(data[at : at + 4], "big")
        header = data[at + 4 : at + 4 + header_size]
        place = header.index(b"\x18", 2 + header[1]) + 1
        size, shift = 0, 0
        while True:
            byte = header[place]
            size |= (byte & 0x7F) << shift
            place, shift = place + 1, shift + 7
            if byte < 0x80:
                break
        at += 4 + header_size + size
        yield at


def test_a_cut_pbf_is_never_half_a_network(whole: Path, tmp_path: Path) -> None:
    data = whole.read_bytes()
    ends = set(_block_ends(data))
    assert len(data) in ends
    assert len(ends) >= 3
    path = tmp_path / "cut.osm.pbf"
    cuts = {*range(0, len(data), max(1, len(data) // 150)), *range(40), *range(len(data) - 20, len(data))}
    for cut in sorted(cuts - ends):
        path.write_bytes(data[:cut])
        with pytest.raises(NotRoadData):
            read_osm(path)


def test_a_pbf_cut_between_blocks_cannot_be_told_from_a_whole_one(whole: Path, tmp_path: Path) -> None:
    data = whole.read_bytes()
    path = tmp_path / "cut.osm.pbf"
    seen = []
    for end in _block_ends(data):
        path.write_bytes(data[:end])
        try:
            seen.append(len(read_osm(path).way_ids))
        except NoRoads:
            seen.append(0)
    assert seen[0] == 0
    assert seen[-1] == 400
    assert seen == sorted(seen)


@pytest.mark.parametrize(("name", "pack"), [("m.osm", bytes), ("m.osm.gz", gzip.compress), ("m.osm.bz2", bz2.compress)])
def test_cut_xml_is_refused(osm: OsmText, tmp_path: Path, name: str, pack: type[bytes]) -> None:
    path = tmp_path / name
    for way in range(1, 60):
        osm.way(way, [way, way + 1], {"highway": "primary", "name": f"街{way}"})
    data = pack(osm.text().encode())
    for cut in {*range(0, len(data) - 1, max(1, len(data) // 60)), len(data) - 1}:
        path.write_bytes(data[:cut])
        with pytest.raises(NotRoadData):
            read_osm(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), min_size=1, max_size=4))
def test_a_damaged_pbf_is_refused_or_read(whole: Path, tmp_path: Path, places: list[tuple[float, int]]) -> None:
    data = bytearray(whole.read_bytes())
    for share, flip in places:
        data[int(share * len(data))] ^= flip
    path = tmp_path / "damaged.osm.pbf"
    path.write_bytes(data)
    try:
        roads = read_osm(path)
    except (NotRoadData, NoRoads):
        return
    # Blocks are guarded by zlib's checksum; only names of optional header fields can change unseen.
    assert _same(roads, read_osm(whole))
