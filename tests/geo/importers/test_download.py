"""Downloads: refused in one sentence without internet, and OSMnx's globals are as they were."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from osmnx import settings

from geo.errors import DownloadFailed, NoRoads, NotRoadData
from geo.importers.download import download_place, download_polygon, read_polygon

SQUARE = {"type": "Polygon", "coordinates": [[[80.0, 41.0], [80.1, 41.0], [80.1, 41.1], [80.0, 41.1], [80.0, 41.0]]]}


@pytest.fixture
def polygon(tmp_path: Path) -> Path:
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": SQUARE}))
    return path


@pytest.fixture
def closed_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(settings, "overpass_url", url)
    monkeypatch.setattr(settings, "nominatim_url", url)


@pytest.mark.usefixtures("closed_port")
def test_no_internet(polygon: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = {name: getattr(settings, name) for name in dir(settings) if not name.startswith("_")}
    resolver = socket.getaddrinfo
    with pytest.raises(DownloadFailed, match="cannot be reached") as caught:
        download_place("Aksu, Xinjiang", timeout_s=2.0)
    assert "tarim roads import" in caught.value.hint
    assert "Traceback" not in caught.value.message
    with pytest.raises(DownloadFailed, match="cannot be reached"):
        download_polygon(polygon, timeout_s=2.0)
    assert {name: getattr(settings, name) for name in before} == before
    assert socket.getaddrinfo is resolver
    assert capsys.readouterr() == ("", "")
    assert not (tmp_path / "cache").exists()


class _Overpass(BaseHTTPRequestHandler):
    """A map server with three nodes and two ways, or with whatever `answer` says."""

    answer: bytes = b""
    asked: str = ""

    def do_GET(self) -> None:
        self._send(b"Connected as: 1\nCurrent time\nAnnounced endpoint\nRate limit: 2\n2 slots available now.\n")

    def do_POST(self) -> None:
        type(self).asked += self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._send(self.answer)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def overpass(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Overpass]]:
    handler = type("Overpass", (_Overpass,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(settings, "overpass_url", f"http://127.0.0.1:{server.server_port}/api")
        yield handler
        server.shutdown()
        thread.join()


def _elements(*ways: tuple[int, list[int], dict[str, str]]) -> bytes:
    nodes = [{"type": "node", "id": number, "lat": 41.05, "lon": 80.04 + number / 1000} for number in range(1, 4)]
    nodes[1]["tags"] = {"barrier": "bollard"}
    drawn = [{"type": "way", "id": number, "nodes": refs, "tags": tags} for number, refs, tags in ways]
    return json.dumps({"elements": [*nodes, *drawn]}).encode()


def test_what_a_server_gives_becomes_roads(polygon: Path, overpass: type[_Overpass]) -> None:
    overpass.answer = _elements(
        (10, [1, 2], {"highway": "service", "surface": "gravel", "name:zh": "甲"}), (11, [2, 3], {"route": "ferry"})
    )
    roads = download_polygon(polygon, timeout_s=10.0)
    assert sorted(roads.way_ids.tolist()) == [10, 11]
    assert [name.zh for name in roads.names] == ["甲"]
    assert len(roads.barriers) == 1
    assert "service" in overpass.asked
    assert "ferry" in overpass.asked
    assert "timeout%3A10%5D" in overpass.asked


def test_a_server_that_answers_nonsense(polygon: Path, overpass: type[_Overpass]) -> None:
    overpass.answer = b"<html>busy</html>"
    with pytest.raises(DownloadFailed):
        download_polygon(polygon, timeout_s=10.0)
    overpass.answer = _elements()
    with pytest.raises((DownloadFailed, NoRoads)):
        download_polygon(polygon, timeout_s=10.0)


def test_polygons_of_all_forms(tmp_path: Path) -> None:
    path = tmp_path / "area.geojson"
    feature = {"type": "Feature", "geometry": SQUARE}
    for document in (SQUARE, feature, {"type": "FeatureCollection", "features": [feature, feature]}):
        path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")
        assert read_polygon(path).bounds == (80.0, 41.0, 80.1, 41.1)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"type": "Point", "coordinates": [80, 41]}',
        '{"type": "Polygon", "coordinates": [[1]]}',
        '{"type": "Polygon", "coordinates": [[[500000, 45000], [500000, 46000], [600000, 46000], [500000, 45000]]]}',
    ],
)
def test_files_that_are_no_polygon(tmp_path: Path, content: str) -> None:
    path = tmp_path / "area.geojson"
    path.write_text(content)
    with pytest.raises(NotRoadData):
        read_polygon(path)
