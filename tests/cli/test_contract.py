from __future__ import annotations

import json
import math
from pathlib import Path

import networkx as nx
import pytest
from factories.command import Tarim

pytestmark = [pytest.mark.database, pytest.mark.slow]

LAT, LON = -9.0, -10.0
"""Where A stands, roughly: 41 − 50 and 80 − 90."""


def units(folder: Path) -> Path:
    file = folder / "units.csv"
    file.write_text(f"id,lat,lon\nfar,{LAT},{LON + 0.0082}\nnear,{LAT},{LON}\n", "utf-8")
    return file


def test_nearest_prints_a_list_in_order(tarim: Tarim, region: str, tmp_path: Path) -> None:
    done = tarim(
        "roads", "nearest", "--region", region, "--to", f"{LAT},{LON}", "--from", units(tmp_path), "-k", 5, "--json"
    )
    assert done.code == 0, done.err
    assert [item["id"] for item in done.json] == ["near", "far"]
    for item in done.json:
        assert {"id", "eta_s", "distance_m", "source"} <= set(item)
        assert item["source"] == "road"


def test_negative_coordinates_are_no_options(tarim: Tarim, region: str) -> None:
    done = tarim(
        "roads", "route", "--region", region, "--from", f"{LAT},{LON}", "--to", f"{LAT},{LON + 0.0082}", "--geojson"
    )
    assert done.code == 0, done.err
    assert done.json["geometry"]["type"] == "LineString"


def test_answers_equal_networkx_on_the_exported_graph(tarim: Tarim, region: str, tmp_path: Path) -> None:
    file = tmp_path / "out.graphml"
    done = tarim("roads", "export", "--region", region, "--format", "graphml", "--output", file)
    assert done.code == 0, done.err
    graph = nx.read_graphml(file, node_type=int, force_multigraph=True)
    places = {node: (data["y"], data["x"]) for node, data in graph.nodes(data=True)}
    target = min(places, key=lambda node: math.dist(places[node], (LAT, LON)))
    rows = "".join(f"{node},{lat},{lon}\n" for node, (lat, lon) in places.items())
    (tmp_path / "all.csv").write_text("id,lat,lon\n" + rows, "utf-8")
    lat, lon = places[target]
    done = tarim(
        "roads",
        "nearest",
        "--region",
        region,
        "--to",
        f"{lat},{lon}",
        "--from",
        tmp_path / "all.csv",
        "-k",
        len(places),
        "--json",
    )
    lengths = nx.single_source_dijkstra_path_length(graph.reverse(), target, weight="travel_time_ms")
    roads = {int(item["id"]): round(item["eta_s"] * 1000) for item in done.json if item["source"] == "road"}
    assert roads == lengths
    assert {item["source"] for item in done.json if int(item["id"]) not in lengths} == {"estimate"}


def test_closures_hold_until_they_are_opened(tarim: Tarim, region: str) -> None:
    ask = ("roads", "route", "--region", region, "--from", f"{LAT},{LON}", "--to", f"{LAT},{LON + 0.0082}", "--json")
    free = tarim(*ask).json["eta_s"]
    made = tarim("roads", "close", "--region", region, "--way", 1000, "--slow-to", "0.1", "--reason", "洪水", "--json")
    assert made.code == 0, made.err
    assert made.json["edges_touched"] == 6
    assert tarim(*ask).json["eta_s"] > free
    assert tarim(*ask, "--without-closures").json["eta_s"] == free
    opened = tarim("roads", "open", "--region", region, "--id", made.json["id"])
    assert opened.code == 0, opened.err
    assert tarim(*ask).json["eta_s"] == free


def test_info_list_and_show(tarim: Tarim, region: str) -> None:
    info = tarim("roads", "info", "--region", region, "--json").json
    assert (info["nodes"], info["components"], info["largest_component_nodes"]) == (14, 2, 12)
    assert info["bbox"][0] < info["bbox"][2] < 0
    assert region in [item["name"] for item in tarim("region", "list", "--json").json]
    assert tarim("region", "show", region, "--json").json["network_version"] == info["network_version"]


def test_a_region_is_filled_from_its_own_templates(tarim: Tarim, osm_file: Path, tmp_path: Path) -> None:
    region = "templates"  # of its own: other tests fill the common one
    assert tarim("roads", "import", osm_file, "--region", region).code == 0
    for kind in ("stations", "units", "hospitals", "places"):
        file = tmp_path / f"{kind}.csv"
        assert tarim("region", "import", file, "--template").code == 0
        dry = tarim("region", "import", file, "--region", region, "--dry-run", "--json")
        assert dry.code == 0, dry.err
        assert not dry.json["applied"]
        done = tarim("region", "import", file, "--region", region, "--json")
        assert done.code == 0, done.err
        assert done.json["counts"]["added"] == 1
    own = tarim("roads", "nearest", "--region", region, "--to", f"{LAT},{LON}", "--json")
    assert own.code == 0, own.err
    assert len(own.json) == 1


def test_faults_of_a_file_are_told_by_row_and_column(tarim: Tarim, region: str, tmp_path: Path) -> None:
    file = tmp_path / "stations.csv"
    file.write_text("id,name_zh,organisation,system,lat,lon\nx1,甲,乙,地方,95,80\nx1,甲,乙,地方,41,80\n", "gb18030")
    done = tarim("region", "import", file, "--region", region)
    assert done.code == 1
    assert "row 2" in done.err
    assert "row 3" in done.err
    assert "Nothing was imported" in done.err


def test_a_backup_brings_everything_back(tarim: Tarim, region: str, tmp_path: Path) -> None:
    file = tmp_path / "all.dump"
    assert tarim("db", "backup", file).code == 0
    assert tarim("region", "new", "later").code == 0
    restored = tarim("db", "restore", file)
    assert restored.code == 0, restored.err
    names = [item["name"] for item in tarim("region", "list", "--json").json]
    assert region in names
    assert "later" not in names
    assert tarim("db", "upgrade").out == "The schema is up to date.\n"


def test_json_is_all_there_is_on_stdout(tarim: Tarim, region: str) -> None:
    assert json.loads(tarim("region", "list", "--json").out)
    assert region
