"""`tarim call` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories.command import Tarim
from factories.service import drawing

pytestmark = [pytest.mark.database, pytest.mark.slow]


def at(letter: str) -> str:
    """A letter of the drawn map as the region of `conftest` has it: far south, far west."""
    point = drawing().points[letter]
    return f"{point.lat - 50:.6f},{point.lon - 90:.6f}"


@pytest.fixture(scope="session")
def staffed(tarim: Tarim, region: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The region with a station and a vehicle."""
    folder: Path = tmp_path_factory.mktemp("tables")
    lat, lon = at("A").split(",")
    stations = f"id,name_zh,organisation,system,lat,lon\ns1,示例站,示例急救,地方,{lat},{lon}\n"
    units = "call_sign,type,organisation,system,station\n示例-01,als,示例急救,地方,s1\n"
    for name, text in (("stations", stations), ("units", units)):
        file = folder / f"{name}.csv"
        file.write_text(text, "utf-8")
        done = tarim("region", "import", "--region", region, file)
        assert done.code == 0, done.err
    return region


def test_a_drill_gets_its_number_and_every_vehicle_with_a_place_or_a_reason(tarim: Tarim, staffed: str) -> None:
    asked = ("call", "--region", staffed, "--at", at("B"), "--words", "示例路", "--complaint", "K02")
    done = tarim(*asked, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["number"].endswith("-000001")
    assert f"Incident {told['number']} is open." in done.err
    assert (told["priority"], told["chosen"], told["offered"]) == ("P1", None, [])
    assert [(one["call_sign"], one["reasons"]) for one in told["not_offered"]] == [
        ("示例-01", ["no_status", "no_crew"])
    ]
    again = tarim(*asked)
    assert again.code == 0, again.err
    assert "-000002 P1: no vehicle can be offered." in again.out
    assert "not 示例-01 (示例急救)" in again.out
    journal = tarim("journal", "show", "--json")
    assert "incident.opened" in journal.out
    assert "示例路" not in journal.out


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [
        ((), 2, "--at"),
        (("--at", "x"), 2, "LAT,LON"),
        (("--at", "41,80", "--priority", "P9"), 2, "priority"),
        (("--at", "41,80", "--complaint", "K99"), 2, "complaint card"),
        (("--at", "41,80", "--needs", "Z"), 2, "capability"),
        (("--at", "41,80"), 1, "outside the roads"),
    ],
)
def test_what_it_refuses(tarim: Tarim, region: str, options: tuple[str, ...], code: int, word: str) -> None:
    done = tarim("call", "--region", region, *options)
    assert (done.code, done.out) == (code, "")
    assert word in done.err
