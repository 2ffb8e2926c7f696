from __future__ import annotations

from pathlib import Path

import pytest
from factories.command import Tarim

pytestmark = [pytest.mark.database, pytest.mark.slow]


def plain(told: str) -> bool:
    """One plain sentence or two, no trace."""
    return "Traceback" not in told and told.strip().splitlines()[-1].startswith("tarim: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("roads", "nearest"),
        ("roads", "nearest", "--region", "x", "--to", "here"),
        ("roads", "nearest", "--region", "x", "--to", "95,200"),
        ("roads", "route", "--region", "x", "--from", "1,1", "--to", "1,1", "--json", "--geojson"),
        ("roads", "export", "--region", "x"),
        ("roads", "close", "--region", "x", "--at", "1,1", "--reason", "r"),
        ("nonsense",),
        ("roads", "nearest", "--hour", "168"),
    ],
)
def test_wrong_usage_is_2_and_tells_how(tarim: Tarim, arguments: tuple[str, ...]) -> None:
    done = tarim(*arguments)
    assert done.code == 2
    assert "Usage:" in done.err
    assert done.out == ""


def test_a_region_that_is_not_there(tarim: Tarim, region: str) -> None:
    assert region
    done = tarim("roads", "info", "--region", "nowhere")
    assert done.code == 1
    assert plain(done.err)
    assert "nowhere" in done.err


@pytest.mark.parametrize(
    "content", [b"", b"no roads here", b"<osm version='0.6'></osm>", b"<osm version='0.6'><node id='1'"]
)
def test_a_bad_road_file_leaves_the_old_roads_and_makes_no_region(
    tarim: Tarim, region: str, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "bad.osm"
    file.write_bytes(content)
    before = tarim("roads", "info", "--region", region, "--json").json
    done = tarim("roads", "import", file, "--region", region)
    assert done.code == 1
    assert plain(done.err)
    assert tarim("roads", "info", "--region", region, "--json").json == before
    assert tarim("roads", "import", file, "--region", "fresh").code == 1
    assert "fresh" not in [item["name"] for item in tarim("region", "list", "--json").json]


def test_a_file_that_is_not_there(tarim: Tarim, region: str, tmp_path: Path) -> None:
    done = tarim("roads", "import", tmp_path / "none.osm.pbf", "--region", region)
    assert done.code == 1
    assert plain(done.err)


def test_a_name_that_is_none_is_refused_before_any_work(tarim: Tarim, osm_file: Path) -> None:
    done = tarim("roads", "import", osm_file, "--region", "../escape")
    assert done.code == 1
    assert plain(done.err)


def test_a_damaged_network_is_told(tarim: Tarim, home: Path, osm_file: Path) -> None:
    assert tarim("roads", "import", osm_file, "--region", "broken").code == 0
    file = next((home / "networks" / "broken").glob("*.tarimnet"))
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(raw)
    done = tarim("roads", "info", "--region", "broken")
    assert done.code == 1
    assert "checksum" in done.err
    assert plain(done.err)


def test_swapped_coordinates_are_told(tarim: Tarim, region: str) -> None:
    done = tarim("roads", "nearest", "--region", region, "--to", "80.0,-9.0", "--json")
    assert done.code == 1
    assert plain(done.err)
    assert "outside the roads" in done.err


def test_units_files_are_checked_by_row(tarim: Tarim, region: str, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("id,lat,lon\na,-9,-10\na,-9,-10\nb,x,-10\n", "utf-8")
    done = tarim("roads", "nearest", "--region", region, "--to", "-9,-10", "--from", file)
    assert done.code == 1
    assert "row 3" in done.err
    assert "row 4" in done.err
    file.write_text("name,x,y\na,-9,-10\n", "utf-8")
    assert "id, lat, lon" in tarim("roads", "nearest", "--region", region, "--to", "-9,-10", "--from", file).err


def test_only_loopback_is_served(tarim: Tarim, region: str) -> None:
    done = tarim("serve", "--region", region, "--host", "0.0.0.0")  # noqa: S104 - it is to be refused
    assert done.code == 1
    assert "without TLS" in done.err
    assert plain(done.err)


def test_a_wrong_setting_is_told(tarim: Tarim) -> None:
    done = tarim("region", "list", TARIM_PORT="many")
    assert done.code == 1
    assert "TARIM_PORT" in done.err
    assert plain(done.err)


def test_an_own_database_that_is_not_there_is_told_with_its_setting(tarim: Tarim) -> None:
    done = tarim("region", "list", TARIM_DATABASE_URL="postgresql://somebody@127.0.0.1:1/nothing")
    assert done.code == 1
    assert "TARIM_DATABASE_URL" in done.err
    assert plain(done.err)
